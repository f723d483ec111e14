"""One telling of an incident: an event with the place and time linked to it, as values that can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.incidents.cues import cues
from geo.incidents.phrases import anywhere, words
from geo.incidents.quote import Quote, quote

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from geo.events import Count, Event
    from geo.incidents.link import Link
    from geo.incidents.reading import Reading
    from geo.incidents.sites import Site
    from geo.reports import Report

_PRECISIONS = {
    "country": "country",
    "continent": "region",
    "region": "region",
    "admin1": "admin1",
    "admin2": "admin2",
    "settlement": "settlement",
    "border": "border",
    "sea": "sea",
    "lake": "region",
    "river": "region",
    "valley": "region",
    "mountain": "region",
    "desert": "region",
    "forest": "region",
    "island": "region",
    "road": "region",
}
_SEARCHED = 1200
"""Characters of a sentence that are searched for words that tell several incidents apart."""
_LETTERS = re.compile(r"[^\W\d_]+")
_AREA_RANK = 4
"""Towns, counties and provinces are named where something happens; countries act."""
_TOWN_RANK = 2
"""Places of a town's size or finer may be told apart as several incidents."""
_PAIR = 2
"""More towns than a pair are no one place: what happened there happened in each."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where: the linked sites as one place. `radius_m` is the half-width in metres, `rank` grows with coarseness."""

    sites: tuple[Site, ...]
    name: str
    key: str
    lat: float
    lon: float
    radius_m: float
    precision: str
    rank: int
    countries: tuple[str, ...]
    admin1_code: str = ""
    kind: str = ""
    admin2: str = ""

    @property
    def sure(self) -> float:
        """The chance that its name means this place, 0 to 1; 1 for a place that was settled before."""
        return self.sites[0].score if self.sites else 1.0

    @property
    def text(self) -> str:
        """The words of the report."""
        return "; ".join(" ".join(site.text.split()) for site in self.sites)


@dataclass(frozen=True, slots=True)
class Mention:
    """One telling. `order` is the report's place among the reports; `spot` and the days are None where not told.

    It holds no text of its report but the quote, so that the tellings of many reports fit into memory. `published` is
    the day that the report's relative times count from.
    """

    report: Report
    order: int
    published: dt.date | None
    quote: Quote
    link: Link
    spot: Spot | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    split: bool = False
    cues: frozenset[str] = frozenset()
    doers: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()

    @property
    def event(self) -> Event:
        """The event told."""
        return self.link.event

    @property
    def fatalities(self) -> Count | None:
        """Killed; None where nothing is said, or where one number covers several places."""
        return None if self.split else self.event.fatalities

    @property
    def injured(self) -> Count | None:
        """Injured, likewise."""
        return None if self.split else self.event.injured

    @property
    def told_time(self) -> bool:
        """Whether the sentence itself gives the days; what context lends is no evidence that two tellings are one."""
        return self.first is not None and self.link.time_how in ("sentence", "detail")

    @property
    def said(self) -> bool:
        """Whether the day may be only that on which somebody spoke: "officials said on Tuesday"."""
        return "time.speaker" in self.link.reasons

    @property
    def told_place(self) -> bool:
        """Whether the sentence itself gives the place."""
        return self.spot is not None and self.link.place_how in ("sentence", "detail")


def mentions(report: Report, order: int, reading: Reading) -> Iterator[Mention]:
    """What the report tells as having happened, in order of the text; plurals that name no happening are left out."""
    towns = frozenset(word for site in reading.sites if site.rank <= _AREA_RANK for word in site.text.lower().split())
    bare = replace(report, text="")
    for link in reading.links:
        event = link.event
        if event.modality != "reported" or "generic" in event.reasons:
            continue
        groups = _groups(link, reading.text)
        told = _mention(Mention(bare, order, reading.published, quote(reading.text, event), link), reading, towns)
        yield from (replace(told, spot=spot(group), split=len(groups) > 1) for group in groups)


def _mention(told: Mention, reading: Reading, towns: frozenset[str]) -> Mention:
    """The telling with its days, and with what merging looks at; a town named with the deed did nothing."""
    event = told.event
    time = None if "toll" in event.reasons else told.link.time  # a later count has a day of its own
    return replace(
        told,
        first=time.date_start if time else None,
        last=time.date_end if time else None,
        cues=cues(reading.text, event),
        doers=content_words(event.actors) - towns,
        struck=content_words(event.targets) - towns,
    )


def content_words(names: Iterable[str]) -> frozenset[str]:
    """The words of actors or targets that tell who they are, in lower case."""
    return frozenset(word for name in names for word in _LETTERS.findall(name.lower())) - words("empty")


def _groups(link: Link, text: str) -> list[tuple[Site, ...]]:
    """The sites of one incident each: several towns are several incidents only where the sentence says so."""
    known = tuple(site for site in link.sites if site.known) or ((link.container,) if link.container else ())
    towns = len(known) > 1 and all(site.rank <= _TOWN_RANK for site in known)
    apart = towns and (len(known) > _PAIR or _is_plural(link.event) or _says_several(text, link.event))
    return [(site,) for site in known] if apart else [known]


def _is_plural(event: Event) -> bool:
    """Whether the trigger itself tells of several: "strikes on X and Y"."""
    name = event.text.lower()
    return event.event_count > 1 or "series" in event.reasons or (name.endswith("s") and not name.endswith("ss"))


def _says_several(text: str, event: Event) -> bool:
    """Whether the sentence says that the places of an event are places of several incidents."""
    start, end = event.sentence
    return anywhere("several").search(text, start, min(end, start + _SEARCHED)) is not None


def spot(sites: tuple[Site, ...]) -> Spot | None:
    """The sites as one place; None where none is known."""
    parts = [_single(site) for site in sites]
    if not parts:
        return None
    if len(parts) == 1:
        return parts[0]
    countries = tuple(dict.fromkeys(code for part in parts for code in part.countries))
    first = parts[0]
    return Spot(
        sites,
        "; ".join(dict.fromkeys(part.name for part in parts)),
        "+".join(sorted({part.key for part in parts})),
        first.lat,
        first.lon,
        max(part.radius_m for part in parts),
        first.precision,
        first.rank,
        countries,
        first.admin1_code,
    )


def _single(site: Site) -> Spot:
    place, located = site.place, site.located
    if located is not None:
        key = f"{site.relation}:{'+'.join(sorted(located.countries))}:{located.lat:.2f},{located.lon:.2f}"
        return Spot(
            (site,),
            located.name,
            key,
            located.lat,
            located.lon,
            located.radius_m,
            located.geo_precision,
            site.rank,
            site.countries,
        )
    if place is None:
        message = f"{site.text!r} has neither a place nor a geometry"
        raise ValueError(message)
    precision = _PRECISIONS.get(place.kind, "site")
    return Spot(
        (site,),
        place.name,
        place.place_id,
        place.lat,
        place.lon,
        place.radius_m,
        precision,
        site.rank,
        place.countries,
        place.admin1_code,
        place.kind,
        place.admin2,
    )
