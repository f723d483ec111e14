"""A chunk's days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geo import schema
from geo.tables import cells, days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo.tables.rows import Rows

_NONE = np.datetime64("NaT", "D")


def columns(rows: Rows) -> Mapping[str, Any]:
    """date_start, date_end, date_precision and time; a cell that is no day is told."""
    first, last, exact = _read(rows, "date")
    if rows.has("date_end"):
        _, end, _ = _read(rows, "date_end")
        _tell_reversed(rows, first, end)
        later = ~np.isnat(first) & ~np.isnat(end) & (end > last)
        last = np.where(later, end, last)
        exact = np.where(later, _precisions(first, last), exact)
    precision = _by_code(rows, exact)
    precision[np.isnat(first)] = "unknown"
    if not rows.has("date_end"):
        first, last = _widened(first, last, precision)
    import pyarrow as pa  # noqa: PLC0415  # heavy

    return {
        "date_start": pa.array(first),
        "date_end": pa.array(last),
        "date_precision": pa.array(precision, pa.string()),
        "time": rows.text("time"),
    }


def _read(rows: Rows, role: str) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """First and last day, and how exact that is."""
    column = rows.known(role)
    at, values = cells.distinct(column)
    order = rows.mapping.read.get("date_order", "")
    found = [days.read(value, order) for value in values]
    good = [None if isinstance(one, str) else one for one in found]
    for index, reason in enumerate(found):
        if isinstance(reason, str):
            rows.tell(at == index, role, values[index], reason)
    first = cells.spread([_NONE if one is None else np.datetime64(one[0]) for one in good], at, _NONE, "datetime64[D]")
    last = cells.spread([_NONE if one is None else np.datetime64(one[1]) for one in good], at, _NONE, "datetime64[D]")
    exact = cells.spread(["" if one is None else days.precision_of(one) for one in good], at, "", object)
    return first, last, exact


def _tell_reversed(rows: Rows, first: NDArray[Any], end: NDArray[Any]) -> None:
    wrong = ~np.isnat(first) & ~np.isnat(end) & (end < first)
    if wrong.any():
        rows.tell_each(wrong, "date_end", "is before the first day")


def _precisions(first: NDArray[Any], last: NDArray[Any]) -> NDArray[Any]:
    count = (last - first).astype("timedelta64[D]").astype(np.float64) + 1
    names = np.array(["day", "days", "week", "month", "year"], dtype=object)
    return names[np.searchsorted([1, 6, 7, 31], np.nan_to_num(count, nan=1), side="left")]  # type: ignore[no-any-return]


def _by_code(rows: Rows, exact: NDArray[Any]) -> NDArray[Any]:
    """What the codes say, else what the length of the interval does."""
    if not rows.has("date_precision"):
        return exact.copy()
    at, values = cells.distinct(rows.coded("date_precision"))
    known = [value if value in schema.DATE_PRECISIONS else "" for value in values]
    for index, value in enumerate(values):
        if value and not known[index]:
            rows.tell(at == index, "date_precision", value, "is no code that is known")
    coded = cells.spread(known, at, "", object)
    return np.where(coded == "", exact, coded)


def _widened(first: NDArray[Any], last: NDArray[Any], precision: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Single days that stand for a week, a month or a year are the whole of it."""
    alone = ~np.isnat(first) & (first == last) & ~np.isin(precision, ["day", "unknown", ""])
    if not alone.any():
        return first, last
    first, last = first.copy(), last.copy()
    for name in set(precision[alone].tolist()):
        mask = alone & (precision == name)
        found, at = np.unique(first[mask], return_inverse=True)
        wide = [days.widened((day, day), name) for day in found.astype(object)]
        first[mask] = np.array([one[0] for one in wide], "datetime64[D]")[at]
        last[mask] = np.array([one[1] for one in wide], "datetime64[D]")[at]
    return first, last
