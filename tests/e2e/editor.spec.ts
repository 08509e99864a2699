import type { Page } from "@playwright/test";
import { fixture } from "./fixtures/index.ts";
import { expect, test } from "./test.ts";

const POLICY = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: None\n  verb: [get]\n- level: metadata\n- level: Request\n";
const HEAD = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n";
const LAST = "- level: Metadata\n";

const findings = (page: Page) => page.getByRole("list", { name: "Findings" }).getByRole("listitem");

/** The code editor has come, and stands where the text box was. */
const editorIsHere = (page: Page) =>
  expect.poll(() => page.getByRole("textbox", { name: "Policy", exact: true }).evaluate((box) => box.nodeName)).toBe("DIV");

/** By how many pixels at most a line number, or a rule's glyph, stands higher or lower than its line. */
const drift = (page: Page) =>
  page.locator(".policy .cm-editor").evaluate((editor) => {
    const tops = (selector: string) => [...editor.querySelectorAll(selector)].map((element) => element.getBoundingClientRect()).filter(({ height }) => height > 0).map(({ top }) => top);
    const lines = tops(".cm-line");
    const numbers = tops(".cm-lineNumbers .cm-gutterElement");
    const glyphs = tops(".cm-rules .gm").map((top) => Math.min(...lines.map((line) => Math.abs(line - top))));
    return Math.max(Math.abs(lines.length - numbers.length), ...lines.map((line, index) => Math.abs(line - (numbers[index] ?? 0))), ...glyphs);
  });

