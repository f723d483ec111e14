"""Bare places and single points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from geo.relations.located import Located

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gazetteer.place import Place
    from geo.relations.located import Atlas

DEFAULT_RADIUS_M = {
    "settlement": 3_000.0, "admin1": 60_000.0, "admin2": 25_000.0, "country": 250_000.0, "region": 100_000.0,
}  # fmt: skip
"""Half-width of a place by kind, where the gazetteer knows none."""
OTHER_RADIUS_M = 2_000.0

SITES = frozenset(["airfield", "base", "camp", "crossing", "dam", "refinery", "site"])
PRECISION = {
    "country": "country", "admin1": "admin1", "admin2": "admin2", "settlement": "settlement", "sea": "sea",
    "border": "border", **dict.fromkeys(SITES, "site"),
}  # fmt: skip
"""What `geo_precision` a bare place has, by kind; every other kind is a region."""


def place_located(place: Place, *, gazetteer: Atlas) -> Located:
    """The same for a bare place: its outline where the gazetteer has one, else its point; its own radius."""
    shape = gazetteer.geometry(place.place_id)
    return Located(
        geometry=shape if shape is not None and not shape.is_empty else shapely.Point(place.lon, place.lat),
        lat=place.lat,
        lon=place.lon,
        radius_m=radius_of(place),
        geo_precision=PRECISION.get(place.kind, "region"),
        countries=place.countries,
        name=place.name,
        reasons={"place": place.place_id},
    )


def radius_of(place: Place) -> float:
    """Half-width of a place in metres, by its kind where it is not known."""
    return place.radius_m or DEFAULT_RADIUS_M.get(place.kind, OTHER_RADIUS_M)


def point_near(
    lat: float, lon: float, radius_m: float, place: Place, gazetteer: Atlas, reasons: Mapping[str, float | str]
) -> Located:
    """A point with its radius, in the country it falls into (the reference's own where it falls into none)."""
    inside = _countries_of(lat, lon, place, gazetteer)
    return Located(
        geometry=shapely.Point(lon, lat),
        lat=lat,
        lon=lon,
        radius_m=radius_m,
        geo_precision="near",
        countries=inside,
        reasons={"from": place.name, **reasons},
    )


def _countries_of(lat: float, lon: float, place: Place, gazetteer: Atlas) -> tuple[str, ...]:
    """The countries whose land holds a point; at sea those of the place it is told from, not those of the far shore."""
    found = tuple(gazetteer.countries_at(lat=lat, lon=lon))
    if not found or set(found) & set(place.countries):
        return found or place.countries
    point = shapely.Point(lon, lat)
    outlines = ((code, gazetteer.geometry(f"country:{code}")) for code in found)
    ashore = tuple(code for code, outline in outlines if outline is not None and outline.intersects(point))
    return ashore or place.countries
