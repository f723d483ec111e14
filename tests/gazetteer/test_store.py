"""The file: what is refused, and that any number of readers may share it."""

from __future__ import annotations

import math
import os
import pickle
import random
import sqlite3
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.errors import GazetteerMissingError, GazetteerStaleError
from gazetteer.sphere import distance_m
from gazetteer.store import Gazetteer, layout

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COMMAND = "incident-mapper gazetteer build"


@pytest.fixture
def small(make: Callable[..., Gazetteer], entry: Callable[..., object]) -> Gazetteer:
    """Three towns, one of them across the antimeridian from another."""
    return make(
        [
            entry("gn:1", "Alpha", "settlement", 10.0, 179.9, country="FJ", names=("Alfa", "Альфа")),
            entry("gn:2", "Beta", "settlement", 10.0, -179.9, country="FJ"),
            entry("own:gamma", "Gamma", "site", -89.9, 0.0),
        ]
    )


def test_get_gives_what_was_stored(small: Gazetteer) -> None:
    """A place comes back with every field, by an id of GeoNames as by any other."""
    place = small.get("gn:1")
    assert place is not None
    assert (place.name, place.lat, place.lon, place.countries, place.name_count) == ("Alpha", 10.0, 179.9, ("FJ",), 3)
    assert small.get("own:gamma") is not None
    assert small.spellings("gn:1") == ["Alpha", "Alfa", "Альфа"]


@pytest.mark.parametrize("place_id", ["gn:3", "gn:", "gn:01", "gn:x", "", "country:XX", "gn:٣"])
def test_get_unknown_is_none(small: Gazetteer, place_id: str) -> None:
    """An id that is not there, or is none at all, gives None."""
    assert small.get(place_id) is None
    assert small.geometry(place_id) is None
    assert small.spellings(place_id) == []


def test_nearest_crosses_the_antimeridian(small: Gazetteer) -> None:
    """From 180 degrees east both towns are equally near, and the far pole is not."""
    found = small.nearest(lat=10.0, lon=180.0, limit=2)
    assert {place.place_id for place, _ in found} == {"gn:1", "gn:2"}
    assert all(metres == pytest.approx(10_950, rel=0.01) for _, metres in found)


def test_nearest_at_the_pole(small: Gazetteer) -> None:
    """At a pole every longitude is the same place."""
    place, metres = small.nearest(lat=-90.0, lon=123.0)[0]
    assert place.place_id == "own:gamma"
    assert metres == pytest.approx(11_120, rel=0.01)


def test_nearest_of_a_kind_that_is_not_there(small: Gazetteer) -> None:
    """A kind that no place has gives an empty list, and so does a kind that does not exist."""
    assert small.nearest(lat=0, lon=0, kinds=["dam"]) == []
    assert small.nearest(lat=0, lon=0, kinds=["nonsense"]) == []


def test_nearest_agrees_with_brute_force(make: Callable[..., Gazetteer], entry: Callable[..., object]) -> None:
    """On points all over the sphere, the answer is that of measuring every distance."""
    rng = random.Random(7)  # noqa: S311  # no secret
    spots = [(rng.uniform(-90, 90), rng.uniform(-180, 180)) for _ in range(300)]
    gazetteer = make(entry(f"gn:{n + 1}", f"P{n}", "settlement", lat, lon) for n, (lat, lon) in enumerate(spots))
    for _ in range(200):
        lat, lon = math.degrees(math.asin(rng.uniform(-1, 1))), rng.uniform(-180, 180)
        ((_, metres),) = gazetteer.nearest(lat=lat, lon=lon)
        assert metres == pytest.approx(min(distance_m(lat, lon, *spot) for spot in spots), abs=2)


def test_missing_file_names_the_command(tmp_path: Path) -> None:
    """A file that is not there is a FileNotFoundError whose one line names path and command."""
    with pytest.raises(GazetteerMissingError, match=COMMAND) as caught:
        Gazetteer.open(tmp_path / "none.db")
    assert isinstance(caught.value, FileNotFoundError)
    assert "\n" not in str(caught.value)


