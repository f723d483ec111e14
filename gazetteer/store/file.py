"""The file itself: checked when it is opened, then read by any number of threads and processes."""

from __future__ import annotations

import itertools
import json
import os
import sqlite3
import threading
from array import array
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from gazetteer.errors import GazetteerMissingError, GazetteerStaleError
from gazetteer.names import FOLD_VERSION
from gazetteer.place import KINDS, Place
from gazetteer.store import layout

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_KINDS = tuple(KINDS)
_HEADER_BYTES = 100
_PLACE_COLUMNS = (
    "SELECT id, pid, name, kind, lat, lon, countries, admin1, admin1_code, admin2, population, radius, names,"
    " prominence FROM place"
)
_PLACE_AT = f"{_PLACE_COLUMNS} WHERE id = ?"
_PLACES_AMONG = f"{_PLACE_COLUMNS} WHERE id"
_KINDS_AMONG = "SELECT kind FROM place WHERE id"
_NAMES_AMONG = "SELECT key, hits FROM name WHERE id"
_BUCKETS_AMONG = "SELECT bucket, names FROM typo WHERE bucket"
_TAG = (1 << layout.TAG_BITS) - 1
_NAME_AT = "SELECT key, hits FROM name WHERE id = ?"
_ASKED_AT_ONCE = 256
_MARKS = {1 << power: f" IN (?{',?' * ((1 << power) - 1)})" if power else " = ?" for power in range(9)}
"""Marks for so many numbers, up to `_ASKED_AT_ONCE`."""

_CACHED_PLACES = 50_000
MEND = "Build it anew with: incident-mapper gazetteer build"


class File:
    """One gazetteer file, read-only. Connections are made where they are used: one for each thread of each process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        check(path)
        self._local = threading.local()
        self._places: dict[int, tuple[Place, float]] = {}
        self._texts: dict[int, str] = {0: ""}
        self._countries: dict[str, tuple[str, ...]] = {"": ()}
        version = self.meta().get("fold_version")
        if version != str(FOLD_VERSION):
            raise GazetteerStaleError(f"{path}: names are folded by version {version}, not {FOLD_VERSION}. {MEND}")

    @property
    def db(self) -> sqlite3.Connection:
        """This thread's connection."""
        made: tuple[int, sqlite3.Connection] | None = getattr(self._local, "made", None)
        if made is None or made[0] != os.getpid():
            made = self._local.made = (os.getpid(), _connect(self.path))
        return made[1]

    def close(self) -> None:
        """Close this thread's connection; the next use opens it again."""
        made = getattr(self._local, "made", None)
        if made is not None and made[0] == os.getpid():
            made[1].close()
        self._local.made = None

    def meta(self) -> dict[str, str]:
        """What the file says of itself."""
        try:
            return dict(self.db.execute("SELECT key, value FROM meta"))
        except sqlite3.DatabaseError as error:
            raise GazetteerStaleError(f"{self.path}: no gazetteer ({error}). {MEND}") from error

    def info(self) -> dict[str, Any]:
        """Versions, counts, sources and size."""
        meta = self.meta()
        return {
            "path": str(self.path),
            "schema_version": layout.SCHEMA_VERSION,
            "fold_version": int(meta["fold_version"]),
            "built": meta["built"],
            "made_of": meta["made_of"],
            "counts": json.loads(meta["counts"]),
            "sources": json.loads(meta["sources"]),
            "size_bytes": self.path.stat().st_size,
        }

    def place(self, number: int) -> tuple[Place, float]:
        """The place of a row, and its prominence."""
        kept = self._places.get(number)
        if kept is None:
            if len(self._places) > _CACHED_PLACES:
                self._places = {}
            row = self.db.execute(_PLACE_AT, (number,)).fetchone()
            kept = self._places[number] = self._made(row), row[13] / layout.PROMINENCE
        return kept

    def fetch(self, numbers: Iterable[int]) -> None:
        """Read and keep the rows of places that are not kept already, in one go."""
        places = self._places
        missing = [number for number in numbers if number not in places]
        if not missing:
            return
        if len(places) > _CACHED_PLACES:
            places = self._places = {}
        for row in self._among(_PLACES_AMONG, missing):
            places[row[0]] = self._made(row), row[13] / layout.PROMINENCE

    def kinds(self, numbers: Iterable[int]) -> frozenset[str]:
        """Kinds of the places of some rows."""
        return frozenset(_KINDS[row[0]] for row in self._among(_KINDS_AMONG, numbers))

    def _made(self, row: tuple[Any, ...]) -> Place:
        texts, countries = self._texts, self._countries.get(row[6])
        if countries is None:
            countries = self._countries[row[6]] = tuple(row[6].split(";"))
        admin1, admin2 = texts.get(row[7]), texts.get(row[9])
        return Place(
            layout.full_id(row[1]),
            row[2],
            _KINDS[row[3]],
            row[4] / layout.DEGREE,
            row[5] / layout.DEGREE,
            countries,
            self._text(row[7]) if admin1 is None else admin1,
            row[8],
            self._text(row[9]) if admin2 is None else admin2,
            row[10],
            float(row[11]),
            row[12],
        )

    def _among(self, select: str, numbers: Iterable[int]) -> Iterable[tuple[Any, ...]]:
        """Rows whose number is among some; lists are filled up to a few sizes, each a statement that SQLite keeps."""
        wanted = list(numbers)
        if len(wanted) <= _ASKED_AT_ONCE:
            return self._some(select, wanted)
        parts = (wanted[start : start + _ASKED_AT_ONCE] for start in range(0, len(wanted), _ASKED_AT_ONCE))
        return itertools.chain.from_iterable(self._some(select, part) for part in parts)

    def _some(self, select: str, wanted: list[int]) -> list[tuple[Any, ...]]:
        if not wanted:
            return []
        size = 1 << (len(wanted) - 1).bit_length()
        return self.db.execute(select + _MARKS[size], wanted + wanted[-1:] * (size - len(wanted))).fetchall()

    def _text(self, number: int) -> str:
        text: str = self.db.execute("SELECT value FROM text WHERE id=?", (number,)).fetchone()[0]
        self._texts[number] = text
        return text

    def hits(self, key: str) -> array[int]:
        """Places under a key, the most prominent first, each with how the name belongs to it in the lowest bits."""
        number, execute = layout.key_row(key), self.db.execute
        while row := execute(_NAME_AT, (number,)).fetchone():
            if row[0] == key:
                return layout.unpack(row[1])
            number += 1
        return array("I")

    def named(self, numbers: Iterable[int]) -> list[tuple[str, array[int]]]:
        """Keys and places of rows of the index of names."""
        return [(key, layout.unpack(hits)) for key, hits in self._among(_NAMES_AMONG, numbers)]

    def same_bones(self, bones: str) -> array[int]:
        """Rows of names that share a skeleton."""
        row = self.db.execute("SELECT names FROM skeleton WHERE key = ?", (bones,)).fetchone()
        return layout.unpack(row[0]) if row else array("I")

    def same_marks(self, marks: Iterable[int]) -> set[int]:
        """Rows of names with one of some marks in the index of typing errors."""
        tags: dict[int, list[int]] = {}
        for mark in marks:
            tags.setdefault(mark >> layout.TAG_BITS, []).append(mark & _TAG)
        found = set()
        for bucket, blob in self._among(_BUCKETS_AMONG, tags):
            rows_end = len(blob) // layout.ENTRY_BYTES * 4
            for tag in tags[bucket]:
                at = blob.find(tag, rows_end)
                while at >= 0:
                    entry = 4 * (at - rows_end)
                    found.add(int.from_bytes(blob[entry : entry + 4], "little"))
                    at = blob.find(tag, at + 1)
        return found

    def spellings(self, number: int) -> list[str]:
        """All names of a place as its sources have them, its own first."""
        row = self.db.execute("SELECT names FROM spelling WHERE id = ?", (number,)).fetchone()
        return row[0].split("\n") if row else [self.place(number)[0].name]

    def largest(self, iso: str, kind: int, limit: int) -> list[int]:
        """Rows of the most populous places of one kind in one country, the largest first."""
        rows = self.db.execute(
            "SELECT id FROM place WHERE countries = ? AND kind = ? ORDER BY population DESC LIMIT ?",
            (iso, kind, limit),
        )
        return [row[0] for row in rows]

    def number(self, place_id: str) -> int | None:
        """Row of the place with an id."""
        row = self.db.execute("SELECT id FROM place WHERE pid = ?", (layout.stored_id(place_id),)).fetchone()
        return int(row[0]) if row else None


