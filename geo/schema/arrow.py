"""Arrow arrays as columns of the incident table: a million rows of lists and objects without a Python object each.

Lists of texts stay Arrow's lists. Objects and records are kept as JSON text of Arrow's type `json`, which is made here
alone: whoever meets that type knows the text to be JSON. `table.plain` reads it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

_SAMPLE, _RECURS = 10_000, 0.5
"""Texts are escaped once each where fewer than this share of so many are different."""
_ESCAPED = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))


def is_arrow(values: Any) -> bool:  # noqa: ANN401  # pyarrow publishes no types
    """Whether this is an array of Arrow's, whole or in chunks."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    return isinstance(values, (pa.Array, pa.ChunkedArray))


def column(values: Any, kind: str) -> pd.Series:  # noqa: ANN401
    """An Arrow array as a column of that kind, unknown where it is null.

    Texts may be of any string type, lists hold texts, records are lists of structs, an object is a struct; a field of
    a struct that is null is left out. Days are dates or timestamps.

    Raises:
        pyarrow.ArrowException: values that are not of the kind.
    """
    import pyarrow as pa  # noqa: PLC0415  # heavy

    if isinstance(values, pa.Array):
        values = pa.chunked_array([values])
    return _COLUMNS[kind](values.combine_chunks() if values.num_chunks != 1 else values.chunk(0))


def settled(series: pd.Series, kind: str) -> bool:
    """Whether a column's storage is of the kind already, so that no cell has to be read."""
    name = str(series.dtype)
    if kind == "text":
        return name == "str" and not series.isna().any() and not series.str.contains("\x00", regex=False).any()
    if kind == "date":
        return name == "datetime64[s]" and bool((series.isna() | (series == series.dt.normalize())).all())
    if kind == "number":
        return name == "float64" and not series.isin([float("inf"), float("-inf")]).any()
    return is_nested(series, kind) or (kind == "integer" and name == "Int64")


def is_nested(series: pd.Series, kind: str) -> bool:
    """Whether these are lists, records or objects in Arrow's storage."""
    name = str(series.dtype)
    if kind == "texts":
        return name.startswith("list<") and "string" in name and not series.isna().any()
    return kind in ("records", "object") and is_json(series) and not series.isna().any()


def is_json(series: pd.Series) -> bool:
    """Whether the column is text that is known to be JSON."""
    return str(series.dtype) == "extension<arrow.json>[pyarrow]"


def to_list(series: pd.Series) -> list[Any]:
    """A column's lists, by Arrow's own way where they are Arrow's."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    found: list[Any] = series.tolist() if series.dtype == object else pa.array(series).to_pylist()
    return found


def distinct(series: pd.Series) -> list[str]:
    """The different texts in a column of Arrow's lists."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    found: list[str] = pc.list_flatten(pa.array(series)).unique().to_pylist()
    return found


def filled(count: int, kind: str) -> pd.Series:
    """A column in which everything is unknown."""
    import pandas as pd  # noqa: PLC0415  # heavy
    import pyarrow as pa  # noqa: PLC0415  # heavy

    if kind == "texts":
        return _extended(pa.ListArray.from_arrays(pa.array([0] * (count + 1), pa.int32()), pa.array([], pa.string())))
    if kind in ("records", "object"):
        return _json(pa.repeat("[]" if kind == "records" else "{}", count))
    value: Any = "" if kind == "text" else None
    dtypes = {"text": "str", "date": "datetime64[s]", "integer": "Int64", "number": "float64"}
    return pd.Series([value], dtype=dtypes[kind]).repeat(count).reset_index(drop=True)


# --- of each kind -----------------------------------------------------------------------------------------------------


def _text(values: Any) -> pd.Series:  # noqa: ANN401
    import pandas as pd  # noqa: PLC0415  # heavy

    return pd.Series(pd.array(_plain_text(values).fill_null(""), dtype="str"))


