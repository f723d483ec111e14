// What opens on the map at a place: its incidents; at several places drawn as one, the places.

import { button, el, said, swatch } from "./dom.js";
import { quoted } from "./evidence.js";
import { counted, number, shortDays, what, when, where } from "./words.js";

const QUOTED = 3; // so few incidents are quoted
const PAGE = 25; // rows of a list at a time

/** The list of a place: `onSelect(i)`, `onList()` when the table shall hold these alone. */
export function placePopup(store, title, incidents, { onSelect, onList }) {
  const body = frame(title, count(incidents.length), mix(store, incidents));
  if (incidents.length <= QUOTED) body.append(...incidents.map((i) => brief(store, i, onSelect)));
  else paged(body, incidents, (i) => row(store, i, onSelect));
  if (incidents.length > 1) body.append(button("List them beside the map", onList, { class: "im-zoom" }));
  return body;
}

/** The list of places drawn as one circle: `onPlace(mark)` and `onZoom()`; null where no zoom parts them. */
export function clusterPopup(store, places, incidents, { onPlace, onZoom, onList }) {
  const body = frame(`${number(places.length)} places`, count(incidents.length), mix(store, incidents));
  if (onZoom) body.append(button("Zoom in", onZoom, { class: "im-zoom" }));
  body.append(button("List them beside the map", onList, { class: "im-zoom" }));
  paged(body, places, ({ mark, total }) =>
    button("", () => onPlace(mark), { class: "im-row" }, said("span", store.marks.name[mark] || "Unnamed place", { class: "im-row-what" }), el("span", { class: "im-count" }, number(total))),
  );
  return body;
}

const count = (n) => `${number(n)} ${n === 1 ? "incident" : "incidents"}`;

function frame(title, total, types) {
  return el("div", { class: "im-popup", role: "dialog", "aria-label": `${title}: ${total}` },
    el("h2", { tabindex: -1 }, said("span", title), el("span", { class: "im-count" }, ` ${total}`)), types,
  );
}

/** How many there are of each type. */
function mix(store, incidents) {
  const counts = new Map();
  for (const i of incidents) counts.set(store.type[i], (counts.get(store.type[i]) ?? 0) + 1);
  if (incidents.length < 2) return null;
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return el("p", { class: "im-mix" }, ...sorted.map(([t, n]) => el("span", { title: store.types[t].name }, swatch(store.types[t], 12), el("span", { class: "im-unseen" }, `${store.types[t].name} `), number(n))));
}

/** A list that grows when asked to. */
function paged(body, all, make) {
  const list = el("ul", { class: "im-rows" });
  const more = button("", () => grow(), { class: "im-more-rows" });
  const grow = () => {
    const from = list.children.length;
    list.append(...all.slice(from, from + PAGE).map((one) => el("li", {}, make(one))));
    more.hidden = list.children.length >= all.length;
    more.textContent = `Show more (${number(all.length - list.children.length)} left)`;
    list.children[from]?.querySelector("button")?.focus({ preventScroll: from === 0 });
  };
  list.append(...all.slice(0, PAGE).map((one) => el("li", {}, make(one))));
  more.hidden = all.length <= PAGE;
  more.textContent = `Show more (${number(all.length - PAGE)} left)`;
  body.append(list, more);
}

function row(store, i, onSelect) {
  const killed = counted(store, "fatalities", i);
  return button("", () => onSelect(i), { class: "im-row" },
    el("span", { class: "im-row-when" }, shortDays(store, i).join(" ")), swatch(store.types[store.type[i]], 12), said("span", what(store, i), { class: "im-row-what" }),
    killed && killed !== "0" ? el("span", { class: "im-count" }, `${killed} killed`) : null,
  );
}

function brief(store, i, onSelect) {
  const told = store.sources(i).filter((s) => s.evidence);
  const seen = [...new Map(told.map((s) => [s.evidence, s])).values()].slice(0, QUOTED);
  return el("div", { class: "im-brief" },
    button("", () => onSelect(i), { class: "im-brief-open" }, swatch(store.types[store.type[i]]), said("span", what(store, i))),
    el("p", { class: "im-quote-by" }, when(store, i), said("span", ` · ${where(store, i)}`)),
    ...seen.map(({ evidence, marked }) => quoted({ evidence, marked })),
  );
}
