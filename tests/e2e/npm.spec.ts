// The npm package in a browser and in a worker, from what is packed in dist/, over a slice of the vectors.
import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { Page } from "@playwright/test";
import { install } from "../npm/consumer.mjs";
import { readVectors } from "../npm/read-vectors.mjs";
import { expect, test } from "./test.ts";

const TYPES: Record<string, string> = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".html": "text/html" };
const CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";
const installed = install();
const WORKER = `
import { load } from "./web.js";
import { run } from "./vectors.mjs";
onmessage = async ({ data: [vectors, step] }) => postMessage(run(await load(), vectors, step));
`;

/** Serves the package's files beside the playground's, with a page that forbids itself all but them. */
async function serve(page: Page) {
  await page.route("**/npm/*", (route) => {
    const name = new URL(route.request().url()).pathname.split("/").pop() ?? "";
    const made: Record<string, string> = { "index.html": "<!doctype html><title>npm</title>", "worker.js": WORKER };
    const file = join(name === "vectors.mjs" ? join(import.meta.dirname, "../npm") : installed, name);
    const body = made[name] ?? (existsSync(file) ? readFileSync(file) : undefined);
    if (body === undefined) return route.fulfill({ status: 404 });
    return route.fulfill({ body, contentType: TYPES[extname(name)] ?? "text/plain", headers: { "Content-Security-Policy": CSP } });
  });
  await page.goto("npm/index.html");
}

test("the npm package answers in a page as it does in Node.js", async ({ page }) => {
  await serve(page);
  const outcome = await page.evaluate(async (vectors) => {
    const { load } = await import(new URL("web.js", location.href).href);
    const { run } = await import(new URL("vectors.mjs", location.href).href);
    return run(await load(), vectors, 9);
  }, readVectors());
  expect(outcome.wrong).toEqual([]);
  expect(outcome.asked).toBeGreaterThan(500);
});

test("the npm package answers in a worker", async ({ page }) => {
  await serve(page);
  const outcome = await page.evaluate((vectors) => {
    const worker = new Worker(new URL("worker.js", location.href), { type: "module" });
    return new Promise<{ asked: number; wrong: unknown[] }>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage([vectors, 19]);
    });
  }, readVectors());
  expect(outcome.wrong).toEqual([]);
  expect(outcome.asked).toBeGreaterThan(200);
});
