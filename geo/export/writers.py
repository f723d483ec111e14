"""The incident table → a file, by suffix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo import schema
from geo.export import files, flat, geojson, gis

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    import geopandas as gpd


WRITERS: dict[str, Callable[[Any, Path], None]] = {
    ".geojson": geojson.write_geojson,
    ".jsonl": geojson.write_jsonl,
    ".gpkg": gis.write_gpkg,
    ".parquet": gis.write_parquet,
    ".csv": flat.write_csv,
    ".xlsx": flat.write_xlsx,
    ".fgb": gis.write_fgb,
    ".kml": gis.write_kml,
    ".geojsons": geojson.write_sequence,
}
"""How an incident table is written, by suffix."""


def check_target(path: str | Path, suffixes: Iterable[str] | None = None) -> Path:
    """The path, when a file of a known suffix (those of WRITERS, else) can be written there.

    Raises:
        OutputError: unknown suffix, no such folder, a folder of that name, or no permission.
    """
    return files.check_target(path, WRITERS if suffixes is None else suffixes)


def write(incidents: gpd.GeoDataFrame, path: str | Path, *, places: gpd.GeoDataFrame | None = None) -> Path:
    """Write the incident table in the format that the suffix names (WRITERS), and places mentioned beside it.

    The places go to `places_path(path)`; without any, a file left there by an earlier run is taken away.

    Raises:
        OutputError: unknown suffix, or the file cannot be written.
        SchemaError: this is no incident table.
    """
    return write_chunks([incidents], path, places=places)


def write_chunks(
    frames: Iterable[gpd.GeoDataFrame],
    path: str | Path,
    *,
    places: gpd.GeoDataFrame | None = None,
    without: Collection[str] = (),
) -> Path:
    """Write incident tables that come one after the other as one file; see `write`.

    The columns in `without` are left out. FlatGeobuf, KML and workbooks are held in memory by who writes them; every
    other format needs no more than one table at a time.
    """
    target = check_target(path)

    def checked() -> Iterator[gpd.GeoDataFrame]:
        count = 0
        for frame in frames:
            schema.validate(frame)
            yield frame.drop(columns=list(without))
            count += 1
        if not count:
            yield schema.empty().drop(columns=list(without))

    files.atomically(target, lambda file: WRITERS[target.suffix.lower()](checked(), file))
    beside = files.places_path(target)
    if places is not None and len(places):
        files.atomically(beside, lambda file: geojson.write_places(places, file))
    elif beside != target:
        beside.unlink(missing_ok=True)
    return target
