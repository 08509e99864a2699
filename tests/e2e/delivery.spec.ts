import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type { Playground } from "./playground.ts";
import { expect, test } from "./test.ts";

const delivery = (page: Page) => page.getByRole("status", { name: "Delivery" });
const flags = (page: Page) => page.getByRole("textbox", { name: "kube-apiserver flags" });
const field = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });

async function enter({ page }: Playground): Promise<void> {
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Delivery" }).click();
  await expect(delivery(page)).toContainText(/arrives|lost|delivered|answered/);
}

async function set(page: Page, name: string, value: string): Promise<void> {
  await field(page, name).fill(value);
  await field(page, name).press("Enter");
}

const EVENT = (second: number) =>
  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"${second}","stage":"ResponseComplete","requestURI":"/api/v1/pods","verb":"list","user":{"username":"alice"},"requestReceivedTimestamp":"2026-01-01T00:00:0${second}.000000Z","stageTimestamp":"2026-01-01T00:00:0${second}.000000Z"}`;

test("the server's defaults lose nothing, more is lost, and a larger buffer is offered where it helps", async ({ playground, page }) => {
  await enter(playground);
  await expect(page).toHaveURL(/\?view=delivery/);
  await expect(delivery(page)).toContainText("Every event arrives");
  await set(page, "Steady", "9000");
  await expect(delivery(page)).toContainText(/[\d,]+ of [\d,]+ events lost by the webhook/);
  await expect(delivery(page)).toContainText("400 events × 10 per second = 4,000 events per second");
  await page.getByRole("button", { name: /^Set buffer size to/ }).click();
  await expect(delivery(page)).toContainText("Every event arrives");
  await expect(flags(page)).toHaveValue(/--audit-webhook-batch-buffer-size=/);
  await expect(page).toHaveURL(/\?view=delivery#v1\//);
  const [buffer, text] = [await field(page, "Buffer size").inputValue(), await flags(page).inputValue()];
  await page.reload();
  await expect(delivery(page)).toContainText("Every event arrives");
  expect(await field(page, "Buffer size").inputValue()).toBe(buffer);
  expect(await flags(page).inputValue()).toBe(text);
  await expect(field(page, "Steady")).toHaveJSProperty("value", "9000");
});

test("flags of any shape are read, and printed as any other", async ({ playground, page }) => {
  await enter(playground);
  await flags(page).fill("apiVersion: v1\nkind: Pod\nmetadata: {name: kube-apiserver}\nspec:\n  containers:\n  - name: kube-apiserver\n    command:\n    - kube-apiserver\n    - --audit-policy-file=/p.yaml # mine\n    - --audit-log-path=/var/log/audit.log\n    - --audit-log-mode=batch\n    - --audit-log-batch-buffer-size=77\n");
  await expect(page.getByRole("combobox", { name: "Write them as" })).toHaveValue("static-pod");
  await expect(page.getByRole("radio", { name: "Log file" })).toBeChecked();
  await expect(page.getByRole("radio", { name: /^batch/ })).toBeChecked();
  await expect(field(page, "Buffer size")).toHaveJSProperty("value", "77");
  await set(page, "Buffer size", "99");
  await expect(flags(page)).toHaveValue(/# mine[^]*buffer-size=99/);
  await page.getByRole("combobox", { name: "Write them as" }).selectOption("command-line");
  await expect(flags(page)).toHaveValue(/^kube-apiserver [^]*--audit-log-batch-buffer-size=99/);
});

test("a flag that does not exist is refused in the server's words, with the one that was meant", async ({ playground, page }) => {
  await enter(playground);
  await flags(page).fill("kube-apiserver --audit-policy-file=/p --audit-webhook-config=/w.yaml");
  await expect(delivery(page)).toContainText("kube-apiserver does not start: unknown flag: --audit-webhook-config");
  await page.getByRole("button", { name: "Rename to --audit-webhook-config-file" }).click();
  await expect(flags(page)).toHaveJSProperty("value", "kube-apiserver --audit-policy-file=/p --audit-webhook-config-file=/w.yaml");
  await expect(delivery(page)).toContainText("Every event arrives");
});

test("blocking-strict answers 500 while the receiver is down, and is compared with the other modes", async ({ playground, page }) => {
  await playground.put(playground.policy, "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n");
  await enter(playground);
  await set(page, "For", "20s");
  await page.getByRole("radio", { name: /^blocking-strict/ }).check();
  await page.getByRole("checkbox", { name: "The receiver fails for a while" }).check();
  // Five tries outlast half a minute.
  await expect(delivery(page)).toContainText("Every event arrives");
  await set(page, "Until", "10m");
  await expect(delivery(page)).toContainText(/events lost/);
  await expect(page.getByText("requests answered 500", { exact: true })).toBeVisible();
  const row = page.getByRole("row", { name: /^blocking-strict/ });
  await expect(row).toBeVisible();
  expect((await row.getByRole("cell").last().textContent())?.replaceAll(",", "")).toMatch(/^[1-9]/);
  await expect(page.getByRole("row", { name: /^blocking / }).getByRole("cell").last()).toHaveText("0");
});

test("flags are named where they are set, and values are said as they are", async ({ playground, page }) => {
  await enter(playground);
  for (const rest of ["config-file", "mode", "batch-max-wait", "batch-throttle-enable", "batch-throttle-qps", "truncate-enabled"]) {
    await expect(page.getByText(`--audit-webhook-${rest}`, { exact: true })).toBeVisible();
  }
  await expect(field(page, "Batches per second")).toHaveAccessibleDescription("--audit-webhook-batch-throttle-qps");
  await expect(page.locator('main#delivery [title^="load."]')).toHaveCount(0);
  await expect(page.getByRole("slider", { name: "Max batch wait, slider" })).toHaveAttribute("aria-valuetext", "30s");
  await expect(page.getByRole("slider", { name: "Steady, slider" })).toHaveAttribute("aria-valuetext", "100 per second");
});

test("flags that are typed are kept, however soon something else is set", async ({ playground, page }) => {
  await enter(playground);
  const text = "kube-apiserver --audit-policy-file=/p --audit-webhook-config-file=/w --v=2";
  await flags(page).fill(text);
  await set(page, "Steady", "50");
  await set(page, "Buffer size", "700");
  await set(page, "Max batch size", "70");
  await set(page, "For", "30s");
  await expect(flags(page)).toHaveValue(`${text} --audit-webhook-batch-buffer-size=700 --audit-webhook-batch-max-size=70`);
  await page.waitForTimeout(600);
  await expect(flags(page)).toHaveValue(`${text} --audit-webhook-batch-buffer-size=700 --audit-webhook-batch-max-size=70`);
  await expect(field(page, "For")).toHaveJSProperty("value", "30s");
  await expect(field(page, "Steady")).toHaveJSProperty("value", "50");
});

test("a slider follows the pointer until it is let go", async ({ playground, page }) => {
  await enter(playground);
  const slider = page.getByRole("slider", { name: "Buffer size, slider" });
  const box = await slider.boundingBox();
  if (!box) throw new Error("no slider");
  const at = async (part: number) => {
    await page.mouse.move(box.x + box.width * part, box.y + box.height / 2);
    await page.waitForTimeout(400);
  };
  await at(0.4);
  await page.mouse.down();
  await at(0.5);
  const first = await flags(page).inputValue();
  expect(first).toMatch(/buffer-size=/);
  await at(0.7);
  await page.mouse.up();
  await expect(flags(page)).not.toHaveValue(first);
  await expect(flags(page)).toHaveValue(new RegExp(`buffer-size=${await field(page, "Buffer size").inputValue()}`));
  await expect(page.getByRole("button", { name: "changed, reset" })).toBeVisible();
});

test("a number that is not taken is told at its field in exact words, and stays as it is typed", async ({ playground, page }) => {
  await enter(playground);
  const text = await flags(page).inputValue();
  await set(page, "Steady", "many");
  await expect(field(page, "Steady")).toHaveAttribute("aria-invalid", "true");
  await expect(field(page, "Steady")).toHaveAccessibleDescription("Steady must be a number of requests a second, from 0 to 1000000000, and is a string");
  await set(page, "For", "5x");
  await expect(field(page, "For")).toHaveAccessibleDescription("For is `5x`, which is no duration: give one such as 200ms, 30s or 1m30s");
  await set(page, "Buffer size", "-5");
  await expect(field(page, "Buffer size")).toHaveAccessibleDescription("--audit-webhook-batch-buffer-size invalid audit batch webhook buffer size -5, must be a positive number");
  await set(page, "Max batch wait", "soon");
  await expect(field(page, "Max batch wait")).toHaveAccessibleDescription(/time: invalid duration "soon"$/);
  expect(await flags(page).inputValue()).toBe(text);
  // What is set elsewhere meanwhile leaves them.
  await set(page, "Max batch size", "300");
  await expect(flags(page)).toHaveValue(/--audit-webhook-batch-max-size=300/);
  for (const [name, value] of [["Steady", "many"], ["For", "5x"], ["Buffer size", "-5"], ["Max batch wait", "soon"]] as const) {
    await expect(field(page, name)).toHaveValue(value);
    await expect(field(page, name)).toHaveAttribute("aria-invalid", "true");
  }
  await set(page, "Steady", "50");
  await expect(field(page, "Steady")).not.toHaveAttribute("aria-invalid");
  await set(page, "Buffer size", "5000");
  await expect(field(page, "Buffer size")).not.toHaveAttribute("aria-invalid");
  await expect(field(page, "Buffer size")).toHaveAccessibleDescription("--audit-webhook-batch-buffer-size");
  // One that is wrong in the text is told at its control as well.
  await flags(page).fill("kube-apiserver --audit-policy-file=/p --audit-webhook-config-file=/w --audit-webhook-batch-max-size=0");
  await expect(field(page, "Max batch size")).toHaveAttribute("aria-invalid", "true");
  await expect(field(page, "Max batch size")).toHaveAccessibleDescription(/max batch size 0, must be a positive number$/);
});

test("lines of flags that are not as the server has them are marked", async ({ playground, page }) => {
  await enter(playground);
  await flags(page).fill("kube-apiserver \\\n  --audit-policy-file=/p \\\n  --audit-webhook-config-file=/w \\\n  --audit-webhook-batch-max-size=400 \\\n  --audit-webhook-batch-buffer-size=2000\n");
  const marks = page.locator(".marked .differs");
  await expect(marks).toHaveText(["  --audit-webhook-batch-buffer-size=2000changed, default 10000"]);
  await expect(flags(page)).toHaveAccessibleDescription("Not as the server has them: --audit-webhook-batch-buffer-size, default 10000");
  // It stands at its line.
  const [mark, box] = [await marks.boundingBox(), await flags(page).boundingBox()];
  const height = await flags(page).evaluate((node) => Number.parseFloat(getComputedStyle(node).lineHeight));
  expect(Math.round(((mark?.y ?? 0) - (box?.y ?? 0)) / height)).toBe(4);
  await set(page, "Max batch size", "7");
  await expect(marks).toHaveCount(2);
  await page.getByRole("button", { name: "changed, reset" }).first().click();
  await expect(marks).toHaveCount(1);
});

test("a kubeconfig of one's own is checked, says where events go, and what must be mounted", async ({ playground, page }) => {
  await enter(playground);
  const gets = page.getByRole("region", { name: "What a receiver gets" });
  const config = gets.getByRole("textbox", { name: "kubeconfig of the webhook" });
  const found = gets.getByRole("list", { name: "Findings about the kubeconfig" });
  const own = (more: string) => `current-context: c\ncontexts:\n- {name: c, context: {cluster: a, user: u}}\nclusters:\n- name: a\n  cluster:\n    server: https://own.example/in\n    certificate-authority: pki/ca.pem\nusers:\n- name: u\n  user: {${more}}\n`;
  await config.fill(own("token: t0k"));
  await expect(gets.getByRole("combobox", { name: "The kubeconfig is" })).toHaveValue("own");
  await expect(gets.getByRole("group", { name: "The POST" })).toContainText("POST /in?timeout=30s HTTP/1.1");
  await expect(gets.getByRole("group", { name: "The POST" })).toContainText("Host: own.example");
  await expect(gets.getByRole("textbox", { name: "URL of the receiver" })).toBeHidden();
  await expect(gets).toContainText("events go to https://own.example/in. Receiver's certificate: /etc/kubernetes/pki/ca.pem. Credentials: token.");
  await expect(delivery(page)).toContainText("Every event arrives");
  // Its files are mounted in what is written, and missed where they are not.
  await page.getByRole("combobox", { name: "Write them as" }).selectOption("static-pod");
  await expect(flags(page)).toHaveValue(/mountPath: \/etc\/kubernetes\/pki\/ca\.pem/);
  await expect(found.getByRole("listitem")).toHaveCount(0);
  await config.fill(own("tokenFile: /run/token"));
  await expect(found).toContainText("Line 11: /run/token is not mounted: the server does not find the file in its container, and stops");
  await config.fill(own("client-certificate: c.pem"));
  await expect(found).toContainText("client-key-data or client-key must be specified for u");
  await expect(delivery(page)).toContainText("kube-apiserver does not start: initializing audit webhook: invalid configuration");
  // The tab keeps it; no link has it.
  await page.reload();
  await expect(config).toHaveValue(own("client-certificate: c.pem"));
  await gets.getByRole("combobox", { name: "The kubeconfig is" }).selectOption("made here");
  await expect(config).toHaveValue(/server: "?https:\/\/audit\.example\/events/);
  await expect(delivery(page)).toContainText("Every event arrives");
  await gets.getByRole("combobox", { name: "The kubeconfig is" }).selectOption("my own");
  await expect(config).toHaveValue(own("client-certificate: c.pem"));
});

