"""Tables of text, with any separator and in any encoding → chunks of cells.

Arrow's reader does the work. What it cannot read (a row with too few or too many cells, a quote that is never closed)
is read once more with care: such a row is kept as far as it goes, and named.
"""

from __future__ import annotations

import io
import itertools
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from geo.tables import chunks, repair, shape
from geo.tables.encodings import Utf8Stream, encoding_of
from geo.tables.model import CHUNK_ROWS, Chunk, Problems, distinct_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from geo.tables.files import File

_BLOCK = 1 << 21
"""Arrow reads many of these ahead; a row that is longer is read with care."""
_CHUNK_BYTES = 4 * _BLOCK
_SAMPLE_BYTES = 1 << 18


class Delimited:
    """A table of text; `columns` are its columns' names. Its chunks can be asked for again and again."""

    def __init__(self, file: File, header: Callable[[Sequence[Sequence[str]]], Sequence[str] | None]) -> None:
        """Look into the file. `header` may name the columns of a table that has no header, by its first rows.

        Raises:
            InputError: binary data, or too many columns.
        """
        self.file, self.name, self._block = file, file.name, _BLOCK
        self._given_up = False  # Arrow's reader met something that it cannot read
        with file.open() as stream:
            self.encoding = encoding_of(stream, self.name)
        with self._stream() as stream:
            text = stream.read(_SAMPLE_BYTES).decode("utf-8", "replace")
        self.separator = shape.separator_of(text)
        rows = shape.sample_rows(text, self.separator)
        shape.check_width(self.name, max(map(len, rows), default=0))
        self.columns, self.skipped = _columns(rows, header(rows))
        self.has_rows = any(cell.strip() for row in rows[self.skipped :] for cell in row)

    def _stream(self) -> IO[bytes]:
        below = Utf8Stream(self.file.open(), self.encoding)
        return io.BufferedReader(below, 1 << 20)

    def head(self) -> Chunk | None:
        """The first rows."""
        self._block = _SAMPLE_BYTES
        try:
            return next(self.chunks(Problems(self.name)), None)
        finally:
            self._block = _BLOCK

    def chunks(self, problems: Problems, only: Sequence[str] | None = None) -> Iterator[Chunk]:
        """The rows, in order; `only` these columns, where that saves work."""
        done = 0
        self._given_up = False
        for chunk in chunks.gathered(self._fast(problems, only), rows=CHUNK_ROWS, size=_CHUNK_BYTES):
            done = int(chunk.rows[-1]) if len(chunk) else done
            yield chunk
        if self._given_up:
            yield from self._careful(problems, done)

    # --- Arrow's reader -----------------------------------------------------------------------------------------------

    def _fast(self, problems: Problems, only: Sequence[str] | None) -> Iterator[Chunk]:
        import pyarrow as pa  # noqa: PLC0415  # heavy

        odd: list[tuple[int, str]] = []
        with self._stream() as stream:
            try:
                for chunk in self._numbered(self._open(stream, odd, only), odd, problems):
                    if stream.raw.replaced:  # type: ignore[attr-defined]
                        _tell_replaced(chunk, self.encoding, problems)
                    yield chunk
            except pa.ArrowInvalid:
                self._given_up = True

    def _open(self, stream: IO[bytes], odd: list[tuple[int, str]], only: Sequence[str] | None) -> Any:  # noqa: ANN401  # pyarrow publishes no types
        import pyarrow as pa  # noqa: PLC0415  # heavy
        from pyarrow import csv  # noqa: PLC0415  # heavy

        def handle(row: Any) -> str:  # noqa: ANN401
            odd.append((row.number - self.skipped, row.text))
            return "skip"

        return csv.open_csv(
            pa.PythonFile(stream, "r"),
            csv.ReadOptions(
                column_names=self.columns, skip_rows_after_names=self.skipped, block_size=self._block, use_threads=False
            ),
            csv.ParseOptions(
                delimiter=self.separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=handle
            ),
            csv.ConvertOptions(
                column_types=dict.fromkeys(self.columns, pa.string()),
                include_columns=list(only) if only else None,
                strings_can_be_null=True,
                null_values=[""],
            ),
        )

    def _numbered(self, batches: Any, odd: list[tuple[int, str]], problems: Problems) -> Iterator[Chunk]:  # noqa: ANN401
        """The batches with the numbers of their rows, the odd rows put in where they belong."""
        import pyarrow as pa  # noqa: PLC0415  # heavy

        number = shift = 0
        for batch in batches:
            cells = pa.table(batch)
            numbers = _numbers(number, len(batch), [row for row, _ in odd])
            number = int(numbers[-1]) if len(batch) else number
            swallowed = repair.swallowed(cells, self.separator) if cells.num_columns == len(self.columns) else {}
            if swallowed:
                odd[:] = sorted([*odd, *((int(numbers[at]), text) for at, text in swallowed.items())])
                left = np.delete(np.arange(len(numbers)), list(swallowed))
                cells, numbers = cells.take(left), numbers[left]
            here = [one for one in odd if one[0] <= number]
            odd[:] = [one for one in odd if one[0] > number]
            rows, moved = self._repaired(here, shift, problems)
            at = np.searchsorted([row for row, _ in here], numbers, side="right") if here else 0
            numbers += np.array([shift, *moved], np.int64)[at]
            shift = moved[-1] if moved else shift
            plain = chunks.checked(Chunk(cells, numbers), problems)
            yield chunks.joined(plain, chunks.of_rows(rows, self.columns, problems))
        rows, _ = self._repaired(odd, shift, problems)
        if rows:
            yield chunks.of_rows(rows, self.columns, problems)

    def _repaired(
        self, odd: Sequence[tuple[int, str]], shift: int, problems: Problems
    ) -> tuple[list[tuple[int, list[str]]], list[int]]:
        """What can be kept of odd rows, by number, and by how much the rows after each of them move on."""
        found: list[tuple[int, list[str]]] = []
        moved: list[int] = []
        for number, text in odd:
            parts = list(repair.rows(io.StringIO(text, newline=""), self.separator, len(self.columns)))
            found += _told(((number + shift + more, *part) for more, part in enumerate(parts)), problems)
            shift += max(0, len(parts) - 1)
            moved.append(shift)
        return found, moved

    # --- with care ----------------------------------------------------------------------------------------------------

    def _careful(self, problems: Problems, done: int) -> Iterator[Chunk]:
        """The rows after number `done`, line by line."""
        with io.TextIOWrapper(self._stream(), encoding="utf-8", newline="") as stream:
            found = repair.rows(stream, self.separator, len(self.columns))
            below = ((number, *row) for number, row in enumerate(itertools.islice(found, self.skipped, None), 1))
            left = (row for row in below if row[0] > done)
            while rows := list(itertools.islice(left, CHUNK_ROWS)):
                yield chunks.of_rows(_told(rows, problems), self.columns, problems)


