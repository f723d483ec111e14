"""Pure geometry of the relations: shapely in, shapely out, longitude before latitude, metres, no gazetteer.

Bearings are degrees from north over east. Where a frame is passed, the shape is flat: metres from the frame's point.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
import shapely.ops

from gazetteer.borders import shared_border
from geo.relations.frame import FULL_TURN, HALF_TURN, Frame, bearing_and_distance, destination, geod

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray
    from shapely.geometry.base import BaseGeometry

COMPASS = ("n", "nne", "ne", "ene", "e", "ese", "se", "sse", "s", "ssw", "sw", "wsw", "w", "wnw", "nw", "nnw")
"""The sixteen points in order of bearing."""

POINT_STEP = 22.5  # degrees between two of the sixteen points
CIRCLE_SEGMENTS = 16  # a quarter of a circle
PART_HALF_ANGLE = 50.0  # degrees: nine of ten places called "in northern X" lie within 30-40 of that bearing
PART_CORE = 0.25  # of the mean radius: nearer to the centre is not "northern", but central
CENTRE_REACH = 0.55  # of the mean radius: three of four places called "in central X" lie within
CENTRE_FALL = 0.5  # of the mean radius
BEARING_SPREAD = 25.0  # degrees, standard deviation
EDGE_OF_CARDINAL, EDGE_OF_DIAGONAL, EDGE_WIDTH = (
    0.55,
    0.75,
    0.1,
)  # of the mean radius: from where on a place is "northern"
INNER_AT, INNER_WIDTH = 0.45, 0.2  # of the mean radius: where "north-central" is
MEDIAN_STEPS = 50  # Weiszfeld's steps at most
COARSE_DEGREES, COARSE_M = 0.02, 5_000.0  # detail that does not matter to a centroid, or to being far
DETACHED_M = 400_000.0  # a piece farther from the main land than this, and smaller, is another part of the world
LARGE_PIECE = 0.2  # of the largest piece's area: then it belongs, however far


def bearing_of(direction: str) -> float | None:
    """Degrees of a compass point "n".."nnw", None for "centre" and ""."""
    return COMPASS.index(direction) * POINT_STEP if direction in COMPASS else None


def circle(*, lat: float, lon: float, radius_m: float) -> BaseGeometry:
    """The disc of all points within the radius, cut at the antimeridian, closed round a pole it holds."""
    return Frame(lat, lon).globe(shapely.Point(0, 0).buffer(max(radius_m, 1.0), quad_segs=CIRCLE_SEGMENTS))


def geodesic(*, start: tuple[float, float], end: tuple[float, float]) -> BaseGeometry:
    """The geodesic between two points (lat, lon), cut at the antimeridian."""
    bearing, metres = bearing_and_distance(lat=start[0], lon=start[1], to_lat=end[0], to_lon=end[1])
    radians = math.radians(bearing)
    flat = shapely.LineString([(0, 0), (metres * math.sin(radians), metres * math.cos(radians))])
    return Frame(*start).globe(flat)


def midpoint(*, start: tuple[float, float], end: tuple[float, float], share: float = 0.5) -> tuple[float, float]:
    """The point (lat, lon) on the geodesic from start to end (lat, lon) after that share of the way."""
    bearing, metres = bearing_and_distance(lat=start[0], lon=start[1], to_lat=end[0], to_lon=end[1])
    return destination(lat=start[0], lon=start[1], bearing=bearing, metres=metres * share)


@lru_cache(maxsize=64)
def centred(area: BaseGeometry) -> tuple[Frame, BaseGeometry]:
    """A frame at the centroid of the area's main land, and that land in it; far small pieces are left out.

    The centroid is that of the round earth, so it is right across the antimeridian and at a pole. The last answers are
    kept: a text names the parts of few countries.
    """
    largest = max(shapely.get_parts(area), key=lambda part: part.area)
    inside = largest.representative_point()
    frame = Frame(inside.y, inside.x)
    coarse = area.simplify(COARSE_DEGREES)
    for _ in range(2):  # the first centroid is seen from a slant
        centroid = main_land(frame.flat(coarse)).centroid
        lats, lons = frame.to_degrees([centroid.x], [centroid.y])
        frame = Frame(float(lats[0]), float(lons[0]))
    return frame, main_land(frame.flat(area))


def main_land(flat: BaseGeometry) -> BaseGeometry:
    """The largest piece of a flat area with those near it or nearly as large: France without its oceans' islands."""
    pieces = np.array([piece for piece in shapely.get_parts(flat) if piece.geom_type == "Polygon"], dtype=object)
    if len(pieces) <= 1:
        return flat
    areas = shapely.area(pieces)
    largest = pieces[areas.argmax()]
    near = shapely.distance(pieces, largest.simplify(COARSE_M)) <= DETACHED_M
    kept = pieces[near | (areas >= LARGE_PIECE * areas.max())].tolist()
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def wedge(*, bearing: float, half_angle: float, inner_m: float, outer_m: float) -> BaseGeometry:
    """The piece of a ring round (0, 0), in metres, within the half angle (below 90) of the bearing."""
    steps = 24
    angles = [math.radians(bearing + half_angle * (2 * i / steps - 1)) for i in range(steps + 1)]
    far = outer_m / math.cos(math.radians(half_angle / steps))
    rim = [(far * math.sin(angle), far * math.cos(angle)) for angle in angles]
    hub = [(inner_m * math.sin(angle), inner_m * math.cos(angle)) for angle in reversed(angles)]
    return shapely.Polygon(rim + (hub if inner_m > 0 else [(0.0, 0.0)]))


