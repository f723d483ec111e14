"""Incident files of every suffix that is written → the incident table."""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import schema, tables
from geo.errors import InputError, SchemaError
from geo.export.flat import unneutral
from geo.export.geojson import PLACE_COLUMNS
from geo.export.pack import INCIDENTS
from geo.reports import unpacks_to_too_much

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

MAX_JSON_BYTES = 2 * 2**30
"""A GeoJSON file is parsed whole and may not be larger."""


def read_incidents(path: str | Path) -> gpd.GeoDataFrame:
    """The incident table in a file of any suffix in WRITERS; columns that are absent are filled as unknown.

    Raises:
        InputError: the file is missing, of unknown suffix, damaged, or holds no column of the incident table.
    """
    source = tables.checked(path)
    reader = READERS.get(source.suffix.lower())
    if reader is None:
        raise InputError(f"{path}: unknown suffix {source.suffix!r}. Known are {' '.join(READERS)}.")
    try:
        rows = reader(source)
        table = schema.coerce(rows)
        schema.validate(table)
    except SchemaError as error:
        raise InputError(f"{path}: {error}") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}.") from error
    if len(rows) and not set(rows.columns) & set(schema.COLUMNS):
        told = ", ".join(str(name)[:30] for name in list(rows.columns)[:12])
        raise InputError(f"{path}: is no incident table; its columns are {told}. For a table of places: geocode.")
    return table


def read_places(path: str | Path) -> gpd.GeoDataFrame:
    """The places mentioned that were written beside an incident file.

    Raises:
        InputError: the file is missing or no GeoJSON.
    """
    import geopandas as gpd  # noqa: PLC0415  # heavy
    import pandas as pd  # noqa: PLC0415  # heavy

    rows = _read_geojson(tables.checked(path))
    faults: list[str] = []
    data = {
        name: pd.Series(
            schema.read_cells(name, kind, schema.cells(rows, name, len(rows)), faults), dtype=schema.dtype(kind)
        )
        for name, kind in PLACE_COLUMNS.items()
    }
    shapes = schema.read_cells("geometry", "geometry", schema.cells(rows, "geometry", len(rows)), faults)
    if faults:
        raise InputError(f"{path}: {'; '.join(faults)}")
    return gpd.GeoDataFrame(data, geometry=gpd.GeoSeries(shapes, crs=schema.CRS), crs=schema.CRS)


def _frame(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415  # heavy

    names = list(dict.fromkeys(name for row in rows for name in row))
    return pd.DataFrame(
        {name: pd.Series([row.get(name) for row in rows], dtype=object) for name in names}, index=range(len(rows))
    )


def _read_geojson(file: Path) -> pd.DataFrame:
    if file.stat().st_size > MAX_JSON_BYTES:
        raise InputError(f"{file}: is larger than {MAX_JSON_BYTES:,} bytes.")
    try:
        value = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file}: is no JSON.") from error
    found = value.get("features") if isinstance(value, dict) else None
    if not isinstance(found, list) or not all(isinstance(feature, dict) for feature in found):
        raise InputError(f"{file}: is no GeoJSON FeatureCollection.")
    crs = json.dumps(value.get("crs") or "")
    if crs != '""' and not re.search(r"CRS84|4326", crs):
        raise InputError(f"{file}: its coordinates are not in WGS 84 (RFC 7946).")
    return _frame([_properties(feature) for feature in found])


def _properties(feature: Mapping[str, Any]) -> dict[str, Any]:
    told = feature.get("properties")
    properties = dict(told) if isinstance(told, dict) else {}
    if "clock" in properties:  # `time` is a day there, see _times
        properties["time"] = properties.pop("clock")
    elif not re.fullmatch(r"\d\d:\d\d(:\d\d)?", str(properties.get("time"))):
        properties.pop("time", None)
    return {"incident_id": feature.get("id"), **properties, "geometry": feature.get("geometry")}


def _json_lines(file: Path, strip: str = "") -> list[dict[str, Any]]:
    rows = []
    with file.open(encoding="utf-8-sig", errors="replace") as stream:
        for number, line in enumerate(stream, 1):
            text = line.strip(strip + " \t\r\n")
            try:
                value = json.loads(text) if text else None
            except (ValueError, RecursionError) as error:
                raise InputError(f"{file}: row {number} is no JSON.") from error
            if text and not isinstance(value, dict):
                raise InputError(f"{file}: row {number} is no JSON object.")
            rows += [value] if value is not None else []
    return rows


