// One request in every form: lines then and now, what a receiver gets, a kubeconfig for the webhook, and AuditSinks.
import { copyButton } from "../lessons/clipboard.js";
import { el } from "../lessons/dom.js";
import { ask } from "./engine.js";
import { drawFound } from "./found.js";

/** Where the tab keeps a person's own kubeconfig: it may hold credentials, so it is in no scenario and no link. */
const KEPT = "delivery-kubeconfig";

const shown = (label) => el("pre", { tabindex: "0", "aria-label": label, role: "group" });
const head = (name, ...more) => el("div", { class: "ph" }, el("h2", {}, name), el("span", { class: "grow" }), more);
const field = (label, value, attributes = {}) => el("label", { class: "row" }, el("span", {}, label), el("input", { value, autocomplete: "off", spellcheck: "false", ...attributes }));

export class Formats {
  #does;
  #turn = 0;
  #shown = null;
  #olds = [];
  #own = kept();

  /** `does` is what the view does: `send(sinks)` puts other AuditSinks into the scenario, `changed()` asks again since the kubeconfig is another. */
  constructor(does) {
    this.#does = does;
    const again = () => this.#shown && this.show(...this.#shown);
    const changed = () => does.changed();
    this.old = el("select", { "aria-label": "Basic audit of Kubernetes", onchange: again });
    this.basic = shown("Lines of basic audit");
    this.lines = shown("Lines of the log");
    this.form = el("select", { "aria-label": "Lines as", onchange: again }, el("option", { value: "json" }, "json"), el("option", { value: "legacy" }, "legacy"));
    this.now = el("h3");
    this.server = field("URL of the receiver", "https://audit.example/events", { inputmode: "url" });
    this.authority = field("File of its authorities", "");
    this.token = field("Token", "");
    for (const label of [this.server, this.authority, this.token]) label.querySelector("input").addEventListener("change", changed);
    this.post = shown("The POST");
    this.as = el("select", { "aria-label": "The POST as", onchange: again }, el("option", { value: "text" }, "HTTP"), el("option", { value: "curl" }, "curl"));
    this.config = el("textarea", { id: "kubeconfig", "aria-label": "kubeconfig of the webhook", rows: "12", spellcheck: "false", autocomplete: "off", autocapitalize: "off" });
    this.from = el("select", { "aria-label": "The kubeconfig is", onchange: () => this.#choose() }, el("option", { value: "made" }, "made here"), el("option", { value: "own" }, "my own"));
    if (this.#own !== null) {
      this.from.value = "own";
      this.config.value = this.#own;
    }
    this.config.addEventListener("input", () => {
      this.from.value = "own";
      this.#keep();
      clearTimeout(this.typing);
      this.typing = setTimeout(changed, 300);
    });
    this.comes = el("p", { class: "comes soft" });
    this.found = el("ul", { class: "found", "aria-label": "Findings about the kubeconfig", "aria-live": "polite" });
    this.sinks = el("textarea", { id: "sinks", "aria-label": "AuditSinks", rows: "6", spellcheck: "false", autocomplete: "off", placeholder: "AuditSink objects, as YAML" });
    const send = () => {
      clearTimeout(this.timer);
      does.send(this.sinks.value === "" ? undefined : this.sinks.value);
    };
    this.sinks.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(send, 300);
    });
    this.sinks.addEventListener("change", send);
    this.gets = el("div", { class: "gets", "aria-live": "polite" });
    const value = (label) => label.querySelector("input").value.trim();
    this.values = () => [value(this.server), value(this.authority), value(this.token)];
    this.node = el("div", { class: "below formats" },
      el("section", { "aria-label": "Then and now" }, head("Then and now", this.form),
        el("h3", {}, "Basic audit of Kubernetes ", this.old), this.basic, this.now, this.lines),
      el("section", { "aria-label": "What a receiver gets" }, head("What a receiver gets", this.as, copyButton(() => this.post.textContent)), this.server, this.post,
        el("h3", {}, "The webhook's kubeconfig ", this.from, " ", copyButton(() => this.config.value)), this.authority, this.token, this.config, this.comes, this.found),
      el("section", { "aria-label": "AuditSink objects" }, head("AuditSink objects"), this.sinks, this.gets));
  }

