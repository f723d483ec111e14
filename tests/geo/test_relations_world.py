"""Phrases of news on the real gazetteer: each in one call from words to a place on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely

from geo import toponyms
from geo.relations import Frame, bearing_and_distance, locate, shapes
from geo.toponyms import Toponym

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer
    from geo.relations import Located


def one(gazetteer: Gazetteer, phrase: str, *names: str, countries: tuple[str, ...] = ()) -> Located:
    """The located phrase; `names` are its toponyms in order."""
    spans = [Toponym(phrase.index(name), phrase.index(name) + len(name), name) for name in names]
    relation = toponyms.relations(phrase, spans)[0]
    places = [gazetteer.find(phrase[start:end], country=countries or None)[0].place for start, end in relation.toponyms]
    found = locate(relation, places, gazetteer=gazetteer, countries=countries)
    assert found is not None
    return found


def km(found: Located, lat: float, lon: float) -> float:
    """From the answer's point to a point."""
    return bearing_and_distance(lat=found.lat, lon=found.lon, to_lat=lat, to_lon=lon)[1] / 1e3


@pytest.mark.parametrize(
    ("phrase", "names", "context", "sides"),
    [
        ("the Syria-Iraq border", ("Syria", "Iraq"), (), ("SY", "IQ")),
        ("the border between Niger and Mali", ("Niger", "Mali"), (), ("NE", "ML")),
        ("close to the border with Slovakia", ("Slovakia",), ("PL",), ("SK", "PL")),
        ("near the Turkish border", ("Turkish",), ("SY",), ("TR", "SY")),
        ("the Iraqi-Syrian border", ("Iraqi", "Syrian"), (), ("IQ", "SY")),
        ("Pakistan's border with Afghanistan", ("Pakistan", "Afghanistan"), (), ("PK", "AF")),
        ("the US-Mexico border", ("US", "Mexico"), (), ("US", "MX")),
        ("along the Russia-Poland border", ("Russia", "Poland"), (), ("RU", "PL")),
    ],
)
def test_a_border_lies_on_both_countries(
    gazetteer: Gazetteer, phrase: str, names: tuple[str, ...], context: tuple[str, ...], sides: tuple[str, ...]
) -> None:
    """A border phrase gives a line that touches both countries, its point on the line, never at a country's centre."""
    found = one(gazetteer, phrase, *names, countries=context)
    assert found.geo_precision == "border"
    assert set(found.countries) == set(sides)
    assert all(found.geometry.distance(gazetteer.geometry(f"country:{code}")) < 0.03 for code in sides)
    assert found.geometry.distance(shapely.Point(found.lon, found.lat)) < 1e-3


def test_a_tri_border_area_lies_where_three_meet(gazetteer: Gazetteer) -> None:
    """Mali, Niger and Burkina Faso meet near 15 north, 0 east."""
    found = one(gazetteer, "the tri-border area of Mali, Niger and Burkina Faso", "Mali", "Niger", "Burkina Faso")
    assert km(found, 14.98, 0.23) < 30
    assert set(found.countries) == {"ML", "NE", "BF"}


@pytest.mark.parametrize(
    ("phrase", "names", "country", "point", "within_km"),
    [
        ("30 km (19 miles) north-west of Erbil", ("Erbil",), "IQ", (36.38, 43.77), 6),
        ("about 31 kilometres (19 mi) NW of Erbil", ("Erbil",), "IQ", (36.39, 43.76), 6),
        ("an hour's drive south of Baghdad", ("Baghdad",), "IQ", (32.9, 44.4), 30),
        ("in eastern Syria", ("Syria",), "SY", (35.2, 40.2), 110),
        ("north-eastern Nigeria", ("Nigeria",), "NG", (11.5, 12.0), 200),
        ("in western Germany", ("Germany",), "DE", (50.8, 7.2), 100),
        ("between Kirkuk and Tikrit", ("Kirkuk", "Tikrit"), "IQ", (35.03, 44.03), 10),
        ("on the Baghdad-Mosul highway", ("Baghdad", "Mosul"), "IQ", (34.84, 43.76), 30),
        ("off the coast of Hodeidah", ("Hodeidah",), "YE", (14.8, 42.8), 60),
        ("in the Red Sea off Yemen", ("Red Sea", "Yemen"), "YE", (14.8, 42.6), 150),
        ("in the southern Gaza Strip", ("Gaza Strip",), "PS", (31.3, 34.3), 12),
        ("in the Euphrates valley near Mayadin", ("Euphrates", "Mayadin"), "SY", (35.0, 40.45), 15),
        ("in eastern Russia", ("Russia",), "RU", (58, 140), 1800),
        ("in northern Fiji", ("Fiji",), "FJ", (-16.6, 179.2), 150),
    ],
)
def test_a_phrase_lies_where_an_analyst_would_put_it(
    gazetteer: Gazetteer,
    phrase: str,
    names: tuple[str, ...],
    country: str,
    point: tuple[float, float],
    within_km: float,
) -> None:
    """The point is near to where a careful reader would put it, and that lies within about the stated radius."""
    found = one(gazetteer, phrase, *names, countries=(country,))
    assert km(found, *point) <= within_km
    assert found.radius_m >= 1_000
    assert country in found.countries


@pytest.mark.parametrize("wind", ["northern", "eastern", "southern", "western", "north-eastern", "central"])
@pytest.mark.parametrize("name", ["Russia", "Fiji", "United States", "Antarctica", "New Zealand", "Chile", "Indonesia"])
def test_parts_of_awkward_countries_lie_inside(gazetteer: Gazetteer, name: str, wind: str) -> None:
    """Across the antimeridian, round the pole, in long and scattered countries, a part lies inside and is valid."""
    found = one(gazetteer, f"in {wind} {name}", name)
    whole = gazetteer.geometry(gazetteer.find(name, kind="country")[0].place.place_id)
    assert found.geometry.is_valid
    assert found.geometry.difference(whole.buffer(0.05)).is_empty
    assert found.geometry.buffer(0.05).intersects(shapely.Point(found.lon, found.lat))
    frame, _ = shapes.centred(whole)
    xs, ys = frame.to_metres([found.lat], [found.lon])
    turned = {
        "northern": ys[0],
        "eastern": xs[0],
        "southern": -ys[0],
        "western": -xs[0],
        "north-eastern": xs[0] + ys[0],
    }
    assert turned.get(wind, 1) > 0


def test_off_a_coast_is_no_land(gazetteer: Gazetteer) -> None:
    """What lies off a coast lies in no country's polygon."""
    found = one(gazetteer, "off the coast of Hodeidah", "Hodeidah", countries=("YE",))
    frame = Frame(found.lat, found.lon)
    assert frame.flat(gazetteer.geometry("country:YE")).distance(shapely.Point(0, 0)) > 500
    assert found.geo_precision == "sea"
