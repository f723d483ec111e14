"""Files that hold one report a row: .jsonl .csv .xlsx .parquet."""

from __future__ import annotations

import csv
import itertools
import json
import zipfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from geo.reports import model
from geo.reports.decode import MAGIC, SNIFFED, encoding_of, unreadable
from geo.reports.fields import FIELDS, fields_of
from geo.reports.model import MAX_TEXT_CHARACTERS, Problem, Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path


def lines_of(file: IO[bytes]) -> Iterator[bytes]:
    """Lines of bounded length: a longer one comes cut, and is then no JSON."""
    limit = MAX_TEXT_CHARACTERS * 6
    while line := file.readline(limit):
        yield line


def parsed_lines(name: str, lines: Iterable[bytes]) -> Iterator[tuple[int, dict[str, Any] | Problem]]:
    """Each line's number and its object; blank lines are left out."""
    for row, line in enumerate(lines, 1):
        if not line.strip(b" \t\r\n\xef\xbb\xbf"):
            continue
        try:
            value = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            yield row, Problem(name, row, "is no JSON in UTF-8")
            continue
        yield row, value if isinstance(value, dict) else Problem(name, row, "is no JSON object")


def from_jsonl(name: str, file: Path) -> Iterator[Report | Problem]:
    """One report a line."""
    with file.open("rb") as stream:
        if stream.read(len(max(MAGIC, key=len))).startswith(MAGIC):
            yield unreadable(name, b"")
            return
        stream.seek(0)
        yield from from_lines(name, lines_of(stream))


def from_lines(name: str, lines: Iterable[bytes]) -> Iterator[Report | Problem]:
    """One report a line, out of lines."""
    row = 0
    for row, value in parsed_lines(name, lines):
        if isinstance(value, Problem):
            yield value
        else:
            yield from _from_row(name, row, value)
    if not row:
        yield Problem(name, None, "holds no line")


def _from_row(name: str, row: int, value: Mapping[str, Any]) -> Iterator[Report | Problem]:
    fields, problem = fields_of(value)
    if not str(fields["text"]).strip():
        yield Problem(
            name, row, "has no text" if fields["found"] else f"has no text under any of {', '.join(FIELDS['text'])}"
        )
        return
    if problem:
        yield Problem(name, row, problem)
    yield Report(
        fields["report"] or f"{name}#{row}",
        fields["text"],
        fields["published"],
        fields["publisher"],
        fields["url"],
        fields["title"],
    )


@contextmanager
def _long_fields() -> Iterator[None]:
    """Python's csv takes 131,072 characters a cell; an article may have more."""
    before = csv.field_size_limit(MAX_TEXT_CHARACTERS * 2)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def from_csv(name: str, file: Path) -> Iterator[Report | Problem]:
    """One report a row of a table of text."""
    return _from_cells(name, csv_rows(name, file))


def csv_rows(name: str, file: Path) -> Iterator[list[Any] | Problem]:
    """The rows of a table of text, header first; encoding and separator are found out."""
    with file.open("rb") as stream:
        head = stream.read(SNIFFED)
    encoding = None if head.startswith(MAGIC) else encoding_of(_whole_characters(head))
    if encoding is None:
        yield unreadable(name, b"")
        return
    with file.open(encoding=encoding, errors="replace", newline="") as stream, _long_fields():
        rows = csv.reader(stream, delimiter=_delimiter(head.decode(encoding, "replace")))
        for row in itertools.count():
            try:
                yield next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield Problem(name, row, f"is no CSV: {error}")


def _whole_characters(head: bytes) -> bytes:
    """Without the UTF-8 character that the cut may have split."""
    return head.rsplit(b"\n", 1)[0] if len(head) == SNIFFED and b"\n" in head else head


def _delimiter(head: str) -> str:
    """The separator that the header line has most of."""
    line = head.lstrip("\ufeff\r\n").split("\n", 1)[0]
    return max(",;\t|", key=line.count)


