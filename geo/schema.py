"""The incident table: its columns, an empty one, and how any table becomes one.

Everything that reads makes this table, everything that draws or writes starts from it. It is a GeoDataFrame in
EPSG:4326 (WGS 84, lon before lat in geometries), one row an incident. Unknown is never zero and never a default point:
text is "", a list is [], numbers and dates are null, the geometry is None.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

CRS = "EPSG:4326"
SEPARATOR = ";"
"""What joins the parts of a list of texts in a flat format."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, the kind of its values (a key of KINDS) and what they mean."""

    name: str
    kind: str
    meaning: str


KINDS = {
    "text": 'text, "" where unknown',
    "texts": "a list of texts, [] where unknown",
    "records": "a list of objects, [] where unknown",
    "object": "an object, {} where unknown",
    "date": "a day (datetime64[s] at midnight), null where unknown",
    "integer": "a whole number (Int64), null where unknown",
    "number": "a number (float64), null where unknown",
    "geometry": "a geometry in EPSG:4326, None where not located",
}

COLUMNS = {
    column.name: column
    for column in (
        Column("incident_id", "text", "unique; from the earliest source, so that a re-run gives the same"),
        Column("event_type", "text", "ACLED's event type"),
        Column("sub_event_type", "text", "ACLED's sub-event type"),
        Column("date_start", "date", "first local day of the interval in which it happened"),
        Column("date_end", "date", "last local day of that interval, inclusive"),
        Column("date_precision", "text", "day, days, week, month, year or unknown"),
        Column("time", "text", 'local clock where told, "07:44"'),
        Column("place", "text", "resolved name of the place"),
        Column("place_id", "text", "the place's id in the gazetteer"),
        Column("place_text", "text", "the words of the report that name the place"),
        Column("kind", "text", "kind of place"),
        Column("country", "texts", "ISO 3166-1 alpha-2 codes; a border has two"),
        Column("country_name", "text", "the countries' English names, joined with ';'"),
        Column("admin1", "text", "first-order administrative area"),
        Column("geometry", "geometry", "point, line (border) or area; two-dimensional"),
        Column("lat", "number", "latitude of the representative point, degrees"),
        Column("lon", "number", "longitude of the representative point, degrees"),
        Column("geo_precision", "text", "site, settlement, near, admin2, admin1, region, border, country or sea"),
        Column("radius_m", "number", "half-width of the uncertainty of the place, metres"),
        Column("actors", "texts", "who did it, as named in the report"),
        Column("targets", "texts", "to whom or to what, as named in the report"),
        Column("weapons", "texts", "with what, as named in the report"),
        Column("fatalities_min", "integer", "killed, at least; null where nothing was said"),
        Column("fatalities_max", "integer", "killed, at most; null where open or nothing was said"),
        Column("injured_min", "integer", "injured, at least; null where nothing was said"),
        Column("injured_max", "integer", "injured, at most; null where open or nothing was said"),
        Column("sources", "records", "one a telling: report, publisher, url, published, evidence, span"),
        Column("doc_ids", "texts", "the reports that tell of it, each once"),
        Column("confidence", "number", "0 to 1"),
        Column("reasons", "object", "the named features that decided"),
        Column("event_count", "integer", "1, or how many a series told as one holds"),
        Column("alternatives", "records", "runner-up places"),
        Column("original", "object", "the codes of an imported row"),
        Column("status", "text", "machine, reviewed, verified, disputed or rejected"),
    )
}
"""Every column of the incident table by name, in order."""

GEO_PRECISIONS = ("site", "settlement", "near", "admin2", "admin1", "region", "border", "country", "sea")
DATE_PRECISIONS = ("day", "days", "week", "month", "year", "unknown")
STATUSES = ("machine", "reviewed", "verified", "disputed", "rejected")

_BAD_CHARACTERS = re.compile("[\x00\ud800-\udfff]")
_DAY = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?\s*\Z", re.DOTALL)
_MISSING_WORDS = frozenset(["", "nan", "nat", "none", "null", "<na>"])
_MOST_FAULTS = 20


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


