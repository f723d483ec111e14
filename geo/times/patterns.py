"""The shapes of time expressions, as patterns. Every repetition is bounded, so reading is linear in the text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from geo.times.vocabulary import GAP, either, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEDGE = (
    r"(?:(?P<hedge>about|around|nearly|almost|more than|less than|over|under|at least|at most|up to|no more than|some|"
    r"roughly|approximately|just over|just under|just)\s{1,4})?"
)
_EDGE = (
    r"(?:(?P<edge>the{g}(?:very{g})?(?:end|beginning|start|middle|first half|second half|close"
    r"|early part|latter part){g}of|"
    r"(?:very{g})?(?:early|late|later|earlier|mid)(?:{g}in(?:{g}the)?)?|mid-)(?:{g}|(?<=-)))?"
).replace("{g}", GAP)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_SUFFIX = r"(?:st|nd|rd|th)?"
_YEAR = r"(?:1[5-9]\d\d|20\d\d)"
_TO = rf"(?:\s{{0,2}}[-–—/]\s{{0,2}}|{GAP}(?:to|and|or|through|until|till|&){GAP})"
_ZONE = (
    rf"(?:{GAP}(?P<zone>local{GAP}time|[A-Z][a-z]+{GAP}time|GMT|UTC|EST|EDT|ET|CST|CDT|PST|PDT"
    rf"|MST|MDT|CET|BST|IST|EET))?"
)


@lru_cache(maxsize=1)
def patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(kind, pattern) in order of preference where two begin and end at the same place."""
    return tuple((kind, re.compile(rf"(?<![\w$€£#]){shape}", re.IGNORECASE)) for kind, shape in _shapes())


def _shapes() -> Iterator[tuple[str, str]]:
    yield from _calendar()
    yield from _months()
    yield from _clock()
    yield from _weekdays()
    yield from _deictic()
    yield from _amounts()
    yield from _years()
    yield from _words()


def _month(group: str = "month") -> str:
    return rf"(?P<{group}>{either(vocabulary().months)})(?![a-z])\.?"


def _weekday(group: str = "weekday") -> str:
    return rf"(?P<{group}>{either(vocabulary().weekdays)})(?![a-z])(?:(?<!day)\.(?=\s{{0,2}},?\s{{0,4}}[\da-z]))?"


def _part(group: str = "part") -> str:
    return rf"(?P<{group}>{either([*vocabulary().parts, *vocabulary().clocks])})s?"


def _calendar() -> Iterator[tuple[str, str]]:
    yield (
        "iso",
        r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:[T ](?P<clock>\d\d:\d\d)(?::\d\d)?(?:\.\d+)?Z?)?(?![\w-])",
    )
    yield "numeric", r"(?<![./-])(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<year>\d{4}|\d\d)(?![\w/-]|\.\d)"
    yield "numeric", r"(?<![./-])(?P<year>\d{4})(?P<sep>[/.])(?P<a>\d{1,2})(?P=sep)(?P<b>\d{1,2})(?![\w/-]|\.\d)"
    year = (
        rf"(?:(?:,\s{{0,4}}|{GAP}(?:of{GAP})?)(?P<year>{_YEAR}"
        rf"|(?:'|’)?\d\d(?=\s{{1,4}}(?:--|\()|[\s)\]]{{0,3}}\Z))(?![\w-]|[.,]\d))?"
    )
    lead = rf"(?:{_weekday()},?{GAP}(?:(?:the|on|night|morning|evening|afternoon),?{GAP}){{0,2}})?"
    yield (
        "day_month",
        (
            rf"{lead}(?P<day>{_DAY})(?:{_SUFFIX})(?:{GAP})?(?:day{GAP})?(?:of{GAP})?{_month()}"
            rf"(?:(?:,\s{{0,4}}|{GAP}(?:of{GAP})?)(?P<year>{_YEAR}"
            rf"|(?:'|’)?\d\d(?![\w:/]|\.\d))(?![\w]|[.,]\d))?(?![\w-])"
        ),
    )
    yield "month_day", rf"{lead}{_month()}{GAP}(?:the{GAP})?(?P<day>{_DAY}){_SUFFIX}{year}(?![\w]|[.,:/]\d)"
    yield (
        "days_month",
        (
            rf"(?P<first>{_DAY}){_SUFFIX}(?P<to>{_TO})(?:the{GAP})?(?P<day>{_DAY}){_SUFFIX}{GAP}(?:of{GAP})?{_month()}"
            rf"(?:,?{GAP}(?P<year>{_YEAR}))?(?![\w-])"
        ),
    )
    yield (
        "month_days",
        (
            rf"{_month()}{GAP}(?P<first>{_DAY}){_SUFFIX}(?P<to>{_TO})(?:the"
            rf"{GAP})?(?P<day>{_DAY}){_SUFFIX}{year}(?![\w]|[.,:/]\d|{GAP}(?:people|were))"
        ),
    )


