"""The file of a project: made whole, opened, and what SQLite says of it as errors that a user can mend."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

from geo.errors import InputError, OutputError
from geo.export import check_target
from geo.project import layout

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUFFIX = ".gpkg"
PATIENCE_SECONDS = 120
"""How long a change waits for those of other programs."""


def now() -> str:
    """The time in UTC, as a GeoPackage writes it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def connect(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there."""
    db = sqlite3.connect(f"file:{_quoted(path)}?mode=rw", uri=True, timeout=PATIENCE_SECONDS, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA synchronous = FULL")
    # The journal stays SQLite's plain one, though a write-ahead log would be three times as fast: that log holds what
    # the file lacks until the last program closes it, and people copy and send the one file that they see.
    return db


def _quoted(path: Path) -> str:
    return quote(str(path.absolute()))


def check_format(db: sqlite3.Connection, path: Path) -> None:
    """See that it is a project that we know.

    Raises:
        InputError: it is none, or one of a later version.
    """
    try:
        told = {row["name"]: row["value"] for row in db.execute("SELECT name, value FROM project")}
    except sqlite3.OperationalError as error:
        if "no such" in str(error):
            raise InputError(f"{path}: is no project. Make one with: incident-mapper project init FILE") from error
        raise
    if told.get("format") != layout.FORMAT:
        raise InputError(f"{path}: is a project of format {told.get('format')}; install a newer incident-mapper.")


def create(path: Path) -> None:
    """Make an empty project, whole or not at all: another program must not meet half of it.

    Raises:
        OutputError: there is a file already, another suffix, or the file cannot be made.
    """
    if path.exists():
        raise OutputError(f"{path}: is there already; add to it with: incident-mapper project add {path} REPORTS")
    check_target(path, (SUFFIX,))
    draft = path.with_name(f".{path.name}.{dt.datetime.now(dt.UTC).timestamp()}")
    try:
        with as_errors(path):
            db = sqlite3.connect(draft, isolation_level=None)
            db.execute("BEGIN")
            layout.create(db)
            db.execute("INSERT INTO project (name, value) VALUES ('format', ?), ('created', ?)", (layout.FORMAT, now()))
            db.execute("COMMIT")
            db.close()
            draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def as_errors(path: Path) -> Iterator[None]:
    """What SQLite says, as errors about the file.

    Raises:
        InputError: it is not there, no project, or damaged.
        OutputError: another program holds it, or it cannot be written.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        if "unable to open" in str(error) and not path.is_file():
            raise InputError(f"{path}: not found. Make a project with: incident-mapper project init {path}") from error
        if "locked" in str(error) or "busy" in str(error):
            raise OutputError(f"{path}: another program holds it; close it there and try again.") from error
        raise OutputError(f"{path}: cannot be used: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise InputError(f"{path}: is no project, or damaged: {error}.") from error