def _spoil_empty(path: Path) -> None:
    path.write_bytes(b"")


def _spoil_text(path: Path) -> None:
    path.write_bytes(b"name,lat,lon\n" * 100)


def _spoil_foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE t(x)")
    database.close()


def _spoil_truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 + 17)


def _spoil_schema(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version={layout.SCHEMA_VERSION + 1}")
    database.close()


def _spoil_fold(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE meta SET value='0' WHERE key='fold_version'")
    database.close()


@pytest.mark.parametrize(
    "spoil",
    [_spoil_empty, _spoil_text, _spoil_foreign, _spoil_truncated, _spoil_schema, _spoil_fold],
)
def test_bad_file_is_refused(small: Gazetteer, tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    """Empty, foreign, truncated, of another schema or folding: one line that names the file and the command."""
    path = tmp_path / "bad.db"
    path.write_bytes(small.path.read_bytes())
    spoil(path)
    with pytest.raises(GazetteerStaleError, match=COMMAND) as caught:
        Gazetteer.open(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """A folder in the file's place is refused in one line."""
    with pytest.raises(GazetteerStaleError, match="cannot be read"):
        Gazetteer.open(tmp_path)


def _name_of(gazetteer: Gazetteer, name: str) -> str:
    return gazetteer.find(name)[0].place.name


def test_readers_in_threads(small: Gazetteer) -> None:
    """Many threads ask one object at once."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: _name_of(small, ("Alfa", "Beta", "Gamma")[n % 3]), range(300)))
    assert answers == ["Alpha", "Beta", "Gamma"] * 100


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_readers_in_processes(small: Gazetteer, method: str) -> None:
    """The object travels to other processes, forked after it was used or started afresh."""
    assert _name_of(small, "Alfa") == "Alpha"
    with ProcessPoolExecutor(2, mp_context=get_context(method)) as pool:
        assert list(pool.map(Gazetteer.get, [small] * 2, ["gn:1", "gn:2"])) == [small.get("gn:1"), small.get("gn:2")]


def test_pickle_carries_the_path(small: Gazetteer) -> None:
    """A pickle is small and opens the same file."""
    data = pickle.dumps(small)
    assert len(data) < 500
    assert pickle.loads(data).get("gn:2") == small.get("gn:2")  # noqa: S301  # our own


def test_context_manager_closes(small: Gazetteer) -> None:
    """Leaving the context closes the connection; a later question opens it again."""
    with small as gazetteer:
        assert gazetteer.get("gn:1") is not None
    assert small.get("gn:2") is not None


def test_keys_of_one_row_are_told_apart(
    make: Callable[..., Gazetteer], entry: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys whose hashes collide each keep their own places, and a missing one is not found."""
    monkeypatch.setattr(layout, "key_row", lambda key: 7 if key < "d" else 8)
    names = ["Abara", "Bondo", "Cyran", "Delva", "Embra"]
    gazetteer = make(entry(f"gn:{n}", name, "settlement", n, n) for n, name in enumerate(names, start=1))
    assert [gazetteer.find(name, fuzzy=False)[0].place.name for name in names] == names
    assert gazetteer.find("Zelda", fuzzy=False) == []


@settings(max_examples=200)
@given(st.text("abcdefgh ", min_size=2, max_size=12), st.integers(0, 11), st.sampled_from("abcxyz"))
def test_one_error_apart_shares_a_mark(key: str, at: int, letter: str) -> None:
    """A key and what one slip makes of it share a mark of the index of typing errors."""
    at %= len(key)
    slips = {
        key[:at] + key[at + 1 :],
        key[:at] + letter + key[at:],
        key[:at] + letter + key[at + 1 :],
        key[:at] + key[at + 1 : at + 2] + key[at : at + 1] + key[at + 2 :],
    }
    assert all(layout.typo_marks(key) & layout.typo_marks(slip) for slip in slips)
