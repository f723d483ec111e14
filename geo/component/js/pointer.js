// What pointer and keyboard do on the map: name what is under them, open a place, pick a point.

import { canvasLayer } from "./canvas.js";
import { el, said } from "./dom.js";
import { paintCross, pick, slotsAt } from "./marks.js";
import { clusterPopup, placePopup } from "./popup.js";
import { number } from "./words.js";

export class Pointer {
  /** `app` is the map of incidents; with `picking` a click says where it was, by `onPick([lat, lon])`. */
  constructor(app, { picking, picked, onPick }) {
    Object.assign(this, { app, picking, picked, onPick });
    const { map, container } = app;
    this.cross = canvasLayer("im-marks", (c, v) => this.picked && paintCross(c, v, this.picked, app.colours)).addTo(map);
    container.addEventListener("keydown", (event) => this.key(event));
    map.on("click", (event) => this.click(event));
    map.on("mousemove", (event) => this.hover(event));
    map.on("mouseout movestart popupopen", () => this.tip?.remove());
  }

  hit(event) {
    return pick(this.app.drawn, this.app.marks.context, event.layerPoint);
  }

  hover(event) {
    if (event.originalEvent.buttons) return;
    const hit = this.hit(event);
    this.app.container.style.cursor = this.picking ? "crosshair" : hit ? "pointer" : "";
    this.tell(hit, event.latlng);
  }

  /** The name and the count of what the pointer is over. */
  tell(hit, at) {
    const L = globalThis.L;
    this.tip ??= L.tooltip({ direction: "top", offset: [0, -8], className: "im-tip" });
    if (!hit || this.popup?.isOpen()) return void this.tip.remove();
    const { marks } = hit.slot;
    const name = marks.length > 1 ? `${number(marks.length)} places` : this.app.store.marks.name[marks[0]] || "Unnamed place";
    this.tip.setContent(el("span", {}, said("bdi", name), ` · ${number(this.app.totals[hit.i])}`));
    this.tip.setLatLng(at).addTo(this.app.map);
  }

  click(event) {
    if (this.picking) return this.pickAt(event.latlng);
    const hit = this.hit(event);
    if (hit) this.open(hit, event.latlng);
  }

  /** Enter opens what is nearest to the centre, or takes the centre; Escape closes what is open. */
  key(event) {
    if (event.key === "Escape" && this.popup?.isOpen()) {
      this.app.map.closePopup();
      return this.app.container.focus({ preventScroll: true });
    }
    if (event.key !== "Enter" || event.target !== this.app.container) return;
    event.preventDefault();
    if (this.picking) return this.pickAt(this.app.map.getCenter());
    const hit = this.nearest(this.app.map.latLngToLayerPoint(this.app.map.getCenter()));
    if (hit) this.open(hit.one, this.app.map.layerPointToLatLng(hit.at));
  }

  /** What is drawn nearest to a point, and where. */
  nearest(point) {
    const L = globalThis.L;
    let best = null;
    for (const one of this.app.drawn) {
      const [x, y] = one.box ? [(one.box[0] + one.box[2]) / 2, (one.box[1] + one.box[3]) / 2] : [one.x, one.y];
      if (x === undefined) continue;
      const far = (x - point.x) ** 2 + (y - point.y) ** 2;
      if (!best || far < best.far) best = { one, far, at: L.point(x, y) };
    }
    return best;
  }

  pickAt({ lat, lng }) {
    this.picked = [Number(lat.toFixed(5)), Number((((((lng + 180) % 360) + 360) % 360) - 180).toFixed(5))];
    this.cross.redraw();
    this.onPick(this.picked);
  }

  open(hit, at) {
    const incidents = this.incidentsAt(hit.i);
    if (!incidents.length) return;
    this.openPopup(hit, incidents, at);
    if (incidents.length === 1) this.app.select(incidents[0], false);
  }

  /** Incidents of a slot in the window, newest first. */
  incidentsAt(slot) {
    const found = [];
    for (let i = 0; i < this.app.store.n; i++) if (this.app.of[i] === slot && this.app.mask[i] && this.app.inWindow(i)) found.push(i);
    const { dated } = this.app.store;
    return found.sort((a, b) => (a >= dated) - (b >= dated) || b - a);
  }

  openPopup(hit, incidents, at) {
    const L = globalThis.L;
    const wide = Math.min(320, this.app.container.clientWidth - 60);
    const body = hit.slot.marks.length > 1 ? this.clusterBody(hit.slot.marks, incidents) : this.placeBody(hit.slot.marks[0], incidents);
    this.popup = L.popup({ maxWidth: wide, minWidth: Math.min(220, wide), maxHeight: Math.max(120, Math.min(380, this.app.container.clientHeight * 0.6)), autoPanPadding: [16, 16] })
      .setLatLng(at)
      .setContent(body)
      .openOn(this.app.map);
    body.querySelector("h2").focus({ preventScroll: true });
  }

  placeBody(mark, incidents) {
    const name = this.app.store.marks.name[mark] || "Unnamed place";
    return placePopup(this.app.store, name, incidents, { onSelect: (i) => this.app.select(i, false), onList: () => (this.app.map.closePopup(), this.app.listPlace([mark], name)) });
  }

  clusterBody(marks, incidents) {
    const L = globalThis.L;
    const { store, map } = this.app;
    const here = new Map();
    for (const i of incidents) here.set(store.mark[i], (here.get(store.mark[i]) ?? 0) + 1);
    const places = [...here].map(([mark, total]) => ({ mark, total })).sort((a, b) => b.total - a.total);
    const box = L.latLngBounds(marks.map((m) => [store.marks.lat[m], store.marks.lon[m]]));
    const apart = map.getBoundsZoom(box) > map.getZoom() && !box.getNorthEast().equals(box.getSouthWest());
    return clusterPopup(store, places, incidents, {
      onPlace: (mark) => this.goTo(mark),
      onZoom: apart ? () => (map.closePopup(), map.fitBounds(box.pad(0.3))) : null,
      onList: () => (map.closePopup(), this.app.listPlace(marks, `${number(places.length)} places`)),
    });
  }

  /** Zooms to a place until it stands alone, and opens it. */
  goTo(mark) {
    const { store, map } = this.app;
    const at = [store.marks.lat[mark], store.marks.lon[mark]];
    map.closePopup();
    this.app.moved = true;
    let zoom = map.getZoom();
    const alone = () => {
      const { slots, slotOf } = slotsAt(store, zoom);
      return slots[slotOf[mark]].marks.length === 1;
    };
    while (zoom < map.getMaxZoom() && !alone()) zoom = Math.min(map.getMaxZoom(), zoom + 1);
    map.setView(at, zoom, { animate: false });
    const slot = this.app.slots[this.app.slotOf[mark]];
    const incidents = this.incidentsAt(this.app.slotOf[mark]);
    if (incidents.length) this.openPopup({ slot }, incidents, at);
  }
}
