"""The incident table → files, by suffix, and back.

Every file is written beside its target and moved there when it is whole, so that no reader ever meets half a file.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import json
import math
import os
import re
import tempfile
import unicodedata
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from geo import schema
from geo.errors import InputError, OutputError, SchemaError
from geo.reports import unpacks_to_too_much

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd
    import shapely

DECIMALS = 7
"""Of a degree: about a centimetre, the most that RFC 7946 advises."""
MAX_CELL_CHARACTERS = 32_767  # Excel's
MAX_SHEET_ROWS = 1_048_576  # Excel's
MAX_JSON_BYTES = 2 * 2**30
"""A GeoJSON file is parsed whole and may not be larger."""
COLOURS = {
    "Battles": "#d55e00",
    "Explosions/Remote violence": "#cc3311",
    "Violence against civilians": "#882255",
    "Protests": "#0072b2",
    "Riots": "#e69f00",
    "Strategic developments": "#009e73",
}
"""simplestyle colours of the event types, told apart by the colour-blind too."""
OTHER_COLOUR = "#666666"
PLACE_COLUMNS = {
    "place_id": "text",
    "name": "text",
    "kind": "text",
    "country": "texts",
    "lat": "number",
    "lon": "number",
    "radius_m": "number",
    "count": "integer",
    "doc_ids": "texts",
}
"""The columns of a table of places mentioned beside its geometry, and their kinds (schema.KINDS)."""


# --- writing ----------------------------------------------------------------------------------------------------------


def write(incidents: gpd.GeoDataFrame, path: str | Path, *, places: gpd.GeoDataFrame | None = None) -> Path:
    """Write the incident table in the format that the suffix names (WRITERS), and places mentioned beside it.

    The places go to `places_path(path)`; without any, a file left there by an earlier run is taken away.

    Raises:
        OutputError: unknown suffix, or the file cannot be written.
        SchemaError: this is no incident table.
    """
    target = check_target(path)
    schema.validate(incidents)
    _atomically(target, lambda file: WRITERS[target.suffix.lower()](incidents, file))
    beside = places_path(target)
    if places is not None and len(places):
        _atomically(beside, lambda file: _write_places(places, file))
    elif beside != target:
        beside.unlink(missing_ok=True)
    return target


def check_target(path: str | Path, suffixes: Iterable[str] | None = None) -> Path:
    """The path, when a file of a known suffix can be written there; asked before the work that fills it.

    Raises:
        OutputError: unknown suffix, no such folder, a folder of that name, or no permission.
    """
    target = Path(path)
    known = WRITERS if suffixes is None else tuple(suffixes)
    if target.suffix.lower() not in known:
        raise OutputError(f"{path}: unknown suffix {target.suffix!r}. Known are {' '.join(known)}.")
    if not target.parent.is_dir():
        raise OutputError(f"{path}: there is no folder {target.parent}.")
    if target.is_dir():
        raise OutputError(f"{path}: is a folder.")
    if not os.access(target.parent, os.W_OK) or (target.exists() and not os.access(target, os.W_OK)):
        raise OutputError(f"{path}: cannot be written: permission denied.")
    return target


def places_path(path: str | Path) -> Path:
    """Where the places mentioned lie that belong to an incident file: incidents.csv → incidents.places.geojson."""
    return Path(path).with_suffix(".places.geojson")


def _atomically(target: Path, fill: Callable[[Path], None]) -> None:
    with _staged(target.parent) as scratch:
        fill(scratch / target.name)
        (scratch / target.name).replace(target)


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    """A scratch folder on the same disk; whatever goes wrong becomes an OutputError and leaves nothing."""
    try:
        with tempfile.TemporaryDirectory(prefix=".incident-mapper-", dir=folder) as scratch:
            yield Path(scratch)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror or error}.") from error


def write_text(path: str | Path, text: str) -> None:
    """Write a text file atomically.

    Raises:
        OutputError: it cannot be written.
    """
    with writing(path) as stream:
        stream.write(text)


@contextmanager
def writing(path: str | Path) -> Iterator[IO[str]]:
    """A text file to write line by line; it appears when the block ends well.

    Raises:
        OutputError: it cannot be written.
    """
    target = Path(path)
    with _staged(target.parent) as scratch:
        with (scratch / target.name).open("w", encoding="utf-8", newline="") as stream:
            yield stream
        (scratch / target.name).replace(target)


def write_layers(
    incidents: gpd.GeoDataFrame, folder: str | Path, *, by: str, places: gpd.GeoDataFrame | None = None
) -> list[Path]:
    """One GeoJSON file for each value of `by` (LAYERS) in the folder, and places.geojson for the places mentioned.

    An incident in two countries, or perhaps in two months, is in both layers; one without is in `unknown.geojson`, so
    that none is lost.

    Raises:
        OutputError: `by` is unknown, or the files cannot be written.
    """
    if by not in LAYERS:
        raise OutputError(f"--by {by}: unknown. Known are {' '.join(LAYERS)}.")
    schema.validate(incidents)
    target = Path(folder)
    rows: dict[str, list[int]] = {}
    for row, values in enumerate(LAYERS[by](incidents)):
        for value in values or [""]:
            rows.setdefault(value, []).append(row)
    names = file_names(sorted(rows))
    try:
        target.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made: {error.strerror or error}.") from error
    with _staged(target) as scratch:
        for value, name in names.items():
            _write_geojson(incidents.iloc[rows[value]], scratch / name, title=value or "unknown")
        if places is not None:
            _write_places(places, scratch / "places.geojson")
        files = sorted(scratch.iterdir())
        return [file.replace(target / file.name) for file in files]


def file_names(values: Iterable[str]) -> dict[str, str]:
    """A GeoJSON file name for each value: lower-case letters and digits, none twice, none that a system reserves."""
    taken = {"places"}
    names = {}
    for value in values:
        stem = _safe(value)
        number = 1
        while (name := stem if number == 1 else f"{stem}-{number}") in taken:
            number += 1
        taken.add(name)
        names[value] = f"{name}.geojson"
    return names


def _safe(value: str) -> str:
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", value.casefold())
        if not unicodedata.combining(character)
    )
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    if stem in {"con", "prn", "aux", "nul"} or re.fullmatch(r"(com|lpt)\d", stem):  # Windows keeps these for devices
        return f"layer-{stem}"
    return stem or ("unknown" if not value else "layer")


def _months(incidents: pd.DataFrame) -> Iterator[list[str]]:
    for start, end in zip(incidents["date_start"], incidents["date_end"], strict=True):
        yield [] if start != start else _months_between(start.date(), end.date())  # noqa: PLR0124  # NaT


def _months_between(start: dt.date, end: dt.date) -> list[str]:
    """Every month that the interval touches; one longer than two years is in a layer of its own."""
    first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    if last - first > 24:  # noqa: PLR2004  # months
        return ["longer than two years"]
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1)]


LAYERS: dict[str, Callable[[pd.DataFrame], Iterable[Sequence[str]]]] = {
    "event_type": lambda incidents: ([value] if value else [] for value in incidents["event_type"]),
    "country": lambda incidents: iter(incidents["country"]),
    "month": _months,
    "geo_precision": lambda incidents: ([value] if value else [] for value in incidents["geo_precision"]),
}
"""What an incident table can be split by: each row's values, none where unknown."""


