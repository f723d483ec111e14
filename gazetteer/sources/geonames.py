"""GeoNames' own files, as its users download them: `allCountries`, `alternateNamesV2`, `admin1CodesASCII`."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gazetteer.place import Entry, Place
from gazetteer.sources import boundaries
from gazetteer.sources.files import lines, opened
from gazetteer.sources.towns import prominence, settlement_radius, spellings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_PLACE_COLUMNS = 19
_NAME_COLUMNS = 4
_NO_LANGUAGES = {"link", "post", "iata", "icao", "faac", "tcid", "unlc", "wkdt", "abbr", "phon", "piny", "fr_1793"}
"""What stands in the column of the language where the alternate is no name in a language."""

_RADII = {"admin2": 10_000.0, "region": 30_000.0, "sea": 20_000.0, "river": 10_000.0, "mountain": 3000.0}
_SITE_RADIUS_M = 1000.0


@dataclass(frozen=True, slots=True)
class _Feature:
    kind: str
    prominence: float


@dataclass(frozen=True, slots=True)
class Names:
    """What other files tell of GeoNames' places: alternate names by id, names of areas by code."""

    of: Callable[[int], list[str]]
    areas: dict[str, str]


def load_features() -> dict[str, _Feature]:
    """Read `feature_codes.csv` by class and code, `P.PPL`; `P.*` for all others of a class."""
    with (boundaries.FOLDER / "feature_codes.csv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(line for line in stream if not line.startswith("#"))
        return {f"{row['class']}.{row['code']}": _Feature(row["kind"], float(row["prominence"] or 0)) for row in rows}


def read_places(path: Path, names: Names, drawn: frozenset[str], capitals: frozenset[str]) -> Iterator[Entry]:
    """Give the places of a file of 19 columns, one at a time.

    Args:
        path: the file, perhaps in a zip or gzip.
        names: what other files tell.
        drawn: codes of first-order areas that are known with polygons already.
        capitals: ids of capitals.

    Rows that cannot be read are passed over: the file has 13 million, and some are broken in every edition.
    """
    features = load_features()
    with opened(path) as stream:
        for line in lines(stream):
            columns = line.split("\t")
            if len(columns) == _PLACE_COLUMNS:
                entry = _place(columns, features, names, drawn, capitals)
                if entry is not None:
                    yield entry


def _place(
    columns: list[str], features: dict[str, _Feature], names: Names, drawn: frozenset[str], capitals: frozenset[str]
) -> Entry | None:
    """One row as an entry; None where it is of no use or cannot be read."""
    feature = features.get(f"{columns[6]}.{columns[7]}") or features.get(f"{columns[6]}.*")
    country = columns[8]
    code = f"{country}.{columns[10]}" if country and columns[10] not in {"", "00"} else ""
    if feature is None or not feature.kind or (feature.kind == "admin1" and code in drawn):
        return None
    try:
        number, lat, lon, people = int(columns[0]), float(columns[4]), float(columns[5]), int(columns[14] or 0)
    except ValueError:
        return None
    if not (abs(lat) <= 90 and abs(lon) <= 180 and columns[1].strip() and number > 0):  # noqa: PLR2004  # the globe
        return None
    spellings = tuple(spellings_of(columns[1].strip(), [*columns[3].split(","), *names.of(number)]))
    others = (other for other in columns[9].split(",") if other and other != country)
    place = Place(
        place_id=f"gn:{number}",
        name=spellings[0],
        kind=feature.kind,
        lat=lat,
        lon=lon,
        countries=tuple(dict.fromkeys([*([country] if country else []), *others])),
        admin1=names.areas.get(code, ""),
        admin1_code=code,
        admin2=names.areas.get(f"{code}.{columns[11]}", "") if columns[11] else "",
        population=max(0, people),
        radius_m=settlement_radius(people)
        if feature.kind == "settlement"
        else _RADII.get(feature.kind, _SITE_RADIUS_M),
        name_count=len(spellings),
    )
    return Entry(place, spellings, prominence=_prominence(place, feature, capital=place.place_id in capitals))


def _prominence(place: Place, feature: _Feature, *, capital: bool) -> float:
    if place.kind == "settlement":
        return max(0.0, prominence(place, capital=capital) - (feature.prominence and 0.1))
    return min(
        1.0, feature.prominence + 0.05 * math.log(1 + place.name_count) + 0.02 * math.log10(1 + place.population)
    )


def read_alternates(path: Path) -> Iterator[tuple[int, str]]:
    """Give ids and alternate names out of a file of alternate names, codes and links left out."""
    with opened(path) as stream:
        for line in lines(stream):
            columns = line.split("\t")
            if len(columns) >= _NAME_COLUMNS and columns[1].isdigit() and columns[2] not in _NO_LANGUAGES:
                yield int(columns[1]), columns[3].strip()


def read_admin_codes(path: Path) -> dict[str, str]:
    """Names of areas by code: `SY.08`, or `US.KY.125` out of the file of second-order areas."""
    with opened(path) as stream:
        rows = (line.split("\t") for line in lines(stream))
        return {row[0]: row[1] for row in rows if len(row) == _NAME_COLUMNS and row[1]}
