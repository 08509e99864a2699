// The way from the page's Rust (web/src/editor.rs) to the code editor: all that crosses is here and in `Editor` of editor.js.
// The editor is a file of its own, fetched when the page has been drawn; until then a text box stands in its place.

let editor;
let composing = false;
addEventListener("compositionstart", () => (composing = true));
addEventListener("compositionend", () => (composing = false));

/** Fetches the editor. Waits while a character is being composed: its text box must not go away under it. */
export async function load() {
  editor ??= await import("./editor.js");
  if (!editor.Editor) throw new Error("the editor's file is another");
  if (composing) await new Promise((done) => addEventListener("compositionend", () => setTimeout(done), { once: true }));
}

/** Puts an editor into `host`, in the place of `box`: with its text, caret and focus. After `load`. See `Editor`. */
export const create = (...all) => new editor.Editor(...all);
