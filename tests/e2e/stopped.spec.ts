import { test as base } from "@playwright/test";
import { Playground } from "./playground.ts";
import { expect } from "./test.ts";

/** The engine stops when `globalThis.trap` is set: whatever the wasm asks of JavaScript then is a trap. */
const test = base.extend<{ playground: Playground }>({
  playground: async ({ page }, use) => {
    await page.addInitScript(() => {
      const { instantiateStreaming } = WebAssembly;
      if (sessionStorage.getItem("trap") === "always") Reflect.set(globalThis, "trap", true);
      WebAssembly.instantiateStreaming = (source, imports = {}) => {
        for (const module of Object.values(imports)) {
          for (const [name, value] of Object.entries(module)) {
            if (typeof value !== "function") continue;
            module[name] = (...given: unknown[]) => {
              if (Reflect.get(globalThis, "trap")) {
                throw new WebAssembly.RuntimeError("unreachable");
              }
              return (value as (...given: unknown[]) => unknown)(...given);
            };
          }
        }
        return instantiateStreaming(source, imports);
      };
    });
    const playground = new Playground(page);
    await playground.open();
    await use(playground);
  },
});

test.beforeEach(async ({ playground, page }) => {
  await playground.policy.fill("rules: [mine");
  await playground.request.fill("kubectl get nodes");
  await expect(playground.verdict).toContainText("does not load");
  // Before the trap, which what waits in the page may run into first: then there is another request box, that of the message.
  await playground.request.focus();
  await page.evaluate(() => Reflect.set(globalThis, "trap", true));
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type("!");
  await expect(page.getByRole("alert")).toContainText("The engine stopped");
});

test("an engine that stops says so, and shows what was typed", async ({ page }) => {
  await expect(page.getByRole("alert")).toContainText("Your policy and request are kept.");
  await expect(page.getByRole("button", { name: "Reload" })).toBeFocused();
  await expect(page.getByRole("textbox", { name: "Policy" })).toHaveValue("rules: [mine");
  await expect(page.getByRole("textbox", { name: "Request" })).toHaveValue(/^kubectl get nodes/);
  // Nothing of the dead page hears the keys.
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.keyboard.press("F6");
  await page.keyboard.press("ControlOrMeta+k");
  expect(errors).toEqual([]);
});

test("a reload goes on with both", async ({ playground, page }) => {
  await page.getByRole("button", { name: "Reload" }).click();
  await expect(playground.verdict).toContainText("does not load");
  await expect(playground.policy).toHaveValue("rules: [mine");
  await expect(playground.request).toHaveValue(/^kubectl get nodes/);
});

test("it opens without the request that stopped it", async ({ playground, page }) => {
  await page.getByRole("button", { name: "Open without the request" }).click();
  await expect(playground.verdict).toContainText("does not load");
  await expect(playground.policy).toHaveValue("rules: [mine");
  await expect(playground.request).toHaveValue("");
});

test("it opens without both", async ({ playground, page }) => {
  await page.getByRole("button", { name: "Open without both" }).click();
  await expect(playground.verdict).toContainText("matched");
});

test("an engine that stops at once does not run in circles", async ({ playground, page }) => {
  await page.evaluate(() => sessionStorage.setItem("trap", "always"));
  let loads = 0;
  page.on("load", () => (loads += 1));
  await page.getByRole("button", { name: "Reload" }).click();
  await expect(page.getByRole("alert")).toContainText("The engine stopped");
  await expect(page.getByRole("textbox", { name: "Policy" })).toHaveValue("rules: [mine");
  expect(loads).toBe(1);
  await page.evaluate(() => sessionStorage.removeItem("trap"));
  await page.getByRole("button", { name: "Open without both" }).click();
  await expect(playground.verdict).toContainText("matched");
});
