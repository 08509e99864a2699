// Findings about a text, as items of a list: what the server prints, then each with its line.
import { el } from "../lessons/dom.js";

/** Fills the list; `fix(text)` takes the text of a fix that is chosen. */
export function drawFound(list, { error, findings }, fix) {
  const server = error && el("li", { class: "error" }, el("p", { class: "soft" }, "kube-apiserver prints:"), el("code", {}, error));
  const one = (finding) => finding.message === error && !finding.help && !finding.line ? null : el("li", { class: finding.severity },
    el("p", {}, finding.line ? el("span", { class: "soft" }, `Line ${finding.line}: `) : null, el("code", {}, finding.message)), finding.help && el("p", { class: "soft" }, finding.help),
    finding.fix && el("button", { class: "btn sm", type: "button", onclick: () => fix(finding.fix.text) }, finding.fix.title));
  list.replaceChildren(...[server, ...findings.map(one)].filter(Boolean));
}
