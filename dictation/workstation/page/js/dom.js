// Elements without markup strings: whatever comes from a record is text and stays text.

const SVG = "http://www.w3.org/2000/svg";
const ICON = "icon-";

/** An element; `on…` properties are listeners, true and false set and leave out an attribute, null is left out. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value") node.value = value;
    else if (name === "checked") node.checked = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  append(node, children);
  return node;
}

export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
}

export function replace(node, ...children) {
  node.replaceChildren();
  append(node, children);
}

/** Puts the pictures into the page, once, so that drawing one asks the server for nothing. */
export async function loadIcons() {
  const reply = await fetch(new URL("../icons.svg", import.meta.url));
  const drawn = new DOMParser().parseFromString(await reply.text(), "image/svg+xml").documentElement;
  drawn.setAttribute("hidden", "");
  document.body.append(document.importNode(drawn, true));
}

/** A picture of the sprite; it says nothing to a screen reader, the words beside it do. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#${ICON}${name}`);
  svg.append(use);
  return svg;
}

/** A button with a picture; `quiet` hides the words and leaves the picture. */
export function button(label, { picture, quiet, ...properties } = {}) {
  return el(
    "button",
    { type: "button", "aria-label": quiet ? label : null, title: quiet ? label : null, ...properties },
    picture && icon(picture),
    quiet ? null : el("span", {}, label),
  );
}

/** Tells the style sheets how high an element is, as long as it is on the page. */
export function measure(name, node) {
  const tell = () =>
    node.isConnected && document.documentElement.style.setProperty(name, `${node.offsetHeight}px`);
  new ResizeObserver(tell).observe(node);
}

let numbered = 0;

/** A name for an element that no other has. */
export const unique = (prefix) => `${prefix}-${++numbered}`;

/** A labelled input of a form. */
export function labelled(label, input, hint = null) {
  input.id ||= unique("input");
  const note = hint && el("span", { class: "hint", id: unique("hint") }, hint);
  if (note) input.setAttribute("aria-describedby", note.id);
  return el("div", { class: "labelled" }, el("label", { for: input.id }, label), input, note);
}
