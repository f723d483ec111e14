"""Digits and number words → values; the numbers that count no people: ages, dates, clocks, names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.events import lexicon

if TYPE_CHECKING:
    from geo.events.mention import Scene


def number(words: list[str], i: int, last: int) -> tuple[int, int] | None:
    """The value of a number in digits or words, and the token after it."""
    if i >= last:
        return None
    digits = words[i].replace(",", "")
    if digits.isascii() and digits.isdigit():
        return (int(digits), i + 1) if len(digits) <= 8 else None  # noqa: PLR2004  (LARGEST has eight digits)
    return _spelled(words, i, last)


def _spelled(words: list[str], i: int, last: int) -> tuple[int, int] | None:
    numbers, multipliers = lexicon.words()["numbers"], lexicon.words()["multipliers"]
    total, current, begin = 0, 0, i
    while i < last:
        word = words[i]
        if word in numbers:
            if i > begin and words[i - 1] in numbers and not (numbers[words[i - 1]] >= 20 and numbers[word] < 10):  # noqa: PLR2004  (twenty-one)
                break
            current += numbers[word]
        elif word in multipliers and i > begin:
            current *= multipliers[word]
        elif not (
            word == "and" and i > begin and words[i - 1] in multipliers and i + 1 < last and words[i + 1] in numbers
        ):
            break
        i += 1
    total += current
    return (total, i) if i > begin else None


def counts_no_people(stage: Scene, first: int, after: int) -> bool:
    """Whether the number in tokens [first, after) is an age, a date, a clock, a distance or a name."""
    words = stage.tokens.words
    begin, end = stage.tokens.bounds[stage.tokens.sentence[first]]
    following = words[after] if after < end else ""
    before = words[first - 1] if first > begin else ""
    if _is_age(stage, first, after):
        return True
    if before == "of" and _of_number(stage, first):
        return True
    if following in lexicon.grammar("units") or _numbered(words, first, begin):
        return True
    if following in {".", ":"} and after + 1 < end and words[after + 1][:1].isdigit():
        return True
    if words[first].isdigit() and (following in {"s", "'s"} or _is_address(stage, first, after)):
        return True  # "in her 20s"
    return words[first].isdigit() and len(words[first]) == 4 and words[first][:2] in {"19", "20"}  # noqa: PLR2004  (a year)


def _of_number(stage: Scene, first: int) -> bool:
    """Whether "of" and a number tell how many somebody or something has: "a mother of three", "Image 3 of 9"."""
    words = stage.tokens.words
    if "person" in stage.labels[max(first - 2, 0)] and singular(words[first - 2]):
        return True
    return words[first - 2].isdigit() and words[max(first - 3, 0)] in lexicon.grammar("number_names")


_LISTED = frozenset([",", "(", "[", ")", "]", "—", "–"])
_STREET_REACH = 4
"""How many tokens after a house number its street's word of kind stands: "1203 North Mill Street"."""


def _is_address(stage: Scene, first: int, after: int) -> bool:
    """Whether a number in digits is a house's: "22-04 Mill Avenue", "1203 North Mill Street"."""
    tokens, end = stage.tokens, stage.tokens.bounds[stage.tokens.sentence[first]][1]
    i = after + hyphened(stage, after) if after < end and tokens.words[after].isdigit() else after
    while i < min(end, after + _STREET_REACH) and _names_a_street(stage, i):
        if i > after and tokens.words[i] in lexicon.grammar("streets"):
            return True
        i += 1
    return False


_ORDER = frozenset(["st", "nd", "rd", "th"])


def _names_a_street(stage: Scene, i: int) -> bool:
    word = stage.tokens.words[i]
    return word in _ORDER or (
        stage.tokens.capital(i) and word not in lexicon.grammar("name_stops") and "person" not in stage.labels[i]
    )


def hyphened(stage: Scene, index: int) -> bool:
    """Whether nothing but a hyphen stands between a token and the one before."""
    tokens = stage.tokens
    return 0 < index < len(tokens.words) and tokens.text[tokens.ends[index - 1] : tokens.starts[index]] in {
        "-",
        "‐",
        "‑",
    }


def _is_age(stage: Scene, first: int, after: int) -> bool:
    """Whether a number is how old somebody is: "Smith, 20, was", "Youths, 16 and 10, hurt", "6- and 10-year-old"."""
    words = stage.tokens.words
    begin, end = stage.tokens.bounds[stage.tokens.sentence[first]]
    before = words[first - 1] if first > begin else ""
    if before == "both" and words[first].isdigit():
        return True  # "both 22"
    after += words[after : after + 1] == ["-"]
    following = words[after] if after < end else ""
    if before in _LISTED and following in _LISTED:
        return True
    if following in {"and", "or"} and (second := number(words, after + 1, end)):
        rest = words[second[1]] if second[1] < end else ""
        return rest in _YEARS or (before in _LISTED and rest in _LISTED)
    paired = before in {"and", "or"} and first - begin > 2 and words[first - 2].isdigit()  # noqa: PLR2004  (", 16 and")
    return following in _YEARS or (paired and following in _LISTED and words[first - 3] in _LISTED)


_YEARS = frozenset(["year", "years", "month", "months"])


def _numbered(words: list[str], first: int, begin: int) -> bool:
    """Whether what stands before a number makes it a name or a clock: "Route 5", "No. 5", "7:30"; not "Dead: 5"."""
    before = words[first - 1] if first > begin else ""
    if before in {".", ":"}:
        named = words[first - 2] if first - 1 > begin else ""
        return named.isdigit() or named == "nos" or named in lexicon.grammar("number_names")
    return before in lexicon.grammar("number_names")


def past_ages(stage: Scene, i: int, last: int) -> int:
    """The token after "ages 13, 17 and 19"; `i` where none begins there."""
    words = stage.tokens.words
    if words[i] not in {"age", "ages", "aged"}:
        return i
    while i < last and (words[i] in _AGE_GLUE or words[i].isdigit() or words[i] in lexicon.words()["numbers"]):
        if words[i] in lexicon.words()["numbers"] and "person" in stage.labels[min(i + 1, last - 1)]:
            break  # "ages 7 and 10, and two adults"
        i += 1
    return i


_AGE_GLUE = frozenset(["age", "ages", "aged", "between", "of", "from", "to", "and", ","])


def singular(word: str) -> bool:
    """Whether a noun for people is in the singular."""
    return word not in lexicon.grammar("plurals") and (not word.endswith("s") or word.endswith("ss"))
