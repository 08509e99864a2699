// The controls: each a slider and a field, for a flag of kube-apiserver or for what happens to the server.
import { el } from "../lessons/dom.js";
import { duration, secondDigit, seconds } from "./words.js";

/** What the flags of a backend are called here: label, the end of the flag's name, least and most, unit. */
export const FLAGS = {
  Batching: [
    ["Buffer size", "batch-buffer-size", 1, 1_000_000, "events"],
    ["Max batch size", "batch-max-size", 1, 10_000, "events"],
    ["Max batch wait", "batch-max-wait", 0.01, 300, "s"],
  ],
  Throttle: [
    ["Batches per second", "batch-throttle-qps", 0.1, 1_000, "/s"],
    ["At once", "batch-throttle-burst", 1, 1_000, "batches"],
  ],
  Truncation: [
    ["Max event size", "truncate-max-event-size", 1_000, 10_000_000, "bytes"],
    ["Max batch size", "truncate-max-batch-size", 10_000, 100_000_000, "bytes"],
  ],
  Tries: [
    ["First wait", "initial-backoff", 0.1, 300, "s"],
    // Its name in 1.9.
    ["First wait", "batch-initial-backoff", 0.1, 300, "s"],
  ],
  Rotation: [
    ["Max size", "maxsize", 1, 10_000, "MB"],
    ["Max age", "maxage", 1, 1_000, "days"],
    ["Old files", "maxbackup", 1, 1_000, "files"],
  ],
};

/** What happens to the server: label, the place in `load`, least and most, unit, what counts where it is not given. */
export const LOAD = {
  "What arrives": [
    ["Steady", "rate", 1, 100_000, "/s", 100],
    ["For", "duration", 1, 3_600, "s", "1m0s"],
    ["Watches", "watchShare", 0.01, 1, "of 1", 0.2],
  ],
  Bursts: [
    ["Load in a burst", "bursts.rate", 1, 100_000, "/s", ""],
    ["Length of a burst", "bursts.length", 0.1, 600, "s", ""],
    ["One every", "bursts.every", 1, 3_600, "s", ""],
  ],
  "Sizes of objects": [
    ["Smallest", "bodies.min", 100, 3_145_728, "bytes", ""],
    ["Largest", "bodies.max", 100, 3_145_728, "bytes", ""],
  ],
};

/** A flag's name, as it is typed. */
export const flagName = (name) => el("code", { class: "flag", id: `${name}-flag` }, `--${name}`);

/** A value as it is said: a time says its own unit. */
const spoken = (value, unit) => (unit === "s" ? value : unit === "/s" ? `${value} per second` : `${value} ${unit}`);

/** Says at a field why its value is not taken; without words, that it is. */
export function refuse(field, words) {
  const id = `${field.id}-wrong`;
  const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((other) => other && other !== id);
  document.getElementById(id)?.remove();
  if (words) {
    const told = el("p", { class: "wrong", id, role: "alert" }, words);
    const control = field.closest(".control");
    if (control) control.append(told);
    else field.closest("label").after(told);
    others.push(id);
    field.setAttribute("aria-invalid", "true");
  } else field.removeAttribute("aria-invalid");
  if (others.length) field.setAttribute("aria-describedby", others.join(" "));
  else field.removeAttribute("aria-describedby");
}

/** A field for a number that says nothing by its size: what chance begins with. */
export const seed = (id, label, value, set) => el("label", { class: "row" }, label, el("input", { id, type: "text", inputmode: "numeric", value, autocomplete: "off", onchange: ({ target }) => set(target.value.trim()) }));

/** A slider whose steps are as many for small values as for large ones, and a field that takes any value; below them the name of the flag that they set, if any. */
export function control({ id, label, flag, least, most, unit, value, set }) {
  const isTime = unit === "s";
  const toNumber = (text) => (isTime ? seconds(text) : text === "" ? null : Number(text));
  const steps = 200;
  const at = (number) => (number > least ? Math.round((Math.log(number / least) / Math.log(most / least)) * steps) : 0);
  const of = (step) => {
    const exact = least * (most / least) ** (step / steps);
    const digit = secondDigit(exact);
    const rounded = exact < 10 ? Math.round(exact * 10) / 10 : Math.round(exact / digit) * digit;
    const whole = least >= 1 && !isTime && unit !== "/s" ? Math.max(1, Math.round(rounded)) : rounded;
    return isTime ? duration(whole) : String(whole);
  };
  const described = flag && `${flag}-flag`;
  const field = el("input", { id, type: "text", inputmode: isTime ? "text" : "decimal", value, autocomplete: "off", spellcheck: "false", "aria-label": label, "aria-describedby": described, "data-field": "" });
  const slider = el("input", { id: `${id}-slider`, type: "range", min: "0", max: String(steps), value: String(at(toNumber(value) ?? least)), "aria-label": `${label}, slider`, "aria-valuetext": spoken(value, unit) });
  let timer;
  const send = (text, after) => {
    clearTimeout(timer);
    timer = setTimeout(() => set(text), after);
  };
  slider.addEventListener("input", () => {
    field.value = of(Number(slider.value));
    slider.setAttribute("aria-valuetext", spoken(field.value, unit));
    send(field.value, 120);
  });
  field.addEventListener("change", () => send(field.value.trim(), 0));
  field.addEventListener("keydown", (event) => event.key === "Enter" && send(field.value.trim(), 0));
  return el("div", { class: "control" }, el("span", { class: "name", "aria-hidden": "true" }, label), slider, el("span", { class: "value" }, field, el("span", { class: "unit" }, isTime ? "" : unit)), flag && flagName(flag));
}
