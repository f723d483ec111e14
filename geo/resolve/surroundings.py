"""What the answers for the other names say of one: the town that holds a street, the land that has a north."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.toponyms.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.resolve.answers import Resolved

SURE = 0.5  # confidence from which a town may hold what the gazetteer lacks
AROUND = 20  # towns on either side of a name that are looked at
HOLDS = 0.75  # how often that town is the right one, measured on news
_TOWNS = frozenset({"settlement", "admin2"})


def with_towns(answers: Sequence[Resolved]) -> list[Resolved]:
    """The answers, in order of the text; streets and buildings without a place get the town that likely holds them.

    That is the nearest one in the text, a town named n times counting as n times nearer.
    """
    towns = [a for a in answers if a.place and a.place.kind in _TOWNS and a.score >= SURE and a.toponym.literal]
    if not towns:
        return list(answers)
    named = Counter(town.place.place_id for town in towns if town.place)
    return [_in_its_town(answer, towns, named) if _is_of_a_town(answer) else answer for answer in answers]


def _in_its_town(answer: Resolved, towns: Sequence[Resolved], named: Counter[str]) -> Resolved:
    def far(town: Resolved) -> float:
        return abs(town.toponym.start - answer.toponym.start) / named[town.place.place_id if town.place else ""]

    here = bisect_left(towns, answer.toponym.start, key=lambda town: town.toponym.start)
    town = min(towns[max(0, here - AROUND) : here + AROUND], key=far)
    return replace(answer, within=town.place, score=round(HOLDS * town.score, 4))


def without_strange_directions(answers: Sequence[Resolved]) -> list[Resolved]:
    """The answers; a mere direction, "the Eastern Region", has no place in a land that no other name speaks of."""
    mere = [_is_direction(answer) for answer in answers]
    named = {
        iso
        for answer, direction in zip(answers, mere, strict=True)
        if answer.place and not direction
        for iso in answer.place.countries
    }
    if not named:
        return list(answers)
    return [
        replace(answer, place=None, reasons={"a direction in another land": 1.0})
        if direction and answer.place and answer.place.countries and named.isdisjoint(answer.place.countries)
        else answer
        for answer, direction in zip(answers, mere, strict=True)
    ]


def _is_direction(answer: Resolved) -> bool:
    words = vocabulary()
    parts = answer.toponym.text.casefold().replace("-", " ").removeprefix("the ").split()
    pointing = sum(part in words.directions for part in parts)
    return pointing > 0 and all(part in words.directions or part in words.kind_after for part in parts)


def _is_of_a_town(answer: Resolved) -> bool:
    """Whether a name without a place says of itself that it is a street, a building or a ground."""
    words = answer.toponym.text.casefold().replace(".", " ").split()
    if answer.place is not None or answer.toponym.kind == "demonym" or not words:
        return False
    return not vocabulary().venues.isdisjoint(words) or (len(words) > 1 and any(map(str.isdigit, answer.toponym.text)))
