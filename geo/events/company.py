"""Words that tell violence or protest only in company: "a shot at the crown", "fought to keep the house".

The tables stand in words.toml under [company]. A trigger of loose words alone counts where its sentence speaks of
weapons, armed people, police, victims or crowds, or where the text tells an event in words of one sense elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.events import casualties, lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geo.events.mention import Mention, Scene

_VICTIMS = frozenset(["killed", "injured"])


def keep(stage: Scene, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions without those of loose words that nothing vouches for."""
    loose = {id(one) for one in _loose(stage, mentions)}
    if any(id(one) not in loose and one.meaning != "hurt" for one in mentions):
        return list(mentions)
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
