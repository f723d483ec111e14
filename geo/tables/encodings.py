"""The bytes of a text file → UTF-8, whatever its encoding, as a stream."""

from __future__ import annotations

import codecs
import io
import re
from typing import IO, TYPE_CHECKING

from geo.errors import InputError
from geo.reports import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HIGH_WORD = re.compile(rb"[A-Za-z]{0,20}[\x80-\xff][A-Za-z\x80-\xff]{0,40}")
_SAMPLE_BYTES = 20_000
_UTF16_SHARE = 0.3
_FEW = 20
"""A file with so many whole UTF-8 characters to a broken one is UTF-8 with broken ones."""


def encoding_of(stream: IO[bytes], name: str) -> str:
    """The encoding of the whole file: by mark, by its NULs, by what is valid, by the letters above ASCII.

    Raises:
        InputError: binary data.
    """
    head = stream.read(decode.SNIFFED)
    if head.startswith(decode.MAGIC):
        raise InputError(f"{name}: is no table but binary data.")
    for bom, encoding in _MARKS:
        if head.startswith(bom):
            return encoding
    if (wide := _without_mark(head)) is not None:
        return wide
    if decode.encoding_of(re.sub(rb"[\x80-\xff]", b"", head)) is None:
        raise InputError(f"{name}: is no table but binary data.")
    return _narrow(_blocks(stream, head))


def _blocks(stream: IO[bytes], head: bytes) -> Iterator[bytes]:
    yield head
    while block := stream.read(_BLOCK):
        yield block


def _without_mark(head: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of much of it is NUL."""
    half = max(1, len(head) // 2)
    if b"\n\x00" not in head and b"\x00\n" not in head:
        return None
    for encoding, start in (("utf-16-le", 1), ("utf-16-be", 0)):
        if head[start::2].count(0) > _UTF16_SHARE * half and head[1 - start :: 2].count(0) == 0:
            return encoding
    return None


def _narrow(blocks: Iterator[bytes]) -> str:
    """UTF-8 where nearly all of it is, else the encoding that makes letters of the bytes above ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    whole = broken = 0
    words: list[bytes] = []
    size = 0
    for block in blocks:
        if block.isascii():
            decoder.reset()
            continue
        text = decoder.decode(block)
        bad = text.count("\ufffd")
        broken += bad
        whole += len(text) - len(text.encode("ascii", "ignore")) - bad
        if size < _SAMPLE_BYTES:
            words += _HIGH_WORD.findall(block)[:2000]
            size = sum(map(len, words))
    if broken == 0 or whole > _FEW * broken:
        return "utf-8"
    return decode.encoding_of(b" ".join(words)[:_SAMPLE_BYTES]) or "cp1252"


class Utf8Stream(io.RawIOBase):
    """A stream of UTF-8 out of a stream in another encoding; what it cannot hold becomes U+FFFD.

    `replaced` tells whether there was any. NUL, which no cell can hold, is replaced too.
    """

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self._stream, self._left = stream, b""
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._plain = encoding in ("utf-8", "utf-8-sig")
        self.replaced = False

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer."""
        if not self._left:
            self._left = self._next(max(len(buffer), 1 << 16))
        part, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def _next(self, size: int) -> bytes:
        while True:
            block = self._stream.read(size)
            if self._plain and block.isascii() and b"\x00" not in block and not self._decoder.getstate()[0]:
                return block
            text = self._decoder.decode(block, final=not block).replace("\x00", "\ufffd")
            self.replaced = self.replaced or "\ufffd" in text
            if text or not block:
                return text.encode("utf-8", "replace")

    def close(self) -> None:
        """Close the stream below, too."""
        self._stream.close()
        super().close()
