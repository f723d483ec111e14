"""Calendar arithmetic: what a day, a week, a month, a season means as TIMEX3 value and inclusive interval."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, replace

_SEASON_MONTHS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 14)}
"""First and last month of a season of the northern half; 13 and 14 are January and February of the next year."""
_THIRDS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}
"""Days of "early", "mid" and "late" in a month."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an expression stands for; the fields are those of `Time`."""

    type: str
    value: str
    date_start: dt.date | None = None
    date_end: dt.date | None = None
    precision: str = "unknown"
    clock: str = ""


def unknown(value: str, kind: str = "DATE") -> Meaning:
    """A time that names no day, or none that can be known."""
    return Meaning(kind, value)


def of_day(day: dt.date, clock: str = "") -> Meaning:
    """One day, with the local clock where told."""
    if clock:
        return Meaning("TIME", f"{day.isoformat()}T{clock}", day, day, "day", clock)
    return Meaning("DATE", day.isoformat(), day, day, "day")


def of_days(first: dt.date, last: dt.date) -> Meaning:
    """An inclusive range of days."""
    if first == last:
        return of_day(first)
    return Meaning("DATE", f"{first.isoformat()}/{last.isoformat()}", first, last, "days")


def of_week(day: dt.date) -> Meaning:
    """The ISO week that holds the day."""
    monday = day - dt.timedelta(days=day.weekday())
    year, week, _ = day.isocalendar()
    return Meaning("DATE", f"{year}-W{week:02}", monday, monday + dt.timedelta(days=6), "week")


def around(day: dt.date, weeks: float) -> Meaning:
    """The day some weeks from another: "a week ago" is right within a day or so, "three weeks ago" within half a week.

    The value is that of the ISO week.
    """
    spread = dt.timedelta(days=1 if weeks <= 1 else 3)
    return replace(of_week(day), date_start=day - spread, date_end=day + spread, precision="days")


def of_weekend(day: dt.date) -> Meaning:
    """The Saturday and Sunday of the ISO week that holds the day."""
    saturday = day - dt.timedelta(days=day.weekday()) + dt.timedelta(days=5)
    year, week, _ = day.isocalendar()
    return Meaning("DATE", f"{year}-W{week:02}-WE", saturday, saturday + dt.timedelta(days=1), "days")


def of_month(year: int, month: int, edge: str = "") -> Meaning:
    """A month, or the early, middle or late third of it; `month` may run past 12 or below 1."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    last = calendar.monthrange(year, month)[1]
    low, high = _THIRDS.get(edge, (1, last))
    precision = "days" if edge in _THIRDS else "month"
    return Meaning(
        "DATE", f"{year:04}-{month:02}", dt.date(year, month, low), dt.date(year, month, min(high, last)), precision
    )


def of_quarter(year: int, quarter: int) -> Meaning:
    """A quarter of a year, 1 to 4; other numbers run into other years."""
    year, quarter = year + (quarter - 1) // 4, (quarter - 1) % 4 + 1
    first, last = of_month(year, quarter * 3 - 2), of_month(year, quarter * 3)
    return Meaning("DATE", f"{year:04}-Q{quarter}", first.date_start, last.date_end, "month")


def of_season(year: int, code: str) -> Meaning:
    """A season by its TIMEX3 code; winter begins in December of the year."""
    low, high = _SEASON_MONTHS[code]
    first, last = of_month(year, low), of_month(year, high)
    return Meaning("DATE", f"{year:04}-{code}", first.date_start, last.date_end, "month")


def of_year(year: int) -> Meaning:
    """A calendar year."""
    return Meaning("DATE", f"{year:04}", dt.date(year, 1, 1), dt.date(year, 12, 31), "year")


def of_years(value: str, first: int, last: int) -> Meaning:
    """Several years, such as a decade."""
    return Meaning("DATE", value, dt.date(first, 1, 1), dt.date(last, 12, 31), "year")


def narrowed(meaning: Meaning, *, low: dt.date | None = None, high: dt.date | None = None) -> Meaning:
    """The same with its interval cut to begin at `low` or end at `high`, where that leaves something."""
    start, end = meaning.date_start, meaning.date_end
    if start is None or end is None:
        return meaning
    start, end = max(start, low or start), min(end, high or end)
    return replace(meaning, date_start=start, date_end=end) if start <= end else meaning


def make_day(year: int, month: int, day: int) -> dt.date | None:
    """The date, or None where the calendar has no such day."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