def records(incidents: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Each row as plain Python values: ISO days, None for unknown numbers and days; the geometry stays shapely's."""
    columns = [(name, plain(incidents[name], COLUMNS[name].kind)) for name in COLUMNS if name in incidents]
    for values in zip(*(values for _, values in columns), strict=True):
        yield {name: value for (name, _), value in zip(columns, values, strict=True)}


def coerce(frame: pd.DataFrame, length: int | None = None) -> gpd.GeoDataFrame:
    """The same rows as an incident table, whatever file format they came through.

    Lists and objects come back from JSON text or `;`-joined text, days from text or datetimes, whole numbers from
    floats. Columns that are absent are filled as unknown, ids with a hash of the row; foreign columns are left out.
    A row with `lat` and `lon` but no geometry gets the point; one with a geometry gets its representative point.
    `length` is the number of rows where `frame` has no column at all.

    Raises:
        SchemaError: values that cannot be read as their column's kind; the message lists them all.
    """
    import geopandas as gpd  # noqa: PLC0415  # heavy
    import pandas as pd  # noqa: PLC0415  # heavy

    count = len(frame) if length is None else length
    faults: list[str] = []
    columns: dict[str, list[Any]] = {}
    for column in COLUMNS.values():
        columns[column.name] = read_cells(column.name, column.kind, cells(frame, column.name, count), faults)
    _raise(faults)
    _fill_points(columns)
    _fill_doc_ids(columns)
    _fill_ids(columns)
    columns["event_count"] = [1 if value is None else value for value in columns["event_count"]]
    data = {
        name: pd.Series(values, dtype=dtype(COLUMNS[name].kind))
        for name, values in columns.items()
        if name != "geometry"
    }
    table = gpd.GeoDataFrame(data, geometry=gpd.GeoSeries(columns["geometry"], crs=CRS), crs=CRS)
    return table[list(COLUMNS)]


def validate(incidents: pd.DataFrame) -> None:
    """Look at whole columns and say all that is wrong at once.

    Raises:
        SchemaError: with every fault, the first rows of each named.
    """
    missing = [name for name in COLUMNS if name not in incidents]
    faults = [f"column {name} is missing" for name in missing]
    faults += [
        f"column {name} is not {KINDS[COLUMNS[name].kind]}"
        for name in COLUMNS
        if name in incidents and not _is_kind(incidents[name], COLUMNS[name].kind)
    ]
    if not faults:
        if incidents.crs is None or incidents.crs.to_epsg() != 4326:  # noqa: PLR2004  # the EPSG code of CRS
            faults.append(f"the coordinate system is {incidents.crs}, not {CRS}")
        columns = {name: plain(incidents[name], column.kind) for name, column in COLUMNS.items()}
        faults += [fault for name, told, rule in _RULES for fault in _broken(columns, name, told, rule)]
        faults += _repeated(columns["incident_id"])
    _raise(faults)


# --- reading values ---------------------------------------------------------------------------------------------------


def cells(frame: pd.DataFrame, name: str, count: int) -> list[Any]:
    """A column's cells; None for each where it is absent."""
    found: list[Any] = frame[name].tolist() if name in frame else [None] * count
    return found


def read_cells(name: str, kind: str, found: Sequence[Any], faults: list[str]) -> list[Any]:
    """The cells as values of a kind (KINDS); what cannot be read is None, and a line is added to the faults."""
    read = _READERS[kind]
    result = []
    wrong = []
    for row, cell in enumerate(found):
        try:
            result.append(read(cell))
        except (ValueError, TypeError, OverflowError, RecursionError):
            result.append(None)
            wrong.append(row)
    if wrong:
        first = str(found[wrong[0]])[:60]
        faults.append(f"{name}: {first!r} in row {wrong[0] + 1}{_more(wrong)} is not {KINDS[kind]}")
    return result


def _missing(value: Any) -> bool:  # noqa: ANN401  # any cell of any file
    """None, NaN, NaT, pd.NA: what is not equal to itself, or cannot say."""
    if value is None:
        return True
    if isinstance(value, (str, list, dict, tuple)):
        return False
    try:
        return bool(value != value)  # noqa: PLR0124  # NaN
    except (TypeError, ValueError):  # pd.NA; an array
        return not hasattr(value, "__len__")


def clean(text: str) -> str:
    """The text with each NUL and lone surrogate replaced by U+FFFD: no file format can hold them. Offsets stay."""
    return text if text.isascii() and "\x00" not in text else _BAD_CHARACTERS.sub("\ufffd", text)


def _text(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, str):
        return clean(value)
    return "" if _missing(value) else clean(str(value))


def _texts(value: Any) -> list[str]:  # noqa: ANN401
    if _missing(value):
        return []
    if isinstance(value, str):
        if value.lstrip().startswith("["):
            value = _json(value)
        else:
            return [part for part in (_text(part).strip() for part in value.split(SEPARATOR)) if part]
    if isinstance(value, dict):
        raise TypeError
    return [_text(part) for part in value]


def _json(text: str) -> Any:  # noqa: ANN401
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError from None


def _cleaned(value: Any) -> Any:  # noqa: ANN401
    """JSON's own types all the way down, so that what is written reads back equal."""
    if hasattr(value, "tolist"):  # numpy's
        value = value.tolist()
    if isinstance(value, dict):
        return {clean(str(key)): _cleaned(part) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_cleaned(part) for part in value]
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dt.date):
        return value.isoformat()
    return None if _missing(value) else clean(str(value))


