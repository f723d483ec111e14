"""The phrases of one text help each other: nearest countries, clues to one place, areas named beside them."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.place import Place
from geo.relations import bearing_and_distance, destination, locate_all
from geo.toponyms import Toponym, relations

if TYPE_CHECKING:
    from geo.relations import Located

_SPEC = importlib.util.spec_from_file_location("relation_world", Path(__file__).with_name("relation_world.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
world = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = world
_SPEC.loader.exec_module(world)

AA, BB, CC = (world.country(code) for code in ("AA", "BB", "CC"))
ALPHA, BETA = world.town("Alpha", 2.0, 2.0), world.town("Beta", 2.3, 2.3)
PLACES = {"Aland": AA, "Bland": BB, "Cland": CC, "Alpha": ALPHA, "Beta": BETA}


def read(text: str, *, gazetteer: Any = None, extra: dict[str, Place] | None = None) -> list[Located | None]:
    """Every phrase of a text, located."""
    known = PLACES | (extra or {})
    spans = {
        match.span(): known[match.group()]
        for match in re.finditer("|".join(sorted(map(re.escape, known), key=len, reverse=True)), text)
    }
    toponyms = [Toponym(*span, text[span[0] : span[1]]) for span in spans]
    return locate_all(text, relations(text, toponyms), spans, gazetteer=gazetteer or world.World())


def apart(one: Located, lat: float, lon: float) -> float:
    """Metres between an answer and a point."""
    return bearing_and_distance(lat=one.lat, lon=one.lon, to_lat=lat, to_lon=lon)[1]


def test_the_nearest_country_is_the_other_side() -> None:
    """“The border with B” leans on the country named nearest, in its own sentence first."""
    found = read("Cland mourned. Troops of Aland stand close to the border with Bland. Cland watches.")
    assert found[0] is not None
    assert set(found[0].countries) == {"AA", "BB"}


def test_a_river_of_several_countries_says_less_than_a_country() -> None:
    """A place that lies in several countries decides the other side only where nothing else does."""
    river = Place("own:r", "Long River", "river", 4.0, 4.0, ("AA", "CC"))
    found = read("In Cland, on the Long River close to the border with Bland", extra={"Long River": river})
    assert set(found[-1].countries) == {"CC", "BB"}


def test_two_distances_of_one_place_meet() -> None:
    """Two phrases side by side are clues to one place: it lies nearer to the truth, and surer, than by either alone."""
    truth = destination(lat=2.0, lon=2.0, bearing=30.0, metres=30_000)
    gamma = world.town("Gamma", *destination(lat=truth[0], lon=truth[1], bearing=180.0, metres=10_000))
    both = read("It lies 30 km north-east of Alpha and 10 km north of Gamma.", extra={"Gamma": gamma})
    alone = read("It lies 30 km north-east of Alpha.")
    assert apart(both[0], *truth) < apart(alone[0], *truth)
    assert both[0].radius_m < alone[0].radius_m
    assert (both[0].lat, both[0].lon) == (both[1].lat, both[1].lon)


def test_phrases_that_contradict_stay_apart() -> None:
    """Two phrases that cannot mean one place do not pull at each other."""
    found = read("It struck 5 km south of Alpha and 5 km north of Beta.")
    assert found[0].lat < ALPHA.lat
    assert found[1].lat > BETA.lat


def test_a_known_town_draws_the_point() -> None:
    """Where a town lies about where the phrase points, the point leans towards it, and keeps within the radius."""
    spot = destination(lat=2.0, lon=2.0, bearing=5.0, metres=20_500)
    town = world.town("Hidden", *spot, population=50_000)
    without = read("a blast 20 km north of Alpha")[0]
    with_town = read("a blast 20 km north of Alpha", gazetteer=world.World((town,)))[0]
    assert apart(with_town, *spot) < apart(without, *spot)


@given(metres=st.integers(2, 300), wind=st.sampled_from(["north", "south-east", "west", "north-northwest"]))
@settings(max_examples=25, deadline=None)
def test_without_towns_the_stated_distance_holds(metres: int, wind: str) -> None:
    """On empty ground the point stays where the phrase says, within a seventh of the distance."""
    found = read(f"a blast {metres} km {wind} of Alpha")[0]
    _, measured = bearing_and_distance(lat=2.0, lon=2.0, to_lat=found.lat, to_lon=found.lon)
    assert measured == pytest.approx(metres * 1000, rel=0.15, abs=500)
    assert found.geometry.equals(shapely.Point(found.lon, found.lat))
    assert found.radius_m < 0.7 * measured + 3_000


def test_a_part_narrows_to_the_area_beside_it() -> None:
    """“In Corner, in eastern A” has its point in Corner; the part keeps its shape."""
    corner = Place("own:c", "Corner", "admin1", 3.5, 3.5, ("AA",), radius_m=50_000.0)
    gazetteer = world.World(extra={"own:c": shapely.box(3, 3, 4, 4)})
    found = read("a raid in Corner, in eastern Aland", gazetteer=gazetteer, extra={"Corner": corner})[0]
    plain = read("a raid in eastern Aland", gazetteer=gazetteer)[0]
    assert shapely.box(3, 3, 4, 4).intersects(shapely.Point(found.lon, found.lat))
    assert found.geometry.equals(plain.geometry)
    assert found.radius_m < plain.radius_m


@pytest.mark.parametrize(
    "text", ["in Corner and in eastern Aland", "from Corner to eastern Aland", "in Corner; in eastern Aland"]
)
def test_another_place_does_not_narrow(text: str) -> None:
    """An area named as another place leaves the part alone."""
    corner = Place("own:c", "Corner", "admin1", 3.5, 3.5, ("AA",), radius_m=50_000.0)
    gazetteer = world.World(extra={"own:c": shapely.box(3, 3, 4, 4)})
    found = read(text, gazetteer=gazetteer, extra={"Corner": corner})[-1]
    plain = read("in eastern Aland", gazetteer=gazetteer)[0]
    assert (found.lat, found.lon) == (plain.lat, plain.lon)


def test_an_area_elsewhere_does_not_narrow() -> None:
    """An area that has nothing in common with the part leaves it alone."""
    west = Place("own:w", "Westend", "admin1", 0.5, 0.5, ("AA",), radius_m=50_000.0)
    gazetteer = world.World(extra={"own:w": shapely.box(0, 0, 1, 1)})
    found = read("in Westend, in eastern Aland", gazetteer=gazetteer, extra={"Westend": west})[-1]
    assert found.lon > 2.5


def test_a_border_near_a_town_has_its_point_near_the_town() -> None:
    """“In Gamma, near the border with B”: the point of the line is the one nearest to Gamma."""
    gamma = world.town("Gamma", 0.5, 3.9)
    found = read("In Aland a shell hit Gamma, near the border with Bland", extra={"Gamma": gamma})[-1]
    assert found.geo_precision == "border"
    assert found.lat == pytest.approx(0.5, abs=0.1)
    assert found.geometry.distance(shapely.Point(found.lon, found.lat)) < 1e-4


def test_a_phrase_whose_place_was_not_found_has_no_answer() -> None:
    """A distance from an unknown place points nowhere; nothing stands in for it."""
    text = "a blast 20 km north of Nowhere"
    toponyms = [Toponym(text.index("Nowhere"), len(text), "Nowhere")]
    assert locate_all(text, relations(text, toponyms), {}, gazetteer=world.World()) == [None]


def test_no_phrases_give_no_answers() -> None:
    """A text without phrases is no error."""
    assert locate_all("", [], {}, gazetteer=world.World()) == []


class Namesakes(world.World):
    """A world in which names have several bearers."""

    def find(self, name: str, *, near: tuple[float, float] | None = None, **_: Any) -> list[Any]:
        """All places of that name, the largest first, or the nearest."""
        found = [town for town in self.settlements if town.name == name]
        if near:
            found.sort(key=lambda t: bearing_and_distance(lat=near[0], lon=near[1], to_lat=t.lat, to_lon=t.lon)[1])
        else:
            found.sort(key=lambda t: -t.population)
        return [SimpleNamespace(place=town) for town in found]


def test_the_ends_of_a_road_are_near_each_other() -> None:
    """Where one end was taken for a namesake a continent away, the pair that lies together is meant."""
    home, away = world.town("Weston", 2.5, 2.0), world.town("Weston", 0.0, -176.5, "DD", 900_000)
    gazetteer = Namesakes((ALPHA, home, away))
    found = read("on the road between Weston and Alpha", gazetteer=gazetteer, extra={"Weston": away})[0]
    assert apart(found, 2.25, 2.0) < 20_000


def test_a_name_left_open_is_looked_up_where_the_phrase_needs_it() -> None:
    """A name in “20 km north of” is a place: it is looked up, but nothing is guessed among equals."""
    text = "a blast 20 km north of Gamma"
    toponyms = [Toponym(text.index("Gamma"), len(text), "Gamma")]
    one, two = world.town("Gamma", 1.0, 1.0), world.town("Gamma", 3.0, 7.0, "BB")
    clear = locate_all(text, relations(text, toponyms), {}, gazetteer=Namesakes((one,)))
    open_ = locate_all(text, relations(text, toponyms), {}, gazetteer=Namesakes((one, two)))
    helped = locate_all(text, relations(text, toponyms), {}, gazetteer=Namesakes((one, two)), countries=("BB",))
    assert clear[0] is not None
    assert open_ == [None]
    assert helped[0] is not None
    assert helped[0].lon > 6


def test_a_distance_counts_from_the_town_not_its_province() -> None:
    """“50 km north of Delta” starts at the town of Delta, though the name was taken for its province."""
    province = Place("own:d", "Delta", "admin1", 3.0, 3.0, ("AA",), radius_m=100_000.0)
    capital = world.town("Delta", 2.5, 2.5)
    found = read("a raid 50 km north of Delta", gazetteer=Namesakes((capital,)), extra={"Delta": province})[0]
    assert apart(found, *destination(lat=2.5, lon=2.5, bearing=0, metres=50_000)) < 8_000
