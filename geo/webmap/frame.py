"""What a user has set on a `folium.Map`, as plain data that both hosts of the map understand.

Whatever neither host can show is an error that names it: nothing that was asked for is left out in silence.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from geo.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import folium

TILE_URL = re.compile(r"https?://[^\s'\"<>;,]+\Z")
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})?", re.IGNORECASE)
TILE_OPTIONS = ("minZoom", "maxZoom", "maxNativeZoom", "subdomains", "tms", "opacity", "noWrap", "detectRetina")
MAP_OPTIONS = frozenset(["zoom", "minZoom", "maxZoom", "zoomControl", "preferCanvas"])
STYLES = frozenset(
    [
        *("color", "weight", "opacity", "stroke", "dashArray", "lineCap", "lineJoin"),
        *("fill", "fillColor", "fillOpacity", "fillRule", "radius"),
    ]
)
SHAPES = {
    "CircleMarker": "Point",
    "Circle": "Polygon",
    "Marker": "Point",
    "PolyLine": "LineString",
    "Polygon": "Polygon",
    "Rectangle": "Polygon",
}
"""folium's vector layers that are drawn, and the geometry that each becomes."""
TIPS = ("Tooltip", "GeoJsonTooltip")
CIRCLE_CORNERS = 72
UNNAMED = "macro_element_"
"""How folium begins the name of a layer that has none."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """The origins that a page asks: for pictures, and for data (the files of PMTiles)."""

    images: tuple[str, ...] = ()
    data: tuple[str, ...] = ()


def frame(drawn: folium.Map) -> dict[str, Any]:
    """Centre, zoom, bounds, tiles and overlays of a folium map, ready for JSON.

    Keys: `center` (lat, lon) and `zoom`, or `fit` ((south, west), (north, east)); `minZoom`, `maxZoom`; `tiles` (url,
    kind: xyz or pmtiles, name, attribution, options, show); `overlays` (name, data as GeoJSON whose features bear their
    row as `im`, styles and tips by row, show).

    Raises:
        OutputError: the map holds something that cannot be drawn without a network or with another projection.
    """
    options = camel(drawn.options)
    refuse_settings(drawn, options)
    found: dict[str, Any] = {"tiles": [], "overlays": []}
    if not getattr(drawn, "fitted", False):
        found |= {"center": [float(degrees) for degrees in drawn.location], "zoom": options.get("zoom", 4)}
    found |= {name: options[name] for name in ("minZoom", "maxZoom") if options.get(name) is not None}
    read_children(drawn, found)
    return found


def refuse_settings(drawn: folium.Map, options: Mapping[str, Any]) -> None:
    """Say what is set on the map itself that neither host can show."""
    if drawn.crs != "EPSG3857":
        raise OutputError(f"{drawn.crs}: the map is drawn in Web Mercator only; make it without crs=")
    strange = sorted(name for name, value in options.items() if name not in MAP_OPTIONS and value is not None)
    if strange:
        raise OutputError(f"{strange[0]}: no option of this map; it takes zoom, min_zoom, max_zoom and fit_bounds")
    root = drawn.get_root()
    parts = [getattr(root, name, None) for name in ("header", "html", "script")]
    added = [name for part in parts if part is not None for name in part._children if name != "meta_http"]  # noqa: SLF001  # folium has no public way to its children
    if added:
        raise OutputError(f"{added[0]}: markup or script of one's own cannot be drawn; add layers to the map instead")


def read_children(parent: Any, found: dict[str, Any]) -> None:  # noqa: ANN401  # folium publishes no types
    """Add each child of a map or a group to what was found."""
    for child in parent._children.values():  # noqa: SLF001
        kind = type(child).__name__
        if kind not in READERS:
            raise OutputError(
                f"{kind}: cannot be drawn on this map; it takes TileLayer, GeoJson, FeatureGroup, FitBounds and "
                f"{', '.join(SHAPES)}"
            )
        READERS[kind](child, found)


def read_group(layer: Any, found: dict[str, Any]) -> None:  # noqa: ANN401
    """A group's shapes are one overlay, shown or not as the group is."""
    inside: dict[str, Any] = {"tiles": [], "overlays": []}
    read_children(layer, inside)
    found["tiles"] += [{**tile, "show": tile["show"] and bool(layer.show)} for tile in inside["tiles"]]
    if inside["overlays"]:
        features = [feature for one in inside["overlays"] for feature in one["data"]["features"]]
        styles = [style for one in inside["overlays"] for style in one["styles"]]
        tips = [tip for one in inside["overlays"] for tip in one["tips"]]
        found["overlays"].append(overlay(name_of(layer), features, styles, tips, show=bool(layer.show)))


