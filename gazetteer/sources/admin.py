"""First- and second-order areas: polygons of Natural Earth, names of GeoNames and ISO 3166-2, points of their towns."""

from __future__ import annotations

import csv
import itertools
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gazetteer.names import fold
from gazetteer.place import Entry, Place
from gazetteer.sources import boundaries
from gazetteer.sphere import distance_m

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MAX_SLUG = 60
_SEAT_PEOPLE = 3000
_ALTERNATE_LESS = 0.125
_SEAT_WITHIN = 0.17
_GREAT_SEAT_PEOPLE = 300_000
_BEHIND = 0.03
"""`Kharkiv` alone is the city, and so is `Basra` whose own name is `Basrah`; the area called so comes close behind."""

_NAMED_AS_AREA, _NAMED_AS_SEAT = 0.24, 0.14
_LEAST_REACH_M = 10_000.0
"""An area known by one town reaches some way beyond it."""


@dataclass(slots=True)
class Census:
    """What the towns tell of the areas they lie in, gathered while they stream by.

    `drawn` are the first-order areas that have polygons; of the others, and with `with_seconds` of all second-order
    ones, the points of their towns are kept: latitude, longitude, people.
    """

    drawn: dict[str, boundaries.Area]
    with_seconds: bool = True
    people: dict[str, int] = field(default_factory=dict)
    firsts: dict[str, list[tuple[float, float, int]]] = field(default_factory=dict)
    seconds: dict[tuple[str, str], list[tuple[float, float, int]]] = field(default_factory=dict)
    seats: dict[tuple[str, str], tuple[float, int]] = field(default_factory=dict)
    beginnings: dict[str, frozenset[str]] = field(default_factory=dict)

    def watch(self, towns: Iterable[Entry]) -> Iterator[Entry]:
        """Hand the towns on, counting people of first-order and points of second-order areas."""
        for entry in towns:
            place = entry.place
            if place.kind == "settlement":
                self._count(place)
                if place.population >= _SEAT_PEOPLE and entry.prominence:
                    self._note_seat(entry, entry.prominence)
            yield entry

    def _count(self, town: Place) -> None:
        """Count the people of a town, and keep its point where its areas have no polygon."""
        self.people[town.admin1_code] = self.people.get(town.admin1_code, 0) + town.population
        point = (town.lat, town.lon, town.population)
        if town.admin1 and town.admin1_code not in self.drawn:
            self.firsts.setdefault(town.admin1_code, []).append(point)
        if town.admin2 and self.with_seconds:
            self.seconds.setdefault((town.admin1_code, town.admin2), []).append(point)

    def _note_seat(self, entry: Entry, prominence: float) -> None:
        """Remember what a town is worth under each of its names that an area may share."""
        code = entry.place.admin1_code
        begins = self._begins(code)
        own = {entry.names[0], entry.names[0].removesuffix(" City")}
        for name in entry.names:
            if name in own or (name[:2].lower() in begins and name.isascii()):
                worth = prominence if name in own else prominence - _ALTERNATE_LESS
                key = (code, fold(name))
                self.seats[key] = max((worth, entry.place.population), self.seats.get(key, (0.0, 0)))

    def _begins(self, code: str) -> frozenset[str]:
        """The first two letters of an area's names: folding every name of every town would take long."""
        if code not in self.beginnings:
            area = self.drawn.get(code)
            names = (area.name, *area.alternates) if area else ()
            self.beginnings[code] = frozenset(fold(name)[:2] for name in names)
        return self.beginnings[code]

    def behind_its_seat(self, prominence: float, code: str, spellings: Iterable[str]) -> float:
        """Prominence of an area, less than that of the town within that it shares its name with."""
        keys = {(code, fold(name)) for name in spellings} & self.seats.keys()
        worth, people = max((self.seats[key] for key in keys), default=(0.0, 0))
        great = worth > prominence - _SEAT_WITHIN or people >= _GREAT_SEAT_PEOPLE
        return min(prominence, worth - _BEHIND) if great else prominence


