"""Adding to a project: each report once, retellings to the incident they tell again, decisions untouched."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from geo.project import Added, Project, add_reports, add_table
from geo.project.overrides import REASON
from geo.project.picking import choices, of_point
from geo.reports import Problem, Report
from geo.schema import from_records, validate

sys.path.insert(0, str(Path(__file__).parent))
from project_world import record  # tests are no package

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gazetteer.store import Gazetteer

MONDAY = dt.date(2021, 6, 28)
BOMB = "A car bomb killed six people in Mosul on Sunday."
AGAIN = "Sunday's car bombing in Mosul killed eight people, doctors said."
RAID = "Gunmen attacked a checkpoint near Kirkuk on Saturday and killed two soldiers."


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """An empty project."""
    with Project.create(tmp_path / "war.gpkg") as opened:
        yield opened


def added(project: Project, gazetteer: Gazetteer, *texts: str, day: dt.date = MONDAY, name: str = "r") -> Added:
    """What comes of adding these texts as reports."""
    reports = [Report(f"{name}{number}.txt", text, day) for number, text in enumerate(texts)]
    return add_reports(project, reports, gazetteer=lambda: gazetteer)


def incidents(project: Project) -> list[dict[str, Any]]:
    """All incidents of a project."""
    return list(project.records())


def never() -> Gazetteer:
    """A gazetteer that must not be asked for."""
    pytest.fail("nothing is new, so no gazetteer is needed")


def test_a_second_run_changes_nothing(project: Project, gazetteer: Gazetteer) -> None:
    """Reports are known by their content: other names, line ends and order make no new report, and the file stays."""
    first = added(project, gazetteer, BOMB, RAID)
    assert (first.reports, first.seen, first.new) == (2, 0, 2)
    before = project.path.read_bytes()
    reports = [Report("other.txt", RAID.replace(" ", "\r\n", 1), MONDAY), Report("b.txt", BOMB), Report("c.txt", BOMB)]
    again = add_reports(project, reports, gazetteer=never)
    assert (again.reports, again.seen, again.new, again.told) == (0, 3, 0, 0)
    assert project.path.read_bytes() == before


def test_what_is_added_is_an_incident_table(project: Project, gazetteer: Gazetteer) -> None:
    """The rows are valid, and every telling is a row of the table of sources."""
    added(project, gazetteer, BOMB, RAID)
    found = incidents(project)
    validate(from_records(found))
    rows = project.rows("SELECT incident_id, report, evidence FROM sources ORDER BY report")
    assert [(row["report"], row["evidence"]) for row in rows] == [("r0.txt", BOMB), ("r1.txt", RAID)]
    assert {row["incident_id"] for row in rows} == {one["incident_id"] for one in found}


def test_a_later_run_tells_again(project: Project, gazetteer: Gazetteer) -> None:
    """A retelling of another run is a second source: the id is the first one's, the counts become a range."""
    added(project, gazetteer, BOMB)
    (before,) = incidents(project)
    more = added(project, gazetteer, AGAIN, name="later", day=MONDAY + dt.timedelta(days=1))
    (after,) = incidents(project)
    assert (more.new, more.told) == (0, 1)
    assert after["incident_id"] == before["incident_id"]
    assert after["doc_ids"] == ["r0.txt", "later0.txt"]
    assert (after["fatalities_min"], after["fatalities_max"]) == (6, 8)
    assert any(name.startswith("merge.2.") for name in after["reasons"])


def test_what_a_person_decided_stays(project: Project, gazetteer: Gazetteer) -> None:
    """A retelling goes to the incident that a person judged and corrected, and changes neither judgement nor values."""
    added(project, gazetteer, BOMB)
    (before,) = incidents(project)
    name = before["incident_id"]
    project.decide(name, "correct", who="Ada", value={"killed": {"fatalities_min": 7, "fatalities_max": 7}})
    project.decide(name, "reject", who="Ada")
    added(project, gazetteer, AGAIN, name="later", day=MONDAY + dt.timedelta(days=1))
    (after,) = incidents(project)
    assert (after["incident_id"], after["status"]) == (name, "rejected")
    assert (after["fatalities_min"], after["fatalities_max"]) == (7, 7)
    assert len(after["sources"]) == 2
    project.decide(name, "undo", who="Ada", value={"decision": 1})
    (undone,) = incidents(project)
    assert (undone["fatalities_min"], undone["fatalities_max"]) == (6, 8)


