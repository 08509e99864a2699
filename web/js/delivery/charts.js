// What happened over time: some charts on one axis, with a cursor, a zoom, and the same as a table.
import { el } from "../lessons/dom.js";
import { number, time } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const [LEFT, RIGHT, HEIGHT, GAP] = [150, 12, 62, 26];

/** Title, unit, what of a bucket, whether it is per second, how it is drawn. */
const CHARTS = [
  ["Arrivals", "events per second", ({ arrived }) => arrived, true, "area"],
  ["Buffer", "events waiting", ({ held }) => held, false, "line"],
  ["Written", "events per second", ({ written }) => written, true, "bars ok"],
  ["Batches", "handed over", ({ batches }) => batches, false, "bars"],
  ["Throttled", "waiting for tokens, ms", ({ throttledMs }) => throttledMs, false, "bars"],
  ["Tries again", "requests", ({ retries }) => retries, false, "bars"],
  ["Lost", "events per second", ({ dropped, lost }) => dropped + lost, true, "bars bad"],
];

/** A limit this many times above all that is seen would flatten it: its line stands above the scale. */
const FAR = 3;

/** The limits that a chart has a line for, by its title: how large, in words, and in few; and all of them in words. */
export function limits({ mode, batch }) {
  if (mode !== "batch") return { of: {}, words: `Mode ${mode}: no buffer and no batches.` };
  const exact = (value) => value.toLocaleString("en", { maximumFractionDigits: 2 });
  const perSecond = batch.maxBatchSize * batch.throttleQps;
  const size = `buffer size ${number(batch.bufferSize)}`;
  const delivery = `delivery limit ${exact(perSecond)}/s`;
  const tokens = batch.throttleEnable ? `${exact(batch.throttleQps)} tokens per second, ${number(batch.throttleBurst)} at once; a batch takes one` : "no throttle";
  return {
    of: {
      Buffer: { value: batch.bufferSize, words: size, few: size },
      ...(batch.throttleEnable && perSecond > 0 && { Arrivals: { value: perSecond, words: `${delivery} = throttle ${exact(batch.throttleQps)}/s × batch ${number(batch.maxBatchSize)}`, few: delivery } }),
    },
    words: `Limits: ${size} events; batch size ${number(batch.maxBatchSize)} events; ${tokens}.`,
  };
}

