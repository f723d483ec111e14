"""The commands that write: export, layers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo import export as files
from geo.commands import console

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


def export(
    incidents: Path,
    output: Path | None,
    *,
    layers: Path | None,
    by: str,
    places: Path | None,
    gate: Gate,
    gazetteer: Path | None = None,
) -> None:
    """Incident file → another format, or layers."""
    if output is not None:
        files.check_target(output)
    without = gate.dropped
    gate.gazetteer = _gazetteer(gazetteer, needed=gate.coarsen is not None)
    table, mentioned = read_both(incidents, places)
    (table,) = gate.passed([table])
    if gate.coarsen:
        mentioned = None  # its points are the exact ones
    notes = list(gate.notes())
    for note in notes:
        console.warn(note)
    if output is not None:
        files.write_chunks([table], output, places=mentioned, without=without, gazetteer=gate.gazetteer, notes=notes)
        console.say(f"Wrote {output}: {console.counted(len(table), 'incident')}")
    if layers is not None:
        for written in files.write_layers(table, layers, by=by, places=mentioned, without=without):
            console.say(f"Wrote {written}")


def _gazetteer(path: Path | None, *, needed: bool) -> Gazetteer | None:
    """The gazetteer; where it is to be named only, the default one is not built for that."""
    from geo import webmap  # noqa: PLC0415  # slow
    from geo.commands import places  # noqa: PLC0415  # slow

    return places.opened(path) if needed or path is not None else webmap.default_gazetteer()


def read_both(incidents: Path, places: Path | None) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None]:
    """The incidents of a file, and the places mentioned that were named or lie beside it."""
    table = files.read_incidents(incidents)
    beside = files.places_path(incidents)
    if places is None and (beside == incidents or not beside.is_file()):
        return table, None
    return table, files.read_places(places or beside)
