// What was typed in each lesson and which are solved, kept by the browser where it allows.

const PREFIX = "lesson:";

/** `{scenario, done}` of a lesson. */
export function progress(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? "{}");
  } catch {
    return {};
  }
}

/** Keeps that, or forgets it where it is null. */
export function keep(name, value) {
  try {
    if (value) localStorage.setItem(PREFIX + name, JSON.stringify(value));
    else localStorage.removeItem(PREFIX + name);
  } catch {
    // Storage is forbidden or full: the lesson goes on without.
  }
}

/** Forgets all of it. */
export function forget() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // There is none.
  }
}

/** A short name for a lesson that has none: of its text. */
export function nameOf(text) {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return `own-${(hash >>> 0).toString(16)}`;
}
