"""A project file: one GeoPackage that any program opens, that any number may write to, and in which nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import sys
import tempfile
import warnings
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyogrio
import pytest

from geo import export, schema
from geo.errors import InputError, OutputError
from geo.project import Project
from geo.project.decisions import split_id
from geo.project.rows import telling_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

sys.path.insert(0, str(Path(__file__).parent))
from project_world import filled, record, telling  # tests are no package

HOSTILE = "=cmd|'/c calc'!A0 <img src=x onerror=alert(1)> {{ 7*7 }} \u202e ,;\"'\\ \U0001f4a5"
WRITERS = 8


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project with three incidents."""
    second = record("b", "b.txt", date_start="2024-05-02", date_end="2024-05-02", confidence=0.2)
    placeless = record("c", "c1.txt", "c2.txt", lat=None, lon=None, geometry=None)
    return filled(tmp_path / "war.gpkg", record("a"), second, placeless)


def test_gdal_opens_it_without_a_warning(path: Path) -> None:
    """Every table is read; the incidents are a layer of points with days, the rest are tables."""
    with Project.open(path) as project:
        project.decide("a", "verify", who="Ada")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layers = dict(pyogrio.list_layers(path).tolist())
        frame = pyogrio.read_dataframe(path, layer="incidents")
        decisions = pyogrio.read_dataframe(path, layer="decisions")
    assert {"incidents", "sources", "decisions", "reports", "own_places"} <= layers.keys()
    assert frame.crs.to_epsg() == 4326
    assert str(frame["date_start"].dtype).startswith("datetime64")
    assert decisions["who"].tolist() == ["Ada"]


def test_it_is_a_valid_geopackage(path: Path, faults_of_geopackage: Callable[[Path], str]) -> None:
    """GDAL's own validator finds no fault in it, nor in its styles and optional parts."""
    with Project.open(path) as project:
        place = {"place": "Tal Afar", "lat": 36.4, "lon": 42.4, "geo_precision": "settlement"}
        project.decide("c", "correct", who="Ada", value={"place": place, "remember": True})
        assert len(project.own_places("MOSUL")) == 1
    assert faults_of_geopackage(path) == ""


def test_it_reads_back_as_the_incident_table(path: Path) -> None:
    """What map, export and dashboard read out of a project is the incident table, equal to what went in."""
    table = export.read_incidents(path)
    schema.validate(table)
    assert list(schema.records(table)) == _records(path)
    assert export.is_project(path)


def _records(path: Path) -> list[dict[str, Any]]:
    with Project.open(path) as project:
        return list(project.records())


def test_no_export_writes_over_a_project(path: Path) -> None:
    """A command that would replace the file, and the decisions in it, is refused."""
    with pytest.raises(OutputError, match="is a project"):
        export.write(schema.empty(), path)


def test_making_and_opening_tell_what_is_wrong(tmp_path: Path, path: Path) -> None:
    """A project is not made over a file nor with another suffix; what is no project is not opened."""
    with pytest.raises(OutputError, match="is there already"):
        Project.create(path)
    with pytest.raises(OutputError, match="GeoPackage"):
        Project.create(tmp_path / "war.csv")
    with pytest.raises(InputError, match="not found"):
        Project.open(tmp_path / "none.gpkg")
    (tmp_path / "text.gpkg").write_text("x" * 5000, encoding="utf-8")
    with pytest.raises(InputError, match="no project"):
        Project.open(tmp_path / "text.gpkg")
    export.write(schema.from_records([record("a")]), tmp_path / "plain.gpkg")
    with pytest.raises(InputError, match="no project"):
        Project.open(tmp_path / "plain.gpkg")
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE project SET value = '99' WHERE name = 'format'")
    with pytest.raises(InputError, match="newer"):
        Project.open(path)


def test_nothing_but_the_file_is_left(path: Path) -> None:
    """When the last program has closed it, the project is one file."""
    with Project.open(path) as project:
        project.decide("a", "accept", who="Ada")
    assert [file.name for file in path.parent.iterdir()] == ["war.gpkg"]


def test_a_decision_changes_the_incident_at_once(path: Path) -> None:
    """The row that QGIS shows is the fold; the queue loses what was decided, and gets it back when it is undone."""
    with Project.open(path) as project:
        assert project.queue(10) == ["c", "b", "a"]
        before, waiting = project.incident("a"), project.waiting()
        made = project.decide("a", "verify", who=" Ada ", note="seen on video")
        after = project.incident("a")
        assert after is not None
        assert (after.record["status"], after.seen, project.waiting()) == (
            "verified",
            made.decision.number,
            waiting - 1,
        )
        assert (after.decisions[0].who, after.decisions[0].note) == ("Ada", "seen on video")
        project.decide("a", "undo", who="Ada", value={"decision": made.decision.number})
        undone = project.incident("a")
        assert undone is not None
        assert before is not None
        assert undone.record == before.record
        assert [one.kind for one in undone.decisions] == ["verify", "undo"]


def test_decisions_are_only_appended(path: Path) -> None:
    """Not even another program changes or deletes a decision: the file itself refuses."""
    with Project.open(path) as project:
        project.decide("a", "accept", who="Ada")
    with closing(sqlite3.connect(path)) as base:
        for statement in ("UPDATE decisions SET who = 'Ben'", "DELETE FROM decisions"):
            with pytest.raises(sqlite3.IntegrityError, match="only appended"):
                base.execute(statement)


