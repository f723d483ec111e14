"""The stages in order: triggers, company, types, modality, the learned reader, casualties, actors, fusion → events."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from geo.events import (
    actors,
    casualties,
    company,
    coordination,
    fuse,
    judging,
    lexicon,
    mention,
    modality,
    quantity,
    types,
)
from geo.events.learned import load
from geo.events.mention import Mention, Scene
from geo.events.model import TYPE_OF, Event
from geo.events.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.events.casualties import Harm

SCORES = {"row": 0.95, "evidence": 0.85, "neighbour": 0.7, "learned": 0.7, "default": 0.6}
"""How far a type is to be trusted by what settled it."""
BEFORE, ADJECTIVES = 6, 2
"""Where a number or a series word stands before its trigger, and how many adjectives stand between, in tokens."""
APART = 9
"""How far before its trigger "elsewhere" and the like stand, in tokens."""
GENERIC = 0.5
"""What is left of the score of a plural that names no happening of its own."""


def read(text: str, given: Sequence[tuple[int, int]] | None = None, *, learned: bool = True) -> list[Event]:
    """See geo.events.find."""
    stage, mentions = settled(text, alone=given is None)
    if given is not None:
        return _given(stage, mentions, given)
    says = load().read(stage.tokens, mentions) if learned else None
    if says is not None:
        mentions = _with(stage, mentions, judging.unseen(stage, mentions, says))
    _describe(stage, mentions)
    kept = fuse.within(stage, mentions)
    if says is not None:
        kept = judging.judged(stage, kept, says)
    for one in kept:
        _settle_generic(one)
        _settle_shot(one)
        modality.mark_talked_of(stage, one)
    kept = fuse.across(stage, kept)
    return [_event(stage, one) for one in kept if not fuse.causeless(one)]


def _with(stage: Scene, mentions: list[Mention], others: list[Mention]) -> list[Mention]:
    """The mentions and others that the lexicon lacks, in order."""
    modality.mark(stage, others)
    return sorted([*mentions, *others], key=lambda one: one.first)


def settled(text: str, *, alone: bool = True) -> tuple[Scene, list[Mention]]:
    """A text's triggers as the lexicon has them, with their types and modalities; `alone`: no spans are given."""
    stage = mention.scene(tokenize(text))
    mentions = mention.find(stage)
    if (clauses := coordination.split(stage, mentions)) is not stage:
        stage, mentions = clauses, mention.find(clauses)
    if alone:
        mentions = company.keep(stage, mentions)
    for one in mentions:
        types.settle(stage, one)
    modality.mark(stage, mentions)
    return stage, mentions


def _describe(stage: Scene, mentions: list[Mention]) -> None:
    ordered = sorted(mentions, key=lambda one: one.sentence)
    for sentence, group in groupby(ordered, key=lambda one: one.sentence):
        here = list(group)
        _count(stage, here, casualties.find(stage, sentence))
        for one in here:
            actors.name(stage, one)
            _series(stage, one)


def _count(stage: Scene, here: list[Mention], harms: list[Harm]) -> None:
    """Gives each statement of harm to the mention that it overlaps or stands nearest to in its clause."""
    for harm in harms:
        violent = [one for one in here if _may_harm(one)] or here
        if harm.vague:
            violent = [one for one in violent if one.first < harm.last and harm.first < one.last]
        owner = min(violent, key=lambda one: _distance(stage, one, harm), default=None)
        if owner is None:
            continue
        owner.rank = max(owner.rank, harm.rank)
        if harm.kind == "killed":
            owner.fatalities = fuse.larger(owner.fatalities, harm.count)
            if harm.apart:
                owner.notes["another"] = 1.0
        elif harm.kind == "injured":
            owner.injured = fuse.larger(owner.injured, harm.count)
            if harm.apart:
                owner.notes["besides"] = 1.0
        elif harm.kind == "self":
            owner.notes["self"] = 1.0
        else:
            owner.shot = fuse.larger(owner.shot, harm.count)


def _may_harm(one: Mention) -> bool:
    return TYPE_OF[one.sub_type] != "Strategic developments" and one.modality in {"reported", "negated"}


