"""Building: atomic, one at a time, and of a user's own files as of the default sources."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gazetteer import build as building
from gazetteer.errors import GazetteerError
from gazetteer.sources import collect
from gazetteer.store import Gazetteer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_COLUMNS = (
    *("id", "name", "ascii", "alternates", "lat", "lon", "class", "code", "country", "cc2"),
    *("admin1", "admin2", "admin3", "admin4", "people", "elevation", "dem", "zone", "day"),
)


def _row(text: str, **more: str) -> str:
    """A row of GeoNames' file out of `id name lat lon class.code admin1`, in Syria unless said otherwise."""
    number, name, lat, lon, feature, admin1 = text.split(";")
    told = {"id": number, "name": name, "ascii": name, "lat": lat, "lon": lon, "country": "SY", "admin1": admin1}
    told["class"], told["code"] = feature.split(".")
    return "\t".join({**told, **more}.get(column, "") for column in _COLUMNS)


PLACES = "\n".join(
    [
        _row("900001;Tell Ubayd;35.5;40.5;P.PPL;07", alternates="Tall `Ubayd,تل عبيد", people="1200"),
        _row("900002;Sadd Zenobia;35.9;38.5;S.DAM;04", people="0"),
        _row("900003;Jabal Nothing;34.0;38.0;T.MT;11", cc2="IQ"),
        _row("900004;Abyss;0.0;0.0;U.TRNU;", country=""),
        _row("900005;Gone;34.0;38.0;P.PPLH;11"),
        _row("broken;Broken;x;y;P.PPL;11"),
        _row("900006;Far;340.0;38.0;P.PPL;11"),
        _row("900007;Zorba Nahiyah;35.6;40.4;A.ADM3;07"),
    ]
)
ALTERNATES = (
    "1\t900001\tar\tتلّ العبيد\t1\t\t\t\t\t\n"
    "2\t900001\tlink\thttps://example.org/x\t\t\t\t\t\t\n"
    "3\t900001\tde\tTel Obeid am Euphrat\t\t\t\t\t\t\n"
    "4\t900002\twkdt\tQ42\t\t\t\t\t\t\n"
)
CODES = "SY.07\tDeir ez-Zor\tDeir ez-Zor\t170792\nXX.01\tNowhere\tNowhere\t1\n"
TABLE = "name,lat,lon,kind,countries,alternate_names,radius_km\nPost Seven,34.1,41.2,base,IQ,Seventh post;P-7,2\n"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, entry: Callable[..., Any]) -> None:
    """Builds of one place alone, so that they take no time."""

    def entries(self: collect.Sources) -> Iterator[Any]:
        self.tell("towns", "")
        yield iter([entry("gn:1", "Alpha", "settlement", 1.0, 2.0)])

    monkeypatch.setattr(collect.Sources, "entries", entries)
    for reader in ("countries", "admin1", "admin2"):
        monkeypatch.setattr(collect.boundaries, reader, dict)


