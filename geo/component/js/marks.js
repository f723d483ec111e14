// Incidents on the map. Each place is one mark; how it is drawn says how well the place is known.

import { free, write } from "./base.js";
import { mercatorX, mercatorY } from "./data.js";

const JOIN = 42; // px: dots closer than this are drawn as one, until one zooms in
const OPEN = 20; // px: a circle of uncertainty wider than this is drawn at its true size
const SMALL = 14; // px: an area or line smaller than this is drawn as a circle

const radiusOf = (count) => (count < 2 ? 7 : Math.min(19, 8 + 0.9 * Math.log2(count)));

/**
 * Marks joined into what is drawn at a zoom. Depends on the zoom alone, so that nothing jumps when the window changes.
 * @returns {{slots: object[], slotOf: Int32Array, of: Int32Array}} `slotOf` by mark, `of` by incident (-1: not located)
 */
export function slotsAt(store, zoom) {
  const { marks } = store;
  const scale = 256 * 2 ** zoom;
  const order = Array.from({ length: marks.n }, (_, i) => i).sort((a, b) => marks.total[b] - marks.total[a]);
  const slotOf = new Int32Array(marks.n);
  const slots = [];
  const grid = new Map();
  for (const mark of order) {
    const how = drawnAt(marks, mark, scale);
    const near = how === "dot" ? neighbour(grid, slots, marks, mark, scale) : -1;
    if (near >= 0) {
      slots[near].marks.push(mark);
      slotOf[mark] = near;
      continue;
    }
    slotOf[mark] = slots.length;
    if (how === "dot") {
      const key = cellKey(Math.floor((marks.x[mark] * scale) / JOIN), Math.floor((marks.y[mark] * scale) / JOIN));
      if (!grid.has(key)) grid.set(key, []);
      grid.get(key).push(slots.length);
    }
    slots.push({ how, x: marks.x[mark], y: marks.y[mark], marks: [mark] });
  }
  const of = new Int32Array(store.n);
  for (let i = 0; i < store.n; i++) of[i] = store.mark[i] < 0 ? -1 : slotOf[store.mark[i]];
  return { slots, slotOf, of };
}

/** Far out, a small area, a short line and a narrow circle are no larger than a dot, and join with dots. */
function drawnAt(marks, mark, scale) {
  const draw = marks.draw[mark];
  if (draw === "ring") return radiusPx(marks, mark, scale) > OPEN ? "ring" : "dot";
  if (draw !== "area" && draw !== "line") return draw;
  const [west, north, east, south] = marks.shape.get(mark).box;
  return Math.max(east - west, south - north) * scale > SMALL ? draw : "dot";
}

export function radiusPx(marks, mark, scale) {
  const metres = 40075016.686 * Math.cos((marks.lat[mark] * Math.PI) / 180);
  return (marks.radius[mark] / metres) * scale;
}

const cellKey = (cx, cy) => cx * 4194304 + cy;

function neighbour(grid, slots, marks, mark, scale) {
  const x = marks.x[mark] * scale;
  const y = marks.y[mark] * scale;
  const cx = Math.floor(x / JOIN);
  const cy = Math.floor(y / JOIN);
  let best = -1;
  let nearest = JOIN * JOIN;
  for (let i = cx - 1; i <= cx + 1; i++) {
    for (let j = cy - 1; j <= cy + 1; j++) {
      for (const slot of grid.get(cellKey(i, j)) ?? []) {
        const d = (slots[slot].x * scale - x) ** 2 + (slots[slot].y * scale - y) ** 2;
        if (d < nearest) {
          nearest = d;
          best = slot;
        }
      }
    }
  }
  return best;
}

