"""Text → what happened, to whom, how many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.events.model import EVENT_TYPES, MODALITIES, TYPE_OF, Count, Event
from geo.events.tally import extent, tally

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["EVENT_TYPES", "MODALITIES", "TYPE_OF", "Count", "Event", "extent", "find", "tally"]


def find(text: str, *, given: Sequence[tuple[int, int]] | None = None, learned: bool = True) -> list[Event]:
    """Every event mention of the text in order; with `given` spans, one event for each of them and no other.

    The lexicon's tables find and type them; then the `learned` reader, if it is asked, adds what no row tells of and
    leaves out what it sees nothing in.

    Mentions of one happening in one sentence come as one event, the most specific; across sentences each mention
    stands for itself and `reasons["leans_on"]` names the one it retells. See Event for what else `reasons` holds.
    """
    from geo.events.reading import read  # noqa: PLC0415  (the tables load when first asked for)

    return read(text, given, learned=learned)
