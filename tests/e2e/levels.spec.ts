import { expect, test } from "./test.ts";

const POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
  resources:
  - group: ""
    resources: [secrets]
- level: RequestResponse
`;

/** A patch of a Secret, and the answer. */
const PATCH = `PATCH /api/v1/namespaces/prod/secrets/db HTTP/1.1
Host: 192.0.2.1
Content-Type: application/merge-patch+json

{"stringData":{"password":"n3w-pa55"}}
HTTP/1.1 200 OK
Content-Type: application/json

{"kind":"Secret","apiVersion":"v1","metadata":{"name":"db","namespace":"prod"},"data":{"password":"bjN3LXBhNTU="},"type":"Opaque"}`;

test.beforeEach(async ({ playground }) => {
  await playground.type(playground.policy, POLICY);
  await playground.type(playground.request, PATCH);
  await expect(playground.verdict).toContainText(/Rule 1 matched\s*→\s*Metadata/);
});

test("each level says what it would record, and the event shows it in place", async ({ playground, page }) => {
  await expect(playground.level("None")).toContainText("no event");
  await expect(playground.level("Metadata")).toContainText(/applied by rule 1[\d,]+ bytes in all/);
  await expect(playground.level("Request")).toContainText(/\+1 field, \d+ bytes/);
  await expect(playground.level("RequestResponse")).toContainText(/compared, \+2 fields, \d+ bytes/);
  await expect(playground.event).toContainText('"password": "n3w-pa55"');
  await expect(playground.event).toContainText("Request adds");
  await expect(playground.event).toContainText("RequestResponse adds");
  await expect(page.getByText("Shaded lines are not recorded at Metadata").first()).toBeVisible();
  await expect(page.getByText("Request would log the Secret's password")).toBeVisible();
  await expect(playground.event).toHaveAccessibleDescription(/Request adds requestObject; RequestResponse adds responseObject/);
  // What is not recorded is shown, and is no part of the event.
  const event = await playground.json();
  expect(event).toMatchObject({ level: "Metadata", verb: "patch", responseStatus: { code: 200 } });
  expect(event).not.toHaveProperty("requestObject");
});

test("choosing a level by key changes what is compared and never the verdict", async ({ playground, page }) => {
  const before = await playground.json();
  await playground.level("RequestResponse").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(playground.level("Request")).toBeChecked();
  await expect(playground.level("Request")).toBeFocused();
  await expect(playground.event).toContainText('"n3w-pa55"');
  await expect(playground.event).not.toContainText("bjN3LXBhNTU=");
  await page.keyboard.press("ArrowLeft");
  await expect(playground.event).not.toContainText("n3w-pa55");
  await expect(playground.verdict).toContainText(/Rule 1 matched\s*→\s*Metadata/);
  expect(await playground.json()).toEqual(before);
});

test("a level below shows what it would drop", async ({ playground, page }) => {
  await playground.type(playground.request, PATCH.replaceAll("secrets", "configmaps"));
  await expect(playground.verdict).toContainText(/Rule 2 matched\s*→\s*RequestResponse/);
  await expect(playground.level("Request")).toContainText(/compared, −1 field/);
  await expect(page.getByText("Lines marked − are not recorded at Request").first()).toBeVisible();
  await expect(playground.event).toContainText("not at Request");
  expect(await playground.json()).toHaveProperty("responseObject");
});

test("where nothing is recorded, a level shows what it would", async ({ playground, page }) => {
  await playground.type(playground.policy, POLICY.replace("level: Metadata", "level: None"));
  await expect(playground.event).toContainText("Nothing is recorded");
  await expect(playground.level("Metadata")).toContainText(/compared, \+1 event, \d+ bytes/);
  await expect(page.getByText("Metadata would record them").first()).toBeVisible();
  await expect(playground.event).toContainText('"stage": "ResponseComplete"');
});

test("an omitted stage leads to the line that omits it", async ({ playground }) => {
  await expect(playground.stage("RequestReceived")).toContainText("Omitted by the policy, omitStages, line 3");
  await playground.stage("RequestReceived").press("Enter");
  await expect(playground.policy).toBeFocused();
});

test("what is copied is what is recorded", async ({ playground, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await expect.poll(clipboard).toContain('"verb": "patch"');
  expect(JSON.parse(await clipboard())).toEqual(await playground.json());
  await page.getByRole("button", { name: "Copy as text" }).click();
  await expect.poll(clipboard).toContain("**Rule 1 matched → Metadata**");
  expect(await clipboard()).toContain("- RequestReceived: omitted by the policy");
});

test("a body of a megabyte is answered, and shown in part", async ({ playground, page }) => {
  const body = JSON.stringify({ data: { big: "x".repeat(1_000_000), small: "y" } });
  await playground.put(playground.request, PATCH.replace('{"stringData":{"password":"n3w-pa55"}}', body));
  await expect(playground.level("Request")).toContainText(/\+1 field, 1,000,\d+ bytes/);
  await expect(playground.event).toContainText("more bytes: copying has them all");
  expect(await page.evaluate(() => document.body.textContent?.length ?? 0)).toBeLessThan(1_200_000);
});

test("a long object is folded, and unfolded by key", async ({ playground, page }) => {
  const labels = Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`label-${index}`, "value"]));
  const patch = PATCH.replaceAll("secrets", "configmaps").replace('{"stringData":{"password":"n3w-pa55"}}', JSON.stringify({ metadata: { labels } }));
  await playground.put(playground.request, patch);
  await expect(playground.verdict).toContainText(/Rule 2 matched/);
  await expect(playground.event).not.toContainText("label-89");
  await page.getByRole("button", { name: "More of requestObject" }).press("Enter");
  await expect(playground.event).toContainText("label-89");
  expect(await playground.json()).toMatchObject({ requestObject: { metadata: { labels } } });
});
