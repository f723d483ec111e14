"""A table of any kind → the incident table, chunk by chunk."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from geo import schema
from geo.errors import InputError
from geo.tables import guess, told, what, when, where
from geo.tables.ahead import ahead
from geo.tables.columnar import Columnar
from geo.tables.delimited import Delimited
from geo.tables.files import recognise
from geo.tables.mapping import fitted, headerless, recognised
from geo.tables.model import Problem, Problems
from geo.tables.rows import Rows
from geo.tables.spatial import Spatial
from geo.tables.where import Atlas
from geo.tables.workbook import Workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Future
    from pathlib import Path

    import geopandas as gpd

    from gazetteer.store import Gazetteer
    from geo.tables.files import File
    from geo.tables.mapping import TableMapping
    from geo.tables.model import Chunk

SOURCES: dict[str, Any] = {"delimited": Delimited, "workbook": Workbook, "parquet": Columnar, "map": Spatial}
"""How each kind of file is read."""


def opened(file: File) -> Any:  # noqa: ANN401  # one of SOURCES
    """What reads the file.

    Raises:
        InputError: damaged, or too many columns.
    """
    return SOURCES[file.kind](file, headerless)


class Table:
    """A table made elsewhere: what its columns are, and its rows as incidents.

    `mapping` tells what each column is, `problems` what could not be read so far.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        gazetteer: Callable[[], Gazetteer],
        mapping: TableMapping | None = None,
        named: Mapping[str, str] | None = None,
        name: str = "",
        tell: Callable[[Problem], None] | None = None,
    ) -> None:
        """Look into the file and settle what its columns are.

        `gazetteer` is called when a place or a country is first looked up. `mapping` replaces all guessing, `named`
        (role → column) some of it. `name` is what the sources call the table, else its file's name. `tell` gets each
        problem when it is met.

        Raises:
            InputError: missing, empty, damaged, no table, or without a column that tells where.
        """
        file = recognise(path)
        self.source = opened(file)
        if not self.source.has_rows:
            raise InputError(f"{path}: holds no row below its header.")
        self.name = name or file.name
        self.problems = Problems(self.name, tell)
        self.atlas = Atlas(gazetteer)
        self.mapping = guess.settled(self._mapping(mapping, named or {}), self.source, self.atlas)

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return list(self.source.columns)

    def _mapping(self, given: TableMapping | None, named: Mapping[str, str]) -> TableMapping:
        if given is not None:
            _check_columns(given, self.columns)
            return fitted(given, self.columns)
        found = recognised(self.columns) or guess.by_names(self.columns)
        return _with_named(found, named, self.columns)

    def chunks(self, *, progress: Callable[[int], None] | None = None) -> Iterator[gpd.GeoDataFrame]:
        """The incident tables of its rows, some ten thousand each; `progress` gets the number of rows done."""
        done = 0
        ids = told.Ids()
        with ThreadPoolExecutor(1) as pool:
            before: Future[gpd.GeoDataFrame] | None = None
            for chunk in ahead(self.source.chunks(self.problems)):
                self.atlas.progress = None if progress is None else lambda more, so_far=done: progress(so_far + more)
                columns = self._columns(chunk, ids)
                self.problems.flush(int(chunk.rows[-1]) if len(chunk) else 0)
                after = pool.submit(schema.from_columns, columns, len(chunk))
                if before is not None:
                    yield before.result()
                before = after
                done += len(chunk)
                if progress is not None:
                    progress(done)
            if before is not None:
                yield before.result()
        self.problems.flush()

    def _columns(self, chunk: Chunk, ids: told.Ids) -> dict[str, Any]:
        rows = Rows(chunk, self.mapping, self.problems)
        columns: dict[str, Any] = {**when.columns(rows), **what.columns(rows), **where.columns(rows, self.atlas)}
        columns["incident_id"] = ids.of(rows)
        columns |= told.sources(rows, self.name)
        columns["original"] = told.original(rows, columns)
        return columns

    def read(self, *, progress: Callable[[int], None] | None = None) -> gpd.GeoDataFrame:
        """All its incidents as one table."""
        return joined(list(self.chunks(progress=progress)))


def joined(frames: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """The incident tables as one, column by column, so that none is there twice for long; the list is used up."""
    import geopandas as gpd  # noqa: PLC0415  # heavy
    import pandas as pd  # noqa: PLC0415  # heavy

    if len(frames) <= 1:
        return frames[0] if frames else schema.empty()
    parts = [{name: frame[name] for name in frame} for frame in frames]
    frames.clear()
    columns = {name: pd.concat([part.pop(name) for part in parts], ignore_index=True) for name in schema.COLUMNS}
    return gpd.GeoDataFrame(columns, crs=schema.CRS, copy=False)


def read_chunks(
    path: str | Path,
    *,
    gazetteer: Callable[[], Gazetteer],
    mapping: TableMapping | None = None,
    tell: Callable[[Problem], None] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[gpd.GeoDataFrame]:
    """The incident tables of a table of any size, in bounded memory; see `Table`."""
    return Table(path, gazetteer=gazetteer, mapping=mapping, tell=tell).chunks(progress=progress)


def _with_named(found: TableMapping, named: Mapping[str, str], columns: list[str]) -> TableMapping:
    """The mapping with the columns that were named; none of them is anything else."""
    for column in named.values():
        if column not in columns:
            raise InputError(f"there is no column {column!r}; the columns are {', '.join(columns)[:500]}.")
    if not named:
        return found
    kept = {
        role: tuple(column for column in told if column not in named.values())
        for role, told in found.columns.items()
        if role not in named
    }
    given = {role: (column,) for role, column in named.items()}
    how = {**found.how, **dict.fromkeys(named, "as you named it")}
    return replace(found, columns={**{role: told for role, told in kept.items() if told}, **given}, how=how)


def _check_columns(mapping: TableMapping, columns: list[str]) -> None:
    """Refuse a mapping none of whose columns for a role is there.

    Raises:
        InputError: with the first that is missing.
    """
    here = fitted(mapping, columns)
    for role, wanted in mapping.columns.items():
        if role not in here.columns:
            names = ", ".join(wanted)
            raise InputError(
                f"the mapping's {role} = {names!r} is no column; the columns are {', '.join(columns)[:500]}."
            )
