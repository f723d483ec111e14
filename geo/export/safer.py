"""Harm reduction: the same incidents, told less exactly.

A precise place can endanger who lives there. What is coarsened loses its exact place in every column that could tell
it: geometry, names, runner-up places, reasons, an imported row's codes, and the sentences quoted, which name places.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from geo import schema
from geo.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    import geopandas as gpd

    from gazetteer.store import Gazetteer

COARSE = ("admin1", "region", "border", "country", "sea")
"""Precisions that are left as they are: they name no town."""
KEPT = ("incident_id", "geometry")
"""Columns that cannot be left out."""
_GRID = re.compile(r"(\d{1,4})\s?km\Z")
_KM_A_DEGREE = 111.195
_TELLING = ("evidence", "before", "after", "span", "report", "url")
"""What of a source tells the place, or leads to the text that does."""


def coarsen(incidents: gpd.GeoDataFrame, to: str, *, gazetteer: Gazetteer) -> gpd.GeoDataFrame:
    """The incidents with places no finer than `to`: "admin1", or a grid as in "10km".

    admin1 gives the area that holds the point, else the country's; a grid gives the middle of the cell, and at least
    half its diagonal as uncertainty. Incidents that are coarser already keep their place, and lose what quotes it.

    Raises:
        OutputError: `to` is neither.
    """
    place = _coarsener(to, gazetteer)
    return schema.from_records(_coarse(record, place) for record in schema.records(incidents))


def _coarsener(to: str, gazetteer: Gazetteer) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    if to == "admin1":
        return lambda record: _admin1(record, gazetteer)
    told = _GRID.match(to.strip().lower())
    if told is None or int(told[1]) < 1:
        raise OutputError(f"--coarsen {to!r}: is neither admin1 nor a grid like 10km.")
    return lambda record: _cell(record, int(told[1]))


def _coarse(record: dict[str, Any], place: Callable[[Mapping[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    exact = record["geometry"] is not None and record["geo_precision"] not in COARSE
    sources = [
        {**{key: value for key, value in source.items() if key not in _TELLING}, "report": "", "evidence": ""}
        for source in record["sources"]
    ]
    return {
        **record,
        **(place(record) if exact else {}),
        **({} if record["geometry"] is not None else {"place": "", "place_id": ""}),
        "place_text": "",
        "sources": sources,
        "doc_ids": [],
        "alternatives": [],
        "reasons": {},
        "original": {},
    }


def _admin1(record: Mapping[str, Any], gazetteer: Gazetteer) -> dict[str, Any]:
    area = gazetteer.admin1_at(lat=record["lat"], lon=record["lon"])
    if area is None and record["country"]:
        area = gazetteer.country(record["country"][0])
    if area is None:
        return {**dict.fromkeys(("geometry", "lat", "lon", "radius_m")), "place": "", "place_id": "", "kind": ""}
    return {
        "geometry": gazetteer.geometry(area.place_id),
        "lat": area.lat,
        "lon": area.lon,
        "radius_m": area.radius_m,
        "geo_precision": "admin1" if area.kind == "admin1" else "country",
        "place": area.name,
        "place_id": area.place_id,
        "kind": area.kind,
    }


def _cell(record: Mapping[str, Any], km: int) -> dict[str, Any]:
    """The middle of the cell, whose rows are `km` high and whose columns are as wide there."""
    from shapely import Point  # noqa: PLC0415  # heavy

    height = km / _KM_A_DEGREE
    lat = max(-90.0, min(90.0, (math.floor(record["lat"] / height) + 0.5) * height))
    width = min(360.0, height / max(0.01, math.cos(math.radians(lat))))
    lon = (math.floor(record["lon"] / width) + 0.5) * width
    lon = (lon + 180) % 360 - 180
    return {
        "geometry": Point(lon, lat),
        "lat": lat,
        "lon": lon,
        "radius_m": max(km * 1000 * math.sqrt(0.5), record["radius_m"] or 0.0),
        "geo_precision": "near",
        "place": record["admin1"],
        "place_id": "",
        "kind": "",
    }


def with_status(incidents: gpd.GeoDataFrame, statuses: Collection[str] | None) -> gpd.GeoDataFrame:
    """The incidents of these statuses; None lets all pass but the rejected.

    Raises:
        OutputError: a status that does not exist.
    """
    if unknown := sorted(set(statuses or ()) - set(schema.STATUSES)):
        raise OutputError(f"--status {unknown[0]!r}: unknown. Known are {' '.join(schema.STATUSES)}.")
    passed = incidents["status"] != "rejected" if statuses is None else incidents["status"].isin(list(statuses))
    return incidents if passed.all() else incidents[passed].reset_index(drop=True)


def droppable(columns: Iterable[str]) -> tuple[str, ...]:
    """The columns, when they can be left out; what draws a point goes with the point's column.

    Raises:
        OutputError: a column that does not exist, or that no file can do without.
    """
    names = tuple(dict.fromkeys(columns))
    for name in names:
        if name not in schema.COLUMNS:
            raise OutputError(f"--drop-columns {name!r}: unknown. Known are {' '.join(schema.COLUMNS)}.")
        if name in KEPT:
            raise OutputError(f"--drop-columns {name!r}: cannot be left out; to hide exact places, use --coarsen.")
    return names
