// The host of the static file: data and frame stand in the page as inert JSON.

import { unpack } from "./data.js";
import { mount } from "./map.js";
import { OPEN_STATE } from "./view.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);

/** Draws the page's map; what goes wrong is said where the map would be. */
export async function start() {
  const root = document.getElementById("incident-map");
  try {
    const payload = await unpack(read("incident-data"));
    const map = mount(root, payload, { frame: read("incident-frame"), view: readHash(), onView: writeHash });
    addEventListener("hashchange", () => map.setView({ ...OPEN_STATE, start: "", end: "", area: [], ...readHash() })); // a link within an article
  } catch (error) {
    root.textContent = `The map could not be drawn: ${error.message}`;
    throw error;
  }
}

/** The view in the address, so that a link restores it. */
function readHash() {
  try {
    return { ...JSON.parse(decodeURIComponent(location.hash.slice(1)) || "{}") };
  } catch {
    return {};
  }
}

function writeHash(view) {
  const told = Object.fromEntries(Object.entries(view).filter(([name, value]) => name !== "shown" && worth(value)));
  try {
    history.replaceState(null, "", `#${encodeURIComponent(JSON.stringify(told))}`);
  } catch {
    // a page inside a frame of its own has no address to write to
  }
}

const worth = (value) => value && value !== "auto" && (typeof value !== "object" || Object.values(value).some((v) => v && v.length !== 0));

start();
