"""The places that a person can pick for an incident, as values of a correction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo.project.rows import to_wkb
from geo.relations import place_located
from geo.schema import SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gazetteer.place import Place
    from gazetteer.store import Gazetteer
    from geo.project.rows import Record

POINT_PRECISIONS = {"site": 250.0, "settlement": 2_500.0, "near": 10_000.0}
"""How exact a point on the map may be meant, and how far off it may be then, in metres."""
_MOST = 8
"""Places found by a name that was typed."""
_NAMED_WITHIN_M = 5_000.0
"""A point so near a town is named after it where nobody names it otherwise."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A place to pick: what it is called in a list, and the value of the correction (corrections.GROUPS)."""

    title: str
    place: Mapping[str, Any]


def choices(record: Record, *, gazetteer: Gazetteer, wanted: str = "") -> list[Choice]:
    """The runner-up places of an incident and those called `wanted`, each once; not the one where it is."""
    ids = [str(one.get("place_id") or "") for one in record["alternatives"]]
    known = [place for one in ids if one and (place := gazetteer.get(one)) is not None]
    found = gazetteer.find(wanted, country=record["country"] or None, limit=_MOST) if wanted.strip() else []
    places = {place.place_id: place for place in [*(candidate.place for candidate in found), *known]}
    places.pop(record["place_id"], None)
    return [of_place(place, gazetteer=gazetteer) for place in places.values()]


def of_place(place: Place, *, gazetteer: Gazetteer) -> Choice:
    """A place of the gazetteer, with its outline where it has one."""
    located = place_located(place, gazetteer=gazetteer)
    names = ", ".join(part for part in (place.admin1, _countries(place.countries, gazetteer)) if part)
    return Choice(
        f"{place.name} ({place.kind}) {names} {place.lat:.2f}, {place.lon:.2f}",
        {
            "place": place.name,
            "place_id": place.place_id,
            "kind": place.kind,
            "country": list(place.countries),
            "country_name": _countries(place.countries, gazetteer),
            "admin1": place.admin1,
            "geometry": to_wkb(located.geometry),
            "lat": located.lat,
            "lon": located.lon,
            "geo_precision": located.geo_precision,
            "radius_m": located.radius_m,
        },
    )


def of_point(lat: float, lon: float, *, gazetteer: Gazetteer, name: str = "", precision: str = "site") -> Choice:
    """A point on the map; its country and province are those that hold it, its name, where none is told, a near town's.

    Raises:
        KeyError: `precision` is none of POINT_PRECISIONS.
    """
    countries = gazetteer.countries_at(lat=lat, lon=lon)
    area = gazetteer.admin1_at(lat=lat, lon=lon)
    called = " ".join(name.split()) or next(_near(lat, lon, gazetteer), "")
    place = {
        "place": called,
        "place_id": "",
        "kind": "site" if precision == "site" else "settlement",
        "country": list(countries),
        "country_name": _countries(countries, gazetteer),
        "admin1": area.name if area is not None and set(area.countries) & set(countries) else "",
        "lat": lat,
        "lon": lon,
        "geo_precision": precision,
        "radius_m": POINT_PRECISIONS[precision],
    }
    return Choice(f"{called or 'a point'} {lat:.4f}, {lon:.4f}", place)


def _near(lat: float, lon: float, gazetteer: Gazetteer) -> Iterator[str]:
    for place, metres in gazetteer.nearest(lat=lat, lon=lon, kinds={"settlement"}):
        yield place.name if metres <= _NAMED_WITHIN_M else f"near {place.name}"


def _countries(codes: Sequence[str], gazetteer: Gazetteer) -> str:
    return SEPARATOR.join(gazetteer.country_name(code) for code in codes)