def test_an_incident_that_was_merged_takes_the_telling_of_both(project: Project, gazetteer: Gazetteer) -> None:
    """What retells an incident that a person merged into another becomes a source of that one."""
    added(project, gazetteer, BOMB, RAID)
    bomb, raid = sorted(incidents(project), key=lambda one: one["doc_ids"])
    project.decide(bomb["incident_id"], "merge", who="Ada", value={"with": [raid["incident_id"]]})
    added(project, gazetteer, AGAIN, name="later", day=MONDAY + dt.timedelta(days=1))
    (after,) = incidents(project)
    assert after["doc_ids"] == ["r0.txt", "later0.txt", "r1.txt"]


def test_a_corrected_place_is_remembered(project: Project, gazetteer: Gazetteer) -> None:
    """Where a person put "Mosul" once, a later report's Mosul of that country goes, saying why; undone, no more."""
    added(project, gazetteer, BOMB)
    (before,) = incidents(project)
    assert before["place_text"] == "Mosul"
    place = of_point(36.5, 43.5, gazetteer=gazetteer, name="Mosul Dam Camp", precision="site").place
    made = project.decide(before["incident_id"], "correct", who="Ada", value={"place": place, "remember": True})
    later = MONDAY + dt.timedelta(days=70)
    added(project, gazetteer, "Rockets hit Mosul on Sunday, killing two.", name="later", day=later)
    moved = next(one for one in incidents(project) if one["doc_ids"] == ["later0.txt"])
    assert (moved["place"], moved["lat"], moved["lon"], moved["country"]) == ("Mosul Dam Camp", 36.5, 43.5, ["IQ"])
    assert "Ada" in moved["reasons"][REASON]
    assert moved["alternatives"][0]["name"] == "Mosul"
    assert moved["status"] == "machine"
    project.decide(before["incident_id"], "undo", who="Ada", value={"decision": made.decision.number})
    text = "A mine killed a farmer in Mosul on Sunday."
    added(project, gazetteer, text, name="last", day=later + dt.timedelta(days=70))
    last = next(one for one in incidents(project) if one["doc_ids"] == ["last0.txt"])
    assert last["place"] == "Mosul"
    assert REASON not in last["reasons"]


def test_a_place_of_another_country_is_not_moved(project: Project, gazetteer: Gazetteer) -> None:
    """The words alone are not enough: a Tripoli corrected in Lebanon says nothing of Libya's."""
    added(project, gazetteer, "A car bomb killed six people in Tripoli, Lebanon, on Sunday.")
    (before,) = incidents(project)
    assert before["country"] == ["LB"]
    place = of_point(34.4, 35.8, gazetteer=gazetteer, name="Mina").place
    project.decide(before["incident_id"], "correct", who="Ada", value={"place": place, "remember": True})
    text = "In Libya's capital Tripoli, shelling killed six people on Sunday. Libya's government blamed militias."
    added(project, gazetteer, text, name="later", day=MONDAY + dt.timedelta(days=70))
    other = next(one for one in incidents(project) if one["doc_ids"] == ["later0.txt"])
    assert other["country"] == ["LY"]
    assert REASON not in other["reasons"]


def test_choices_are_the_runners_up_and_what_was_typed(gazetteer: Gazetteer) -> None:
    """A person may pick any candidate, with its outline, or another place by name; the one where it is is left out."""
    found = choices(record("a", place_id="", alternatives=[]), gazetteer=gazetteer, wanted="Anbar province")
    assert found[0].place["geo_precision"] == "admin1"
    assert found[0].place["country"] == ["IQ"]
    ids = [choice.place["place_id"] for choice in found]
    again = choices(record("a", place_id=ids[0]), gazetteer=gazetteer, wanted="Anbar province")
    assert ids[0] not in [choice.place["place_id"] for choice in again]


