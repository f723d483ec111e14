"""What must hold in an incident table, looked at by whole columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.schema import arrow
from geo.schema.cells import more
from geo.schema.columns import COLUMNS, CRS, DATE_PRECISIONS, GEO_PRECISIONS, KINDS, STATUSES
from geo.schema.faults import throw
from geo.schema.table import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd


def validate(incidents: pd.DataFrame) -> None:
    """Look at whole columns and say all that is wrong at once.

    Raises:
        SchemaError: with every fault, the first rows of each named.
    """
    faults = [f"column {name} is missing" for name in COLUMNS if name not in incidents]
    faults += [
        f"column {name} is not {KINDS[COLUMNS[name].kind]}"
        for name in COLUMNS
        if name in incidents and not _is_kind(incidents[name], COLUMNS[name].kind)
    ]
    if not faults:
        if incidents.crs is None or incidents.crs.to_epsg() != 4326:  # noqa: PLR2004  # the EPSG code of CRS
            faults.append(f"the coordinate system is {incidents.crs}, not {CRS}")
        faults += [fault for names, told, rule in _RULES for fault in _broken(incidents, names, told, rule)]
    throw(faults)


def _is_kind(series: pd.Series, kind: str) -> bool:
    from pandas.api import types  # noqa: PLC0415  # heavy

    if kind == "geometry":
        return str(series.dtype) == "geometry"
    if kind == "text":
        return bool(types.is_string_dtype(series.dtype)) and not series.isna().any()
    if arrow.is_nested(series, kind):
        return True
    tests = {"date": types.is_datetime64_any_dtype, "integer": types.is_integer_dtype, "number": types.is_float_dtype}
    return bool(tests.get(kind, types.is_object_dtype)(series.dtype))


# --- rules: columns → a mask of the rows in which they hold -----------------------------------------------------------


def _one_of(known: Sequence[str]) -> Callable[[pd.Series], Any]:
    return lambda values: values.isin(["", *known])


def _each(test: Callable[[Any], bool]) -> Callable[[pd.Series], Any]:
    """A test of each Python value; what is kept in Arrow was made to be so."""
    return lambda values: values.map(test) if values.dtype == object else ~values.isna()


def _are_countries(values: pd.Series) -> Any:  # noqa: ANN401
    if values.dtype != object and all(map(_is_country, arrow.distinct(values))):
        return ~values.isna()
    return [_is_texts(codes) and all(map(_is_country, codes)) for codes in arrow.to_list(values)]


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isascii() and code.isupper()  # noqa: PLR2004  # alpha-2


def _is_texts(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _is_records(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, list) and all(isinstance(part, dict) for part in value)


def _is_source(value: Any) -> bool:  # noqa: ANN401
    return _is_records(value) and all("report" in part and "evidence" in part for part in value)


def _is_object(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, dict)


def _ordered(low: pd.Series, high: pd.Series) -> Any:  # noqa: ANN401
    return low.isna() | high.isna() | (low <= high).fillna(value=True)


def _both(one: pd.Series, other: pd.Series) -> Any:  # noqa: ANN401
    return one.isna() == other.isna()


def _within(low: float, high: float) -> Callable[[pd.Series], Any]:
    return lambda values: values.isna() | values.between(low, high).fillna(value=True)


_RULES: tuple[tuple[tuple[str, ...], str, Callable[..., Any]], ...] = (
    (("incident_id",), "is empty", lambda values: values != ""),
    (("incident_id",), "was there before", lambda values: ~values.duplicated()),
    (("date_precision",), f"is none of {', '.join(DATE_PRECISIONS)}", _one_of(DATE_PRECISIONS)),
    (("geo_precision",), f"is none of {', '.join(GEO_PRECISIONS)}", _one_of(GEO_PRECISIONS)),
    (("status",), f"is none of {', '.join(STATUSES)}", _one_of(STATUSES)),
    (("country",), "is no list of ISO 3166-1 alpha-2 codes", _are_countries),
    (("actors",), "is no list of texts", _each(_is_texts)),
    (("targets",), "is no list of texts", _each(_is_texts)),
    (("weapons",), "is no list of texts", _each(_is_texts)),
    (("doc_ids",), "is no list of texts", _each(_is_texts)),
    (("sources",), "is no list of objects with report and evidence", _each(_is_source)),
    (("alternatives",), "is no list of objects", _each(_is_records)),
    (("reasons",), "is no object", _each(_is_object)),
    (("original",), "is no object", _each(_is_object)),
    (("date_start", "date_end"), "ends before it starts", _ordered),
    (("date_start", "date_end"), "has one day but not the other", _both),
    (("lat",), "is not between -90 and 90", _within(-90, 90)),
    (("lon",), "is not between -180 and 180", _within(-180, 180)),
    (("lat", "lon"), "has one coordinate but not the other", _both),
    (("geometry", "lat"), "has a geometry but no point, or the reverse", _both),
    (("geometry",), "is empty", lambda shapes: ~shapes.is_empty),
    (("radius_m",), "is negative", _within(0, float("inf"))),
    (("confidence",), "is not between 0 and 1", _within(0, 1)),
    (("event_count",), "is below 1", lambda values: (values >= 1).fillna(value=False)),
    (("fatalities_min",), "is negative", _within(0, float("inf"))),
    (("injured_min",), "is negative", _within(0, float("inf"))),
    (("fatalities_min", "fatalities_max"), "has more at least than at most", _ordered),
    (("injured_min", "injured_max"), "has more at least than at most", _ordered),
)
"""Columns, what is wrong where the rule does not hold, and the rule over the columns."""


def _broken(incidents: pd.DataFrame, names: tuple[str, ...], told: str, rule: Callable[..., Any]) -> Iterator[str]:
    import numpy as np  # noqa: PLC0415  # heavy

    held = np.asarray(rule(*(incidents[name] for name in names)), dtype=bool)
    rows = (~held).nonzero()[0].tolist()
    if rows:
        first = incidents.iloc[rows[:1]]
        value = ", ".join(str(plain(first[name], COLUMNS[name].kind)[0])[:60] for name in names)
        yield f"{' and '.join(names)}: {value!r} in row {rows[0] + 1}{more(rows)} {told}"
