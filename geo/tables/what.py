"""A chunk's types of events, its sides and its numbers of people."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from geo import schema
from geo.events import TYPE_OF
from geo.tables import cells, counts
from geo.tables.countries import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.tables.rows import Rows

_SUB_TYPES = {sub.casefold(): sub for sub in TYPE_OF}
_TYPES = {event.casefold(): event for event in TYPE_OF.values()}
_BETWEEN = "\x1f"


def columns(rows: Rows) -> Mapping[str, Any]:
    """event_type, sub_event_type, actors, targets, weapons and the counts."""
    return {
        **_types(rows),
        **_parties(rows),
        **_counts(rows, "fatalities"),
        **_counts(rows, "injured"),
        **_status(rows),
    }


# --- types ------------------------------------------------------------------------------------------------------------


def _types(rows: Rows) -> Mapping[str, Any]:
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    told = [pc.fill_null(rows.coded(role), "") for role in ("event_type", "sub_event_type")]
    at, values = cells.distinct(pc.binary_join_element_wise(*told, _BETWEEN))
    cameo = rows.mapping.read.get("types") == "cameo"
    found = [_cameo(value.split(_BETWEEN)[0]) if cameo else _acled(*value.split(_BETWEEN)) for value in values]
    return {
        "event_type": cells.taken([event for event, _ in found], at, pa.string()),
        "sub_event_type": cells.taken([sub for _, sub in found], at, pa.string()),
    }


def _acled(event: str, sub: str) -> tuple[str, str]:
    """ACLED's names in their own spelling; a sub-event type brings its event type; other words stay as they are."""
    sub = _SUB_TYPES.get(sub.casefold(), sub)
    if (not sub or sub.casefold() == event.casefold()) and event.casefold() in _SUB_TYPES:
        sub, event = _SUB_TYPES[event.casefold()], ""
    return _TYPES.get(event.casefold(), event) or TYPE_OF.get(sub, ""), sub


@lru_cache(maxsize=2000)
def _cameo(code: str) -> tuple[str, str]:
    """ACLED's types for a CAMEO code, by its longest beginning that is known; empty where there is no counterpart."""
    codes = _cameo_codes()
    for length in range(len(code), 1, -1):
        if code[:length] in codes:
            return codes[code[:length]]
    return "", ""


@cache
def _cameo_codes() -> Mapping[str, tuple[str, str]]:
    return {row["code"]: (row["event_type"], row["sub_event_type"]) for row in rows_of("cameo.csv")}


# --- sides ------------------------------------------------------------------------------------------------------------


def _parties(rows: Rows) -> Mapping[str, Any]:
    """Lists of who did it, to whom, and with what."""
    actors, targets = [rows.text("actors")], [rows.text("targets")]
    for side in rows.mapping.sides:
        hit = _is_target(rows, side)
        for column in side.columns:
            text = rows.column(column)
            actors.append(_where(~hit, text))
            targets.append(_where(hit, text))
    return {"actors": listed(actors), "targets": listed(targets), "weapons": listed([rows.text("weapons")])}


def _is_target(rows: Rows, side: Any) -> Any:  # noqa: ANN401  # a Side → numpy's mask
    if side.all_targets or not side.code:
        return np.full(len(rows), side.all_targets)
    at, values = cells.distinct(rows.column(side.code))
    return cells.spread([value in side.targets for value in values], at, missing=False, dtype=bool)


def _where(mask: Any, text: Any) -> Any:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    if mask.all():
        return text
    return pc.if_else(pa.array(mask), text, pa.scalar(None, pa.string()))


def listed(columns: list[Any]) -> Any:  # noqa: ANN401
    """The cells of several columns of `;`-joined text as one column of lists."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    text = cells.joined(columns, schema.SEPARATOR, len(columns[0]))
    at, values = cells.distinct(text)
    lists = [
        list(dict.fromkeys(part for one in value.split(schema.SEPARATOR) if (part := one.strip()))) for value in values
    ]
    return pc.coalesce(cells.taken(lists, at, pa.list_(pa.string())), pa.scalar([], pa.list_(pa.string())))


# --- counts -----------------------------------------------------------------------------------------------------------


def _counts(rows: Rows, role: str) -> Mapping[str, Any]:
    """At least and at most, out of one column or two; a cell that is no number is told."""
    low, high = _interval(rows, role)
    for at, bound in enumerate(("min", "max")):
        name = f"{role}_{bound}"
        if rows.has(name):
            found = _interval(rows, name)[at]
            if at == 0:
                low = np.where(np.isnan(found), low, found)
            else:
                high = np.where(np.isnan(found), high, found)
    wrong = low > high
    if wrong.any():
        rows.tell_each(wrong, f"{role}_max", "is less than the least", instead=role)
        low, high = np.where(wrong, np.nan, low), np.where(wrong, np.nan, high)
    return {f"{role}_min": _whole(low), f"{role}_max": _whole(high)}


def _interval(rows: Rows, role: str) -> tuple[Any, Any]:
    column = rows.known(role)
    at, values = cells.distinct(column)
    found = [counts.interval(value) for value in values]
    for index, one in enumerate(found):
        if one is None:
            rows.tell(at == index, role, values[index], "is no number of people")
    pairs = [(np.nan, np.nan) if one is None else one for one in found]
    low, high = ([np.nan if pair[end] is None else float(pair[end] or 0) for pair in pairs] for end in (0, 1))
    return cells.spread(low, at, np.nan, np.float64), cells.spread(high, at, np.nan, np.float64)


def _whole(values: Any) -> Any:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415  # heavy

    return pa.array(values, from_pandas=True).cast(pa.int64())


def _status(rows: Rows) -> Mapping[str, Any]:
    """What the table says of how far a row was checked, where that is one of ours."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    at, values = cells.distinct(rows.coded("status"))
    known = [value.lower() if value.lower() in schema.STATUSES else "machine" for value in values]
    return {"status": pa.array(cells.spread(known, at, "machine", object), pa.string())}
