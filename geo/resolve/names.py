"""Group a document's toponyms by name, ask the gazetteer once a name, and note which names stand beside which."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from geo.sentences import split
from geo.toponyms.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gazetteer.store import Candidate
    from geo.toponyms import Toponym

CANDIDATES = 30  # places weighed under one name
LONGEST_CODE = 3  # letters of a name whose letter case tells it from a word
NAMES_A_SENTENCE = 40  # a longer list tells nothing of its members' places
LONGEST_LAND = 3  # words of a country's name at the head of an organisation's
_LANDS = frozenset({"country", "continent", "region", "admin1"})
_NAMED_WITH_KIND = frozenset(
    {"river", "lake", "sea", "valley", "island", "mountain", "desert", "forest", "camp", "dam"}
)
_MISSES = frozenset({"skeleton", "typo"})
_HYPHENS = frozenset("-–")
_PART = "-"  # behind the key of a name that is but a part of another
_COUNTY = re.compile(r"(?<=\w) Co\.?\Z")
_PAIR = re.compile(r"\s*(?:,|\(|,?\s*\b(?:in|of)(?:\s+the)?)\s*\Z")
_OWNED = re.compile(r"['’]s?\s+(?:[a-z-]{1,20}\s+){0,2}\Z")
_OWNED_REACH = 44  # code points between a land and what lies in it: "Nigeria's restive northern Borno"
_PAIR_REACH = 8  # code points between a name and the one that holds it
_KIND_WORD = re.compile(r"\s*\b(?:province|state|region|district|county|governorate)\b", re.IGNORECASE)


class Find(Protocol):
    """`Gazetteer.find`, as far as it is used here."""

    def __call__(self, name: str, *, limit: int = 10, fuzzy: bool = True) -> list[Candidate]:
        """Candidates for a name, best first."""


@dataclass(slots=True)
class Group:
    """One name of the document: its mentions, as indices into the toponyms, and the places that bear it."""

    name: str
    candidates: list[Candidate]
    mentions: list[int] = field(default_factory=list)
    hints: set[str] = field(default_factory=set)
    literal: int = 0
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Names:
    """The groups in the order of their first mention, the group of each toponym, and who stands beside whom.

    `beside[g]` are (other group, share of the sentences of g that name it too); `inside` are pairs (g, h) where g is
    followed by h as what holds it: "Mosul, Iraq".
    """

    groups: list[Group]
    of: list[int]
    beside: dict[int, dict[int, float]]
    inside: set[tuple[int, int]]


def gather(text: str, toponyms: Sequence[Toponym], *, find: Find) -> Names:
    """Group the toponyms and ask for their places."""
    groups: dict[str, Group] = {}
    index: dict[str, int] = {}
    of = []
    for number, toponym in enumerate(toponyms):
        part = _is_part(text, toponyms, number)
        key = _key(toponym) + _PART * part
        if key not in groups:
            index[key] = len(groups)
            name = clean(toponym.text)
            groups[key] = Group(name, [] if part else _ask(name, toponym.kind, find))
        _note(groups[key], number, toponym)
        of.append(index[key])
    return Names(list(groups.values()), of, _beside(text, toponyms, of), set(_inside(text, toponyms, of)))


def _is_part(text: str, toponyms: Sequence[Toponym], number: int) -> bool:
    """Whether a name is the first half of a building's: "Yale" of "Yale-New Haven Hospital" is no place of its own."""
    if number + 1 == len(toponyms) or text[toponyms[number].end : toponyms[number + 1].start] not in _HYPHENS:
        return False
    words = toponyms[number + 1].text.casefold().split()
    return len(words) > 1 and words[-1] in vocabulary().venues


def _ask(name: str, hint: str, find: Find) -> list[Candidate]:
    """Candidates for a name, with its kind where the bare name is not known: "Rovuma", of "the Rovuma river".

    For an organisation that the gazetteer lacks, the land that its name begins with.
    """
    found = find(_COUNTY.sub(" County", name), limit=CANDIDATES, fuzzy=True)
    if hint in _NAMED_WITH_KIND and all(one.how in _MISSES for one in found):
        found = find(f"{name} {hint}", limit=CANDIDATES, fuzzy=False) or found
    parts = name.split()
    if found or vocabulary().organisation_after.isdisjoint(part.lower() for part in parts[1:]):
        return found
    for length in range(min(len(parts) - 1, LONGEST_LAND), 0, -1):
        lands = find(" ".join(parts[:length]), limit=CANDIDATES, fuzzy=False)
        if lands and lands[0].place.kind in _LANDS:
            return lands
    return []


def clean(name: str) -> str:
    """A name on one line, without quotes around it."""
    return " ".join(name.split()).strip("\"'“”‘’«»()[]")


def _key(toponym: Toponym) -> str:
    """Mentions of one key mean one place. Short capitals are codes: "US" is not "us"."""
    name = clean(toponym.text)
    return name if len(name) <= LONGEST_CODE else name.casefold()


def _note(group: Group, number: int, toponym: Toponym) -> None:
    group.mentions.append(number)
    if toponym.kind:
        group.hints.add(toponym.kind)
    group.literal += toponym.literal
    group.score = max(group.score, toponym.score)


def _beside(text: str, toponyms: Sequence[Toponym], of: Sequence[int]) -> dict[int, dict[int, float]]:
    """Who shares sentences with whom, each row summing to at most 1."""
    starts = [start for start, _ in split(text)]
    sentences: dict[int, set[int]] = defaultdict(set)
    for toponym, group in zip(toponyms, of, strict=True):
        sentences[bisect_right(starts, toponym.start)].add(group)
    shared: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for members in sentences.values():
        if 1 < len(members) <= NAMES_A_SENTENCE:
            for one in members:
                for other in members - {one}:
                    shared[one][other] += 1 / (len(members) - 1)
    return {one: {other: share / sum(row.values()) for other, share in row.items()} for one, row in shared.items()}


def _inside(text: str, toponyms: Sequence[Toponym], of: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs of groups where the second is said to hold the first, through a chain too: "X, Y, Z"."""
    for number in range(len(toponyms) - 1):
        for last in range(number + 1, min(number + 3, len(toponyms))):
            between = text[toponyms[last - 1].end : toponyms[last].start]
            if last == number + 1 and of[number] != of[last] and _is_owned(between):
                yield of[last], of[number]
            if len(between) > _PAIR_REACH + len(" governorate") or not _PAIR.fullmatch(_KIND_WORD.sub("", between)):
                break
            if of[number] != of[last]:
                yield of[number], of[last]


def _is_owned(between: str) -> bool:
    """Whether the first of two names has the second: "Ghana's Eastern Region"."""
    return between[:1] in {"'", "’"} and len(between) <= _OWNED_REACH and _OWNED.match(between) is not None
