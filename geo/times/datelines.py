"""The date that a report's head gives: "MOSUL, Iraq, June 28, 2021 (Reuters) -", "LA PAZ, 12 JAN 90 (EFE)"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from geo.times import meaning as means
from geo.times import resolver
from geo.times.vocabulary import either, vocabulary

if TYPE_CHECKING:
    import datetime as dt

_HEAD = 400
"""A dateline stands in the first lines of a report."""
_LATE_DAYS = 10
"""A dateline may be some days older than the publication; one further off belongs to another story."""


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    month = either(vocabulary().months)
    place = r"(?P<place>[A-ZÀ-ÞА-Я][^\W\d_a-zß-öø-ÿ'’.-]*(?:[ '’.-]{1,2}[A-ZÀ-ÞА-Я][^\W\d_a-zß-öø-ÿ]*){0,4})"
    region = r"(?:,\s{1,3}[^\W\d_][\w .'’-]{1,30}?)?"
    year, year2 = (rf"(?:,?\s{{1,3}}(?P<year{n}>\d{{4}}|\d\d(?!\d)))?" for n in (1, 2))
    date = (
        rf"(?:(?P<month1>(?i:{month}))\.?\s{{1,3}}(?P<day1>\d{{1,2}})(?!\d){year}"
        rf"|(?P<day2>\d{{1,2}})\s{{1,3}}(?P<month2>(?i:{month}))\.?{year2})"
    )
    return re.compile(
        rf"^[ \t]{{0,8}}{place}{region}(?:,?\s{{1,3}}|\s{{0,2}}\(|\s{{0,2}}[-–—]{{1,2}}\s{{0,2}})"
        rf"{date}(?=[ \t]{{0,3}}(?:[-–—(\[)]|$|,? (?:\(|/)))",
        re.MULTILINE,
    )


@lru_cache(maxsize=1)
def _stamp_pattern() -> re.Pattern[str]:
    month, weekday = either(vocabulary().months), either(vocabulary().weekdays)
    return re.compile(
        r"(?:^|[|(\n]|[A-Z]{2}|\s{2})\s{0,4}(?:last\s)?(?:posted|updated|published|created)(?:\son)?:?\s{1,4}"
        rf"(?:{weekday}\.?,?\s{{1,3}})?(?:(?P<month>{month})\.?\s{{1,3}}(?P<day>\d{{1,2}}),?\s{{1,3}}"
        r"|(?P<a>\d{1,2})/(?P<b>\d{1,2})/)(?P<year>(?:19|20)\d\d)(?!\d)",
        re.IGNORECASE,
    )


def dateline(text: str) -> dt.date | None:
    """The full date that the report's dateline or a stamp of its page gives, or None where neither names a year."""
    match = _pattern().search(text, 0, _HEAD)
    return (_read(match, None) if match else None) or _stamped(text, None)


def _stamped(text: str, published: dt.date | None) -> dt.date | None:
    """The earliest day stamped on the page's head, none after the publication: when it was written."""
    days = [day for match in _stamp_pattern().finditer(text, 0, _HEAD) if (day := _read_stamp(match, published))]
    return min(days, default=None)


def _read_stamp(match: re.Match[str], published: dt.date | None) -> dt.date | None:
    """The day of a stamp; None where it is later than the publication or may be read in two ways."""
    year = int(match["year"])
    if match["month"]:
        readings = [means.make_day(year, vocabulary().months[match["month"].lower()], int(match["day"]))]
    else:
        a, b = int(match["a"]), int(match["b"])
        readings = [means.make_day(year, a, b), means.make_day(year, b, a)]
    days = {day for day in readings if day and (published is None or day <= published)}
    return days.pop() if len(days) == 1 else None


def anchored(text: str, published: dt.date | None) -> dt.date | None:
    """The day that "today" means: a dateline's shortly before the publication, the page's stamp, the publication."""
    match = _pattern().search(text, 0, _HEAD)
    told = _read(match, published) if match else None
    if told is None or published is None:
        return told or _stamped(text, published) or published
    return told if 0 <= (published - told).days <= _LATE_DAYS else published


def _read(match: re.Match[str], published: dt.date | None) -> dt.date | None:
    groups = match.groupdict()
    month = vocabulary().months[(groups["month1"] or groups["month2"]).lower()]
    day = int(groups["day1"] or groups["day2"])
    told = groups["year1"] or groups["year2"]
    if told:
        year = resolver.year_of(told)
        return means.make_day(year, month, day) if year else None
    if published is None:
        return None
    days = [found for year in (published.year, published.year - 1) if (found := means.make_day(year, month, day))]
    return next((found for found in days if found <= published), None)
