// The map of incidents: one state, and everything that shows it. Both hosts, the page and Streamlit, mount this.

import { basePainter, labelPainter } from "./base.js";
import { canvasLayer } from "./canvas.js";
import { NO_DAY, Store, dayOf, isoOf, mercatorY, readBase, sayDays } from "./data.js";
import { button, el, later, said, swatch } from "./dom.js";
import { legend } from "./legend.js";
import { markPainter, pick, slotsAt } from "./marks.js";
import { paintMentions } from "./mentions.js";
import { heatPainter } from "./heat.js";
import { Filters, List, evidence, labelBriefs, method, popup } from "./panel.js";
import { themeColours } from "./theme.js";
import { TimeBar } from "./time.js";

const NARROW = { paddingTopLeft: [26, 26], paddingBottomRight: [50, 34], maxZoom: 8 }; // names stand to the right
const CREDIT = "Natural Earth · GeoNames";
const OPEN_STATE = { certain: false, undated: false, filters: {}, text: "", fatalities: 0, confidence: 0, area: null, selected: "", mentions: false, heat: false, theme: "auto" };

/**
 * Draws the incidents of `payload` into `root`.
 * @param {HTMLElement} root
 * @param {object} payload as geo/layers/payload.py makes it, unpacked
 * @param {{frame?: object, view?: object, onView?: (view: object) => void, dark?: boolean}} options `frame`: see
 *   geo/webmap/frame.py; `view`: a state to start from, as `onView` reports it; `dark`: the theme of the host.
 */
export function mount(root, payload, options = {}) {
  return new IncidentMap(root, payload, options);
}

class IncidentMap {
  constructor(root, payload, { frame = {}, view = {}, onView = () => {}, dark = null }) {
    Object.assign(this, { root, frame, onView, hostDark: dark, store: new Store(payload) });
    root.incidentMap = this; // for those who embed the page, and for tests
    this.state = { ...structuredClone(OPEN_STATE), start: this.store.firstDay, end: this.store.lastDay };
    this.inView = true;
    this.drawn = [];
    this.takeView(view);
    this.mask = new Uint8Array(this.store.n);
    this.report = later(() => this.onView(this.view()), 250);
    this.fillSoon = later(() => this.fill(), 90);
    this.build();
    this.makeMap();
    this.filter();
    this.ready();
  }

  // --- the page ----------------------------------------------------------------------------------------------------

  build() {
    const { store, state } = this;
    this.container = el("div", { class: "im-map folium-map", role: "application", "aria-label": "Map of incidents; the table beside it holds the same" });
    this.time = new TimeBar(store, state, {
      onWindow: (start, end) => this.setWindow(start, end),
      onSwitch: (name, value) => this.set({ [name]: value }),
      colours: () => this.colours,
    });
    this.filters = new Filters(store, state, {
      onFilter: (key, values) => this.set({ filters: { ...state.filters, [key]: values } }),
      onText: (text) => this.set({ text }),
      onLeast: (key, value) => this.set({ [key]: value }),
      onArea: (how) => (how === "view" ? this.set({ area: boundsOf(this.map.getBounds()) }) : this.drawArea()),
      onClear: () => this.set({ filters: {}, text: "", fatalities: 0, confidence: 0, area: null }),
    });
    this.list = new List(store, { onSelect: (i) => this.select(i, true), onScope: (only) => ((this.inView = only), this.fill()) });
    this.evidenceBox = el("section", { class: "im-evidence-box", "aria-label": "Evidence", "aria-live": "polite" });
    this.missing = el("div", { class: "im-missing" });
    const title = store.payload.title;
    this.subtitle = el("p", { class: "im-subtitle", role: "status" });
    this.themeButton = button("", () => this.cycleTheme(), { class: "im-theme" });
    const header = el("header", { class: "im-header" },
      el("div", {}, title ? said("h1", title) : el("h1", { class: "im-unseen" }, "Map of incidents"), this.subtitle),
      el("div", { class: "im-aside" }, this.layers(), this.missing, this.themeButton),
    );
    this.legendBox = legend(new Set(store.marks.draw));
    const stage = el("div", { class: "im-stage" }, this.container, this.legendBox);
    const side = el("aside", { class: "im-side", "aria-label": "Filters, evidence and list" }, this.evidenceBox, this.filters.element, this.list.element);
    this.frameElement = el("div", { class: "im" }, header, this.types(), el("div", { class: "im-body" }, stage, side, this.time.element), method(store));
    this.applyTheme();
    this.root.replaceChildren(this.frameElement);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    this.onScheme = () => this.applyTheme(true);
    dark.addEventListener("change", this.onScheme);
    this.unlisten = () => dark.removeEventListener("change", this.onScheme);
  }

