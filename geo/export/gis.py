"""GeoParquet, GeoPackage and FlatGeobuf."""

from __future__ import annotations

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

    arrays = {name: arrow(incidents[name], column.kind) for name, column in schema.COLUMNS.items()}
    table = pa.table(arrays).replace_schema_metadata({"geo": json.dumps(_geo_metadata(incidents))})
    pq.write_table(table, file, compression="zstd", compression_level=1)


def arrow(series: pd.Series, kind: str) -> Any:  # noqa: ANN401  # pyarrow publishes no types
    """A column as an Arrow array: days as dates, lists of text as lists, objects as JSON text, geometry as WKB."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    if kind == "geometry":
        return wkb(series.to_numpy())
    if kind == "date":
        return pa.array(series).cast(pa.date32())
    if kind == "texts":
        return pa.array(series, type=pa.list_(pa.string()))
    if kind in ("records", "object"):
        return json_text(series)
    types = {"integer": pa.int64(), "number": pa.float64()}
    return pa.array(series, type=types.get(kind, pa.string()), from_pandas=True)


def json_text(series: pd.Series) -> Any:  # noqa: ANN401
    """Records or objects as an Arrow array of JSON text."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    if schema.is_json(series):
        return pa.array(series).storage
    return pa.array([dump(value) for value in series.tolist()], type=pa.string())


def wkb(shapes: Any) -> Any:  # noqa: ANN401
    """Shapely's geometries as an Arrow array of WKB, null for None; a table of points alone needs no loop."""
    import numpy as np  # noqa: PLC0415  # heavy
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import shapely  # noqa: PLC0415  # heavy

    if len(shapes) == 0 or not (shapely.get_type_id(shapes) == 0).all():
        return pa.array(shapely.to_wkb(shapes), type=pa.binary())
    points = np.empty(len(shapes), dtype=[("little_endian", "u1"), ("type", "<u4"), ("xy", "<f8", 2)])
    points["little_endian"], points["type"], points["xy"] = 1, 1, shapely.get_coordinates(shapes)
    offsets = np.arange(len(shapes) + 1, dtype=np.int32) * points.itemsize
    return pa.BinaryArray.from_buffers(pa.binary(), len(shapes), [None, pa.py_buffer(offsets), pa.py_buffer(points)])


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
