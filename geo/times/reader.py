"""Text → time expressions in order: the longest shape wins, then its meaning, then the word before it."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from geo import sentences
from geo.times.datelines import anchored
from geo.times.model import Time
from geo.times.patterns import patterns
from geo.times.resolver import Context, resolve
from geo.times.search import matches
from geo.times.vocabulary import either, key, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.times.meaning import Meaning

_FULL_NAME = 5
"""Weekday names shorter than this are abbreviations; so are month names, but for May, June and July."""
_SIGNAL = re.compile(
    r"\b(?P<signal>since|until|till|before|after|between|from|by)\s{1,4}(?:(?:\w{2,14}ing)(?:\s{1,4}\w{1,14}){0,3}\s{1,4})?"
    r"(?:about\s{1,4}|around\s{1,4}|at\s{1,4}least\s{1,4}|the\s{1,4}|early\s{1,4}|late\s{1,4}|last\s{1,4})?\Z",
    re.IGNORECASE,
)
_SIGNAL_REACH = 70
_FULL_STOP = re.compile(r"(?:[^\W\d_]{5}|\b(?:May|June|July)|\d)\.\Z", re.IGNORECASE)
"""A stop that ends the sentence, not an abbreviation."""
_WORD_STOP = re.compile(r"[^\W\d_]{5}\.\Z")
"""The same after a weekday beside a clock; "a.m." keeps its stop."""
_JOINT = re.compile(r"\s{1,4}(?:to|and|until|through|till)\s{1,4}|\s{0,2}[-–—]\s{0,2}", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"(?:\b(?:in|since|last|of|early|late|mid|until|till|by|through|from|this|next|during|between|"
    r"before|after|past|around)|\bmid-|"
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r"(?:,| and| to| or|-)),?\s{0,3}\Z",
    re.IGNORECASE,
)
_UNAMBIGUOUS = re.compile(r"(?<![\d./-])(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}(?![\d/-])")
_MONTHS_IN_YEAR, _HOURS = 12, 24


def find(text: str, *, published: dt.date | None) -> list[Time]:
    """Every time expression of the text, in order, none overlapping.

    Relative expressions are anchored on the dateline's day where that lies shortly before `published`, else on
    `published`; without either they keep a value such as "XXXX-WXX-7" and null dates.
    """
    anchor = anchored(text, published)
    context = Context(text, anchor, day_first=_day_first(text), year=_first_year(text) if anchor is None else None)
    starts = [start for start, _ in sentences.split(text)]
    times: list[Time] = []
    sentence = -1
    for kind, match in _longest(text):
        here = bisect_right(starts, match.start())
        if here != sentence:
            sentence, context.sentence_day = here, None
        meaning = resolve(kind, match, context)
        if meaning is None:
            continue
        times.append(_time(text, kind, match, meaning))
        _remember(context, kind, meaning)
    return [_signalled(text, time, anchor) for time in _joined(text, times)]


def _longest(text: str) -> list[tuple[str, re.Match[str]]]:
    """Matches in order: of those that overlap the first, then the longest, then the one listed first."""
    found = [
        (match.start(), -match.end(), rank, kind, match)
        for rank, kind, match in matches(text)
        if _plausible(text, kind, match)
    ]
    found.sort(key=lambda item: item[:3])
    chosen, end = [], 0
    for start, minus_end, _, kind, match in found:
        if start >= end:
            chosen.append((kind, match))
            end = -minus_end
    return chosen


# --- what is no time after all ----------------------------------------------------------------------------------------


_PARAGRAPH = re.compile(r"\n\s*\n")


def _plausible(text: str, kind: str, match: re.Match[str]) -> bool:
    """Whether a match stays within a paragraph and its kind's own check holds."""
    check = _CHECKS.get(kind)
    return _PARAGRAPH.search(match.group()) is None and (check is None or check(text, match))


def _is_month(text: str, match: re.Match[str]) -> bool:
    """A bare month is written with a capital; "May" and "March", and abbreviations, want a preposition before them."""
    word = match["month"]
    if not word[0].isupper():
        return False
    modified = bool(match["which"] or match["edge"] or match["then"])
    led = modified or _PREPOSITION.search(text[max(0, match.start() - 14) : match.start()]) is not None
    if len(word) < _FULL_NAME and word.lower() not in ("june", "july"):
        return led
    if word.lower() == "march" or word.isupper():
        return led
    follows = re.match(r"\s[A-Z][a-z]", text[match.end() : match.end() + 3])
    return led or not follows


