import { svelte } from "@sveltejs/vite-plugin-svelte";
import { cpSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

/** Swagger UI, which reads the API to people at /docs, so that nothing is loaded from elsewhere. */
function apiReader(): Plugin {
  const files = ["swagger-ui-bundle.js", "swagger-ui.css"];
  return {
    name: "api-reader",
    writeBundle: ({ dir }) =>
      files.forEach((file) => cpSync(`node_modules/swagger-ui-dist/${file}`, `${dir}/docs/${file}`)),
  };
}

export default defineConfig({
  plugins: [svelte(), apiReader()],
  build: {
    outDir: "../static",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    license: { fileName: "licences.md" },
    rollupOptions: {
      output: { entryFileNames: "[name].js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
});