def _months() -> Iterator[tuple[str, str]]:
    yield (
        "month_year",
        rf"{_EDGE}{_month()},?{GAP}(?:of{GAP}|the{GAP}year{GAP})?(?:in{GAP})?(?P<year>{_YEAR})(?![\w]|[.,]\d)",
    )
    yield (
        "month",
        (
            rf"{_EDGE}(?:(?P<which>last|this past|this|next|each|every|the same){GAP})?{_month()}(?:"
            rf"{GAP}(?P<then>last year|this year|next year))?(?![\w-])"
        ),
    )
    yield (
        "ordinal_day",
        (
            r"(?<=\bthe )(?P<day>[12]?1st|2?2nd|2?3rd|\d{1,2}th)(?=\s{0,2}(?:[.,;)]|of this month|\Z))"
            r"(?:\s{1,4}of this month)?"
        ),
    )
    yield (
        "season",
        (
            rf"{_EDGE}(?P<which>last|this|next|this past|the|each|every|past)"
            rf"{GAP}{_EDGE.replace('edge', 'edge2')}(?P<season>{either(vocabulary().seasons)})"
            rf"(?:(?:{GAP}of)?{GAP}(?P<year>{_YEAR}))?(?![\w-])"
        ),
    )
    yield "season", rf"(?P<which>)(?P<season>{either(vocabulary().seasons)})(?:{GAP}of)?{GAP}(?P<year>{_YEAR})(?![\w-])"
    yield (
        "holiday",
        (
            rf"(?:(?P<which>last|this|next){GAP})?(?:the{GAP}(?P<nth>\w{{3,8}}){GAP}day{GAP}of"
            rf"{GAP})?(?P<holiday>{either(vocabulary().holidays)})(?:{GAP}(?P<unit>week|holiday))?(?![\w-])"
        ),
    )


def _clock() -> Iterator[tuple[str, str]]:
    half = r"(?P<half>a\.?\s?m\b\.?|p\.?\s?m\b\.?)"
    on = rf"(?:,?{GAP}(?:on{GAP})?(?:(?P<ref>today|yesterday|tonight)|{_weekday()}(?:{GAP}{_part()})?))?"
    yield "clock", rf"{_HEDGE}(?P<hour>\d{{1,2}})(?:(?::\s?|\.)(?P<minute>[0-5]\d))?\s{{0,2}}{half}{_ZONE}{on}"
    yield (
        "clock_date",
        (
            rf"(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))?\s{{0,2}}{half}{_ZONE},?{GAP}(?:on"
            rf"{GAP})?(?:{_weekday()},?{GAP})?{_month()}{GAP}(?P<day>{_DAY})(?:,\s{{0,4}}(?P<year>{_YEAR}))?(?![\w:])"
        ),
    )
    yield (
        "clock",
        rf"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?P<half>)(?:{GAP}(?:hours|hrs))?{_ZONE}(?![\w:/]){on}",
    )
    yield (
        "clock",
        (
            rf"(?P<hour>[01]\d|2[0-3])\.?(?P<minute>[0-5]\d)(?P<half>)(?:{GAP}(?:hours|hrs)|"
            rf"(?={GAP}(?:GMT|UTC|local{GAP}time))){_ZONE}(?![\w:/])"
        ),
    )
    yield (
        "clock",
        (
            rf"(?P<hour>1[0-2]|[1-9])(?P<minute>)(?:{GAP}o['’]clock)?{GAP}(?:in|at){GAP}(?:the"
            rf"{GAP})?(?P<half>morning|afternoon|evening|night)(?![\w-])"
        ),
    )
    yield "clock", rf"(?P<hour>1[0-2]|[1-9])(?P<minute>){GAP}o['’]clock(?P<half>)(?![\w-])"
    yield (
        "clock_word",
        (
            rf"(?:(?P<hedge>around|about|shortly after|shortly before)"
            rf"{GAP})?(?P<word>{either(vocabulary().clocks)})(?![\w-]){on}"
        ),
    )


