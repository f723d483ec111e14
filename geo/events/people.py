"""People told without a number: by their names, in a heading, beside a number ("Jane Doe and two others")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.events import lexicon
from geo.events.numbers import number, singular

if TYPE_CHECKING:
    from geo.events.mention import Scene

_AGED = frozenset(["age", "ages", "aged", "both", "and", ",", "year", "years", "month", "months", "old"])
"""What stands in commas beside a person besides names and numbers: ", ages 7 and 10,"."""
_ARMED = frozenset(["rebel", "state", "criminal"])
_OWNERS = frozenset(["his", "her", "their"])
_HEADING_STOPS = frozenset([":", "|"])
"""What ends the label before a heading: "Police: Man shot"."""


def names(stage: Scene, first: int, last: int) -> list[tuple[int, int]]:
    """People's names from a token on: capitalised runs joined by commas and "and", ages before and between them."""
    words = stage.tokens.words
    found: list[tuple[int, int]] = []
    i = _past_age(stage, first, last)
    while i < last:
        end = i
        while end < last and name_word(stage, end):
            end += 1
        if end == i:
            break
        if words[end : end + 1] and words[end] in lexicon.grammar("speech") and found:
            break  # "killing Smith, Jones said"
        found.append((i, end))
        i = end
        while i < last and (words[i] in {",", "and", "(", ")"} or words[i].isdigit()):
            i = _past_age(stage, i, last) if words[i].isdigit() else i + 1
            i = max(i, _past_age(stage, i, last))
    return found


def _past_age(stage: Scene, i: int, last: int) -> int:
    """The token after an age: "34", "7-year-old"; `i` where none begins there."""
    words = stage.tokens.words
    if i >= last or not words[i].isdigit():
        return i
    return min(i + 3, last) if words[i + 1 : i + 3] == ["year", "old"] else i + 1


def name_word(stage: Scene, i: int) -> bool:
    """Whether a token may be part of somebody's name."""
    tokens = stage.tokens
    named = not tokens.shouted and tokens.capital(i) and tokens.words[i] not in lexicon.grammar("no_name")
    return named and not {"rebel", "state", "territory", "criminal"} & stage.labels[i].keys()


def names_before(stage: Scene, first: int, end: int) -> list[tuple[int, int]]:
    """The names that end right before a verb: "Smith, 20, and Jones"."""
    for i in range(first, end):
        found = names(stage, i, end)
        if found and end - found[-1][1] <= 1:
            return found
    return []


def before_ages(words: list[str], first: int, end: int) -> int:
    """The token after the people whose ages stand in commas before a verb: "Youths |, 16 and 10, were"."""
    i = end
    while i > first and (words[i - 1].isdigit() or words[i - 1] in {",", "and", "both"}):
        i -= 1
    return i


def apposed(stage: Scene, first: int, last: int) -> bool:
    """Whether tokens only add names and ages to a person: ", Jane Doe, 34", ", ages 7 and 10"."""
    words = stage.tokens.words
    return all(name_word(stage, i) or words[i].isdigit() or words[i] in _AGED for i in range(first, last))


# --- headings ---------------------------------------------------------------------------------------------------------


def headed(stage: Scene, first: int, end: int) -> tuple[int, int, int | None] | None:
    """The people of a heading that leaves out article and auxiliary: "Boy, 3, shot", "Man, toddler found dead".

    Returns the token where they begin, how many at least and at most; None where no such people stand there.
    """
    words = stage.tokens.words
    start = stage.tokens.bounds[stage.tokens.sentence[end - 1]][0] if end > first else end
    if first >= end or (first != start and words[first - 1] not in _HEADING_STOPS):
        return None
    end -= words[end - 1] == "found"
    head = before_ages(words, first, end)
    if head <= first or not _is_plain_person(stage, head - 1):
        return None
    found = _parts(stage, first, head)
    parts = [part for part in found if part]
    if len(parts) < max(len(found), 1):
        first, parts = head - 1, [(1, 1) if singular(words[head - 1]) else (2, None)]
    most = None if any(part[1] is None for part in parts) else sum(part[1] or 0 for part in parts)
    return (first if len(parts) > 1 else head - 1), sum(part[0] for part in parts), most


def _parts(stage: Scene, first: int, last: int) -> list[tuple[int, int | None] | None]:
    """The people between commas and "and", ages left out; None for a part that tells of none."""
    words = stage.tokens.words
    parts: list[tuple[int, int | None] | None] = []
    begin = first
    for i in range(first, last + 1):
        if i == last or words[i] in {",", "and", "&"}:
            if i > begin and not all(word.isdigit() for word in words[begin:i]):
                parts.append(_part(stage, begin, i))
            begin = i + 1
    return parts


def _part(stage: Scene, first: int, last: int) -> tuple[int, int | None] | None:
    words = stage.tokens.words
    if not _is_plain_person(stage, last - 1) or not lexicon.grammar("name_stops").isdisjoint(words[first:last]):
        return None
    if singular(words[last - 1]):
        return 1, 1
    told = number(words, first, last)
    return (told[0], told[0]) if told and told[0] else (2, None)


def _is_plain_person(stage: Scene, i: int) -> bool:
    labels = stage.labels[i].keys()
    return "person" in labels and not _ARMED & labels


def bare_people(stage: Scene, first: int, last: int) -> int:
    """How many people a heading lists without articles from a token on: "man, woman and her baby"; 0 for no list."""
    words = stage.tokens.words
    count, begin = 0, first
    for i in range(first, last + 1):
        if i < last and words[i] not in {",", "and", "&"}:
            continue
        if i > begin and not all(word.isdigit() for word in words[begin:i]):
            owned = begin + (count > 0 and words[begin] in _OWNERS)
            part = _part(stage, owned, i)
            if part is None or part[1] is None:
                break
            count += part[1]
        begin = i + 1
    return count


# --- beside a number --------------------------------------------------------------------------------------------------


def named_beside(stage: Scene, floor: int, index: int) -> int:
    """The token where somebody's name begins who is told with the people at `index`; `index` where nobody is.

    "Jane Doe, her husband and six children", "Jane Doe, 34, and two others". What follows a preposition is a place.
    """
    words = stage.tokens.words
    end = index
    while end > floor and (words[end - 1] in {",", "and"} or words[end - 1].isdigit()):
        end -= 1
    joined = words[end:index]
    if not joined or joined[-1] not in {",", "and"} or (joined[-1] == "," and words[index] not in _OWNERS):
        return index
    begin = end
    while begin > floor and name_word(stage, begin - 1):
        begin -= 1
    opens = begin == floor or words[begin - 1] in lexicon.grammar("clause_open") | {",", ":", ";"}
    return begin if begin < end and opens and end - begin <= _LONGEST_NAME else index


_LONGEST_NAME = 4
