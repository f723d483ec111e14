// Beside the map: what can be chosen, the list of what is shown, the evidence, the note on method.

import { isoOf, sayDays } from "./data.js";
import { breakable, button, el, later, link, said, swatch } from "./dom.js";

const NAMES = {
  event_type: "Event type",
  sub_event_type: "Sub-event type",
  country: "Country",
  geo_precision: "Precision of place",
  status: "Status",
  publisher: "Source",
  actors: "Actor",
};
const PRECISIONS = {
  site: "exact site",
  settlement: "town or village",
  near: "near a place",
  admin2: "district",
  admin1: "province",
  region: "region",
  border: "border",
  country: "country only",
  sea: "at sea",
};
const MOST = 60; // choices listed in a facet
const PAGE = 100; // rows of the table at a time

const precisionName = (value) => PRECISIONS[value] ?? value;

function facetName(store, key, value) {
  if (key === "geo_precision" && value === store.payload.nothing) return "no place";
  if (key === "country") return store.countryName(value);
  return key === "geo_precision" ? precisionName(value) : value;
}

/** When it happened, as the report lets one say. */
export function when(store, i) {
  if (i >= store.dated) return "date unknown";
  const time = store.text("time", i);
  return sayDays(store.start[i], store.end[i]) + (time ? `, ${time}` : "");
}

export function where(store, i) {
  return store.text("place", i) || store.text("place_text", i) || "place unknown";
}

/** "4", "4–6", "at least 4", or null where nothing was said. */
export function counted(store, what, i) {
  const low = store.count(`${what}_min`, i);
  const high = store.count(`${what}_max`, i);
  if ((low ?? 0) === 0 && high === null) return null;
  if (high === null) return `at least ${low}`;
  if (low === null) return `up to ${high}`;
  return low === high ? String(low) : `${low}–${high}`;
}

// --- filters -------------------------------------------------------------------------------------------------------

/** `onFilter(key, values)` with the values chosen, all where none is; `onText`, `onLeast` likewise. */
export class Filters {
  constructor(store, state, listeners) {
    Object.assign(this, { store, state, ...listeners });
    this.boxes = new Map();
    this.search = el("input", {
      type: "search", placeholder: "Search evidence, places, actors", "aria-label": "Search", value: state.text ?? "",
      on: { input: later(() => this.onText(this.search.value), 150) },
    });
    this.summary = el("span", { class: "im-active" });
    this.clearButton = button("Clear", () => this.onClear(), { class: "im-clear" });
    this.element = el("details", { class: "im-filters" },
      el("summary", {}, "Filters", this.summary),
      el("div", { class: "im-filter-body" }, this.search, ...store.facets.map((f) => this.facet(f)), this.least(), this.area(), this.clearButton),
    );
  }

  facet(facet) {
    const boxes = facet.values.slice(0, MOST).map((value) => {
      const input = el("input", { type: "checkbox", on: { change: () => this.choose(facet.key) } });
      input.checked = (this.state.filters[facet.key] ?? []).includes(value);
      const count = el("span", { class: "im-count" });
      const type = facet.key === "event_type" ? this.store.types.find((t) => t.name === value) : null;
      const label = el("label", { class: "im-choice" }, input, type ? swatch(type) : null, said("span", facetName(this.store, facet.key, value), { class: "im-choice-name" }), count);
      return { value, input, count, label };
    });
    this.boxes.set(facet.key, boxes);
    const hidden = facet.values.length - boxes.length;
    return el("details", { class: "im-facet", open: facet.key === "event_type" },
      el("summary", {}, NAMES[facet.key] ?? facet.key),
      ...boxes.map((b) => b.label),
      hidden > 0 ? el("p", { class: "im-note" }, `and ${hidden} rarer ones: use the search`) : null,
    );
  }

  least() {
    const number = (key, label, max, step) =>
      el("label", { class: "im-least" }, label,
        el("input", { type: "number", min: 0, max, step, value: this.state[key] ?? "", on: { change: (e) => this.onLeast(key, Number(e.target.value) || 0) } }),
      );
    return el("div", { class: "im-leasts" }, number("fatalities", "Killed, at least", 100000, 1), number("confidence", "Confidence, at least", 1, 0.1));
  }

  area() {
    this.areaText = el("span");
    return el("div", { class: "im-area" }, this.areaText,
      button("Draw an area", () => this.onArea("draw"), { title: "Then drag over the map" }),
      button("Take the map's view", () => this.onArea("view")),
    );
  }