def test_merge_and_split_and_their_undoing(path: Path) -> None:
    """A merged incident leaves the table and comes back; one that is split off comes and leaves."""
    with Project.open(path) as project:
        merged = project.decide("a", "merge", who="Ada", value={"with": ["b"]})
        assert project.incident("b") is None
        kept = project.incident("a")
        assert kept is not None
        assert kept.record["doc_ids"] == ["a.txt", "b.txt"]
        project.decide("b", "undo", who="Ben", value={"decision": merged.decision.number})
        assert {row["incident_id"] for row in project.records()} == {"a", "b", "c"}
        both = project.incident("c")
        assert both is not None
        key = telling_key(both.record["sources"][1])
        made = project.decide("c", "split", who="Ada", value={"tellings": [key]})
        new = split_id("c", [key])
        assert project.decide(new, "accept", who="Ada").decision.incident_id == new
        assert {row["incident_id"] for row in project.records()} == {"a", "b", "c", new}
        project.decide("c", "undo", who="Ada", value={"decision": made.decision.number})
        assert {row["incident_id"] for row in project.records()} == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("name", "kind", "value", "told"),
    [
        ("nobody", "accept", {}, "no incident 'nobody'"),
        ("a", "merge", {"with": ["nobody"]}, "no incident 'nobody'"),
        ("a", "merge", {"with": ["a"]}, "with itself"),
        ("a", "split", {"tellings": ["x"]}, "some but not all"),
        ("a", "undo", {"decision": 77}, "no decision 77"),
    ],
)
def test_a_decision_that_cannot_be_followed_is_refused(
    path: Path, name: str, kind: str, value: dict[str, Any], told: str
) -> None:
    """It is refused on one line, and the file stays as it was."""
    before = path.read_bytes()
    with Project.open(path) as project, pytest.raises(InputError, match=told):
        project.decide(name, kind, who="Ada", value=value)
    assert path.read_bytes() == before


def test_two_who_decide_at_once_are_both_kept_and_told(path: Path) -> None:
    """Both had the incident open: the second is told of the first, the last one counts, and the incident is marked."""
    with Project.open(path) as ada, Project.open(path) as ben:
        seen = [one.incident("a").seen for one in (ada, ben)]  # type: ignore[union-attr]  # it is there
        assert not ada.decide("a", "accept", who="Ada", seen=seen[0]).unseen
        late = ben.decide("a", "reject", who="Ben", seen=seen[1])
        assert [one.who for one in late.unseen] == ["Ada"]
        now = ada.incident("a")
        assert now is not None
        assert (now.record["status"], len(now.decisions)) == ("rejected", 2)
        assert "accept by Ada" in now.conflict
        assert "reject by Ben" in now.conflict
        assert ada.queue(1) == ["a"]
        assert not ada.decide("a", "dispute", who="Ada", seen=now.seen).unseen
        assert ada.incident("a").conflict == ""  # type: ignore[union-attr]  # it is there


def test_hostile_words_come_back_as_they_are(tmp_path: Path) -> None:
    """Markup, formulas, quotes and marks of direction are kept as words, in incidents and in decisions."""
    told = record("a", HOSTILE, place=HOSTILE, place_text=HOSTILE, actors=[HOSTILE, "[x"], sources=[telling(HOSTILE)])
    path = filled(tmp_path / "war.gpkg", told)
    with Project.open(path) as project:
        project.decide("a", "note", who=HOSTILE, note=HOSTILE + "\x00")
        found = project.incident("a")
        assert found is not None
        assert found.record == told
        assert (found.decisions[0].who, found.decisions[0].note) == (HOSTILE, HOSTILE + "�")
        assert list(project.titles(["a"])) == ["a"]


def test_what_another_program_left_is_taken_as_unknown(path: Path) -> None:
    """A cell of the wrong kind, a broken geometry or a decision of no sense breaks nothing."""
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE incidents SET sources = 'none', fatalities_min = 'many', geom = x'47500001' WHERE fid = 1")
        base.execute("INSERT INTO decisions VALUES (NULL, 'a', 'sing', '', '', '[', '', 0)")
    with Project.open(path) as project:
        project.decide("a", "accept", who="Ada")
        found = project.incident("a")
        assert found is not None
        assert (found.record["status"], found.record["fatalities_min"], found.record["sources"]) == (
            "reviewed",
            None,
            [],
        )


def test_status_counts(path: Path) -> None:
    """Incidents by status, decisions by kind and person, and what waits."""
    with Project.open(path) as project:
        project.decide("a", "accept", who="Ada")
        told = project.status()
    assert told["incidents"] == {"machine": 2, "reviewed": 1}
    assert (told["decisions"], told["people"]) == ({"accept": 1}, {"Ada": 1})
    assert (told["waiting"], told["placeless"], told["tables"]) == (2, 1, 1)
    assert told["days"] == ["2024-05-01", "2024-05-02"]


def _write(path: Path, number: int, count: int) -> None:
    """Judge incidents in turn, each time over again."""
    kinds = ("accept", "verify", "dispute", "reject")
    with Project.open(path) as project:
        for turn in range(count):
            project.decide(f"i{(turn * 7 + number) % 200}", kinds[turn % 4], who=f"writer {number}")


@pytest.fixture
def quick_path(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: thousands of waits for a disk would test the disk."""
    memory = Path("/dev/shm")  # noqa: S108  # a folder of our own is made in it
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path) as folder:
        yield Path(folder)


@pytest.mark.parametrize("each", [50, pytest.param(1000, marks=pytest.mark.campaign)])
def test_eight_writers_lose_nothing(quick_path: Path, each: int) -> None:
    """Eight programs write decisions into one project at once, in a campaign a thousand each: all are there."""
    path = filled(quick_path / "war.gpkg", *(record(f"i{number}") for number in range(200)))
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(path, number, each)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    with Project.open(path) as project:
        assert project.status()["people"] == {f"writer {number}": each for number in range(WRITERS)}
        assert project.rows("PRAGMA integrity_check")[0]["integrity_check"] == "ok"
