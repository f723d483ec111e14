"""A place of the gazetteer."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = {
    "country": "a country or dependent territory",
    "continent": "a continent",
    "region": "a region that is no administrative area: of a country, of several, of the world",
    "admin1": "a first-order administrative area: province, state, governorate, oblast",
    "admin2": "a second-order administrative area: county, district",
    "settlement": "a city, town, village or part of one",
    "airfield": "an airport, airfield or air base",
    "base": "a military base",
    "camp": "a camp of refugees or displaced people, or a detention camp",
    "crossing": "a border crossing, bridge or checkpoint",
    "dam": "a dam or power station",
    "refinery": "an oil or gas field, refinery, terminal or pipeline station",
    "site": "any other place of the size of a building or a compound",
    "border": "a border, front, armistice or disputed line",
    "sea": "an ocean, sea, gulf, bay or strait",
    "lake": "a lake or reservoir",
    "river": "a river, canal or wadi",
    "valley": "a valley or basin",
    "mountain": "a mountain, range, hill or plateau",
    "desert": "a desert",
    "forest": "a forest or a national park",
    "island": "an island or archipelago",
    "road": "a road, railway or pipeline",
}
"""What `Place.kind` may be, and what it means."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place: what it is called, what it is, where, and how far it reaches.

    `lat`, `lon` are WGS 84 degrees of the representative point; `radius_m` is the half-width of the place's extent
    in metres. `countries` are ISO 3166-1 alpha-2 codes, several for a place that lies in or between several, none on
    the high seas. `admin1_code` is `CC.code` with GeoNames' code. `name_count` is the number of names that the sources
    give. The geometry of an area or a line is not here: ask the store for it by `place_id`.
    """

    place_id: str
    name: str
    kind: str
    lat: float
    lon: float
    countries: tuple[str, ...] = ()
    admin1: str = ""
    admin1_code: str = ""
    admin2: str = ""
    population: int = 0
    radius_m: float = 0.0
    name_count: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """What a source says about a place, before it is stored.

    `names` are the spellings to be found by, the place's own first; `codes` are abbreviations matched with their case
    (`UK`, `Ky.`); `demonyms` say who or what is from there; `foreign` are names in other languages, found when they are
    spelt exactly and taken for less likely. `prominence` is 0 to 1: how likely a bare name means this
    place; None leaves it to kind, population and number of names. `geometry` is WKB in longitude, latitude.
    """

    place: Place
    names: tuple[str, ...]
    codes: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    prominence: float | None = None
    geometry: bytes | None = None
