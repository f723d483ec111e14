// What can be chosen, with the number of incidents that each choice would leave.

import { REJECTED } from "./data.js";
import { button, el, later, said, swatch } from "./dom.js";
import { facetName, facetTitle, number } from "./words.js";

const MOST = 12; // choices shown of a facet, until one asks for more
const MORE = 100;
const LEASTS = {
  fatalities: { title: "Killed, at least", max: 1000000, step: 1, steps: [1, 10, 100] },
  confidence: { title: "Confidence, at least", max: 1, step: 0.05, steps: [0.25, 0.5, 0.75] },
};

/** `onFilter(key, values)` with the values chosen, all where none is; `onText`, `onLeast`, `onArea`, `onClear` likewise. */
export class Filters {
  constructor(store, state, listeners) {
    Object.assign(this, { store, state, ...listeners });
    this.search = el("input", {
      type: "search", placeholder: "Search evidence, places, actors", "aria-label": "Search", value: state.text ?? "",
      on: { input: later(() => this.onText(this.search.value), 150) },
    });
    const worth = (facet) => facet.values.length > 1 || facet.values[0] === REJECTED; // there is something to choose
    this.facets = store.facets.filter(worth).map((facet) => new Facet(store, facet, state, (values) => this.onFilter(facet.key, values)));
    this.leasts = Object.keys(LEASTS).map((key) => new Least(key, state, (value) => this.onLeast(key, value)));
    this.summary = el("span", { class: "im-active" });
    this.clearButton = button("Clear", () => this.onClear(), { class: "im-clear" });
    this.element = el("details", { class: "im-filters", on: { toggle: () => this.onOpen() } },
      el("summary", {}, "Filters", this.summary),
      el("div", { class: "im-filter-body" }, this.search, ...this.facets.map((f) => f.element), ...this.leasts.map((l) => l.element), this.area(), this.clearButton),
    );
    for (const facet of this.facets) facet.element.addEventListener("toggle", () => this.onOpen());
  }

  area() {
    this.areaText = el("span");
    const how = [["lasso", "Draw", "Then draw a shape over the map"], ["box", "Rectangle", "Then drag over the map"], ["view", "Map's view", "All that the map shows now"]];
    return el("div", { class: "im-area", role: "group", "aria-label": "Area" }, this.areaText, ...how.map(([name, text, title]) => button(text, () => this.onArea(name), { title })));
  }

  /** Shows the choices that the state holds; `counter` tells how many incidents in the window each would leave. */
  show(counter) {
    const { state } = this;
    let active = 0;
    for (const { key } of this.store.facets) if (state.filters[key]?.length) active++;
    for (const facet of this.facets) facet.show(this.element.open && facet.element.open ? counter.facet(facet.facet) : null);
    for (const least of this.leasts) least.show(this.element.open ? (value) => counter.least(least.key, value) : null);
    for (const key of ["text", "fatalities", "confidence", "area"]) if (state[key]) active++;
    this.areaText.textContent = state.area ? "Only within the area" : "Area: the world";
    this.summary.textContent = active ? ` · ${active} active` : "";
    this.clearButton.disabled = !active;
    if (this.search.getRootNode().activeElement !== this.search && this.search.value !== state.text) this.search.value = state.text;
  }
}

/** The values of one facet; provinces stand under their country. */
class Facet {
  constructor(store, facet, state, onChange) {
    Object.assign(this, { store, facet, key: facet.key, state, onChange, most: MOST, counts: null });
    this.opened = new Set(); // countries whose provinces are shown
    this.chosenText = el("span", { class: "im-active" });
    this.find = el("input", { type: "search", placeholder: "Find", "aria-label": `Find in ${facetTitle(this.key)}`, class: "im-find", on: { input: () => this.show(this.counts) } });
    this.find.hidden = facet.values.length <= MOST;
    this.rows = el("div", { class: "im-choices" });
    this.more = button("Show more", () => ((this.most += MORE), this.show(this.counts)), { class: "im-choices-more" });
    this.element = el("details", { class: "im-facet", open: this.key === "event_type" },
      el("summary", {}, facetTitle(this.key), this.chosenText), this.find, this.rows, this.more,
    );
    this.tree();
  }

  /** Which values stand under which: provinces under their country. */
  tree() {
    const { values } = this.facet;
    const at = new Map(values.map((value, v) => [value, v]));
    this.under = new Map();
    this.top = [];
    values.forEach((value, v) => {
      const parent = this.key === "country" && value.includes("/") ? at.get(value.slice(0, value.indexOf("/"))) : undefined;
      if (parent === undefined) return this.top.push(v);
      if (!this.under.has(parent)) this.under.set(parent, []);
      this.under.get(parent).push(v);
    });
  }

