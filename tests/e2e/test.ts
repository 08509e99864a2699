import { expect as baseExpect, test as base, type Locator } from "@playwright/test";
import { Playground } from "./playground.ts";

/** Every test opens the playground, and fails where the page says an error or asks another host for anything. */
export const test = base.extend<{ playground: Playground; start: string; quiet: void }>({
  start: ["./", { option: true }],
  playground: async ({ page, start }, use) => {
    const playground = new Playground(page);
    await playground.open(start);
    await use(playground);
  },
  quiet: [
    async ({ page, baseURL }, use) => {
      const troubles: string[] = [];
      page.on("console", (message) => {
        if (message.text().includes("Service Worker registration blocked by Playwright")) return;
        if (message.type() === "error" || message.type() === "warning") troubles.push(`${message.type()}: ${message.text()}`);
      });
      page.on("pageerror", (error) => troubles.push(`uncaught: ${error.message}`));
      page.on("response", (response) => {
        if (response.status() >= 400) troubles.push(`${response.status()}: ${response.url()}`);
      });
      page.on("request", (request) => {
        const url = request.url();
        if (!url.startsWith(baseURL ?? "") && !url.startsWith("data:")) troubles.push(`other origin: ${url}`);
      });
      await use();
      expect(troubles).toEqual([]);
    },
    { auto: true },
  ],
});

/** Code editors have a value as text boxes have. */
export const expect = baseExpect.extend({
  async toHaveValue(locator: Locator, value: string | RegExp, options?: { timeout?: number }) {
    const name = "toHaveValue";
    let pass = true;
    let actual: unknown;
    const read = async () => (actual = await locator.evaluate((box) => (box as HTMLInputElement).value, undefined, options));
    const poll = baseExpect.poll(read, options);
    try {
      const met = this.isNot ? poll.not : poll;
      if (typeof value === "string") await met.toBe(value);
      else await met.toMatch(value);
      pass = !this.isNot;
    } catch {
      pass = this.isNot;
    }
    return { name, pass, actual, expected: value, message: () => `${name}: ${this.utils.printDiffOrStringify(value, actual, "expected", "received", false)}` };
  },
});
