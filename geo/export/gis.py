"""GeoParquet, GeoPackage and FlatGeobuf."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from typing import TYPE_CHECKING, Any

from geo import schema
from geo.errors import OutputError
from geo.export.flat import flat
from geo.export.geojson import dump, evidence, title

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd


def write_parquet(incidents: gpd.GeoDataFrame, file: Path) -> None:
    """GeoParquet 1.1: days as dates, lists of text as lists, objects as JSON text."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.parquet as pq  # noqa: PLC0415  # heavy

    arrays = {name: _arrow(incidents[name], column.kind) for name, column in schema.COLUMNS.items()}
    table = pa.table(arrays).replace_schema_metadata({"geo": json.dumps(_geo_metadata(incidents))})
    pq.write_table(table, file, compression="zstd")


def _arrow(series: pd.Series, kind: str) -> Any:  # noqa: ANN401  # pyarrow publishes no types
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import shapely  # noqa: PLC0415  # heavy

    values = schema.plain(series, kind)
    if kind == "geometry":
        return pa.array(shapely.to_wkb(values), type=pa.binary())
    if kind == "date":
        return pa.array([value and dt.date.fromisoformat(value) for value in values], type=pa.date32())
    if kind in ("records", "object"):
        return pa.array([dump(value) for value in values], type=pa.string())
    types = {"integer": pa.int64(), "number": pa.float64(), "texts": pa.list_(pa.string())}
    return pa.array(values, type=types.get(kind, pa.string()))


def _geo_metadata(incidents: gpd.GeoDataFrame) -> dict[str, Any]:
    located = incidents.geometry[incidents.geometry.notna()]
    column = {
        "encoding": "WKB",
        "geometry_types": sorted(located.geom_type.unique()),
        "crs": incidents.crs.to_json_dict(),
        **({"bbox": [float(value) for value in located.total_bounds]} if len(located) else {}),
    }
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def gdal_table(incidents: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The flat columns with the types that GDAL's formats know; lists and objects are text."""
    import geopandas as gpd  # noqa: PLC0415  # heavy
    import pandas as pd  # noqa: PLC0415  # heavy

    columns = flat(incidents, wkt=False)
    shapes = gpd.GeoSeries(columns.pop("geometry"), crs=schema.CRS)
    types = {"integer": "Int64", "number": "float64"}
    data = {
        name: pd.Series(values, dtype=types.get(schema.COLUMNS[name].kind, object)) for name, values in columns.items()
    }
    return gpd.GeoDataFrame(data, geometry=shapes, crs=schema.CRS)


def write_gdal(table: gpd.GeoDataFrame, file: Path, *, driver: str, **options: str) -> None:
    """A file by one of GDAL's drivers."""
    import pyogrio  # noqa: PLC0415  # heavy

    try:
        pyogrio.write_dataframe(table, file, layer="incidents", driver=driver, geometry_type="Unknown", **options)
    except pyogrio.errors.DataSourceError as error:
        raise OutputError(f"{file.name}: cannot be written: {error}") from error


def write_gpkg(incidents: gpd.GeoDataFrame, file: Path) -> None:
    """A GeoPackage with the layer `incidents`."""
    write_gdal(gdal_table(incidents), file, driver="GPKG")


def write_fgb(incidents: gpd.GeoDataFrame, file: Path) -> None:
    """FlatGeobuf refuses a null geometry while it has a spatial index, and the index reorders: `row` is the order."""
    index = "YES" if len(incidents) and incidents.geometry.notna().all() else "NO"
    table = gdal_table(incidents).assign(row=range(len(incidents)))
    write_gdal(table, file, driver="FlatGeobuf", SPATIAL_INDEX=index)


_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_kml(incidents: gpd.GeoDataFrame, file: Path) -> None:
    """KML with TimeSpan; its description is HTML to Google Earth, and so is escaped."""
    table = gdal_table(incidents)
    texts = [name for name in table if table[name].dtype == object]
    told = list(schema.records(incidents))
    table = table.assign(
        **{name: [cell and _NOT_XML.sub("\ufffd", cell) for cell in table[name]] for name in texts},
        Name=[_NOT_XML.sub("\ufffd", title(record)) for record in told],
        description=[html.escape(_NOT_XML.sub("\ufffd", evidence(record))) for record in told],
        begin=incidents["date_start"].astype("datetime64[ms]").tolist(),
        end=incidents["date_end"].astype("datetime64[ms]").tolist(),
    )
    write_gdal(table, file, driver="LIBKML")