def _settle_shot(one: Mention) -> None:
    """Who was shot and not killed is injured: "four people were shot, one fatally"."""
    if one.rank:
        one.notes["rank"] = float(one.rank)
    if one.shot is None:
        return
    one.notes["shot"] = float(one.shot.minimum)
    killed = one.fatalities.minimum if one.fatalities else 0
    if one.injured is None and one.shot.minimum > killed:
        most = one.shot.maximum
        one.injured = replace(
            one.shot, minimum=one.shot.minimum - killed, maximum=None if most is None else most - killed
        )


def _distance(stage: Scene, one: Mention, harm: Harm) -> tuple[bool, int]:
    first, last = stage.part(one.first)
    return not first <= harm.first < last, max(one.first - harm.last, harm.first - one.last, 0)


def _series(stage: Scene, one: Mention) -> None:
    """Counts a series told as one, and notes definite mentions and plurals that name no happening of their own."""
    first = stage.tokens.bounds[one.sentence][0]
    if fuse.anaphoric(stage, one):
        one.notes["anaphoric"] = 1.0
    if _is_toll(stage, one):
        one.notes["toll"] = 1.0
    if "anaphoric" not in one.notes and _is_apart(stage, one):
        one.notes["apart"] = 1.0
    if not _plural(stage, one):
        if _mass_noun(stage, one, first):
            one.notes["generic"] = 1.0
        return
    told = [q for q in quantity.find(stage, max(first, one.first - BEFORE), one.first) if _counts(one, q)]
    noun = stage.tokens.words[one.last - 1] in lexicon.grammar("event_nouns")
    exact = bool(told) and noun and _is_exact(stage.tokens.words[told[-1].last - 1])
    if exact:
        one.count = max(1, told[-1].minimum)
    if told or _series_word(stage, first, one.first):
        one.notes["series"] = 1.0
    elif _is_generic(stage, one, first):
        one.notes["generic"] = 1.0


def _settle_generic(one: Mention) -> None:
    """What killed or hurt somebody, or is told by a verb too, is no generality."""
    if one.fused or one.fatalities or one.injured:
        one.notes.pop("generic", None)


def _plural(stage: Scene, one: Mention) -> bool:
    """Whether the trigger is a plural noun that can be counted."""
    word = stage.tokens.words[one.last - 1]
    return (
        word.endswith("s")
        and not word.endswith(("ss", "'s"))
        and one.meaning not in {"harm", "hurt", "clash", "protest"}
    )


def _mass_noun(stage: Scene, one: Mention, first: int) -> bool:
    """Whether a bare singular only names a kind of deed: "a policy of murder", "signs of torture"."""
    words = stage.tokens.words
    kind = one.meaning in {"attack", "harm", "blast"} and one.pattern.partition("/")[0] == words[one.first]
    return kind and one.first > first and words[one.first - 1] in lexicon.grammar("abstract")


def _is_toll(stage: Scene, one: Mention) -> bool:
    """Whether a mention is a later count: "the death toll rose to 21"."""
    first, last = stage.tokens.bounds[one.sentence]
    here = stage.tokens.words[max(first, one.first - 1) : min(last, one.last + BEFORE)]
    return one.meaning in mention.CONSEQUENCES and "toll" in here and not lexicon.grammar("rises").isdisjoint(here)


def _is_apart(stage: Scene, one: Mention) -> bool:
    """Whether it is told as another happening than those before: "another attack", "elsewhere, gunmen killed"."""
    begin = stage.part(one.first)[0]
    for match in lexicon.cues("apart").find_in(stage.tokens, begin, one.first):
        gap = one.first - match.last
        if match.payload == "far" and gap <= APART and not _of_people(stage, match.last):
            return True
        if match.payload == "near" and gap <= ADJECTIVES and not stage.has("person", match.last, one.first):
            return True
    return False


def _of_people(stage: Scene, first: int) -> bool:
    """Whether the word before counts people or objects: "in another | man's house"."""
    counts = stage.tokens.words[first - 1] in {"another", "other", "different", "further", "second"}
    return counts and (stage.has("person", first, first + 1) or stage.has("property", first, first + 1))


def _counts(one: Mention, told: quantity.Quantity) -> bool:
    """Whether a number counts the trigger: at most two adjectives between, and no people."""
    return one.first - told.last <= ADJECTIVES and not told.noun


