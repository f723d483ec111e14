"""From the shape of an expression to its meaning: one function a kind, all past-biased and anchored."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.times import meaning as means
from geo.times.cues import direction
from geo.times.vocabulary import key, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from geo.times.meaning import Meaning

_FAR_AHEAD = 2
"""An undirected month and day goes ahead only where going back is more than this many times as far."""
_NEAR_FUTURE_DAYS = 320
_WEEKDAY_DAYS = 366
"""How far the day lies at most that a weekday chooses the year of."""
_DAY_MS = dt.timedelta(days=1)
_CENTURY_PIVOT = 50
_ENDS = re.compile(r"\s{1,4}(?:ended|ending|to|through)\b")
_LOOSE_UNITS = {"second", "day", "night", "week", "month"}
_LOOSE_NUMBERS = {"a", "an", "few", "some", "many", "half", "recent"}
"""With these a unit is more often an idiom ("a day after", "many nights") than a length of time."""
_HALF_DAY = 12


@dataclass(slots=True)
class Context:
    """What is known when an expression is read: the anchor day, and what the text named before it."""

    text: str
    anchor: dt.date | None
    day_first: bool | None = None
    day: dt.date | None = None
    quarter: tuple[int, int] | None = None
    year: int | None = None
    sentence_day: dt.date | None = None

    @property
    def base_year(self) -> int | None:
        """The year that an unsaid year is measured from."""
        return self.anchor.year if self.anchor else self.year


def resolve(kind: str, match: re.Match[str], context: Context) -> Meaning | None:
    """The meaning of one match, or None where it is no time expression after all."""
    try:
        return _READERS[kind](match, context)
    except (OverflowError, ValueError):  # a year or an offset beyond the calendar
        return None


def _groups(match: re.Match[str]) -> dict[str, str]:
    return {name: key(value) if value else "" for name, value in match.groupdict().items()}


# --- the calendar -----------------------------------------------------------------------------------------------------


def year_of(text: str) -> int | None:
    """A year of four digits, or of two ("12 JAN 90"), in figures."""
    digits = text.lstrip("'’")
    if not digits.isdigit():
        return None
    number = int(digits)
    if len(digits) > 2:  # noqa: PLR2004  # two digits: "12 JAN 90"
        return number
    return number + (1900 if number >= _CENTURY_PIVOT else 2000)


def _iso(match: re.Match[str], context: Context) -> Meaning | None:
    del context
    day = means.make_day(int(match["year"]), int(match["month"]), int(match["day"]))
    return means.of_day(day, match["clock"] or "") if day else None


def _numeric(match: re.Match[str], context: Context) -> Meaning | None:
    year, a, b = year_of(match["year"]), int(match["a"]), int(match["b"])
    if year is None or (match["sep"] == "." and len(match["year"]) == 2):  # noqa: PLR2004  # "1.2.21" numbers a section
        return None
    if match.start("year") < match.start("a"):
        day = means.make_day(year, a, b)
        return means.of_day(day) if day else None
    readings = [means.make_day(year, b, a), means.make_day(year, a, b)]
    day = _pick_reading(readings, context, dotted=match["sep"] == ".")
    return means.of_day(day) if day else None


def _pick_reading(readings: list[dt.date | None], context: Context, *, dotted: bool) -> dt.date | None:
    """Day first or month first: the only possible one, else like the document's other dates, else the latest past."""
    possible = [day for day in readings if day]
    if len(possible) < len(readings) or readings[0] == readings[1]:
        return possible[0] if possible else None
    if dotted:
        return readings[0]
    if context.day_first is not None:
        return readings[0] if context.day_first else readings[1]
    anchor = context.anchor
    if anchor is None:
        return readings[0]
    return min(possible, key=lambda day: (day > anchor, abs((anchor - day).days)))


def _with_year(month: int, day: int, context: Context, span: tuple[int, int]) -> dt.date | None:
    """The month and day in the year that the anchor and the verb ask for."""
    base = context.base_year
    if base is None:
        return None
    if context.anchor is None:
        return means.make_day(base, month, day)
    options = [found for year in (base - 1, base, base + 1) if (found := means.make_day(year, month, day))]
    past = [option for option in options if option <= context.anchor]
    ahead = [option for option in options if option > context.anchor]
    return _choose(past[-1] if past else None, ahead[0] if ahead else None, context, span)


