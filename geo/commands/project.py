"""The commands of a project: make one, add to it, tell how it stands."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import project, reports
from geo.commands import console, intake, places
from geo.errors import IncidentMapperError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from gazetteer.store import Gazetteer
    from geo.project import Added, Project


def init(path: Path) -> None:
    """Make a new, empty project."""
    project.Project.create(path).close()
    console.say(f"Made {path}. Add reports to it: incident-mapper project add {path} REPORTS")


def add(path: Path, paths: Sequence[str], *, published: dt.date | None, gazetteer: Path | None, workers: int) -> None:
    """Put the incidents of files of any kind into a project, each report and table once."""
    told = [name for name in paths if not _is_table(name)]
    with project.Project.open(path) as opened:
        total = project.Added()
        for name in paths:
            if _is_table(name):
                total.extend(_add_table(opened, Path(name), gazetteer))
        if told:
            total.extend(_add_reports(opened, told, published=published, gazetteer=gazetteer, workers=workers))
        waiting = opened.status()["waiting"]
    for note in total.notes:
        console.warn(note)
    console.say(
        f"{console.counted(total.reports, 'new report')}, {total.seen:,} seen before: "
        f"{console.counted(total.new, 'new incident')}, {total.told:,} told again."
    )
    console.say(f"{console.counted(waiting, 'incident')} to review: incident-mapper app {path}")


def _is_table(name: str) -> bool:
    return Path(name).is_file() and intake.kind_of(Path(name)) in ("incidents", "table")


def _add_reports(
    opened: Project, paths: Sequence[str], *, published: dt.date | None, gazetteer: Path | None, workers: int
) -> Added:
    files = len(reports.expand(paths))
    with console.reading("reading reports", total=files) as tell:

        def told(count: int) -> None:
            tell(completed=count, total=max(count, files))

        found = reports.load(paths, published=published)
        return project.add_reports(
            opened, found, gazetteer=lambda: places.opened(gazetteer), workers=workers, progress=told
        )


def _add_table(opened: Project, path: Path, gazetteer: Path | None) -> Added:
    """A table of incidents, or one with place names; a file that cannot be read is a note."""
    with path.open("rb") as stream:
        content = hashlib.file_digest(stream, "sha256").hexdigest()
    if project.is_seen(opened, content):
        return project.Added(seen=1)
    base: list[Gazetteer] = []

    def asked() -> Gazetteer:
        base[:] = base or [places.opened(gazetteer)]
        return base[0]

    try:
        read = intake.stream(path, gazetteer=asked)
        with console.progress(f"adding {path.name}") as tell:
            added = project.add_table(
                opened, path.name, content, read.frames, progress=lambda count: tell(completed=count)
            )
    except IncidentMapperError as error:
        return project.Added(notes=[str(error)])
    added.notes += read.notes
    return added


def status(path: Path, *, as_json: bool) -> None:
    """Tell how a project stands."""
    with project.Project.open(path) as opened:
        told = opened.status()
    if as_json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        return
    console.table(("incidents", "how many"), _rows(told["incidents"]))
    console.table(("decisions", "how many"), _rows(told["decisions"]))
    if told["people"]:
        console.table(("who decided", "how often"), _rows(told["people"]))
    days = " to ".join(day for day in told["days"] if day) or "no day known"
    console.say(f"{console.counted(told['reports'], 'report')} and {console.counted(told['tables'], 'table')}; {days}")
    console.say(f"{told['placeless']:,} without a place, {told['dateless']:,} without a date")
    console.say(f"{console.counted(told['own_places'], 'place')} of its own")
    conflicts = f", {told['conflicts']:,} on which people differ" if told["conflicts"] else ""
    console.say(f"{told['waiting']:,} to review{conflicts}: incident-mapper app {path}")


def _rows(counts: dict[str, int]) -> list[tuple[Any, ...]]:
    return [(name, f"{count:,}") for name, count in counts.items()]
