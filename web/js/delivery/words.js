// Numbers, times and sizes in words.

export const number = (value) => Math.round(value).toLocaleString("en");

/** What the second digit of a number counts: 100 of 3,456; 1 of what is smaller than 100. */
export const secondDigit = (value) => 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);

/** A part of a whole: `13.3 %`. */
export const share = (part, whole) => (whole ? `${((100 * part) / whole).toLocaleString("en", { maximumFractionDigits: 1 })} %` : "0 %");

/** Milliseconds: `40 ms`, `10.5 s`, `2 min`. */
export function time(ms) {
  const short = (value) => value.toLocaleString("en", { maximumFractionDigits: 1 });
  if (ms < 1_000) return `${short(ms)} ms`;
  return ms < 120_000 ? `${short(ms / 1_000)} s` : `${short(ms / 60_000)} min`;
}

export function bytes(value) {
  for (const [size, unit] of [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"]]) {
    if (value >= size) return `${(value / size).toLocaleString("en", { maximumFractionDigits: 1 })} ${unit}`;
  }
  return `${value} bytes`;
}

/** Go's way to write a duration, in seconds; null where it is none. */
export function seconds(text) {
  const parts = [...String(text).matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([all]) => all).join("") !== text) return text === "0" ? 0 : null;
  const units = { ns: 1e-9, us: 1e-6, "µs": 1e-6, ms: 1e-3, s: 1, m: 60, h: 3_600 };
  return parts.reduce((sum, [, value, unit]) => sum + value * units[unit], 0);
}

/** Seconds as Go reads them. */
export function duration(value) {
  if (value > 0 && value < 1) return `${Math.round(value * 1_000)}ms`;
  return `${Math.round(value * 1_000) / 1_000}s`;
}

/** What a backend has not in the end and should. */
export const missing = (made) => (made ? made.totals.droppedByBuffer + made.totals.droppedBySize + made.totals.droppedAtStop + made.totals.lost : 0);
