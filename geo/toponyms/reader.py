"""Find the spans of a text that name a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.toponyms.spans import Names, Toponym


def find(text: str, *, names: Names) -> list[Toponym]:
    """Every toponym of the text in order, none overlapping."""
    raise NotImplementedError
