// The host within Streamlit: data and frame come once, then only what the user or the script changes.

import "../vendor/leaflet.js";

import { unpack } from "./data.js";
import { el } from "./dom.js";
import { mount } from "./map.js";

const STYLES = ["../vendor/leaflet.css", "../map.css", "../host.css"];
const mounted = new WeakMap();
const kept = { payloads: new Map(), frames: new Map() }; // by version: what the script need not send again
const MOST_KEPT = 2;
const scripts = new Map(); // by name: the promise that it has run

/** Streamlit calls this for every run of the script, with what `geo.component.incident_map` sends. */
export default function incidentMap({ data, parentElement, setStateValue }) {
  let here = mounted.get(parentElement);
  if (!here) {
    const root = el("div", { class: "im-host" });
    here = { root, told: {}, styled: style(parentElement), work: Promise.resolve() };
    parentElement.append(root);
    mounted.set(parentElement, here);
  }
  here.tell = (name, value) => {
    const text = JSON.stringify(value);
    if (here.told[name] === text) return;
    here.told[name] = text;
    setStateValue(name, value);
  };
  here.root.style.height = data.height ? `${data.height}px` : "";
  here.work = here.work.then(() => show(here, data, parentElement)).catch((error) => complain(here, error));
  return () => {
    here.map?.destroy();
    here.root.remove();
    mounted.delete(parentElement);
  };
}

/** The style sheets stand in the shadow root, beside the map. */
function style(parent) {
  const links = STYLES.map((path) => el("link", { rel: "stylesheet", href: new URL(path, import.meta.url).href }));
  parent.append(...links);
  return Promise.all(links.map((one) => new Promise((done) => ["load", "error"].forEach((event) => one.addEventListener(event, done)))));
}

async function show(here, data, parent) {
  await here.styled;
  if (data.payload && !kept.payloads.has(data.version)) keep(kept.payloads, data.version, await unpack(data.payload));
  if (data.frame) keep(kept.frames, data.framed, data.frame);
  const payload = kept.payloads.get(data.version);
  const frame = kept.frames.get(data.framed);
  if (!payload || !frame) return here.tell("have", {}); // the script sends both to whoever has none
  const dark = isDark(parent);
  const same = here.version === data.version;
  if (same && here.framed === data.framed && here.pick === data.pick) update(here, data, dark);
  else {
    const view = { ...(same ? here.map.view() : {}), ...data.view };
    here.map?.destroy();
    here.map = mount(here.root, payload, {
      frame, view, dark, pick: data.pick, picked: data.picked, load,
      onView: (now) => here.tell("view", now), onPick: (at) => here.tell("picked", at),
    });
    Object.assign(here, { version: data.version, framed: data.framed, pick: data.pick });
  }
  here.asked = JSON.stringify(data.view);
  here.tell("have", { version: data.version, framed: data.framed });
}

/** The same map: another theme, or another view that the script asks for. */
function update(here, data, dark) {
  if (dark !== here.map.hostDark) {
    here.map.hostDark = dark;
    here.map.applyTheme(true);
  }
  if (here.asked !== JSON.stringify(data.view)) here.map.setView(data.view);
}

/** Brings a script of the vendor folder into the page, once. */
function load(name) {
  if (!scripts.has(name)) scripts.set(name, new Promise((done, fail) => {
    const src = new URL(`../vendor/${name}`, import.meta.url).href;
    document.head.append(el("script", { src, on: { load: done, error: () => fail(new Error(`${name} could not be loaded`)) } }));
  }));
  return scripts.get(name);
}

/** Keeps the latest few. */
function keep(store, version, value) {
  store.delete(version);
  store.set(version, value);
  if (store.size > MOST_KEPT) store.delete(store.keys().next().value);
}

function complain(here, error) {
  here.root.textContent = `The map could not be drawn: ${error.message}`;
  console.error(error);
}

/** Whether Streamlit's theme is dark, by its background. */
function isDark(element) {
  const colour = getComputedStyle(element instanceof ShadowRoot ? element.host : element).getPropertyValue("--st-background-color").trim();
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(colour);
  if (!match) return null;
  const [r, g, b] = match.slice(1).map((part) => parseInt(part, 16));
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
}
