"""The countries in whose manner a text speaks: its sheriffs, clocks and telephone numbers tell them."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

_DIGIT = re.compile(r"\d")
SEARCHED = 20_000  # code points of a text that are searched


def manner(text: str) -> dict[str, float]:
    """ISO 3166-1 alpha-2 codes → how much the text speaks in their manner, 0 to 1: one word of theirs is a half."""
    told: dict[str, set[str]] = {}
    known = _countries()
    for found in set(_pattern().findall(text[:SEARCHED])):
        word = found if found in known else _DIGIT.sub("#", found)
        for country in known[word]:
            told.setdefault(country, set()).add(word.casefold())
    return {country: len(words) / (1 + len(words)) for country, words in told.items()}


@lru_cache(maxsize=1)
def _countries() -> dict[str, list[str]]:
    table = tomllib.loads((files("geo.resolve") / "manners.toml").read_text(encoding="utf-8"))
    found: dict[str, list[str]] = {}
    for country, words in table.items():
        for word in words:
            found.setdefault(word, []).append(country)
    return found


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    words = sorted(_countries(), key=lambda word: (-len(word), word))
    return re.compile("(?<!\\w)(?:" + "|".join(re.escape(word).replace("\\#", r"\d") for word in words) + ")(?!\\w)")
