// One request in every form: lines then and now, what a receiver gets, a kubeconfig for the webhook, and AuditSinks.
import { copyButton } from "../lessons/clipboard.js";
import { el } from "../lessons/dom.js";
import { ask } from "./engine.js";

const OLD = ["1.4", "1.5", "1.6", "1.7", "1.8", "1.9", "1.10", "1.11"];

const shown = (label) => el("pre", { tabindex: "0", "aria-label": label, role: "group" });
const head = (name, ...more) => el("div", { class: "ph" }, el("h2", {}, name), el("span", { class: "grow" }), more);
const field = (label, value, attributes = {}) => el("label", { class: "row" }, el("span", {}, label), el("input", { value, autocomplete: "off", spellcheck: "false", ...attributes }));

export class Formats {
  #send;
  #turn = 0;
  #scenario = null;

  /** `send(sinks)` puts other AuditSinks into the scenario. */
  constructor(send) {
    this.#send = send;
    const again = () => this.#scenario && this.show(this.#scenario);
    this.old = el("select", { "aria-label": "Basic audit of Kubernetes", onchange: again }, OLD.map((name) => el("option", { value: name, selected: name === "1.7" }, name)));
    this.basic = shown("Lines of basic audit");
    this.lines = shown("Lines of the log");
    this.form = el("select", { "aria-label": "Lines as", onchange: again }, el("option", { value: "json" }, "json"), el("option", { value: "legacy" }, "legacy"));
    this.now = el("h3");
    this.server = field("URL of the receiver", "https://audit.example/events", { inputmode: "url" });
    this.authority = field("File of its authorities", "");
    this.token = field("Token", "");
    for (const label of [this.server, this.authority, this.token]) label.querySelector("input").addEventListener("change", again);
    this.post = shown("The POST");
    this.as = el("select", { "aria-label": "The POST as", onchange: again }, el("option", { value: "text" }, "HTTP"), el("option", { value: "curl" }, "curl"));
    this.config = shown("kubeconfig of the webhook");
    this.sinks = el("textarea", { id: "sinks", "aria-label": "AuditSinks", rows: "6", spellcheck: "false", autocomplete: "off", placeholder: "AuditSink objects of Kubernetes 1.13 to 1.18, as YAML" });
    this.sinks.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#send(this.sinks.value === "" ? undefined : this.sinks.value), 300);
    });
    this.gets = el("div", { class: "gets", "aria-live": "polite" });
    const value = (label) => label.querySelector("input").value.trim();
    this.values = () => [value(this.server), value(this.authority), value(this.token)];
    this.node = el("div", { class: "below formats" },
      el("section", { "aria-label": "Then and now" }, head("Then and now", this.form),
        el("h3", {}, "Basic audit of Kubernetes ", this.old), this.basic, this.now, this.lines),
      el("section", { "aria-label": "What a receiver gets" }, head("What a receiver gets", this.as, copyButton(() => this.post.textContent)), this.server, this.post,
        el("h3", {}, "The webhook's kubeconfig ", copyButton(() => this.config.textContent)), this.authority, this.token, this.config),
      el("section", { "aria-label": "AuditSink objects" }, head("AuditSink objects"), this.sinks, this.gets));
  }

  /** Shows a scenario's request. */
  async show(scenario) {
    const turn = (this.#turn += 1);
    this.#scenario = scenario;
    if (document.activeElement !== this.sinks && this.sinks.value !== (scenario.sinks ?? "")) this.sinks.value = scenario.sinks ?? "";
    const [server, authority, token] = this.values();
    const release = scenario.kubernetes ?? "the newest release";
    if (release !== this.release && OLD.includes(release)) this.old.value = release;
    this.release = release;
    let told;
    try {
      this.config.textContent = await ask("kubeconfig", server, authority, token);
      told = JSON.parse(await ask("formats", JSON.stringify(scenario), server, this.old.value));
    } catch (error) {
      if (turn !== this.#turn) return;
      for (const part of [this.basic, this.lines, this.post]) part.textContent = error.message;
      this.gets.replaceChildren();
      return;
    }
    if (turn !== this.#turn) return;
    const count = told.lines.length;
    this.now.textContent = `Kubernetes ${told.release}: ${count === 1 ? "one event" : `${count} events`}, one for each stage that is recorded`;
    this.lines.textContent = told.lines.map((line) => line[this.form.value]).join("\n") || "nothing is recorded";
    this.basic.textContent = told.basic?.join("\n") || "nothing: the request is refused before it is audited";
    this.post.textContent = told.post?.[this.as.value] ?? "nothing is sent: no event is recorded";
    this.#drawSinks(told.sinks, release);
  }

  #drawSinks(sinks, release) {
    if (!sinks) {
      return this.gets.replaceChildren(el("p", { class: "soft" }, "From 1.13 to 1.18, behind a feature gate, objects in the cluster could name more receivers while the server ran. They were removed in 1.19: since then a change of where events go is a change of flags, and a restart."));
    }
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
