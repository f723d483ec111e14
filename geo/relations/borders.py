"""Borders of two countries, and places where three meet."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import shapely.ops

from geo.relations import shapes
from geo.relations.frame import Frame
from geo.relations.located import Located
from geo.relations.points import place_located

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely import Point
    from shapely.geometry.base import BaseGeometry

    from gazetteer.place import Place
    from geo.relations.located import Atlas, Phrase

NAME_WORDS = 6  # of a line, at most
NEAREST_COUNTRIES = 3  # of the context, for a border whose sides are not named
BORDERLAND_M = 10_000.0  # "on the border" is seldom on the line
TRIPOINT_REACH_M = 60_000.0  # a tri-border area, from the point where three countries meet


def border(relation: Phrase, places: Sequence[Place], gazetteer: Atlas, countries: tuple[str, ...]) -> Located | None:
    """The line that two places share; of one place and the country that the context gives."""
    if not places:
        return _named_line(relation, gazetteer, countries) or _of_context(relation, gazetteer, countries)
    if places[0].kind == "border":
        return place_located(places[0], gazetteer=gazetteer)
    if len(places) == 1 or places[0].place_id == places[1].place_id:
        return _one_side(relation, places[0], gazetteer, countries)
    line = _line(places[0], places[1], gazetteer)
    sides = tuple(dict.fromkeys(code for place in places[:2] for code in place.countries))
    return _on_line(line, sides, relation) if line is not None else None


def _named_line(relation: Phrase, gazetteer: Atlas, countries: tuple[str, ...]) -> Located | None:
    """A line with a name of its own that no toponym stands for: "across the Line of Control"."""
    words = relation.text.split()
    for start in range(max(0, len(words) - NAME_WORDS), len(words) - 1):
        found = gazetteer.find(" ".join(words[start:]), country=countries or None, kind="border", limit=1, fuzzy=False)
        if found and found[0].place.kind == "border":
            return place_located(found[0].place, gazetteer=gazetteer)
    return None


def _of_context(relation: Phrase, gazetteer: Atlas, countries: tuple[str, ...]) -> Located | None:
    """“Their common border”, “near the border”: of the two countries named nearest, if they touch."""
    for first, second in combinations(countries[:NEAREST_COUNTRIES], 2):
        line = gazetteer.border(first, second)
        if line is not None:
            return _on_line(line, (first, second), relation)
    return None


def _line(first: Place, second: Place, gazetteer: Atlas) -> BaseGeometry | None:
    if first.kind == second.kind == "country":
        found: BaseGeometry | None = gazetteer.border(first.countries[0], second.countries[0])
        return found
    one, two = _area(first, gazetteer), _area(second, gazetteer)
    if one is None or two is None or one.equals(two):  # two towns of one province share no line
        return None
    return shapes.border_between(one, two)


def _area(place: Place, gazetteer: Atlas) -> BaseGeometry | None:
    """The outline of a place; of a town that of its province: "the Kharkiv-Belgorod border"."""
    for place_id in (place.place_id, f"admin1:{place.admin1_code}"):
        shape = gazetteer.geometry(place_id)
        if shape is not None and shapes.has_area(shape):
            return shape
    return None


def _one_side(relation: Phrase, place: Place, gazetteer: Atlas, countries: tuple[str, ...]) -> Located | None:
    """The border of one place with the first country of the context that touches it; else its whole land border."""
    own = place.countries[0] if place.countries else ""
    for code in countries:
        line = gazetteer.border(own, code) if own and code != own and place.kind == "country" else None
        if line is not None:
            return _on_line(line, (own, code), relation)
    shape = _area(place, gazetteer)
    if shape is None:
        return None
    if place.kind != "country":
        return _outline(relation, place, shape, gazetteer, countries)
    parts = [line for code in gazetteer.neighbours(own) if (line := gazetteer.border(own, code)) is not None]
    return _on_line(shapes.lines(parts or [shape.boundary]), (own,), relation, of=shape)


def _outline(
    relation: Phrase, place: Place, shape: BaseGeometry, gazetteer: Atlas, countries: tuple[str, ...]
) -> Located | None:
    """The border of an area that is no country with one of the context's; else all its outline."""
    for code in countries:
        other = gazetteer.geometry(f"country:{code}") if code not in place.countries else None
        line = shapes.border_between(shape, other) if other is not None else None
        if line is not None:
            return _on_line(line, (*place.countries, code), relation)
    return _on_line(shape.boundary, place.countries, relation, of=shape)


