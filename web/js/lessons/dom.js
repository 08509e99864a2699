// Makes elements: text becomes text nodes only, so nothing in a lesson can be more than text.

/** An element with these attributes (`onclick` and the like are listeners, `true` is an empty one, `false` and null none) and children. */
export function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** One of the page's icons. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

const LEVELS = { None: ["none", "m0"], Metadata: ["meta", "m1"], Request: ["req", "m2"], RequestResponse: ["rr", "m3"] };

/** A level's name with its bars; another text as it is. */
export function level(name) {
  const known = LEVELS[name];
  return known ? el("span", { class: `lv ${known[0]}` }, icon(known[1]), name) : el("span", {}, name);
}
