"""Write the file: entries stream in, tables come out sorted; memory does not grow with the number of places."""

from __future__ import annotations

import itertools
import math
import sqlite3
import zlib
from operator import itemgetter
from typing import TYPE_CHECKING, TypeVar

from gazetteer.names import acronym, fold, skeletons
from gazetteer.place import KINDS, Entry
from gazetteer.store import layout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

_T = TypeVar("_T")

KIND_IDS = {kind: number for number, kind in enumerate(KINDS)}
INDICES = ("names", "spellings", "points")
"""Steps of `Writer.finish`."""

_BATCH = 20_000
_MAX_HELD = 10_000_000
"""Pairs of mark and row (8 bytes each) held before they go to disk."""

_PART_BITS = 4
_PARTS = 1 << _PART_BITS
"""Files into which they go, so that each can be sorted in memory."""

_MAX_HITS = 600
"""Places kept under one name, the most prominent first: `San José` and its like."""


class Writer:
    """Fills a new file. Add entries, then finish; the caller moves the file to its place."""

    def __init__(self, path: Path, scratch: Path) -> None:
        """Begin a file; `scratch` is a folder for what memory cannot hold."""
        self._scratch = scratch
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(
            "PRAGMA page_size=4096; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;"
            f"PRAGMA locking_mode=EXCLUSIVE; PRAGMA application_id={layout.APPLICATION_ID};"
            f"PRAGMA user_version={layout.SCHEMA_VERSION};{layout.TABLES}"
            f"ATTACH '{_quoted(scratch / 'names.db')}' AS scratch; PRAGMA scratch.journal_mode=OFF;"
            "PRAGMA scratch.synchronous=OFF;"
            "CREATE TABLE scratch.raw(row INTEGER, key TEXT, hit INTEGER, prominence REAL);",
        )
        self._texts: dict[str, int] = {"": 0}
        self._next_id = itertools.count(1)
        self.counts: dict[str, int] = {}

    def add(self, entries: Iterable[Entry]) -> None:
        """Store entries and remember their names for the indices.

        Raises:
            sqlite3.Error: the disk is full, or the file cannot be written.
        """
        for batch in _batches(entries, _BATCH):
            numbered = [(next(self._next_id), entry) for entry in batch]
            self._db.execute("BEGIN")
            self._db.executemany("INSERT INTO place VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)", map(self._row, numbered))
            self._db.executemany(
                "INSERT INTO spelling VALUES(?,?)",
                ((number, "\n".join(_spellings(entry))) for number, entry in numbered if _has_spellings(entry)),
            )
            self._db.executemany("INSERT INTO scratch.raw VALUES(?,?,?,?)", _hits(numbered))
            self._db.executemany(
                "INSERT INTO shape VALUES(?,?,?)",
                ((number, KIND_IDS[e.place.kind], zlib.compress(e.geometry)) for number, e in numbered if e.geometry),
            )
            self._db.execute("COMMIT")

    def add_borders(self, borders: Iterable[tuple[str, str, bytes]]) -> None:
        """Store the lines that pairs of countries share, WKB, codes in the order of the alphabet."""
        rows = ((first, second, zlib.compress(wkb)) for first, second, wkb in borders)
        self._db.executemany("INSERT INTO neighbour VALUES(?,?,?)", rows)

    def add_disputed(self, areas: Iterable[tuple[tuple[str, ...], bytes]]) -> None:
        """Store areas that several countries claim, codes and WKB."""
        rows = ((";".join(countries), zlib.compress(wkb)) for countries, wkb in areas)
        self._db.executemany("INSERT INTO disputed(countries, wkb) VALUES(?,?)", rows)

    def finish(self, meta: Mapping[str, str], progress: Callable[[str], None]) -> None:
        """Write the indices and close the file."""
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO text VALUES(?,?)", ((n, text) for text, n in self._texts.items()))
        progress("names")
        self._write_names()
        progress("spellings")
        self._write_fuzzy()
        progress("points")
        self._write_bands()
        self._db.execute("CREATE INDEX place_pid ON place(pid)")
        self._db.executemany("INSERT INTO meta VALUES(?,?)", meta.items())
        self._db.execute("COMMIT")
        self._db.close()

    def close(self) -> None:
        """Give up: leave the file as it is."""
        self._db.close()

    def _text(self, value: str) -> int:
        return self._texts.setdefault(value, len(self._texts))

    def _row(self, numbered: tuple[int, Entry]) -> tuple[object, ...]:
        number, entry = numbered
        place = entry.place
        self.counts[place.kind] = self.counts.get(place.kind, 0) + 1
        return (
            number,
            layout.stored_id(place.place_id),
            place.name,
            KIND_IDS[place.kind],
            round(place.lat * layout.DEGREE),
            round(place.lon * layout.DEGREE),
            ";".join(place.countries),
            self._text(place.admin1),
            place.admin1_code,
            self._text(place.admin2),
            place.population,
            round(place.radius_m),
            place.name_count,
            round(prominence_of(entry) * layout.PROMINENCE),
        )

    def _write_names(self) -> None:
        """Group the remembered names by key; SQLite sorts them on disk. A row that is taken gives way to the next."""
        rows = self._db.execute("SELECT row, key, hit FROM scratch.raw ORDER BY row, key, prominence DESC, hit")
        writer = self._db.cursor()
        for batch in _batches(_grouped_names(rows), _BATCH):
            writer.executemany("INSERT INTO name VALUES(?,?,?)", batch)

    def _write_fuzzy(self) -> None:
        """Write skeletons and typing errors of the Latin keys that are no codes."""
        self._db.execute("CREATE TEMP TABLE bones(key TEXT, name INTEGER)")
        buckets = TypoBuckets(self._scratch)
        rows = (
            (number, key)
            for number, key in self._db.execute("SELECT id, key FROM name WHERE key < '=' OR key >= '>'")
            if key.isascii()
        )
        writer = self._db.cursor()
        for batch in _batches(rows, _BATCH):
            bones = skeletons([key for _, key in batch])
            pairs = ((bone, number) for (number, _), bone in zip(batch, bones, strict=True) if len(bone) > 1)
            writer.executemany("INSERT INTO bones VALUES(?,?)", pairs)
            buckets.add(batch)
        grouped = itertools.groupby(
            self._db.execute("SELECT key, name FROM bones ORDER BY key, name"),
            key=itemgetter(0),
        )
        bone_rows = ((key, layout.pack([name for _, name in group])) for key, group in grouped)
        for batch in _batches(bone_rows, _BATCH):
            writer.executemany("INSERT INTO skeleton VALUES(?,?)", batch)
        writer.executemany("INSERT INTO typo VALUES(?,?)", buckets.rows())
        self._db.execute("DROP TABLE bones")

    def _write_bands(self) -> None:
        """Write the points by bands of latitude, each sorted by longitude."""
        import numpy as np  # noqa: PLC0415  # only a build needs it

        rows = self._db.execute(
            "SELECT (lat + 90 * ?1) / CAST(?2 * ?1 AS INTEGER) AS band, id, lat, lon, kind FROM place"
            " ORDER BY band, lon",
            (layout.DEGREE, layout.BAND_DEGREES),
        )
        writer = self._db.cursor()
        for band, group in itertools.groupby(rows, key=lambda row: row[0]):
            _, ids, lats, lons, kinds = zip(*group, strict=True)
            columns = (np.array(ids, "<u4"), np.array(lats, "<i4"), np.array(lons, "<i4"), np.array(kinds, "u1"))
            writer.execute("INSERT INTO band VALUES(?,?,?,?,?)", (band, *(column.tobytes() for column in columns)))


