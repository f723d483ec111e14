// The note on method: what was counted, how places and dates were got, whose data it is.

import { el, said } from "./dom.js";
import { facetName, number } from "./words.js";

const MOST = 25; // sources named
const DISCLAIMER = "Borders and names on this map imply no opinion on the status of any territory.";

export function note(store) {
  const { payload } = store;
  const located = store.mark.filter((m) => m >= 0).length;
  const reports = new Set((store.columns.tellers ?? []).map(([report]) => report)).size;
  return el("details", { class: "im-method" },
    el("summary", {}, "About this map"),
    el("p", {}, `${number(store.n)} incidents told by ${number(reports)} reports: ${number(located)} with a place, ${number(store.n - located)} without; ${number(store.dated)} with a date, ${number(store.n - store.dated)} without.`),
    store.n ? el("p", {}, "By precision of place: ", said("span", tally(store, "geo_precision")), ".") : null,
    store.n ? el("p", {}, "By status: ", said("span", tally(store, "status")), ". “machine” means read by a program and checked by no one; what was rejected is left out unless one asks for it.") : null,
    reports ? el("p", {}, "Sources: ", said("span", tally(store, "publisher")), ".") : null,
    el("p", {}, "An incident is shown in every window that its interval touches, or with “certainly inside” where all of it lies within. One circle stands for one place; a circle without a filled centre, a hatched area, a line or a label means that the place is known no better than that."),
    el("p", {}, payload.gazetteer ? said("span", `Gazetteer ${payload.gazetteer}. `) : null, payload.made ? `Made on ${payload.made}. ` : null,
      "Base map: Natural Earth (public domain). Place names: GeoNames (CC BY 4.0). ", DISCLAIMER),
  );
}

/** Each value of a facet with its count, the most frequent ones; a name's direction ends with it. */
function tally(store, key) {
  const facet = store.facet(key);
  const counts = new Uint32Array(facet.values.length);
  for (const code of facet.codes) counts[code]++;
  const named = facet.values.slice(0, MOST).map((value, v) => `\u2068${facetName(store, key, value)}\u2069 ${number(counts[v])}`).join(", ");
  return facet.values.length > MOST ? `${named}, and ${number(facet.values.length - MOST)} more` : named;
}
