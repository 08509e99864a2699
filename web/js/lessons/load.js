// The way from the page's Rust (web/src/lessons.rs) to the lessons and examples, and to what a frame has: all that crosses is here. They are files of their own, fetched
// when one is opened, and ask the engine by the one function that they are given: `ask(what, text)`, which answers a text.

let page, view, frame, delivered;

/** Is given where lessons are drawn and what asks the engine. */
export async function load(host, ask) {
  page = { host, ask };
}

/** The address is another: opens the example or lesson that it names. */
export async function address(fragment) {
  try {
    const [what, ...rest] = fragment.split("/");
    if (what === "example") await (await import("./examples-menu.js")).open(rest.join("/"), page.ask);
    if (document.documentElement.dataset.embed && !frame) {
      const { begin } = await import("../embed/frame.js");
      // An example that was opened is drawn, and answered, after this.
      await new Promise((drawn) => setTimeout(drawn));
      frame = begin(page.ask);
    }
    const inDelivery = new URLSearchParams(location.search).get("view") === "delivery";
    if (what === "lesson" && inDelivery) {
      // A lesson is beside the page's panes: the Delivery view, which follows the address, makes room.
      history.replaceState(null, "", `${location.pathname}${location.hash}`);
      dispatchEvent(new PopStateEvent("popstate"));
    } else if (inDelivery) await delivery(false);
    if (what !== "lesson") return;
    view ??= new (await import("./lesson-view.js")).LessonView(page.host, page.ask);
    if (location.hash.slice(1) === fragment) view.open(rest);
  } catch (error) {
    page.ask("alert", "this did not load\nopen it again when the network is back");
  }
}

/** What is typed is another. */
export function changed() {
  view?.changed();
  frame?.changed();
  delivered?.changed();
}

/** Shows where events go; `enter` makes an entry in the history. */
export async function delivery(enter) {
  try {
    delivered ??= new (await import("../delivery/delivery-view.js")).DeliveryView(page.ask);
    if (enter) history.pushState(null, "", `?view=delivery${location.hash}`);
    delivered.show();
  } catch {
    page.ask("alert", "the Delivery view did not load\nopen it again when the network is back");
  }
}

/** Fills the menu of the examples. */
export async function examples(list) {
  try {
    (await import("./examples-menu.js")).fill(list, page.ask);
  } catch {
    list.textContent = "The examples did not load. Open the menu again when the network is back.";
  }
}
