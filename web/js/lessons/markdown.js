// CommonMark without HTML → elements. What looks like HTML is shown as it is written; a link leads to https or to a place of this page.
import { Lexer } from "marked";
import { el } from "./dom.js";

/** The elements of a Markdown text; headings begin at `h3`. */
export function markdown(text) {
  return blocks(new Lexer({ gfm: false }).lex(text));
}

const blocks = (tokens) => tokens.map(block).filter(Boolean);
const inlines = (tokens) => (tokens ?? []).map(inline);

function block(token) {
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "heading":
      return el(`h${Math.min(token.depth + 2, 6)}`, {}, inlines(token.tokens));
    case "paragraph":
      return el("p", {}, inlines(token.tokens));
    case "text":
      return el("span", {}, token.tokens ? inlines(token.tokens) : plain(token));
    case "code":
      return el("pre", { tabindex: "0" }, el("code", {}, token.text));
    case "blockquote":
      return el("blockquote", {}, blocks(token.tokens));
    case "hr":
      return el("hr");
    case "list": {
      const items = token.items.map((item) => el("li", {}, blocks(item.tokens)));
      return el(token.ordered ? "ol" : "ul", { start: token.ordered && token.start !== 1 ? token.start : null }, items);
    }
    default:
      return el("p", {}, token.raw);
  }
}

function inline(token) {
  switch (token.type) {
    case "strong":
    case "em":
      return el(token.type, {}, inlines(token.tokens));
    case "codespan":
      return el("code", {}, token.text);
    case "br":
      return el("br");
    case "link": {
      if (!/^(https:\/\/|#)/.test(token.href)) return el("span", {}, inlines(token.tokens));
      const away = token.href.startsWith("https:");
      return el("a", { href: token.href, rel: away ? "noreferrer" : null, target: away ? "_blank" : null }, inlines(token.tokens));
    }
    case "image":
      return el("span", {}, token.text);
    case "text":
      return el("span", {}, token.tokens ? inlines(token.tokens) : plain(token));
    case "escape":
      return token.text;
    default:
      return token.raw;
  }
}

/** Text in which characters may be written as entities. */
const plain = (token) =>
  token.text.replace(/&(lt|gt|amp|quot|#39);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'" })[name]);
