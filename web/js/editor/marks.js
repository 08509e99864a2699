// What the engine says of a policy, drawn in its text: rules in the gutter and by tint, findings under their characters and lines.
import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, WidgetType, gutter, gutterLineClass, showTooltip } from "@codemirror/view";

import { element, icon, inCode } from "./icons.js";
import { light } from "./rules_pane.js";

/** What became of a rule, by its number in `Marks.rules`: the class, the icon, the word. */
const STATES = [
  ["match", "i-check"],
  ["near", "i-near"],
  ["skip", "i-x"],
  ["idle", "i-o"],
];
const SEVERITIES = [
  ["note", "i-info"],
  ["warn", "i-warn"],
  ["err", "i-err"],
];
/** More lines than this of one rule are not tinted. */
const MOST_LINES = 2000;

/** Takes marks in: `{rules: Uint32Array of from, to, state; places: Uint32Array of from, to, severity; texts: message, help, fix}`. */
export const setMarks = StateEffect.define();
/** The rule that is pointed at, in any pane; -1: none. */
export const setLit = StateEffect.define();
/** The rule whose reasons are shown; -1: none. */
export const setWhy = StateEffect.define();

const NO_MARKS = { rules: new Uint32Array(), places: new Uint32Array(), texts: [], decorations: Decoration.none, tint: RangeSet.empty };

/** The rule that the characters from `from` to `to` belong to, as an index, or -1. */
export function ruleAt(rules, from, to) {
  let low = 0;
  let high = rules.length / 3;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rules[middle * 3 + 1] < from) low = middle + 1;
    else high = middle;
  }
  return low * 3 < rules.length && rules[low * 3] <= to ? low : -1;
}

/** Where rules are after a change, what became of them as before. */
function moved(rules, changes) {
  return rules.map((value, index) => (index % 3 === 2 ? value : changes.mapPos(value, index % 3 ? 1 : -1)));
}

/** Whether a change leaves each line a line. */
function isWithinLines({ changes, startState: { doc } }) {
  let within = true;
  changes.iterChanges((from, to, _from, _to, inserted) => (within &&= inserted.lines === 1 && doc.lineAt(from).to >= to));
  return within;
}

const isSame = (left, right) => left.length === right.length && left.every((value, index) => value === right[index]);

class Tint extends GutterMarker {
  elementClass = "is-match";
}
const tint = new Tint();
const lineOf = { match: Decoration.line({ class: "is-match" }), lit: Decoration.line({ class: "is-lit" }) };
const squiggles = SEVERITIES.map(([name]) => Decoration.mark({ class: `sq ${name}` }));

/** A finding under its line. For the eye and the pointer: the list below the editor says the same, and Ctrl+. does the same. */
class Finding extends WidgetType {
  constructor(index, severity, message, help, fix, onfix) {
    super();
    Object.assign(this, { index, severity, message, help, fix, onfix });
  }
  eq(other) {
    return ["index", "severity", "message", "help", "fix"].every((key) => this[key] === other[key]);
  }
  get estimatedHeight() {
    return this.help ? 50 : 33;
  }
  toDOM() {
    const [name, glyph] = SEVERITIES[this.severity];
    const words = element("div", "words", element("code", "", this.message));
    if (this.help) words.append(element("div", "src", ...inCode(this.help)));
    const row = element("div", `diag ${name}`, icon(glyph), words);
    if (this.fix && !document.documentElement.hasAttribute("data-readonly")) {
      const button = element("button", "btn", this.fix);
      button.tabIndex = -1;
      button.addEventListener("mousedown", (event) => event.preventDefault());
      button.addEventListener("click", () => this.onfix(this.index));
      row.append(button);
    }
    row.setAttribute("aria-hidden", "true");
    // What is around it is inside of the widget: a margin is not measured, and the line numbers below would stand higher than their lines.
    return element("div", "finding", row);
  }
  ignoreEvent() {
    return true;
  }
}

