"""Paths → reports: files, folders, globs, standard input."""

from __future__ import annotations

import glob
import itertools
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import InputError
from geo.reports.decode import decoded, unreadable
from geo.reports.model import MAX_FILE_BYTES, MAX_TEXT_CHARACTERS, Problem, Report, one_line, well_formed
from geo.reports.rows import from_csv, from_jsonl, from_lines, from_parquet, from_xlsx, lines_of, parsed_lines
from geo.reports.texts import article, from_html, from_md, from_plain, from_txt

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator

STDIN = "-"


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
    return (value for _, value in parsed_lines(name, lines_in(path)))


def lines_in(path: str | Path) -> Iterator[bytes]:
    """The lines of a file or of standard input."""
    if str(path) == STDIN:
        yield from lines_of(sys.stdin.buffer)
        return
    with Path(path).open("rb") as file:
        yield from lines_of(file)


# --- which files ------------------------------------------------------------------------------------------------------


def _expanded(path: str) -> Iterator[tuple[str, Path]]:
    if path == STDIN:
        yield "stdin", Path(STDIN)
        return
    found = [Path(path)] if Path(path).exists() else [Path(match) for match in sorted(glob.glob(path, recursive=True))]  # noqa: PTH207  # a pattern may be absolute
    if not found:
        raise InputError(f"{one_line(path)}: not found.")
    for file in found:
        if not file.is_dir():
            yield file.name, file
            continue
        inside = _in_folder(file)
        if not inside and len(found) == 1:
            raise InputError(f"{one_line(path)}: holds no report ({' '.join(READERS)}).")
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
        one_line(report.report),
        well_formed(report.text),
        report.published or published,
        one_line(report.publisher),
        one_line(report.url),
        one_line(report.title),
    )


def _from_stdin() -> Iterator[Report | Problem]:
    """JSON lines where the first character is a brace, a page where it is HTML, else one plain report."""
    stream = sys.stdin.buffer
    head = b""
    for line in lines_of(stream):
        head += line
        if line.strip(b" \t\r\n\xef\xbb\xbf") or len(head) > MAX_FILE_BYTES:
            break
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if first.startswith(b"{"):
        yield from from_lines("stdin", itertools.chain(head.splitlines(keepends=True), lines_of(stream)))
        return
    data = head + stream.read(max(0, MAX_FILE_BYTES + 1 - len(head)))
    if not data:
        yield Problem("stdin", None, "is empty")
    elif len(data) > MAX_FILE_BYTES:
        yield unreadable("stdin", None)
    elif re.match(rb"<(!doctype html|html|head|body)", first, re.IGNORECASE):
        text = decoded(data, declared=True)
        yield unreadable("stdin", data) if text is None else article("stdin", text)
    else:
        yield from from_plain("stdin", data)


READERS: dict[str, Callable[[str, Path], Iterator[Report | Problem]]] = {
    ".txt": from_txt,
    ".md": from_md,
    ".html": from_html,
    ".htm": from_html,
    ".jsonl": from_jsonl,
    ".ndjson": from_jsonl,
    ".csv": from_csv,
    ".tsv": from_csv,
    ".xlsx": from_xlsx,
    ".parquet": from_parquet,
}
"""How each kind of file is read, by suffix."""