def _choose(past: dt.date | None, ahead: dt.date | None, context: Context, span: tuple[int, int]) -> dt.date | None:
    anchor = context.anchor
    if past is None or ahead is None or anchor is None:
        return past or ahead
    back, forth = (anchor - past).days, (ahead - anchor).days
    if back == 0:
        return past
    looks = direction(context.text, *span)
    if looks == "future":
        return ahead if forth < _NEAR_FUTURE_DAYS else past
    if looks == "past":
        return past
    return ahead if back > forth * _FAR_AHEAD else past


def _month_day(match: re.Match[str], context: Context) -> Meaning | None:
    month, day = vocabulary().months[key(match["month"])], int(match["day"])
    if match["year"]:
        year = year_of(match["year"])
        found = means.make_day(year, month, day) if year else None
        return means.of_day(found) if found else None
    if means.make_day(2000, month, day) is None:
        return None
    found = _by_weekday(match, month, day, context) or _with_year(month, day, context, match.span())
    return means.of_day(found) if found else means.unknown(f"XXXX-{month:02}-{day:02}")


def _by_weekday(match: re.Match[str], month: int, day: int, context: Context) -> dt.date | None:
    """The nearest year in which that day of the month falls on the weekday that is told beside it.

    None where it does so within a year neither before nor ahead: then the weekday is a slip of the report.
    """
    weekday, base = match.groupdict().get("weekday"), context.base_year
    if not weekday or base is None or context.anchor is None:
        return None
    number = vocabulary().weekdays[key(weekday)]
    options = [found for year in range(base - 5, base + 2) if (found := means.make_day(year, month, day))]
    fitting = [option for option in options if option.isoweekday() == number]
    anchor = context.anchor
    nearest = min(fitting, key=lambda option: abs((anchor - option).days), default=None)
    if nearest is None or abs((anchor - nearest).days) > _WEEKDAY_DAYS:
        return None
    return nearest


def _days_month(match: re.Match[str], context: Context) -> Meaning | None:
    month, first, last = vocabulary().months[key(match["month"])], int(match["first"]), int(match["day"])
    year = year_of(match["year"] or "")
    end = means.make_day(year, month, last) if year else _with_year(month, last, context, match.span())
    if end is None:
        return means.unknown(f"XXXX-{month:02}-{first:02}/XXXX-{month:02}-{last:02}")
    start = means.make_day(end.year, month, first)
    return means.of_days(start, end) if start and start <= end else means.of_day(end)


_EDGES = {
    "end": "late",
    "late": "late",
    "beginning": "early",
    "start": "early",
    "early": "early",
    "middle": "mid",
    "mid": "mid",
}


def _edge(match: re.Match[str]) -> str:
    words = set(re.findall(r"[a-z]+", (match.groupdict().get("edge") or "").lower()))
    if words & {"later", "earlier"}:
        return "later" if "later" in words else "earlier"
    return next(
        (_EDGES[word] for word in ("end", "late", "beginning", "start", "early", "middle", "mid") if word in words), ""
    )


def _month_year(match: re.Match[str], context: Context) -> Meaning | None:
    del context
    return means.of_month(int(match["year"]), vocabulary().months[key(match["month"])], _edge(match))


def _month(match: re.Match[str], context: Context) -> Meaning | None:
    groups = _groups(match)
    month = vocabulary().months[groups["month"]]
    if groups["which"] in ("each", "every"):
        return means.unknown(f"XXXX-{month:02}", "SET")
    base = context.base_year
    if base is None:
        return means.unknown(f"XXXX-{month:02}")
    return means.of_month(_month_base(groups, month, base, context, match.span()), month, _edge(match))


def _month_base(groups: Mapping[str, str], month: int, base: int, context: Context, span: tuple[int, int]) -> int:
    anchor = context.anchor
    shift = {"last year": -1, "this year": 0, "next year": 1}.get(groups["then"])
    if shift is not None:
        return base + shift
    if anchor is None:
        return base
    past = base if month <= anchor.month else base - 1
    if groups["which"] == "this":
        return base
    if groups["which"] == "next":
        return past + 1
    if groups["which"] == "last":
        return past - 1 if month == anchor.month else past
    ahead = direction(context.text, *span) == "future" and month != anchor.month
    return past + 1 if ahead else past


