// Everything known of one incident: each sentence that tells of it, what each report counts, and why it stands where it does.

import { button, el, link, said, swatch } from "./dom.js";
import { counted, number, placeIs, range, what, when, where } from "./words.js";

const CLAIMS = ["event", "place", "date", "count"]; // as in payload.py
const GROUPS = { place: "Place", time: "Date", type: "What happened", confidence: "Confidence", merge: "Told as one", other: "Other" };
const LIKELY = 0.005; // a place less likely than that is not named
const FULL = 2; // of a number's sign: bars reach this far at most

/** The article on an incident; `onRival(n)` when a reader asks where the n-th other place is. */
export function evidence(store, i, { onRival }) {
  const many = store.count("event_count", i);
  return el("article", { class: "im-evidence" },
    el("h2", { class: "im-headline" }, swatch(store.types[store.type[i]], 16), said("span", what(store, i)), many ? ` × ${many} (told as one)` : ""),
    el("p", { class: "im-when" }, said("span", when(store, i)), " · ", said("span", where(store, i))),
    facts(store, i),
    ...tellings(store, i),
    why(store, i, onRival),
  );
}

function facts(store, i) {
  const confidence = store.confidence(i);
  const rows = [
    ["Type", store.texts[store.columns.type?.[i] ?? 0]],
    ["Country", store.list("country", i).map((code) => store.countryName(code)).join(", ")],
    ["Province", store.text("admin1", i)],
    ["Place is", placeIs(store, i)],
    ["Date is", i < store.dated ? dateIs(store, i) : ""],
    ["By", store.list("actors", i).join(", ")],
    ["Against", store.list("targets", i).join(", ")],
    ["With", store.list("weapons", i).join(", ")],
    ["Killed", counted(store, "fatalities", i) ?? "not said"],
    ["Injured", counted(store, "injured", i)],
    ["Confidence", confidence === null ? "" : confidence.toFixed(2)],
    ["Status", store.text("status", i)],
  ].filter(([, value]) => value);
  return el("dl", { class: "im-facts" }, ...rows.flatMap(([name, value]) => [el("dt", {}, name), said("dd", value)]));
}

function dateIs(store, i) {
  const days = store.end[i] - store.start[i] + 1;
  const precision = store.text("date_precision", i);
  return days === 1 ? "one day" : `${precision && precision !== "days" ? `known to the ${precision}` : "an interval"}, ${number(days)} days`;
}

// --- who told it ---------------------------------------------------------------------------------------------------

/** One figure a report, with every sentence of it that tells. */
function tellings(store, i) {
  const reports = new Map();
  for (const source of store.sources(i)) {
    const key = JSON.stringify([source.report, source.publisher, source.url, source.published]);
    if (!reports.has(key)) reports.set(key, { ...source, quotes: [] });
    if (source.evidence) reports.get(key).quotes.push(source);
  }
  if (!reports.size) return [el("p", { class: "im-note" }, "No source text came with this incident.")];
  const told = [...reports.values()].map((source) =>
    el("figure", { class: "im-telling" },
      el("figcaption", {}, ...teller(source)),
      ...once(source.quotes).map((quote) => quoted(quote)),
      countsOf(source.quotes),
    ),
  );
  return [el("p", { class: "im-note" }, `Told by ${reports.size === 1 ? "one report" : `${number(reports.size)} reports`}`), ...told];
}

/** Each sentence once, with the marks of all that it tells; what follows one is not repeated before the next. */
function once(quotes) {
  const kept = new Map();
  for (const quote of quotes) {
    const same = kept.get(quote.evidence);
    if (same) same.marked = [...same.marked, ...quote.marked];
    else kept.set(quote.evidence, { ...quote });
  }
  const list = [...kept.values()];
  list.forEach((quote, k) => {
    const next = list[k + 1];
    const at = next ? quote.after.indexOf(next.evidence.slice(0, 60)) : -1;
    if (at < 0) return;
    quote.after = quote.after.slice(0, at);
    next.before = "";
  });
  return list;
}

/** A sentence in what stands round it, with the words marked that say what happened, where, when and how many. */
export function quoted({ evidence, marked, before = "", after = "" }) {
  return el("blockquote", { dir: "auto" },
    before.trim() ? el("span", { class: "im-context" }, `${before.trim()} `) : null,
    el("span", { class: before || after ? "im-sentence" : null }, ...parts(evidence, marked)),
    after.trim() ? el("span", { class: "im-context" }, ` ${after.trim()}`) : null,
  );
}

