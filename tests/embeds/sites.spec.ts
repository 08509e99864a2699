import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { expect, test, type Page } from "@playwright/test";

const TYPES: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json" };
const policy = readFileSync(join(import.meta.dirname, "policy.yaml"), "utf8");
const [target = "", ...names] = (process.env.SITES ?? "").split(" ");

/** Serves a folder, as the server of some documentation does. */
async function serve(folder: string) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "", "http://localhost").pathname);
    const file = [join(folder, path), join(folder, path, "index.html")].find((file) => existsSync(file) && statSync(file).isFile());
    response.writeHead(file ? 200 : 404, { "Content-Type": TYPES[extname(file ?? "")] ?? "application/octet-stream" });
    if (file) createReadStream(file).pipe(response);
    else response.end();
  }).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, stop: () => server.close() };
}

const frame = (page: Page) => page.frameLocator("audit-policy-playground iframe");

/** How a reader changes the colours of the page, where its theme has a way. */
const TOGGLES: Record<string, (page: Page) => Promise<void>> = {
  "mkdocs-material": (page) => page.locator("label[title=Dark]").click(),
  sphinx: async (page) => {
    const dark = () => page.evaluate(() => document.body.dataset.theme);
    for (let press = 0; press < 3 && (await dark()) !== "dark"; press += 1) await page.locator("button.theme-toggle:visible").first().click();
  },
  "jupyter-book": async (page) => {
    const dark = () => page.evaluate(() => document.documentElement.dataset.theme);
    for (let press = 0; press < 3 && (await dark()) !== "dark"; press += 1) await page.locator("button.theme-switch-button:visible").first().click();
  },
  docusaurus: async (page) => {
    const dark = () => page.evaluate(() => document.documentElement.dataset.theme);
    for (let press = 0; press < 3 && (await dark()) !== "dark"; press += 1) await page.getByRole("button", { name: /mode/i }).first().click();
  },
};

test("there are sites to look at", () => expect(names.length).toBeGreaterThan(0));

for (const name of names) {
  test(`${name}: the policy comes through byte for byte, is answered, and takes the page's colours`, async ({ page }, info) => {
    const site = await serve(join(target, name, "site"));
    await page.goto(site.url);
    await page.locator("audit-policy-playground").scrollIntoViewIfNeeded();
    await expect(frame(page).getByRole("status", { name: "Verdict" })).toContainText("Rule 2 matched");
    const value = (box: string) => frame(page).getByRole("textbox", { name: box, exact: true }).evaluate((element) => (element as HTMLInputElement).value);
    expect(await value("Policy")).toBe(policy);
    expect((await value("Request")).trim()).toBe("kubectl get secret db -n prod --as='system:admin'");
    await info.attach(`${name}-light`, { body: await page.screenshot({ path: join(target, name, "light.png") }), contentType: "image/png" });
    const theme = () => page.frames()[1]?.evaluate(() => document.documentElement.dataset.theme);
    const toggle = TOGGLES[name];
    if (toggle) {
      await toggle(page);
      await expect.poll(theme).toBe("dark");
    } else {
      await page.emulateMedia({ colorScheme: "dark" });
      await expect.poll(theme).toBe("dark");
    }
    await info.attach(`${name}-dark`, { body: await page.screenshot({ path: join(target, name, "dark.png") }), contentType: "image/png" });
    if (name === "mkdocs-material") {
      // Without loading a new page.
      await page.getByRole("link", { name: "Another page" }).first().click();
      await expect(page.getByRole("heading", { name: "Another page" })).toBeVisible();
      await expect(frame(page).getByRole("status", { name: "Verdict" })).toContainText("Rule 2 matched");
    }
    site.stop();
  });
}
