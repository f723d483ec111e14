"""How many people a harm word tells of: those before a passive, those after an active verb, names, nouns of death."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.events import lexicon, quantity
from geo.events.model import Count
from geo.events.numbers import singular
from geo.events.people import apposed, bare_people, before_ages, headed, named_beside, names, names_before

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.events.mention import Scene
    from geo.events.quantity import Quantity

LEFT, RIGHT = 28, 24
"""How far from its verb a counted group of people may stand, in tokens."""
BESIDE, ADVERBS, TOLL = 4, 1, 10
"""The same for what stands beside it, adverbs between, and the number of a toll."""
APPOSED = 12
"""How many tokens "Jane Doe, 34, of Salem," may fill between two people."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A harm word: tokens [first, last), what befell (one of casualties.KINDS), its grammar (a list of words.toml)."""

    first: int
    last: int
    kind: str
    form: str


@dataclass(frozen=True, slots=True)
class Told:
    """How many; `apart` where all are told as others than those before; `rank` of "a third man", else 0.

    `counted` is False where no number, article or possessive leads the people.
    """

    count: Count
    apart: bool = False
    rank: int = 0
    counted: bool = False


def victims(stage: Scene, hit: Hit, floor: int, ceiling: int) -> Told | None:
    """The people that a hit tells of, between the hits before and after it; None where it tells of nobody."""
    told = _by_form(stage, hit, floor, ceiling)
    more = _along_with(stage, hit, ceiling) if told and hit.form in {"verb", "done"} else None
    return _sum(told, more) if told and more else told


def implied(stage: Scene, hit: Hit, number: int = 1) -> Count:
    """A count that a word tells by itself: the attacker who killed himself, "no casualties"."""
    return _span(stage, (hit.first, hit.last), number, number, explicit=number == 0).count


def _by_form(stage: Scene, hit: Hit, floor: int, ceiling: int) -> Told | None:
    several = _multiple(stage, hit)
    if several:
        return several
    if hit.form == "toll":
        return _toll(stage, hit, ceiling)
    if hit.form == "noun" or _is_noun(stage, hit):
        return _noun(stage, hit, floor, ceiling)
    if hit.form == "adjective":
        return _beside(stage, hit, floor) or _passive(stage, hit, floor)
    if hit.form == "done":
        return _passive(stage, hit, floor)
    return _verb(stage, hit, floor, ceiling)


def _is_noun(stage: Scene, hit: Hit) -> bool:
    """Whether "murder" is the deed's name and not a verb."""
    words = stage.tokens.words
    named = words[hit.first : hit.last] == ["murder"]
    return named and words[max(hit.first - 1, 0)] not in lexicon.grammar("verb_before")


def _multiple(stage: Scene, hit: Hit) -> Told | None:
    """How many a deed's name tells: "a double murder", "a triple shooting", "a murder-suicide"."""
    words = stage.tokens.words
    before = words[hit.first - 1] if hit.first else ""
    many = lexicon.words()["multiples"].get(before, 0) if words[hit.first] in lexicon.grammar("multiplied") else 0
    with_suicide = words[hit.first] in {"murder", "homicide"} and words[hit.last : hit.last + 1] == ["suicide"]
    if with_suicide:
        many = max(many, 1) + 1
    return _span(stage, (hit.first - 1 if before else hit.first, hit.last), many, many) if many else None


def _along_with(stage: Scene, hit: Hit, ceiling: int) -> Told | None:
    """Who shared it: "was killed, along with two others"."""
    words = stage.tokens.words
    at = hit.last + (words[hit.last : hit.last + 1] == [","])
    if words[at : at + 2] not in (["along", "with"], ["together", "with"]):
        return None
    last = _clause_end(stage, at + 2, min(at + 2 + RIGHT, ceiling))
    return _total(stage, _chain_right(stage, quantity.find(stage, at + 2, last)[:1]))


def _sum(one: Told, more: Told) -> Told:
    least, most = one.count.minimum + more.count.minimum, None
    if one.count.maximum is not None and more.count.maximum is not None:
        most = one.count.maximum + more.count.maximum
    return Told(Count(least, most, one.count.start, max(one.count.end, more.count.end)), one.apart, one.rank)


def _toll(stage: Scene, hit: Hit, ceiling: int) -> Told | None:
    """The number after "death toll": the new one of "rose from 12 to 21"."""
    found = quantity.find(stage, hit.last, min(_after_modifier(stage, hit, ceiling) + TOLL, ceiling))
    words = stage.tokens.words
    for told in found:
        if words[told.first] == "from" and told.maximum:
            return _total(stage, [replace(told, minimum=told.maximum)])
    risen = [told for told in found if words[told.first - 1] in {"to", "at"}]
    return _total(stage, (risen or found)[:1])


