"""The command line."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from geo import export, schema
from geo.__main__ import app, run
from geo.commands import console, serving

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

pytestmark = pytest.mark.usefixtures("gazetteer")  # built before the first command asks for it
STORY = "date 2024-05-03\nA car bomb killed three people in Goma on Thursday, the mayor said. Ten were wounded."
COMMANDS = (
    "extract",
    "annotate",
    "geocode",
    "map",
    "export",
    "app",
    "gazetteer build",
    "gazetteer info",
    "gazetteer find",
    "project init",
    "project add",
    "project status",
)


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def story() -> Path:
    """One report of one bomb."""
    path = Path("story.txt")
    path.write_text(STORY, encoding="utf-8")
    return path


def command(*arguments: str | Path) -> int:
    """Run a command line in this process."""
    return run([str(argument) for argument in arguments])


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_every_command_explains_itself_with_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--help tells usage and options, and how it is called."""
    assert command(*name.split(), "--help") == 0
    told = capsys.readouterr().out
    assert told.startswith("Usage: incident-mapper")
    assert f"incident-mapper {name or 'extract --help'}" in told.split("Usage:")[1]
    assert not name or "Examples:" in told


def test_help_is_quick_for_it_loads_nothing_heavy() -> None:
    """--help takes less than 0.3 s of the processor (a busy machine has little to spare), best of three."""
    code = (
        "import sys; from geo.__main__ import run; run(['extract', '--help']);"
        "sys.exit(bool({'pandas', 'rich', 'shapely'} & set(sys.modules)))"
    )
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)  # noqa: S603
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert done.returncode == 0
    assert min(times) < 0.3


