"""Relation + places → where: one function a relation, found in a table."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import shapely
import shapely.ops
from shapely.affinity import translate

from geo.relations import shapes
from geo.relations.frame import Frame, bearing_and_distance, destination
from geo.relations.located import Located

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from shapely import Point
    from shapely.geometry.base import BaseGeometry

    from gazetteer.place import Place
    from geo.relations.located import Atlas, Phrase

# How far off: learned on 750 and 284 phrases with known targets; four of five targets lie within the radius.
DISTANCE_SHARE = 0.38  # of the stated distance, with one of the eight winds
FINE_SHARE = 0.22  # with one of the sixteen
DISTANCE_BASE_M = 800.0  # a place's own point is not where its distances are measured from
BETWEEN_SHARE = 0.27  # of the distance between the two places
HALFWAY_SHARE = 0.2  # where the words say halfway or midway
BETWEEN_BASE_M = 500.0

NEAR_M = {"settlement": 10_000.0, "site": 5_000.0}
"""How far "near" reaches, by kind of place, beyond the place's own extent."""
NEAR_OTHER_M = 15_000.0
DIRECTION_ONLY_M = 20_000.0  # "north of Baghdad": a middle distance, beyond the place's own extent
DEFAULT_RADIUS_M = {
    "settlement": 3_000.0,
    "admin1": 60_000.0,
    "admin2": 25_000.0,
    "country": 250_000.0,
    "region": 100_000.0,
}
OTHER_RADIUS_M = 2_000.0
METRES_A_MINUTE = 900.0  # a drive: 60-65 km of road an hour, as the crow flies
WALK_METRES_A_MINUTE = 75.0
OFFSHORE_M = 15_000.0  # "off the coast": a middle distance
OFFSHORE_REACH_M = 40_000.0
TRIPOINT_REACH_M = 60_000.0  # a tri-border area, from the point where three countries meet
VALLEY_REACH_M = 25_000.0
ROAD_END_M = 25_000.0  # "on the road to X": how far out of X

AREAS = frozenset(
    [
        "country",
        "continent",
        "region",
        "admin1",
        "admin2",
        "sea",
        "lake",
        "island",
        "desert",
        "forest",
        "mountain",
        "valley",
    ]
)
SITES = frozenset(["airfield", "base", "camp", "crossing", "dam", "refinery", "site"])
PRECISION = {
    "country": "country", "continent": "region", "region": "region", "admin1": "admin1", "admin2": "admin2",
    "settlement": "settlement", "sea": "sea", "border": "border",
}  # fmt: skip


def locate(
    relation: Phrase, places: Sequence[Place], *, gazetteer: Atlas, countries: Sequence[str] = ()
) -> Located | None:
    """Where a relational phrase points; None where its places do not give it a meaning.

    Args:
        relation: the phrase as `geo.toponyms.relations` reads it.
        places: what its toponyms were resolved to, in order, those without an answer left out.
        gazetteer: gives outlines, borders and neighbours.
        countries: ISO 3166-1 alpha-2 codes that the text is about, the nearest mention first: the other side of "the
            border with Slovakia", the country of "the north of the country".
    """
    how = _LOCATORS.get(relation.relation)
    if how is None:
        return None
    found = how(relation, list(places), gazetteer, tuple(dict.fromkeys(countries)))
    if found is None:
        return None
    return replace(found, name=found.name or relation.text, reasons={"relation": relation.relation, **found.reasons})


def place_located(place: Place, *, gazetteer: Atlas) -> Located:
    """The same for a bare place: its outline where the gazetteer has one, else its point; its own radius."""
    shape = gazetteer.geometry(place.place_id)
    return Located(
        geometry=shape if shape is not None and not shape.is_empty else shapely.Point(place.lon, place.lat),
        lat=place.lat,
        lon=place.lon,
        radius_m=_radius(place),
        geo_precision=PRECISION.get(place.kind, "region" if place.kind in AREAS | {"river", "road"} else "site"),
        countries=place.countries,
        name=place.name,
        reasons={"place": place.place_id},
    )


# --- distance and direction ----------------------------------------------------------------------------------------


def _distance(relation: Phrase, places: list[Place], gazetteer: Atlas, _: tuple[str, ...]) -> Located | None:
    if not places:
        return None
    place, bearing = places[0], shapes.bearing_of(relation.direction)
    metres = _stated(relation)
    if bearing is None:
        return _at_distance(place, metres, gazetteer, timed=relation.travel_minutes is not None)
    if metres is None and place.kind in {"country", "continent", "admin1", "region"}:
        return _part(relation, places, gazetteer, ())
    start = _rim_m(place, bearing, gazetteer)
    reach = DIRECTION_ONLY_M + (0 if start else _radius(place)) if metres is None else metres
    lat, lon = destination(lat=place.lat, lon=place.lon, bearing=bearing, metres=start + reach)
    radius = _distance_radius(relation, reach, known=metres is not None)
    return _point(lat, lon, radius, place, gazetteer, {"bearing": bearing, "metres": reach})


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
    return _point(place.lat, place.lon, radius, place, gazetteer, {"metres": metres})


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


