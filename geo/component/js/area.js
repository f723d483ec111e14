// Drawing an area on the map: a box or any shape.

const NEAREST = 4; // px from one corner of a shape to the next
const MOST = 120; // corners

/** West, south, east, north of bounds, as far as a screen can tell. */
export function boundsOf(bounds) {
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map(rounded);
}

const rounded = (degrees) => Number(degrees.toFixed(4));

/** The next drag over the map draws: `onMove(area)` meanwhile, `onEnd(area)` at last, null where nothing was drawn. */
export function drawArea(map, how, { onMove, onEnd }) {
  const container = map.getContainer();
  const L = globalThis.L;
  map.dragging.disable();
  container.classList.add("im-drawing");
  let path = [];
  const area = () => (how === "box" ? boxOf(L, map, path) : shapeOf(map, path));
  const move = (event) => {
    const at = map.mouseEventToContainerPoint(event);
    if (!path.length || path[path.length - 1].distanceTo(at) < NEAREST) return;
    path = how === "box" ? [path[0], at] : [...path, at];
    onMove(area());
  };
  const start = (event) => {
    path = [map.mouseEventToContainerPoint(event)];
    container.addEventListener("pointermove", move);
  };
  const stop = (found) => {
    container.removeEventListener("pointermove", move);
    container.removeEventListener("pointerdown", start, true);
    globalThis.removeEventListener("pointerup", end, true);
    globalThis.removeEventListener("keydown", cancel, true);
    container.classList.remove("im-drawing");
    map.dragging.enable();
    onEnd(found);
  };
  const end = (event) => {
    if (!path.length) return stop(null); // a press elsewhere: nothing was drawn
    move(event);
    stop(area());
  };
  const cancel = (event) => event.key === "Escape" && stop(null);
  container.addEventListener("pointerdown", start, true);
  globalThis.addEventListener("pointerup", end, true);
  globalThis.addEventListener("keydown", cancel, true);
}

function boxOf(L, map, [from, to]) {
  if (!to) return null;
  const box = boundsOf(L.latLngBounds(map.containerPointToLatLng(from), map.containerPointToLatLng(to)));
  return box[2] > box[0] && box[3] > box[1] ? box : null;
}

/** Corners as lon, lat, lon, lat ...; of a long path, as many as an address can hold. */
function shapeOf(map, path) {
  if (path.length < 4) return null;
  const every = Math.ceil(path.length / MOST);
  return path.filter((_, k) => k % every === 0).flatMap((point) => {
    const { lat, lng } = map.containerPointToLatLng(point);
    return [rounded(lng), rounded(lat)];
  });
}

/** The outline of an area on the map. */
export function areaLayer(area, colour) {
  const L = globalThis.L;
  const style = { color: colour, weight: 1.5, dashArray: "5 4", fill: false, interactive: false };
  if (area.length === 4) return L.rectangle([[area[1], area[0]], [area[3], area[2]]], style);
  const corners = [];
  for (let i = 0; i + 1 < area.length; i += 2) corners.push([area[i + 1], area[i]]);
  return L.polygon(corners, style);
}
