"""What a column's name says that it is: the words of formats/names.toml."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_BETWEEN = re.compile(r"[\s\-./()\[\]:#'’]+")


def format_file(name: str) -> str:
    """The text of a file in geo/tables/formats."""
    return resources.files("geo.tables").joinpath("formats", name).read_text(encoding="utf-8")


@cache
def vocabulary() -> Mapping[str, Any]:
    """formats/names.toml."""
    return tomllib.loads(format_file("names.toml"))


@cache
def roles() -> Mapping[str, str]:
    """What each known name says that a column is; a word of two roles is the first's."""
    told: dict[str, str] = {}
    for role, words in vocabulary()["columns"].items():
        for word in words:
            told.setdefault(key(word), role)
    return told


@cache
def missing_words() -> frozenset[str]:
    """Cells that say that there is nothing in them, in lower case."""
    return frozenset(vocabulary()["missing"]["words"])


def key(name: object) -> str:
    """A name as names are compared: lower case, no accents, `_` for what stands between words."""
    plain = unicodedata.normalize("NFKD", str(name).strip()[:200].lower())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _BETWEEN.sub("_", unicodedata.normalize("NFKC", letters)).strip("_")


def known_count(cells: Iterable[object]) -> int:
    """How many of the cells are names of columns that are known."""
    told = roles()
    return sum(isinstance(cell, str) and key(cell) in told for cell in cells)


def guess(columns: Sequence[str]) -> dict[str, str]:
    """What the columns are by their names; the best name of a role wins, and a column has one role."""
    found: dict[str, str] = {}
    for column in columns:
        found.setdefault(key(column), column)
    guessed: dict[str, str] = {}
    for role, words in vocabulary()["columns"].items():
        taken = set(guessed.values())
        best = next((found[form] for word in words if (form := key(word)) in found and found[form] not in taken), None)
        if best is not None:
            guessed[role] = best
    return guessed
