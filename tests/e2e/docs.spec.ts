import { readdirSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";

const pages = readdirSync("dist/docs").filter((name) => name.endsWith(".html"));

test("every page is listed on every page, and every link to a page leads somewhere", async ({ page, request }) => {
  expect(pages.length).toBeGreaterThan(9);
  for (const name of pages) {
    await page.goto(`docs/${name}`);
    const listed = await page.getByRole("navigation", { name: "Documentation" }).getByRole("link").count();
    expect(listed).toBe(pages.length - 1);
    const links = await page.getByRole("link").evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    for (const link of new Set(links.filter((link) => link.startsWith("http://localhost")).map((link) => link.split("#")[0] ?? ""))) {
      expect((await request.get(link)).status(), `${name}: ${link}`).toBe(200);
    }
  }
});

test("the examples in the text are live, and stay texts without JavaScript", async ({ page, browser, baseURL }) => {
  await page.goto("docs/how-auditing-works.html");
  const first = page.locator("audit-policy-playground").first();
  await first.scrollIntoViewIfNeeded();
  await expect(page.frameLocator("audit-policy-playground iframe").first().getByRole("status", { name: "Verdict" })).toContainText(/Rule|No rule/);
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const plain = await context.newPage();
  await plain.goto("docs/how-auditing-works.html");
  await expect(plain.locator("pre[data-policy]").first()).toBeVisible();
  await context.close();
});

test("the page's head and its commands lead to it, and it leads back", async ({ page, context }) => {
  await page.goto("");
  await expect(page.getByRole("status", { name: "Verdict" })).toBeVisible();
  const [opened] = await Promise.all([context.waitForEvent("page"), page.getByRole("link", { name: "Documentation" }).click()]);
  await expect(opened.getByRole("heading", { level: 1 })).toBeVisible();
  await opened.getByRole("link", { name: "Audit policy playground" }).click();
  await expect(opened.getByRole("status", { name: "Verdict" })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Command" }).fill("docum");
  const [again] = await Promise.all([context.waitForEvent("page"), page.keyboard.press("Enter")]);
  await expect(again).toHaveURL(/\/docs\/$/);
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1440, 390]) {
    test(`axe finds nothing, and nothing is wider than ${width} pixels, in ${colorScheme} colours`, async ({ browser, baseURL }, info) => {
      test.slow();
      const context = await browser.newContext({ colorScheme, baseURL, viewport: { width, height: 900 } });
      const page = await context.newPage();
      // What is in the frames, embed.spec.ts asks about.
      await page.route("**/embed.js", (route) => route.abort());
      for (const name of pages) {
        await page.goto(`docs/${name}`);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes[0]?.target}`)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        await page.screenshot({ path: `${info.project.outputDir}/screenshots/docs-${name}-${width}-${colorScheme}.png` });
      }
      await context.close();
    });
  }
}
