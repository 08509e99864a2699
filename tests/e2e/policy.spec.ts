import { fixture } from "./fixtures/index.ts";
import { expect, test } from "./test.ts";

const FINDINGS = { name: "Findings" };

test("a policy whose rules are missing is refused in the server's words, with what to do", async ({ playground, page }) => {
  await playground.type(playground.policy, fixture("broken.yaml"));
  await expect(playground.verdict).toContainText("Policy does not load");
  await expect(playground.verdict).toContainText("kube-apiserver 1.37 would not start");
  const refusal = page.getByRole("alert");
  await expect(refusal).toContainText("loaded illegal policy with 0 rules");
  await expect(refusal).toContainText("put them into a list under rules:");
  const findings = page.getByRole("list", FINDINGS);
  await expect(findings).toContainText('unknown field "level"');
  await expect(findings).toContainText("only the first document is read");
});

test("while a policy does not load, the last result stays and says so", async ({ playground, page }) => {
  await expect(playground.verdict).toContainText("Rule 2 matched");
  await playground.policy.press("ControlOrMeta+End");
  await playground.policy.pressSequentially("  - level: nothing\n");
  await expect(playground.verdict).toContainText("Policy does not load");
  await expect(page.getByText("from the last policy that loaded").first()).toBeVisible();
  expect(await playground.json()).toMatchObject({ verb: "patch", objectRef: { name: "db" } });
  // Another request is answered all the same, by that last policy.
  await playground.type(playground.request, "kubectl get secret other -n prod");
  expect(await playground.json()).toMatchObject({ objectRef: { name: "other" } });
});

test("a finding leads to its place, and its fix mends the policy", async ({ playground, page }) => {
  const policy = fixture("policy.yaml").replace("    verbs: [get, list, watch]", "    verb: [get, list, watch]");
  await playground.policy.fill(policy);
  const finding = page.getByRole("list", FINDINGS).getByRole("listitem");
  await expect(finding).toContainText('unknown field "rules[1].verb"');
  // The list is seen when the keyboard comes to it: the editor shows findings under their lines.
  await finding.getByRole("button", { name: "Go to line" }).press("Enter");
  await expect(playground.policy).toBeFocused();
  await finding.getByRole("button", { name: /verbs/ }).press("Enter");
  await expect(playground.policy).toHaveValue(fixture("policy.yaml"));
  await expect(finding).toHaveCount(0);
});

test("everything typed is kept as typed", async ({ playground }) => {
  const text = "a: [ü, 😀]\n  \t- b\n\n#";
  for (const box of [playground.policy, playground.request]) {
    await playground.type(box, text);
    await expect(box).toHaveValue(text);
  }
  await playground.release.selectOption("1.20");
  await expect(playground.policy).toHaveValue(text);
});

test("a pasted ConfigMap is no policy to be mended: the one that it holds is offered first", async ({ playground, page }) => {
  const policy = fixture("policy.yaml");
  const held = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: audit\ndata:\n  policy.yaml: |\n${policy.replace(/^(?=.)/gm, "    ")}`;
  await playground.policy.fill(held);
  const offered = page.getByRole("list", { name: "Policies found" });
  await expect(offered).toContainText("policy found in ConfigMap audit, key policy.yaml");
  const [note, editor] = [await offered.boundingBox(), await page.locator(".policy .editor").boundingBox()];
  expect(note?.y).toBeLessThan(editor?.y ?? 0);
  await expect(page.getByRole("list", FINDINGS)).toHaveCount(0);
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(page.locator(".policy").getByRole("button", { name: /Rename|Remove|Change/ })).toHaveCount(0);
  await expect(playground.verdict).toContainText("Policy does not load");
  // What the server says of it as it is stays within reach.
  const words = page.getByText('no kind "ConfigMap" is registered');
  await expect(words).toBeHidden();
  await page.getByText("kube-apiserver does not start with this file as it is").click();
  await expect(words).toBeVisible();
  await offered.getByRole("button", { name: "Take it out" }).click();
  await expect(playground.policy).toHaveValue(policy);
  await expect(playground.verdict).toContainText("Rule 4 matched");
  await expect(offered).toBeHidden();
  await playground.policy.press("ControlOrMeta+z");
  await expect(playground.policy).toHaveValue(held);
});

test("a pasted static pod says where its policy is, and nothing else", async ({ playground, page }) => {
  await playground.policy.fill(`apiVersion: v1
kind: Pod
metadata:
  name: kube-apiserver
spec:
  containers:
  - name: kube-apiserver
    command: [kube-apiserver, --audit-policy-file=/etc/kubernetes/audit/policy.yaml]
    volumeMounts:
    - {name: audit, mountPath: /etc/kubernetes/audit}
  volumes:
  - name: audit
    hostPath: {path: /srv/audit}
`);
  await expect(page.getByText("kube-apiserver reads it from /etc/kubernetes/audit/policy.yaml")).toBeVisible();
  await expect(page.getByText("on the node it is /srv/audit/policy.yaml")).toBeVisible();
  await expect(page.getByRole("list", FINDINGS)).toHaveCount(0);
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(page.getByText("kube-apiserver does not start with this file as it is")).toBeVisible();
});

test("where no rule matches, one for the rest is added by one press", async ({ playground, page }) => {
  const policy = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n  # only mine\n  - level: Request # all\n    users: [me]\n# end\n";
  await playground.policy.fill(policy);
  await expect(playground.verdict).toContainText("No rule matched");
  await playground.verdict.getByRole("button", { name: "Add - level: Metadata as the last rule" }).click();
  await expect(playground.policy).toHaveValue(policy.replace("# end", "  - level: Metadata\n# end"));
  await expect(playground.verdict).toContainText(/Rule 2 matched\s*→\s*Metadata/);
  await expect(playground.verdict.getByRole("button", { name: /^Add/ })).toHaveCount(0);
  await playground.policy.press("ControlOrMeta+z");
  await expect(playground.policy).toHaveValue(policy);
});

test("a fix that mends several findings is offered once", async ({ playground, page }) => {
  await playground.policy.fill(fixture("broken.yaml"));
  await expect(playground.verdict).toContainText("Policy does not load");
  // In the pane; the editor has one below the first line that it is about, which only the eye needs.
  await expect(page.getByRole("button", { name: "Put the fields into rules" })).toHaveCount(1);
  await expect(playground.policy.locator(".finding .btn", { hasText: "Put the fields into rules" })).toHaveCount(1);
});
