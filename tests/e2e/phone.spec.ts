import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./test.ts";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`390 wide, ${colorScheme}`, () => {
    test.use({ colorScheme, viewport: { width: 390, height: 844 } });

    test("the menu reaches what the head of a wide page has", async ({ playground, page }, info) => {
      const head = page.getByRole("banner");
      const [menu, items] = [page.getByRole("button", { name: "Menu", exact: true }), page.getByRole("dialog", { name: "Menu" })];
      await expect(head.getByText("Audit policy playground")).toBeInViewport({ ratio: 1 });
      await expect(playground.release).toBeVisible();
      await menu.click();
      const names = ["Delivery: where events go", "Examples", "Lessons", "Docs", "Recent", "Commands", /^Theme: /];
      await expect(items.getByRole("button")).toHaveText(names);
      for (const button of [menu, ...(await items.getByRole("button").all()), head.getByRole("button", { name: "Share" })]) {
        const box = await button.boundingBox();
        expect.soft(Math.min(box?.width ?? 0, box?.height ?? 0), await button.innerText()).toBeGreaterThanOrEqual(40);
      }
      await page.screenshot({ path: `${info.project.outputDir}/screenshots/390-${colorScheme}-menu.png` });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`))).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      await page.keyboard.press("Escape");
      await expect(items).toBeHidden();
      await expect(menu).toBeFocused();

      const choose = async (name: string) => {
        await menu.click();
        await items.getByRole("button", { name }).click();
        await expect(items).toBeHidden();
      };
      await choose("Commands");
      await expect(page.getByRole("combobox", { name: "Command" })).toBeFocused();
      await page.keyboard.press("Escape");
      await expect(menu).toBeFocused();
      for (const name of ["Examples", "Recent"]) {
        await choose(name);
        await expect(page.getByRole("dialog", { name })).toBeInViewport({ ratio: 1 });
        await page.keyboard.press("Escape");
        await expect(menu).toBeFocused();
      }
      const docs = page.waitForEvent("popup");
      await choose("Docs");
      await (await docs).close();
      await choose("Lessons");
      await expect(page.getByRole("region", { name: "Lesson" })).toBeVisible();
      await page.goBack();
      await choose("Delivery");
      await expect(page.locator("#delivery")).toBeVisible();
      // A lesson that is opened there is seen too.
      await choose("Lessons");
      await expect(page.getByRole("region", { name: "Lesson" })).toBeVisible();
      await expect(page.locator("#delivery")).toBeHidden();
    });
  });
}
