"""What a file is, told by its first bytes and never by its name; and what is refused before it is read."""

from __future__ import annotations

import gzip
import io
import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

SUFFIXES = (
    ".csv", ".tsv", ".tab", ".psv", ".txt", ".xlsx", ".parquet", ".geoparquet", ".geojson", ".json", ".geojsons",
    ".gpkg", ".fgb", ".kml", ".kmz", ".shp", ".zip", ".gz",
)  # fmt: skip
"""How the files that are read are usually called."""
MAX_UNPACKED_BYTES = 64 * 2**30
"""A packed file that is read as a stream may not unpack to more."""
MAX_RATIO = 200
"""Nor to so many times its size: text packs to a twentieth."""
_BOMB_BYTES = 64 * 2**20
"""A packed file that unpacks to less is no bomb, whatever its ratio."""
_DAMAGED = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)
_HEAD = 65_536
_SHAPEFILE = b"\x00\x00\x27\x0a"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_JSON_MAP = re.compile(rb'"type"\s*:\s*"(?:FeatureCollection|Feature)"')
_TEXT_MEMBERS = frozenset([".csv", ".tsv", ".tab", ".psv", ".txt"])
_MAP_MEMBERS = (".shp", ".gpkg", ".fgb", ".kml", ".geojson")


@dataclass(frozen=True, slots=True)
class File:
    """A file that is there: its path, what it is (delimited, workbook, parquet or map), and the part of a zip."""

    path: Path
    kind: str
    member: str = ""

    @property
    def name(self) -> str:
        """What messages and sources call it."""
        return self.path.name

    @property
    def gdal(self) -> str:
        """How GDAL is told of it."""
        plain = str(self.path.resolve())
        return f"/vsizip/{{{plain}}}/{self.member}" if self.member else plain

    def open(self) -> IO[bytes]:
        """Its bytes, unpacked as they are read; what is damaged is told as an InputError."""
        try:
            return io.BufferedReader(_Told(self._opened(), self.name))
        except _DAMAGED as error:
            raise InputError(f"{self.name}: is damaged and cannot be unpacked.") from error

    def _opened(self) -> IO[bytes]:
        if self.member:
            with zipfile.ZipFile(self.path) as archive:  # stays open until the member is closed
                return archive.open(self.member)
        with self.path.open("rb") as stream:
            packed = stream.read(2) == b"\x1f\x8b"
        return gzip.open(self.path) if packed else self.path.open("rb")  # type: ignore[return-value]


class _Told(io.RawIOBase):
    """A stream that tells on one line when what it unpacks is damaged."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream, self._name = stream, name

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer."""
        try:
            data = self._stream.read(len(buffer))
        except _DAMAGED as error:
            raise InputError(f"{self._name}: is damaged and cannot be unpacked.") from error
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the stream below, too."""
        self._stream.close()
        super().close()


def checked(path: str | Path) -> Path:
    """The path of a file that is there and holds something.

    Raises:
        InputError: it is missing, no file, or empty.
    """
    found = Path(path)
    if not found.is_file():
        raise InputError(f"{path}: {'is a folder' if found.is_dir() else 'not found'}.")
    if found.stat().st_size == 0:
        raise InputError(f"{path}: is empty.")
    return found


def recognise(path: str | Path) -> File:
    """What a file is.

    Raises:
        InputError: missing, empty, or nothing that holds a table.
    """
    found = checked(path)
    with found.open("rb") as stream:
        head = stream.read(_HEAD)
    if head.startswith(b"PK\x03\x04"):
        return _in_zip(found)
    if head.startswith(b"\x1f\x8b"):
        _check_ratio(found, _gzip_size(found))
        return File(found, "delimited")
    if head.startswith(_OLD_EXCEL):
        raise InputError(f"{path}: is an Excel file of before 2007; save it as .xlsx.")
    return File(found, _kind(head, found))


def _kind(head: bytes, path: Path) -> str:
    plain = head.lstrip(b"\xef\xbb\xbf \t\r\n\x1e")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"SQLite format 3\x00", b"fgb\x03")) or (
        head.startswith(_SHAPEFILE) and _beside(path, (".dbf", ".shx"))
    ):
        return "map"
    if plain.startswith(b"{") and (_JSON_MAP.search(head) or path.suffix.lower() in (".geojson", ".geojsons")):
        return "map"
    if plain.startswith(b"<") and b"<kml" in head:
        return "map"
    if plain.startswith((b"{", b"[{", b"<?xml", b"<!DOCTYPE", b"<html")):
        raise InputError(f"{path}: is no table ({plain[:20].decode('ascii', 'replace')!r} is how it begins).")
    return "delimited"


def _beside(path: Path, suffixes: Sequence[str]) -> bool:
    """Whether a shapefile's other parts are there.

    Raises:
        InputError: they are not.
    """
    for suffix in suffixes:
        if not any(path.with_suffix(form).is_file() for form in (suffix, suffix.upper())):
            raise InputError(f"{path}: is a shapefile without its {suffix}; put all its parts together, or in a zip.")
    return True


def _in_zip(path: Path) -> File:
    """The table in a zip: a workbook, one text file, or a shapefile."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError(f"{path}: is no workbook or zip that can be read.") from error
    names = {member.filename for member in members}
    _check_names(path, names)
    _check_ratio(path, sum(member.file_size for member in members))
    if any(member.flag_bits & 1 for member in members):
        raise InputError(f"{path}: is locked with a password.")
    if "[Content_Types].xml" in names:
        return File(path, "workbook")
    if "content.xml" in names and "mimetype" in names:
        raise InputError(f"{path}: is an OpenDocument file; save it as .xlsx.")
    return _only_member(path, names)


def _only_member(path: Path, names: set[str]) -> File:
    shown = sorted(name for name in names if not name.startswith("__MACOSX/"))
    for suffix in _MAP_MEMBERS:
        found = [name for name in shown if name.lower().endswith(suffix)]
        if len(found) == 1:
            return File(path, "map", found[0])
    texts = [name for name in shown if PurePosixPath(name).suffix.lower() in _TEXT_MEMBERS]
    if len(texts) == 1:
        return File(path, "delimited", texts[0])
    told = ", ".join(shown[:6]) or "nothing"
    raise InputError(f"{path}: holds {told}; a zip must hold one table (a .csv, .tsv or the parts of one shapefile).")


def _check_names(path: Path, names: set[str]) -> None:
    for name in names:
        parts = re.split(r"[\\/]", name)
        if ".." in parts or name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
            raise InputError(f"{path}: holds a path that leads out of it ({name[:60]!r}).")


def _check_ratio(path: Path, unpacked: int) -> None:
    most = min(MAX_UNPACKED_BYTES, max(_BOMB_BYTES, MAX_RATIO * path.stat().st_size))
    if unpacked > most:
        raise InputError(f"{path}: unpacks to {unpacked:,} bytes; the most for its size is {most:,}.")


def _gzip_size(path: Path) -> int:
    """What the file says that it unpacks to (modulo 2**32)."""
    with path.open("rb") as stream:
        stream.seek(-4, 2)
        return int.from_bytes(stream.read(4), "little")