def _ordinal_day(match: re.Match[str], context: Context) -> Meaning | None:
    day, anchor = int(re.sub(r"\D", "", match["day"])), context.anchor
    if anchor is None or not 1 <= day <= 31:  # noqa: PLR2004  # days of a month
        return None
    this = means.make_day(anchor.year, anchor.month, day)
    if this and this <= anchor:
        return means.of_day(this)
    before = anchor.replace(day=1) - _DAY_MS
    previous = means.make_day(before.year, before.month, day)
    return means.of_day(previous) if previous else None


def _season(match: re.Match[str], context: Context) -> Meaning | None:
    groups, year = _groups(match), match["year"]
    code = vocabulary().seasons[groups["season"]]
    if year:
        return means.of_season(int(year), code)
    if groups["which"] in ("the", "past"):
        return None
    if groups["which"] in ("each", "every"):
        return means.unknown(f"XXXX-{code}", "SET")
    anchor = context.anchor
    if anchor is None:
        return means.unknown(f"XXXX-{code}")
    return _season_by(groups["which"], anchor, code)


def _season_by(which: str, anchor: dt.date, code: str) -> Meaning:
    """A "last fall" is over, "this summer" is of this year, "next spring" begins after the anchor."""
    options = [means.of_season(anchor.year + shift, code) for shift in (-2, -1, 0, 1)]
    if which == "next":
        return next(o for o in options if o.date_start and o.date_start > anchor)
    if which == "this":
        return options[1] if code == "WI" and anchor.month <= 2 else options[2]  # noqa: PLR2004  # January and February belong to the winter before
    return [o for o in options if o.date_end and o.date_end < anchor][-1]


def _holiday(match: re.Match[str], context: Context) -> Meaning | None:
    groups = _groups(match)
    monthday = vocabulary().holidays[groups["holiday"]]
    if not monthday:  # it moves with the moon: named, but the day is not known here
        return means.unknown("XXXX-XX-XX")
    if groups["nth"] or groups["unit"]:
        return means.unknown("XXXX-XX-XX")
    month, day = (int(part) for part in monthday.split("-"))
    found = _with_year(month, day, context, match.span())
    return means.of_day(found) if found else means.unknown(f"XXXX-{monthday}")


# --- the clock --------------------------------------------------------------------------------------------------------


def _clock(match: re.Match[str], context: Context) -> Meaning | None:
    groups = _groups(match)
    hour, minute = int(groups["hour"]), int(groups["minute"] or 0)
    half = groups["half"].replace(" ", "").replace(".", "")
    if half in ("pm", "afternoon", "evening") or (half == "night" and hour > 4):  # noqa: PLR2004  # "two at night" is before dawn
        hour = hour % _HALF_DAY + _HALF_DAY
    elif half in ("am", "morning") and hour == _HALF_DAY:
        hour = 0
    if hour > 23 or (half and int(groups["hour"]) > _HALF_DAY):  # noqa: PLR2004  # hours of a day
        return None
    return _at(f"{hour:02}:{minute:02}", match, context)


def _at(clock: str, match: re.Match[str], context: Context) -> Meaning:
    """The clock on the day told with it; else with no day of its own, only the value leaning on the sentence's."""
    groups = _groups(match)
    day: dt.date | None = None
    if groups.get("weekday"):
        day = _weekday_day(vocabulary().weekdays[groups["weekday"]], "", context, match.span())
    elif groups.get("ref") and context.anchor:
        day = context.anchor - (_DAY_MS if groups["ref"] == "yesterday" else _DAY_MS * 0)
    if day:
        return means.of_day(day, clock)
    lean = context.sentence_day
    return means.Meaning("TIME", f"{lean.isoformat() if lean else 'XXXX-XX-XX'}T{clock}", clock=clock)


def _clock_word(match: re.Match[str], context: Context) -> Meaning | None:
    return _at(vocabulary().clocks[key(match["word"])], match, context)


def _clock_date(match: re.Match[str], context: Context) -> Meaning | None:
    day = _month_day(match, context)
    clock = _clock(match, context)
    if day is None or clock is None or day.date_start is None:
        return clock
    return means.of_day(day.date_start, clock.clock)


# --- days beside the anchor -------------------------------------------------------------------------------------------


