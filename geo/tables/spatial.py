"""Map files (GeoPackage, FlatGeobuf, shapefile, GeoJSON, KML) → chunks of cells with geometries, through GDAL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geo.errors import InputError
from geo.tables import chunks, shape, shapes
from geo.tables.model import CHUNK_ROWS, Chunk, Problems, distinct_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.tables.files import File


DRIVERS = ("GPKG", "SQLite", "FlatGeobuf", "ESRI Shapefile", "GeoJSON", "GeoJSONSeq", "LIBKML", "KML")
"""What GDAL may take such a file for; it opens nearly everything."""


class Spatial:
    """The first layer with rows of a map file; `columns` are its attributes' names."""

    encoding, separator = "", ""

    def __init__(self, file: File, _header: object = None) -> None:
        """Look into the file.

        Raises:
            InputError: damaged, or too many columns.
        """
        self.file, self.name = file, file.name
        self.layer = _layer(file)
        info = _asked(file, lambda io: io.read_info(file.gdal, layer=self.layer, force_feature_count=True))
        if info["driver"] not in DRIVERS:
            raise InputError(f"{self.name}: cannot be read: is no map file, or a damaged one.")
        shape.check_width(self.name, len(info["fields"]))
        self.has_rows = info["features"] > 0
        self.fields = [str(name) for name in info["fields"]]
        self.columns = distinct_names(self.fields)
        self.crs = info["crs"]

    def head(self) -> Chunk | None:
        """The first rows."""
        return next(self.chunks(Problems(self.name)), None)

    def chunks(self, problems: Problems, only: Sequence[str] | None = None) -> Iterator[Chunk]:
        """The rows, in order."""
        import pyarrow as pa  # noqa: PLC0415  # heavy
        import pyogrio  # noqa: PLC0415  # heavy

        del only  # the geometry is read anyway
        first = 1
        try:
            with pyogrio.open_arrow(self.file.gdal, layer=self.layer, batch_size=CHUNK_ROWS, use_pyarrow=True) as (
                meta,
                reader,
            ):
                for batch in reader:
                    yield self._chunk(pa.Table.from_batches([batch]), meta, first, problems)
                    first += len(batch)
        except (*_errors(), pa.ArrowException, OSError) as error:
            raise InputError(f"{self.name}: is damaged after row {first - 1}: {_short(error)}") from error

    def _chunk(self, batch: Any, meta: Any, first: int, problems: Problems) -> Chunk:  # noqa: ANN401
        import pyarrow as pa  # noqa: PLC0415  # heavy

        cells = pa.table(
            {name: chunks.as_text(batch.column(field)) for name, field in zip(self.columns, self.fields, strict=True)}
        )
        numbers = np.arange(first, first + len(batch), dtype=np.int64)
        geometry = meta["geometry_name"] or "wkb_geometry"
        found = None
        if geometry in batch.column_names:
            found = shapes.read(batch.column(geometry), self.crs, numbers, problems)
        return chunks.checked(Chunk(cells, numbers, found), problems)


def _layer(file: File) -> str:
    """The layer called incidents, else the first that has a geometry, else the first.

    Raises:
        InputError: the file has none.
    """
    layers = _asked(file, lambda io: io.list_layers(file.gdal)).tolist()
    if not layers:
        raise InputError(f"{file.name}: holds no layer.")
    with_shapes = [str(name) for name, kind in layers if kind] or [str(name) for name, _ in layers]
    return "incidents" if "incidents" in with_shapes else with_shapes[0]


def _asked(file: File, ask: Any) -> Any:  # noqa: ANN401
    import pyogrio  # noqa: PLC0415  # heavy

    try:
        return ask(pyogrio)
    except _errors() as error:
        raise InputError(f"{file.name}: cannot be read: {_short(error)}") from error


def _errors() -> tuple[type[Exception], ...]:
    """What pyogrio raises for a file that is damaged."""
    from pyogrio import errors  # noqa: PLC0415  # heavy

    found = (errors.DataSourceError, errors.DataLayerError, errors.GeometryError, errors.FeatureError, errors.CRSError)
    return (*found, errors.FieldError, ValueError)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
