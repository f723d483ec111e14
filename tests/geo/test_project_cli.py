"""The commands of a project: make one, add files of any kind, tell how it stands, and use it as a file of incidents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from geo import export, schema
from geo.__main__ import run
from geo.project import Project

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

pytestmark = pytest.mark.usefixtures("gazetteer")  # built before the first command asks for it
STORY = "date 2024-05-03\nA car bomb killed three people in Goma on Thursday, the mayor said. Ten were wounded."
TABLE = "date,town,country,killed\n2024-05-07,Bukavu,CD,2\n2024-05-08,Nowhereville,CD,1\n"


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("story.txt").write_text(STORY, encoding="utf-8")
    Path("table.csv").write_text(TABLE, encoding="utf-8")


def command(*arguments: str) -> int:
    """Run a command line in this process."""
    return run(list(arguments))


@pytest.mark.parametrize("name", ["", "init", "add", "status"])
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--help tells usage, and with examples how it is called."""
    assert command("project", *name.split(), "--help") == 0
    told = capsys.readouterr().out
    assert told.startswith("Usage: incident-mapper project")
    assert not name or "Examples:" in told


def test_a_project_from_first_to_last(capsys: pytest.CaptureFixture[str]) -> None:
    """Reports and tables go in once; status counts them; map and export take the project as a file of incidents."""
    assert command("project", "init", "war.gpkg") == 0
    assert command("project", "add", "war.gpkg", "story.txt", "table.csv") == 0
    told = capsys.readouterr()
    assert "2 new reports" in told.out
    assert "3 new incidents" in told.out
    assert "Nowhereville" in told.err
    before = Path("war.gpkg").read_bytes()
    assert command("project", "add", "war.gpkg", "story.txt", "table.csv") == 0
    assert "2 seen before: 0 new incidents" in capsys.readouterr().out
    assert Path("war.gpkg").read_bytes() == before
    assert command("project", "status", "war.gpkg", "--json") == 0
    status = json.loads(capsys.readouterr().out)
    assert (status["reports"], status["tables"], status["waiting"]) == (1, 1, 3)
    assert command("project", "status", "war.gpkg") == 0
    assert "3 to review" in capsys.readouterr().out
    assert command("map", "war.gpkg", "-o", "war.html") == 0
    assert command("export", "war.gpkg", "-o", "war.geojson") == 0
    assert len(export.read_incidents("war.geojson")) == 3


def test_an_incident_file_goes_in_with_its_ids(capsys: pytest.CaptureFixture[str]) -> None:
    """What extract wrote is added as it is; its report, added later, is known for the same incident."""
    assert command("extract", "story.txt", "-o", "out.geojson") == 0
    assert command("project", "init", "war.gpkg") == 0
    assert command("project", "add", "war.gpkg", "out.geojson") == 0
    assert command("project", "add", "war.gpkg", "story.txt") == 0
    assert "0 new incidents" in capsys.readouterr().out.splitlines()[-2]
    (row,) = schema.records(export.read_incidents("war.gpkg"))
    (other,) = schema.records(export.read_incidents("out.geojson"))
    assert row["incident_id"] == other["incident_id"]
    assert len(row["sources"]) == len(other["sources"])


def test_a_bad_file_is_one_line_and_the_rest_goes_in(capsys: pytest.CaptureFixture[str]) -> None:
    """An empty report and a damaged table are named; the good one is there."""
    Path("empty.txt").touch()
    Path("bad.geojson").write_text("{", encoding="utf-8")
    assert command("project", "init", "war.gpkg") == 0
    assert command("project", "add", "war.gpkg", "story.txt", "empty.txt", "bad.geojson") == 0
    told = capsys.readouterr()
    assert "empty.txt: is empty" in told.err
    assert "bad.geojson" in told.err
    assert "1 new report" in told.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("init", "war.csv"), "suffix"),
        (("init", "there.gpkg"), "is there already"),
        (("add", "none.gpkg", "story.txt"), "none.gpkg: not found"),
        (("add", "there.gpkg", "none.txt"), "none.txt: not found"),
        (("status", "story.txt"), "no project"),
    ],
)
def test_errors_are_one_line(arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What the user can mend exits with 2 and says what, on one line."""
    Project.create("there.gpkg").close()
    assert command("project", *arguments) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_no_command_writes_over_a_project(gazetteer: Gazetteer, capsys: pytest.CaptureFixture[str]) -> None:
    """Extract and export refuse a target that holds decisions."""
    assert gazetteer.path
    Project.create("war.gpkg").close()
    assert command("extract", "story.txt", "-o", "war.gpkg") == 2
    assert command("export", "war.gpkg", "-o", "war.gpkg") == 2
    assert capsys.readouterr().err.count("is a project") == 2
