"""A flat frame in metres round one point, true in bearing and distance from it, and the way back to the globe.

The azimuthal equidistant projection on WGS 84, by Karney's geodesics (pyproj): x east, y north, in metres. In it a
circle, a sector, a corridor or a half of a country is plain geometry, at the poles and across the antimeridian too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Geod
from shapely.affinity import translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray
    from shapely import LinearRing
    from shapely.coords import CoordinateSequence
    from shapely.geometry.base import BaseGeometry

MAX_STEP_DEGREES = 1.0  # an edge of a polygon in degrees is no geodesic: longer ones get more points
MAX_STEP_M = 50_000.0  # the same on the way back
HALF_TURN, FULL_TURN = 180.0, 360.0


@lru_cache(maxsize=1)
def geod() -> Geod:
    """The WGS 84 ellipsoid."""
    return Geod(ellps="WGS84")


def destination(*, lat: float, lon: float, bearing: float, metres: float) -> tuple[float, float]:
    """The point (lat, lon) at a bearing (degrees from north over east) and a distance (metres) along the geodesic."""
    end_lon, end_lat, _ = geod().fwd(lon, lat, bearing, metres)
    return float(end_lat), float(end_lon)


def bearing_and_distance(*, lat: float, lon: float, to_lat: float, to_lon: float) -> tuple[float, float]:
    """Initial bearing in degrees [0, 360) and distance in metres of the geodesic between two points."""
    azimuth, _, metres = geod().inv(lon, lat, to_lon, to_lat)
    return float(azimuth) % FULL_TURN, float(metres)


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame round one point (WGS 84 degrees)."""

    lat: float
    lon: float

    def to_metres(self, lats: ArrayLike, lons: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Latitudes and longitudes in degrees → x east, y north in metres."""
        lats, lons = np.asarray(lats, dtype=float), np.asarray(lons, dtype=float)
        azimuths, _, metres = geod().inv(np.full_like(lons, self.lon), np.full_like(lats, self.lat), lons, lats)
        radians = np.radians(azimuths)
        return metres * np.sin(radians), metres * np.cos(radians)

    def to_degrees(self, xs: ArrayLike, ys: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """X east, y north in metres → latitudes and longitudes in degrees."""
        xs, ys = np.asarray(xs, dtype=float), np.asarray(ys, dtype=float)
        metres, azimuths = np.hypot(xs, ys), np.degrees(np.arctan2(xs, ys))
        lons, lats, _ = geod().fwd(np.full_like(xs, self.lon), np.full_like(ys, self.lat), azimuths, metres)
        return np.asarray(lats), np.asarray(lons)

    def flat(self, shape: BaseGeometry) -> BaseGeometry:
        """A geometry in longitude and latitude → the same in metres; parts cut at the antimeridian grow together."""

        def project(points: NDArray[np.float64]) -> NDArray[np.float64]:
            xs, ys = self.to_metres(points[:, 1], points[:, 0])
            return np.column_stack([xs, ys])

        moved = shapely.transform(shapely.segmentize(shape, MAX_STEP_DEGREES), project)
        if shape.geom_type not in {"Polygon", "MultiPolygon"}:
            return moved
        whole = moved if moved.is_valid else shapely.make_valid(moved)
        low_lon, _, high_lon, _ = shape.bounds
        return shapely.unary_union(whole) if low_lon <= -HALF_TURN or high_lon >= HALF_TURN else whole

    def globe(self, shape: BaseGeometry) -> BaseGeometry:
        """A geometry in metres → longitude and latitude, cut at the antimeridian, closed round a pole it holds."""
        if shape.is_empty:
            return shape
        parts = [self._part(part) for part in shapely.get_parts(shapely.segmentize(shape, MAX_STEP_M))]
        return parts[0] if len(parts) == 1 else shapely.unary_union(parts)

    def _part(self, part: BaseGeometry) -> BaseGeometry:
        if part.geom_type != "Polygon":
            return _cut(self._unwrapped(part.coords, closed=False), shapely.linestrings)
        area = self._area(part.exterior)
        for hole in part.interiors:
            area = area.difference(self._area(hole))
        return area

    def _area(self, ring: LinearRing) -> BaseGeometry:
        return shapely.make_valid(_cut(self._unwrapped(ring.coords, closed=True), shapely.polygons))

    def _unwrapped(self, coordinates: CoordinateSequence, *, closed: bool) -> NDArray[np.float64]:
        """Points in degrees whose longitudes run on past 180; a ring round a pole is closed along it."""
        flat = np.asarray(coordinates)
        lats, lons = self.to_degrees(flat[:, 0], flat[:, 1])
        lons = np.unwrap(lons, period=FULL_TURN)
        if closed and abs(lons[-1] - lons[0]) > HALF_TURN:
            pole = 90.0 if lats.mean() > 0 else -90.0
            lats = np.append(lats, [pole, pole])
            lons = np.append(lons, [lons[-1], lons[0]])
        return np.column_stack([lons, lats])


def _cut(points: NDArray[np.float64], build: Callable[..., BaseGeometry]) -> BaseGeometry:
    """The shape that `build` makes of the points, its pieces beyond ±180 brought back into the world."""
    if len(points) == 1:
        return shapely.points((points[0, 0] + HALF_TURN) % FULL_TURN - HALF_TURN, points[0, 1])
    shape = build(points)
    if points[:, 0].min() >= -HALF_TURN and points[:, 0].max() <= HALF_TURN:
        return shape
    world = shapely.box(-HALF_TURN, -90.0, HALF_TURN, 90.0)
    shape = shapely.make_valid(shape)
    first, last = ((bound + HALF_TURN) // FULL_TURN for bound in (points[:, 0].min(), points[:, 0].max()))
    turns = range(int(first), int(last) + 1)
    pieces = [translate(shape, xoff=-FULL_TURN * turn).intersection(world) for turn in turns]
    return shapely.unary_union([piece for piece in pieces if not piece.is_empty])