def _weekdays() -> Iterator[tuple[str, str]]:
    tail = rf"(?:(?:['’]s)?{GAP}(?P<edge2>early|late|mid)?(?:{GAP})?{_part()})?"
    which = (
        rf"(?:(?P<which>last|next|this past|this coming|this|past|coming|previous|the previous"
        rf"|the following|each|every|early|late|later|earlier|later on|earlier on){GAP})?"
    )
    yield "weekday", rf"{which}{_weekday()}{tail}(?![\w-])"
    yield "weekday", rf"(?P<which>every|each){GAP}{_weekday()}(?P<edge2>)(?P<part>)(?![\w-])"
    yield "weekday_last", rf"{_weekday()}(?:{GAP}of)?{GAP}(?P<which>last|this|next){GAP}week(?![\w-])"


def _deictic() -> Iterator[tuple[str, str]]:
    part = _part()
    yield (
        "relative_day",
        (
            rf"(?:(?P<edge>early|late|later|earlier){GAP})?(?P<word>the{GAP}day{GAP}before"
            rf"{GAP}yesterday|the{GAP}day{GAP}after{GAP}tomorrow|yesterday|tomorrow|today)"
            rf"(?!['’]s{GAP}youth)(?:{GAP}(?P<edge2>early|late)?(?:{GAP})?{part})?(?![\w-])"
        ),
    )
    yield "this_part", rf"(?:(?P<edge>early|late|later|earlier){GAP})?(?P<which>this|last){GAP}{part}(?![\w-])"
    yield "tonight", r"(?P<word>tonight|overnight)(?![\w-])"
    yield "part_alone", r"(?P<edge>mid|late|early)[\s-]{1,4}(?P<part>morning|afternoon|evening)(?![\w-])"
    units = r"week|weekend|fortnight|month|year|quarter|decade|century|summer"
    which = (
        r"last|this past|this|next|the past|the next|the last|the coming|the current"
        r"|the following|the previous|that same|that|the same|previous|the latest|the"
    )
    yield (
        "this_unit",
        (
            rf"{_EDGE}(?P<which>{which}){GAP}(?:(?P<adjective>current|fiscal|calendar|entire|whole)"
            rf"{GAP})?(?P<unit>{units})(?:['’]s)?"
            rf"(?:['’]s{GAP})?(?![\w-])(?!{GAP}(?:before|after)(?![\w]))"
        ),
    )
    yield "this_unit", rf"(?P<edge>year)[\s-]?(?:['’]s{GAP})?(?P<which>)end(?P<unit>)(?P<adjective>)(?![\w-])"
    yield (
        "next_day",
        (
            rf"(?P<word>the{GAP}(?:following|next|previous|preceding|same){GAP}(?:day|morning|evening"
            rf"|afternoon|night)|that{GAP}(?:same{GAP})?(?:day|morning|evening|afternoon|night)|"
            rf"(?:the{GAP})?same{GAP}(?:day|evening|night)|the{GAP}(?:day|night|evening)"
            rf"{GAP}(?:before|after)(?=\s{{0,3}}[.,;)]|\Z))"
        ),
    )


