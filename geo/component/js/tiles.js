// Tiles that the frame brings: pictures by x, y and zoom, or one PMTiles file, which is read piece by piece.

const VECTOR = 1; // a PMTiles file's kind of tile

/**
 * A Leaflet layer for a row of the frame's `tiles`.
 * `load(name)` brings a script of the vendor folder where the page does not hold it; `dark` says which colours vector tiles take;
 * `onFault(message)` is told what cannot be loaded.
 */
export function tileLayer(tile, { load, dark, onFault }) {
  const L = globalThis.L;
  const options = { ...tile.options, attribution: undefined };
  if (tile.kind !== "pmtiles") {
    const layer = L.tileLayer(tile.url, options);
    layer.once("tileerror", () => onFault(`${tile.name || "Tiles"}: some tiles could not be loaded`));
    return layer;
  }
  const group = L.layerGroup();
  group.once("add", () => fill(group, tile, options, load, dark).catch((error) => onFault(`${tile.name || "Tiles"}: could not be loaded (${error.message})`)));
  return group;
}

async function fill(group, tile, options, load, dark) {
  await load("pmtiles.js");
  const archive = new globalThis.pmtiles.PMTiles(tile.url);
  const { tileType, maxZoom } = await archive.getHeader();
  if (tileType !== VECTOR) return group.addLayer(globalThis.pmtiles.leafletRasterLayer(archive, { ...options, maxNativeZoom: maxZoom }));
  await load("protomaps-leaflet.js");
  return group.addLayer(globalThis.protomapsL.leafletLayer({ url: tile.url, flavor: dark ? "dark" : "light", lang: "en", ...options, maxDataZoom: maxZoom }));
}
