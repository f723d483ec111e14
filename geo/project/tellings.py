"""Incidents put together and taken apart: what their tellings say then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.project.corrections import GROUPS, mark
from geo.project.rows import telling_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo.project.rows import Record

COUNTS = {"killed": "fatalities", "injured": "injured"}
"""The groups of counts, and what their columns begin with."""
_LISTS = ("actors", "targets", "weapons", "doc_ids")
_KNOWN_BY = {"place": "geometry", "dates": "date_start", "type": "sub_event_type"}
"""The column that tells whether a group is known."""


def joined_by_hand(one: Record, other: Record) -> Record:
    """One incident for two that a person holds for the same: the first one's values, and what it did not know."""
    made = together(one, other)
    for group, column in _KNOWN_BY.items():
        if not one[column] and other[column]:
            made |= {name: other[name] for name in GROUPS[group]}
            made |= {"place_text": other["place_text"]} if group == "place" else {}
    return made


def together(one: Record, other: Record) -> Record:
    """The first incident with the second one's tellings, names and counts."""
    known = {telling_key(source) for source in one["sources"]}
    made = {
        **one,
        "sources": [*one["sources"], *(source for source in other["sources"] if telling_key(source) not in known)],
        "event_count": max(one["event_count"] or 1, other["event_count"] or 1),
        "confidence": max(
            (part["confidence"] for part in (one, other) if part["confidence"] is not None), default=None
        ),
        "reasons": {**other["reasons"], **one["reasons"]},
    }
    for name in _LISTS:
        made[name] = _union([*one[name], *other[name]])
    for group, name in COUNTS.items():
        if mark(group) not in one["reasons"]:
            made |= _range(name, pooled([_pair(one, name), _pair(other, name)]))
    return made


def _union(names: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return list(found.values())


def tallied(record: Record) -> Record:
    """The record with the counts that its tellings give, where a person gave none."""
    made = dict(record)
    for group, name in COUNTS.items():
        if mark(group) not in record["reasons"]:
            made |= _range(name, pooled(told_counts(record["sources"], name)))
    return made


def told_counts(sources: Iterable[Mapping[str, Any]], name: str) -> list[tuple[int | None, int | None]]:
    """The killed or injured as each telling has them."""
    found = (source.get(name) for source in sources)
    return [
        (one[0], one[1])
        for one in found
        if isinstance(one, list) and len(one) == 2 and all(part is None or isinstance(part, int) for part in one)  # noqa: PLR2004  # least and most
    ]


def pooled(told: Iterable[tuple[int | None, int | None]]) -> tuple[int | None, int | None]:
    """One range for several; unknown where none tells."""
    known = [pair for pair in told if pair != (None, None)]
    lows = [low for low, _ in known if low is not None]
    highs = [high for _, high in known if high is not None]
    return min(lows, default=None), max([*highs, *lows], default=None) if highs else None


def _pair(record: Record, name: str) -> tuple[int | None, int | None]:
    return record[f"{name}_min"], record[f"{name}_max"]


def _range(name: str, pair: tuple[int | None, int | None]) -> dict[str, int | None]:
    return {f"{name}_min": pair[0], f"{name}_max": pair[1]}
