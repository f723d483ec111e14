"""The tables a domain expert extends, lexicon.toml and words.toml, loaded once when first asked for."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from geo.events.model import TYPE_OF
from geo.events.patterns import Patterns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geo.events.patterns import Labels, Match
    from geo.events.tokens import Tokens

OPEN_MEANINGS = frozenset(
    [
        "attack",
        "strike",
        "fire",
        "blast",
        "clash",
        "engage",
        "operation",
        "harm",
        "hurt",
        "capture",
        "recapture",
        "withdraw",
        "protest",
        "dispersal",
        "violence",
        "burn",
        "arrest",
        "raid",
        "foil",
        "talks",
        "none",
    ]
)
"""What a row may mean beside a sub-event type; see the head of lexicon.toml."""


_TABLES = ("lexicon.toml", "false_friends.toml")


@dataclass(frozen=True, slots=True)
class Row:
    """One group of the lexicon; `number` is its place in the file, for ties."""

    number: int
    patterns: tuple[str, ...]
    meaning: str
    needs: tuple[str, ...]
    unless: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One pattern of a row: what the trie hands back."""

    pattern: str
    row: Row


@lru_cache(maxsize=1)
def words() -> Mapping[str, Any]:
    """The tables of words.toml."""
    return tomllib.loads(_read("words.toml"))


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """The groups of lexicon.toml and false_friends.toml; raises ValueError that names one whose meaning is unknown."""
    groups = [fields for name in _TABLES for fields in tomllib.loads(_read(name))["trigger"]]
    return tuple(_row(number, fields) for number, fields in enumerate(groups))


def _row(number: int, fields: Mapping[str, Any]) -> Row:
    meaning, patterns = fields["meaning"], tuple(fields["patterns"])
    if meaning not in TYPE_OF and meaning not in OPEN_MEANINGS:
        raise ValueError(
            f"{patterns[0]!r} of the lexicon means {meaning!r}: neither a sub-event type nor an open meaning."
        )
    needs, unless = tuple(fields.get("needs", ())), tuple(fields.get("unless", ()))
    return Row(number, patterns, meaning, needs, unless, tuple(fields["examples"]))


@lru_cache(maxsize=1)
def triggers() -> Patterns:
    """Every pattern of the lexicon in one trie; the payload is an Entry."""
    patterns = _patterns()
    for row in rows():
        for pattern in row.patterns:
            patterns.add(pattern, Entry(pattern, row))
    return patterns


@lru_cache(maxsize=1)
def _classes() -> Patterns:
    patterns = _patterns()
    for name, terms in words()["classes"].items():
        for term in terms:
            patterns.add(term, name)
    return patterns


@cache
def cues(*path: str) -> Patterns:
    """The terms of one table of words.toml as patterns; the payload is the name of the list that a term stands in."""
    patterns = _patterns()
    table: Any = words()
    for key in path:
        table = table[key]
    for name, terms in _lists(table, ""):
        for term in terms:
            patterns.add(term, name)
    return patterns


def _lists(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, list[str]]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _lists(value, f"{prefix}{key}.")
        elif isinstance(value, list) and all(isinstance(term, str) for term in value):
            yield prefix + key, value


def _patterns() -> Patterns:
    table = words()
    return Patterns(table["irregular_nouns"], table["irregular_verbs"])


_MONTH = "march"
"""The month that is a protest, too."""


@cache
def forms(word: str, tags: str) -> frozenset[str]:
    """The forms of one word: `tags` as in a pattern."""
    return frozenset(_patterns().forms(f"{word}/{tags}"))


def label(tokens: Tokens) -> Labels:
    """The word classes of the tokens."""
    labels: Labels = [{} for _ in tokens.words]
    for match in _classes().find(tokens):
        if _is_loose_code(tokens, match) or _is_month(tokens, match):
            continue
        here = labels[match.first]
        here[match.payload] = max(match.last, here.get(match.payload, 0))
    _mask(labels)
    return labels


def _is_loose_code(tokens: Tokens, match: Match) -> bool:
    """Whether a type of weapon, "A-10", is only an article and a number: "a 10-year-old"."""
    first, words = match.first, tokens.words
    code = match.last - first == 2 and words[first] == "a" and words[first + 1].isdigit()  # noqa: PLR2004  (two tokens)
    return code and tokens.text[tokens.ends[first] : tokens.starts[first + 1]].isspace()


def _is_month(tokens: Tokens, match: Match) -> bool:
    """Whether the words are the "March" of a date and no protest: "on March 28", "3 March", "in March"."""
    at, words = match.first, tokens.words
    if match.last - at > 1 or words[at] != _MONTH or not tokens.capital(at):
        return False
    before, after = words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
    return before.isdecimal() or after.isdecimal() or before in grammar("before_months")


def _mask(labels: Labels) -> None:
    """Takes a weapon's class from the words of a longer term that is no such weapon: "water cannon"."""
    masks = words()["masks"]
    for first, here in enumerate(labels):
        for name in masks.keys() & here.keys():
            for token in range(first, here[name]):
                for hidden in masks[name]:
                    if labels[token].get(hidden, len(labels) + 1) <= here[name]:
                        del labels[token][hidden]


@cache
def grammar(name: str) -> frozenset[str]:
    """A list of [grammar] as a set of single words."""
    return frozenset(words()["grammar"][name])


def _read(name: str) -> str:
    return files("geo.events").joinpath(name).read_text(encoding="utf-8")
