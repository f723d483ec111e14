"""What the learned event reader is asked: the words of an event's sentence, and what is known of each beforehand.

The model is trained on exactly these words and features, so a change here asks for a new training.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.toponyms.features import CASING, KINDS, casing, mark
from geo.toponyms.words import MAX_WORDS, register, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.toponyms import Toponym
    from geo.toponyms.spans import Names
    from geo.toponyms.words import Word

    Floats = NDArray[np.float32]

OF_TRIGGER = ("trigger", "before it", "after it", "how far")
OF_TOPONYM = ("literal", "associative")
WIDTH = len(CASING) + len(KINDS) + len(OF_TOPONYM) + len(OF_TRIGGER)
"""Features of a word, in this order."""

_FAR = math.log(MAX_WORDS)


@dataclass(frozen=True, slots=True)
class Question:
    """The words of a sentence, `WIDTH` numbers from 0 to 1 for each."""

    window: Sequence[Word]
    rows: Floats


def question(
    text: str, sentence: tuple[int, int], trigger: tuple[int, int], toponyms: Sequence[Toponym], *, names: Names
) -> Question:
    """The words of the sentence, at most `MAX_WORDS` around the trigger, its toponyms (given in order) marked."""
    window = words(text, *sentence)
    starts = [word.start for word in window]
    first = max(0, bisect_right(starts, trigger[0]) - 1)
    last = max(first + 1, bisect_left(starts, trigger[1]))
    low = max(0, min(first - MAX_WORDS // 2, len(window) - MAX_WORDS))
    window = window[low : low + MAX_WORDS]
    rows = _rows(window, toponyms, names)
    _mark_trigger(rows, first - low, last - low)
    return Question(window, np.asarray(rows, np.float32))


def _rows(window: Sequence[Word], toponyms: Sequence[Toponym], names: Names) -> list[list[float]]:
    how = register(window)
    rows = [[*casing(word, how), *(0.0,) * (WIDTH - len(CASING))] for word in window]
    starts = [word.start for word in window]
    index = bisect_left(toponyms, starts[0], key=lambda toponym: toponym.end) if starts else len(toponyms)
    while index < len(toponyms) and toponyms[index].start < window[-1].end:
        toponym = toponyms[index]
        first, last = max(0, bisect_right(starts, toponym.start) - 1), bisect_left(starts, toponym.end)
        kinds = frozenset({"demonym"}) if toponym.kind == "demonym" else names.known(toponym.text)
        mark(rows, first, last, kinds)
        for row in rows[first:last]:
            row[len(CASING) + len(KINDS) + (not toponym.literal)] = 1.0
        index += 1
    return rows


def _mark_trigger(rows: list[list[float]], first: int, last: int) -> None:
    at = WIDTH - len(OF_TRIGGER)
    for index, row in enumerate(rows):
        if first <= index < last:
            row[at] = 1.0
        else:
            away = first - index if index < first else index - last + 1
            row[at + 1 if index < first else at + 2] = 1.0
            row[at + 3] = min(1.0, math.log(away) / _FAR)
