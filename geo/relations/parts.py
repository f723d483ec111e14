"""Part of a country or another area: "eastern Syria", "the north of the country"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.relations import shapes
from geo.relations.located import Located
from geo.relations.points import radius_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from gazetteer.place import Place
    from geo.relations.frame import Frame
    from geo.relations.located import Atlas, Phrase

MIN_TOWNS = 5  # fewer do not tell where people live
TINY = 1e-12  # so that no patch of ground is quite impossible


def part(relation: Phrase, places: Sequence[Place], gazetteer: Atlas, countries: tuple[str, ...]) -> Located | None:
    """The part of a place that a direction names, with the likeliest point in it."""
    place = places[0] if places else _whole(countries, gazetteer)
    if place is None:
        return None
    shape = gazetteer.geometry(place.place_id)
    if shape is None or not shapes.has_area(shape):
        shape = shapes.circle(lat=place.lat, lon=place.lon, radius_m=radius_of(place))
    frame, land = shapes.centred(shape)
    piece = shapes.part(land, relation.direction)
    xs, ys, weights = people_and_ground(piece, frame, place, gazetteer)
    inner = "cent" in relation.text.lower()
    weights = weights * shapes.fit(xs, ys, relation.direction, shapes.mean_radius(land), inner=inner) + TINY
    x, y = shapes.nearest_on(piece, *shapes.median_point(xs, ys, weights))
    lats, lons = frame.to_degrees([x], [y])
    precision = "settlement" if place.kind == "settlement" else "region"
    return Located(
        geometry=frame.globe(piece),
        lat=float(lats[0]),
        lon=float(lons[0]),
        radius_m=shapes.quantile(np.hypot(xs - x, ys - y), weights),
        geo_precision="sea" if place.kind == "sea" else precision,
        countries=place.countries,
        reasons={"direction": relation.direction, "of": place.name},
    )


def _whole(countries: tuple[str, ...], gazetteer: Atlas) -> Place | None:
    """The country that "the country" means: the first of the context."""
    return gazetteer.country(countries[0]) if countries else None


def people_and_ground(
    piece: BaseGeometry, frame: Frame, place: Place, gazetteer: Atlas
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Points of a flat piece of a place with their weights: half of it even ground, half towns by their people."""
    xs, ys = shapes.grid(piece)
    weights = np.full(len(xs), 1 / len(xs))
    towns = gazetteer.towns(place.countries[0]) if len(place.countries) == 1 else ()
    if not towns:
        return xs, ys, weights
    town_xs, town_ys = frame.to_metres([town.lat for town in towns], [town.lon for town in towns])
    inside = shapes.holds(piece, town_xs, town_ys)
    if inside.sum() < MIN_TOWNS:
        return xs, ys, weights
    people = np.sqrt([max(town.population, 100) for town in towns])[inside]
    return np.r_[xs, town_xs[inside]], np.r_[ys, town_ys[inside]], np.r_[weights, people / people.sum()]