class TypoBuckets:
    """Marks of keys and of keys with one letter left out, for many keys at once; on disk where they are many."""

    def __init__(self, scratch: Path) -> None:
        """Begin; `scratch` is a folder for what memory cannot hold."""
        self._scratch = scratch
        self._pairs: list[NDArray[np.uint64]] = []
        self._held = 0
        self._spilled = False

    def add(self, keys: list[tuple[int, str]]) -> None:
        """Take the keys of a batch, with their row numbers."""
        import numpy as np  # noqa: PLC0415  # only a build needs it

        by_length: dict[int, list[tuple[int, str]]] = {}
        for number, key in keys:
            if layout.TYPO_MIN_LENGTH <= len(key) <= layout.TYPO_MAX_LENGTH:
                by_length.setdefault(len(key), []).append((number, key))
        for length, group in by_length.items():
            letters = np.frombuffer("".join(key for _, key in group).encode(), np.uint8).reshape(-1, length)
            names = np.array([number for number, _ in group], np.uint64)
            pairs = ((_marks(letters) << np.uint64(32)) | names[:, None]).ravel()
            self._pairs.append(pairs)
            self._held += len(pairs)
        if self._held > _MAX_HELD:
            self._spill()

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """Give each bucket with its entries, in order."""
        import numpy as np  # noqa: PLC0415  # only a build needs it

        if not self._spilled:
            yield from _bucket_rows(np.concatenate(self._pairs) if self._pairs else np.empty(0, np.uint64))
            return
        self._spill()
        for part in range(_PARTS):
            path = self._part(part)
            yield from _bucket_rows(np.fromfile(path, np.uint64))
            path.unlink()

    def _part(self, part: int) -> Path:
        return self._scratch / f"typo-{part}.bin"

    def _spill(self) -> None:
        """Write what is held to disk, one file for each part of the buckets."""
        import numpy as np  # noqa: PLC0415  # only a build needs it

        pairs = np.concatenate(self._pairs) if self._pairs else np.empty(0, np.uint64)
        self._pairs.clear()
        self._held = 0
        self._spilled = True
        part_of = pairs >> np.uint64(32 + layout.TYPO_BITS + layout.TAG_BITS - _PART_BITS)
        for part in range(_PARTS):
            with self._part(part).open("ab") as stream:
                pairs[part_of == part].tofile(stream)


