"""Files of any kind that the dashboard is given → one incident table.

What a file is, is told by what it holds: a GeoJSON or a table with columns of the incident table is incidents, a table
with a column of text is reports, a table with place names is geocoded.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import batch, export, reports, schema, tables
from geo.errors import IncidentMapperError
from geo.reports import Problem, Report

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence

    import geopandas as gpd
    import pandas as pd

    from gazetteer.store import Gazetteer

SUFFIXES = tuple(dict.fromkeys([*reports.READERS, *export.READERS, *tables.READERS]))
"""What may be given."""
_REPORT_SUFFIXES = frozenset([".txt", ".md", ".html", ".htm"])
_SURE_TEXT = frozenset(["text", "body", "content", "article", "full_text", "fulltext", "story", "report_text"])
_SURE_INCIDENT = frozenset(
    ["incident_id", "sub_event_type", "date_start", "geo_precision", "fatalities_min", "sources"]
)
_SURE_COUNT = 2


@dataclass
class Taken:
    """What the files held: incidents, places mentioned, and lines that the user should see."""

    incidents: gpd.GeoDataFrame
    places: gpd.GeoDataFrame | None = None
    notes: list[str] = field(default_factory=list)


def take(
    paths: Sequence[Path],
    *,
    gazetteer: Callable[[], Gazetteer],
    published: dt.date | None = None,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Taken:
    """Every incident in the files, whatever kind they are; what cannot be read is a note, and the rest is kept.

    `gazetteer` is called only where something has to be placed. `progress` is called with the number of reports read.
    """
    kinds = [(path, kind_of(path)) for path in paths]
    parts: list[Taken] = []
    for path, kind in kinds:
        if kind in _TAKERS:
            try:
                parts.append(_TAKERS[kind](path, gazetteer))
            except IncidentMapperError as error:
                parts.append(Taken(schema.empty(), None, [_without_folder(str(error), path)]))
    told = [path for path, kind in kinds if kind == "reports"]
    if told:
        parts.append(_from_reports(told, gazetteer, published=published, workers=workers, progress=progress))
    return joined(parts)


def kind_of(path: Path) -> str:
    """What a file holds: reports, incidents, places or table."""
    suffix = path.suffix.lower()
    if suffix in _REPORT_SUFFIXES:
        return "reports"
    if suffix in (".geojson", ".gpkg", ".fgb", ".geojsons"):
        return "places" if path.name.endswith(".places.geojson") else "incidents"
    columns = {str(name).strip().lower() for name in _columns(path)}
    if len(columns & _SURE_INCIDENT) >= _SURE_COUNT or {"event_type", "geometry"} <= columns:
        return "incidents"
    if suffix not in tables.READERS or columns & _SURE_TEXT:
        return "reports"
    return "table"


def _columns(path: Path) -> Iterable[Any]:
    """The names of a table's columns, or the keys of the first of many lines of JSON."""
    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            import pyarrow.parquet as pq  # noqa: PLC0415  # heavy

            names: list[str] = pq.read_schema(path).names
            return names
        if suffix in tables.READERS:
            rows = (reports.xlsx_rows if suffix == ".xlsx" else reports.csv_rows)(path.name, path)
            head = next(iter(rows), [])
            return [] if isinstance(head, Problem) else head
        with path.open("rb") as stream:
            value = json.loads(stream.readline(reports.MAX_FILE_BYTES))
    except (OSError, ValueError, RecursionError):  # also what pyarrow raises
        return []
    return value if isinstance(value, dict) else []


def joined(parts: Sequence[Taken]) -> Taken:
    """The parts as one; an incident that is in two of them stays once."""
    import pandas as pd  # noqa: PLC0415  # heavy

    notes = list(itertools.chain.from_iterable(part.notes for part in parts))
    found = [part.incidents for part in parts if len(part.incidents)]
    incidents = schema.coerce(pd.concat(found, ignore_index=True)) if found else schema.empty()
    twice = incidents["incident_id"].duplicated()
    if twice.any():
        notes.append(f"{int(twice.sum())} incidents were there twice, with the same incident_id; one of each was kept.")
        incidents = incidents[~twice].reset_index(drop=True)
    mentioned = [part.places for part in parts if part.places is not None and len(part.places)]
    return Taken(incidents, pd.concat(mentioned, ignore_index=True) if mentioned else None, notes)


def _from_reports(
    paths: Sequence[Path],
    gazetteer: Callable[[], Gazetteer],
    *,
    published: dt.date | None,
    workers: int,
    progress: Callable[[int], None] | None,
) -> Taken:
    notes: list[str] = []

    def good() -> Iterable[Report]:
        for item in reports.load(paths, published=published):
            if isinstance(item, Problem):
                notes.append(str(item))
            else:
                yield item

    done = batch.extract_many(good(), gazetteer=gazetteer(), workers=workers, progress=progress)
    return Taken(done.incidents, done.places, [*notes, *done.notes])


def _from_incidents(path: Path, _: Callable[[], Gazetteer]) -> Taken:
    return Taken(export.read_incidents(path))


def _from_places(path: Path, _: Callable[[], Gazetteer]) -> Taken:
    return Taken(schema.empty(), export.read_places(path))


def _from_table(path: Path, gazetteer: Callable[[], Gazetteer]) -> Taken:
    table, problems = tables.read_table(path)
    columns = tables.choose_columns(table)
    incidents, more = tables.geocode(table, gazetteer=gazetteer(), name=path.name)
    guess = ", ".join(f"{role} = {column!r}" for role, column in columns.items())
    return Taken(incidents, None, [f"{path.name}: columns: {guess}", *_told(path.name, [*problems, *more])])


_MOST_PROBLEMS = 20


def _told(name: str, problems: Sequence[tables.Problem]) -> list[str]:
    lines = [f"{name}: row {one.row}: {one.column} {one.value!r} {one.reason}" for one in problems[:_MOST_PROBLEMS]]
    hidden = len(problems) - len(lines)
    return [*lines, f"{name}: and {hidden} more rows to look at"] if hidden > 0 else lines


def _without_folder(message: str, path: Path) -> str:
    """The message without the scratch folder that an upload was put into."""
    return message.replace(f"{path.parent}/", "")


_TAKERS: dict[str, Callable[[Path, Callable[[], Gazetteer]], Taken]] = {
    "incidents": _from_incidents,
    "places": _from_places,
    "table": _from_table,
}


def uploaded(folder: Path, files: Iterable[tuple[str, bytes]]) -> list[Path]:
    """Put uploads into a folder under names that are safe there; equal names get a number."""
    paths: list[Path] = []
    for name, data in files:
        plain = "".join(letter if letter.isalnum() or letter in " ._-#" else "_" for letter in Path(name).name)
        target = folder / (plain[-100:].lstrip(".") or "file")
        number = 1
        while target in paths:
            number += 1
            target = folder / f"{number}-{plain[-100:]}"
        target.write_bytes(data)
        paths.append(target)
    return paths


def summary(incidents: pd.DataFrame) -> dict[str, dict[str, int]]:
    """How many incidents there are by month, type, country and precision; the unknown are counted, too."""
    return {by: _counts(values) for by, values in ((by, export.LAYERS[by](incidents)) for by in export.LAYERS)}


def _counts(rows: Iterable[Sequence[str]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for values in rows:
        for value in values or ["unknown"]:
            counts[value] = counts.get(value, 0) + 1
    return dict(sorted(counts.items()))
