"""Relational phrases become geometry, exact on the globe and honest about their width."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gazetteer.place import Place
from geo.relations import Frame, bearing_and_distance, destination, locate, place_located, shapes
from geo.toponyms import Relation

_SPEC = importlib.util.spec_from_file_location("relation_world", Path(__file__).with_name("relation_world.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
world = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = world
_SPEC.loader.exec_module(world)

WORLD = world.World()
AA, BB, CC, DD, EE = (world.country(code) for code in ("AA", "BB", "CC", "DD", "EE"))
TOWN = world.town("Alpha", 2.0, 2.0)

LATS = st.floats(-89.9, 89.9)
LONS = st.floats(-180, 180)
BEARINGS = st.floats(0, 359.9)
WINDS = st.sampled_from(shapes.COMPASS)


def say(relation: str, text: str = "", **said: Any) -> Relation:
    """A relation with these words."""
    return Relation(0, len(text), text or relation, relation, **said)


def metres(found: Any, lat: float, lon: float) -> float:
    """How far an answer's point lies from a point."""
    return bearing_and_distance(lat=found.lat, lon=found.lon, to_lat=lat, to_lon=lon)[1]


# --- the frame -----------------------------------------------------------------------------------------------------


@given(lat=LATS, lon=LONS, bearing=BEARINGS, distance=st.floats(1.0, 5e6))
def test_a_destination_lies_at_its_bearing_and_distance(
    lat: float, lon: float, bearing: float, distance: float
) -> None:
    """Going out and measuring back gives the bearing and the distance one went."""
    end_lat, end_lon = destination(lat=lat, lon=lon, bearing=bearing, metres=distance)
    back, measured = bearing_and_distance(lat=lat, lon=lon, to_lat=end_lat, to_lon=end_lon)
    assert measured == pytest.approx(distance, abs=0.01)
    assert abs((back - bearing + 180) % 360 - 180) < 0.01


@given(lat=LATS, lon=LONS, x=st.floats(-4e6, 4e6), y=st.floats(-4e6, 4e6))
def test_a_frame_gives_back_what_it_took(lat: float, lon: float, x: float, y: float) -> None:
    """Metres to degrees and back is the same point, at the poles and the antimeridian too."""
    frame = Frame(lat, lon)
    xs, ys = frame.to_metres(*frame.to_degrees([x], [y]))
    assert xs[0] == pytest.approx(x, abs=0.01)
    assert ys[0] == pytest.approx(y, abs=0.01)


@given(lat=st.floats(-90, 90), lon=LONS, radius=st.floats(10.0, 2e6))
@settings(max_examples=50)
def test_a_circle_is_valid_and_inside_the_world(lat: float, lon: float, radius: float) -> None:
    """Every circle is a valid area within the world's bounds, holds its centre, and is as large as it should be."""
    circle = shapes.circle(lat=lat, lon=lon, radius_m=radius)
    low_lon, low_lat, high_lon, high_lat = circle.bounds
    assert circle.is_valid
    assert low_lon >= -180
    assert high_lon <= 180
    assert low_lat >= -90
    assert high_lat <= 90
    assert circle.distance(shapely.Point(lon, lat)) < 1e-6
    assert Frame(lat, lon).flat(circle).area == pytest.approx(3.14 * radius**2, rel=0.03)


def test_a_circle_across_the_antimeridian_is_cut() -> None:
    """A circle at 180 degrees is two pieces that touch the edges of the map, not a band round the world."""
    circle = shapes.circle(lat=0, lon=180, radius_m=100_000)
    assert circle.geom_type == "MultiPolygon"
    assert circle.area < 4


def test_a_circle_round_a_pole_holds_every_longitude() -> None:
    """The disc round the pole is closed along the pole."""
    circle = shapes.circle(lat=89.5, lon=0, radius_m=200_000)
    assert all(circle.contains(shapely.Point(lon, 89.9)) for lon in (-170, -90, 1, 90, 170))


# --- distance ------------------------------------------------------------------------------------------------------


