// Copying, and what became of it in words.
import { el, icon } from "./dom.js";

/** Copies a text; says `done`, or that it cannot be. */
export async function copied(text, done = "Copied") {
  try {
    await navigator.clipboard.writeText(text);
    return done;
  } catch {
    return "The browser does not let the page copy";
  }
}

/** A button that copies a text, and where it says so. */
export function copyButton(text) {
  const said = el("span", { class: "soft", role: "status" });
  const onclick = async () => {
    said.textContent = await copied(text());
    setTimeout(() => (said.textContent = ""), 2_000);
  };
  return [el("button", { class: "btn sm", type: "button", onclick }, icon("i-copy"), "Copy"), said];
}
