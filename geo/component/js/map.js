// The map of incidents: one state, and everything that shows it. Both hosts, the page and Streamlit, mount this.

import { areaLayer, boundsOf, drawArea } from "./area.js";
import { basePainter, labelPainter } from "./base.js";
import { canvasLayer } from "./canvas.js";
import { NO_DAY, REJECTED, Store, dayOf, isoOf, mercatorY, readBase, sayDays } from "./data.js";
import { button, el, later, said, swatch } from "./dom.js";
import { evidence } from "./evidence.js";
import { Filters } from "./filters.js";
import { heatPainter } from "./heat.js";
import { legend } from "./legend.js";
import { List } from "./list.js";
import { markPainter, slotsAt } from "./marks.js";
import { paintMentions } from "./mentions.js";
import { note } from "./note.js";
import { Pointer } from "./pointer.js";
import { Sieve } from "./sieve.js";
import { Tally } from "./tally.js";
import { themeColours } from "./theme.js";
import { tileLayer } from "./tiles.js";
import { TimeBar } from "./time.js";
import { OPEN_STATE, VALID, isNumber, isPoint } from "./view.js";
import { number, range } from "./words.js";

const NARROW = { paddingTopLeft: [26, 26], paddingBottomRight: [50, 34], maxZoom: 8 }; // names stand to the right
const CREDIT = "Natural Earth · GeoNames · borders imply no opinion";
const WARM_KM = 50; // what is known less exactly than that warms no place
/**
 * Draws the incidents of `payload` into `root`.
 * @param {HTMLElement} root
 * @param {object} payload as geo/layers/payload.py makes it, unpacked
 * @param {{frame?: object, view?: object, onView?: (view: object) => void, dark?: boolean, load?: (name: string) => Promise<void>, pick?: boolean, picked?: number[], onPick?: (at: number[]) => void}} options `frame`: see
 *   geo/webmap/frame.py; `view`: a state to start from, as `onView` reports it; `dark`: the theme of the host;
 *   `load(name)`: brings a script of the vendor folder; `pick`: a click says where it was, by `onPick([lat, lon])`, and
 *   leaves a cross there, as does `picked` from the start.
 */
export function mount(root, payload, options = {}) {
  return new IncidentMap(root, payload, options);
}

class IncidentMap {
  constructor(root, payload, { frame = {}, view = {}, onView = () => {}, dark = null, load = async () => {}, pick = false, picked = null, onPick = () => {} }) {
    Object.assign(this, { root, frame, onView, hostDark: dark, load, store: new Store(payload) });
    root.incidentMap = this; // for those who embed the page, and for tests
    this.state = { ...structuredClone(OPEN_STATE), start: this.store.firstDay, end: this.store.lastDay };
    this.inView = true;
    this.drawn = [];
    this.takeView(view);
    this.sieve = new Sieve(this.store);
    this.mask = this.sieve.mask;
    this.report = later(() => this.onView(this.view()), 250);
    this.fillSoon = later(() => this.fill(), 90);
    this.build();
    this.makeMap();
    this.pointer = new Pointer(this, { picking: pick, picked, onPick });
    this.filter();
    this.ready();
  }

  // --- the page ----------------------------------------------------------------------------------------------------