@given(lat=LATS, lon=LONS, wind=WINDS, distance=st.floats(100.0, 900_000.0))
def test_a_stated_distance_is_kept(lat: float, lon: float, wind: str, distance: float) -> None:
    """“30 km north-west of X” lies 30 km north-west of X, wherever X lies."""
    place = world.town("X", lat, lon)
    found = locate(say("distance", direction=wind, distance_m=distance), [place], gazetteer=WORLD)
    assert found is not None
    bearing, measured = bearing_and_distance(lat=lat, lon=lon, to_lat=found.lat, to_lon=found.lon)
    assert measured == pytest.approx(distance, abs=1)
    assert abs((bearing - shapes.bearing_of(wind) + 180) % 360 - 180) < 0.1
    assert found.geo_precision == "near"


def test_the_radius_grows_with_the_distance_and_shrinks_with_the_wind() -> None:
    """A far point is less sure than a near one, one of sixteen winds surer than one of eight, a drive least sure."""
    radius = {
        (wind, far): locate(say("distance", direction=wind, distance_m=far), [TOWN], gazetteer=WORLD).radius_m
        for wind in ("n", "nnw")
        for far in (10_000.0, 60_000.0)
    }
    drive = locate(say("distance", direction="n", travel_minutes=60.0), [TOWN], gazetteer=WORLD)
    assert radius["n", 10_000.0] < radius["n", 60_000.0] < drive.radius_m
    assert radius["nnw", 60_000.0] < radius["n", 60_000.0]


def test_a_walk_is_shorter_than_a_drive() -> None:
    """An hour's walk is some kilometres, an hour's drive some tens."""
    walk = locate(
        say("distance", "an hour's walk south of", direction="s", travel_minutes=60.0), [TOWN], gazetteer=WORLD
    )
    drive = locate(
        say("distance", "an hour's drive south of", direction="s", travel_minutes=60.0), [TOWN], gazetteer=WORLD
    )
    assert 3_000 < metres(walk, TOWN.lat, TOWN.lon) < 8_000
    assert 30_000 < metres(drive, TOWN.lat, TOWN.lon) < 90_000


def test_a_distance_without_direction_is_a_ring() -> None:
    """“30 km from X” keeps X's point and says that it may be 30 km off."""
    found = locate(say("distance", distance_m=30_000.0), [TOWN], gazetteer=WORLD)
    assert metres(found, TOWN.lat, TOWN.lon) == pytest.approx(0)
    assert found.radius_m >= 30_000


def test_a_direction_without_distance_leaves_the_place() -> None:
    """“North of X” lies north of it, beyond its edge, with a wide radius."""
    found = locate(say("distance", direction="n"), [TOWN], gazetteer=WORLD)
    assert found.lat > TOWN.lat
    assert metres(found, TOWN.lat, TOWN.lon) > TOWN.radius_m
    assert found.radius_m > 10_000


def test_distances_of_a_country_count_from_its_edge() -> None:
    """“100 km west of A” is outside A."""
    found = locate(say("distance", direction="w", distance_m=100_000.0), [AA], gazetteer=WORLD)
    assert found.lon == pytest.approx(-0.9, abs=0.1)


def test_without_a_place_there_is_no_answer() -> None:
    """Nothing is put anywhere by default: a phrase without places gives nothing."""
    for relation in ("distance", "near", "between", "road", "part", "border", "triborder", "off", "valley", "unheard"):
        assert locate(say(relation, direction="n", distance_m=1.0), [], gazetteer=WORLD) is None


# --- near, between, road -------------------------------------------------------------------------------------------


def test_near_widens_the_place() -> None:
    """“Near X” is X's point with a wider radius and its own precision."""
    found = locate(say("near"), [TOWN], gazetteer=WORLD)
    assert (found.lat, found.lon) == (TOWN.lat, TOWN.lon)
    assert found.radius_m > TOWN.radius_m
    assert found.geo_precision == "near"


def test_within_a_distance_is_that_radius() -> None:
    """“Within 5 km of X” is a circle of 5 km."""
    assert locate(say("near", distance_m=5_000.0), [TOWN], gazetteer=WORLD).radius_m == 5_000