  choose(key) {
    this.onFilter(key, this.boxes.get(key).filter((b) => b.input.checked).map((b) => b.value));
  }

  /** Shows the choices that the state holds, and how many incidents in the window each would leave. */
  show(counts) {
    let active = this.state.text ? 1 : 0;
    for (const facet of this.store.facets) {
      const chosen = new Set(this.state.filters[facet.key] ?? []);
      if (chosen.size) active++;
      this.boxes.get(facet.key).forEach((box, i) => {
        box.input.checked = chosen.has(box.value);
        box.count.textContent = (counts?.get(facet.key)?.[i] ?? 0).toLocaleString("en");
      });
    }
    for (const key of ["fatalities", "confidence", "area"]) if (this.state[key]) active++;
    this.areaText.textContent = this.state.area ? "Only within the area" : "Area: the world";
    this.summary.textContent = active ? ` · ${active} active` : "";
    this.clearButton.disabled = !active;
    if (document.activeElement !== this.search && this.search.value !== this.state.text) this.search.value = this.state.text;
  }
}

// --- list ----------------------------------------------------------------------------------------------------------

const COLUMNS = [
  ["Date", null],
  ["What", (store, a, b) => compare(what(store, a), what(store, b))],
  ["Where", (store, a, b) => compare(where(store, a), where(store, b))],
  ["Killed", (store, a, b) => (store.count("fatalities_min", a) ?? -1) - (store.count("fatalities_min", b) ?? -1)],
];

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const what = (store, i) => store.text("sub_event_type", i) || store.types[store.type[i]].name;

/** The table of what the map shows; `onSelect(i)` when a reader opens one. */
export class List {
  constructor(store, { onSelect, onScope }) {
    Object.assign(this, { store, onSelect, rows: [], shown: PAGE, sort: 0, down: true });
    this.caption = el("caption", { class: "im-caption" });
    this.heads = COLUMNS.map(([name], i) => el("th", { scope: "col" }, button(name, () => this.order(i), { class: "im-sort" })));
    this.body = el("tbody");
    this.more = button("Show more", () => ((this.shown += 5 * PAGE), this.draw()), { class: "im-more" });
    const scope = el("input", { type: "checkbox", on: { change: () => onScope(scope.checked) } });
    scope.checked = true;
    this.table = el("table", { class: "im-table" }, this.caption, el("thead", {}, el("tr", {}, ...this.heads)), this.body);
    this.element = el("section", { class: "im-list", "aria-label": "Incidents shown" },
      el("label", { class: "im-check im-scope" }, scope, "only what lies within the map's view"),
      el("div", { class: "im-scroll", tabindex: 0, role: "region", "aria-label": "Table of incidents" }, this.table, this.more),
    );
  }

  order(i) {
    this.down = this.sort === i ? !this.down : i === 0 || i === 3;
    this.sort = i;
    this.fill(this.rows, this.title, this.selected);
  }

  /** Shows these incidents. */
  fill(rows, title, selected) {
    Object.assign(this, { title, selected });
    this.rows = this.sorted(Int32Array.from(rows));
    this.shown = PAGE;
    this.draw();
  }

  /** Rows come in order of time, the undated last; those stay last whichever way one sorts by date. */
  sorted(rows) {
    const order = COLUMNS[this.sort][1];
    const sign = this.down ? -1 : 1;
    if (order) return rows.sort((a, b) => sign * order(this.store, a, b) || a - b);
    if (!this.down) return rows;
    const dated = rows.findIndex((i) => i >= this.store.dated);
    rows.subarray(0, dated < 0 ? rows.length : dated).reverse();
    return rows;
  }

  draw() {
    this.heads.forEach((head, i) => head.setAttribute("aria-sort", i === this.sort ? (this.down ? "descending" : "ascending") : "none"));
    this.caption.textContent = this.title;
    this.body.replaceChildren(...Array.from(this.rows.subarray(0, this.shown), (i) => this.row(i)));
    this.more.hidden = this.rows.length <= this.shown;
    this.more.textContent = `Show more (${(this.rows.length - this.shown).toLocaleString("en")} left)`;
  }

