// What is said of an incident, in words: when, where, what, how many.

import { isoOf, sayDays } from "./data.js";

const FACETS = {
  event_type: "Event type",
  sub_event_type: "Sub-event type",
  country: "Country and province",
  geo_precision: "Precision of place",
  status: "Status",
  publisher: "Source",
  actors: "Actor",
};
const PRECISIONS = {
  site: "exact site",
  settlement: "town or village",
  near: "near a place",
  admin2: "district",
  admin1: "province",
  region: "region",
  border: "border",
  country: "country only",
  sea: "at sea",
};

export const number = (count) => count.toLocaleString("en");
export const facetTitle = (key) => FACETS[key] ?? key;
export const precisionName = (value) => PRECISIONS[value] ?? value;

/** The name of a value of a facet, as a reader wants it. */
export function facetName(store, key, value) {
  if (key === "geo_precision" && value === store.payload.nothing) return "no place";
  if (key === "country") return store.countryName(value);
  return key === "geo_precision" ? precisionName(value) : value;
}

/** When it happened, as the report lets one say. */
export function when(store, i) {
  if (i >= store.dated) return "date unknown";
  const time = store.text("time", i);
  return sayDays(store.start[i], store.end[i]) + (time ? `, ${time}` : "");
}

/** The same, short, in one or two lines. */
export function shortDays(store, i) {
  if (i >= store.dated) return ["no date"];
  const [start, end] = [store.start[i], store.end[i]];
  if (start === end) return [isoOf(start)];
  const text = sayDays(start, end);
  return text.length <= 14 ? [text] : [`${isoOf(start)} –`, isoOf(end)];
}

export const where = (store, i) => store.text("place", i) || store.text("place_text", i) || "place unknown";
export const what = (store, i) => store.text("sub_event_type", i) || store.types[store.type[i]].name;

/** "4", "4–6", "at least 4", or null where nothing was said. */
export function counted(store, what, i) {
  return range(store.count(`${what}_min`, i), store.count(`${what}_max`, i));
}

export function range(low, high) {
  low ??= null;
  high ??= null;
  if ((low ?? 0) === 0 && high === null) return null;
  if (high === null) return `at least ${number(low)}`;
  if (low === null) return `up to ${number(high)}`;
  return low === high ? number(low) : `${number(low)}–${number(high)}`;
}

/** How well the place is known: "province, within about 287 km". */
export function placeIs(store, i) {
  if (store.mark[i] < 0) return "not located";
  const radius = store.marks.radius[store.mark[i]];
  return precisionName(store.text("geo_precision", i)) + (radius >= 1000 ? `, within about ${number(Math.round(radius / 1000))} km` : "");
}
