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
  expect(await playground.json()).toMatchObject({ verb: "get", objectRef: { name: "db" } });
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