test("sizes, chance and the waits between tries are set; watches only where they count", async ({ playground, page }) => {
  await enter(playground);
  await expect(field(page, "Watches")).toHaveCount(0);
  await page.getByRole("combobox", { name: "What arrives" }).selectOption("Typical requests of a cluster");
  await expect(field(page, "Watches")).toBeVisible();
  await set(page, "Smallest", "30000");
  await set(page, "Largest", "40000");
  await set(page, "Seed of chance", "7");
  await expect(field(page, "First wait")).toHaveValue("10s");
  await set(page, "First wait", "2s");
  await expect(flags(page)).toHaveValue(/--audit-webhook-initial-backoff=2s/);
  await expect(page.getByRole("checkbox", { name: /^Waits are longer by chance/ })).not.toBeChecked();
  await page.getByRole("checkbox", { name: /^Waits are longer by chance/ }).check();
  await set(page, "Seed of the waits", "3");
  await expect(field(page, "Seed of the waits")).toHaveValue("3");
  await page.reload();
  for (const [name, value] of [["Smallest", "30000"], ["Largest", "40000"], ["Seed of chance", "7"], ["Seed of the waits", "3"], ["First wait", "2s"]] as const) {
    await expect(field(page, name)).toHaveValue(value);
  }
});

test("a wait that clients feel comes first, and is no success", async ({ playground, page }) => {
  await enter(playground);
  await page.getByRole("radio", { name: /^blocking Each/ }).check();
  await set(page, "An answer takes", "20s");
  await expect(delivery(page).getByRole("heading")).toHaveText("Each request waits 20 s");
  await expect(delivery(page)).toHaveClass(/warning/);
  await expect(delivery(page)).toContainText("Every event arrives.");
  await set(page, "An answer takes", "20ms");
  await expect(delivery(page).getByRole("heading")).toHaveText("Every event arrives");
  await expect(delivery(page)).toHaveClass(/good/);
});