/** Paints what `state()` gives: slots, counts by slot and type, theme colours, the slot that is selected. */
export function markPainter(store, state, drawn) {
  const seen = { slots: null, where: "", worlds: new Map() }; // slots in view: they change with the view, not with the window
  return (context, view) => {
    const now = state();
    const painter = new Painter(store, now, context, view);
    const where = [view.zoom, view.origin, view.min, view.max].join();
    if (seen.slots !== now.slots || seen.where !== where) Object.assign(seen, { slots: now.slots, where, worlds: new Map() });
    drawn.length = 0;
    for (const world of view.worlds) {
      painter.dx = world * view.scale - view.origin.x;
      if (!seen.worlds.has(world)) seen.worlds.set(world, painter.inView());
      painter.paint(seen.worlds.get(world));
    }
    drawn.push(...painter.drawn);
    drawn.boxes = painter.boxes;
  };
}

class Painter {
  constructor(store, now, context, view) {
    Object.assign(this, { store, now, context, view, marks: store.marks, drawn: [], boxes: [] });
    this.dy = -view.origin.y;
    this.classes = store.types.length;
    this.hatches = new Map();
  }

  /** Numbers of the slots that reach into the view. */
  inView() {
    return Int32Array.from(this.now.slots.keys()).filter((i) => this.visible(this.now.slots[i]));
  }

  paint(inView) {
    const seen = { area: [], ring: [], line: [], badge: [], dot: [] };
    for (const i of inView) {
      const slot = this.now.slots[i];
      const total = this.now.totals[i];
      if (total) seen[slot.how].push({ slot, i, total });
    }
    if (this.now.heat) seen.dot = seen.dot.filter((one) => one.i === this.now.selected); // the heat stands for them
    for (const kind of Object.values(seen)) kind.sort((a, b) => b.total - a.total);
    for (const one of seen.area) this.area(one);
    for (const one of seen.ring) this.ring(one);
    for (const one of seen.line) this.line(one);
    const rivals = this.now.rivals.filter((one) => one.lat !== null);
    for (const one of rivals) this.tie(one);
    rivals.forEach((one, n) => this.rival(one, n));
    for (const one of seen.dot) this.dot(one);
    for (const one of [...seen.badge, ...seen.area, ...seen.line]) this.badge(one);
    if (this.view.zoom >= 4) for (const one of seen.dot) this.name(one);
  }

  visible(slot) {
    const { scale, min, max } = this.view;
    const shape = slot.marks.length === 1 && this.marks.shape.get(slot.marks[0]);
    const pad = slot.how === "ring" ? radiusPx(this.marks, slot.marks[0], scale) : 60;
    const [w, n, e, s] = shape ? shape.box : [slot.x, slot.y, slot.x, slot.y];
    const [x0, x1] = [w * scale + this.dx, e * scale + this.dx];
    const [y0, y1] = [n * scale + this.dy, s * scale + this.dy];
    return x1 > min.x - pad && x0 < max.x + pad && y1 > min.y - pad && y0 < max.y + pad;
  }

  at(slot) {
    return [slot.x * this.view.scale + this.dx, slot.y * this.view.scale + this.dy];
  }

  /** The type that most incidents of a slot have. */
  main(i) {
    const { counts } = this.now;
    let best = 0;
    for (let t = 1; t < this.classes; t++) if (counts[i * this.classes + t] > counts[i * this.classes + best]) best = t;
    return this.store.types[best];
  }

  path(shape) {
    const { scale } = this.view;
    const path = new Path2D();
    for (const p of shape.parts) {
      path.moveTo(p[0] * scale + this.dx, p[1] * scale + this.dy);
      for (let i = 2; i < p.length; i += 2) path.lineTo(p[i] * scale + this.dx, p[i + 1] * scale + this.dy);
      if (shape.area) path.closePath();
    }
    return path;
  }

  area({ slot, i }) {
    const { context, now } = this;
    const path = this.path(this.marks.shape.get(slot.marks[0]));
    const { colour } = this.main(i);
    context.fillStyle = `${colour}${now.colours.dark ? "30" : "1f"}`;
    context.fill(path, "evenodd");
    context.fillStyle = this.hatch(colour);
    context.fill(path, "evenodd");
    context.strokeStyle = colour;
    context.lineWidth = i === now.selected ? 3 : 1.4;
    context.stroke(path);
    this.drawn.push({ i, slot, path, fill: true });
  }

