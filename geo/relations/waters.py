"""Off a coast, and along a river or valley."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.affinity import translate

from geo.relations import shapes
from geo.relations.distances import DISTANCE_BASE_M, near
from geo.relations.frame import Frame
from geo.relations.located import Located
from geo.relations.points import place_located, radius_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from gazetteer.place import Place
    from geo.relations.located import Atlas, Phrase

OFFSHORE_M = 15_000.0  # "off the coast": a middle distance
OFFSHORE_REACH_M = 40_000.0
WATERS = frozenset(["river", "valley", "lake", "region"])
VALLEY_REACH_M = 25_000.0


def off(relation: Phrase, places: Sequence[Place], gazetteer: Atlas, _: tuple[str, ...]) -> Located | None:
    """At sea before a coast: the water within reach of the place that no country's land covers."""
    seas = [place for place in places if place.kind == "sea"]
    lands = [place for place in places if place.kind != "sea"]
    if not lands:
        return place_located(seas[0], gazetteer=gazetteer) if seas else None
    land = lands[-1]
    metres = relation.distance_m
    frame = Frame(land.lat, land.lon)
    own = _own_ground(land, frame, gazetteer)
    reach = metres * 1.3 + DISTANCE_BASE_M if metres else OFFSHORE_REACH_M
    water = own.buffer(reach).difference(own.buffer(metres * 0.7) if metres else own)
    nearby = [shapely.clip_by_rect(frame.flat(shape), *water.bounds) for shape in _land_round(land, gazetteer)]
    water = shapes.polygons(water.difference(shapely.union_all(shapely.make_valid(nearby))))
    water = _of_sea(water, seas, frame, gazetteer)
    water = _side(water, own, relation.direction)
    if water.is_empty:
        return near(relation, [land], gazetteer, ())
    return _afloat(water, own, metres or OFFSHORE_M, frame, land, seas)


def _own_ground(land: Place, frame: Frame, gazetteer: Atlas) -> BaseGeometry:
    """The place itself, flat: an outline where it has one, else a disc that reaches the water."""
    shape = gazetteer.geometry(land.place_id)
    if shape is not None and shapes.has_area(shape):
        return shapes.main_land(frame.flat(shape))
    return shapely.Point(0, 0).buffer(1.0)


def _land_round(land: Place, gazetteer: Atlas) -> list[BaseGeometry]:
    codes = list(dict.fromkeys(code for own in land.countries for code in (own, *gazetteer.neighbours(own))))
    found = [gazetteer.geometry(f"country:{code}") for code in codes]
    return [shape for shape in found if shape is not None]


def _of_sea(water: BaseGeometry, seas: Sequence[Place], frame: Frame, gazetteer: Atlas) -> BaseGeometry:
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
    water: BaseGeometry, own: BaseGeometry, metres: float, frame: Frame, land: Place, seas: Sequence[Place]
) -> Located:
    xs, ys = shapes.grid(water)
    gaps = shapely.distance(shapely.points(xs, ys), own)
    weights = np.exp(-np.abs(gaps - metres) / metres)
    x, y = shapes.nearest_on(water, *shapes.median_point(xs, ys, weights))
    lats, lons = frame.to_degrees([x], [y])
    return Located(
        geometry=frame.globe(water),
        lat=float(lats[0]),
        lon=float(lons[0]),
        radius_m=shapes.quantile(np.hypot(xs - x, ys - y), weights),
        geo_precision="sea",
        countries=land.countries,
        reasons={"off": land.name, **({"sea": seas[0].name} if seas else {})},
    )


def valley(relation: Phrase, places: Sequence[Place], gazetteer: Atlas, countries: tuple[str, ...]) -> Located | None:
    """The stretch of a river or valley near a place; the whole where none is named."""
    if not places:
        return None
    if len(places) == 1:
        water = places[0].kind in WATERS
        return place_located(places[0], gazetteer=gazetteer) if water else near(relation, places, gazetteer, countries)
    river, place = places[0], places[1]
    shape = gazetteer.geometry(river.place_id)
    reach = VALLEY_REACH_M + radius_of(place)
    stretch = None if shape is None else shapes.within(shape, lat=place.lat, lon=place.lon, radius_m=reach)
    if stretch is None or stretch.is_empty:
        return near(relation, [place], gazetteer, countries)
    lon, lat = shapes.nearest_on(stretch, place.lon, place.lat)
    return Located(
        stretch, lat, lon, reach, "near", place.countries, reasons={"valley": river.name, "near": place.name}
    )