test("the comparison of modes is busy until it is of what is set", async ({ playground, page }) => {
  await enter(playground);
  const table = page.getByRole("table").filter({ hasText: "Requests failed" });
  await expect(table).toHaveAttribute("aria-busy", "false");
  await page.getByRole("radio", { name: "Log file" }).check();
  await page.getByRole("checkbox", { name: "writes a log file" }).uncheck();
  await expect(table).toHaveAttribute("aria-busy", "false");
  // No moment shows old numbers as if they were of what is set.
  await table.evaluate((node) => {
    const seen: string[] = [];
    (window as unknown as { seen: string[] }).seen = seen;
    new MutationObserver(() => seen.push(`${node.getAttribute("aria-busy")} ${node.querySelector("tbody td")?.textContent}`)).observe(node, { attributes: true, childList: true, subtree: true });
  });
  await set(page, "Steady", "9000");
  await expect(delivery(page)).toContainText("events lost", { timeout: 20_000 });
  await expect(table).toHaveAttribute("aria-busy", "false", { timeout: 30_000 });
  const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
  expect(seen[0]).toBe("true 0");
  expect(seen.filter((each) => each === "false 0")).toEqual([]);
  expect(seen.at(-1)).toMatch(/^false [1-9]/);
});

test("an audit log is the load, and what is none is said", async ({ playground, page }) => {
  await enter(playground);
  await page.getByRole("combobox", { name: "What arrives" }).selectOption("A list of events or scenarios");
  const log = page.getByRole("textbox", { name: "Lines of the audit log, or scenarios" });
  await expect(delivery(page).getByRole("heading")).toHaveText("Paste lines of an audit log, or scenarios.");
  await expect(delivery(page)).toHaveClass(/neutral/);
  await expect(log).toHaveAttribute("placeholder", /"kind":"Event"/);
  await log.fill("this is no log");
  await expect(delivery(page)).toContainText("no list of events or scenarios: line 1");
  // Without leaving the box, which stays as it is typed into.
  await log.fill([1, 2, 5].map(EVENT).join("\n"));
  await expect(delivery(page)).toContainText("Every event arrives");
  await expect(page.getByText("requests, 3 events")).toBeVisible();
  await expect(log).toBeFocused();
  await page.keyboard.type(" ");
  await expect(log).toHaveValue(/ $/);
});