function lines(doc, from, to, decoration) {
  const ranges = [];
  const last = doc.lineAt(Math.min(to, doc.length)).number;
  for (let number = doc.lineAt(Math.min(from, doc.length)).number; number <= last && ranges.length < MOST_LINES; number++) {
    ranges.push(decoration.range(doc.line(number).from));
  }
  return ranges;
}

function drawn(doc, { rules, places, texts }, onfix) {
  const ranges = [];
  const tints = [];
  for (let rule = 0; rule * 3 < rules.length; rule++) {
    if (rules[rule * 3 + 2] !== 0) continue;
    ranges.push(...lines(doc, rules[rule * 3], rules[rule * 3 + 1], lineOf.match));
    tints.push(...lines(doc, rules[rule * 3], rules[rule * 3 + 1], tint));
  }
  for (let index = 0; index * 3 < places.length; index++) {
    const from = Math.min(places[index * 3], doc.length);
    const to = Math.min(Math.max(places[index * 3 + 1], from), doc.length);
    const severity = places[index * 3 + 2];
    const line = doc.lineAt(from);
    // A finding about nothing is shown on the character before or after it.
    const begin = to > from || from < line.to ? from : Math.max(line.from, from - 1);
    const end = to > from ? to : Math.min(line.to, begin + 1);
    if (end > begin) ranges.push(squiggles[severity].range(begin, Math.min(end, begin + 10000)));
    const [message, help, fix] = texts.slice(index * 3, index * 3 + 3);
    const widget = new Finding(index, severity, message, help, fix, onfix);
    ranges.push(Decoration.widget({ widget, block: true, side: 1 }).range(line.to));
  }
  return { decorations: Decoration.set(ranges, true), tint: RangeSet.of(tints) };
}

class RuleMarker extends GutterMarker {
  constructor(rule, state, begins, severity) {
    super();
    Object.assign(this, { rule, state, begins, severity });
    this.elementClass = state < 0 ? "" : `is-${STATES[state][0]}`;
  }
  eq(other) {
    return ["rule", "state", "begins", "severity"].every((key) => this[key] === other[key]);
  }
  toDOM() {
    if (this.severity >= 0) return element("span", `gm ${SEVERITIES[this.severity][0]}`, icon(SEVERITIES[this.severity][1]));
    if (!this.begins) return document.createTextNode("");
    return element("span", "gm", element("b", "", String(this.rule + 1)), icon(STATES[this.state][1]));
  }
}

