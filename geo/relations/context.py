"""The phrases of one text together: what they lean on, and which of them speak of one place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gazetteer.place import Place
from geo import sentences
from geo.relations.evidence import Clue, moved, refine
from geo.relations.frame import bearing_and_distance
from geo.relations.locate import locate
from geo.relations.narrowing import narrowed
from geo.relations.points import SITES, radius_of
from geo.relations.standing import standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.relations.located import Atlas, Located, Phrase
    from geo.toponyms import Relation

_JOINT = re.compile(
    r"(?:\s*\([^()]{0,40}\))?[\s,;]{0,4}(?:(?:and|or|as well as|but)\s{1,3})?(?:(?:is|lies|some)\s{1,3})?"
)
"""What stands between two phrases that speak of one place: "60 km from A and 14 km from B"."""

_PARTING = re.compile(
    r"[;:]|\b(?:and|or|but|while|from|to|towards?|said|told|which|who|where|when|after|before|as|than|against|like)\b",
    re.IGNORECASE,
)
"""What stands between two places that are not said to be one: "in Hesse and in western Germany"."""

DISAGREE = 2.0  # phrases whose points lie farther apart than this many of their radii speak of two places
CONTENT_WITH_LESS = frozenset(["border", "triborder", "valley", "off"])
"""Relations that mean something still when one of their places was not found."""

SHARED = 1_000_000  # a river of several countries says less about the country than any place of one
NARROW = frozenset(["distance", "near", "between", "road", "valley"])
NARROW_M = 150_000.0  # a phrase surer than this narrows a wider one beside it
NARROWED = frozenset(["part", "border"])
NARROWING = frozenset(["admin1", "admin2", "region", "settlement", "island", *SITES])
BESIDE = 80  # letters between a phrase and a place that is named with it
OUTSIDE = 10_000  # a country named in another sentence counts as this many letters farther off


def locate_all(
    text: str,
    relations: Sequence[Relation],
    places: Mapping[tuple[int, int], Place],
    *,
    gazetteer: Atlas,
    countries: Sequence[str] = (),
) -> list[Located | None]:
    """Where each phrase of a text points, None for those without an answer; same order.

    Beyond `locate`, a phrase leans on the countries named nearest to it, and phrases that stand side by side ("60 km
    north-west of A and 14 km south-west of B") are taken as clues to one place, which lies most likely in a town. The
    point of a part and of a border moves into the area that is named with it ("Hesse, in western Germany").

    Args:
        text: the text itself.
        relations: its phrases, in order, as `geo.toponyms.relations` reads them.
        places: what its toponyms were resolved to, by their spans; those without an answer left out.
        gazetteer: gives outlines, borders, neighbours and towns.
        countries: ISO 3166-1 alpha-2 codes that the text is about, to fall back on.
    """
    stand_on = [standing(text, relation, places, gazetteer=gazetteer, countries=countries) for relation in relations]
    found = [
        _alone(text, relation, stand, places, gazetteer=gazetteer, countries=countries)
        for relation, stand in zip(relations, stand_on, strict=True)
    ]
    used = {span for relation in relations for span in relation.toponyms}
    free = {span: place for span, place in places.items() if span not in used}
    for group in _groups(text, relations):
        area = _beside(text, relations[group[0]], free)
        _together(group, relations, stand_on, found, gazetteer, area)
    free |= {
        (relation.start, relation.end): _as_place(where)
        for relation, where in zip(relations, found, strict=True)
        if where is not None and relation.relation in NARROW and where.radius_m <= NARROW_M
    }
    for index, (relation, located) in enumerate(zip(relations, found, strict=True)):
        area = _beside(text, relation, free) if relation.relation in NARROWED else None
        if located is not None and area is not None:
            found[index] = narrowed(located, area, gazetteer=gazetteer)
    return found


def _alone(
    text: str,
    relation: Relation,
    stand: tuple[Place, ...],
    places: Mapping[tuple[int, int], Place],
    *,
    gazetteer: Atlas,
    countries: Sequence[str],
) -> Located | None:
    if len(stand) < len(relation.toponyms) and relation.relation not in CONTENT_WITH_LESS:
        return None
    context = (*nearest_countries(text, relation, places), *countries)
    return locate(relation, stand, gazetteer=gazetteer, countries=context)


def nearest_countries(text: str, relation: Relation, places: Mapping[tuple[int, int], Place]) -> tuple[str, ...]:
    """The countries of the places named round a phrase, the nearest first, those of its own sentence before others."""
    start, end = sentences.at(text, relation.start)
    ranked = []
    for (first, last), place in places.items():
        if (first, last) in relation.toponyms:
            continue
        gap = relation.start - last if last <= relation.start else first - relation.end
        outside = 0 if start <= first < end else OUTSIDE
        shared = 0 if len(place.countries) == 1 else SHARED
        ranked += [(shared + outside + gap, code) for code in place.countries]
    return tuple(dict.fromkeys(code for _, code in sorted(ranked, key=lambda pair: pair[0])))


def _as_place(located: Located) -> Place:
    """Where a finer phrase points, to narrow a wider one: "30 km west of Goma, in the country's east"."""
    return Place("", located.name, "settlement", located.lat, located.lon, located.countries, radius_m=located.radius_m)


def _beside(text: str, relation: Relation, places: Mapping[tuple[int, int], Place]) -> Place | None:
    """The smallest place that is named with a phrase as what lies there too: "Hesse, in western Germany"."""
    start, end = sentences.at(text, relation.start)
    near = [
        place
        for (first, last), place in places.items()
        if start <= first and last <= end and (first, last) not in relation.toponyms and place.kind in NARROWING
        if _joined(text[last : relation.start] if last <= relation.start else text[relation.end : first])
    ]
    return min(near, key=radius_of, default=None)


def _joined(between: str) -> bool:
    return len(between) <= BESIDE and _PARTING.search(between) is None


def _groups(text: str, relations: Sequence[Relation]) -> list[list[int]]:
    """Positions of phrases that stand side by side, and of those that stand alone."""
    groups: list[list[int]] = []
    for index, relation in enumerate(relations):
        if groups and _JOINT.fullmatch(text[relations[index - 1].end : relation.start]):
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def _together(
    group: Sequence[int],
    relations: Sequence[Phrase],
    stand_on: Sequence[tuple[Place, ...]],
    found: list[Located | None],
    gazetteer: Atlas,
    area: Place | None,
) -> None:
    """Move the answers of a group to where all its clues leave them; those that disagree, each by itself."""
    clues = {i: Clue(relations[i], stand_on[i]) for i in group if found[i] is not None}
    clues = {i: clue for i, clue in clues.items() if clue.usable}
    first = dict(zip(clues, (found[i] for i in clues), strict=True))
    for index, base in first.items():
        agreeing = [i for i, other in first.items() if base and other and _agree(base, other)]
        sharpest = first[min(agreeing, key=lambda i: clues[i].reach_m)]
        if base is not None and sharpest is not None:
            refined = refine(sharpest, [clues[i] for i in agreeing], gazetteer=gazetteer, area=area)
            found[index] = moved(base, refined)


def _agree(one: Located, other: Located) -> bool:
    _, apart = bearing_and_distance(lat=one.lat, lon=one.lon, to_lat=other.lat, to_lon=other.lon)
    return apart <= DISAGREE * (one.radius_m + other.radius_m)
