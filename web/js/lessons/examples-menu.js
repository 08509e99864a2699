// The examples: the menu, and opening one.
import { el } from "./dom.js";
import examples from "./examples.js";

/** Fills the menu, each with what it shows. */
export function fill(list, ask) {
  const item = ([name, text]) => {
    const example = JSON.parse(ask("example", text));
    const link = el("a", { class: "act two", href: `#example/${name}` }, el("b", {}, example.title), el("span", { class: "muted" }, example.text));
    // The address may name it already, after other things were typed.
    link.addEventListener("click", () => location.hash === `#example/${name}` && open(name, ask));
    return el("li", {}, link);
  };
  list.replaceChildren(el("ul", { class: "acts" }, examples.map(item)));
  if (list.parentElement === document.activeElement) list.querySelector("a")?.focus();
}

/** Opens one, and says what it teaches. */
export function open(name, ask) {
  const found = examples.find(([known]) => known === name);
  if (!found) {
    ask("alert", `there is no example \`${name.replaceAll("`", "'").slice(0, 60)}\`\nchoose one from the menu Examples`);
    return;
  }
  const example = JSON.parse(ask("example", found[1]));
  ask("open", example.scenario);
  ask("note", `${example.title}\n${example.teaches}`);
}