def _near(relation: Phrase, places: list[Place], gazetteer: Atlas, _: tuple[str, ...]) -> Located | None:
    if not places:
        return None
    place = places[0]
    bearing = shapes.bearing_of(relation.direction)
    if relation.distance_m is not None:
        return _point(place.lat, place.lon, relation.distance_m, place, gazetteer, {"metres": relation.distance_m})
    if bearing is not None:  # "the southern outskirts of"
        lat, lon = destination(lat=place.lat, lon=place.lon, bearing=bearing, metres=_radius(place))
        return _point(lat, lon, _radius(place), place, gazetteer, {"bearing": bearing})
    located = place_located(place, gazetteer=gazetteer)
    reach = NEAR_M.get("site" if place.kind in SITES else place.kind, NEAR_OTHER_M)
    precision = "near" if located.geo_precision in {"settlement", "site"} else located.geo_precision
    return replace(located, radius_m=located.radius_m + reach, geo_precision=precision, name="")


# --- between and on the road ---------------------------------------------------------------------------------------


def _between(relation: Phrase, places: list[Place], gazetteer: Atlas, countries: tuple[str, ...]) -> Located | None:
    if len(places) < 2:  # noqa: PLR2004
        return _near(relation, places, gazetteer, countries) if relation.relation == "road" else None
    first, second = places[0], places[1]
    if first.kind == second.kind == "country":
        return _border(relation, places, gazetteer, countries)
    start, end = (first.lat, first.lon), (second.lat, second.lon)
    _, metres = bearing_and_distance(lat=start[0], lon=start[1], to_lat=end[0], to_lon=end[1])
    lat, lon = shapes.midpoint(start=start, end=end)
    share = HALFWAY_SHARE if "way between" in relation.text.lower() else BETWEEN_SHARE
    found = _point(lat, lon, share * metres + BETWEEN_BASE_M, first, gazetteer, {"metres": metres})
    return replace(found, countries=tuple(dict.fromkeys((*found.countries, *_shared(first, second)))))


def _shared(first: Place, second: Place) -> tuple[str, ...]:
    """The countries of both ends where they differ: a road across a border."""
    return () if set(first.countries) & set(second.countries) else (*first.countries, *second.countries)


def _road(relation: Phrase, places: list[Place], gazetteer: Atlas, countries: tuple[str, ...]) -> Located | None:
    if len(places) == 1:
        found = _near(relation, places, gazetteer, countries)
        return replace(found, radius_m=max(found.radius_m, ROAD_END_M)) if found else None
    found = _between(relation, places, gazetteer, countries)
    if found is None or found.geo_precision != "near":
        return found
    first, second = places[0], places[1]
    line = shapes.geodesic(start=(first.lat, first.lon), end=(second.lat, second.lon))
    return replace(found, geometry=line)


# --- part of an area -----------------------------------------------------------------------------------------------


def _part(relation: Phrase, places: list[Place], gazetteer: Atlas, countries: tuple[str, ...]) -> Located | None:
    place = places[0] if places else _whole(countries, gazetteer)
    if place is None:
        return None
    shape = gazetteer.geometry(place.place_id)
    if shape is None or not shapes.has_area(shape):
        shape = shapes.circle(lat=place.lat, lon=place.lon, radius_m=_radius(place))
    frame, land = shapes.centred(shape)
    piece = shapes.part(land, relation.direction)
    x, y = _likely(piece, land, relation.direction, frame, place, gazetteer)
    lats, lons = frame.to_degrees([x], [y])
    precision = "settlement" if place.kind == "settlement" else "region"
    return Located(
        geometry=frame.globe(piece),
        lat=float(lats[0]),
        lon=float(lons[0]),
        radius_m=_spread(piece, x, y),
        geo_precision="sea" if place.kind == "sea" else precision,
        countries=place.countries,
        reasons={"direction": relation.direction, "of": place.name},
    )


def _whole(countries: tuple[str, ...], gazetteer: Atlas) -> Place | None:
    """The country that "the country" means: the first of the context."""
    return gazetteer.country(countries[0]) if countries else None


