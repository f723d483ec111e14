"""Missiles that are stopped and arms that are taken: told with the deed that they belong to, not as another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.events import ground, lexicon
from geo.events.model import TYPE_OF
from geo.events.types import WEAPONS

if TYPE_CHECKING:
    from geo.events.mention import Mention, Scene

REACH = 2
"""How many sentences after a fight the arms taken in it are told."""
_FOUGHT = frozenset(["Battles", "Violence against civilians"])
_BY_WEAPON = frozenset(sub_type for _, sub_type in WEAPONS)


def mark_stopped(stage: Scene, here: list[Mention]) -> None:
    """Notes what only stops missiles whose firing the sentence tells before: "fired two, which were intercepted"."""
    for mention in here:
        if mention.meaning == "foil" and any(launch(stage, m) and m.first < mention.first for m in here):
            mention.notes["stops"] = 1.0


def launch(stage: Scene, mention: Mention) -> bool:
    """Whether somebody fires missiles or drones, told by a main verb: not the "rockets fired by" rebels."""
    words = stage.tokens.words
    fired = not lexicon.grammar("launches").isdisjoint(words[mention.first : mention.last])
    bare = mention.pattern.startswith("@") and words[mention.first - 1] not in lexicon.grammar("be")
    return fired and not bare and mention.sub_type in _BY_WEAPON and words[mention.last : mention.last + 1] != ["by"]


def deed(mention: Mention) -> bool:
    """Whether it is violence that somebody is arrested for or leaves arms behind at."""
    return TYPE_OF[mention.sub_type] in {*_FOUGHT, "Explosions/Remote violence"} and mention.meaning != "operation"


def left_by(stage: Scene, before: Mention, mention: Mention) -> bool:
    """Whether arms taken or missiles stopped, told right after in no place of their own, are left by a deed."""
    sentences = mention.sentence - before.sentence
    if mention.meaning != "foil" or not 0 < sentences <= REACH:
        return False
    elsewhere = ground.places(stage, *stage.tokens.bounds[mention.sentence]) or ground.elsewhere(stage, before, mention)
    if elsewhere or ground.paragraphs_apart(stage, before, mention):
        return False
    verb = stage.tokens.words[mention.first]
    if verb.startswith("intercept"):
        return launch(stage, before)
    taken = verb in lexicon.grammar("taken")
    return taken and TYPE_OF[before.sub_type] in _FOUGHT and before.meaning != "operation"
