"""What a name says of itself: `Toledo, Spain`, `village of X in Y district`, `X province`, `border between X and Y`."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

MAX_LENGTH = 200
"""Longer texts are no names."""

_SEPARATOR = re.compile(r"\s*[,;()،、]\s*")
_IN = re.compile(r"\s+(?:in|near|within|outside)\s+(?:the\s+)?", re.IGNORECASE)
_BORDER_WORD = r"(?:border|frontier|boundary|borderlands?|borders)"
_BORDER_SIGN = re.compile("border|frontier|boundary", re.IGNORECASE)
_ONE, _OTHER = "(?P<a>[^,]{2,60}?)", "(?P<b>[^,]{2,60}?)"
_BORDER = tuple(
    re.compile(rf"(?:the )?{form}(?: area| region)?", re.IGNORECASE)
    for form in (
        rf"{_ONE}\s*(?:[-–—/]| and )\s*{_OTHER} {_BORDER_WORD}",
        rf"{_BORDER_WORD} (?:area )?(?:between|of|shared by) {_ONE} (?:and|with) {_OTHER}",
        rf"{_ONE}(?:['’]s?)? {_BORDER_WORD} (?:area )?with {_OTHER}",
    )
)


@dataclass(frozen=True, slots=True)
class Feature:
    """A word for a kind of place, such as `province`: the kinds that it may mean, and whether it leads or trails."""

    kinds: frozenset[str]
    leading: bool
    trailing: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A name taken apart: the head that names the place, kinds that its words give, areas that it lies in."""

    head: str
    kinds: frozenset[str] = frozenset()
    within: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def feature_words() -> dict[str, Feature]:
    """Read `feature_words.csv` by word."""
    path = Path(__file__).parents[1] / "feature_words.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(line for line in stream if not line.startswith("#"))
        return {
            row["word"]: Feature(frozenset(row["kinds"].split(";")), "l" in row["stands"], "t" in row["stands"])
            for row in rows
        }


def is_composed(name: str) -> bool:
    """Whether a name says where the place lies: after a comma, in brackets, after "in"."""
    return bool(_SEPARATOR.search(name) or _IN.search(name))


def border_of(name: str) -> tuple[str, str] | None:
    """The two names of `X-Y border` and its like; None for any other name."""
    if len(name) > MAX_LENGTH or not _BORDER_SIGN.search(name):
        return None
    for pattern in _BORDER:
        found = pattern.fullmatch(name.strip())
        if found:
            return found["a"].strip(), found["b"].strip()
    return None


def take_apart(name: str) -> list[Query]:
    """Readings of a name, the plainest first; the name as it stands is not among them."""
    if len(name) > MAX_LENGTH:
        return []
    parts = [part for part in _SEPARATOR.split(name.strip()) if part]
    if not parts:
        return []
    inner = _IN.split(parts[0], maxsplit=2)
    within = (*inner[1:], *parts[1:])
    bare, kinds = strip_feature(inner[0])
    readings = [Query(inner[0], frozenset(), within)] if within else []
    if kinds:
        readings.append(Query(bare, kinds, within))
    return readings


def strip_feature(name: str) -> tuple[str, frozenset[str]]:
    """Take a word for the kind of place off a name: `Anbar province`, `the village of X`, `Lake Y`."""
    words = name.split()
    lowered = [word.lower().strip(".") for word in words]
    if lowered[:1] == ["the"]:
        words, lowered = words[1:], lowered[1:]
    table = feature_words()
    for size in (2, 1):
        if len(words) <= size:
            continue
        last = table.get(" ".join(lowered[-size:]))
        if last and last.trailing:
            return " ".join(words[:-size]), last.kinds
        first = table.get(" ".join(lowered[:size]))
        if first and first.leading:
            rest = words[size + 1 :] if lowered[size] == "of" and len(words) > size + 1 else words[size:]
            return " ".join(rest), first.kinds
    return name, frozenset()