def test_southern_outskirts_lie_south() -> None:
    """The southern outskirts lie south of the centre, about the town's radius away."""
    found = locate(say("near", direction="s"), [TOWN], gazetteer=WORLD)
    assert found.lat < TOWN.lat
    assert metres(found, TOWN.lat, TOWN.lon) == pytest.approx(TOWN.radius_m, rel=0.01)


@given(lat=LATS, lon=LONS, bearing=BEARINGS, distance=st.floats(2_000.0, 900_000.0))
def test_between_is_as_far_from_both(lat: float, lon: float, bearing: float, distance: float) -> None:
    """“Between X and Y” is as far from X as from Y, and nothing lies closer together than the two."""
    end = destination(lat=lat, lon=lon, bearing=bearing, metres=distance)
    found = locate(say("between"), [world.town("X", lat, lon), world.town("Y", *end)], gazetteer=WORLD)
    first, second = metres(found, lat, lon), metres(found, *end)
    assert first == pytest.approx(second, abs=1)
    assert first + second == pytest.approx(distance, rel=1e-6)
    assert found.radius_m < distance


def test_halfway_is_surer_than_between() -> None:
    """“Halfway between” leaves a smaller radius than "between"."""
    ends = [TOWN, world.town("Beta", 3.0, 3.0)]
    halfway = locate(say("between", "halfway between X and Y"), ends, gazetteer=WORLD)
    assert halfway.radius_m < locate(say("between", "between X and Y"), ends, gazetteer=WORLD).radius_m


def test_a_road_is_a_line_from_end_to_end() -> None:
    """“On the X-Y road” is a line that begins at X and ends at Y; its point is the middle."""
    end = world.town("Beta", 3.0, 3.0)
    found = locate(say("road"), [TOWN, end], gazetteer=WORLD)
    assert found.geometry.geom_type == "LineString"
    assert found.geometry.distance(shapely.Point(TOWN.lon, TOWN.lat)) < 1e-9
    assert found.geometry.distance(shapely.Point(end.lon, end.lat)) < 1e-6
    assert found.geometry.distance(shapely.Point(found.lon, found.lat)) < 1e-3


def test_a_road_to_one_place_is_its_surroundings() -> None:
    """“On the road to X” is near X, with a wide radius."""
    assert locate(say("road"), [TOWN], gazetteer=WORLD).radius_m >= 20_000


def test_between_two_countries_is_no_place() -> None:
    """What goes on between two countries is talk or war; between two areas that touch lies their border."""
    assert locate(say("between"), [AA, BB], gazetteer=WORLD) is None
    strip = Place("own:strip", "Strip", "region", 0.5, 3.5, ("AA",))
    gazetteer = world.World(extra={"own:strip": shapely.box(3, 0, 4, 1)})
    assert locate(say("between"), [strip, BB], gazetteer=gazetteer).geo_precision == "border"


def test_a_road_is_in_the_country_of_its_ends() -> None:
    """A straight line that cuts a corner of another country does not move the road there."""
    ends = [world.town("X", 1.0, 3.5), world.town("Y", 1.0, 4.9)]
    assert locate(say("road"), ends, gazetteer=WORLD).countries == ("AA",)


def test_a_point_at_sea_keeps_the_country_it_is_told_from() -> None:
    """60 km off one coast, near to another, still belongs to the coast the phrase names."""
    port = world.town("Port", 2.0, 0.0)
    assert locate(say("distance", direction="w", distance_m=60_000.0), [port], gazetteer=WORLD).countries == ("AA",)


# --- part ----------------------------------------------------------------------------------------------------------


