"""The places a phrase stands on: as they were resolved, mended where the phrase itself knows better."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geo.relations.frame import bearing_and_distance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gazetteer.place import Place
    from geo.relations.located import Atlas
    from geo.toponyms import Relation

_TOWN = re.compile(r"\b(?:city|town|village|port|outskirts|suburbs?|edge)\b", re.IGNORECASE)
PAIRS = frozenset(["between", "road"])
MENDED = frozenset(["distance", "near", "off", "part", *PAIRS])
FAR_M = 600_000.0  # nobody says that something lies between two towns farther apart, where nearer ones bear the names
NEARER = 0.2  # a pair must be this much nearer together to take the place of what was resolved
FEW = 8  # candidates that are looked at
WITHIN = 1.5  # radii of a province from its point: there its town lies
CLEAR = 3.0  # a name's first place has so many times the people of its second: then the name needs no context


def standing(
    text: str,
    relation: Relation,
    places: Mapping[tuple[int, int], Place],
    *,
    gazetteer: Atlas,
    countries: Sequence[str] = (),
) -> tuple[Place, ...]:
    """The places of a phrase's toponyms, in order, those that cannot be told left out.

    A name that was left open is looked up again, for a name in such a phrase is a place. The two ends of a road are
    namesakes near to each other, where what was resolved lies a continent apart.
    """
    found = [places.get(span) for span in relation.toponyms]
    names = [text[start:end] for start, end in relation.toponyms]
    if relation.relation in PAIRS and len(names) == 2:  # noqa: PLR2004
        found = _pair(names, found, gazetteer)
    if relation.relation in MENDED:
        found = [place or _clear(name, gazetteer, countries) for name, place in zip(names, found, strict=True)]
    if relation.distance_m is not None or relation.relation in PAIRS or _TOWN.search(relation.text):
        found = [place and _town_of(name, place, gazetteer) for name, place in zip(names, found, strict=True)]
    return tuple(place for place in found if place is not None)


def _town_of(name: str, place: Place, gazetteer: Atlas) -> Place:
    """The town that gave a province its name: distances are told from towns."""
    if place.kind not in {"admin1", "admin2"} or len(place.countries) != 1:
        return place
    found = gazetteer.find(
        name, country=place.countries, near=(place.lat, place.lon), kind="settlement", limit=FEW, fuzzy=False
    )
    towns = [one.place for one in found if one.place.kind == "settlement" and one.place.countries == place.countries]
    inside = [town for town in towns if _apart(town, place) <= WITHIN * place.radius_m]
    return max(inside, key=lambda town: town.population, default=place)


def _pair(names: Sequence[str], found: Sequence[Place | None], gazetteer: Atlas) -> list[Place | None]:
    first, second = found
    before = _apart(first, second) if first and second else None
    if before is not None and before <= FAR_M:
        return list(found)
    firsts, seconds = (_candidates(name, other, gazetteer) for name, other in zip(names, (second, first), strict=True))
    pairs = [(_apart(one, two), one, two) for one in firsts for two in seconds if one.place_id != two.place_id]
    if not pairs:
        return list(found)
    best = min(pairs, key=lambda pair: pair[0])
    return [best[1], best[2]] if best[0] <= min(FAR_M, NEARER * before if before else FAR_M) else list(found)


def _candidates(name: str, other: Place | None, gazetteer: Atlas) -> list[Place]:
    near = (other.lat, other.lon) if other else None
    return [candidate.place for candidate in gazetteer.find(name, near=near, limit=FEW, fuzzy=False)]


def _clear(name: str, gazetteer: Atlas, countries: Sequence[str]) -> Place | None:
    """The place of a name that needs no context, or that the text's countries decide."""
    found = [candidate.place for candidate in gazetteer.find(name, limit=FEW, fuzzy=False)]
    at_home = [place for place in found if set(place.countries) & set(countries)]
    if not found or (countries and not at_home):
        return None
    first, *others = at_home or found
    rivals = [place for place in others if place.kind == first.kind]
    return first if all(first.population >= CLEAR * rival.population for rival in rivals) else None


def _apart(one: Place, other: Place) -> float:
    return bearing_and_distance(lat=one.lat, lon=one.lon, to_lat=other.lat, to_lon=other.lon)[1]
