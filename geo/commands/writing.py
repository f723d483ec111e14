"""The commands that write: export, layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo import export as files
from geo.commands import console

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd


def export(incidents: Path, output: Path | None, *, layers: Path | None, by: str, places: Path | None) -> None:
    """Incident file → another format, or layers."""
    if output is not None:
        files.check_target(output)
    table, mentioned = read_both(incidents, places)
    if output is not None:
        files.write(table, output, places=mentioned)
        console.say(f"Wrote {output}: {console.counted(len(table), 'incident')}")
    if layers is not None:
        for written in files.write_layers(table, layers, by=by, places=mentioned):
            console.say(f"Wrote {written}")


def read_both(incidents: Path, places: Path | None) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None]:
    """The incidents of a file, and the places mentioned that were named or lie beside it."""
    table = files.read_incidents(incidents)
    beside = files.places_path(incidents)
    if places is None and (beside == incidents or not beside.is_file()):
        return table, None
    return table, files.read_places(places or beside)
