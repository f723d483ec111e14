"""What the reader hands on: spans that name a place, and the relational phrases around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Toponym:
    """A span that names a place. Offsets are code points into the text as given.

    `literal`: the place itself is meant ("killed in Baghdad"), not a government, team, person or language named
    after it. `kind` is "demonym" for "Syrian", else a hint from the words beside it ("province" → "admin1") or "".
    """

    start: int
    end: int
    text: str
    literal: bool = True
    score: float = 1.0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A phrase that places something relative to toponyms: "30 km north of Mosul", "the Syria-Iraq border".

    `relation` is one of border, distance, part, between, road, near, off, valley, triborder. `toponyms` are the spans
    it is built on (several for a border); none where it leans on the document ("the north of the country", "the Turkish
    border" has one and leans on the report's country for the other). `direction` is a compass point "n".."nnw",
    "centre" or "". `distance_m` is metres or None; `travel_minutes` for "an hour's drive".
    """

    start: int
    end: int
    text: str
    relation: str
    toponyms: tuple[tuple[int, int], ...] = ()
    direction: str = ""
    distance_m: float | None = None
    travel_minutes: float | None = None


class Names(Protocol):
    """What the reader asks of a gazetteer."""

    def known(self, name: str) -> frozenset[str]:
        """The kinds of place that bear exactly this name, after folding; empty for none. Demonyms: "demonym"."""
