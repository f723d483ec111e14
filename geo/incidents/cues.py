"""Words around an event that set it apart from what was told before, or tie it to that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geo.incidents.phrases import anywhere

if TYPE_CHECKING:
    from geo.events import Event

_PROVOKED = re.compile(
    r"\b(?:after|following|in response to|in retaliation for|in reaction to|to avenge)\s{1,4}"
    r"(?:the\s{1,4}|an?\s{1,4}|\w+\s{1,4}){0,3}\Z",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"\b(?:(?:strike|struck|hit|fire|fired|fight|fought)\s{1,3}back|retaliat\w*|counter-?(?:attack|fire|strike)\w*|"
    r"in response|revenge|self-defen[cs]e|returned fire)\b",
    re.IGNORECASE,
)
_FOUND = "Disrupted weapons use"
_ANOTHER = re.compile(
    r"\s{1,4}(?:another|(?:a|one|two|three)\s{1,4}(?:second|third|further|more|other))\b", re.IGNORECASE
)
"""Behind "defused" and the like: what was found is not the weapon that was told of."""
_HEADINGS = 300
"""Characters from the start of a text in which headings stand."""
_STOPS = frozenset(".!?\"”'’…")
_SAME = frozenset(["anaphoric", "another", "besides"])
"""A deed told before, or more people whom it hit: "two others were also wounded"."""
_REACH = 45
"""Characters before the trigger."""
_SEARCHED = 1000
"""Characters of the sentence."""


def cues(text: str, event: Event) -> frozenset[str]:
    """Which of some cues hold.

    "apart" ("another", "elsewhere"), "provoked" (told as what another event answers), "answers", and "heading" (in a
    first line without a full stop).
    """
    start, end = event.sentence
    before = text[max(start, event.start - _REACH) : event.start]
    found = event.sub_event_type == _FOUND and _ANOTHER.match(text, event.end, end)
    held = {
        "apart": found or (event.reasons.keys().isdisjoint(_SAME) and anywhere("apart").search(before)),
        "provoked": _PROVOKED.search(before),
        "answers": _ANSWERS.search(text, start, min(end, start + _SEARCHED)),
        "heading": start < _HEADINGS and text[end - 1 : end] not in _STOPS,
    }
    return frozenset(name for name, match in held.items() if match)