def test_two_reports_of_one_name_stay_two(project: Project, gazetteer: Gazetteer) -> None:
    """Two folders may each hold a report.txt: the second is told apart, and both have their incidents."""
    for text in (BOMB, "A car bomb killed nine people in Basra on Sunday."):
        added(project, gazetteer, text)
    names = [row["name"] for row in project.rows("SELECT name FROM reports ORDER BY fid")]
    assert names[0] == "r0.txt"
    assert names[1].startswith("r0.txt (")
    assert len({one["incident_id"] for one in incidents(project)}) == 2


def test_bad_reports_are_lines_and_the_rest_goes_in(project: Project, gazetteer: Gazetteer) -> None:
    """What cannot be read is told on a line each."""
    items: Iterable[Any] = [Problem("x.txt", None, "is empty"), Report("a.txt", BOMB, MONDAY)]
    told = add_reports(project, items, gazetteer=lambda: gazetteer)
    assert (told.reports, told.notes) == (1, ["x.txt: is empty"])


def test_a_killed_run_goes_on_where_it_ended(project: Project, gazetteer: Gazetteer, tmp_path: Path) -> None:
    """Stopped after the first report, the second run gives the file that one run would have given."""

    def stop(done: int) -> None:
        raise KeyboardInterrupt(done)

    reports = [Report(f"r{number}.txt", text, MONDAY) for number, text in enumerate((BOMB, RAID, AGAIN))]
    with pytest.raises(KeyboardInterrupt):
        add_reports(project, reports, gazetteer=lambda: gazetteer, progress=stop)
    assert len(incidents(project)) == 1
    assert add_reports(project, reports, gazetteer=lambda: gazetteer).reports == 2
    with Project.create(tmp_path / "whole.gpkg") as whole:
        add_reports(whole, reports, gazetteer=lambda: gazetteer)
        assert incidents(whole) == incidents(project)


def test_a_table_is_brought_up_to_date(project: Project) -> None:
    """A newer table changes the rows of known ids and adds new ones; decisions and the tellings of reports stay."""
    add_table(project, "v1.csv", "one", [from_records([record("a", "t#1"), record("b", "t#2")])])
    project.decide("a", "verify", who="Ada")
    newer = [record("a", "t#1", fatalities_min=4, fatalities_max=4), record("b", "t#2"), record("c", "t#3")]
    told = add_table(project, "v2.csv", "two", [from_records(newer)])
    assert (told.new, told.told) == (1, 1)
    rows = {one["incident_id"]: one for one in incidents(project)}
    assert (rows["a"]["fatalities_min"], rows["a"]["status"]) == (4, "verified")
    assert len(rows["a"]["sources"]) == 1
    again = add_table(project, "v2.csv", "two", [from_records(newer)])
    assert (again.new, again.told) == (0, 0)


def test_a_report_tells_of_a_row(project: Project, gazetteer: Gazetteer) -> None:
    """An incident that a table brought gets a report as one more source."""
    added(project, gazetteer, BOMB)
    (told,) = incidents(project)
    row = {**told, "incident_id": "ACLED1", "sources": [{"report": "acled.csv#1", "evidence": ""}], "doc_ids": []}
    with Project.create(project.path.with_name("other.gpkg")) as other:
        add_table(other, "acled.csv", "one", [from_records([row])])
        added(other, gazetteer, AGAIN, day=MONDAY + dt.timedelta(days=1))
        (joined,) = incidents(other)
    assert (joined["incident_id"], joined["doc_ids"]) == ("ACLED1", ["acled.csv#1", "r0.txt"])


def test_hostile_reports_go_in(project: Project, gazetteer: Gazetteer) -> None:
    """Names, addresses and texts full of markup, formulas and lone surrogates are kept as words."""
    nasty = "=cmd()<script>alert(1)</script>{{ 7*7 }}"
    reports = [Report(nasty, f"{BOMB} {nasty} \u202e\x00", MONDAY, nasty, "javascript:alert(1)", nasty)]
    assert add_reports(project, reports, gazetteer=lambda: gazetteer).new >= 1
    assert incidents(project)[0]["doc_ids"] == [nasty]
