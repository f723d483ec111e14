"""A project of a hundred thousand incidents: how long its commands and the review's questions take.

`.venv/bin/python benchmarks/project.py [--write]`; the figures are wall seconds on the machine that runs it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[1]
sys.path[:1] = [str(ROOT), str(ROOT / "benchmarks")]  # the package gazetteer before the script of that name

import sections  # noqa: E402  # after the path is set

from gazetteer.build import ensure_default  # noqa: E402
from geo.project import Project, add_reports, add_table  # noqa: E402
from geo.reports import Report  # noqa: E402
from geo.schema import from_records  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

INCIDENTS = 100_000
PLACES = 2_000
DECISIONS = 200
WORDS = "Gunmen attacked the village and killed several people, officials said, as fighting went on in the region."
STORIES = [
    f"Gunmen attacked a checkpoint near Kirkuk on Saturday and killed {number + 2} men. A car bomb exploded in Mosul."
    for number in range(10)
]


def row(number: int, chance: random.Random) -> dict[str, Any]:
    """An incident at one of two thousand places on one of fifteen hundred days."""
    place, day = chance.randrange(PLACES), str(dt.date(2020, 1, 1) + dt.timedelta(chance.randrange(1500)))
    return {
        "incident_id": f"i{number}",
        "event_type": "Battles",
        "sub_event_type": chance.choice(["Armed clash", "Attack", "Grenade"]),
        "date_start": day,
        "date_end": day,
        "date_precision": "day",
        "place": f"Place {place}",
        "place_text": f"Place {place}",
        "lat": 30 + place % 50 / 10,
        "lon": 40 + place // 50 / 10,
        "country": [["IQ", "SY", "TR"][place % 3]],
        "geo_precision": "settlement",
        "sources": [{"report": f"{number}.txt", "evidence": WORDS}],
        "confidence": chance.random(),
        "status": "machine",
    }


def timed(name: str, work: Callable[[], object], lines: list[str], count: int = 1) -> None:
    """Do the work and note how long it took, each of `count` times."""
    start = time.perf_counter()
    work()
    seconds = (time.perf_counter() - start) / count
    lines.append(f"| {name} | {seconds:.3f} s |")
    print(lines[-1], flush=True)


def main() -> None:
    """Measure, print, and write where that is asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    asked = options.parse_args()
    lines: list[str] = []
    chance = random.Random(1)  # noqa: S311  # figures, no secrets
    table = from_records([row(number, chance) for number in range(INCIDENTS)])
    gazetteer = ensure_default()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.gpkg"
        Project.create(path).close()
        with Project.open(path) as project:
            timed(f"add a table of {INCIDENTS:,} rows", lambda: add_table(project, "t", "t", [table]), lines)
            timed("status", project.status, lines)
            timed("the review's questions: queue, counts, an incident", lambda: questions(project), lines)
            timed("a decision, on the disk", lambda: decide(project), lines, DECISIONS)
            told = [Report(f"{at}.txt", text, dt.date(2022, 5, at + 1)) for at, text in enumerate(STORIES)]
            add_reports(project, [Report("first", "A bomb fell.")], gazetteer=lambda: gazetteer)  # loads the models
            timed(
                "a report, read and merged", lambda: add_reports(project, told, gazetteer=lambda: gazetteer), lines, 10
            )
        lines.append(f"| the file | {path.stat().st_size / 1e6:.0f} MB |")
    if asked.write:
        head = f"## A project of {INCIDENTS:,} incidents\n\n`benchmarks/project.py`\n\n| what | each |\n|---|---|\n"
        sections.write("project", head + "\n".join(lines))


def questions(project: Project) -> None:
    """What the review asks to show one incident."""
    names = project.queue(50)
    project.titles(names)
    project.waiting()
    project.count()
    project.incident(names[0])


def decide(project: Project) -> None:
    """Judge the first of the queue, one after the other."""
    for name in project.queue(DECISIONS):
        project.decide(name, "accept", who="benchmark")


if __name__ == "__main__":
    main()