  name(v) {
    return facetName(this.store, this.key, this.facet.values[v]);
  }

  /** The values to show now: what is chosen, then the most frequent or what is looked for. */
  listed(chosen) {
    const words = this.find.value.toLowerCase().trim();
    const { values } = this.facet;
    if (words) return values.map((_, v) => v).filter((v) => this.name(v).toLowerCase().includes(words));
    return this.top.filter((v, rank) => rank < this.most || chosen.has(values[v]) || this.under.get(v)?.some((u) => chosen.has(values[u])));
  }

  show(counts) {
    this.counts = counts;
    const chosen = new Set(this.state.filters[this.key] ?? []);
    this.chosenText.textContent = chosen.size ? ` · ${chosen.size} chosen` : "";
    if (!this.element.open) return;
    const listed = this.listed(chosen).slice(0, this.most + chosen.size);
    const rows = listed.flatMap((v) => [v, ...(this.opened.has(v) && !this.find.value ? this.under.get(v) : [])]);
    const left = (this.find.value ? this.listed(chosen) : this.top).length - listed.length;
    this.more.hidden = left <= 0;
    this.more.textContent = `Show more (${number(Math.max(0, left))} left)`;
    if (this.drawn?.join() !== rows.join()) this.draw(rows);
    for (const { v, input, count, label } of this.boxes) {
      input.checked = chosen.has(this.facet.values[v]);
      count.textContent = counts ? number(counts[v]) : "";
      label.classList.toggle("im-none", counts !== null && counts[v] === 0);
    }
  }

  draw(rows) {
    const inside = new Set([...this.under.values()].flat());
    this.drawn = rows;
    this.boxes = rows.map((v) => this.box(v, inside.has(v) && !this.find.value));
    const had = this.rows.getRootNode().activeElement;
    const kept = had && this.rows.contains(had) ? had.getAttribute("aria-label") || had.parentElement.textContent : null;
    this.rows.replaceChildren(...this.boxes.map((b) => b.row));
    if (kept) [...this.rows.querySelectorAll("button, input")].find((one) => (one.getAttribute("aria-label") || one.parentElement.textContent) === kept)?.focus();
  }

  box(v, indented) {
    const { values } = this.facet;
    const input = el("input", { type: "checkbox", on: { change: () => this.choose(values[v], input.checked) } });
    const count = el("span", { class: "im-count" });
    const type = this.key === "event_type" ? this.store.types.find((t) => t.name === values[v]) : null;
    const name = indented ? values[v].slice(values[v].indexOf("/") + 1) : this.name(v);
    const label = el("label", { class: `im-choice${indented ? " im-indented" : ""}` }, input, type ? swatch(type) : null, said("span", name, { class: "im-choice-name" }), count);
    return { v, input, count, label, row: el("div", { class: "im-choice-row" }, label, this.opener(v)) };
  }

  /** Shows and hides the provinces of a country. */
  opener(v) {
    if (!this.under.has(v) || this.find.value) return null;
    const open = this.opened.has(v);
    const toggle = () => (open ? this.opened.delete(v) : this.opened.add(v), this.show(this.counts));
    return button(open ? "▾" : "▸", toggle, { class: "im-opener", "aria-expanded": String(open), "aria-label": `Provinces of ${this.name(v)}` });
  }

  /** A country holds its provinces, so that one does not choose both. */
  choose(value, on) {
    const family = (other) => other.startsWith(`${value}/`) || value.startsWith(`${other}/`);
    const chosen = (this.state.filters[this.key] ?? []).filter((other) => other !== value && !(on && this.key === "country" && family(other)));
    this.onChange(on ? [...chosen, value] : chosen);
  }
}

/** A least number: typed, or one of a few with their counts. */
class Least {
  constructor(key, state, onChange) {
    Object.assign(this, { key, state, ...LEASTS[key] });
    this.input = el("input", { type: "number", min: 0, max: this.max, step: this.step, value: state[key] || "", placeholder: "any", "aria-label": this.title, on: { change: () => onChange(Number(this.input.value) || 0) } });
    this.buttons = this.steps.map((value) => button("", () => onChange(state[key] === value ? 0 : value), { class: "im-step" }));
    this.element = el("div", { class: "im-least", role: "group", "aria-label": this.title }, el("span", {}, this.title), this.input, el("span", { class: "im-steps" }, ...this.buttons));
  }

  show(count) {
    const now = this.state[this.key];
    if (this.input.getRootNode().activeElement !== this.input) this.input.value = now || "";
    this.buttons.forEach((b, k) => {
      b.setAttribute("aria-pressed", String(now === this.steps[k]));
      b.replaceChildren(`${this.steps[k]}+ `, el("span", { class: "im-count" }, count ? number(count(this.steps[k])) : ""));
    });
  }
}