@given(place=st.sampled_from([AA, BB, CC, DD, EE]), direction=st.sampled_from([*shapes.COMPASS, "centre"]))
@settings(max_examples=60, deadline=None)
def test_a_part_lies_inside_and_on_its_side(place: Place, direction: str) -> None:
    """“Eastern X” is inside X and east of its centroid; so for every wind, at the antimeridian and round a pole."""
    found = locate(say("part", direction=direction), [place], gazetteer=WORLD)
    whole = WORLD.geometry(place.place_id)
    assert found.geometry.difference(whole.buffer(0.02)).is_empty
    assert whole.buffer(0.01).intersects(shapely.Point(found.lon, found.lat))
    frame, land = shapes.centred(whole)
    xs, ys = frame.to_metres([found.lat], [found.lon])
    bearing = shapes.bearing_of(direction)
    if bearing is None:
        assert (xs[0] ** 2 + ys[0] ** 2) ** 0.5 <= shapes.mean_radius(land)
    else:
        seen = bearing_and_distance(lat=frame.lat, lon=frame.lon, to_lat=found.lat, to_lon=found.lon)[0]
        assert abs((seen - bearing + 180) % 360 - 180) <= shapes.PART_HALF_ANGLE + 1


@given(corners=st.lists(st.tuples(st.floats(-20, 20), st.floats(-20, 20)), min_size=3, max_size=12), wind=WINDS)
@settings(max_examples=60, deadline=None)
def test_a_part_of_any_outline_is_a_part(corners: list[tuple[float, float]], wind: str) -> None:
    """Whatever the outline, its part is not empty, lies inside, and holds its point."""
    hull = shapely.MultiPoint(corners).convex_hull
    assume(hull.geom_type == "Polygon" and hull.area > 0.01)
    place = Place("own:any", "Any", "region", hull.centroid.y, hull.centroid.x)
    found = locate(say("part", direction=wind), [place], gazetteer=world.World(extra={"own:any": hull}))
    assert not found.geometry.is_empty
    assert found.geometry.difference(hull.buffer(0.02)).is_empty
    assert found.geometry.buffer(0.02).intersects(shapely.Point(found.lon, found.lat))


def test_a_part_leans_towards_its_towns() -> None:
    """Where people live in the east draws the point of "eastern X" there."""
    towns = tuple(world.town(f"t{i}", 3.2 + i / 50, 3.4, population=200_000) for i in range(8))
    empty = locate(say("part", direction="e"), [AA], gazetteer=WORLD)
    peopled = locate(say("part", direction="e"), [AA], gazetteer=world.World(towns))
    assert peopled.lat > empty.lat
    assert peopled.geometry.equals(empty.geometry)


def test_the_north_of_the_country_is_of_the_text_s_country() -> None:
    """“The north of the country” takes the first country of the context."""
    found = locate(say("part", direction="n"), [], gazetteer=WORLD, countries=("BB", "AA"))
    assert found.countries == ("BB",)
    assert found.lat > 2
    assert found.lon > 4


def test_a_part_of_a_town_is_in_the_town() -> None:
    """“Eastern Alpha” is within the town and of a settlement's precision."""
    found = locate(say("part", direction="e"), [TOWN], gazetteer=WORLD)
    assert found.lon > TOWN.lon
    assert metres(found, TOWN.lat, TOWN.lon) < TOWN.radius_m
    assert found.geo_precision == "settlement"


def test_far_islands_do_not_move_the_centre() -> None:
    """A small piece an ocean away does not count when the middle of a country is sought."""
    land = shapely.box(0, 0, 4, 4)
    frame, flat = shapes.centred(shapely.MultiPolygon([land, shapely.box(60, 0, 60.5, 0.5)]))
    assert frame.lon == pytest.approx(2, abs=0.05)
    assert flat.geom_type == "Polygon"


# --- borders -------------------------------------------------------------------------------------------------------


def test_a_border_touches_both_sides() -> None:
    """The border of two countries is a line that lies on both, in both their names, whatever the order."""
    found = locate(say("border"), [AA, BB], gazetteer=WORLD)
    assert found.geo_precision == "border"
    assert set(found.countries) == {"AA", "BB"}
    assert "LineString" in found.geometry.geom_type
    assert all(found.geometry.distance(world.SQUARES[code]) < 1e-9 for code in ("AA", "BB"))
    assert found.geometry.distance(shapely.Point(found.lon, found.lat)) < 1e-6
    assert found.lat == pytest.approx(2, abs=0.1)
    assert locate(say("border"), [BB, AA], gazetteer=WORLD).geometry.equals(found.geometry)


