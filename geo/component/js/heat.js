// Heat: where many incidents lie close together, as a choice. Counts by place, never by what is drawn as one.

const COARSE = 4; // px of the map to one of the heat
const REACH = 30; // px of the map that one incident warms
const STOPS = [[0, [255, 237, 160, 0]], [0.15, [254, 217, 118, 130]], [0.45, [253, 141, 60, 190]], [0.8, [189, 0, 38, 220]], [1, [90, 0, 30, 235]]];
const WEAKEST = 0.12;

/** Paints the heat of `counts()`, incidents by mark, or nothing where that gives none. */
export function heatPainter(store, counts) {
  const ramp = colourRamp();
  return (context, view) => {
    const now = counts();
    if (!now) return;
    const [w, h] = [Math.ceil((view.max.x - view.min.x) / COARSE), Math.ceil((view.max.y - view.min.y) / COARSE)];
    const plane = document.createElement("canvas");
    plane.width = w;
    plane.height = h;
    const c = plane.getContext("2d", { willReadFrequently: true });
    const spot = warmth();
    const top = Math.log2(1 + now.reduce((a, b) => Math.max(a, b), 1));
    for (const world of view.worlds) {
      for (let m = 0; m < store.marks.n; m++) {
        if (!now[m]) continue;
        const x = ((store.marks.x[m] + world) * view.scale - view.origin.x - view.min.x) / COARSE;
        const y = (store.marks.y[m] * view.scale - view.origin.y - view.min.y) / COARSE;
        if (x < -REACH || y < -REACH || x > w + REACH || y > h + REACH) continue;
        c.globalAlpha = Math.max(WEAKEST, Math.log2(1 + now[m]) / top) * 0.7;
        c.drawImage(spot, x - REACH / COARSE, y - REACH / COARSE);
      }
    }
    colour(c, w, h, ramp);
    context.imageSmoothingEnabled = true;
    context.drawImage(plane, view.min.x, view.min.y, w * COARSE, h * COARSE);
  };
}

/** A disc that fades to its edge. */
function warmth() {
  const spot = document.createElement("canvas");
  const r = REACH / COARSE;
  spot.width = spot.height = Math.ceil(2 * r);
  const c = spot.getContext("2d");
  const fade = c.createRadialGradient(r, r, 0, r, r, r);
  fade.addColorStop(0, "#000f");
  fade.addColorStop(1, "#0000");
  c.fillStyle = fade;
  c.fillRect(0, 0, 2 * r, 2 * r);
  return spot;
}

/** Turns warmth, which stands in alpha, into colour. */
function colour(c, w, h, ramp) {
  const image = c.getImageData(0, 0, w, h);
  for (let i = 0; i < image.data.length; i += 4) {
    const at = image.data[i + 3] * 4;
    for (let k = 0; k < 4; k++) image.data[i + k] = ramp[at + k];
  }
  c.putImageData(image, 0, 0);
}

/** From pale yellow to dark red, for each of 256 degrees: one hue after the other, each darker than the last. */
function colourRamp() {
  const ramp = new Uint8ClampedArray(1024);
  for (let i = 0; i < 256; i++) {
    const share = i / 255;
    const k = Math.max(1, STOPS.findIndex(([stop]) => stop >= share));
    const [[a, from], [b, to]] = [STOPS[k - 1], STOPS[k]];
    for (let n = 0; n < 4; n++) ramp[4 * i + n] = from[n] + ((to[n] - from[n]) * (share - a)) / (b - a);
  }
  return ramp;
}