def _weekday_day(number: int, which: str, context: Context, span: tuple[int, int]) -> dt.date | None:
    """The day that a weekday names: the latest not after the anchor, unless a word or the verb sends it ahead."""
    anchor = context.anchor
    if anchor is None:
        return None
    back = (anchor.isoweekday() - number) % 7
    if which in ("last", "past", "this past", "previous", "the previous"):
        return anchor - _DAY_MS * (back or 7)
    if which in ("next", "coming", "this coming", "the following"):
        return anchor + _DAY_MS * (7 - back)
    ahead = back != 0 and direction(context.text, *span) == "future"
    return anchor + _DAY_MS * (7 - back) if ahead else anchor - _DAY_MS * back


def _weekday(match: re.Match[str], context: Context) -> Meaning | None:
    groups = _groups(match)
    number = vocabulary().weekdays[groups["weekday"]]
    if groups["which"] in ("each", "every"):
        return means.unknown(f"XXXX-WXX-{number}", "SET")
    day = _weekday_day(number, groups["which"], context, match.span())
    return means.of_day(day) if day else means.unknown(f"XXXX-WXX-{number}")


def _weekday_last(match: re.Match[str], context: Context) -> Meaning | None:
    """For "Tuesday last week": that weekday in the week before the anchor's."""
    groups, anchor = _groups(match), context.anchor
    number = vocabulary().weekdays[groups["weekday"]]
    if anchor is None:
        return means.unknown(f"XXXX-WXX-{number}")
    monday = (
        anchor - _DAY_MS * anchor.weekday() + dt.timedelta(weeks={"last": -1, "this": 0, "next": 1}[groups["which"]])
    )
    return means.of_day(monday + _DAY_MS * (number - 1))


_DAY_WORDS = {"yesterday": -1, "today": 0, "tomorrow": 1, "the day before yesterday": -2, "the day after tomorrow": 2}


def _relative_day(match: re.Match[str], context: Context) -> Meaning | None:
    if context.anchor is None:
        return means.unknown("XXXX-XX-XX")
    return means.of_day(context.anchor + _DAY_MS * _DAY_WORDS[key(match["word"])])


def _this_part(match: re.Match[str], context: Context) -> Meaning | None:
    groups, anchor = _groups(match), context.anchor
    code = vocabulary().parts.get(groups["part"], "MI")
    if anchor is None:
        return means.unknown(f"XXXX-XX-XXT{code}", "TIME")
    day = anchor - _DAY_MS if groups["which"] == "last" else anchor
    return means.Meaning("TIME", f"{day.isoformat()}T{code}", day, day, "day")


def _tonight(match: re.Match[str], context: Context) -> Meaning | None:
    anchor = context.anchor
    if anchor is None:
        return means.unknown("XXXX-XX-XXTNI", "TIME")
    first = anchor - _DAY_MS if key(match["word"]) == "overnight" else anchor
    return means.Meaning("TIME", f"{anchor.isoformat()}TNI", first, anchor, "day" if first == anchor else "days")


def _part_alone(match: re.Match[str], context: Context) -> Meaning | None:
    code, day = vocabulary().parts[key(match["part"])], context.sentence_day
    value = f"{day.isoformat()}T{code}" if day else f"XXXX-XX-XXT{code}"
    return means.unknown(value, "TIME")


def _next_day(match: re.Match[str], context: Context) -> Meaning | None:
    """For "the next day", "that evening": counted from the day that the text named last."""
    words = key(match["word"]).split()
    if context.day is None:
        return means.unknown("XXXX-XX-XX") if words[1] in ("following", "next", "previous", "preceding") else None
    shift = 0
    if {"next", "following", "after"} & set(words):
        shift = 1
    elif {"previous", "preceding", "before"} & set(words):
        shift = -1
    return means.of_day(context.day + _DAY_MS * shift)


# --- weeks, months, years beside the anchor ---------------------------------------------------------------------------

_SHIFTS = {
    "last": -1,
    "the last": -1,
    "this past": -1,
    "the past": -1,
    "previous": -1,
    "the previous": -1,
    "next": 1,
    "the next": 1,
    "the coming": 1,
    "the following": 1,
}