function svg(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export class Charts {
  #from = 0;
  #to = 0;
  #at = null;
  #buckets = [];
  #limits = {};
  #limitWords = "";
  #width = 1;
  #shown = [];

  constructor() {
    this.said = el("p", { class: "sr", role: "status" });
    this.card = el("div", { class: "readout", "aria-hidden": "true", hidden: true });
    this.drawing = el("div", { class: "drawing" });
    this.table = el("div", { class: "table", tabindex: "0", role: "group", "aria-label": "Values over time" });
    const button = (name, does) => el("button", { class: "btn sm", type: "button", onclick: does }, name);
    const details = el("details", {}, el("summary", {}, "The same as a table"), this.table);
    details.addEventListener("toggle", () => details.open && this.#drawTable());
    this.details = details;
    this.group = el("div", { class: "charts", tabindex: "0", role: "group", "aria-label": "Charts: arrow keys move the cursor, plus and minus zoom", onkeydown: (event) => this.#key(event) }, this.drawing);
    this.node = el("section", { class: "over-time", "aria-label": "Over time" },
      el("div", { class: "ph" }, (this.heading = el("h2", {}, "Over time")), this.said, el("span", { class: "grow" }), button("Zoom in", () => this.#zoom(0.5)), button("Zoom out", () => this.#zoom(2))),
      this.group, details);
    this.drawing.addEventListener("pointermove", (event) => this.#point(event));
    this.drawing.addEventListener("pointerleave", () => this.#put(null));
    this.drawing.addEventListener("pointerdown", (event) => event.pointerType === "mouse" && event.button === 0 && this.#drag(event));
    this.drawing.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.#zoom(event.deltaY < 0 ? 0.8 : 1.25);
    }, { passive: false });
    new ResizeObserver(() => this.#draw()).observe(this.drawing);
  }

  /** Shows buckets of so many milliseconds, what limits them, and whose they are, where that is not the backend that is set. */
  show(buckets, width, limited = { of: {}, words: "" }, whose = null) {
    this.heading.textContent = whose ? `Over time: ${whose}` : "Over time";
    this.#limits = limited.of;
    this.#limitWords = limited.words;
    const whole = this.#from === 0 && this.#to === this.#buckets.length;
    this.#buckets = buckets;
    this.#width = width;
    if (whole || this.#to > buckets.length) [this.#from, this.#to] = [0, buckets.length];
    this.#look();
  }

  #draw() {
    const width = this.drawing.clientWidth;
    if (!width || this.#buckets.length === 0) return this.drawing.replaceChildren(el("p", { class: "soft" }, this.#buckets.length === 0 ? "There is nothing to draw." : ""));
    const seen = this.#buckets.slice(this.#from, this.#to);
    const narrow = width < 560;
    const left = narrow ? 56 : LEFT;
    const x = (index) => left + ((width - left - RIGHT) * index) / seen.length;
    this.#shown = CHARTS.filter(([, , of], index) => index < 3 || this.#buckets.some((bucket) => of(bucket) > 0));
    const parts = [];
    let top = 24;
    for (const chart of this.#shown) {
      const [title, unit, , , kind] = chart;
      if (narrow) top += 14;
      const values = seen.map((bucket) => this.#value(chart, bucket));
      const limit = this.#limits[title];
      const seenMost = Math.max(1, ...values);
      const isFar = limit?.value > FAR * seenMost;
      const most = isFar ? seenMost : Math.max(seenMost, limit?.value ?? 0);
      const y = (value) => top + HEIGHT * (1 - value / most);
      parts.push(svg("text", { x: 0, y: narrow ? top - 4 : top + 12, class: "title" }, title));
      if (!narrow) parts.push(svg("text", { x: 0, y: top + 28, class: "unit" }, unit));
      parts.push(svg("text", { x: left - 6, y: top + 8, class: "scale", "text-anchor": "end" }, number(most)), svg("text", { x: left - 6, y: top + HEIGHT, class: "scale", "text-anchor": "end" }, "0"));
      parts.push(svg("line", { x1: left, x2: width - RIGHT, y1: top + HEIGHT, y2: top + HEIGHT, class: "base" }));
      if (kind.startsWith("bars")) {
        const bar = Math.max(1, x(1) - x(0) - (x(1) - x(0) > 4 ? 1 : 0));
        const path = values.map((value, index) => (value > 0 ? `M${x(index).toFixed(1)} ${y(0)}V${y(value).toFixed(1)}h${bar.toFixed(1)}V${y(0)}z` : "")).join("");
        parts.push(svg("path", { d: path, class: kind }));
      } else {
        const line = values.map((value, index) => `H${x(index).toFixed(1)}V${y(value).toFixed(1)}`).join("");
        const path = `M${left} ${y(0)}${line}H${width - RIGHT}V${y(0)}z`;
        parts.push(svg("path", { d: path, class: kind }));
      }
      if (limit) {
        const at = isFar ? top - 5 : y(limit.value);
        const words = narrow ? limit.few : limit.words;
        parts.push(svg("line", { x1: left, x2: width - RIGHT, y1: at, y2: at, class: `limit ${title.toLowerCase()}` }), svg("text", { x: width - RIGHT, y: at - 4, class: "limit-words", "text-anchor": "end" }, isFar ? `↑ ${words}` : words));
      }
      top += HEIGHT + GAP;
    }
    const ticks = Math.max(2, Math.min(7, Math.floor((width - left) / 110)));
    for (let tick = 0; tick < ticks; tick += 1) {
      const index = (seen.length * tick) / (ticks - 1);
      const anchor = tick === 0 ? "start" : tick === ticks - 1 ? "end" : "middle";
      parts.push(svg("text", { x: x(index), y: top - 4, class: "scale", "text-anchor": anchor }, time((this.#from + index) * this.#width)));
    }
    this.cursor = svg("line", { x1: 0, x2: 0, y1: 4, y2: top - GAP, class: "cursor", visibility: "hidden" });
    const image = svg("svg", { width, height: top + 4, viewBox: `0 0 ${width} ${top + 4}`, role: "img", "aria-label": `${this.#shown.map(([title]) => title).join(", ")} from ${time(this.#from * this.#width)} to ${time(this.#to * this.#width)}${Object.values(this.#limits).map(({ words }) => `; ${words}`).join("")}` }, ...parts, this.cursor);
    this.place = { left, width, x };
    this.drawing.replaceChildren(image, this.card);
    this.#put(this.#at);
  }

  /** What a chart shows of a bucket. */
  #value([, , of, rate], bucket) {
    return of(bucket) * (rate ? 1_000 / this.#width : 1);
  }

  /** The cursor is at this bucket of those that are seen, or nowhere. */
  #put(index) {
    this.#at = index;
    const seen = this.#to - this.#from;
    if (index === null || seen === 0 || !this.cursor) {
      this.cursor?.setAttribute("visibility", "hidden");
      this.said.textContent = "";
      this.card.hidden = true;
      return;
    }
    const at = Math.min(Math.max(index, 0), seen - 1);
    this.#at = at;
    const where = this.place.x(at + 0.5).toFixed(1);
    for (const [name, value] of [["x1", where], ["x2", where], ["visibility", "visible"]]) this.cursor.setAttribute(name, value);
    const bucket = this.#buckets[this.#from + at];
    const words = this.#shown.map((chart) => `${chart[0].toLowerCase()} ${number(this.#value(chart, bucket))}`);
    const when = time((this.#from + at) * this.#width);
    this.said.textContent = `${when}: ${words.join(", ")}`;
    this.#drawCard(when, bucket, Number(where));
  }

  /** The values at the cursor, beside it where there is room. */
  #drawCard(when, bucket, where) {
    const row = (chart) => {
      const [title, unit, , , kind] = chart;
      const value = this.#value(chart, bucket);
      return el("div", { class: value > 0 && kind === "bars bad" ? "bad" : null }, el("dt", {}, title), el("dd", {}, `${number(value)} ${unit}`));
    };
    this.card.replaceChildren(el("b", {}, when), el("dl", {}, this.#shown.map(row)));
    this.card.hidden = false;
    const { width } = this.place;
    const left = where + 10 + this.card.offsetWidth > width ? where - 10 - this.card.offsetWidth : where + 10;
    this.card.style.left = `${Math.max(0, left)}px`;
  }

  /** The stretch of time between pressing and letting go is looked at. */
  #drag(event) {
    this.#point(event);
    const begun = this.#at;
    if (begun === null || !this.cursor) return;
    this.drawing.setPointerCapture(event.pointerId);
    const { x } = this.place;
    const mark = svg("rect", { x: 0, y: 4, width: 0, height: this.cursor.getAttribute("y2") - 4, class: "dragged" });
    this.cursor.before(mark);
    const ends = () => [Math.min(begun, this.#at ?? begun), Math.max(begun, this.#at ?? begun) + 1];
    const move = () => {
      const [from, to] = ends();
      mark.setAttribute("x", x(from));
      mark.setAttribute("width", x(to) - x(from));
    };
    const stop = ({ type }) => {
      this.drawing.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) this.drawing.removeEventListener(name, stop);
      mark.remove();
      const [from, to] = ends();
      if (type === "pointercancel" || to - from < 3) return;
      [this.#from, this.#to] = [this.#from + from, this.#from + to];
      this.#look();
    };
    this.drawing.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) this.drawing.addEventListener(name, stop);
  }

  #point(event) {
    if (!this.place) return;
    const { left, width } = this.place;
    const part = (event.clientX - this.drawing.getBoundingClientRect().left - left) / (width - left - RIGHT);
    this.#put(part >= 0 && part <= 1 ? Math.floor(part * (this.#to - this.#from)) : null);
  }

  #key(event) {
    const seen = this.#to - this.#from;
    const jump = event.shiftKey ? Math.max(1, Math.round(seen / 20)) : 1;
    const at = this.#at ?? -1;
    const moves = { ArrowRight: at + jump, ArrowLeft: this.#at === null ? seen - 1 : at - jump, Home: 0, End: seen - 1 };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in moves) this.#put(moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.#zoom(0.5);
    else if (event.key === "-") this.#zoom(2);
    else if (event.key === "Escape") this.#put(null);
    else return;
    event.preventDefault();
  }

  /** Shows a part of what is shown, or more, around the cursor. */
  #zoom(factor) {
    const all = this.#buckets.length;
    const seen = this.#to - this.#from;
    const next = Math.min(all, Math.max(5, Math.round(seen * factor)));
    const center = this.#from + (this.#at ?? seen / 2);
    const from = Math.min(Math.max(0, Math.round(center - next / 2)), all - next);
    [this.#from, this.#to] = [from, from + next];
    this.#look();
  }

  /** Shows another part of it. */
  #look() {
    this.#at = null;
    this.#draw();
    if (this.details.open) this.#drawTable();
  }

  /** At most 60 rows, each of some buckets. */
  #drawTable() {
    const step = Math.max(1, Math.ceil((this.#to - this.#from) / 60));
    const rows = [];
    for (let index = this.#from; index < this.#to; index += step) {
      const part = this.#buckets.slice(index, Math.min(index + step, this.#to));
      const cell = ([title, , of, rate]) => {
        const values = part.map(of);
        const value = title === "Buffer" ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0) * (rate ? 1_000 / (this.#width * part.length) : 1);
        return el("td", {}, number(value));
      };
      rows.push(el("tr", {}, el("th", { scope: "row" }, time(index * this.#width)), this.#shown.map(cell)));
    }
    const head = el("tr", {}, el("th", { scope: "col" }, "From"), this.#shown.map(([title, unit]) => el("th", { scope: "col" }, `${title}, ${unit}`)));
    this.table.replaceChildren(el("table", {}, el("caption", {}, this.#limitWords), el("thead", {}, head), el("tbody", {}, rows)));
  }
}