def _bucket_rows(pairs: NDArray[np.uint64]) -> Iterator[tuple[int, bytes]]:
    """Buckets with their entries out of marks (high bits) and rows (low bits)."""
    import numpy as np  # noqa: PLC0415  # only a build needs it

    if not len(pairs):
        return
    pairs.sort()
    pairs = pairs[np.concatenate([[True], pairs[1:] != pairs[:-1]])]
    marks = pairs >> np.uint64(32)
    tags = marks.astype(np.uint8).tobytes()
    buckets = (marks >> np.uint64(layout.TAG_BITS)).astype(np.int32)
    names = pairs.astype("<u4").tobytes()
    starts = np.flatnonzero(np.diff(buckets, prepend=-1))
    for start, end in itertools.pairwise([*starts.tolist(), len(pairs)]):
        yield int(buckets[start]), names[4 * start : 4 * end] + tags[start:end]


def _marks(letters: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Marks of each row's word and of the word without each letter: the same arithmetic as `layout.typo_marks`."""
    import numpy as np  # noqa: PLC0415  # only a build needs it

    base, inverse, mix = layout.hash_parameters()
    length = letters.shape[1]
    powers = np.array([pow(base, n, 1 << 64) for n in range(length)], np.uint64)
    terms = letters.astype(np.uint64) * powers
    through = np.cumsum(terms, axis=1, dtype=np.uint64)
    total = through[:, -1:]
    deleted = (through - terms) + (total - through) * np.uint64(inverse)
    hashed = np.concatenate([total, deleted], axis=1)
    hashed = (hashed ^ (hashed >> np.uint64(32))) * np.uint64(mix)
    marks: NDArray[np.uint64] = hashed >> np.uint64(64 - layout.TYPO_BITS - layout.TAG_BITS)
    return marks


def prominence_of(entry: Entry) -> float:
    """The entry's own prominence, or one by kind of place, people and number of names."""
    if entry.prominence is not None:
        return round(entry.prominence, 4)
    place = entry.place
    base = 0.0 if place.kind == "settlement" else 0.2
    people = 0.07 * math.log10(place.population + 1)
    return round(min(1.0, base + people + 0.05 * math.log(1 + place.name_count)), 4)


def _quoted(path: Path) -> str:
    """A path inside single quotes of SQL."""
    return str(path).replace("'", "''")


def _has_spellings(entry: Entry) -> bool:
    return len(entry.names) > 1 or bool(entry.codes or entry.demonyms or entry.foreign)


def _spellings(entry: Entry) -> Iterator[str]:
    return (name.replace("\n", " ") for name in (*entry.names, *entry.codes, *entry.demonyms, *entry.foreign))


def _hits(numbered: list[tuple[int, Entry]]) -> Iterator[tuple[int, str, int, float]]:
    """Rows for the index of names: row, key, place and how the name belongs to it, prominence."""
    for number, entry in numbered:
        rank = prominence_of(entry)
        own = fold(entry.names[0])
        keys = {own: layout.PRIMARY}
        for name in entry.names[1:]:
            key = fold(name)
            keys.setdefault(key, layout.PRIMARY if own == f"{key} city" else layout.ALTERNATE)
        for name in entry.demonyms:
            keys.setdefault(fold(name), layout.DEMONYM)
        for name in entry.foreign:
            keys.setdefault(fold(name), layout.FOREIGN)
        for name in entry.codes:
            keys.setdefault(acronym(name) or fold(name), layout.CODE)
        keys = {key: how for key, how in keys.items() if not _too_short(key, how)}
        for key, how in keys.items():
            yield layout.key_row(key), key, number << layout.HOW_BITS | how, rank


def _too_short(key: str, how: int) -> bool:
    """Whether a key would match by chance: alternates of one or two Latin letters."""
    return not key or (how in {layout.ALTERNATE, layout.FOREIGN} and len(key) <= 2 and key.isascii())  # noqa: PLR2004  # said above


def _grouped_names(rows: Iterable[tuple[int, str, int]]) -> Iterator[tuple[int, str, bytes]]:
    """Rows of the index of names, in order: each key once, at its own row or the first free one after it."""
    free = 0
    for key, group in itertools.groupby(rows, key=itemgetter(1)):
        (wanted, _, first), *others = group
        number = max(wanted, free)
        free = number + 1
        yield number, key, layout.pack(_distinct([first, *(row[2] for row in others)]) if others else [first])


def _distinct(hits: Iterable[int]) -> list[int]:
    return list(itertools.islice(dict.fromkeys(hits), _MAX_HITS))


def _batches(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    stream = iter(items)
    while batch := list(itertools.islice(stream, size)):
        yield batch
