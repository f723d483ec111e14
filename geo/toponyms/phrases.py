"""Read the phrases that place something relative to toponyms."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.toponyms.spans import Relation, Toponym


def relations(text: str, toponyms: Sequence[Toponym]) -> list[Relation]:
    """Every relational phrase of the text in order, none overlapping."""
    raise NotImplementedError