def test_extract_writes_the_file_and_tells_what_it_holds(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The incident is in the file with its evidence, in the printed table, and the places mentioned lie beside it."""
    assert command("extract", story, "-o", "out.jsonl") == 0
    told = capsys.readouterr().out
    (incident,) = [json.loads(line) for line in Path("out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert incident["date_start"] == "2024-05-02"
    assert incident["country"] == ["CD"]
    assert incident["doc_ids"] == ["story.txt"]
    assert incident["sources"][0]["report"] == "story.txt"
    assert "car bomb" in incident["sources"][0]["evidence"]
    assert incident["fatalities_min"] == 3
    assert "Goma" in told
    assert "1 incident from 1 report" in told
    assert "Goma" in export.read_places("out.places.geojson")["name"].tolist()


@pytest.mark.parametrize("suffix", sorted(export.WRITERS))
def test_the_suffix_decides_the_format(story: Path, suffix: str) -> None:
    """Each format holds the same incident."""
    assert command("extract", story, "-o", "out" + suffix) == 0
    (incident,) = schema.records(export.read_incidents("out" + suffix))
    assert incident["country"] == ["CD"]


def test_extract_takes_folders_globs_and_standard_input(story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The three other ways to name reports give the same incident."""
    Path("folder").mkdir()
    story.rename("folder/story.txt")
    found = []
    for path in ("folder", "folder/*.txt", "-"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(STORY.encode())))
        assert command("extract", path, "-o", "out.jsonl") == 0
        found += [json.loads(line)["date_start"] for line in Path("out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert found == ["2024-05-02"] * 3


def test_a_report_without_a_date_is_read_and_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """The incident is there without a date; --published gives it one."""
    Path("a.txt").write_text(STORY.split("\n")[1], encoding="utf-8")
    assert command("extract", "a.txt", "-o", "out.jsonl") == 0
    told = capsys.readouterr()
    assert "a.txt" in told.out
    assert "without a date" in told.out
    assert json.loads(Path("out.jsonl").read_text(encoding="utf-8"))["date_start"] is None
    assert command("extract", "a.txt", "-o", "out.jsonl", "--published", "2024-05-03") == 0
    assert json.loads(Path("out.jsonl").read_text(encoding="utf-8"))["date_start"] == "2024-05-02"


def test_good_reports_are_kept_beside_bad_ones(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each bad file is one line of standard error, the good one is in the output, and the command succeeds."""
    Path("empty.txt").touch()
    Path("binary.txt").write_bytes(bytes(range(256)))
    assert command("extract", story, "empty.txt", "binary.txt", "-o", "out.jsonl") == 0
    told = capsys.readouterr().err.splitlines()
    assert told == ["empty.txt: is empty", "binary.txt: is no text but binary data"]
    assert len(Path("out.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def test_workers_give_the_same_result(story: Path) -> None:
    """Two processes write the same bytes as one."""
    lines = [
        json.dumps(
            {
                "doc_id": f"d{number}",
                "text": STORY.replace("three", str(number + 2)).split("\n")[1],
                "published": "2024-05-03",
            }
        )
        for number in range(40)
    ]
    Path("docs.jsonl").write_text("\n".join(lines), encoding="utf-8")
    for workers in ("1", "2"):
        assert command("extract", "docs.jsonl", story, "-o", f"{workers}.jsonl", "--workers", workers) == 0
        assert command("annotate", "docs.jsonl", "-o", f"{workers}.spans.jsonl", "--workers", workers) == 0
    assert Path("1.jsonl").read_bytes() == Path("2.jsonl").read_bytes()
    assert Path("1.spans.jsonl").read_bytes() == Path("2.spans.jsonl").read_bytes()
    assert Path("1.places.geojson").read_bytes() == Path("2.places.geojson").read_bytes()


def test_annotate_keeps_order_ids_and_offsets(capsys: pytest.CaptureFixture[str]) -> None:
    """One line a document; every span slices back to its text; a bad line is named and the others go on."""
    text = "  \U0001f525 Shells hit Kharkiv on Monday, 30 km from the border."
    lines = [
        json.dumps({"doc_id": "b", "text": text, "published": "2024-05-03"}),
        "nope",
        json.dumps({"doc_id": "a", "text": ""}),
        '{"doc_id": "c"}',
    ]
    Path("docs.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert command("annotate", "docs.jsonl", "-o", "out.jsonl") == 0
    found = [json.loads(line) for line in Path("out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["doc_id"] for line in found] == ["b", "a"]
    first = found[0]
    assert {"toponyms", "relations", "times", "events"} <= set(first)
    assert any(name["text"] == "Kharkiv" for name in first["toponyms"])
    for key in ("toponyms", "relations", "times", "events"):
        for span in first[key]:
            assert text[span["start"] : span["end"]] == span["text"]
    told = capsys.readouterr().err.splitlines()
    assert told == ["docs.jsonl: row 2: is no JSON in UTF-8", "document 4 (c): has no text"]


def test_annotate_takes_given_spans() -> None:
    """With --given-spans the toponyms of the input are resolved, and no others are found."""
    text = "Fighting in Aleppo and Homs."
    doc = {"doc_id": "a", "text": text, "toponyms": [{"start": 12, "end": 18}]}
    Path("docs.jsonl").write_text(json.dumps(doc), encoding="utf-8")
    assert command("annotate", "docs.jsonl", "--given-spans", "-o", "out.jsonl") == 0
    (name,) = json.loads(Path("out.jsonl").read_text(encoding="utf-8"))["toponyms"]
    assert name["text"] == "Aleppo"
    assert abs(name["lat"] - 36.2) < 0.5


def test_geocode_prints_its_guess_and_lists_what_it_could_not_place(capsys: pytest.CaptureFixture[str]) -> None:
    """The guess is told, all rows are in the output, the problems in a table beside it that begins no formula."""
    Path("t.csv").write_text("town,day,country\nGoma,2024-05-03,CD\n=Xqzvtw(),2024-05-04,\n", encoding="utf-8")
    assert command("geocode", "t.csv", "-o", "out.geojson") == 0
    told = capsys.readouterr()
    assert "place    town     by its name\n" in told.err
    assert "2 incidents; 0 without a date, 1 without a place." in told.out
    assert "1 cell to look at" in told.out
    listed = Path("out.problems.csv").read_text(encoding="utf-8").splitlines()
    assert listed == ["row,column,value,reason", "2,town,'=Xqzvtw(),is not in the gazetteer"]
    assert len(export.read_incidents("out.geojson")) == 2


def test_geocode_takes_named_columns() -> None:
    """Named columns are used; the problems of an earlier run are taken away."""
    Path("t.csv").write_text("a,b,c\nGoma,2024-05-03,CD\n", encoding="utf-8")
    Path("out.problems.csv").touch()
    assert (
        command(
            "geocode", "t.csv", "--place-column", "a", "--date-column", "b", "--country-column", "c", "-o", "out.jsonl"
        )
        == 0
    )
    row = json.loads(Path("out.jsonl").read_text(encoding="utf-8"))
    assert (row["country"], row["date_start"]) == (["CD"], "2024-05-03")
    assert not Path("out.problems.csv").exists()


def test_map_and_export_take_an_incident_file_and_its_places(story: Path) -> None:
    """The map is one page, the other format the same table, the layers one file each, with the places mentioned."""
    assert command("extract", story, "-o", "a.geojson") == 0
    assert command("map", "a.geojson", "-o", "map.html", "--title", "{{ 7*7 }}<b>") == 0
    page = Path("map.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "49<b>" not in page
    assert command("export", "a.geojson", "-o", "b.gpkg") == 0
    assert len(export.read_incidents("b.gpkg")) == 1
    assert Path("b.places.geojson").is_file()
    assert command("export", "a.geojson", "--layers", "layers", "--by", "country") == 0
    assert sorted(file.name for file in Path("layers").iterdir()) == ["cd.geojson", "places.geojson"]


def test_gazetteer_find_prints_candidates(capsys: pytest.CaptureFixture[str]) -> None:
    """As a table, and as JSON: a list, best first, each with name, kind, country, point, radius, score and reasons."""
    assert command("gazetteer", "find", "Tripoli", "--country", "LB") == 0
    assert "Tripoli" in capsys.readouterr().out
    assert command("gazetteer", "find", "Tripoli", "--near", "34.4,35.8", "--json") == 0
    best, *_ = json.loads(capsys.readouterr().out)
    assert best["country"] == ["LB"]
    assert {"name", "kind", "lat", "lon", "radius_m", "score", "reasons"} <= set(best)
    assert "geometry" not in best


@pytest.mark.parametrize(
    ("name", "kind"), [("Syria-Iraq border", "Line"), ("Iraq", "Polygon"), ("30 km north of Mosul", "")]
)
def test_gazetteer_find_gives_lines_areas_and_phrases(name: str, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is not a point has a geometry; a relational phrase is placed."""
    assert command("gazetteer", "find", name, "--json") == 0
    best, *_ = json.loads(capsys.readouterr().out)
    assert kind in best.get("geometry", {"type": ""})["type"]
    assert best["country"]


def test_gazetteer_info_tells_counts_and_licences(gazetteer: Gazetteer, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts by kind and the sources with their licences; a named file is opened."""
    assert command("gazetteer", "info", gazetteer.path) == 0
    told = capsys.readouterr().out
    assert "settlement" in told
    assert "CC BY 4.0" in told
    assert command("gazetteer", "info", "--json") == 0
    assert json.loads(capsys.readouterr().out)["counts"]["country"] > 200


def test_what_is_printed_cannot_command_a_terminal() -> None:
    """Control characters and marks of direction become blanks."""
    assert console.printable("a\x1b[31mb\u202ec\nd") == "a [31mb c d"


def test_the_dashboard_listens_on_this_machine_alone() -> None:
    """The launcher passes what Streamlit leaves open: address, hosts, statistics, size of uploads."""
    given = " ".join(serving.command(8600))
    for option in (
        "--server.address=127.0.0.1",
        "--server.port=8600",
        "--browser.gatherUsageStats=false",
        "--server.allowedHosts=127.0.0.1 --server.allowedHosts=localhost",
        "--server.maxUploadSize=",
        "--server.headless=true",
    ):
        assert option in given
    assert serving.script().name == "app.py"


def test_every_command_is_listed() -> None:
    """A new command must be named here, and so be tested for its help."""
    names = {item.name or str(getattr(item.callback, "__name__", "")) for item in app.registered_commands}
    groups = {
        f"{group.name} {item.name or getattr(item.callback, '__name__', '')}"
        for group in app.registered_groups
        if group.typer_instance
        for item in group.typer_instance.registered_commands
    }
    assert names | groups == set(COMMANDS)


def test_hostile_text_in_a_report_is_literal_in_every_output(capsys: pytest.CaptureFixture[str]) -> None:
    """Templates, scripts and terminal codes in a report stay text: in the printed table, every format and the map."""
    hostile = "{{ 7*7 }} {% {# ${1} </script><img src=x onerror=alert(1)>"
    text = f"date 2024-05-03\nA car bomb {hostile} killed three people in Kaduna on Thursday.\x1b[31m"
    Path("{{ 7*7 }}.txt").write_text(text, encoding="utf-8")
    for suffix in export.WRITERS:
        assert command("extract", "{{ 7*7 }}.txt", "-o", "out" + suffix) == 0
        (incident,) = schema.records(export.read_incidents("out" + suffix))
        assert hostile in incident["sources"][0]["evidence"]
        assert incident["doc_ids"] == ["{{ 7*7 }}.txt"]
    told = capsys.readouterr().out
    assert "{{ 7*7 }}.txt" in told
    assert "\x1b[31m" not in told
    assert command("map", "out.geojson", "-o", "map.html") == 0
    page = Path("map.html").read_text(encoding="utf-8")
    packed = re.search(r'id="incident-data">.*?"gzip":"([^"]+)"', page)
    assert packed
    data = json.loads(gzip.decompress(base64.b64decode(packed[1])))
    assert any(hostile in text for text in data["texts"])
    assert "</script><img" not in page
    assert ">49<" not in page


def test_export_leaves_out_what_it_is_told_to(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A status that no incident has, a coarser place, columns left out: each is said on standard error."""
    assert command("extract", story, "-o", "a.geojson") == 0
    assert command("export", "a.geojson", "-o", "none.csv", "--status", "verified") == 0
    assert "1 incident left out: the status is not verified." in capsys.readouterr().err
    assert len(export.read_incidents("none.csv")) == 0
    assert command("export", "a.geojson", "-o", "b.csv", "--coarsen", "10km", "--drop-columns", "actors,targets") == 0
    told = capsys.readouterr().err
    assert "Places are no finer than 10km" in told
    assert "Columns left out: actors, targets." in told
    (incident,) = schema.records(export.read_incidents("b.csv"))
    assert (incident["geo_precision"], incident["place_text"]) == ("near", "")
    assert "actors" not in Path("b.csv").read_text(encoding="utf-8").splitlines()[0]
    assert not Path("b.places.geojson").exists()
    for option in (("--status", "sure"), ("--coarsen", "town"), ("--drop-columns", "colour")):
        assert command("export", "a.geojson", "-o", "c.csv", *option) == 2
        assert option[0] in capsys.readouterr().err


def test_export_writes_a_report_pack(story: Path) -> None:
    """One zip for colleagues, which is read again as an incident file."""
    assert command("extract", story, "-o", "a.geojson") == 0
    assert command("export", "a.geojson", "-o", "pack.zip") == 0
    assert len(export.read_incidents("pack.zip")) == 1
    assert sorted(path.name for path in Path().glob("pack*")) == ["pack.zip"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "no file to write; name a page with -o map.html, or a picture with --png map.png."),
        (("--png", "map.jpg"), "map.jpg: unknown suffix '.jpg'"),
        (("--png", "map.png", "--size", "large"), "--size: 'large' is no size"),
        (("--png", "map.png", "--theme", "pink"), "--theme: 'pink' is none"),
        (("--png", "map.png", "--view", "[1]"), "--view: '[1]' is no view"),
        (("-o", "map.html", "--tiles", "Nobody.Knows"), "tiles 'Nobody.Knows': not known"),
        (("-o", "map.html", "--overlay", "none.geojson"), "none.geojson: cannot be read"),
        (("-o", "map.html", "--center", "91,0"), "--center: '91,0' is not on the Earth"),
        (("-o", "map.html", "--gazetteer", "none.db"), "none.db"),
    ],
)
def test_map_options_that_cannot_be_are_one_line(
    options: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong with a picture, tiles, an overlay or a view is told before anything is written."""
    export.write(schema.from_records([{"lat": 1.0, "lon": 2.0}]), "a.geojson")
    assert command("map", "a.geojson", *options) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert not Path("map.html").exists()


def test_map_takes_a_backdrop_and_names_the_gazetteer() -> None:
    """Tiles and an overlay stand in the page's frame and policy; the note tells the gazetteer's version."""
    export.write(schema.from_records([{"lat": 1.0, "lon": 2.0}]), "a.geojson")
    Path("zone.geojson").write_text('{"type": "Point", "coordinates": [1, 2]}', encoding="utf-8")
    tiles = ("--tiles", "https://t.example/{z}/{x}/{y}.png", "--overlay", "zone.geojson")
    assert command("map", "a.geojson", "-o", "map.html", *tiles) == 0
    page = Path("map.html").read_text(encoding="utf-8")
    assert "img-src data: blob: https://t.example;" in page
    assert '"name":"zone"' in page
    packed = re.search(r'id="incident-data">.*?"gzip":"([^"]+)"', page)
    assert packed
    assert json.loads(gzip.decompress(base64.b64decode(packed[1])))["gazetteer"] != ""
