"""The words that tell an incident: rare ones, names and ages that two tellings share say that they are of one."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from geo import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
_SPELLED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_AGE = re.compile(
    rf"\b(\d{{1,3}}|{'|'.join(_SPELLED)})[- ]years?[- ]old\b|\bage[sd]?\s(\d{{1,3}})\b|[a-z],\s(\d{{1,2}})(?=[,.])",
    re.IGNORECASE,
)
_MOST_WORDS = 76
"""The rarest words that are kept of a telling: Python's sets grow fourfold beyond these."""
_LONGEST = 40
"""No word of more letters is kept."""
_COMMONEST = 200
"""So many of the most common words tell nothing."""
_ZIPF = 30.0
"""A report holds the word of rank r with a chance of about 30 / r."""
_UNLISTED_RANK = 15_000
_PRIOR_REPORTS = 50
"""What is known of English counts as so many reports beside those that are read."""
_LEAST_PRIOR = 1.0
_PLAIN = 3.0
"""Names less rare than this, in natural logarithms, tell nothing."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Wording:
    """The rarest words of a passage in lower case, which of them are written as names, and the ages it tells."""

    words: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    ages: frozenset[int] = frozenset()


NOTHING = Wording()
"""The wording of what has no words."""


def passages(text: str, told: Sequence[Iterable[int]]) -> list[list[Span]]:
    """The sentences that tell each incident of a report, incidents given as the offsets of their triggers.

    A sentence without a trigger goes on about the incidents of the sentence before; what stands before the first
    trigger is of the first incident told.
    """
    spans = sentences.split(text)
    starts = [start for start, _ in spans]
    owners: dict[int, dict[int, None]] = {}
    for number, offsets in enumerate(told):
        for offset in offsets:
            owners.setdefault(bisect_right(starts, offset) - 1, {})[number] = None
    current: Iterable[int] = owners[min(owners)] if owners else ()
    found: list[list[Span]] = [[] for _ in told]
    for index, span in enumerate(spans):
        current = owners.get(index, current)
        for number in current:
            found[number].append(span)
    return found


def wording(text: str, spans: Iterable[Span]) -> Wording:
    """What the sentences at the spans say, as words that can be compared."""
    words: set[str] = set()
    names: set[str] = set()
    ages: set[int] = set()
    for start, end in spans:
        told = _WORD.findall(text, start, end)
        words.update(told)
        names.update(word for word in told[1:] if word[0].isupper() and word[-1].islower())
        ages.update(_age(match) for match in _AGE.finditer(text, start, end))
    known = {word for word in map(_folded, words) if 1 < len(word) <= _LONGEST and _rank(word) > _COMMONEST}
    rarest = frozenset(sorted(known, key=lambda word: (-_rank(word), word))[:_MOST_WORDS])
    return Wording(rarest, rarest & set(map(_folded, names)), frozenset(ages))


class Rarity:
    """How rare the words of many reports are: few of the reports hold it, and English uses it seldom."""

    def __init__(self, reports: Iterable[Iterable[Wording]]) -> None:
        """Count in how many reports each word stands; a report is given as the wordings of its incidents."""
        held = [frozenset[str]().union(*(one.words for one in told)) for told in reports]
        self.counts = Counter(word for words in held for word in words)
        self._weights = {word: rarity(word, count, len(held)) for word, count in self.counts.items()}

    def of(self, word: str) -> float:
        """How rare the word is (`rarity`)."""
        return self._weights[word]

    def shared(self, words: Iterable[str]) -> float:
        """How much these words speak for two tellings that share them: what each is rarer than a plain word."""
        return sum(max(0.0, self._weights[word] - _PLAIN) for word in words)


def rarity(word: str, count: int, reports: int) -> float:
    """The negative logarithm of the share of reports that hold the word, of English and of these together.

    Two do not count, those that are compared: of a word that no third report holds, English alone tells.
    """
    prior = max(_LEAST_PRIOR, _PRIOR_REPORTS * min(1.0, _ZIPF / _rank(word)))
    return max(0.0, -math.log((max(0, count - 2) + prior) / (reports + _PRIOR_REPORTS)))


def tells(word: str, count: int, reports: int) -> float:
    """How much a name speaks for two tellings that share it, where so many of so many reports hold it."""
    return max(0.0, rarity(word, count, reports) - _PLAIN)


def _age(match: re.Match[str]) -> int:
    told = next(group for group in match.groups() if group).lower()
    return int(told) if told.isdecimal() else _SPELLED.index(told) + 1


def _folded(word: str) -> str:
    """In lower case, without what makes it a possessive."""
    return word.lower().removesuffix("'s").removesuffix("’s")


def _rank(word: str) -> int:
    return _ranks().get(word, _UNLISTED_RANK)


@lru_cache(maxsize=1)
def _ranks() -> Mapping[str, int]:
    """Common English words and their ranks, from `common_words.txt`."""
    listed = files("geo.incidents").joinpath("common_words.txt").read_text(encoding="utf-8").split()
    return {word: rank for rank, word in enumerate(listed, 1)}
