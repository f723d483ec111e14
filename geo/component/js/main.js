// The host within Streamlit: data comes once, then only what the user or the script changes.

import "../vendor/leaflet.js";

import { unpack } from "./data.js";
import { el } from "./dom.js";
import { mount } from "./map.js";

const STYLES = ["../vendor/leaflet.css", "../map.css"];
const mounted = new WeakMap();

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
  here.root.style.height = `${data.height}px`;
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
  const dark = isDark(parent);
  if (here.version === data.version) {
    if (dark !== here.map.hostDark) {
      here.map.hostDark = dark;
      here.map.applyTheme(true);
    }
    if (here.asked !== JSON.stringify(data.view)) here.map.setView(data.view);
  } else if (data.payload) {
    const payload = await unpack(data.payload);
    const view = { ...here.map?.view(), ...data.view };
    here.map?.destroy();
    here.map = mount(here.root, payload, { frame: data.frame, view, dark, onView: (now) => here.tell("view", now) });
    here.version = data.version;
  }
  here.asked = JSON.stringify(data.view);
  here.tell("have", here.version ?? null); // the script sends the data to whoever has another version
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