def _records(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    value = _json(value) if isinstance(value, str) and value.strip() else value
    if _missing(value) or isinstance(value, str):
        return []
    parts = [_cleaned(part) for part in value]
    if isinstance(value, dict) or not all(isinstance(part, dict) for part in parts):
        raise TypeError
    return parts


def _object(value: Any) -> dict[str, Any]:  # noqa: ANN401
    value = _json(value) if isinstance(value, str) and value.strip() else value
    if _missing(value) or isinstance(value, str):
        return {}
    if not hasattr(value, "items"):
        raise TypeError
    result: dict[str, Any] = _cleaned(dict(value))
    return result


def _date(value: Any) -> dt.date | None:  # noqa: ANN401
    if isinstance(value, str):
        if value.strip().lower() in _MISSING_WORDS:
            return None
        match = _DAY.match(value)
        if match is None:
            raise ValueError
        return dt.date(*(int(part) for part in match.groups()))
    if _missing(value):
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if type(value).__name__ == "datetime64":
        day = value.astype("datetime64[D]").astype(object)
        return day if isinstance(day, dt.date) else None
    raise TypeError


def _number(value: Any) -> float | None:  # noqa: ANN401
    if isinstance(value, str):
        if value.strip().lower() in _MISSING_WORDS:
            return None
    elif _missing(value):
        return None
    number = float(value)
    if math.isnan(number):
        return None
    if math.isinf(number):
        raise ValueError
    return number


def _integer(value: Any) -> int | None:  # noqa: ANN401
    number = _number(value)
    if number is None:
        return None
    if number != int(number) or abs(number) > 2**53:
        raise ValueError
    return int(number)


def _geometry(value: Any) -> Any:  # noqa: ANN401
    import shapely  # noqa: PLC0415  # heavy

    if isinstance(value, dict):
        value = json.dumps(value)
    if isinstance(value, str):
        value = _parsed_geometry(value.strip())
    if isinstance(value, shapely.Geometry):
        return None if value.is_empty else shapely.force_2d(value) if value.has_z else value
    if _missing(value):
        return None
    raise TypeError


def _parsed_geometry(text: str) -> Any:  # noqa: ANN401
    import shapely  # noqa: PLC0415  # heavy

    read = shapely.from_geojson if text.startswith("{") else shapely.from_wkt
    try:
        return read(text) if text else None
    except shapely.errors.ShapelyError:
        raise ValueError from None


_READERS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "texts": _texts,
    "records": _records,
    "object": _object,
    "date": _date,
    "integer": _integer,
    "number": _number,
    "geometry": _geometry,
}


# --- filling --------------------------------------------------------------------------------------------------------


def _fill_points(columns: dict[str, list[Any]]) -> None:
    from shapely import Point  # noqa: PLC0415  # heavy

    lats, lons, shapes = columns["lat"], columns["lon"], columns["geometry"]
    for row, shape in enumerate(shapes):
        located = lats[row] is not None and lons[row] is not None
        if shape is None and located:
            shapes[row] = Point(lons[row], lats[row])
        elif shape is not None and not located:
            point = shape if shape.geom_type == "Point" else shape.representative_point()
            lats[row], lons[row] = point.y, point.x if -180 <= point.x <= 180 else (point.x + 180) % 360 - 180  # noqa: PLR2004  # degrees


def _fill_doc_ids(columns: dict[str, list[Any]]) -> None:
    doc_ids = columns["doc_ids"]
    for row, sources in enumerate(columns["sources"]):
        if sources and not doc_ids[row]:
            doc_ids[row] = list(dict.fromkeys(str(source["report"]) for source in sources if source.get("report")))