  build() {
    const { store, state } = this;
    this.container = el("div", { class: "im-map folium-map", role: "application", "aria-label": "Map of incidents; the table beside it holds the same. Arrows move it, plus and minus zoom, Enter opens what is nearest to its centre." });
    this.time = new TimeBar(store, state, {
      onWindow: (start, end) => this.setWindow(start, end),
      onSwitch: (name, value) => this.set({ [name]: value }),
      colours: () => this.colours,
    });
    this.filters = new Filters(store, state, {
      onFilter: (key, values) => this.set({ filters: { ...state.filters, [key]: values } }),
      onText: (text) => this.set({ text }),
      onLeast: (key, value) => this.set({ [key]: value }),
      onArea: (how) => (how === "view" ? this.set({ area: boundsOf(this.map.getBounds()) }) : this.drawArea(how)),
      onOpen: () => this.mask && this.filters.show(this.counter()),
      onClear: () => this.set({ filters: {}, text: "", fatalities: 0, confidence: 0, area: null }),
    });
    this.list = new List(store, { onSelect: (i) => this.select(i, true), onScope: (only) => ((this.inView = only), this.fill()), onPlace: () => this.listPlace(null) });
    this.evidenceBox = el("section", { class: "im-evidence-box", "aria-label": "Evidence", "aria-live": "polite" });
    this.missing = el("div", { class: "im-missing" });
    const title = store.payload.title;
    this.subtitle = el("p", { class: "im-subtitle", role: "status" });
    this.fault = el("p", { class: "im-fault", role: "alert", hidden: true });
    this.themeButton = button("", () => this.cycleTheme(), { class: "im-theme" });
    const header = el("header", { class: "im-header" },
      el("div", {}, title ? said("h1", title) : el("h1", { class: "im-unseen" }, "Map of incidents"), this.subtitle, this.fault),
      el("div", { class: "im-aside" }, this.layers(), this.missing, this.themeButton),
    );
    this.legendBox = legend(new Set([...store.marks.draw, store.payload.mentions.name.length ? "mention" : ""]));
    const stage = el("div", { class: "im-stage" }, this.container, this.legendBox);
    const side = el("aside", { class: "im-side", "aria-label": "Filters, evidence and list" }, this.evidenceBox, this.filters.element, this.list.element);
    this.frameElement = el("div", { class: "im" }, header, this.types(), el("div", { class: "im-body" }, stage, side, this.time.element), note(store));
    this.applyTheme();
    this.root.replaceChildren(this.frameElement);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    this.onScheme = () => this.applyTheme(true);
    dark.addEventListener("change", this.onScheme);
    const [before, after] = [() => this.beforePrint(), () => this.afterPrint()];
    globalThis.addEventListener("beforeprint", before);
    globalThis.addEventListener("afterprint", after);
    this.unlisten = () => {
      dark.removeEventListener("change", this.onScheme);
      globalThis.removeEventListener("beforeprint", before);
      globalThis.removeEventListener("afterprint", after);
    };
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
    if (this.store.marks.n > 1) this.layerBoxes.append(this.layerBox("Heat", (on) => this.set({ heat: on }), this.state.heat, `Of places known to ${WARM_KM} km; the rest stays as it is`));
    return this.layerBoxes;
  }

  layerBox(name, onChange, checked, title = null) {
    const input = el("input", { type: "checkbox", on: { change: () => onChange(input.checked) } });
    input.checked = checked;
    return el("label", { class: "im-check", title }, input, said("span", name));
  }

  // --- theme -------------------------------------------------------------------------------------------------------

  cycleTheme() {
    const next = { auto: this.colours.dark ? "light" : "dark", light: "dark", dark: "light" };
    this.set({ theme: next[this.state.theme] });
  }

  applyTheme(redraw = false) {
    const { theme } = this.state;
    const dark = !this.printing && (theme === "dark" || (theme === "auto" && (this.hostDark ?? matchMedia("(prefers-color-scheme: dark)").matches)));
    this.frameElement.dataset.theme = dark ? "dark" : "light";
    this.themeButton.textContent = dark ? "☀ Light" : "☾ Dark";
    this.colours = themeColours(dark);
    this.store.paint(dark);
    for (const type of this.store.types) this.frameElement.style.setProperty(`--im-type-${type.number}`, type.colour);
    if (!redraw || !this.map) return;
    for (const tile of this.tiles ?? []) if (tile.layer && tile.dark !== dark) this.showTiles(tile);
    this.redraw(true);
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
    this.base = canvasLayer("im-base", basePainter(base, colours)).addTo(map); // under all tiles
    this.heat = canvasLayer("im-mentions", heatPainter(store, () => this.state.heat && this.warmth())).addTo(map);
    this.mentions = canvasLayer("im-mentions", (c, v) => this.state.mentions && paintMentions(c, v, store, this.colours)).addTo(map);
    this.marks = canvasLayer("im-marks", markPainter(store, () => this.now(), this.drawn)).addTo(map);
    const names = labelPainter(base, colours, named, () => this.drawn.boxes);
    this.labels = canvasLayer("im-labels", (c, v) => this.ownNames() && names(c, v)).addTo(map); // after the marks: it avoids them
    this.addFrame();
    const credit = L.control.attribution({ position: "bottomright", prefix: false }).addTo(map);
    L.control.scale({ position: "bottomright", imperial: false }).addTo(map);
    credit.addAttribution(CREDIT);
    for (const tile of frame.tiles ?? []) if (tile.attribution) credit.addAttribution(escaped(tile.attribution));
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
    if (this.home) return map.setView(this.home.center, this.home.zoom, { animate, reset: true }); // to the letter
    if (frame.center) return map.setView(frame.center, frame.zoom ?? 4, { animate, reset: true });
    const bounds = frame.fit ?? extentOf(store);
    if (!bounds) return map.setView([20, 10], 1.75, { animate });
    map.fitBounds(bounds, { ...NARROW, animate });
  }