  hatch(colour) {
    if (!this.hatches.has(colour)) {
      const tile = document.createElement("canvas");
      tile.width = tile.height = 8;
      const c = tile.getContext("2d");
      c.strokeStyle = colour;
      c.globalAlpha = 0.55;
      c.lineWidth = 1;
      c.beginPath();
      for (const [x0, y0, x1, y1] of [[-2, 2, 2, -2], [0, 8, 8, 0], [6, 10, 10, 6]]) {
        c.moveTo(x0, y0);
        c.lineTo(x1, y1);
      }
      c.stroke();
      this.hatches.set(colour, this.context.createPattern(tile, "repeat"));
    }
    return this.hatches.get(colour);
  }

  ring({ slot, i, total }) {
    const { context, now } = this;
    const [x, y] = this.at(slot);
    const r = radiusPx(this.marks, slot.marks[0], this.view.scale);
    const { colour } = this.main(i);
    const path = new Path2D();
    path.arc(x, y, r, 0, 2 * Math.PI);
    context.fillStyle = `${colour}22`;
    context.fill(path);
    context.setLineDash([5, 4]);
    context.strokeStyle = colour;
    context.lineWidth = i === now.selected ? 3 : 1.8;
    context.stroke(path);
    context.setLineDash([]);
    if (total > 1) this.number(x, y - r, total, colour);
    this.drawn.push({ i, slot, path, fill: true });
  }

  /** A count on the edge of a circle, so that its centre stays free. */
  number(x, y, total, colour) {
    const { context, now } = this;
    const text = short(total);
    context.font = `600 11px ${now.colours.font}`;
    const w = context.measureText(text).width + 10;
    this.pill(x, y, w, 16, now.colours.surface, colour);
    this.label(text, x, y, now.colours.text);
  }

  line({ slot, i }) {
    const { context, now } = this;
    const path = this.path(this.marks.shape.get(slot.marks[0]));
    const { colour } = this.main(i);
    context.lineCap = context.lineJoin = "round";
    for (const [style, width] of [[now.colours.surface, 7], [colour, i === now.selected ? 5 : 3.5]]) {
      context.strokeStyle = style;
      context.lineWidth = width;
      context.stroke(path);
    }
    context.lineCap = "butt";
    this.drawn.push({ i, slot, path, stroke: 12 });
  }

  dot({ slot, i, total }) {
    const [x, y] = this.at(slot);
    const { context, now } = this;
    const several = slot.marks.length > 1;
    const r = radiusOf(total);
    const hollow = !several && this.marks.draw[slot.marks[0]] !== "dot";
    if (i === now.selected) this.circle(x, y, r + 6, null, now.colours.accent, 2.5);
    if (several) this.circle(x, y, r + 3.2, null, now.colours.cluster, 1.2);
    if (total === 1 && !hollow) {
      const { colour, shape } = this.main(i);
      glyph(context, shape, x, y, r, colour, now.colours.surface);
    } else {
      this.circle(x, y, r, hollow ? now.colours.halo : now.colours.surface, now.colours.rim, hollow ? 0.01 : 1);
      this.split(x, y, hollow ? r : r - 2.3, i, total, hollow);
      if (total > 1) {
        context.font = `600 ${total > 999 ? 10 : 11}px ${now.colours.font}`;
        this.label(short(total), x, y, now.colours.text);
      }
    }
    this.boxes.push([x - r - 2, y - r - 2, x + r + 2, y + r + 2]);
    this.drawn.push({ i, slot, x, y, r: Math.max(r + 3, 11) });
  }

  circle(x, y, r, fill, stroke, width) {
    const { context } = this;
    context.beginPath();
    context.arc(x, y, r, 0, 2 * Math.PI);
    if (fill) {
      context.fillStyle = fill;
      context.fill();
    }
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.stroke();
  }