test("scenarios with times are a load", async ({ playground, page }) => {
  await enter(playground);
  await page.getByRole("combobox", { name: "What arrives" }).selectOption("A list of events or scenarios");
  const at = (second: number) => JSON.stringify({ version: 1, request: "kubectl get secret a", times: { requestReceived: `2026-01-01T00:00:0${second}Z` } });
  await page.getByRole("textbox", { name: "Lines of the audit log, or scenarios" }).fill(`[${at(1)},\n${at(3)},\n${at(7)}]`);
  await expect(delivery(page)).toContainText("Every event arrives");
  await expect(page.getByText("requests, 3 events")).toBeVisible();
});

const SINK = (name: string, qps: number) =>
  `apiVersion: auditregistration.k8s.io/v1alpha1\nkind: AuditSink\nmetadata: {name: ${name}}\nspec:\n  policy: {level: Metadata, stages: [ResponseComplete]}\n  webhook: {throttle: {qps: ${qps}, burst: 1}, clientConfig: {url: "https://a.example/"}}\n`;

test("AuditSinks are delivered to beside the backends, each with its own throttle", async ({ playground, page }) => {
  await enter(playground);
  await playground.release.selectOption("1.18");
  await page.getByRole("textbox", { name: "Steady", exact: true }).fill("2000");
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "AuditSinks" }).fill(`${SINK("slow", 1)}---\n${SINK("quick", 100)}`);
  const table = page.getByRole("region", { name: "Deliveries to AuditSinks" });
  const row = (name: string) => table.getByRole("row", { name: new RegExp(`^${name} `) });
  await expect(row("quick").getByRole("cell").nth(2)).toHaveText("0");
  await expect(row("slow").getByRole("cell").nth(2)).not.toHaveText("0");
  await expect(delivery(page).getByRole("heading")).toContainText("by AuditSink slow");
  await table.getByRole("button", { name: "slow" }).click();
  await expect(page.getByRole("heading", { name: "Over time: AuditSink slow" })).toBeVisible();
  await expect(table.getByRole("button", { name: "slow" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Over time", exact: true })).toBeVisible();
});

test("AuditSinks get nothing without dynamic configuration, which one button turns on", async ({ playground, page }) => {
  await enter(playground);
  await playground.release.selectOption("1.18");
  const flags = page.getByRole("textbox", { name: "kube-apiserver flags" });
  await flags.fill("kube-apiserver --audit-policy-file=/p --audit-log-path=/l");
  await page.getByRole("textbox", { name: "AuditSinks" }).fill(SINK("mine", 10));
  await expect(delivery(page)).toContainText("The AuditSinks get nothing");
  await page.getByRole("button", { name: "Turn dynamic configuration on" }).click();
  await expect(flags).toHaveValue(/--audit-dynamic-configuration/);
  await expect(page.getByRole("region", { name: "Deliveries to AuditSinks" }).getByRole("button", { name: "mine" })).toBeVisible();
});

test("events are written in the version that the release or its flags say", async ({ playground, page }) => {
  await enter(playground);
  await playground.release.selectOption("1.18");
  const lines = page.getByRole("group", { name: "Lines of the log" });
  await expect(lines).toContainText('"apiVersion":"audit.k8s.io/v1",');
  await page.getByRole("textbox", { name: "kube-apiserver flags" }).fill("kube-apiserver --audit-policy-file=/p --audit-log-path=/l --audit-log-version=audit.k8s.io/v1beta1");
  await expect(lines).toContainText('"apiVersion":"audit.k8s.io/v1beta1","metadata":{"creationTimestamp":');
  await expect(page.getByRole("group", { name: "The POST" })).toContainText('"apiVersion":"audit.k8s.io/v1",');
});

test("a release without policies, or without modes, has only the controls that it has", async ({ playground, page }) => {
  await enter(playground);
  await playground.release.selectOption("1.5");
  await expect(delivery(page).getByRole("heading")).toHaveText("Two lines of each request are written to the log");
  await expect(delivery(page)).toHaveClass(/neutral/);
  await expect(delivery(page)).toContainText("Kubernetes 1.5 has no policies");
  for (const name of ["Mode", "Batching", "Throttle", "Truncation", "What arrives", "The disk", "The receiver"]) await expect(page.getByRole("group", { name: new RegExp(`^${name}`) })).toHaveCount(0);
  await expect(page.getByRole("radio", { name: "Webhook" })).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Over time" })).toBeHidden();
  await expect(page.getByRole("region", { name: "What a receiver gets" })).toBeHidden();
  await expect(page.getByText("--audit-log-maxsize", { exact: true })).toBeVisible();
  await page.getByRole("checkbox", { name: "writes a log file" }).uncheck();
  await expect(delivery(page).getByRole("heading")).toHaveText("No log is set: nothing is written");
  await playground.release.selectOption("1.9");
  await page.getByRole("radio", { name: "Log file" }).check();
  await expect(page.getByText("The log has modes from Kubernetes 1.10.", { exact: false })).toBeVisible();
  await expect(page.getByRole("radio", { name: /^blocking/ })).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "The same load in each mode" })).toBeHidden();
  await page.getByRole("radio", { name: "Webhook" }).check();
  await expect(page.getByRole("radio", { name: /^blocking/ })).toHaveCount(1);
  // The policy of the page is of a version that 1.9 does not know.
  await expect(delivery(page)).toContainText("1.9 reads policies of `apiVersion: audit.k8s.io/v1beta1` and audit.k8s.io/v1alpha1");
  await playground.release.selectOption("1.7");
  await expect(delivery(page)).toContainText("1.7 reads policies of `apiVersion: audit.k8s.io/v1alpha1` only");
});

