"""Numbers of people as tables tell them: 12, 10-15, 5+, at least 3, up to 20, 1,200."""

from __future__ import annotations

import re
from functools import lru_cache

Interval = tuple[int | None, int | None]
"""At least, at most; None where open."""

_WHOLE = r"(\d{1,3}(?:[,. '\u00a0\u202f]\d{3}){1,2}|\d{1,9})(?:[.,]0{1,3})?"
_ONE = re.compile(rf"(?:~|≈|ca?\.|circa|about|around|approx\.?|approximately)?\s?{_WHOLE}\Z", re.IGNORECASE)
_RANGE = re.compile(rf"(?:between\s)?{_WHOLE}\s?(?:-|–|—|to|and|bis|à|a)\s?{_WHOLE}\Z", re.IGNORECASE)
_LEAST = re.compile(
    rf"(?:at least|min\.?|minimum|≥|>=|over|more than|no fewer than|mindestens|au moins|al menos|не менее|>)"
    rf"\s?{_WHOLE}\Z"
    rf"|{_WHOLE}\s?(?:\+|or more|plus)\Z",
    re.IGNORECASE,
)
_MOST = re.compile(
    rf"(?:up to|at most|max\.?|maximum|≤|<=|no more than|fewer than|less than|bis zu|jusqu'à|hasta|до|<)\s?{_WHOLE}\Z",
    re.IGNORECASE,
)
_MORE_THAN = re.compile(r"\s*(?:>(?!=)|over\b|more than\b)", re.IGNORECASE)
_LESS_THAN = re.compile(r"\s*(?:<(?!=)|fewer than\b|less than\b)", re.IGNORECASE)
_LONGEST = 40


@lru_cache(maxsize=100_000)
def interval(cell: str) -> Interval | None:
    """The interval that a cell tells; None where it tells none."""
    text = " ".join(cell[: _LONGEST + 1].split())
    if len(text) > _LONGEST:
        return None
    if match := _ONE.match(text):
        value = _int(match[1])
        return value, value
    if match := _RANGE.match(text):
        low, high = _int(match[1]), _int(match[2])
        return (low, high) if low <= high else None
    if match := _LEAST.match(text):
        return _int(match[1] or match[2]) + bool(_MORE_THAN.match(text)), None
    if match := _MOST.match(text):
        return None, max(0, _int(match[1]) - bool(_LESS_THAN.match(text)))
    return None


def _int(text: str) -> int:
    return int(re.sub(r"[^\d]", "", text))
