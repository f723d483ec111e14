"""Distance and direction from a place, nearness, between two places, on the road."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import shapely

from geo.relations import shapes
from geo.relations.borders import border
from geo.relations.frame import Frame, bearing_and_distance, destination
from geo.relations.parts import part
from geo.relations.points import SITES, place_located, point_near, radius_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazetteer.place import Place
    from geo.relations.located import Atlas, Located, Phrase

# How far off: learned on 750 and 284 phrases with known targets; four of five targets lie within the radius.
DISTANCE_SHARE = 0.38  # of the stated distance, with one of the eight winds
FINE_SHARE = 0.22  # with one of the sixteen
DISTANCE_BASE_M = 800.0  # a place's own point is not where its distances are measured from
BETWEEN_SHARE = 0.27  # of the distance between the two places
HALFWAY_SHARE = 0.2  # where the words say halfway or midway
BETWEEN_BASE_M = 500.0

NEAR_M = {"settlement": 10_000.0, "site": 5_000.0}
"""How far "near" reaches, by kind of place, beyond the place's own extent."""
WIDE_AREAS = frozenset(["country", "continent", "admin1", "region"])
NEAR_OTHER_M = 15_000.0
DIRECTION_ONLY_M = 20_000.0  # "north of Baghdad": a middle distance, beyond the place's own extent
METRES_A_MINUTE = 900.0  # a drive: 60-65 km of road an hour, as the crow flies
WALK_METRES_A_MINUTE = 75.0
ROAD_END_M = 25_000.0  # "on the road to X": how far out of X


def distance(relation: Phrase, places: Sequence[Place], gazetteer: Atlas, _: tuple[str, ...]) -> Located | None:
    """A stated distance or time, or none, in a direction or in any, from a place."""
    if not places:
        return None
    place, bearing = places[0], shapes.bearing_of(relation.direction)
    metres = _stated(relation)
    if bearing is None:
        return _at_distance(place, metres, gazetteer, timed=relation.travel_minutes is not None)
    if metres is None and place.kind in {"country", "continent", "admin1", "region"}:
        return part(relation, places, gazetteer, ())
    start = _rim_m(place, bearing, gazetteer)
    reach = DIRECTION_ONLY_M + (0 if start else radius_of(place)) if metres is None else metres
    lat, lon = destination(lat=place.lat, lon=place.lon, bearing=bearing, metres=start + reach)
    radius = _distance_radius(relation, reach, known=metres is not None)
    return point_near(lat, lon, radius, place, gazetteer, {"bearing": bearing, "metres": reach})


def _stated(relation: Phrase) -> float | None:
    if relation.distance_m is not None:
        return relation.distance_m
    if relation.travel_minutes is None:
        return None
    walking = any(word in relation.text.lower() for word in ("walk", "on foot", "march"))
    return relation.travel_minutes * (WALK_METRES_A_MINUTE if walking else METRES_A_MINUTE)


def _distance_radius(relation: Phrase, metres: float, *, known: bool) -> float:
    """The compass point's width and the stated number's roundness, for which the share was learned."""
    if not known:
        return metres * 0.8
    share = FINE_SHARE if len(relation.direction) == 3 else DISTANCE_SHARE  # noqa: PLR2004  # letters of "nnw"
    if relation.travel_minutes is not None:
        share = 0.5  # nobody says how fast
    return share * metres + DISTANCE_BASE_M


def _at_distance(place: Place, metres: float | None, gazetteer: Atlas, *, timed: bool) -> Located | None:
    """Somewhere on a ring: the centre is the best point, the ring its radius."""
    if metres is None:
        return None
    radius = metres * (1.5 if timed else 1.1) + DISTANCE_BASE_M
    return point_near(place.lat, place.lon, radius, place, gazetteer, {"metres": metres})