def _on_line(
    line: BaseGeometry, sides: tuple[str, ...], relation: Phrase, of: BaseGeometry | None = None
) -> Located | None:
    """A located line: its middle as the point, half of its reach as the radius."""
    line = _towards(line, relation.direction, of)
    if line.is_empty:
        return None
    middle = line.centroid
    frame = Frame(middle.y, middle.x)
    flat = frame.flat(line)
    points = shapes.along(flat)
    x, y = shapes.median_point(points[:, 0], points[:, 1], np.ones(len(points)))
    x, y = shapes.nearest_on(flat, x, y)
    lats, lons = frame.to_degrees([x], [y])
    radius = float(np.quantile(np.hypot(points[:, 0] - x, points[:, 1] - y), 0.8)) + BORDERLAND_M
    return Located(
        geometry=line,
        lat=float(lats[0]),
        lon=float(lons[0]),
        radius_m=max(radius, relation.distance_m or 0.0),
        geo_precision="border",
        countries=tuple(dict.fromkeys(sides)),
        reasons={"border": "-".join(sides)},
    )


def _towards(line: BaseGeometry, direction: str, of: BaseGeometry | None) -> BaseGeometry:
    """The stretch of an outline on one side of its area: "the southern border of Syria"."""
    bearing = shapes.bearing_of(direction)
    if of is None or bearing is None:
        return line
    frame, land = shapes.centred(of)
    low_x, low_y, high_x, high_y = land.bounds
    reach = 2 * math.hypot(max(-low_x, high_x), max(-low_y, high_y))
    flat = frame.flat(line).intersection(
        shapes.wedge(bearing=bearing, half_angle=shapes.PART_HALF_ANGLE, inner_m=0.0, outer_m=reach)
    )
    cut = frame.globe(shapes.lines([flat]))
    return line if cut.is_empty else cut


def triborder(
    relation: Phrase, places: Sequence[Place], gazetteer: Atlas, countries: tuple[str, ...]
) -> Located | None:
    """The lines near the point where three countries meet; with two named, the third comes from the context."""
    named = tuple(dict.fromkeys(place.countries[0] for place in places if place.kind == "country" and place.countries))
    best = None
    for trio in _trios(named, countries):
        meeting = _tripoint(trio, gazetteer)
        if meeting is not None and (best is None or meeting[0] < best[0]):
            best = (*meeting, trio)
        if best is not None and best[0] == 0.0:
            break
    if best is not None:
        return _tri_located(best[1], best[2], best[3], relation)
    if len(named) == 2:  # noqa: PLR2004
        return border(relation, places, gazetteer, countries)
    return _one_side(relation, places[0], gazetteer, countries) if len(places) == 1 else None


def _trios(named: tuple[str, ...], countries: tuple[str, ...]) -> list[tuple[str, ...]]:
    if len(named) >= 3:  # noqa: PLR2004
        return [named[:3]]
    others = [code for code in countries if code not in named]
    return [(*named, *rest) for rest in combinations(others, 3 - len(named))][:10]


MEETING_DEGREES = 3.0  # borders of three countries farther apart than this do not make a tri-border area


def _tripoint(trio: tuple[str, ...], gazetteer: Atlas) -> tuple[float, Point, BaseGeometry] | None:
    """(gap in degrees, meeting point, the lines) of three countries; None where two pairs share no line."""
    found = [gazetteer.border(one, two) for one, two in combinations(trio, 2)]
    known = [line for line in found if line is not None]
    if len(known) < 2:  # noqa: PLR2004
        return None
    one, two = min(combinations(known, 2), key=lambda pair: pair[0].distance(pair[1]))
    gap = float(one.distance(two))
    if gap > MEETING_DEGREES:
        return None
    return gap, shapely.ops.nearest_points(one, two)[0], shapes.lines(known)


def _tri_located(point: Point, line: BaseGeometry, trio: tuple[str, ...], relation: Phrase) -> Located:
    near = shapes.lines([shapes.within(line, lat=point.y, lon=point.x, radius_m=TRIPOINT_REACH_M)])
    return Located(
        geometry=line if near.is_empty else near,
        lat=float(point.y),
        lon=float(point.x),
        radius_m=TRIPOINT_REACH_M,
        geo_precision="border",
        countries=trio,
        reasons={"border": "-".join(trio), "phrase": relation.text},
    )
