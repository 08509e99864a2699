// The page without a network, and the step from one build to the next: from a server of its own, which can be stopped and changed.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync, readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { expect, test as base } from "@playwright/test";
import { Playground } from "./playground.ts";

const root = join(import.meta.dirname, "../..");
const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };

class Site {
  readonly folder = mkdtempSync(join(tmpdir(), "playground-"));
  private server?: Server;
  private port = 0;

  constructor() {
    cpSync(join(root, "dist"), this.folder, { recursive: true });
  }

  get url(): string {
    return `http://localhost:${this.port}/under/a/path/`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const name = new URL(request.url ?? "/", "http://localhost").pathname.replace("/under/a/path/", "") || "index.html";
      try {
        const body = readFileSync(join(this.folder, name));
        response.writeHead(200, { "Content-Type": TYPES[extname(name)] ?? "application/octet-stream" }).end(body);
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(this.port, "localhost", resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve) ?? resolve(undefined));
    this.server = undefined;
  }

  /** Puts a newer build in place, whose page has another title. */
  publish(title: string): void {
    const index = join(this.folder, "index.html");
    writeFileSync(index, readFileSync(index, "utf8").replace(/<title>.*<\/title>/, `<title>${title}</title>`));
    execFileSync("node", [join(root, "web/js/list-files.mjs"), this.folder]);
  }
}

const test = base.extend<{ site: Site }>({
  serviceWorkers: "allow",
  site: async ({}, use) => {
    const site = new Site();
    await site.start();
    await use(site);
    await site.stop();
    rmSync(site.folder, { recursive: true });
  },
});

test("works without a network after the first visit, under a path", async ({ page, site }) => {
  const playground = new Playground(page);
  await playground.open(site.url);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  await site.stop();
  await playground.open(`${site.url}?again`);
  await expect(playground.verdict).toContainText("Rule 2 matched");
  await playground.type(playground.request, "kubectl delete pod web-0");
  await expect(playground.verdict).toContainText("Rule 3 matched");
  await page.reload();
  await expect(playground.request).toHaveJSProperty("value", "kubectl delete pod web-0");
  await expect(playground.verdict).toContainText("Rule 3 matched");
  const kept = await page.evaluate(async () => {
    const [name] = await caches.keys();
    return (await (await caches.open(name ?? "")).keys()).map(({ url }) => decodeURI(new URL(url).pathname.replace("/under/a/path/", "")));
  });
  const built = readdirSync(site.folder).filter((name) => /\./.test(name) && name !== "service-worker.js" && !name.endsWith(".tgz"));
  expect(kept.filter((name) => !name.includes("/")).sort()).toEqual(built.sort());
});

test("a lesson that simulates is taught without a network, and the documentation is there", async ({ page, site }) => {
  const playground = new Playground(page);
  await playground.open(site.url);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  await site.stop();
  await page.goto(`${site.url}?again#lesson/modes`);
  const score = page.getByRole("status", { name: "Checks" });
  await expect(score).toHaveText(/^\d of 3 checks pass$/);
  await page.getByRole("button", { name: "Show solution" }).click();
  await page.getByRole("button", { name: "Put the solution in" }).click();
  await expect(score).toHaveText("All 3 checks pass");
  await page.getByRole("link", { name: "Next lesson" }).click();
  await expect(page.getByRole("heading", { name: "When events are sent" })).toBeVisible();
  await page.goto(`${site.url}docs/how-auditing-works.html`);
  await page.locator("audit-policy-playground").first().scrollIntoViewIfNeeded();
  await expect(page.frameLocator("audit-policy-playground iframe").first().getByRole("status", { name: "Verdict" })).toContainText(/Rule/);
});

test("says that there is a newer version, and changes nothing until it is taken", async ({ page, site }) => {
  const playground = new Playground(page);
  await playground.open(site.url);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  site.publish("The next build");
  await playground.open(`${site.url}?again`);
  const note = page.getByRole("status").filter({ hasText: "A new version of the playground is here" });
  await expect(note).toBeVisible();
  await expect(page).toHaveTitle("Audit policy playground");
  await playground.type(playground.request, "kubectl get nodes");
  await expect(page).toHaveURL(/#v1\//);
  await note.getByRole("button", { name: "Reload" }).click();
  await expect(page).toHaveTitle("The next build");
  await expect(playground.request).toHaveJSProperty("value", "kubectl get nodes");
  await expect(note).toBeHidden();
  await expect.poll(() => page.evaluate(async () => (await caches.keys()).length)).toBe(1);
});

test("keeps the build that it has while a server is between two", async ({ page, site }) => {
  const playground = new Playground(page);
  await playground.open(site.url);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  site.publish("The next build");
  const index = join(site.folder, "index.html");
  writeFileSync(index, readFileSync(index, "utf8").replace("The next build", "Another build"));
  const failed = page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const found = new Promise<ServiceWorker>((resolve) =>
      registration.addEventListener("updatefound", () => resolve(registration.installing as ServiceWorker)),
    );
    await registration.update().catch(() => {});
    const worker = await found;
    while (worker.state === "installing") await new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }));
    return worker.state;
  });
  expect(await failed).toBe("redundant");
  await playground.open(`${site.url}?again`);
  await expect(page).toHaveTitle("Audit policy playground");
});

test("can be installed", async ({ page, site }) => {
  await page.goto(site.url);
  const manifest = await page.evaluate(async () => {
    const link = document.querySelector<HTMLLinkElement>("link[rel=manifest]");
    const manifest = await (await fetch(link?.href ?? "")).json();
    const icons = await Promise.all(manifest.icons.map(async ({ src }: { src: string }) => (await fetch(new URL(src, link?.href))).status));
    return { ...manifest, statuses: icons };
  });
  expect(manifest).toMatchObject({ start_url: "./", scope: "./", display: "standalone", statuses: [200, 200, 200, 200] });
});