def part(land: BaseGeometry, direction: str) -> BaseGeometry:
    """The part of a flat area (centroid at 0, 0) that a direction names: a wedge beyond its core, or the core.

    Falls back to the half plane on that side, then to the whole, where the outline leaves nothing of the wedge.
    """
    radius = mean_radius(land)
    bearing = bearing_of(direction)
    reach = 2 * math.hypot(*(max(abs(low), abs(high)) for low, high in _spans(land))) + 1.0
    if bearing is None:
        shapes = [shapely.Point(0, 0).buffer(CENTRE_REACH * radius, quad_segs=CIRCLE_SEGMENTS)]
    else:
        shapes = [
            wedge(bearing=bearing, half_angle=PART_HALF_ANGLE, inner_m=PART_CORE * radius, outer_m=reach),
            wedge(bearing=bearing, half_angle=89.0, inner_m=0.0, outer_m=reach),
        ]
    for shape in shapes:
        cut = polygons(land.intersection(shape))
        if not cut.is_empty:
            return cut
    return land


def mean_radius(land: BaseGeometry) -> float:
    """Radius in metres of the disc as large as a flat area."""
    return math.sqrt(land.area / math.pi)


def polygons(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a collection, without slivers of lines and points."""
    return shapely.unary_union([piece for piece in shapely.get_parts(shape) if piece.geom_type == "Polygon"])


def lines(shapes: Iterable[BaseGeometry]) -> BaseGeometry:
    """All lines of the shapes, joined where they meet."""
    pieces = [piece for shape in shapes for piece in shapely.get_parts(shape) if "LineString" in piece.geom_type]
    merged = shapely.unary_union(pieces)
    return shapely.line_merge(merged) if merged.geom_type == "MultiLineString" else merged


def median_point(xs: ArrayLike, ys: ArrayLike, weights: ArrayLike) -> tuple[float, float]:
    """The point with the least mean distance to the weighted points (Weiszfeld's steps)."""
    xs, ys, weights = np.asarray(xs, float), np.asarray(ys, float), np.asarray(weights, float)
    x, y = np.average(xs, weights=weights), np.average(ys, weights=weights)
    floor = 1e-6 + 1e-3 * float(np.hypot(np.ptp(xs), np.ptp(ys)))
    for _ in range(MEDIAN_STEPS):
        pull = weights / np.maximum(np.hypot(xs - x, ys - y), floor)
        before, (x, y) = (x, y), (np.dot(pull, xs) / pull.sum(), np.dot(pull, ys) / pull.sum())
        if math.hypot(x - before[0], y - before[1]) < floor / 10:
            break
    return float(x), float(y)


def quantile(distances: NDArray[np.float64], weights: NDArray[np.float64], share: float = 0.8) -> float:
    """The distance within which that share of the weight lies."""
    order = np.argsort(distances)
    reached = np.cumsum(weights[order]) / weights.sum()
    return float(distances[order][min(int(np.searchsorted(reached, share)), len(order) - 1)])


def grid(area: BaseGeometry, *, count: int = 600) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Evenly spread x and y inside a flat area, about `count` of them, at least its own inner point."""
    low_x, low_y, high_x, high_y = area.bounds
    step = math.sqrt(max(area.area, 1e-9) / count)
    across = np.linspace(low_x, high_x, min(400, max(2, math.ceil((high_x - low_x) / step))))
    up = np.linspace(low_y, high_y, min(400, max(2, math.ceil((high_y - low_y) / step))))
    xs, ys = (axis.ravel() for axis in np.meshgrid(across, up))
    inside = shapely.contains_xy(area, xs, ys)
    if not inside.any():
        point = area.representative_point()
        return np.array([point.x]), np.array([point.y])
    return xs[inside], ys[inside]


def has_area(shape: BaseGeometry) -> bool:
    """Whether the shape is or holds a polygon."""
    return shape is not None and "Polygon" in shape.geom_type and not shape.is_empty


def holds(area: BaseGeometry, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of the points lie inside the area, as an array of booleans."""
    shapely.prepare(area)
    return np.asarray(shapely.contains_xy(area, xs, ys), dtype=np.bool_)


def fit(
    xs: NDArray[np.float64], ys: NDArray[np.float64], direction: str, radius: float, *, inner: bool = False
) -> NDArray[np.float64]:
    """How well points round (0, 0) fit a direction, 0 to 1, given the mean radius of the area.

    The shape was learned on 750 phrases "in northern X" with known targets: their bearing departs from the named one
    with a standard deviation of about 25 degrees, and half of them lie beyond three quarters of the mean radius; those
    of "north-central" (`inner`) lie about its half.
    """
    distances = np.hypot(xs, ys) / max(radius, 1.0)
    bearing = bearing_of(direction)
    if bearing is None:
        return np.asarray(np.exp(-((distances / CENTRE_FALL) ** 2)))
    off = (np.degrees(np.arctan2(xs, ys)) - bearing + HALF_TURN) % FULL_TURN - HALF_TURN
    if inner:
        beyond = np.exp(-0.5 * ((distances - INNER_AT) / INNER_WIDTH) ** 2)
    else:
        edge = EDGE_OF_CARDINAL if len(direction) == 1 else EDGE_OF_DIAGONAL
        beyond = 1 / (1 + np.exp(np.clip((edge - distances) / EDGE_WIDTH, -50, 50)))
    return np.asarray(np.exp(-0.5 * (off / BEARING_SPREAD) ** 2) * beyond)


def along(line: BaseGeometry, *, count: int = 400) -> NDArray[np.float64]:
    """Evenly spaced points of a flat line, an array of x and y."""
    pieces = []
    for part_ in shapely.get_parts(line):
        share = max(2, math.ceil(count * part_.length / max(line.length, 1e-9)))
        pieces.append(
            shapely.get_coordinates(shapely.line_interpolate_point(part_, np.linspace(0, part_.length, share)))
        )
    return np.concatenate(pieces)


def nearest_on(shape: BaseGeometry, x: float, y: float) -> tuple[float, float]:
    """The point of a shape nearest to (x, y), itself where it lies inside."""
    point = shapely.Point(x, y)
    if shape.intersects(point):
        return x, y
    found = shapely.ops.nearest_points(shape, point)[0]
    return float(found.x), float(found.y)


def border_between(first: BaseGeometry, second: BaseGeometry) -> BaseGeometry | None:
    """The line two areas share; None where they do not touch (within three hundredths of a degree)."""
    line: BaseGeometry | None = shared_border(first, second)
    return line


def within(shape: BaseGeometry, *, lat: float, lon: float, radius_m: float) -> BaseGeometry:
    """What of a shape lies within the radius of a point."""
    return shape.intersection(circle(lat=lat, lon=lon, radius_m=radius_m))


def length_m(line: BaseGeometry) -> float:
    """Length of a line in metres along the ellipsoid."""
    return float(abs(geod().geometry_length(line)))


def farthest_m(*, lat: float, lon: float, points: Sequence[tuple[float, float]]) -> float:
    """The largest distance in metres from a point to any of the points (lat, lon)."""
    return max((bearing_and_distance(lat=lat, lon=lon, to_lat=a, to_lon=o)[1] for a, o in points), default=0.0)


def _spans(shape: BaseGeometry) -> tuple[tuple[float, float], tuple[float, float]]:
    low_x, low_y, high_x, high_y = shape.bounds
    return (low_x, high_x), (low_y, high_y)


def turn(bearing: float, degrees: float) -> float:
    """A bearing turned clockwise, in [0, 360)."""
    return (bearing + degrees) % FULL_TURN