  row(i) {
    const { store } = this;
    const open = button("", () => this.onSelect(i), { class: "im-open" });
    open.append(...(i < store.dated ? shortDays(store, i) : ["no date"]).map((text) => el("span", {}, text, " ")));
    const unlocated = store.mark[i] < 0;
    const place = el("td", {}, said("span", where(store, i)), unlocated ? el("span", { class: "im-tag" }, "not on the map") : null);
    return el("tr", { class: i === this.selected ? "im-selected" : null, on: { click: (e) => e.target.closest("button") || this.onSelect(i) } },
      el("td", { class: "im-date" }, open),
      el("td", {}, el("span", { class: "im-what" }, swatch(store.types[store.type[i]]), el("span", { dir: "auto" }, ...breakable(what(store, i))))),
      place,
      el("td", { class: "im-killed" }, (counted(store, "fatalities", i) ?? "–").replace("at least ", "≥ ").replace("up to ", "≤ ")),
    );
  }

  mark(selected) {
    this.selected = selected;
    this.draw();
  }
}

function shortDays(store, i) {
  const [start, end] = [store.start[i], store.end[i]];
  if (start === end) return [isoOf(start)];
  const text = sayDays(start, end);
  return text.length <= 14 ? [text] : [`${isoOf(start)} –`, isoOf(end)];
}

// --- evidence ------------------------------------------------------------------------------------------------------

/** Everything known of one incident, each telling quoted. */
export function evidence(store, i, { heading = "h2" } = {}) {
  const type = store.types[store.type[i]];
  const many = store.count("event_count", i);
  return el("article", { class: "im-evidence" },
    el(heading, { class: "im-headline" }, swatch(type, 16), said("span", what(store, i)), many ? ` × ${many} (told as one)` : ""),
    el("p", { class: "im-when" }, said("span", when(store, i)), " · ", said("span", where(store, i))),
    facts(store, i),
    ...tellings(store, i),
    why(store, i),
  );
}

function facts(store, i) {
  const rows = [
    ["Type", store.texts[store.columns.type?.[i] ?? 0]],
    ["Country", store.list("country", i).map((code) => store.countryName(code)).join(", ")],
    ["Province", store.text("admin1", i)],
    ["Place is", placeIs(store, i)],
    ["By", store.list("actors", i).join(", ")],
    ["Against", store.list("targets", i).join(", ")],
    ["With", store.list("weapons", i).join(", ")],
    ["Killed", counted(store, "fatalities", i) ?? "not said"],
    ["Injured", counted(store, "injured", i)],
    ["Status", store.text("status", i)],
  ].filter(([, value]) => value);
  return el("dl", { class: "im-facts" }, ...rows.flatMap(([name, value]) => [el("dt", {}, name), said("dd", value)]));
}

function placeIs(store, i) {
  const precision = store.text("geo_precision", i);
  if (store.mark[i] < 0) return "not located";
  const radius = store.marks.radius[store.mark[i]];
  return precisionName(precision) + (radius >= 1000 ? `, within about ${Math.round(radius / 1000).toLocaleString("en")} km` : "");
}

/** One figure a report, with every sentence of it that tells. */
function tellings(store, i) {
  const sources = store.sources(i);
  if (!sources.length) return [el("p", { class: "im-note" }, "No source text came with this incident.")];
  const reports = new Map();
  for (const source of sources) {
    const key = JSON.stringify([source.report, source.publisher, source.url, source.published]);
    if (!reports.has(key)) reports.set(key, { ...source, quotes: [] });
    if (source.evidence) reports.get(key).quotes.push(source);
  }
  const told = [...reports.values()].map((source) =>
    el("figure", { class: "im-telling" }, ...source.quotes.map(quoted), el("figcaption", {}, ...teller(source))),
  );
  return reports.size > 1 ? [el("p", { class: "im-note" }, `Told by ${reports.size} reports`), ...told] : told;
}

const CLAIMS = ["event", "place", "date", "count"]; // as in payload.py

/** A sentence, with the words marked that say what happened, where, when and how many. */
export function quoted({ evidence, marked }) {
  const characters = marked.length ? [...evidence] : null; // offsets count code points
  const parts = [];
  let at = 0;
  for (let k = 0; k < marked.length; k += 3) {
    const [kind, start, end] = marked.slice(k, k + 3);
    if (start < at) continue;
    parts.push(characters.slice(at, start).join(""), el("mark", { class: `im-said im-said-${CLAIMS[kind]}`, title: `says the ${CLAIMS[kind]}` }, characters.slice(start, end).join("")));
    at = end;
  }
  parts.push(characters ? characters.slice(at).join("") : evidence);
  return el("blockquote", { dir: "auto" }, ...parts.filter((part) => part !== ""));
}

function teller(source) {
  const name = source.publisher || source.report;
  const by = [source.url ? link(name || source.url, source.url) : said("cite", name)];
  if (source.publisher && source.report && source.report !== source.publisher) by.push(" · ", said("span", source.report));
  if (source.published) by.push(" · ", said("span", source.published));
  return by;
}

