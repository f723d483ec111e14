"""Sentences after an event that tell only that nobody was hurt: zero is told, not left unknown."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from geo.events import Count
from geo.incidents.phrases import either, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.events import Event

_REACH = 160
"""Characters after an event's sentence."""


def with_aftermath(text: str, events: Sequence[Event]) -> Iterator[Event]:
    """The events, those with unknown counts given a zero that the next words tell, before another event is told."""
    for event, following in pairwise([*events, None]):
        if event is None:
            continue
        start = event.sentence[1]
        end = min(len(text), start + _REACH, following.sentence[0] if following else len(text))
        if event.modality != "reported" or end <= start:
            yield event
            continue
        killed, hurt = (
            (event.fatalities or _zero(text, start, end, "no_dead")),
            (event.injured or _zero(text, start, end, "no_hurt")),
        )
        yield (
            replace(event, fatalities=killed, injured=hurt)
            if (killed, hurt) != (event.fatalities, event.injured)
            else event
        )


def _zero(text: str, start: int, end: int, name: str) -> Count | None:
    match = _pattern(name).search(text, start, end)
    return Count(0, 0, *match.span()) if match else None


@lru_cache(maxsize=2)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){either(words(name))}(?!\w)", re.IGNORECASE)
