// The page in a frame of another page (index.html?embed): a footer, the frame's height, and the answer, or why there is none, for the page
// around it. That page is told nothing else, and nothing is kept. Loaded only there.
import { el, icon } from "../lessons/dom.js";

const TYPE = "audit-policy-playground";
const root = document.documentElement;

/** Draws what a frame has besides the page. `ask` is as in lessons/load.js; what comes back is to be told of each change. */
export function begin(ask) {
  const start = ask("typed", "");
  const release = el("span", { class: "soft release" });
  const open = el("a", { class: "btn sm", target: "_blank", rel: "noopener" }, "Open in playground", icon("i-share"));
  // A link is made when somebody is about to follow it, not at each key.
  const aim = () => {
    const link = ask("link", "");
    open.href = link ? `./#${link}` : "./";
  };
  aim();
  for (const name of ["pointerenter", "focus", "click"]) open.addEventListener(name, aim);
  const reset = el("button", { class: "btn ghost sm", type: "button", onclick: () => ask("open", start) }, "Reset");
  // In an editor Tab indents. As below the policy in the full page, for both editors; those who do not see it hear it from the editor.
  const leave = el("span", { class: "leave", "aria-hidden": "true" }, "Esc, Tab leaves");
  const foot = el("footer", { class: "embed-foot", "aria-label": "Embedded playground" }, release, root.dataset.readonly === undefined && reset, el("span", { class: "grow" }), leave, open);
  document.body.append(foot);
  // Rules say why: what a text about policies is about. The event is one tab further.
  document.querySelector(".parts [role=tab]:nth-child(2)")?.click();

  // What was to be opened was not, and the page says why: what stands there instead is nobody's question.
  const refused = document.querySelector("#app .notice.err p")?.textContent;
  const changed = () => {
    const { kubernetes } = JSON.parse(ask("typed", "") || "{}");
    release.textContent = kubernetes ? `Kubernetes ${kubernetes}` : "";
    tell(refused ? { refused } : { answer: JSON.parse(ask("answer", "") || "null") });
  };
  // First the height: the page around shows the frame when it hears the answer.
  const measure = followHeight(foot);
  changed();
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || data?.type !== TYPE) return;
    if (data.theme === "light" || data.theme === "dark") root.dataset.theme = data.theme;
    else if (data.theme === "system") delete root.dataset.theme;
  });
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
  measure();
  return soon;
}

/** The height of the page if every part were as high as what it holds: that of its highest column. How high the frame is now changes nothing in it. */
function wanted() {
  const columns = new Map();
  for (const pane of document.querySelectorAll("#app .page > .pane")) {
    if (!shown(pane)) continue;
    const { left } = pane.getBoundingClientRect();
    // Between two panes is a line.
    columns.set(left, (columns.get(left) ?? 0) + natural(pane) + 1);
  }
  return Math.max(0, ...columns.values()) + (document.querySelector("#app > .bottom")?.offsetHeight ?? 0);
}

/** Whether a part is shown. In a frame that is still low, one that scrolls is 0 high and shown all the same. */
function shown(part) {
  return part.getClientRects().length > 0;
}

/** What a pane would measure if nothing in it scrolled. */
function natural(pane) {
  if (!pane.matches(".policy, .request, .events, .rules")) return pane.scrollHeight;
  // These may be higher than what they hold, to fill the frame.
  const parts = [...pane.children].flatMap((part) => (part.matches(".request-text") ? [...part.children] : part));
  return parts.reduce((height, part) => {
    const scroll = part.matches(".editor, .scroll") ? part : part.querySelector(".editor, .scroll");
    return height + (scroll && shown(scroll) ? part.offsetHeight - scroll.offsetHeight + held(scroll) : part.matches(".findings") ? part.scrollHeight : part.offsetHeight);
  }, 0);
}

/** What is in a part that scrolls. */
function held(part) {
  // An editor is in a shadow root.
  const editor = [...part.querySelectorAll("*")].find((each) => each.shadowRoot)?.shadowRoot;
  const last = editor ? editor.querySelector(".cm-content").lastElementChild : part.matches(".scroll") && part.lastElementChild;
  if (last) {
    const scroller = editor?.querySelector(".cm-scroller") ?? part;
    const height = last.getBoundingClientRect().bottom - scroller.getBoundingClientRect().top + scroller.scrollTop + 12;
    return Math.max(height, Number.parseFloat(getComputedStyle(part.querySelector(".code") ?? part).minHeight) || 0);
  }
  const box = part.querySelector("textarea");
  return box ? box.value.split("\n").length * 18.5 + 24 : part.scrollHeight;
}
