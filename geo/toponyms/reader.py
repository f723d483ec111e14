"""Find the spans of a text that name a place."""

from __future__ import annotations

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
    """
    return (reader or RuleReader()).find(text, names=names)
