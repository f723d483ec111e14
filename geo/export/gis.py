"""GeoParquet, GeoPackage, FlatGeobuf and KML."""

from __future__ import annotations

import html
import itertools
import json
from typing import TYPE_CHECKING, Any

from geo import schema
from geo.errors import OutputError
from geo.export import styles
from geo.export.columns import arrow, pieces
from geo.export.flat import flat
from geo.export.geojson import evidence, title
from geo.tables.ahead import ahead

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    import geopandas as gpd

LAYER, GEOMETRY_COLUMN = "incidents", "geometry"
_GPKG_GEOMETRY = "geom"
"""What GDAL calls the geometry of a GeoPackage."""


def write_parquet(frames: Iterable[gpd.GeoDataFrame], file: Path) -> None:
    """GeoParquet 1.1: days as dates, lists of text as lists, objects as JSON text."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # heavy

    rest = iter(frames)
    known = list(itertools.islice(rest, 2))
    metadata = {"geo": json.dumps(_geo_metadata(known[0] if len(known) == 1 else None))}
    layout = _parquet_table(known[0].iloc[:0]).schema.with_metadata(metadata)
    tables = (_parquet_table(part) for frame in itertools.chain(known, rest) for part in pieces(frame))
    with pq.ParquetWriter(file, layout, compression="zstd", compression_level=1) as writer:
        for table in ahead(tables):  # one is packed while the next is made
            writer.write_table(table.replace_schema_metadata(metadata))


def _parquet_table(incidents: gpd.GeoDataFrame) -> Any:  # noqa: ANN401  # pyarrow publishes no types
    import pyarrow as pa  # noqa: PLC0415  # heavy

    return pa.table({name: arrow(incidents[name], schema.COLUMNS[name].kind) for name in incidents})


def _geo_metadata(incidents: gpd.GeoDataFrame | None) -> dict[str, Any]:
    """What the format says of the geometry; of tables that are still to come neither types nor box are known."""
    import pyproj  # noqa: PLC0415  # heavy

    located = None if incidents is None else incidents.geometry[incidents.geometry.notna()]
    column = {
        "encoding": "WKB",
        "geometry_types": [] if located is None else sorted(located.geom_type.unique()),
        "crs": pyproj.CRS(schema.CRS).to_json_dict(),
        **({} if located is None or not len(located) else {"bbox": located.total_bounds.tolist()}),
    }
    return {"version": "1.1.0", "primary_column": GEOMETRY_COLUMN, "columns": {GEOMETRY_COLUMN: column}}


# --- by GDAL's drivers ------------------------------------------------------------------------------------------------


def write_gpkg(frames: Iterable[gpd.GeoDataFrame], file: Path) -> None:
    """A GeoPackage with the layer `incidents`, and styles with which QGIS opens it in colour."""
    _write_gdal(frames, file, flat, driver="GPKG", dataset={"VERSION": "1.3"})  # 1.4 makes QGIS of some years ago warn
    styles.add(file, LAYER, _GPKG_GEOMETRY)


def write_fgb(frames: Iterable[gpd.GeoDataFrame], file: Path) -> None:
    """FlatGeobuf refuses a null geometry while it has a spatial index, and the index reorders: `row` is the order."""
    numbers = itertools.count()

    def numbered(incidents: gpd.GeoDataFrame) -> Any:  # noqa: ANN401
        import pyarrow as pa  # noqa: PLC0415  # heavy

        rows = list(itertools.islice(numbers, len(incidents)))
        return flat(incidents).append_column("row", pa.array(rows, pa.int64()))

    known = list(itertools.islice(frames := iter(frames), 2))
    index = len(known) == 1 and len(known[0]) and known[0].geometry.notna().all()
    _write_gdal([*known, *frames], file, numbered, driver="FlatGeobuf", SPATIAL_INDEX="YES" if index else "NO")


_NOT_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"


def write_kml(frames: Iterable[gpd.GeoDataFrame], file: Path) -> None:
    """KML with TimeSpan; its description is HTML to Google Earth, and so is escaped."""
    _write_gdal(frames, file, _kml_table, driver="LIBKML")


def _kml_table(incidents: gpd.GeoDataFrame) -> Any:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    told = list(schema.records(incidents))
    table = flat(incidents)
    cells = dict(zip(table.column_names, table.columns, strict=True))
    cells["Name"] = pa.array([title(record) for record in told], pa.string())
    cells["description"] = pa.array([html.escape(evidence(record)) for record in told], pa.string())
    for name, day in (("begin", "date_start"), ("end", "date_end")):
        if day in cells:
            cells[name] = cells[day].cast(pa.timestamp("ms"))
            cells[day] = cells[day].cast(pa.string())
    return pa.table(
        {
            name: pc.replace_substring_regex(cell, _NOT_XML, "\ufffd") if pa.types.is_string(cell.type) else cell
            for name, cell in cells.items()
        }
    )


def _write_gdal(
    frames: Iterable[gpd.GeoDataFrame],
    file: Path,
    table: Callable[[gpd.GeoDataFrame], Any],
    *,
    driver: str,
    dataset: Mapping[str, str] | None = None,
    **options: str,
) -> None:
    """Stream the tables of the frames into a file by one of GDAL's drivers."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyogrio  # noqa: PLC0415  # heavy

    tables = (table(part) for frame in frames for part in pieces(frame))
    first = next(tables)

    def batches() -> Iterator[Any]:
        for one in itertools.chain([first], tables):
            yield from one.to_batches(max_chunksize=65_536)

    try:
        pyogrio.write_arrow(
            pa.RecordBatchReader.from_batches(first.schema, batches()),
            file,
            layer=LAYER,
            driver=driver,
            geometry_name=GEOMETRY_COLUMN,
            geometry_type="Unknown",
            crs=schema.CRS,
            dataset_options=dataset,
            layer_options=options,
        )
    except pyogrio.errors.DataSourceError as error:
        raise OutputError(f"{file.name}: cannot be written: {error}") from error