def _plain_text(values: Any) -> Any:  # noqa: ANN401
    """Strings without NUL, which no file format can hold."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    values = values.cast(pa.string())
    return pc.replace_substring(values, "\x00", "\ufffd") if _has(values, "\x00") else values


def _has(values: Any, part: str) -> bool:  # noqa: ANN401
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    return bool(pc.any(pc.match_substring(values, part)).as_py())


def _texts(values: Any) -> pd.Series:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    values = pc.coalesce(values, pa.scalar([], values.type))
    parts = _plain_text(values.flatten())
    offsets = pc.subtract(values.offsets, values.offsets[0]).cast(pa.int32())
    if not parts.null_count:
        return _extended(pa.ListArray.from_arrays(offsets, parts))
    known = pc.is_valid(parts)
    before = pa.concat_arrays([pa.array([0], pa.int64()), pc.cumulative_sum(known.cast(pa.int64()))])
    return _extended(pa.ListArray.from_arrays(before.take(offsets).cast(pa.int32()), parts.filter(known)))


def _date(values: Any) -> pd.Series:  # noqa: ANN401
    import pandas as pd  # noqa: PLC0415  # heavy
    import pyarrow as pa  # noqa: PLC0415  # heavy

    return pd.Series(values.cast(pa.date32(), safe=False).cast(pa.timestamp("s")).to_numpy(zero_copy_only=False))


def _integer(values: Any) -> pd.Series:  # noqa: ANN401
    import pandas as pd  # noqa: PLC0415  # heavy
    import pyarrow as pa  # noqa: PLC0415  # heavy

    whole = pa.chunked_array([values.cast(pa.int64())])
    return whole.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)


def _number(values: Any) -> pd.Series:  # noqa: ANN401
    import pandas as pd  # noqa: PLC0415  # heavy
    import pyarrow as pa  # noqa: PLC0415  # heavy

    return pd.Series(values.cast(pa.float64()).to_numpy(zero_copy_only=False))


def _nested(values: Any) -> pd.Series:  # noqa: ANN401
    return _json(json_text(values))


def _geometry(values: Any) -> pd.Series:  # noqa: ANN401
    import pandas as pd  # noqa: PLC0415  # heavy
    import shapely  # noqa: PLC0415  # heavy

    return pd.Series(shapely.from_wkb(values.to_numpy(zero_copy_only=False)), dtype=object)


def _extended(array: Any) -> pd.Series:  # noqa: ANN401
    import pandas as pd  # noqa: PLC0415  # heavy

    return pd.Series(pd.arrays.ArrowExtensionArray(array))


def _json(text: Any) -> pd.Series:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415  # heavy

    return _extended(pa.ExtensionArray.from_storage(pa.json_(pa.string()), text))


_COLUMNS: dict[str, Callable[[Any], pd.Series]] = {
    "text": _text,
    "texts": _texts,
    "records": _nested,
    "object": _nested,
    "date": _date,
    "integer": _integer,
    "number": _number,
    "geometry": _geometry,
}


# --- JSON text --------------------------------------------------------------------------------------------------------


def json_text(values: Any) -> Any:  # noqa: ANN401
    """Each struct, list, text or number of an Arrow array as compact JSON; a null struct is {}, a null list []."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    if pa.types.is_struct(values.type):
        return _objects(values).fill_null("{}")
    if pa.types.is_list(values.type) or pa.types.is_large_list(values.type):
        return _lists(values)
    if pa.types.is_boolean(values.type) or pa.types.is_integer(values.type):
        return values.cast(pa.string())
    if pa.types.is_floating(values.type):
        return pc.if_else(pc.is_finite(values), values, pa.scalar(None, values.type)).cast(pa.string())
    return _quoted(_plain_text(values))


def _objects(values: Any) -> Any:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    fields = [
        pc.binary_join_element_wise("," + json.dumps(field.name, ensure_ascii=False), json_or_null(part), ":")
        for field, part in zip(values.type, values.flatten(), strict=True)
    ]
    if not fields:
        return pa.repeat("{}", len(values))
    whole = pc.binary_join_element_wise("{", *(field.fill_null("") for field in fields), "}", "")
    whole = pc.replace_substring(whole, "{,", "{", max_replacements=1)  # the first field needs no comma
    return pc.if_else(pc.is_valid(values), whole, pa.scalar(None, pa.string()))


def json_or_null(values: Any) -> Any:  # noqa: ANN401
    """JSON text, null where the value is null."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    return pc.if_else(pc.is_valid(values), json_text(values), pa.scalar(None, pa.string()))


def _lists(values: Any) -> Any:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    values = pc.coalesce(values, pa.scalar([], values.type))
    offsets = pc.subtract(values.offsets, values.offsets[0]).cast(pa.int32())
    parts = json_or_null(values.flatten()).fill_null("null")
    return pc.binary_join_element_wise("[", pc.binary_join(pa.ListArray.from_arrays(offsets, parts), ","), "]", "")


def _quoted(values: Any) -> Any:  # noqa: ANN401
    """Texts as JSON; those that recur are escaped once."""
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    sample = values.slice(0, _SAMPLE)
    if len(sample.unique()) < _RECURS * len(sample):
        recurring = values.dictionary_encode()
        return _quoted(recurring.dictionary).take(recurring.indices)
    if pc.any(pc.match_substring_regex(values, r'[\x00-\x1f"\\]')).as_py():
        for plain, escaped in _ESCAPED:
            values = pc.replace_substring(values, plain, escaped) if _has(values, plain) else values
        if pc.any(pc.match_substring_regex(values, r"[\x00-\x1f]")).as_py():
            values = pc.replace_substring_regex(values, r"[\x00-\x1f]", "\ufffd")
    return pc.binary_join_element_wise('"', values, '"', "")
