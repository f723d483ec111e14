"""Programs that write a project are killed at any moment: the file opens, and nothing that was acknowledged is lost."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from geo.project import Project, fold

sys.path.insert(0, str(Path(__file__).parent))
from project_world import filled, record  # tests are no package

KILLS = 20
REVIEWS = """
import sys
from geo.project import Project
print("ready", flush=True)
with Project.open(sys.argv[1]) as project:
    for turn in range(1_000_000):
        kind = ("accept", "reject", "dispute", "verify")[turn % 4]
        if turn % 7 == 6:
            made = project.decide("i0", "merge", who="Ada", value={"with": [f"i{turn % 30 + 1}"]})
            print(made.decision.number, flush=True)
            made = project.decide("i0", "undo", who="Ada", value={"decision": made.decision.number})
        else:
            made = project.decide(f"i{turn % 31}", kind, who="Ada")
        print(made.decision.number, flush=True)
"""
ADDS = """
import sys
from geo.project import Project, add_reports
from geo.reports import load
from gazetteer.build import ensure_default
gazetteer = ensure_default()
print("ready", flush=True)
with Project.open(sys.argv[1]) as project:
    done = add_reports(project, load([sys.argv[2]]), gazetteer=lambda: gazetteer,
                       progress=lambda count: print(count, flush=True))
    print("done", flush=True)
"""
STORIES = (
    "A car bomb killed six people in Mosul on Sunday.",
    "Sunday's car bombing in Mosul killed eight people, doctors said.",
    "Gunmen attacked a checkpoint near Kirkuk on Saturday and killed two soldiers.",
    "Shelling hit a market in Aleppo on Friday. Nine civilians were killed and 20 wounded.",
    "Protesters marched in Baghdad on Sunday.",
    "An air strike destroyed a depot in Deir Ezzor on Saturday, killing four fighters.",
)
pytestmark = [pytest.mark.campaign, pytest.mark.usefixtures("gazetteer")]


def killed(script: str, *arguments: Path, after: float) -> list[str]:
    """What a program says in so many seconds after it is ready; then it is killed."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own script
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(after)
        process.kill()
        return process.stdout.read().split("\n")[:-1]  # a line without its end was not said


def check(path: Path) -> set[int]:
    """The numbers of the decisions in a file that is sound, and whose incidents are the fold of them."""
    with Project.open(path) as project:
        assert project.rows("PRAGMA integrity_check")[0]["integrity_check"] == "ok"
        rows = {one["incident_id"]: one for one in project.records()}
        machine, decisions = {}, {}
        for row in project.rows("SELECT incident_id FROM machine"):
            read = project.machine(row["incident_id"])
            machine |= {row["incident_id"]: read} if read else {}
            decisions |= {one.number: one for one in project.decisions(row["incident_id"])}
        states = fold(machine, decisions.values())
        assert {name: rows.get(name) for name in machine} == {
            name: states[name].record if name in states else None for name in machine
        }
        return {row["fid"] for row in project.rows("SELECT fid FROM decisions")}


def test_killed_reviews_lose_no_decision(tmp_path: Path) -> None:
    """Twenty reviews are killed at random: each decision that was acknowledged is there, and the incidents fit."""
    path = filled(tmp_path / "war.gpkg", *(record(f"i{number}") for number in range(31)))
    chance = random.Random(7)  # noqa: S311  # moments, no secrets
    told: set[int] = set()
    for _ in range(KILLS):
        told |= {int(line) for line in killed(REVIEWS, path, after=chance.uniform(0.0, 1.5))}
        assert told <= check(path)
    assert len(told) > KILLS


def test_killed_adding_counts_no_report_twice(tmp_path: Path) -> None:
    """Runs are killed at random until all is in: each report is there once, as if one run had read them all."""
    folder = tmp_path / "reports"
    folder.mkdir()
    for number in range(KILLS):
        for part, story in enumerate(STORIES):
            text = f"date 2021-{number % 12 + 1:02}-1{number % 9}\n{story} This is bulletin number {number}."
            (folder / f"{number}-{part}.txt").write_text(text, encoding="utf-8")
    path, whole = tmp_path / "war.gpkg", tmp_path / "whole.gpkg"
    for target in (path, whole):
        Project.create(target).close()
    chance = random.Random(8)  # noqa: S311  # moments, no secrets
    for _ in range(KILLS):
        said = killed(ADDS, path, folder, after=chance.uniform(0.0, 0.6))
        check(path)
        with Project.open(path) as project:
            count = project.rows("SELECT count(*) AS count FROM reports")[0]["count"]
        assert count >= max((int(line) for line in said if line.isdigit()), default=0)
    for target in (path, whole):
        command = [sys.executable, "-c", ADDS, str(target), str(folder)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # our own script
    with Project.open(path) as project, Project.open(whole) as other:
        assert project.status()["reports"] == KILLS * len(STORIES)
        assert list(project.records()) == list(other.records())
        tellings = "SELECT incident_id, report, evidence FROM sources ORDER BY report, evidence"
        assert project.rows(tellings) == other.rows(tellings)
