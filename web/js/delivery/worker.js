// The Delivery view's engine: simulates away from the page, step by step, so that it hears when something newer is asked.
import start, * as engine from "audit-policy-delivery";
import wasm from "audit-policy-delivery.wasm";

const ready = start({ module_or_path: new URL(wasm, import.meta.url) });
/** The simulations that nobody waits for any more. */
const cancelled = new Set();
const breath = () => new Promise((then) => setTimeout(then));

/** How long it simulates between two looks at what is asked, in milliseconds. */
const STRETCH = 40;

async function simulate(id, scenario, mode, kubeconfig) {
  const run = new engine.Run(scenario, mode, kubeconfig);
  try {
    let more = true;
    while (more) {
      const end = performance.now() + STRETCH;
      while (more && performance.now() < end) more = run.step(5_000);
      postMessage({ id, share: run.share() });
      await breath();
      if (cancelled.delete(id)) return null;
    }
    return run.finish();
  } finally {
    run.free();
  }
}

addEventListener("message", async ({ data: { id, what, values, cancel } }) => {
  if (cancel !== undefined) return cancelled.add(cancel);
  try {
    await ready;
    postMessage({ id, answer: await (what === "simulate" ? simulate(id, ...values) : engine[what](...values)) });
  } catch (error) {
    postMessage({ id, error: typeof error === "string" ? error : `the simulation stopped: ${error.message}` });
  }
});
