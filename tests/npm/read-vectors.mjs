// The vectors that vectors.mjs asks, from tests/vectors.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const cases = (name) => {
  const file = join(import.meta.dirname, "../vectors", `${name}.jsonl.gz`);
  return gunzipSync(readFileSync(file)).toString().trim().split("\n").map((line) => JSON.parse(line));
};

export function readVectors() {
  const policies = Object.fromEntries(cases("live-policies").map(({ id, policy }) => [id, policy]));
  return { load: cases("load"), requestinfo: cases("requestinfo"), live: cases("live"), policies };
}
