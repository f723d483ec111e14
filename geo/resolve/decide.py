"""Choose: weigh every candidate by its features, let the choices vote for one another, keep the reasons."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from gazetteer.sphere import distance_m
from geo.resolve.answers import Resolved
from geo.resolve.features import FEATURES, tabulate, with_context
from geo.resolve.manner import manner
from geo.resolve.names import gather
from geo.resolve.surroundings import with_towns, without_strange_directions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from gazetteer.place import Place
    from geo.resolve.features import Table
    from geo.resolve.names import Find, Group, Names
    from geo.toponyms import Toponym

    Floats = NDArray[np.float64]

ROUNDS = 3  # how often the choices vote for one another
ALTERNATIVES = 4  # runners-up that are kept
NO_VOTE = -50.0  # log odds of "none of these" while candidates vote: it has no place to vote for
LIKELY_ENOUGH = 0.05  # a town has at least this share of the chance of the area that is called after it
SAME_M = 25_000.0  # what lies so near is one place on a map
SMALLEST_AREA_M, MARGIN = 30_000.0, 1.2  # an area reaches at least so far, and about so much farther than its radius
_AREAS = frozenset({"admin1", "admin2", "region"})
_WIDE = frozenset({"country", "continent"})
_AS_HINTED = {"admin1": "admin1", "region": "admin1", "admin2": "admin2", "settlement": "settlement"}
_OF_ONE_NAME = frozenset({"admin1", "admin2", "settlement"})
_NAMED = frozenset({"exact", "alternate"})
WORTH_TELLING = 0.05  # a feature that moves the odds by less is no reason


def resolve(
    text: str,
    toponyms: Sequence[Toponym],
    *,
    find: Find,
    context: Sequence[Toponym] = (),
    countries: Collection[str] = (),
    published: dt.date | None = None,
) -> list[Resolved]:
    """Give each toponym its place: one answer a toponym, in the same order; pure given `find`.

    Args:
        text: the document, which the toponyms' offsets count in.
        toponyms: in order of the text.
        find: `Gazetteer.find`.
        context: other toponyms of the text: they tell where it speaks of, and get no answer.
        countries: ISO 3166-1 alpha-2 codes where the report was published, where known; else its manner tells them.
        published: the day of publication. Names that changed with time are not told apart yet.
    """
    del published
    if not toponyms:
        return []
    every = sorted([*toponyms, *context], key=lambda toponym: toponym.start)
    names = gather(text, every, find=find)
    table = tabulate(names, countries=dict.fromkeys(countries, 1.0) or manner(text))
    rows, chances = settle(table, names, weights())
    answers = {
        (number, hint): _answer(number, names, table, rows, chances, hint=hint)
        for number, hint in dict.fromkeys(zip(names.of, (toponym.kind for toponym in every), strict=True))
    }
    told = [replace(answers[g, toponym.kind], toponym=toponym) for toponym, g in zip(every, names.of, strict=True)]
    told = with_towns(without_strange_directions(told))
    answer_of = {id(answer.toponym): answer for answer in told}
    return [answer_of[id(toponym)] for toponym in toponyms]


def settle(table: Table, names: Names, weight: Floats) -> tuple[Floats, Floats]:
    """Rows of features and the chance of each row within its group, after the choices have voted for one another."""
    rows = table.base
    real = np.asarray([place is not None for place in table.places])
    for _ in range(ROUNDS):
        votes = _within_group(table, np.where(real, rows @ weight, NO_VOTE))
        rows = with_context(table, names, votes * real)
    return rows, _within_group(table, rows @ weight)


def _within_group(table: Table, odds: Floats) -> Floats:
    """Softmax over the rows of each group."""
    groups = int(table.group.max()) + 1
    most = np.full(groups, -np.inf)
    np.maximum.at(most, table.group, odds)
    raised = np.exp(odds - most[table.group])
    total = np.zeros(groups)
    np.add.at(total, table.group, raised)
    return np.asarray(raised / total[table.group])


def _answer(number: int, names: Names, table: Table, rows: Floats, chances: Floats, *, hint: str) -> Resolved:
    """The choice for the mentions of one group with one hint of their kind; the caller fills in the toponym."""
    group = names.groups[number]
    first = int(np.searchsorted(table.group, number))
    mine = chances[first : first + len(group.candidates) + 1]
    order = np.argsort(-mine, kind="stable").tolist()
    told = _as_hinted(group, order, hint)
    best = _usual_reading(group, mine, order[0]) if told is None else told
    others = tuple(
        replace(group.candidates[k], score=round(float(mine[k]), 4))
        for k in order
        if k not in {best, len(group.candidates)}
    )
    none = best == len(group.candidates)
    return Resolved(
        toponym=None,  # type: ignore[arg-type]  # one answer serves every mention
        place=None if none else group.candidates[best].place,
        score=round(float(mine[best]) if none else _sure(group, mine, best), 4),
        reasons=_reasons(rows[first + best]) if group.candidates else {"not in the gazetteer": 1.0},
        alternatives=others[:ALTERNATIVES],
    )


def _sure(group: Group, chances: Floats, best: int) -> float:
    """The chance that the answer is right on a map: its own, and that of what lies there, in it or around it."""
    place = group.candidates[best].place
    if place.kind in _WIDE:
        return float(chances[best])
    there = (
        chance
        for candidate, chance in zip(group.candidates, chances.tolist(), strict=False)
        if candidate.place.kind not in _WIDE and _is_there(candidate.place, place, group.name)
    )
    return float(min(1.0, sum(there)))


def _is_there(one: Place, other: Place, name: str) -> bool:
    if _called_after(one, other, name) or _called_after(other, one, name):
        return True
    return distance_m(one.lat, one.lon, other.lat, other.lon) <= SAME_M


def _as_hinted(group: Group, order: Sequence[int], hint: str) -> int | None:
    """The area of "the Bryansk region", the town of "the town of Remada", where the choice is the other of the two."""
    wanted = _AS_HINTED.get(hint)
    if wanted is None or order[0] == len(group.candidates):
        return None
    first = group.candidates[order[0]].place
    if first.kind not in _OF_ONE_NAME or first.kind == wanted or not first.admin1_code:
        return None
    others = (n for n in order if n < len(group.candidates) and group.candidates[n].how in _NAMED)
    return next((n for n in others if _is_its_other(group.candidates[n].place, first, wanted)), None)


def _is_its_other(place: Place, first: Place, wanted: str) -> bool:
    return place.kind == wanted and place.admin1_code == first.admin1_code


def _usual_reading(group: Group, chances: Floats, best: int) -> int:
    """What a bare name means in news: the town that an area is called after ("Kharkiv"), the country ("Mexico").

    Only where the town is not all but ruled out: a bare "Kansas" is the state.
    """
    if best == len(group.candidates) or group.hints & _AREAS:
        return best
    bare, place = group.name.casefold().removeprefix("the "), group.candidates[best].place
    if place.kind == "settlement" and place.name.casefold() != bare:
        lands = (n for n, one in enumerate(group.candidates) if one.place.kind == "country")
        return next((n for n in lands if group.candidates[n].place.name.casefold() == bare), best)
    towns = (n for n, one in enumerate(group.candidates) if _called_after(place, one.place, bare))
    return next((n for n in towns if chances[n] >= LIKELY_ENOUGH * chances[best]), best)


def _called_after(area: Place, town: Place, name: str) -> bool:
    """Whether an area bears the name of a town in it."""
    if area.kind not in _AREAS or town.kind != "settlement" or not area.admin1_code == town.admin1_code != "":
        return False
    names = {name.casefold().removeprefix("the "), area.name.casefold()}
    reach = max(area.radius_m, SMALLEST_AREA_M) * MARGIN
    return town.name.casefold() in names and distance_m(area.lat, area.lon, town.lat, town.lon) <= reach


def _reasons(row: Floats) -> dict[str, float | str]:
    added = row * weights()
    order = np.argsort(-np.abs(added), kind="stable").tolist()
    return {FEATURES[k]: round(float(added[k]), 3) for k in order if abs(added[k]) >= WORTH_TELLING}


@lru_cache(maxsize=1)
def weights() -> Floats:
    """The learned weight of each feature, in the order of `FEATURES`."""
    table = tomllib.loads((files("geo.resolve") / "weights.toml").read_text(encoding="utf-8"))
    learned = table["weights"]
    missing = set(FEATURES) ^ set(learned)
    if missing:
        raise ValueError(f"weights.toml: features differ: {', '.join(sorted(missing))}. Run training/resolve.py")
    values = np.asarray([float(learned[name]) for name in FEATURES])
    values.setflags(write=False)
    return values
