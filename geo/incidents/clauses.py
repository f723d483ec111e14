"""What stands between an event and a place or a time: how far, whose clause, which other event."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from geo.incidents.phrases import anywhere

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.events import Event

_REACH = 600
"""Characters between an event and what may belong to it."""
_MOST_CANDIDATES = 14
_BREAK = re.compile(r"[;:]|\bwhile\b|\bwhereas\b|\bbut\b|\balthough\b|--| - |–|—")
_PASSED_ON = re.compile(r"\b(?:was|were|is|are|been|being)\s{1,3}(?:\w{1,12}\s{1,3})?reported\b", re.IGNORECASE)
"""Nobody speaks here: "the shooting was first reported at noon in ..." tells where it happened."""
_WORDS_A_STEP = 10

Features = list[tuple[str, float]]


class Clauses:
    """The events of a text, and what lies between them and other spans. All looks are bounded, so reading is linear."""

    def __init__(self, text: str, events: Sequence[Event]) -> None:
        self.text, self.events = text, events
        self._starts = [event.start for event in events]

    def between(self, event: Event, start: int, end: int) -> Features:
        """Distance, an own or a foreign clause, and a verb of saying between an event and the span after it."""
        low, high = _gap(event, start, end)
        gap = self.text[low:high] if low < high else ""
        features = [("per_10_words", gap.count(" ") / _WORDS_A_STEP)]
        if self.other_trigger(event, start, end):
            features.append(("other_trigger", 1.0))
        elif not _BREAK.search(gap):
            features.append(("same_clause", 1.0))
        if start >= event.end and anywhere("said").search(_PASSED_ON.sub("", gap)):
            features.append(("speech_between", 1.0))
        return features

    def other_trigger(self, event: Event, start: int, end: int) -> bool:
        """Whether another event, none that tells the same happening, stands between."""
        low, high = _gap(event, start, end)
        fused = str(event.reasons.get("fused", ""))
        index = bisect_left(self._starts, low)
        while index < len(self.events) and self._starts[index] < high:
            other = self.events[index]
            if f"{other.start}-{other.end}" not in fused:
                return True
            index += 1
        return False


def nearby(starts: Sequence[int], event: Event) -> list[int]:
    """Indices of what begins in the event's sentence, within reach: the nearest ones, in order."""
    low = bisect_left(starts, max(event.sentence[0], event.start - _REACH))
    high = bisect_right(starts, min(event.sentence[1] - 1, event.end + _REACH))
    found = sorted(range(low, high), key=lambda index: abs(starts[index] - event.start))[:_MOST_CANDIDATES]
    return sorted(found)


def _gap(event: Event, start: int, end: int) -> tuple[int, int]:
    return (event.end, start) if start >= event.end else (end, event.start)
