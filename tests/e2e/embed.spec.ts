import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Frame, type Page } from "@playwright/test";

const POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
rules:
  # "two"  spaces, *stars*, a < b & c

  - level: Metadata
    resources:
      - group: ""
        resources: [secrets]
  - level: None
`;
const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const texts = (policy = POLICY, request = "kubectl get secret db -n prod") =>
  `<pre data-policy>\n${escape(policy)}</pre>\n<pre data-request>\n${escape(request)}</pre>`;
const element = (attributes = "", content = texts()) => `<audit-policy-playground ${attributes}>${content}</audit-policy-playground>`;

interface Host {
  /** Serves a page with this body, and opens it. */
  open(body: string, options?: { dark?: boolean; playground?: string }): Promise<void>;
  answers(): Promise<{ verdict: string; rule: number | null; level: string | null; stages: Record<string, string> }[]>;
}

/** A page of another origin than the playground's, under a strict content security policy. */
const test = base.extend<{ host: Host }>({
  host: async ({ page, baseURL }, use) => {
    let served = "";
    const types: Record<string, string> = { "/": "text/html; charset=utf-8", "/look.css": "text/css", "/heard.js": "text/javascript" };
    const made: Record<string, string> = {
      "/look.css": "body { max-width: 760px; margin: auto; font: 16px sans-serif } .dark { background: #111; color: #eee }",
      "/heard.js": "window.heard = []; addEventListener('answer', ({ detail }) => window.heard.push(detail));",
    };
    const origin = new URL(baseURL ?? "").origin;
    const server: Server = createServer((request, response) => {
      const path = new URL(request.url ?? "", "http://localhost").pathname;
      const policy = `default-src 'none'; script-src 'self' ${origin}; frame-src ${origin}; style-src 'self'`;
      response.writeHead(types[path] ? 200 : 404, { "Content-Type": types[path] ?? "text/plain", "Content-Security-Policy": policy });
      response.end(path === "/" ? served : made[path]);
    }).listen(0, "127.0.0.1");
    await new Promise((listening) => server.once("listening", listening));
    const troubles: string[] = [];
    page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
    page.on("pageerror", (error) => troubles.push(error.message));
    await use({
      open: async (body, { dark, playground = baseURL } = {}) => {
        served = `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width, initial-scale=1"><title>A page</title><link rel="stylesheet" href="look.css">
<script src="heard.js"></script></head><body${dark ? ' class="dark"' : ""}><main><h1>A page</h1><button>Before</button>${body}<button>After</button></main><script src="${playground}embed.js" async></script></body></html>`;
        await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      },
      answers: () => page.evaluate(() => (window as unknown as { heard: never[] }).heard),
    });
    server.close();
    expect(troubles.filter((text) => !text.includes("net::ERR") && !text.includes("404"))).toEqual([]);
  },
});

const inFrame = (page: Page, index = 0) => page.frameLocator("audit-policy-playground iframe").nth(index);
const verdict = (page: Page, index = 0) => inFrame(page, index).getByRole("status", { name: "Verdict" });
const box = (page: Page, name: string) => inFrame(page).getByRole("textbox", { name, exact: true });
const frames = (page: Page): Frame[] => page.frames().filter((frame) => frame !== page.mainFrame());
const value = (page: Page, name: string) => box(page, name).evaluate((element) => (element as HTMLInputElement).value);

test("a page of another origin shows its own policy, and hears the answer", async ({ page, host }) => {
  await host.open(element("editable release=1.30"));
  await expect(verdict(page)).toContainText("Rule 1 matched");
  expect(await value(page, "Policy")).toBe(POLICY);
  await expect(inFrame(page).getByText("Kubernetes 1.30")).toBeVisible();
  await expect(page.locator("pre[data-policy]")).toBeHidden();
  await expect.poll(async () => (await host.answers()).at(-1)).toEqual({
    verdict: "Rule 1 matched → Metadata",
    rule: 0,
    level: "Metadata",
    stages: { RequestReceived: "recorded", ResponseStarted: "not produced", ResponseComplete: "recorded", Panic: "not produced" },
  });
  await box(page, "Request").press("ControlOrMeta+A");
  await box(page, "Request").pressSequentially("kubectl get pods");
  await expect(verdict(page)).toContainText("Rule 2 matched");
  await expect.poll(async () => (await host.answers()).at(-1)?.rule).toBe(1);
  await inFrame(page).getByRole("button", { name: "Reset" }).click();
  await expect(verdict(page)).toContainText("Rule 1 matched");
  // The reader's Back leaves the page, and nothing is kept.
  expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2);
  expect(await frames(page)[0]?.evaluate(() => { try { return localStorage.length; } catch { return "nothing"; } })).toBe("nothing");
});

test("the tag and the listener of the documentation work as they stand there", async ({ page, host, baseURL }) => {
  const guide = readFileSync("docs/site/5-embedding.md", "utf8");
  const block = (kind: string) => guide.split(`\`\`\`${kind}\n`)[1]?.split("```")[0] ?? "";
  const [script, ...rest] = block("html").split("\n");
  expect(script).toBe('<script src="https://playground.example/embed.js" async></script>');
  await host.open(rest.join("\n"), { playground: baseURL ?? "" });
  await page.evaluate(block("js").replace("// {", "window.told = detail; // {"));
  await expect(verdict(page)).toContainText("Rule 1 matched");
  await box(page, "Request").press("ControlOrMeta+A");
  await box(page, "Request").pressSequentially("kubectl get pods");
  await expect.poll(() => page.evaluate(() => (window as unknown as { told?: { verdict: string } }).told?.verdict)).toBe("No rule matched → None");
});

