"""Find the spans of a text that name a place, by the learned reader where it is installed, else by rule."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from geo.toponyms.rules import RuleReader

if TYPE_CHECKING:
    from geo.toponyms.spans import Names, Toponym


class Recognizer(Protocol):
    """Anything that finds toponyms."""

    def find(self, text: str, *, names: Names) -> list[Toponym]:
        """Every toponym of the text in order, none overlapping; offsets are code points into the text as given."""


def find(text: str, *, names: Names, reader: Recognizer | None = None) -> list[Toponym]:
    """Every toponym of the text in order, none overlapping.

    Args:
        text: any text.
        names: the gazetteer, asked which names it knows.
        reader: what finds them; the default reader where none is given.

    Raises:
        ModelError: the default reader's model is damaged.
    """
    return (reader or default()).find(text, names=names)


@lru_cache(maxsize=1)
def default() -> Recognizer:
    """The learned reader; the rule reader where its model or onnxruntime is not installed."""
    from geo.toponyms.learned import LearnedReader, available  # noqa: PLC0415  # numpy, for readers alone

    return LearnedReader() if available() else RuleReader()
