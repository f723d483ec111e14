// The table of what the map shows; also the way in for those who do not use the map.

import { breakable, button, el, said, swatch } from "./dom.js";
import { counted, number, shortDays, what, where } from "./words.js";

const PAGE = 100; // rows at a time
const MOST_PRINTED = 1000;
const EMPTY = "Nothing here: widen the window, the filters or the map's view.";
const COLUMNS = [
  ["Date", null],
  ["What", (store, a, b) => compare(what(store, a), what(store, b))],
  ["Where", (store, a, b) => compare(where(store, a), where(store, b))],
  ["Killed", (store, a, b) => (store.count("fatalities_min", a) ?? -1) - (store.count("fatalities_min", b) ?? -1)],
];

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** `onSelect(i)` when a reader opens an incident, `onScope(only)` when the list shall hold what the map shows alone. */
export class List {
  constructor(store, { onSelect, onScope, onPlace }) {
    Object.assign(this, { store, onSelect, rows: [], shown: PAGE, sort: 0, down: true });
    this.caption = el("caption", { class: "im-caption" });
    this.heads = COLUMNS.map(([name], i) => el("th", { scope: "col" }, button(name, () => this.order(i), { class: "im-sort" })));
    this.body = el("tbody", { on: { keydown: (event) => this.step(event) } });
    this.more = button("Show more", () => ((this.shown += 5 * PAGE), this.draw()), { class: "im-more" });
    this.scope = el("input", { type: "checkbox", on: { change: () => onScope(this.scope.checked) } });
    this.scope.checked = true;
    this.place = button("", onPlace, { class: "im-place", title: "List all places again", hidden: true });
    this.table = el("table", { class: "im-table" }, this.caption, el("thead", {}, el("tr", {}, ...this.heads)), this.body);
    this.element = el("section", { class: "im-list", "aria-label": "Incidents shown" },
      el("div", { class: "im-scope" }, el("label", { class: "im-check" }, this.scope, "only what lies within the map's view"), this.place),
      el("div", { class: "im-scroll", tabindex: 0, role: "region", "aria-label": "Table of incidents" }, this.table, this.more),
    );
  }

  order(i) {
    this.down = this.sort === i ? !this.down : i === 0 || i === 3;
    this.sort = i;
    this.fill(this.rows, this.title, this.selected);
  }

  /** Shows these incidents; `place` names the one place that they are of. */
  fill(rows, title, selected, place = this.placeName) {
    Object.assign(this, { title, selected, placeName: place });
    this.place.hidden = !place;
    this.place.replaceChildren("at ", said("bdi", place ?? ""), " ✕");
    this.rows = this.sorted(Int32Array.from(rows));
    this.shown = PAGE;
    this.draw();
  }

  /** Rows come in order of time, the undated last; those stay last whichever way one sorts by date. */
  sorted(rows) {
    const order = COLUMNS[this.sort][1];
    const sign = this.down ? -1 : 1;
    if (order) return rows.sort((a, b) => sign * order(this.store, a, b) || a - b);
    rows.sort();
    if (!this.down) return rows;
    const dated = rows.findIndex((i) => i >= this.store.dated);
    rows.subarray(0, dated < 0 ? rows.length : dated).reverse();
    return rows;
  }

  draw() {
    this.heads.forEach((head, i) => head.setAttribute("aria-sort", i === this.sort ? (this.down ? "descending" : "ascending") : "none"));
    this.caption.textContent = this.title;
    const had = this.body.getRootNode().activeElement?.closest?.("tbody tr")?.dataset.row; // who walks the rows stays on theirs
    this.body.replaceChildren(...Array.from(this.rows.subarray(0, this.shown), (i) => this.row(i)));
    if (had) this.body.querySelector(`tr[data-row="${had}"] button`)?.focus({ preventScroll: true });
    if (!this.rows.length) this.body.append(el("tr", {}, el("td", { colspan: COLUMNS.length, class: "im-note" }, this.store.n ? EMPTY : "There are no incidents.")));
    this.more.hidden = this.rows.length <= this.shown;
    this.more.textContent = `Show more (${number(this.rows.length - this.shown)} left)`;
  }

  /** As many rows as paper may hold. */
  all() {
    this.shown = MOST_PRINTED;
    this.draw();
  }

  row(i) {
    const { store } = this;
    const open = button("", () => this.onSelect(i), { class: "im-open" });
    open.append(...shortDays(store, i).map((text) => el("span", {}, text, " ")));
    const tag = store.mark[i] < 0 ? el("span", { class: "im-tag" }, "not on the map") : null;
    return el("tr", { class: i === this.selected ? "im-selected" : null, "data-row": i, on: { click: (e) => e.target.closest("button") || this.onSelect(i) } },
      el("td", { class: "im-date" }, open),
      el("td", {}, el("span", { class: "im-what" }, swatch(store.types[store.type[i]]), el("span", { dir: "auto" }, ...breakable(what(store, i))))),
      el("td", {}, said("span", where(store, i)), tag),
      el("td", { class: "im-killed" }, (counted(store, "fatalities", i) ?? "–").replace("at least ", "≥ ").replace("up to ", "≤ ")),
    );
  }

  /** Up and down go from row to row. */
  step(event) {
    const move = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    const row = move && event.target.closest("tr")?.[move];
    if (!row) return;
    event.preventDefault();
    row.querySelector("button").focus();
  }

  /** The incident before or after one in the list; none at its ends. */
  beside(i, by) {
    const at = this.rows.indexOf(i);
    return at < 0 ? undefined : this.rows[at + by];
  }

  /** Shows which incident is selected; the focus stays where it is. */
  mark(selected) {
    this.selected = selected;
    for (const row of this.body.children) row.classList.toggle("im-selected", Number(row.dataset.row) === selected);
  }
}