  resized() {
    const before = this.map.getSize().x;
    const width = this.container.clientWidth;
    this.map.invalidateSize({ animate: false, pan: false });
    // A view that was asked for is kept to the letter. Else the page was shown, turned or printed; a header that a
    // filter made higher is no reason to move.
    const asked = this.home ?? this.frame.center;
    if (!this.moved && width && (asked || Math.abs(width - before) > before * 0.15)) this.goHome(false);
    this.time.draw(this.mask);
    this.time.show();
  }

  /** Tiles and overlays that the frame brings: text and shapes, never markup. */
  addFrame() {
    const L = globalThis.L;
    this.tiles = (this.frame.tiles ?? []).map((row) => ({ row }));
    for (const tile of this.tiles) {
      const shown = tile.row.show !== false;
      if (shown) this.showTiles(tile);
      this.layerBoxes.append(this.layerBox(tile.row.name || "Tiles", (on) => (on ? this.showTiles(tile) : this.hideTiles(tile)), shown));
    }
    for (const overlay of this.frame.overlays ?? []) {
      const styleOf = (feature) => overlay.styles?.[feature?.im] ?? {};
      const layer = L.geoJSON(overlay.data, {
        style: styleOf,
        pointToLayer: (feature, at) => L.circleMarker(at, { radius: 5, ...styleOf(feature) }),
        onEachFeature: (feature, shape) => overlay.tips?.[feature.im] && shape.bindTooltip(said("span", overlay.tips[feature.im])),
      });
      if (overlay.show !== false) layer.addTo(this.map);
      this.layerBoxes.append(this.layerBox(overlay.name || "Overlay", (on) => (on ? layer.addTo(this.map) : layer.remove()), overlay.show !== false));
    }
  }

  /** Names of our own base map: tiles over it bear their own. */
  ownNames() {
    return !(this.tiles ?? []).some((tile) => tile.layer);
  }

  showTiles(tile) {
    tile.layer?.remove();
    tile.dark = this.colours.dark;
    const onFault = (message) => {
      this.fault.textContent = message;
      this.fault.hidden = false;
    };
    tile.layer = tileLayer(tile.row, { load: this.load, dark: tile.dark, onFault }).addTo(this.map);
    this.labels?.redraw();
  }

  hideTiles(tile) {
    tile.layer.remove();
    tile.layer = null;
    this.fault.hidden = true;
    this.labels.redraw();
  }

  /** After a change of zoom: which marks are drawn as one. */
  regroup() {
    const grouping = slotsAt(this.store, this.map.getZoom());
    Object.assign(this, grouping);
    const [classes, nowhere] = [this.store.types.length, this.slots.length];
    const kinds = Int32Array.from(this.of, (slot, i) => (slot < 0 ? nowhere : slot) * classes + this.store.type[i]);
    this.tally = new Tally(this.store, kinds, (nowhere + 1) * classes);
    this.totals = new Int32Array(nowhere + 1); // the last: without a place
    this.tally.fill(this.mask);
    this.count(); // Leaflet ends every zoom with a move, which redraws
  }

