"""Words that tell violence or protest only in company: "a shot at the crown", "fought to keep the house".

The tables stand in words.toml under [company] and [mishap]. A trigger of loose words alone counts where its sentence
speaks of weapons, armed people, police, victims or crowds, or where the text tells an event in words of one sense.
Who comes to harm where a sentence tells of a crash, a flood or an illness and of no violence is no victim of any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.events import casualties, lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geo.events.mention import Mention, Scene

_VICTIMS = frozenset(["killed", "injured"])
_BY_MISHAP = frozenset(["harm", "hurt", "blast", "burn", "strike", "Other", "Change to group/activity"])
"""What a mishap does as well: people die and flee, homes burn, teams are sent; meanings of the lexicon."""


def keep(stage: Scene, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions without those of loose words that nothing vouches for, and those of mishaps."""
    mishaps = {number for number in {one.sentence for one in mentions} if _mishap(stage, number)}
    mentions = [one for one in mentions if one.sentence not in mishaps or one.meaning not in _BY_MISHAP]
    loose = {id(one) for one in _loose(stage, mentions)}
    if any(id(one) not in loose and one.meaning != "hurt" for one in mentions):
        return mentions
    vouched = {number for number in {one.sentence for one in mentions} if _vouched(stage, number)}
    return [one for one in mentions if one.sentence in vouched]


def _loose(stage: Scene, mentions: Iterable[Mention]) -> Iterable[Mention]:
    """The mentions whose trigger is made of loose words and particles alone."""
    found = {match.first for match in lexicon.cues("company").find(stage.tokens) if match.payload == "loose"}
    particles = lexicon.grammar("particles")
    for one in mentions:
        words = stage.tokens.words
        alone = [at for at in range(one.first, one.last) if words[at] not in particles]
        if alone and found.issuperset(alone):
            yield one


def _vouched(stage: Scene, sentence: int) -> bool:
    """Whether a sentence speaks of arms, of those who bear them or face them, or of people who came to harm."""
    first, last = stage.tokens.bounds[sentence]
    table = lexicon.words()["company"]
    if any(stage.has(name, first, last) for name in table["classes"]):
        return True
    cues = lexicon.cues("company").find_in(stage.tokens, first, last, stage.labels)
    if any(match.payload == "with" for match in cues):
        return True
    return any(harm.kind in _VICTIMS for harm in casualties.find(stage, sentence))


def _mishap(stage: Scene, sentence: int) -> bool:
    """Whether a sentence tells of an accident, a disaster or an illness, and of nobody who did it."""
    first, last = stage.tokens.bounds[sentence]
    told = {match.payload for match in lexicon.cues("mishap").find_in(stage.tokens, first, last)}
    if "words" not in told or "violence" in told:
        return False
    return not any(stage.has(name, first, last) for name in lexicon.words()["mishap"]["classes"])
