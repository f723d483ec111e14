"""A small gazetteer of our own making, so that rules can be tested apart from the world's data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gazetteer.place import Entry, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from gazetteer.store import Gazetteer

META = {"fold_version": "1", "built": "2026-01-01T00:00:00+00:00", "made_of": "tests", "sources": "[]", "counts": "{}"}


def _entry(place_id: str, name: str, kind: str, lat: float, lon: float, *, country: str = "", **more: object) -> Entry:
    """Make an entry; names, words, prominence and geometry go to it, all else to its place."""
    entry_fields = {
        key: more.pop(key) for key in ("codes", "demonyms", "foreign", "prominence", "geometry") if key in more
    }
    names = (name, *more.pop("names", ()))  # type: ignore[misc]  # whatever the test gives
    countries = (country,) if country else ()
    place = Place(place_id, name, kind, lat, lon, countries, name_count=len(names), **more)  # type: ignore[arg-type]
    return Entry(place, names, **entry_fields)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def entry() -> Callable[..., Entry]:
    """A function that makes an entry; see `_entry`."""
    return _entry


@pytest.fixture
def make(tmp_path: Path) -> Callable[[Iterable[Entry]], Gazetteer]:
    """A function that writes entries into a file and opens it."""
    from gazetteer.names import FOLD_VERSION  # noqa: PLC0415  # only tests of the store pay for it
    from gazetteer.store import Gazetteer  # noqa: PLC0415  # the same
    from gazetteer.store.writer import Writer  # noqa: PLC0415  # the same

    def write(entries: Iterable[Entry]) -> Gazetteer:
        path = tmp_path / "small.db"
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        writer = Writer(path, scratch)
        writer.add(entries)
        writer.finish({**META, "fold_version": str(FOLD_VERSION)}, lambda _: None)
        return Gazetteer.open(path)

    return write
