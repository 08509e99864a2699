// Starts the page: the theme that was chosen at once, the rest when its wasm is here (index.html preloads it).
import start from "audit-policy-web";
import wasm from "audit-policy-web.wasm";
import { embedded } from "./embed/begin.js";
import { keepOffline } from "./offline.js";
import { kept, stopped, stops } from "./stopped.js";

const inFrame = embedded();

try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden: the system's theme.
}

// What is typed until the wasm is here is kept (main.rs). Where a link or an earlier text is to come, there is nothing to type yet.
if (location.hash.length > 1 || kept()) {
  for (const box of document.querySelectorAll("#app textarea")) box.readOnly = true;
}

addEventListener("error", (event) => stops(event.error) && stopped(event.error, event));
addEventListener("unhandledrejection", (event) => stops(event.reason) && stopped(event.reason, event));

start({ module_or_path: new URL(wasm, import.meta.url) }).catch((error) => {
  if (stops(error)) {
    stopped(error);
    return;
  }
  const note = document.getElementById("loading");
  if (note) note.textContent = `The page did not load (${error.message}). Reload to try again.`;
});

// In what is built to be served for good; a development server has no service worker.
if (OFFLINE && !inFrame) addEventListener("load", keepOffline);
