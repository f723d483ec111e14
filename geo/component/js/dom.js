// Building the page without markup: text goes in as text, and nothing else can.

/** An element. `props`: attributes; `on` are listeners by event; children are elements or texts. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listen] of Object.entries(value)) node.addEventListener(event, listen);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Text of the data: its own direction, so that it cannot turn the words around it. */
export const said = (tag, text, props = {}) => el(tag, { dir: "auto", ...props }, String(text));

/** A link out of the data, where it is one that a reader may follow; else its text. */
export function link(text, url) {
  let parsed = null;
  try {
    parsed = new URL(url);
  } catch {
    return said("span", text);
  }
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") return said("span", text);
  return said("a", text, { href: parsed.href, rel: "noopener noreferrer", target: "_blank", referrerpolicy: "no-referrer" });
}

export function button(label, onClick, props = {}, ...children) {
  return el("button", { type: "button", on: { click: onClick }, ...props }, label, ...children);
}

/** The drawing of a type's shape, for legends and tables. */
export function swatch(type, size = 14) {
  const NS = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(NS, "svg");
  for (const [k, v] of Object.entries({ viewBox: "-8 -8 16 16", width: size, height: size, "aria-hidden": "true" })) svg.setAttribute(k, v);
  const mark = document.createElementNS(NS, type.shape === "circle" ? "circle" : "polygon");
  if (type.shape === "circle") mark.setAttribute("r", "5.5");
  else mark.setAttribute("points", polygon(type.shape));
  mark.style.fill = `var(--im-type-${type.number})`; // set by the theme
  svg.append(mark);
  return svg;
}

function polygon(shape) {
  const corners = { square: [4, 45, 7.4], diamond: [4, 0, 7], triangle: [3, 0, 7.4], down: [3, 180, 7.4], hexagon: [6, 0, 6.6], pentagon: [5, 0, 6.8] };
  const starry = { cross: 4, star: 5 }[shape];
  const [n, turn, r] = starry ? [2 * starry, 0, 7.4] : corners[shape];
  return Array.from({ length: n }, (_, i) => {
    const angle = ((turn - 90) * Math.PI) / 180 + (2 * Math.PI * i) / n;
    const far = starry && i % 2 ? r * 0.42 : r;
    return `${(far * Math.cos(angle)).toFixed(2)},${(far * Math.sin(angle)).toFixed(2)}`;
  }).join(" ");
}

/** Text that may break after a slash. */
export const breakable = (text) => text.split("/").flatMap((part, i) => (i ? ["/", el("wbr"), part] : [part]));

/** Calls `f` at most once a `ms`, the last time with the last arguments. */
export function later(f, ms) {
  let timer = null;
  const call = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => f(...args), ms);
  };
  call.cancel = () => clearTimeout(timer);
  return call;
}
