import { expect, test } from "./test.ts";
import type { Playground } from "./playground.ts";

const POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
rules:
- level: RequestResponse
  users: [alice]
- level: Metadata
`;

const format = (playground: Playground, name: string) =>
  playground.page.getByRole("tablist", { name: "Request format" }).getByRole("tab", { name: new RegExp(`^${name}`) });
const response = (playground: Playground) => playground.page.getByRole("button", { name: /^Response/ });
const field = (playground: Playground, name: string) => playground.page.getByLabel(name, { exact: true });

test.beforeEach(async ({ playground }) => {
  await playground.policy.fill(POLICY);
  await playground.request.fill("kubectl logs web-0 -n prod");
  await expect(playground.verdict).toContainText("Rule 2 matched");
});

test("the format is detected, and its tabs are changed with the arrow keys", async ({ playground, page }) => {
  await expect(format(playground, "kubectl")).toHaveAttribute("aria-selected", "true");
  await expect(format(playground, "kubectl")).toContainText("detected");
  await playground.request.fill("GET /healthz");
  await expect(format(playground, "Raw HTTP")).toHaveAttribute("aria-selected", "true");
  await format(playground, "Raw HTTP").focus();
  await page.keyboard.press("End");
  await expect(format(playground, "Scenario")).toBeFocused();
  await expect(format(playground, "Scenario")).toHaveAttribute("aria-selected", "true");
  await expect(playground.request).toContainText(/GET \/healthz/);
  await page.keyboard.press("ArrowLeft");
  await expect(format(playground, "Form")).toHaveAttribute("aria-selected", "true");
  await expect(field(playground, "Path, instead of a resource")).toHaveValue("/healthz");
  await page.keyboard.press("Home");
  await expect(page.getByText("Paste a kubectl command.")).toBeVisible();
  await page.getByRole("button", { name: "Insert an example" }).click();
  await expect(playground.verdict).toContainText("Rule 2 matched");
  await expect(format(playground, "kubectl")).toContainText("detected");
});

test("another format means the same, and the way back loses nothing", async ({ playground }) => {
  const event = await playground.json();
  await format(playground, "Raw HTTP").click();
  await expect(playground.request).toContainText(/GET \/api\/v1\/namespaces\/prod\/pods\/web-0\/log/);
  expect(await playground.json()).toEqual(event);
  await format(playground, "Form").click();
  await expect(field(playground, "Subresource")).toHaveValue("log");
  expect(await playground.json()).toEqual(event);
  await format(playground, "kubectl").click();
  await expect(playground.request).toContainText(/^kubectl logs web-0 -n prod$/);
  expect(await playground.json()).toEqual(event);
});

test("what is assumed is changed in place, marked, and taken back", async ({ playground, page }) => {
  await page.getByRole("button", { name: "Change User", exact: true }).click();
  await expect(field(playground, "User")).toBeFocused();
  await field(playground, "User").fill("alice");
  await expect(playground.verdict).toContainText("Rule 1 matched");
  expect(await playground.json()).toMatchObject({ user: { username: "alice", groups: ["system:authenticated"] } });
  await field(playground, "Response code").fill("404");
  expect(await playground.json()).toMatchObject({ responseStatus: { code: 404 } });
  await expect(response(playground)).toContainText("404 Not Found");
  await page.getByRole("button", { name: "Reset User", exact: true }).click();
  await expect(playground.verdict).toContainText("Rule 2 matched");
  await expect(response(playground)).toContainText("with changes");
  await page.getByRole("group", { name: "Who asks" }).getByRole("button", { name: "Reset all" }).click();
  await expect(response(playground)).toContainText("200 OK");
  await field(playground, "Source IPs").focus();
  await page.keyboard.press("Escape");
  await expect(field(playground, "Source IPs")).toBeHidden();
});

test("a change that overrules what a later text says is told, and taken back", async ({ playground, page }) => {
  await page.getByRole("button", { name: "Change User", exact: true }).click();
  await field(playground, "User").fill("alice");
  await expect(playground.verdict).toContainText("Rule 1 matched");
  const read = page.getByRole("region", { name: "Read as" });
  await expect(read).toContainText("Your change");
  await expect(read).toContainText("User: alice, in system:authenticated");
  await expect(read).not.toContainText("the request says");
  await field(playground, "User").press("Escape");
  await playground.put(
    playground.request,
    "apiVersion: authorization.k8s.io/v1\nkind: SubjectAccessReview\nspec:\n  user: bob\n  groups: [dev]\n  resourceAttributes: {verb: get, resource: pods}\n",
  );
  await expect(read).toContainText("the request says bob, in dev");
  expect(await playground.json()).toMatchObject({ user: { username: "alice" } });
  await response(playground).click();
  await expect(field(playground, "User")).toHaveAccessibleDescription("The request says bob, in dev.");
  await field(playground, "Response code").fill("404");
  await expect(read).toContainText("Your changes");
  await read.getByRole("button", { name: "Reset: User" }).focus();
  await page.keyboard.press("Enter");
  expect(await playground.json()).toMatchObject({ user: { username: "bob", groups: ["dev"] }, responseStatus: { code: 404 } });
  await field(playground, "Source IPs").fill("::1");
  await read.getByRole("button", { name: "Reset all" }).click();
  await expect(read).not.toContainText("Your change");
  expect(await playground.json()).toMatchObject({ responseStatus: { code: 200 }, sourceIPs: ["192.0.2.10"] });
});

test("a mistyped word is underlined, and mended by one press", async ({ playground, page }) => {
  await playground.put(playground.request, "kubectl gte pods -n prod");
  await expect(playground.verdict).toContainText("Request not understood");
  await expect(playground.request.locator(".sq.err")).toHaveText("gte");
  await page.getByRole("button", { name: "Change to get" }).click();
  await expect(playground.request).toHaveValue("kubectl get pods -n prod");
  await expect(playground.verdict).toContainText("Rule 2 matched");
  await expect(playground.request.locator(".sq")).toHaveCount(0);
  await playground.request.press("ControlOrMeta+z");
  await expect(playground.request).toHaveValue("kubectl gte pods -n prod");
});

test("what a person chose is not said to be detected", async ({ playground }) => {
  await format(playground, "Form").click();
  await expect(format(playground, "Form")).toHaveAttribute("aria-selected", "true");
  await field(playground, "Name").fill("web-1");
  await expect(format(playground, "Form")).not.toContainText("detected");
  await format(playground, "kubectl").click();
  await playground.request.fill("GET /healthz");
  await expect(format(playground, "Raw HTTP")).toContainText("detected");
});

test("a code or address that is none is refused, and the answer stays", async ({ playground, page }) => {
  await response(playground).click();
  await field(playground, "Response code").fill("9");
  await expect(page.getByRole("alert")).toContainText("a number from 100 to 999");
  await field(playground, "Response body").focus();
  await expect(field(playground, "Response code")).toHaveValue("200");
  await field(playground, "Source IPs").fill("not an ip");
  await expect(page.getByRole("alert")).toContainText("IP addresses such as 192.0.2.10");
  expect((await playground.json()).sourceIPs).toEqual(["192.0.2.10"]);
  await page.keyboard.press("Escape");
  await expect(response(playground)).toBeFocused();
});

test("every outcome is recorded at its stage", async ({ playground }) => {
  await playground.request.fill("kubectl --as=bob get nodes");
  await response(playground).click();
  await expect(field(playground, "Outcome")).toBeFocused();
  await field(playground, "Outcome").selectOption("Panic");
  await field(playground, "Panic value").fill("boom");
  await expect(playground.stage("Panic")).toContainText("Recorded");
  await expect(response(playground)).toContainText("Panic");
  expect(JSON.stringify(await playground.json())).toContain("boom");
  await field(playground, "Outcome").selectOption("Not authenticated");
  await expect(playground.stage("ResponseStarted")).toContainText("Recorded");
  expect(await playground.json()).toMatchObject({ stage: "ResponseStarted", responseStatus: { code: 401 } });
  await field(playground, "Outcome").selectOption("Impersonation refused");
  expect(await playground.json()).toMatchObject({ responseStatus: { code: 403 } });
  await field(playground, "Outcome").selectOption("Nothing written");
  expect(await playground.json()).toMatchObject({ responseStatus: { message: "Connection closed early" } });
});

test("each request of a command can be picked", async ({ playground, page }) => {
  const requests = page.getByRole("group", { name: "Requests" }).getByRole("button");
  await expect(page.getByText("kubectl sends 2 requests")).toBeVisible();
  await requests.first().click();
  expect((await playground.json()).objectRef).not.toHaveProperty("subresource");
  await playground.request.fill("kubectl top nodes");
  const discovery = page.getByRole("button", { name: "Discovery request: GET /apis" });
  await discovery.click();
  await expect(discovery).toHaveAttribute("aria-pressed", "true");
  expect(await playground.json()).toMatchObject({ requestURI: expect.stringMatching(/^\/apis/) });
});

test("a field of the form changes the event, and says what is wrong with it", async ({ playground, page }) => {
  await format(playground, "Form").click();
  await field(playground, "Subresource").fill("");
  await field(playground, "Name").fill("web-1");
  expect(await playground.json()).toMatchObject({ verb: "get", objectRef: { resource: "pods", name: "web-1" } });
  await field(playground, "Verb").fill("gte");
  await expect(playground.verdict).toContainText("Request not understood");
  await expect(field(playground, "Verb")).toHaveAccessibleDescription(/no request has verb gte/);
  await field(playground, "Verb").fill("delete");
  expect(await playground.json()).toMatchObject({ verb: "delete" });
  await field(playground, "Verb").fill("");
  await field(playground, "Resource").fill("");
  await expect(field(playground, "Namespace")).toHaveValue("prod");
  await page.keyboard.press("Tab");
  await field(playground, "Verb").fill("list");
  await field(playground, "Resource").fill("secrets");
  await field(playground, "Name").fill("");
  expect(await playground.json()).toMatchObject({ verb: "list", objectRef: { resource: "secrets", namespace: "prod" } });
});

test("an audit event and an access review are the same request", async ({ playground }) => {
  const before = await playground.json();
  await format(playground, "Audit event").click();
  await expect(playground.request).toHaveValue(/^\{"kind":"Event"/);
  expect(await playground.json()).toEqual(before);
  await format(playground, "Access review").click();
  await expect(playground.request).toHaveValue(/kind: SubjectAccessReview/);
  expect(await playground.json()).toMatchObject({ verb: before.verb, user: before.user, objectRef: before.objectRef });
});

test("a form that is typed stays a text until its fields are asked for", async ({ playground, page }) => {
  await playground.put(playground.request, "");
  await playground.request.pressSequentially("verb: list\nresource: secrets\n");
  await expect(format(playground, "Form")).toContainText("detected");
  await expect(playground.request).toBeFocused();
  await playground.request.pressSequentially("namespace: dev");
  expect(await playground.json()).toMatchObject({ verb: "list", objectRef: { resource: "secrets", namespace: "dev" } });
  await page.getByRole("button", { name: "Show its fields" }).click();
  await expect(field(playground, "Namespace")).toHaveValue("dev");
});

test("a scenario in the request is opened", async ({ playground, page }) => {
  await playground.request.fill(
    "version: 1\npolicy: |\n  apiVersion: audit.k8s.io/v1\n  kind: Policy\n  rules:\n  - level: Request\nrequest: kubectl get nodes\nas:\n  user: carol\n",
  );
  await expect(format(playground, "Scenario")).toContainText("detected");
  await page.getByRole("button", { name: "Open this scenario" }).click();
  await expect(playground.request).toContainText(/^kubectl get nodes$/);
  await expect(playground.verdict).toContainText(/Rule 1 matched\s*→\s*Request/);
  expect(await playground.json()).toMatchObject({ user: { username: "carol" } });
});

test("the verdict is said once it rests", async ({ playground, page }) => {
  await expect(playground.verdict).toHaveAttribute("aria-live", "off");
  const said = playground.verdict.locator("p[aria-live=polite]");
  await page.getByRole("button", { name: "Change User", exact: true }).click();
  await field(playground, "User").pressSequentially("alice");
  await expect(said).toHaveText(/^Rule 1 matched, level RequestResponse, 3 events, \d+ bytes$/);
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`on a phone, ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("everything about the request is within reach", async ({ playground, page }, info) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.getByRole("tablist", { name: "Panes" }).getByRole("tab", { name: "Request" }).click();
      const shoot = (name: string) =>
        page.screenshot({ path: `${info.project.outputDir}/screenshots/390-${colorScheme}-request-${name}.png` });
      const over = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      await shoot("first");
      await response(playground).click();
      await field(playground, "Audit ID").fill("abc");
      await shoot("given");
      expect(await over()).toBe(0);
      await page.keyboard.press("Escape");
      await format(playground, "Form").click();
      await field(playground, "Name").fill("web-1");
      await shoot("form");
      expect(await over()).toBe(0);
      await expect(playground.verdict).toContainText("Rule 2 matched");
    });
  });
}
