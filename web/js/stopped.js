// What there is when the engine has stopped: wasm that has trapped answers no more, so this is plain DOM. It keeps what was typed,
// says so, and offers a way on that does not lead into the same trap.

/** The name under which kept.rs keeps a scenario for the tab. */
const KEY = "scenario";

/** The name under which it keeps the fragment that the address had then: for another, the scenario does not count. */
const ADDRESS = "scenario-at";

/** Keys and the like, which wasm still listens for. */
const UNHEARD = ["keydown", "keyup", "paste", "dragenter", "dragover", "drop", "hashchange", "popstate", "visibilitychange", "pagehide"];

let shown = false;

/** Whether an error is the end of the wasm: a trap, or an exception that came through it. */
export function stops(error) {
  return error instanceof WebAssembly.RuntimeError || (error instanceof Error && /wasm/.test(error.stack ?? ""));
}

/** The scenario that the browser keeps for the tab, if any. */
export function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

/** What stands in the page's plain text boxes, which may be newer than what the wasm was told. */
function inBoxes() {
  const boxes = ["Policy", "Request"].map((name) => [name.toLowerCase(), document.querySelector(`#app textarea[aria-label=${name}]`)]);
  return Object.fromEntries(boxes.filter(([, box]) => box && !box.readOnly && box.value).map(([name, box]) => [name, box.value]));
}

function keep(scenario, address) {
  try {
    if (scenario) sessionStorage.setItem(KEY, JSON.stringify(scenario));
    else sessionStorage.removeItem(KEY);
    sessionStorage.setItem(ADDRESS, address);
    return true;
  } catch {
    return false;
  }
}

/** Shows the message in place of the page. `typed` is what the page took last (typed.rs), maybe the very text that stopped it. */
export function stopped(error, event) {
  // What was still to come, such as the address being written, stops too: it was said once.
  if (shown) return event?.preventDefault();
  shown = true;
  for (const name of UNHEARD) addEventListener(name, (event) => event.stopImmediatePropagation(), true);
  const scenario = { version: 1, ...kept(), ...globalThis.typed, ...inBoxes() };
  const safe = keep(scenario, location.hash);
  const open = (without) => {
    keep(without.length < 2 ? { ...scenario, ...Object.fromEntries(without.map((name) => [name, ""])), pick: undefined } : null, "");
    history.replaceState(null, "", location.pathname + location.search);
    location.reload();
  };
  const place = globalThis.stoppedAt ?? error.message;
  const panel = element("main", { className: "stopped" }, [
    element("div", { role: "alert" }, [
      element("h1", { textContent: "The engine stopped" }),
      element("p", { textContent: safe ? "Your policy and request are kept." : "This browser does not keep your policy and request. Copy them first." }),
    ]),
    element("p", { textContent: "It met something it was not made for. If it stops again, open without the request." }),
    element("pre", { textContent: place }),
    element("p", { className: "act" }, [
      button("Reload", () => open([])),
      button("Open without the request", () => open(["request"])),
      button("Open without both", () => open(["policy", "request"])),
      copy(scenario),
    ]),
    text("Policy", scenario.policy),
    text("Request", scenario.request),
  ]);
  document.getElementById("app")?.remove();
  document.body.append(panel);
  panel.querySelector("button").focus();
}

function element(name, properties, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function button(textContent, onclick) {
  return element("button", { className: "btn", type: "button", textContent, onclick });
}

function copy({ policy = "", request = "" }) {
  const made = button("Copy them", async () => {
    try {
      await navigator.clipboard.writeText(`${policy}\n\n${request}\n`);
      made.textContent = "Copied";
    } catch {
      made.textContent = "Not copied: select the texts below";
    }
  });
  return made;
}

function text(name, value = "") {
  const box = element("textarea", { readOnly: true, value, rows: 8 });
  return element("label", {}, [element("span", { textContent: name }), box]);
}
