"""Bad input at the command line: one clear line, exit code 2, nothing half-written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from geo.__main__ import run

pytestmark = pytest.mark.usefixtures("gazetteer")  # the default one is there; a missing one is named
STORY = "date 2024-05-03\nA car bomb killed three people in Goma on Thursday."
INPUTS = {
    "story.txt": STORY.encode(),
    "empty.txt": b"",
    "blank.txt": b" \n\t\n",
    "binary.txt": bytes(range(256)) * 8,
    "empty.jsonl": b"",
    "broken.jsonl": b"{\n[]\n",
    "binary.jsonl": b"PK\x03\x04\x00\x00",
    "unknown.docx": b"x",
    "table.csv": b"place,day\nGoma,2024-05-03\n",
    "plain.csv": b"colour\nred\n",
    "one.csv": b"event_type,lat,lon\nRiots,1,2\n",
    "broken.geojson": b"{",
    "other.json": b"{}",
    "stale.db": b"SQLite format 3\x00 and no more",
}


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, data in INPUTS.items():
        Path(name).write_bytes(data)
    Path("folder").mkdir()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        # input
        ("extract empty.txt -o out.geojson", "empty.txt: is empty"),
        ("extract blank.txt -o out.geojson", "blank.txt: has no text"),
        ("extract binary.txt -o out.geojson", "binary.txt: is no text but binary data"),
        ("extract unknown.docx -o out.geojson", "unknown.docx: .docx is no kind of report"),
        ("extract gone.txt -o out.geojson", "gone.txt: not found"),
        ("extract gone/*.txt -o out.geojson", "gone/*.txt: not found"),
        ("extract folder -o out.geojson", "folder: holds no report"),
        ("extract story.txt gone.txt -o out.geojson", "gone.txt: not found"),
        ("extract plain.csv -o out.geojson", "plain.csv: has no column with the reports' text"),
        ("annotate gone.jsonl -o out.jsonl", "gone.jsonl: not found"),
        ("annotate empty.jsonl -o out.jsonl", "empty.jsonl: is empty"),
        ("annotate binary.jsonl -o out.jsonl", "binary.jsonl: row 1: is no JSON"),
        ("geocode gone.csv -o out.geojson", "gone.csv: not found"),
        ("geocode empty.txt -o out.geojson", "empty.txt: is empty"),
        ("geocode plain.csv -o out.geojson", "no column looks like place names"),
        ("geocode table.csv --place-column town -o out.geojson", "there is no column 'town'"),
        ("map gone.geojson -o out.html", "gone.geojson: not found"),
        ("map broken.geojson -o out.html", "broken.geojson: is no JSON"),
        ("map plain.csv -o out.html", "plain.csv: no column looks like place names"),
        ("export other.json -o out.csv", "other.json: is no table"),
        ("export one.csv", "name a file with -o"),
        ("export one.csv --layers out --by colour", "--by colour: unknown. Known are event_type"),
        ("export one.csv --places gone.geojson -o out.csv", "gone.geojson: not found"),
        ("app gone.geojson", "gone.geojson: not found"),
        # output
        ("extract story.txt -o out.docx", "unknown suffix '.docx'. Known are .geojson"),
        ("extract story.txt -o out", "unknown suffix ''"),
        ("extract story.txt -o gone/out.geojson", "there is no folder gone"),
        ("extract story.txt -o story.txt/out.geojson", "there is no folder story.txt"),
        ("extract story.txt -o /proc/out.geojson", "/proc/out.geojson: cannot be written"),
        ("annotate broken.jsonl -o out.csv", "unknown suffix '.csv'. Known are .jsonl"),
        ("map one.csv -o out.pdf", "unknown suffix '.pdf'"),
        ("export one.csv -o folder", "unknown suffix"),
        ("export one.csv --layers gone/deep", "cannot be made"),
        ("export one.csv --layers story.txt", "cannot be made"),
        # gazetteer
        ("extract story.txt -o out.geojson --gazetteer gone.db", "gone.db"),
        ("extract story.txt -o out.geojson --gazetteer stale.db", "stale.db"),
        ("annotate broken.jsonl -o out.jsonl --gazetteer gone.db", ""),
        ("geocode table.csv -o out.geojson --gazetteer gone.db", "gone.db"),
        ("gazetteer find Goma --gazetteer gone.db", "gone.db"),
        ("gazetteer info gone.db", "gone.db"),
        # arguments
        ("extract story.txt", "Missing option '--output'"),
        ("extract -o out.geojson", "Missing argument"),
        ("extract story.txt -o out.geojson --published soon", "'soon' is no day; write YYYY-MM-DD"),
        ("extract story.txt -o out.geojson --colour", "No such option"),
        ("gazetteer find Goma --near 99,1", "is not on the Earth"),
        ("gazetteer find Goma --near here", "is no point; write LAT,LON"),
        ("explode", "No such command 'explode'"),
        ("gazetteer", "Missing command"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(line: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong is said on standard error, in lines without a traceback, and no file appears or changes."""
    assert run(line.split()) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert said.err.endswith("\n")
    assert "Traceback" not in said.err
    assert said.out == ""
    assert {path.name for path in Path().iterdir()} == {*INPUTS, "folder"}
    assert all(Path(name).read_bytes() == data for name, data in INPUTS.items())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_told() -> None:
    """A folder that may not be written is told before any report is read."""
    Path("folder").chmod(0o500)
    assert run(["extract", "story.txt", "-o", "folder/out.geojson"]) == 2


def test_a_fault_of_ours_is_one_line_and_exit_code_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What no user can mend says so; with --debug the traceback is shown."""

    def broken(*_: object, **__: object) -> None:
        raise KeyError("sub\nject")

    monkeypatch.setattr("geo.batch.extract_many", broken)
    line = ["extract", "story.txt", "-o", "out.geojson"]
    assert run(line) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[-1].startswith("error: a fault of incident-mapper: KeyError")
    assert not Path("out.geojson").exists()
    with pytest.raises(KeyError):
        run(line, debug=True)


def test_the_process_exits_with_2() -> None:
    """The same from outside: python -m geo."""
    done = subprocess.run(
        [sys.executable, "-m", "geo", "extract", "empty.txt", "-o", "out.geojson"],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["empty.txt: is empty"]
    assert done.stdout == ""


def test_a_point_that_is_not_on_the_earth_is_named_and_its_row_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bad row of a table costs no other row its place on the map: it is told by file and row, and counted."""
    monkeypatch.chdir(tmp_path)
    Path("far.csv").write_bytes(b"event_type,lat,lon\nRiots,91,2\nRiots,1,2\n")
    assert run(["map", "far.csv", "-o", "out.html"]) == 0
    told = capsys.readouterr()
    assert "far.csv: row 1: lat '91' is not on the Earth" in told.err
    assert "2 incidents" in told.out
    assert "1 without a place" in told.out