def test_districts_of_one_province_meet_midway() -> None:
    """The boundary of two districts whose line is not known lies between them, not on the province's outline."""
    east, west = (replace(world.town(name, 2.0, lon), admin1_code="AA.1") for name, lon in (("E", 2.4), ("W", 2.0)))
    found = locate(say("border"), [east, west], gazetteer=WORLD)
    assert found is not None
    assert (found.geo_precision, found.lat, found.lon) == ("near", pytest.approx(2, abs=0.01), pytest.approx(2.2))
    elsewhere = replace(west, admin1_code="AA.2")
    assert locate(say("border"), [east, elsewhere], gazetteer=WORLD) is None


def test_the_other_side_comes_from_the_context() -> None:
    """“The border with B” in a report about C and A is B's line with the first of them that touches it."""
    found = locate(say("border"), [BB], gazetteer=WORLD, countries=("DD", "CC", "AA"))
    assert set(found.countries) == {"BB", "CC"}


def test_without_context_a_border_is_the_whole_land_border() -> None:
    """“B's border” alone is all its land border, or its side in the direction named."""
    whole = locate(say("border"), [BB], gazetteer=WORLD)
    north = locate(say("border", direction="n"), [BB], gazetteer=WORLD)
    assert shapes.length_m(north.geometry) < shapes.length_m(whole.geometry)
    assert north.lat == pytest.approx(4, abs=0.01)


def test_countries_that_do_not_touch_have_no_border() -> None:
    """No line is made up between countries that are no neighbours."""
    assert locate(say("border"), [AA, DD], gazetteer=WORLD) is None


def test_a_line_of_the_gazetteer_is_that_line() -> None:
    """A place that is itself a border is drawn as its line."""
    line = shapely.LineString([(1, 1), (2, 2)])
    place = Place("own:line", "The Line", "border", 1.5, 1.5, ("AA", "BB"))
    found = locate(say("border"), [place], gazetteer=world.World(extra={"own:line": line}))
    assert found.geometry.equals(line)
    assert found.geo_precision == "border"


def test_a_line_with_a_name_is_found_by_it() -> None:
    """A named line that no toponym stands for is looked up by the words of the phrase."""
    found = locate(say("border", "across the Line of Control"), [], gazetteer=WORLD)
    assert found.geo_precision == "border"
    assert found.countries == ("AA", "BB")
    assert locate(say("border", "across the blue fence"), [], gazetteer=WORLD) is None


def test_a_border_of_the_two_countries_named_before() -> None:
    """“Their common border” is of the nearest two of the context that touch, nothing where none do."""
    found = locate(say("border", "their common border"), [], gazetteer=WORLD, countries=("DD", "AA", "BB"))
    assert set(found.countries) == {"AA", "BB"}
    assert locate(say("border", "their common border"), [], gazetteer=WORLD, countries=("DD", "AA")) is None


def test_a_town_stands_for_its_province_at_a_border() -> None:
    """A border has areas on its sides: of a town its first-order area is meant."""
    town = Place("gn:1", "Town", "settlement", 0.5, 3.5, ("AA",), admin1_code="AA.01")
    gazetteer = world.World(extra={"admin1:AA.01": shapely.box(3, 0, 4, 1)})
    assert locate(say("border"), [town, BB], gazetteer=gazetteer).lat == pytest.approx(0.5, abs=0.1)


def test_an_area_that_is_no_country_has_borders_too() -> None:
    """The border of a strip with a country is where they touch, named or from the context; alone it is its outline."""
    strip = Place("own:strip", "Strip", "region", 0.5, 3.5, ("AA",))
    gazetteer = world.World(extra={"own:strip": shapely.box(3, 0, 4, 1)})
    named = locate(say("border"), [strip, BB], gazetteer=gazetteer)
    context = locate(say("border"), [strip], gazetteer=gazetteer, countries=("AA", "BB"))
    alone = locate(say("border"), [strip], gazetteer=gazetteer)
    assert named.geometry.equals(context.geometry)
    assert named.lon == pytest.approx(4, abs=0.01)
    assert shapes.length_m(alone.geometry) > 3 * shapes.length_m(named.geometry)