def _is_weekday(text: str, match: re.Match[str]) -> bool:
    word = match["weekday"]
    if len(word) > _FULL_NAME:
        return word[0].isupper() or not text.isupper()
    return word[0].isupper() and (
        match.group().rstrip().endswith(".")
        or bool(re.search(r"\bon\s\Z", text[max(0, match.start() - 4) : match.start()], re.IGNORECASE))
    )


def _is_dated_month(text: str, match: re.Match[str]) -> bool:
    """Whether "may 5 people" is none: a month in lower case beside a number is one only for unambiguous names."""
    word = match["month"]
    return word[0].isupper() or (
        len(word) >= _FULL_NAME and word != "march" and not text[match.end() : match.end() + 1].isalpha()
    )


@lru_cache(maxsize=1)
def _not_years() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = vocabulary().not_years
    before = re.compile(rf"(?:\b{either(words['before'])}|[#$€£\d]|\d,)\s{{0,2}}\Z", re.IGNORECASE)
    after = re.compile(rf"\s{{1,3}}(?:\w{{1,15}}\s{{1,3}})?{either(words['after'])}(?!\w)", re.IGNORECASE)
    return before, after


_NAMES_YEAR = re.compile(
    r"(?:\b(?:in|since|of|from|until|till|by|during|before|after|early|late|mid|year|fiscal|between|"
    r"back to|through|and|the|a)|\bmid-|[(,;:/–-]|\A|\n)\s{0,3}\Z",
    re.IGNORECASE,
)


def _is_year(text: str, match: re.Match[str]) -> bool:
    """A bare four-digit number is a year unless it counts, numbers or measures something."""
    before = text[max(0, match.start() - 16) : match.start()]
    after = text[match.end() : match.end() + 34]
    counts, counted = _not_years()
    if counted.match(after):
        return False
    if counts.search(before):
        return bool(re.search(r"\bto\s\Z", before) and re.search(r"\b(?:19|20)\d\d\s+to\s\Z", before))
    return (
        bool(match.groupdict().get("edge"))
        or bool(_NAMES_YEAR.search(before))
        or not re.match(r"\s[a-z]{3,14}s\b", after)
    )


def _is_season(text: str, match: re.Match[str]) -> bool:
    del text
    return bool(match["year"]) or match["which"].lower() not in ("", "the", "past")


def _is_holiday(text: str, match: re.Match[str]) -> bool:
    del text
    return match["holiday"][0].isupper()


def _is_clock(text: str, match: re.Match[str]) -> bool:
    """Whether "7:44" is a clock; a score ("won 3:1") has one digit after the colon and never gets here."""
    hour = match["hour"]
    return text[match.start() - 1 : match.start()] not in (":", ".", "-", "/") and (not hour or int(hour) <= _HOURS)


def _is_quantity(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 1) : match.start()]
    return not (before in (".", ",") and text[max(0, match.start() - 2) : match.start() - 1].isdigit())


_CHECKS = {
    "month": _is_month,
    "weekday": _is_weekday,
    "day_month": _is_dated_month,
    "month_day": _is_dated_month,
    "month_days": _is_dated_month,
    "year": _is_year,
    "season": _is_season,
    "holiday": _is_holiday,
    "clock": _is_clock,
    "amount": _is_quantity,
}


# --- what the text around says ----------------------------------------------------------------------------------------


def _day_first(text: str) -> bool | None:
    """Whether the document's slashed dates put the day first; None where none of them tells."""
    for match in _UNAMBIGUOUS.finditer(text):
        a, b = int(match[1]), int(match[2])
        if a > _MONTHS_IN_YEAR >= b:
            return True
        if b > _MONTHS_IN_YEAR >= a:
            return False
    return None


def _first_year(text: str) -> int | None:
    for kind, pattern in patterns():
        if kind in ("iso", "day_month", "month_day", "month_year"):
            for match in pattern.finditer(text):
                if match["year"] and match["year"].isdigit() and len(match["year"]) > 2:  # noqa: PLR2004  # four digits
                    return int(match["year"])
    return None


def _remember(context: Context, kind: str, meaning: Meaning) -> None:
    """What later expressions lean on: the day, the quarter and the year named last."""
    if meaning.date_start is None or meaning.type == "DURATION":
        return
    context.year = meaning.date_start.year
    if meaning.precision == "day":
        context.day = context.sentence_day = meaning.date_start
    quarter = re.fullmatch(r"(\d{4})-Q([1-4])", meaning.value) if kind == "quarter" else None
    if quarter:
        context.quarter = (int(quarter[1]), int(quarter[2]))


