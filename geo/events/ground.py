"""Where in the text and of which places a mention is told: paragraphs, places and days that a sentence names itself."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from geo import sentences
from geo.events import lexicon

if TYPE_CHECKING:
    from geo.events.mention import Mention, Scene

NAME_REACH = 5
"""How far after its preposition a name begins: "in the northern port city of | Tyre", in tokens."""

DAY_DIGITS = 2
"""How many digits the number of a day has."""

_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def paragraphs_apart(stage: Scene, one: Mention, other: Mention) -> bool:
    """Whether a paragraph ends between the sentences of two mentions."""
    first, last = sorted((one.sentence, other.sentence))
    spans, text = stage.tokens.sentences, stage.tokens.text
    ends = _ends_paragraph if _wrapped(text) else _breaks
    return any(ends(text[spans[i][1] : spans[i + 1][0]]) for i in range(first, last))


def _ends_paragraph(gap: str) -> bool:
    return _BLANK_LINE.search(gap) is not None


def _breaks(gap: str) -> bool:
    return "\n" in gap


@lru_cache(maxsize=8)
def _wrapped(text: str) -> bool:
    return max((len(line) for line in text.split("\n")), default=0) <= sentences.WRAPPED


def places(stage: Scene, first: int, last: int, *, aims: bool = False) -> frozenset[str]:
    """The words of the names that a preposition puts somewhere: "in Sfax" → sfax; none in a text of capitals.

    With `aims`, those too that something is aimed at: "on Sfax", "at the town of Sfax".
    """
    words = stage.tokens.words
    if stage.tokens.shouted:
        return frozenset()
    found: set[str] = set()
    for i in range(first, last):
        aimed = aims and words[i] in {"on", "toward", "towards"} and "talk" not in stage.labels[i - 1]
        if aimed or words[i] in lexicon.grammar("place_before"):
            found.update(_name(stage, i + 1, last))
    return frozenset(found)


def _name(stage: Scene, first: int, last: int) -> list[str]:
    """The words of the name that follows a preposition."""
    words = stage.tokens.words
    begin = next((i for i in range(first, min(first + NAME_REACH, last)) if _begins_name(stage, i)), last)
    if any(words[i] in lexicon.grammar("place_stops") for i in range(first, min(begin, last))):
        return []
    end = begin
    while end < last and stage.tokens.capital(end):
        end += 1
    return words[begin:end]


def _begins_name(stage: Scene, index: int) -> bool:
    return stage.tokens.capital(index) and stage.tokens.words[index] not in lexicon.grammar("no_name")


def names(stage: Scene, first: int, last: int) -> frozenset[str]:
    """Every word with a capital but the first."""
    return frozenset(stage.tokens.words[i] for i in range(first + 1, last) if _begins_name(stage, i))


def days(stage: Scene, first: int, last: int) -> frozenset[str]:
    """The weekdays named."""
    return lexicon.grammar("weekdays").intersection(stage.tokens.words[first:last])


def dates(stage: Scene, first: int, last: int) -> frozenset[tuple[str, str]]:
    """The days named by month and number: "26 April", "April 26"."""
    words = ["", *stage.tokens.words[first:last], ""]
    return frozenset(
        (word, number)
        for before, word, after in zip(words, words[1:], words[2:], strict=False)
        if word in lexicon.grammar("months")
        for number in (before, after)
        if number.isdecimal() and len(number) <= DAY_DIGITS
    )


def other_day(stage: Scene, one: Mention, other: Mention) -> bool:
    """Whether the sentences of both name weekdays or both dates, and not the same."""
    here, there = (stage.tokens.bounds[mention.sentence] for mention in (one, other))
    return any(
        mine and known and mine.isdisjoint(known)
        for mine, known in (
            (days(stage, *here), days(stage, *there)),
            (dates(stage, *here), dates(stage, *there)),
        )
    )


def elsewhere(stage: Scene, one: Mention, other: Mention) -> bool:
    """Whether the later of two mentions has a place or a day in its sentence that the earlier one's does not name."""
    before, after = sorted((one, other), key=lambda mention: mention.first)
    there, here = (stage.tokens.bounds[mention.sentence] for mention in (before, after))
    mine, known = places(stage, *here), names(stage, *there)
    if mine and known and mine.isdisjoint(known):
        return True
    mine, known = days(stage, *here), days(stage, *there)
    return bool(mine and known) and mine.isdisjoint(known)
