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

/** The longest change that a text box takes as if it were typed: longer ones would take long. */
const MOST_TYPED = 100_000;

/** Puts a text into a plain text box, as the smallest change, which its undo then knows. */
export function put(box, text) {
  const old = box.value;
  if (old === text) return;
  const least = Math.min(old.length, text.length);
  let from = 0;
  while (from < least && old[from] === text[from]) from += 1;
  let after = 0;
  while (after < least - from && old.at(-1 - after) === text.at(-1 - after)) after += 1;
  const inserted = text.slice(from, text.length - after);
  const { activeElement } = document;
  if (!box.readOnly && inserted.length < MOST_TYPED) {
    box.focus({ preventScroll: true });
    // A box that is not shown takes no focus, and the change would go elsewhere.
    if (document.activeElement === box) {
      box.setSelectionRange(from, old.length - after);
      document.execCommand(inserted ? "insertText" : "delete", false, inserted);
    }
  }
  if (box.value !== text) box.value = text;
  if (activeElement !== box && activeElement?.isConnected) activeElement.focus({ preventScroll: true });
}