def overlay(
    name: str, features: Sequence[Mapping[str, Any]], styles: Sequence[Any], tips: Sequence[str], *, show: bool
) -> dict[str, Any]:
    """An overlay as the map's JavaScript takes it: shapes alone, and their rows."""
    shapes: list[dict[str, Any]] = [
        {"type": "Feature", "properties": {}, "geometry": feature.get("geometry"), "im": row}
        for row, feature in enumerate(features)
    ]
    data = {"type": "FeatureCollection", "features": shapes}
    return {"name": name, "data": data, "styles": list(styles), "tips": list(tips), "show": show}


def name_of(layer: Any) -> str:  # noqa: ANN401
    """The layer's name where the user gave it one."""
    name = str(getattr(layer, "layer_name", "") or "")
    return "" if name.startswith(UNNAMED) else name


# --- tiles ------------------------------------------------------------------------------------------------------------


def read_tiles(layer: Any, found: dict[str, Any]) -> None:  # noqa: ANN401
    """A tile layer: its address must be one that the page may ask."""
    if not TILE_URL.match(layer.tiles):
        raise OutputError(f"{layer.tiles[:80]}: not the address of map tiles; it begins with http:// or https://")
    options = {name: value for name, value in camel(layer.options).items() if name in TILE_OPTIONS}
    tile = {
        "url": layer.tiles,
        "kind": "pmtiles" if is_pmtiles(layer.tiles) else "xyz",
        "name": name_of(layer) or layer.tile_name,
        "attribution": without_markup(str(layer.options.get("attribution") or "")),
        "options": {name: value for name, value in options.items() if value is not None},
        "show": bool(layer.show),
    }
    list(origins(tile))  # raises where a policy could not name its hosts
    found["tiles"].append(tile)


def is_pmtiles(url: str) -> bool:
    """Whether an address is that of a PMTiles file."""
    return urlsplit(url).path.lower().endswith(".pmtiles")


def camel(options: Mapping[str, Any]) -> dict[str, Any]:
    """Option names as Leaflet spells them: folium has spelt them both ways."""
    return {re.sub("_([a-z])", lambda match: match[1].upper(), name): value for name, value in options.items()}


def without_markup(text: str) -> str:
    """An attribution's words: folium's own ones are links."""
    return html.unescape(re.sub(r"<[^<>]*>", "", text))


def hosts(found: Mapping[str, Any]) -> Hosts:
    """The origins that the page asks for a frame's tiles, as a content security policy names them."""
    asked: dict[str, set[str]] = {"xyz": set(), "pmtiles": set()}
    for tile in found["tiles"]:
        asked[tile["kind"]].update(origins(tile))
    return Hosts(images=tuple(sorted(asked["xyz"])), data=tuple(sorted(asked["pmtiles"])))


def origins(tile: Mapping[str, Any]) -> Iterable[str]:
    """Each origin of a tile layer, one for each of its subdomains."""
    scheme, rest = tile["url"].split("://", 1)
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    names = tile["options"].get("subdomains", "abc") if "{s}" in host else [""]
    for name in names:
        one = host.replace("{s}", str(name))
        if not HOST.fullmatch(one):
            raise OutputError(f"{tile['url'][:80]}: has no host that can be asked; write it out, with {{s}} at most")
        yield f"{scheme}://{one}"


# --- shapes -----------------------------------------------------------------------------------------------------------


def read_geojson(layer: Any, found: dict[str, Any]) -> None:  # noqa: ANN401
    """A GeoJson overlay, its style worked out for every feature."""
    extras = ("embed_link", "highlight", "marker", "on_each_feature", "zoom_on_click")
    for name in extras:
        if getattr(layer, name, None):
            raise OutputError(f"GeoJson with {name}: cannot be drawn on this map; it takes style_function and tooltip")
    refuse_children(layer)
    features = features_of(layer.data)
    style = getattr(layer, "style_function", None)
    styles, tips = [style_of(style, one) for one in features], [tip_of(layer, one) for one in features]
    found["overlays"].append(overlay(name_of(layer), features, styles, tips, show=bool(layer.show)))


