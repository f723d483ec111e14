"""Event → the places and the time that its report gives it.

What the event's own sentence tells comes first; then a sentence of detail after it ("it happened at noon in ..."); then
the event told before; then what the report as a whole is about; the dateline comes last.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from geo import sentences
from geo.incidents.clauses import Clauses
from geo.incidents.datelines import head
from geo.incidents.labels import Labels
from geo.incidents.moments import MomentFinder
from geo.incidents.phrases import anywhere, words
from geo.incidents.places import PlaceFinder
from geo.incidents.quarters import report_town
from geo.incidents.references import with_references
from geo.incidents.sites import Site, bearing, is_within
from geo.incidents.weights import weights

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from gazetteer.place import Place
    from gazetteer.store import Candidate
    from geo.events import Event
    from geo.incidents.places import Answers
    from geo.times import Time

_CONTEXT_SENTENCES = 3
_CONTEXT_EVENTS = 6
_FOCUS_RANK = 4
_LOCAL_SHARE = 0.5
"""A report is about one town when so large a share of the weight of its places is that town's."""
_FINER_SHARE = 0.4
"""A town with such a share of the weight of the county or province that holds it is what the report is about."""
_EARLY = 400
"""Characters of headline and lead."""
_COUNTRY_RANK = 7
_RANK_OF_TOWN, _TOWN_RANK = 1, 2
_DETAIL = re.compile(
    r"\b(?:it|this|(?<=[.!?”\"]\s)that|(?:the|this)\s{1,4}(?:\w{1,14}\s{1,4}){0,2}(?:incident|attack|shooting|blast|explosion|accident|"
    r"strike|clash|raid|killing|murder|kidnapping|robbery|bombing|fire|protest))\s{1,4}(?:\w{1,10}\s{1,4})?"
    r"(?:happened|occurred|took\s{1,4}place|unfolded|began|started)\b",
    re.IGNORECASE,
)
_DETAIL_REACH = 900
_FAR_OUT = re.compile(
    r"\b(?:villages?|hamlets?|islands?|islets?|townships?|districts?|valleys?|provinc\w{1,4}|regions?)\b", re.IGNORECASE
)
_KIND_REACH = 24
_LONGEST_PARAGRAPH = 4_000
_SEAT_REACH = 300
_TURN = re.compile(
    r"[\s\"“'‘(*•-]{0,6}(?:(?:And|But|Meanwhile|Separately|Elsewhere|Also|Further\s(?:north|south|east|west)),?\s)?"
    r"(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]utside|[Aa]round|[Aa]cross)\s{1,3}(?:[a-z][\w-]{1,14}\s{1,3}){0,5}"
)
"""How a paragraph turns to a place: "In the northern city of"."""
_ARREST = "Arrests"
_LIKELY, _LIKELY_AT_HOME = 0.3, 0.15
"""A place that the resolver passed over as not quite likely enough serves from here on where there is no other."""


@dataclass(frozen=True, slots=True)
class Link:
    """What the text gives an event: sites (the best first), a time, a clock, and how each was found.

    `container` is the place that holds the first site where the gazetteer does not know that one ("Diraz, west of
    Manama"). `place_how` and `time_how` say what told: "sentence"; "detail", a sentence after it or the label of its
    line; "context", the event before; "focus", the place or day that the report names most or nearest; "associative",
    whose police speaks; "dateline"; "country"; or "". `reasons` holds the features that decided, prefixed with "place."
    or "time.". `read` are the exact words that the learned reader calls places of the event; None where not asked.
    """

    event: Event
    sites: tuple[Site, ...] = ()
    container: Site | None = None
    time: Time | None = None
    clock: str = ""
    place_how: str = ""
    time_how: str = ""
    reasons: Mapping[str, float | str] = field(default_factory=dict)
    read: tuple[tuple[int, int], ...] | None = None


