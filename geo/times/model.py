"""What a time expression is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True, slots=True)
class Time:
    """One time expression.

    `start`, `end` are code point offsets into the text as given. `type` and `value` are TIMEX3's (DATE, TIME,
    DURATION, SET; "2021-06-27", "2021-06-28T07:44", "2021-W25", "P3D"; "2021-03-03/2021-03-07" for a range).
    `date_start`, `date_end` are the inclusive days it names, None where it names no day (durations, sets, "now") or
    the day cannot be known. `precision` is day, days, week, month, year or unknown. `clock` is the local time told,
    "07:44", or "". `signal` is the word before it that decides how the interval is meant: "since", "until", "before",
    "after", "between", or "".
    """

    start: int
    end: int
    text: str
    type: str
    value: str
    date_start: dt.date | None = None
    date_end: dt.date | None = None
    precision: str = "unknown"
    clock: str = ""
    signal: str = ""
