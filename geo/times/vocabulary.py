"""The words of time expressions, read once from `vocabulary.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GAP = r"\s{1,4}"
"""White space between the words of one expression; bounded, so that no pattern can run away."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The tables of `vocabulary.toml`, each word in lower case with single blanks."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    seasons: Mapping[str, str]
    parts: Mapping[str, str]
    clocks: Mapping[str, str]
    units: Mapping[str, tuple[str, int]]
    numbers: Mapping[str, float]
    vague: tuple[str, ...]
    ordinals: Mapping[str, int]
    holidays: Mapping[str, str]
    references: Mapping[str, str]
    sets: Mapping[str, str]
    cues: Mapping[str, tuple[str, ...]]
    not_years: Mapping[str, frozenset[str]]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary as shipped."""
    table: dict[str, Any] = tomllib.loads(files("geo.times").joinpath("vocabulary.toml").read_text(encoding="utf-8"))
    return Vocabulary(
        months=table["months"],
        weekdays=table["weekdays"],
        seasons=table["seasons"],
        parts=table["parts"],
        clocks=table["clocks"],
        units={unit: (letter, days) for unit, (letter, days) in table["units"].items()},
        numbers=table["numbers"],
        vague=tuple(table["vague"]["words"]),
        ordinals=table["ordinals"],
        holidays=table["holidays"],
        references={word: value for value, words in table["references"].items() for word in words},
        sets=table["sets"],
        cues={kind: tuple(words) for kind, words in table["cues"].items()},
        not_years={side: frozenset(words) for side, words in table["years"].items()},
    )


def either(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first; blanks in them match any gap."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace("\\ ", GAP) for word in ordered) + ")"


def key(text: str) -> str:
    """How a word of the text is written in the tables."""
    return " ".join(text.lower().replace("’", "'").split()).rstrip(".")
