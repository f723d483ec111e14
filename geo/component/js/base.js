// The base map: land, coasts, borders, provinces, and names that do not collide.

const [COAST, BORDER, DISPUTED, ADMIN1] = [0, 1, 2, 3];
const NEAREST = 0.7; // px: a vertex closer to the last one drawn is not seen
const PROVINCES_FROM = 4.2; // zoom
const TOWNS_FROM = 4.5;
const PROVINCE_NAMES_FROM = 6;
const ASIDE = [0, -2, 2, -4, 4, -6, 6]; // of its height, from where a country's name would stand: where it may stand else

/** Paints the base map with `colours`, a function that gives the theme's colours. */
export function basePainter(base, colours) {
  const byKind = (kind) => base.arcs.filter((arc) => arc.kind === kind);
  const kinds = { coast: byKind(COAST), border: byKind(BORDER), disputed: byKind(DISPUTED), admin1: byKind(ADMIN1) };
  return (context, view) => {
    const colour = colours();
    for (const world of view.worlds) {
      const dx = world * view.scale - view.origin.x;
      const frame = { ...view, dx, dy: -view.origin.y };
      context.beginPath();
      for (const ring of base.land) trace(context, ring, frame);
      context.fillStyle = colour.land;
      context.fill("evenodd");
      if (view.zoom >= PROVINCES_FROM) stroke(context, kinds.admin1, frame, colour.province, 0.8, []);
      stroke(context, kinds.coast, frame, colour.coast, 0.7, []);
      stroke(context, kinds.border, frame, colour.border, view.zoom < 4 ? 0.7 : 1.1, []);
      stroke(context, kinds.disputed, frame, colour.border, 1, [4, 3]);
    }
  };
}

function stroke(context, arcs, frame, colour, width, dash) {
  context.beginPath();
  for (const arc of arcs) trace(context, arc, frame);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
}

function outside(box, { scale, dx, dy, min, max }) {
  const [west, north, east, south] = box;
  return east * scale + dx < min.x || west * scale + dx > max.x || south * scale + dy < min.y || north * scale + dy > max.y;
}

export function trace(context, { points, box }, frame) {
  if (outside(box, frame)) return;
  const { scale, dx, dy } = frame;
  let x0 = points[0] * scale + dx;
  let y0 = points[1] * scale + dy;
  context.moveTo(x0, y0);
  const last = points.length - 2;
  for (let i = 2; i <= last; i += 2) {
    const x = points[i] * scale + dx;
    const y = points[i + 1] * scale + dy;
    if (i < last && Math.abs(x - x0) + Math.abs(y - y0) < NEAREST) continue;
    context.lineTo(x, y);
    x0 = x;
    y0 = y;
  }
}

/**
 * Paints names, largest first; one that would touch another is left out. `taken` are names the incidents bear,
 * `obstacles()` the boxes that they take up.
 */
export function labelPainter(base, colours, taken, obstacles) {
  return (context, view) => {
    const colour = colours();
    const boxes = [...(obstacles() ?? [])];
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    for (const world of view.worlds) {
      const dx = world * view.scale - view.origin.x;
      for (const label of base.labels) {
        const x = label.x * view.scale + dx;
        const y = label.y * view.scale - view.origin.y;
        if (x < view.min.x - 60 || x > view.max.x + 60 || y < view.min.y || y > view.max.y) continue;
        if (taken.has(label.name)) continue;
        if (label.kind === "country") country(context, label, x, y, view, colour, boxes);
        else if (label.kind === "sea") sea(context, label, x, y, view, colour, boxes);
        else if (label.kind === "admin1") province(context, label, x, y, view, colour, boxes);
        else town(context, label, x, y, view, colour, boxes);
      }
    }
  };
}

function country(context, label, x, y, view, colour, boxes) {
  const across = Math.sqrt(label.size) * (view.scale / 360); // px
  if (across < 26 || view.zoom > 7.5) return;
  const size = across > 200 ? 14 : across > 90 ? 12.5 : 11;
  const text = label.name.toLocaleUpperCase("en");
  context.font = `600 ${size}px ${colour.font}`;
  context.letterSpacing = size > 12 ? "1.5px" : "0.8px";
  const width = context.measureText(text).width;
  const room = width < across * 1.9 ? ASIDE.find((dy) => Math.abs(dy) * size < across / 3 && free(boxes, x, y + dy * size, width + 8, size + 6)) : undefined;
  if (room !== undefined) write(context, text, x, y + room * size, colour.countryName, colour.land, 3);
  context.letterSpacing = "0px";
}

/** A sea's name in italics, on as many lines as it has words where it is long. */
function sea(context, label, x, y, view, colour, boxes) {
  const across = 2 * Math.sqrt(label.size) * (view.scale / 360);
  if (across < 60 || across > 3000) return;
  const lines = label.name.split(" ").length > 1 && across < 260 ? broken(label.name) : [label.name];
  context.font = `italic 12px ${colour.serif}`;
  context.letterSpacing = "0.6px";
  const width = Math.max(...lines.map((line) => context.measureText(line).width));
  if (width < across && free(boxes, x, y, width + 8, 15 * lines.length)) {
    lines.forEach((line, i) => write(context, line, x, y + (i - (lines.length - 1) / 2) * 14, colour.seaName, colour.sea, 2));
  }
  context.letterSpacing = "0px";
}

function broken(name) {
  const at = name.lastIndexOf(" ");
  return [name.slice(0, at), name.slice(at + 1)];
}

function province(context, label, x, y, view, colour, boxes) {
  const across = Math.sqrt(label.size) * (view.scale / 360);
  if (view.zoom < PROVINCE_NAMES_FROM || across < 60) return;
  context.font = `italic 11px ${colour.font}`;
  const width = context.measureText(label.name).width;
  if (width < across * 1.3 && free(boxes, x, y, width + 10, 18)) write(context, label.name, x, y, colour.provinceName, colour.land, 2.5);
}

function town(context, label, x, y, view, colour, boxes) {
  const needed = 3e7 / 3 ** (view.zoom - 3); // inhabitants
  if (view.zoom < TOWNS_FROM || label.size < needed) return;
  context.font = `${label.kind === "capital" ? "600 " : ""}11px ${colour.font}`;
  const width = context.measureText(label.name).width;
  if (!free(boxes, x + width / 2 + 4, y, width + 14, 15)) return;
  context.fillStyle = colour.townDot;
  context.fillRect(x - 1.5, y - 1.5, 3, 3);
  context.textAlign = "left";
  write(context, label.name, x + 5, y, colour.townName, colour.land, 2.5);
  context.textAlign = "center";
}

export function write(context, text, x, y, fill, halo, width) {
  context.strokeStyle = halo;
  context.lineWidth = width;
  context.strokeText(text, x, y);
  context.fillStyle = fill;
  context.fillText(text, x, y);
}

/** Takes a box round x, y unless one taken earlier touches it. */
export function free(boxes, x, y, width, height) {
  const box = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
  for (const b of boxes) if (box[0] < b[2] && box[2] > b[0] && box[1] < b[3] && box[3] > b[1]) return false;
  boxes.push(box);
  return true;
}
