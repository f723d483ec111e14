"""Reports and tables → a project, each once, one transaction a report.

What is read outside of the project may take long and is lost when the program is killed; what is written is there whole
or not at all, so that a second run goes on where the first one ended.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geo import batch, incidents, schema
from geo.incidents.sites import PRECISION_RANKS
from geo.project.overrides import placed
from geo.project.retelling import (
    LOOK_BACK_DAYS,
    PRECISE_RANK,
    RARE,
    REACH_DEGREES,
    first_telling,
    joined,
    names,
    rank,
    tells,
)
from geo.project.rows import telling_key
from geo.project.tellings import together
from geo.reports import Problem, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import geopandas as gpd

    from gazetteer.store import Gazetteer
    from geo.project.rows import Record
    from geo.project.store import Project

AT_ONCE = 256
"""Reports that are put in order of their day before they are read; the earliest telling gives an incident its id."""
ROWS_AT_ONCE = 500
"""Rows of a table in one transaction."""
MOST_COMPARED = 400
"""Incidents of the same days and places that a new one is compared with, the nearest in time first."""


@dataclass
class Added:
    """What came of adding: `new` incidents, `told` again, `seen` reports that were there before, and lines to show."""

    reports: int = 0
    seen: int = 0
    new: int = 0
    told: int = 0
    notes: list[str] = field(default_factory=list)

    def extend(self, other: Added) -> None:
        """Count what came of adding something else, too."""
        self.reports += other.reports
        self.seen += other.seen
        self.new += other.new
        self.told += other.told
        self.notes += other.notes


@dataclass(frozen=True, slots=True)
class Work:
    """A report to read: it has a name of its own in the project, and the hash of its content."""

    report: Report
    content: str


def add_reports(
    project: Project,
    reports: Iterable[Report | Problem],
    *,
    gazetteer: Callable[[], Gazetteer],
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Added:
    """Read the reports that the project has not seen, and put their incidents into it.

    `gazetteer` is called when there is something to read. `progress` is called with the number of reports done.
    """
    added = Added()
    work = _unseen(project, reports, added)
    first = next(work, None)
    if first is None:
        return added
    base = gazetteer()
    for done in batch.spread(_read, itertools.chain([first], work), gazetteer=base, workers=workers):
        for one, found in done:
            _put_report(project, one, found, added)
            if progress:
                progress(added.reports + added.seen)
    return added


def _unseen(project: Project, reports: Iterable[Report | Problem], added: Added) -> Iterator[Work]:
    """The reports that are new to the project, by day within each lot; the others are counted."""
    taken: set[str] = set()
    asked: set[str] = set()
    for lot in _lots(reports, AT_ONCE):
        good = [item for item in lot if isinstance(item, Report)]
        added.notes += [str(item) for item in lot if isinstance(item, Problem)]
        for report in sorted(good, key=lambda one: one.published or dt.date.max):
            content = content_of(report.text)
            if content in asked or is_seen(project, content):
                added.seen += 1
                continue
            asked.add(content)
            yield Work(_named_apart(project, report, content, taken), content)


def _lots(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(items)
    while lot := list(itertools.islice(rest, size)):
        yield lot


def content_of(text: str) -> str:
    """The hash of a text, white space aside."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()


def is_seen(project: Project, content: str) -> bool:
    """Whether a report or table of this content is in the project."""
    return bool(project.rows("SELECT 1 FROM reports WHERE content = ?", (content,)))


def _named_apart(project: Project, report: Report, content: str, taken: set[str]) -> Report:
    """The report under a name that no other one in the project has: incidents get their ids from it."""
    name = report.report
    if name in taken or project.rows("SELECT 1 FROM reports WHERE name = ?", (name,)):
        name = f"{name} ({content[:8]})"
    taken.add(name)
    return Report(name, report.text, report.published, report.publisher, report.url, report.title)


def _read(work: list[Work], *, gazetteer: Gazetteer) -> list[tuple[Work, list[Record]]]:
    """The incidents of each report alone."""
    return [(one, list(schema.records(incidents.extract([one.report], gazetteer=gazetteer).incidents))) for one in work]


def _put_report(project: Project, one: Work, found: list[Record], added: Added) -> None:
    report = one.report
    with project.writing():
        if is_seen(project, one.content):  # another program has read it in the meantime
            added.seen += 1
            return
        project.note_report(one.content, report.report, "report", len(found), _about(report))
        for record in found:
            _put_told(project, record, one.content, added)
    added.reports += 1


def _about(report: Report) -> dict[str, str | None]:
    day = report.published.isoformat() if report.published else None
    return {"publisher": report.publisher, "url": report.url, "title": report.title, "published": day}


