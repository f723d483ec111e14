"""Rows of text that Arrow's reader gives up: read line by line, each kept as far as it goes."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

from geo.tables.model import MAX_CELL_CHARACTERS, MAX_ROW_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

_FEWEST_CELLS = 4
"""In a narrower table a line of prose may look like a row."""
_MOST_LINES = 2_000
"""A row of more lines is a quote that was never closed."""

Row = tuple[list[str], str]
"""Cells, and what is wrong with them ("" for nothing)."""


class _Lines:
    """Lines that can be given back, of bounded length; `taken` are those since the last `keep`."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._back: list[str] = []
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _MOST_LINES or sum(map(len, self.taken[-2:])) > MAX_ROW_BYTES:
            raise StopIteration
        line = self._back.pop() if self._back else self._stream.readline(MAX_ROW_BYTES)
        if not line:
            raise StopIteration
        self.taken.append(line)
        return line

    def keep(self, count: int) -> None:
        """The first `count` taken lines are done with, the others come again."""
        self._back += reversed(self.taken[count:])
        self.taken = []


def rows(stream: IO[str], separator: str, width: int) -> Iterator[Row]:
    """The rows of a stream of text (`newline=""`); a row that is not `width` cells wide is cut or filled, and told."""
    lines = _Lines(stream)
    while True:
        reader = csv.reader(lines, delimiter=separator)
        limit = csv.field_size_limit(MAX_ROW_BYTES)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = []
        finally:
            csv.field_size_limit(limit)
        yield _judged(cells, lines, separator, width)


def swallowed(cells: Any, separator: str) -> dict[int, str]:  # noqa: ANN401  # an Arrow table
    """The rows in one of whose cells other rows lie, for a quote was not closed: their places and their text again."""
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    width = cells.num_columns
    found: dict[int, str] = {}
    if width < _FEWEST_CELLS:
        return found
    inside = re.compile(rf"\n(?:[^{re.escape(separator)}\n]*{re.escape(separator)}(?! )){{{width - 1}}}[^\n]*")
    for at_column, column in enumerate(cells.columns):
        broken = pc.fill_null(pc.match_substring(column, "\n"), fill_value=False)
        for at in pc.indices_nonzero(broken).to_pylist() if pc.any(broken).as_py() else ():
            if at not in found and inside.search(column[at].as_py()):
                row = [cells.column(name)[at].as_py() or "" for name in range(width)]
                row[at_column] = '"' + row[at_column].rstrip("\r\n")
                found[at] = separator.join(row)
    return found


def _judged(cells: list[str], lines: _Lines, separator: str, width: int) -> Row:
    count = len(lines.taken)
    if count > 1 and _is_unclosed(lines.taken, separator, width, len(cells)):
        first = lines.taken[0]
        lines.keep(1)
        return _fitted(first.strip("\r\n").split(separator), width, "has a quote that is never closed")
    longest = max(map(len, lines.taken))
    lines.keep(count)
    if longest >= MAX_ROW_BYTES or any(len(cell) > MAX_CELL_CHARACTERS for cell in cells):
        return [], f"has a cell of more than {MAX_CELL_CHARACTERS:,} characters"
    return _fitted(cells, width, "")


def _is_unclosed(taken: list[str], separator: str, width: int, found: int) -> bool:
    """Whether a row of several lines is none: its quotes are odd in number, or one of its lines is a row by itself."""
    if sum(line.count('"') for line in taken) % 2:
        return True
    return found != width and any(line.count(separator) == width - 1 for line in taken[1:])


def _fitted(cells: list[str], width: int, reason: str) -> Row:
    if not cells or len(cells) == width:
        return cells, reason
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        return cells[:width], reason
    reason = reason or f"has {len(cells):,} cells where the header has {width:,}{_left_out(cells[width:])}"
    return (cells + [""] * width)[:width], reason


def _left_out(cells: list[str]) -> str:
    told = " ".join(" ".join(cell[:40] for cell in cells[:5]).split())
    return f"; left out: {told!r}" if told else ""