test("the full playground opens with what is typed", async ({ page, host, context }) => {
  await host.open(element("editable"));
  // Its box is locked until the text of the page is in it.
  await expect(box(page, "Request")).toBeEditable();
  await box(page, "Request").press("ControlOrMeta+A");
  await box(page, "Request").pressSequentially("kubectl delete pod a");
  await expect(verdict(page)).toContainText("Rule 2 matched");
  const [opened] = await Promise.all([context.waitForEvent("page"), inFrame(page).getByRole("link", { name: "Open in playground" }).click()]);
  await expect(opened.getByRole("status", { name: "Verdict" })).toContainText("Rule 2 matched");
  expect(await opened.getByRole("textbox", { name: "Policy", exact: true }).evaluate((element) => (element as HTMLInputElement).value)).toBe(POLICY);
  await expect(opened.getByRole("combobox", { name: "Kubernetes release" })).toBeVisible();
});

test("without `editable` the texts are only read", async ({ page, host }) => {
  await host.open(element());
  await expect(verdict(page)).toContainText("Rule 1 matched");
  await box(page, "Policy").press("ControlOrMeta+A");
  await page.keyboard.type("x");
  expect(await value(page, "Policy")).toBe(POLICY);
  await expect(inFrame(page).getByRole("tablist", { name: "Request format" })).toBeHidden();
  await expect(inFrame(page).getByRole("button", { name: "Reset" })).toHaveCount(0);
});

test("the frame is as high as what it holds, or as is said", async ({ page, host }) => {
  await host.open(element("view=policy", texts("rules: []\n")) + element("view=policy") + element("height=333"));
  const heights = () => page.locator("audit-policy-playground").evaluateAll((all) => all.map((each) => (each as HTMLElement).offsetHeight));
  await expect(verdict(page, 2)).toContainText("Rule 1 matched");
  await expect.poll(async () => (await heights())[2]).toBe(333);
  await expect.poll(async () => { const [first = 0, second = 0] = await heights(); return first >= 180 && first <= 460 && second >= 180 && second <= 460; }).toBe(true);
  await page.locator("audit-policy-playground").nth(2).evaluate((each) => each.setAttribute("height", "400"));
  await expect.poll(async () => (await heights())[2]).toBe(400);
});

/** What is cut in a frame: each part that scrolls and is shown, with what it holds and shows. */
const cut = (frame: Frame) =>
  frame.locator(".cm-scroller, .scroll").evaluateAll((parts) =>
    parts.filter((part) => part.getClientRects().length > 0 && part.scrollHeight > part.clientHeight).map((part) => `${part.className}: ${part.scrollHeight} in ${part.clientHeight}`),
  );

for (const width of [1440, 760, 390]) {
  test(`three frames that load together are high enough, at ${width} pixels`, async ({ page, host }) => {
    await page.setViewportSize({ width, height: 1_400 });
    let before: number[] | undefined;
    for (let time = 0; time < 3; time += 1) {
      await host.open(element("editable") + element("view=policy") + element("view=result"));
      for (const index of [0, 1, 2]) await expect(verdict(page, index)).toContainText("Rule 1 matched");
      await expect.poll(async () => (await Promise.all(frames(page).map(cut))).flat()).toEqual([]);
      const heights = await page.locator("audit-policy-playground").evaluateAll((all) => all.map((each) => (each as HTMLElement).offsetHeight));
      expect(heights).toEqual(before ?? heights);
      before = heights;
    }
  });
}

test("a low frame that is to be higher is made so", async ({ page, host }) => {
  await host.open(element("height=60"));
  await expect(verdict(page)).toContainText("Rule 1 matched");
  await page.locator("audit-policy-playground").evaluate((each) => each.removeAttribute("height"));
  await expect.poll(() => cut(frames(page)[0] as Frame)).toEqual([]);
});

