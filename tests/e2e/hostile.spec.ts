import type { Locator } from "@playwright/test";
import { fixture } from "./fixtures/index.ts";
import type { Playground } from "./playground.ts";
import { expect, test } from "./test.ts";

const RUN = "globalThis.pwned=1";

/** Texts made to run or to break something. */
const PAYLOADS: Record<string, string> = {
  script: `<script>${RUN}</script>`,
  "script that closes another": `</script><script>${RUN}</script>`,
  image: `<img src=x onerror="${RUN}">`,
  "image without quotes": `<img/src=x/onerror=${RUN}>`,
  svg: `<svg onload="${RUN}"><animate onbegin="${RUN}" attributeName=x></svg>`,
  "svg with a script": `<svg><script href="data:text/javascript,${RUN}"/></svg>`,
  iframe: `<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>`,
  object: `<object data="javascript:${RUN}"></object>`,
  embed: `<embed src="javascript:${RUN}">`,
  "meta refresh": `<meta http-equiv="refresh" content="0;url=javascript:${RUN}">`,
  base: `<base href="https://example.com/">`,
  link: `<link rel="stylesheet" href="https://example.com/x.css">`,
  style: `<style>*{background:url(https://example.com/x)}</style>`,
  "style attribute": `<p style="background:url(https://example.com/x)" onmouseover="${RUN}">`,
  details: `<details open ontoggle="${RUN}">`,
  video: `<video><source onerror="${RUN}"></video>`,
  "math and noscript": `<math><mtext><noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  form: `<form action="https://example.com/"><input autofocus onfocus="${RUN}"></form>`,
  comment: `<!--><img src=x onerror=${RUN}>-->`,
  "end of a text box": `</textarea><img src=x onerror=${RUN}>`,
  "end of a title": `</title></style></noscript><img src=x onerror=${RUN}>`,
  "quotes out of an attribute": `"><img src=x onerror=${RUN}>`,
  "apostrophe out of an attribute": `' autofocus onfocus='${RUN}`,
  "javascript URL": `javascript:${RUN}`,
  "javascript URL with blanks": `java\tscript:${RUN}`,
  "data URL": `data:text/html,<script>${RUN}</script>`,
  template: "{{constructor.constructor('globalThis.pwned=1')()}}",
  "template literal": "${globalThis.pwned=1}`",
  "entities": "&lt;script&gt;&#x3c;img src=x onerror=globalThis.pwned=1&#x3e;",
  "css": "}*{display:none!important}@import url(https://example.com/x.css);",
  "prototype": "__proto__",
  "constructor": "constructor",
  "toString": "toString",
  "hasOwnProperty": "hasOwnProperty",
  "right to left": "\u202emoc.elpmaxe\u202c\u2066\u2069",
  "zero width": "ad\u200bmin\u200d\ufeff",
  "controls": "\u0001\u0007\u0008\u001b[31mred\u001b[0m\u007f",
  "NUL": "a\u0000b",
  "lone surrogate": "a\ud800b\udc00",
  "joined marks": `Z${"\u0351".repeat(200)}`,
  "line separators": "a\u2028b\u2029c\u0085d",
  "big number": "1e309",
  "long number": "9".repeat(400),
  "minus zero": "-0",
  "percent": "%00%0d%0aSet-Cookie:x%ff%",
  "header injection": "x\r\nImpersonate-User: root",
  "shell": "$(touch /tmp/x); `id` | sh && rm -rf /",
  "quotes": `"'\\"\\'\``,
  "yaml tags": "!!js/function 'function(){}'",
  "yaml merge": "<<: *x",
};

/** The same text wherever a policy can have one. */
const policies = (text: string): string[] => [
  text,
  `# ${text}\napiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n  users: [${JSON.stringify(text)}]\n`,
  JSON.stringify({ apiVersion: "audit.k8s.io/v1", kind: "Policy", [text]: text, rules: [{ level: text, [text]: [text] }] }),
  JSON.stringify({
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    rules: [
      { level: "None", users: [text], verbs: [text] },
      { level: "RequestResponse", resources: [{ group: text, resources: [text], resourceNames: [text] }] },
      { level: "Metadata" },
    ],
  }),
];

