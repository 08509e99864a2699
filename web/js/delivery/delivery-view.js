// The Delivery view: where events go, under which flags and load, and what becomes of them. What is set is part of the page's scenario, so links and files carry it;
// what it comes to, the engine says, in a worker.
import { el, icon } from "../lessons/dom.js";
import { copyButton } from "../lessons/clipboard.js";
import { Charts } from "./charts.js";
import { FLAGS, LOAD, control } from "./controls.js";
import * as engine from "./engine.js";
import { Formats } from "./formats-view.js";
import { bytes, duration, number, secondDigit, seconds, share, time } from "./words.js";

const root = document.documentElement;

const MODES = {
  batch: "Events are buffered and sent later. A full buffer drops events.",
  blocking: "Each response waits until its event is written. A failure does not fail the request.",
  "blocking-strict": "As blocking. A failure at RequestReceived fails the request with 500.",
};

const SHAPES = { "command-line": "Command line", systemd: "systemd unit", "static-pod": "Static pod", kubeadm: "kubeadm", k3s: "k3s", rke2: "RKE2", kind: "kind" };

/** The places of `load`, by a name with dots. */
const read = (load, place) => place.split(".").reduce((value, key) => value?.[key], load);

/** `load` with another value at a place; an empty one takes it away. */
function written(load, place, value) {
  const [key, ...rest] = place.split(".");
  const next = { ...load };
  next[key] = rest.length ? written(next[key] ?? {}, rest.join("."), value) : value;
  if (next[key] === undefined || (typeof next[key] === "object" && Object.keys(next[key]).length === 0)) delete next[key];
  return next;
}

export class DeliveryView {
  #ask;
  #charts = new Charts();
  #formats = new Formats((sinks) => this.#send({ sinks }));
  #backend = null;
  #runs = [];
  #turn = 0;
  #text = "";
  #settings = null;
  #last = "";

