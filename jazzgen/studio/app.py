"""The API: sessions, their takes, and everything made or exported from them; and the page's files.

Errors are {"error": one line, "bar": its number or null}. OpenAPI is at /openapi.json, its documentation at /docs.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from jazzgen import __version__
from jazzgen.errors import BusyError, JazzgenError, MissingError
from jazzgen.studio import entry, heard, routes
from jazzgen.studio.desk import Desk
from jazzgen.studio.guard import Door, Guard
from jazzgen.studio.places import GivenUpError
from jazzgen.studio.replies import Refused
from jazzgen.studio.static import page_files
from jazzgen.studio.view import bar_named_in

_CLIENT_CLOSED = 499  # nginx's status for a client that closed the connection; no standard has one


def make_app(desk: Desk, door: Door) -> FastAPI:
    """Make the studio's application; the caller must close the desk's workers."""
    app = _routed()
    app.state.desk = desk
    app.state.door = door
    _answer_errors(app)
    open_paths = _serve_page(app)
    app.add_middleware(Guard, door=door, open_paths=frozenset((*open_paths, "/openapi.json")))
    return app


def describe_api() -> dict[str, Any]:
    """Return the API as OpenAPI 3.1, without starting anything."""
    return _routed().openapi()


def page_schemas() -> dict[str, Any]:
    """Return the schemas of the API without its paths; the page's types are generated from them."""
    whole = describe_api()
    return {"openapi": whole["openapi"], "info": whole["info"], "paths": {}, "components": whole["components"]}


def _routed() -> FastAPI:
    """Make an application with all routes."""
    app = FastAPI(
        title="jazzgen studio",
        version=__version__,
        description="Write changes, hear solos, keep what you like.",
        lifespan=_warmed_up,
        docs_url=None,
        redoc_url=None,
        responses={status: {"model": Refused} for status in (401, 403, 404, 413, 421, 422, 503)},
        separate_input_output_schemas=False,
    )
    app.include_router(entry.router)
    app.include_router(routes.router)
    app.include_router(heard.router)
    return app


@asynccontextmanager
async def _warmed_up(app: FastAPI) -> AsyncIterator[None]:
    """Load the models in the workers before serving."""
    app.state.desk.workers.warm_up()
    yield


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(JazzgenError)
    def refuse(_: Request, error: JazzgenError) -> JSONResponse:
        status = {MissingError: HTTPStatus.NOT_FOUND, BusyError: HTTPStatus.SERVICE_UNAVAILABLE}.get(type(error))
        return _error(status or HTTPStatus.UNPROCESSABLE_ENTITY, str(error))

    @app.exception_handler(RequestValidationError)
    def refuse_shape(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(place) for place in first["loc"] if place not in ("body", "query", "path"))
        return _error(HTTPStatus.UNPROCESSABLE_ENTITY, f"{where or 'request'}: {first['msg']}")

    @app.exception_handler(HTTPException)
    def refuse_path(_: Request, error: HTTPException) -> JSONResponse:
        reply = _error(error.status_code, str(error.detail))
        reply.headers.update(error.headers or {})
        return reply

    @app.exception_handler(GivenUpError)
    def close(_: Request, __: GivenUpError) -> JSONResponse:
        return _error(_CLIENT_CLOSED, "stopped")


def _error(status: int, message: str) -> JSONResponse:
    line = " ".join(message.split())
    return JSONResponse({"error": line, "bar": bar_named_in(line)}, status)


def _serve_page(app: FastAPI) -> list[str]:
    """Serve the page's files, from memory and without a thread, and return their paths."""
    files = page_files()
    names = {"": "index.html", "docs": "docs/index.html"}

    @app.api_route("/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
    async def page(path: str) -> Response:
        name = names.get(path, path)
        if name not in files:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"/{path[:80]}: there is nothing here; the page is at /")
        file = files[name]
        return Response(file.data, media_type=file.media_type)

    return [f"/{name}" for name in (*files, *names)]
