"""Killed and injured, as the grammar of a sentence tells them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.events import lexicon, quantity
from geo.events.victims import Hit, Told, implied, victims

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geo.events.mention import Scene
    from geo.events.model import Count

KINDS = ("killed", "injured", "shot", "carried", "self")
"""`shot` and `carried` (to a hospital) tell who was hit, dead or not; `self` that the attacker killed himself."""
BESIDE, ACCIDENT = 4, 5
"""How far "no" stands before "casualties", and after its verb the crash that did it, in tokens."""


@dataclass(frozen=True, slots=True)
class Harm:
    """One statement: tokens [first, last) of its verb or noun, killed, injured, shot or self, and how many.

    `rank` is the highest place in a row of victims told ("a third man"), 0 where none is; `apart` says that others were
    told before them; `noun` that a noun tells it ("the death of"); `vague` that it only says that somebody died, which
    holds for the very deed it names.
    """

    first: int
    last: int
    kind: str
    count: Count
    rank: int = 0
    apart: bool = False
    noun: bool = False
    vague: bool = False


def find(stage: Scene, sentence: int) -> list[Harm]:
    """What a sentence says about people killed, injured or shot, in order; nothing where it adds up a year or a war."""
    bounds = stage.tokens.bounds[sentence]
    if is_statistic(stage, bounds):
        return []
    hits = _hits(stage, *bounds)
    harms: list[Harm] = []
    for index, hit in enumerate(hits):
        floor = hits[index - 1].last if index else bounds[0]
        ceiling = hits[index + 1].first if index + 1 < len(hits) else bounds[1]
        if hit.kind == "self":
            harms = _with_attacker(stage, harms, hit)
            continue
        told = victims(stage, hit, floor, ceiling)
        if told is None and index and _joined(stage, hits[index - 1], hit):
            told = _shared(harms, hits[index - 1], hit)
        if told is None and index and hit.form == "done":
            told = _same_subject(stage, harms, hits[index - 1], hit)
            harms = harms[: len(harms) - (told is not None and harms[-1].kind == "injured")]
        if told is not None and harms and _same_object(stage, harms[-1], hit):
            told, harms = replace(told, count=harms[-1].count), harms[:-1]
        if told is not None:
            kind = "injured" if _beside_the_dead(stage, harms, hit, told) else _kind(hit, told)
            told = _cumulative(stage, hit, told) if kind == "killed" and not harms else told
            harm = Harm(hit.first, hit.last, kind, told.count, told.rank, told.apart, hit.form == "noun")
            harms = _with_another(harms, harm)
    harms += _none_hurt(stage, *bounds)
    return harms if any(harm.kind == "killed" for harm in harms) else harms + _deadly(stage, *bounds)


def is_statistic(stage: Scene, bounds: tuple[int, int]) -> bool:
    """Whether a sentence adds up what happened over a year or a war: "44 homicides so far this year"."""
    return any(True for _ in lexicon.cues("statistic").find_in(stage.tokens, *bounds))


def _beside_the_dead(stage: Scene, harms: Sequence[Harm], hit: Hit, told: Told) -> bool:
    """Whether those carried to a hospital are counted beside the dead: "three were killed and nine taken there"."""
    if hit.kind != "carried" or not harms or harms[-1].kind != "killed" or not told.count.explicit:
        return False
    between = stage.tokens.words[harms[-1].last : hit.first]
    return not harms[-1].noun and not lexicon.grammar("joins").isdisjoint(between)


def _kind(hit: Hit, told: Told) -> str:
    """Who is told apart from the dead ("two others were shot") was hurt; of others who were hit some may have died."""
    if hit.kind not in {"shot", "carried"}:
        return hit.kind
    return "injured" if told.apart else "shot"


def _with_another(harms: Sequence[Harm], harm: Harm) -> list[Harm]:
    """Adds who is told as another than those killed before: "one was shot dead and another died of wounds"."""
    before = next((i for i in range(len(harms) - 1, -1, -1) if harms[i].kind == harm.kind == "killed"), None)
    if before is None or not harm.apart or harm.rank or None in (harm.count.maximum, harms[before].count.maximum):
        return [*harms, harm]
    one, other = harms[before].count, harm.count
    count = replace(one, minimum=one.minimum + other.minimum, maximum=(one.maximum or 0) + (other.maximum or 0))
    return [*harms[:before], replace(harms[before], count=count), *harms[before + 1 :]]


def _cumulative(stage: Scene, hit: Hit, told: Told) -> Told:
    """A news of a later death: "a fifth person dies", "a third victim has died" make five and three."""
    now = stage.tokens.words[hit.first] == "dies" or "has" in stage.tokens.words[max(hit.first - 2, 0) : hit.first]
    if told.rank < 2 or told.count.minimum != 1 or not now:  # noqa: PLR2004  (the second)
        return told
    return replace(told, rank=0, count=replace(told.count, minimum=told.rank, maximum=told.rank))


def _with_attacker(stage: Scene, harms: Sequence[Harm], hit: Hit) -> list[Harm]:
    """Adds the attacker who killed himself to those told just before as killed; where none are, he stands alone."""
    killed = [i for i, harm in enumerate(harms) if harm.kind == "killed" and harm.count.minimum and not harm.noun]
    if not killed:
        return [*harms, Harm(hit.first, hit.last, "self", implied(stage, hit))]
    told = harms[killed[-1]]
    most = None if told.count.maximum is None else told.count.maximum + 1
    more = replace(told, count=replace(told.count, minimum=told.count.minimum + 1, maximum=most))
    return [*harms[: killed[-1]], more, *harms[killed[-1] + 1 :]]


def _hits(stage: Scene, first: int, last: int) -> list[Hit]:
    """The harm words of a sentence, the longest where several overlap."""
    found = [
        Hit(m.trigger_first, m.trigger_last, kind, m.payload)
        for kind in KINDS
        for m in lexicon.cues(kind).find_in(stage.tokens, first, last)
        if m.last <= last
    ]
    found = [
        hit
        for hit in found
        if not _accident(stage, hit, last) and not _tells_of_nobody(stage, hit) and not _only_tried(stage, hit, first)
    ]
    found.sort(key=lambda hit: (hit.first, -hit.last))
    return list(_apart(found))


def _apart(hits: Iterable[Hit]) -> Iterable[Hit]:
    """The hits that do not overlap one before."""
    end = 0
    for hit in hits:
        if hit.first >= end:
            end = hit.last
            yield hit


def _tells_of_nobody(stage: Scene, hit: Hit) -> bool:
    """Whether drones were shot down, shots fired into something; or it only names "the shooting victim"."""
    after = stage.tokens.words[hit.last : hit.last + 1]
    return hit.kind == "shot" and not lexicon.grammar("no_victims").isdisjoint(after)


def _only_tried(stage: Scene, hit: Hit, first: int) -> bool:
    """Whether it was attempted or planned: "tried to kill", "attempted first-degree murder"."""
    words = stage.tokens.words
    if hit.kind != "killed" or hit.last - hit.first > 1 or words[hit.first].endswith("ed"):
        return False
    return not lexicon.grammar("attempts").isdisjoint(words[max(first, hit.first - BESIDE) : hit.first])


def _accident(stage: Scene, hit: Hit, last: int) -> bool:
    """Whether a crash or an illness did it: that is counted for no incident of ours."""
    return not lexicon.grammar("accidents").isdisjoint(stage.tokens.words[hit.last : min(hit.last + ACCIDENT, last)])


def _none_hurt(stage: Scene, first: int, last: int) -> list[Harm]:
    """None of either kind: "no casualties", "without victims"."""
    harms = []
    for begin, end in stage.where("harm_noun", first, last):
        zero = [q for q in quantity.find(stage, max(first, begin - BESIDE), begin) if q.minimum == 0 and q.maximum == 0]
        if zero:
            count = implied(stage, Hit(zero[0].first, end, "killed", "noun"), number=0)
            harms += [Harm(begin, end, "killed", count), Harm(begin, end, "injured", count)]
    return harms


def _deadly(stage: Scene, first: int, last: int) -> list[Harm]:
    """Somebody at least died, whom the sentence does not tell: "the fatal shooting", "a homicide"."""
    never, nor = lexicon.grammar("attempts") | {"no", "not", "without"}, lexicon.grammar("not_deadly")
    words = stage.tokens.words
    for match in lexicon.cues("deadly").find_in(stage.tokens, first, last):
        before, after = words[max(first, match.first - BESIDE) : match.first], words[match.last : match.last + 1]
        one = match.payload == "beside" or not lexicon.grammar("one_deed").isdisjoint(before[-2:])
        if one and match.last <= last and never.isdisjoint(before) and nor.isdisjoint(after):
            count = implied(stage, Hit(match.first, match.last, "killed", "noun"))
            return [Harm(match.first, match.last, "killed", replace(count, maximum=None), vague=True)]
    return []


def _joined(stage: Scene, before: Hit, hit: Hit) -> bool:
    between = stage.tokens.words[before.last : hit.first]
    return 0 < len(between) <= 2 and set(between) <= {"or", "nor", "and", ",", "/", "seriously"}  # noqa: PLR2004  (", or")


def _same_object(stage: Scene, before: Harm, hit: Hit) -> bool:
    """Whether those hit before are those who were killed: "shot three men, killing them"."""
    pronoun = not {"him", "her", "them"}.isdisjoint(stage.tokens.words[hit.last : hit.last + 1])
    owner = stage.has("person", hit.last + 1, hit.last + 2)  # "killing her husband"
    return pronoun and not owner and hit.kind == "killed" and before.kind in {"shot", "injured"}


def _same_subject(stage: Scene, harms: Sequence[Harm], before: Hit, hit: Hit) -> Told | None:
    """Who is told to have been hit, and then to have died: "was shot several times and died at a hospital"."""
    words = stage.tokens.words
    and_ = hit.first - 1 - (words[hit.first - 1] in {"later", "then"})
    joined = words[and_] in {"and", "but"} and before.last <= and_
    if not joined or not harms or harms[-1].first != before.first:
        return None
    if words[before.last] != "by" and stage.has("person", before.last, and_):
        return None
    return Told(harms[-1].count, harms[-1].apart, harms[-1].rank)


def _shared(harms: Sequence[Harm], before: Hit, hit: Hit) -> Told | None:
    """The other verb's zero, which holds for both: "no one was killed or injured"."""
    if not harms or harms[-1].first != before.first or harms[-1].kind == hit.kind:
        return None
    return Told(harms[-1].count) if harms[-1].count.maximum == 0 else None