def _after_modifier(stage: Scene, hit: Hit, ceiling: int) -> int:
    """Where the verb of a toll stands: "the death toll from Friday's bombing of a bus station | rose"."""
    rises = lexicon.grammar("rises")
    return next(
        (i for i in range(hit.last, min(hit.last + RIGHT, ceiling)) if stage.tokens.words[i] in rises), hit.last
    )


def _noun(stage: Scene, hit: Hit, floor: int, ceiling: int) -> Told | None:
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


def _beside(stage: Scene, hit: Hit, floor: int) -> Told | None:
    """A number right before: "nine people dead", "four soldiers and a cook wounded"."""
    found = quantity.find(stage, max(floor, hit.first - LEFT // 2), hit.first)
    gap = stage.tokens.words[max(found[-1].last, found[-1].noun) : hit.first] if found else []
    if not found or len(gap) > 1 or not {"and", "or", ","}.isdisjoint(gap):
        return None
    chain = _chain_left(stage, found)
    first = _clause_start(stage, max(floor, hit.first - LEFT), hit.first)
    return _whole_heading(stage, first, hit.first, chain) or _total(stage, chain)


def _whole_heading(stage: Scene, first: int, end: int, chain: Sequence[Quantity]) -> Told | None:
    """All people of a heading that counts but some of them: "Mother, 2 children shot dead"."""
    heading = headed(stage, first, end)
    if heading is None or heading[0] >= chain[0].first:
        return None
    return _span(stage, (heading[0], end), heading[1], heading[2])


def _verb(stage: Scene, hit: Hit, floor: int, ceiling: int) -> Told | None:
    if _is_passive(stage, hit, floor):
        return _passive(stage, hit, floor)
    word = stage.tokens.words[hit.first]
    participle = not word.endswith("ing") and (word.endswith(("ed", "n", "t")) or hit.last - hit.first > 1)
    of = stage.tokens.words[hit.last : hit.last + 1] == ["of"]  # "claimed the lives of"
    after = _object(stage, hit.last + of, ceiling)
    if hit.kind == "shot" and not word.endswith("t") and after and not after.counted:
        return None  # "a shooting suspect" was not shot
    if after is None and participle and not _is_second_verb(stage, hit, floor):
        return _beside(stage, hit, floor) or _passive(stage, hit, floor)
    return after


def _is_second_verb(stage: Scene, hit: Hit, floor: int) -> bool:
    """Whether what stands before is the object of the verb before: "killed two men and injured"."""
    return (
        floor > stage.tokens.bounds[stage.tokens.sentence[hit.first]][0] and stage.tokens.words[hit.first - 1] == "and"
    )


def _is_passive(stage: Scene, hit: Hit, floor: int) -> bool:
    words = stage.tokens.words
    word = words[hit.first]
    if hit.last - hit.first == 1 and not (word.endswith("ed") or word in lexicon.grammar("participles")):
        return False
    before = words[_aux_start(stage, hit, floor) : hit.first]
    return not lexicon.grammar("be").isdisjoint(before) or words[hit.last : hit.last + 1] == ["by"]


# --- after an active verb ---------------------------------------------------------------------------------------------


def _object(stage: Scene, first: int, ceiling: int) -> Told | None:
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


def _bare_object(stage: Scene, first: int, last: int) -> Told | None:
    """An object without a number: "killing him", "killed civilians", names."""
    words = stage.tokens.words
    if first >= last or words[first] in lexicon.grammar("between_stops") | lexicon.grammar("no_object"):
        return None
    if words[first] in {"him", "her", "them"}:
        one = words[first] != "them"
        return _span(stage, (first, first + 1), 1 if one else 2, 1 if one else None, explicit=False)
    several = bare_people(stage, first, last)
    if several > 1:
        return _span(stage, (first, last), several, several)
    named = names(stage, first, last)
    if len(named) > 1:
        return _span(stage, (first, named[-1][1]), len(named), len(named))
    for j in range(first, min(first + 3, last)):
        if "person" in stage.labels[j] and words[j + 1 : j + 2] != ["'s"]:
            one = singular(words[j])
            return _span(stage, (first, j + 1), 1 if one else 2, 1 if one else None, explicit=False)
    return _span(stage, (first, named[-1][1]), 1, 1, explicit=False) if named else None


def _clause_end(stage: Scene, first: int, last: int) -> int:
    words = stage.tokens.words
    stops = lexicon.grammar("clause_close")
    for i in range(first, last):
        if (i > first and words[i] in stops) or words[i] in {";", ":"}:
            return i
    return last


# --- before a passive or intransitive verb ----------------------------------------------------------------------------


def _passive(stage: Scene, hit: Hit, floor: int) -> Told | None:
    """The people before a passive or intransitive verb."""
    words = stage.tokens.words
    end = _aux_start(stage, hit, floor)
    if "not" in words[end : hit.first]:
        return None
    end = _before_relative(words, floor, end)
    first = _clause_start(stage, max(floor, end - LEFT), end)
    every = [q for q in quantity.find(stage, first, end) if q.noun or end - q.last <= 3 or q.maximum == 0]  # noqa: PLR2004  ("12 others")
    found = _without_incidental(stage, every, first, end) or every[-1:]
    if len(found) > 1 and _is_one_of(stage, found[-2], found[-1]) and not _plural_verb(stage, end, hit):
        found = found[:-1]
    told = _with_named(stage, first, _chain_left(stage, found)) if found else _by_number(stage, first, end, hit)
    also = told is not None and "also" in words[end : hit.first]
    return replace(told, apart=True, count=replace(told.count, explicit=True)) if told and also else told


def _before_relative(words: list[str], floor: int, end: int) -> int:
    """The token after the subject of "a guard|, who stood at the gate, was"; `end` where no such clause stands."""
    if end - 1 <= floor or words[end - 1] != ",":
        return end
    starts = (i for i in range(max(floor, end - LEFT), end - 2) if words[i] == "," and words[i + 1] in {"who", "whose"})
    return next(starts, end)


def _is_one_of(stage: Scene, left: Quantity, right: Quantity) -> bool:
    """Whether it is "one of six people": the first of the two counts is the subject."""
    words = stage.tokens.words
    return words[left.first] == "one" and words[left.first + 1 : right.first] == ["of"]


def _plural_verb(stage: Scene, end: int, hit: Hit) -> bool:
    return not lexicon.grammar("plural").isdisjoint(stage.tokens.words[end : hit.first])


def _with_named(stage: Scene, first: int, chain: Sequence[Quantity]) -> Told | None:
    """The people of a chain, and one told by name beside them: "Jane Doe, her husband and six children"."""
    told = _total(stage, chain)
    begin = named_beside(stage, first, chain[0].first)
    if told is None or begin == chain[0].first or not told.count.minimum:
        return told
    named = _span(stage, (begin, begin + 1), 1, 1)
    return replace(_sum(named, told), rank=told.rank, counted=told.counted)


def _aux_start(stage: Scene, hit: Hit, floor: int) -> int:
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


def _by_number(stage: Scene, first: int, end: int, hit: Hit) -> Told | None:
    """No number told: a singular verb is one, names as many as they are, a plural noun at least two."""
    words = stage.tokens.words
    auxiliaries = [word for word in words[end : hit.first] if word != "also" and not word.endswith("ly")]
    named = names_before(stage, first, end)
    if not auxiliaries:
        return _unled(stage, first, end, hit, alone=bool(named))
    if auxiliaries[0] in lexicon.grammar("singular") and end > first:
        return _span(stage, (end - 1, end), 1, 1, explicit=False)
    if len(named) > 1:
        return _span(stage, (named[0][0], end), len(named), len(named))
    head = _before_aside(words, first, before_ages(words, first, end))
    people = [i for i, _ in stage.where("person", max(first, head - BESIDE), end)]
    if people and words[people[-1] - 1] == "by":
        return None  # "wounded by gunmen and died"
    if people and not singular(words[people[-1]]):
        return _span(stage, (people[-1], people[-1] + 1), 2, None, explicit=False)
    return None


def _before_aside(words: list[str], first: int, end: int) -> int:
    """The token after the subject before what commas enclose: "The victims|, all in their 20s, were"."""
    if end <= first + 1 or words[end : end + 1] != [","]:
        return end
    return next((i for i in range(end - 1, first, -1) if words[i] == ","), end)


def _unled(stage: Scene, first: int, end: int, hit: Hit, *, alone: bool) -> Told | None:
    """Before a verb without an auxiliary: the people of a heading, a name, "he died"."""
    heading = headed(stage, first, end)
    if heading:
        begin, least, most = heading
        return _span(stage, (begin, end), least, most, explicit=least > 1 and most is not None)
    one = hit.form == "done" and end > first and (alone or stage.tokens.words[end - 1] in {"he", "she"})
    return _span(stage, (end - 1, end), 1, 1, explicit=False) if one else None


# --- several groups ---------------------------------------------------------------------------------------------------


def _without_incidental(stage: Scene, found: list[Quantity], first: int, last: int) -> list[Quantity]:
    """Leaves out who is already counted: "including two children", "two of them"."""
    words = stage.tokens.words
    skip: set[int] = set()
    for match in lexicon.cues("incidental").find_in(stage.tokens, first, last):
        if match.first == first:
            continue  # "wounding two of them"
        begin = _aside_start(words, first, match.first)
        ends = (
            i
            for i in range(match.last, last)
            if words[i] in {",", ")", "—", "–"} and words[i + 1 : i + 2] not in (["a"], ["an"])
        )
        skip.update(range(begin, next(ends, last)))
    return [q for q in found if q.first not in skip]


def _aside_start(words: list[str], first: int, index: int) -> int:
    """Where commas open what "among them" closes: "two men(, one of them a guard,)"; `index` where none do."""
    opens = (i for i in range(index - 1, max(index - 2 * BESIDE, first), -1) if words[i] in {",", "("})
    return next(opens, index)


def _chain_left(stage: Scene, found: list[Quantity]) -> list[Quantity]:
    """The group next to the verb with those it is coordinated to: "two men and a child"."""
    if len(found) > 1 and stage.tokens.words[found[0].last : found[0].last + 2] == ["of", "the"]:
        return found[:1]
    while len(found) > 1 and _is_whole_of(stage, found[-2], found[-1]):
        found = found[:-1]
    chain = [found[-1]]
    for quantity_ in reversed(found[:-1]):
        if not _coordinated(stage, quantity_, chain[0]):
            break
        chain.insert(0, quantity_)
    return chain


def _is_whole_of(stage: Scene, left: Quantity, right: Quantity) -> bool:
    """Whether the second only tells whose the first are: "eight members of one family"."""
    return bool(left.noun) and stage.tokens.words[left.noun : right.first] == ["of"] and left.minimum > 1


def _chain_right(stage: Scene, found: list[Quantity]) -> list[Quantity]:
    chain = found[:1]
    for quantity_ in found[1:]:
        if not _coordinated(stage, chain[-1], quantity_):
            break
        chain.append(quantity_)
    return chain


def _coordinated(stage: Scene, left: Quantity, right: Quantity) -> bool:
    """Both count people and only "and" or a comma with the rest of a name, an age, a home stands between."""
    if not left.noun or not right.noun:
        return False
    words = _unapposed(stage, max(left.last, left.noun), right.first)
    if words[-1:] in (["his"], ["her"], ["their"]):
        words = words[:-1]  # "a woman and her two children"
    if len(words) > BESIDE:
        return False
    if words == [","]:
        return right.minimum > 1 or (left.sure and right.sure)
    return words[-1:] == ["and"] or words == ["as", "well", "as"]


def _unapposed(stage: Scene, first: int, last: int) -> list[str]:
    """The words between two people without a name and an age told in commas: "his wife(, Jane Doe, 34,) and"."""
    first = _past_decade(stage.tokens.words, first, last)
    words = stage.tokens.words[first:last]
    if not 1 < len(words) <= APPOSED or words[0] != ",":
        return words
    return words[-1:] if words[-1] in {"and", ","} and apposed(stage, first + 1, last - 1) else words


def _past_decade(words: list[str], first: int, last: int) -> int:
    """The token after "in her 20s", "in their early 30s"; `first` where none begins there."""
    if words[first : first + 1] != ["in"] or words[first + 1 : first + 2] not in (["his"], ["her"], ["their"]):
        return first
    digits = next((i for i in range(first + 2, min(first + 4, last)) if words[i].isdigit()), last)
    return digits + 2 if digits + 1 < last and words[digits + 1] in {"s", "'s"} else first


def _total(stage: Scene, chain: Sequence[Quantity]) -> Told | None:
    if not chain:
        return None
    maxima = [q.maximum for q in chain]
    most = None if any(m is None for m in maxima) else sum(m for m in maxima if m is not None)
    told = _span(
        stage,
        (chain[0].first, chain[-1].last),
        sum(q.minimum for q in chain),
        most,
        explicit=any(q.sure for q in chain),
    )
    return Told(told.count, all(q.apart for q in chain), max(q.rank for q in chain), counted=True)


def _span(stage: Scene, words: tuple[int, int], minimum: int, maximum: int | None, *, explicit: bool = True) -> Told:
    first, last = words
    return Told(Count(minimum, maximum, stage.tokens.starts[first], stage.tokens.ends[last - 1], explicit))
