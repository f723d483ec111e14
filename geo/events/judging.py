"""What the learned reader makes of the lexicon's mentions: which are events of their own; and those it alone sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.events.asking import SUB_TYPES
from geo.events.learned import PAST, RETOLD
from geo.events.mention import CONSEQUENCES, Mention
from geo.events.model import EVENT_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.events.mention import Scene
    from geo.network import Floats

SURE = 0.85
"""From this chance on a word tells an event of one type that no row of the lexicon knows."""
FAINT = 0.1
"""Below this chance of telling anything a mention of the lexicon is none."""
SHORTEST = 45
"""Tokens of a text that is judged: the reader has learned from passages, and a line alone tells it too little."""
_LEFT_OUT = frozenset(EVENT_TYPES["Strategic developments"])
"""What the reader is not asked to add: seen by it alone, two of three such were no incident of their own, measured."""


def unseen(stage: Scene, mentions: Sequence[Mention], says: Floats) -> list[Mention]:
    """Events of words that the lexicon has no row for, where its own mentions of the sentence tell no such event."""
    known = {(one.sentence, one.sub_type) for one in mentions if one.meaning not in CONSEQUENCES}
    taken = {index for one in mentions for index in range(one.first, one.last)}
    found = []
    for first, last in _runs(says, stage.tokens.sentence):
        kind = SUB_TYPES[int(says[first:last, 1:RETOLD].sum(0).argmax())]
        sentence = stage.tokens.sentence[first]
        if kind in _LEFT_OUT or (sentence, kind) in known or not taken.isdisjoint(range(first, last)):
            continue
        words = " ".join(stage.tokens.words[first:last])
        found.append(Mention(first, last, kind, words, sentence, (first, last), kind, "learned"))
    return found


def _runs(says: Floats, sentence: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring words of a sentence that each surely tell an event of one type, as (first, last + 1)."""
    told = says[:, 1:RETOLD].max(1) >= SURE
    first = None
    for index in range(len(told) + 1):
        goes_on = index < len(told) and told[index]
        if first is not None and not (goes_on and sentence[index] == sentence[first]):
            yield first, index
            first = None
        if goes_on and first is None:
            first = index


def judged(stage: Scene, kept: Sequence[Mention], says: Floats) -> list[Mention]:
    """The mentions in which the reader sees anything told, with its chances that it is told here, elsewhere, long ago.

    It may have seen the event in another word of the clause than the lexicon: what no other mention has counts for it
    as well. What is not told as having happened stays; text in capitals, of which the reader has learned from hardly
    any, and a text of fewer than `SHORTEST` tokens are not judged.
    """
    if stage.tokens.shouted or len(stage.tokens.words) < SHORTEST:
        return list(kept)
    words = [{index for part in (one, *one.fused) for index in range(part.first, part.last)} for one in kept]
    everything = set().union(*words) if words else set()
    likely = []
    for one, own in zip(kept, words, strict=True):
        table = says[sorted(own | (set(range(*stage.part(one.first))) - everything))]
        here, elsewhere = float(table[:, 1:RETOLD].sum(1).max()), float(table[:, RETOLD].max())
        one.notes |= {"told": round(here, 3), "retold": round(elsewhere, 3)}
        counted = one.fatalities is not None or one.injured is not None
        if one.modality != "reported" or counted or max(here, elsewhere, float(table[:, PAST].max())) >= FAINT:
            likely.append(one)
    return likely
