"""Files of any kind → the incident table, one way in for every command and for the dashboard.

What a file is, is told by what it holds: columns of the incident table are incidents, a column of text without
coordinates is reports, any other table and any map file is read by `geo.tables`.
"""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from geo import batch, export, reports, schema, tables
from geo.commands import console
from geo.errors import IncidentMapperError, InputError
from geo.reports import Problem, Report

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import geopandas as gpd

    from gazetteer.store import Gazetteer

SUFFIXES = tuple(dict.fromkeys([*reports.READERS, *export.READERS, *tables.SUFFIXES]))
"""What may be given."""
_REPORT_SUFFIXES = frozenset([".txt", ".md", ".html", ".htm"])
_LINES = frozenset([".jsonl", ".ndjson"])
_SURE_TEXT = frozenset(["text", "body", "content", "article", "full_text", "fulltext", "story", "report_text"])
_SURE_INCIDENT = frozenset(
    ["incident_id", "sub_event_type", "date_start", "geo_precision", "fatalities_min", "sources"]
)
_SURE_COUNT = 2
_MOST_PROBLEMS = 20
_HEAD = 65_536


@dataclass
class Taken:
    """What the files held: incidents, places mentioned, and lines that the user should see."""

    incidents: gpd.GeoDataFrame
    places: gpd.GeoDataFrame | None = None
    notes: list[str] = field(default_factory=list)


@dataclass
class Stream:
    """What one file holds, table after table; `notes` are complete when the tables have been read."""

    frames: Iterator[gpd.GeoDataFrame]
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
        if kind != "reports":
            try:
                parts.append(_taken(path, kind, gazetteer))
            except IncidentMapperError as error:
                parts.append(Taken(schema.empty(), None, [_without_folder(str(error), path)]))
    told = [path for path, kind in kinds if kind == "reports"]
    if told:
        parts.append(_from_reports(told, gazetteer, published=published, workers=workers, progress=progress))
    return joined(parts)


def stream(
    path: Path,
    *,
    gazetteer: Callable[[], Gazetteer],
    mapping: tables.TableMapping | None = None,
    progress: Callable[[int], None] | None = None,
) -> Stream:
    """One file of any kind, table after table, so that a large one needs little memory; the mapping is told.

    Raises:
        InputError: it cannot be read.
    """
    kind = "table" if mapping is not None else kind_of(path)
    if kind == "incidents":
        return Stream(iter([export.read_incidents(path)]))
    if kind == "table":
        return _table_stream(path, gazetteer, mapping, progress)
    if not path.is_file():
        raise InputError(f"{path}: not found.")
    taken = take([path], gazetteer=gazetteer, progress=progress)
    return Stream(iter([taken.incidents]), taken.places, taken.notes)


def _table_stream(
    path: Path,
    gazetteer: Callable[[], Gazetteer],
    mapping: tables.TableMapping | None,
    progress: Callable[[int], None] | None,
) -> Stream:
    table = tables.Table(path, gazetteer=gazetteer, mapping=mapping)
    notes = list(mapping_lines(table))

    def frames() -> Iterator[gpd.GeoDataFrame]:
        yield from table.chunks(progress=progress)
        notes.extend(_problem_lines(table))

    return Stream(frames(), None, notes)


def mapping_lines(table: tables.Table) -> Iterator[str]:
    """What its columns were taken for, a line each."""
    kind = f" is {table.mapping.format.upper()}'s" if table.mapping.format else ""
    yield f"{table.name}{kind}; its columns:"
    yield from table.mapping.lines()


def tell_mapping(table: tables.Table) -> None:
    """Say on standard error what its columns were taken for."""
    for line in mapping_lines(table):
        console.warn(line)


def _problem_lines(table: tables.Table) -> Iterator[str]:
    problems = table.problems
    yield from map(str, problems.kept[:_MOST_PROBLEMS])
    if problems.count > _MOST_PROBLEMS:
        yield f"{table.name}: and {problems.count - _MOST_PROBLEMS:,} more cells to look at"


# --- kinds ------------------------------------------------------------------------------------------------------------


def kind_of(path: Path) -> str:
    """What a file holds: reports, incidents, places or table."""
    suffix = path.suffix.lower()
    if suffix in _REPORT_SUFFIXES:
        return "reports"
    if path.name.endswith(".places.geojson"):
        return "places"
    if suffix in _LINES:
        return "incidents" if _is_incident(_keys_of_line(path)) else "reports"
    try:
        file = tables.recognise(path)
        columns = _keys_of_json(path) if suffix in _JSON else tables.opened(file).columns
    except (InputError, OSError):
        return "reports" if suffix in reports.READERS else "incidents" if suffix in export.READERS else "table"
    return _kind_by_columns(columns, suffix, file)


def _kind_by_columns(columns: Sequence[str], suffix: str, file: tables.File) -> str:
    names = {name.strip().lower() for name in columns}
    if tables.recognised(columns) is not None:
        return "table"
    if (_is_incident(names) or not names) and suffix in export.READERS:
        return "incidents"
    if file.kind == "map" or tables.locates(columns):
        return "table"
    return "reports" if names & _SURE_TEXT and suffix in reports.READERS else "table"


_JSON = frozenset([".geojson", ".geojsons", ".json"])
_KEY = re.compile(rb'"([A-Za-z_][\w -]{0,60})"\s{0,9}:')


def _is_incident(names: Iterable[str]) -> bool:
    told = {str(name).strip().lower() for name in names}
    return len(told & _SURE_INCIDENT) >= _SURE_COUNT or {"event_type", "geometry"} <= told


def _keys_of_json(path: Path) -> list[str]:
    """The keys in the beginning of a file of JSON, those of GeoJSON itself left out."""
    with path.open("rb") as opened:
        found = _KEY.findall(opened.read(_HEAD))
    keys = dict.fromkeys(key.decode("ascii", "replace") for key in found)
    return [
        key for key in keys if key not in ("type", "features", "properties", "geometry", "coordinates", "bbox", "crs")
    ]


def _keys_of_line(path: Path) -> list[str]:
    """The keys of the first of many lines of JSON."""
    try:
        with path.open("rb") as opened:
            value = json.loads(opened.readline(reports.MAX_FILE_BYTES))
    except (OSError, ValueError, RecursionError):
        return []
    return list(value) if isinstance(value, dict) else []


# --- taking -----------------------------------------------------------------------------------------------------------


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


def _taken(path: Path, kind: str, gazetteer: Callable[[], Gazetteer]) -> Taken:
    if kind == "places":
        return Taken(schema.empty(), export.read_places(path))
    if kind == "incidents":
        return Taken(export.read_incidents(path))
    table = tables.Table(path, gazetteer=gazetteer)
    incidents = table.read()
    return Taken(incidents, None, [*mapping_lines(table), *_problem_lines(table)])


def _without_folder(message: str, path: Path) -> str:
    """The message without the scratch folder that an upload was put into."""
    return message.replace(f"{path.parent}/", "")


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
