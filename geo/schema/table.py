"""Any table as the incident table, and its rows as plain Python values."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from geo.schema import arrow
from geo.schema.cells import cells, is_missing, read_cells
from geo.schema.columns import COLUMNS, CRS
from geo.schema.faults import throw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd


def empty() -> gpd.GeoDataFrame:
    """An incident table without rows."""
    return from_records([])


def from_records(rows: Iterable[Mapping[str, Any]]) -> gpd.GeoDataFrame:
    """The incident table of these rows, each a mapping with any of the columns; see `coerce`."""
    import pandas as pd  # noqa: PLC0415  # heavy

    rows = list(rows)
    names = list(dict.fromkeys(name for row in rows for name in row if name in COLUMNS))
    return coerce(
        pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=object) for name in names}), len(rows)
    )


def from_columns(columns: Mapping[str, Any], length: int) -> gpd.GeoDataFrame:
    """The incident table of whole columns, for tables of a million rows; see `coerce`.

    A column is an Arrow array (`arrow.column` tells of which type; geometry as WKB), a Series, or a sequence of
    `length` cells. Lists, records and objects that come as Arrow's stay there: read them through `records` or `plain`.
    Where `doc_ids` is absent it stays unknown, for the sources are not opened.

    Raises:
        SchemaError: values that cannot be read as their column's kind.
    """
    faults: list[str] = []
    read = {name: _given(columns, name, length, faults) for name in COLUMNS}
    throw(faults)
    return _finished(read)


def _given(columns: Mapping[str, Any], name: str, length: int, faults: list[str]) -> Any:  # noqa: ANN401
    kind = COLUMNS[name].kind
    if name not in columns:
        return _objects([None] * length) if kind == "geometry" else arrow.filled(length, kind)
    if not arrow.is_arrow(columns[name]):
        return _column({name: _series(columns[name])}, name, length, faults)
    found = arrow.column(columns[name], kind)
    return _shapes(found) if kind == "geometry" else found


def _series(values: Any) -> pd.Series:  # noqa: ANN401
    import pandas as pd  # noqa: PLC0415  # heavy

    if isinstance(values, pd.Series):
        return values.reset_index(drop=True)
    return pd.Series(values, dtype=getattr(values, "dtype", object))


def records(incidents: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Each row as plain Python values: ISO days, None for unknown numbers and days; the geometry stays shapely's."""
    columns = [(name, plain(incidents[name], COLUMNS[name].kind)) for name in COLUMNS if name in incidents]
    for values in zip(*(values for _, values in columns), strict=True):
        yield {name: value for (name, _), value in zip(columns, values, strict=True)}


def plain(series: pd.Series, kind: str) -> list[Any]:
    """A column's values as Python's own: ISO text for days, None for what is unknown, lists and objects of JSON."""
    if kind == "date":
        return [None if is_missing(value) else value.date().isoformat() for value in series.tolist()]
    if arrow.is_json(series):
        return [json.loads(value) for value in series.tolist()]
    values: list[Any] = arrow.to_list(series) if kind == "texts" else series.tolist()
    if kind in ("integer", "number", "geometry"):
        return [None if is_missing(value) else value for value in values]
    return values


def dtype(kind: str) -> Any:  # noqa: ANN401
    """The dtype of a column of that kind whose lists and objects are Python's."""
    return {"text": "str", "date": "datetime64[s]", "integer": "Int64", "number": "float64"}.get(kind, object)


def coerce(frame: pd.DataFrame, length: int | None = None) -> gpd.GeoDataFrame:
    """The same rows as an incident table, whatever file format they came through.

    Lists and objects come back from JSON text or `;`-joined text, days from text or datetimes, whole numbers from
    floats. Columns that are absent are filled as unknown, ids with a hash of the row; foreign columns are left out.
    A row with `lat` and `lon` but no geometry gets the point; one with a geometry gets its representative point.
    A column that is of its kind already stays as it is. `length` is the number of rows where `frame` has no column.

    Raises:
        SchemaError: values that cannot be read as their column's kind; the message lists them all.
    """
    count = len(frame) if length is None else length
    faults: list[str] = []
    columns = {name: _column(frame, name, count, faults) for name in COLUMNS}
    throw(faults)
    return _finished(columns)