def _rim_m(place: Place, bearing: float, gazetteer: Atlas) -> float:
    """Where an area ends in that direction, in metres from its point; 0 for what is measured from its centre."""
    if place.kind not in {"country", "island", "sea", "lake"}:
        return 0.0
    shape = gazetteer.geometry(place.place_id)
    if shape is None or shape.is_empty:
        return 0.0
    flat = shapes.main_land(Frame(place.lat, place.lon).flat(shape))
    far, radians = 2e7, math.radians(bearing)
    ray = shapely.LineString([(0, 0), (far * math.sin(radians), far * math.cos(radians))])
    points = shapely.get_coordinates(ray.intersection(flat))
    return float(max((math.hypot(x, y) for x, y in points), default=0.0))


def near(relation: Phrase, places: Sequence[Place], gazetteer: Atlas, _: tuple[str, ...]) -> Located | None:
    """Near a place, within a stated distance of it, or on one of its edges."""
    if not places:
        return None
    place = places[0]
    bearing = shapes.bearing_of(relation.direction)
    if relation.distance_m is not None:
        return point_near(place.lat, place.lon, relation.distance_m, place, gazetteer, {"metres": relation.distance_m})
    if bearing is not None:  # "the southern outskirts of"
        lat, lon = destination(lat=place.lat, lon=place.lon, bearing=bearing, metres=radius_of(place))
        return point_near(lat, lon, radius_of(place), place, gazetteer, {"bearing": bearing})
    located = place_located(place, gazetteer=gazetteer)
    reach = NEAR_M.get("site" if place.kind in SITES else place.kind, NEAR_OTHER_M)
    precision = "near" if located.geo_precision in {"settlement", "site"} else located.geo_precision
    return replace(located, radius_m=located.radius_m + reach, geo_precision=precision, name="")


def between(relation: Phrase, places: Sequence[Place], gazetteer: Atlas, countries: tuple[str, ...]) -> Located | None:
    """The middle between two places; two areas that touch have their border between them."""
    if len(places) < 2:  # noqa: PLR2004
        return near(relation, places, gazetteer, countries) if relation.relation == "road" else None
    first, second = places[0], places[1]
    if {first.kind, second.kind} & WIDE_AREAS:
        return border(relation, places, gazetteer, countries) if _different(first, second) else None
    return _middle(relation, first, second, gazetteer)


def boundary(relation: Phrase, places: Sequence[Place], gazetteer: Atlas, countries: tuple[str, ...]) -> Located | None:
    """A border; of two towns or districts of one province, whose line is not known, the middle between them."""
    line = border(relation, places, gazetteer, countries)
    if line is not None or len(places) != 2 or places[0].place_id == places[1].place_id:  # noqa: PLR2004
        return line
    first, second = places
    one_province = first.admin1_code and first.admin1_code == second.admin1_code
    return _middle(relation, first, second, gazetteer) if one_province else None


def _middle(relation: Phrase, first: Place, second: Place, gazetteer: Atlas) -> Located:
    start, end = (first.lat, first.lon), (second.lat, second.lon)
    _, metres = bearing_and_distance(lat=start[0], lon=start[1], to_lat=end[0], to_lon=end[1])
    lat, lon = shapes.midpoint(start=start, end=end)
    share = HALFWAY_SHARE if "way between" in relation.text.lower() else BETWEEN_SHARE
    found = point_near(lat, lon, share * metres + BETWEEN_BASE_M, first, gazetteer, {"metres": metres})
    shared = tuple(code for code in first.countries if code in second.countries)
    return replace(found, countries=shared or tuple(dict.fromkeys((*first.countries, *second.countries))))


def _different(first: Place, second: Place) -> bool:
    """Whether two areas may have a border: not two countries, between which there are talks and wars."""
    return not first.kind == second.kind == "country"


def road(relation: Phrase, places: Sequence[Place], gazetteer: Atlas, countries: tuple[str, ...]) -> Located | None:
    """The line between two places, or the surroundings of one."""
    if len(places) == 1:
        found = near(relation, places, gazetteer, countries)
        return replace(found, radius_m=max(found.radius_m, ROAD_END_M)) if found else None
    found = between(relation, places, gazetteer, countries)
    if found is None or found.geo_precision != "near":
        return found
    first, second = places[0], places[1]
    line = shapes.geodesic(start=(first.lat, first.lon), end=(second.lat, second.lon))
    return replace(found, geometry=line)
