"""The course of a protest: which mentions tell one, and the gravest turn that it took."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from geo.events import ground, lexicon, quantity
from geo.events.types import SEVERITY

if TYPE_CHECKING:
    from geo.events.mention import Mention, Scene

REACH = 3
"""How many sentences on a course may go on."""


def escalate(stage: Scene, mentions: list[Mention]) -> None:
    """Protest mentions of neighbouring sentences that tell one course of events take its gravest turn each."""
    _arrests(stage, mentions)
    unrest = [m for m in mentions if m.sub_type in SEVERITY[:4] and not _calm(stage, m)]
    for before, after in pairwise(unrest):
        if after.sentence - before.sentence <= REACH and _one_course(stage, before, after):
            after.leans_on = after.leans_on or before
            gravest = max(before.sub_type, after.sub_type, key=SEVERITY.index)
            for mention in (before, after):
                if mention.sub_type != gravest:
                    mention.sub_type, mention.resolved_by = gravest, "course"


def _arrests(stage: Scene, mentions: list[Mention]) -> None:
    """Arrests told in the sentence of a protest or right after it belong to it."""
    for before, after in pairwise(mentions):
        near = after.sentence - before.sentence <= 1 and after.meaning == "arrest" and "aftermath" not in after.notes
        if not near or after.sub_type != "Arrests" or before.sub_type not in SEVERITY[:4]:
            continue
        if _one_course(stage, before, after):
            after.sub_type, after.resolved_by, after.leans_on = "Protest with intervention", "course", before


def _one_course(stage: Scene, before: Mention, after: Mention) -> bool:
    """Whether a later mention goes on with the protest told before it.

    A gathering of its own does not, told in another paragraph, of another place or of another day; what police and
    crowd do goes on unless it is told elsewhere as well.
    """
    if before.sentence == after.sentence or _refers_back(stage, after):
        return True
    told_of = after.pattern.split("/")[0] in lexicon.grammar("demonstrators") and not _counted(stage, after)
    signs = (not told_of and ground.paragraphs_apart(stage, before, after)) + ground.elsewhere(stage, before, after)
    return signs == 0 or (signs == 1 and after.meaning != "protest" and before.meaning == "protest")


def _refers_back(stage: Scene, mention: Mention) -> bool:
    """Whether its sentence speaks of a protest as known: "the march", "these protesters", "them"."""
    first, last = stage.tokens.bounds[mention.sentence]
    words = stage.tokens.words
    known = {i for i in range(first, last) if words[i] in lexicon.grammar("definite")}
    protest = any(stage.has(name, i + 1, i + 2) for i in known for name in ("protest", "demonstrator"))
    return protest or not lexicon.grammar("crowd_pronouns").isdisjoint(words[first:last])


def _counted(stage: Scene, mention: Mention) -> bool:
    """Whether a number stands before it, as where a crowd comes up for the first time: "hundreds of protesters"."""
    first = stage.tokens.bounds[mention.sentence][0]
    return bool(quantity.find(stage, max(first, mention.first - 3), mention.first))


def _calm(stage: Scene, mention: Mention) -> bool:
    """Whether it is said to have stayed peaceful: then what the neighbours tell was another protest."""
    if mention.sub_type != SEVERITY[0]:
        return False
    first, last = stage.tokens.bounds[mention.sentence]
    if not lexicon.grammar("calm").isdisjoint(stage.tokens.words[first:last]):
        return True
    after = stage.tokens.bounds[min(mention.sentence + 1, len(stage.tokens.bounds) - 1)]
    return any(lexicon.cues("calm").find_in(stage.tokens, first, max(last, after[1])))