@pytest.mark.usefixtures("quick")
def test_build_writes_a_file_and_tells_its_steps(tmp_path: Path) -> None:
    """The file appears in a new folder, readable as any new file is; progress ends with all steps done."""
    told: list[tuple[str, int, int]] = []
    path = building.build(tmp_path / "new" / "g.db", progress=lambda *step: told.append(step))
    assert Gazetteer.open(path).find("Alpha")[0].place.place_id == "gn:1"
    assert told[-1][0] == "done"
    assert told[-1][1] == told[-1][2]
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert sorted(left.name for left in path.parent.iterdir()) == ["g.db", "g.db.lock"]
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.usefixtures("quick")
def test_a_failed_build_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a source fails, the old file is as it was and nothing half-written lies about."""
    path = building.build(tmp_path / "g.db")
    before = path.read_bytes()

    def fail(_: collect.Sources) -> Iterator[Any]:
        yield iter([])
        raise GazetteerError("overlay.csv: row 3: at fault")

    monkeypatch.setattr(collect.Sources, "entries", fail)
    with pytest.raises(GazetteerError, match="row 3"):
        building.build(path)
    assert path.read_bytes() == before
    assert sorted(left.name for left in tmp_path.iterdir()) == ["g.db", "g.db.lock"]


@pytest.mark.usefixtures("quick")
def test_what_killed_builds_left_is_removed(tmp_path: Path) -> None:
    """A build tidies up after one that was killed."""
    (tmp_path / "g.db.0123.part").write_bytes(b"half")
    scratch = tmp_path / "g.db.0123.part.abc"
    scratch.mkdir()
    (scratch / "names.db").write_bytes(b"half")
    building.build(tmp_path / "g.db")
    assert sorted(left.name for left in tmp_path.iterdir()) == ["g.db", "g.db.lock"]


@pytest.mark.usefixtures("quick")
def test_two_builds_at_once(tmp_path: Path) -> None:
    """The second of two builds waits, then takes what the first one made."""
    context = multiprocessing.get_context("fork")
    path = tmp_path / "g.db"
    workers = [context.Process(target=building.build, args=(path,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert Gazetteer.open(path).find("Alpha")


@pytest.mark.campaign
def test_a_killed_build_leaves_the_old_file(tmp_path: Path) -> None:
    """Killed at any moment, a real build leaves the old file whole, and the next one finds no lock in its way."""
    path = tmp_path / "g.db"
    path.write_bytes(b"the old one")
    code = "import sys; from gazetteer.build import build; build(sys.argv[1])"
    for wait in (0.5, 3.0, 8.0):
        process = subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=Path(__file__).parents[2])  # noqa: S603  # our own
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert path.read_bytes() == b"the old one"


@pytest.mark.usefixtures("quick")
def test_an_unwritable_folder_is_one_line(tmp_path: Path) -> None:
    """A file where the folder should be gives one line that says what and where."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(GazetteerError, match="cannot be written") as caught:
        building.build(tmp_path / "file" / "g.db")
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("quick")
def test_ensure_default_builds_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing, stale or made of other data: built; else opened as it is."""
    monkeypatch.setenv("INCIDENT_MAPPER_CACHE", str(tmp_path))
    first = building.ensure_default()
    assert first.path == building.default_path() == tmp_path / "gazetteer.db"
    stamp = first.path.stat().st_mtime_ns
    building.ensure_default()
    assert first.path.stat().st_mtime_ns == stamp
    first.path.write_bytes(b"spoilt")
    assert building.ensure_default().find("Alpha")
    monkeypatch.setattr(building, "fingerprint", lambda: "other data")
    assert building.ensure_default().info()["made_of"] == "other data"


def _write(path: Path, text: str, form: str) -> Path:
    """Write a text plain, zipped or gzipped, under a name that tells nothing."""
    if form == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("readme.txt", "x")
            archive.writestr("data.bin", text)
    elif form == "gzip":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    """A gazetteer of GeoNames' files and a table of one's own, in small."""
    folder = tmp_path_factory.mktemp("full")
    path = building.build(
        folder / "g.db",
        geonames=[_write(folder / "places.dat", PLACES, "zip")],
        alternate_names=[_write(folder / "names.dat", ALTERNATES, "gzip")],
        admin_codes=[_write(folder / "codes.dat", CODES, "plain")],
        csv=[_write(folder / "mine.dat", TABLE, "plain")],
    )
    return Gazetteer.open(path)


def test_geonames_places_are_read(full: Gazetteer) -> None:
    """Every column that matters arrives, with the names of both files and the area's name."""
    place = full.get("gn:900001")
    assert place is not None
    assert (place.name, place.kind, place.lat, place.lon) == ("Tell Ubayd", "settlement", 35.5, 40.5)
    assert (place.countries, place.admin1, place.admin1_code, place.population) == (
        ("SY",),
        "Deir ez-Zor",
        "SY.07",
        1200,
    )
    for name in ("Tall 'Ubayd", "تل عبيد", "تلّ العبيد", "Tel Obeid am Euphrat"):
        assert full.find(name, fuzzy=False)[0].place == place