  /** The ring of a circle, one arc a type. */
  split(x, y, r, i, total, dashed) {
    const { context } = this;
    const { counts } = this.now;
    let from = -Math.PI / 2;
    context.lineWidth = dashed ? 2 : 3.6;
    if (dashed) context.setLineDash([3.5, 2.5]);
    for (let t = 0; t < this.classes; t++) {
      const count = counts[i * this.classes + t];
      if (!count) continue;
      const to = from + (2 * Math.PI * count) / total;
      context.beginPath();
      context.arc(x, y, r, from, to);
      context.strokeStyle = this.store.types[t].colour;
      context.stroke();
      from = to;
    }
    context.setLineDash([]);
  }

  /** The count of an area or a line, the name and count of a country: a label, which is no point. */
  badge({ slot, i, total }) {
    const { context, now } = this;
    const mark = slot.marks[0];
    const country = slot.how === "badge";
    const text = country ? `${this.marks.name[mark]}  ${short(total)}` : short(total);
    context.font = `600 11.5px ${now.colours.font}`;
    const w = context.measureText(text).width + (country ? 22 : 18);
    const h = country ? 21 : 18;
    const [x, y] = this.place(...this.at(slot), w, h);
    this.pill(x, y, w, h, now.colours.surface, i === now.selected ? now.colours.accent : this.main(i).colour, country);
    this.stripes(x - w / 2 + 4, y - h / 2 + 4, h - 8, i, total);
    this.label(text, x + 4, y, now.colours.text);
    this.drawn.push({ i, slot, box: [x - w / 2, y - h / 2, x + w / 2, y + h / 2] });
  }

  /** The nearest place round x, y that is still free. */
  place(x, y, w, h) {
    for (const far of [0, 1, 1.7, 2.5]) {
      for (const [dx, dy] of far ? [[0, 1], [0, -1], [0.6, 0.5], [-0.6, 0.5], [0.6, -0.5], [-0.6, -0.5]] : [[0, 0]]) {
        const [px, py] = [x + dx * far * w, y + dy * far * (h + 4)];
        if (free(this.boxes, px, py, w + 2, h + 2)) return [px, py];
      }
    }
    return [x, y];
  }

  pill(x, y, w, h, fill, stroke, square = false) {
    const { context } = this;
    context.beginPath();
    context.roundRect(x - w / 2, y - h / 2, w, h, square ? 4 : h / 2);
    context.fillStyle = fill;
    context.fill();
    context.strokeStyle = stroke;
    context.lineWidth = 1.5;
    context.stroke();
  }

  stripes(x, y, h, i, total) {
    const { context } = this;
    const { counts } = this.now;
    let top = y;
    for (let t = 0; t < this.classes; t++) {
      const part = (h * counts[i * this.classes + t]) / total;
      context.fillStyle = this.store.types[t].colour;
      context.fillRect(x, top, 4, part);
      top += part;
    }
  }

  label(text, x, y, colour) {
    const { context } = this;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = colour;
    context.fillText(text, x, y + 0.5);
  }

  /** A line from the selected incident to a place that it may have been at instead. */
  tie(one) {
    const { context, now } = this;
    if (!now.from) return;
    context.beginPath();
    context.moveTo(...this.at(now.from));
    context.lineTo(...this.at({ x: mercatorX(one.lon), y: mercatorY(one.lat) }));
    context.setLineDash([3, 4]);
    context.strokeStyle = now.colours.muted;
    context.lineWidth = 1.2;
    context.stroke();
    context.setLineDash([]);
  }

  rival({ lat, lon, text }, n) {
    const { context, now } = this;
    const [x, y] = this.at({ x: mercatorX(lon), y: mercatorY(lat) });
    context.setLineDash([2, 2]);
    this.circle(x, y, 8, now.colours.surface, now.colours.accent, 1.5);
    context.setLineDash([]);
    context.font = `700 11px ${now.colours.font}`;
    this.label("?", x, y, now.colours.text);
    this.boxes.push([x - 10, y - 10, x + 10, y + 10]);
    if (n === 0) this.beside(text.split(", ")[0], x, y, 8);
  }