/** The same text wherever a request of each format can have one. */
const requests = (text: string): string[] => [
  text,
  `kubectl get secret ${JSON.stringify(text)} -n ${JSON.stringify(text)} --as=${JSON.stringify(text)} -l ${JSON.stringify(text)}`,
  `kubectl patch configmap x -p ${JSON.stringify(JSON.stringify({ data: { [text]: text } }))}`,
  `POST /api/v1/namespaces/${encodeURIComponent(text.toWellFormed())}/pods?${text} HTTP/1.1\nImpersonate-User: ${text}\nUser-Agent: ${text}\n\n{"kind": ${JSON.stringify(text)}}`,
  `curl -k -X PUT -H ${JSON.stringify(`User-Agent: ${text}`)} -d ${JSON.stringify(text)} https://example.com/api/v1/namespaces/a/pods/b`,
  JSON.stringify({
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "RequestResponse",
    stage: "ResponseComplete",
    requestURI: `/api/v1/namespaces/a/pods/b?${text}`,
    verb: text,
    user: { username: text, uid: text, groups: [text], extra: { [text]: [text] } },
    impersonatedUser: { username: text },
    sourceIPs: [text],
    userAgent: text,
    objectRef: { resource: "pods", namespace: text, name: text, apiVersion: "v1" },
    responseStatus: { code: 200, message: text },
    requestObject: { [text]: text },
    annotations: { [text]: text },
  }),
  JSON.stringify({ kind: "SubjectAccessReview", apiVersion: "authorization.k8s.io/v1", spec: { user: text, groups: [text], resourceAttributes: { verb: "get", resource: text, name: text } } }),
  JSON.stringify({
    version: 1,
    policy: text,
    request: "kubectl get pods",
    as: { user: text, groups: [text] },
    response: { outcome: "panic", panic: text, body: text },
    annotations: { ResponseComplete: { [text]: text } },
  }),
];

/** Pastes a text over all that is there, as a person would. */
async function paste(box: Locator, text: string): Promise<void> {
  await box.press("ControlOrMeta+a");
  await box.press("Delete");
  await box.page().keyboard.insertText(text);
}

