// The package's types are written by hand: the snapshots of the command, which are the engine's own types, must be of them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { consumer, install, root } from "./consumer.mjs";

install();
const snapshots = join(root, "crates/audit-policy-cli/tests/snapshots");
const TYPES = { check: "Check", explain: "Explanation", record: "Recording" };
const OTHER = { explain_refused_policy_json: "Check", explain_no_request_json: 'Pick<Extract<Failure, { kind: "request" }>, "format" | "findings">' };

/** What the command says and the package does not. */
const NOT_HERE = ["record_beside_sinks_json.txt", "record_post_json.txt", "simulate_log_json.txt"];

/** What tsc says of a program that uses the package. */
function compile(name, text) {
  const file = join(consumer, name);
  writeFileSync(file, text);
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const options = ["--strict", "--exactOptionalPropertyTypes", "--noEmit", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom"];
  return spawnSync(process.execPath, [tsc, ...options, file], { encoding: "utf8", cwd: consumer }).stdout;
}

const used = 'import { load, type Check, type Engine, type Explanation, type Failure, type Recording, type Result } from "audit-policy-wasm";\n';
const declarations = readdirSync(snapshots)
  .filter((name) => name.endsWith("json.txt") && !NOT_HERE.includes(name))
  .map((name) => {
    const json = /--- stdout\n([^]*?)\n---/.exec(readFileSync(join(snapshots, name), "utf8"))[1];
    const test = name.replace(".txt", "");
    return `export const ${test}: ${OTHER[test] ?? TYPES[test.split("_")[0]]} = ${json};\n`;
  });

test("the command's snapshots are of the package's types", () => {
  assert.ok(declarations.length >= 7, `${declarations.length} snapshots`);
  assert.equal(compile("snapshots.mts", used + declarations.join("")), "");
});

test("the functions are of their types, and what is wrong is found", () => {
  const program = `${used}
const engine: Engine = await load(new URL("https://example.com/audit-policy.wasm"));
const result: Result<Recording> = engine.record(null, "kubectl get pods", { kubernetes: "1.30", as: "nobody", files: { a: new Uint8Array() } });
if (result.ok) {
  for (const stage of result.value.stages) {
    if (stage.fate === "recorded") stage.line.length;
    else if (stage.fate === "omitted") stage.by === "policy";
  }
} else if (result.error.kind === "policy") result.error.check.error?.message;
export {};
`;
  assert.equal(compile("program.mts", program), "");
  const mistakes = {
    "an unknown member": [`export const a: Check = { release: "1.37", accepted: true, warnings: [], findings: [], more: 1 };`, "more"],
    "a missing member": [`export const a: Check = { release: "1.37", accepted: true, warnings: [] };`, "findings"],
    "an unknown option": [`(await load()).check("", { kubernets: "1.37" });`, "kubernets"],
    "a value that may not be there": [`(await load()).check("").value;`, "value"],
  };
  for (const [what, [line, name]] of Object.entries(mistakes)) {
    assert.match(compile("mistake.mts", `${used}${line}\n`), new RegExp(`error TS.*${name}`), what);
  }
});
