// How long the page takes from a key to its answer, and whether its memory stays flat: `cargo xtask bench --page`.
//
// Each argument is a file with a policy. The page is the one in dist/, served by tests/e2e/server.mjs.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { chromium } from "@playwright/test";

const KEYS = 200;
const REQUEST = "kubectl -n team-1 get secret a";
const EDITS = Number(process.env.EDITS ?? 10_000);
const known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const port = Number(process.env.PORT ?? 4179);

/** Runs in the page before anything else: takes the time of keys, and hold of wasm's memory. */
function watch() {
  const bench = { memory: null, keys: [] };
  window.bench = bench;
  const hold = (result) => {
    const memory = (result.instance ?? result).exports.memory;
    if (memory && (!bench.memory || memory.buffer.byteLength > bench.memory.buffer.byteLength)) bench.memory = memory;
    return result;
  };
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = (...given) => original.apply(WebAssembly, given).then(hold);
  }
  let key = null;
  // Observers run when the scripts of the event have ended: what the page does at once is in its time.
  new MutationObserver(() => {
    if (key && !key.frame) key.dom = performance.now();
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  addEventListener(
    "keydown",
    () => {
      const begin = performance.now();
      const mine = { begin, dom: 0, frame: 0 };
      key = mine;
      bench.settled = new Promise((settle) => {
        requestAnimationFrame(() => {
          const after = new MessageChannel();
          after.port1.onmessage = () => {
            mine.frame = performance.now();
            bench.keys.push({ dom: mine.dom ? mine.dom - begin : null, frame: mine.frame - begin });
            settle();
          };
          after.port2.postMessage(0);
        });
      });
    },
    true,
  );
  /** A stretch of work that is always the same, in milliseconds: how quick this machine is just now. */
  bench.calibrate = () => {
    const begin = performance.now();
    let sum = 0;
    for (let index = 0; index < 5_000_000; index += 1) sum = (sum * 31 + index) | 0;
    return [performance.now() - begin, sum][0];
  };
}

const server = spawn(process.execPath, [join(import.meta.dirname, "../e2e/server.mjs"), String(port)], { stdio: "inherit" });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? known.find((path) => existsSync(path)),
  args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
});

/** A page with this policy and the request, typed. */
async function open(policy) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(watch);
  for (let tries = 0; ; tries += 1) {
    try {
      await page.goto(`http://localhost:${port}/`);
      break;
    } catch (error) {
      if (tries === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  page.setDefaultTimeout(120_000);
  const box = (name) => page.getByRole("textbox", { name, exact: true });
  await page.getByRole("status", { name: "Verdict" }).waitFor();
  // The code editor takes the place of the text box.
  for (let tries = 0; tries < 100 && (await box("Policy").evaluate((box) => box.nodeName)) === "TEXTAREA"; tries += 1) {
    await page.waitForTimeout(100);
  }
  await box("Policy").fill(policy);
  await box("Request").fill(REQUEST);
  return { page, box };
}

/** Types into what has the focus, key by key, each when the one before is drawn. */
async function type(page) {
  await page.evaluate(() => void (window.bench.keys = []));
  for (let index = 0; index < KEYS; index += 1) {
    await page.keyboard.press("abcdefghijklmnopqrstuvwxyz"[index % 26]);
    await page.evaluate(() => window.bench.settled);
  }
  return page.evaluate(() => window.bench.keys);
}

const share = (values, part) => values[Math.min(values.length - 1, Math.floor(values.length * part))];
function times(values) {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (sorted.length === 0) return "no change was seen".padStart(28);
  return [0.5, 0.95, 1].map((part) => share(sorted, part).toFixed(1).padStart(8)).join("  ");
}

/** Edits as quickly as the page answers, and tells the bytes of wasm's memory. */
async function edit(page, edits) {
  return page.evaluate(async (edits) => {
    for (let index = 0; index < edits; index += 1) {
      document.execCommand(index % 2 ? "delete" : "insertText", false, "x");
      await new Promise((next) => setTimeout(next, 0));
    }
    return window.bench.memory.buffer.byteLength;
  }, edits);
}

try {
  console.log("milliseconds           key to answer in the DOM        key to the next frame       this machine");
  console.log("typed into              p50       p95       max       p50       p95       max   one stretch");
  let small = "";
  for (const file of process.argv.slice(2)) {
    const policy = readFileSync(file, "utf8");
    small ||= policy;
    const { page, box } = await open(policy);
    const row = async (into) => {
      const stretch = await page.evaluate(() => Math.min(...[1, 2, 3].map(() => window.bench.calibrate())));
      const keys = await type(page);
      const name = `${basename(file, ".yaml")}, ${into}`.padEnd(18);
      console.log(`${name}${times(keys.map((key) => key.dom))}  ${times(keys.map((key) => key.frame))}  ${stretch.toFixed(1).padStart(8)}`);
    };
    // Into the user of the first rule, which changes what is said of that rule.
    await box("Policy").press("ControlOrMeta+Home");
    for (let line = 0; line < 5; line += 1) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    for (let column = 0; column < 16; column += 1) await page.keyboard.press("ArrowLeft");
    await row("policy");
    await box("Request").press("ControlOrMeta+End");
    await row("request");
    await page.close();
  }
  const { page, box } = await open(small);
  await box("Policy").press("ControlOrMeta+End");
  const done = [];
  let total = 0;
  for (const edits of [Math.floor(EDITS / 10), EDITS]) {
    const bytes = await edit(page, edits - total);
    total = edits;
    done.push(`${bytes.toLocaleString("en")} after ${edits.toLocaleString("en")} edits`);
  }
  console.log(`bytes of wasm memory: ${done.join(", ")}`);
} catch (error) {
  // Playwright repeats the whole policy.
  console.error(String(error.message).slice(0, 400));
  process.exitCode = 1;
} finally {
  await browser.close();
  server.kill();
}
