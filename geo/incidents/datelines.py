"""What stands at the head of a report and tells where it was written, not where things happened."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from geo.incidents.phrases import either, words

_HEAD = 400
_DATELINE = re.compile(
    r"^[ \t]{0,8}[A-ZÀ-Þ][^\n]{1,90}?"
    r"(?:\([^)\n]{2,40}\)\s{0,3}[-–—_]{0,2}|\s[-–—_]{1,2}\s|\[(?:TEXT|REPORT)[^\n]{0,40}\])",
    re.MULTILINE,
)
_FIRST_WORDS = 4
_COLON = re.compile(r"^[ \t]{0,8}(?P<town>[A-ZÀ-Þ][A-ZÀ-Þ'’ /-]{2,40})(?:,\s[^:.\n]{2,30})?[:.]\s", re.MULTILINE)
_LIST = 4_000
"""Characters in which a list shows its second line."""


def dateline_end(text: str) -> int:
    """The offset behind the dateline, 0 where there is none: "MOSUL, Iraq, June 28 (Agency) -"."""
    match = _DATELINE.search(text, 0, _HEAD)
    if match is None:
        return _before_a_colon(text)
    head = match.group().strip().split(",")[0].split("(")[0].strip(" -–—_")
    words = re.findall(r"[^\W\d_]+", head)[:_FIRST_WORDS]
    opens = not text[: match.start()].strip() or text[match.start() - 1] == "\n"
    return match.end() if opens and words and all(word.isupper() for word in words) else _before_a_colon(text)


def _before_a_colon(text: str) -> int:
    """The end of a town in capitals at the head of a report, "QUETTA: ", which is no list of such lines."""
    lines = list(_COLON.finditer(text, 0, _LIST))
    first = lines[0] if len(lines) == 1 else None
    return first.end() if first is not None and not text[: first.start()].strip() else 0


_TITLES = 1_500
"""Mastheads stand in the title of a page, which some pages repeat within so many characters."""
_LINE = re.compile(r"[^\n]{1,400}")
_PART = re.compile(r"\s(?:[-–—|»]{1,2}\s|\|)")
_LONGEST_MASTHEAD = 90
_ENDS_SENTENCE = (".", "!", "?", "”", '"')
_CALL_LETTERS = re.compile(r"\b[KW][A-Z]{2,3}(?:-TV)?\d{0,2}\b|\b\w{1,40}\.com\b")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one text: where its dateline ends, and the mastheads in its titles as (start, end)."""

    dateline_end: int
    mastheads: tuple[tuple[int, int], ...]

    def holds(self, start: int, end: int) -> bool:
        """Whether a span belongs to the head."""
        return end <= self.dateline_end or self.is_masthead(start, end)

    def is_masthead(self, start: int, end: int) -> bool:
        """Whether a span belongs to a publisher's name."""
        return any(first <= start and end <= last for first, last in self.mastheads)


def head(text: str) -> Head:
    """The head of a text."""
    return Head(dateline_end(text), tuple(_mastheads(text)))


@lru_cache(maxsize=1)
def _masthead_words() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){either(words('mastheads'))}(?!\w)")


def _mastheads(text: str) -> list[tuple[int, int]]:
    """Ends of title lines that name the publisher: "... dies - KABC News 12 Springfield | Weather & Sports"."""
    found: list[tuple[int, int]] = []
    if text[:_HEAD].isupper():
        return found
    for line in _LINE.finditer(text, 0, _TITLES):
        title = line.group()
        parts = [match.end() for match in _PART.finditer(title)]
        if title.rstrip().endswith(_ENDS_SENTENCE) or not parts:
            continue
        ends = [*parts[1:], len(title)]
        first = next((a for a, b in zip(parts, ends, strict=True) if _is_masthead(title[a:b])), None)
        if first is not None:
            found.append((line.start() + first, line.end()))
    return found


def _is_masthead(part: str) -> bool:
    """Whether a part of a title is a publisher's name: it has such a word and no sentence."""
    if len(part) > _LONGEST_MASTHEAD:
        return False
    return _masthead_words().search(part) is not None or _CALL_LETTERS.search(part) is not None
