"""The rule reader's words, read from cues.toml once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words by what they tell of the name beside them: lower case, but `roads` as written."""

    place_before: frozenset[str]
    weak_before: frozenset[str]
    joining: frozenset[str]
    before_abroad: frozenset[str]
    after_abroad: frozenset[str]
    kind_before: Mapping[str, str]
    kind_after: Mapping[str, str]
    organisation_after: frozenset[str]
    actor_after: frozenset[str]
    force_after: frozenset[str]
    acts: frozenset[str]
    dealt_with: frozenset[str]
    titles: frozenset[str]
    given_names: frozenset[str]
    never: frozenset[str]
    directions: frozenset[str]
    venues: frozenset[str]
    roads: frozenset[str]
    roads_between: frozenset[str]
    with_article: frozenset[str]
    particles: frozenset[str]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The words of cues.toml."""
    table = tomllib.loads((files("geo.toponyms") / "cues.toml").read_text(encoding="utf-8"))
    return Vocabulary(
        place_before=frozenset(table["place_before"]["words"]),
        weak_before=frozenset(table["place_before"]["weak"]),
        joining=frozenset(table["place_before"]["joining"]),
        before_abroad=frozenset(table["abroad"]["before"]),
        after_abroad=frozenset(table["abroad"]["after"]),
        kind_before=table["kind_before"],
        kind_after=table["kind_after"],
        organisation_after=frozenset(table["organisation_after"]["words"]),
        actor_after=frozenset(table["actor_after"]["words"]),
        force_after=frozenset(table["force_after"]["words"]),
        acts=frozenset(table["acts"]["words"]),
        dealt_with=frozenset(table["dealt_with"]["words"]),
        titles=frozenset(table["titles"]["words"]),
        given_names=frozenset(table["given_names"]["words"]),
        never=frozenset(table["never"]["words"]),
        directions=frozenset(table["directions"]["words"]),
        venues=frozenset(table["venues"]["words"]),
        roads=frozenset(table["roads"]["words"]),
        roads_between=frozenset(table["roads"]["between"]),
        with_article=frozenset(table["articles"]["the"]),
        particles=frozenset(table["articles"]["particles"]),
    )
