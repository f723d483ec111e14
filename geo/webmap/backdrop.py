"""What lies under and over the incidents, as a user asks for it by name, address or file, for both hosts of the map."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium

from geo.errors import InputError
from geo.webmap.frame import TILE_URL, is_pmtiles

if TYPE_CHECKING:
    from collections.abc import Mapping

Dress = Callable[[folium.Map], object]
"""Adds layers to a map, or sets its view."""

MAX_OVERLAY_BYTES = 20_000_000
SIMPLESTYLE = {
    "stroke": "color",
    "stroke-width": "weight",
    "stroke-opacity": "opacity",
    "fill": "fillColor",
    "fill-opacity": "fillOpacity",
    "marker-color": "color",
}
"""Properties of a GeoJSON feature that say how it looks, and what Leaflet calls them."""
SHAPES = frozenset(
    ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"]
)
TIP = "im-tip"
"""The property that holds a feature's tooltip."""
PLACEHOLDERS = ("{z}", "{x}", "{y}")


def undressed(drawn: folium.Map) -> None:
    """Adds nothing."""


@dataclass(frozen=True, slots=True)
class Backdrop:
    """Tiles, overlays and the view that a user asks for.

    `tiles`: names of xyzservices ("OpenStreetMap.Mapnik"), addresses with {z}, {x} and {y}, or of a .pmtiles file;
    `attribution`: whose the tiles of an address are; `overlays`: GeoJSON files; `center`: lat, lon in degrees.
    """

    tiles: tuple[str, ...] = ()
    attribution: str = ""
    overlays: tuple[str, ...] = ()
    center: tuple[float, float] | None = None
    zoom: float | None = None

    def add_to(self, drawn: folium.Map) -> folium.Map:
        """Put all of it on a map.

        Raises:
            InputError: tiles that nobody knows, or a file that is no GeoJSON.
        """
        for wanted in self.tiles:
            tile_layer(wanted, self.attribution).add_to(drawn)
        for path in self.overlays:
            overlay(Path(path)).add_to(drawn)
        if self.center is not None:
            drawn.location = list(self.center)
            drawn.options["zoom"] = DEFAULT_ZOOM if self.zoom is None else self.zoom
        return drawn

    def to_json(self) -> str:
        """As text, for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Backdrop:
        """Out of such a text."""
        told = json.loads(text)
        lists = {name: tuple(told[name]) for name in ("tiles", "overlays", "center") if told.get(name) is not None}
        return cls(**{**told, **lists})


DEFAULT_ZOOM = 6


def tile_layer(wanted: str, attribution: str = "") -> folium.TileLayer:
    """Tiles by the name that xyzservices gives them, or by address.

    Raises:
        InputError: neither.
    """
    if "//" not in wanted:
        return named_tiles(wanted)
    if not TILE_URL.match(wanted) or not (is_pmtiles(wanted) or all(part in wanted for part in PLACEHOLDERS)):
        raise InputError(
            f"tiles {wanted[:80]!r}: no address of tiles; it begins with https:// and holds {{z}}, {{x}} and {{y}}, "
            "or ends with .pmtiles"
        )
    host = re.sub(r"^https?://([^/?#]*).*", r"\1", wanted, flags=re.DOTALL)
    return folium.TileLayer(wanted, attr=attribution or f"Tiles: {host}", name=f"Tiles of {host}")


def named_tiles(name: str) -> folium.TileLayer:
    """Tiles that xyzservices knows.

    Raises:
        InputError: it does not, or they need a key.
    """
    import xyzservices.providers as known  # type: ignore[import-untyped]  # noqa: PLC0415  # seldom asked

    try:
        provider = known.query_name(name)
    except ValueError:
        raise InputError(
            f"tiles {name[:80]!r}: not known; name one of https://xyzservices.readthedocs.io/en/stable/gallery.html, "
            "as OpenStreetMap.Mapnik, or give an address with {z}, {x} and {y}"
        ) from None
    if provider.requires_token():
        raise InputError(f"tiles {provider.name}: need a key; give their whole address, with the key in it")
    return folium.TileLayer(provider, name=provider.name)


def overlay(path: Path) -> folium.GeoJson:
    """A GeoJSON file as a layer: simplestyle properties say how a feature looks, `title` or `name` what it is.

    Raises:
        InputError: it cannot be read, is too large, or is no GeoJSON in degrees.
    """
    try:
        told = path.stat()
        if told.st_size > MAX_OVERLAY_BYTES:
            raise InputError(f"{path}: larger than {MAX_OVERLAY_BYTES // 1_000_000} MB; simplify it first")
        features = read_features(path, told.st_mtime_ns)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    shapes = [{**feature, "properties": {**feature["properties"], TIP: tip_of(feature)}} for feature in features]
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": shapes},
        name=path.stem,
        style_function=simplestyle if shapes else None,
        tooltip=folium.GeoJsonTooltip(fields=[TIP]) if shapes else None,
    )


def tip_of(feature: Mapping[str, Any]) -> str:
    """What a feature is, in its own words."""
    given = feature["properties"]
    return str(given.get("title") or given.get("name") or "")


@lru_cache(maxsize=8)
def read_features(path: Path, _changed: int) -> list[dict[str, Any]]:
    """The features of a GeoJSON file whose every position is on the Earth; read once while the file is the same."""
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise InputError(f"{path}: is no GeoJSON; write the overlay as GeoJSON in degrees (EPSG:4326)") from None
    features = (
        found.get("features") if isinstance(found, dict) and found.get("type") == "FeatureCollection" else [found]
    )
    if not isinstance(features, list):
        raise InputError(f"{path}: its features are no list; write the overlay as GeoJSON")
    return [feature_of(feature, path, row) for row, feature in enumerate(features, 1)]


def feature_of(feature: Any, path: Path, row: int) -> dict[str, Any]:  # noqa: ANN401  # whatever stands in the file
    """A feature, or a bare geometry as one."""
    bare = isinstance(feature, dict) and feature.get("type") in SHAPES
    whole = {"type": "Feature", "geometry": feature} if bare else feature
    shape = whole.get("geometry") if isinstance(whole, dict) and whole.get("type") == "Feature" else None
    if not is_shape(shape):
        raise InputError(f"{path}: feature {row} has no geometry in degrees (lon, lat); mend it or take it out")
    properties = whole.get("properties")
    return {"type": "Feature", "geometry": shape, "properties": properties if isinstance(properties, dict) else {}}


def is_shape(shape: Any) -> bool:  # noqa: ANN401
    """Whether it is a geometry of GeoJSON's, with longitude and latitude in degrees."""
    import shapely  # noqa: PLC0415  # heavy

    if not isinstance(shape, dict) or shape.get("type") not in SHAPES:
        return False
    try:
        west, south, east, north = shapely.from_geojson(json.dumps(shape)).bounds
    except (shapely.errors.ShapelyError, RecursionError, ValueError):
        return False
    return bool(-360 <= west <= east <= 360 and -90 <= south <= north <= 90)  # noqa: PLR2004  # degrees; NaN is neither


def simplestyle(feature: Mapping[str, Any]) -> dict[str, Any]:
    """How a feature wants to look, in Leaflet's words; calm where it does not say."""
    given = feature.get("properties") or {}
    told = {
        theirs: given[ours] for ours, theirs in SIMPLESTYLE.items() if isinstance(given.get(ours), (str, int, float))
    }
    return {"color": "#7a5cc7", "weight": 1.5, "fillOpacity": 0.08, **told}