function parts(evidence, marked) {
  const characters = marked.length ? [...evidence] : null; // offsets count code points
  const found = [];
  for (let k = 0; k < marked.length; k += 3) found.push(marked.slice(k, k + 3));
  const texts = [];
  let at = 0;
  for (const [kind, start, end] of found.sort((a, b) => a[1] - b[1])) {
    if (start < at) continue;
    texts.push(characters.slice(at, start).join(""), el("mark", { class: `im-said im-said-${CLAIMS[kind]}`, title: `says the ${CLAIMS[kind]}` }, characters.slice(start, end).join("")));
    at = end;
  }
  texts.push(characters ? characters.slice(at).join("") : evidence);
  return texts.filter((text) => text !== "");
}

/** What the sentences of one report count: "killed 12, injured at least 7". */
function countsOf(quotes) {
  const rows = ["killed", "injured"].map((name, k) => [name, [...new Set(quotes.map(({ counts }) => range(counts[2 * k], counts[2 * k + 1]) ?? none(counts[2 * k])).filter(Boolean))]]);
  const told = rows.filter(([, said]) => said.length).map(([name, said]) => `${name}: ${said.join("; ")}`);
  return told.length ? el("p", { class: "im-counts" }, `This report says ${told.join(" · ")}`) : null;
}

const none = (low) => (low === 0 ? "none" : null);

function teller(source) {
  const name = source.publisher || source.report;
  const by = [source.url ? link(name || source.url, source.url) : said("cite", name)];
  if (source.publisher && source.report && source.report !== source.publisher) by.push(" · ", said("span", source.report));
  if (source.published) by.push(" · ", said("span", source.published));
  return by;
}

// --- why here ------------------------------------------------------------------------------------------------------

function why(store, i, onRival) {
  const groups = grouped(store.lines("reasons", i), store.payload.reasons ?? {});
  const rivals = store.alternatives(i);
  if (!groups.size && !rivals.length) return null;
  const shown = ["place", "time", "type", "confidence", "merge", "other"].filter((name) => groups.has(name));
  return el("div", { class: "im-why" },
    rivals.length ? el("p", {}, "Or elsewhere, “?” on the map:") : null,
    rivals.length ? el("ol", { class: "im-rivals" }, ...rivals.map((rival, n) => rivalRow(rival, n, onRival))) : null,
    shown.length ? el("details", {}, el("summary", {}, "Why here?"), ...shown.map((name) => reasonTable(GROUPS[name], groups.get(name)))) : null,
  );
}

function rivalRow({ text, lat, share }, n, onRival) {
  const chance = share === null ? "" : share < LIKELY ? " · unlikely" : ` · ${Math.round(100 * share)} %`;
  return el("li", {}, lat === null ? said("span", text) : button("", () => onRival(n), { class: "im-rival", "aria-label": `Show ${text} on the map` }, said("span", text)), chance);
}

/** "place.base: 1", "merge.2.score: 3" → the group, and what its names mean, with their values. */
function grouped(lines, meanings) {
  const groups = new Map();
  for (const line of lines) {
    const [, group, name, value] = /^(\w+)\.([^:]*): ([\s\S]*)$/.exec(line) ?? [null, "other", "", line];
    if (!groups.has(group)) groups.set(group, []);
    const [, telling, feature] = /^(?:(\d+)\.)?(.*)$/s.exec(name);
    const words = meanings[`${group}.${feature}`] ?? feature.replaceAll("_", " ");
    groups.get(group).push([telling ? `telling ${telling}: ${words}` : words, meanings[`how.${value}`] ?? value]);
  }
  return groups;
}

/** Reasons as a table: numbers with a bar to the right where they speak for it, to the left where against. */
function reasonTable(title, rows) {
  const told = rows.filter(([, value]) => value !== "0");
  if (!told.length) return null;
  const cells = ([name, value]) => el("tr", {}, said("th", name, { scope: "row" }), said("td", value), el("td", { class: "im-bar", "aria-hidden": "true" }, bar(Number(value))));
  return el("table", { class: "im-reasons" }, el("caption", {}, title), el("tbody", {}, ...told.map(cells)));
}

function bar(value) {
  if (!Number.isFinite(value)) return null;
  const width = Math.min(1, Math.abs(value) / FULL) * 50;
  const NS = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(NS, "svg");
  for (const [k, v] of Object.entries({ viewBox: "0 0 100 10", width: 60, height: 8, preserveAspectRatio: "none" })) svg.setAttribute(k, v);
  const rect = document.createElementNS(NS, "rect");
  for (const [k, v] of Object.entries({ x: value < 0 ? 50 - width : 50, y: 1, width, height: 8, class: value < 0 ? "im-against" : "im-for" })) rect.setAttribute(k, v);
  svg.append(rect);
  return svg;
}
