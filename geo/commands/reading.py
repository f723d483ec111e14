"""The commands that read: reports, documents, tables."""

from __future__ import annotations

import csv
import itertools
import json
from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import typer

from geo import batch, export, reports, schema, tables
from geo.commands import console, intake, places, writing
from geo.reports import Problem, Report

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    import geopandas as gpd

_MOST_ROWS = 60
"""Incidents in the printed table."""
_WIDEST = 60
"""Characters of one cell of the printed table."""
_WIDE_ENOUGH = 130
"""Columns of a terminal that holds the whole table."""
_NARROW_COLUMNS = 5


def extract(
    paths: Sequence[str], output: Path, *, published: dt.date | None, gazetteer: Path | None, workers: int
) -> None:
    """Reports → incident file, a table of them on standard output."""
    target = export.check_target(output)
    found = reports.load(paths, published=published)
    good = _without_problems(found)
    first = next(good, None)
    if first is None:
        raise typer.Exit(2)  # why has been said, line by line
    base = places.opened(gazetteer)
    count, files = 0, len(reports.expand(paths))

    def told(done: int) -> None:
        nonlocal count
        count = done
        tell(completed=done, total=max(done, files))

    with console.reading("reading reports", total=files) as tell:
        every = itertools.chain([first], good)
        done = batch.extract_many(every, gazetteer=base, workers=workers, progress=told)
    export.write(done.incidents, target, places=done.places)
    _print(done.incidents)
    console.say(f"{console.counted(len(done.incidents), 'incident')} from {console.counted(count, 'report')}.")
    for note in done.notes:
        console.say(note)
    console.say(f"Wrote {target}" + (f" and {export.places_path(target)}" if len(done.places) else ""))


def _without_problems(found: Iterable[Report | Problem]) -> Iterator[Report]:
    for item in found:
        if isinstance(item, Problem):
            console.warn(item)
        else:
            yield item


def _print(incidents: gpd.GeoDataFrame) -> None:
    """The first incidents as a table; a narrow terminal gets the columns that matter most."""
    header = ("date", "type", "place", "killed", "injured", "country", "precision", "told by")
    shown = len(header) if console.width() >= _WIDE_ENOUGH else _NARROW_COLUMNS
    records = itertools.islice(schema.records(incidents), _MOST_ROWS)
    console.table(header[:shown], (_row(record)[:shown] for record in records))
    if len(incidents) > _MOST_ROWS:
        console.say(f"... and {len(incidents) - _MOST_ROWS} more")


def _row(record: Mapping[str, Any]) -> list[str]:
    days = list(dict.fromkeys(day for day in (record["date_start"], record["date_end"]) if day))
    cells = [
        " to ".join(days) + (f" {record['time']}" if record["time"] else ""),
        record["sub_event_type"] or record["event_type"],
        record["place"] or record["place_text"],
        _interval(record["fatalities_min"], record["fatalities_max"]),
        _interval(record["injured_min"], record["injured_max"]),
        " ".join(record["country"]),
        record["geo_precision"],
        ", ".join(record["doc_ids"]),
    ]
    return [cell if len(cell) <= _WIDEST else cell[: _WIDEST - 1] + "…" for cell in cells]


def _interval(low: int | None, high: int | None) -> str:
    if low is None:
        return "" if high is None else f"up to {high}"
    return f"{low} or more" if high is None else str(low) if low == high else f"{low}-{high}"


# --- annotate ---------------------------------------------------------------------------------------------------------


def annotate(docs: Path, output: Path, *, given_spans: bool, gazetteer: Path | None, workers: int) -> None:
    """Documents → annotations, line by line, in bounded memory."""
    target = export.check_target(output, (".jsonl", ".ndjson"))
    found = _with_text(str(docs), reports.documents(docs))
    first = next(found, None)
    if first is None:
        raise typer.Exit(2)  # why has been said, line by line
    base = places.opened(gazetteer)
    count = 0
    with console.reading("reading documents") as tell, export.writing(target) as stream:
        every = itertools.chain([first], found)
        for line in batch.annotate_many(every, gazetteer=base, given_spans=given_spans, workers=workers):
            stream.write(_json_line(line))
            count += 1
            tell(completed=count)
    console.say(f"{console.counted(count, 'document')}. Wrote {target}")


def _with_text(name: str, found: Iterable[dict[str, Any] | Problem]) -> Iterator[dict[str, Any]]:
    number = 0
    for number, item in enumerate(found, 1):
        if isinstance(item, Problem):
            console.warn(item)
        elif not isinstance(item.get("text"), str):
            console.warn(f"document {number} ({item.get('doc_id')}): has no text")
        elif len(item["text"]) > reports.MAX_TEXT_CHARACTERS:
            console.warn(
                f"document {number} ({item.get('doc_id')}): has more than {reports.MAX_TEXT_CHARACTERS:,} characters"
            )
        else:
            yield item
    if not number:
        console.warn(f"{name}: is empty")


def _json_line(value: Mapping[str, Any]) -> str:
    """One line; a lone surrogate, which UTF-8 cannot hold, stays an escape."""
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        line = json.dumps(value)
    return line + "\n"


# --- geocode ----------------------------------------------------------------------------------------------------------


def geocode(
    path: Path,
    output: Path,
    *,
    columns: Mapping[str, str | None],
    mapping: Path | None,
    save_mapping: Path | None,
    gazetteer: Path | None,
) -> None:
    """A table made elsewhere → incident file, and a report of the cells that could not be read."""
    target = export.check_target(output)
    named = {role: column for role, column in columns.items() if column is not None}
    counts = Counter[str]()
    with Listing(target.with_suffix(".problems.csv")) as listing:
        table = tables.Table(
            path,
            gazetteer=lambda: places.opened(gazetteer),
            mapping=None if mapping is None else tables.load(mapping),
            named=named,
            tell=listing.add,
        )
        intake.tell_mapping(table)
        if save_mapping is not None:
            export.write_text(export.check_target(save_mapping, (".toml",)), table.mapping.toml())
        with console.progress("reading rows") as tell:
            frames = table.chunks(progress=lambda done: tell(completed=done))
            export.write_chunks(writing.counted(frames, counts), target)
    console.say(
        f"{console.counted(counts['rows'], 'incident')}; {counts['dateless']:,} without a date,"
        f" {counts['placeless']:,} without a place."
    )
    listed = f" and {listing.path}, {console.counted(listing.count, 'cell')} to look at" if listing.count else ""
    console.say(f"Wrote {target}{listed}")


class Listing:
    """A file of what could not be read, row by row; without any, a file left there by an earlier run is taken away."""

    def __init__(self, path: Path) -> None:
        self.path, self.count = path, 0
        self._stack = ExitStack()
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)
        if not self.count:
            self.path.unlink(missing_ok=True)

    def add(self, problem: tables.Problem) -> None:
        """Put one into the file."""
        if self._writer is None:
            stream = self._stack.enter_context(export.writing(self.path))
            self._writer = csv.writer(stream, lineterminator="\r\n")
            self._writer.writerow(("row", "column", "value", "reason"))
        cells = (problem.column, problem.value, problem.reason)
        self._writer.writerow((problem.row, *(export.neutral(cell) for cell in cells)))
        self.count += 1