test("the charts go by keyboard, and are a table too", async ({ playground, page }) => {
  await enter(playground);
  const charts = page.getByRole("group", { name: /^Charts/ });
  await expect(charts.getByRole("img")).toBeVisible();
  await charts.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  const said = page.getByRole("region", { name: "Over time" }).getByRole("status");
  await expect(said).toContainText(/arrivals [\d,]+, buffer [\d,]+, written [\d,]+/);
  const before = await charts.getByRole("img").getAttribute("aria-label");
  await page.keyboard.press("+");
  expect(await charts.getByRole("img").getAttribute("aria-label")).not.toBe(before);
  await page.getByText("The same as a table").click();
  expect(await page.getByRole("row").count()).toBeGreaterThan(20);
  const table = page.getByRole("table", { name: /^Limits: buffer size 10,000 events; batch size 400 events; 10 tokens per second, 15 at once/ });
  await expect(table).toBeVisible();
  await page.getByRole("radio", { name: /^blocking Each/ }).check();
  await expect(page.getByRole("table", { name: "Mode blocking: no buffer and no batches." })).toBeVisible();
});

test("what the charts show at the cursor stands beside it, by mouse and by keys", async ({ playground, page }) => {
  await enter(playground);
  await set(page, "Steady", "9000");
  await expect(delivery(page)).toContainText("events lost", { timeout: 30_000 });
  const [charts, card] = [page.getByRole("group", { name: /^Charts/ }), page.locator(".readout")];
  await expect(card).toBeHidden();
  const box = await charts.locator("svg").boundingBox();
  if (!box) throw new Error("no charts");
  for (const part of [0.3, 0.97]) {
    await page.mouse.move(box.x + box.width * part, box.y + 60);
    await expect(card).toContainText(/^[\d.]+ m?s/);
    await expect(card).toContainText(/Arrivals[\d,]+ events per second/);
    const [left, width] = await card.evaluate((node) => [node.getBoundingClientRect().left, node.getBoundingClientRect().width]);
    expect(left).toBeGreaterThanOrEqual(box.x);
    expect(left + width).toBeLessThanOrEqual(box.x + box.width + 1);
  }
  await page.mouse.move(box.x + box.width / 2, box.y - 200);
  await expect(card).toBeHidden();
  await charts.focus();
  await page.keyboard.press("End");
  await expect(card).toContainText(/Arrivals0 events per second/);
  for (let step = 0; step < 8; step += 1) await page.keyboard.press("Shift+ArrowLeft");
  await expect(card).toContainText(/Buffer10,[\d]+ events waiting/);
  await expect(card).toContainText(/Lost[\d,]+ events per second/);
  await page.keyboard.press("Escape");
  await expect(card).toBeHidden();
});

