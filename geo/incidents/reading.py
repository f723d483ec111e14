"""One report → everything found in it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo import events as event_room
from geo import relations as geometry
from geo import resolve as resolving
from geo import stages
from geo import times as time_room
from geo import toponyms as toponym_room
from geo.incidents.aftermath import with_aftermath
from geo.incidents.capitals import with_capitals
from geo.incidents.learned import answers
from geo.incidents.link import Link, Linker
from geo.incidents.local import local_sites
from geo.incidents.sites import Site, sites

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from gazetteer.place import Place
    from gazetteer.store import Gazetteer
    from geo.events import Event
    from geo.relations import Located
    from geo.reports import Report
    from geo.resolve import Resolved
    from geo.times import Time
    from geo.toponyms import Relation, Toponym

_HOME_SHARE = 0.6
"""A report is about a country when so large a share of its names lies there."""

__all__ = ["Link", "Reading", "Site", "read", "read_text"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in one text. `located` stands beside `relations`, one each; `links` beside `events`.

    `published` is the day that relative times count from: the report's, else its dateline's, else None.
    """

    text: str
    published: dt.date | None
    resolved: tuple[Resolved, ...]
    relations: tuple[Relation, ...]
    located: tuple[Located | None, ...]
    times: tuple[Time, ...]
    events: tuple[Event, ...]
    sites: tuple[Site, ...]
    links: tuple[Link, ...]


def read(report: Report, *, gazetteer: Gazetteer) -> Reading:
    """Everything found in a report."""
    return read_text(report.text, published=report.published, gazetteer=gazetteer)


def read_text(
    text: str,
    *,
    published: dt.date | None,
    gazetteer: Gazetteer,
    toponyms: Sequence[tuple[int, int]] | None = None,
    triggers: Sequence[tuple[int, int]] | None = None,
) -> Reading:
    """Everything found in a text; with `toponyms` or `triggers` given as spans, those and no others."""
    published = published or time_room.dateline(text)
    stages.tell("finding place names")
    names, context = _names(text, toponyms, gazetteer)
    stages.tell("placing them")
    resolved = tuple(resolving.resolve(text, names, find=gazetteer.find, context=context, published=published))
    relations = tuple(toponym_room.relations(text, names))
    located = tuple(_located(text, resolved, relations, gazetteer))
    stages.tell("finding times")
    times = tuple(time_room.find(text, published=published))
    stages.tell("finding events")
    found = event_room.find(text, given=triggers)
    events = tuple(with_aftermath(text, list(_undated(found, times)) if triggers is None else found))
    candidates = tuple(local_sites(text, sites(text, resolved, relations, located), names=_demonyms(resolved)))
    home = _home(resolved, gazetteer)
    candidates = tuple(with_capitals(text, candidates, resolved, gazetteer=gazetteer))
    every = sorted([*names, *context], key=lambda toponym: toponym.start)
    told = answers(text, events, candidates, every, names=gazetteer, every=triggers is not None)
    stages.tell("linking and merging")
    linker = Linker(text, candidates, times, events, published=published, home=home, answers=told)
    return Reading(text, published, resolved, relations, located, times, events, candidates, tuple(linker.link()))


def _undated(events: Sequence[Event], times: Sequence[Time]) -> Iterator[Event]:
    """The events whose trigger is not the "March" of a date."""
    dates = [(time.start, time.end) for time in times if time.date_start]
    starts = [start for start, _ in dates]
    for event in events:
        index = bisect_right(starts, event.start) - 1
        if index < 0 or event.end > dates[index][1]:
            yield event


def _names(
    text: str, spans: Sequence[tuple[int, int]] | None, gazetteer: Gazetteer
) -> tuple[list[Toponym], list[Toponym]]:
    """The toponyms that are answered for, and those beside given spans that only tell where the text speaks of."""
    if spans is None:
        return toponym_room.find(text, names=gazetteer), []
    return toponym_room.given(text, spans, names=gazetteer)


def _located(
    text: str, resolved: Sequence[Resolved], relations: Sequence[Relation], gazetteer: Gazetteer
) -> list[Located | None]:
    places = {(item.toponym.start, item.toponym.end): item.place for item in resolved if item.place is not None}
    countries = main_countries(resolved)
    return geometry.locate_all(text, relations, places, gazetteer=gazetteer, countries=countries)


def _demonyms(resolved: Sequence[Resolved]) -> list[tuple[int, int]]:
    return [(item.toponym.start, item.toponym.end) for item in resolved if item.toponym.kind == "demonym"]


def _home(resolved: Sequence[Resolved], gazetteer: Gazetteer) -> Place | None:
    """The one country that most of the text's names and demonyms speak of, several of them, or None."""
    named: dict[str, list[str]] = {}
    for item in resolved:
        if item.place and len(item.place.countries) == 1:
            named.setdefault(item.place.countries[0], []).append(item.toponym.text.lower())
    top = max(named, key=lambda code: len(named[code]), default="")
    texts = named.get(top, [])
    enough = len(set(texts)) > 1 and len(texts) >= _HOME_SHARE * sum(map(len, named.values()))
    return gazetteer.country(top) if enough else None


def main_countries(resolved: Sequence[Resolved]) -> tuple[str, ...]:
    """The countries that the text speaks of, the most named first."""
    counts: dict[str, int] = {}
    for item in resolved:
        for code in item.place.countries[:2] if item.place else ():
            counts[code] = counts.get(code, 0) + 1
    return tuple(sorted(counts, key=lambda code: -counts[code]))