  /** What is in the webhook's kubeconfig: a person's own text, or what the fields come to. */
  kubeconfig() {
    return this.from.value === "own" ? this.config.value : ask("kubeconfig", ...this.values());
  }

  /** One's own text is there again where it was left. */
  #choose() {
    if (this.from.value === "own") {
      this.config.value = this.#own ?? this.config.value;
      this.#keep();
    } else keep(null);
    this.#does.changed();
  }

  #keep() {
    this.#own = this.config.value;
    keep(this.#own);
  }

  /** Shows a scenario's request, where the webhook has this kubeconfig at the path that the flags name. */
  async show(scenario, flags, kubeconfig) {
    const turn = (this.#turn += 1);
    this.#shown = [scenario, flags, kubeconfig];
    if (document.activeElement !== this.sinks && this.sinks.value !== (scenario.sinks ?? "")) this.sinks.value = scenario.sinks ?? "";
    const asked = scenario.kubernetes ?? "";
    const release = asked || "the newest release";
    // A release that has basic audit shows its own.
    const old = asked !== this.release && this.#olds.includes(asked) ? "" : this.old.value;
    this.release = asked;
    const isOwn = this.from.value === "own";
    for (const label of [this.server, this.authority, this.token]) label.hidden = isOwn;
    if (!isOwn) this.config.value = kubeconfig;
    let told;
    try {
      const checked = JSON.parse(await ask("check_kubeconfig", kubeconfig, flags, asked));
      told = JSON.parse(await ask("formats", JSON.stringify(scenario), checked.webhook?.server ?? this.values()[0], old));
      if (turn === this.#turn) this.#drawKubeconfig(checked);
    } catch (error) {
      if (turn !== this.#turn) return;
      for (const part of [this.basic, this.lines, this.post]) part.textContent = error.message;
      this.gets.replaceChildren();
      return;
    }
    if (turn !== this.#turn) return;
    if (this.#olds.length === 0) {
      this.#olds = told.olds;
      this.old.replaceChildren(...told.olds.map((name) => el("option", { value: name }, name)));
      this.sinks.placeholder = `AuditSink objects of Kubernetes ${told.sinksWere}, as YAML`;
    }
    this.old.value = told.old;
    const count = told.lines.length;
    this.now.textContent = `Kubernetes ${told.release}: ${count === 1 ? "one event" : `${count} events`}, one for each stage that is recorded`;
    this.lines.textContent = told.lines.map((line) => line[this.form.value]).join("\n") || "nothing is recorded";
    this.basic.textContent = told.basic?.join("\n") || "nothing: the request is refused before it is audited";
    this.post.textContent = told.post?.[this.as.value] ?? "nothing is sent: no event is recorded";
    this.#drawSinks(told, release);
  }

  #drawKubeconfig({ path, error, webhook, findings }) {
    this.comes.textContent = webhook ? `At ${path}: events go to ${webhook.server}. Receiver's certificate: ${webhook.authority}. Credentials: ${webhook.user === "nobody" ? "none" : webhook.user}.` : "";
    drawFound(this.found, { error, findings }, () => {});
  }

  #drawSinks({ sinks, aboutSinks }, release) {
    if (!sinks) return this.gets.replaceChildren(el("p", { class: "soft" }, aboutSinks));
    const parts = [];
    if (sinks.error) parts.push(el("p", { class: "bad" }, `Kubernetes ${release}: `, el("code", {}, sinks.error)));
    for (const { message, help } of sinks.notes ?? []) parts.push(el("p", { class: "soft" }, message, help ? `: ${help}` : ""));
    for (const { name, level, stages, beyond, qps, burst, buffer } of sinks.sinks ?? []) {
      parts.push(el("h3", {}, name),
        el("p", {}, stages.length ? `gets this request at ${stages.join(", ")}, at level ${level}` : "gets nothing of this request"),
        el("p", { class: "soft" }, beyond.length ? `The static policy's backends get less of ${beyond.join(", ")}.` : "The static policy's backends get as much."),
        el("p", { class: "soft" }, `Its own buffer holds ${buffer.toLocaleString("en")} events; ${qps} batches a second, ${burst} at once.`));
    }
    this.gets.replaceChildren(...parts);
  }
}

function kept() {
  try {
    return sessionStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(text) {
  try {
    if (text === null) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, text);
  } catch {
    // Where nothing may be kept, nothing is.
  }
}
