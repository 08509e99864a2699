// Serves dist/ as a web server would, at / and at /docs/audit/, since the page must work under any path.
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";

const dist = join(import.meta.dirname, "../../dist");
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json" };

createServer((request, response) => {
  const path = new URL(request.url, "http://localhost").pathname.replace(/^\/docs\/audit\//, "/");
  const name = path.slice(1) + (path.endsWith("/") ? "index.html" : "");
  const file = join(dist, name);
  if (name.includes("..") || !existsSync(file)) {
    response.writeHead(404).end("not found\n");
    return;
  }
  response.writeHead(200, { "Content-Type": types[extname(name)] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
}).listen(Number(process.argv[2]), "localhost");
