"""Geometry as RFC 7946 wants it: cut at the antimeridian, right-hand winding, few decimals."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import shapely

DECIMALS = 7
"""Of a degree: about a centimetre, the most that RFC 7946 advises."""


def geojson_geometry(shape: shapely.Geometry | None) -> dict[str, Any] | None:
    """The GeoJSON of a geometry: 2-D, cut at the antimeridian, right-hand winding, at most DECIMALS decimals."""
    import shapely  # noqa: PLC0415  # heavy

    if shape is None:
        return None
    if shape.geom_type == "Point" and -180 <= shape.x <= 180:  # noqa: PLR2004  # degrees
        return {"type": "Point", "coordinates": [round(shape.x, DECIMALS), round(shape.y, DECIMALS)]}
    cut = _wound(cut_at_antimeridian(shapely.force_2d(shape)))
    mapping: dict[str, Any] = shapely.geometry.mapping(cut)
    rounded: dict[str, Any] = _rounded(mapping)
    return rounded


def _rounded(part: Any) -> Any:  # noqa: ANN401  # nested coordinates
    if isinstance(part, float):
        return round(part, DECIMALS)
    if isinstance(part, dict):
        return {key: _rounded(value) for key, value in part.items()}
    return [_rounded(value) for value in part] if isinstance(part, (list, tuple)) else part


def _wound(shape: shapely.Geometry) -> shapely.Geometry:
    """Exterior rings counter-clockwise, holes clockwise."""
    from shapely.geometry import GeometryCollection, MultiPolygon  # noqa: PLC0415  # heavy
    from shapely.geometry.polygon import orient  # noqa: PLC0415  # heavy

    if shape.geom_type == "Polygon":
        return orient(shape)
    if shape.geom_type == "MultiPolygon":
        return MultiPolygon([orient(part) for part in shape.geoms])
    if shape.geom_type == "GeometryCollection":
        return GeometryCollection([_wound(part) for part in shape.geoms])
    return shape


def cut_at_antimeridian(shape: shapely.Geometry) -> shapely.Geometry:
    """The same geometry in -180..180: what crosses is cut in two and moved, as RFC 7946, 3.1.9 wants it.

    Crosses what has longitudes beyond ±180, and what jumps from one side to the other between neighbouring vertices.
    """
    import shapely  # noqa: PLC0415  # heavy

    flat = shapely.transform(shape, _unwrapped) if _jumps(shape) else shape
    west, _, east, _ = flat.bounds
    if west >= -180 and east <= 180:  # noqa: PLR2004  # degrees
        return flat
    if flat.geom_type == "Point":
        return shapely.Point((flat.x + 180) % 360 - 180, flat.y)
    parts = []
    for turn in range(math.floor((west + 180) / 360), math.floor((east + 180) / 360) + 1):
        window = shapely.box(turn * 360 - 180, -90, turn * 360 + 180, 90)
        part = shapely.transform(shapely.intersection(flat, window), lambda xy, turn=turn: xy - [turn * 360, 0])
        parts += [piece for piece in shapely.get_parts(part) if piece.geom_type in flat.geom_type]
    return parts[0] if len(parts) == 1 else type(_many(parts))(parts)


def _many(parts: Sequence[shapely.Geometry]) -> shapely.Geometry:
    from shapely import GeometryCollection, MultiLineString, MultiPoint, MultiPolygon  # noqa: PLC0415  # heavy

    kinds = {part.geom_type for part in parts}
    several = {"Polygon": MultiPolygon(), "LineString": MultiLineString(), "Point": MultiPoint()}
    return several.get(next(iter(kinds)), GeometryCollection()) if len(kinds) == 1 else GeometryCollection()


def _jumps(shape: shapely.Geometry) -> bool:
    import numpy as np  # noqa: PLC0415  # heavy
    import shapely  # noqa: PLC0415  # heavy

    if shape.geom_type not in ("LineString", "Polygon"):
        return False
    steps = np.abs(np.diff(shapely.get_coordinates(shape)[:, 0]))
    return bool(((steps > 180) & (steps < 360)).any())  # noqa: PLR2004  # a full turn runs along a pole and stays


def _unwrapped(coordinates: Any) -> Any:  # noqa: ANN401  # an array of numpy
    import numpy as np  # noqa: PLC0415  # heavy

    return np.column_stack([np.unwrap(coordinates[:, 0], period=360), coordinates[:, 1]])


class Extent:
    """The bounding box of GeoJSON geometries that come one after the other."""

    def __init__(self) -> None:
        self._spans: set[tuple[float, float]] = set()
        self._south, self._north = math.inf, -math.inf

    def add(self, geometry: Mapping[str, Any] | None) -> None:
        """Take one more into account."""
        for part in _parts(geometry) if geometry else ():
            lons, lats = [lon for lon, _ in part], [lat for _, lat in part]
            self._spans.add((min(lons), max(lons)))
            self._south, self._north = min(self._south, *lats), max(self._north, *lats)

    def bbox(self) -> list[float] | None:
        """W S E N; W > E where the smallest box crosses the antimeridian; None where there was no geometry."""
        if not self._spans:
            return None
        west, east = _smallest_arc(self._spans)
        return [west, self._south, east, self._north]


def _parts(geometry: Mapping[str, Any]) -> Iterator[list[tuple[float, float]]]:
    if geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _parts(part)
        return
    stack = [geometry["coordinates"]]
    while stack:
        part = stack.pop()
        if not part:
            continue
        if isinstance(part[0], float):
            yield [(part[0], part[1])]
        elif isinstance(part[0][0], float):
            yield [(point[0], point[1]) for point in part]
        else:
            stack += part


def _smallest_arc(spans: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """West and east of the shortest arc that covers all spans: the circle without its widest gap."""
    merged: list[list[float]] = []
    for west, east in sorted(spans):
        if merged and west <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], east)
        else:
            merged.append([west, east])
    whole = (merged[0][0], merged[-1][1])
    gaps = [(after[0] - before[1], after[0], before[1]) for before, after in itertools.pairwise(merged)]
    widest = max(gaps, default=(0.0, 0.0, 0.0))
    touches = merged[0][0] == -180 and merged[-1][1] == 180  # noqa: PLR2004  # only what was cut there crosses
    return (widest[1], widest[2]) if touches and widest[0] > 0 else whole