test.describe("in the code editor", () => {
  test.beforeEach(({ playground }) => editorIsHere(playground.page));

  test("filling replaces everything, also of a long text", async ({ playground }) => {
    for (const [rules, comments] of [[1, 0], [30, 3000], [3, 0]] as const) {
      const rule = (number: number) => `- level: None\n  users: [user-${number}]\n`;
      const text = HEAD + "# comment\n".repeat(comments) + Array.from({ length: rules }, (_, number) => rule(number)).join("") + LAST;
      await playground.policy.fill(text);
      await expect(playground.policy).toHaveValue(text);
      await expect(playground.verdict).toContainText(`Rule ${rules + 1} matched`);
    }
    await playground.policy.fill("");
    await expect(playground.policy).toHaveValue("");
  });

  test("selecting all and typing, cutting or pasting replaces everything of a long text", async ({ playground, page }) => {
    const text = HEAD + "# comment\n".repeat(500) + LAST;
    await playground.policy.fill(text);
    await playground.policy.press("ControlOrMeta+a");
    await page.keyboard.type("x");
    await expect(playground.policy).toHaveValue("x");
    await playground.policy.press("ControlOrMeta+z");
    await expect(playground.policy).toHaveValue(text);
    await playground.policy.press("ControlOrMeta+a");
    await playground.policy.press("Backspace");
    await expect(playground.policy).toHaveValue("");
  });

  test("line breaks and invisible characters stay as they are", async ({ playground, page }) => {
    const text = "a: 1\n\tb\u00a0\u200b\n\n";
    await playground.policy.fill(text);
    await expect(playground.policy).toHaveValue(text);
    await playground.request.fill("GET /api HTTP/1.1\nHost: x\n\n");
    await expect(playground.request).toHaveValue("GET /api HTTP/1.1\nHost: x\n\n");
    await page.reload();
    await expect(playground.policy).toHaveValue(text);
  });

  test("a finding is under its line, with the server's words and its fix, and undo takes the fix back", async ({ playground, page }) => {
    await playground.policy.fill(POLICY);
    // For the eye and the pointer only: it has no role; the list below the editor says the same.
    const shown = page.locator(".cm-content .diag");
    await expect(shown.first()).toContainText('unknown field "rules[0].verb"');
    await shown.getByText("Rename to verbs").click();
    await expect(playground.policy).toHaveValue(POLICY.replace("verb:", "verbs:"));
    await playground.policy.press("ControlOrMeta+z");
    await expect(playground.policy).toHaveValue(POLICY);
    await playground.policy.press("ControlOrMeta+z");
    await expect(playground.policy).not.toHaveValue(POLICY);
  });

  test("the rule that matched is marked, also while it is typed", async ({ playground, page }) => {
    const rule = (level: string) => `${HEAD}- level: None\n  users: [nobody]\n- level: ${level}\n  verbs: [get]\n- level: Request\n`;
    await playground.policy.fill(rule("Metadata"));
    await playground.request.fill("kubectl get pod a");
    const marked = () => page.locator(".policy .cm-line.is-match").allInnerTexts();
    await expect.poll(marked).toEqual(["- level: Metadata", "  verbs: [get]"]);
    await playground.policy.press("ControlOrMeta+Home");
    for (let line = 0; line < 6; line += 1) await playground.policy.press("ArrowDown");
    await playground.policy.press("End");
    await playground.policy.pressSequentially(" # 1");
    await expect.poll(marked).toEqual(["- level: Metadata", "  verbs: [get] # 1"]);
    await playground.policy.press("Enter");
    await page.keyboard.insertText("users: [kubernetes-admin]");
    await expect.poll(marked).toEqual(["- level: Metadata", "  verbs: [get] # 1", "  users: [kubernetes-admin]"]);
    await playground.policy.press("ControlOrMeta+Home");
    await playground.policy.pressSequentially("# above\n");
    await expect.poll(marked).toEqual(["- level: Metadata", "  verbs: [get] # 1", "  users: [kubernetes-admin]"]);
    await playground.request.fill("kubectl delete pod a");
    await expect.poll(marked).toEqual(["- level: Request"]);
  });

  test("line numbers stand beside their lines, also below findings", async ({ playground, page }) => {
    for (const text of ["apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n", POLICY, `${HEAD}- level: None\n  nonResourceURLs: [healthz]\n${LAST}`]) {
      await playground.policy.fill(text);
      await expect(page.locator(".cm-content .diag").first()).toBeVisible();
      await expect.poll(() => drift(page)).toBeLessThan(0.6);
    }
  });

  test("line numbers stand beside their lines in large type", async ({ playground, page }) => {
    await page.evaluate(() => (location.hash = "#lesson/first-match"));
    const present = page.getByRole("button", { name: "Present" });
    for (const height of [24, 18.5]) {
      await present.click();
      await expect.poll(() => page.locator(".policy .cm-line").first().evaluate((line) => line.getBoundingClientRect().height)).toBeCloseTo(height);
      await expect.poll(() => drift(page)).toBeLessThan(0.6);
    }
  });

  test("F8 goes from problem to problem, and Ctrl with a full stop mends the one at the caret", async ({ playground, page }) => {
    await playground.policy.fill(POLICY);
    await playground.policy.press("ControlOrMeta+Home");
    await page.keyboard.press("F8");
    await expect(playground.policy).toBeFocused();
    await page.keyboard.press("ControlOrMeta+.");
    await expect(playground.policy).toHaveValue(POLICY.replace("verb:", "verbs:"));
    await page.keyboard.press("Shift+F8");
    await page.keyboard.press("ControlOrMeta+.");
    await expect(playground.policy).toHaveValue(POLICY.replace("verb:", "verbs:").replace("metadata", "Metadata"));
    await expect(findings(page)).toHaveCount(0);
  });

  test("what may stand at a place is proposed, and what stands there is explained", async ({ playground, page }) => {
    await playground.policy.fill(`${HEAD}- level: `);
    await playground.policy.press("ControlOrMeta+End");
    await page.keyboard.type("M");
    const proposed = page.getByRole("listbox", { name: "Completions" });
    await expect(proposed.getByRole("option", { name: "Metadata" })).toBeVisible();
    await proposed.getByRole("option", { name: "Metadata" }).click();
    await expect(playground.policy).toHaveValue(`${HEAD}- level: Metadata`);
    await expect(proposed).toBeHidden();
    await page.keyboard.type("\n");
    await page.keyboard.press("ControlOrMeta+Space");
    await expect(proposed.getByRole("option", { name: "users" })).toBeVisible();
    await proposed.getByRole("option", { name: "users" }).click();
    await page.keyboard.type("alice");
    await page.keyboard.press("Escape");
    await expect(playground.policy).toHaveValue(/users: \[alice\]$/);
    await page.locator(".sx-Metadata").hover();
    await expect(page.locator(".cm-tooltip .doc")).toBeVisible();
  });

  test("a list of words is closed as it is opened, with its values proposed", async ({ playground, page }) => {
    const proposed = page.getByRole("listbox", { name: "Completions" });
    for (const [before, key, value] of [["", "omitStages", "Panic"], [HEAD + LAST, "  verbs", "deletecollection"]] as const) {
      await playground.policy.fill(before);
      await playground.policy.press("ControlOrMeta+End");
      await page.keyboard.type(`${key}: [`);
      await expect(playground.policy).toHaveValue(`${before}${key}: []`);
      await expect(proposed.getByRole("option", { name: value, exact: true })).toBeVisible();
      // Who types all of it gets what was typed, and who takes the bracket back takes both.
      await page.keyboard.type(`${value}]`);
      await expect(playground.policy).toHaveValue(`${before}${key}: [${value}]`);
      await playground.policy.fill(`${before}${key}: `);
      await page.keyboard.press("ControlOrMeta+End");
      await page.keyboard.type("[");
      await page.keyboard.press("Backspace");
      await expect(playground.policy).toHaveValue(`${before}${key}: `);
    }
  });

  test("Tab indents, and leaves after Escape", async ({ playground, page }) => {
    await playground.policy.fill("a");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.press("Tab");
    await expect(playground.policy).toHaveValue("  a");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    await expect(playground.policy).not.toBeFocused();
    await expect(playground.policy).toHaveValue("  a");
  });

  test("a key that is no command is typed", async ({ playground, page }) => {
    await playground.policy.fill("");
    await page.keyboard.type("? / [");
    await expect(playground.policy).toHaveValue("? / [");
  });

  test("a rule that is pointed at is marked in the list of rules, with its reasons beside it", async ({ playground, page }) => {
    await playground.policy.fill(fixture("policy.yaml"));
    await expect(playground.rule(8)).toBeVisible();
    // The gutter is for the eye and the pointer only: it has no role.
    await page.locator(".cm-rules .gm").filter({ hasText: "2" }).hover();
    await expect(playground.rule(2)).toHaveAttribute("data-lit");
    await expect(page.getByText("userGroups: wants system:nodes")).toHaveCount(2);
    await playground.rule(3).hover();
    await expect(page.locator(".cm-line.is-lit").first()).toContainText("level: None");
  });
});

