// A code editor in the place of a text box. Text and marks come in by methods; what is typed goes out by `changed`.
import { defaultKeymap, history, historyKeymap, indentLess, indentMore, isolateHistory } from "@codemirror/commands";
import { indentUnit } from "@codemirror/language";
import { Annotation, Compartment, EditorState, Prec } from "@codemirror/state";
import { EditorView, ViewPlugin, drawSelection, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers, placeholder } from "@codemirror/view";

import { assist } from "./assist.js";
import { element } from "./icons.js";
import { highlighting, language } from "./languages.js";
import { marks, setLit, setMarks, underlined } from "./marks.js";
import { onPoint } from "./rules_pane.js";
import { theme } from "./theme.js";

/** A change that the page made: it is not told back. */
const fromPage = Annotation.define();

/** What `ask` is asked, with a place or a rule's index; `Question` in web/src/editor.rs. */
const COMPLETE = 0;
const HOVER = 1;
const WHY = 2;

/** What is not seen else. A carriage return at the end of a line is a line break of Windows. */
const SPECIAL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffc]/g;

const withoutReturns = (text) => text.replace(/\r\n?/g, "\n");

/**
 * The change from one text to another: what differs between what they begin and end with alike; line by line where they have as many
 * lines there, so that the caret and what is folded or selected elsewhere stay where they are.
 */
export function difference(old, text) {
  let start = 0;
  const shorter = Math.min(old.length, text.length);
  while (start < shorter && old.charCodeAt(start) === text.charCodeAt(start)) start++;
  let end = 0;
  while (end < shorter - start && old.charCodeAt(old.length - 1 - end) === text.charCodeAt(text.length - 1 - end)) end++;
  const [from, to, insert] = [start, old.length - end, text.slice(start, text.length - end)];
  const [before, after] = [old.slice(from, to).split("\n"), insert.split("\n")];
  if (before.length !== after.length || before.length < 2 || before.length > 5000) return [{ from, to, insert }];
  let at = from;
  return before.flatMap((line, index) => {
    const begin = at;
    at += line.length + 1;
    if (line === after[index]) return [];
    return difference(line, after[index]).map((change) => ({ ...change, from: change.from + begin, to: change.to + begin }));
  });
}

/** Whether all that is drawn is selected, as `Range.selectNodeContents` does it: by a script, a screen reader, a menu of the system. */
function allDrawnSelected(view) {
  const selection = document.getSelection();
  // What a shadow root tells of its selection is wrong where it ends at a finding; the document knows better.
  const range = selection?.getComposedRanges?.({ shadowRoots: [view.root] })[0];
  const content = view.contentDOM;
  return (
    range?.startContainer === content && range.startOffset === 0 && range.endContainer === content && range.endOffset === content.childNodes.length
  );
}

/** Who selects all that is drawn selects all of the text, also the lines that are not in view. */
const selectAll = ViewPlugin.define((view) => {
  const follow = () => {
    const { main } = view.state.selection;
    const { length } = view.state.doc;
    if (main.to - main.from < length && allDrawnSelected(view)) view.dispatch({ selection: { anchor: 0, head: length } });
  };
  document.addEventListener("selectionchange", follow);
  return { destroy: () => document.removeEventListener("selectionchange", follow) };
});

/**
 * A text that comes at once, and what replaces all of the text. Left to the browser, only the lines that are drawn would be replaced, many
 * lines would take minutes, and it would keep the colours of what is replaced by styles, which the page's content security policy forbids.
 */
const atOnce = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (view.state.readOnly) {
      // The browser would change what is drawn before it is put back.
      event.preventDefault();
      return true;
    }
    if (!/^(insert(Text|LineBreak|Paragraph|ReplacementText)|delete)/.test(event.inputType)) return false;
    const { main } = view.state.selection;
    const { length } = view.state.doc;
    const line = /LineBreak|Paragraph/.test(event.inputType) ? "\n" : "";
    const insert = withoutReturns(event.data ?? event.dataTransfer?.getData("text/plain") ?? line);
    const all = (main.to - main.from === length && length > 0) || allDrawnSelected(view);
    const much = insert.length > 1 && !event.isComposing && event.inputType === "insertText";
    if (!all && !much) return false;
    const [from, to] = all ? [0, length] : [main.from, main.to];
    event.preventDefault();
    view.dispatch({
      changes: { from, to, insert },
      selection: { anchor: from + insert.length },
      userEvent: insert ? "input.type" : "delete.selection",
      scrollIntoView: true,
    });
    return true;
  },
});

/** Changes nothing, but where a theme comes or goes the view measures its lines again. */
const otherTheme = EditorView.theme({});

export class Editor {
  #view;
  #language = new Compartment();
  #measured = new Compartment();
  #marks;

