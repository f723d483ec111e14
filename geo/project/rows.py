"""An incident as a plain mapping (a record, as `schema.records` gives it), as a row of SQL, and as JSON."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Any

from geo import schema
from geo.project.geopackage import GEOMETRY, blob, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import shapely

Record = dict[str, Any]
"""The columns of the incident table: days are ISO texts, the geometry is shapely's, unknown numbers are None."""

TYPES = {"integer": "INTEGER", "number": "REAL", "date": "DATE"}
"""SQL types by kind of column; all others are text, lists joined with `;`, objects as JSON."""
COLUMNS = {name: TYPES.get(column.kind, "TEXT") for name, column in schema.COLUMNS.items() if name != "geometry"}
"""The columns of the incident table beside the geometry, and their SQL types."""


def clean_record(told: Mapping[str, Any]) -> Record:
    """A record whose every value is of its column's kind; what is not is unknown."""
    return {name: _value(column.kind, told.get(name)) for name, column in schema.COLUMNS.items()}


def _value(kind: str, cell: Any) -> Any:  # noqa: ANN401  # any cell of any file
    (value,) = schema.read_cells("", kind, [cell], [])
    if value is None:
        return {"text": "", "texts": [], "records": [], "object": {}}.get(kind)
    return value.isoformat() if isinstance(value, dt.date) else value


def cells(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record as the cells of a row."""
    told = {name: _cell(schema.COLUMNS[name].kind, record[name]) for name in COLUMNS}
    return {GEOMETRY: blob(record["geometry"]), **told}


def _cell(kind: str, value: Any) -> Any:  # noqa: ANN401
    if kind == "texts":
        return _joined(value)
    if kind in ("records", "object"):
        return dump(value) if value else ""
    return value


def _joined(parts: list[str]) -> str:
    """As flat formats join lists; a list with a part that would not come back is JSON."""
    plain = all(part and part == part.strip() and schema.SEPARATOR not in part for part in parts)
    return schema.SEPARATOR.join(parts) if plain and not "".join(parts[:1]).startswith("[") else dump(parts)


def record_of(row: Mapping[str, Any]) -> Record:
    """The record in a row; what another program left there of the wrong kind is unknown."""
    return clean_record({**{name: row[name] for name in COLUMNS}, "geometry": shape_of(row[GEOMETRY])})


def dump(value: Any) -> str:  # noqa: ANN401
    """One line of JSON, every letter as itself."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def to_json(record: Mapping[str, Any]) -> str:
    """A record as JSON, its geometry as WKB in hexadecimal digits."""
    return dump({**record, "geometry": to_wkb(record["geometry"])})


def from_json(text: str) -> Record:
    """The record of `to_json`."""
    told = json.loads(text)
    return clean_record({**told, "geometry": from_wkb(told.get("geometry"))})


def to_wkb(shape: shapely.Geometry | None) -> str | None:
    """A geometry as WKB in hexadecimal digits."""
    import shapely  # noqa: PLC0415  # heavy

    return None if shape is None else str(shapely.to_wkb(shape, hex=True))


def from_wkb(digits: Any) -> shapely.Geometry | None:  # noqa: ANN401  # a value of JSON
    """The geometry of `to_wkb`; None for what is none."""
    import shapely  # noqa: PLC0415  # heavy

    try:
        return shapely.from_wkb(digits) if isinstance(digits, str) else None
    except shapely.errors.ShapelyError:
        return None


def telling_key(source: Mapping[str, Any]) -> str:
    """What tells one telling of an incident from its others: the report and where in it, or its words."""
    where = source.get("span") or source.get("evidence")
    return hashlib.sha256(dump([source.get("report"), where, source.get("trigger")]).encode()).hexdigest()[:12]


def doc_ids(sources: Iterable[Mapping[str, Any]]) -> list[str]:
    """The reports of these tellings, each once."""
    return list(dict.fromkeys(str(source["report"]) for source in sources if source.get("report")))