def _is_exact(word: str) -> bool:
    return word in lexicon.words()["numbers"] or word.isdigit()


def _series_word(stage: Scene, first: int, last: int) -> bool:
    """Whether "a string of", "several" stands before the trigger."""
    hits = lexicon.cues("series").find_in(stage.tokens, max(first, last - BEFORE - ADJECTIVES), last)
    return any(last - hit.last <= ADJECTIVES for hit in hits)


def _is_generic(stage: Scene, one: Mention, first: int) -> bool:
    """Whether a bare plural is only spoken of: "in response to rocket attacks"."""
    words = stage.tokens.words
    begin = one.first
    while begin > first and one.first - begin < BEFORE and words[begin - 1] not in lexicon.grammar("governing"):
        if words[begin - 1] in lexicon.grammar("light_verbs"):
            return False
        begin -= 1
    return begin > first and words[begin - 1] in lexicon.grammar("governing")


def _given(stage: Scene, mentions: list[Mention], given: Sequence[tuple[int, int]]) -> list[Event]:
    """One event for each span: what the lexicon finds there, else what its sentence suggests."""
    chosen = [_at(stage, mentions, start, end) for start, end in given]
    found = list({id(one): one for one in chosen if one}.values())
    _describe(stage, found)
    for one in found:
        _settle_shot(one)
    text = stage.tokens.text
    return [_event(stage, one, span) if one else _blank(text, span) for one, span in zip(chosen, given, strict=True)]


def _at(stage: Scene, mentions: list[Mention], start: int, end: int) -> Mention | None:
    """The mention at a span; where the lexicon finds none, one made of the span's first token; None without tokens."""
    tokens = stage.tokens
    inside = [one for one in mentions if tokens.starts[one.first] < end and start < tokens.ends[one.last - 1]]
    if inside or not tokens.words:
        return inside[0] if inside else None
    first = min(bisect_right(tokens.ends, start), len(tokens.words) - 1)
    made = Mention(first, first + 1, "attack", "", tokens.sentence[first], (first, first + 1))
    types.settle(stage, made)
    modality.mark(stage, [made])
    return made


def _blank(text: str, span: tuple[int, int]) -> Event:
    """The event of a span in a text without a word."""
    start, end = span
    return Event(start, end, text[start:end], TYPE_OF["Attack"], "Attack", "reported", span, score=0.0)


def _event(stage: Scene, one: Mention, span: tuple[int, int] | None = None) -> Event:
    start, end = span or _span(stage, one)
    return Event(
        start=start,
        end=end,
        text=stage.tokens.text[start:end],
        event_type=TYPE_OF[one.sub_type],
        sub_event_type=one.sub_type,
        modality=one.modality,
        sentence=stage.tokens.sentences[one.sentence],
        actors=one.actors,
        targets=one.targets,
        weapons=one.weapons,
        fatalities=one.fatalities,
        injured=one.injured,
        event_count=one.count,
        score=_score(one),
        reasons=_reasons(stage, one),
    )


def _span(stage: Scene, one: Mention) -> tuple[int, int]:
    return stage.tokens.starts[one.first], stage.tokens.ends[one.last - 1]


def _score(one: Mention) -> float:
    score = SCORES.get(one.resolved_by, SCORES["evidence"])
    return round(score * (GENERIC if "generic" in one.notes else 1.0), 3)


def _reasons(stage: Scene, one: Mention) -> dict[str, float | str]:
    reasons: dict[str, float | str] = {
        "pattern": one.pattern,
        "meaning": one.meaning,
        "resolved_by": one.resolved_by,
        **one.notes,
    }
    if one.cue:
        reasons["cue"] = one.cue
    if one.meaning in mention.CONSEQUENCES:
        reasons["harm"] = 1.0
    if one.fused:
        reasons["fused"] = " ".join("{}-{}".format(*_span(stage, other)) for other in one.fused)
    if one.typed_by is not None:
        reasons["typed_by"] = "{}-{}".format(*_span(stage, one.typed_by))
    if one.leans_on is not None:
        reasons["leans_on"] = "{}-{}".format(*_span(stage, one.leans_on))
    return reasons
