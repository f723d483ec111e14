"""The learned reader of an event's places: a small transformer that sees the trigger, letter case and the toponyms.

How it was trained, on what, and how well it reads: training/MODEL_CARD_EVENTPLACE.md.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import numpy as np

from geo import stages
from geo.incidents.asking import WIDTH, question
from geo.network import Network, softmax

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from geo.events import Event
    from geo.incidents.asking import Question
    from geo.incidents.sites import Site
    from geo.network import Floats, Said
    from geo.toponyms import Toponym
    from geo.toponyms.spans import Names
    from geo.toponyms.words import Word

OUTSIDE, BEGIN, INSIDE = range(3)
LEAST = 0.5
"""A run of words is a place of the event from this mean probability on."""
FAINT = 0.2
"""A word with less than this probability parts two runs."""
_AT_ONCE = 256
"""Events that are asked about together, so that memory stays small."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The words around a trigger, and three probabilities for each: no place of the event, its first word, a later."""

    window: Sequence[Word]
    says: Floats

    def chance(self, start: int, end: int) -> float | None:
        """How probably a span of the text is a place of the event; None where the window does not reach it."""
        inside = [i for i, word in enumerate(self.window) if word.start < end and start < word.end]
        return float(1 - self.says[inside, OUTSIDE].min()) if inside else None

    def spans(self) -> list[tuple[int, int]]:
        """The places of the event, as code point offsets into the text."""
        chances = 1 - self.says[:, OUTSIDE]
        return [
            (self.window[first].start, self.window[last - 1].end)
            for first, last in self._runs()
            if chances[first:last].mean() >= LEAST
        ]

    def _runs(self) -> Iterator[tuple[int, int]]:
        """Words that begin a run and those that go on with it, as (first, last + 1)."""
        first: int | None = None
        for index, (outside, begin, inside) in enumerate([*self.says.tolist(), (1.0, 0.0, 0.0)]):
            ends = 1 - outside < FAINT
            if first is not None and (ends or begin > inside):
                yield first, index
                first = None
            if first is None and not ends:
                first = index


class PlaceReader:
    """Asks the network about events."""

    def __init__(self, folder: Path, tokenizer: Path) -> None:
        """Open the network's files.

        Raises:
            ModelError: a file is missing or differs from what was shipped.
        """
        self._network = Network(folder, width=WIDTH, tokenizer=tokenizer, made_by="training/eventplace.py")

    def read(
        self, text: str, events: Sequence[Event], toponyms: Sequence[Toponym], *, names: Names
    ) -> Mapping[tuple[int, int], Answer]:
        """Trigger span of each event → answer. `toponyms` are those of the text, in order."""
        found: dict[tuple[int, int], Answer] = {}
        for first in range(0, len(events), _AT_ONCE):
            stages.tell("asking where each event was", first / len(events))
            triggers = [(event.start, event.end) for event in events[first : first + _AT_ONCE]]
            asked = [
                question(text, event.sentence, trigger, toponyms, names=names)
                for event, trigger in zip(events[first : first + _AT_ONCE], triggers, strict=True)
            ]
            for trigger, one, said in zip(triggers, asked, self._ask(asked), strict=True):
                found[trigger] = Answer(one.window, by_word(said, len(one.window)))
        return found

    def _ask(self, asked: Sequence[Question]) -> list[Said]:
        """What is said of each question; those that say the same are asked once: pages repeat their titles."""
        number: dict[tuple[tuple[str, ...], bytes], int] = {}
        words = [tuple(word.text for word in one.window) for one in asked]
        which = [
            number.setdefault((said, one.rows.tobytes()), len(number)) for said, one in zip(words, asked, strict=True)
        ]
        first = dict(zip(reversed(which), reversed(range(len(asked))), strict=True))
        told = self._network([(words[first[index]], asked[first[index]].rows) for index in range(len(number))])
        return [told[index] for index in which]


def by_word(said: Said, words: int) -> Floats:
    """Probabilities of each word; words past the network's reach are outside."""
    says = np.zeros((words, 3), np.float32)
    says[:, OUTSIDE] = 1.0
    read, logits = said.of_words()
    says[read] = softmax(logits)
    return says


def answers(
    text: str,
    events: Sequence[Event],
    sites: Sequence[Site],
    toponyms: Sequence[Toponym],
    *,
    names: Names,
    every: bool = False,
) -> Mapping[tuple[int, int], Answer]:
    """What the reader says of the events that are told as having happened in a sentence that names a place.

    Args:
        text: the report.
        events: its events.
        sites: the places that its words may mean, in order; only those on the map are worth asking about.
        toponyms: its toponyms, in order.
        names: the gazetteer.
        every: ask about all events.

    Raises:
        ModelError: the reader's files are missing or damaged.
    """
    starts = [site.start for site in sites if site.known]
    asked = [event for event in events if every or _worth_asking(event, starts)]
    return load().read(text, asked, toponyms, names=names) if asked else {}


def _worth_asking(event: Event, starts: Sequence[int]) -> bool:
    index = bisect_left(starts, event.sentence[0])
    named = index < len(starts) and starts[index] < event.sentence[1]
    return named and event.modality == "reported" and "generic" not in event.reasons


@lru_cache(maxsize=1)
def load() -> PlaceReader:
    """The network that is shipped, loaded when first asked for."""
    with as_file(files("geo.incidents") / "model") as folder, as_file(files("geo.toponyms") / "model") as beside:
        return PlaceReader(folder, beside / "tokenizer.json")
