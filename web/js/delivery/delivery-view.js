// The Delivery view: where events go, under which flags and load, and what becomes of them. What is set is part of the page's scenario, so links and files carry it;
// what it comes to, the engine says, in a worker.
import { el, icon } from "../lessons/dom.js";
import { copyButton } from "../lessons/clipboard.js";
import { Charts, limits } from "./charts.js";
import * as engine from "./engine.js";
import { Formats } from "./formats-view.js";
import { drawFound } from "./found.js";
import { MarkedText } from "./marks.js";
import { Panel } from "./panel.js";
import { Sinks } from "./sinks.js";
import { figures, say, tell } from "./verdict.js";
import { bytes, missing, number, secondDigit, seconds, time } from "./words.js";

const NARROW = matchMedia("(max-width: 899px)");

const root = document.documentElement;

const SHAPES = { "command-line": "Command line", systemd: "systemd unit", "static-pod": "Static pod", kubeadm: "kubeadm", k3s: "k3s", rke2: "RKE2", kind: "kind" };

export class DeliveryView {
  #ask;
  #charts = new Charts();
  #formats = new Formats({ send: (sinks) => this.#send({ sinks }), changed: () => this.#again() });
  #sinks = new Sinks(() => this.#delivery && this.#draw(this.#delivery));
  #delivery = null;
  #panel;
  #backend = null;
  #runs = [];
  #turn = 0;
  #text = "";
  #settings = null;
  #last = "";
  setting = Promise.resolve();