def _this_unit(match: re.Match[str], context: Context) -> Meaning | None:
    groups = _groups(match)
    which, unit = groups["which"], groups["unit"]
    if not unit:  # "year end"
        return means.of_year(context.base_year) if context.base_year else None
    if which in ("the", "that", "that same", "the same", "the latest"):
        if unit == "year" and _ENDS.match(match.string, match.end()):
            return means.unknown("P1Y", "DURATION")
        return _that_unit(unit, which, bool(groups["edge"] or groups["adjective"]), context)
    if context.anchor is None:
        return means.unknown({"week": "XXXX-WXX", "month": "XXXX-XX"}.get(unit, "XXXX"))
    base = (
        context.day
        if which in ("the following", "the previous") and context.day and context.day < context.anchor
        else context.anchor
    )
    found = _shifted(unit, _SHIFTS.get(which, 0), base)
    edge = _edge(match)
    if found and edge == "earlier":
        found = means.narrowed(found, high=context.anchor)
    elif found and edge == "later":
        found = means.narrowed(found, low=context.anchor)
    elif found and edge and unit == "month" and found.date_start:
        found = means.of_month(found.date_start.year, found.date_start.month, edge)
    return found


def _shifted(unit: str, shift: int, base: dt.date) -> Meaning | None:
    move = _MOVES.get(unit)
    return move(shift, base) if move else None


def _weekend(shift: int, base: dt.date) -> Meaning:
    """The weekend begun last (on its own Saturday and Sunday "this" one), or the one to come."""
    this = means.of_weekend(base)
    if shift > 0:
        return means.of_weekend(base + dt.timedelta(weeks=1)) if base.weekday() >= 5 else this  # noqa: PLR2004  # Saturday, Sunday
    return this if base.weekday() >= 5 and shift == 0 else means.of_weekend(base - dt.timedelta(weeks=1))  # noqa: PLR2004  # the same


def _decade_beside(shift: int, base: dt.date) -> Meaning:
    decade = base.year // 10 + shift
    return means.of_years(f"{decade}", decade * 10, decade * 10 + 9)


