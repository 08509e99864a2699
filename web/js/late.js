// The second part of the page's wasm, which has what the first answer does not need (web/src/late): it is cut off the first by
// `cargo xtask dist`, and shares memory and functions with it.
import start from "audit-policy-web";
import wasm from "audit-policy-late.wasm";

/** Fetches it, and puts its functions where the first part calls them. */
export async function load() {
  // It has started: this is what it exports.
  const page = await start();
  const answer = await fetch(new URL(wasm, import.meta.url), { priority: "low" });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  const typed = answer.headers.get("Content-Type") === "application/wasm";
  await (typed ? WebAssembly.instantiateStreaming(answer, { page }) : WebAssembly.instantiate(await answer.arrayBuffer(), { page }));
}
