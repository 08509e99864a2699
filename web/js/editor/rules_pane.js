// A rule that is pointed at in the editor or in the list or tree `Rules` is marked in both. The page's Rust has no part in it: nothing
// else depends on it, and it need not draw for it.

const LIT = "data-lit";

/** The rules of the list, in order. */
const rows = () => document.querySelector('[aria-label="Rules"]')?.children ?? [];

/** The row that is marked. */
let lit = null;

/** Marks a rule in the list `Rules`; -1: none. `show` scrolls to it. */
export function light(rule, show = false) {
  const row = rows()[rule] ?? null;
  if (row !== lit) {
    lit?.removeAttribute(LIT);
    row?.setAttribute(LIT, "");
    lit = row;
  }
  if (show) row?.scrollIntoView({ block: "nearest" });
}

/** Tells the rule that is pointed at, or has the focus, in the list; -1: none. */
export function onPoint(tell) {
  let last = -1;
  const follow = ({ target }) => {
    const list = target instanceof Element && target.closest('[aria-label="Rules"]');
    const rule = list ? [...list.children].findIndex((row) => row.contains(target)) : -1;
    if (rule !== last) tell((last = rule));
  };
  document.addEventListener("mouseover", follow);
  document.addEventListener("focusin", follow);
}
