"""Parquet, and GeoParquet with its geometries → chunks of cells."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.errors import InputError
from geo.tables import chunks, shape, shapes
from geo.tables.model import CHUNK_ROWS, Chunk, Problems, distinct_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.tables.files import File

MAX_GROUP_BYTES = 2 * 2**30
"""A column of a row group may not unpack to more."""


class Columnar:
    """A Parquet file; `columns` are its columns' names, without that of the geometry."""

    encoding, separator = "", ""

    def __init__(self, file: File, _header: object = None) -> None:
        """Look into the file.

        Raises:
            InputError: damaged, too many columns, or too large a row group.
        """
        import pyarrow as pa  # noqa: PLC0415  # heavy
        import pyarrow.parquet as pq  # noqa: PLC0415  # heavy

        self.file, self.name = file, file.name
        try:
            with pq.ParquetFile(file.path) as table:
                schema, metadata = table.schema_arrow, table.metadata
                self.count = metadata.num_rows
                largest = _largest_chunk(metadata)
        except (pa.ArrowException, ValueError, OSError) as error:
            raise InputError(f"{file.path}: is no .parquet that can be read ({type(error).__name__}).") from error
        if largest > MAX_GROUP_BYTES:
            raise InputError(f"{self.name}: unpacks to more than {MAX_GROUP_BYTES:,} bytes a column.")
        shape.check_width(self.name, len(schema.names))
        self.has_rows = self.count > 0
        self.geometry, self.crs = _geometry(schema)
        self.at = [at for at, name in enumerate(schema.names) if name != self.geometry]
        self.columns = distinct_names([schema.names[at] for at in self.at])

    def head(self) -> Chunk | None:
        """The first rows."""
        return next(self.chunks(Problems(self.name)), None)

    def chunks(self, problems: Problems, only: Sequence[str] | None = None) -> Iterator[Chunk]:
        """The rows, in order."""
        import pyarrow as pa  # noqa: PLC0415  # heavy
        import pyarrow.parquet as pq  # noqa: PLC0415  # heavy

        del only  # `columns` may be names that were made distinct
        first = 1
        try:
            with pq.ParquetFile(self.file.path) as table:
                for batch in table.iter_batches(batch_size=CHUNK_ROWS):
                    yield self._chunk(pa.Table.from_batches([batch]), first, problems)
                    first += len(batch)
        except (pa.ArrowException, ValueError, OSError) as error:
            raise InputError(f"{self.name}: is damaged after row {first - 1} ({type(error).__name__}).") from error

    def _chunk(self, batch: Any, first: int, problems: Problems) -> Chunk:  # noqa: ANN401
        import pyarrow as pa  # noqa: PLC0415  # heavy

        cells = pa.table(
            {name: chunks.as_text(batch.column(at)) for name, at in zip(self.columns, self.at, strict=True)}
        )
        numbers = np.arange(first, first + len(batch), dtype=np.int64)
        found = None
        if self.geometry:
            found = shapes.read(batch.column(self.geometry), self.crs, numbers, problems)
        return chunks.checked(Chunk(cells, numbers, found), problems)


def _geometry(schema: Any) -> tuple[str, Any]:  # noqa: ANN401
    """The main geometry's column and its coordinate system, where the file is a GeoParquet of WKB."""
    try:
        geo = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
        column = geo.get("primary_column", "")
        told = geo.get("columns", {}).get(column, {})
    except (ValueError, AttributeError):
        return "", None
    if column not in schema.names or told.get("encoding") != "WKB":
        return "", None
    return column, told.get("crs", "OGC:CRS84")


def _largest_chunk(metadata: Any) -> int:  # noqa: ANN401  # pyarrow publishes no types
    groups = (metadata.row_group(index) for index in range(metadata.num_row_groups))
    return max(
        (group.column(index).total_uncompressed_size for group in groups for index in range(group.num_columns)),
        default=0,
    )
