"""Days as people write them in tables; their order is told by the whole column and never guessed for one cell."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from geo import times

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Days = tuple[dt.date, dt.date]
"""The first and the last."""

_NUMBERS = re.compile(r"(\d{1,2})([./\-\s])\s?(\d{1,2})\2\s?(\d{4}|\d{2})(?![\d])(?:[,T\s].*)?\Z", re.DOTALL)
_ISO = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?!\d)(?:[T\s,].*)?\Z", re.DOTALL)
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{4}|\d{6})\Z")
_YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})\Z")
_WORDS = re.compile(
    r"(?:[^\W\d_]+,?\s+)?(\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s.\-/]+(?:de\s+)?([^\W\d_]+)\.?,?[\s.\-/]+(?:de\s+)?(\d{4}|\d{2})\b"
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?\Z")
_UNIX = re.compile(r"\d{10}(?:\.\d+|\d{3})?\Z")
_RANGE = re.compile(r"(.{6,40}?)\s*(?:\bto\b|\buntil\b|–|—|\.\.|(?<=\s)-(?=\s)|/(?=\d{4}-))\s*(.{6,40})\Z")
_EXCEL_START = dt.date(1899, 12, 30)
_MONTHS_IN_YEAR = 12
_PIVOT = 69
"""Two digits of a year up to this are of this century, as POSIX has it."""
_LANGUAGES = ("fr", "es", "pt", "de", "it", "nl", "pl", "tr", "ru", "uk", "ar", "ar_IQ", "ar_SY", "fa", "sw", "so")


def order_of(cells: Iterable[str]) -> tuple[str, str]:
    """How days are written in a column, by all its cells, and what tells that; "" where nothing does."""
    first = second = serial = unix = ambiguous = 0
    for cell in cells:
        text = cell.strip()
        if match := _NUMBERS.match(text):
            one, two = int(match[1]), int(match[3])
            first += one > _MONTHS_IN_YEAR
            second += two > _MONTHS_IN_YEAR
            ambiguous += max(one, two) <= _MONTHS_IN_YEAR
        serial += bool(_SERIAL.match(text))
        unix += bool(_UNIX.match(text))
    if first and not second:
        return "dmy", f"{first:,} cells begin with a number above 12"
    if second and not first:
        return "mdy", f"{second:,} cells have a number above 12 in the second place"
    if serial and not first + second + ambiguous:
        return "serial", "Excel's numbers of days"
    return ("unix", "seconds since 1970") if unix and not first + second + ambiguous else ("", "")


def is_ambiguous(cells: Iterable[str]) -> bool:
    """Whether some cell could be two days, without the rest of its column."""
    return any(
        (match := _NUMBERS.match(cell.strip()))
        and match[2] != "."
        and max(int(match[1]), int(match[3])) <= _MONTHS_IN_YEAR
        and match[1] != match[3]
        for cell in cells
    )


@lru_cache(maxsize=200_000)
def read(cell: str, order: str) -> Days | str:
    """The days that a cell names, or why it names none."""
    text = cell[:100].strip()
    try:
        found = _between(text, order) or _by_order(text, order) or _written(text)
    except (ValueError, OverflowError):
        return "is no day"
    return found or _in_words(text)


def _by_order(text: str, order: str) -> Days | str | None:
    if match := _ISO.match(text):
        return _day(match[1], match[3], match[4])
    if match := _STAMP.match(text):
        return _day(match[1], match[2], match[3])
    if order == "serial" and _SERIAL.match(text):
        return _once(_EXCEL_START + dt.timedelta(days=int(float(text))))
    if order == "unix" and _UNIX.match(text):
        seconds = float(text) / (1000 if re.fullmatch(r"\d{13}", text) else 1)
        return _once(dt.datetime.fromtimestamp(seconds, tz=dt.UTC).date())
    match = _NUMBERS.match(text)
    return _numbers(match[1], match[3], _year(match[4]), order or ("dmy" if match[2] == "." else "")) if match else None


def _numbers(one: str, two: str, year: str, order: str) -> Days | str:
    if one == two:
        return _day(year, one, two)
    if max(int(one), int(two)) > _MONTHS_IN_YEAR:
        day_first = int(one) > _MONTHS_IN_YEAR
    elif order in ("dmy", "mdy"):
        day_first = order == "dmy"
    else:
        return "could be two days; write YYYY-MM-DD"
    return _day(year, two, one) if day_first else _day(year, one, two)


def _between(text: str, order: str) -> Days | None:
    """Two days and all between them."""
    if match := _RANGE.match(text):
        first, last = read(match[1], order), read(match[2], order)
        if not isinstance(first, str) and not isinstance(last, str) and first[0] <= last[1]:
            return first[0], last[1]
    return None


def _written(text: str) -> Days | None:
    """A month in words, or a month of a year."""
    if match := _YEAR_MONTH.match(text):
        return _month(int(match[1]), int(match[2]))
    if (match := _WORDS.match(text)) and (month := _month_of(match[2].lower())):
        return _day(_year(match[3]), str(month), match[1])
    return None


def _in_words(text: str) -> Days | str:
    found = times.find(text, published=None)
    return next(((time.date_start, time.date_end) for time in found if time.date_start and time.date_end), "is no day")


def _month_of(word: str) -> int | None:
    """The number of a month by its name: English, else in any of the other languages."""
    return _months(("en",)).get(word) or _months(_LANGUAGES).get(word)


@cache
def _months(languages: tuple[str, ...]) -> Mapping[str, int]:
    """The names of the months, long and short."""
    from babel.dates import get_month_names  # noqa: PLC0415  # heavy

    told: dict[str, int] = {}
    for language in languages:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    told.setdefault(name.lower().strip("."), number)
    return told


def _year(text: str) -> str:
    if len(text) == 2:  # noqa: PLR2004  # digits
        return str((2000 if int(text) <= _PIVOT else 1900) + int(text))
    return text


def _once(day: dt.date) -> Days:
    return day, day


def _day(year: str, month: str, day: str) -> Days:
    return _once(dt.date(int(year), int(month), int(day)))


def _month(year: int, month: int) -> Days:
    first = dt.date(year, month, 1)
    return first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def widened(days: Days, precision: str) -> Days:
    """The whole interval, where the day is only one of it: three days round it, its month, its year."""
    first, last = days
    try:
        if precision == "week":
            return first - dt.timedelta(days=3), last + dt.timedelta(days=3)
        if precision == "days":
            return first - dt.timedelta(days=2), last + dt.timedelta(days=2)
        if precision == "month":
            return first.replace(day=1), _month(last.year, last.month)[1]
        return (dt.date(first.year, 1, 1), dt.date(last.year, 12, 31)) if precision == "year" else days
    except (ValueError, OverflowError):
        return days


_SPANS = ((1, "day"), (6, "days"), (7, "week"), (31, "month"))


def precision_of(days: Days) -> str:
    """How exact an interval is, by its length."""
    count = (days[1] - days[0]).days + 1
    return next((name for most, name in _SPANS if count <= most), "year")