def _likely(
    piece: BaseGeometry, land: BaseGeometry, direction: str, frame: Frame, place: Place, gazetteer: Atlas
) -> tuple[float, float]:
    """The point of the part that is nearest to where its people live, or to its area where no towns are known."""
    xs, ys = shapes.grid(piece)
    weights = np.ones(len(xs))
    towns = _towns(place, gazetteer)
    if towns:
        town_xs, town_ys = frame.to_metres([town.lat for town in towns], [town.lon for town in towns])
        town_weights = np.sqrt([max(town.population, 100) for town in towns])
        inside = shapes.holds(piece, town_xs, town_ys)
        if inside.sum() >= MIN_TOWNS:
            xs, ys, weights = town_xs[inside], town_ys[inside], town_weights[inside]
    weights = weights * shapes.fit(xs, ys, direction, shapes.mean_radius(land))
    x, y = shapes.median_point(xs, ys, weights + 1e-9)
    return shapes.nearest_on(piece, x=x, y=y)


MIN_TOWNS = 5  # fewer do not tell where people live


def _towns(place: Place, gazetteer: Atlas) -> Sequence[Place]:
    lookup = getattr(gazetteer, "towns", None)
    if lookup is None or len(place.countries) != 1:
        return ()
    found: Sequence[Place] = lookup(place.countries[0])
    return found


def _spread(piece: BaseGeometry, x: float, y: float) -> float:
    """The distance within which four fifths of the piece lie."""
    xs, ys = shapes.grid(piece)
    return float(np.quantile(np.hypot(xs - x, ys - y), 0.8))


# --- borders -------------------------------------------------------------------------------------------------------


def _border(relation: Phrase, places: list[Place], gazetteer: Atlas, countries: tuple[str, ...]) -> Located | None:
    if not places:
        return None
    if places[0].kind == "border":
        return place_located(places[0], gazetteer=gazetteer)
    if len(places) == 1 or places[0].place_id == places[1].place_id:
        return _one_side(relation, places[0], gazetteer, countries)
    line = _line(places[0], places[1], gazetteer)
    sides = tuple(dict.fromkeys(code for place in places[:2] for code in place.countries))
    return _on_line(line, sides, relation) if line is not None else None


def _line(first: Place, second: Place, gazetteer: Atlas) -> BaseGeometry | None:
    if first.kind == second.kind == "country":
        found: BaseGeometry | None = gazetteer.border(first.countries[0], second.countries[0])
        return found
    one, two = gazetteer.geometry(first.place_id), gazetteer.geometry(second.place_id)
    if one is None or two is None or not (shapes.has_area(one) and shapes.has_area(two)):
        return None
    return shapes.border_between(one, two)


def _one_side(relation: Phrase, place: Place, gazetteer: Atlas, countries: tuple[str, ...]) -> Located | None:
    """The border of one place with the first country of the context that touches it; else its whole land border."""
    own = place.countries[0] if place.countries else ""
    for code in countries:
        line = gazetteer.border(own, code) if own and code != own and place.kind == "country" else None
        if line is not None:
            return _on_line(line, (own, code), relation)
    shape = gazetteer.geometry(place.place_id)
    if shape is None or not shapes.has_area(shape):
        return None
    if place.kind == "country":
        parts = [line for code in gazetteer.neighbours(own) if (line := gazetteer.border(own, code)) is not None]
        return _on_line(shapes.lines(parts or [shape.boundary]), (own,), relation, of=shape)
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
    x, y = shapes.nearest_on(flat, x=x, y=y)
    lats, lons = frame.to_degrees([x], [y])
    radius = float(np.quantile(np.hypot(points[:, 0] - x, points[:, 1] - y), 0.8))
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


def _triborder(relation: Phrase, places: list[Place], gazetteer: Atlas, countries: tuple[str, ...]) -> Located | None:
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
        return _border(relation, places, gazetteer, countries)
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


# --- coasts and valleys --------------------------------------------------------------------------------------------


def _off(relation: Phrase, places: list[Place], gazetteer: Atlas, _: tuple[str, ...]) -> Located | None:
    """At sea before a coast: the water within reach of the place that no country's land covers."""
    seas = [place for place in places if place.kind == "sea"]
    lands = [place for place in places if place.kind != "sea"]
    if not lands:
        return place_located(seas[0], gazetteer=gazetteer) if seas else None
    land = lands[-1]
    metres = relation.distance_m
    frame = Frame(land.lat, land.lon)
    own = _ground(land, frame, gazetteer)
    reach = metres * 1.3 + DISTANCE_BASE_M if metres else OFFSHORE_REACH_M
    water = own.buffer(reach).difference(own.buffer(metres * 0.7) if metres else own)
    ground = shapely.unary_union([frame.flat(shape) for shape in _land_round(land, gazetteer)])
    water = shapes.polygons(water.difference(ground))
    water = _of_sea(water, seas, frame, gazetteer)
    water = _side(water, own, relation.direction)
    if water.is_empty:
        return _near(relation, [land], gazetteer, ())
    return _afloat(water, own, metres or OFFSHORE_M, frame, land, seas)