  now() {
    const { slots, counts, totals, colours } = this;
    const i = this.selected();
    const mark = i >= 0 ? this.store.mark[i] : -1;
    const from = mark >= 0 ? { x: this.store.marks.x[mark], y: this.store.marks.y[mark] } : null;
    const selected = i >= 0 && this.mask[i] && this.inWindow(i) ? this.of[i] : -1;
    return { slots, counts, totals, colours, heat: this.state.heat, selected, from, rivals: i >= 0 ? this.store.alternatives(i) : [] };
  }

  selected() {
    return this.store.find(this.state.selected);
  }

  redraw(base = false) {
    if (base) for (const layer of [this.base, this.labels]) layer.redraw();
    this.mentions.redraw();
    this.heat.redraw();
    this.marks.redraw();
    this.pointer.cross.redraw();
    if (base) this.time.draw(this.mask);
  }

  // --- state -------------------------------------------------------------------------------------------------------

  /** Takes a view as `view()` reports it, or as anybody writes it into an address: what is absent stays as it is. */
  takeView(view) {
    const { state, store } = this;
    for (const [name, valid] of Object.entries(VALID)) if (valid(view[name])) state[name] = view[name];
    if (state.area?.length === 0) state.area = null;
    const within = (day) => Math.max(store.firstDay, Math.min(store.lastDay, day));
    const told = (name, open) => (view[name] === "" ? open : view[name] && dayOf(view[name]) !== null ? within(dayOf(view[name])) : state[name]);
    state.start = told("start", store.firstDay); // "" opens the window on that side
    state.end = Math.max(state.start, told("end", store.lastDay));
    if (isPoint(view.center)) this.home = { center: view.center, zoom: isNumber(view.zoom) ? view.zoom : 4 };
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
    if (isPoint(view.center)) {
      this.moved = false;
      this.map.setView(view.center, isNumber(view.zoom) ? view.zoom : this.map.getZoom(), { animate: false, reset: true });
    }
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
    const { state, mask } = this;
    this.sieve.run(state);
    this.tally.fill(mask);
    this.warm = null;
    this.time.draw(mask);
    this.time.show();
    this.count();
    this.paint();
    this.fill();
    this.report();
  }

  /** The next drag over the map draws the area that incidents must lie in. */
  drawArea(how) {
    drawArea(this.map, how, { onMove: (area) => this.showArea(area), onEnd: (area) => (area ? this.set({ area }) : this.showArea(this.state.area)) });
    this.container.focus({ preventScroll: true });
    this.container.scrollIntoView({ block: "nearest" });
  }

  showArea(area) {
    this.areaBox?.remove();
    this.areaBox = area ? areaLayer(area, this.colours.accent).addTo(this.map) : null;
  }

  /** How many incidents the window holds, in all and by what is drawn. */
  count() {
    const { state, tally, totals } = this;
    const classes = this.store.types.length;
    this.counts = tally.window(state);
    let shown = 0;
    for (let slot = 0, k = 0; slot < totals.length; slot++) {
      let sum = 0;
      for (let t = 0; t < classes; t++) sum += this.counts[k++];
      totals[slot] = sum;
      shown += sum;
    }
    this.shown = shown;
    this.container.dataset.shown = String(shown);
  }

  /** Incidents in the window by mark, of marks that are places rather than regions. */
  warmth() {
    const { store, state, mask } = this;
    const { marks } = store;
    if (!this.warm) {
      const kinds = Int32Array.from(store.mark, (m) => (m >= 0 && (marks.draw[m] === "dot" || (marks.draw[m] === "ring" && marks.radius[m] <= WARM_KM * 1000)) ? m : marks.n));
      this.warm = new Tally(store, kinds, marks.n + 1);
      this.warm.fill(mask);
    }
    return this.warm.window(state);
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
    const { store, state, totals } = this;
    const rows = this.listed();
    this.list.fill(rows, this.caption(rows.length), this.selected(), this.only?.marks ? this.only.name : null);
    this.filters.show(this.counter());
    const chosen = new Set(state.filters.event_type ?? []);
    this.typeButtons.forEach((b, t) => {
      let count = 0;
      for (let k = t; k < this.counts.length; k += store.types.length) count += this.counts[k];
      b.count.textContent = number(count);
      b.setAttribute("aria-pressed", String(chosen.has(store.types[t].name)));
    });
    this.boxes({ unlocated: totals[totals.length - 1], undated: this.undatedRows().length, rejected: this.rejectedRows().length });
    this.showArea(state.area);
    this.say();
    this.labels?.redraw(); // names give way to what is drawn now
  }

