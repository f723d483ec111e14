"""Files → dated reports.

What is read is hostile until shown otherwise: every reader is bounded, and what cannot be read is a `Problem` that
names file, row and reason, while the good rows go on.
"""

from __future__ import annotations

import csv
import datetime as dt
import glob
import html
import itertools
import json
import logging
import re
import sys
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

MAX_FILE_BYTES = 32 * 2**20
"""A file that is one report (.txt .md .html) may not be larger: the longest newspaper article has 0.2 MB."""
MAX_TEXT_CHARACTERS = 5_000_000
"""A report may not be longer: ten Bibles."""
MAX_UNPACKED_BYTES = 1 * 2**30
"""An .xlsx may not unpack to more, nor may one column of a row group of a .parquet."""
STDIN = "-"


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `report` is its name (file name, or the id that the file gives); all spans count from `text`.

    `published` is None where neither header, dateline, metadata nor `--published` tells it.
    """

    report: str
    text: str
    published: dt.date | None = None
    publisher: str = ""
    url: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read: the file, the row (1 is the first after a header; None is the whole file) and why."""

    file: str
    row: int | None
    reason: str

    def __str__(self) -> str:
        where = self.file if self.row is None else f"{self.file}: row {self.row}"
        return _one_line(f"{where}: {self.reason}")


FIELDS = {
    "report": ("doc_id", "report", "id", "name", "article_id", "file"),
    "text": (
        "text",
        "body",
        "content",
        "article",
        "full_text",
        "fulltext",
        "story",
        "report_text",
        "notes",
        "description",
    ),
    "published": (
        "published",
        "date",
        "published_at",
        "publication_date",
        "pubdate",
        "pub_date",
        "published_date",
        "datetime",
    ),
    "publisher": ("publisher", "source", "outlet", "sitename", "site", "newspaper", "hostname"),
    "url": ("url", "link", "href", "permalink"),
    "title": ("title", "headline"),
}
"""A report's fields, and the keys or columns that may hold them in a .jsonl, .csv, .xlsx or .parquet, best first."""


def load(paths: Iterable[str | Path], *, published: dt.date | None = None) -> Iterator[Report | Problem]:
    """The reports of files, folders, globs and "-" (standard input), in order of their names.

    A .txt or .md may begin with `date YYYY-MM-DD`; .html tells its date in its metadata; .jsonl, .csv, .xlsx and
    .parquet hold one report a row (FIELDS). `published` is the day of reports that do not tell their own.

    Raises:
        InputError: a path that does not exist, or holds no report at all. Everything else is a `Problem`.
    """
    files = expand(paths)
    return _read_all(files, published)


def expand(paths: Iterable[str | Path]) -> list[tuple[str, Path]]:
    """The files that the paths mean, each with the name its report is known by; folders are walked.

    Raises:
        InputError: nothing there.
    """
    named: dict[Path, str] = {}
    for path in paths:
        for name, file in _expanded(str(path)):
            named.setdefault(file, name)
    counts: dict[str, int] = {}
    for name in named.values():
        counts[name] = counts.get(name, 0) + 1
    return [(name if counts[name] == 1 else file.as_posix(), file) for file, name in named.items()]


def documents(path: str | Path) -> Iterator[dict[str, Any] | Problem]:
    """The objects of a .jsonl, one a line, blank lines left out; "-" is standard input.

    Raises:
        InputError: the file does not exist.
    """
    if str(path) != STDIN and not Path(path).is_file():
        raise InputError(f"{path}: not found. Give a file of JSON lines, or - for standard input.")
    name = "stdin" if str(path) == STDIN else Path(path).name
    return (value for _, value in _parsed_lines(name, _lines_of(path)))


def _lines_of(path: str | Path) -> Iterator[bytes]:
    if str(path) == STDIN:
        yield from _lines(sys.stdin.buffer)
        return
    with Path(path).open("rb") as file:
        yield from _lines(file)


# --- which files ------------------------------------------------------------------------------------------------------