  constructor(ask) {
    this.#ask = ask;
    this.#panel = new Panel({ set: (flag, value) => this.#set(flag, value), send: (change) => this.#send(change), load: () => this.#now().load ?? {}, preset: (name) => this.#preset(name), pick: (backend) => this.#pick(backend) });
    this.verdict = el("section", { class: "verdict-of-delivery", role: "status", "aria-label": "Delivery", "aria-live": "polite", tabindex: "-1" });
    this.progress = el("progress", { max: "1", value: "0", "aria-label": "Simulating", hidden: true });
    this.totals = el("dl", { class: "totals" });
    this.modes = el("tbody");
    this.comparison = el("table", { class: "comparison" }, el("thead", {}, el("tr", {}, ["Mode", "Lost", "Added to a request", "Requests failed"].map((name) => el("th", { scope: "col" }, name)))), this.modes);
    this.fates = el("tbody");
    this.once = el("table", { class: "once", hidden: true }, el("caption", {}, "This request, once"), this.receivers = el("thead"), this.fates);
    this.marked = new MarkedText({ id: "flags", "aria-label": "kube-apiserver flags", spellcheck: "false", autocomplete: "off", autocapitalize: "off", rows: "9", oninput: () => this.#typed(300), onchange: () => this.#typed(0) });
    this.flags = this.marked.box;
    this.found = el("ul", { class: "found", "aria-label": "Findings about the flags", "aria-live": "polite" });
    this.shapes = el("select", { "aria-label": "Write them as", onchange: () => this.#shape() }, Object.entries(SHAPES).map(([value, name]) => el("option", { value }, name)));
    this.node = el("main", { id: "delivery", class: "delivery", hidden: true }, this.#panel.node,
      el("div", { class: "right" },
        el("p", { class: "back" }, el("button", { class: "btn sm", type: "button", onclick: () => this.#leave() }, "Back to the playground")), this.verdict, this.progress, this.#sinks.node, this.totals, this.#charts.node,
        el("div", { class: "below" },
          el("section", { "aria-labelledby": "flags-heading" },
            el("div", { class: "ph" }, el("h2", { id: "flags-heading" }, "kube-apiserver flags"), el("span", { class: "grow" }), this.shapes, copyButton(() => this.flags.value)),
            this.marked.node, this.found),
          el("section", { class: "of-modes", "aria-labelledby": "modes-heading" },
            el("div", { class: "ph" }, el("h2", { id: "modes-heading" }, "The same load in each mode")),
            this.comparison, this.once)),
        this.#formats.node));
    document.body.append(this.node);
    NARROW.addEventListener("change", () => this.#place());
    this.#place();
    addEventListener("popstate", () => this.#follow());
    document.getElementById("open-playground")?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#leave();
    });
  }

  /** Where there is no room beside, the controls follow the charts, which show what they do, also for who goes by keyboard: so they move, in place of an order of their own in CSS. */
  #place() {
    const { node } = this.#panel;
    const focused = node.contains(document.activeElement) && document.activeElement;
    if (NARROW.matches) this.#charts.node.after(node);
    else this.node.prepend(node);
    if (focused) focused.focus({ preventScroll: true });
  }

  /** Shows it. */
  show() {
    if (!this.node.hidden) return;
    this.node.hidden = false;
    root.dataset.delivery = "";
    this.#mark();
    this.changed();
    this.verdict.focus({ preventScroll: true });
  }

  #leave() {
    if (this.node.hidden) return;
    history.pushState(null, "", `${location.pathname}${location.hash}`);
    this.#hide();
    document.getElementById("open-delivery")?.focus();
  }

  #hide() {
    this.node.hidden = true;
    delete root.dataset.delivery;
    this.#cancel();
    this.#last = "";
    this.#mark();
  }

  /** The way back and on leads in and out. */
  #follow() {
    const wanted = new URLSearchParams(location.search).get("view") === "delivery";
    if (wanted) this.show();
    else if (!this.node.hidden) this.#hide();
  }

  #mark() {
    for (const [id, here] of [["open-playground", this.node.hidden], ["open-delivery", !this.node.hidden]]) {
      const link = document.getElementById(id);
      if (here) link?.setAttribute("aria-current", "page");
      else link?.removeAttribute("aria-current");
    }
  }

  /** What is typed, or where it goes, is another. */
  async changed() {
    if (this.node.hidden) return;
    const typed = this.#ask("typed", "");
    if (typed === this.#last) return;
    this.#last = typed;
    const turn = (this.#turn += 1);
    this.#cancel();
    this.#busy(true);
    const scenario = JSON.parse(typed);
    try {
      const release = scenario.kubernetes ?? "";
      const flags = scenario.flags ?? (await engine.ask("defaults", release, scenario.sinks !== undefined));
      const kubeconfig = await this.#formats.kubeconfig();
      const settings = JSON.parse(await engine.ask("settings", flags, release, kubeconfig));
      if (turn !== this.#turn) return;
      Object.assign(this, { scenario, release, kubeconfig });
      this.#text = flags;
      this.#settings = settings;
      if (document.activeElement !== this.flags && this.flags.value !== flags) this.flags.value = flags;
      this.shapes.value = settings.shape ?? "command-line";
      this.#drawFindings();
      this.#drawControls();
      this.#formats.show(scenario, flags, kubeconfig);
      this.node.toggleAttribute("data-basic", !settings.backends.webhook);
      if (settings.basic && !settings.error) return this.#empty("neutral", settings.basic.words, settings.basic.text);
      if (scenario.load?.log?.trim() === "") return this.#empty("neutral", "Paste lines of an audit log, or scenarios.", "Their requests arrive as their times say.");
      await this.#simulate(turn);
    } catch (error) {
      if (turn === this.#turn) await this.#refuse(error.message, turn);
    }
  }

  /** Asks again, where what is not in the scenario has changed. */
  #again() {
    this.#last = "";
    this.changed();
  }

  #cancel() {
    for (const run of this.#runs.splice(0)) run.cancel();
  }

  /** Puts other flags or another load into the scenario, as it is by now; the rest follows from that. */
  #send(change) {
    const { flags, load, sinks } = { ...this.#now(), ...change };
    this.#ask("sending", JSON.stringify({ version: 1, request: "", flags, load, sinks }));
  }

  /** The scenario as it is by now, which may be newer than what is drawn. */
  #now() {
    return JSON.parse(this.#ask("typed", ""));
  }

  /** Shows the controls and charts of another backend. */
  #pick(backend) {
    this.asked = true;
    this.#backend = backend;
    this.#sinks.shown = null;
    this.#again();
  }

  /** One flag after another: each changes the text that the one before left. */
  #set(flag, value) {
    const set = async () => {
      try {
        this.#text = await engine.ask("change", this.#text, flag, value, this.release);
        this.#panel.refuse(flag);
        this.#send({ flags: this.#text });
      } catch (error) {
        this.#panel.refuse(flag, error.message);
      }
    };
    this.setting = this.setting.then(set);
  }

  /** What is typed counts after a while, and at once where the box is left: what is set elsewhere would put its own flags in their place. */
  #typed(after) {
    clearTimeout(this.timer);
    const send = () => this.#send({ flags: this.flags.value });
    if (after) this.timer = setTimeout(send, after);
    else if (this.flags.value !== this.#text) send();
  }

  async #shape() {
    const flags = await engine.ask("shape", this.#text, this.shapes.value, this.release, this.kubeconfig);
    this.flags.value = flags;
    this.#send({ flags });
  }

  async #preset(name) {
    this.#send({ flags: await engine.ask("preset", name, this.#text, this.release) });
  }

  async #simulate(turn) {
    const scenario = JSON.stringify({ ...this.scenario, flags: this.#text });
    const late = setTimeout(() => (this.progress.hidden = false), 200);
    const run = async (mode, of = scenario, progress) => {
      const begun = engine.simulate(of, mode, this.kubeconfig, progress);
      this.#runs.push(begun);
      const told = await begun.promise;
      return told === null || turn !== this.#turn ? null : JSON.parse(told);
    };
    try {
      const delivery = await run(undefined, scenario, (part) => (this.progress.value = part));
      if (!delivery) return;
      clearTimeout(late);
      this.progress.hidden = true;
      this.#draw(delivery);
      await this.#compare(delivery, turn, run, async () => {
        await this.#offer(delivery, turn, run);
        await this.#drawOnce(turn, run);
      });
    } finally {
      clearTimeout(late);
      if (turn === this.#turn) this.progress.hidden = true;
    }
  }

  /** The same load in each mode; the row of the mode that is set is there at once, where both backends have that; the others come after what is more wanted. */
  async #compare(delivery, turn, run, first) {
    const set = [delivery.options.log, delivery.options.webhook].flatMap((options) => (options ? [options.mode] : []));
    const own = set.every((mode) => mode === set[0]) ? set[0] : null;
    const here = delivery.options[this.#backend]?.mode;
    const told = new Map();
    const row = (mode) => {
      const made = told.get(mode);
      if (made === null) return [];
      const lost = made && missing(made.log) + missing(made.webhook);
      const cells = made ? [[number(lost), lost], [time(made.clients.addedLatency.p99Ms)], [number(made.clients.answered500), made.clients.answered500]] : [["…"], ["…"], ["…"]];
      return [el("tr", { "aria-current": mode === here ? "true" : null }, el("th", { scope: "row" }, el("code", {}, mode)), cells.map(([text, bad]) => el("td", { class: bad ? "bad" : null }, text)))];
    };
    const modes = this.#settings.backends[this.#backend].modes.map(({ name }) => name);
    const draw = () => this.modes.replaceChildren(...modes.flatMap(row));
    if (own) told.set(own, delivery);
    draw();
    await first();
    for (const mode of modes) {
      if (told.has(mode)) continue;
      const made = await run(mode).catch(() => null);
      if (turn !== this.#turn) return;
      told.set(mode, made);
      draw();
    }
    this.#busy(false);
  }

  /** The comparison is of what was set before. */
  #busy(busy) {
    this.comparison.setAttribute("aria-busy", String(busy));
  }

  /** What becomes of each event of the request, where that alone arrives. */
  async #drawOnce(turn, run) {
    const { receiver, disk } = this.scenario.load ?? {};
    const load = { rate: 1, duration: "1s", ...(receiver && { receiver }), ...(disk && { disk }) };
    const { events = [], sinks = [] } = (await run(undefined, JSON.stringify({ ...this.scenario, flags: this.#text, load })).catch(() => null)) ?? {};
    if (turn !== this.#turn) return;
    const first = events.filter(({ request }) => request === 0);
    this.once.hidden = first.length === 0;
    const receivers = ["Stage", "Log file", "Webhook", ...sinks.map(({ name }) => `AuditSink ${name}`)];
    this.receivers.replaceChildren(el("tr", {}, receivers.map((name) => el("th", { scope: "col" }, name))));
    this.fates.replaceChildren(...first.map(({ stage, log, webhook, sinks: each = [], at }) => el("tr", {}, el("th", { scope: "row" }, stage), [log, webhook, ...each].map((made) => fate(made, at)))));
  }

  /** A larger buffer, where a simulation says that it helps. */
  async #offer(delivery, turn, run) {
    for (const backend of ["webhook", "log"]) {
      const made = delivery[backend];
      if (!made?.totals.droppedByBuffer) continue;
      const wanted = made.totals.mostHeld + made.totals.droppedByBuffer;
      const digit = secondDigit(wanted);
      const size = Math.ceil(wanted / digit) * digit;
      if (size > 5_000_000) continue;
      const flags = await engine.ask("change", this.#text, `audit-${backend}-batch-buffer-size`, String(size), this.release).catch(() => null);
      const better = flags && (await run(undefined, JSON.stringify({ ...this.scenario, flags })).catch(() => null));
      if (turn !== this.#turn || !better || better[backend].totals.droppedByBuffer > 0) continue;
      const memory = (size * made.totals.bytes) / Math.max(1, made.totals.written);
      this.verdict.append(el("button", { class: "btn", type: "button", title: `about ${bytes(memory)} of memory when it is full`, onclick: () => this.#send({ flags }) }, icon("i-bulb"), `Set buffer size to ${number(size)}`));
      return;
    }
  }

  async #refuse(message, turn) {
    const { policy } = this.scenario ?? {};
    const help = policy ? await engine.ask("policy_help", policy, this.release).catch(() => "") : "";
    if (turn === this.#turn) this.#empty("error", "Nothing is delivered", message, help);
  }

  /** Says why there is nothing to show. */
  #empty(style, words, ...more) {
    this.progress.hidden = true;
    say(this.verdict, style, words, more.map((text) => text && el("p", {}, text)));
    this.totals.replaceChildren();
    this.modes.replaceChildren();
    this.#busy(false);
    this.once.hidden = true;
    this.#delivery = null;
    this.#sinks.node.hidden = true;
    this.#charts.show([], 1);
  }

  #draw(delivery) {
    this.#delivery = delivery;
    const focused = document.activeElement?.id;
    const backend = [this.#backend, "log", "webhook"].find((name) => delivery[name]);
    const shown = this.#sinks.show(delivery) ?? (backend && { made: delivery[backend], set: delivery.options[backend] });
    if (focused?.startsWith("sink-")) document.getElementById(focused)?.focus();
    tell(this.verdict, delivery);
    if (delivery.sinksAreOff) this.verdict.append(el("button", { class: "btn", type: "button", onclick: () => this.#allowSinks() }, icon("i-bulb"), "Turn dynamic configuration on"));
    this.#panel.omits(delivery.omitsReceived);
    if (!shown) {
      this.totals.replaceChildren();
      return this.#charts.show([], 1);
    }
    const { made, set } = shown;
    this.totals.replaceChildren(...figures(delivery, made));
    this.#charts.show(made.series.buckets, made.widthMs, limits(set), this.#sinks.shown && `AuditSink ${this.#sinks.shown}`);
  }

  async #allowSinks() {
    this.#send({ flags: await engine.ask("allow_sinks", this.#text, this.release) });
  }

  #drawFindings() {
    drawFound(this.found, this.#settings, (text) => ((this.flags.value = text), this.#send({ flags: text })));
    if (this.flags.value === this.#text) this.marked.mark(this.#text, this.#settings.changed);
  }

  #drawControls() {
    const on = this.#settings;
    if (!on.backends.webhook) this.#backend = "log";
    else if (!this.#backend || (!on[this.#backend] && (on.log || on.webhook) && !this.asked)) this.#backend = on.webhook ? "webhook" : "log";
    this.node.toggleAttribute("data-modeless", on.backends[this.#backend].modes.length === 0);
    this.#panel.draw({ scenario: this.scenario, settings: this.#settings, backend: this.#backend });
  }
}

/** What became of an event at a backend, as a cell. */
function fate(made, begun) {
  if (!made) return el("td", { class: "soft" }, "not used");
  const words = { waiting: "still waiting", droppedByBuffer: "lost: the buffer is full", droppedBySize: "lost: too large", droppedAtStop: "lost at the stop", lost: "lost: given up" };
  if (made.fate !== "written") return el("td", { class: made.fate === "waiting" ? null : "bad" }, words[made.fate]);
  return el("td", {}, `written after ${time((seconds(made.at) - seconds(begun)) * 1_000)}${made.truncated ? ", without its objects" : ""}`);
}
