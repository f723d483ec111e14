"""Workbooks (.xlsx) → chunks of cells."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

from geo.errors import InputError
from geo.reports import Problem as FileProblem
from geo.reports import xlsx_rows
from geo.tables import chunks, shape
from geo.tables.model import CHUNK_ROWS, Chunk, Problems, distinct_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from geo.tables.files import File

_SAMPLED = 200


class Workbook:
    """The first sheet of a workbook; `columns` are its columns' names."""

    encoding, separator = "", ""

    def __init__(self, file: File, header: Callable[[Sequence[Sequence[str]]], Sequence[str] | None]) -> None:
        """Look into the file. `header` may name the columns of a table that has no header, by its first rows.

        Raises:
            InputError: no workbook, or too many columns.
        """
        self.file, self.name = file, file.name
        rows = list(itertools.islice(self._rows(), _SAMPLED))
        shape.check_width(self.name, max(map(len, rows), default=0))
        given = header(rows)
        at = None if given is not None else shape.header_row(rows)
        self.skipped = 0 if at is None else at + 1
        width = max((len(row) for row in rows[self.skipped :] if any(row)), default=0)
        self.has_rows = bool(width)
        names = list(given or (rows[at] if at is not None else []))
        self.columns = distinct_names(names + [""] * (width - len(names)))

    def _rows(self) -> Iterator[list[str]]:
        for row in xlsx_rows(self.name, self.file.path):
            if isinstance(row, FileProblem):
                raise InputError(f"{row}.")
            yield [text(cell) for cell in row]

    def head(self) -> Chunk | None:
        """The first rows."""
        return next(self.chunks(Problems(self.name)), None)

    def chunks(self, problems: Problems, only: Sequence[str] | None = None) -> Iterator[Chunk]:
        """The rows, in order."""
        del only  # the whole sheet is parsed anyway
        width = len(self.columns)
        below = enumerate(itertools.islice(self._rows(), self.skipped, None), 1)
        while rows := list(itertools.islice(below, CHUNK_ROWS // 5)):
            whole = [(number, (row + [""] * width)[:width]) for number, row in rows]
            yield chunks.of_rows(whole, self.columns, problems)


def text(cell: Any) -> str:  # noqa: ANN401  # what openpyxl gives
    """A cell as it would stand in a CSV; a whole number has no decimals, a day no clock."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    return str(cell).encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
