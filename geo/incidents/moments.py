"""Which of the times in an event's sentence is when it happened."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from geo.incidents.clauses import nearby
from geo.incidents.phrases import either
from geo.incidents.weights import total, weights
from geo.times.meaning import of_month, of_year

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from geo.events import Event
    from geo.incidents.clauses import Clauses, Features
    from geo.times import Time

_LONG_DAYS = 32
_LOOK_BACK = 40
_LOOK_AHEAD = 24
_QUOTE_REACH = 400
_OPENING = 12
"""Characters before a time that opens its sentence: "On late Sunday"."""
_TIME_REACH = 700
_MOST_TIMES = 40
_RECENT_DAYS = 31
_LATER_REACH = 50
_OWNS = re.compile(r"['’]s\s(?:[\w-]{1,14}\s){0,3}\Z")
_NAMES = re.compile(
    r",?\s(?:(?!and\s|in\s|at\s|on\s|of\s|the\s|by\s|for\s|to\s|was\s|were\s|when\s)[\w-]{1,14}\s){0,2}\Z"
)
_DIRECT = re.compile(r"\s{1,3}(?:(?:on|in|at|during|late|early)\s{1,3}){0,2}")
"""Between a trigger and the time that can only be its own: "kidnapped on"."""
_DETERMINED = re.compile(r"(?<!\w)(?:the|a|an|this|that|his|her|their|its|in|of|pair of)\s\Z", re.IGNORECASE)
_SINCE = re.compile(r"\bsince\s{1,4}\Z", re.IGNORECASE)
_OWNED = re.compile(r"\b(?:the|a|his|its|their)\s\Z")


@lru_cache(maxsize=1)
def _words() -> Words:
    """The lists of `moments.toml` as patterns."""
    table = tomllib.loads(files("geo.incidents").joinpath("moments.toml").read_text(encoding="utf-8"))
    said, says, printed, later = (either(table[name]) for name in ("said", "says", "printed", "later"))
    return Words(
        printed=re.compile(rf"(?<!\w){printed}(?!\w)[^.\n]{{0,30}}\Z", re.IGNORECASE),
        said_before=re.compile(rf"(?<!\w){said}(?!\w)(?:\s[\w']{{1,12}}){{0,4}}\s\Z", re.IGNORECASE),
        says_after=re.compile(rf"\s{says}(?!\w)", re.IGNORECASE),
        later_before=re.compile(rf"(?<!\w)(?P<verb>{later})(?:\s[\w'’]{{1,14}}){{0,3}}\s\Z", re.IGNORECASE),
        later_after=re.compile(rf"\s?,?(?:\s[\w'’.]{{1,14}}){{0,3}}\s(?P<verb>{later})(?!\w)", re.IGNORECASE),
    )


class Words(NamedTuple):
    """What stands right before or after a time and tells whose time it is."""

    printed: re.Pattern[str]
    said_before: re.Pattern[str]
    says_after: re.Pattern[str]
    later_before: re.Pattern[str]
    later_after: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Moment:
    """The time chosen and the local clock told with it; None and "" where the sentence does not tell."""

    time: Time | None = None
    clock: str = ""
    reasons: Mapping[str, float] = field(default_factory=dict)


class MomentFinder:
    """Chooses among the times of one text."""

    def __init__(
        self, clauses: Clauses, times: Sequence[Time], *, published: dt.date | None, dateline_end: int
    ) -> None:
        self._clauses, self._published, self._dateline_end = clauses, published, dateline_end
        self._text = clauses.text
        self._times = [time for time in times if time.end > dateline_end]
        self._starts = [time.start for time in self._times]

    def choose(self, event: Event) -> Moment:
        """When the sentence says that the event happened."""
        near = [self._times[index] for index in nearby(self._starts, event)]
        clock = next((t.clock for t in near if t.clock and not self._clauses.other_trigger(event, t.start, t.end)), "")
        best: tuple[float, Time, dict[str, float]] | None = None
        for time in near:
            if time.date_start is None or time.type == "SET":
                continue
            score, parts = total(self._features(event, time), "time")
            if score > weights("time")["threshold"] and (best is None or score > best[0]):
                best = (score, time, parts)
        if best is None:
            return Moment(None, clock)
        time = best[1] if is_series(event) else begun(best[1])
        return Moment(time, time.clock or clock, {**best[2], "score": best[0]})

    def nearest(self, event: Event) -> Time | None:
        """The nearest day that the text names within a few sentences, before the publication and not far from it."""
        low = bisect_left(self._starts, event.start - _TIME_REACH)
        high = bisect_right(self._starts, event.end + _TIME_REACH)
        near = sorted(self._times[low:high][:_MOST_TIMES], key=lambda time: abs(time.start - event.start))
        recent = [time for time in near if self._is_recent(time)]
        return next((time for time in recent if not self._is_aside(time)), recent[0] if recent else None)

    def _is_aside(self, time: Time) -> bool:
        """Whether it tells when something was said, or what followed the deeds of a report."""
        left = self._before(time)
        said = is_said_time(left, self._text[time.end : time.end + _LOOK_AHEAD])
        return said or _words().later_before.search(left) is not None

    def _is_recent(self, time: Time) -> bool:
        if time.precision != "day" or time.type != "DATE" or time.date_start is None or self._published is None:
            return False
        ago = (self._published - time.date_start).days
        return 0 <= ago <= _RECENT_DAYS and _words().printed.search(self._before(time)) is None

    def _before(self, time: Time, floor: int = 0) -> str:
        return self._text[max(floor, time.start - _LOOK_BACK) : time.start]

    def _features(self, event: Event, time: Time) -> Features:
        features: Features = [("base", 1.0), *self._clauses.between(event, time.start, time.end)]
        return features + [(name, 1.0) for name in self._roles(event, time)]

    def _roles(self, event: Event, time: Time) -> Iterator[str]:
        """The parts that the words beside a time say it plays."""
        left = self._before(time, event.sentence[0])
        right = self._text[time.end : min(event.sentence[1], time.end + _LOOK_AHEAD)]
        later = self._is_later(event, time, left)
        if later or is_said_time(left, right):
            yield "speaker"
        if later:
            yield "later"
        if self._names(event, time, left):
            yield "names_it"
        if _DIRECT.fullmatch(self._text, event.end, max(event.end, time.start)):
            yield "direct"
        if time.start - event.sentence[0] < _OPENING:
            yield "opens_sentence"
        if _words().printed.search(left):
            yield "printed"
        if self._is_quoted(event, time):
            yield "quoted"
        yield from _signalled(event, time, left)
        if time.date_start and self._published and time.date_start > self._published:
            yield "future"
        yield from self._vagueness(time, left)

    def _is_later(self, event: Event, time: Time, left: str) -> bool:
        """Whether it is the time of what followed, "arrested Tuesday", and not of the event's own verb."""
        before = _words().later_before.search(left)
        if before:
            start = time.start - len(left) + before.start("verb")
            return not start <= event.start < time.start
        after = _words().later_after.match(self._text, time.end, min(event.sentence[1], time.end + _LATER_REACH))
        return after is not None and not time.end <= event.start < after.end()

    def _names(self, event: Event, time: Time, left: str) -> bool:
        """Whether the time is part of the event's name: "Saturday's shooting", "the May 7 attack"."""
        between = self._text[time.end : event.start] if event.start - time.end < _LOOK_BACK else ""
        if _OWNS.match(between):
            return True
        return _NAMES.fullmatch(between) is not None and _DETERMINED.search(left) is not None

    def _vagueness(self, time: Time, left: str) -> Iterator[str]:
        if not (time.date_start and time.date_end) or time.signal == "since":
            return
        if (time.date_end - time.date_start).days > _LONG_DAYS:
            yield "background" if re.fullmatch(r"\d{4}", time.value) else "vague"
            if _OWNED.search(left) and self._text[time.end : time.end + 2].lstrip().islower():
                yield "adjective"

    def _is_quoted(self, event: Event, time: Time) -> bool:
        """Whether "today", "this evening" stands in quoted speech: it counts from a day that is not told."""
        if time.precision != "day" or time.text[0].isupper() or any(map(str.isdigit, time.text)):
            return False
        before = self._text[max(event.sentence[0], time.start - _QUOTE_REACH) : time.start]
        return before.count("“") + before.count('"') % 2 > before.count("”")


def _signalled(event: Event, time: Time, left: str) -> Iterator[str]:
    """What "since" and "before" make of a time."""
    if time.signal == "before" and time.type == "DATE":
        yield "until"
    if time.signal == "since":
        yield "since_series" if is_series(event) else "since_direct" if _SINCE.search(left) else "since"


def is_series(event: Event) -> bool:
    """Whether several happenings are told as one."""
    return event.event_count > 1 or "series" in event.reasons or "generic" in event.reasons


def begun(time: Time) -> Time:
    """A single event "since 2011" happened in 2011: the named period itself, not all that follows."""
    named = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", time.value)
    if time.signal != "since" or named is None or time.date_start is None:
        return time
    year, month, day = named.groups()
    if day:
        return replace(time, date_end=time.date_start, precision="day")
    last = of_month(int(year), int(month)) if month else of_year(int(year))
    return replace(time, date_end=last.date_end, precision=last.precision)


def is_said_time(left: str, right: str) -> bool:
    """Whether "said on Monday that", "on Wednesday said": when it was said, perhaps not when it happened."""
    return _words().said_before.search(left) is not None or _words().says_after.match(right) is not None