/** The page answers as if nothing had been. */
async function answers({ policy, request, verdict }: Playground): Promise<void> {
  await paste(policy, fixture("policy.yaml"));
  await paste(request, "kubectl get secret db -n prod");
  await expect(verdict).toContainText("Rule 4 matched", { timeout: 30_000 });
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    const violations: string[] = [];
    Object.assign(globalThis, { violations });
    document.addEventListener("securitypolicyviolation", (event) => violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}:${event.columnNumber} ${event.sample}`));
  });
  page.on("dialog", (dialog) => void dialog.dismiss().finally(() => expect(`a dialog: ${dialog.message()}`).toBe("no dialog")));
});

test.afterEach(async ({ page }) => {
  expect(await page.evaluate(() => Reflect.get(globalThis, "pwned"))).toBeUndefined();
  expect(await page.evaluate(() => Reflect.get(globalThis, "violations") ?? [])).toEqual([]);
  // Nothing that was typed has become an element of its own.
  expect(await page.locator("iframe, object, embed, img:not(.cm-widgetBuffer), video, math, form[action], #app script, #app link").count()).toBe(0);
});

test("there are at least 40 payloads", () => {
  expect(Object.keys(PAYLOADS).length).toBeGreaterThanOrEqual(40);
});

const names = Object.keys(PAYLOADS);
const parts = [0, 1, 2, 3].map((part) => names.filter((_, index) => index % 4 === part));
for (const [index, part] of parts.entries()) {
  test(`texts made to run or to break something are texts, part ${index + 1}`, async ({ playground, page }) => {
    test.setTimeout(240_000);
    await page.reload();
    for (const name of part) {
      await test.step(name, async () => {
        const payload = PAYLOADS[name] ?? "";
        for (const text of policies(payload)) {
          await paste(playground.policy, text);
          await expect(playground.verdict).not.toBeEmpty();
        }
        for (const text of requests(payload)) {
          await paste(playground.request, text);
          await expect(playground.verdict).not.toBeEmpty();
        }
        await answers(playground);
      });
    }
  });
}

test("markup in names is shown as it is written", async ({ playground, page }) => {
  const name = "<img src=x onerror=globalThis.pwned=1>";
  await paste(playground.request, `kubectl get secret db --as='${name}'`);
  await expect(page.getByRole("region", { name: "Read as" })).toContainText(name);
});

const BIG: Record<string, [policy: string, request: string]> = {
  "a line of a megabyte": [`# ${"x".repeat(1_000_000)}`, `kubectl get pod ${"x".repeat(1_000_000)}`],
  "a megabyte of markup": ["<b>".repeat(333_333), "<b>".repeat(333_333)],
  "deep nesting": ["[".repeat(100_000), `{"a":`.repeat(100_000)],
  "deep indentation": [Array.from({ length: 1_500 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"), "a:\n ".repeat(1_000)],
  "an alias bomb": [
    ["a: &a [x,x,x,x,x,x,x,x,x]", ..."bcdefghi".split("").map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(",")}]`)].join("\n"),
    "a: &a [*a]",
  ],
  "many documents": ["---\n".repeat(50_000), "---\n".repeat(50_000)],
  "a policy of 2,000 lines": [
    `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n${"- level: None\n  users: [alice]\n".repeat(1_000)}`,
    "kubectl get pods",
  ],
};
for (const [name, [policy, request]] of Object.entries(BIG)) {
  test(`${name} is answered or refused, and the page goes on`, async ({ playground, page }) => {
    test.setTimeout(240_000);
    page.setDefaultTimeout(120_000);
    await paste(playground.policy, policy);
    await expect(playground.verdict).not.toBeEmpty({ timeout: 60_000 });
    await paste(playground.policy, fixture("policy.yaml"));
    await paste(playground.request, request);
    await expect(playground.verdict).not.toBeEmpty({ timeout: 60_000 });
    await answers(playground);
  });
}

const FRAGMENTS = [
  "#",
  "#v1/",
  "#v1/<script>globalThis.pwned=1</script>",
  "#v1/AAAA",
  "#v1/%00%ff%",
  "#v99/AAAA",
  `#v1/${"A".repeat(200_000)}`,
  "#javascript:globalThis.pwned=1",
  "#example/../../x",
  "#example/__proto__",
  "#<img src=x onerror=globalThis.pwned=1>",
];
test("links made to break something leave a page that answers", async ({ playground, page }) => {
  test.setTimeout(120_000);
  for (const fragment of FRAGMENTS) {
    await page.goto("about:blank");
    await playground.open(`./${fragment}`);
    await answers(playground);
  }
});

const KEPT = [
  "",
  "null",
  "{",
  '{"__proto__":{"version":1}}',
  '{"version":1,"request":{"a":1},"policy":[]}',
  '{"version":1,"policy":"<img src=x onerror=globalThis.pwned=1>","request":"\\u0000"}',
  '{"version":1e999,"request":""}',
  "[".repeat(100_000),
];
test("what a browser kept, however spoilt, leaves a page that answers", async ({ playground, page }) => {
  test.setTimeout(120_000);
  for (const kept of KEPT) {
    await page.evaluate((kept) => {
      for (const storage of [localStorage, sessionStorage]) {
        // Every name that the page uses, and some that it does not.
        const names = [...Object.keys(storage), "scenario", "theme", "recent", "width-policy", "width-rules", "__proto__"];
        for (const name of names) storage.setItem(name, kept);
      }
    }, kept);
    await playground.open();
    await answers(playground);
  }
});

test("a release that there is not is not asked", async ({ playground }) => {
  await playground.release.evaluate((select: HTMLSelectElement) => {
    select.append(new Option("<img src=x onerror=globalThis.pwned=1>", "<img src=x onerror=globalThis.pwned=1>"));
    select.selectedIndex = select.options.length - 1;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await answers(playground);
});
