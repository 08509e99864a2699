// node list-files.mjs DIST: writes DIST/service-worker.js, with the hash of each file that the page may ask for.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [dist] = process.argv.slice(2);
const sha256 = (bytes, encoding) => createHash("sha256").update(bytes).digest(encoding);
const names = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(join(dist, "/").length).replaceAll("\\", "/"))
  .filter((name) => name !== "service-worker.js" && !name.endsWith(".tgz"))
  .sort();
const files = Object.fromEntries(names.map((name) => [name, `sha256-${sha256(readFileSync(join(dist, name)), "base64")}`]));
const version = sha256(JSON.stringify(files), "hex").slice(0, 16);
const source = readFileSync(join(import.meta.dirname, "service-worker.js"), "utf8");
writeFileSync(
  join(dist, "service-worker.js"),
  source.replace("const FILES = {};", `const FILES = ${JSON.stringify(files)};`).replace('const VERSION = "";', `const VERSION = "${version}";`),
);