def load_abbreviations() -> dict[str, tuple[str, ...]]:
    """Read `abbreviations.csv`: abbreviations of first-order areas, by GeoNames' code."""
    with (boundaries.FOLDER / "abbreviations.csv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(line for line in stream if not line.startswith("#"))
        return {row["code"]: tuple(row["abbreviations"].split(";")) for row in rows}


def read_admin1(areas: dict[str, boundaries.Area], names: dict[str, str], census: Census) -> Iterator[Entry]:
    """Give every first-order area, with GeoNames' name where the towns tell it."""
    import shapely  # noqa: PLC0415  # only a build needs it

    codes = load_abbreviations()
    for code, area in areas.items():
        lat, lon = boundaries.point_of(area.shape)
        spellings = tuple(dict.fromkeys([names.get(code, area.name), area.name, *area.alternates]))
        place = Place(
            place_id=f"admin1:{code}",
            name=spellings[0],
            kind="admin1",
            lat=lat,
            lon=lon,
            countries=(area.country,),
            admin1=spellings[0],
            admin1_code=code,
            population=census.people.get(code, 0),
            radius_m=round(boundaries.radius_of(area.shape, lat, lon), -2),
            name_count=len(spellings),
        )
        yield Entry(
            place,
            spellings,
            codes=codes.get(code, ()),
            prominence=census.behind_its_seat(_prominence(place, base=0.28), code, spellings),
            geometry=shapely.to_wkb(area.shape),
        )
    for code, towns in census.firsts.items():
        yield _from_towns(code, names[code], towns, names, base=_NAMED_AS_AREA)


def read_admin2(areas: dict[str, boundaries.Area], census: Census, names: dict[str, str]) -> Iterator[Entry]:
    """Give second-order areas: those with polygons; then those that towns name."""
    words = _area_words()
    yield from _with_polygons(areas, census, names, words)
    taken = set(areas)
    drawn = {(area.parent, fold(name)) for area in areas.values() for name in (area.name, *area.alternates)}
    for (parent, name), towns in census.seconds.items():
        if (parent, fold(name)) not in drawn:
            drawn.add((parent, fold(name)))
            code = _free(f"{parent}.{_slug(name)}", taken)
            entry = _from_towns(code, name, towns, names, base=_base(name, words))
            yield replace(entry, prominence=census.behind_its_seat(entry.prominence or 0, parent, [name]))


def _area_words() -> frozenset[str]:
    """Words that say of a name that an area bears it: `county`, `district`."""
    with (boundaries.FOLDER / "feature_words.csv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(line for line in stream if not line.startswith("#"))
        return frozenset(row["word"] for row in rows if "admin2" in row["kinds"])


def _base(name: str, words: frozenset[str]) -> float:
    """What a second-order area is worth at least: little where its bare name is rather that of its seat."""
    return _NAMED_AS_AREA if words & set(fold(name).split()) else _NAMED_AS_SEAT


def _with_polygons(
    areas: dict[str, boundaries.Area], census: Census, names: dict[str, str], words: frozenset[str]
) -> Iterator[Entry]:
    import shapely  # noqa: PLC0415  # only a build needs it

    for code, area in areas.items():
        lat, lon = boundaries.point_of(area.shape)
        place = Place(
            place_id=f"admin2:{code}",
            name=area.name,
            kind="admin2",
            lat=lat,
            lon=lon,
            countries=(area.country,),
            admin1=names.get(area.parent, ""),
            admin1_code=area.parent,
            admin2=area.name,
            radius_m=round(boundaries.radius_of(area.shape, lat, lon), -2),
            name_count=1 + len(area.alternates),
        )
        yield Entry(
            place,
            tuple(dict.fromkeys([area.name, *area.alternates])),
            prominence=census.behind_its_seat(
                _prominence(place, base=_base(area.name, words)), area.parent, [area.name]
            ),
            geometry=shapely.to_wkb(area.shape),
        )


def _free(code: str, taken: set[str]) -> str:
    """The code, with a number where another area has it; noted as taken."""
    numbered = (code if number == 1 else f"{code}-{number}" for number in itertools.count(1))
    free = next(candidate for candidate in numbered if candidate not in taken)
    taken.add(free)
    return free


def _from_towns(
    code: str, name: str, towns: list[tuple[float, float, int]], names: dict[str, str], *, base: float
) -> Entry:
    """An area known by its towns: the middle of their extent, reaching to the farthest tenth."""
    parent = ".".join(code.split(".")[:2])
    kind = "admin1" if parent == code else "admin2"
    lat = (min(town[0] for town in towns) + max(town[0] for town in towns)) / 2
    lon = _middle([town[1] for town in towns])
    reach = sorted(distance_m(lat, lon, town[0], town[1]) for town in towns)
    place = Place(
        place_id=f"{kind}:{code}",
        name=name,
        kind=kind,
        lat=round(lat, 5),
        lon=round(lon, 5),
        countries=(parent.split(".", maxsplit=1)[0],),
        admin1=names.get(parent, ""),
        admin1_code=parent,
        admin2=name if kind == "admin2" else "",
        population=sum(town[2] for town in towns),
        radius_m=round(max(_LEAST_REACH_M, reach[int(len(reach) * 0.9)]), -2),
        name_count=1,
    )
    return Entry(place, (name,), prominence=_prominence(place, base=base))


def _middle(lons: list[float]) -> float:
    """The middle of an extent of longitudes, across the antimeridian where that is shorter."""
    low, high = min(lons), max(lons)
    if high - low <= 180:  # noqa: PLR2004  # half the circle
        return (low + high) / 2
    turned = [lon % 360 for lon in lons]
    return ((min(turned) + max(turned)) / 2 + 180) % 360 - 180


def _slug(name: str) -> str:
    return fold(name).replace(" ", "-")[:_MAX_SLUG]


def _prominence(place: Place, *, base: float) -> float:
    """Areas are named less often than the cities they are called after, more often than villages."""
    people = 0.035 * math.log10(place.population + 1)
    fame = 0.04 * math.log(1 + place.name_count)
    return min(1.0, base + people + fame)
