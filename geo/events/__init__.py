"""Text → what happened, to whom, how many."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Count:
    """How many, as an interval: `maximum` None is open ("at least five"). `start`, `end`: the words that say it."""

    minimum: int
    maximum: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Event:
    """One mention of an event by its trigger.

    `start`, `end` are the trigger's code point offsets into the text as given; `sentence` those of its sentence.
    `event_type`, `sub_event_type` are ACLED's. `modality` is one of MODALITIES. `fatalities`, `injured` are None
    where nothing is said: unknown is not zero. `event_count` is 1, or how many a series told as one holds. `reasons`
    names the lexicon row and the rules that decided.
    """

    start: int
    end: int
    text: str
    event_type: str
    sub_event_type: str
    modality: str
    sentence: tuple[int, int]
    actors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    weapons: tuple[str, ...] = ()
    fatalities: Count | None = None
    injured: Count | None = None
    event_count: int = 1
    score: float = 1.0
    reasons: Mapping[str, float | str] = field(default_factory=dict)


MODALITIES = (
    "reported",
    "negated",
    "denied",
    "planned",
    "threatened",
    "hypothetical",
    "exercise",
    "historical",
    "diplomatic",
)


def find(text: str, *, given: Sequence[tuple[int, int]] | None = None) -> list[Event]:
    """Every event mention of the text in order; with `given` spans, one event for each of them and no other."""
    raise NotImplementedError
