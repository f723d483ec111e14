"""Clauses joined by "and" that tell two happenings: "A rocket hit a house in Erbil and a bomb exploded in Tyre".

A clause is one of its own with a subject, a happening, and a place or a day that the clause before it has not.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from geo.events import ground, lexicon
from geo.events.mention import CONSEQUENCES
from geo.events.types import WEAPONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.events.mention import Mention, Scene

Window = tuple[int, int]
SUBJECT, CLAUSE, VERB = 20, 40, 10
"""How far from "and" a clause's happening stands, how long a clause is taken for one, how far a noun's verb is."""


def split(stage: Scene, mentions: list[Mention]) -> Scene:
    """The scene with another hard cut at each "and" that opens a clause of its own."""
    opened = [
        cut
        for _, group in groupby(mentions, key=lambda mention: mention.sentence)
        if len(here := list(group)) > 1
        for cut in _openings(stage, here)
    ]
    if not opened:
        return stage
    return replace(stage, cuts=sorted({*stage.cuts, *opened}), hard=sorted({*stage.hard, *opened}))


def opened(stage: Scene, mention: Mention) -> bool:
    """Whether a mention stands in a clause that "and" opens besides the one before it."""
    return stage.tokens.words[stage.stretch(mention.first)[0]] == "and"


def parted(stage: Scene, one: Mention, other: Mention) -> bool:
    """Whether two mentions of a sentence stand in two such clauses."""
    before, after = sorted((one, other), key=lambda mention: mention.first)
    same = before.sentence == after.sentence
    return same and opened(stage, after) and stage.cut_between(before.first, after.first, hard=True)


def _openings(stage: Scene, here: list[Mention]) -> Iterator[int]:
    first, last = stage.tokens.bounds[here[0].sentence]
    begin = first
    for i in range(here[0].first + 1, here[-1].first):
        if stage.tokens.words[i] != "and":
            continue
        left, right = max(begin, stage.stretch(i - 1)[0]), stage.stretch(i)[1]
        if _opens(stage, here, i, (left, min(right, last))):
            begin = i
            yield i


def _opens(stage: Scene, here: list[Mention], cut: int, around: Window) -> bool:
    """Whether the clause after a token tells a happening besides that of the clause before it."""
    before = [m for m in here if around[0] <= m.first < cut]
    after = [m for m in here if cut < m.first < around[1]]
    if not before or not after or after[0].whole[0] < cut or any(m.whole[1] > cut for m in before):
        return False
    if after[0].first - cut > SUBJECT or cut - around[0] > CLAUSE or _pairs(stage, around[0], cut):
        return False
    own = _has_subject(stage, (cut + 1, around[1]), after[0]) and _has_cause(stage, cut + 1, after[0])
    return own and _apart(stage, (around[0], cut), (cut + 1, around[1]))


def _pairs(stage: Scene, first: int, cut: int) -> bool:
    """Whether "and" only joins two names, or the two things that something is "between"."""
    words = stage.tokens.words
    names = stage.tokens.capital(cut - 1) and stage.tokens.capital(cut + 1)
    actor = not {"rebel", "state"}.isdisjoint(stage.labels[cut + 1])
    return (names and not actor) or not {"between", "both"}.isdisjoint(words[first:cut])


def _has_subject(stage: Scene, window: Window, mention: Mention) -> bool:
    """Whether a subject stands before the verb, neither "then", a verb nor a pronoun; a noun has a verb after it."""
    words = stage.tokens.words[window[0] : mention.first]
    while words and (words[0] in lexicon.grammar("between_clauses") or words[0].endswith("ly")):
        words = words[1:]
    if mention.nominal and not _has_verb(stage, mention.last, min(mention.last + VERB, window[1])):
        return False
    if not words:
        return mention.nominal
    return (
        words.count(",") in {0, 2}
        and not words[0].endswith("ed")
        and words[0] not in lexicon.grammar("no_subject")
        and lexicon.grammar("clause_open").isdisjoint(words)
    )


def _has_verb(stage: Scene, first: int, last: int) -> bool:
    """Whether a finite verb follows a noun before a comma or a relative clause."""
    words = stage.tokens.words
    for i in range(first, last):
        if words[i] == "," or words[i] in lexicon.grammar("clause_open"):
            return False
        past = words[i].endswith("ed") or words[i] in lexicon.grammar("irregular_past")
        if (past and not _hyphened(stage, i)) or words[i] in lexicon.grammar("be"):
            return True
    return False


def _hyphened(stage: Scene, index: int) -> bool:
    return (
        stage.tokens.starts[index] - stage.tokens.ends[index - 1] == 1
        and not stage.tokens.text[stage.tokens.ends[index - 1]].isspace()
    )


def _has_cause(stage: Scene, first: int, mention: Mention) -> bool:
    """Whether the clause begins with more than who died: a deed, or a weapon before the victims."""
    deed = mention.meaning not in CONSEQUENCES
    return deed or any(stage.has(name, first, mention.first) for name, _ in WEAPONS)


def _apart(stage: Scene, left: Window, right: Window) -> bool:
    """Whether both clauses name a place, or both a day, and not the same; where somebody was treated is no place."""
    return any(
        here and there and here.isdisjoint(there)
        for here, there in (
            (_scenes(stage, left), _scenes(stage, right)),
            (ground.days(stage, *left), ground.days(stage, *right)),
        )
    )


def _scenes(stage: Scene, window: Window) -> frozenset[str]:
    found = ground.places(stage, *window, aims=True)
    return found if lexicon.grammar("treatment").isdisjoint(found) else frozenset()