  /**
   * @param {HTMLElement} host where it is drawn, in a shadow root, since a page's content security policy forbids styles made by scripts elsewhere
   * @param {HTMLTextAreaElement | undefined} box the text box in whose place it comes
   * @param {string} label the accessible name
   * @param {string} text the text, where there is no box
   * @param {string} hint what an empty one shows
   * @param {boolean} policy whether it is a policy's: with line numbers, marks and completion, and without wrapping
   * @param {(text: string) => void} changed is told every change that a person makes
   * @param {(finding: number) => void} fix applies a finding's fix
   * @param {(question: number, number: number) => (string | number)[]} ask see COMPLETE and the others; places are in UTF-16 units, as everywhere here
   */
  constructor(host, box, label, text, hint, policy, changed, fix, ask) {
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    root.replaceChildren();
    const described = element("p", "hint", "Tab indents. Escape, then Tab, leaves the editor.");
    described.id = "hint";
    if (policy) this.#marks = marks({ onfix: fix, why: (rule) => ask(WHY, rule) });
    const state = EditorState.create({
      doc: box?.value ?? text,
      selection: box ? { anchor: box.selectionStart, head: box.selectionEnd } : undefined,
      extensions: [
        // Only this is a line break, so that every text comes out as it went in.
        EditorState.lineSeparator.of("\n"),
        EditorView.clipboardInputFilter.of(withoutReturns),
        EditorState.tabSize.of(2),
        indentUnit.of("  "),
        history(),
        EditorState.readOnly.of(document.documentElement.hasAttribute("data-readonly")),
        drawSelection(),
        highlightSpecialChars({ specialChars: SPECIAL }),
        policy
          ? [
              this.#marks.extensions,
              lineNumbers(),
              highlightActiveLine(),
              assist({ complete: (at) => ask(COMPLETE, at), hover: (at) => ask(HOVER, at) }),
            ]
          : [EditorView.lineWrapping, EditorView.editorAttributes.of({ class: "code-plain" }), placeholder(hint), underlined],
        this.#language.of(language(policy ? "yaml" : "shell")),
        highlighting,
        selectAll,
        atOnce,
        Prec.low(
          keymap.of([
            { key: "Tab", run: indentMore, shift: indentLess },
            { key: "Escape", run: (view) => (view.setTabFocusMode(3_600_000), true) },
          ]),
        ),
        keymap.of([...defaultKeymap.filter(({ key }) => key !== "Mod-Enter" && key !== "Escape"), ...historyKeymap]),
        EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": "hint", autocomplete: "off", tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.every((each) => each.annotation(fromPage))) changed(update.state.doc.toString());
        }),
        theme,
        this.#measured.of([]),
      ],
    });
    const focused = box && document.activeElement === box;
    const scroll = box?.scrollTop ?? 0;
    this.#view = new EditorView({ state, root, parent: root });
    this.#view.dom.append(described);
    // Lines become higher in large type, and a text that does not fill its place is as high as before: the view would not see it.
    let other = false;
    const measure = () => this.#view.dispatch({ effects: this.#measured.reconfigure((other = !other) ? otherTheme : []) });
    new ResizeObserver(measure).observe(described);
    // As a text box has it: what reads or writes values of text boxes needs not know of editors.
    Object.defineProperty(this.#view.contentDOM, "value", { get: () => this.#view.state.doc.toString(), set: (text) => this.#replace(text), configurable: true });
    host.focus = () => this.#view.focus();
    host.select = (from, to) => this.select(from, to);
    Object.defineProperty(host, "caret", { get: () => this.#view.state.selection.main.head, configurable: true });
    if (box) box.hidden = true;
    host.hidden = false;
    if (focused) this.#view.focus();
    this.#view.scrollDOM.scrollTop = scroll;
    if (policy) onPoint((rule) => this.#view.dispatch({ effects: setLit.of(rule) }));
  }

  #replace(text, annotations) {
    const old = this.#view.state.doc.toString();
    if (old === text) return;
    this.#view.dispatch({ changes: difference(old, text), annotations });
  }

  /** The text is now this; one step of undo. */
  setText(text) {
    this.#replace(text, [fromPage.of(true), isolateHistory.of("full")]);
  }

  /** The text is written in this language; see languages.js. */
  setLanguage(name) {
    this.#view.dispatch({ effects: this.#language.reconfigure(language(name)) });
  }

  /** What the engine says of the text; see `setMarks`. */
  setMarks(rules, places, texts) {
    if (this.#marks?.areDrawn(this.#view.state, { rules, places })) return;
    this.#view.dispatch({ effects: setMarks.of({ rules: rules.slice(), places: places.slice(), texts }) });
  }

  /** Selects what is between two places, shows it and goes there. */
  select(from, to) {
    const { length } = this.#view.state.doc;
    const selection = { anchor: Math.min(from, length), head: Math.min(to, length) };
    const show = () => {
      this.#view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.anchor, { y: "nearest", yMargin: 80 }) });
      this.#view.focus();
    };
    show();
    // It was hidden, and is being shown.
    if (!this.#view.hasFocus) requestAnimationFrame(show);
  }
}