def features_of(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The features of any GeoJSON."""
    if data.get("type") == "FeatureCollection":
        return list(data["features"])
    return [data if data.get("type") == "Feature" else {"type": "Feature", "properties": {}, "geometry": data}]


def refuse_children(layer: Any) -> None:  # noqa: ANN401
    """Say what hangs on a layer that neither host can show."""
    for child in layer._children.values():  # noqa: SLF001
        kind = type(child).__name__
        if kind not in TIPS:
            raise OutputError(f"{kind} of a {type(layer).__name__}: cannot be drawn on this map; use tooltip=")


def style_of(
    style: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None, feature: Mapping[str, Any]
) -> dict[str, Any]:
    """A feature's style: what Leaflet knows of it, as text and numbers."""
    asked = dict(style(feature)) if callable(style) else {}
    return {name: value for name, value in asked.items() if name in STYLES and isinstance(value, (str, int, float))}


def tip_of(layer: Any, feature: Mapping[str, Any]) -> str:  # noqa: ANN401
    """The text of the layer's tooltip for a feature."""
    tips = [child for child in layer._children.values() if type(child).__name__ in TIPS]  # noqa: SLF001
    if not tips:
        return ""
    if hasattr(tips[0], "fields"):
        properties = feature.get("properties") or {}
        return "\n".join(str(properties.get(name, "")) for name in tips[0].fields)
    return str(getattr(tips[0], "text", ""))


def read_shape(layer: Any, found: dict[str, Any]) -> None:  # noqa: ANN401
    """A marker, circle, line or area of folium's, as an overlay of one feature."""
    refuse_children(layer)
    options = camel(layer.options)
    if type(layer).__name__ == "Circle":
        geometry = {"type": "Polygon", "coordinates": [around(layer.location, float(options.pop("radius")))]}
    else:
        kind = SHAPES[type(layer).__name__]
        at = layer.locations if hasattr(layer, "locations") else layer.location
        geometry = {"type": kind, "coordinates": coordinates(kind, at)}
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    name = name_of(layer) or type(layer).__name__
    style, tip = style_of(lambda _: options, feature), tip_of(layer, feature)
    found["overlays"].append(overlay(name, [feature], [style], [tip], show=True))


def around(location: Sequence[float], radius_m: float) -> list[list[float]]:
    """A ring of points (lon, lat) so many metres from a point (lat, lon)."""
    import numpy as np  # noqa: PLC0415  # heavy
    from pyproj import Geod  # noqa: PLC0415  # heavy

    lat, lon = (float(degrees) for degrees in location)
    bearing = np.linspace(0, 360, CIRCLE_CORNERS + 1)
    same = np.ones_like(bearing)
    east, north, _ = Geod(ellps="WGS84").fwd(lon * same, lat * same, bearing, radius_m * same)
    near = lon + (np.asarray(east) - lon + 180) % 360 - 180  # a ring across the antimeridian stays whole
    return [[round(x, 6), round(y, 6)] for x, y in zip(near.tolist(), np.asarray(north).tolist(), strict=True)]


def coordinates(kind: str, locations: Any) -> Any:  # noqa: ANN401
    """Lat, lon of folium as lon, lat of GeoJSON."""
    if kind == "Point":
        return [float(locations[1]), float(locations[0])]
    points = [[float(lon), float(lat)] for lat, lon in json.loads(json.dumps(locations))]
    if kind == "LineString":
        return points
    if len(points) == 2:  # noqa: PLR2004  # two corners of a rectangle
        (west, south), (east, north) = points
        points = [[west, south], [east, south], [east, north], [west, north]]
    return [[*points, points[0]]]


def read_bounds(layer: Any, found: dict[str, Any]) -> None:  # noqa: ANN401
    """`fit_bounds`: the view holds these corners."""
    found["fit"] = [[float(number) for number in corner] for corner in layer.bounds]
    for name in ("center", "zoom"):
        found.pop(name, None)


def ignore(layer: Any, found: dict[str, Any]) -> None:  # noqa: ANN401
    """The map has a control of its own for this."""


READERS: dict[str, Callable[[Any, dict[str, Any]], None]] = {
    "TileLayer": read_tiles,
    "GeoJson": read_geojson,
    "FeatureGroup": read_group,
    "FitBounds": read_bounds,
    "LayerControl": ignore,
    **dict.fromkeys(SHAPES, read_shape),
}
