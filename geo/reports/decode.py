"""Bytes → text: by byte order mark, UTF-8, declaration, else a guess; binary data is no text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geo.reports import model
from geo.reports.model import Problem

if TYPE_CHECKING:
    from pathlib import Path


_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
MAGIC = (
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
SNIFFED = 65_536


def bounded(file: Path) -> bytes | None:
    """The file's bytes; None where it is larger than one report may be."""
    with file.open("rb") as stream:
        data = stream.read(model.MAX_FILE_BYTES + 1)
    return data if len(data) <= model.MAX_FILE_BYTES else None


def unreadable(name: str, data: bytes | None) -> Problem:
    """What is wrong with a file that gives no text."""
    return Problem(
        name, None, f"is larger than {model.MAX_FILE_BYTES >> 20} MiB" if data is None else "is no text but binary data"
    )


def decoded(data: bytes | None, *, declared: bool = False) -> str | None:
    """The text in the bytes: by byte order mark, UTF-8, what an HTML page declares, else a guess; None for data."""
    if data is None or data.startswith(MAGIC):
        return None
    encoding = encoding_of(data, declared=declared)
    return None if encoding is None else data.decode(encoding, "replace")


def encoding_of(data: bytes, *, declared: bool = False) -> str | None:
    """The encoding of the bytes; None for data that is no text."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding
    head = data[:SNIFFED]
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
