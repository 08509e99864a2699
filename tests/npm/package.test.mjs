import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { consumer, install, installed, root } from "./consumer.mjs";
import { readVectors } from "./read-vectors.mjs";
import { run } from "./vectors.mjs";

install();
const { load } = await import(pathToFileURL(join(installed, "node.js")));
const engine = await load();
const { check, read, explain, record, filesNamed, encodeLink, decodeLink, releases } = engine;
const cli = (path) => readFileSync(join(root, "crates/audit-policy-cli/tests", path), "utf8");
const POLICY = cli("inputs/good.yaml");

/** The value of an answer, which must be one. */
function value(answer) {
  assert.equal(answer.ok, true, JSON.stringify(answer));
  return answer.value;
}

/** The error of an answer that must have none else. */
function error(answer) {
  assert.equal(answer.ok, false);
  assert.equal(answer.value, undefined);
  return answer.error;
}

test("holds what it needs and no more", () => {
  const names = readdirSync(installed).sort();
  const wanted = ["LICENSE", "README.md", "audit-policy.d.ts", "audit-policy.wasm", "bindings.js", "engine.js", "node.js", "package.json", "web.js"];
  assert.deepEqual(names, wanted);
  const { version } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  assert.match(readFileSync(join(root, "Cargo.toml"), "utf8"), new RegExp(`^version = "${version}"$`, "m"));
});

test("says what the command says", () => {
  const json = (name) => JSON.parse(/--- stdout\n([^]*?)\n---/.exec(cli(`snapshots/${name}.txt`))[1]);
  const withoutPath = ({ error, ...checked }) => (error ? { ...checked, error: { ...error, startupMessage: undefined } } : checked);
  const same = (got, wanted) => assert.deepEqual(JSON.parse(JSON.stringify(got)), JSON.parse(JSON.stringify(wanted)));
  for (const [name, file] of [["check_good", "good"], ["check_two_documents", "two-documents"], ["check_unknown_field", "unknown-field"]]) {
    same(value(check(cli(`inputs/${file}.yaml`))), withoutPath(json(`${name}_json`)));
  }
  const http = "GET /api/v1/namespaces/prod/secrets/db HTTP/1.1\r\nHost: kubernetes\r\nUser-Agent: curl/8.5.0\r\n\r\n";
  same(value(explain(POLICY, http)), json("explain_http_json"));
  same(value(record(POLICY, "kubectl get secret db -n prod")), json("record_json"));
  const { kind, message, ...unreadable } = error(explain(POLICY, "what is this"));
  same([kind, message, unreadable], ["request", "this is no request that can be read here", json("explain_no_request_json")]);
  const refused = error(explain(cli("inputs/invalid.yaml"), "kubectl get pods"));
  same([refused.kind, refused.check], ["policy", withoutPath(json("explain_refused_policy_json"))]);
  assert.equal(refused.message, refused.check.error.message);
});

test("answers what was recorded of Kubernetes", () => {
  const { asked, wrong } = run(engine, readVectors());
  assert.deepEqual(wrong.slice(0, 3), []);
  assert.ok(asked > 5000, `${asked} answers were compared`);
});

test("has places in UTF-16 units", () => {
  const policy = "# 😀 é €\napiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n  # 😀😀\n  resource: []\n";
  const [finding] = value(check(policy)).findings;
  assert.equal(policy.slice(finding.span.start, finding.span.end), "resource");
  const [edit] = finding.fix.edits;
  assert.equal(policy.slice(0, edit.span.start) + edit.text + policy.slice(edit.span.end), policy.replace("resource:", "resources:"));
  const request = "😀😀 what is this";
  assert.deepEqual(error(read(request)).findings[0].span, { start: 0, end: request.length });
});

test("takes what is known besides the request", () => {
  const known = {
    kubernetes: "1.30",
    as: { user: "alice", groups: ["dev"], extra: { scopes: ["a"] } },
    from: ["203.0.113.7"],
    response: { code: 404, objects: { request: null } },
    annotations: { ResponseComplete: { a: "b" } },
    auditID: "x",
  };
  const { stages } = value(record("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]", "kubectl get pod web -n prod", known));
  const { event } = stages.find(({ stage }) => stage === "ResponseComplete");
  assert.deepEqual(event.user, { username: "alice", groups: ["dev"], extra: { scopes: ["a"] } });
  assert.deepEqual([event.sourceIPs, event.responseStatus.code, event.auditID, event.annotations], [["203.0.113.7"], 404, "x", { a: "b" }]);
  assert.match(event.userAgent, /^kubectl\/v1\.30/);
  const failed = value(record(POLICY, "kubectl get pods", { as: "nobody" }));
  assert.equal(failed.stages[1].event.responseStatus.code, 401);
  const logs = value(explain(POLICY, "kubectl logs web -n prod", { pick: 1 }));
  assert.equal(logs.pick, 0);
  assert.notEqual(value(explain(POLICY, "kubectl logs web -n prod")).pick, 0);
});

