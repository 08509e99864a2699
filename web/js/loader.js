// Starts the page: the theme that was chosen at once, the rest when its wasm is here (index.html preloads it).
import start from "audit-policy-web";
import wasm from "audit-policy-web.wasm";

try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden: the system's theme.
}

start({ module_or_path: new URL(wasm, import.meta.url) }).catch((error) => {
  const note = document.getElementById("loading");
  if (note) note.textContent = `The page did not load (${error.message}). Reload to try again.`;
});