def _put_told(project: Project, record: Record, content: str, added: Added) -> None:
    """Put what a report tells in: as an incident of its own, or as one more telling of a known one."""
    before = project.machine(record["incident_id"])
    if before is not None:  # it came with a file of incidents; the report adds what that did not have
        _update(project, together(before, record), before, content, added)
        return
    record = placed(record, project.own_places(record["place_text"]))
    rare, holders = _rare_names(project, record)
    told = first_telling(record, itertools.chain(nearby(project, record), holders), rare)
    if told is None:
        project.take_in(record, record["sources"], content)
        project.note_names(record["incident_id"], names(record), RARE)
        added.new += 1
    else:
        known, why = told
        read = project.machine(known["incident_id"])
        merged = {**record, "incident_id": known["incident_id"]} if read is None else joined(read, record, why)
        project.take_in(merged, record["sources"], content)
        project.note_names(known["incident_id"], names(record), RARE)
        added.told += 1


def _rare_names(project: Project, record: Record) -> tuple[dict[str, float], list[Record]]:
    """How much each of its names tells that few other incidents hold, and those incidents."""
    reports = project.rows("SELECT max(fid) AS count FROM reports")[0]["count"] or 0
    held = {name: project.holders(name) or set() for name in names(record)}
    rare = {name: amount for name, holders in held.items() if (amount := tells(name, len(holders) + 1, reports))}
    found = sorted(set().union(*(held[name] for name in rare)))[:MOST_COMPARED]
    marks = ", ".join("?" for _ in found)
    return rare, list(project.records(f"incident_id IN ({marks})", found)) if found else []


def _update(project: Project, record: Record, before: Record, content: str, added: Added) -> None:
    """Write what is read of an incident now, where that is not what was read before."""
    if record == before:
        return
    known = {telling_key(source) for source in before["sources"]}
    project.take_in(record, [one for one in record["sources"] if telling_key(one) not in known], content)
    added.told += 1


def nearby(project: Project, record: Record) -> Iterator[Record]:
    """The incidents that may be the same: at most some days apart, near it or in its country where either is coarse."""
    if record["date_start"] is None:
        return
    first, last = (dt.date.fromisoformat(record[name]) for name in ("date_start", "date_end"))
    days = (
        str(first - dt.timedelta(LOOK_BACK_DAYS)),
        str(min(last, first + dt.timedelta(LOOK_BACK_DAYS)) + dt.timedelta(1)),
    )
    where, given = _where(record)
    yield from project.records(
        f"date_start BETWEEN ? AND ? AND date_end >= ? AND ({where}) "
        "ORDER BY abs(julianday(date_start) - julianday(?)) LIMIT ?",
        (*days, str(first - dt.timedelta(1)), *given, str(first), MOST_COMPARED),
    )


def _where(record: Record) -> tuple[str, list[Any]]:
    codes = record["country"][:3] or [""]
    held = " OR ".join("instr(';' || country || ';', ?) > 0" for _ in codes)
    countries = [f";{code};" for code in codes]
    if record["lat"] is None:
        return "1", []
    if rank(record) > PRECISE_RANK:
        return held, countries
    coarse = [name for name, value in PRECISION_RANKS.items() if value > PRECISE_RANK]
    marks = ", ".join("?" for _ in coarse)
    box = [record["lat"] - REACH_DEGREES, record["lat"] + REACH_DEGREES]
    box += [record["lon"] - REACH_DEGREES, record["lon"] + REACH_DEGREES]
    near = "(lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?)"
    return f"{near} OR lat IS NULL OR (geo_precision IN ({marks}) AND ({held}))", [*box, *coarse, *countries]


# --- tables -----------------------------------------------------------------------------------------------------------


def add_table(
    project: Project,
    name: str,
    content: str,
    frames: Iterable[gpd.GeoDataFrame],
    *,
    progress: Callable[[int], None] | None = None,
) -> Added:
    """Put the rows of a table of incidents in, each as an incident of its own; one of a known id is brought up to date.

    `content` is the hash of the file. Noted as seen when all its rows are in.
    """
    added = Added()
    count = 0
    rows = itertools.chain.from_iterable(schema.records(frame) for frame in frames)
    for lot in _lots(rows, ROWS_AT_ONCE):
        with project.writing():
            for record in lot:
                _put_row(project, record, content, added)
        count += len(lot)
        if progress:
            progress(count)
    with project.writing():
        if not is_seen(project, content):
            project.note_report(content, name, "table", count, {})
    added.reports += 1
    return added


def _put_row(project: Project, record: Record, content: str, added: Added) -> None:
    """Put a row in; one of a known id gives its values, and the tellings that reports added stay."""
    before = project.machine(record["incident_id"])
    if before is None:
        project.take_in(record, record["sources"], content)
        added.new += 1
        return
    kept = together(record, before)
    values = {name: record[name] for name in record if name not in ("sources", "doc_ids")}
    _update(project, {**kept, **values}, before, content, added)
