"""A user's own files: what format they are in is told by what they hold, not by their names; all are streamed."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from gazetteer.errors import GazetteerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GEONAMES, ALTERNATES, ADMIN_CODES, TABLE = (
    "GeoNames places",
    "GeoNames alternate names",
    "GeoNames admin codes",
    "table",
)
_COLUMNS = {19: GEONAMES, 10: ALTERNATES, 8: ALTERNATES, 4: ADMIN_CODES}
"""Formats by their number of tab-separated columns; alternate names had eight before 2018."""

_SNIFFED_LINES = 20
_MAX_LINE = 1_000_000


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """Open a file as text, out of its zip or gzip where it is in one: of a zip, the largest member.

    Raises:
        GazetteerError: it is missing or cannot be read.
    """
    try:
        with path.open("rb") as raw:
            magic = raw.read(4)
            raw.seek(0)
            if magic.startswith(b"PK"):
                with zipfile.ZipFile(raw) as archive, archive.open(_largest(archive, path)) as member:
                    yield io.TextIOWrapper(member, encoding="utf-8-sig", errors="replace", newline="")
            elif magic.startswith(b"\x1f\x8b"):
                with gzip.open(raw) as member:
                    yield io.TextIOWrapper(member, encoding="utf-8-sig", errors="replace", newline="")
            else:
                yield io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")
    except FileNotFoundError as error:
        raise GazetteerError(f"{path}: not found") from error
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise GazetteerError(f"{path}: cannot be read ({error})") from error


def _largest(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if not members:
        raise GazetteerError(f"{path}: an empty archive")
    return max(members, key=lambda member: member.file_size)


def lines(stream: TextIO) -> Iterator[str]:
    """Lines of a text, whatever ends them, no longer than is sane."""
    while line := stream.readline(_MAX_LINE):
        yield line.rstrip("\r\n")


def form_of(path: Path) -> str:
    """Tell the format of a file by what its first lines hold.

    Raises:
        GazetteerError: it is in none that is known; the message lists them.
    """
    with opened(path) as stream:
        sample = [line for _, line in zip(range(_SNIFFED_LINES), lines(stream), strict=False)]
    told = [line for line in sample if line.strip() and not line.startswith("#")]
    widths = {line.count("\t") + 1 for line in told}
    if len(widths) == 1 and (form := _COLUMNS.get(widths.pop())):
        return form
    header = next(csv.reader(told[:1]), []) if told else []
    if {"name", "lat", "lon"} <= {column.strip().lower() for column in header}:
        return TABLE
    raise GazetteerError(
        f"{path}: no format that is known. Known: {GEONAMES} (19 tab-separated columns), {ALTERNATES} (10), "
        f"{ADMIN_CODES} (4), and CSV with a header that has name, lat, lon",
    )
