"""Sources: what each reader makes of its format, and the project's own tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
import shapely

from gazetteer.borders import shared_border
from gazetteer.errors import GazetteerError
from gazetteer.place import KINDS
from gazetteer.sources import admin, airfields, boundaries, countries, geonames, overlay, towns
from gazetteer.sphere import distance_m
from gazetteer.store import queries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEADER = "id,name,alternate_names,kind,countries,lat,lon,radius_km,extent,source\n"


def _square(west: float, south: float, side: float = 1.0) -> shapely.Polygon:
    return shapely.box(west, south, west + side, south + side)


@pytest.fixture
def shapes() -> overlay.Shapes:
    """Two countries side by side, each with one area."""
    nations = {code: boundaries.Area(code, code, code, _square(west, 0)) for code, west in (("AA", 0), ("BB", 1))}
    areas = {f"{code}.1": boundaries.Area(f"{code}.1", code, code, area.shape) for code, area in nations.items()}
    disputed = {"Old line": boundaries.Area("Old line", "Old line", "AA;BB", shapely.LineString([(0, 0), (1, 1)]))}

    def border(first: str, second: str) -> Any:
        return shared_border(nations[first].shape, nations[second].shape)

    return overlay.Shapes(nations, areas, {}, disputed, border)


@pytest.mark.parametrize(
    ("extent", "kind", "bounds"),
    [
        ("country:AA+BB", "Polygon", (0, 0, 2, 1)),
        ("admin1:AA.1", "Polygon", (0, 0, 1, 1)),
        ("line:0 0,1 1,2 0", "LineString", (0, 0, 2, 1)),
        ("polygon:0 0,1 0,1 1", "Polygon", (0, 0, 1, 1)),
        ("border:AA-BB", "LineString", (1, 0, 1, 1)),
        ("disputed:Old line", "LineString", (0, 0, 1, 1)),
        ("admin1:AA.1|polygon:1 0,2 0,2 1,1 1", "Polygon", (0, 0, 2, 1)),
    ],
)
def test_extents_compose(shapes: overlay.Shapes, extent: str, kind: str, bounds: tuple[float, ...]) -> None:
    """Each form of extent gives the geometry that it says."""
    shape = overlay.compose(extent, shapes)
    assert shape.geom_type == kind
    assert shape.bounds == pytest.approx(bounds)


def test_a_buffer_is_as_wide_as_it_says(shapes: overlay.Shapes) -> None:
    """Twenty kilometres to each side of a line, at sixty degrees north as well."""
    shape = overlay.compose("buffer:20:line:10 60,12 60", shapes)
    west, south, east, north = shape.bounds
    assert distance_m(south, 11, 60, 11) == pytest.approx(20_000, rel=0.02)
    assert distance_m(60, west, 60, 10) == pytest.approx(20_000, rel=0.05)
    assert (north, east) > (60, 12)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("x,X,,castle,AA,1,1,,,own", "unknown kind 'castle'"),
        ("x,X,,site,AA,,,,,own", "needs lat and lon"),
        ("x,X,,site,AA,91,1,,,own", "out of range"),
        (",X,,site,AA,1,1,,,own", "needs an id"),
        ("x,X,,region,AA,,,,circle:3,own", "unknown form"),
        ("x,X,,region,AA,,,,country:ZZ,own", "ZZ"),
        ("x,X,,border,AA,,,,border:AA-ZZ,own", "ZZ"),
        ("x,X,,site,AA,one,1,,,own", "one"),
    ],
)
def test_a_row_at_fault_is_named(
    tmp_path: Path, shapes: overlay.Shapes, monkeypatch: pytest.MonkeyPatch, row: str, told: str
) -> None:
    """A fault in the overlay is told with table, place and value."""
    (tmp_path / "overlay_x.csv").write_text(f"{HEADER}{row}\n")
    monkeypatch.setattr(boundaries, "FOLDER", tmp_path)
    with pytest.raises(GazetteerError, match=told) as caught:
        list(overlay.read_overlay(tmp_path / "overlay_x.csv", shapes))
    assert "overlay_x.csv" in str(caught.value)


def test_an_overlay_row_becomes_a_place(
    tmp_path: Path, shapes: overlay.Shapes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names, abbreviations, countries and radius arrive; the id is ours; the point lies inside the extent."""
    (tmp_path / "overlay_x.csv").write_text(
        f"# note\n{HEADER}two,Twin Lands,The Twins;T.L.,region,AA;BB,,,,country:AA+BB,own\n"
    )
    monkeypatch.setattr(boundaries, "FOLDER", tmp_path)
    (found,) = overlay.read_overlay(tmp_path / "overlay_x.csv", shapes)
    assert (found.place.place_id, found.place.countries) == ("own:two", ("AA", "BB"))
    assert (found.names, found.codes) == (("Twin Lands", "The Twins"), ("T.L.",))
    assert (found.place.lat, found.place.lon) == (0.5, 1.0)
    assert found.geometry is not None