def _read_jsonl(file: Path) -> pd.DataFrame:
    return _frame(_json_lines(file))


def _read_sequence(file: Path) -> pd.DataFrame:
    return _frame([_properties(feature) for feature in _json_lines(file, "\x1e")])


def _read_csv(file: Path) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415  # heavy

    try:
        rows = pd.read_csv(
            file,
            dtype="str",
            keep_default_na=False,
            encoding="utf-8-sig",
            encoding_errors="replace",
            engine="c",
            sep=_separator(file),
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise InputError(f"{file}: is no CSV: {' '.join(str(error).split())[:200]}.") from error
    return _unneutral(rows)


def _separator(file: Path) -> str:
    with file.open("rb") as stream:
        head = stream.readline(65_536).decode("utf-8-sig", "replace")
    return max(",;\t", key=head.count)


def _unneutral(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.map(lambda cell: unneutral(cell) if isinstance(cell, str) else cell)


def _read_xlsx(file: Path) -> pd.DataFrame:
    import openpyxl  # noqa: PLC0415  # heavy
    import pandas as pd  # noqa: PLC0415  # heavy

    if problem := unpacks_to_too_much(file):
        raise InputError(f"{file}: {problem}.")
    try:
        book = openpyxl.load_workbook(io.BytesIO(file.read_bytes()), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        header, *rows = ([*cells] for cells in sheet.iter_rows(values_only=True))
    except Exception as error:  # openpyxl raises whatever its parser stumbles on
        raise InputError(f"{file}: is no workbook that can be read ({type(error).__name__}).") from error
    names = [str(name) for name in header]
    return _unneutral(
        pd.DataFrame([(row + [None] * len(names))[: len(names)] for row in rows], columns=names, dtype=object)
    )


def _read_parquet(file: Path) -> pd.DataFrame:
    import geopandas as gpd  # noqa: PLC0415  # heavy
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.parquet as pq  # noqa: PLC0415  # heavy

    try:
        if b"geo" in (pq.read_schema(file).metadata or {}):
            return gpd.read_parquet(file).to_crs(schema.CRS)
        return pq.read_table(file).to_pandas()
    except (pa.ArrowException, ValueError, KeyError) as error:
        raise InputError(f"{file}: is no .parquet that can be read ({type(error).__name__}).") from error


def _read_gdal(file: Path) -> pd.DataFrame:
    import pyogrio  # noqa: PLC0415  # heavy

    try:
        names = pyogrio.list_layers(file)[:, 0].tolist()
        rows = pyogrio.read_dataframe(file, layer="incidents" if "incidents" in names else names[0])
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, IndexError) as error:
        raise InputError(f"{file}: cannot be read: {' '.join(str(error).split())[:200]}") from error
    rows = rows.sort_values("row") if file.suffix.lower() == ".fgb" and "row" in rows else rows
    return rows.to_crs(schema.CRS) if getattr(rows, "crs", None) is not None else rows


def _read_pack(file: Path) -> pd.DataFrame:
    if problem := unpacks_to_too_much(file):
        raise InputError(f"{file}: {problem.replace('no workbook', 'no zip')}.")
    with zipfile.ZipFile(file) as archive, tempfile.TemporaryDirectory(prefix="incident-mapper-") as scratch:
        if INCIDENTS not in archive.namelist():
            raise InputError(f"{file}: holds no {INCIDENTS}, and so is no report pack.")
        member = Path(scratch) / INCIDENTS
        member.write_bytes(archive.read(INCIDENTS))
        return _read_geojson(member)


READERS: dict[str, Callable[[Path], Any]] = {
    ".geojson": _read_geojson,
    ".jsonl": _read_jsonl,
    ".gpkg": _read_gdal,
    ".parquet": _read_parquet,
    ".csv": _read_csv,
    ".xlsx": _read_xlsx,
    ".fgb": _read_gdal,
    ".kml": _read_gdal,
    ".geojsons": _read_sequence,
    ".zip": _read_pack,
}
"""How an incident file is read, by suffix; each gives a table that `schema.coerce` mends."""
