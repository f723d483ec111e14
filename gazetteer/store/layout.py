"""The layout of the file, known to the writer and the reader alone."""

from __future__ import annotations

import struct
import zlib
from array import array

SCHEMA_VERSION = 5
"""Raise it with any change of the tables: files of another version are refused."""

APPLICATION_ID = 0x494D475A
"""Marks the file as ours (`IMGZ`), in SQLite's own header."""

ALTERNATE, PRIMARY, DEMONYM, CODE, FOREIGN = range(5)
"""How a name belongs to a place: the lowest bits of a hit."""

HOW_BITS = 3
HOW_MASK = (1 << HOW_BITS) - 1

TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE text(id INTEGER PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE place(
  id INTEGER PRIMARY KEY, pid NOT NULL, name TEXT NOT NULL, kind INTEGER NOT NULL, lat INTEGER NOT NULL,
  lon INTEGER NOT NULL, countries TEXT NOT NULL, admin1 INTEGER NOT NULL, admin1_code TEXT NOT NULL,
  admin2 INTEGER NOT NULL, population INTEGER NOT NULL, radius INTEGER NOT NULL, names INTEGER NOT NULL,
  prominence INTEGER NOT NULL);
CREATE TABLE spelling(id INTEGER PRIMARY KEY, names TEXT NOT NULL);
CREATE TABLE name(id INTEGER PRIMARY KEY, key TEXT NOT NULL, hits BLOB NOT NULL);
CREATE TABLE skeleton(key TEXT PRIMARY KEY, names BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE typo(bucket INTEGER PRIMARY KEY, names BLOB NOT NULL);
CREATE TABLE band(id INTEGER PRIMARY KEY, places BLOB NOT NULL, lats BLOB NOT NULL, lons BLOB NOT NULL,
  kinds BLOB NOT NULL);
CREATE TABLE shape(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, wkb BLOB NOT NULL);
CREATE TABLE neighbour(first TEXT NOT NULL, second TEXT NOT NULL, wkb BLOB NOT NULL,
  PRIMARY KEY(first, second)) WITHOUT ROWID;
CREATE TABLE disputed(id INTEGER PRIMARY KEY, countries TEXT NOT NULL, wkb BLOB NOT NULL);
"""

DEGREE = 1_000_000
"""Latitudes and longitudes are kept as whole millionths of a degree (0.1 m)."""

PROMINENCE = 1000
"""Prominence is kept in thousandths."""

GEONAMES = "gn:"
"""Ids of GeoNames are kept as numbers, all others as they are."""

BAND_DEGREES = 0.5
"""Height of a band of latitude; within one, places are sorted by longitude."""

TYPO_MIN_LENGTH = 3
TYPO_MAX_LENGTH = 28
"""Keys in which one typing error is looked for, in letters; shorter ones have too many neighbours."""

TYPO_BITS = 18
"""Buckets of the index of typing errors, as a power of two."""

TAG_BITS = 8
"""More bits of the hash, kept in one byte beside each entry, so that few names are read in vain."""

ENTRY_BYTES = 5
"""An entry of a bucket: four bytes of row (all rows first), then one of tag (all tags after them)."""

_MASK = (1 << 64) - 1
_BASE = 0x9E3779B97F4A7C15 | 1
_INVERSE = pow(_BASE, -1, 1 << 64)
_MIX = 0xD6E8FEB86659FD93


def key_row(key: str) -> int:
    """The row where a key is kept, or the first free one after it: so the keys need no index of their own."""
    return zlib.crc32(key.encode("utf-8", "surrogatepass"))


def stored_id(place_id: str) -> int | str:
    """An id as the file keeps it."""
    number = place_id.removeprefix(GEONAMES)
    return (
        int(number) if number != place_id and number.isascii() and number.isdigit() and number[0] != "0" else place_id
    )


def full_id(stored: int | str) -> str:
    """An id as the world knows it."""
    return f"{GEONAMES}{stored}" if isinstance(stored, int) else stored


def pack(ids: list[int]) -> bytes:
    """Pack row numbers into four bytes each, the way they are read back."""
    if len(ids) == 1:
        return ids[0].to_bytes(4, "little")
    return struct.pack(f"<{len(ids)}I", *ids)


def unpack(blob: bytes) -> array[int]:
    """Read packed row numbers."""
    ids = array("I")
    ids.frombytes(blob)
    return ids


def hash_parameters() -> tuple[int, int, int]:
    """Base of the polynomial hash, its inverse modulo 2**64, and the multiplier that mixes its bits."""
    return _BASE, _INVERSE, _MIX


def typo_marks(key: str) -> set[int]:
    """Marks of a key and of all keys with one letter less: two keys one error apart share one.

    A mark is bucket and tag of a hash in one number, from its well-mixed highest bits.
    """
    letters = key.encode()
    powers, total = 1, 0
    prefix = []
    for letter in letters:
        prefix.append((total, letter * powers))
        total = (total + letter * powers) & _MASK
        powers = powers * _BASE & _MASK
    hashes = [total]
    for before, term in prefix:
        hashes.append((before + (total - before - term) * _INVERSE) & _MASK)
    shift = 64 - TYPO_BITS - TAG_BITS
    return {((hashed ^ (hashed >> 32)) * _MIX & _MASK) >> shift for hashed in hashes}
