"""Whether a GeoPackage is a project: one that also holds what people decided, and so must not be written over."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

_HEADER = b"SQLite format 3\x00"


def is_project(path: str | Path) -> bool:
    """Whether the file is a project of `incident-mapper project`."""
    file = Path(path)
    try:
        with file.open("rb") as stream:
            if stream.read(len(_HEADER)) != _HEADER:
                return False
        with closing(sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro", uri=True)) as base:
            tables = base.execute("SELECT name FROM sqlite_master WHERE name IN ('decisions', 'project')").fetchall()
    except (OSError, sqlite3.Error):
        return False
    return len(tables) == 2  # noqa: PLR2004  # both
