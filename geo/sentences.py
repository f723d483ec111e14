"""Text → sentences, as (start, end) code point offsets into the text as given.

Shared by every reader, so that a toponym, a time and an event are in the same sentence for all of them.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from functools import cache, lru_cache
from importlib.resources import files

LONGEST = 1_000
"""No sentence is longer, in code points: what has no stops is cut at a blank, so that readers stay linear."""
WRAPPED = 120
"""A text with a longer line is not wrapped: each line break ends a paragraph there."""

_STOP = r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s)|[。！？]|(?<=[a-z]{3})[.!?](?=[A-Z][a-z])"
_END = re.compile(_STOP + r"|\n[ \t]*\n\s*|\n(?=[ \t]*[-*•·])")
_END_OR_LINE = re.compile(_STOP + r"|\n\s*")
_WORD_BEFORE = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*$")
_OPENS_LOWER = re.compile(r"\s+[a-zß-öø-ÿ]")


@cache
def _abbreviations() -> frozenset[str]:
    """The words of sentences.toml."""
    text = files("geo").joinpath("sentences.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["abbreviations"])


@lru_cache(maxsize=64)
def split(text: str) -> tuple[tuple[int, int], ...]:
    """Sentences in order, none blank, none overlapping, outer white space left out.

    A blank line and a bullet always end a sentence; so does a line break where lines are not wrapped. A full stop does
    not after an abbreviation or a single capital ("J. Smith", "U.S. forces"), nor before a lower-case word. One without
    a blank behind it does between a word and a capital, as pages without their line breaks have it ("the gate.Police").
    """
    spans: list[tuple[int, int]] = []
    start = 0
    wrapped = max((len(line) for line in text.split("\n")), default=0) <= WRAPPED
    for match in (_END if wrapped else _END_OR_LINE).finditer(text):
        if match.group()[0] in ".!?…" and not _ends_sentence(text, start, match):
            continue
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return tuple(spans)


def at(text: str, offset: int) -> tuple[int, int]:
    """The sentence that holds the offset, or the nearest before it; the whole text where it has none."""
    spans = split(text)
    if not spans:
        return (0, len(text))
    index = bisect_right(spans, (offset, len(text))) - 1
    return spans[max(index, 0)]


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    if _OPENS_LOWER.match(text, match.end()):
        return False
    if match.group() != ".":
        return True
    window = text[max(start, match.start() - 30) : match.start()]
    word = _WORD_BEFORE.search(window)
    if word is None:
        return True
    last = word.group().lower()
    single_capital = len(last) == 1 and word.group().isupper()
    return not (single_capital or "." in last or last in _abbreviations())


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        cut = max(text.rfind(" ", start, start + LONGEST), start + LONGEST // 2)
        _append(spans, text, start, cut)
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        spans.append((start, end))
