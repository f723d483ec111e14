"""What a user has set on a `folium.Map`, as plain data that both hosts of the map understand."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

from geo.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import folium

TILE_URL = re.compile(r"https?://[^\s'\"<>;,]+\Z")
STYLES = frozenset(
    [
        *("color", "weight", "opacity", "stroke", "dashArray", "lineCap", "lineJoin"),
        *("fill", "fillColor", "fillOpacity", "fillRule", "radius"),
    ]
)
SHAPES = {
    "CircleMarker": "Point",
    "Circle": "Point",
    "Marker": "Point",
    "PolyLine": "LineString",
    "Polygon": "Polygon",
    "Rectangle": "Polygon",
}
"""folium's vector layers that are drawn, and the geometry that each becomes."""


def frame(drawn: folium.Map) -> dict[str, Any]:
    """Centre, zoom, bounds, tiles and overlays of a folium map, ready for JSON.

    Keys: `center` (lat, lon) and `zoom`, or `fit` ((south, west), (north, east)); `minZoom`, `maxZoom`; `tiles` (url,
    name, attribution, options, show); `overlays` (name, data as GeoJSON, styles and tips by feature, show).

    Raises:
        OutputError: the map holds something that cannot be drawn without a network or with another projection.
    """
    if drawn.crs != "EPSG3857":
        raise OutputError(f"{drawn.crs}: the map is drawn in Web Mercator only; make it without crs=")
    found: dict[str, Any] = {"tiles": [], "overlays": []}
    if not getattr(drawn, "fitted", False):
        found |= {"center": list(drawn.location), "zoom": drawn.options.get("zoom", 4)}
    options = camel(drawn.options)
    found |= {name: options[name] for name in ("minZoom", "maxZoom") if options.get(name) is not None}
    read_children(drawn, found)
    return found


def read_children(parent: Any, found: dict[str, Any]) -> None:  # noqa: ANN401  # folium publishes no types
    """Add each child of a map or a group to what was found."""
    for child in parent._children.values():  # noqa: SLF001  # folium has no public way to its children
        kind = type(child).__name__
        if kind not in READERS:
            raise OutputError(
                f"{kind}: cannot be drawn on this map; it takes TileLayer, GeoJson, FeatureGroup, FitBounds and "
                f"{', '.join(SHAPES)}"
            )
        READERS[kind](child, found)


def read_tiles(layer: Any, found: dict[str, Any]) -> None:  # noqa: ANN401
    """A tile layer: its address must be one that the page may ask."""
    if not TILE_URL.match(layer.tiles):
        raise OutputError(f"{layer.tiles[:80]}: not the address of map tiles; it begins with http:// or https://")
    known = ("minZoom", "maxZoom", "maxNativeZoom", "subdomains", "tms", "opacity", "noWrap", "detectRetina")
    options = {name: value for name, value in camel(layer.options).items() if name in known and value is not None}
    found["tiles"].append(
        {
            "url": layer.tiles,
            "name": str(layer.layer_name or layer.tile_name),
            "attribution": without_markup(str(layer.options.get("attribution") or "")),
            "options": options,
            "show": bool(layer.show),
        }
    )


def camel(options: Mapping[str, Any]) -> dict[str, Any]:
    """Option names as Leaflet spells them: folium has spelt them both ways."""
    return {re.sub("_([a-z])", lambda match: match[1].upper(), name): value for name, value in options.items()}


def without_markup(text: str) -> str:
    """An attribution's words: folium's own ones are links."""
    return html.unescape(re.sub(r"<[^<>]*>", "", text))


def read_geojson(layer: Any, found: dict[str, Any]) -> None:  # noqa: ANN401
    """A GeoJson overlay, its style worked out for every feature."""
    features = layer.data.get("features", [])
    shapes = [
        {"type": "Feature", "properties": {}, "geometry": feature.get("geometry"), "im": row}
        for row, feature in enumerate(features)
    ]
    found["overlays"].append(
        {
            "name": str(layer.layer_name or ""),
            "data": {"type": "FeatureCollection", "features": shapes},
            "styles": [style_of(layer.style_function, feature) for feature in features],
            "tips": [tip_of(layer, feature) for feature in features],
            "show": bool(layer.show),
        }
    )


def style_of(
    style: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None, feature: Mapping[str, Any]
) -> dict[str, Any]:
    """A feature's style: what Leaflet knows of it, as text and numbers."""
    asked = dict(style(feature)) if callable(style) else {}
    return {name: value for name, value in asked.items() if name in STYLES and isinstance(value, (str, int, float))}


def tip_of(layer: Any, feature: Mapping[str, Any]) -> str:  # noqa: ANN401
    """The text of the layer's tooltip for a feature."""
    tips = [child for child in layer._children.values() if type(child).__name__ in ("GeoJsonTooltip", "Tooltip")]  # noqa: SLF001
    if not tips:
        return ""
    if hasattr(tips[0], "fields"):
        properties = feature.get("properties") or {}
        return "\n".join(str(properties.get(name, "")) for name in tips[0].fields)
    return str(getattr(tips[0], "text", ""))


def read_shape(layer: Any, found: dict[str, Any]) -> None:  # noqa: ANN401
    """A marker, circle, line or area of folium's, as an overlay of one feature."""
    kind = SHAPES[type(layer).__name__]
    geometry = {
        "type": kind,
        "coordinates": coordinates(kind, layer.locations if hasattr(layer, "locations") else layer.location),
    }
    options = {name: value for name, value in camel(layer.options).items() if name in STYLES}
    feature = {"type": "Feature", "properties": {}, "geometry": geometry, "im": 0}
    found["overlays"].append(
        {
            "name": str(getattr(layer, "layer_name", "") or type(layer).__name__),
            "data": {"type": "FeatureCollection", "features": [feature]},
            "styles": [style_of(lambda _: options, feature)],
            "tips": [tip_of(layer, feature)],
            "show": True,
        }
    )


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
    "FeatureGroup": read_children,
    "FitBounds": read_bounds,
    "LayerControl": ignore,
    **dict.fromkeys(SHAPES, read_shape),
}


def tile_origins(found: Mapping[str, Any]) -> Iterable[str]:
    """The hosts that the page asks for tiles, as a content security policy names them."""
    for tile in found["tiles"]:
        scheme, host = re.match(r"(https?://)([^/?#]+)", tile["url"]).groups()  # type: ignore[union-attr]  # see TILE_URL
        yield scheme + re.sub(r"^[^.]*\{[^}]*\}[^.]*\.", "*.", host)
