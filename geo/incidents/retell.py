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
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from geo.incidents.incident import Incident

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
    for key in (*_block_keys(incident, slack=0), *(("name", name) for name in incident.names & rare.keys())):
        block = blocks.setdefault(key, [])
        if not any(other is incident for other in block[-_RECENT:]):
            block.append(incident)


def _retold(incident: Incident, blocks: dict[Key, list[Incident]], rare: Rare) -> Found | None:
    """The incident told before that this one tells again, with what spoke for it; None where there is none."""
    seen: set[int] = set()
    best: tuple[float, Incident, dict[str, float]] | None = None
    reports = {mention.order for mention in incident.mentions}
    for key in (*_block_keys(incident, slack=1), *(("name", name) for name in sorted(incident.names & rare.keys()))):
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
    if one.spot and other.spot and min(one.spot.rank, other.spot.rank) >= _COUNTRY_RANK:
        found.append("both_coarse")
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


def _block_keys(incident: Incident, *, slack: int) -> Iterator[Key]:
    """(day, cell) for precise places, (day, country) for all; `slack` adds the days and cells around."""
    spot, first, last = incident.spot, incident.first, incident.last
    if spot is None or first is None or last is None:
        return
    days = _days(first, last, slack)
    for day, code in product(days, spot.countries[:_MOST_COUNTRIES] or ("",)):
        yield (day, code)
    if spot.rank <= _PRECISE_RANK:
        row, column = int(spot.lat // _CELL_DEGREES), int(spot.lon // _CELL_DEGREES)
        around = range(-slack, slack + 1)
        for day, dy, dx in product(days, around, around):
            yield (day, row + dy, column + dx)


def _days(first: dt.date, last: dt.date, slack: int) -> Sequence[int]:
    """The day numbers of the interval, the first ones of a long one, and `slack` days around."""
    length = min((last - first).days, _MOST_DAYS)
    return range(first.toordinal() - slack, first.toordinal() + length + slack + 1)
