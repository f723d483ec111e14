"""Columns of text, worked on once for each distinct value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from geo.tables import names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

_T = TypeVar("_T")
Array = Any
"""An Arrow array: pyarrow publishes no types."""


def whole(column: Array) -> Array:
    """A column in one piece."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def trimmed(column: Array) -> Array:
    """Without white space round the cells and without the quote that keeps a formula from being one; null if blank."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    text = pc.utf8_trim_whitespace(whole(column))
    if pc.any(pc.starts_with(text, "'")).as_py():
        text = pc.replace_substring_regex(text, r"^'([-=+@])", r"\1")
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def distinct(column: Array) -> tuple[NDArray[np.int64], list[str]]:
    """The index of each cell's value, -1 for null, and the values."""
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    encoded = whole(column).dictionary_encode()
    at = pc.fill_null(encoded.indices, -1).to_numpy().astype(np.int64)
    return at, encoded.dictionary.to_pylist()


def spread(found: Sequence[_T], at: NDArray[np.int64], missing: _T, dtype: Any) -> Any:  # noqa: ANN401  # numpy's
    """What was found for each distinct value, for each row again."""
    values = np.empty(len(found) + 1, dtype=dtype)
    values[:-1] = found
    values[-1] = missing
    return values[at]


def taken(values: Sequence[Any], at: NDArray[np.int64], kind: Any) -> Array:  # noqa: ANN401  # Arrow's type
    """The same as an Arrow array; null where `at` is -1."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    return pa.array(values, kind).take(pa.array(at, mask=at < 0))


def mapped(column: Array, read: Callable[[str], str]) -> Array:
    """A column of text with each distinct value read; null stays."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    at, values = distinct(column)
    return taken([read(value) for value in values], at, pa.string())


def is_missing(value: str) -> bool:
    """Whether a cell says that there is nothing in it."""
    return value.strip().lower() in names.missing_words()


def first_filled(columns: Sequence[Array], count: int) -> Array:
    """The first that is not blank, of each row."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    return pc.coalesce(*columns) if columns else pa.nulls(count, pa.string())


def joined(columns: Sequence[Array], separator: str, count: int) -> Array:
    """The filled cells of each row, joined; null where there is none."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    text = pa.nulls(count, pa.string())
    for column in columns:
        if column.null_count < len(column):
            both = pc.binary_join_element_wise(text, column, separator)  # null where one of them is
            text = pc.coalesce(both, text, column)
    return text