  /** The legend of the types, which chooses among them as well. */
  types() {
    const { store } = this;
    this.typeButtons = store.types.map((type) =>
      button("", () => this.toggleType(type.name), { class: "im-legend-type", "aria-pressed": "false", title: "Show only this type" }),
    );
    this.typeButtons.forEach((b, i) => {
      this.typeButtons[i].count = el("span", { class: "im-count" });
      b.append(swatch(store.types[i]), said("span", store.types[i].name), b.count);
    });
    return el("div", { class: "im-types", hidden: !store.n, role: "group", "aria-label": "Event types" }, ...this.typeButtons);
  }

  /** What can be laid over the map; the frame adds to it. */
  layers() {
    this.layerBoxes = el("div", { class: "im-layers", role: "group", "aria-label": "Layers" });
    if (this.store.payload.mentions.name.length) this.layerBoxes.append(this.layerBox("Places mentioned", (on) => this.set({ mentions: on }), this.state.mentions));
    if (this.store.marks.n > 1) this.layerBoxes.append(this.layerBox("Heat", (on) => this.set({ heat: on }), this.state.heat));
    return this.layerBoxes;
  }

  layerBox(name, onChange, checked) {
    const input = el("input", { type: "checkbox", on: { change: () => onChange(input.checked) } });
    input.checked = checked;
    return el("label", { class: "im-check" }, input, said("span", name));
  }

  // --- theme -------------------------------------------------------------------------------------------------------

  cycleTheme() {
    const next = { auto: this.colours.dark ? "light" : "dark", light: "dark", dark: "light" };
    this.set({ theme: next[this.state.theme] });
  }

  applyTheme(redraw = false) {
    const { theme } = this.state;
    const dark = theme === "dark" || (theme === "auto" && (this.hostDark ?? matchMedia("(prefers-color-scheme: dark)").matches));
    this.frameElement.dataset.theme = dark ? "dark" : "light";
    this.themeButton.textContent = dark ? "☀ Light" : "☾ Dark";
    this.colours = themeColours(dark);
    this.store.paint(dark);
    for (const type of this.store.types) this.frameElement.style.setProperty(`--im-type-${type.number}`, type.colour);
    if (redraw && this.map) this.redraw(true);
  }

  // --- the map -----------------------------------------------------------------------------------------------------