# --- geometry as RFC 7946 wants it ------------------------------------------------------------------------------------


def geojson_geometry(shape: shapely.Geometry | None) -> dict[str, Any] | None:
    """The GeoJSON of a geometry: 2-D, cut at the antimeridian, right-hand winding, at most DECIMALS decimals."""
    import shapely  # noqa: PLC0415  # heavy

    if shape is None:
        return None
    if shape.geom_type == "Point" and -180 <= shape.x <= 180:  # noqa: PLR2004  # degrees
        return {"type": "Point", "coordinates": [round(shape.x, DECIMALS), round(shape.y, DECIMALS)]}
    cut = _wound(cut_at_antimeridian(shapely.force_2d(shape)))
    mapping: dict[str, Any] = shapely.geometry.mapping(cut)
    rounded: dict[str, Any] = _rounded(mapping)
    return rounded


def _rounded(part: Any) -> Any:  # noqa: ANN401  # nested coordinates
    if isinstance(part, float):
        return round(part, DECIMALS)
    if isinstance(part, dict):
        return {key: _rounded(value) for key, value in part.items()}
    return [_rounded(value) for value in part] if isinstance(part, (list, tuple)) else part


def _wound(shape: shapely.Geometry) -> shapely.Geometry:
    """Exterior rings counter-clockwise, holes clockwise."""
    from shapely.geometry import GeometryCollection, MultiPolygon  # noqa: PLC0415  # heavy
    from shapely.geometry.polygon import orient  # noqa: PLC0415  # heavy

    if shape.geom_type == "Polygon":
        return orient(shape)
    if shape.geom_type == "MultiPolygon":
        return MultiPolygon([orient(part) for part in shape.geoms])
    if shape.geom_type == "GeometryCollection":
        return GeometryCollection([_wound(part) for part in shape.geoms])
    return shape