def _fill_ids(columns: dict[str, list[Any]]) -> None:
    """A hash of the row; equal rows are told apart by how often they came before."""
    ids = columns["incident_id"]
    told = [name for name in COLUMNS if name not in ("incident_id", "geometry")]
    seen: dict[str, int] = {}
    for row, value in enumerate(ids):
        if value:
            continue
        text = json.dumps([columns[name][row] for name in told], default=str, ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        ids[row] = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def dtype(kind: str) -> Any:  # noqa: ANN401
    """The dtype of a column of that kind."""
    return {"text": "str", "date": "datetime64[s]", "integer": "Int64", "number": "float64"}.get(kind, object)


# --- faults -----------------------------------------------------------------------------------------------------------


def _is_kind(series: pd.Series, kind: str) -> bool:
    from pandas.api import types  # noqa: PLC0415  # heavy

    if kind == "geometry":
        return str(series.dtype) == "geometry"
    if kind == "text":
        return bool(types.is_string_dtype(series.dtype)) and not series.isna().any()
    tests = {"date": types.is_datetime64_any_dtype, "integer": types.is_integer_dtype, "number": types.is_float_dtype}
    return bool(tests.get(kind, types.is_object_dtype)(series.dtype))


def plain(series: pd.Series, kind: str) -> list[Any]:
    """A column's values as Python's own: ISO text for days, None for what is unknown."""
    values: list[Any] = series.tolist()
    if kind == "date":
        return [None if _missing(value) else value.date().isoformat() for value in values]
    if kind in ("integer", "number", "geometry"):
        return [None if _missing(value) else value for value in values]
    return values


def _one_of(known: Sequence[str]) -> Callable[[str], bool]:
    return lambda value: value == "" or value in known


def _is_country(codes: Any) -> bool:  # noqa: ANN401
    return _is_texts(codes) and all(len(code) == 2 and code.isascii() and code.isupper() for code in codes)  # noqa: PLR2004  # alpha-2


def _is_texts(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _is_records(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, list) and all(isinstance(part, dict) for part in value)


def _is_source(value: Any) -> bool:  # noqa: ANN401
    return _is_records(value) and all("report" in part and "evidence" in part for part in value)


def _ordered(low: Any, high: Any) -> bool:  # noqa: ANN401
    return low is None or high is None or low <= high


_RULES: tuple[tuple[tuple[str, ...], str, Callable[..., bool]], ...] = (
    (("incident_id",), "is empty", lambda value: value != ""),
    (("date_precision",), f"is none of {', '.join(DATE_PRECISIONS)}", _one_of(DATE_PRECISIONS)),
    (("geo_precision",), f"is none of {', '.join(GEO_PRECISIONS)}", _one_of(GEO_PRECISIONS)),
    (("status",), f"is none of {', '.join(STATUSES)}", _one_of(STATUSES)),
    (("country",), "is no list of ISO 3166-1 alpha-2 codes", _is_country),
    (("actors",), "is no list of texts", _is_texts),
    (("targets",), "is no list of texts", _is_texts),
    (("weapons",), "is no list of texts", _is_texts),
    (("doc_ids",), "is no list of texts", _is_texts),
    (("sources",), "is no list of objects with report and evidence", _is_source),
    (("alternatives",), "is no list of objects", _is_records),
    (("reasons",), "is no object", lambda value: isinstance(value, dict)),
    (("original",), "is no object", lambda value: isinstance(value, dict)),
    (("date_start", "date_end"), "ends before it starts", _ordered),
    (("date_start", "date_end"), "has one day but not the other", lambda a, b: (a is None) == (b is None)),
    (("lat",), "is not between -90 and 90", lambda value: value is None or -90 <= value <= 90),  # noqa: PLR2004  # degrees
    (("lon",), "is not between -180 and 180", lambda value: value is None or -180 <= value <= 180),  # noqa: PLR2004  # degrees
    (("lat", "lon"), "has one coordinate but not the other", lambda a, b: (a is None) == (b is None)),
    (("geometry", "lat"), "has a geometry but no point, or the reverse", lambda a, b: (a is None) == (b is None)),
    (("geometry",), "is empty", lambda value: value is None or not value.is_empty),
    (("radius_m",), "is negative", lambda value: value is None or value >= 0),
    (("confidence",), "is not between 0 and 1", lambda value: value is None or 0 <= value <= 1),
    (("event_count",), "is below 1", lambda value: value is not None and value >= 1),
    (("fatalities_min",), "is negative", lambda value: value is None or value >= 0),
    (("injured_min",), "is negative", lambda value: value is None or value >= 0),
    (("fatalities_min", "fatalities_max"), "has more at least than at most", _ordered),
    (("injured_min", "injured_max"), "has more at least than at most", _ordered),
)
"""Columns, what is wrong where the rule does not hold, and the rule over one row's plain values."""


def _broken(
    columns: Mapping[str, list[Any]], names: tuple[str, ...], told: str, rule: Callable[..., bool]
) -> Iterator[str]:
    rows = [row for row, values in enumerate(zip(*(columns[name] for name in names), strict=True)) if not rule(*values)]
    if rows:
        value = ", ".join(str(columns[name][rows[0]])[:60] for name in names)
        yield f"{' and '.join(names)}: {value!r} in row {rows[0] + 1}{_more(rows)} {told}"


def _repeated(ids: Sequence[str]) -> list[str]:
    seen: set[str] = set()
    rows = []
    for row, value in enumerate(ids):
        if value in seen:
            rows.append(row)
        seen.add(value)
    return [f"incident_id: {ids[rows[0]][:60]!r} in row {rows[0] + 1}{_more(rows)} was there before"] if rows else []


def _more(rows: Sequence[int]) -> str:
    return f" (and {len(rows) - 1} more)" if len(rows) > 1 else ""


def _raise(faults: Sequence[str]) -> None:
    if faults:
        hidden = f"; and {len(faults) - _MOST_FAULTS} more faults" if len(faults) > _MOST_FAULTS else ""
        raise SchemaError("; ".join(faults[:_MOST_FAULTS]) + hidden)