test("the theme is the page's, and follows it", async ({ page, host }) => {
  await host.open(element(), { dark: true });
  await expect(verdict(page)).toBeVisible();
  const theme = () => frames(page)[0]?.evaluate(() => document.documentElement.dataset.theme);
  await expect.poll(theme).toBe("dark");
  await page.evaluate(() => (document.body.className = ""));
  await expect.poll(theme).toBe("light");
  await page.evaluate(() => document.documentElement.setAttribute("data-md-color-scheme", "slate"));
  await expect.poll(theme).toBe("dark");
  await page.locator("audit-policy-playground").evaluate((each) => each.setAttribute("theme", "light"));
  await expect.poll(theme).toBe("light");
});

test("three on one page, one put there later, each with its own text", async ({ page, host }) => {
  const second = texts(POLICY.replace("Metadata", "Request"));
  await host.open(element() + element("view=result", second) + element('src="#example/a-panic"'));
  for (const [index, words] of [[0, "Metadata"], [1, "Request"], [2, "Rule 1 matched"]] as const) {
    await page.locator("audit-policy-playground").nth(index).scrollIntoViewIfNeeded();
    await expect(verdict(page, index)).toContainText(words);
  }
  await page.evaluate((content) => {
    const late = document.createElement("audit-policy-playground");
    late.setAttribute("policy", content);
    late.setAttribute("request", "GET /healthz");
    document.querySelector("h1")?.after(late);
  }, POLICY);
  await page.locator("audit-policy-playground").first().scrollIntoViewIfNeeded();
  await expect(verdict(page)).toContainText("Rule 2 matched");
});

test("the keyboard goes through and out", async ({ page, host }) => {
  await host.open(element("editable"));
  await expect(verdict(page)).toBeVisible();
  await expect(page.locator("body")).toBeFocused();
  await page.getByRole("button", { name: "Before" }).focus();
  const after = page.getByRole("button", { name: "After" });
  let presses = 0;
  while (presses < 60 && !(await after.evaluate((button) => button === document.activeElement))) {
    // In an editor Tab indents, until Escape.
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    presses += 1;
  }
  expect(presses).toBeGreaterThan(4);
  await expect(after).toBeFocused();
  expect(await value(page, "Policy")).toBe(POLICY);
});

test("in an editor it is said how to leave it", async ({ page, host }) => {
  await host.open(element("editable") + element());
  const hint = (index: number) => inFrame(page, index).locator(".embed-foot").getByText("Esc, Tab leaves");
  for (const name of ["Policy", "Request"]) {
    await expect(hint(0)).toBeHidden();
    await box(page, name).focus();
    await expect(hint(0)).toBeVisible();
    await page.getByRole("button", { name: "Before" }).focus();
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await inFrame(page).getByRole("tab", { name: "Policy" }).click();
  await box(page, "Policy").focus();
  await expect(hint(0)).toBeVisible();
  expect(await frames(page)[0]?.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  // Where nothing can be typed, Tab leaves as everywhere.
  await inFrame(page, 1).getByRole("tab", { name: "Policy" }).click();
  await inFrame(page, 1).getByRole("textbox", { name: "Policy", exact: true }).focus();
  await expect(hint(1)).toBeHidden();
});

test("a phone shows one part at a time", async ({ page, host }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await host.open(element("editable"));
  await expect(verdict(page)).toContainText("Rule 1 matched");
  await inFrame(page).getByRole("tab", { name: "Policy" }).click();
  await expect(box(page, "Policy")).toBeVisible();
  const width = await frames(page)[0]?.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
});

for (const width of [1440, 390]) {
  test(`a view shows its parts only, and no tabs for the others, at ${width} pixels`, async ({ page, host }) => {
    await page.setViewportSize({ width, height: 1_400 });
    await host.open(element("view=policy") + element("view=result"));
    for (const index of [0, 1]) await expect(verdict(page, index)).toContainText("Rule 1 matched");
    for (const [index, shown] of [[0, ["policy"]], [1, ["request", "rules"]]] as const) {
      const frame = inFrame(page, index);
      for (const part of ["policy", "request", "rules"]) await expect(frame.locator(`.pane.${part}`)).toBeVisible({ visible: shown.some((each) => each === part) });
      await expect(frame.getByRole("tablist", { name: "Panes" })).toBeHidden();
    }
    await expect(inFrame(page, 1).getByRole("tab", { name: "Rules" })).toHaveAttribute("aria-selected", "true");
    // What leads to a line of the policy leads nowhere in a view without it.
    await inFrame(page, 1).getByText("line 6").click();
    await expect(inFrame(page, 1).locator(".pane.rules")).toBeVisible();
    await expect.poll(async () => (await Promise.all(frames(page).map(cut))).flat()).toEqual([]);
  });
}

test("without the playground the texts stay", async ({ page, host, baseURL }) => {
  await page.route(`${baseURL}?embed**`, (route) => route.abort());
  await page.clock.install();
  await host.open(element());
  await expect(page.locator("audit-policy-playground iframe")).toBeAttached();
  await page.clock.runFor(16_000);
  await expect(page.getByText("The playground did not load. This is its text.")).toBeVisible();
  await expect(page.locator("pre[data-policy]")).toBeVisible();
});

test("what is wrong with an attribute is said beside the texts, and nothing else is answered", async ({ page, host, baseURL }) => {
  const warned: string[] = [];
  page.on("console", (message) => message.type() === "warning" && warned.push(message.text()));
  const wrong = {
    "release=9.99": 'release="9.99": give one from 1.4 to 1.37',
    'src="#nonsense"': 'src="#nonsense": give a link of the playground (#v1/…) or an example (#example/a-panic)',
    'src="#example/nonsense"': 'src="#example/nonsense": there is no example nonsense',
    'src="#v1/____"': 'src="#v1/____": ',
    "format=smoke": "The playground does not open this: ",
  };
  for (const [attribute, words] of Object.entries(wrong)) {
    await host.open(element(attribute));
    await expect(page.locator("audit-policy-playground").getByRole("status")).toContainText(words);
    await expect(page.locator("pre[data-policy]")).toBeVisible();
    await expect(page.locator("audit-policy-playground iframe")).toHaveCount(0);
    expect(await host.answers()).toEqual([]);
    expect(warned.at(-1)).toContain(words);
  }
  // What is mended is shown.
  await page.locator("audit-policy-playground").evaluate((each) => (each.removeAttribute("format"), each.setAttribute("release", "v1.30.2")));
  await expect(verdict(page)).toContainText("Rule 1 matched");
  await expect(page.locator("pre[data-policy]")).toBeHidden();
  await expect(page.getByText("The playground does not open this")).toBeHidden();
  // The releases are those of the playground.
  await page.goto(baseURL ?? "");
  const releases = await page.getByRole("combobox", { name: "Kubernetes release" }).locator("option").evaluateAll((all) => all.map((option) => (option as HTMLOptionElement).value));
  const minors = releases.map((release) => Number(release.split(".")[1]));
  expect([Math.min(...minors), Math.max(...minors)]).toEqual([4, 37]);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });
  test("the texts are there", async ({ page, host }) => {
    await host.open(element());
    await expect(page.locator("pre[data-policy]")).toContainText('# "two"  spaces, *stars*, a < b & c');
    await expect(page.locator("pre[data-request]")).toBeVisible();
  });
});