def _columns(rows: Sequence[Sequence[str]], given: Sequence[str] | None) -> tuple[list[str], int]:
    """The names of the columns, and how many rows stand before the data."""
    if given is not None:
        return list(given), 0
    at = shape.header_row(rows)
    if at is None:
        return distinct_names([""] * max(map(len, rows[:100]), default=0)), 0
    return distinct_names(rows[at]), at + 1


def _numbers(last: int, count: int, odd: Sequence[int]) -> NDArray[np.int64]:
    """The numbers of the `count` rows after number `last`, those of the odd rows left out."""
    wanted = np.arange(last + 1, last + 1 + count + len(odd), dtype=np.int64)
    return wanted[~np.isin(wanted, odd)][:count] if odd else wanted


def _told(rows: Any, problems: Problems) -> list[tuple[int, list[str]]]:  # noqa: ANN401  # number, cells, reason
    """The rows with cells; what is wrong with any is told."""
    kept = []
    for number, cells, reason in rows:
        if reason:
            problems.add(number, "", "", reason)
        if cells:
            kept.append((number, cells))
    return kept


def _tell_replaced(chunk: Chunk, encoding: str, problems: Problems) -> None:
    """Name the cells that hold bytes that their encoding has not."""
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    for name, column in zip(chunk.cells.column_names, chunk.cells.columns, strict=True):
        broken = pc.fill_null(pc.match_substring(column, "\ufffd"), fill_value=False).to_numpy()
        for at in broken.nonzero()[0]:
            value = column[int(at)].as_py()
            problems.add(int(chunk.rows[at]), name, value, f"holds bytes that are no {encoding}; they are now U+FFFD")
