// Which incidents pass the filters. Every one is asked by every filter, so that beside a choice can stand what it would
// leave: what passes all the others.

import { REJECTED } from "./data.js";

const LEASTS = { fatalities: (store, i) => store.count("fatalities_min", i) ?? -1, confidence: (store, i) => store.confidence(i) ?? -1 };

export class Sieve {
  constructor(store) {
    this.store = store;
    this.mask = new Uint8Array(store.n);
    this.misses = new Uint8Array(store.n); // filters that an incident does not pass
    this.missed = new Uint8Array(store.n); // the number of the last of them
    this.keys = [...store.facets.map((facet) => facet.key), "text", ...Object.keys(LEASTS), "area"];
  }

  /** Asks all filters of a state. */
  run(state) {
    const { store, mask, misses } = this;
    misses.fill(0);
    for (const facet of store.facets) this.choose(facet, state.filters[facet.key]);
    const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) this.ask("text", (i) => words.every((word) => store.searchable(i).includes(word)));
    for (const [key, value] of Object.entries(LEASTS)) if (state[key]) this.ask(key, (i) => value(store, i) >= state[key]);
    if (state.area) this.within(state.area);
    for (let i = 0; i < mask.length; i++) mask[i] = misses[i] ? 0 : 1;
    return mask;
  }

  ask(key, passes) {
    const number = this.keys.indexOf(key);
    for (let i = 0; i < this.misses.length; i++) if (!passes(i)) this.miss(i, number);
  }

  miss(i, number) {
    this.misses[i]++;
    this.missed[i] = number;
  }

  /** What was rejected passes only where the choice names it. */
  choose(facet, chosen) {
    const open = !chosen?.length;
    if (open && (facet.key !== "status" || !this.store.rejected)) return;
    const wanted = new Set(chosen);
    const passes = Uint8Array.from(facet.values, (value) => ((open ? value !== REJECTED : wanted.has(value)) ? 1 : 0));
    const number = this.keys.indexOf(facet.key);
    const { offsets, codes } = facet;
    for (let i = 0; i < this.misses.length; i++) {
      let found = 0;
      for (let j = offsets[i]; j < offsets[i + 1]; j++) found |= passes[codes[j]];
      if (!found) this.miss(i, number);
    }
  }

  /** Only what lies within the area; what has no place lies in none. */
  within(area) {
    const { marks, mark } = this.store;
    const inside = Uint8Array.from(marks.lat, (lat, m) => (contains(area, marks.lon[m], lat) ? 1 : 0));
    this.ask("area", (i) => mark[i] >= 0 && inside[mark[i]]);
  }

  /** Whether an incident passes all filters but one. */
  passesBut(key) {
    const number = this.keys.indexOf(key);
    const { misses, missed } = this;
    return (i) => misses[i] === 0 || (misses[i] === 1 && missed[i] === number);
  }
}

/** Whether a point lies in a box (west, south, east, north) or in a shape (lon, lat, lon, lat ...). */
export function contains(area, lon, lat) {
  if (area.length === 4) return lat >= area[1] && lat <= area[3] && lon >= area[0] && lon <= area[2];
  let inside = false;
  for (let i = 0, j = area.length - 2; i < area.length; j = i, i += 2) {
    const [x0, y0, x1, y1] = [area[i], area[i + 1], area[j], area[j + 1]];
    if (y0 > lat !== y1 > lat && lon < ((x1 - x0) * (lat - y0)) / (y1 - y0) + x0) inside = !inside;
  }
  return inside;
}
