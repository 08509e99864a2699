import { deflateRawSync } from "node:zlib";
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { fixture } from "./fixtures/index.ts";
import { expect, test } from "./test.ts";

const REQUEST = "kubectl delete pod web-0";
const POLICY = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n# everything\n- level: Request\n";

const fragment = (text: string | Buffer): string => `#v1/${deflateRawSync(text).toString("base64url")}`;
const link = (scenario: object): string => fragment(JSON.stringify({ version: 1, ...scenario }));
const indented = (blanks: number): string => POLICY.replaceAll(/^(?=.)/gm, " ".repeat(blanks));

/** Drops a file anywhere on the page. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const data = await page.evaluateHandle(
    ([name, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text], name));
      return data;
    },
    [name, text] as const,
  );
  await page.dispatchEvent("main", "dragenter", { dataTransfer: data });
  await expect(page.getByText("Drop a policy, what holds one")).toBeVisible();
  await page.dispatchEvent("main", "drop", { dataTransfer: data });
  await expect(page.getByText("Drop a policy, what holds one")).toBeHidden();
}

test.describe("with a clipboard", () => {
  test.use({ permissions: ["clipboard-read", "clipboard-write"] });

  test("a copied link opens to the same in another tab, after a reload and in Markdown", async ({ playground, page, context }) => {
    await playground.policy.fill(POLICY);
    await playground.request.fill(REQUEST);
    await playground.release.selectOption("1.30");
    await page.getByRole("button", { name: "Share" }).click();
    const menu = page.getByRole("dialog", { name: "Share" });
    await menu.getByRole("button", { name: "Copy link" }).click();
    await expect(menu.getByRole("status")).toHaveText("Link copied");
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    const shared = await copied();
    expect(shared).toMatch(/#v1\/[\w-]+$/);
    await expect(menu.getByRole("textbox", { name: "Link" })).toHaveValue(shared);
    await menu.getByRole("button", { name: "Copy as Markdown" }).click();
    await expect(menu.getByRole("status")).toHaveText("Markdown copied");
    const markdown = await copied();
    expect(markdown).toContain(`[Audit policy playground: Rule 1 matched → Request](${shared})`);
    expect(markdown).toContain("```yaml\napiVersion: audit.k8s.io/v1\n");
    await page.keyboard.press("Escape");
    await expect(menu).toBeHidden();
    await expect(page.getByRole("button", { name: "Share" })).toBeFocused();

    await page.reload();
    await expect(playground.request).toHaveValue(REQUEST);
    const other = await context.newPage();
    await other.goto(shared);
    await expect(other.getByRole("textbox", { name: "Policy", exact: true })).toHaveValue(POLICY);
    await expect(other.getByRole("textbox", { name: "Request", exact: true })).toHaveValue(REQUEST);
    await expect(other.getByRole("combobox", { name: "Kubernetes release" })).toHaveValue("1.30");
    await expect(other.getByRole("status", { name: "Verdict" })).toContainText("Rule 1 matched");
  });
});

test("links of version 1 open for ever", async ({ playground, page }) => {
  const lines = readFileSync("crates/audit-policy/src/link/v1.txt", "utf8").trimEnd().split("\n");
  for (const line of lines) {
    const [fragment, ...json] = line.split(" ");
    const scenario = JSON.parse(json.join(" "));
    await page.evaluate((fragment) => (location.hash = fragment), fragment as string);
    if (scenario.request.includes("\0")) continue;
    await expect(playground.request).toHaveValue(scenario.request);
    await expect(playground.policy).toHaveValue(scenario.policy ?? "");
  }
});

test("the address follows what is typed, and back and forward go between what was opened", async ({ playground, page }) => {
  await playground.type(playground.request, REQUEST);
  await expect(page).toHaveURL(/#v1\//);
  const typed = page.url();
  const entries = await page.evaluate(() => history.length);
  await playground.type(playground.request, "kubectl get nodes");
  await expect(page).not.toHaveURL(typed);
  expect(await page.evaluate(() => history.length)).toBe(entries);
  await drop(page, "scenario.yaml", "version: 1\npolicy: |\n  a: 1\nrequest: GET /healthz\n");
  await expect(playground.request).toHaveValue("GET /healthz");
  await expect(playground.verdict).toContainText("Policy does not load");
  await page.goBack();
  await expect(playground.request).toHaveValue("kubectl get nodes");
  await expect(playground.verdict).toContainText("Rule 4 matched");
  await page.goForward();
  await expect(playground.request).toHaveValue("GET /healthz");
  await page.evaluate((hash) => (location.hash = hash), link({ request: "kubectl get ns", policy: POLICY }));
  await expect(playground.request).toHaveValue("kubectl get ns");
  await page.goBack();
  await expect(playground.request).toHaveValue("GET /healthz");
});

const BROKEN: [string, string, string][] = [
  ["of another version", "#v9/abc", "of a version that is not known"],
  ["with foreign characters", "#v1/a b", "cut off, or holds characters"],
  ["without content", "#v1/", "cut off"],
  ["cut off", link({ request: REQUEST }).slice(0, -9), "cut off"],
  ["damaged", "#v1/____", "damaged"],
  ["with something else", fragment("[1]"), "holds no scenario"],
  ["with unknown keys", link({ request: REQUEST, later: 1 }), "holds no scenario"],
  ["that is a bomb", fragment(Buffer.alloc(64 << 20, " ")), "more than 1 MiB"],
];

test("a broken link says so, and loses nothing", async ({ playground, page }) => {
  await playground.type(playground.request, REQUEST);
  const notice = page.getByRole("alert");
  for (const [name, hash, message] of BROKEN) {
    await page.evaluate((hash) => (location.hash = hash), hash);
    await expect(notice, name).toContainText(message);
    await expect(playground.request).toHaveValue(REQUEST);
    await page.getByRole("button", { name: "Dismiss" }).click();
    await expect(notice).toBeHidden();
  }
  await playground.type(playground.request, "kubectl get nodes");
  await expect(page).not.toHaveURL(/#v1\/_/);
});

test("a broken link opens the page all the same", async ({ playground, page }) => {
  await page.goto("about:blank");
  await page.goto("./#v9/abc");
  await expect(page.getByRole("alert")).toContainText("of a version that is not known");
  await expect(playground.verdict).toContainText("Rule 2 matched");
});

test("what is too large for a link is kept for a reload, and that is said", async ({ playground, page }) => {
  const large = `${POLICY}# ${"x".repeat(1 << 20)}\n`;
  await playground.policy.fill(large);
  await expect(page.getByRole("alert")).toContainText("too large for a link");
  expect(page.url()).not.toContain("#");
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.getByRole("dialog", { name: "Share" })).toContainText("too large for a link");
  await page.reload();
  await expect(playground.policy).toHaveValue(large);
});

test("a picked file is opened, by what it is", async ({ playground, page }) => {
  const map = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: audit, namespace: kube-system}\ndata:\n  p.yaml: |\n${indented(4)}`;
  const pod = "kind: Pod\nspec:\n  containers:\n  - command: [kube-apiserver, --audit-policy-file=/etc/kubernetes/audit.yaml]\n";
  const two = `${map}---\n${map.replace("name: audit", "name: other")}`;
  for (const [name, text, said, role] of [
    ["policy.yaml", POLICY, "policy.yaml is the policy now", "status"],
    ["map.yaml", map, "policy found in ConfigMap kube-system/audit, key p.yaml of map.yaml", "status"],
    ["pod.yaml", pod, "kube-apiserver reads it from /etc/kubernetes/audit.yaml", "alert"],
    ["<img src=x onerror=alert(1)>.yaml", "kind: Deployment\n", "<img src=x onerror=alert(1)>.yaml: this is of kind Deployment", "alert"],
    ["event.json", fixture("event.json"), "event.json is the request now", "status"],
    ["binary", "a\0b", "this is no text file", "alert"],
    ["two.yaml", two, "two.yaml holds 2 policies", "status"],
  ] as const) {
    await page.getByRole("button", { name: "Share" }).click();
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Open a file" }).click();
    await (await chooser).setFiles({ name, mimeType: "", buffer: Buffer.from(text) });
    await expect(page.getByRole(role).filter({ hasText: said })).toBeVisible();
    if (role === "status" && name !== "two.yaml") await expect(playground.verdict).toContainText(/Rule 1 matched ?→ ?Request/);
  }
  await page.getByRole("button", { name: /ConfigMap kube-system\/other/ }).click();
  await expect(playground.policy).toHaveValue(POLICY);
  const large = { name: "large.log", mimeType: "", buffer: Buffer.alloc((16 << 20) + 1, "a") };
  await page.getByRole("button", { name: "Share" }).click();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Open a file" }).click();
  await (await chooser).setFiles(large);
  await expect(page.getByRole("alert")).toContainText("more than 16 MB");
});

test("a scenario file that is downloaded opens again", async ({ playground, page }) => {
  await playground.policy.fill(POLICY);
  await playground.request.fill(REQUEST);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("button", { name: "Download scenario file" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("audit-policy-scenario.yaml");
  const text = readFileSync(await file.path(), "utf8");
  await playground.request.fill("GET /");
  await drop(page, "a.yaml", text);
  await expect(playground.request).toHaveValue(REQUEST);
  await expect(playground.policy).toHaveValue(POLICY);
});

test("a policy that was pasted with what wraps it is offered", async ({ playground, page }) => {
  await playground.policy.fill(`cluster:\n  apiServer:\n    auditPolicy:\n${indented(6)}`);
  await expect(page.getByText("policy found in cluster.apiServer.auditPolicy")).toBeVisible();
  await page.getByRole("button", { name: "Take it out" }).click();
  await expect(playground.policy).toHaveValue(POLICY);
  await expect(page.getByText("policy found")).toBeHidden();
});

test("what was left can be restored, and forgotten", async ({ playground, page }) => {
  await playground.request.fill(REQUEST);
  await drop(page, "policy.yaml", POLICY);
  await expect(playground.verdict).toContainText("Request");
  await playground.request.fill("GET /healthz");
  const recent = page.getByRole("button", { name: "Recent" });
  await recent.click();
  const menu = page.getByRole("dialog", { name: "Recent" });
  await menu.getByRole("button", { name: /Rule 3 matched → Request just now ?kubectl delete pod web-0/ }).click();
  await expect(menu).toBeHidden();
  await expect(playground.request).toHaveValue(REQUEST);
  await expect(playground.verdict).toContainText("Rule 3 matched");
  // What was there before it was restored is kept too, over a reload, and once.
  await page.reload();
  await recent.click();
  await menu.getByRole("button", { name: /GET \/healthz/ }).click();
  await expect(playground.policy).toHaveValue(POLICY);
  await recent.click();
  await expect(menu.getByRole("button", { name: /just now/ })).toHaveCount(2);
  await menu.getByRole("button", { name: "Forget all" }).click();
  await expect(menu).toContainText("Nothing yet");
  await page.keyboard.press("Escape");
  await expect(recent).toBeFocused();
});

for (const [width, height] of [[1440, 900], [760, 1000], [390, 844]] as const) {
  test.describe(`${width} wide`, () => {
    test.use({ viewport: { width, height } });

    test("a notice stands between the head and the panes, and hides nothing", async ({ playground, page }) => {
      const box = async (selector: string) => (await page.locator(selector).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      const before = await box("main");
      await drop(page, "notes.txt", "a: 1\n");
      await expect(page.getByRole("alert")).toContainText("no audit policy and no request is in this file");
      const [head, notice, main] = [await box(".top"), await box(".notice"), await box("main")];
      expect(notice.y).toBeCloseTo(head.y + head.height, 0);
      expect(main.y).toBeCloseTo(notice.y + notice.height, 0);
      expect(notice.width).toBe(width);
      // What is below still fits where the panes share the height of the window.
      if (width !== 760) expect(main.y + main.height).toBeCloseTo(before.y + before.height, 0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await page.getByRole("button", { name: "Dismiss" }).click();
      expect(await box("main")).toEqual(before);
    });
  });
}