function why(store, i) {
  const reasons = grouped(store.lines("reasons", i));
  const others = store.alternatives(i).map((other) => other.text);
  const confidence = store.confidence(i);
  if (!reasons.length && !others.length && confidence === null) return null;
  return el("details", { class: "im-why" },
    el("summary", {}, "Why here?", confidence === null ? "" : ` Confidence ${confidence.toFixed(2)}`),
    el("dl", { class: "im-facts" }, ...reasons.flatMap(([name, line]) => [said("dt", name), said("dd", line)])),
    others.length ? el("p", {}, "Other places it may be, with a question mark on the map:") : null,
    others.length ? el("ul", {}, ...others.map((line) => said("li", line))) : null,
  );
}

/** "place.base: 1", "place.score: 2" → "place", "base 1 · score 2". */
function grouped(lines) {
  const groups = new Map();
  for (const line of lines) {
    const [, group, rest] = /^(\w+)\.([\s\S]*)$/.exec(line) ?? [null, "", line];
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(rest);
  }
  return [...groups].map(([group, rest]) => [group || "other", rest.join(" · ")]);
}

/** What opens on the map at a place: its incidents, the first ones quoted. */
export function popup(store, title, incidents, { several, onSelect, onZoom }) {
  const first = [...incidents].sort((a, b) => (a >= store.dated) - (b >= store.dated) || b - a);
  const most = 4;
  const body = el("div", { class: "im-popup" },
    el("h2", {}, said("span", title), el("span", { class: "im-count" }, ` ${incidents.length.toLocaleString("en")} ${incidents.length === 1 ? "incident" : "incidents"}`)),
    ...first.slice(0, most).map((i) => brief(store, i, onSelect, several)),
  );
  if (first.length > most) body.append(el("p", { class: "im-note" }, `and ${(first.length - most).toLocaleString("en")} more in the list`));
  if (onZoom) body.append(button("Zoom in", onZoom, { class: "im-zoom" }));
  return body;
}

function brief(store, i, onSelect, several) {
  const told = store.sources(i).filter((s) => s.evidence);
  return el("div", { class: "im-brief" },
    button("", () => onSelect(i), { class: "im-brief-open" }),
    el("p", { class: "im-quote-by" }, when(store, i), several ? said("span", ` · ${where(store, i)}`) : null),
    ...told.map(quoted),
  );
}

/** Fills the buttons of `brief`, whose content is more than text. */
export function labelBriefs(body, store, incidents) {
  body.querySelectorAll(".im-brief-open").forEach((open, k) => {
    const i = incidents[k];
    open.append(swatch(store.types[store.type[i]]), said("span", what(store, i)));
  });
}

// --- note on method ------------------------------------------------------------------------------------------------

const reports = (store) => new Set((store.columns.tellers ?? []).map(([report]) => report)).size;

/** What stands below a map that is to be trusted: what was counted, how places and dates were got, whose data it is. */
export function method(store) {
  const { payload } = store;
  const tally = (key) => {
    const facet = store.facet(key);
    return facet.values.map((value, v) => `${facetName(store, key, value)} ${facet.codes.filter((c) => c === v).length.toLocaleString("en")}`).join(", ");
  };
  const located = store.mark.filter((m) => m >= 0).length;
  return el("details", { class: "im-method" },
    el("summary", {}, "About this map"),
    el("p", {}, `${store.n.toLocaleString("en")} incidents told by ${reports(store).toLocaleString("en")} reports: ${located.toLocaleString("en")} with a place, ${(store.n - located).toLocaleString("en")} without; ${store.dated.toLocaleString("en")} with a date, ${(store.n - store.dated).toLocaleString("en")} without.`),
    store.n ? el("p", {}, "By precision of place: ", said("span", tally("geo_precision")), ".") : null,
    store.n ? el("p", {}, "By status: ", said("span", tally("status")), ". “machine” means read by a program and checked by no one.") : null,
    el("p", {}, "An incident is shown in every window that its interval touches. One circle stands for one place; a circle without a filled centre, a hatched area, a line or a label means that the place is known no better than that."),
    el("p", {}, payload.gazetteer ? said("span", `Gazetteer ${payload.gazetteer}. `) : null, payload.made ? `Made on ${payload.made}. ` : null,
      "Base map: Natural Earth (public domain). Place names: GeoNames (CC BY 4.0). Borders and names on this map imply no opinion on the status of any territory."),
  );
}


