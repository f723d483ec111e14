"""The commands that write: export, layers."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo import export as files
from geo import tables
from geo.commands import console, intake

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import geopandas as gpd

    from gazetteer.store import Gazetteer


@dataclass
class Gate:
    """What of the incidents leaves, and how exactly: the options of `export`. `left_out` counts what does not."""

    status: str | None = None
    coarsen: str | None = None
    drop_columns: str | None = None
    gazetteer: Gazetteer | None = None
    left_out: int = field(default=0, init=False)

    @property
    def dropped(self) -> tuple[str, ...]:
        """The columns that are left out.

        Raises:
            OutputError: one that does not exist, or that no file can do without.
        """
        return files.droppable(_parts(self.drop_columns))

    def passed(self, frames: Iterable[gpd.GeoDataFrame]) -> Iterator[gpd.GeoDataFrame]:
        """The tables as they leave."""
        statuses = None if self.status is None else _parts(self.status)
        for frame in frames:
            passed = files.with_status(frame, statuses)
            self.left_out += len(frame) - len(passed)
            if self.coarsen is not None and self.gazetteer is not None:
                passed = files.coarsen(passed, self.coarsen, gazetteer=self.gazetteer)
            yield passed

    def notes(self) -> Iterator[str]:
        """What was left out or changed, a line each; true when all tables have passed."""
        if self.left_out:
            gate = f"not {self.status}" if self.status else "rejected"
            yield f"{console.counted(self.left_out, 'incident')} left out: the status is {gate}."
        if self.coarsen:
            yield f"Places are no finer than {self.coarsen}; what names them was left out, the quoted sentences too."
        if self.dropped:
            yield f"Columns left out: {', '.join(self.dropped)}."


def _parts(told: str | None) -> list[str]:
    return [part.strip() for part in (told or "").split(",") if part.strip()]


def export(  # noqa: PLR0913  # what the command takes
    incidents: Path,
    output: Path | None,
    *,
    layers: Path | None,
    by: str,
    places: Path | None,
    gate: Gate,
    gazetteer: Path | None = None,
    mapping: Path | None = None,
) -> None:
    """A file of any kind → another format, or layers; a large table goes through piece by piece."""
    if output is not None:
        files.check_target(output)
    without = gate.dropped
    gate.gazetteer = _gazetteer(gazetteer, needed=gate.coarsen is not None)
    counts = Counter[str]()
    with _reading(incidents, gazetteer, mapping) as found:
        mentioned = None if gate.coarsen else _mentioned(incidents, places, found)  # its points are the exact ones
        frames: Iterable[gpd.GeoDataFrame] = counted(gate.passed(found.frames), counts)
        if layers is not None or (output is not None and output.suffix.lower() == ".zip"):
            frames = [tables.joined(list(frames))]
        notes = list(gate.notes())  # of a pack, which is read whole
        if output is not None:
            files.write_chunks(frames, output, places=mentioned, without=without, gazetteer=gate.gazetteer, notes=notes)
    for note in gate.notes():
        console.warn(note)
    if output is not None:
        console.say(f"Wrote {output}: {console.counted(counts['rows'], 'incident')}")
    if layers is not None:
        (table,) = frames
        for written in files.write_layers(table, layers, by=by, places=mentioned, without=without):
            console.say(f"Wrote {written}")


def counted(frames: Iterable[gpd.GeoDataFrame], counts: Counter[str]) -> Iterator[gpd.GeoDataFrame]:
    """The same tables; `counts` has their rows, and how many of them have no date or no place."""
    for frame in frames:
        counts["rows"] += len(frame)
        counts["dateless"] += int(frame["date_start"].isna().sum())
        counts["placeless"] += int(frame.geometry.isna().sum())
        yield frame


@contextmanager
def _reading(path: Path, gazetteer: Path | None, mapping: Path | None) -> Iterator[intake.Stream]:
    """A file of any kind, table after table, with a bar; what was guessed and could not be read is told."""
    from geo.commands import places  # noqa: PLC0415  # slow

    with console.progress(f"reading {path.name}") as tell:
        found = intake.stream(
            path,
            gazetteer=lambda: places.opened(gazetteer),
            mapping=None if mapping is None else tables.load(mapping),
            progress=lambda done: tell(completed=done),
        )
        yield found
    for note in found.notes:
        console.warn(note)


def _gazetteer(path: Path | None, *, needed: bool) -> Gazetteer | None:
    """The gazetteer; where it is to be named only, the default one is not built for that."""
    from geo import webmap  # noqa: PLC0415  # slow
    from geo.commands import places  # noqa: PLC0415  # slow

    return places.opened(path) if needed or path is not None else webmap.default_gazetteer()


def read_both(
    incidents: Path, places: Path | None, *, gazetteer: Path | None = None, mapping: Path | None = None
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None]:
    """The incidents of a file of any kind, and the places mentioned that were named or lie beside it."""
    with _reading(incidents, gazetteer, mapping) as found:
        return tables.joined(list(found.frames)), _mentioned(incidents, places, found)


def _mentioned(incidents: Path, places: Path | None, found: intake.Stream) -> gpd.GeoDataFrame | None:
    beside = files.places_path(incidents)
    if places is None and (beside == incidents or not beside.is_file()):
        return found.places
    return files.read_places(places or beside)