def _expanded(path: str) -> Iterator[tuple[str, Path]]:
    if path == STDIN:
        yield "stdin", Path(STDIN)
        return
    found = [Path(path)] if Path(path).exists() else [Path(match) for match in sorted(glob.glob(path, recursive=True))]  # noqa: PTH207  # a pattern may be absolute
    if not found:
        raise InputError(f"{_one_line(path)}: not found.")
    for file in found:
        if not file.is_dir():
            yield file.name, file
            continue
        inside = _in_folder(file)
        if not inside and len(found) == 1:
            raise InputError(f"{_one_line(path)}: holds no report ({' '.join(READERS)}).")
        yield from ((member.relative_to(file).as_posix(), member) for member in inside)


def _in_folder(folder: Path) -> list[Path]:
    """The files of known suffix below the folder, hidden ones left out."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.suffix.lower() in READERS
        and file.is_file()
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )


def _read_all(files: Iterable[tuple[str, Path]], published: dt.date | None) -> Iterator[Report | Problem]:
    for name, file in files:
        try:
            for item in _read(name, file):
                yield _finished(item, published) if isinstance(item, Report) else item
        except OSError as error:
            yield Problem(name, None, f"cannot be read: {error.strerror or error}")


def _read(name: str, file: Path) -> Iterator[Report | Problem]:
    if str(file) == STDIN:
        return _from_stdin()
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        return iter(
            [Problem(name, None, f"{file.suffix or 'no suffix'} is no kind of report; known are {' '.join(READERS)}")]
        )
    if file.is_file() and file.stat().st_size == 0:
        return iter([Problem(name, None, "is empty")])
    return reader(name, file)


def _finished(report: Report, published: dt.date | None) -> Report | Problem:
    if not report.text.strip():
        return Problem(report.report, None, "has no text")
    if len(report.text) > MAX_TEXT_CHARACTERS:
        return Problem(report.report, None, f"has {len(report.text):,} characters; the most is {MAX_TEXT_CHARACTERS:,}")
    return Report(
        _one_line(report.report),
        _well_formed(report.text),
        report.published or published,
        _one_line(report.publisher),
        _one_line(report.url),
        _one_line(report.title),
    )


def _well_formed(text: str) -> str:
    """Lone surrogates, which no file can hold, become U+FFFD one by one."""
    return text if text.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", text)


def _one_line(text: str) -> str:
    return " ".join(_well_formed(text).split())


# --- one report a file ------------------------------------------------------------------------------------------------

_HEADER = re.compile(r"\ufeff?\s{0,99}date[ \t]{0,9}:?[ \t]{1,9}(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)[ \t]*", re.IGNORECASE)


def _from_txt(name: str, file: Path) -> Iterator[Report | Problem]:
    yield from _from_plain(name, _bounded(file))


def _from_plain(name: str, data: bytes | None) -> Iterator[Report | Problem]:
    text = _decoded(data)
    if text is None:
        yield _unreadable(name, data)
        return
    text, published, problem = headed(text)
    if problem:
        yield Problem(name, None, problem)
    yield Report(name, text, published)


def headed(text: str) -> tuple[str, dt.date | None, str]:
    """The text without its `date YYYY-MM-DD` header, the day, and what is wrong with it."""
    match = _HEADER.match(text)
    if match is None:
        return text, None, ""
    rest = text[match.end() :].lstrip("\r\n")
    try:
        return rest, dt.date(*(int(part) for part in match.groups())), ""
    except ValueError:
        return rest, None, f"{'-'.join(match.groups())} in its header is no day; read without a date"


_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(.{0,9999}?)\n---[ \t]*\r?\n", re.DOTALL)
_MARKUP = (
    (re.compile(r"!\[[^\[\]\n]{0,500}\]\([^()\n]{0,2000}\)"), ""),
    (re.compile(r"\[([^\[\]\n]{0,500})\]\([^()\n]{0,2000}\)"), r"\1"),
    (re.compile(r"^ {0,3}#{1,6}[ \t]+(.*)$", re.MULTILINE), r"\1\n"),
    (re.compile(r"^ {0,3}>[ \t]?", re.MULTILINE), ""),
    (re.compile(r"\*\*|__|`"), ""),
)


def _from_md(name: str, file: Path) -> Iterator[Report | Problem]:
    data = _bounded(file)
    text = _decoded(data)
    if text is None:
        yield _unreadable(name, data)
        return
    row: dict[str, Any] = {}
    front = _FRONT_MATTER.match(text)
    if front:
        text = text[front.end() :]
        row = {
            key.strip(): value.strip().strip("\"'")
            for key, _, value in (line.partition(":") for line in front.group(1).splitlines())
        }
    text, published, problem = headed(text)
    if problem:
        yield Problem(name, None, problem)
    for pattern, plain in _MARKUP:
        text = pattern.sub(plain, text)
    fields, problem = _fields({**row, "text": text})
    if problem:
        yield Problem(name, None, problem)
    yield Report(name, text, published or fields["published"], fields["publisher"], fields["url"], fields["title"])


def _from_html(name: str, file: Path) -> Iterator[Report | Problem]:
    data = _bounded(file)
    text = _decoded(data, declared=True)
    if text is None:
        yield _unreadable(name, data)
        return
    yield article(name, text)


def article(name: str, page: str) -> Report:
    """The article in an HTML page, with what the page's metadata tells of it."""
    import trafilatura  # noqa: PLC0415  # heavy

    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # else its complaints reach standard error
    logging.getLogger("htmldate").addHandler(logging.NullHandler())
    try:
        found = trafilatura.bare_extraction(
            _well_formed(page).replace("\x00", ""),
            with_metadata=True,
            include_comments=False,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception:  # noqa: BLE001  # a hostile page can break any parser; the plain text is still there
        found = None
    told = {} if found is None else found if isinstance(found, dict) else found.as_dict()
    text = str(told.get("text") or "").strip()
    return Report(
        name,
        re.sub(r"\n+", "\n\n", text) if text else _bare_text(page),  # one line is one paragraph there
        _day(told.get("date")),
        str(told.get("sitename") or told.get("hostname") or ""),
        str(told.get("url") or ""),
        str(told.get("title") or ""),
    )


_HIDDEN = re.compile(r"<(script|style|head|noscript|template)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(r"<(?:p|div|br|h[1-6]|li|tr|article|section|blockquote)\b[^<>]{0,2000}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")


def _bare_text(page: str) -> str:
    text = _TAG.sub(" ", _BLOCK.sub("\n\n", _HIDDEN.sub(" ", page)))
    lines = (" ".join(line.split()) for line in html.unescape(text).split("\n"))
    return "\n\n".join(line for line in lines if line)


# --- bytes to text ----------------------------------------------------------------------------------------------------

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_MAGIC = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x7fELF",
    b"SQLite format 3",
    b"\x1f\x8b",
    b"Rar!",
    b"BZh",
    b"\xd0\xcf\x11\xe0",
    b"PAR1",
)
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b")
_DECLARED = re.compile(rb"<meta[^<>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_SNIFFED = 65_536


def _bounded(file: Path) -> bytes | None:
    """The file's bytes; None where it is larger than one report may be."""
    with file.open("rb") as stream:
        data = stream.read(MAX_FILE_BYTES + 1)
    return data if len(data) <= MAX_FILE_BYTES else None


def _unreadable(name: str, data: bytes | None) -> Problem:
    return Problem(
        name, None, f"is larger than {MAX_FILE_BYTES >> 20} MiB" if data is None else "is no text but binary data"
    )


def _decoded(data: bytes | None, *, declared: bool = False) -> str | None:
    """The text in the bytes: by byte order mark, UTF-8, what an HTML page declares, else a guess; None for data."""
    if data is None or data.startswith(_MAGIC):
        return None
    encoding = _encoding(data, declared=declared)
    return None if encoding is None else data.decode(encoding, "replace")


def _encoding(data: bytes, *, declared: bool = False) -> str | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding
    head = data[:_SNIFFED]
    if b"\x00" in head or len(head) - len(head.translate(None, _CONTROL)) > len(head) // 50:
        return None
    if _is_utf8(data):
        return "utf-8"
    match = _DECLARED.search(head) if declared else None
    return (_known(match.group(1).decode("ascii")) if match else None) or _guessed(head)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _known(encoding: str) -> str | None:
    """The name where Python decodes it to text, None otherwise ("hex" is a codec too)."""
    try:
        b"a".decode(encoding)
    except (LookupError, UnicodeError):
        return None
    return encoding


def _guessed(head: bytes) -> str:
    """Few high bytes are the accents of a western language; many are another script, and a matter of statistics."""
    from charset_normalizer import from_bytes  # noqa: PLC0415  # heavy

    if sum(byte > 127 for byte in head) < len(head) / 5:  # noqa: PLR2004  # ASCII ends there
        return "cp1252"
    best = from_bytes(head).best()
    return best.encoding if best is not None else "cp1252"


# --- one report a row -------------------------------------------------------------------------------------------------


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Lines of bounded length: a longer one comes cut, and is then no JSON."""
    limit = MAX_TEXT_CHARACTERS * 6
    while line := file.readline(limit):
        yield line


def _parsed_lines(name: str, lines: Iterable[bytes]) -> Iterator[tuple[int, dict[str, Any] | Problem]]:
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


def _from_jsonl(name: str, file: Path) -> Iterator[Report | Problem]:
    with file.open("rb") as stream:
        if stream.read(len(max(_MAGIC, key=len))).startswith(_MAGIC):
            yield _unreadable(name, b"")
            return
        stream.seek(0)
        yield from _from_lines(name, _lines(stream))


def _from_lines(name: str, lines: Iterable[bytes]) -> Iterator[Report | Problem]:
    row = 0
    for row, value in _parsed_lines(name, lines):
        if isinstance(value, Problem):
            yield value
        else:
            yield from _from_row(name, row, value)
    if not row:
        yield Problem(name, None, "holds no line")


def _from_row(name: str, row: int, value: Mapping[str, Any]) -> Iterator[Report | Problem]:
    fields, problem = _fields(value)
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


def _fields(value: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """A report's fields out of a row, and what is wrong with its date."""
    told = {str(key).strip().lower().replace(" ", "_"): cell for key, cell in value.items() if key is not None}
    fields: dict[str, Any] = {}
    for field, names in FIELDS.items():
        cells = (told[name] for name in names if name in told)
        fields[field] = next(
            (cell for cell in cells if cell is not None and str(cell).strip() not in ("", "nan", "NaT")), None
        )
    fields["found"] = any(name in told for name in FIELDS["text"])
    published = fields["published"]
    fields["published"] = _day(published)
    problem = (
        f"{str(published)[:40]!r} is no day of publication; read without a date"
        if published and not fields["published"]
        else ""
    )
    return {
        key: ("" if cell is None else str(cell)) if key not in ("published", "found") else cell
        for key, cell in fields.items()
    }, problem


_ISO = re.compile(r"\s{0,9}(\d{4})-?(\d{2})-?(\d{2})(?:[T ].{0,40})?\s{0,9}\Z", re.DOTALL)
_WRITTEN = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%A %d %B %Y", "%A %B %d %Y", "%Y/%m/%d")


def _day(value: Any) -> dt.date | None:  # noqa: ANN401  # any cell of any file
    """A day out of a cell: ISO 8601, RFC 2822 or an English date; 03/04/2021 could be two days and is none."""
    if isinstance(value, dt.datetime):
        return value.date() if value == value else None  # noqa: PLR0124  # NaT
    if isinstance(value, dt.date):
        return value
    text = str(value or "")[:60]
    match = _ISO.match(text)
    try:
        return dt.date(*(int(part) for part in match.groups())) if match else _written_day(text)
    except ValueError:
        return None


def _written_day(text: str) -> dt.date | None:
    from email.utils import parsedate  # noqa: PLC0415  # seldom needed

    if re.search(r"\d{1,2}:\d{2}", text) and (parts := parsedate(text)):
        return dt.date(*parts[:3])
    plain = " ".join(text.replace(",", " ").replace(".", " ").split())
    for form in _WRITTEN:
        try:
            return dt.datetime.strptime(plain, form).date()  # noqa: DTZ007  # a local day has no zone
        except ValueError:
            continue
    return None


@contextmanager
def _long_fields() -> Iterator[None]:
    """Python's csv takes 131,072 characters a cell; an article may have more."""
    before = csv.field_size_limit(MAX_TEXT_CHARACTERS * 2)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _from_csv(name: str, file: Path) -> Iterator[Report | Problem]:
    return _from_cells(name, csv_rows(name, file))


def csv_rows(name: str, file: Path) -> Iterator[list[Any] | Problem]:
    """The rows of a table of text, header first; encoding and separator are found out."""
    with file.open("rb") as stream:
        head = stream.read(_SNIFFED)
    encoding = None if head.startswith(_MAGIC) else _encoding(_whole_characters(head))
    if encoding is None:
        yield _unreadable(name, b"")
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
    return head.rsplit(b"\n", 1)[0] if len(head) == _SNIFFED and b"\n" in head else head


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
        elif header is None:
            header = ["" if cell is None else str(cell).lstrip("\ufeff") for cell in cells]
            if not _fields(dict.fromkeys(header))[0]["found"]:
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


def _from_xlsx(name: str, file: Path) -> Iterator[Report | Problem]:
    return _from_cells(name, xlsx_rows(name, file))


def xlsx_rows(name: str, file: Path) -> Iterator[list[Any] | Problem]:
    """The rows of a workbook's first sheet, header first."""
    import openpyxl  # noqa: PLC0415  # heavy

    if problem := unpacks_to_too_much(file):
        yield Problem(name, None, problem)
        return
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
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
    return f"unpacks to {size:,} bytes; the most is {MAX_UNPACKED_BYTES:,}" if size > MAX_UNPACKED_BYTES else ""


def _from_parquet(name: str, file: Path) -> Iterator[Report | Problem]:
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.parquet as pq  # noqa: PLC0415  # heavy

    try:
        with pq.ParquetFile(file) as table:
            names = table.schema_arrow.names
            wanted = [
                column for column in names if column.lower() in set(itertools.chain.from_iterable(FIELDS.values()))
            ]
            if not _fields(dict.fromkeys(names))[0]["found"]:
                yield _no_text_column(name, names)
                return
            if _largest_chunk(table.metadata) > MAX_UNPACKED_BYTES:
                yield Problem(name, None, f"unpacks to more than {MAX_UNPACKED_BYTES:,} bytes a column")
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


# --- standard input ---------------------------------------------------------------------------------------------------


def _from_stdin() -> Iterator[Report | Problem]:
    """JSON lines where the first character is a brace, a page where it is HTML, else one plain report."""
    stream = sys.stdin.buffer
    head = b""
    for line in _lines(stream):
        head += line
        if line.strip(b" \t\r\n\xef\xbb\xbf") or len(head) > MAX_FILE_BYTES:
            break
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if first.startswith(b"{"):
        yield from _from_lines("stdin", itertools.chain(head.splitlines(keepends=True), _lines(stream)))
        return
    data = head + stream.read(max(0, MAX_FILE_BYTES + 1 - len(head)))
    if not data:
        yield Problem("stdin", None, "is empty")
    elif len(data) > MAX_FILE_BYTES:
        yield _unreadable("stdin", None)
    elif re.match(rb"<(!doctype html|html|head|body)", first, re.IGNORECASE):
        text = _decoded(data, declared=True)
        yield _unreadable("stdin", data) if text is None else article("stdin", text)
    else:
        yield from _from_plain("stdin", data)


READERS: dict[str, Callable[[str, Path], Iterator[Report | Problem]]] = {
    ".txt": _from_txt,
    ".md": _from_md,
    ".html": _from_html,
    ".htm": _from_html,
    ".jsonl": _from_jsonl,
    ".ndjson": _from_jsonl,
    ".csv": _from_csv,
    ".tsv": _from_csv,
    ".xlsx": _from_xlsx,
    ".parquet": _from_parquet,
}
"""How each kind of file is read, by suffix."""
