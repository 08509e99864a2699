// A slice of the recorded vectors, asked through the package's functions. Knows neither Node.js nor browsers: both run it.

/** Every `step`th case of each kind; what disagrees, and how many were asked. */
export function run(engine, vectors, step = 1) {
  const outcome = { asked: 0, wrong: [] };
  const kinds = { load, requestinfo, live };
  for (const [kind, ask] of Object.entries(kinds)) {
    const cases = vectors[kind].filter((one, index) => index % step === 0);
    for (const one of cases) {
      for (const [what, got, wanted] of ask(engine, one, vectors)) {
        outcome.asked += 1;
        if (JSON.stringify(got) !== JSON.stringify(wanted)) outcome.wrong.push({ id: one.id, what, got, wanted });
      }
    }
  }
  return outcome;
}

/** Whether a policy loads, in the newest release and in each older one that answers otherwise; messages where they are compared, from 1.26. */
function* load(engine, one) {
  // The package takes text, and knows no path.
  if (typeof one.policy !== "string" || one.file) return;
  const older = (one.older ?? []).map(({ versions, out }) => [versions[0], { ...one.out, ...out }]);
  for (const [version, out] of [[one.versions[0], one.out], ...older]) {
    const kubernetes = version.replace(/^0\./, "1.");
    const { ok, value } = engine.check(one.policy, { kubernetes });
    if (out.accepted === null || out.accepted === undefined) continue;
    yield [`ok in ${kubernetes}`, ok, true];
    yield [`accepted in ${kubernetes}`, value.accepted, out.accepted];
    if (Number(kubernetes.slice(2)) < 26 || one.errorFrom === "yaml-parser") continue;
    yield [`error in ${kubernetes}`, value.error?.message ?? null, out.error];
    yield [`warnings in ${kubernetes}`, value.warnings, out.warnings];
  }
}

/** What the rules look at of a request line. */
function* requestinfo(engine, one) {
  const { method, url, out } = one;
  if (typeof url !== "string" || typeof out.verb !== "string" || out.error !== null || /[^!-~]/.test(url) || !url.startsWith("/")) return;
  const answer = engine.explain(ALL, `${method} ${url} HTTP/1.1\r\nHost: kubernetes\r\n\r\n`, { format: "http" });
  const attributes = answer.value?.requests[0].attributes;
  if (!attributes) return;
  const { verb, isResourceRequest: resourceRequest, namespace, apiGroup, apiVersion, resource, subresource, name } = out;
  for (const [key, wanted] of Object.entries({ verb, resourceRequest, namespace, apiGroup, apiVersion, resource, subresource, name })) {
    yield [key, attributes[key], wanted];
  }
}

const ALL = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n";

/** What a running server logged, byte for byte. */
function* live(engine, one, { policies }) {
  const { request, context, lines, objects } = one;
  const texts = [request, ...lines, objects?.request ?? "", objects?.response ?? ""];
  if (one.legacy || !texts.every((text) => typeof text === "string")) return;
  // What only the recording's own adapter knows how to give: impersonation, panics, and placeholders for secrets inside objects.
  if (/impersonat/i.test(request) || context.outcome === "panicked" || texts.some((text) => /<(token:|jwt)|\\u003c(token:|jwt)/.test(text.slice(text.indexOf("\r\n\r\n") + 1)))) return;
  const code = context.responseCode ?? Number(/^HTTP\/\S+ (\d+)/.exec(one.response ?? "")?.[1] ?? NaN);
  if (!(code >= 100) || !context.user?.username || !context.sourceIPs) return;
  // Text that stands for bytes.
  if (/vnd\.kubernetes\.protobuf/.test(request)) return;
  const { username: user, uid, groups, extra } = context.user;
  const answer = engine.record(policies[one.policy], request, {
    format: "http",
    as: code === 401 ? "nobody" : drop({ user, uid, groups: groups ?? null, extra }),
    from: context.sourceIPs,
    response: { code, body: body(one.response), objects: { request: objects?.request ?? null, response: objects?.response ?? null } },
    annotations: context.annotations ?? {},
    times: drop({ requestReceived: context.requestReceivedTimestamp, ...context.stageTimestamps }),
    ...drop({ auditID: context.auditID }),
  });
  const got = answer.ok ? answer.value.stages.filter(({ fate }) => fate === "recorded").map(({ line }) => line) : answer.error;
  yield ["lines", got, lines];
}

const drop = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
const body = (response) => (typeof response === "string" ? response.slice(response.indexOf("\r\n\r\n") + 4) : "");