def test_words_are_added_by_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: Callable[..., Any]) -> None:
    """Spellings and demonyms of our own tables come to places of any source; a narrower place keeps its demonym."""
    (tmp_path / "spellings.csv").write_text("id,name,alternate_names,source\ngn:1,Shown,Newname;N.N.,own\n")
    (tmp_path / "demonyms.csv").write_text(
        "demonym,countries,ids,kind,source\nAlphan,AA;BB,admin1:AA.1,adjective,own\n"
    )
    monkeypatch.setattr(boundaries, "FOLDER", tmp_path)
    given = [entry(key, "X", "site", 0, 0) for key in ("gn:1", "country:AA", "country:BB", "admin1:AA.1")]
    town, wide, other, narrow = overlay.load_words().add_to(given)
    assert (town.names, town.codes) == (("Shown", "X", "Newname"), ("N.N.",))
    assert (wide.demonyms, other.demonyms, narrow.demonyms) == ((), ("Alphan",), ("Alphan",))


def test_country_points_are_complete_and_near(gazetteer: Any) -> None:
    """Every country of GeoNames has a point, in or near its polygon; no name of our table is written twice."""
    points, facts, shapes = countries.load_points(), countries.load_countries(), boundaries.countries()
    assert set(facts) - set(points) == {"CS", "AN"}
    for iso, point in points.items():
        assert len(set(point.names)) == len(point.names), iso
        if iso in shapes:
            reach = max(4.0, math.sqrt(shapes[iso].shape.area))
            assert shapes[iso].shape.distance(shapely.Point(point.lon, point.lat)) < reach, iso
    assert gazetteer.country("US").lat == 39.76
    assert all(gazetteer.get(point.capital) for point in points.values() if point.capital != "gn:")


def test_abbreviations_belong_to_areas() -> None:
    """Every row of the table names an area that there is, and every abbreviation looks like one."""
    areas = boundaries.admin1()
    for code, abbreviations in admin.load_abbreviations().items():
        assert code in areas, code
        assert all(abbreviation.strip() for abbreviation in abbreviations)


def test_tables_use_known_kinds() -> None:
    """Feature words and feature codes name kinds that there are."""
    assert all(feature.kinds <= KINDS.keys() for feature in queries.feature_words().values())
    assert all(feature.kind in KINDS or not feature.kind for feature in geonames.load_features().values())


@pytest.mark.parametrize(
    ("alternates", "kept"),
    [
        (["Mosul", "Al Mawsil", "OSM", "mwsl", "الموصل", "", "Mosul"], ["Mosul", "Al Mawsil", "الموصل"]),
        (["mo su er", "УФА"], ["Mosul", "УФА"]),
    ],
)
def test_machine_spellings_are_left_out(alternates: list[str], kept: list[str]) -> None:
    """Codes and lower-case transliterations by machine are no spellings of people."""
    assert list(towns.spellings_of("Mosul", alternates)) == kept


def test_towns_stream() -> None:
    """Towns are read one by one; the first is whole."""
    town = next(iter(towns.load_towns()))
    assert {"geonameid", "name", "latitude", "longitude", "countrycode", "alternatenames"} <= town.keys()


def test_airfields_have_points_and_names() -> None:
    """Airfields are found by name, without "International" too; a military one by what stands before its term."""
    fields = {found.place.place_id: found for found in airfields.read_airfields()}
    assert "Baghdad Airport" in fields["air:ORBI"].names
    assert "Al Taji" in fields["air:ORTI"].names
    assert all(abs(found.place.lat) <= 90 for found in fields.values())


@pytest.mark.parametrize("people", [-5, 0, 500, 10_000, 40_000_000])
def test_settlement_radius_is_sane(people: int) -> None:
    """A town reaches between half a kilometre and thirty."""
    assert 500 <= towns.settlement_radius(people) <= 30_000


def test_borders_touch_both() -> None:
    """A shared border lies on both outlines; squares that meet in a corner, or not at all, share none."""
    line = shared_border(_square(0, 0), _square(1, 0.5))
    assert line.length == pytest.approx(0.5)
    assert line.within(_square(0, 0).boundary.buffer(1e-9))
    assert shared_border(_square(0, 0), _square(1, 1)) is None
    assert shared_border(_square(0, 0), _square(5, 5)) is None


def test_borders_of_outlines_simplified_apart() -> None:
    """Neighbours whose outlines lie a little apart share a border all the same."""
    line = shared_border(_square(0, 0), _square(1.01, 0))
    assert line is not None
    assert line.length == pytest.approx(1.0, abs=0.1)