def _quantity(group: str = "qty") -> str:
    table = vocabulary()
    small = either([word for word in table.numbers if word != "half"])
    tens = (
        r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[\s-](?:one|two|three|four|five"
        r"|six|seven|eight|nine)"
    )
    return rf"(?P<{group}>\d{{1,3}}(?:,\d{{3}})?(?:\.\d{{1,2}})?(?:{GAP}1/2)?|{tens}|{small}|{either(table.vague)})"


def _amounts() -> Iterator[tuple[str, str]]:
    unit = rf"(?P<unit>{either(vocabulary().units)})(?P<plural>s)?"
    amount = (
        rf"{_quantity()}(?:{GAP}(?:to|or){GAP}(?P<most>\d{{1,3}}|\w{{3,8}}))?(?:{GAP}|-)(?:full"
        rf"{GAP}|additional{GAP}|consecutive{GAP}|straight{GAP}|and{GAP}a{GAP}half{GAP})?{unit}"
    )
    yield "ago", rf"{_HEDGE}{amount}{GAP}ago(?![\w-])"
    yield "ago", rf"(?P<qty>)(?P<most>)(?P<hedge>)(?P<unit>{either(vocabulary().units)})s{GAP}ago(?P<plural>)(?![\w-])"
    yield (
        "ago",
        (
            rf"(?P<qty>)(?P<most>)(?P<hedge>)(?P<unit>year)(?P<plural>)[\s-](?:ago|earlier)(?:"
            rf"{GAP}(?P<unit2>quarter|period))?(?![\w-])"
        ),
    )
    yield (
        "offset",
        rf"{_HEDGE}{amount}{GAP}(?P<side>earlier|later|before(?=\s{{0,3}}[.,;)]|\Z)|previously|afterwards?)(?![\w-])",
    )
    frame = (
        r"(?P<frame>the last|the past|the next|the first|the coming|the previous|the latest"
        r"|this past|the preceding|the|last|past|next|first|another|an additional|every|each)"
    )
    yield "frame", rf"{frame}{GAP}(?:(?P<year_earlier>year-earlier){GAP})?{amount}(?![\w-])"
    yield (
        "frame",
        (
            rf"(?P<frame>the coming|coming|the last few|the next few|recent)"
            rf"{GAP}(?P<qty>)(?P<most>)(?P<unit>{either(vocabulary().units)})(?P<plural>s)(?![\w-])"
        ),
    )
    yield "amount", rf"{_HEDGE}{amount}(?:[\s-]long)?(?![\w]|-{GAP}?old|{GAP}old|-olds?)"
    yield "each", rf"(?P<word>each|every){GAP}(?P<unit>{either(vocabulary().units)})(?![\w-])"
    yield "rate", rf"(?<=times )(?P<word>a){GAP}(?P<unit>day|week|month|year)(?![\w-])"
    yield "rate", rf"(?P<word>twice|once){GAP}a{GAP}(?P<unit>day|week|month|year)(?![\w-])"


def _years() -> Iterator[tuple[str, str]]:
    nth = either(vocabulary().ordinals)
    yield (
        "quarter",
        (
            rf"(?:the{GAP})?(?:(?P<year>{_YEAR}|this{GAP}year|next{GAP}year|last{GAP}year"
            rf"|year-earlier)(?:['’]s)?{GAP})?(?:the{GAP})?(?:comparable{GAP})?(?:fiscal[\s-])?"
            rf"(?P<nth>{nth})[\s-]quarter(?!s?[\s-]century)(?:(?:{GAP}of)?{GAP}(?P<year2>{_YEAR}))?(?![\w])"
        ),
    )
    yield (
        "year_ago_quarter",
        rf"(?:the{GAP})?(?:comparable{GAP})?year-(?:ago|earlier)(?:{GAP}(?:quarter|period))?(?![\w-])",
    )
    yield "latest_period", rf"the{GAP}(?:latest{GAP})?(?:period)(?![\w-])"
    yield "decade", r"(?:the\s)?(?:(?P<edge>early|late|mid)[\s-])?(?P<decade>(?:1[5-9]|20)\d0)['’]?s(?![\w-])"
    yield (
        "decade",
        (
            r"the\s(?:(?P<edge>early|late|mid)[\s-])?['’]?(?P<word>twenties|thirties|forties|fifties"
            r"|sixties|seventies|eighties|nineties|[2-9]0s)(?![\w-])"
        ),
    )
    yield "century", r"(?:the\s)?(?:(?P<edge>early|late|mid)[\s-])?(?P<nth>\d\d)th[\s-]century(?![\w-])"
    yield (
        "year",
        (
            rf"{_EDGE}(?:(?:fiscal|the{GAP}year|year){GAP})?(?P<year>{_YEAR})"
            rf"(?:[-–/](?P<to>\d\d(?:\d\d)?))?(?![\w%]|[.,:/]\d|-\w)"
        ),
    )
    yield "year", rf"(?P<year>{_YEAR})(?=-(?:[a-z]))"
    tens = "sixty|seventy|eighty|ninety"
    yield (
        "spelled_year",
        rf"nineteen{GAP}(?P<tens>{tens})(?:[\s-](?P<ones>one|two|three|four|five|six|seven|eight|nine))?(?![\w-])",
    )
    yield "spelled_year", rf"the{GAP}year{GAP}two{GAP}thousand(?P<tens>)(?P<ones>)(?![\w-])"


def _words() -> Iterator[tuple[str, str]]:
    table = vocabulary()
    yield "reference", rf"(?P<word>{either(word for word in table.references if word != 'the past')})(?![\w-])"
    yield (
        "reference",
        (
            rf"in{GAP}(?P<word>the{GAP}past)(?!"
            rf"{GAP}(?:\d|{either([*table.numbers, *table.vague, *table.units])}))(?![\w-])"
        ),
    )
    yield "set", rf"(?P<word>{either(table.sets)})(?![\w-])"
