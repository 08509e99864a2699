// How texts are coloured, line by line. Small tokenizers of our own: they colour, the engine reads.
import { StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { Tag, tagHighlighter } from "@lezer/highlight";

/** The kinds of tokens; each is the class `sx-KIND` of theme.js. */
const KINDS = ["key", "str", "num", "comment", "punct", "word", "None", "Metadata", "Request", "RequestResponse"];
const tokenTable = Object.fromEntries(KINDS.map((kind) => [kind, Tag.define()]));
export const highlighting = syntaxHighlighting(
  tagHighlighter(KINDS.map((kind) => ({ tag: tokenTable[kind], class: `sx-${kind}` }))),
);

const LEVELS = /^(None|Metadata|Request|RequestResponse)$/;
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** The quoted text that begins here, or goes on from the line before (`state.quote`). */
function quoted(stream, state) {
  const quote = state.quote;
  while (!stream.eol()) {
    const character = stream.next();
    if (character === "\\" && quote === '"') stream.next();
    else if (character === quote) {
      state.quote = "";
      break;
    }
  }
}

/** YAML, and JSON, which is YAML. */
const yaml = {
  startState: () => ({ quote: "", block: -1, level: false, depth: 0 }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    if (stream.sol() && state.block >= 0) {
      if (/^\s*$/.test(stream.string) || stream.indentation() > state.block) {
        stream.skipToEnd();
        return "str";
      }
      state.block = -1;
    }
    if (state.quote) {
      quoted(stream, state);
      return "str";
    }
    if (stream.sol()) {
      state.level = false;
      if (stream.match(/^(---|\.\.\.)(\s|$)/)) return "punct";
    }
    const before = stream.string[stream.pos - 1];
    if (stream.eatSpace()) return null;
    const next = stream.peek();
    if (next === "#" && (!before || /\s/.test(before))) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match(/^[[\]{},]/)) {
      state.depth = Math.max(0, state.depth + (/[[{]/.test(next) ? 1 : /[\]}]/.test(next) ? -1 : 0));
      return "punct";
    }
    if (stream.match(/^[-?:](?=\s|$)/) || (state.depth && stream.eat(":"))) return "punct";
    if (stream.match(/^[|>][-+\d]*(?=\s*(#|$))/)) {
      state.block = stream.indentation();
      return "punct";
    }
    if (next === '"' || next === "'") {
      stream.next();
      state.quote = next;
      quoted(stream, state);
      const key = !state.quote && stream.match(/^\s*:(\s|$|(?=[^\s]))/, false) && /^\s*:/.test(stream.string.slice(stream.pos));
      if (!key) return "str";
      state.level = stream.current().slice(1, -1) === "level";
      return "key";
    }
    if (/[&*!]/.test(next) && stream.match(/^[&*!][^\s,[\]{}]*/)) return "word";
    // A plain scalar, up to what ends it here.
    const rest = stream.string.slice(stream.pos);
    const end = state.depth ? /\s+#|:(\s|$)|[,[\]{}]/.exec(rest) : /\s+#|:(\s|$)/.exec(rest);
    const scalar = rest.slice(0, end ? Math.max(end.index, 1) : rest.length).trimEnd();
    stream.pos += Math.max(scalar.length, 1);
    if (end && end[0].startsWith(":")) {
      state.level = scalar === "level";
      return "key";
    }
    if (state.level && LEVELS.test(scalar)) return scalar;
    return NUMBER.test(scalar) || /^(true|false|null|~)$/.test(scalar) ? "num" : "str";
  },
  indent(state, _after, context) {
    // As the line above, and further in after a key or a bracket that waits for more.
    const line = context.state.doc.lineAt(context.pos);
    const above = line.from < context.pos ? line : line.number > 1 ? context.state.doc.line(line.number - 1) : line;
    const text = above.text.slice(0, above === line ? context.pos - line.from : undefined);
    const indent = /^\s*/.exec(text)[0].length;
    if (/^\s*- .*:\s*$/.test(text)) return indent + 4;
    if (/^\s*- [^[{"']*:\s/.test(text)) return indent + 2;
    return /[:[{]\s*$/.test(text) ? indent + 2 : indent;
  },
  languageData: { commentTokens: { line: "#" } },
};

/** Commands of a shell: kubectl and curl. */
const shell = {
  startState: () => ({ quote: "", first: true }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    if (state.quote) {
      quoted(stream, state);
      return "str";
    }
    if (stream.eatSpace()) return null;
    const next = stream.peek();
    if (next === "#") {
      stream.skipToEnd();
      return "comment";
    }
    if (next === '"' || next === "'") {
      stream.next();
      state.quote = next;
      quoted(stream, state);
      return "str";
    }
    if (stream.match(/^(\\$|[|;&<>]+|\$$|\$ )/)) return "punct";
    if (stream.match(/^--?[A-Za-z][\w-]*/)) return "key";
    stream.match(/^[^\s"'=|;&<>]+/) || stream.next();
    return NUMBER.test(stream.current()) ? "num" : null;
  },
};

/** An HTTP request: its line, its headers, and a body in JSON or YAML. */
const http = {
  startState: () => ({ part: 0, body: yaml.startState() }),
  copyState: (state) => ({ part: state.part, body: { ...state.body } }),
  blankLine(state) {
    if (state.part === 1) state.part = 2;
  },
  token(stream, state) {
    if (state.part === 2) return yaml.token(stream, state.body);
    if (state.part === 0) {
      state.part = 1;
      return stream.match(/^[A-Z]+(?=\s)/) ? "key" : null;
    }
    if (stream.sol() && stream.match(/^[\w-]+(?=:)/)) return "key";
    if (stream.match(/^HTTP\/[\d.]+$/)) return "comment";
    if (stream.eat(":")) return "punct";
    stream.eatSpace() || stream.match(/^(?!HTTP\/)\S+/) || stream.next();
    return stream.sol() ? null : /HTTP\//.test(stream.string) ? null : "str";
  },
};

const made = {};

/** The language of a name: yaml, json, shell, http. */
export function language(name) {
  const parsers = { yaml, json: yaml, shell, http };
  const parser = parsers[name] ?? shell;
  return (made[name] ??= StreamLanguage.define({ ...parser, tokenTable }));
}