test("the charts show batches, the buffer's size and what can be delivered", async ({ playground, page }) => {
  await enter(playground);
  const image = page.getByRole("group", { name: /^Charts/ }).getByRole("img");
  await expect(image).toHaveAccessibleName(/^Arrivals, Buffer, Written, Batches from/);
  // Far above what comes: out of the scale, which would show nothing else.
  await expect(image.getByText("↑ buffer size 10,000")).toBeVisible();
  await expect(image.getByText("↑ delivery limit 4,000/s = throttle 10/s × batch 400")).toBeVisible();
  await set(page, "Steady", "9000");
  await expect(image.getByText("delivery limit 4,000/s = throttle 10/s × batch 400", { exact: true })).toBeVisible();
  await expect(image.locator(".limit")).toHaveCount(2);
  await page.getByRole("radio", { name: /^blocking Each/ }).check();
  await expect(image.locator(".limit")).toHaveCount(0);
});

test("it is left and entered by the browser's back and forward, the head's links, and the palette", async ({ playground, page }) => {
  await enter(playground);
  await page.goBack();
  await expect(playground.verdict).toBeVisible();
  await expect(delivery(page)).toBeHidden();
  await page.goForward();
  await expect(delivery(page)).toBeVisible();
  await page.getByRole("link", { name: "Playground", exact: true }).click();
  await expect(playground.verdict).toBeVisible();
  await expect(page).not.toHaveURL(/view=delivery/);
  await page.getByRole("button", { name: "Where these events go" }).click();
  await expect(delivery(page)).toBeVisible();
  await page.getByRole("link", { name: "Playground", exact: true }).click();
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Command" }).fill("delivery");
  await page.keyboard.press("Enter");
  await expect(delivery(page)).toBeVisible();
});