class Linker:
    """Links the events of one report, in order, so that each can lean on those before it."""

    def __init__(
        self,
        text: str,
        sites: Sequence[Site],
        times: Sequence[Time],
        events: Sequence[Event],
        *,
        published: dt.date | None,
        home: Place | None = None,
        answers: Answers | None = None,
    ) -> None:
        self._text, self._events, self._home = text, events, home
        self._head = head(text)
        clauses = Clauses(text, events)
        self._sites = with_references(text, sites, head=self._head, home=home)
        self._starts = [site.start for site in self._sites]
        self._labels = Labels(text, self._sites)
        self._answers = answers or {}
        self._places = PlaceFinder(clauses, self._sites, head=self._head, answers=self._answers)
        self._moments = MomentFinder(clauses, times, published=published, dateline_end=self._head.dateline_end)
        self._sentence_starts = [start for start, _ in sentences.split(text)]
        self._links: list[Link] = []
        self._is_local = False

    def link(self) -> list[Link]:
        """One link an event, in the order of the events."""
        for event in self._events:
            self._links.append(self._with_context(self._told(event)))
        return [self._with_whole(link) for link in self._links]

    def _told(self, event: Event) -> Link:
        """What the event's own sentence tells."""
        place, moment = self._places.choose(event), self._moments.choose(event)
        reasons = {f"place.{name}": value for name, value in place.reasons.items()}
        reasons |= {f"time.{name}": value for name, value in moment.reasons.items()}
        how, when = ("sentence" if found else "" for found in (place.sites, moment.time))
        answer = self._answers.get((event.start, event.end))
        read = tuple(answer.spans()) if answer else None
        return Link(event, place.sites, place.container, moment.time, moment.clock, how, when, reasons, read)

    # --- what the sentences around tell -------------------------------------------------------------------------------

    def _with_context(self, link: Link) -> Link:
        if not _asks(link):
            return link
        link = self._with_detail(link)
        label = self._labels.at(link.event.start)
        if not link.sites and label is not None:
            link = replace(link, sites=(label,), place_how="detail")
        if not link.sites:
            lent = (_lends_place(earlier, link.event) for earlier in self._before(link.event))
            site = next((site for site in lent if site), None)
            link = replace(link, sites=(site,), place_how="context") if site else link
        if link.time is None:
            time = next((time for earlier in self._before(link.event) if (time := _lends_time(earlier))), None)
            link = replace(link, time=time, time_how="context") if time else link
        return link

    def _with_detail(self, link: Link) -> Link:
        """What a sentence adds that only tells where and when: "It happened at noon on Monday in ..."."""
        event = link.event
        match = _DETAIL.search(self._text, event.sentence[1], event.sentence[1] + _DETAIL_REACH)
        if match is None or (link.sites and link.time):
            return link
        verb = replace(event, start=match.start(), end=match.end(), sentence=sentences.at(self._text, match.start()))
        told = self._told(verb)
        if not link.sites and told.sites:
            link = replace(link, sites=told.sites, container=told.container, place_how="detail")
        if link.time is None and told.time:
            link = replace(link, time=told.time, clock=link.clock or told.clock, time_how="detail")
        return link

    def _before(self, event: Event) -> Iterator[Link]:
        """The reported events of the sentences before, the last first."""
        here = bisect_right(self._sentence_starts, event.start)
        for earlier in reversed(self._links[-_CONTEXT_EVENTS:]):
            if here - bisect_right(self._sentence_starts, earlier.event.start) > _CONTEXT_SENTENCES:
                return
            if earlier.event.modality == "reported":
                yield earlier

    # --- what the report as a whole tells -----------------------------------------------------------------------------

    def _with_whole(self, link: Link) -> Link:
        if not _asks(link):
            return link
        if not link.sites and (whole := self._whole_at(link.event)):
            how, site = whole
            link = replace(link, sites=(site,), place_how=how)
        elif link.place_how == "sentence" and self._refined(link):
            link = replace(link, sites=self._refined(link))
        elif link.sites and not any(site.known for site in link.sites):
            container = self._holder(link)
            own = _likely(link.sites, within=container)
            link = replace(link, sites=own) if own != link.sites else replace(link, container=container)
        if link.time is None:
            time = self._moments.nearest(link.event)
            link = replace(link, time=time, time_how="focus") if time else link
        return link

    def _refined(self, link: Link) -> tuple[Site, ...]:
        """The town that a local report is about, where the sentence names but the province that holds it."""
        town = self._town
        coarse = len(link.sites) == 1 and link.sites[0].rank == _FOCUS_RANK and link.sites[0].known
        return (town,) if coarse and town is not None and is_within(town, link.sites[0]) else ()

    @cached_property
    def _town(self) -> Site | None:
        return report_town([site for site in self._sites if not self._head.is_masthead(site.start, site.end)])

    def _holder(self, link: Link) -> Site | None:
        """What holds a place unknown to the gazetteer: what its sentence or line says, the report's town, its country.

        A street or quarter lies in the report's town also where the sentence names but the country or province. A
        village lies where the sentences before play; that a report was written in a town says nothing of it.
        """
        first, told = link.sites[0], link.container
        inner = first.inner or first.text.lower().split()[-1] in words("inner_kinds")
        whole = self._whole_at(link.event)
        town = whole[1] if whole and whole[1].rank <= _FOCUS_RANK else None
        label = self._labels.at(link.event.start)
        if label is not None and (told is None or told.rank > label.rank or _is_abroad(told, label)):
            return label
        if told is not None:
            return town if inner and town and told.rank > _TOWN_RANK and is_within(town, told) else told
        return first.holder or (town if town and inner else None) or self._around(link.event, first, town)

    def _around(self, event: Event, first: Site, town: Site | None) -> Site | None:
        """What holds a place whose sentence and line do not tell it: the places told before it, the report's town."""
        around = self._area_before(event)
        if around is not None:
            return around
        if town and self._is_local and not (self._is_far_out(first) and self._is_but_the_dateline(town)):
            return town
        if first.within is not None:
            return replace(first, text=first.within.name, place=first.within, rank=_RANK_OF_TOWN)
        return self._country()

    def _area_before(self, event: Event) -> Site | None:
        """The place named last before the event's sentence in its paragraph, or the area in the paragraph before."""
        begin = event.sentence[0]
        index = bisect_left(self._starts, begin)
        here = self._paragraph(event.start)
        before = self._paragraph(max(0, here - 2))
        for site in reversed(self._sites[:index]):
            if site.start < before or site.end <= self._head.dateline_end:
                return None
            finest = _RANK_OF_TOWN if site.start >= here else _TOWN_RANK + 1
            area = finest <= site.rank <= _FOCUS_RANK or site.relation == "part"
            if site.known and area and self._plays_at(site):
                return site
        return None

    def _plays_at(self, site: Site) -> bool:
        """Whether the words around a place say that something is there: nobody's home, nobody's hospital."""
        return bearing(self._text, site, head=self._head) == "literal" and not self._labels.at(site.start)

    def _is_far_out(self, site: Site) -> bool:
        """Whether the words beside a name say that it is a village, an island or a district: no part of a town."""
        low, high = site.start - _KIND_REACH, site.end + _KIND_REACH
        return _FAR_OUT.search(self._text, max(0, low), high) is not None

    def _is_but_the_dateline(self, town: Site) -> bool:
        """Whether a town is named where the report was written and nowhere else."""
        return _key(town) not in self._told_outside_the_head

    @cached_property
    def _told_outside_the_head(self) -> dict[str, Site]:
        """The first mention of each known place that is not in the head of the report."""
        told: dict[str, Site] = {}
        for site in self._sites:
            if site.known and not self._head.holds(site.start, site.end):
                told.setdefault(_key(site), site)
        return told

    def _paragraph(self, offset: int) -> int:
        """Where the paragraph of an offset begins; one without an end in sight is cut."""
        low = max(0, offset - _LONGEST_PARAGRAPH)
        return max(low, self._text.rfind("\n", low, offset) + 1)

    def _whole_at(self, event: Event) -> tuple[str, Site] | None:
        """Where an event plays that has no place of its own: where the report as a whole does.

        Parliament and the ministries are in the dateline's town; and a town that a later paragraph turns to, "In
        Bitola, hundreds marched", has only what is told of it.
        """
        whole, origin = self._whole, self._origin
        if whole is None or whole[0] != "focus" or origin is None or origin.rank > _TOWN_RANK:
            return whole
        told = self._told_outside_the_head.get(_key(whole[1]))
        start, end = event.sentence
        near = max(start, event.start - _SEAT_REACH), min(end, event.end + _SEAT_REACH)
        at_the_seat = anywhere("seats").search(self._text, *near) is not None
        if at_the_seat or (told and event.start < told.start and self._turns_to(told)):
            return "dateline", origin
        return whole

    @cached_property
    def _first_letter(self) -> int:
        """Where the text begins."""
        return len(self._text) - len(self._text.lstrip())

    @cached_property
    def _origin(self) -> Site | None:
        return self._dateline()

    def _turns_to(self, site: Site) -> bool:
        """Whether a paragraph after the first begins with a place: "In Bitola, in the south, hundreds marched"."""
        start = self._paragraph(site.start)
        return start > self._first_letter and _TURN.fullmatch(self._text, start, site.start) is not None

    @cached_property
    def _whole(self) -> tuple[str, Site] | None:
        """Where the report as a whole plays, and how that is known."""
        ways = [
            ("focus", self._focus),
            ("dateline", self._dateline),
            ("country", self._country),
            ("focus", self._passed_over),
        ]
        found = next(((how, site) for how, way in ways if (site := way())), None)
        return ("associative", found[1]) if found and not found[1].literal else found

    def _focus(self) -> Site | None:
        """The precise place that weighs most by how often, how early, how finely and how literally it is named."""
        table = weights("focus")
        named = [
            s for s in self._sites if s.known and s.rank <= _FOCUS_RANK and not self._head.is_masthead(s.start, s.end)
        ]
        scores: defaultdict[str, float] = defaultdict(float)
        for site in named:
            early = table["early"] * (site.start < _EARLY)
            part = bearing(self._text, site, head=self._head)
            worth = table[part] if part in ("dateline", "home", "hospital") else table[part] + early
            scores[_key(site)] += worth * table[f"rank_{site.rank}"] * (1.0 if self._is_home(site) else table["abroad"])
        top = max(scores.values(), default=0.0)
        self._is_local = top >= _LOCAL_SHARE * sum(scores.values())
        best = [site for site in named if scores[_key(site)] == top > 0]
        first = min(best, key=lambda site: (not site.literal, site.start), default=None)
        finer = [site for site in named if first and scores[_key(site)] >= _FINER_SHARE * top and _is_part(site, first)]
        return max(finer, key=lambda site: (scores[_key(site)], site.literal, -site.start), default=first)

    def _is_home(self, site: Site) -> bool:
        """Whether it lies in the country that the report is about, or that country is not known."""
        return self._home is None or bool(set(site.countries) & set(self._home.countries))

    def _dateline(self) -> Site | None:
        """The dateline's place, or the publisher's, unless the report is about another country."""
        origin = next((s for s in self._sites if s.known and self._head.holds(s.start, s.end)), None)
        return origin if origin and self._is_home(origin) else None

    def _country(self) -> Site | None:
        """The country that the report is about, where it is about one."""
        return Site(0, 0, self._home.name, (), self._home, rank=_COUNTRY_RANK) if self._home else None

    def _passed_over(self) -> Site | None:
        """The first place that the resolver passed over as not quite likely enough."""
        unknown = (site for site in self._sites if not site.known and site.literal)
        return next((likely for site in unknown if (likely := _likely((site,))[0]).known), None)


