// The left side: the controls of one backend's flags, of what arrives, and of what happens to the server meanwhile.
import { el } from "../lessons/dom.js";
import { FLAGS, LOAD, control, flagName, refuse, seed } from "./controls.js";
import { ask } from "./engine.js";
import { duration, seconds } from "./words.js";

const KINDS = { request: "This request, again and again", typical: "Typical requests of a cluster", log: "A list of events or scenarios" };

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

/** A number, or what was typed in place of one. */
const numeric = (text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);

function group(title, ...parts) {
  const inside = parts.flat(Infinity).filter(Boolean);
  return inside.length ? el("fieldset", {}, el("legend", {}, title), inside) : null;
}

const checkbox = (id, label, checked, onchange, flag) => [
  el("label", { class: "check" }, el("input", { type: "checkbox", id, checked, "aria-describedby": flag && `${flag}-flag`, onchange: ({ target }) => onchange(target.checked) }), label),
  flag && flagName(flag),
];

export class Panel {
  #does;
  #drawn = "";
  /** What was typed and not taken, with why, by the field's id. */
  #refused = new Map();
  /** Whether a slider is held, and what is to be drawn when it is let go. */
  #held = false;
  #later = null;

  /** `does` is what the view does where something is set: `set(flag, value)`, `send(change)`, `load()` as it is by now, `preset(name)`, `pick(backend)`. */
  constructor(does) {
    this.#does = does;
    this.node = el("div", { class: "left" });
    this.node.addEventListener("pointerdown", ({ target }) => (this.#held = target.type === "range"));
    for (const name of ["pointerup", "pointercancel"]) {
      addEventListener(name, () => {
        this.#held = false;
        if (this.#later) this.draw(this.#later);
      });
    }
    this.log = el("textarea", { id: "load-log", rows: "6", spellcheck: "false", autocomplete: "off", placeholder: '{"kind":"Event","apiVersion":"audit.k8s.io/v1", …}' });
    let timer;
    const send = () => {
      clearTimeout(timer);
      if (this.load?.log !== undefined) does.send({ load: { ...this.load, log: this.log.value } });
    };
    this.log.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(send, 300);
    });
    this.log.addEventListener("change", send);
  }

  /** Says that a field's value is not taken, and why; without words, that it is. */
  refuse(id, words) {
    const field = document.getElementById(id);
    this.#refused.delete(id);
    if (!field) return;
    if (words) this.#refused.set(id, { typed: field.value, was: field.defaultValue, words });
    refuse(field, words);
  }

  /** Whether nothing of the load is recorded at RequestReceived, which blocking-strict alone looks at. */
  omits(omits) {
    this.omitted = omits;
    const note = this.node.querySelector(".strict-note");
    if (note) note.hidden = !omits;
  }

  draw(shown) {
    Object.assign(this, shown);
    this.load = this.scenario.load ?? {};
    const { log, ...load } = this.load;
    if (document.activeElement !== this.log && this.log.value !== (log ?? "")) this.log.value = log ?? "";
    // Who types lines into the box keeps it, with its cursor and what can be undone.
    const drawn = JSON.stringify([shown.settings, shown.backend, shown.scenario.kubernetes, load, log === undefined]);
    // A slider that is held would be let go.
    this.#later = this.#held ? shown : null;
    if (this.#held || drawn === this.#drawn) return;
    this.#drawn = drawn;
    const before = this.node.contains(document.activeElement) ? document.activeElement : null;
    this.basic = !this.settings.backends.webhook;
    const parts = this.basic
      ? [this.#backends(), group("Rotation", FLAGS.Rotation.map((each) => this.#flag(each)))]
      : [this.#backends(), this.#modes(), this.#flags(), this.#arrivals(), this.#peer(), this.#presets()];
    this.node.replaceChildren(...parts.flat().filter(Boolean));
    for (const { flag, message } of this.settings.findings) {
      const field = flag && this.node.querySelector(`[id="${flag}"][data-field]`);
      if (field) refuse(field, message);
    }
    for (const [id, { typed, was, words }] of this.#refused) {
      const field = document.getElementById(id);
      if (!field) continue;
      // Something else has set it meanwhile.
      if (field.defaultValue !== was) {
        this.#refused.delete(id);
        continue;
      }
      field.value = typed;
      refuse(field, words);
    }
    if (before) this.#focus(before);
  }

  /** The focus, and what is being typed, go on in the field that took another's place. */
  #focus(before) {
    const field = before.id && document.getElementById(before.id);
    if (!field || field === before) return;
    field.focus();
    if (before.type !== "text") return;
    if (before.value !== before.defaultValue) field.value = before.value;
    field.setSelectionRange(before.selectionStart, before.selectionEnd);
  }

  /** Sets a place of the load, if the engine takes it; `id` is the field's, `label` its name. */
  async #setLoad(place, value, label, id = `load-${place}`) {
    const load = () => written(this.#does.load(), place, value === "" ? undefined : value);
    const words = await ask("load_refusal", JSON.stringify({ ...load(), log: undefined })).catch(() => "");
    // The engine names the place; here it has a label.
    this.refuse(id, words.replace(/^`[^`]*`/, label));
    if (!words) this.#does.send({ load: load() });
  }

  #flag([label, rest, least, most, unit]) {
    const name = `audit-${this.backend}-${rest}`;
    const { values, defaults } = this.settings;
    if (!(name in values)) return null;
    const made = control({ id: name, label, flag: name, least, most, unit, value: values[name], set: (value) => this.#does.set(name, value) });
    if (values[name] !== defaults[name]) made.append(el("button", { class: "link undo", type: "button", title: `the server has ${defaults[name]}`, onclick: () => this.#does.set(name, defaults[name]) }, "changed, reset"));
    return made;
  }

  #check(label, rest) {
    const name = `audit-${this.backend}-${rest}`;
    const { values } = this.settings;
    return name in values && checkbox(name, label, values[name] === "true", (checked) => this.#does.set(name, String(checked)), name);
  }

  #own([label, place, least, most, unit, otherwise]) {
    const set = (value) => this.#setLoad(place, unit === "s" ? value : numeric(value), label);
    return control({ id: `load-${place}`, label, least, most, unit, value: String(read(this.load, place) ?? otherwise), set });
  }

  #seed(label, place) {
    return seed(`load-${place}`, label, String(this.load[place] ?? 1), (value) => this.#setLoad(place, numeric(value), label));
  }

  #backends() {
    const { backend } = this;
    const pick = (name, label) => el("label", { class: "pick" }, el("input", { type: "radio", name: "backend", id: `backend-${name}`, value: name, checked: backend === name, onchange: () => this.#does.pick(name) }), label);
    const { flag: name, path } = this.settings.backends[backend];
    return group("Backend", !this.basic && [pick("log", "Log file"), pick("webhook", "Webhook")],
      checkbox("backend-on", backend === "log" ? "writes a log file" : "sends to a webhook", this.settings[backend], (checked) => this.#does.set(name, checked ? path : ""), name));
  }

  #modes() {
    const name = `audit-${this.backend}-mode`;
    const { modes, without } = this.settings.backends[this.backend];
    if (without) return group("Mode", el("p", { class: "words" }, without));
    const mode = this.settings.values[name];
    return group("Mode", flagName(name), modes.map(({ name: value, words }) => el("label", { class: "card" },
      el("input", { type: "radio", name: "mode", id: `mode-${value}`, value, checked: mode === value, onchange: () => this.#does.set(name, value) }),
      el("span", {}, el("b", {}, value), el("span", { class: "words" }, words), value === "blocking-strict" && el("span", { class: "words strict-note", hidden: !this.omitted }, "Nothing of this load is recorded at RequestReceived, so it acts as blocking.")))));
  }

  #flags() {
    const { backend } = this;
    const { values } = this.settings;
    const flags = (title) => FLAGS[title].map((each) => this.#flag(each));
    const isOn = (rest) => values[`audit-${backend}-${rest}`] === "true";
    const batches = values[`audit-${backend}-mode`] === "batch";
    return [
      batches && group("Batching", flags("Batching")),
      batches && group("Throttle", this.#check("Limit the batches per second", "batch-throttle-enable"), isOn("batch-throttle-enable") && flags("Throttle")),
      group("Truncation", this.#check("Cut events that are too large", "truncate-enabled"), isOn("truncate-enabled") && flags("Truncation")),
      backend === "log" && group("Rotation", flags("Rotation")),
    ];
  }

  #arrivals() {
    const { load } = this;
    const kind = load.log !== undefined ? "log" : load.bodies ? "typical" : "request";
    const choose = ({ target: { value } }) => {
      const { log, bodies, ...rest } = load;
      // A log says itself when what arrives.
      const { rate, duration: _, bursts, watchShare, seed: __, ...world } = rest;
      if (value === "log") return this.#does.send({ load: { ...world, log: "" } });
      this.#does.send({ load: value === "typical" ? { ...rest, bodies: { min: 200, max: 20_000 } } : rest });
    };
    const kinds = el("select", { id: "load-kind", "aria-label": "What arrives", onchange: choose }, Object.entries(KINDS).map(([value, name]) => el("option", { value, selected: value === kind }, name)));
    if (kind === "log") {
      return group("What arrives", kinds, el("label", { class: "log" }, "Lines of the audit log, or scenarios", this.log));
    }
    // Bursts need all three.
    const burst = (checked) => this.#does.send({ load: checked ? { ...load, bursts: { every: "30s", length: "5s", rate: 10 * (load.rate ?? 100) } } : written(load, "bursts", undefined) });
    return [
      group("What arrives", kinds, LOAD["What arrives"].filter(([, place]) => kind === "typical" || place !== "watchShare").map((each) => this.#own(each)),
        checkbox("bursts", "Bursts", Boolean(load.bursts), burst), load.bursts && LOAD.Bursts.map((each) => this.#own(each)), this.#seed("Seed of chance", "seed")),
      kind === "typical" && group("Sizes of objects", LOAD["Sizes of objects"].map((each) => this.#own(each))),
    ];
  }

  /** What events are handed to: the disk or the receiver. */
  #peer() {
    const { load } = this;
    const isLog = this.backend === "log";
    const peer = isLog ? "disk" : "receiver";
    const outages = load[peer]?.outages ?? [];
    const fail = (checked) => this.#does.send({ load: written(load, `${peer}.outages`, checked ? [{ from: "10s", to: "40s", kind: "down" }] : undefined) });
    const set = (outages, id) => this.#setLoad(`${peer}.outages`, outages, "This time", id);
    const change = (index, to) => set(outages.map((outage, each) => (each === index ? { ...outage, ...to } : outage)), `outage-${index}-${Object.keys(to)[0]}`);
    const field = (outage, index, key, label) => el("label", { class: "row" }, label, key === "kind"
      ? el("select", { id: `outage-${index}-kind`, onchange: ({ target }) => change(index, { kind: target.value }) }, ["down", "failing", "hanging"].map((name) => el("option", { value: name, selected: outage.kind === name }, name)))
      : el("input", { id: `outage-${index}-${key}`, value: outage[key], autocomplete: "off", onchange: ({ target }) => change(index, { [key]: target.value.trim() }) }));
    const controls = outages.map((outage, index) => [field(outage, index, "from", "From"), field(outage, index, "to", "Until"), field(outage, index, "kind", "It is"),
      index > 0 && el("button", { class: "link", type: "button", onclick: () => set(outages.filter((_, each) => each !== index)) }, "Take this time out")]);
    const tries = !isLog && group("Tries again", FLAGS.Tries.map((each) => this.#flag(each)),
      checkbox("jitter", "Waits are longer by chance, up to a fifth", load.jitter !== undefined, (checked) => this.#does.send({ load: written(load, "jitter", checked ? 1 : undefined) })), load.jitter !== undefined && this.#seed("Seed of the waits", "jitter"));
    return [group(isLog ? "The disk" : "The receiver", this.#own([isLog ? "A write takes" : "An answer takes", `${peer}.latency`, 0.001, 60, "s", "0s"]),
      checkbox("outage", isLog ? "The disk fails for a while" : "The receiver fails for a while", outages.length > 0, fail), controls,
      outages.length > 0 && el("button", { class: "link", type: "button", onclick: () => set([...outages, after(outages.at(-1))]) }, "Another time")), tries];
  }

  #preset(name) {
    this.#refused.clear();
    this.#does.preset(name);
  }

  #presets() {
    return el("p", { class: "presets" }, el("button", { class: "btn sm", type: "button", onclick: () => this.#preset("serverDefaults") }, "kube-apiserver defaults"), el("button", { class: "btn sm", type: "button", title: "the log blocks and keeps 100 files of 100 MB; the webhook's buffer holds 50,000 events, 50 batches a second", onclick: () => this.#preset("safe") }, "Safe settings"));
  }
}

/** A time of failing as long as another, as long after it. */
function after({ from, to, kind }) {
  const length = Math.max(1, seconds(to) - seconds(from));
  return { from: duration(seconds(to) + length), to: duration(seconds(to) + 2 * length), kind };
}
