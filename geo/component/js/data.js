// The payload (geo/layers/payload.py) as typed arrays. Nothing here touches the page.

const FORMAT = 1;
export const NO_DAY = 1 << 30; // what stands in `start` and `end` for an unknown day; later than any
const DAY_MS = 86400000;

// Okabe and Ito's palette, which the colour-blind can tell apart; each type has a shape of its own as well.
// Each: name, colour on light, colour on dark, shape.
const TYPES = [
  ["Battles", "#0072b2", "#4ba3e3", "square"],
  ["Explosions/Remote violence", "#d55e00", "#f0752a", "diamond"],
  ["Violence against civilians", "#c4518f", "#e58abb", "triangle"],
  ["Protests", "#009e73", "#1fbf92", "circle"],
  ["Riots", "#e69f00", "#f2b632", "down"],
  ["Strategic developments", "#5f6b7a", "#b4bfcc", "hexagon"],
];
const MORE = [
  ["#8c6d46", "#c9a878", "pentagon"],
  ["#7a5cc7", "#b09cf0", "cross"],
  ["#4f8f2f", "#8fcc6a", "star"],
];
const OTHER = ["Other types", "#8a8f98", "#98a0aa", "circle"];
const UNTYPED = "(no type)";
export const REJECTED = "rejected"; // a status: shown where it is asked for, else only counted
const PROVINCE = "/"; // between a country's code and its province, as in selection.py

