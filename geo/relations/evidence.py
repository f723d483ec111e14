"""What several phrases about one place say together, and how sure they leave us.

Each phrase is a clue: how well it fits any point round it. Clues of one place are added up over a patch of ground; the
towns that are known there count as more likely than empty ground, in which villages that no gazetteer knows may lie.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.relations import shapes
from geo.relations.frame import HALF_TURN, Frame
from geo.relations.narrowing import extent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gazetteer.place import Place
    from geo.relations.located import Atlas, Located, Phrase

BEARING_SPREAD, FINE_SPREAD = 13.0, 6.0  # degrees, of one of the eight and of the sixteen winds
STATED_SPREAD = 0.09  # of the stated distance
STATED_BIAS = 0.97  # roads bend: the stated distance is a little longer than the straight one
FLOOR_M = 700.0  # distances are not measured from a gazetteer's point
BETWEEN_ALONG, BETWEEN_ACROSS = 0.12, 0.1  # of the distance between the two places
TAILS = 1.5  # exponent of the tails, heavier than a normal's: some phrases are plainly wrong
PATCH = 1.2  # half-width of the patch of ground, in stated distances
PATCH_BASE_M = 3_000.0
PATCH_STEPS = 41
UNKNOWN_PER_KM2 = 0.008  # villages that no gazetteer knows
COARSE_M = 500.0  # detail of an outline that does not matter
OUTSIDE_M = 4_000.0  # how fast ground outside the named area grows unlikely
OUTSIDE_MOST = 2.0  # and how unlikely at most: areas are resolved wrongly too
TOWN_LIMIT = 150
TOWN_POWER = 0.3  # larger towns are likelier, but most small places lie away from them
HELD = 0.7  # share of the weight within the radius: with it four of five of 1,034 known targets lie there
MIN_RADIUS_M = 1_000.0


@dataclass(frozen=True, slots=True)
class Clue:
    """A relation and the places it stands on."""

    relation: Phrase
    places: tuple[Place, ...]

    @property
    def usable(self) -> bool:
        """Whether it says where within a patch: a bearing with a distance, or between two places that are no areas."""
        if self.relation.relation == "distance":
            known = self.relation.distance_m is not None and shapes.bearing_of(self.relation.direction) is not None
            return known and len(self.places) == 1 and self.places[0].kind != "country"
        two = 2
        return self.relation.relation in {"between", "road"} and len(self.places) == two and self._towns()

    def _towns(self) -> bool:
        return all(place.kind not in {"country", "continent", "admin1"} for place in self.places)

    @property
    def reach_m(self) -> float:
        """The distance the phrase speaks of, in metres."""
        if self.relation.distance_m is not None:
            return self.relation.distance_m
        first, second = self.places
        xs, ys = Frame(first.lat, first.lon).to_metres([second.lat], [second.lon])
        return float(np.hypot(xs[0], ys[0])) / 2

    def fit(self, frame: Frame, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> NDArray[np.float64]:
        """Logarithm of how well the phrase fits points of a frame, up to a constant."""
        if self.relation.relation == "distance":
            return self._distance_fit(frame, xs, ys)
        return self._between_fit(frame, xs, ys)

    def _distance_fit(self, frame: Frame, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> NDArray[np.float64]:
        place, metres = self.places[0], self.relation.distance_m or 0.0
        east, north = frame.to_metres([place.lat], [place.lon])
        dx, dy = xs - east[0], ys - north[0]
        bearing = shapes.bearing_of(self.relation.direction) or 0.0
        off = (np.degrees(np.arctan2(dx, dy)) - bearing + HALF_TURN) % (2 * HALF_TURN) - HALF_TURN
        spread = FINE_SPREAD if len(self.relation.direction) == 3 else BEARING_SPREAD  # noqa: PLR2004  # "nnw"
        across = np.radians(np.abs(off)) * metres / (math.radians(spread) * metres + FLOOR_M)
        along = (np.hypot(dx, dy) - STATED_BIAS * metres) / (STATED_SPREAD * metres + FLOOR_M)
        return _tailed(across) + _tailed(along)

    def _between_fit(self, frame: Frame, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> NDArray[np.float64]:
        first, second = self.places
        east, north = frame.to_metres([first.lat, second.lat], [first.lon, second.lon])
        dx, dy = east[1] - east[0], north[1] - north[0]
        length = max(math.hypot(dx, dy), 1.0)
        along = ((xs - east[0]) * dx + (ys - north[0]) * dy) / length - length / 2
        across = ((xs - east[0]) * dy - (ys - north[0]) * dx) / length
        return _tailed(along / (BETWEEN_ALONG * length + FLOOR_M)) + _tailed(
            across / (BETWEEN_ACROSS * length + FLOOR_M)
        )


def _tailed(deviation: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(-TAILS * np.log1p(deviation**2 / 2))


def _inside(
    area: Place, frame: Frame, xs: NDArray[np.float64], ys: NDArray[np.float64], gazetteer: Atlas
) -> NDArray[np.float64]:
    """How well points fit "in the province of": all alike inside, less the farther outside, never quite excluded."""
    outline = extent(area, frame, gazetteer).simplify(COARSE_M)
    gaps = shapely.distance(shapely.points(xs, ys), outline)
    return np.asarray(-np.minimum(gaps / OUTSIDE_M, OUTSIDE_MOST))


def refine(base: Located, clues: Sequence[Clue], *, gazetteer: Atlas, area: Place | None = None) -> Located:
    """The same place, moved to where all clues and the known towns leave it, with the radius they leave.

    Args:
        base: the answer of the sharpest clue alone.
        clues: all usable clues of the same place, at least one.
        gazetteer: gives the towns near it.
        area: an area or a town that the text names as what the place lies in.
    """
    frame = Frame(base.lat, base.lon)
    half = PATCH * min(clue.reach_m for clue in clues) + PATCH_BASE_M
    xs, ys, weights = _ground(frame, half, gazetteer, {place.place_id for clue in clues for place in clue.places})
    scores = sum((clue.fit(frame, xs, ys) for clue in clues), np.zeros(len(xs)))
    if area is not None:
        scores = scores + _inside(area, frame, xs, ys, gazetteer)
    weights = weights * np.exp(scores - scores.max())
    x, y = shapes.median_point(xs, ys, weights)
    lats, lons = frame.to_degrees([x], [y])
    return replace(
        base,
        lat=float(lats[0]),
        lon=float(lons[0]),
        radius_m=max(MIN_RADIUS_M, shapes.quantile(np.hypot(xs - x, ys - y), weights, HELD)),
        reasons={**base.reasons, "clues": float(len(clues)), "moved_m": round(math.hypot(x, y))},
    )


def moved(base: Located, refined: Located) -> Located:
    """An answer with the point and the radius of the refined one; a road stays the line it is."""
    point = base.geometry.geom_type == "Point"
    return replace(
        base,
        geometry=shapely.Point(refined.lon, refined.lat) if point else base.geometry,
        lat=refined.lat,
        lon=refined.lon,
        radius_m=refined.radius_m,
        reasons={**base.reasons, **{key: refined.reasons[key] for key in ("clues", "moved_m")}},
    )


def _ground(
    frame: Frame, half: float, gazetteer: Atlas, named: set[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Points of a square patch with their weights: even ground, and the towns on it but for those that were named."""
    axis = np.linspace(-half, half, PATCH_STEPS)
    xs, ys = (values.ravel() for values in np.meshgrid(axis, axis))
    cell_km2 = ((axis[1] - axis[0]) / 1e3) ** 2
    weights = np.full(len(xs), UNKNOWN_PER_KM2 * cell_km2)
    near = gazetteer.nearest(lat=frame.lat, lon=frame.lon, limit=TOWN_LIMIT, kinds={"settlement"})
    towns = [place for place, metres in near if metres <= half and place.place_id not in named]
    if not towns:
        return xs, ys, weights
    town_xs, town_ys = frame.to_metres([town.lat for town in towns], [town.lon for town in towns])
    people = np.array([max(town.population, 100) for town in towns], dtype=float)
    town_weights = (people / 1_000) ** TOWN_POWER
    return np.r_[xs, town_xs], np.r_[ys, town_ys], np.r_[weights, town_weights]