/** Words that are underlined, in an editor that is no policy's; what is wrong with them stands beside it. */
export const underlined = StateField.define({
  create: () => Decoration.none,
  update(value, transaction) {
    value = value.map(transaction.changes);
    const { length } = transaction.newDoc;
    for (const effect of transaction.effects) {
      if (!effect.is(setMarks)) continue;
      const ranges = [];
      const { places } = effect.value;
      for (let at = 0; at < places.length; at += 3) {
        const [from, to] = [places[at], Math.min(places[at + 1], length)];
        if (from < to) ranges.push(squiggles[places[at + 2]].range(from, to));
      }
      value = Decoration.set(ranges, true);
    }
    return value;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The marks of a policy's editor. `onfix(finding)` applies a fix; `why(rule)` tells what became of a rule, in lines. */
export function marks({ onfix, why }) {
  const field = StateField.define({
    create: () => NO_MARKS,
    update(value, transaction) {
      if (transaction.docChanged) {
        const map = (set) => set.map(transaction.changes);
        const old = value.old || !isWithinLines(transaction);
        value = { ...value, old, rules: moved(value.rules, transaction.changes), decorations: map(value.decorations), tint: map(value.tint) };
      }
      for (const effect of transaction.effects) {
        if (effect.is(setMarks)) value = { ...effect.value, ...drawn(transaction.newDoc, effect.value, onfix) };
      }
      return value;
    },
    provide: (field) => [
      EditorView.decorations.from(field, (value) => value.decorations),
      gutterLineClass.from(field, (value) => value.tint),
    ],
  });

  /** Whether marks are drawn already: most keys only move them, and there are no findings. */
  const areDrawn = (state, { rules, places }) => {
    const shown = state.field(field);
    return !shown.old && places.length === 0 && shown.places.length === 0 && isSame(shown.rules, rules);
  };

  const lit = StateField.define({
    create: () => ({ rule: -1, lines: Decoration.none }),
    update(value, transaction) {
      for (const effect of transaction.effects) {
        if (!effect.is(setLit)) continue;
        const { rules } = transaction.state.field(field);
        const rule = effect.value * 3 < rules.length ? effect.value : -1;
        const at = rule < 0 ? [] : lines(transaction.newDoc, rules[rule * 3], rules[rule * 3 + 1], lineOf.lit);
        return { rule, lines: Decoration.set(at) };
      }
      return transaction.docChanged ? { ...value, lines: value.lines.map(transaction.changes) } : value;
    },
    provide: (field) => EditorView.decorations.from(field, (value) => value.lines),
  });

  const reasons = StateField.define({
    create: () => null,
    update(value, transaction) {
      if (transaction.docChanged) value = null;
      for (const effect of transaction.effects) {
        if (!effect.is(setWhy)) continue;
        const from = transaction.state.field(field).rules[effect.value * 3];
        value = from === undefined ? null : { rule: effect.value, ...tooltip(effect.value, Math.min(from, transaction.newDoc.length)) };
      }
      return value;
    },
    provide: (field) => showTooltip.from(field),
  });
  const tooltip = (rule, pos) => ({
    pos,
    above: false,
    create() {
      const [head, ...fields] = why(rule);
      const row = (text) => element("div", text[0], icon(text[0] === "y" ? "i-check" : "i-x"), element("span", "", ...inCode(text.slice(1))));
      return { dom: element("div", "why", element("strong", "", head), ...fields.map((text) => (/^[yn]/.test(text) ? row(text) : element("p", "", text.slice(1))))) };
    },
  });

  const ruleOf = (view, line) => ruleAt(view.state.field(field).rules, line.from, line.to);
  const point = (view, rule) => {
    if (view.state.field(lit).rule !== rule || (view.state.field(reasons)?.rule ?? -1) !== rule) {
      view.dispatch({ effects: [setLit.of(rule), setWhy.of(rule)] });
      light(rule);
    }
  };
  const column = gutter({
    class: "cm-rules",
    lineMarker(view, block) {
      const { rules, places } = view.state.field(field);
      const line = view.state.doc.lineAt(block.from);
      const rule = ruleAt(rules, line.from, line.to);
      const begins = rule >= 0 && rules[rule * 3] >= line.from;
      let severity = -1;
      if (!begins) {
        for (let index = 0; index < places.length; index += 3) {
          if (places[index] >= line.from && places[index] <= line.to) severity = Math.max(severity, places[index + 2]);
        }
      }
      return rule < 0 && severity < 0 ? null : new RuleMarker(rule, rule < 0 ? -1 : rules[rule * 3 + 2], begins, severity);
    },
    lineMarkerChange: (update) => update.startState.field(field) !== update.state.field(field),
    domEventHandlers: {
      mouseover: (view, line) => (point(view, ruleOf(view, view.state.doc.lineAt(line.from))), false),
      mouseout: (view, _line, event) => {
        if (!event.relatedTarget?.closest?.(".cm-rules")) point(view, -1);
        return false;
      },
      mousedown(view, line) {
        const rule = ruleOf(view, view.state.doc.lineAt(line.from));
        if (rule < 0) return false;
        const anchor = view.state.field(field).rules[rule * 3];
        view.dispatch({ selection: { anchor } });
        view.focus();
        light(rule, true);
        return true;
      },
    },
  });

  const follow = EditorView.updateListener.of((update) => {
    if (!update.selectionSet && !update.focusChanged) return;
    const { from, to } = update.state.doc.lineAt(update.state.selection.main.head);
    light(update.view.hasFocus ? ruleAt(update.state.field(field).rules, from, to) : -1);
  });

  return { areDrawn, extensions: [field, lit, reasons, column, follow] };
}