test("reads the files that a command names", () => {
  const command = "kubectl apply -f web.yaml";
  assert.deepEqual(filesNamed(command), ["web.yaml"]);
  assert.deepEqual(filesNamed("kubectl get pods"), []);
  const manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n";
  for (const file of [manifest, new TextEncoder().encode(manifest)]) {
    const { understood, requests } = value(read(command, { files: { "web.yaml": file } }));
    assert.match(understood, /config ?map/i);
    assert.match(requests[0].exchange.request.target, /configmaps/);
  }
});

test("writes and reads links", () => {
  const scenario = { version: 1, kubernetes: "1.30", policy: POLICY, request: "kubectl get pods", as: "nobody", response: { code: 401 } };
  const fragment = value(encodeLink(scenario));
  assert.match(fragment, /^v1\/[\w-]+$/);
  assert.deepEqual(value(decodeLink(fragment)), scenario);
  assert.deepEqual(value(decodeLink(`https://example.com/#${fragment}`)), scenario);
  assert.equal(value(explain(null, `#${fragment}`)).release, "1.30");
  assert.equal(error(decodeLink(fragment.slice(0, 40))).kind, "link");
  assert.equal(error(decodeLink("v9/abc")).findings[0].code, "unknown-link-version");
  assert.equal(error(encodeLink({ request: "kubectl get pods" })).kind, "options");
  assert.match(error(encodeLink({ version: 1, request: "é".repeat(1 << 20) })).message, /larger than 1 MiB/);
});

test("says what is expected to fail, and throws only where a program is wrong", () => {
  const loop = {};
  loop.loop = loop;
  for (const [options, message] of [
    [{ kubernetes: "1.99" }, /1\.99/],
    [{ kubernets: "1.37" }, /`kubernets` is no option/],
    [{ policy: "" }, /`policy` is no option/],
    [{ format: "soap" }, /soap/],
    [{ pick: 7 }, /past the last request/],
    [{ pick: Infinity }, /`pick` is no number in JSON/],
    [{ response: { objects: { request: loop } } }, /holds itself/],
    [{ as: () => {} }, /no plain value/],
    [{ auditID: 1n }, /no plain value/],
  ]) {
    assert.match(error(explain(POLICY, "kubectl get pods", options)).message, message);
  }
  assert.match(error(explain(null, "kubectl get pods")).message, /no policy is given/);
  for (const wrong of [
    () => check(),
    () => check(1),
    () => explain(POLICY),
    () => explain(POLICY, "kubectl get pods", "1.30"),
    () => explain(POLICY, "kubectl get pods", []),
    () => read("kubectl get pods", { files: { a: 1 } }),
    () => encodeLink("v1"),
  ]) {
    assert.throws(wrong, TypeError);
  }
  const own = new Error("mine");
  assert.throws(() => check(POLICY, { get kubernetes() { throw own; } }), own);
});

test("gives objects as JSON.parse does", () => {
  const body = '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"data":{"__proto__":"x"},"big":12345678901234567890}';
  const policy = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Request}]";
  const options = { response: { objects: { request: body } } };
  const { stages } = value(record(policy, "kubectl create configmap a -n prod", options));
  const { requestObject } = stages.find(({ stage }) => stage === "ResponseComplete").event;
  assert.deepEqual(requestObject, JSON.parse(body));
  assert.ok(Object.hasOwn(requestObject.data, "__proto__"));
});

test("stands whatever comes in", () => {
  const texts = ["", "\0", "\ud800", "[".repeat(200_000), "a: &a [*a, *a]\n".repeat(500), "kubectl ".repeat(10_000), "{}", "\ufeff"];
  for (const text of texts) {
    assert.equal(check(text).ok, true);
    for (const answer of [read(text), explain(text, text), record(POLICY, text), decodeLink(text)]) {
      assert.equal(typeof answer.ok, "boolean");
    }
  }
  assert.equal(check(POLICY).value.accepted, true);
});

test("knows its releases", () => {
  const known = releases();
  assert.equal(known[0], value(check(POLICY)).release);
  for (const kubernetes of known) assert.equal(value(check(POLICY, { kubernetes })).release, kubernetes);
});

test("the example of the README runs", () => {
  const [, example] = /```js\n([^]*?)```/.exec(readFileSync(join(installed, "README.md"), "utf8"));
  const file = join(consumer, "example.mjs");
  writeFileSync(file, example);
  const printed = execFileSync(process.execPath, [file], { encoding: "utf8" });
  assert.match(printed, /^Rule 1 matched → Metadata\nRequestReceived omitted\nResponseStarted notProduced\nResponseComplete \{"kind":"Event".*"username":"alice"/);
  assert.match(printed, /\npolicy .+\n$/);
});
