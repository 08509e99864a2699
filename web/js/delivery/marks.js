// The text box of flags, with a mark at each line whose flag is not as the server has it by default. What is drawn lies under the box, line by line as the box breaks them.
import { el } from "../lessons/dom.js";

export class MarkedText {
  #marked = new Map();

  constructor(attributes) {
    this.said = el("p", { class: "sr", id: `${attributes.id}-changed` });
    this.under = el("div", { class: "under", "aria-hidden": "true" });
    this.box = el("textarea", { ...attributes, "aria-describedby": this.said.id });
    this.node = el("div", { class: "marked" }, this.under, this.box, this.said);
    this.box.addEventListener("input", () => this.#draw());
    this.box.addEventListener("scroll", () => (this.under.scrollTop = this.box.scrollTop));
  }

  /** Marks the lines of these flags of a text: `{flag, default, line}`. */
  mark(text, changed) {
    const lines = text.split("\n");
    this.#marked = new Map();
    for (const each of changed.filter(({ line }) => line)) {
      const line = lines[each.line - 1];
      this.#marked.set(line, [...(this.#marked.get(line) ?? []), each.default]);
    }
    this.said.textContent = changed.length ? `Not as the server has them: ${changed.map((each) => `--${each.flag}, default ${each.default}`).join("; ")}` : "";
    this.#draw();
  }

  /** A line that is typed into loses its mark until it is read again. */
  #draw() {
    const lines = this.#marked.size === 0 ? [] : this.box.value.split("\n");
    this.under.replaceChildren(...lines.map((line) => {
      const defaults = this.#marked.get(line);
      if (!defaults) return el("div", {}, line);
      const isAlone = line.split("--audit-").length <= 2;
      return el("div", { class: "differs" }, line, el("span", {}, isAlone ? `changed, default ${defaults[0]}` : `${defaults.length} changed`));
    }));
    this.under.scrollTop = this.box.scrollTop;
  }
}