def _is_abroad(site: Site, other: Site) -> bool:
    return not set(site.countries) & set(other.countries)


def _is_part(site: Site, area: Site) -> bool:
    return site.rank <= _TOWN_RANK < area.rank and is_within(site, area)


def _asks(link: Link) -> bool:
    """Whether the link wants more than its sentence told."""
    return link.event.modality == "reported"


def _lends_place(earlier: Link, event: Event) -> Site | None:
    """The place told for an earlier event; where somebody was arrested is not where the deed was done."""
    if earlier.event.sub_event_type == _ARREST != event.sub_event_type:
        return None
    known = any(site.known for site in earlier.sites)
    sure = earlier.place_how == "context" or float(earlier.reasons.get("place.score", 0.0)) >= weights("place")["sure"]
    return earlier.sites[0] if known and sure and earlier.place_how in ("sentence", "context") else None


def _likely(sites: Sequence[Site], *, within: Site | None = None) -> tuple[Site, ...]:
    """The sites, on the map by what the resolver passed over where that bears the very name.

    Where a province or country holds the first, only what is the one place of that name and lies in there.
    """
    likely = [_passed_over(site, within) for site in sites]
    return tuple(
        replace(site, place=one.place, score=one.score) if one else site
        for site, one in zip(sites, likely, strict=True)
    )


def _passed_over(site: Site, within: Site | None) -> Candidate | None:
    named = [one for one in site.alternatives if one.place.name.lower() == site.text.lower()]
    if site.inner or not named:
        return None
    if within is None:
        return named[0] if named[0] is site.alternatives[0] and named[0].score >= _LIKELY else None
    at_home = [one for one in named if is_within(replace(site, place=one.place, rank=_RANK_OF_TOWN), within)]
    sure = within.rank >= _FOCUS_RANK and len(named) == len(at_home) == 1 and at_home[0].score >= _LIKELY_AT_HOME
    return at_home[0] if sure else None


def _lends_time(earlier: Link) -> Time | None:
    return earlier.time if earlier.time and earlier.time.signal != "since" else None


def _key(site: Site) -> str:
    return site.place.place_id if site.place else site.text.lower()
