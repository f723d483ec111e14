"""Number words and the people they count → intervals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from geo.events import lexicon
from geo.events.numbers import counts_no_people, hyphened, number, past_ages, singular
from geo.events.patterns import Patterns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.events.mention import Scene

LARGEST = 10_000_000
"""A bigger number counts no people of one incident."""
NEARLY = 0.9
ABOUT = 0.1
"""Nearly N is from 0.9 N, about N from 0.9 N to 1.1 N."""
NOUN_REACH = 6
LONGEST = 5
"""Words of the longest phrase that tells how many."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """Tokens [first, last) that say how many; `maximum` None is open.

    `noun` is the token after the counted noun, 0 for none; not `sure` where only "the" or "his" says that it is one.
    `rank` is the place of one in a row of victims ("a third man"), 0 where none is told; `apart` says that others were
    told before ("another", "two others", "a third").
    """

    first: int
    last: int
    minimum: int
    maximum: int | None
    noun: int = 0
    sure: bool = True
    rank: int = 0
    apart: bool = False


@lru_cache(maxsize=1)
def _phrases() -> Patterns:
    patterns = Patterns({}, {})
    table = lexicon.words()
    for phrase, interval in table["vague"].items():
        patterns.add(phrase, tuple(interval))
    for phrase in table["bounds"]["none"]:
        patterns.add(phrase, (0, 0))
    return patterns


def find(stage: Scene, first: int, last: int) -> list[Quantity]:
    """The quantities between two tokens that may count people, in order."""
    found: list[Quantity] = []
    i = first
    while i < last:
        if (after := past_ages(stage, i, last)) > i:
            i = after
            continue
        quantity = (
            _ranged(stage, i, last)
            or _longer(_plain(stage, i, last), _phrase(stage, i, last))
            or _single(stage, i, last)
        )
        if quantity is None or quantity.last <= i:
            i += 1
            continue
        i = quantity.last
        found.append(_with_noun(stage, _bounded(stage, quantity, first), last))
    return found


def _longer(plain: Quantity | None, phrase: Quantity | None) -> Quantity | None:
    """The one that takes more words: "two dozen" is not two."""
    if plain is None or phrase is None:
        return plain or phrase
    return phrase if phrase.last > plain.last else plain


def _ranged(stage: Scene, i: int, last: int) -> Quantity | None:
    """A range: "between 12 and 15", "12 to 15", "12-15", "12 or 15"."""
    words = stage.tokens.words
    begin = i + 1 if words[i] in {"between", "from"} else i
    low = number(words, begin, last)
    if low is None:
        return None
    joint = low[1]
    glue = words[joint] if joint < last else ""
    linked = glue in {"to", "or"} or (begin > i and glue == "and")
    high = number(words, joint + 1 if linked else joint, last) if linked or hyphened(stage, joint) else None
    if high is None or not low[0] < high[0] or counts_no_people(stage, i, high[1]):
        return None
    return Quantity(i, high[1], low[0], high[0])


def _plain(stage: Scene, i: int, last: int) -> Quantity | None:
    words = stage.tokens.words
    told = number(words, i, last)
    if told is None or told[0] > LARGEST or counts_no_people(stage, i, told[1]):
        return None
    if words[i] == "one" and words[i + 1 : i + 2] == ["of"] and words[i + 2 : i + 3] != ["the"]:
        return Quantity(i, told[1], 1, 1)
    return Quantity(i, told[1], told[0], told[0])


def _phrase(stage: Scene, i: int, last: int) -> Quantity | None:
    matches = [match for match in _phrases().find_in(stage.tokens, i, min(i + LONGEST, last)) if match.first == i]
    if not matches:
        return None
    best = max(matches, key=lambda match: match.last)
    minimum, maximum = best.payload
    if stage.tokens.words[best.last : best.last + 1] and stage.tokens.words[best.last] in lexicon.grammar("units"):
        return None
    apart = stage.tokens.words[best.first] == "another"
    return Quantity(best.first, best.last, minimum, None if maximum < 0 else maximum, apart=apart)


def _single(stage: Scene, i: int, last: int) -> Quantity | None:
    """One person: "a soldier", "his 12-year-old daughter", "fifth victim"; one "family of four"."""
    words = stage.tokens.words
    if (place := _ordinal(stage, i, last)) is not None:
        return place
    if words[i] == "family" and words[i + 1 : i + 2] == ["of"] and number(words, i + 2, last):
        return _family(stage, i, i, last)
    if words[i] in {"he", "she"} and words[i + 1 : i + 2] == ["and"]:
        return Quantity(i, i + 1, 1, 1, i + 1)
    if words[i] not in lexicon.grammar("determiners"):
        return None
    rank = lexicon.words()["ordinals"].get(words[i + 1], 0) if i + 1 < last else 0
    if rank and words[i] == "a" and not lexicon.grammar("helpers").isdisjoint(words[i + 2 : i + 3]):
        return Quantity(i, i + 2, 1, 1, i + 2, rank=rank, apart=True)  # "a third was hurt"
    return _described(stage, i, last, rank)


def _ordinal(stage: Scene, i: int, last: int) -> Quantity | None:
    """One of a row without an article, as headings have it: "5th person", "Third victim"."""
    words = stage.tokens.words
    told = lexicon.words()["ordinals"].get(words[i], 0)
    after = i + 1
    if words[i].isdigit() and words[after : after + 1] and words[after] in {"st", "nd", "rd", "th"}:
        told, after = min(int(words[i][:4]), LARGEST), after + 1
    if told < 2 or after >= last or "person" not in stage.labels[after] or not singular(words[after]):  # noqa: PLR2004  (the second)
        return None
    return Quantity(i, after, 1, 1, rank=told, apart=True)


def _described(stage: Scene, i: int, last: int, rank: int) -> Quantity | None:
    """The person that a determiner and what describes him lead to: "his 12-year-old | daughter"."""
    words = stage.tokens.words
    j, end = i + 1, min(i + NOUN_REACH, last)
    while j < end:
        if words[j] in {"and", ",", "of", "in", "on", "was", "were", "who", "that", "to", "or", "from", "for"}:
            return None
        if words[j] == "family" and words[j + 1 : j + 2] not in (["member"], ["friend"]):
            return _family(stage, i, j, last)
        if words[j + 1 : j + 2] == ["'s"]:  # "the driver's dog"
            j, end = j + 2, min(j + 2 + NOUN_REACH, last)
            continue
        if "person" in stage.labels[j] and not ("person" in stage.labels[min(j + 1, last - 1)] and j + 1 < last):
            return _person(words[i], i, rank) if singular(words[j]) else None
        j += 1
    return None


def _person(determiner: str, i: int, rank: int) -> Quantity:
    """One of the people told of: "a man", "the third victim"."""
    apart = bool(rank) or determiner == "another"
    return Quantity(i, i + 1, 1, 1, sure=determiner in {"a", "an", "another"}, rank=rank, apart=apart)


def _family(stage: Scene, i: int, j: int, last: int) -> Quantity:
    """Several people: "a family of four" as many as told."""
    told = number(stage.tokens.words, j + 2, last) if stage.tokens.words[j + 1 : j + 2] == ["of"] else None
    if told:
        return Quantity(i, told[1], told[0], told[0], told[1])
    return Quantity(i, i + 1, 2, None, sure=False)


def _bounded(stage: Scene, quantity: Quantity, first: int) -> Quantity:
    """Widens by "at least", "more than", "about" before the number."""
    if quantity.minimum == 0:
        return quantity
    best = max(_bounds_before(stage, quantity.first, first), default=None, key=lambda hit: hit[1])
    if best is None:
        return quantity
    low, high = _widen(best[0], quantity.minimum, quantity.maximum)
    return replace(quantity, first=quantity.first - best[1], minimum=low, maximum=high)


def _bounds_before(stage: Scene, index: int, first: int) -> Iterator[tuple[str, int]]:
    for match in lexicon.cues("bounds").find_in(stage.tokens, max(first, index - 4), index):
        if match.last == index and match.payload != "none":
            yield match.payload, match.last - match.first


def _widen(name: str, low: int, high: int | None) -> tuple[int, int | None]:
    """The interval of a bounded number; [bounds] of words.toml lists the words."""
    about = None if high is None else high + int(high * ABOUT)
    return {
        "exact": (low, high),
        "at_least": (low, None),
        "more_than": (low + 1, None),
        "at_most": (low, low),
        "less_than": (max(1, low // 2), low - 1),
        "nearly": (int(low * NEARLY), high),
        "or_more": (low, None),
        "about": (low - int(low * ABOUT), about),
    }[name]


def _with_noun(stage: Scene, quantity: Quantity, last: int) -> Quantity:
    """Finds the noun that is counted, if it is for people."""
    words = stage.tokens.words
    if quantity.noun:
        return quantity
    if "person" in stage.labels[quantity.last - 1] and words[quantity.last : quantity.last + 1] != ["of"]:
        return replace(quantity, noun=quantity.last)  # "a couple"
    for j in range(quantity.last, min(quantity.last + NOUN_REACH, last)):
        if words[j] in {",", ".", "and", "in", "on", "at", "by", "was", "were", "when", "after"} and j > quantity.last:
            break
        if "person" in stage.labels[j]:
            others = "other" in words[quantity.first : j] or words[j] == "others"
            apart = quantity.apart or (others and "of" not in words[quantity.last : j])
            return replace(quantity, noun=stage.labels[j]["person"], apart=apart)
    return quantity
