import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { fixture } from "./fixtures/index.ts";
import type { Playground } from "./playground.ts";
import { expect, test } from "./test.ts";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 760, height: 1000 },
  { width: 390, height: 844 },
];

/** Every rule of axe-core, with its best practices. */
async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}

const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Shows a pane of the narrow layout; on a wide one it is there. */
async function pane(page: Page, name: string): Promise<void> {
  const tab = page.getByRole("tablist", { name: "Panes" }).getByRole("tab", { name });
  if (await tab.isVisible()) await tab.click();
}

async function part(page: Page, name: string | RegExp): Promise<void> {
  const tab = page.getByRole("tablist", { name: "Result", exact: true }).getByRole("tab", { name });
  if (await tab.isVisible()) await tab.click();
}

/** Everything that can be shown, one after the other. */
async function* views({ page, policy, request, verdict, ...playground }: Playground): AsyncGenerator<string> {
  await expect(verdict).toContainText("matched");
  yield "first";
  for (const name of ["Share", "Recent"]) {
    const button = page.getByRole("button", { name, exact: true });
    // On a phone it is in the menu.
    if (!(await button.isVisible())) await page.getByRole("button", { name: "Menu", exact: true }).click();
    await button.click();
    await expect(page.getByRole("dialog", { name })).toBeVisible();
    yield name;
    await page.keyboard.press("Escape");
  }
  for (const form of ["JSON line", "Legacy", "JSON"]) {
    await page.getByRole("tab", { name: form, exact: true }).click();
    yield `event as ${form}`;
  }
  await part(page, /^Rule/);
  yield "rules";
  await pane(page, "Policy");
  yield "policy";
  await policy.fill(fixture("broken.yaml"));
  await expect(verdict).toContainText("does not load");
  yield "policy that does not load";
  await pane(page, "Request");
  await request.fill("kubectl gte pods");
  yield "request that is not understood";
  await page.keyboard.press("ControlOrMeta+k");
  await expect(page.getByRole("dialog", { name: "Commands" })).toBeVisible();
  yield "commands";
  await page.keyboard.press("Escape");
  await verdict.focus();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  yield "shortcuts";
  await page.keyboard.press("Escape");
}

for (const size of SIZES) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`${size.width} wide, ${colorScheme}`, () => {
      test.use({ viewport: size, colorScheme });

      test("axe finds nothing", async ({ playground, page }) => {
        test.setTimeout(300_000);
        for await (const view of views(playground)) {
          expect.soft(await violations(page), view).toEqual([]);
          expect.soft(await overflow(page), view).toBe(0);
        }
      });
    });
  }
}

test.describe("at 200 % zoom", () => {
  test.use({ viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 });

  test("nothing is cut, and nothing scrolls sideways", async ({ playground, page }) => {
    for await (const view of views(playground)) {
      expect.soft(await overflow(page), view).toBe(0);
      // Words that do not fit and can neither wrap nor scroll would be lost.
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>("button, h1, h2, label, .tag, .facts, option:checked")]
          .filter((element) => element.checkVisibility() && element.closest(".sr") === null)
          .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== "visible")
          .map((element) => element.outerHTML.slice(0, 120)),
      );
      expect.soft(cut, view).toEqual([]);
    }
  });
});

test("the Tab key goes through the page in the order in which it is read", async ({ playground, page }) => {
  await playground.policy.fill(fixture("policy.yaml").replace("verbs:", "verb:"));
  await expect(page.getByRole("list", { name: "Findings" })).toBeAttached();
  // A page just loaded begins at its beginning.
  await page.reload();
  await expect(playground.verdict).toContainText("matched");
  const parts: string[] = [];
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press("Tab");
    // Out of an editor, where Tab indents, it goes on after Escape.
    const part = await page.evaluate(() => {
      const active = document.activeElement;
      if (!active || active === document.body) return "end";
      const known = [".skip-link", ".top", ".findings", ".policy", ".reading", ".request", ".verdict", ".events", ".rules", ".divider"];
      return known.find((selector) => active.closest(selector)) ?? active.className;
    });
    if (part === "end") break;
    if (part !== ".divider" && parts.at(-1) !== part) parts.push(part);
    if (part === ".policy" || part === ".request") await page.keyboard.press("Escape");
  }
  const order = [".skip-link", ".top", ".policy", ".findings", ".request", ".reading", ".events", ".rules"];
  expect(parts.filter((part) => order.includes(part))).toEqual(order.filter((part) => parts.includes(part)));
  for (const part of [".skip-link", ".top", ".policy", ".request", ".events"]) expect(parts).toContain(part);
});