def _ground(land: Place, frame: Frame, gazetteer: Atlas) -> BaseGeometry:
    """The place itself, flat: an outline where it has one, else a disc that reaches the water."""
    shape = gazetteer.geometry(land.place_id)
    if shape is not None and shapes.has_area(shape):
        return shapes.main_land(frame.flat(shape))
    return shapely.Point(0, 0).buffer(1.0)


def _land_round(land: Place, gazetteer: Atlas) -> list[BaseGeometry]:
    codes = list(dict.fromkeys(code for own in land.countries for code in (own, *gazetteer.neighbours(own))))
    found = [gazetteer.geometry(f"country:{code}") for code in codes]
    return [shape for shape in found if shape is not None]


def _of_sea(water: BaseGeometry, seas: list[Place], frame: Frame, gazetteer: Atlas) -> BaseGeometry:
    """The water that belongs to the sea that was named, where its outline is known and meets it."""
    shape = gazetteer.geometry(seas[0].place_id) if seas else None
    if shape is None or not shapes.has_area(shape):
        return water
    cut = shapes.polygons(water.intersection(frame.flat(shape)))
    return water if cut.is_empty else cut


def _side(water: BaseGeometry, own: BaseGeometry, direction: str) -> BaseGeometry:
    """The water on one side of the place: "off the southern coast of"."""
    bearing = shapes.bearing_of(direction)
    if bearing is None or water.is_empty:
        return water
    low_x, low_y, high_x, high_y = water.bounds
    middle = own.centroid
    reach = 2 * math.hypot(high_x - low_x, high_y - low_y)
    wedge = shapes.wedge(bearing=bearing, half_angle=shapes.PART_HALF_ANGLE, inner_m=0.0, outer_m=reach)
    cut = shapes.polygons(water.intersection(translate(wedge, xoff=middle.x, yoff=middle.y)))
    return water if cut.is_empty else cut


def _afloat(
    water: BaseGeometry, own: BaseGeometry, metres: float, frame: Frame, land: Place, seas: list[Place]
) -> Located:
    xs, ys = shapes.grid(water)
    gaps = shapely.distance(shapely.points(xs, ys), own)
    weights = np.exp(-np.abs(gaps - metres) / metres)
    x, y = shapes.nearest_on(water, **dict(zip(("x", "y"), shapes.median_point(xs, ys, weights), strict=True)))
    lats, lons = frame.to_degrees([x], [y])
    return Located(
        geometry=frame.globe(water),
        lat=float(lats[0]),
        lon=float(lons[0]),
        radius_m=_spread(water, x, y),
        geo_precision="sea",
        countries=land.countries,
        reasons={"off": land.name, **({"sea": seas[0].name} if seas else {})},
    )


def _valley(relation: Phrase, places: list[Place], gazetteer: Atlas, countries: tuple[str, ...]) -> Located | None:
    """The stretch of a river or valley near a place; the whole where none is named."""
    if len(places) < 2:  # noqa: PLR2004
        return place_located(places[0], gazetteer=gazetteer) if places else None
    river, place = places[0], places[1]
    shape = gazetteer.geometry(river.place_id)
    reach = VALLEY_REACH_M + _radius(place)
    stretch = None if shape is None else shapes.within(shape, lat=place.lat, lon=place.lon, radius_m=reach)
    if stretch is None or stretch.is_empty:
        return _near(relation, [place], gazetteer, countries)
    lon, lat = shapes.nearest_on(stretch, x=place.lon, y=place.lat)
    return Located(
        stretch, lat, lon, reach, "near", place.countries, reasons={"valley": river.name, "near": place.name}
    )


# --- shared --------------------------------------------------------------------------------------------------------


def _radius(place: Place) -> float:
    return place.radius_m or DEFAULT_RADIUS_M.get(place.kind, OTHER_RADIUS_M)


def _point(
    lat: float, lon: float, radius_m: float, place: Place, gazetteer: Atlas, reasons: Mapping[str, float | str]
) -> Located:
    """A point with its radius, in the country it falls into (the reference's own where it falls into none)."""
    inside = tuple(gazetteer.countries_at(lat=lat, lon=lon))
    return Located(
        geometry=shapely.Point(lon, lat),
        lat=lat,
        lon=lon,
        radius_m=radius_m,
        geo_precision="near",
        countries=inside or place.countries,
        reasons={"from": place.name, **reasons},
    )


_LOCATORS: Mapping[str, Callable[[Phrase, list[Place], Atlas, tuple[str, ...]], Located | None]] = {
    "distance": _distance,
    "near": _near,
    "between": _between,
    "road": _road,
    "part": _part,
    "border": _border,
    "triborder": _triborder,
    "off": _off,
    "valley": _valley,
}