def _finished(columns: dict[str, Any]) -> gpd.GeoDataFrame:
    """The table of columns that are of their kinds, with points, ids and counts filled."""
    import geopandas as gpd  # noqa: PLC0415  # heavy

    _fill_points(columns)
    _fill_doc_ids(columns)
    columns["event_count"] = columns["event_count"].fillna(1)
    _fill_ids(columns)
    shapes = gpd.GeoSeries(columns.pop("geometry"), crs=CRS)
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)[list(COLUMNS)]


def _column(frame: Mapping[str, Any], name: str, count: int, faults: list[str]) -> Any:  # noqa: ANN401
    import pandas as pd  # noqa: PLC0415  # heavy

    kind = COLUMNS[name].kind
    if name not in frame and kind == "geometry":
        return _objects([None] * count)
    if name in frame and str(frame[name].dtype) == "geometry":
        return _shapes(frame[name])
    if name in frame and arrow.settled(frame[name], kind):
        return frame[name].reset_index(drop=True)
    values = read_cells(name, kind, cells(frame, name, count), faults)
    return _objects(values) if kind == "geometry" else pd.Series(values, dtype=dtype(kind))


# --- filling ----------------------------------------------------------------------------------------------------------


def _objects(values: Sequence[Any]) -> Any:  # noqa: ANN401
    import numpy as np  # noqa: PLC0415  # heavy

    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _shapes(series: pd.Series) -> Any:  # noqa: ANN401
    """Shapely's geometries without a third dimension, None for an empty one."""
    import shapely  # noqa: PLC0415  # heavy

    array = _objects(series.array)
    array = shapely.force_2d(array) if shapely.has_z(array).any() else array
    array[shapely.is_empty(array)] = None
    return array


def _fill_points(columns: dict[str, Any]) -> None:
    """A point for the rows that have coordinates alone, coordinates for those that have a geometry alone."""
    import shapely  # noqa: PLC0415  # heavy

    shapes, lats, lons = columns["geometry"], columns["lat"].to_numpy(copy=True), columns["lon"].to_numpy(copy=True)
    missing = shapely.is_missing(shapes)
    told = (lats == lats) & (lons == lons)  # noqa: PLR0124  # not NaN
    new = missing & told
    shapes[new] = shapely.points(lons[new], lats[new])
    old = ~missing & ~told
    points = shapely.point_on_surface(shapes[old])
    alone = shapely.get_type_id(shapes[old]) == 0
    points[alone] = shapes[old][alone]
    lats[old], x = shapely.get_y(points), shapely.get_x(points)
    beyond = (x < -180) | (x > 180)  # noqa: PLR2004  # degrees
    x[beyond] = (x[beyond] + 180) % 360 - 180
    lons[old] = x
    columns["lat"], columns["lon"] = _float(lats), _float(lons)


def _float(values: Any) -> pd.Series:  # noqa: ANN401
    import pandas as pd  # noqa: PLC0415  # heavy

    return pd.Series(values, dtype="float64")


def _fill_doc_ids(columns: dict[str, Any]) -> None:
    """The reports of a row's sources, where it names none itself; a table kept in Arrow names them."""
    import pandas as pd  # noqa: PLC0415  # heavy

    if columns["doc_ids"].dtype != object:
        return
    doc_ids, sources = columns["doc_ids"].tolist(), plain(columns["sources"], "records")
    columns["doc_ids"] = pd.Series(
        [
            told or list(dict.fromkeys(str(source["report"]) for source in found if source.get("report")))
            for told, found in zip(doc_ids, sources, strict=True)
        ],
        dtype=object,
    )


def _fill_ids(columns: dict[str, Any]) -> None:
    """A hash of the row; equal rows are told apart by how often they came before."""
    lacking = (columns["incident_id"] == "").to_numpy().nonzero()[0]
    if not len(lacking):
        return
    import pandas as pd  # noqa: PLC0415  # heavy

    names = [name for name in COLUMNS if name not in ("incident_id", "geometry")]
    rows = zip(*(plain(columns[name].iloc[lacking], COLUMNS[name].kind) for name in names), strict=True)
    ids = columns["incident_id"].tolist()
    seen: dict[str, int] = {}
    for row, told in zip(lacking, rows, strict=True):
        digest = hashlib.sha256(json.dumps(told, default=str, ensure_ascii=False).encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        ids[row] = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
    columns["incident_id"] = pd.Series(ids, dtype="str")
