"""Killed and injured, as the grammar of a sentence tells them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.events import lexicon, quantity
from geo.events.model import Count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.events.mention import Scene
    from geo.events.quantity import Quantity

KINDS = ("killed", "injured", "shot")
LEFT, RIGHT = 28, 24
"""How far from its verb a counted group of people may stand, in tokens."""
BESIDE, ADVERBS, ACCIDENT = 4, 1, 5
"""The same for what stands beside it, adverbs between, and the crash that did it."""


@dataclass(frozen=True, slots=True)
class Harm:
    """One statement: tokens [first, last) of its verb or noun, killed, injured or shot, and how many."""

    first: int
    last: int
    kind: str
    count: Count


@dataclass(frozen=True, slots=True)
class _Hit:
    first: int
    last: int
    kind: str
    form: str


def find(stage: Scene, sentence: int) -> list[Harm]:
    """What a sentence says about people killed, injured or shot, in order."""
    bounds = stage.tokens.bounds[sentence]
    hits = _hits(stage, *bounds)
    harms: list[Harm] = []
    for index, hit in enumerate(hits):
        floor = hits[index - 1].last if index else bounds[0]
        ceiling = hits[index + 1].first if index + 1 < len(hits) else bounds[1]
        count = _count(stage, hit, floor, ceiling)
        if count is None and index and _joined(stage, hits[index - 1], hit):
            count = _shared(harms, hits[index - 1], hit)
        if count is not None:
            harms.append(Harm(hit.first, hit.last, hit.kind, count))
    return harms + _none_hurt(stage, *bounds)


def _hits(stage: Scene, first: int, last: int) -> list[_Hit]:
    """The harm words of a sentence, the longest where several overlap."""
    found = [
        _Hit(m.first, m.last, kind, m.payload)
        for kind in KINDS
        for m in lexicon.cues(kind).find_in(stage.tokens, first, last)
        if m.last <= last
    ]
    found = [hit for hit in found if not _accident(stage, hit, last) and not _at_things(stage, hit)]
    found.sort(key=lambda hit: (hit.first, -hit.last))
    kept: list[_Hit] = []
    for hit in found:
        if not kept or hit.first >= kept[-1].last:
            kept.append(hit)
    return kept


def _at_things(stage: Scene, hit: _Hit) -> bool:
    """Whether it was drones that were shot down, or shots fired into something."""
    return hit.kind == "shot" and not {"down", "off", "into"}.isdisjoint(stage.tokens.words[hit.last : hit.last + 1])


def _accident(stage: Scene, hit: _Hit, last: int) -> bool:
    """Whether a crash or an illness did it: that is counted for no incident of ours."""
    return not lexicon.grammar("accidents").isdisjoint(stage.tokens.words[hit.last : min(hit.last + ACCIDENT, last)])


def _none_hurt(stage: Scene, first: int, last: int) -> list[Harm]:
    """None of either kind: "no casualties", "without victims"."""
    harms = []
    for begin, end in stage.where("harm_noun", first, last):
        zero = [q for q in quantity.find(stage, max(first, begin - BESIDE), begin) if q.minimum == 0 and q.maximum == 0]
        if zero:
            count = _span(stage, (zero[0].first, end), 0, 0)
            harms += [Harm(begin, end, "killed", count), Harm(begin, end, "injured", count)]
    return harms


def _joined(stage: Scene, before: _Hit, hit: _Hit) -> bool:
    between = stage.tokens.words[before.last : hit.first]
    return 0 < len(between) <= 2 and set(between) <= {"or", "nor", "and", ",", "/", "seriously"}  # noqa: PLR2004  (", or")


def _shared(harms: Sequence[Harm], before: _Hit, hit: _Hit) -> Count | None:
    """The other verb's zero, which holds for both: "no one was killed or injured"."""
    if not harms or harms[-1].first != before.first or harms[-1].kind == hit.kind:
        return None
    return harms[-1].count if harms[-1].count.maximum == 0 else None


def _count(stage: Scene, hit: _Hit, floor: int, ceiling: int) -> Count | None:
    if hit.form == "toll":
        return _toll(stage, hit, ceiling)
    if hit.form == "noun":
        return _noun(stage, hit, floor, ceiling)
    if hit.form == "adjective":
        return _beside(stage, hit, floor) or _passive(stage, hit, floor)
    if hit.form == "done":
        return _passive(stage, hit, floor)
    return _verb(stage, hit, floor, ceiling)


def _toll(stage: Scene, hit: _Hit, ceiling: int) -> Count | None:
    found = quantity.find(stage, hit.last, min(hit.last + 10, ceiling))
    return _total(stage, found[-1:] if {"from"} & set(stage.tokens.words[hit.last : hit.last + 5]) else found[:1])


