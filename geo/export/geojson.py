"""GeoJSON by RFC 7946 with simplestyle, sequences by RFC 8142, and one incident a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from geo import schema
from geo.export.geometry import Extent, geojson_geometry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

COLOURS = {
    "Battles": "#0072b2",
    "Explosions/Remote violence": "#d55e00",
    "Violence against civilians": "#c4518f",
    "Protests": "#009e73",
    "Riots": "#e69f00",
    "Strategic developments": "#5f6b7a",
}
"""simplestyle colours of the event types: those of the map (geo/component/js/data.js)."""
OTHER_COLOUR = "#8a8f98"
PLACE_COLUMNS = {
    "place_id": "text",
    "name": "text",
    "kind": "text",
    "country": "texts",
    "lat": "number",
    "lon": "number",
    "radius_m": "number",
    "count": "integer",
    "doc_ids": "texts",
}
"""The columns of a table of places mentioned beside its geometry, and their kinds (schema.KINDS)."""


def features(incidents: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Each incident as a GeoJSON feature: its columns, time fields and simplestyle."""
    for record in schema.records(incidents):
        geometry = geojson_geometry(record.pop("geometry"))
        clock = {"clock": record.pop("time")} if "time" in record else {}
        yield {
            "type": "Feature",
            "id": record["incident_id"],
            "geometry": geometry,
            "properties": {**record, **clock, **_times(record), **_style(record, geometry)},
        }


def _times(record: Mapping[str, Any]) -> dict[str, Any]:
    """`time` for TimestampedGeoJson, `start` and `end` for Leaflet Timeline; QGIS guesses both."""
    start = record.get("date_start")
    return {"time": start, "start": start, "end": record.get("date_end")}


def _style(record: Mapping[str, Any], geometry: Mapping[str, Any] | None) -> dict[str, Any]:
    """The properties of simplestyle 1.1.0."""
    colour = COLOURS.get(record.get("event_type", ""), OTHER_COLOUR)
    style: dict[str, Any] = {"title": title(record), "description": evidence(record)}
    if geometry is None or geometry["type"] in ("Point", "MultiPoint"):
        return {**style, "marker-color": colour}
    style |= {"stroke": colour, "stroke-width": 2}
    return style if "Line" in geometry["type"] else {**style, "fill": colour, "fill-opacity": 0.2}


def title(record: Mapping[str, Any]) -> str:
    """One line on an incident: what, where, when."""
    days = [day for day in (record.get("date_start"), record.get("date_end")) if day]
    when = " to ".join(dict.fromkeys(days)) or "undated"
    what = record.get("sub_event_type") or record.get("event_type") or "incident"
    return ", ".join([what, record.get("place") or record.get("place_text") or "unlocated", when])


def evidence(record: Mapping[str, Any]) -> str:
    """The first sentence that tells of an incident, "" for none."""
    return str(next((source["evidence"] for source in record.get("sources", ()) if source.get("evidence")), ""))


def dump(value: Any) -> str:  # noqa: ANN401
    """One line of JSON, every letter as itself."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def write_geojson(frames: Iterable[gpd.GeoDataFrame], file: Path, *, title: str = "incidents") -> None:
    """A FeatureCollection of incidents."""
    write_collection((feature for frame in frames for feature in features(frame)), file, title)


def write_collection(found: Iterable[Mapping[str, Any]], file: Path, title: str) -> None:
    """A FeatureCollection, one feature a line, its bbox last: it is known when all have gone by."""
    extent = Extent()
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.write(dump({"type": "FeatureCollection", "name": title})[:-1] + ',"features":[')
        for index, feature in enumerate(found):
            stream.write((",\n" if index else "\n") + dump(feature))
            extent.add(feature["geometry"])
        bbox = extent.bbox()
        stream.write("\n]" + (f',"bbox":{dump(bbox)}' if bbox else "") + "}\n")


def write_places(places: pd.DataFrame, file: Path) -> None:
    """A FeatureCollection of places mentioned."""
    found = []
    columns = [name for name in PLACE_COLUMNS if name in places]
    plain = [schema.plain(places[name], PLACE_COLUMNS[name]) for name in columns]
    shapes = places["geometry"].tolist()
    for shape, values in zip(shapes, zip(*plain, strict=True), strict=True):
        properties = dict(zip(columns, values, strict=True))
        found.append({"type": "Feature", "geometry": geojson_geometry(shape), "properties": properties})
    write_collection(found, file, "places mentioned")


def write_sequence(frames: Iterable[gpd.GeoDataFrame], file: Path) -> None:
    """RFC 8142: each feature between a record separator and a line feed."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        for frame in frames:
            stream.writelines(f"\x1e{dump(feature)}\n" for feature in features(frame))


def write_jsonl(frames: Iterable[gpd.GeoDataFrame], file: Path) -> None:
    """One incident a line: the columns, the geometry as GeoJSON."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        for frame in frames:
            for record in schema.records(frame):
                record["geometry"] = geojson_geometry(record["geometry"])
                stream.write(dump(record) + "\n")
