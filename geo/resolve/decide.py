"""Choose: weigh every candidate by its features, let the choices vote for one another, keep the reasons."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from geo.resolve.features import FEATURES, tabulate, with_context
from geo.resolve.names import gather

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from gazetteer.place import Place
    from gazetteer.store import Candidate
    from geo.resolve.features import Table
    from geo.resolve.names import Find, Group, Names
    from geo.toponyms import Toponym

    Floats = NDArray[np.float64]

ROUNDS = 3  # how often the choices vote for one another
ALTERNATIVES = 4  # runners-up that are kept
NO_VOTE = -50.0  # log odds of "none of these" while candidates vote: it has no place to vote for
ABOUT_AS_LIKELY = 0.6  # a town has at least this share of the chance of the area that is called after it
WORTH_TELLING = 0.05  # a feature that moves the odds by less is no reason


@dataclass(frozen=True, slots=True)
class Resolved:
    """A toponym and the place it means, None where the gazetteer does not seem to have it.

    `score` is the chance, 0 to 1, that this is right; `reasons` are the features that decided, each with what it added
    to the log odds; `alternatives` are the other candidates, the runner-up first, with their chances as scores.
    """

    toponym: Toponym
    place: Place | None
    score: float
    reasons: Mapping[str, float | str] = field(default_factory=dict)
    alternatives: tuple[Candidate, ...] = ()


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
        countries: ISO 3166-1 alpha-2 codes where the report was published, where known.
        published: the day of publication. Names that changed with time are not told apart yet.
    """
    del published
    if not toponyms:
        return []
    every = sorted([*toponyms, *context], key=lambda toponym: toponym.start)
    names = gather(text, every, find=find)
    table = tabulate(names, countries=countries)
    rows, chances = settle(table, names, weights())
    asked = {id(toponym) for toponym in toponyms}
    groups = [group for toponym, group in zip(every, names.of, strict=True) if id(toponym) in asked]
    answers = {number: _answer(number, names, table, rows, chances) for number in set(groups)}
    return [replace(answers[group], toponym=toponym) for toponym, group in zip(toponyms, groups, strict=True)]


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


def _answer(number: int, names: Names, table: Table, rows: Floats, chances: Floats) -> Resolved:
    """The choice for one group; the toponym is filled in by the caller."""
    group = names.groups[number]
    first = int(np.searchsorted(table.group, number))
    mine = chances[first : first + len(group.candidates) + 1]
    order = np.argsort(-mine, kind="stable").tolist()
    best = _town_before_area(group, mine, order[0])
    others = tuple(
        replace(group.candidates[k], score=round(float(mine[k]), 4))
        for k in order
        if k not in {best, len(group.candidates)}
    )
    none = best == len(group.candidates)
    return Resolved(
        toponym=None,  # type: ignore[arg-type]  # one answer serves every mention
        place=None if none else group.candidates[best].place,
        score=round(float(mine[best]), 4),
        reasons=_reasons(rows[first + best]) if group.candidates else {"not in the gazetteer": 1.0},
        alternatives=others[:ALTERNATIVES],
    )


def _town_before_area(group: Group, chances: Floats, best: int) -> int:
    """The town that gave an area its name, where nothing tells the two apart: a bare "Kharkiv" is the city."""
    areas = {"admin1", "admin2", "region"}
    if best == len(group.candidates) or group.hints & areas or group.candidates[best].place.kind not in areas:
        return best
    area = group.candidates[best].place
    for number, candidate in enumerate(group.candidates):
        place = candidate.place
        inside = place.kind == "settlement" and place.admin1_code == area.admin1_code and place.admin1_code
        if inside and chances[number] >= ABOUT_AS_LIKELY * chances[best]:
            return number
    return best


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