  constructor(ask) {
    this.#ask = ask;
    this.left = el("div", { class: "left" });
    this.verdict = el("section", { class: "verdict-of-delivery", role: "status", "aria-label": "Delivery", "aria-live": "polite", tabindex: "-1" });
    this.progress = el("progress", { max: "1", value: "0", "aria-label": "Simulating", hidden: true });
    this.totals = el("dl", { class: "totals" });
    this.modes = el("tbody");
    this.fates = el("tbody");
    this.once = el("table", { class: "once", hidden: true }, el("caption", {}, "This request, once"), el("thead", {}, el("tr", {}, ["Stage", "Log file", "Webhook"].map((name) => el("th", { scope: "col" }, name)))), this.fates);
    this.flags = el("textarea", { id: "flags", "aria-label": "kube-apiserver flags", spellcheck: "false", autocomplete: "off", autocapitalize: "off", rows: "9", oninput: () => this.#typed() });
    this.found = el("ul", { class: "found", "aria-label": "Findings about the flags", "aria-live": "polite" });
    this.shapes = el("select", { "aria-label": "Write them as", onchange: () => this.#shape() }, Object.entries(SHAPES).map(([value, name]) => el("option", { value }, name)));
    this.node = el("main", { id: "delivery", class: "delivery", hidden: true }, this.left,
      el("div", { class: "right" },
        el("p", { class: "back" }, el("button", { class: "btn sm", type: "button", onclick: () => this.#leave() }, "Back to the playground")), this.verdict, this.progress, this.totals, this.#charts.node,
        el("div", { class: "below" },
          el("section", { "aria-labelledby": "flags-heading" },
            el("div", { class: "ph" }, el("h2", { id: "flags-heading" }, "kube-apiserver flags"), el("span", { class: "grow" }), this.shapes, copyButton(() => this.flags.value)),
            this.flags, this.found),
          el("section", { "aria-labelledby": "modes-heading" },
            el("div", { class: "ph" }, el("h2", { id: "modes-heading" }, "The same load in each mode")),
            el("table", {}, el("thead", {}, el("tr", {}, ["Mode", "Lost", "Added to a request", "Requests failed"].map((name) => el("th", { scope: "col" }, name)))), this.modes), this.once)),
        this.#formats.node));
    document.body.append(this.node);
    addEventListener("popstate", () => this.#follow());
    document.getElementById("open-playground")?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#leave();
    });
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
    const scenario = JSON.parse(typed);
    try {
      const release = scenario.kubernetes ?? "";
      const flags = scenario.flags ?? (await engine.ask("defaults", release));
      const settings = JSON.parse(await engine.ask("settings", flags, release));
      if (turn !== this.#turn) return;
      Object.assign(this, { scenario, release });
      this.#text = flags;
      this.#settings = settings;
      if (document.activeElement !== this.flags && this.flags.value !== flags) this.flags.value = flags;
      this.shapes.value = settings.shape ?? "command-line";
      this.#drawFindings();
      this.#drawControls();
      this.#formats.show(scenario);
      await this.#simulate(turn);
    } catch (error) {
      if (turn === this.#turn) this.#refuse(error.message);
    }
  }

  #cancel() {
    for (const run of this.#runs.splice(0)) run.cancel();
  }

  /** Puts other flags or another load into the scenario; the rest follows from that. */
  #send(change) {
    const { flags, load, sinks } = { ...this.scenario, ...change };
    this.#ask("sending", JSON.stringify({ version: 1, request: "", flags, load, sinks }));
  }

  async #set(flag, value) {
    try {
      this.#send({ flags: await engine.ask("change", this.#text, flag, value, this.release) });
    } catch (error) {
      this.#say(`--${flag}: ${error.message}`);
    }
  }

  #setLoad(place, value) {
    const before = this.#last;
    this.#send({ load: written(this.scenario.load ?? {}, place, value === "" ? undefined : value) });
    // Rust takes only what can be read: what was refused is told.
    setTimeout(() => this.#last === before && value !== "" && read(this.scenario.load ?? {}, place) !== value && this.#say(`${place}: \`${value}\` is not taken: give a number, or a time such as 30s or 200ms`), 400);
  }

  #typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#send({ flags: this.flags.value }), 300);
  }

  async #shape() {
    const flags = await engine.ask("shape", this.#text, this.shapes.value, this.release);
    this.flags.value = flags;
    this.#send({ flags });
  }

  async #preset(name) {
    this.#send({ flags: await engine.ask("preset", name, this.#text, this.release) });
  }

  #say(words) {
    this.said.textContent = words;
  }

  async #simulate(turn) {
    const scenario = JSON.stringify({ ...this.scenario, flags: this.#text });
    const late = setTimeout(() => (this.progress.hidden = false), 200);
    const run = async (mode, of = scenario, progress) => {
      const begun = engine.simulate(of, mode, progress);
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
      await this.#offer(delivery, turn, run);
      await this.#drawOnce(turn, run);
      const rows = [];
      for (const mode of ["batch", "blocking", "blocking-strict"]) {
        const other = await run(mode).catch(() => null);
        if (turn !== this.#turn) return;
        if (!other) continue;
        const lost = missing(other.log) + missing(other.webhook);
        const here = mode === delivery.options[this.#backend]?.mode;
        rows.push(el("tr", { "aria-current": here ? "true" : null }, el("th", { scope: "row" }, el("code", {}, mode)), el("td", { class: lost ? "bad" : null }, number(lost)), el("td", {}, time(other.clients.addedLatency.p99Ms)), el("td", { class: other.clients.answered500 ? "bad" : null }, number(other.clients.answered500))));
      }
      this.modes.replaceChildren(...rows);
    } finally {
      clearTimeout(late);
      if (turn === this.#turn) this.progress.hidden = true;
    }
  }

  /** What becomes of each event of the request, where that alone arrives. */
  async #drawOnce(turn, run) {
    const { receiver, disk } = this.scenario.load ?? {};
    const load = { rate: 1, duration: "1s", ...(receiver && { receiver }), ...(disk && { disk }) };
    const { events = [] } = (await run(undefined, JSON.stringify({ ...this.scenario, flags: this.#text, load })).catch(() => null)) ?? {};
    if (turn !== this.#turn) return;
    const first = events.filter(({ request }) => request === 0);
    this.once.hidden = first.length === 0;
    this.fates.replaceChildren(...first.map(({ stage, log, webhook, at }) => el("tr", {}, el("th", { scope: "row" }, stage), fate(log, at), fate(webhook, at))));
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

  #refuse(message) {
    this.progress.hidden = true;
    this.verdict.className = "verdict-of-delivery error";
    this.verdict.replaceChildren(icon("i-err"), el("h2", {}, "Nothing is delivered"), el("p", {}, message));
    this.totals.replaceChildren();
    this.modes.replaceChildren();
    this.once.hidden = true;
    this.#charts.show([], 1);
  }

  #draw(delivery) {
    const made = delivery[this.#backend] ?? delivery.log ?? delivery.webhook;
    const lost = missing(delivery.log) + missing(delivery.webhook);
    const { clients } = delivery;
    const all = clients.events;
    const words = lost > 0 ? lostWords(delivery) : clients.answered500 > 0 ? `${number(clients.answered500)} of ${number(clients.requests)} requests answered 500` : !made ? "Nothing is delivered" : all > 0 ? "Every event arrives" : "No event is recorded";
    const bad = lost > 0 || clients.answered500 > 0 || !made;
    this.verdict.className = `verdict-of-delivery ${bad ? "error" : "good"}`;
    this.verdict.replaceChildren(icon(bad ? "i-err" : "i-check"), el("h2", {}, words),
      el("div", { class: "grow" }, all > 0 ? delivery.limits.map(({ text }) => el("p", {}, sentence(text))) : el("p", {}, "The policy records nothing of what arrives."), delivery.notes.map((note) => el("p", { class: "soft" }, sentence(note)))));
    const row = (value, name, style) => el("div", { class: style }, el("dt", {}, name), el("dd", {}, value));
    if (!made) return this.totals.replaceChildren();
    const { totals } = made;
    const gone = missing(made);
    this.totals.replaceChildren(
      row(number(clients.requests), `requests, ${number(all)} events`),
      row(number(totals.written), `written${totals.batches ? ` in ${number(totals.batches)} batches` : ""}, ${bytes(totals.bytes)}${totals.waiting ? `, ${number(totals.waiting)} still waiting` : ""}`),
      row(share(gone, totals.events), "lost", gone ? "bad" : null),
      row(number(totals.mostHeld), "most events waiting"),
      row(time(totals.delay.p50Ms), `until written; ${time(totals.delay.p99Ms)} at the 99th percentile`),
      row(time(clients.addedLatency.p50Ms), `added to a request; ${time(clients.addedLatency.p99Ms)} at the 99th percentile`),
      row(number(clients.answered500), "requests answered 500", clients.answered500 ? "bad" : null));
    this.#charts.show(made.series.buckets, made.widthMs);
    this.omits = delivery.omitsReceived;
    const note = this.left.querySelector(".strict-note");
    if (note) note.hidden = !delivery.omitsReceived;
  }

  #drawFindings() {
    const { error, findings } = this.#settings;
    const server = error && el("li", { class: "error" }, el("p", { class: "soft" }, "kube-apiserver prints:"), el("code", {}, error));
    const one = ({ severity, message, help, line, fix }) => message === error && !help ? null : el("li", { class: severity },
      el("p", {}, line ? el("span", { class: "soft" }, `Line ${line}: `) : null, el("code", {}, message)), help && el("p", { class: "soft" }, help),
      fix && el("button", { class: "btn sm", type: "button", onclick: () => ((this.flags.value = fix.text), this.#send({ flags: fix.text })) }, fix.title));
    this.found.replaceChildren(...[server, ...findings.map(one)].filter(Boolean));
  }

  #drawControls() {
    const focused = document.activeElement?.id;
    const { values, defaults } = this.#settings;
    const on = { log: this.#settings.log, webhook: this.#settings.webhook };
    if (!this.#backend || (!on[this.#backend] && (on.log || on.webhook) && !this.asked)) this.#backend = on.webhook ? "webhook" : "log";
    const backend = this.#backend;
    const mode = values[`audit-${backend}-mode`];
    const pick = (name, label) => el("label", { class: "pick" }, el("input", { type: "radio", name: "backend", id: `backend-${name}`, value: name, checked: backend === name, onchange: () => ((this.asked = true), (this.#backend = name), (this.#last = ""), this.changed()) }), label);
    const [flagOfPath, path] = { log: ["audit-log-path", "/var/log/kubernetes/audit.log"], webhook: ["audit-webhook-config-file", "/etc/kubernetes/audit-webhook.yaml"] }[backend];
    const flag = ([label, rest, least, most, unit]) => {
      const name = `audit-${backend}-${rest}`;
      if (!(name in values)) return null;
      const made = control({ id: name, label, title: `--${name}`, least, most, unit, value: values[name], set: (value) => this.#set(name, value) });
      if (values[name] !== defaults[name]) made.append(el("button", { class: "link reset", type: "button", title: `the server has ${defaults[name]}`, onclick: () => this.#set(name, defaults[name]) }, "changed, reset"));
      return made;
    };
    const check = (label, name) => name in values && el("label", { class: "check" }, el("input", { type: "checkbox", id: name, checked: values[name] === "true", title: `--${name}`, onchange: (event) => this.#set(name, String(event.target.checked)) }), label);
    const group = (title, ...parts) => {
      const inside = parts.flat().filter(Boolean);
      return inside.length ? el("fieldset", {}, el("legend", {}, title), inside) : null;
    };
    const load = this.scenario.load ?? {};
    const own = ([label, place, least, most, unit, otherwise]) => control({ id: `load-${place}`, label, title: `load.${place}`, least, most, unit, value: String(read(load, place) ?? otherwise), set: (value) => this.#setLoad(place, unit !== "s" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value) });
    const kind = load.log !== undefined ? "log" : load.bodies ? "typical" : "request";
    const kinds = { request: "This request, again and again", typical: "Typical requests of a cluster", log: "The requests of an audit log" };
    const choose = ({ target: { value } }) => {
      const { log, bodies, ...rest } = load;
      if (value === "log") return this.#send({ load: { ...(load.receiver && { receiver: load.receiver }), ...(load.disk && { disk: load.disk }), log: "" } });
      this.#send({ load: value === "typical" ? { ...rest, bodies: { min: 200, max: 20_000 } } : rest });
    };
    const log = kind === "log" && el("label", { class: "log" }, "Lines of the audit log", el("textarea", { id: "load-log", rows: "6", spellcheck: "false", onchange: (event) => this.#send({ load: { ...load, log: event.target.value } }) }, load.log));
    // Bursts need all three.
    const bursts = load.bursts ? LOAD.Bursts.map(own) : null;
    const burstCheck = el("label", { class: "check" }, el("input", { type: "checkbox", id: "bursts", checked: Boolean(load.bursts), onchange: ({ target }) => this.#send({ load: target.checked ? { ...load, bursts: { every: "30s", length: "5s", rate: 10 * (load.rate ?? 100) } } : written(load, "bursts", undefined) }) }), "Bursts");
    const peer = backend === "log" ? "disk" : "receiver";
    const outages = load[peer]?.outages ?? [];
    const outageCheck = el("label", { class: "check" }, el("input", { type: "checkbox", id: "outage", checked: outages.length > 0, onchange: ({ target }) => this.#send({ load: written(load, `${peer}.outages`, target.checked ? [{ from: "10s", to: "40s", kind: "down" }] : undefined) }) }), backend === "log" ? "The disk fails for a while" : "The receiver fails for a while");
    const outageField = (outage, index, key, label) => el("label", { class: "row" }, label, key === "kind"
      ? el("select", { id: `outage-${index}-kind`, onchange: ({ target }) => this.#outage(peer, index, { kind: target.value }) }, ["down", "failing", "hanging"].map((name) => el("option", { value: name, selected: outage.kind === name }, name)))
      : el("input", { id: `outage-${index}-${key}`, value: outage[key], autocomplete: "off", onchange: ({ target }) => this.#outage(peer, index, { [key]: target.value.trim() }) }));
    const outageControls = outages.map((outage, index) => ["from", "to", "kind"].map((key) => outageField(outage, index, key, { from: "From", to: "Until", kind: "It is" }[key]))
      .concat(index > 0 ? el("button", { class: "link", type: "button", onclick: () => this.#setLoad(`${peer}.outages`, outages.filter((_, each) => each !== index)) }, "Take this time out") : []));
    const another = outages.length > 0 && el("button", { class: "link", type: "button", onclick: () => this.#setLoad(`${peer}.outages`, [...outages, after(outages.at(-1))]) }, "Another time");
    this.said ??= el("p", { class: "said", role: "alert" });
    this.said.textContent = "";
    this.left.replaceChildren(...[
      el("fieldset", { class: "backends" }, el("legend", {}, "Backend"), pick("log", "Log file"), pick("webhook", "Webhook"),
        el("label", { class: "check" }, el("input", { type: "checkbox", id: "backend-on", checked: on[backend], onchange: ({ target }) => this.#set(flagOfPath, target.checked ? path : "") }), backend === "log" ? "writes a log file" : "sends to a webhook")),
      el("fieldset", { class: "modes" }, el("legend", {}, "Mode"), Object.entries(MODES).map(([name, words]) => el("label", { class: "card" },
        el("input", { type: "radio", name: "mode", id: `mode-${name}`, value: name, checked: mode === name, title: `--audit-${backend}-mode`, onchange: () => this.#set(`audit-${backend}-mode`, name) }),
        el("span", {}, el("b", {}, name), el("span", { class: "words" }, words), name === "blocking-strict" && el("span", { class: "words strict-note", hidden: !this.omits }, "Nothing of this load is recorded at RequestReceived, so it acts as blocking."))))),
      mode === "batch" && group("Batching", FLAGS.Batching.map(flag)),
      mode === "batch" && group("Throttle", check("Limit the batches per second", `audit-${backend}-batch-throttle-enable`), values[`audit-${backend}-batch-throttle-enable`] === "true" && FLAGS.Throttle.map(flag)),
      group("Truncation", check("Cut events that are too large", `audit-${backend}-truncate-enabled`), values[`audit-${backend}-truncate-enabled`] === "true" && FLAGS.Truncation.map(flag)),
      backend === "log" && group("Rotation", FLAGS.Rotation.map(flag)),
      group("What arrives", el("select", { id: "load-kind", "aria-label": "What arrives", onchange: choose }, Object.entries(kinds).map(([value, name]) => el("option", { value, selected: value === kind }, name))),
        log, kind !== "log" && LOAD["What arrives"].map(own), kind !== "log" && burstCheck, kind !== "log" && bursts),
      kind === "typical" && group("Sizes of objects", LOAD["Sizes of objects"].map(own)),
      group(backend === "log" ? "The disk" : "The receiver", own([backend === "log" ? "A write takes" : "An answer takes", `${peer}.latency`, 0.001, 60, "s", "0s"]), outageCheck, outageControls, another),
      this.said,
      el("p", { class: "presets" }, el("button", { class: "btn sm", type: "button", onclick: () => this.#preset("serverDefaults") }, "kube-apiserver defaults"), el("button", { class: "btn sm", type: "button", title: "the log blocks and keeps 100 files of 100 MB; the webhook's buffer holds 50,000 events, 50 batches a second", onclick: () => this.#preset("safe") }, "Safe settings")),
    ].filter(Boolean));
    if (focused && this.left.ownerDocument.activeElement === document.body) document.getElementById(focused)?.focus();
  }

  #outage(peer, index, change) {
    const { outages } = (this.scenario.load ?? {})[peer];
    this.#setLoad(`${peer}.outages`, outages.map((outage, each) => (each === index ? { ...outage, ...change } : outage)));
  }
}

/** A time of failing as long as another, as long after it. */
function after({ from, to, kind }) {
  const length = Math.max(1, seconds(to) - seconds(from));
  return { from: duration(seconds(to) + length), to: duration(seconds(to) + 2 * length), kind };
}

/** What became of an event at a backend, as a cell. */
function fate(made, begun) {
  if (!made) return el("td", { class: "soft" }, "not used");
  const words = { waiting: "still waiting", droppedByBuffer: "lost: the buffer is full", droppedBySize: "lost: too large", droppedAtStop: "lost at the stop", lost: "lost: given up" };
  if (made.fate !== "written") return el("td", { class: made.fate === "waiting" ? null : "bad" }, words[made.fate]);
  return el("td", {}, `written after ${time((seconds(made.at) - seconds(begun)) * 1_000)}${made.truncated ? ", without its objects" : ""}`);
}

/** What a backend has not in the end and should. */
const missing = (made) => (made ? made.totals.droppedByBuffer + made.totals.droppedBySize + made.totals.droppedAtStop + made.totals.lost : 0);

function lostWords({ log, webhook }) {
  const parts = Object.entries({ log, webhook }).filter(([, made]) => missing(made) > 0);
  return parts.map(([name, made]) => `${number(missing(made))} of ${number(made.totals.events)} events lost${log && webhook ? ` by the ${name}` : ""}`).join(", ");
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
