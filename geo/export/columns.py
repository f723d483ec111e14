"""Columns of the incident table as Arrow arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo import schema
from geo.export.geojson import dump

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    import pandas as pd


ROWS_AT_ONCE = 250_000
"""An Arrow array of texts holds at most two gigabytes."""


def pieces(incidents: gpd.GeoDataFrame) -> Iterator[gpd.GeoDataFrame]:
    """The table in parts of at most ROWS_AT_ONCE rows; an empty one is a part, too."""
    for start in range(0, max(1, len(incidents)), ROWS_AT_ONCE):
        yield incidents.iloc[start : start + ROWS_AT_ONCE]


def arrow(series: pd.Series, kind: str) -> Any:  # noqa: ANN401  # pyarrow publishes no types
    """A column as an Arrow array, in several pieces where the column is: days as dates, lists of text as lists.

    Objects are JSON text, geometry is WKB.
    """
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


def chunks(values: Any) -> list[Any]:  # noqa: ANN401
    """The pieces of an Arrow array."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    return values.chunks if isinstance(values, pa.ChunkedArray) else [values]


def json_text(series: pd.Series) -> Any:  # noqa: ANN401
    """Records or objects as an Arrow array of JSON text."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    if not schema.is_json(series):
        return pa.array([dump(value) for value in series.tolist()], type=pa.string())
    return pa.chunked_array([chunk.storage for chunk in chunks(pa.array(series))], type=pa.string())


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
