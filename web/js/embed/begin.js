// What a page in a frame does differently from the start (index.html?embed), before its wasm runs.

/** Whether the page is shown in another one; if so, it is set up for that. */
export function embedded() {
  const query = new URLSearchParams(location.search);
  if (!query.has("embed")) return false;
  const root = document.documentElement;
  const view = query.get("view");
  root.dataset.embed = view === "policy" || view === "result" ? view : "both";
  if (!query.has("editable")) readOnly();
  const theme = query.get("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  // Nothing is kept, and a reader's Back goes to the page before, not to an earlier text in the frame.
  const forbidden = { get: () => { throw new DOMException("a frame keeps nothing", "SecurityError"); } };
  for (const storage of ["localStorage", "sessionStorage"]) Object.defineProperty(window, storage, forbidden);
  history.pushState = history.replaceState;
  return true;
}

/** Nothing changes the texts of a frame that is only read: no key, no file that is dropped, no command. */
function readOnly() {
  document.documentElement.dataset.readonly = "";
  const stop = (event) => event.stopImmediatePropagation();
  for (const name of ["dragenter", "dragover", "drop"]) addEventListener(name, stop, true);
  addEventListener("keydown", (event) => (event.ctrlKey || event.metaKey) && "kK.".includes(event.key) && stop(event), true);
  const lock = () => document.querySelectorAll("#app textarea").forEach((box) => (box.readOnly = true));
  lock();
  new MutationObserver(lock).observe(document.getElementById("app"), { childList: true, subtree: true });
}