test("a million events show how far they are, and something newer takes their place", async ({ playground, page }) => {
  test.slow();
  await enter(playground);
  await set(page, "Steady", "17000");
  await expect(page.getByRole("progressbar", { name: "Simulating" })).toBeVisible();
  await set(page, "Steady", "10");
  await expect(delivery(page)).toContainText("Every event arrives");
  await set(page, "Steady", "17000");
  await expect(page.getByText(/requests, 1,0\d\d,\d\d\d events/)).toBeVisible({ timeout: 60_000 });
});

test("a request is shown as old releases wrote it, as a receiver gets it, and as AuditSinks get it", async ({ playground, page }) => {
  await enter(playground);
  const then = page.getByRole("region", { name: "Then and now" });
  await expect(then.getByRole("group", { name: "Lines of basic audit" })).toContainText(/AUDIT: id="[^"]+" ip="192\.0\.2\.10" method="PATCH"[^]*AUDIT: id="[^"]+" response="200"/);
  await then.getByRole("combobox", { name: "Basic audit of Kubernetes" }).selectOption("1.4");
  await expect(then.getByRole("group", { name: "Lines of basic audit" })).not.toContainText("asgroups=");
  await expect(then.getByRole("group", { name: "Lines of the log" })).toContainText('{"kind":"Event"');
  const gets = page.getByRole("region", { name: "What a receiver gets" });
  await gets.getByRole("textbox", { name: "URL of the receiver" }).fill("https://in.example/hook");
  await gets.getByRole("textbox", { name: "Token" }).fill("t0ken");
  await gets.getByRole("textbox", { name: "Token" }).press("Enter");
  await expect(gets.getByRole("group", { name: "The POST" })).toContainText("POST /hook?timeout=30s HTTP/1.1");
  await expect(gets.getByRole("textbox", { name: "kubeconfig of the webhook" })).toHaveValue(/token: t0ken/);
  await gets.getByRole("combobox", { name: "The POST as" }).selectOption("curl");
  await expect(gets.getByRole("group", { name: "The POST" })).toContainText("curl 'https://in.example/hook?timeout=30s'");
  const sinks = page.getByRole("region", { name: "AuditSink objects" });
  await sinks.getByRole("textbox", { name: "AuditSinks" }).fill("apiVersion: auditregistration.k8s.io/v1alpha1\nkind: AuditSink\nmetadata: {name: mine}\nspec:\n  policy: {level: Metadata, stages: [RequestReceived, ResponseComplete]}\n  webhook: {clientConfig: {url: \"https://a.example/\"}}\n");
  await expect(sinks).toContainText("Kubernetes 1.37:");
  await playground.release.selectOption("1.18");
  await expect(sinks).toContainText("gets this request at RequestReceived, ResponseComplete, at level Metadata");
  await expect(sinks).toContainText("The static policy's backends get less of RequestReceived.");
});

