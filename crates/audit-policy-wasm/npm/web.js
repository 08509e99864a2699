// Browsers, workers and bundlers: the wasm is fetched from beside this file.
import { loadFrom } from "./engine.js";

export function load(source) {
  return loadFrom(source ?? new URL("./audit-policy.wasm", import.meta.url));
}