def _from_cells(name: str, rows: Iterable[list[Any] | Problem]) -> Iterator[Report | Problem]:
    """Rows of cells, the first being the header."""
    header: list[str] | None = None
    row = 0
    for cells in rows:
        if isinstance(cells, Problem):
            yield cells
            if cells.row is None:  # of the whole file
                return
        elif header is None:
            header = ["" if cell is None else str(cell).lstrip("\ufeff") for cell in cells]
            if not fields_of(dict.fromkeys(header))[0]["found"]:
                yield _no_text_column(name, header)
                return
        else:
            row += 1
            if any(cell not in (None, "") for cell in cells):
                yield from _from_row(name, row, dict(zip(header, cells, strict=False)))
    if not row:
        yield Problem(name, None, "holds no row below its header")


def _no_text_column(name: str, header: Iterable[str]) -> Problem:
    known, told = ", ".join(FIELDS["text"]), ", ".join(str(cell)[:30] for cell in itertools.islice(header, 12))
    return Problem(name, None, f"has no column with the reports' text ({known}); its columns are {told}")


def from_xlsx(name: str, file: Path) -> Iterator[Report | Problem]:
    """One report a row of a workbook."""
    return _from_cells(name, xlsx_rows(name, file))


def xlsx_rows(name: str, file: Path) -> Iterator[list[Any] | Problem]:
    """The rows of a workbook's first sheet, header first."""
    import openpyxl  # noqa: PLC0415  # heavy

    if problem := unpacks_to_too_much(file):
        yield Problem(name, None, problem)
        return
    try:
        with file.open("rb") as stream:  # a path must have a known suffix
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            sheet = next(iter(book.worksheets))
            sheet.reset_dimensions()  # the file's own claim of its size may be a lie
            for cells in sheet.iter_rows(values_only=True):
                yield list(cells)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001  # openpyxl raises what its parser stumbles on: KeyError, ParseError, StopIteration
        yield Problem(name, None, f"is no workbook that can be read ({type(error).__name__})")


def unpacks_to_too_much(file: Path) -> str:
    """What is wrong with a zip file before anything is unpacked; "" for nothing."""
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError):
        return "is no workbook"
    return (
        f"unpacks to {size:,} bytes; the most is {model.MAX_UNPACKED_BYTES:,}"
        if size > model.MAX_UNPACKED_BYTES
        else ""
    )


def from_parquet(name: str, file: Path) -> Iterator[Report | Problem]:
    """One report a row, in bounded batches."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.parquet as pq  # noqa: PLC0415  # heavy

    try:
        with pq.ParquetFile(file) as table:
            names = table.schema_arrow.names
            wanted = [
                column for column in names if column.lower() in set(itertools.chain.from_iterable(FIELDS.values()))
            ]
            if not fields_of(dict.fromkeys(names))[0]["found"]:
                yield _no_text_column(name, names)
                return
            if _largest_chunk(table.metadata) > model.MAX_UNPACKED_BYTES:
                yield Problem(name, None, f"unpacks to more than {model.MAX_UNPACKED_BYTES:,} bytes a column")
                return
            batches = table.iter_batches(batch_size=256, columns=wanted)
            yield from _from_batches(name, (row for batch in batches for row in batch.to_pylist()))
    except (pa.ArrowException, ValueError) as error:
        yield Problem(name, None, f"is no .parquet that can be read ({type(error).__name__})")


def _from_batches(name: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[Report | Problem]:
    for number, row in enumerate(rows, 1):
        yield from _from_row(name, number, row)


def _largest_chunk(metadata: Any) -> int:  # noqa: ANN401  # pyarrow publishes no types
    groups = (metadata.row_group(index) for index in range(metadata.num_row_groups))
    return max(
        (group.column(index).total_uncompressed_size for group in groups for index in range(group.num_columns)),
        default=0,
    )