def test_geonames_feature_codes_become_kinds(full: Gazetteer) -> None:
    """A dam is a dam, a mountain on a border lies in both countries; the deep sea, ruins and broken rows stay out."""
    dam, mountain = full.get("gn:900002"), full.get("gn:900003")
    assert dam is not None
    assert mountain is not None
    assert (dam.kind, mountain.kind, mountain.countries) == ("dam", "mountain", ("SY", "IQ"))
    assert [full.get(f"gn:90000{n}") for n in (4, 5, 6)] == [None, None, None]
    assert full.find("https://example.org/x", fuzzy=False) == []
    assert full.find("Q42", fuzzy=False) == []


def test_default_layers_stay(full: Gazetteer) -> None:
    """Countries, areas with polygons and the overlay are there beside GeoNames' places; default towns are not."""
    assert full.country("SY") is not None
    assert full.geometry("admin1:SY.07") is not None
    assert full.get("gn:98182") is None


def test_own_places_are_read(full: Gazetteer) -> None:
    """A row of one's own table is found by each of its names, and gets the area that it lies in."""
    place = full.find("Seventh post")[0].place
    assert (place.place_id, place.kind, place.countries) == ("csv:mine-2", "base", ("IQ",))
    assert (place.radius_m, place.admin1_code) == (2000.0, "IQ.01")


def test_sources_are_noted(full: Gazetteer) -> None:
    """The file tells each source with licence and date."""
    sources = {source["name"]: source for source in full.info()["sources"]}
    assert sources["places.dat"]["licence"] == "CC BY 4.0"
    assert len(sources["places.dat"]["version"]) == len("2026-01-01")
    assert all(source["licence"] for source in sources.values())


@pytest.mark.parametrize(
    ("text", "flag", "told"),
    [
        (ALTERNATES, "geonames", "holds GeoNames alternate names, not GeoNames places"),
        ("one\ttwo\n", "csv", "no format that is known"),
        ("", "csv", "no format that is known"),
        ("name,lat,lon\nX,91,0\n", "csv", "row 2: 91 degrees is out of range"),
        ("name,lat,lon\nX,nan,0\n", "csv", "row 2"),
        ("name,lat,lon\n,1,0\n", "csv", "row 2: needs a name"),
        ("name,lat,lon,kind\nX,1,0,castle\n", "csv", "unknown kind 'castle'"),
    ],
)
def test_faults_of_own_files_are_one_line(tmp_path: Path, text: str, flag: str, told: str) -> None:
    """A file of another format, or a row at fault, is told in one line with file, row and value."""
    given: dict[str, Any] = {flag: [_write(tmp_path / "x.dat", text, "plain")]}
    with pytest.raises(GazetteerError, match=told) as caught:
        list(_read(given))
    assert "x.dat" in str(caught.value)
    assert "\n" not in str(caught.value)


def _read(given: dict[str, Any]) -> Iterator[Any]:
    """Check the files and read the tables, without the rest of a build."""
    order = ("geonames", "alternate_names", "admin_codes", "csv")
    extra = building._extra(*(given.get(flag, ()) for flag in order))  # noqa: SLF001  # a whole build takes long
    for path in extra.tables:
        yield from collect.tables.read_table(path)


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    """A file that is not there is told before anything is built."""
    with pytest.raises(GazetteerError, match="not found"):
        building.build(tmp_path / "g.db", geonames=[tmp_path / "none.zip"])
    assert not (tmp_path / "g.db").exists()


def test_the_default_build_is_complete(gazetteer: Gazetteer) -> None:
    """The default gazetteer holds countries, areas, all towns and airfields, tells its sources, and keeps its size."""
    info = gazetteer.info()
    counts = info["counts"]
    assert counts["country"] == 250
    assert counts["settlement"] >= 234_908
    assert counts["admin1"] >= 3_400
    assert counts["admin2"] >= 10_000
    assert counts["airfield"] >= 15_000
    assert info["size_bytes"] <= 120_000_000
    assert {"GeoNames", "Natural Earth"} <= {
        word for source in info["sources"] for word in (source["name"][:8], source["name"][:13])
    }
