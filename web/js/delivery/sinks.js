// What is sent to AuditSinks, each a backend of its own: a row each, and whose figures and charts are shown.
import { el } from "../lessons/dom.js";
import { bytes, missing, number, time } from "./words.js";

const COLUMNS = ["AuditSink", "Level", "Events", "Lost", "Sent", "Until sent, 99th percentile"];

export class Sinks {
  #pick;
  /** The name of the sink that is shown; null: the backend that is set. */
  shown = null;

  /** `pick()` is told that another is shown. */
  constructor(pick) {
    this.#pick = pick;
    this.rows = el("tbody");
    this.node = el("section", { class: "of-sinks", "aria-label": "Deliveries to AuditSinks", hidden: true },
      el("table", {}, el("thead", {}, el("tr", {}, COLUMNS.map((name) => el("th", { scope: "col" }, name)))), this.rows));
  }

  /** Shows what was sent to the sinks of a delivery; the sink whose figures are wanted, as a backend with how it is set. */
  show({ sinks = [], options }) {
    const set = options.dynamic?.sinks ?? [];
    if (!sinks.some(({ name }) => name === this.shown)) this.shown = null;
    this.node.hidden = sinks.length === 0;
    this.rows.replaceChildren(...sinks.map((made, index) => this.#row(made, set[index])));
    const at = sinks.findIndex(({ name }) => name === this.shown);
    return at < 0 ? null : { made: sinks[at], set: { mode: "batch", batch: set[at].batch } };
  }

  #row(made, { policy }) {
    const { name, totals } = made;
    const lost = missing(made);
    const here = name === this.shown;
    const choose = () => {
      this.shown = here ? null : name;
      this.#pick();
    };
    return el("tr", { "aria-current": here ? "true" : null },
      el("th", { scope: "row" }, el("button", { class: "link", type: "button", id: `sink-${name}`, "aria-pressed": String(here), title: here ? "Show the backend's figures and charts again" : "Show its figures and charts", onclick: choose }, name)),
      [policy.level, number(totals.events), number(lost), bytes(totals.bytes), time(totals.delay.p99Ms)].map((text, index) => el("td", { class: index === 2 && lost ? "bad" : null }, text)));
  }
}
