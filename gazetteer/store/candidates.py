"""A place that a name may mean, with the features that speak for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gazetteer.place import Place

How = Literal["exact", "alternate", "skeleton", "typo", "demonym", "code", "foreign"]

WEIGHTS = {
    "name": 1.0,
    "prominence": 1.2,
    "country": 1.6,
    "near": 1.4,
    "kind": 0.7,
    "inside": 1.8,
}
"""What each feature weighs against the others; those that the question does not give are left out.

- `name`: 1 for the place's own name, less for an alternate, a romanisation, a typing error (`NAME_FIT`).
- `prominence`: how likely the bare name means this place: kind, people, number of names, capital.
- `country`: 1 where the place lies in a country that was hinted at, else 0.
- `near`: falls from 1 at the hinted point to 0 far away; half of it at `NEAR_HALF_M`.
- `kind`: 1 where the kind was hinted at, else 0.
- `inside`: 1 where the place lies in the area that the name itself gives (`Toledo, Spain`), less where it lies close.
"""

NAME_FIT: Mapping[str, float] = {
    "exact": 1.0, "alternate": 0.85, "code": 0.95, "demonym": 0.9, "foreign": 0.1, "skeleton": 0.42, "typo": 0.4,
}  # fmt: skip
"""How well a name fits by the way in which it was found; likeness and context shift the last two."""

NEAR_HALF_M = 150_000.0
"""Distance at which nearness is worth half."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a name may mean.

    `score` is 0 to 1, the weighted mean of `reasons` (each 0 to 1, named as in `WEIGHTS`, and texts that explain);
    `matched` is the spelling by which it was found, as its source has it; `how` tells by which road.
    """

    place: Place
    score: float
    reasons: Mapping[str, float | str] = field(default_factory=dict)
    matched: str = ""
    how: How = "exact"


def weigh(features: Mapping[str, float]) -> float:
    """Weighted mean of features, each 0 to 1."""
    total = weighed = 0.0
    for name, value in features.items():
        total += WEIGHTS[name]
        weighed += WEIGHTS[name] * value
    return weighed / total


def nearness(metres: float) -> float:
    """1 at the spot, 0.5 at `NEAR_HALF_M`, towards 0 far away."""
    return NEAR_HALF_M / (NEAR_HALF_M + metres)
