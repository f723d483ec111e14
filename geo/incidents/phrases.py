"""The word lists of linking, compiled once from `phrases.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@lru_cache(maxsize=1)
def _table() -> dict[str, list[str]]:
    return tomllib.loads(files("geo.incidents").joinpath("phrases.toml").read_text(encoding="utf-8"))


def either(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first; blanks in them match any gap."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace("\\ ", r"\s{1,4}") for word in ordered) + ")"


@lru_cache(maxsize=32)
def before(name: str) -> re.Pattern[str]:
    """The words of a list at the end of a text, an article and an adjective allowed after them."""
    return re.compile(
        rf"(?<!\w){either(_table()[name])}\s{{1,4}}(?:(?:the|a|an|its|their|his|her|nearby|neighbou?ring)\s{{1,4}})?\Z",
        re.IGNORECASE,
    )


@lru_cache(maxsize=32)
def anywhere(name: str) -> re.Pattern[str]:
    """The words of a list as whole words."""
    return re.compile(rf"(?<!\w){either(_table()[name])}(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=32)
def words(name: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(_table()[name])