test("commands are found by typing, chosen by arrows and run by Enter", async ({ playground, page }) => {
  const dialog = page.getByRole("dialog", { name: "Commands" });
  const command = page.getByRole("combobox", { name: "Command" });
  await playground.request.focus();
  await page.keyboard.press("ControlOrMeta+k");
  await expect(command).toBeFocused();
  await page.keyboard.type("dark");
  await expect(dialog.getByRole("option")).toHaveText([/Dark colours/]);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.getByRole("button", { name: "Theme: dark" })).toBeVisible();
  await expect(playground.request).toBeFocused();

  await page.getByRole("button", { name: "Commands" }).click();
  await page.keyboard.type("go to the");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(dialog.getByRole("option", { selected: true })).toHaveText(/Go to the verdict/);
  await page.keyboard.press("Enter");
  await expect(playground.verdict).toBeFocused();

  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("kubernetes 1.30");
  await page.keyboard.press("Enter");
  await expect(playground.release).toHaveValue("1.30");

  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("no such thing");
  await expect(dialog.getByRole("status")).toHaveText("No command has these words.");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});

test("a dialog keeps the focus, and gives it back", async ({ playground, page }) => {
  await playground.verdict.focus();
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(dialog.getByRole("row", { name: "Ctrl+K Commands" })).toBeVisible();
  for (let step = 0; step < 4; step += 1) {
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest("dialog") !== null)).toBe(true);
  }
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(playground.verdict).toBeFocused();
  // Where one types, it is a character.
  await playground.request.press("ControlOrMeta+End");
  await page.keyboard.press("?");
  await expect(dialog).toBeHidden();
});

test("dividers are moved by keys and by dragging, and stay for the tab", async ({ playground, page }) => {
  const divider = page.getByRole("separator", { name: "Width of the policy" });
  const width = async () => Math.round((await page.locator(".policy").boundingBox())?.width ?? 0);
  const before = await width();
  await divider.focus();
  await page.keyboard.press("ArrowRight");
  expect(await width()).toBe(before + 16);
  await expect(divider).toHaveAttribute("aria-valuenow", String(before + 16));
  await page.keyboard.press("Home");
  expect(await width()).toBe(320);
  const box = await divider.boundingBox();
  if (!box) throw new Error("the divider is not there");
  await page.mouse.move(box.x + 4, 400);
  await page.mouse.down();
  await page.mouse.move(420, 400, { steps: 4 });
  await page.mouse.up();
  expect(Math.abs((await width()) - 420)).toBeLessThan(8);
  const dragged = await width();
  await page.reload();
  await expect(playground.verdict).toBeVisible();
  expect(await width()).toBe(dragged);
  // However far it is moved, the other panes keep their least.
  await divider.focus();
  await page.keyboard.press("End");
  for (const pane of [".events", ".rules"]) {
    expect((await page.locator(pane).boundingBox())?.width).toBeGreaterThanOrEqual(319);
  }
  expect(await overflow(page)).toBe(0);
});

test("nothing moves where motion is to be reduced", async ({ playground, page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await expect(playground.verdict).toBeVisible();
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll("*")].filter((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element);
      return !/^(0s(, )?)+$/.test(transitionDuration) || animationName !== "none";
    }).length,
  );
  expect(moving).toBe(0);
});

test("in forced colours, what matched has an outline and controls are seen", async ({ playground, page }, info) => {
  await page.emulateMedia({ forcedColors: "active" });
  await expect(playground.verdict).toContainText("matched");
  const outline = await playground.rules.locator(".match").first().evaluate((rule) => getComputedStyle(rule).outlineStyle);
  expect(outline).toBe("solid");
  await page.screenshot({ path: `${info.project.outputDir}/screenshots/forced-colors.png` });
});

test("the head and the panes are there before the wasm is, and keep what is typed", async ({ browser, baseURL }) => {
  const page = await browser.newPage();
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await page.route("**/*.wasm", async (route) => {
    await arrived;
    await route.continue();
  });
  await page.goto(baseURL ?? "");
  await expect(page.getByRole("heading", { name: "Audit policy playground" })).toBeVisible();
  const request = page.getByRole("textbox", { name: "Request", exact: true });
  await expect(page.getByRole("textbox", { name: "Policy", exact: true })).toBeVisible();
  await request.click();
  await page.keyboard.type("kubectl get nodes");
  await page.keyboard.press("ArrowLeft");
  arrive();
  await expect(page.getByRole("status", { name: "Verdict" })).toContainText("matched");
  await expect(request).toBeFocused();
  await page.keyboard.press("Backspace");
  await expect(request).toHaveValue("kubectl get nods");
  await page.close();
});
