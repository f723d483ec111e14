"""Where in a text a shape can occur at all: each is tried only around a word that it cannot do without.

Trying every shape at every letter took four fifths of the time.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from geo.times.patterns import patterns
from geo.times.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_TOKEN = re.compile(r"[^\W\d_]+|\d+|(?<=\d)[-/.:](?=\d)")
_REACH = 100
"""Characters on both sides of such a word in which the whole expression lies, with what must not follow it."""
_SEEN_AHEAD = 25
"""What follows an expression decides too, so one that ends nearer to the end of what is searched does not count."""
_NUMBER_YEAR, _NUMBER_SHORT = "9999", "99"
"""How a number of as many digits is looked up."""


def matches(text: str) -> Iterator[tuple[int, str, re.Match[str]]]:
    """(preference, kind, match) of every pattern, in no order, overlapping ones too."""
    at = _positions(text)
    for rank, (kind, pattern) in enumerate(patterns()):
        for start, end in _windows(at.get(kind, ()), len(text)):
            for match in pattern.finditer(text, start, end):
                if match.end() <= end - _SEEN_AHEAD or end == len(text):
                    yield rank, kind, match


def _positions(text: str) -> Mapping[str, Sequence[int]]:
    """Kind → where the words stand that it needs, in order."""
    needed = _kinds_by_word()
    at: dict[str, list[int]] = {}
    for token in _TOKEN.finditer(text):
        word = token.group()
        for kind in needed.get("9" * len(word) if word.isdecimal() else word.lower(), ()):
            at.setdefault(kind, []).append(token.start())
    return at


def _windows(positions: Iterable[int], length: int) -> Iterator[tuple[int, int]]:
    """What lies around the positions, joined where it overlaps."""
    start = end = -1
    for position in positions:
        if position - _REACH > end:
            if end >= 0:
                yield start, end
            start = max(0, position - _REACH)
        end = min(length, position + _REACH)
    if end >= 0:
        yield start, end


@lru_cache(maxsize=1)
def _kinds_by_word() -> Mapping[str, tuple[str, ...]]:
    kinds: dict[str, list[str]] = {}
    for kind, words in _words_by_kind().items():
        for word in dict.fromkeys(words):
            kinds.setdefault(word, []).append(kind)
    return {word: tuple(found) for word, found in kinds.items()}


def _words_by_kind() -> dict[str, list[str]]:
    """Kind → words of which one stands in each of its expressions."""
    table = vocabulary()
    months, weekdays, clocks = list(table.months), list(table.weekdays), list(table.clocks)
    units = [f"{unit}{plural}" for unit in table.units for plural in ("", "s")]
    parts = [f"{part}{plural}" for part in (*table.parts, *clocks) for plural in ("", "s")]
    halves = ["am", "pm", "m"]
    day_parts = ["morning", "afternoon", "evening", "night"]
    decades = ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"]
    return {
        "iso": ["-"],
        "numeric": ["-", "/", "."],
        **dict.fromkeys(("day_month", "month_day", "days_month", "month_days", "month_year", "month"), months),
        "ordinal_day": ["st", "nd", "rd", "th"],
        "season": list(table.seasons),
        "holiday": _longest_words(table.holidays),
        "clock": [*halves, *day_parts, ":", "clock", "hours", "hrs", "gmt", "utc", "local"],
        "clock_date": months,
        "clock_word": clocks,
        **dict.fromkeys(("weekday", "weekday_last"), weekdays),
        "relative_day": ["today", "yesterday", "tomorrow"],
        "this_part": parts,
        "tonight": ["tonight", "overnight"],
        "part_alone": day_parts,
        "this_unit": [
            "week", "weekend", "fortnight", "month", "year", "quarter", "decade", "century", "summer", "yearend",
        ],
        "next_day": ["day", *day_parts],
        "ago": ["ago", "earlier"],
        "offset": ["earlier", "later", "before", "previously", "afterward", "afterwards"],
        **dict.fromkeys(("frame", "amount", "each"), units),
        "rate": ["times", "twice", "once"],
        "quarter": ["quarter"],
        "year_ago_quarter": ["year"],
        "latest_period": ["period"],
        "decade": [_NUMBER_YEAR, _NUMBER_SHORT, *decades],
        "century": ["century"],
        "year": [_NUMBER_YEAR],
        "spelled_year": ["nineteen", "thousand"],
        "reference": _longest_words(table.references),
        "set": list(table.sets),
    }  # fmt: skip


def _longest_words(phrases: Iterable[str]) -> list[str]:
    """Of each phrase the word that is least likely to stand elsewhere."""
    return [max(re.findall(r"[^\W\d_]+", phrase), key=len) for phrase in phrases]
