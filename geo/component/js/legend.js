// The legend: how each mark is drawn and what that says.

import { el } from "./dom.js";

function key(...shapes) {
  const NS = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(NS, "svg");
  for (const [k, v] of Object.entries({ viewBox: "0 0 26 18", width: 26, height: 18, "aria-hidden": "true", class: "im-key" })) svg.setAttribute(k, v);
  for (const [tag, attributes, text] of shapes) {
    const node = document.createElementNS(NS, tag);
    for (const [k, v] of Object.entries(attributes)) node.setAttribute(k, v);
    if (text) node.textContent = text;
    svg.append(node);
  }
  return svg;
}

const line = { fill: "none", stroke: "currentColor", "stroke-width": 1.6 };
const text = { "text-anchor": "middle", fill: "currentColor", "font-size": 9, "font-weight": 600 };
const dotKey = () => key(["circle", { ...line, cx: 13, cy: 9, r: 7.5, "stroke-width": 2.6 }], ["text", { ...text, x: 13, y: 12.2 }, "3"]);
const manyKey = () => key(["circle", { ...line, cx: 13, cy: 9, r: 5, "stroke-width": 2.4 }], ["circle", { ...line, cx: 13, cy: 9, r: 8.2, "stroke-width": 1 }]);
const ringKey = () => key(["circle", { ...line, cx: 13, cy: 9, r: 7.5, "stroke-dasharray": "3 2" }]);
const areaKey = () => key(["path", { ...line, d: "M4 3 18 2 23 8 20 16 7 15Z M6 12 14 3 M9 15 20 4 M15 16 22 9", "stroke-width": 1.1 }]);
const lineKey = () => key(["path", { ...line, d: "M3 13 9 7 15 11 23 4", "stroke-width": 3, "stroke-linecap": "round" }]);
const badgeKey = () => key(["rect", { ...line, x: 2, y: 3, width: 22, height: 12, rx: 2.5, "stroke-width": 1.3 }], ["text", { ...text, x: 13, y: 12 }, "SY 3"]);

const mentionKey = () => key(["path", { fill: "currentColor", d: "M8 5 18 5 13 14Z" }]);

const KEYS = [
  ["dot", "a place; number: incidents", dotKey],
  ["dot", "several places: zoom in", manyKey],
  ["ring", "somewhere within the circle", ringKey],
  ["area", "somewhere in the area", areaKey],
  ["line", "along the line", lineKey],
  ["badge", "country; place not known", badgeKey],
  ["mention", "named in a report (a layer)", mentionKey],
];

/** A box that explains the marks that occur. */
export function legend(used) {
  const keys = KEYS.filter(([how]) => used.has(how));
  return el("details", { class: "im-legend", hidden: !keys.length, open: matchMedia("(min-width: 760px)").matches },
    el("summary", {}, "How sure is the place?"),
    el("ul", { class: "im-keys" }, ...keys.map(([, text, draw]) => el("li", {}, draw(), text))),
  );
}