_MOVES: Mapping[str, Callable[[int, dt.date], Meaning]] = {
    "week": lambda shift, base: means.of_week(base + dt.timedelta(weeks=shift)),
    "fortnight": lambda shift, base: means.of_week(base + dt.timedelta(weeks=2 * shift)),
    "weekend": _weekend,
    "month": lambda shift, base: means.of_month(base.year, base.month + shift),
    "quarter": lambda shift, base: means.of_quarter(base.year, (base.month + 2) // 3 + shift),
    "year": lambda shift, base: means.of_year(base.year + shift),
    "decade": _decade_beside,
}
"""What "last", "this" and "next" (-1, 0, 1) of a unit are, from a day."""


def _that_unit(unit: str, which: str, edged: bool, context: Context) -> Meaning | None:  # noqa: FBT001  # private
    """For "the quarter", "that year": the one named last; "the end of the month" is the anchor's."""
    if unit == "quarter":
        return means.of_quarter(*context.quarter) if context.quarter else None
    if unit == "weekend" and context.anchor:
        return _weekend(0, context.anchor)
    if which in ("that", "that same", "the same"):
        base = context.day
        if unit == "year" and context.year:
            return means.of_year(context.year)
        return _shifted(unit, 0, base) if base else None
    if edged and context.anchor:
        return _shifted(unit, 0, context.anchor)
    return None


# --- amounts ----------------------------------------------------------------------------------------------------------


def _number(text: str) -> float | None:
    """How many; None where the text does not say ("several")."""
    table, word = vocabulary(), key(text)
    if word in table.vague:
        return None
    if word in table.numbers:
        return table.numbers[word]
    if word[:1].isdigit():
        whole, _, half = word.replace(",", "").partition(" ")
        return float(whole) + (0.5 if half else 0)
    tens, _, ones = word.replace("-", " ").partition(" ")
    return table.numbers[tens] + table.numbers[ones]


def _duration(number: float | None, unit: str) -> str:
    """TIMEX3's value of a duration: P3D, PT16H, PXW, P2Y6M."""
    letter = vocabulary().units[unit][0]
    prefix, letter = ("PT", letter[1:]) if len(letter) > 1 and letter[0] == "T" else ("P", letter)
    if number is None:
        return f"{prefix}X{letter[-1]}"
    if letter == "2W":
        return f"P{number * 2:g}W"
    if letter == "0Y":
        return f"P{number * 10:g}Y"
    if number == 0.5 and unit == "hour":  # noqa: PLR2004  # "half an hour"
        return "PT30M"
    if number % 1 and unit == "year":
        return f"P{int(number)}Y{number % 1 * 12:.0f}M"
    return f"{prefix}{number:g}{letter}"


def _ago(match: re.Match[str], context: Context) -> Meaning | None:
    groups = _groups(match)
    if not groups["qty"]:
        if groups["unit"] == "year" and not match.group().lower().endswith("s ago"):
            return _year_earlier(context)
        return means.unknown(_duration(None, groups["unit"]), "DURATION")
    number = _number(groups["qty"])
    if groups["unit"] == "year" and number == 1 and context.quarter:
        return _year_earlier(context)
    if number is None:
        return means.unknown("PAST_REF")
    return _before(context.anchor, -number, groups["unit"])


def _year_earlier(context: Context) -> Meaning | None:
    if context.quarter:
        return means.of_quarter(context.quarter[0] - 1, context.quarter[1])
    return means.of_year(context.base_year - 1) if context.base_year else means.unknown("XXXX")


def _before(anchor: dt.date | None, number: float, unit: str) -> Meaning:
    """The day, week, month or year that lies `number` units from the anchor."""
    if anchor is None:
        return means.unknown("XXXX-XX-XX")
    if unit in ("second", "minute", "hour"):
        hours = number * {"hour": 1.0}.get(unit, 0.0)
        first = (dt.datetime.combine(anchor, dt.time(12)) + dt.timedelta(hours=hours)).date()
        return means.Meaning(
            "TIME", anchor.isoformat(), min(first, anchor), anchor, "day" if first == anchor else "days"
        )
    if unit in ("day", "night"):
        return means.of_day(anchor + dt.timedelta(days=round(number)))
    if unit in ("week", "fortnight", "weekend"):
        return means.around(anchor + dt.timedelta(days=round(number * (14 if unit == "fortnight" else 7))), abs(number))
    if unit in ("month", "quarter"):
        return means.of_month(anchor.year, anchor.month + round(number * (3 if unit == "quarter" else 1)))
    return means.of_year(anchor.year + round(number * (10 if unit == "decade" else 1)))


def _offset(match: re.Match[str], context: Context) -> Meaning | None:
    """For "two days earlier", "a week later": counted from the day that the text named last."""
    groups = _groups(match)
    number = _number(groups["qty"])
    earlier = groups["side"] in ("earlier", "before", "previously")
    if groups["unit"] == "year" and earlier and number == 1:
        return _year_earlier(context)
    if number is None:
        return means.unknown("PAST_REF" if earlier else "FUTURE_REF")
    if groups["unit"] in ("second", "minute", "hour"):
        return means.unknown(_duration(number, groups["unit"]), "DURATION")
    base = context.day or (context.anchor if earlier else None)
    return _before(base, -number if earlier else number, groups["unit"])


def _frame(match: re.Match[str], context: Context) -> Meaning | None:
    """For "the past three days": a duration whose days are known; "the coming months": only ahead."""
    groups = _groups(match)
    frame, unit = groups["frame"], groups["unit"]
    number = _number(groups["qty"]) if groups["qty"] else None
    if not groups["qty"] and unit in ("year", "day") and frame == "recent":
        return means.unknown("PAST_REF")
    if number is None and "coming" in frame:
        return means.unknown("FUTURE_REF")
    if frame in ("each", "every"):
        return means.unknown(_duration(number, unit), "SET")
    value = _duration(number, unit)
    days = vocabulary().units[unit][1]
    back = "last" in frame or "past" in frame
    if back and number is not None and context.anchor and unit != "second":
        length = max(1, round(number * days)) if days else max(1, round(number / 24)) if unit == "hour" else 1
        first = context.anchor - _DAY_MS * length
        return means.Meaning("DURATION", value, first, context.anchor, _length_precision(length))
    return means.unknown(value, "DURATION")


def _length_precision(days: int) -> str:
    return next((name for most, name in ((6, "days"), (8, "week"), (32, "month")) if days <= most), "year")


def _amount(match: re.Match[str], context: Context) -> Meaning | None:
    del context
    groups = _groups(match)
    if groups["unit"] in ("quarter", "weekend"):
        return None
    if groups["unit"] in _LOOSE_UNITS and groups["qty"] in _LOOSE_NUMBERS:
        return None
    if groups["unit"] in ("second", "day", "night") and groups["qty"] in ("one", "couple of"):
        return None
    if groups["qty"] == "recent":
        return means.unknown("PAST_REF")
    return means.unknown(_duration(_number(groups["qty"]), groups["unit"]), "DURATION")


def _each(match: re.Match[str], context: Context) -> Meaning | None:
    del context
    return means.unknown(_duration(1, key(match["unit"])), "SET")


# --- years ------------------------------------------------------------------------------------------------------------


def _quarter(match: re.Match[str], context: Context) -> Meaning | None:
    groups, anchor = _groups(match), context.anchor
    number = vocabulary().ordinals[groups["nth"]]
    told = groups["year"] or groups["year2"]
    if told[:1].isdigit():
        return means.of_quarter(int(told), number)
    if anchor is None:
        return means.unknown(f"XXXX-Q{number}")
    shift = {"this year": 0, "next year": 1, "last year": -1}.get(told)
    if shift is not None:
        return means.of_quarter(anchor.year + shift, number)
    past = anchor.year if number <= (anchor.month + 2) // 3 else anchor.year - 1
    return means.of_quarter(past - (told == "year-earlier"), number)


def _year_ago_quarter(match: re.Match[str], context: Context) -> Meaning | None:
    del match
    return _year_earlier(context)


def _latest_period(match: re.Match[str], context: Context) -> Meaning | None:
    if context.quarter is None or "latest" not in match.group().lower():
        return None
    return means.of_quarter(*context.quarter)


_DECADES = {
    "twenties": 2,
    "thirties": 3,
    "forties": 4,
    "fifties": 5,
    "sixties": 6,
    "seventies": 7,
    "eighties": 8,
    "nineties": 9,
}


def _decade(match: re.Match[str], context: Context) -> Meaning | None:
    del context
    groups = _groups(match)
    if groups.get("decade"):
        decade = int(groups["decade"]) // 10
        return means.of_years(f"{decade}X", decade * 10, decade * 10 + 9)
    digit = _DECADES.get(groups["word"])
    decade = 190 + (digit if digit is not None else int(groups["word"][0]))
    return means.of_years(f"{decade}", decade * 10, decade * 10 + 9)


def _century(match: re.Match[str], context: Context) -> Meaning | None:
    del context
    number = int(match["nth"]) - 1
    return means.of_years(f"{number}XX", number * 100 + 1, number * 100 + 100) if number > 0 else None


def _year(match: re.Match[str], context: Context) -> Meaning | None:
    del context
    groups = match.groupdict()
    first = int(groups["year"])
    if groups.get("to"):
        last = int(groups["to"]) if len(groups["to"]) == 4 else first // 100 * 100 + int(groups["to"])  # noqa: PLR2004  # a full year
        return means.of_years(f"{first}/{last}", first, last) if first < last < first + 40 else None  # a span of news
    return means.of_year(first)


def _spelled_year(match: re.Match[str], context: Context) -> Meaning | None:
    del context
    numbers = vocabulary().numbers
    if not match["tens"]:
        return means.of_year(2000)
    return means.of_year(
        int(1900 + numbers[key(match["tens"])] + (numbers[key(match["ones"])] if match["ones"] else 0))
    )


# --- words ------------------------------------------------------------------------------------------------------------


def _reference(match: re.Match[str], context: Context) -> Meaning | None:
    del context
    return means.unknown(vocabulary().references[key(match["word"])])


def _set(match: re.Match[str], context: Context) -> Meaning | None:
    del context
    return means.unknown(vocabulary().sets[key(match["word"])], "SET")


_READERS: Mapping[str, Callable[[re.Match[str], Context], Meaning | None]] = {
    "iso": _iso,
    "numeric": _numeric,
    "day_month": _month_day,
    "month_day": _month_day,
    "days_month": _days_month,
    "month_days": _days_month,
    "month_year": _month_year,
    "month": _month,
    "ordinal_day": _ordinal_day,
    "season": _season,
    "holiday": _holiday,
    "clock": _clock,
    "clock_date": _clock_date,
    "clock_word": _clock_word,
    "weekday": _weekday,
    "weekday_last": _weekday_last,
    "relative_day": _relative_day,
    "this_part": _this_part,
    "tonight": _tonight,
    "part_alone": _part_alone,
    "next_day": _next_day,
    "this_unit": _this_unit,
    "ago": _ago,
    "offset": _offset,
    "frame": _frame,
    "amount": _amount,
    "each": _each,
    "rate": _each,
    "quarter": _quarter,
    "year_ago_quarter": _year_ago_quarter,
    "latest_period": _latest_period,
    "decade": _decade,
    "century": _century,
    "year": _year,
    "spelled_year": _spelled_year,
    "reference": _reference,
    "set": _set,
}