test("a plain text box is a choice that is remembered, and loses nothing", async ({ playground, page }) => {
  await editorIsHere(page);
  await playground.policy.fill(POLICY);
  const plain = page.getByRole("button", { name: "Plain text" });
  await plain.click();
  await expect(playground.policy).toHaveJSProperty("nodeName", "TEXTAREA");
  await expect(playground.policy).toHaveValue(POLICY);
  await playground.policy.press("ControlOrMeta+End");
  await playground.policy.pressSequentially("# more");
  // The address has it 300 ms after the last key.
  await page.waitForTimeout(600);
  await page.reload();
  await expect(playground.verdict).toBeVisible();
  await expect(plain).toHaveAttribute("aria-pressed", "true");
  await expect(playground.policy).toHaveJSProperty("nodeName", "TEXTAREA");
  await findings(page).getByRole("button", { name: "Rename to verbs" }).click();
  const mended = `${POLICY.replace("verb:", "verbs:")}# more`;
  await expect(playground.policy).toHaveValue(mended);
  // A fix can be undone here as well.
  await playground.policy.press("ControlOrMeta+z");
  await expect(playground.policy).toHaveValue(`${POLICY}# more`);
  await playground.policy.press("ControlOrMeta+Shift+z");
  await expect(playground.policy).toHaveValue(mended);
  await plain.click();
  await editorIsHere(page);
  await expect(playground.policy).toHaveValue(mended);
});

test("an example or a link that is opened can be undone after the mode was switched", async ({ playground, page }) => {
  await editorIsHere(page);
  await playground.policy.fill("first");
  const plain = page.getByRole("button", { name: "Plain text" });
  await plain.click();
  await playground.policy.fill("second");
  await plain.click();
  await editorIsHere(page);
  await playground.policy.press("ControlOrMeta+z");
  await expect(playground.policy).toHaveValue("first");
});

test.describe("while the editor is on its way", () => {
  let arrive: () => void;
  test.beforeEach(async ({ page }) => {
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    await page.route(/editor-.*\.js$/, async (route) => {
      await arrived;
      await route.continue();
    });
  });

  test("what is typed is not lost, nor the caret, nor the focus", async ({ playground, page }) => {
    await page.reload();
    await expect(playground.policy).toHaveJSProperty("nodeName", "TEXTAREA");
    await playground.policy.fill(`${HEAD}- level: Request\n`);
    await playground.policy.press("ControlOrMeta+Home");
    await page.keyboard.type("# ab");
    arrive();
    await page.keyboard.type("cdefgh", { delay: 30 });
    await editorIsHere(page);
    await expect(playground.policy).toBeFocused();
    await page.keyboard.type("i");
    await expect(playground.policy).toHaveValue(`# abcdefghi${HEAD}- level: Request\n`);
  });
});

test("without the editor's file the text box serves", async ({ page, playground }) => {
  await page.route(/editor-.*\.js$/, (route) => route.fulfill({ contentType: "text/javascript", body: "export {};" }));
  await page.reload();
  await expect(playground.policy).toHaveJSProperty("nodeName", "TEXTAREA");
  await playground.policy.fill(HEAD + LAST);
  await expect(playground.verdict).toContainText("Rule 1 matched");
});
