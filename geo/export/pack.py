"""A report pack: one zip with the map, the incidents in two formats, and what a reader needs to judge them."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import tempfile
import zipfile
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import schema
from geo.export.flat import neutral, write_csv
from geo.export.geojson import write_geojson, write_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import geopandas as gpd

    from gazetteer.store import Gazetteer

INCIDENTS, PLACES = "incidents.geojson", "places.geojson"
_SOURCE_COLUMNS = ("incident_id", "report", "publisher", "published", "url", "evidence")


def write_pack(
    frames: Iterable[gpd.GeoDataFrame],
    file: Path,
    *,
    places: gpd.GeoDataFrame | None = None,
    gazetteer: Gazetteer | None = None,
    title: str = "Incidents",
    notes: Sequence[str] = (),
) -> None:
    """Write map.html, incidents as GeoJSON and CSV, sources, data dictionary, note on method and checksums.

    `notes` are lines for the note on method: what was left out, and why. The map holds all incidents in memory.
    """
    from geo import webmap  # noqa: PLC0415  # heavy

    incidents = _whole(frames)
    told = schema.coerce(incidents)
    with tempfile.TemporaryDirectory(prefix="incident-mapper-") as scratch:
        folder = Path(scratch)
        write_geojson([incidents], folder / INCIDENTS)
        write_csv([incidents], folder / "incidents.csv")
        webmap.save(webmap.draw(told, places=places, title=title, gazetteer=gazetteer), folder / "map.html")
        if places is not None and len(places):
            write_places(places, folder / PLACES)
        _write_table(folder / "sources.csv", _SOURCE_COLUMNS, _sources(incidents))
        _write_table(folder / "data-dictionary.csv", ("column", "values", "meaning"), _dictionary(incidents))
        lines = method(told, title=title, gazetteer=gazetteer, notes=notes)
        (folder / "METHOD.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        _zip(sorted(folder.iterdir()), file)


def _whole(frames: Iterable[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    import pandas as pd  # noqa: PLC0415  # heavy

    found = list(frames)
    return found[0] if len(found) == 1 else pd.concat(found, ignore_index=True)


def _zip(members: Sequence[Path], file: Path) -> None:
    sums = "".join(f"{hashlib.sha256(member.read_bytes()).hexdigest()}  {member.name}\n" for member in members)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            archive.write(member, member.name)
        archive.writestr("SHA256SUMS", sums)


def _write_table(file: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    text = io.StringIO(newline="")
    cells = ([neutral(schema.clean(str(cell))) for cell in row] for row in rows)
    csv.writer(text, lineterminator="\r\n").writerows([header, *cells])
    file.write_text(text.getvalue(), encoding="utf-8", newline="")


def _sources(incidents: gpd.GeoDataFrame) -> Iterator[Sequence[Any]]:
    if "sources" not in incidents:
        return
    told = zip(incidents["incident_id"], schema.plain(incidents["sources"], "records"), strict=True)
    for incident_id, sources in told:
        for source in sources:
            yield [incident_id, *("" if (value := source.get(name)) is None else value for name in _SOURCE_COLUMNS[1:])]


def _dictionary(incidents: gpd.GeoDataFrame) -> Iterator[Sequence[str]]:
    for column in schema.COLUMNS.values():
        if column.name in incidents:
            yield column.name, schema.KINDS[column.kind], column.meaning


def method(
    incidents: gpd.GeoDataFrame, *, title: str, gazetteer: Gazetteer | None, notes: Sequence[str]
) -> Iterator[str]:
    """The note on method, line by line: what is in the pack, how sure it is, and what it was made with."""
    made = dt.datetime.now(tz=dt.UTC).date().isoformat()
    yield f"{schema.clean(' '.join(title.split()))}"
    yield f"Made on {made} with incident-mapper {version('incident-mapper')}."
    yield ""
    yield f"Incidents: {len(incidents):,}"
    yield f"  without a place: {int(incidents.geometry.isna().sum()):,}"
    yield f"  without a day: {int(incidents['date_start'].isna().sum()):,}"
    for name, told in (
        ("geo_precision", "Precision of the place"),
        ("date_precision", "Precision of the day"),
        ("status", "Status"),
        ("event_type", "Event type"),
    ):
        yield f"{told}:"
        yield from (f"  {value or 'not known'}: {count:,}" for value, count in _counts(incidents[name]))
    publishers = _publishers(incidents)
    yield f"Publishers named: {len(publishers):,}"
    yield from (f"  {name}: {count:,}" for name, count in publishers.most_common(50))
    yield "Gazetteer:"
    yield from _gazetteer(gazetteer)
    yield from ["Left out or changed:", *(f"  {schema.clean(note)}" for note in notes)] if notes else []
    yield ""
    yield "Incidents with the status machine were read by machine: look at the quoted sentence before you publish one."
    yield "A dot is a town or a site; a circle, an area or a line is as far as the place is known. Unknown is not zero."
    yield "Boundaries are Natural Earth's, de facto and simplified. They are no statement on any claim."


def _counts(values: Iterable[str]) -> list[tuple[str, int]]:
    return Counter(values).most_common()


def _publishers(incidents: gpd.GeoDataFrame) -> Counter[str]:
    told = schema.plain(incidents["sources"], "records")
    return Counter(
        " ".join(schema.clean(str(source["publisher"])).split())[:100]
        for sources in told
        for source in sources
        if source.get("publisher")
    )


def _gazetteer(gazetteer: Gazetteer | None) -> Iterator[str]:
    if gazetteer is None:
        yield "  not told"
        return
    from geo.webmap.map import version_of  # noqa: PLC0415  # heavy

    info: Mapping[str, Any] = gazetteer.info()
    yield f"  version {version_of(info)}"
    for source in info.get("sources", ()):
        told = source if isinstance(source, dict) else {"name": source}
        yield f"  {told.get('name', '')} ({told.get('licence', 'see NOTICE')})"
