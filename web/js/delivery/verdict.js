// The verdict of a delivery in a sentence, and its figures.
import { el, icon } from "../lessons/dom.js";
import { bytes, missing, number, share, time } from "./words.js";

/** From so many milliseconds on a request's wait comes before all that arrives: people and controllers feel it. */
const LONG = 1_000;

const ICONS = { error: "i-err", warning: "i-warn", neutral: "i-info", good: "i-check" };

/** All that events go to, each with its name. */
const all = ({ log, webhook, sinks = [] }) => [["the log", log], ["the webhook", webhook], ...sinks.map((made) => [`AuditSink ${made.name}`, made])].filter(([, made]) => made);

function lostWords(delivery) {
  const to = all(delivery);
  const parts = to.filter(([, made]) => missing(made) > 0);
  return parts.map(([name, made]) => `${number(missing(made))} of ${number(made.totals.events)} events lost${to.length > 1 ? ` by ${name}` : ""}`).join(", ");
}

/** How long requests wait: each of them as long, or half of them at least so long. */
function waitWords({ p50Ms, maxMs }) {
  return p50Ms >= maxMs * 0.95 ? `Each request waits ${time(p50Ms)}` : `Half of the requests wait ${time(p50Ms)} or longer`;
}

/** How it is: `[style, words]`. */
function of(delivery) {
  const { clients } = delivery;
  const to = all(delivery);
  if (to.some(([, made]) => missing(made) > 0)) return ["error", lostWords(delivery)];
  if (clients.answered500 > 0) return ["error", `${number(clients.answered500)} of ${number(clients.requests)} requests answered 500`];
  if (to.length === 0) return ["error", "Nothing is delivered"];
  if (clients.events === 0) return ["neutral", "No event is recorded"];
  if (clients.addedLatency.p50Ms >= LONG) return ["warning", waitWords(clients.addedLatency)];
  return ["good", "Every event arrives"];
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");

/** Says a verdict in the view's place for it. */
export function say(place, style, words, ...more) {
  place.className = `verdict-of-delivery ${style}`;
  place.replaceChildren(icon(ICONS[style]), el("h2", {}, words), el("div", { class: "grow" }, more));
}

/** Says a delivery's verdict. */
export function tell(place, delivery) {
  const [style, words] = of(delivery);
  const limits = delivery.clients.events > 0 ? delivery.limits.map(({ text }) => el("p", {}, sentence(text))) : [el("p", {}, "The policy records nothing of what arrives.")];
  say(place, style, words, style === "warning" && el("p", {}, "Every event arrives."), limits, delivery.notes.map((note) => el("p", { class: "soft" }, sentence(note))));
}

/** The figures of one backend, and of the clients. */
export function figures({ clients }, made) {
  const row = (value, name, style) => el("div", { class: style }, el("dt", {}, name), el("dd", {}, value));
  const { totals } = made;
  const gone = missing(made);
  return [
    row(number(clients.requests), `requests, ${number(clients.events)} events`),
    row(number(totals.written), `written${totals.batches ? ` in ${number(totals.batches)} batches` : ""}, ${bytes(totals.bytes)}${totals.waiting ? `, ${number(totals.waiting)} still waiting` : ""}`),
    row(share(gone, totals.events), "lost", gone ? "bad" : null),
    row(number(totals.mostHeld), "most events waiting"),
    row(time(totals.delay.p50Ms), `until written; ${time(totals.delay.p99Ms)} at the 99th percentile`),
    row(time(clients.addedLatency.p50Ms), `added to a request; ${time(clients.addedLatency.p99Ms)} at the 99th percentile`, clients.addedLatency.p50Ms >= LONG ? "slow" : null),
    row(number(clients.answered500), "requests answered 500", clients.answered500 ? "bad" : null),
  ];
}
