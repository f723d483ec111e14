// Heat: where many incidents lie close together, as a choice. Counts by place, never by what is drawn as one.

const COARSE = 4; // px of the map to one of the heat
const REACH = 7; // px of the heat that an incident warms
const SPAN = 2 * REACH + 1;
const STOPS = [[0, [255, 237, 160, 0]], [0.12, [254, 217, 118, 120]], [0.4, [253, 141, 60, 185]], [0.75, [200, 20, 40, 215]], [1, [100, 0, 35, 230]]];

/** Paints the heat of `counts()`, incidents by mark, or nothing where that gives none. */
export function heatPainter(store, counts) {
  const ramp = colourRamp();
  const kernel = warmth();
  return (context, view) => {
    const now = counts();
    if (!now) return;
    const [w, h] = [Math.ceil((view.max.x - view.min.x) / COARSE), Math.ceil((view.max.y - view.min.y) / COARSE)];
    const sum = new Float32Array(w * h);
    for (const world of view.worlds) {
      for (let m = 0; m < store.marks.n; m++) {
        if (!now[m]) continue;
        const x = Math.round(((store.marks.x[m] + world) * view.scale - view.origin.x - view.min.x) / COARSE);
        const y = Math.round((store.marks.y[m] * view.scale - view.origin.y - view.min.y) / COARSE);
        warm(sum, w, h, x, y, now[m], kernel);
      }
    }
    const plane = document.createElement("canvas");
    plane.width = w;
    plane.height = h;
    plane.getContext("2d").putImageData(coloured(sum, w, h, ramp), 0, 0);
    context.drawImage(plane, view.min.x, view.min.y, w * COARSE, h * COARSE);
  };
}

/** How much each cell round an incident is warmed: a bell that ends at its reach. */
function warmth() {
  const kernel = new Float32Array(SPAN * SPAN);
  for (let j = -REACH; j <= REACH; j++) {
    for (let i = -REACH; i <= REACH; i++) kernel[(j + REACH) * SPAN + i + REACH] = Math.max(0, 1 - (i * i + j * j) / (REACH * REACH)) ** 2;
  }
  return kernel;
}

function warm(sum, w, h, x, y, count, kernel) {
  if (x < -REACH || y < -REACH || x > w + REACH || y > h + REACH) return;
  for (let j = Math.max(-REACH, -y); j <= REACH && y + j < h; j++) {
    for (let i = Math.max(-REACH, -x); i <= REACH && x + i < w; i++) sum[(y + j) * w + x + i] += count * kernel[(j + REACH) * SPAN + i + REACH];
  }
}

/** Warmth as colour, the warmest cell the darkest; its root is shown, so that the cooler ones are seen at all. */
function coloured(sum, w, h, ramp) {
  const top = sum.reduce((a, b) => Math.max(a, b), 1e-9);
  const image = new ImageData(w, h);
  for (let i = 0; i < sum.length; i++) {
    const at = 4 * Math.round(255 * Math.sqrt(sum[i] / top));
    for (let k = 0; k < 4; k++) image.data[4 * i + k] = ramp[at + k];
  }
  return image;
}

/** From pale yellow to dark red, for each of 256 degrees: each darker than the last. */
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