def _time(text: str, kind: str, match: re.Match[str], meaning: Meaning) -> Time:
    end = match.end()
    stop = _WORD_STOP if kind in ("clock", "clock_date") else _FULL_STOP
    if stop.search(match.group()):
        end -= 1
    return Time(
        match.start(),
        end,
        text[match.start() : end],
        meaning.type,
        meaning.value,
        meaning.date_start,
        meaning.date_end,
        meaning.precision,
        meaning.clock,
    )


def _joined(text: str, times: list[Time]) -> Iterator[Time]:
    """Settle that "a day earlier, on Sunday" is one day; "from Friday to Sunday" gives both ends the whole interval."""
    times = [_led_by_later(text, time, after) for time, after in pairwise([*times, None]) if time]
    for index, time in enumerate(times):
        following = times[index + 1] if index + 1 < len(times) else None
        previous = times[index - 1] if index else None
        if following and _is_apposition(text, time, following):
            yield replace(
                time,
                value=following.value,
                date_start=following.date_start,
                date_end=following.date_end,
                precision=following.precision,
            )
        elif following and _is_range(text, time, following):
            yield _widened(time, time, following)
        elif previous and _is_range(text, previous, time):
            yield _widened(time, previous, time)
        else:
            yield time


def _led_by_later(text: str, first: Time, second: Time | None) -> Time:
    """In "between Monday and Wednesday", read on a Tuesday: the Monday is the one before that Wednesday."""
    if second is None or not (first.date_start and second.date_start) or first.date_start <= second.date_start:
        return first
    weekdays = vocabulary().weekdays
    if key(first.text) not in weekdays or key(second.text) not in weekdays or not _is_joint(text, first, second):
        return first
    day = first.date_start - dt.timedelta(weeks=1)
    return replace(first, value=day.isoformat(), date_start=day, date_end=day)


_LOOSE = re.compile(r"\b(?:day|days|night|morning)\b", re.IGNORECASE)


def _is_apposition(text: str, first: Time, second: Time) -> bool:
    gap = text[first.end : second.start].lower()
    return (
        gap.strip() in (", on", ",", "(", "on")
        and bool(_LOOSE.search(first.text))
        and second.precision == "day"
        and first.type == "DATE"
    )


def _is_range(text: str, first: Time, second: Time) -> bool:
    if (
        not first.date_start
        or not second.date_end
        or first.type != "DATE"
        or second.type != "DATE"
        or first.date_start >= second.date_end
    ):
        return False
    return _is_joint(text, first, second)


def _is_joint(text: str, first: Time, second: Time) -> bool:
    if _JOINT.fullmatch(text, first.end, second.start) is None:
        return False
    signal = _SIGNAL.search(text[max(0, first.start - _SIGNAL_REACH) : first.start])
    joint = text[first.end : second.start].strip().lower()
    return (signal is not None and signal["signal"].lower() in ("between", "from")) or joint in (
        "-",
        "–",
        "—",
        "through",
    )


def _widened(time: Time, first: Time, second: Time) -> Time:
    start, end = first.date_start, second.date_end
    if start is None or end is None:
        return time
    return replace(time, date_start=start, date_end=end, precision=_precision(start, end), signal="between")


def _precision(start: dt.date, end: dt.date) -> str:
    days = (end - start).days + 1
    return next(
        (name for most, name in ((1, "day"), (6, "days"), (7, "week"), (31, "month"), (366, "year")) if days <= most),
        "unknown",
    )


def _signalled(text: str, time: Time, anchor: dt.date | None) -> Time:
    """Settle that "since April" runs from the first of April to the anchor."""
    if time.signal:
        return time
    match = _SIGNAL.search(text[max(0, time.start - _SIGNAL_REACH) : time.start])
    if match is None:
        return time
    signal = match["signal"].lower().replace("till", "until")
    if (
        signal != "since"
        or time.date_start is None
        or anchor is None
        or time.date_start > anchor
        or time.type in ("DURATION", "SET")
    ):
        return replace(time, signal=signal)
    start = time.date_start
    if re.search(r"\b(?:months?|years?)\s{1,4}ago\Z", key(time.text)):
        start = start.replace(day=1)
    return replace(time, signal=signal, date_start=start, date_end=anchor, precision=_precision(start, anchor))