  /** What the list holds: what the map shows, or what one asked for. */
  listed() {
    if (this.only === "undated") return this.undatedRows();
    if (this.only === "rejected") return this.rejectedRows();
    const { store, mask } = this;
    const seen = this.only?.marks ? Uint8Array.from({ length: store.marks.n }, (_, m) => (this.only.marks.includes(m) ? 1 : 0)) : this.inView && this.only !== "unlocated" ? this.seenMarks() : null;
    const rows = [];
    for (let i = 0; i < store.n; i++) {
      if (!mask[i] || !this.inWindow(i)) continue;
      const mark = store.mark[i];
      if (this.only === "unlocated" ? mark < 0 : mark < 0 ? !this.only : !seen || seen[mark]) rows.push(i);
    }
    return rows;
  }

  undatedRows() {
    const rows = [];
    for (let i = this.store.dated; i < this.store.n; i++) if (this.mask[i]) rows.push(i);
    return rows;
  }

  /** What nothing but its status keeps off the map. */
  rejectedRows() {
    const { store, sieve } = this;
    if (!store.rejected || this.state.filters.status?.length) return [];
    const passes = sieve.passesBut("status");
    const rows = [];
    for (let i = 0; i < store.n; i++) if (!this.mask[i] && passes(i) && (i >= store.dated || this.inWindow(i)) && store.text("status", i) === REJECTED) rows.push(i);
    return rows;
  }

  caption(count) {
    const what = { unlocated: "without a place", undated: "without a date", rejected: "rejected" }[this.only] ?? "listed";
    return `${number(count)} ${count === 1 ? "incident" : "incidents"} ${what}`;
  }