  makeMap() {
    const L = globalThis.L;
    const { frame, store } = this;
    const map = L.map(this.container, {
      attributionControl: false, zoomSnap: 0.25, wheelPxPerZoomLevel: 120, minZoom: frame.minZoom ?? 1, maxZoom: frame.maxZoom ?? 17,
      zoomControl: false, worldCopyJump: true,
      zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    this.map = map;
    L.control.zoom({ position: "topright" }).addTo(map);
    for (const [name, z] of [["im-base", 150], ["im-labels", 350], ["im-mentions", 430], ["im-marks", 450]]) {
      map.createPane(name).style.zIndex = z;
      map.getPane(name).style.pointerEvents = "none";
    }
    const base = readBase(store.payload.base);
    const colours = () => this.colours;
    const named = new Set(store.marks.name);
    this.goHome(false);
    this.regroup();
    this.base = canvasLayer("im-base", basePainter(base, colours)).addTo(map);
    this.mentions = canvasLayer("im-mentions", (c, v) => this.state.mentions && paintMentions(c, v, store, this.colours)).addTo(map);
    this.heat = canvasLayer("im-mentions", heatPainter(store, () => this.state.heat && this.markCounts())).addTo(map);
    this.marks = canvasLayer("im-marks", markPainter(store, () => this.now(), this.drawn)).addTo(map);
    this.labels = canvasLayer("im-labels", labelPainter(base, colours, named, () => this.drawn.boxes)).addTo(map); // after the marks: it avoids them
    this.addFrame();
    const credit = L.control.attribution({ position: "bottomright", prefix: false }).addTo(map);
    L.control.scale({ position: "bottomright", imperial: false }).addTo(map);
    credit.addAttribution(CREDIT);
    for (const tile of frame.tiles ?? []) if (tile.attribution) credit.addAttribution(escaped(tile.attribution));
    map.on("click", (event) => this.click(event));
    map.on("mousemove", (event) => this.hover(event));
    map.on("zoomend", () => this.regroup());
    map.on("moveend", () => (this.fillSoon(), this.report()));
    map.on("popupopen", () => ((this.legendWasOpen = this.legendBox.open), (this.legendBox.open = false)));
    map.on("popupclose", () => (this.legendBox.open = this.legendWasOpen));
    this.resize = new ResizeObserver(() => this.resized());
    this.resize.observe(this.container);
  }

  /** The view that the frame or the state asks for, else the one that holds all incidents. */
  goHome(animate = true) {
    const { frame, store, map } = this;
    if (this.home) return map.setView(this.home.center, this.home.zoom, { animate });
    if (frame.center) return map.setView(frame.center, frame.zoom ?? 4, { animate });
    const bounds = frame.fit ?? extentOf(store);
    if (!bounds) return map.setView([20, 10], 1.75, { animate });
    map.fitBounds(bounds, { ...NARROW, animate });
  }

  resized() {
    const before = this.map.getSize().x;
    const width = this.container.clientWidth;
    this.map.invalidateSize({ animate: false, pan: false });
    // a page shown, turned or printed; not a header that a filter made higher: that would move the view
    if (!this.moved && width && Math.abs(width - before) > before * 0.15) this.goHome(false);
    this.time.draw(this.mask);
    this.time.show();
  }

  /** Tiles and overlays that the frame brings: text and shapes, never markup. */
  addFrame() {
    const L = globalThis.L;
    for (const tile of this.frame.tiles ?? []) {
      const layer = L.tileLayer(tile.url, { ...tile.options, attribution: undefined });
      if (tile.show !== false) layer.addTo(this.map);
      this.layerBoxes.append(this.layerBox(tile.name || "Tiles", (on) => (on ? layer.addTo(this.map) : layer.remove()), tile.show !== false));
    }
    for (const overlay of this.frame.overlays ?? []) {
      const styles = overlay.styles ?? [];
      let row = 0;
      const layer = L.geoJSON(overlay.data, {
        style: () => styles[row++] ?? styles[0] ?? {},
        pointToLayer: (feature, at) => L.circleMarker(at, { radius: 5, ...(styles[row] ?? styles[0]) }),
        onEachFeature: (feature, shape) => overlay.tips?.[feature.im] && shape.bindTooltip(said("span", overlay.tips[feature.im])),
      });
      if (overlay.show !== false) layer.addTo(this.map);
      this.layerBoxes.append(this.layerBox(overlay.name || "Overlay", (on) => (on ? layer.addTo(this.map) : layer.remove()), overlay.show !== false));
    }
  }

  /** After a change of zoom: which marks are drawn as one. */
  regroup() {
    const grouping = slotsAt(this.store, this.map.getZoom());
    Object.assign(this, grouping);
    this.counts = new Int32Array(this.slots.length * this.store.types.length);
    this.totals = new Int32Array(this.slots.length);
    this.count(); // Leaflet ends every zoom with a move, which redraws
  }

  now() {
    const { slots, counts, totals, colours } = this;
    const i = this.selected();
    return { slots, counts, totals, colours, heat: this.state.heat, selected: i >= 0 ? this.of[i] : -1, rivals: i >= 0 ? this.store.alternatives(i) : [] };
  }

  selected() {
    return this.store.find(this.state.selected);
  }

  redraw(base = false) {
    if (base) for (const layer of [this.base, this.labels]) layer.redraw();
    this.mentions.redraw();
    this.heat.redraw();
    this.marks.redraw();
    if (base) this.time.draw(this.mask);
  }

  // --- state -------------------------------------------------------------------------------------------------------

  /** Takes a view as `view()` reports it: what is absent stays as it is. */
  takeView(view) {
    const { state, store } = this;
    for (const name of Object.keys(OPEN_STATE)) if (view[name] !== undefined && view[name] !== null) state[name] = view[name];
    const within = (day) => Math.max(store.firstDay, Math.min(store.lastDay, day));
    if (view.start && dayOf(view.start) !== null) state.start = within(dayOf(view.start));
    if (view.end && dayOf(view.end) !== null) state.end = Math.max(state.start, within(dayOf(view.end)));
    if (view.center) this.home = { center: view.center, zoom: view.zoom };
  }

  view() {
    const { state, map, store } = this;
    const { lat, lng } = map.getCenter();
    const all = state.start === store.firstDay && state.end === store.lastDay;
    return {
      ...state,
      start: all ? "" : isoOf(state.start),
      end: all ? "" : isoOf(state.end),
      center: [Number(lat.toFixed(4)), Number(lng.toFixed(4))],
      zoom: map.getZoom(),
      shown: this.shown,
    };
  }

  /** Takes a view from outside and shows it. */
  setView(view) {
    this.takeView(view);
    if (view.center) this.map.setView(view.center, view.zoom ?? this.map.getZoom(), { animate: false });
    this.applyTheme(true);
    this.showEvidence();
    this.filter();
  }

  set(change) {
    Object.assign(this.state, change);
    if ("theme" in change) this.applyTheme(true);
    if ("mentions" in change) this.mentions.redraw();
    if ("heat" in change) this.heat.redraw();
    this.filter();
  }

  /** The hot path: a handle moves. Counts and the canvas follow at once, the list when the hand rests. */
  setWindow(start, end) {
    if (start === this.state.start && end === this.state.end) return this.time.show();
    this.state.start = start;
    this.state.end = end;
    this.time.show();
    this.count();
    this.paint();
    this.fillSoon();
    this.report();
  }

  paint() {
    if (this.frameAsked) return;
    this.frameAsked = requestAnimationFrame(() => {
      this.frameAsked = null;
      this.marks.redraw();
      if (this.state.heat) this.heat.redraw();
    });
  }

  /** Which incidents pass all filters but the window. */
  filter() {
    const { store, state, mask } = this;
    mask.fill(1);
    for (const facet of store.facets) {
      const chosen = state.filters[facet.key];
      if (chosen?.length) keepChosen(mask, facet, new Set(chosen));
    }
    const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) for (let i = 0; i < store.n; i++) if (mask[i] && !words.every((w) => store.searchable(i).includes(w))) mask[i] = 0;
    if (state.fatalities) for (let i = 0; i < store.n; i++) if ((store.count("fatalities_min", i) ?? -1) < state.fatalities) mask[i] = 0;
    if (state.confidence) for (let i = 0; i < store.n; i++) if ((store.confidence(i) ?? -1) < state.confidence) mask[i] = 0;
    if (state.area) this.keepArea();
    this.time.draw(mask);
    this.time.show();
    this.count();
    this.paint();
    this.fill();
    this.report();
  }

  /** Only what lies within the area chosen; what has no place lies in none. */
  keepArea() {
    const [west, south, east, north] = this.state.area;
    const { marks, mark, n } = this.store;
    const inside = Uint8Array.from(marks.lat, (lat, m) => (lat >= south && lat <= north && marks.lon[m] >= west && marks.lon[m] <= east ? 1 : 0));
    for (let i = 0; i < n; i++) if (mark[i] < 0 || !inside[mark[i]]) this.mask[i] = 0;
  }

  /** The next drag over the map draws the area that incidents must lie in. */
  drawArea() {
    const { map, container } = this;
    const L = globalThis.L;
    map.dragging.disable();
    container.classList.add("im-drawing");
    container.focus();
    let from = null;
    const at = (event) => map.mouseEventToLatLng(event);
    const move = (event) => from && this.showArea(boundsOf(L.latLngBounds(from, at(event))));
    const start = (event) => {
      from = at(event);
      container.addEventListener("pointermove", move);
    };
    const end = (event) => {
      container.removeEventListener("pointermove", move);
      container.removeEventListener("pointerdown", start, true);
      container.classList.remove("im-drawing");
      map.dragging.enable();
      const area = from && boundsOf(L.latLngBounds(from, at(event)));
      this.set({ area: area && area[2] > area[0] && area[3] > area[1] ? area : null });
    };
    container.addEventListener("pointerdown", start, true);
    globalThis.addEventListener("pointerup", end, { once: true, capture: true });
  }

  showArea(area) {
    const L = globalThis.L;
    this.areaBox?.remove();
    this.areaBox = null;
    if (!area) return;
    const [west, south, east, north] = area;
    this.areaBox = L.rectangle([[south, west], [north, east]], { color: this.colours.accent, weight: 1.5, dashArray: "5 4", fill: false, interactive: false });
    this.areaBox.addTo(this.map);
  }

  /** How many incidents the window holds, in all and by what is drawn. */
  count() {
    const { store, state, mask, of, counts, totals } = this;
    const { start, end, certain, undated } = state;
    const classes = store.types.length;
    counts.fill(0);
    totals.fill(0);
    let shown = 0;
    const n = undated ? store.n : store.dated;
    for (let i = 0; i < n; i++) {
      if (!mask[i]) continue;
      const first = store.start[i];
      const last = store.end[i];
      if (first !== NO_DAY && (certain ? first < start || last > end : first > end || last < start)) continue;
      shown++;
      const slot = of[i];
      if (slot < 0) continue;
      counts[slot * classes + store.type[i]]++;
      totals[slot]++;
    }
    this.shown = shown;
    this.container.dataset.shown = String(shown);
  }

  /** Incidents in the window by mark. */
  markCounts() {
    const counts = new Int32Array(this.store.marks.n);
    for (let i = 0; i < this.store.n; i++) if (this.mask[i] && this.store.mark[i] >= 0 && this.inWindow(i)) counts[this.store.mark[i]]++;
    return counts;
  }

  inWindow(i) {
    const { start, end, certain, undated } = this.state;
    const first = this.store.start[i];
    if (first === NO_DAY) return undated;
    const last = this.store.end[i];
    return certain ? first >= start && last <= end : first <= end && last >= start;
  }

  /** All that follows the map less closely than the canvas: list, counts beside choices, boxes, subtitle. */
  fill() {
    this.fillSoon.cancel();
    const { store, state, mask } = this;
    const rows = [];
    const types = new Array(store.types.length).fill(0);
    let [unlocated, undated] = [0, 0];
    const seen = this.inView ? this.seenMarks() : null;
    for (let i = 0; i < store.n; i++) {
      if (!mask[i]) continue;
      if (i >= store.dated) undated++;
      if (!this.inWindow(i)) continue;
      types[store.type[i]]++;
      if (store.mark[i] < 0) unlocated++;
      if (this.only === "unlocated" ? store.mark[i] < 0 : store.mark[i] < 0 || !seen || seen[store.mark[i]]) rows.push(i);
    }
    const listed = this.only === "undated" ? this.undatedRows() : rows;
    this.list.fill(listed, this.caption(listed.length), this.selected());
    this.filters.show(this.facetCounts());
    const chosen = new Set(state.filters.event_type ?? []);
    this.typeButtons.forEach((b, t) => {
      b.count.textContent = types[t].toLocaleString("en");
      b.setAttribute("aria-pressed", String(chosen.has(store.types[t].name)));
    });
    this.boxes(unlocated, undated);
    this.showArea(state.area);
    this.say();
    this.labels?.redraw(); // names give way to what is drawn now
  }

  undatedRows() {
    const rows = [];
    for (let i = this.store.dated; i < this.store.n; i++) if (this.mask[i]) rows.push(i);
    return rows;
  }

  caption(count) {
    const what = { unlocated: "without a place", undated: "without a date" }[this.only] ?? "";
    return `${count.toLocaleString("en")} ${count === 1 ? "incident" : "incidents"} ${what || "listed"}`;
  }

  /** Marks that lie, at least in part, within the map's view. */
  seenMarks() {
    const { marks } = this.store;
    const bounds = this.map.getBounds().pad(0.02);
    const [west, east] = [bounds.getWest() / 360 + 0.5, bounds.getEast() / 360 + 0.5];
    const [north, south] = [mercatorY(bounds.getNorth()), mercatorY(bounds.getSouth())];
    const seen = new Uint8Array(marks.n);
    for (let m = 0; m < marks.n; m++) {
      const shape = marks.shape.get(m);
      const [w, n, e, s] = shape ? shape.box : [marks.x[m], marks.y[m], marks.x[m], marks.y[m]];
      const inside = (k) => e + k >= west && w + k <= east;
      seen[m] = s >= north && n <= south && (inside(0) || inside(1) || inside(-1)) ? 1 : 0;
    }
    return seen;
  }

  /** For each facet how many incidents in the window have each value, all other filters kept. */
  facetCounts() {
    const { store, state, mask } = this;
    const result = new Map();
    for (const facet of store.facets) {
      const counts = new Array(facet.values.length).fill(0);
      const open = state.filters[facet.key]?.length ? this.maskWithout(facet.key) : mask;
      for (let i = 0; i < store.n; i++) {
        if (!open[i] || !this.inWindow(i)) continue;
        for (let j = facet.offsets[i]; j < facet.offsets[i + 1]; j++) counts[facet.codes[j]]++;
      }
      result.set(facet.key, counts);
    }
    return result;
  }

  maskWithout(key) {
    const { store, state } = this;
    const open = new Uint8Array(store.n).fill(1);
    for (const facet of store.facets) {
      const chosen = state.filters[facet.key];
      if (facet.key !== key && chosen?.length) keepChosen(open, facet, new Set(chosen));
    }
    return open;
  }

  /** Counted boxes for what the map cannot show. */
  boxes(unlocated, undated) {
    const box = (name, count, text) =>
      count
        ? button(`${count.toLocaleString("en")} ${text}`, () => ((this.only = this.only === name ? null : name), this.fill()), { class: "im-box", "aria-pressed": String(this.only === name), title: "List them" })
        : null;
    const made = [box("unlocated", unlocated, "without a place"), box("undated", undated, "without a date")].filter(Boolean);
    if (!made.length && this.only) {
      this.only = null;
      return this.fill();
    }
    this.missing.replaceChildren(...(made.length ? [el("span", {}, "Not on the map:"), ...made] : []));
    this.missing.hidden = !made.length;
  }

  say() {
    const { store, state, shown } = this;
    const of = shown === store.n ? "" : ` of ${store.n.toLocaleString("en")}`;
    const days = store.dated ? ` · ${sayDays(state.start, state.end)}` : "";
    this.subtitle.textContent = store.n ? `${shown.toLocaleString("en")}${of} ${store.n === 1 ? "incident" : "incidents"}${days}` : "No incidents";
  }

  toggleType(name) {
    const chosen = new Set(this.state.filters.event_type ?? []);
    if (chosen.has(name)) chosen.delete(name);
    else chosen.add(name);
    this.set({ filters: { ...this.state.filters, event_type: [...chosen] } });
  }

  // --- choosing an incident ----------------------------------------------------------------------------------------

  hit(event) {
    return pick(this.drawn, this.marks.context, event.layerPoint);
  }

  hover(event) {
    if (event.originalEvent.buttons) return;
    this.container.style.cursor = this.hit(event) ? "pointer" : "";
  }

  click(event) {
    const hit = this.hit(event);
    if (!hit) return;
    const incidents = this.incidentsAt(hit.i);
    if (!incidents.length) return;
    this.openPopup(hit, incidents, event.latlng);
    if (incidents.length === 1) this.select(incidents[0], false);
  }

  /** Incidents of a slot in the window, newest first. */
  incidentsAt(slot) {
    const found = [];
    for (let i = 0; i < this.store.n; i++) if (this.of[i] === slot && this.mask[i] && this.inWindow(i)) found.push(i);
    const { dated } = this.store;
    return found.sort((a, b) => (a >= dated) - (b >= dated) || b - a);
  }

  openPopup(hit, incidents, at) {
    const L = globalThis.L;
    const { store } = this;
    const { marks } = hit.slot;
    const title = marks.length > 1 ? `${marks.length} places` : store.marks.name[marks[0]] || "Unnamed place";
    const box = L.latLngBounds(marks.map((m) => [store.marks.lat[m], store.marks.lon[m]]));
    const apart = marks.length > 1 && this.map.getBoundsZoom(box) > this.map.getZoom() && !box.getNorthEast().equals(box.getSouthWest());
    const body = popup(store, title, incidents, {
      several: marks.length > 1,
      onSelect: (i) => this.select(i, false),
      onZoom: apart ? () => (this.map.closePopup(), this.map.fitBounds(box.pad(0.3))) : null,
    });
    labelBriefs(body, store, incidents);
    const wide = Math.min(320, this.container.clientWidth - 60);
    L.popup({ maxWidth: wide, minWidth: Math.min(220, wide), maxHeight: Math.max(120, Math.min(380, this.container.clientHeight * 0.6)), autoPanPadding: [16, 16] })
      .setLatLng(at)
      .setContent(body)
      .openOn(this.map);
  }

  select(i, go) {
    this.state.selected = this.store.id(i);
    this.showEvidence();
    this.list.mark(i);
    this.marks.redraw();
    this.report();
    const mark = this.store.mark[i];
    if (!go || mark < 0) return;
    const at = [this.store.marks.lat[mark], this.store.marks.lon[mark]];
    if (!this.map.getBounds().contains(at)) this.map.panTo(at);
  }

  showEvidence() {
    const i = this.selected();
    if (i < 0) return this.evidenceBox.replaceChildren();
    const close = button("Close", () => {
      this.state.selected = "";
      this.showEvidence();
      this.list.mark(-1);
      this.marks.redraw();
      this.report();
    }, { class: "im-close" });
    this.evidenceBox.replaceChildren(close, evidence(this.store, i));
    this.evidenceBox.scrollIntoView({ block: "nearest" });
  }

  ready() {
    this.showEvidence();
    this.container.addEventListener("pointerdown", () => (this.moved = true));
    if (this.covered(this.legendBox)) this.legendBox.open = false;
    requestAnimationFrame(() => {
      this.marks.redraw();
      this.container.dataset.ready = "true";
    });
  }

  /** Whether a box of the page lies over any mark. */
  covered(box) {
    const here = box.getBoundingClientRect();
    const map = this.container.getBoundingClientRect();
    const { marks } = this.store;
    for (let m = 0; m < marks.n; m++) {
      const at = this.map.latLngToContainerPoint([marks.lat[m], marks.lon[m]]);
      const [x, y] = [at.x + map.left, at.y + map.top];
      if (x > here.left - 20 && x < here.right + 20 && y > here.top - 20 && y < here.bottom) return true;
    }
    return false;
  }

  /** Ends everything that would live on without the element. */
  destroy() {
    this.time.stop();
    this.report.cancel();
    this.fillSoon.cancel();
    this.resize.disconnect();
    this.unlisten();
    this.map.remove();
    this.root.replaceChildren();
  }
}

/** West, south, east, north, as far as a screen can tell. */
function boundsOf(bounds) {
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((degrees) => Number(degrees.toFixed(4)));
}

function keepChosen(mask, facet, chosen) {
  const wanted = Uint8Array.from(facet.values, (value) => (chosen.has(value) ? 1 : 0));
  for (let i = 0; i < mask.length; i++) {
    if (!mask[i]) continue;
    let found = 0;
    for (let j = facet.offsets[i]; j < facet.offsets[i + 1]; j++) found |= wanted[facet.codes[j]];
    mask[i] = found;
  }
}

/** South-west and north-east of all marks. */
function extentOf(store) {
  const { marks } = store;
  if (!marks.n) return null;
  let [s, w, n, e] = [90, 180, -90, -180];
  for (let m = 0; m < marks.n; m++) {
    const pad = marks.draw[m] === "badge" ? 3 : Math.min(4, marks.radius[m] / 111000 + 0.15);
    s = Math.min(s, marks.lat[m] - pad);
    n = Math.max(n, marks.lat[m] + pad);
    w = Math.min(w, marks.lon[m] - pad);
    e = Math.max(e, marks.lon[m] + pad);
  }
  return [[Math.max(-80, s), Math.max(-180, w)], [Math.min(83, n), Math.min(180, e)]];
}

function escaped(text) {
  const box = document.createElement("i");
  box.textContent = text;
  return box.innerHTML;
}