def cut_at_antimeridian(shape: shapely.Geometry) -> shapely.Geometry:
    """The same geometry in -180..180: what crosses is cut in two and moved, as RFC 7946, 3.1.9 wants it.

    Crosses what has longitudes beyond ±180, and what jumps from one side to the other between neighbouring vertices.
    """
    import shapely  # noqa: PLC0415  # heavy

    flat = shapely.transform(shape, _unwrapped) if _jumps(shape) else shape
    west, _, east, _ = flat.bounds
    if west >= -180 and east <= 180:  # noqa: PLR2004  # degrees
        return flat
    if flat.geom_type == "Point":
        return shapely.Point((flat.x + 180) % 360 - 180, flat.y)
    parts = []
    for turn in range(math.floor((west + 180) / 360), math.floor((east + 180) / 360) + 1):
        window = shapely.box(turn * 360 - 180, -90, turn * 360 + 180, 90)
        part = shapely.transform(shapely.intersection(flat, window), lambda xy, turn=turn: xy - [turn * 360, 0])
        parts += [piece for piece in shapely.get_parts(part) if piece.geom_type in flat.geom_type]
    return parts[0] if len(parts) == 1 else type(_many(parts))(parts)


def _many(parts: Sequence[shapely.Geometry]) -> shapely.Geometry:
    from shapely import GeometryCollection, MultiLineString, MultiPoint, MultiPolygon  # noqa: PLC0415  # heavy

    kinds = {part.geom_type for part in parts}
    several = {"Polygon": MultiPolygon(), "LineString": MultiLineString(), "Point": MultiPoint()}
    return several.get(next(iter(kinds)), GeometryCollection()) if len(kinds) == 1 else GeometryCollection()


def _jumps(shape: shapely.Geometry) -> bool:
    import numpy as np  # noqa: PLC0415  # heavy
    import shapely  # noqa: PLC0415  # heavy

    if shape.geom_type not in ("LineString", "Polygon"):
        return False
    steps = np.abs(np.diff(shapely.get_coordinates(shape)[:, 0]))
    return bool(((steps > 180) & (steps < 360)).any())  # noqa: PLR2004  # a full turn runs along a pole and stays


def _unwrapped(coordinates: Any) -> Any:  # noqa: ANN401  # an array of numpy
    import numpy as np  # noqa: PLC0415  # heavy

    return np.column_stack([np.unwrap(coordinates[:, 0], period=360), coordinates[:, 1]])


def _bbox(geometries: Iterable[dict[str, Any] | None]) -> list[float] | None:
    """W S E N of GeoJSON geometries; W > E where the smallest box crosses the antimeridian."""
    spans, lats = [], []
    for geometry in geometries:
        if geometry is None:
            continue
        for part in _parts(geometry):
            lons = [lon for lon, _ in part]
            spans.append((min(lons), max(lons)))
            lats += [lat for _, lat in part]
    if not spans:
        return None
    west, east = _smallest_arc(spans)
    return [west, min(lats), east, max(lats)]