  /** Lists the incidents of some marks alone; of all that the map shows where there are none. */
  listPlace(marks, name) {
    this.only = marks && { marks, name };
    this.fill();
    if (marks) this.list.element.querySelector(".im-open")?.focus();
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

  /** How many incidents in the window each choice would leave, all other filters kept. */
  counter() {
    const { store, sieve } = this;
    return {
      facet: (facet) => {
        const counts = new Uint32Array(facet.values.length);
        const passes = sieve.passesBut(facet.key);
        for (let i = 0; i < store.n; i++) {
          if (!passes(i) || !this.inWindow(i)) continue;
          for (let j = facet.offsets[i]; j < facet.offsets[i + 1]; j++) counts[facet.codes[j]]++;
        }
        return counts;
      },
      least: (key, value) => {
        const passes = sieve.passesBut(key);
        const told = key === "confidence" ? (i) => store.confidence(i) ?? -1 : (i) => store.count("fatalities_min", i) ?? -1;
        let count = 0;
        for (let i = 0; i < store.n; i++) if (passes(i) && this.inWindow(i) && told(i) >= value) count++;
        return count;
      },
    };
  }

  /** Counted boxes for what the map cannot show. */
  boxes(counts) {
    const words = { unlocated: "without a place", undated: "without a date", rejected: "rejected" };
    const listing = (name) => () => ((this.only = this.only === name ? null : name), this.fill());
    const made = Object.entries(words).filter(([name]) => counts[name]).map(([name, text]) =>
      button(`${number(counts[name])} ${text}`, listing(name), { class: "im-box", "aria-pressed": String(this.only === name), title: "List them" }),
    );
    if (typeof this.only === "string" && !counts[this.only]) {
      this.only = null;
      return this.fill();
    }
    const had = this.missing.getRootNode().activeElement;
    const kept = this.missing.contains(had) ? [...this.missing.children].indexOf(had) : -1;
    this.missing.replaceChildren(...(made.length ? [el("span", {}, "Not on the map:"), ...made] : []));
    this.missing.children[kept]?.focus();
    this.missing.hidden = !made.length;
  }

  say() {
    const { store, state, shown } = this;
    if (!store.n) return (this.subtitle.textContent = "No incidents");
    const [low, high, possibly] = this.toll();
    const of = shown === store.n ? "" : ` of ${number(store.n)}`;
    const parts = [`${number(shown)}${of} ${store.n === 1 ? "incident" : "incidents"}`];
    const killed = range(low, Number.isFinite(high) ? high : null);
    if (high && killed) parts.push(`${killed} killed`);
    if (store.dated) parts.push(sayDays(state.start, state.end));
    if (possibly) parts.push(`${number(possibly)} only possibly in these days`);
    this.subtitle.textContent = parts.join(" · ");
  }

  /** Of all that is shown: killed at least and at most, and how many lie only in part within the window. */
  toll() {
    const { store, mask, state } = this;
    let [low, high, possibly] = [0, 0, 0];
    for (const [row, least] of Object.entries(store.columns.fatalities_min ?? {})) {
      const i = Number(row);
      if (least === null || !mask[i] || !this.inWindow(i)) continue;
      low += least;
      high += store.count("fatalities_max", i) ?? Infinity; // open above
    }
    if (state.certain) return [low, high, 0];
    for (let i = 0; i < store.dated; i++) if (mask[i] && (store.start[i] < state.start || store.end[i] > state.end) && this.inWindow(i)) possibly++;
    return [low, high, possibly];
  }

  toggleType(name) {
    const chosen = new Set(this.state.filters.event_type ?? []);
    if (chosen.has(name)) chosen.delete(name);
    else chosen.add(name);
    this.set({ filters: { ...this.state.filters, event_type: [...chosen] } });
  }

  // --- choosing an incident ----------------------------------------------------------------------------------------

  select(i, go) {
    this.state.selected = this.store.id(i);
    this.showEvidence();
    this.list.mark(i);
    this.marks.redraw();
    this.report();
    const mark = this.store.mark[i];
    if (!go || mark < 0) return;
    const at = [this.store.marks.lat[mark], this.store.marks.lon[mark]];
    if (this.map.getBounds().contains(at)) return;
    this.moved = true;
    this.map.panTo(at);
  }

  deselect() {
    this.state.selected = "";
    this.showEvidence();
    this.list.mark(-1);
    this.marks.redraw();
    this.report();
  }

  showEvidence() {
    const i = this.selected();
    if (i < 0) return this.evidenceBox.replaceChildren();
    const walk = (text, name, by) => {
      const next = this.list.beside(i, by);
      return button(text, () => (this.select(next, true), this.evidenceBox.querySelector(`[aria-label="${name}"]`)?.focus()), { "aria-label": name, title: `${name} of the list`, disabled: next === undefined });
    };
    const tools = el("div", { class: "im-close" }, walk("‹", "Previous incident", -1), walk("›", "Next incident", 1), button("Close", () => this.deselect()));
    this.evidenceBox.replaceChildren(tools, evidence(this.store, i, { onRival: (n) => this.showRival(i, n) }));
    this.evidenceBox.scrollIntoView({ block: "nearest" });
  }

  /** Shows an incident's place and one that it may have been at instead. */
  showRival(i, n) {
    const L = globalThis.L;
    const { lat, lon } = this.store.alternatives(i)[n];
    const mark = this.store.mark[i];
    const box = L.latLngBounds([[lat, lon]]);
    if (mark >= 0) box.extend([this.store.marks.lat[mark], this.store.marks.lon[mark]]);
    this.moved = true;
    this.map.fitBounds(box.pad(0.25), { ...NARROW, animate: false });
  }

  /** On paper stands what is folded away on the screen, dark on light. */
  beforePrint() {
    this.printing = true;
    this.applyTheme(true);
    this.list.all();
    this.unfolded = [...this.frameElement.querySelectorAll("details:not([open])")].filter((one) => one.matches(".im-method, .im-legend, .im-why > details"));
    for (const one of this.unfolded) one.open = true;
    this.resized();
  }

  afterPrint() {
    this.printing = false;
    this.applyTheme(true);
    this.fill();
    for (const one of this.unfolded ?? []) one.open = false;
    this.unfolded = [];
  }

  ready() {
    this.showEvidence();
    for (const event of ["pointerdown", "wheel", "keydown"]) this.container.addEventListener(event, () => (this.moved = true), { passive: true });
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
