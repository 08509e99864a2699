// Node.js: the wasm is read from beside this file.
import { readFile } from "node:fs/promises";
import { loadFrom } from "./engine.js";

export function load(source) {
  return loadFrom(source ?? readFile(new URL("./audit-policy.wasm", import.meta.url)));
}
