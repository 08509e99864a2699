import { fixture } from "./fixtures/index.ts";
import { expect, test } from "./test.ts";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 760, height: 1000 },
  { width: 390, height: 844 },
];

test.describe("under a path", () => {
  test.use({ start: "docs/audit/" });

  test("the page works", async ({ playground }) => {
    await expect(playground.verdict).toContainText("Rule 2 matched");
  });
});

test("the keyboard reaches everything", async ({ playground, page }) => {
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Go to result" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(playground.verdict).toBeFocused();
  await page.keyboard.press("F6");
  await expect(playground.stage("ResponseComplete")).toBeFocused();
  await playground.policy.focus();
  await page.keyboard.press("F6");
  await expect(playground.request).toBeFocused();
  await page.keyboard.press("Shift+F6");
  await expect(playground.policy).toBeFocused();
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(playground.verdict).toBeFocused();
});

test("the theme is the system's until another is chosen, and is kept", async ({ playground, page }) => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole("button", { name: "Theme: system" }).click();
  await page.getByRole("button", { name: "Theme: light" }).click();
  await expect(page.getByRole("button", { name: "Theme: dark" })).toBeVisible();
  const dark = await background();
  expect(dark).not.toBe(light);
  await playground.open();
  expect(await background()).toBe(dark);
});

test("a reload loses nothing that was typed", async ({ playground, page }) => {
  await playground.type(playground.policy, "rules: [unfinished");
  await playground.type(playground.request, "kubectl get nodes");
  await playground.release.selectOption("1.30");
  await page.reload();
  await expect(playground.policy).toHaveValue("rules: [unfinished");
  await expect(playground.request).toHaveValue("kubectl get nodes");
  await expect(playground.release).toHaveValue("1.30");
  await expect(playground.verdict).toContainText("Policy does not load");
});

test("a phone shows one pane at a time, and always the verdict", async ({ playground, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const pane = (name: string) => page.getByRole("tablist", { name: "Panes" }).getByRole("tab", { name });
  await expect(playground.policy).toBeHidden();
  await expect(playground.event).toBeVisible();
  await pane("Policy").click();
  await expect(playground.policy).toBeVisible();
  await expect(playground.event).toBeHidden();
  await pane("Request").click();
  await playground.type(playground.request, "kubectl delete pod web-0");
  await expect(playground.verdict).toContainText("Rule 3 matched");
  await pane("Result").click();
  await page.getByRole("tab", { name: "Rules" }).click();
  await expect(playground.rule(3)).toContainText("matched");
});

for (const size of SIZES) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`${size.width} wide, ${colorScheme}`, () => {
      test.use({ viewport: size, colorScheme });

      test("nothing is wider than the window", async ({ playground, page }, info) => {
        await expect(playground.verdict).toContainText("Rule 2 matched");
        const shoot = (state: string) =>
          page.screenshot({ path: `${info.project.outputDir}/screenshots/${size.width}-${colorScheme}-${state}.png` });
        await shoot("first");
        const over = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(await over()).toBe(0);
        if (size.width < 600) await page.getByRole("tablist", { name: "Panes" }).getByRole("tab", { name: "Policy" }).click();
        await playground.policy.fill(fixture("broken.yaml"));
        await shoot("broken");
        expect(await over()).toBe(0);
      });
    });
  }
}
