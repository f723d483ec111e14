"""What the resolver answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gazetteer.place import Place
    from gazetteer.store import Candidate
    from geo.toponyms import Toponym


@dataclass(frozen=True, slots=True)
class Resolved:
    """A toponym and the place it means, None where the gazetteer does not seem to have it.

    `score` is the chance, 0 to 1, that this is right; `reasons` are the features that decided, each with what it added
    to the log odds; `alternatives` are the other candidates, the runner-up first, with their chances as scores.
    `within` is the town that likely holds a street or building that the gazetteer lacks.
    """

    toponym: Toponym
    place: Place | None
    score: float
    reasons: Mapping[str, float | str] = field(default_factory=dict)
    alternatives: tuple[Candidate, ...] = ()
    within: Place | None = None
