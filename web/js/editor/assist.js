// Completion and documentation of what is typed; the engine knows both.
import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, insertCompletionText, pickedCompletion, startCompletion } from "@codemirror/autocomplete";
import { EditorState, Prec } from "@codemirror/state";
import { hoverTooltip, keymap } from "@codemirror/view";

import { element, inCode } from "./icons.js";

/** Documentation as paragraphs. */
const prose = (text) => text.split("\n").filter(Boolean).map((line) => element("p", "", ...inCode(line)));

/** The brackets that close those which a text leaves open. */
const closers = (text) =>
  [...text].reduce((open, sign) => (sign === "[" ? `]${open}` : sign === "{" ? `}${open}` : "]}".includes(sign) ? open.slice(1) : open), "");

/** `complete(pos)`: from, to, then label, insert, detail, documentation of each; `hover(pos)`: from, to, text; or nothing. */
export function assist({ complete, hover }) {
  const apply = (insert) => (view, completion, from, to) => {
    // What it opens is closed behind the cursor, unless something stands there already.
    const alone = /^\s*(#.*)?$/.test(view.state.sliceDoc(to, view.state.doc.lineAt(to).to));
    const closed = alone ? insert + closers(insert) : insert;
    view.dispatch({
      ...insertCompletionText(view.state, closed, from, to),
      selection: { anchor: from + insert.length },
      annotations: pickedCompletion.of(completion),
    });
    if (/[:[] ?$/.test(insert)) startCompletion(view);
  };
  function source(context) {
    if (!context.explicit && !context.matchBefore(/[\w"'/.*-]$|[:,[] $|\[$/)) return null;
    const [from, to, ...rest] = complete(context.pos);
    if (from === undefined) return null;
    const options = [];
    for (let index = 0; index < rest.length; index += 4) {
      const [label, insert, detail, documentation] = rest.slice(index, index + 4);
      const info = documentation ? () => element("div", "doc", ...prose(documentation)) : undefined;
      // As likely as the engine has them: in its order.
      options.push({ label, detail, apply: apply(insert), boost: -index / 4, info });
    }
    const typed = context.state.sliceDoc(from, context.pos);
    // Who has typed all of it wants the next line, not a list.
    if (!context.explicit && options.some(({ label }) => label === typed)) return null;
    return { from, to: Math.max(to, context.pos), options, validFor: /^[\w.*/-]*$/ };
  }
  // A list of words is closed as it is opened, so that its values are proposed; rules are no words, and other text stays as it is typed.
  const list = (state, pos) => /^[ -]*(?!rules)\w+: \[?$/.test(state.sliceDoc(state.doc.lineAt(pos).from, pos));
  const lists = (state, pos) => {
    const typedOver = state.sliceDoc(pos, pos + 1) === "]";
    return [{ closeBrackets: { brackets: list(state, pos) || typedOver ? ["["] : [] } }];
  };
  return [
    EditorState.languageData.of(lists),
    closeBrackets(),
    keymap.of(closeBracketsKeymap),
    autocompletion({ override: [source], icons: false, maxRenderedOptions: 60, defaultKeymap: false }),
    Prec.highest(keymap.of([...completionKeymap, { key: "Tab", run: acceptCompletion }])),
    hoverTooltip((_view, pos) => {
      const [from, to, text] = hover(pos);
      if (from === undefined) return null;
      return { pos: from, end: to, above: true, create: () => ({ dom: element("div", "doc", ...prose(text)) }) };
    }, { hoverTime: 350 }),
  ];
}
