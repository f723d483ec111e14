"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from geo.errors import OutputError
from geo.export.projects import is_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


def check_target(path: str | Path, suffixes: Iterable[str]) -> Path:
    """The path, when a file of a known suffix can be written there; asked before the work that fills it.

    Raises:
        OutputError: unknown suffix, no such folder, a folder of that name, a project, or no permission.
    """
    target = Path(path)
    known = tuple(suffixes)
    if target.suffix.lower() not in known:
        raise OutputError(f"{path}: unknown suffix {target.suffix!r}. Known are {' '.join(known)}.")
    if not target.parent.is_dir():
        raise OutputError(f"{path}: there is no folder {target.parent}.")
    if target.is_dir():
        raise OutputError(f"{path}: is a folder.")
    if target.is_file() and is_project(target):
        raise OutputError(f"{path}: is a project, and writing over it would lose decisions; name another file.")
    if target.exists() and not os.access(target, os.W_OK):
        raise OutputError(f"{path}: cannot be written: Permission denied.")
    with staged(target.parent, target):
        return target


def places_path(path: str | Path) -> Path:
    """Where the places mentioned lie that belong to an incident file: incidents.csv → incidents.places.geojson."""
    return Path(path).with_suffix(".places.geojson")


def atomically(target: Path, fill: Callable[[Path], object]) -> None:
    """Fill a scratch file and move it to its target."""
    with staged(target.parent, target) as scratch:
        fill(scratch / target.name)
        (scratch / target.name).replace(target)


@contextmanager
def staged(folder: Path, target: Path) -> Iterator[Path]:
    """A scratch folder on the same disk; what the disk refuses is an OutputError about the target."""
    try:
        with tempfile.TemporaryDirectory(prefix=".incident-mapper-", dir=folder) as scratch:
            yield Path(scratch)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written: {error.strerror or error}.") from error


def write_text(path: str | Path, text: str) -> None:
    """Write a text file atomically.

    Raises:
        OutputError: it cannot be written.
    """
    with writing(path) as stream:
        stream.write(text)


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write a file atomically.

    Raises:
        OutputError: it cannot be written.
    """
    atomically(Path(path), lambda scratch: scratch.write_bytes(data))


@contextmanager
def writing(path: str | Path) -> Iterator[IO[str]]:
    """A text file to write line by line; it appears when the block ends well.

    Raises:
        OutputError: it cannot be written.
    """
    target = Path(path)
    with staged(target.parent, target) as scratch:
        with (scratch / target.name).open("w", encoding="utf-8", newline="") as stream:
            yield stream
        (scratch / target.name).replace(target)
