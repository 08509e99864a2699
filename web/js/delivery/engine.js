// Asks the worker: there is one for the page, made when it is asked first, and anew after it failed.

let worker;
let last = 0;
const waiting = new Map();

/** Calls a function of the engine. */
export const ask = (what, ...values) => send(what, values).promise;

/** Simulates a scenario: `{promise, cancel}`; the answer to what was cancelled is null. */
export const simulate = (scenario, mode, kubeconfig, progress) => send("simulate", [scenario, mode, kubeconfig], progress);

function send(what, values, progress) {
  worker ??= start();
  const asked = worker;
  const id = (last += 1);
  const promise = new Promise((resolve, reject) => waiting.set(id, { resolve, reject, progress }));
  asked.postMessage({ id, what, values });
  return { promise, cancel: () => waiting.has(id) && asked.postMessage({ cancel: id }) };
}

function start() {
  const made = new Worker(new URL(DELIVERY_WORKER, import.meta.url), { type: "module" });
  made.addEventListener("message", ({ data: { id, share, answer, error } }) => {
    const waits = waiting.get(id);
    if (!waits) return;
    if (share !== undefined) return waits.progress?.(share);
    waiting.delete(id);
    if (error === undefined) waits.resolve(answer);
    else waits.reject(new Error(error));
  });
  made.addEventListener("error", (event) => {
    event.preventDefault();
    worker = undefined;
    for (const { reject } of waiting.values()) reject(new Error("the simulation did not load"));
    waiting.clear();
  });
  return made;
}
