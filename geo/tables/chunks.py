"""Rows → chunks of text cells: what is blank is null, what is too long is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.tables.model import MAX_CELL_CHARACTERS, Chunk, Problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def of_rows(rows: Sequence[tuple[int, Sequence[str]]], columns: Sequence[str], problems: Problems) -> Chunk:
    """The chunk of numbered rows of text, each as wide as the header."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    cells = {name: pa.array([row[at] or None for _, row in rows], pa.string()) for at, name in enumerate(columns)}
    numbers = np.array([number for number, _ in rows], np.int64)
    return checked(Chunk(pa.table(cells) if cells else pa.table({}), numbers), problems)


def joined(one: Chunk, other: Chunk) -> Chunk:
    """Both, in order of their rows' numbers."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    if not len(other):
        return one
    cells = pa.concat_tables([one.cells, other.cells.select(one.cells.column_names)])
    numbers = np.concatenate([one.rows, other.rows])
    order = np.argsort(numbers, kind="stable")
    return Chunk(cells.take(order), numbers[order])


def gathered(parts: Iterable[Chunk], *, rows: int, size: int) -> Iterator[Chunk]:
    """The same rows in chunks of so many rows, or of about so many bytes."""
    waiting: list[Chunk] = []
    for part in parts:
        waiting.append(part)
        if sum(map(len, waiting)) >= rows or sum(one.cells.nbytes for one in waiting) >= size:
            yield from _cut(waiting, rows)
            waiting = []
    if waiting:
        yield from _cut(waiting, rows)


def _cut(parts: Sequence[Chunk], rows: int) -> Iterator[Chunk]:
    import pyarrow as pa  # noqa: PLC0415  # heavy

    cells = pa.concat_tables([part.cells for part in parts])
    numbers = np.concatenate([part.rows for part in parts])
    for start in range(0, len(numbers), rows):
        yield Chunk(cells.slice(start, rows), numbers[start : start + rows])


def checked(chunk: Chunk, problems: Problems) -> Chunk:
    """Without the rows that are blank, and without those with a cell that is too long, which are told."""
    return _without_long(_without_blank(chunk), problems)


def _without_blank(chunk: Chunk) -> Chunk:
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    columns = chunk.cells.columns
    if not columns or not len(chunk) or min(column.null_count for column in columns) == 0 or chunk.shapes is not None:
        return chunk
    filled = pc.is_valid(columns[0])
    for column in columns[1:]:
        filled = pc.or_(filled, pc.is_valid(column))
    return chunk if pc.all(filled).as_py() else _filtered(chunk, filled.to_numpy())


def _without_long(chunk: Chunk, problems: Problems) -> Chunk:
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    for name, column in zip(chunk.cells.column_names, chunk.cells.columns, strict=True):
        lengths = pc.binary_length(column)
        if (pc.max(lengths).as_py() or 0) > MAX_CELL_CHARACTERS:
            long = pc.fill_null(pc.greater(pc.utf8_length(column), MAX_CELL_CHARACTERS), fill_value=False).to_numpy()
            for number in chunk.rows[long]:
                problems.add(int(number), name, "", f"has more than {MAX_CELL_CHARACTERS:,} characters; not read")
            return _without_long(_filtered(chunk, ~long), problems) if long.any() else chunk
    return chunk


def _filtered(chunk: Chunk, mask: Any) -> Chunk:  # noqa: ANN401  # numpy or Arrow
    shapes = None if chunk.shapes is None else chunk.shapes[mask]
    return Chunk(chunk.cells.filter(mask), chunk.rows[mask], shapes)


def as_text(column: Any) -> Any:  # noqa: ANN401  # pyarrow publishes no types
    """An Arrow column of any type as strings, null where blank; lists and objects as JSON, bytes left out."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    kind = column.type
    if pa.types.is_dictionary(kind):
        return as_text(column.cast(kind.value_type))
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.nulls(len(column), pa.string())
    if pa.types.is_nested(kind):
        told = [
            None if cell is None else json.dumps(cell, default=str, ensure_ascii=False) for cell in column.to_pylist()
        ]
        return pa.array(told, pa.string())
    if pa.types.is_floating(kind):
        return pc.if_else(pc.is_finite(column), column, pa.scalar(None, kind)).cast(pa.string())
    text = column.cast(pa.string())
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
