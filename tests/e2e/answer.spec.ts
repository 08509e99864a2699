import { fixture } from "./fixtures/index.ts";
import { expect, test } from "./test.ts";

const PATCH = `PATCH /apis/apps/v1/namespaces/prod/deployments/web?fieldManager=scaler HTTP/1.1
Host: 192.0.2.1:6443
User-Agent: scaler/1.0
Content-Type: application/merge-patch+json

{"spec":{"replicas":3}}`;

test("a first visit shows an answer, and what a higher level would add", async ({ playground, page }) => {
  await expect(playground.request).toHaveValue(`kubectl patch secret db -n prod -p '{"stringData":{"password":"n3w-pa55"}}'`);
  await expect(playground.verdict).toContainText(/Rule 2 matched\s*→\s*Metadata/);
  await expect(page.getByText("n3w-pa55").last()).toBeVisible();
  expect(await playground.json()).toMatchObject({
    kind: "Event",
    level: "Metadata",
    stage: "ResponseComplete",
    requestURI: "/api/v1/namespaces/prod/secrets/db?fieldManager=kubectl-patch",
    verb: "patch",
    objectRef: { resource: "secrets", namespace: "prod", name: "db", apiVersion: "v1" },
  });
  expect(await playground.json()).not.toHaveProperty("requestObject");
});

test.describe("under a policy of eight rules", () => {
  test.beforeEach(async ({ playground }) => playground.type(playground.policy, fixture("policy.yaml")));

  test("a kubectl command is answered in every detail", async ({ playground }) => {
    await playground.type(playground.request, "kubectl create configmap settings -n prod --from-literal=color=blue");
    await expect(playground.verdict).toContainText(/Rule 4 matched\s*→\s*Metadata/);
    await expect(playground.verdict).toContainText("1 event");
    await expect(playground.stage("RequestReceived")).toContainText("Omitted by the policy, omitStages, line ");
    await expect(playground.stage("ResponseStarted")).toContainText("Not produced");
    await expect(playground.stage("ResponseComplete")).toContainText("Recorded");
    await expect(playground.stage("Panic")).toContainText("Not produced");
    expect(await playground.json()).not.toHaveProperty("requestObject");

    await expect(playground.rules.getByRole("treeitem", { name: /^Rule \d+,/ })).toHaveCount(8);
    await expect(playground.rule(1)).toContainText("skipped");
    await expect(playground.rule(2)).toContainText("userGroups: wants system:nodes; request is by a user in");
    await expect(playground.rule(4)).toContainText("matched");
    await expect(playground.rule(5)).toContainText("not reached");
    await expect(playground.rule(6)).toContainText("Would match");
  });

  test("an HTTP request is recorded to the byte, in each form", async ({ playground }) => {
    await playground.type(playground.request, PATCH);
    await expect(playground.verdict).toContainText(/Rule 6 matched\s*→\s*RequestResponse/);
    await expect(playground.rule(5)).toContainText("near miss");
    const event = await playground.json();
    expect(event).toMatchObject({
      verb: "patch",
      userAgent: "scaler/1.0",
      requestObject: { spec: { replicas: 3 } },
      objectRef: { resource: "deployments", namespace: "prod", name: "web", apiGroup: "apps", apiVersion: "v1" },
    });

    await playground.showAs("JSON line");
    await expect(playground.event).toContainText(
      '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"00000000-0000-0000-0000-000000000000",' +
        '"stage":"ResponseComplete","requestURI":"/apis/apps/v1/namespaces/prod/deployments/web?fieldManager=scaler","verb":"patch",',
    );
    expect(await playground.json()).toEqual(event);

    await playground.showAs("Legacy");
    await expect(playground.event).toContainText(
      / AUDIT: id="00000000-0000-0000-0000-000000000000" stage="ResponseComplete" ip="192\.0\.2\.10" method="patch" user="kubernetes-admin"/,
    );
  });

  test("an audit event is read as the request it tells of", async ({ playground, page }) => {
    await playground.request.fill(fixture("event.json"));
    await expect(playground.verdict).toContainText(/Rule 5 matched\s*→\s*Request/);
    await expect(page.getByRole("region", { name: "Read as" })).toContainText("carol");
    expect(await playground.json()).toMatchObject({
      level: "Request",
      user: { username: "carol", groups: ["operators", "system:authenticated"] },
      objectRef: { resource: "pods", name: "web-0", subresource: "exec" },
    });
    // An exec is long-running: it has two events, and the arrow keys lead from one to the other.
    await expect(playground.verdict).toContainText("2 events");
    await playground.stage("ResponseComplete").focus();
    await page.keyboard.press("ArrowLeft");
    await expect(playground.stage("ResponseStarted")).toBeFocused();
    expect(await playground.json()).toMatchObject({ stage: "ResponseStarted" });
  });

  test("one of several requests can be picked", async ({ playground, page }) => {
    await playground.type(playground.request, "kubectl logs web-0 -n prod");
    const requests = page.getByRole("group", { name: "Requests" }).getByRole("button");
    await expect(requests).toHaveCount(2);
    expect(await playground.json()).toMatchObject({ objectRef: { subresource: "log" } });
    await requests.first().click();
    await expect(requests.first()).toHaveAttribute("aria-pressed", "true");
    expect((await playground.json()).objectRef).not.toHaveProperty("subresource");
  });
});

test("a request that no rule matches is not recorded", async ({ playground }) => {
  await playground.type(playground.policy, "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n  users: [alice]\n");
  await expect(playground.verdict).toContainText(/No rule matched\s*→\s*None/);
  await expect(playground.event).toContainText("Nothing is recorded");
  await expect(playground.stage("ResponseComplete")).toContainText("Not produced, level None records nothing");
  await expect(playground.rule(1)).toContainText("users: wants alice; request is by kubernetes-admin");
});

test("a request that is not understood says so, and what would be", async ({ playground, page }) => {
  await playground.type(playground.request, "kubectl gte pods");
  await expect(playground.verdict).toContainText("Request not understood");
  await expect(page.getByRole("region", { name: "Read as" })).toContainText("gte");
  await expect(page.getByText("from the last request that was understood").first()).toBeVisible();
});

test("another release answers otherwise", async ({ playground, page }) => {
  await playground.type(
    playground.policy,
    'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n  resources:\n  - group: "*"\n    resources: [deployments]\n',
  );
  await playground.type(playground.request, "kubectl get deployments -n prod");
  await expect(playground.verdict).toContainText(/Rule 1 matched\s*→\s*Metadata/);
  await playground.release.selectOption("1.35");
  await expect(playground.verdict).toContainText("Policy does not load");
  await expect(playground.verdict).toContainText("kube-apiserver 1.35");
  await expect(page.getByRole("alert")).toContainText("group");
  await playground.release.selectOption("1.36");
  await expect(playground.verdict).toContainText(/Rule 1 matched\s*→\s*Metadata/);
});