def test_three_countries_meet_in_a_point() -> None:
    """A tri-border area lies where the three meet; with two named, the third comes from the context."""
    three = locate(say("triborder"), [AA, BB, CC], gazetteer=WORLD)
    two = locate(say("triborder"), [AA, BB], gazetteer=WORLD, countries=("DD", "CC"))
    for found in (three, two):
        assert metres(found, 4, 4) < 100
        assert set(found.countries) == {"AA", "BB", "CC"}
        assert found.geometry.distance(shapely.Point(4, 4)) < 1e-6


def test_a_stated_distance_from_a_border_widens_it() -> None:
    """“500 km from the border” is the line with at least that radius."""
    assert locate(say("border", distance_m=500_000.0), [AA, BB], gazetteer=WORLD).radius_m >= 500_000


# --- water ---------------------------------------------------------------------------------------------------------


def test_off_the_coast_is_water_before_the_place() -> None:
    """Off a coastal town lies no land, near the town, with the sea's precision."""
    port = world.town("Port", 2.0, 0.02)
    found = locate(say("off"), [port], gazetteer=WORLD)
    assert found.geo_precision == "sea"
    assert found.lon < 0
    assert 3_000 < metres(found, port.lat, port.lon) < 40_000
    assert not any(found.geometry.buffer(-0.01).intersects(square) for square in world.SQUARES.values())


def test_off_a_country_in_a_sea_is_in_that_sea() -> None:
    """Of all water round a country only that of the named sea counts."""
    sea = Place("own:sea", "South Sea", "sea", -1.0, 2.0)
    gazetteer = world.World(extra={"own:sea": shapely.box(-10, -10, 10, -0.01)})
    found = locate(say("off"), [sea, AA], gazetteer=gazetteer)
    assert found.lat < 0
    assert 0 < found.lon < 4


def test_a_stated_distance_off_a_coast_is_kept() -> None:
    """“100 km off A's southern coast” is about 100 km from land, on that side."""
    found = locate(say("off", direction="s", distance_m=100_000.0), [AA], gazetteer=WORLD)
    assert found.lat == pytest.approx(-0.9, abs=0.15)


def test_off_an_inland_town_is_near_it() -> None:
    """Where there is no water, the phrase means nearness."""
    assert locate(say("off"), [TOWN], gazetteer=WORLD).geo_precision == "near"


def test_a_valley_near_a_town_is_the_stretch_of_the_river() -> None:
    """Of a long river only what is near the town remains."""
    river = Place("own:river", "Long", "river", 2.0, 4.0, ("AA", "BB"))
    gazetteer = world.World(extra={"own:river": shapely.LineString([(0, 2.1), (8, 2.1)])})
    found = locate(say("valley"), [river, TOWN], gazetteer=gazetteer)
    assert found.lat == pytest.approx(2.1)
    assert found.lon == pytest.approx(2.0, abs=0.01)
    assert shapes.length_m(found.geometry) < 100_000


# --- bare places ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "precision"),
    [("settlement", "settlement"), ("airfield", "site"), ("country", "country"), ("admin1", "admin1"), ("sea", "sea"),
     ("region", "region"), ("river", "region"), ("border", "border"), ("admin2", "admin2")],
)  # fmt: skip
def test_a_bare_place_has_the_precision_of_its_kind(kind: str, precision: str) -> None:
    """Every kind of place has its precision and a radius above zero; a place without outline is a point."""
    found = place_located(Place("own:x", "X", kind, 1.0, 2.0, ("AA",)), gazetteer=WORLD)
    assert found.geo_precision == precision
    assert found.radius_m > 0
    assert found.geometry.equals(shapely.Point(2.0, 1.0))


def test_a_country_is_its_outline_at_its_own_point() -> None:
    """A country keeps the gazetteer's point and gets its outline."""
    found = place_located(AA, gazetteer=WORLD)
    assert found.geometry.equals(world.SQUARES["AA"])
    assert (found.lat, found.lon) == (AA.lat, AA.lon)
