"""A cell of any file → the value of a kind (`columns.KINDS`)."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from typing import TYPE_CHECKING, Any

from geo.schema.columns import KINDS, SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

_BAD_CHARACTERS = re.compile("[\x00\ud800-\udfff]")
_DAY = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?\s*\Z", re.DOTALL)
_MISSING_WORDS = frozenset(["", "nan", "nat", "none", "null", "<na>"])


def cells(frame: Mapping[str, pd.Series], name: str, count: int) -> list[Any]:
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
        faults.append(f"{name}: {first!r} in row {wrong[0] + 1}{more(wrong)} is not {KINDS[kind]}")
    return result


def is_missing(value: Any) -> bool:  # noqa: ANN401  # any cell of any file
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
    return "" if is_missing(value) else clean(str(value))


def _texts(value: Any) -> list[str]:  # noqa: ANN401
    if is_missing(value):
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
    return None if is_missing(value) else clean(str(value))


def _records(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    value = _json(value) if isinstance(value, str) and value.strip() else value
    if is_missing(value) or isinstance(value, str):
        return []
    parts = [_cleaned(part) for part in value]
    if isinstance(value, dict) or not all(isinstance(part, dict) for part in parts):
        raise TypeError
    return parts


def _object(value: Any) -> dict[str, Any]:  # noqa: ANN401
    value = _json(value) if isinstance(value, str) and value.strip() else value
    if is_missing(value) or isinstance(value, str):
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
    if is_missing(value):
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
    elif is_missing(value):
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
    if is_missing(value):
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


def more(rows: Sequence[int]) -> str:
    """How many rows there are beside the first, in brackets."""
    return f" (and {len(rows) - 1} more)" if len(rows) > 1 else ""