test("hostile texts and messages do nothing", async ({ page, host }) => {
  const hostile = `rules: [] # </pre><script>top.ran = 1</script><img src=x onerror="top.ran = 1">\n`;
  await host.open(element(`title="<img src=x onerror=ran=1>"`, texts(hostile, "<svg onload=top.ran=1>")));
  await expect(verdict(page)).toBeVisible();
  // Only the frame's own messages count.
  await page.evaluate(() => postMessage({ type: "audit-policy-playground", height: 9_999, answer: { verdict: "forged" } }, "*"));
  await expect.poll(async () => (await host.answers()).length).toBeGreaterThan(0);
  expect((await host.answers()).map(({ verdict }) => verdict)).not.toContain("forged");
  expect(await page.evaluate(() => (window as unknown as { ran?: number }).ran)).toBeUndefined();
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme} colours`, () => {
    test.use({ colorScheme });
    test("axe finds nothing in a frame or around it", async ({ page, host }, info) => {
      await host.open(element("editable") + element(), { dark: colorScheme === "dark" });
      await expect(verdict(page, 1)).toBeVisible();
      // Each frame is a document of its own, with landmarks of its own.
      const ofOneDocument = ["landmark-unique", "landmark-no-duplicate-main", "landmark-no-duplicate-contentinfo", "landmark-main-is-top-level", "landmark-contentinfo-is-top-level"];
      const { violations } = await new AxeBuilder({ page }).disableRules(ofOneDocument).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`)).toEqual([]);
      await info.attach(`embed-${colorScheme}`, { body: await page.screenshot({ fullPage: true }), contentType: "image/png" });
    });
  });
}

test("the share menu writes the tag for what is typed", async ({ page, host, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(baseURL ?? "");
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("button", { name: "Copy as HTML to embed" }).click();
  await expect(page.getByText("HTML copied")).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(`<script src="${baseURL}embed.js" async></script>`);
  const typed = await page.getByRole("textbox", { name: "Policy", exact: true }).evaluate((element) => (element as HTMLInputElement).value);
  await host.open(copied.replace(/<script.*?<\/script>/, ""));
  await expect(verdict(page)).toContainText("Rule 2 matched");
  expect(await value(page, "Policy")).toBe(typed);
});
