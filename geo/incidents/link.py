"""Event → the places and the time that its text gives it.

Every site and every time of the event's sentence is scored by named features (`weights.toml`); the best above the
threshold is where or when it happened, with what stands beside it on the same footing ("in Taba and Ras Shitan"). Where
the sentence is silent, the text before it speaks, then the report as a whole; a dateline comes last.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from geo import sentences
from geo.incidents.phrases import anywhere
from geo.incidents.sites import Site, is_within, roles
from geo.incidents.weights import total, weights
from geo.times import Time
from geo.times.meaning import of_month, of_year

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from gazetteer.place import Place
    from gazetteer.store import Gazetteer
    from geo.events import Event

_REACH = 600
"""Characters between an event and what may belong to it."""
_MOST_CANDIDATES = 14
_CONTEXT_SENTENCES = 3
_BREAK = re.compile(r"[;:]|\bwhile\b|\bwhereas\b|\bbut\b|\balthough\b|--| - |–|—")
_TOGETHER = re.compile(
    r"\s*(?:,|,?\s(?:and|or|as well as)|/)\s*(?:(?:in|at|near|the|of|on|also)\s{1,3}){0,3}(?:(?:city|town|village|province|district)\s(?:of\s)?)?\Z",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"^[ \t]{0,8}[A-ZÀ-Þ][^\n]{1,90}?(?:\([^)\n]{2,40}\)\s{0,3}[-–—_]{0,2}|\s[-–—_]{1,2}\s|\[(?:TEXT|REPORT)[^\n]{0,40}\])",
    re.MULTILINE,
)
_FOCUS_KINDS = 4
_LIKE_RANKS = 3
"""Places named in one breath are of like coarseness: two towns, or a town and a district, not a town and a country."""
_DETAIL = re.compile(
    r"\b(?:it|this|that|(?:the|this)\s{1,4}(?:\w{1,14}\s{1,4}){0,2}(?:incident|attack|shooting|blast|explosion|accident|strike|clash|raid|"
    r"killing|murder|kidnapping|robbery|bombing|fire|protest))\s{1,4}(?:\w{1,10}\s{1,4})?(?:happened|occurred|took\s{1,4}place|unfolded|began|started)\b",
    re.IGNORECASE,
)
_HERE = re.compile(
    r"\bthis\s{1,4}(?:country's\s{1,4})?(?:capital|city|town|port)\b|\bhere\b(?=\s{0,2}[,.]|\s{1,4}(?:today|yesterday|on|this|last|early|late|at)\b)",
    re.IGNORECASE,
)
_CHAIN = re.compile(
    r"(?:['’]s)?,?\s{1,4}(?:(?:a|an|the|in|of|on|near|outside|inside|west|east|north|south|northern|southern|eastern|western|central|"
    r"north-?east|north-?west|south-?east|south-?west|northeastern|northwestern|southeastern|southwestern|province|district|region|"
    r"village|town|city|area|neighbou?rhood|suburb|quarter|sector|county|department|municipality|state|governorate|countryside|rural|"
    r"jurisdiction|canton|farm|located|key|strategic|small|port)[\s,]{1,5}){0,7}|,\s{1,4}",
    re.IGNORECASE,
)
_CHAIN_REACH = 60
_COUNTRY_RANK = 7
_DETAIL_REACH = 900
_TIME_REACH = 700
_MOST_TIMES = 40
_RECENT_DAYS = 31
_PRINTED = re.compile(r"\b(?:posted|updated|published|modified|created|last|copyright)\b[^.\n]{0,30}\Z", re.IGNORECASE)
_LONG_DAYS = 32


@dataclass(frozen=True, slots=True)
class Link:
    """What the text gives an event: sites (the best first), a time, a clock, and how each was found.

    `container` is the place that holds the first site where the gazetteer does not know that one ("Diraz, west of
    Manama"). `place_how` and `time_how` say what told: "sentence"; "detail", a sentence after it; "context", the event
    before; "focus", the place or day that the report names most or nearest; "associative", whose police speaks;
    "dateline"; "country"; or "". `reasons` holds the features that decided, prefixed with "place." or "time.".
    """

    event: Event
    sites: tuple[Site, ...] = ()
    container: Site | None = None
    time: Time | None = None
    clock: str = ""
    place_how: str = ""
    time_how: str = ""
    reasons: Mapping[str, float | str] = field(default_factory=dict)


class Linker:
    """Links the events of one report, in order, so that each can lean on those before it."""

    def __init__(
        self,
        text: str,
        sites: Sequence[Site],
        times: Sequence[Time],
        events: Sequence[Event],
        *,
        gazetteer: Gazetteer,
        published: dt.date | None,
        home: Place | None = None,
    ) -> None:
        self.text, self.times, self.events = text, times, events
        self.gazetteer, self.published, self.home = gazetteer, published, home
        self.dateline_end = dateline_end(text)
        self.sites = self._with_deictic(sites)
        self.site_starts = [site.start for site in self.sites]
        self.time_starts = [time.start for time in times]
        self.trigger_starts = [event.start for event in events]
        self.sentence_starts = [start for start, _ in sentences.split(text)]
        self.links: list[Link] = []

    def link(self) -> list[Link]:
        """One link an event, in the order of the events."""
        for event in self.events:
            self.links.append(self._link(event))
        self.links = [self._with_rest(link) for link in self.links]
        return self.links

    def _link(self, event: Event) -> Link:
        chosen, container, place_reasons = self._places(event)
        time, clock, time_reasons = self._time(event)
        reasons = {f"place.{name}": value for name, value in place_reasons.items()}
        reasons.update({f"time.{name}": value for name, value in time_reasons.items()})
        how, when = ("sentence" if found else "" for found in (chosen, time))
        return self._with_context(Link(event, chosen, container, time, clock, how, when, reasons))

    def _with_deictic(self, sites: Sequence[Site]) -> list[Site]:
        """The sites, and "this capital", "here": the dateline's place."""
        origin = next((site for site in sites if site.known and site.end <= self.dateline_end), None)
        if origin is None:
            return list(sites)
        here = [
            replace(origin, start=match.start(), end=match.end(), text=match.group(), spans=(), literal=True)
            for match in _HERE.finditer(self.text, self.dateline_end)
        ]
        return sorted([*sites, *here], key=lambda site: (site.start, site.end))

    # --- places -------------------------------------------------------------------------------------------------------

    def _places(self, event: Event) -> tuple[tuple[Site, ...], Site | None, dict[str, float]]:
        scored = []
        for index in self._nearby(self.site_starts, event):
            site = self.sites[index]
            score, parts = total(self._site_features(event, index), "place")
            if score > weights("place")["threshold"]:
                scored.append((score, -index, site, parts))
        if not scored:
            return (), None, {}
        scored.sort(key=lambda item: item[:2], reverse=True)
        score, _, best, parts = scored[0]
        fitting = [item[2] for item in scored]
        finest = self._finest(best, fitting)
        together = [self._with_countries(site) for site in self._together(finest, fitting)]
        container = None if finest.known else self._container(finest, fitting)
        return tuple(together), container, {**parts, "score": score}

    def _container(self, unknown: Site, fitting: Sequence[Site]) -> Site | None:
        """The known place of the sentence that stands nearest to one the gazetteer does not know, after it by choice."""
        known = [site for site in fitting if site.known]
        return min(known, key=lambda site: (site.start < unknown.start, abs(site.start - unknown.start)), default=None)

    def _with_countries(self, site: Site) -> Site:
        """ "20 km south of Mandera, in north-eastern Kenya": beside a frontier the text knows the country better than the ruler."""
        if site.located is None or site.relation not in ("distance", "near", "road", "between"):
            return site
        index = bisect_left(self.site_starts, site.end)
        if index >= len(self.sites) or not re.fullmatch(
            r"\s{0,3},?\s{1,3}(?:in|inside)?\s{0,3}(?:the\s)?", self.text[site.end : self.sites[index].start][:20]
        ):
            return site
        told = self.sites[index].countries
        return replace(site, told_countries=told) if told and not set(told) & set(site.countries) else site

    def _site_features(self, event: Event, index: int) -> list[tuple[str, float]]:
        site = self.sites[index]
        played = roles(self.text, site, event.sentence, (event.start, event.end), dateline_end=self.dateline_end)
        features = [("base", 1.0), *((name, 1.0) for name in played)]
        features += self._distance(event, site.start, site.end)
        features.append(("after_trigger" if site.start >= event.end else "before_trigger", 1.0))
        return features

    def _distance(self, event: Event, start: int, end: int) -> list[tuple[str, float]]:
        low, high = (event.end, start) if start >= event.end else (end, event.start)
        gap = self.text[low:high] if low < high else ""
        features = [("per_10_words", gap.count(" ") / 10)]
        if self._trigger_between(event, start, end):
            features.append(("other_trigger", 1.0))
        elif not _BREAK.search(gap):
            features.append(("same_clause", 1.0))
        if start >= event.end and anywhere("said").search(gap):
            features.append(("speech_between", 1.0))
        return features

    def _trigger_between(self, event: Event, start: int, end: int) -> bool:
        low, high = (event.end, start) if start >= event.end else (end, event.start)
        index = bisect_left(self.trigger_starts, low)
        fused = str(event.reasons.get("fused", ""))
        while index < len(self.events) and self.trigger_starts[index] < high:
            other = self.events[index]
            if f"{other.start}-{other.end}" not in fused:
                return True
            index += 1
        return False

    def _nearby(self, starts: Sequence[int], event: Event) -> list[int]:
        """Indices of what begins in the event's sentence, within reach, the nearest ones."""
        low = bisect_left(starts, max(event.sentence[0], event.start - _REACH))
        high = bisect_right(starts, min(event.sentence[1] - 1, event.end + _REACH))
        found = sorted(range(low, high), key=lambda index: abs(starts[index] - event.start))[:_MOST_CANDIDATES]
        return sorted(found)

    def _finest(self, best: Site, fitting: Sequence[Site]) -> Site:
        """The most precise of the fitting sites that lie in the best one."""
        inside = [
            site
            for site in fitting
            if site is not best and is_within(site, best, self.gazetteer) and site.rank < best.rank
        ]
        inside += [site for site in fitting if not site.known and self._in_chain(site, best)]
        return min(inside, key=lambda site: (site.rank, abs(site.start - best.start)), default=best)

    def _in_chain(self, unknown: Site, best: Site) -> bool:
        """ "Diraz, west of Manama", "the Manama village of Diraz": a name unknown to the gazetteer beside the place that holds it."""
        first, second = sorted((unknown, best), key=lambda site: site.start)
        gap = self.text[first.end : second.start]
        return best.rank >= unknown.rank - 1 and len(gap) <= _CHAIN_REACH and _CHAIN.fullmatch(gap) is not None

    def _together(self, best: Site, fitting: Sequence[Site]) -> list[Site]:
        """The best site and those that stand on the same footing beside it: "in X and Y", "X, Y and Z"."""
        group = [best]
        ordered = sorted(fitting, key=lambda site: site.start)
        at = ordered.index(best)
        for step in (1, -1):
            previous, index = best, at + step
            while 0 <= index < len(ordered):
                site = ordered[index]
                first, second = (previous, site) if step > 0 else (site, previous)
                gap = self.text[first.end : second.start]
                same = abs(site.rank - best.rank) <= _LIKE_RANKS and not (
                    is_within(site, best, self.gazetteer) or is_within(best, site, self.gazetteer)
                )
                if not (
                    same
                    and len(gap) < 40
                    and _TOGETHER.match(gap)
                    and (" " in gap.strip(", ") or "and" in gap or self._listed(site, ordered))
                ):  # a conjunction is short
                    break
                group.append(site)
                previous, index = site, index + step
        return group

    def _listed(self, site: Site, ordered: Sequence[Site]) -> bool:
        """Whether a comma after or before the site belongs to a list that ends in "and"."""
        later = [other for other in ordered if other.start > site.start][:2]
        return any(re.search(r"\b(?:and|or)\b", self.text[site.end : other.start]) for other in later)

    # --- times --------------------------------------------------------------------------------------------------------

    def _time(self, event: Event) -> tuple[Time | None, str, dict[str, float]]:
        best: tuple[float, Time, dict[str, float]] | None = None
        clock = ""
        for index in self._nearby(self.time_starts, event):
            time = self.times[index]
            if time.clock and not clock and not self._trigger_between(event, time.start, time.end):
                clock = time.clock
            if time.date_start is None or time.end <= self.dateline_end or time.type == "SET":
                continue
            score, parts = total(self._time_features(event, time), "time")
            if score > weights("time")["threshold"] and (best is None or score > best[0]):
                best = (score, time, parts)
        if best is None:
            return None, clock, {}
        time = best[1] if _is_series(event) else begun(best[1])
        return time, time.clock or clock, {**best[2], "score": best[0]}

    def _is_quoted(self, event: Event, time: Time) -> bool:
        """Whether "today", "this evening" stands in quoted speech: it counts from a day that is not told."""
        before = self.text[event.sentence[0] : time.start]
        relative = (
            time.value[:4].isdigit()
            and not any(character.isdigit() for character in time.text)
            and time.precision == "day"
        )
        return relative and not time.text[0].isupper() and before.count("“") + before.count('"') % 2 > before.count("”")

    def _time_features(self, event: Event, time: Time) -> list[tuple[str, float]]:
        features = [("base", 1.0), *self._distance(event, time.start, time.end)]
        left = self.text[max(event.sentence[0], time.start - 40) : time.start]
        if is_said_time(left, self.text[time.end : min(event.sentence[1], time.end + 24)]):
            features.append(("speaker", 1.0))
        if time.start - event.sentence[0] < 12:  # noqa: PLR2004  # "On late Sunday"
            features.append(("opens_sentence", 1.0))
        if _PRINTED.search(left):
            features.append(("printed", 1.0))
        if self._is_quoted(event, time):
            features.append(("quoted", 1.0))
        if time.signal == "since":
            direct = re.search(r"\bsince\s{1,4}\Z", left, re.IGNORECASE) is not None
            features.append(("since_series" if _is_series(event) else "since_direct" if direct else "since", 1.0))
        if time.date_start and self.published and time.date_start > self.published:
            features.append(("future", 1.0))
        if (
            time.date_start
            and time.date_end
            and (time.date_end - time.date_start).days > _LONG_DAYS
            and time.signal != "since"
        ):
            features.append(("background" if re.fullmatch(r"\d{4}", time.value) else "vague", 1.0))
            if re.match(r"\s[a-z]", self.text[time.end : time.end + 2]) and re.search(
                r"\b(?:the|a|his|its|their)\s\Z", left
            ):
                features.append(("adjective", 1.0))
        return features

    # --- context ------------------------------------------------------------------------------------------------------

    def _with_context(self, link: Link) -> Link:
        """Places and times from before the sentence, then from the report as a whole."""
        if link.event.modality != "reported" or "leans_on" in link.event.reasons:
            return link
        if not link.sites or link.time is None:
            link = self._with_detail(link)
        if not link.sites:
            site = self._place_before(link.event)
            link = replace(link, sites=(site,), place_how="context") if site else link
        return self._context_time(link) if link.time is None else link

    def _with_rest(self, link: Link) -> Link:
        """What only the report as a whole tells."""
        if link.event.modality != "reported" or "leans_on" in link.event.reasons:
            return link
        if not link.sites and self.whole:
            how, site = self.whole
            link = replace(link, sites=(site,), place_how=how)
        if link.time is None:
            time = self._nearest_time(link.event)
            link = replace(link, time=time, time_how="focus") if time else link
        return link

    def _with_detail(self, link: Link) -> Link:
        """ "It happened at noon on Monday in ...": a sentence after the event that tells where and when, and nothing else."""
        match = _DETAIL.search(self.text, link.event.sentence[1], link.event.sentence[1] + _DETAIL_REACH)
        if match is None:
            return link
        told = replace(
            link.event, start=match.start(), end=match.end(), sentence=sentences.at(self.text, match.start())
        )
        if not link.sites:
            chosen, container, _ = self._places(told)
            link = replace(link, sites=chosen, container=container, place_how="detail") if chosen else link
        if link.time is None:
            time, clock, _ = self._time(told)
            link = replace(link, time=time, clock=link.clock or clock, time_how="detail") if time else link
        return link

    def _nearest_time(self, event: Event) -> Time | None:
        """The nearest day that the text names within a few sentences, before the publication and not far from it."""
        low = bisect_left(self.time_starts, event.start - _TIME_REACH)
        high = bisect_right(self.time_starts, event.end + _TIME_REACH)
        near = sorted(self.times[low:high][:_MOST_TIMES], key=lambda time: abs(time.start - event.start))
        return next((time for time in near if self._is_recent(time)), None)

    def _is_recent(self, time: Time) -> bool:
        if (
            time.precision != "day"
            or time.type != "DATE"
            or time.date_start is None
            or self.published is None
            or time.end <= self.dateline_end
        ):
            return False
        left = self.text[max(0, time.start - 40) : time.start]
        return 0 <= (self.published - time.date_start).days <= _RECENT_DAYS and not _PRINTED.search(left)

    def _place_before(self, event: Event) -> Site | None:
        """The place of the last event in the sentences before, within reach."""
        here = bisect_right(self.sentence_starts, event.start)
        for earlier in reversed(self.links[-6:]):
            if here - bisect_right(self.sentence_starts, earlier.event.start) > _CONTEXT_SENTENCES:
                break
            if (
                any(site.known for site in earlier.sites)
                and earlier.place_how in ("sentence", "context")
                and earlier.event.modality == "reported"
            ):
                return earlier.sites[0]
        return None

    def _context_time(self, link: Link) -> Link:
        here = bisect_right(self.sentence_starts, link.event.start)
        for earlier in reversed(self.links[-6:]):
            if here - bisect_right(self.sentence_starts, earlier.event.start) > _CONTEXT_SENTENCES:
                break
            if earlier.time and earlier.event.modality == "reported" and earlier.time.signal != "since":
                return replace(link, time=earlier.time, time_how="context")
        return link

    def _body(self) -> list[Site]:
        return [site for site in self.sites if site.known and site.end > self.dateline_end]

    @cached_property
    def whole(self) -> tuple[str, Site] | None:
        """Where the report as a whole plays, and how that is known."""
        ways = (
            ("focus", self.focus),
            ("associative", self.associative),
            ("dateline", self.dateline),
            ("country", self.country),
        )
        return next(((how, found) for how, way in ways if (found := way())), None)

    def focus(self) -> Site | None:
        """The precise literal place that the report names most, the first of them."""
        counts = Counter(_key(site) for site in self._body() if site.literal and site.rank <= _FOCUS_KINDS)
        if not counts:
            return None
        top = counts.most_common(1)[0][1]
        return next(
            site for site in self._body() if site.literal and site.rank <= _FOCUS_KINDS and counts[_key(site)] == top
        )

    def associative(self) -> Site | None:
        """The first town or county whose police or people speak: "Franklin police"."""
        return next((site for site in self._body() if site.rank <= _FOCUS_KINDS and not site.literal), None)

    def dateline(self) -> Site | None:
        """The dateline's place: nothing nearer is told."""
        origin = next((site for site in self.sites if site.known and site.end <= self.dateline_end), None)
        abroad = origin and self.home and not set(origin.countries) & set(self.home.countries)
        return None if abroad else origin

    def country(self) -> Site | None:
        """The country that the report is about, where it is about one."""
        return Site(0, 0, self.home.name, (), self.home, rank=_COUNTRY_RANK) if self.home else None


def _is_series(event: Event) -> bool:
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


def _key(site: Site) -> str:
    return site.place.place_id if site.place else site.text.lower()


def is_said_time(left: str, right: str) -> bool:
    """Whether "said on Monday that", "on Wednesday said": when it was said, perhaps not when it happened."""
    if re.search(
        r"\b(?:said|told|announced|reported|wrote|tweeted|confirmed|added|stated|claimed|condemned|blamed)\b(?:\s[\w']{1,12}){0,4}\s\Z",
        left,
        re.IGNORECASE,
    ):
        return True
    return re.match(r"\s(?:said|that|announced|told|reported)\b", right, re.IGNORECASE) is not None


def dateline_end(text: str) -> int:
    """Where the dateline ends, 0 where there is none: "MOSUL, Iraq, June 28 (Agency) -"."""
    match = _DATELINE.search(text, 0, 400)
    if match is None:
        return 0
    head = match.group().strip().split(",")[0].split("(")[0].strip(" -–—_")
    words = [word for word in re.findall(r"[^\W\d_]+", head)][:4]
    shouting = bool(words) and all(word.isupper() for word in words)
    return (
        match.end()
        if shouting and (match.start() == 0 or not text[: match.start()].strip() or text[match.start() - 1] == "\n")
        else 0
    )


def several_places(text: str, event: Event) -> bool:
    """Whether the sentence says that the places of an event are places of several incidents."""
    return (
        anywhere("several").search(text, event.sentence[0], min(event.sentence[1], event.sentence[0] + 1000))
        is not None
    )
