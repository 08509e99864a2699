/** An icon of index.html's sprite; copied, since `<use>` does not reach out of a shadow root. */
export function icon(name) {
  const symbol = document.getElementById(name);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  for (const { name, value } of symbol?.attributes ?? []) if (name !== "id") svg.setAttribute(name, value);
  svg.append(...[...(symbol?.childNodes ?? [])].map((node) => node.cloneNode(true)));
  return svg;
}

/** An element with a class and children; text becomes text. */
export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** Text as nodes, with what stands in backticks as code. */
export function inCode(text) {
  const pieces = text.split("`");
  if (pieces.length % 2 === 0) return [text];
  return pieces.map((piece, index) => (index % 2 ? element("code", "", piece) : piece));
}