def _connect(path: Path) -> sqlite3.Connection:
    uri = f"file:{quote(str(path))}?mode=ro&immutable=1"
    db = sqlite3.connect(uri, uri=True, check_same_thread=False, cached_statements=64)
    db.execute(f"PRAGMA mmap_size={1 << 30}")
    return db


def check(path: Path) -> None:
    """Refuse a file that is missing, foreign, truncated or of another schema.

    Raises:
        GazetteerMissingError: there is no such file.
        GazetteerStaleError: the file cannot be used; the message says which command mends it.
    """
    try:
        with path.open("rb") as stream:
            header = stream.read(_HEADER_BYTES)
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise GazetteerMissingError(f"{path}: not found. Build it with: incident-mapper gazetteer build") from error
    except OSError as error:
        raise GazetteerStaleError(f"{path}: cannot be read ({error.strerror}). {MEND}") from error
    if len(header) < _HEADER_BYTES or not header.startswith(b"SQLite format 3\0"):
        raise GazetteerStaleError(f"{path}: no gazetteer. {MEND}")
    if int.from_bytes(header[68:72], "big") != layout.APPLICATION_ID:
        raise GazetteerStaleError(f"{path}: a database, but no gazetteer. {MEND}")
    version = int.from_bytes(header[60:64], "big")
    if version != layout.SCHEMA_VERSION:
        raise GazetteerStaleError(f"{path}: schema version {version}, not {layout.SCHEMA_VERSION}. {MEND}")
    page = int.from_bytes(header[16:18], "big")
    if size != int.from_bytes(header[28:32], "big") * (65536 if page == 1 else page):
        raise GazetteerStaleError(f"{path}: truncated. {MEND}")