test("a policy that records nothing is said to", async ({ playground, page }) => {
  await playground.put(playground.policy, "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: None\n");
  await page.getByRole("link", { name: "Delivery" }).click();
  await expect(delivery(page)).toContainText("No event is recorded");
  await expect(delivery(page)).toHaveClass(/neutral/);
  await expect(page.getByText("There is nothing to draw.")).toBeVisible();
});

test("hostile flags and logs are texts", async ({ playground, page }) => {
  await enter(playground);
  const hostile = `<img src=x onerror="window.ran=1"><script>window.ran=1</script>`;
  for (const text of [hostile, `kube-apiserver --audit-log-mode=${hostile}`, `kube-apiserver '--audit-${hostile}=1'`, "\u0000".repeat(50), "{".repeat(5_000), "--audit-log-path=".repeat(3_000)]) {
    await flags(page).fill(text);
    await expect(delivery(page)).toBeVisible();
    await page.waitForTimeout(450);
  }
  await flags(page).fill("kube-apiserver --audit-policy-file=/p --audit-log-path=/a");
  await expect(delivery(page)).toContainText("Every event arrives");
  const config = page.getByRole("textbox", { name: "kubeconfig of the webhook" });
  const found = page.getByRole("list", { name: "Findings about the kubeconfig" });
  for (const text of [hostile, `current-context: ${hostile}`, `current-context: c\ncontexts: [{name: c, context: {cluster: '${hostile}'}}]`, "\u0000".repeat(50), "{".repeat(5_000)]) {
    await config.fill(text);
    await expect(found).toContainText("kube-apiserver prints:");
    await page.waitForTimeout(450);
    await expect(config).toHaveValue(text);
  }
  expect(await page.evaluate(() => (window as unknown as { ran?: number }).ran)).toBeUndefined();
});

test("where there is no room beside, the controls follow the charts", async ({ playground, page }) => {
  await enter(playground);
  const top = async (selector: string) => (await page.locator(selector).boundingBox())?.y ?? 0;
  const order = () => page.evaluate(() => [...document.querySelectorAll("#delivery :is(.charts, #backend-webhook, #flags)")].map((each) => each.id || each.className));
  expect(await order()).toEqual(["backend-webhook", "charts", "flags"]);
  await field(page, "Steady").focus();
  for (const width of [760, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(order).toEqual(["charts", "backend-webhook", "flags"]);
    expect(await top("#backend-webhook")).toBeGreaterThan(await top("#delivery .charts"));
    expect(await top("#flags")).toBeGreaterThan(await top("#delivery .presets"));
    await expect(field(page, "Steady")).toBeFocused();
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect.poll(order).toEqual(["backend-webhook", "charts", "flags"]);
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme} colours`, () => {
    test.use({ colorScheme });
    test("axe finds nothing, and nothing is too wide", async ({ playground, page }, info) => {
      test.slow();
      await enter(playground);
      await set(page, "Steady", "9000");
      // Half a million events, twice.
      await expect(page.getByRole("button", { name: /^Set buffer size to/ })).toBeVisible({ timeout: 30_000 });
      await page.getByText("The same as a table").click();
      for (const [width, height] of [[1440, 900], [760, 1000], [390, 844]] as const) {
        await page.setViewportSize({ width, height });
        await page.waitForTimeout(200);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${width}: ${id}: ${target.join(" ")}`))).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        await page.screenshot({ path: `${info.project.outputDir}/screenshots/delivery-${width}-${colorScheme}.png` });
      }
    });
  });
}