def _parts(geometry: Mapping[str, Any]) -> Iterator[list[tuple[float, float]]]:
    if geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _parts(part)
        return
    stack = [geometry["coordinates"]]
    while stack:
        part = stack.pop()
        if not part:
            continue
        if isinstance(part[0], float):
            yield [(part[0], part[1])]
        elif isinstance(part[0][0], float):
            yield [(point[0], point[1]) for point in part]
        else:
            stack += part


def _smallest_arc(spans: list[tuple[float, float]]) -> tuple[float, float]:
    """West and east of the shortest arc that covers all spans: the circle without its widest gap."""
    merged: list[list[float]] = []
    for west, east in sorted(spans):
        if merged and west <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], east)
        else:
            merged.append([west, east])
    whole = (merged[0][0], merged[-1][1])
    gaps = [(after[0] - before[1], after[0], before[1]) for before, after in itertools.pairwise(merged)]
    widest = max(gaps, default=(0.0, 0.0, 0.0))
    touches = merged[0][0] == -180 and merged[-1][1] == 180  # noqa: PLR2004  # only what was cut there crosses
    return (widest[1], widest[2]) if touches and widest[0] > 0 else whole


# --- writers ----------------------------------------------------------------------------------------------------------


def features(incidents: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Each incident as a GeoJSON feature: its columns, time fields and simplestyle."""
    for record in schema.records(incidents):
        geometry = geojson_geometry(record.pop("geometry"))
        clock = record.pop("time")
        yield {
            "type": "Feature",
            "id": record["incident_id"],
            "geometry": geometry,
            "properties": {**record, "clock": clock, **_times(record), **_style(record, geometry)},
        }


def _times(record: Mapping[str, Any]) -> dict[str, Any]:
    """`time` for TimestampedGeoJson, `start` and `end` for Leaflet Timeline; QGIS guesses both."""
    return {"time": record["date_start"], "start": record["date_start"], "end": record["date_end"]}


def _style(record: Mapping[str, Any], geometry: Mapping[str, Any] | None) -> dict[str, Any]:
    """The properties of simplestyle 1.1.0."""
    colour = COLOURS.get(record["event_type"], OTHER_COLOUR)
    style: dict[str, Any] = {"title": title(record), "description": evidence(record)}
    if geometry is None or geometry["type"] in ("Point", "MultiPoint"):
        return {**style, "marker-color": colour}
    style |= {"stroke": colour, "stroke-width": 2}
    return style if "Line" in geometry["type"] else {**style, "fill": colour, "fill-opacity": 0.2}


def title(record: Mapping[str, Any]) -> str:
    """One line on an incident: what, where, when."""
    days = [day for day in (record["date_start"], record["date_end"]) if day]
    when = " to ".join(dict.fromkeys(days)) or "undated"
    what = record["sub_event_type"] or record["event_type"] or "incident"
    return ", ".join([what, record["place"] or record["place_text"] or "unlocated", when])


def evidence(record: Mapping[str, Any]) -> str:
    """The first sentence that tells of an incident, "" for none."""
    return str(next((source["evidence"] for source in record["sources"] if source.get("evidence")), ""))


def _dump(value: Any) -> str:  # noqa: ANN401
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _write_geojson(incidents: gpd.GeoDataFrame, file: Path, *, title: str = "incidents") -> None:
    _write_collection(list(features(incidents)), file, title)


def _write_collection(found: list[dict[str, Any]], file: Path, title: str) -> None:
    bbox = _bbox(feature["geometry"] for feature in found)
    head = {"type": "FeatureCollection", "name": title, **({"bbox": bbox} if bbox else {})}
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.write(_dump(head)[:-1] + ',"features":[')
        for index, feature in enumerate(found):
            stream.write((",\n" if index else "\n") + _dump(feature))
        stream.write("\n]}\n")


def _write_places(places: pd.DataFrame, file: Path) -> None:
    found = []
    columns = [name for name in PLACE_COLUMNS if name in places]
    plain = [schema.plain(places[name], PLACE_COLUMNS[name]) for name in columns]
    shapes = places["geometry"].tolist()
    for shape, values in zip(shapes, zip(*plain, strict=True), strict=True):
        properties = dict(zip(columns, values, strict=True))
        found.append({"type": "Feature", "geometry": geojson_geometry(shape), "properties": properties})
    _write_collection(found, file, "places mentioned")


def _write_sequence(incidents: gpd.GeoDataFrame, file: Path) -> None:
    """RFC 8142: each feature between a record separator and a line feed."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(f"\x1e{_dump(feature)}\n" for feature in features(incidents))


def _write_jsonl(incidents: gpd.GeoDataFrame, file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        for record in schema.records(incidents):
            record["geometry"] = geojson_geometry(record["geometry"])
            stream.write(_dump(record) + "\n")


def flat(incidents: gpd.GeoDataFrame, *, wkt: bool) -> dict[str, list[Any]]:
    """Columns of plain cells: lists joined with `;`, objects as JSON text, days as ISO text.

    A list with a part that holds a `;` is written as JSON. The geometry is WKT, or shapely's own.
    """
    columns = {}
    for name, column in schema.COLUMNS.items():
        values = schema.plain(incidents[name], column.kind)
        if column.kind == "texts":
            values = [_joined(value) for value in values]
        elif column.kind in ("records", "object"):
            values = [_dump(value) if value else "" for value in values]
        elif column.kind == "geometry" and wkt:
            values = [_wkt(value) for value in values]
        columns[name] = values
    return columns


def _joined(parts: Sequence[str]) -> str:
    simple = all(part and part == part.strip() and schema.SEPARATOR not in part for part in parts)
    return schema.SEPARATOR.join(parts) if simple and not (parts and parts[0].startswith("[")) else _dump(list(parts))


def _wkt(shape: shapely.Geometry | None) -> str:
    import shapely  # noqa: PLC0415  # heavy

    return "" if shape is None else str(shapely.to_wkt(shape, rounding_precision=DECIMALS, trim=True))


_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def neutral(cell: str) -> str:
    """The cell as a spreadsheet takes it for text: an apostrophe before what would begin a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unneutral(cell: str) -> str:
    """The cell as it was before `neutral`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _cells(incidents: gpd.GeoDataFrame) -> Iterator[list[Any]]:
    """The header and the rows of a flat table, None where unknown; text cannot begin a formula."""
    columns = flat(incidents, wkt=True)
    yield list(columns)
    for row in zip(*columns.values(), strict=True):
        yield [neutral(cell) if isinstance(cell, str) else cell for cell in row]


def _write_csv(incidents: gpd.GeoDataFrame, file: Path) -> None:
    """RFC 4180, with its line ends: Python then quotes cells that hold a carriage return, too."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\r\n").writerows(_cells(incidents))


def _write_xlsx(incidents: gpd.GeoDataFrame, file: Path) -> None:
    import openpyxl  # noqa: PLC0415  # heavy
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415  # heavy

    if len(incidents) >= MAX_SHEET_ROWS:
        raise OutputError(f"{file.name}: a sheet holds {MAX_SHEET_ROWS:,} rows; write .csv or .parquet instead.")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("incidents")
    sheet.freeze_panes = "B2"
    for row in _cells(incidents):
        sheet.append(
            [_sheet_cell(ILLEGAL_CHARACTERS_RE.sub("\ufffd", cell)) if isinstance(cell, str) else cell for cell in row]
        )
    book.save(file)


def _sheet_cell(text: str) -> str:
    """What a cell can hold: a geometry that is too long is left to `lat` and `lon`, other text is cut."""
    if len(text) <= MAX_CELL_CHARACTERS:
        return text
    return text[: MAX_CELL_CHARACTERS - 1] + "…" if text[:1] not in "[{" and not re.match(r"[A-Z]+ \(", text) else ""


def _write_parquet(incidents: gpd.GeoDataFrame, file: Path) -> None:
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
        return pa.array([_dump(value) for value in values], type=pa.string())
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


def _write_gdal(
    incidents: gpd.GeoDataFrame, file: Path, *, driver: str, extra: Mapping[str, Any] | None = None, **options: str
) -> None:
    import geopandas as gpd  # noqa: PLC0415  # heavy
    import pandas as pd  # noqa: PLC0415  # heavy
    import pyogrio  # noqa: PLC0415  # heavy

    columns = flat(incidents, wkt=False)
    shapes = gpd.GeoSeries(columns.pop("geometry"), crs=schema.CRS)
    types = {"integer": "Int64", "number": "float64"}
    data = {
        name: pd.Series(values, dtype=types.get(schema.COLUMNS[name].kind, object)) for name, values in columns.items()
    }
    table = gpd.GeoDataFrame({**data, **(extra or {})}, geometry=shapes, crs=schema.CRS)
    try:
        pyogrio.write_dataframe(table, file, layer="incidents", driver=driver, geometry_type="Unknown", **options)
    except pyogrio.errors.DataSourceError as error:
        raise OutputError(f"{file.name}: cannot be written: {error}") from error


def _write_gpkg(incidents: gpd.GeoDataFrame, file: Path) -> None:
    _write_gdal(incidents, file, driver="GPKG")


def _write_fgb(incidents: gpd.GeoDataFrame, file: Path) -> None:
    """FlatGeobuf refuses a null geometry while it has a spatial index, and the index reorders: `row` is the order."""
    index = "YES" if len(incidents) and incidents.geometry.notna().all() else "NO"
    _write_gdal(incidents, file, driver="FlatGeobuf", extra={"row": range(len(incidents))}, SPATIAL_INDEX=index)


WRITERS: dict[str, Callable[[Any, Path], None]] = {
    ".geojson": _write_geojson,
    ".jsonl": _write_jsonl,
    ".gpkg": _write_gpkg,
    ".parquet": _write_parquet,
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".fgb": _write_fgb,
    ".geojsons": _write_sequence,
}
"""How an incident table is written, by suffix."""


# --- reading back -----------------------------------------------------------------------------------------------------


def read_incidents(path: str | Path) -> gpd.GeoDataFrame:
    """The incident table in a file of any suffix in WRITERS; columns that are absent are filled as unknown.

    Raises:
        InputError: the file is missing, of unknown suffix, damaged, or holds no column of the incident table.
    """
    source = Path(path)
    reader = READERS.get(source.suffix.lower())
    if not source.is_file():
        raise InputError(f"{path}: not found.")
    if reader is None:
        raise InputError(f"{path}: unknown suffix {source.suffix!r}. Known are {' '.join(READERS)}.")
    if source.stat().st_size == 0:
        raise InputError(f"{path}: is empty.")
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

    source = Path(path)
    if not source.is_file():
        raise InputError(f"{path}: not found.")
    rows = _read_geojson(source)
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
        rows = pyogrio.read_dataframe(file)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise InputError(f"{file}: cannot be read: {' '.join(str(error).split())[:200]}") from error
    rows = rows.sort_values("row") if file.suffix.lower() == ".fgb" and "row" in rows else rows
    return rows.to_crs(schema.CRS) if getattr(rows, "crs", None) is not None else rows


READERS: dict[str, Callable[[Path], Any]] = {
    ".geojson": _read_geojson,
    ".jsonl": _read_jsonl,
    ".gpkg": _read_gdal,
    ".parquet": _read_parquet,
    ".csv": _read_csv,
    ".xlsx": _read_xlsx,
    ".fgb": _read_gdal,
    ".geojsons": _read_sequence,
}
"""How an incident file is read, by suffix; each gives a table that `schema.coerce` mends."""
