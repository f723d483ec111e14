"""Airports, airfields and air bases from `airportsdata`."""

from __future__ import annotations

import csv
import math
import re
from typing import TYPE_CHECKING

from gazetteer.place import Entry, Place
from gazetteer.sources.towns import package_file

if TYPE_CHECKING:
    from collections.abc import Iterator

_OFFICIAL_CODE = re.compile("[A-Z]{4}")
_MILITARY = re.compile(r"\b(?:air ?base|afb|army|military|raf|naval|air force|air field)\b", re.IGNORECASE)
_LONG_FORM = re.compile(r"\b(?:international|regional|municipal|national|domestic) ", re.IGNORECASE)
_TERM = re.compile(
    r"\s+(?:international|regional|army|military|air force|naval)?\s*"
    r"(?:airport|air ?base|air ?field|airstrip|air station|afb)$",
    re.IGNORECASE,
)
_AIRPORT_RADIUS_M = 3000.0


def read_airfields() -> Iterator[Entry]:
    """Give airfields that have an official code, or are military."""
    with package_file("airportsdata", "airports.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["name"] and (_OFFICIAL_CODE.fullmatch(row["icao"]) or row["iata"] or _MILITARY.search(row["name"])):
                yield _airfield(row)


def _airfield(row: dict[str, str]) -> Entry:
    names = tuple(dict.fromkeys(_names(row["name"], row["country"])))
    place = Place(
        place_id=f"air:{row['icao'] or row['iata']}",
        name=row["name"],
        kind="airfield",
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        countries=(row["country"],),
        radius_m=_AIRPORT_RADIUS_M,
        name_count=len(names),
    )
    served = 0.12 if row["iata"] else 0.0
    return Entry(place, names, prominence=0.14 + served + 0.03 * math.log(1 + len(names)))


def _names(name: str, country: str) -> Iterator[str]:
    """The name, the name without "International", and for a military one what stands before "Air Base"."""
    yield name
    yield _LONG_FORM.sub("", name)
    military = _MILITARY.search(name)
    stem = _TERM.sub("", name)
    if military and stem != name:
        for term in ("air base", "airbase", "airport", "airfield"):
            yield f"{stem} {term}"
        if country != "US":
            yield stem
