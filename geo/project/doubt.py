"""How much an incident needs a person's eyes: the order of the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.project.tellings import COUNTS, told_counts

if TYPE_CHECKING:
    from collections.abc import Mapping

WEIGHTS = {
    "conflict": 2.0,  # people decided differently: first of all
    "unsure": 1.0,  # 1 - confidence, so what weighs most of what the machine says of itself
    "placeless": 0.4,  # not on the map at all
    "coarse": 0.2,  # a country, a region: perhaps the words tell more
    "dateless": 0.4,
    "long": 0.15,  # a month, a year
    "counts": 0.3,  # tellings give other numbers of killed or injured
    "typeless": 0.3,
    "deadly": 0.1,  # among equals, the graver first
}
"""What each reason to look adds to an incident's doubt."""
_UNKNOWN_CONFIDENCE = 0.5
_COARSE = frozenset(["country", "region", "border", "sea"])
_LONG = frozenset(["month", "year"])


def reasons_to_look(record: Mapping[str, Any], *, conflict: bool = False) -> dict[str, float]:
    """What speaks for looking at an incident, and how much, 0 to 1 each."""
    confidence = record["confidence"]
    found = {
        "conflict": float(conflict),
        "unsure": 1 - (_UNKNOWN_CONFIDENCE if confidence is None else confidence),
        "placeless": float(record["geometry"] is None),
        "coarse": float(record["geo_precision"] in _COARSE),
        "dateless": float(record["date_start"] is None),
        "long": float(record["date_precision"] in _LONG),
        "counts": float(any(len(set(told_counts(record["sources"], name))) > 1 for name in COUNTS.values())),
        "typeless": float(not record["sub_event_type"]),
        "deadly": float((record["fatalities_min"] or 0) > 0),
    }
    return {name: amount for name, amount in found.items() if amount}


def doubt(record: Mapping[str, Any], *, conflict: bool = False) -> float:
    """The weighted sum of the reasons to look: 0 for none, more for more."""
    found = reasons_to_look(record, conflict=conflict)
    return round(sum(WEIGHTS[name] * amount for name, amount in found.items()), 4)


def waits(record: Mapping[str, Any], *, conflict: bool = False) -> bool:
    """Whether a person should look at it: nobody has, or those who have do not agree."""
    return conflict or record["status"] in ("", "machine")