  /** The name of a place beside its circle, where there is room. */
  name({ slot, total }) {
    if (slot.marks.length === 1) this.beside(this.marks.name[slot.marks[0]], ...this.at(slot), radiusOf(total));
  }

  beside(text, x, y, r) {
    const { context, now } = this;
    context.font = `12px ${now.colours.font}`;
    const w = context.measureText(text).width;
    context.textBaseline = "middle";
    context.lineJoin = "round";
    for (const side of [1, -1]) {
      if (!free(this.boxes, x + side * (r + 5 + w / 2), y, w + 4, 15)) continue;
      context.textAlign = side > 0 ? "left" : "right";
      write(context, text, x + side * (r + 5), y, now.colours.text, now.colours.halo, 3);
      return;
    }
  }
}

export function short(count) {
  if (count < 10000) return String(count);
  return count < 1e6 ? `${Math.round(count / 1000)}k` : `${(count / 1e6).toFixed(1)}M`;
}

const CORNERS = { square: [4, 45], diamond: [4, 0], triangle: [3, 0], down: [3, 180], hexagon: [6, 0], pentagon: [5, 0] };

/** The shape of one type, of the given radius, filled, with a rim that lifts it off the map. */
export function glyph(context, shape, x, y, r, fill, rim) {
  context.beginPath();
  outline(context, shape, x, y, shape === "circle" ? r * 0.9 : r * 1.1);
  context.closePath();
  context.lineJoin = "round";
  context.strokeStyle = rim;
  context.lineWidth = 3;
  context.stroke();
  context.fillStyle = fill;
  context.fill();
}

function outline(context, shape, x, y, r) {
  if (shape === "circle") return context.arc(x, y, r, 0, 2 * Math.PI);
  if (shape === "cross" || shape === "star") return star(context, x, y, r, shape === "star" ? 5 : 4);
  const [corners, turn] = CORNERS[shape];
  for (let i = 0; i < corners; i++) {
    const angle = ((turn - 90) * Math.PI) / 180 + (2 * Math.PI * i) / corners;
    context.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle));
  }
}

function star(context, x, y, r, points) {
  for (let i = 0; i < 2 * points; i++) {
    const angle = -Math.PI / 2 + (Math.PI * i) / points;
    const far = i % 2 ? r * 0.45 : r * 1.1;
    context.lineTo(x + far * Math.cos(angle), y + far * Math.sin(angle));
  }
}

/** What was drawn at a point in layer coordinates, topmost first; null where nothing was. */
export function pick(drawn, context, point) {
  const hit = [...drawn].reverse().find((d) => hits(d, context, point) && !(d.path && d.fill));
  return hit ?? [...drawn].reverse().find((d) => d.path && d.fill && hits(d, context, point)) ?? null;
}

function hits(d, context, { x, y }) {
  if (d.box) return x >= d.box[0] && x <= d.box[2] && y >= d.box[1] && y <= d.box[3];
  if (d.r) return (d.x - x) ** 2 + (d.y - y) ** 2 <= d.r ** 2;
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.lineWidth = d.stroke ?? 1;
  const hit = d.stroke ? context.isPointInStroke(d.path, x, y) : context.isPointInPath(d.path, x, y, "evenodd");
  context.restore();
  return hit;
}

/** A cross where one clicked. */
export function paintCross(context, view, [lat, lon], colours) {
  const y = mercatorY(lat) * view.scale - view.origin.y;
  for (const world of view.worlds) {
    const x = (mercatorX(lon) + world) * view.scale - view.origin.x;
    for (const [colour, width] of [[colours.surface, 5], [colours.accent, 2]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        context.moveTo(x + 4 * dx, y + 4 * dy);
        context.lineTo(x + 14 * dx, y + 14 * dy);
      }
      context.stroke();
    }
  }
}
