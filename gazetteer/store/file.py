"""The file itself: checked when it is opened, then read by any number of threads and processes."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from gazetteer.errors import GazetteerMissingError, GazetteerStaleError
from gazetteer.names import FOLD_VERSION
from gazetteer.place import KINDS, Place
from gazetteer.store import layout

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable
    from pathlib import Path

_KINDS = tuple(KINDS)
_HEADER_BYTES = 100
_CACHED_PLACES = 50_000
MEND = "Build it anew with: incident-mapper gazetteer build"


class File:
    """One gazetteer file, read-only. Connections are made where they are used: one for each thread of each process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        check(path)
        self._local = threading.local()
        self.place = lru_cache(maxsize=_CACHED_PLACES)(self._place)
        self._texts: dict[int, str] = {0: ""}
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

    def _place(self, number: int) -> tuple[Place, float]:
        row = self.db.execute(
            "SELECT pid, name, kind, lat, lon, countries, admin1, admin1_code, admin2, population, radius, names,"
            " prominence FROM place WHERE id = ?",
            (number,),
        ).fetchone()
        place = Place(
            place_id=layout.full_id(row[0]),
            name=row[1],
            kind=_KINDS[row[2]],
            lat=row[3] / layout.DEGREE,
            lon=row[4] / layout.DEGREE,
            countries=tuple(row[5].split(";")) if row[5] else (),
            admin1=self._text(row[6]),
            admin1_code=row[7],
            admin2=self._text(row[8]),
            population=row[9],
            radius_m=float(row[10]),
            name_count=row[11],
        )
        return place, row[12] / layout.PROMINENCE

    def _text(self, number: int) -> str:
        text = self._texts.get(number)
        if text is None:
            text = self._texts[number] = self.db.execute("SELECT value FROM text WHERE id=?", (number,)).fetchone()[0]
        return text

    def hits(self, key: str) -> array[int] | tuple[()]:
        """Places under a key, the most prominent first, each with how the name belongs to it in the lowest bits."""
        number = layout.key_row(key)
        while row := self.db.execute("SELECT key, hits FROM name WHERE id = ?", (number,)).fetchone():
            if row[0] == key:
                return layout.unpack(row[1])
            number += 1
        return ()

    def named(self, numbers: Iterable[int]) -> list[tuple[str, array[int]]]:
        """Keys and places of rows of the index of names."""
        marks = ",".join(str(int(number)) for number in numbers)
        rows = self.db.execute(f"SELECT key, hits FROM name WHERE id IN ({marks})")  # noqa: S608  # integers only
        return [(key, layout.unpack(hits)) for key, hits in rows]

    def same_bones(self, bones: str) -> array[int] | tuple[()]:
        """Rows of names that share a skeleton."""
        row = self.db.execute("SELECT names FROM skeleton WHERE key = ?", (bones,)).fetchone()
        return layout.unpack(row[0]) if row else ()

    def same_marks(self, marks: Iterable[int]) -> set[int]:
        """Rows of names with one of some marks in the index of typing errors."""
        tags: dict[int, list[int]] = {}
        for mark in marks:
            tags.setdefault(mark >> layout.TAG_BITS, []).append(mark & 0xFF)
        asked = ",".join(map(str, tags))
        rows = self.db.execute(f"SELECT bucket, names FROM typo WHERE bucket IN ({asked})")  # noqa: S608  # integers
        found = set()
        for bucket, blob in rows:
            size = len(blob) // layout.ENTRY_BYTES
            for tag in tags[bucket]:
                at = blob.find(tag, 4 * size)
                while at >= 0:
                    entry = 4 * (at - 4 * size)
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
