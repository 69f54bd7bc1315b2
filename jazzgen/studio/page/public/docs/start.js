window.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  // The token that the page keeps, so that what is tried here is let in.
  requestInterceptor: (request) => {
    request.headers.Authorization = `Bearer ${localStorage.getItem("jazzgen studio: token") ?? ""}`;
    return request;
  },
});
