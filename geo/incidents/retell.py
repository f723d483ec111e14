"""Incidents of many reports → one incident for all its tellings.

Near-linear: only incidents that share a day and a place's cell or country, or a rare name, are compared.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

from geo.incidents.alike import actor_features, count_features, place_feature, time_feature, type_feature
from geo.incidents.weights import total, weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geo.incidents.incident import Incident
    from geo.incidents.mention import Spot

_RECENT = 40
"""How many earlier incidents of a block an incident is compared with."""
_COUNTRY_RANK = 7
_PRECISE_RANK = 3
_CELL_DEGREES = 0.5
_MOST_DAYS = 10
_RARE = 10
"""A name that more incidents hold than this tells nothing."""
_TELLING = 100
"""A name that one in so many reports holds tells as much as a name can."""
_MOST_NAMES = 5.0
_MOST_COUNTRIES = 3

Key = tuple[object, ...]
Rare = dict[str, float]
Found = tuple["Incident", dict[str, float]]


def across_reports(incidents: Iterable[Incident]) -> list[Incident]:
    """One incident for all its tellings, the incidents given in order of their earliest source."""
    told = list(incidents)
    rare = _rare_names(told)
    kept: list[Incident] = []
    blocks: dict[Key, list[Incident]] = {}
    for incident in told:
        found = _retold(incident, blocks, rare)
        if found:
            found[0].join(incident, found[1])
        else:
            kept.append(incident)
        _file(found[0] if found else incident, blocks, rare)
    return kept


def _rare_names(told: Sequence[Incident]) -> Rare:
    """Names that few incidents hold, and how much each tells, 0 to 1: nothing where few reports are compared."""
    reports = {mention.order for incident in told for mention in incident.mentions}
    counts = Counter(name for incident in told for name in incident.names)
    return {
        name: max(0.0, min(1.0, math.log(len(reports) / count) / math.log(_TELLING)))
        for name, count in counts.items()
        if 1 < count <= _RARE
    }


def _file(incident: Incident, blocks: dict[Key, list[Incident]], rare: Rare) -> None:
    for key in (*_filed_under(incident), *(("name", name) for name in incident.names & rare.keys())):
        block = blocks.setdefault(key, [])
        if not any(other is incident for other in block[-_RECENT:]):
            block.append(incident)


def _retold(incident: Incident, blocks: dict[Key, list[Incident]], rare: Rare) -> Found | None:
    """The incident told before that this one tells again, with what spoke for it; None where there is none."""
    seen: set[int] = set()
    best: tuple[float, Incident, dict[str, float]] | None = None
    reports = {mention.order for mention in incident.mentions}
    for key in (*_looked_up(incident), *(("name", name) for name in sorted(incident.names & rare.keys()))):
        for other in reversed(blocks.get(key, [])[-_RECENT:]):
            if id(other) in seen or reports & {mention.order for mention in other.mentions}:
                continue
            seen.add(id(other))
            score, parts = total(features(other, incident, rare), "retelling")
            if score >= weights("retelling")["threshold"] and (best is None or score > best[0]):
                best = (score, other, {**parts, "score": score})
    return (best[1], best[2]) if best else None


def features(one: Incident, other: Incident, rare: Rare) -> list[tuple[str, float]]:
    """What speaks for and against two incidents of different reports being one."""
    if other.type_of is None:
        return []
    found = [type_feature(one, other.type_of), time_feature(one.first, one.last, other.first, other.last)]
    found.append(_place(one, other))
    found += count_features(one.fatalities, other.fatalities, "fatalities")
    found += count_features(one.injured, other.injured, "injured")
    found += actor_features(one, other.type_of)
    ranks = [incident.spot.rank for incident in (one, other) if incident.spot]
    if ranks and max(ranks) >= _COUNTRY_RANK:
        found.append("both_coarse" if len(ranks) > 1 and min(ranks) >= _COUNTRY_RANK else "one_coarse")
    if _is_series(one) != _is_series(other):
        found.append("series")
    shared = sum(rare[name] for name in one.names & other.names & rare.keys())
    return [*((name, 1.0) for name in found if name), ("same_names", min(_MOST_NAMES, shared))]


def _place(one: Incident, other: Incident) -> str:
    """How the places lie; one that its sentence does not tell cannot set two incidents apart."""
    name = place_feature(one.spot, other.spot)
    told = all(incident.place_of and incident.place_of.told_place for incident in (one, other))
    return name if told or name not in ("disjoint_place", "apart_place") else "weakly_disjoint_place"


def _is_series(incident: Incident) -> bool:
    return any(mention.event.event_count > 1 for mention in incident.mentions)


def _filed_under(incident: Incident) -> Iterator[Key]:
    """The blocks an incident is filed in: its days with its cell, or with its countries where it is coarse."""
    spot = incident.spot
    for day in _days(incident, 0):
        if spot is not None and spot.rank <= _PRECISE_RANK:
            yield ("cell", day, *_cell(spot))
        for code in _codes(spot):
            yield ("any", day, code)
            if spot is not None and spot.rank > _PRECISE_RANK:
                yield ("coarse", day, code)


def _looked_up(incident: Incident) -> Iterator[Key]:
    """The blocks its retellings may be in, a day and a cell around: precise ones need not meet all of their country."""
    spot = incident.spot
    precise = spot is not None and spot.rank <= _PRECISE_RANK
    for day in _days(incident, 1):
        for code in _codes(spot):
            yield ("coarse" if precise else "any", day, code)
        if spot is not None and precise:
            row, column = _cell(spot)
            for dy, dx in product((-1, 0, 1), repeat=2):
                yield ("cell", day, row + dy, column + dx)


def _cell(spot: Spot) -> tuple[int, int]:
    return int(spot.lat // _CELL_DEGREES), int(spot.lon // _CELL_DEGREES)


def _codes(spot: Spot | None) -> tuple[str, ...]:
    return (spot.countries[:_MOST_COUNTRIES] or ("",)) if spot else ()


def _days(incident: Incident, slack: int) -> Sequence[int]:
    """The day numbers of the interval, the first ones of a long one, and `slack` days around."""
    first, last = incident.first, incident.last
    if first is None or last is None:
        return ()
    length = min((last - first).days, _MOST_DAYS)
    return range(first.toordinal() - slack, first.toordinal() + length + slack + 1)
