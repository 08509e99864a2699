// The page in a frame of another page (index.html?embed): a footer, the frame's height, and the answer for the page around it. That page is
// told nothing else, and nothing is kept. Loaded only there.
import { el, icon } from "../lessons/dom.js";

const TYPE = "audit-policy-playground";
const root = document.documentElement;

/** Draws what a frame has besides the page. `ask` is as in lessons/load.js; what comes back is to be told of each change. */
export function begin(ask) {
  const start = ask("typed", "");
  const release = el("span", { class: "soft" });
  const open = el("a", { class: "btn sm", target: "_blank", rel: "noopener" }, "Open in playground", icon("i-share"));
  // A link is made when somebody is about to follow it, not at each key.
  const aim = () => {
    const link = ask("link", "");
    open.href = link ? `./#${link}` : "./";
  };
  aim();
  for (const name of ["pointerenter", "focus", "click"]) open.addEventListener(name, aim);
  const reset = el("button", { class: "btn ghost sm", type: "button", onclick: () => ask("open", start) }, "Reset");
  const foot = el("footer", { class: "embed-foot", "aria-label": "Embedded playground" }, release, root.dataset.readonly === undefined && reset, el("span", { class: "grow" }), open);
  document.body.append(foot);
  // Rules say why: what a text about policies is about. The event is one tab further.
  document.querySelector(".parts [role=tab]:nth-child(2)")?.click();

  const changed = () => {
    const { kubernetes } = JSON.parse(ask("typed", "") || "{}");
    release.textContent = kubernetes ? `Kubernetes ${kubernetes}` : "";
    tell({ answer: JSON.parse(ask("answer", "") || "null") });
  };
  changed();
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || data?.type !== TYPE) return;
    if (data.theme === "light" || data.theme === "dark") root.dataset.theme = data.theme;
    else if (data.theme === "system") delete root.dataset.theme;
  });
  const measure = followHeight(foot);
  return { changed: () => (changed(), measure()) };
}

/** Any page may show a frame, and this one need not know which: what is told is in the page's own text anyway. */
function tell(what) {
  if (parent !== window) parent.postMessage({ type: TYPE, ...what }, "*");
}

/** Tells how high the frame is to be so that nothing in it scrolls. */
function followHeight(foot) {
  let told = 0;
  let waiting = 0;
  const measure = () => {
    waiting = 0;
    const height = Math.ceil(wanted() + foot.offsetHeight);
    if (Math.abs(height - told) > 1) tell({ height: (told = height) });
  };
  const soon = () => (waiting ||= requestAnimationFrame(measure));
  new ResizeObserver(soon).observe(document.body);
  new MutationObserver(soon).observe(document.getElementById("app"), { childList: true, subtree: true, characterData: true, attributes: true });
  soon();
  return soon;
}

/** The height of the page if every part of it were as high as what it holds. */
function wanted() {
  const tops = [...document.querySelectorAll("#app .page > .pane")].filter((pane) => pane.offsetHeight > 0);
  if (tops.length === 0) return document.body.offsetHeight;
  const ends = tops.map((pane) => pane.getBoundingClientRect().top + natural(pane));
  return Math.max(...ends) + (document.querySelector("#app > .bottom")?.offsetHeight ?? 0);
}

/** What a pane would measure if nothing in it scrolled. */
function natural(pane) {
  let height = 0;
  for (const part of pane.children) {
    const scroll = part.matches(".editor, .scroll") ? part : part.querySelector(".editor, .scroll");
    height += scroll?.offsetHeight ? part.offsetHeight - scroll.offsetHeight + held(scroll) : part.offsetHeight;
  }
  return height;
}

/** What is in a part that scrolls. */
function held(part) {
  // An editor is in a shadow root.
  const editor = [...part.querySelectorAll("*")].find((each) => each.shadowRoot)?.shadowRoot;
  const last = editor ? editor.querySelector(".cm-line:last-child") : part.matches(".scroll") && part.lastElementChild;
  if (last) {
    const scroller = editor?.querySelector(".cm-scroller") ?? part;
    return last.getBoundingClientRect().bottom - scroller.getBoundingClientRect().top + scroller.scrollTop + 12;
  }
  const box = part.querySelector("textarea");
  return box ? box.value.split("\n").length * 18.5 + 24 : part.scrollHeight;
}
