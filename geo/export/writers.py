"""The incident table → a file, by suffix."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from geo import schema
from geo.export import files, flat, geojson, gis, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    import geopandas as gpd

    from gazetteer.store import Gazetteer


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
    ".zip": pack.write_pack,
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
    gazetteer: Gazetteer | None = None,
    notes: Sequence[str] = (),
) -> Path:
    """Write incident tables that come one after the other as one file; see `write`.

    The columns in `without` are left out. `gazetteer` and `notes` are named by a report pack (.zip), which holds the
    places mentioned itself. FlatGeobuf, KML, workbooks and packs are held in memory by who writes them; every other
    format needs no more than one table at a time.
    """
    target = check_target(path)
    suffix = target.suffix.lower()
    writer = WRITERS[suffix]
    if suffix == ".zip":
        writer = partial(pack.write_pack, places=places, gazetteer=gazetteer, notes=notes, title=target.stem)
    files.atomically(target, lambda file: writer(_checked(frames, without), file))
    beside = files.places_path(target)
    if places is not None and len(places) and suffix != ".zip":
        files.atomically(beside, lambda file: geojson.write_places(places, file))
    elif beside != target:
        beside.unlink(missing_ok=True)
    return target


def _checked(frames: Iterable[gpd.GeoDataFrame], without: Collection[str]) -> Iterator[gpd.GeoDataFrame]:
    """The tables, each valid, without those columns; an empty one where there is none."""
    count = 0
    for count, frame in enumerate(frames, 1):  # noqa: B007  # asked for below
        schema.validate(frame)
        yield frame.drop(columns=list(without))
    if not count:
        yield schema.empty().drop(columns=list(without))
