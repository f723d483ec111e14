"""A chunk's sources, ids, and what of its cells the incident does not carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geo import schema
from geo.tables import cells, days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo.tables.rows import Rows

_CARRIERS = {
    "incident_id": "incident_id", "place": "place_text", "admin1": "admin1", "country": "country_name",
    "event_type": "event_type", "sub_event_type": "sub_event_type", "status": "status", "time": "time",
    "date_end": "date_end", "lat": "lat", "lon": "lon",
    "fatalities": "fatalities_min", "injured": "injured_min", "fatalities_min": "fatalities_min",
    "fatalities_max": "fatalities_max", "injured_min": "injured_min", "injured_max": "injured_max",
}  # fmt: skip
"""The column of the incident table that says what a role's column does, where it says it in the same words."""
_FACTOR = 1_000_003


# --- sources ----------------------------------------------------------------------------------------------------------


def sources(rows: Rows, name: str) -> Mapping[str, Any]:
    """One record for each publisher or address of a row; the first has what was told, as evidence."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    report = pc.binary_join_element_wise(f"{name}#", pa.array(rows.chunk.rows).cast(pa.string()), "")
    publishers, urls = _parts(rows, "publisher"), _parts(rows, "url")
    count = np.maximum(1, np.maximum(_lengths(publishers), _lengths(urls)))
    row, nth = _exploded(count)
    first = pa.array(nth == 0)
    evidence = pc.fill_null(pc.coalesce(rows.text("text"), rows.text("place")), "")
    records = pa.StructArray.from_arrays(
        [
            report.take(pa.array(row)),
            _nth(publishers, row, nth),
            _nth(urls, row, nth),
            pc.if_else(first, _published(rows).take(pa.array(row)), pa.scalar(None, pa.string())),
            pc.if_else(first, evidence.take(pa.array(row)), ""),
        ],
        ["report", "publisher", "url", "published", "evidence"],
    )
    offsets = pa.array(np.concatenate([[0], np.cumsum(count)]), pa.int32())
    one_each = pa.array(np.arange(len(rows) + 1), pa.int32())
    return {
        "sources": pa.ListArray.from_arrays(offsets, records),
        "doc_ids": pa.ListArray.from_arrays(one_each, report),
    }


def _parts(rows: Rows, role: str) -> Any:  # noqa: ANN401
    """The `;`-joined parts of every column of a role, a list for each row."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    columns = [rows.column(name) for name in rows.mapping.columns.get(role, ())]
    if role == "publisher":  # the first that is there; addresses are all kept
        columns = [cells.first_filled(columns, len(rows))]
    lists = pc.split_pattern_regex(cells.joined(columns, schema.SEPARATOR, len(rows)), r"\s*;\s*")
    return pc.coalesce(lists, pa.scalar([], pa.list_(pa.string())))


def _lengths(lists: Any) -> NDArray[np.int64]:  # noqa: ANN401
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    return pc.list_value_length(lists).to_numpy().astype(np.int64)  # type: ignore[no-any-return]


