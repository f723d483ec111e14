"""One telling of an incident: an event with the place and time linked to it, as values that can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.incidents.phrases import anywhere

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

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
_LONGEST_EVIDENCE = 1200
"""Characters of a sentence that are quoted."""
_AREA_RANK = 4
"""Towns, counties and provinces are named where something happens; countries act."""
_TOWN_RANK = 2
"""Places of a town's size or finer may be told apart as several incidents."""


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
    def text(self) -> str:
        """The words of the report."""
        return "; ".join(" ".join(site.text.split()) for site in self.sites)


@dataclass(frozen=True, slots=True)
class Mention:
    """One telling. `order` is the report's place among the reports; `spot` and the days are None where not told."""

    report: Report
    order: int
    reading: Reading
    link: Link
    spot: Spot | None
    first: dt.date | None
    last: dt.date | None
    split: bool = False
    place_words: frozenset[str] = frozenset()

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
    def told_place(self) -> bool:
        """Whether the sentence itself gives the place."""
        return self.spot is not None and self.link.place_how in ("sentence", "detail")

    @property
    def span(self) -> tuple[int, int]:
        """The sentence that tells it; of a very long one the part around the trigger."""
        start, end = self.event.sentence
        if end - start <= _LONGEST_EVIDENCE:
            return start, end
        half = _LONGEST_EVIDENCE // 2
        return max(start, self.event.start - half), min(end, self.event.start + half)

    @property
    def names(self) -> frozenset[str]:
        """The words of its sentence that are written as names, in lower case: what retellings share."""
        return frozenset(match.group().lower() for match in _NAMES.finditer(self.evidence))

    @property
    def evidence(self) -> str:
        """The words of the span."""
        start, end = self.span
        return self.reading.text[start:end]


_NAMES = re.compile(r"(?<![.!?“\"]\s)(?<!\A)\b[A-ZÀ-Þ][a-zß-ÿ’'-]{4,}")
"""Words with a capital that do not open a sentence."""


def mentions(report: Report, order: int, reading: Reading) -> Iterator[Mention]:
    """What the report tells as having happened, in order of the text; plurals that name no happening are left out."""
    towns = frozenset(word for site in reading.sites if site.rank <= _AREA_RANK for word in site.text.lower().split())
    for link in reading.links:
        if link.event.modality != "reported" or "generic" in link.event.reasons:
            continue
        time = link.time
        first, last = (time.date_start, time.date_end) if time else (None, None)
        groups = _groups(link, reading.text)
        for group in groups:
            yield Mention(
                report, order, reading, link, spot(group), first, last, split=len(groups) > 1, place_words=towns
            )


def _groups(link: Link, text: str) -> list[tuple[Site, ...]]:
    """The sites of one incident each: several towns are several incidents only where the sentence says so."""
    known = tuple(site for site in link.sites if site.known) or ((link.container,) if link.container else ())
    towns = len(known) > 1 and all(site.rank <= _TOWN_RANK for site in known)
    apart = towns and _says_several(text, link.event)
    return [(site,) for site in known] if apart else [known]


def _says_several(text: str, event: Event) -> bool:
    """Whether the sentence says that the places of an event are places of several incidents."""
    start, end = event.sentence
    return anywhere("several").search(text, start, min(end, start + _LONGEST_EVIDENCE)) is not None


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
