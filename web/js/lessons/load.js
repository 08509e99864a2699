// The way from the page's Rust (web/src/lessons.rs) to the lessons and examples: all that crosses is here. Both are files of their own, fetched
// when one is opened, and ask the engine by the one function that they are given: `ask(what, text)`, which answers a text.

let page, view;

/** Is given where lessons are drawn and what asks the engine. */
export async function load(host, ask) {
  page = { host, ask };
}

/** The address is another: opens the example or lesson that it names. */
export async function address(fragment) {
  try {
    const [what, ...rest] = fragment.split("/");
    if (what === "example") return (await import("./examples-menu.js")).open(rest.join("/"), page.ask);
    view ??= new (await import("./lesson-view.js")).LessonView(page.host, page.ask);
    if (location.hash.slice(1) === fragment) view.open(rest);
  } catch (error) {
    page.ask("alert", "this did not load\nopen it again when the network is back");
  }
}

/** What is typed is another. */
export const changed = () => view?.changed();

/** Fills the menu of the examples. */
export async function examples(list) {
  try {
    (await import("./examples-menu.js")).fill(list, page.ask);
  } catch {
    list.textContent = "The examples did not load. Open the menu again when the network is back.";
  }
}