def _noun(stage: Scene, hit: _Hit, floor: int, ceiling: int) -> Count | None:
    """Deaths that are counted: "12 deaths", "the killing of two men"."""
    words = stage.tokens.words
    before = quantity.find(stage, max(floor, hit.first - BESIDE), hit.first)
    if (
        before
        and before[-1].sure
        and (lexicon.grammar("between_stops") | {"to"}).isdisjoint(words[before[-1].last : hit.first])
    ):
        return _total(stage, before[-1:])
    if words[hit.last : hit.last + 1] == ["of"]:
        return _object(stage, hit.last + 1, ceiling)
    return None


def _beside(stage: Scene, hit: _Hit, floor: int) -> Count | None:
    """A number right before: "nine people dead", "30 wounded"."""
    near = [
        q
        for q in quantity.find(stage, max(floor, hit.first - LEFT // 2), hit.first)
        if hit.first - max(q.last, q.noun) <= 1
    ]
    return _total(stage, near[-1:])


def _verb(stage: Scene, hit: _Hit, floor: int, ceiling: int) -> Count | None:
    if _is_passive(stage, hit, floor):
        return _passive(stage, hit, floor)
    word = stage.tokens.words[hit.first]
    participle = not word.endswith("ing") and (word.endswith(("ed", "n", "t")) or hit.last - hit.first > 1)
    of = stage.tokens.words[hit.last : hit.last + 1] == ["of"]  # "claimed the lives of"
    after = _object(stage, hit.last + of, ceiling)
    if after is None and participle:
        return _beside(stage, hit, floor) or _passive(stage, hit, floor)
    return after


def _is_passive(stage: Scene, hit: _Hit, floor: int) -> bool:
    words = stage.tokens.words
    word = words[hit.first]
    if hit.last - hit.first == 1 and not (word.endswith("ed") or word in lexicon.grammar("participles")):
        return False
    before = words[_aux_start(stage, hit, floor) : hit.first]
    return not lexicon.grammar("be").isdisjoint(before) or words[hit.last : hit.last + 1] == ["by"]


def _object(stage: Scene, first: int, ceiling: int) -> Count | None:
    """The people after an active verb."""
    last = _clause_end(stage, first, min(first + RIGHT, ceiling))
    found = _without_incidental(stage, quantity.find(stage, first, last), first, last)
    if found and _starts(stage, first, found[0]):
        return _total(stage, _chain_right(stage, found))
    return _bare_object(stage, first, last)


def _starts(stage: Scene, first: int, told: Quantity) -> bool:
    """Whether the object begins with the number: "killed 12", "killing in cold blood 12" does not."""
    between = stage.tokens.words[first : told.first]
    plain = lexicon.grammar("name_stops") - lexicon.grammar("determiners")
    return len(between) <= ADVERBS and plain.isdisjoint(between)


def _bare_object(stage: Scene, first: int, last: int) -> Count | None:
    """An object without a number: "killing him", "killed civilians", names."""
    words = stage.tokens.words
    if first >= last or words[first] in lexicon.grammar("between_stops"):
        return None
    if words[first] in {"him", "her"}:
        return _span(stage, (first, first + 1), 1, 1, explicit=False)
    for j in range(first, min(first + 3, last)):
        if "person" in stage.labels[j]:
            one = quantity.singular(words[j])
            return _span(stage, (first, j + 1), 1 if one else 2, 1 if one else None, explicit=False)
    names = _names(stage, first, last)
    return _span(stage, (first, names[-1][1]), len(names), len(names), explicit=len(names) > 1) if names else None


def _names(stage: Scene, first: int, last: int) -> list[tuple[int, int]]:
    """People's names from a token on: capitalised runs joined by commas and "and", ages between them."""
    words = stage.tokens.words
    names: list[tuple[int, int]] = []
    i = first
    while i < last:
        end = i
        while end < last and _name_word(stage, end):
            end += 1
        if end == i:
            break
        if words[end : end + 1] and words[end] in lexicon.grammar("speech") and names:
            break  # "killing Smith, Jones said"
        names.append((i, end))
        i = end
        while i < last and (words[i] in {",", "and", "(", ")"} or words[i].isdigit()):
            i += 1
    return names


def _name_word(stage: Scene, i: int) -> bool:
    tokens = stage.tokens
    named = not tokens.shouted and tokens.capital(i) and tokens.words[i] not in lexicon.grammar("no_name")
    return named and not {"rebel", "state", "territory", "criminal"} & stage.labels[i].keys()


def _clause_end(stage: Scene, first: int, last: int) -> int:
    words = stage.tokens.words
    stops = lexicon.grammar("clause_close")
    for i in range(first, last):
        if (i > first and words[i] in stops) or words[i] in {";", ":"}:
            return i
    return last


def _passive(stage: Scene, hit: _Hit, floor: int) -> Count | None:
    """The people before a passive or intransitive verb."""
    words = stage.tokens.words
    end = _aux_start(stage, hit, floor)
    first = _clause_start(stage, max(floor, end - LEFT), end)
    found = _without_incidental(stage, quantity.find(stage, first, end), first, end)
    found = [q for q in found if q.noun or end - q.last <= 3 or q.maximum == 0]  # noqa: PLR2004  ("12 others")
    if "not" in words[end : hit.first]:
        return None
    if found:
        return _total(stage, _chain_left(stage, found))
    return _by_number(stage, first, end, hit)


def _aux_start(stage: Scene, hit: _Hit, floor: int) -> int:
    """The first auxiliary of "have been seriously wounded"."""
    words = stage.tokens.words
    helpers = lexicon.grammar("helpers")
    i = hit.first
    while i > floor and (words[i - 1] in helpers or words[i - 1].endswith("ly")):
        i -= 1
    return i


def _clause_start(stage: Scene, first: int, end: int) -> int:
    words = stage.tokens.words
    opens = lexicon.grammar("clause_open") | {";", ":"}
    for i in range(end - 1, first - 1, -1):
        if words[i] in opens and i < end - 1:
            return i + 1
    return first


def _by_number(stage: Scene, first: int, end: int, hit: _Hit) -> Count | None:
    """No number told: a singular verb is one, names as many as they are, a plural noun at least two."""
    words = stage.tokens.words
    auxiliaries = words[end : hit.first]
    names = _names_before(stage, first, end)
    if not auxiliaries:
        alone = hit.form == "done" and end > first and (names or words[end - 1] in {"he", "she"})
        return _span(stage, (end - 1, end), 1, 1, explicit=False) if alone else None
    if auxiliaries[0] in lexicon.grammar("singular") and end > first:
        return _span(stage, (end - 1, end), 1, 1, explicit=False)
    if len(names) > 1:
        return _span(stage, (names[0][0], end), len(names), len(names))
    people = [i for i, _ in stage.where("person", max(first, end - BESIDE), end)]
    if people and not quantity.singular(words[people[-1]]):
        return _span(stage, (people[-1], people[-1] + 1), 2, None, explicit=False)
    return None


def _names_before(stage: Scene, first: int, end: int) -> list[tuple[int, int]]:
    """The names that end right before a verb: "Smith, 20, and Jones"."""
    for i in range(first, end):
        names = _names(stage, i, end)
        if names and end - names[-1][1] <= 1:
            return names
    return []


def _without_incidental(stage: Scene, found: list[Quantity], first: int, last: int) -> list[Quantity]:
    """Leaves out who is already counted: "including two children", "two of them"."""
    words = stage.tokens.words
    skip: set[int] = set()
    for match in lexicon.cues("incidental").find_in(stage.tokens, first, last):
        ends = (
            i
            for i in range(match.last, last)
            if words[i] in {",", ")", "—", "–"} and words[i + 1 : i + 2] not in (["a"], ["an"])
        )
        skip.update(range(match.first, next(ends, last)))
    return [q for q in found if q.first not in skip]


def _chain_left(stage: Scene, found: list[Quantity]) -> list[Quantity]:
    """The group next to the verb with those it is coordinated to: "two men and a child"."""
    if len(found) > 1 and stage.tokens.words[found[0].last : found[0].last + 2] == ["of", "the"]:
        return found[:1]
    chain = [found[-1]]
    for quantity_ in reversed(found[:-1]):
        if not _coordinated(stage, quantity_, chain[0]):
            break
        chain.insert(0, quantity_)
    return chain


def _chain_right(stage: Scene, found: list[Quantity]) -> list[Quantity]:
    chain = [found[0]]
    for quantity_ in found[1:]:
        if not _coordinated(stage, chain[-1], quantity_):
            break
        chain.append(quantity_)
    return chain


def _coordinated(stage: Scene, left: Quantity, right: Quantity) -> bool:
    """Both count people and only "and" or a comma with the rest of a name stands between."""
    words = stage.tokens.words[max(left.last, left.noun) : right.first]
    if not left.noun or not right.noun or len(words) > BESIDE:
        return False
    return words[-1:] == ["and"] or words == ["as", "well", "as"] or (words == [","] and left.sure and right.sure)


def _total(stage: Scene, chain: Sequence[Quantity]) -> Count | None:
    if not chain:
        return None
    maxima = [q.maximum for q in chain]
    most = None if any(m is None for m in maxima) else sum(m for m in maxima if m is not None)
    least = sum(q.minimum for q in chain)
    return _span(stage, (chain[0].first, chain[-1].last), least, most, explicit=any(q.sure for q in chain))


def _span(stage: Scene, words: tuple[int, int], minimum: int, maximum: int | None, *, explicit: bool = True) -> Count:
    first, last = words
    return Count(minimum, maximum, stage.tokens.starts[first], stage.tokens.ends[last - 1], explicit)