def _exploded(count: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The row of each record, and the how-manieth of the row it is."""
    row = np.repeat(np.arange(len(count)), count)
    starts = np.concatenate([[0], np.cumsum(count)[:-1]]) if len(count) else np.empty(0, np.int64)
    return row, np.arange(len(row)) - starts[row]


def _nth(lists: Any, row: NDArray[np.int64], nth: NDArray[np.int64]) -> Any:  # noqa: ANN401
    """The nth part of the row's list, "" where it has fewer."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    flat = lists.flatten()
    offsets = lists.offsets.to_numpy().astype(np.int64)
    offsets = offsets - offsets[0]
    there = nth < np.diff(offsets)[row]
    at = np.where(there, offsets[row] + nth, 0)
    return pc.fill_null(flat.take(pa.array(at, mask=~there)), "") if len(flat) else pa.array([""] * len(row))


def _published(rows: Rows) -> Any:  # noqa: ANN401
    """The day it was told, as ISO text; null where the cell is no one day."""
    order = rows.mapping.read.get("date_order", "")

    def day(cell: str) -> str:
        found = days.read(cell, order)
        return "" if isinstance(found, str) or found[0] != found[1] else found[0].isoformat()

    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    told = cells.mapped(rows.known("published"), day)
    return pc.if_else(pc.equal(told, ""), pa.scalar(None, pa.string()), told)


# --- what is left -----------------------------------------------------------------------------------------------------


def original(rows: Rows, columns: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Every cell that the incident does not carry as it stands: codes, other spellings, other columns."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    carried = _carriers(rows, columns)
    kept = {}
    for name in rows.chunk.cells.column_names:
        column = cells.whole(rows.chunk.cells.column(name))
        column = _without_same(column, carried[name]) if name in carried else column
        if column.null_count < len(column):
            kept[name] = column
    if not kept:
        return pa.nulls(len(rows), pa.struct([]))
    return pa.StructArray.from_arrays(list(kept.values()), list(kept))


def _carriers(rows: Rows, columns: Mapping[str, Any]) -> dict[str, Any]:
    """The text of the incident's column that each column of the table went into."""
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    found = {}
    for role, column in _CARRIERS.items():
        if rows.has(role) and column in columns:
            found[rows.mapping.first(role)] = columns[column]
    for role in ("text", "url", "actors", "targets", "weapons"):
        if rows.has(role):
            found[rows.mapping.first(role)] = rows.column(rows.mapping.first(role))
    for name in rows.mapping.carried:
        found[name] = rows.column(name)
    if rows.has("date") and not rows.mapping.read.get("date_order"):  # such days could be read in one way only
        exact = pc.equal(columns["date_precision"], "day")
        found[rows.mapping.first("date")] = pc.if_else(exact, rows.column(rows.mapping.first("date")), None)
    publisher = rows.mapping.first("publisher")
    if publisher:
        found[publisher] = pc.replace_substring_regex(rows.column(publisher), r"\s*;\s*", "; ")
    return found


def _without_same(column: Any, carrier: Any) -> Any:  # noqa: ANN401
    """Null where the incident says the same."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    carrier = cells.whole(carrier)
    if pa.types.is_floating(carrier.type):
        try:
            same = pc.equal(column.cast(pa.float64()), carrier)
        except pa.ArrowInvalid:
            return column
    else:
        same = pc.equal(column, carrier.cast(pa.string()))
    return pc.if_else(pc.fill_null(same, fill_value=False), pa.scalar(None, pa.string()), column)


# --- ids --------------------------------------------------------------------------------------------------------------


class Ids:
    """Gives every row an id of its own: the table's, else one made of the row's cells."""

    def __init__(self) -> None:
        self._seen: list[NDArray[np.uint64]] = []  # sorted, each longer than the next
        self._counts: dict[int, int] = {}

    def of(self, rows: Rows) -> Any:  # noqa: ANN401  # Arrow's
        """The ids of a chunk; one that was there before is told, and replaced."""
        import pyarrow as pa  # noqa: PLC0415  # heavy
        import pyarrow.compute as pc  # noqa: PLC0415  # heavy

        told = rows.text("incident_id")
        lacking = told.is_null().to_numpy(zero_copy_only=False)
        again = ~lacking & self._again(_hashed(told))
        if again.any():
            rows.tell_each(again, "incident_id", "was there before; the row got another id")
        new = lacking | again
        if not new.any():
            return told
        made = np.full(len(rows), None, dtype=object)
        made[new] = self._made(rows, new)
        return pc.if_else(pa.array(new), pa.array(made, pa.string()), told)

    def _again(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Which were there before, here or in an earlier chunk."""
        order = np.argsort(hashes, kind="stable")
        new = hashes[order]
        repeated = np.zeros(len(hashes), bool)
        repeated[order[1:]] = new[1:] == new[:-1]
        for old in self._seen:
            repeated |= old[np.minimum(np.searchsorted(old, hashes), len(old) - 1)] == hashes
        while self._seen and len(self._seen[-1]) <= len(new):
            new = np.sort(np.concatenate([self._seen.pop(), new]), kind="stable")
        self._seen += [new] * bool(len(new))
        return repeated

    def _made(self, rows: Rows, new: NDArray[np.bool_]) -> list[str]:
        """An id from the cells of each row; equal rows are told apart by how often they came before."""
        mixed = np.zeros(int(new.sum()), np.uint64)
        for name in rows.chunk.cells.column_names:
            column = cells.whole(rows.chunk.cells.column(name)).filter(new)
            mixed = mixed * np.uint64(_FACTOR) ^ _hashed(column)
        again = self._again(mixed)
        return [
            self._told_apart(value) if twice else f"{value:016x}"
            for value, twice in zip(mixed.tolist(), again, strict=True)
        ]

    def _told_apart(self, value: int) -> str:
        count = self._counts[value] = self._counts.get(value, 1) + 1
        return f"{value:016x}-{count}"


def _hashed(column: Any) -> NDArray[np.uint64]:  # noqa: ANN401
    """A number for each text, the same in every run; 0 for null."""
    from pandas.util import hash_array  # noqa: PLC0415  # heavy

    at, values = cells.distinct(column)
    return cells.spread(hash_array(np.array(values, dtype=object), categorize=False), at, 0, np.uint64)  # type: ignore[no-any-return]
