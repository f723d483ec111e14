"""The sentence that tells an event, and the text around it: what a person reads to check it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from geo.events import Event

LONGEST_EVIDENCE = 1200
"""Characters of a sentence that are quoted."""
LONGEST_AROUND = 200
"""Characters of the text before and after it."""
_STOP = re.compile(r"[.!?…][\"'”’»)\]]*\s|\n\s*\n")
_BLANK = re.compile(r"\s")


class Quote(NamedTuple):
    """The span of a sentence in its report, its words, and the text before and after it, "" where there is none."""

    span: tuple[int, int]
    evidence: str
    before: str
    after: str


def quote(text: str, event: Event) -> Quote:
    """The sentence that tells the event; of a very long one the part around the trigger."""
    start, end = event.sentence
    if end - start > LONGEST_EVIDENCE:
        half = LONGEST_EVIDENCE // 2
        start, end = max(start, event.start - half), min(end, event.start + half)
    return Quote((start, end), text[start:end], text_before(text, start), text_after(text, end))


def text_before(text: str, offset: int) -> str:
    """What stands before the offset: whole sentences where any begins within reach, else whole words."""
    low = max(0, offset - LONGEST_AROUND)
    around = text[low:offset]
    if low == 0:
        return around.strip()
    cut = _STOP.search(around, 0, len(around.rstrip())) or _BLANK.search(around)
    return around[cut.end() :].strip() if cut else ""


def text_after(text: str, offset: int) -> str:
    """What stands after the offset: whole sentences where any ends within reach, else whole words."""
    around = text[offset : offset + LONGEST_AROUND]
    if offset + LONGEST_AROUND >= len(text):
        return around.strip()
    cuts = list(_STOP.finditer(around, len(around) - len(around.lstrip()))) or list(_BLANK.finditer(around))
    return around[: cuts[-1].end()].strip() if cuts else ""