/** The payload out of what was sent, which is compressed. */
export async function unpack(sent) {
  if (sent.format !== FORMAT) throw new Error(`This map reads data of format ${FORMAT}, not ${sent.format}.`);
  const bytes = fromBase64(sent.gzip);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function fromBase64(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

export const mercatorX = (lon) => lon / 360 + 0.5;
export function mercatorY(lat) {
  const s = Math.sin((Math.max(-85.0511, Math.min(85.0511, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
}

/** Incidents, the places they are drawn at, and what can be chosen among them. */
export class Store {
  constructor(payload) {
    this.payload = payload;
    this.texts = payload.texts;
    this.columns = payload.incidents;
    this.n = this.columns.count;
    this.readDays();
    this.mark = Int32Array.from(this.columns.mark ?? new Array(this.n).fill(0));
    this.readMarks();
    this.readTypes();
    this.facets = payload.facets.map((key) => this.facet(key));
    this.rejected = this.countRejected();
  }

  readDays() {
    const { n, columns } = this;
    this.start = new Int32Array(n).fill(NO_DAY);
    this.end = new Int32Array(n).fill(NO_DAY);
    this.dated = 0;
    let first = Infinity;
    let last = -Infinity;
    for (let i = 0; i < n; i++) {
      const day = columns.start?.[i];
      if (day === null || day === undefined) continue;
      this.start[i] = day;
      this.end[i] = day + (columns.length?.[i] ?? 0);
      this.dated++;
      first = Math.min(first, this.start[i]);
      last = Math.max(last, this.end[i]);
    }
    this.firstDay = this.dated ? first : 0;
    this.lastDay = this.dated ? last : 0;
    this.orderByEnd();
  }

  /** `byEnd`: the dated incidents in the order of their last day, and `ends`, those days: sorted by counting. */
  orderByEnd() {
    const { dated, end, firstDay } = this;
    const from = new Uint32Array(this.lastDay - firstDay + 2);
    for (let i = 0; i < dated; i++) from[end[i] - firstDay + 1]++;
    for (let day = 1; day < from.length; day++) from[day] += from[day - 1];
    this.byEnd = new Uint32Array(dated);
    for (let i = 0; i < dated; i++) this.byEnd[from[end[i] - firstDay]++] = i;
    this.ends = Int32Array.from(this.byEnd, (i) => end[i]);
  }

  readMarks() {
    const m = this.payload.marks;
    const count = m.draw.length;
    this.marks = {
      n: count,
      draw: m.draw,
      name: m.name.map((t) => this.texts[t]),
      precision: m.precision.map((t) => this.texts[t]),
      country: m.country.map((t) => this.texts[t]),
      lat: Float64Array.from(m.lat, (v) => v / 1e5),
      lon: Float64Array.from(m.lon, (v) => v / 1e5),
      radius: Float64Array.from(m.radius),
      x: new Float64Array(count),
      y: new Float64Array(count),
      total: new Int32Array(count),
      shape: new Map(Object.entries(m.shape).map(([i, shape]) => [Number(i), readShape(shape)])),
    };
    for (let i = 0; i < count; i++) {
      this.marks.x[i] = mercatorX(this.marks.lon[i]);
      this.marks.y[i] = mercatorY(this.marks.lat[i]);
    }
    for (let i = 0; i < this.n; i++) if (this.mark[i] >= 0) this.marks.total[this.mark[i]]++;
  }

  /** Colour classes: ACLED's six types, then the most frequent others, then all that remains as one. */
  readTypes() {
    const counts = new Map();
    const column = this.columns.type ?? new Array(this.n).fill(0);
    for (const t of column) counts.set(t, (counts.get(t) ?? 0) + 1);
    const known = new Map(TYPES.map(([name], i) => [name, i]));
    const rank = (t) => known.get(this.texts[t]) ?? TYPES.length;
    const order = [...counts.keys()].sort((a, b) => rank(a) - rank(b) || counts.get(b) - counts.get(a));
    this.types = [];
    const add = (name, [light, dark, shape]) => this.types.push({ name, light, dark, colour: light, shape, count: 0, number: this.types.length });
    const classOf = new Map();
    let more = 0;
    for (const t of order) {
      const name = this.texts[t] || UNTYPED;
      const row = TYPES[rank(t)];
      if (row) add(name, row.slice(1));
      else if (more < MORE.length) add(name, MORE[more++]);
      else if (more++ === MORE.length) add(OTHER[0], OTHER.slice(1));
      classOf.set(t, this.types.length - 1);
      this.types[this.types.length - 1].count += counts.get(t);
    }
    if (!this.types.length) add(UNTYPED, OTHER.slice(1));
    this.type = Uint8Array.from(column, (t) => classOf.get(t));
  }

  /** The values of a facet, most frequent first, and which of them each incident has (`codes` from `offsets[i]`). */
  facet(key) {
    const offsets = new Uint32Array(this.n + 1);
    const found = [];
    const { numbers, name } = this.facetNumbers(key);
    for (let i = 0; i < this.n; i++) {
      const from = found.length;
      const row = numbers(i);
      if (typeof row === "number") found.push(row);
      else for (const number of row) if (found.indexOf(number, from) < 0) found.push(number);
      if (found.length === from) found.push(0);
      offsets[i + 1] = found.length;
    }
    const counts = new Map();
    for (const number of found) counts.set(number, (counts.get(number) ?? 0) + 1);
    const order = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (name(a) < name(b) ? -1 : 1));
    const code = new Map(order.map((number, c) => [number, c]));
    return { key, values: order.map(name), codes: Uint32Array.from(found, (number) => code.get(number)), offsets };
  }

  /** `numbers(i)`: for an incident the number of its text, or a list of numbers; `name(number)`: the text. */
  facetNumbers(key) {
    const name = (number) => this.texts[number] || this.payload.nothing;
    const column = this.columns[key === "event_type" ? "type" : key === "publisher" ? "sources" : key];
    if (!column) return { numbers: () => 0, name };
    if (key === "country") return this.countryNumbers(column, name);
    if (key !== "publisher") return { numbers: (i) => column[i], name };
    const names = (this.columns.tellers ?? []).map(([report, publisher]) => publisher || report);
    return { numbers: (i) => column[i].filter((_, k) => k % 2 === 0).map((teller) => names[teller]), name };
  }

  /** Countries, and after them their provinces as values of their own: "IQ", "IQ/Anbar". */
  countryNumbers(column, name) {
    const provinces = this.columns.admin1 ?? [];
    const known = new Map();
    const names = [];
    const number = (country, province) => {
      const key = country * 2097152 + province; // more texts than that are no map's
      if (!known.has(key)) known.set(key, this.texts.length + names.push(`${this.texts[country]}${PROVINCE}${this.texts[province]}`) - 1);
      return known.get(key);
    };
    const numbers = (i) => (provinces[i] ? [...column[i], ...column[i].map((country) => number(country, provinces[i]))] : column[i]);
    return { numbers, name: (n) => (n < this.texts.length ? name(n) : names[n - this.texts.length]) };
  }

  countRejected() {
    const rejected = this.texts.indexOf(REJECTED);
    return rejected < 0 ? 0 : (this.columns.status ?? []).filter((number) => number === rejected).length;
  }

  /** Gives the types the colours of a theme. */
  paint(dark) {
    for (const type of this.types) type.colour = dark ? type.dark : type.light;
  }

  text(column, i) {
    return this.texts[this.columns[column]?.[i] ?? 0];
  }

  list(column, i) {
    return (this.columns[column]?.[i] ?? []).map((t) => this.texts[t]);
  }

  lines(column, i) {
    return (this.columns[column]?.[i] ?? []).map((t) => this.texts[t]);
  }

  /** Runner-up places: what they are, where and how likely (0 to 1), each null if that is not known. */
  alternatives(i) {
    const rows = this.columns.alternatives?.[i] ?? [];
    const scaled = (value, by) => (value === null || value === undefined ? null : value / by);
    return rows.map(([text, lat, lon, share]) => ({ text: this.texts[text], lat: scaled(lat, 1e5), lon: scaled(lon, 1e5), share: scaled(share, 1e3) }));
  }

  count(column, i) {
    return this.columns[column]?.[i] ?? null;
  }

  confidence(i) {
    const value = this.columns.confidence?.[i] ?? -1;
    return value < 0 ? null : value / 100;
  }

  /** Who tells of an incident, one row a sentence: teller, sentence, what stands round it, marks in it, counts it tells. */
  sources(i) {
    const told = this.columns.sources?.[i] ?? [];
    const rows = [];
    for (let k = 0; k < told.length; k += 2) {
      const [report, publisher, url, published] = this.columns.tellers[told[k]].map((t) => this.texts[t]);
      const of = (column) => this.columns[column]?.[i]?.[k / 2] ?? [];
      const [before, after] = of("context").map((t) => this.texts[t]);
      rows.push({ report, publisher, url, published, evidence: this.texts[told[k + 1]], before: before ?? "", after: after ?? "", marked: of("marked"), counts: of("told") });
    }
    return rows;
  }

  id(i) {
    return this.columns.id[i];
  }

  find(id) {
    return id ? this.columns.id.indexOf(id) : -1;
  }

  /** "Iraq" for "IQ", "Anbar, Iraq" for "IQ/Anbar". */
  countryName(value) {
    const [code, ...province] = value.split(PROVINCE);
    const country = this.payload.countries[code] ?? code;
    return province.length ? `${province.join(PROVINCE)}, ${country}` : country;
  }

  /** What a search looks at, in lower case; made on the first search. */
  searchable(i) {
    this.words ??= new Array(this.n);
    this.words[i] ??= [
      ...this.sources(i).map((s) => s.evidence),
      ...["place", "place_text", "admin1", "sub_event_type"].map((c) => this.text(c, i)),
      ...["actors", "targets", "weapons"].flatMap((c) => this.list(c, i)),
      ...this.list("country", i).map((code) => this.countryName(code)),
      this.texts[this.columns.type?.[i] ?? 0],
    ]
      .join("\n")
      .toLowerCase();
    return this.words[i];
  }
}

function readShape(shape) {
  const parts = shape.parts.map((steps) => {
    const points = new Float64Array(steps.length);
    let lon = 0;
    let lat = 0;
    for (let i = 0; i < steps.length; i += 2) {
      lon += steps[i];
      lat += steps[i + 1];
      points[i] = mercatorX(lon * shape.step);
      points[i + 1] = mercatorY(lat * shape.step);
    }
    return points;
  });
  return { area: shape.area, parts, box: boxOf(parts) };
}

/** West, north, east, south in Mercator units of some rings of x, y, x, y ... */
export function boxOf(parts) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const p of parts) {
    for (let i = 0; i < p.length; i += 2) {
      if (p[i] < box[0]) box[0] = p[i];
      if (p[i] > box[2]) box[2] = p[i];
      if (p[i + 1] < box[1]) box[1] = p[i + 1];
      if (p[i + 1] > box[3]) box[3] = p[i + 1];
    }
  }
  return box;
}

const COAST = 0;
const CUT = 4;

/** The base map: arcs by kind (coast, border, disputed, province, cut), land as closed rings, labels. */
export function readBase(base) {
  const bytes = fromBase64(base.arcs);
  let at = 0;
  const next = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
  const signed = () => {
    const value = next();
    return (value >>> 1) ^ -(value & 1);
  };
  const arcs = [];
  let lon = 0;
  let lat = 0;
  while (at < bytes.length) {
    const kind = next();
    const count = next();
    const points = new Float64Array(2 * count);
    const ends = [];
    for (let i = 0; i < count; i++) {
      lon += signed();
      lat += signed();
      if (i === 0 || i === count - 1) ends.push(`${lon},${lat}`);
      points[2 * i] = mercatorX(lon * base.step);
      points[2 * i + 1] = mercatorY(lat * base.step);
    }
    arcs.push({ kind, points, ends, box: boxOf([points]) });
  }
  const labels = base.labels.map(([kind, name, lo, la, size]) => ({ kind, name, x: mercatorX(lo), y: mercatorY(la), size }));
  return { arcs, land: rings(arcs.filter((a) => a.kind === COAST || a.kind === CUT)), labels };
}

/** Coasts joined end to end until each closes. */
function rings(coasts) {
  const at = new Map();
  for (const arc of coasts) {
    for (const end of new Set(arc.ends)) {
      if (!at.has(end)) at.set(end, []);
      at.get(end).push(arc);
    }
  }
  const used = new Set();
  const closed = [];
  for (const first of coasts) {
    if (used.has(first)) continue;
    const points = [];
    let arc = first;
    let from = first.ends[0];
    while (arc) {
      used.add(arc);
      const forward = arc.ends[0] === from;
      append(points, arc.points, forward);
      from = arc.ends.length < 2 || forward ? arc.ends[arc.ends.length - 1] : arc.ends[0];
      arc = from === first.ends[0] ? null : at.get(from).find((a) => !used.has(a));
    }
    const ring = Float64Array.from(points);
    closed.push({ points: ring, box: boxOf([ring]) });
  }
  return closed;
}

function append(points, more, forward) {
  const n = more.length;
  for (let i = 0; i < n; i += 2) {
    const j = forward ? i : n - 2 - i;
    points.push(more[j], more[j + 1]);
  }
}

// --- days ----------------------------------------------------------------------------------------------------------

const MONTHS = "January February March April May June July August September October November December".split(" ");

export const isoOf = (day) => new Date(day * DAY_MS).toISOString().slice(0, 10);
export function dayOf(iso) {
  if (!/^\d{4}-\d\d-\d\d$/.test(iso)) return null;
  const ms = Date.parse(`${iso}T00:00:00Z`);
  return Number.isNaN(ms) ? null : Math.round(ms / DAY_MS);
}

export function partsOf(day) {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), day: date.getUTCDate() };
}

export const startOfMonth = (year, month) => Math.round(Date.UTC(year, month, 1) / DAY_MS);

export function sayDay(day) {
  const { year, month, day: d } = partsOf(day);
  return `${d} ${MONTHS[month]} ${year}`;
}

/** An interval of days as people say it: "27 June 2021", "3–9 May 2021", "February 2021", "2020". */
export function sayDays(start, end) {
  if (start === end) return sayDay(start);
  const a = partsOf(start);
  const b = partsOf(end);
  const wholeMonths = a.day === 1 && partsOf(end + 1).day === 1;
  if (wholeMonths && a.month === 0 && b.month === 11) return a.year === b.year ? `${a.year}` : `${a.year}–${b.year}`;
  if (wholeMonths && a.year === b.year && a.month === b.month) return `${MONTHS[a.month]} ${a.year}`;
  if (a.year !== b.year) return `${sayDay(start)} – ${sayDay(end)}`;
  if (a.month !== b.month) return `${a.day} ${MONTHS[a.month]} – ${sayDay(end)}`;
  return `${a.day}–${sayDay(end)}`;
}

export const monthName = (month) => MONTHS[month];

/**
 * Incidents per bin and type, each spread evenly over the days in which it may have happened.
 * @returns {{size: number, first: number, bins: number, values: Float64Array, top: number}} values by bin, then type
 */
export function histogram(store, mask, widthPx) {
  const types = store.types.length;
  const days = store.lastDay - store.firstDay + 1;
  const size = [1, 2, 7, 14, 28, 91, 182, 365, 730, 3650].find((d) => days / d <= Math.max(30, widthPx / 5)) ?? 36500;
  const bins = Math.max(1, Math.ceil(days / size));
  const change = new Float64Array((days + 1) * types);
  for (let i = 0; i < store.dated; i++) {
    if (!mask[i]) continue;
    const share = 1 / (store.end[i] - store.start[i] + 1);
    change[(store.start[i] - store.firstDay) * types + store.type[i]] += share;
    change[(store.end[i] + 1 - store.firstDay) * types + store.type[i]] -= share;
  }
  const values = new Float64Array(bins * types);
  const running = new Float64Array(types);
  for (let day = 0; day < days; day++) {
    const bin = Math.floor(day / size) * types;
    for (let t = 0; t < types; t++) values[bin + t] += running[t] += change[day * types + t];
  }
  let top = 0;
  for (let bin = 0; bin < bins; bin++) {
    let sum = 0;
    for (let t = 0; t < types; t++) sum += values[bin * types + t];
    top = Math.max(top, sum);
  }
  return { size, first: store.firstDay, bins, values, top };
}
