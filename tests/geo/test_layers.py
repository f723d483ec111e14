"""Incidents grouped into what is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box

from geo import schema
from geo.layers import layers, select
from geo.layers.payload import payload

if TYPE_CHECKING:
    import geopandas as gpd


def row(**values: Any) -> dict[str, Any]:
    """An incident on one day in one town, with what the test sets otherwise."""
    town = {"geometry": Point(44.4, 33.3), "geo_precision": "settlement", "place": "Town", "radius_m": 5000.0}
    day = {"date_start": "2021-06-27", "date_end": "2021-06-27", "date_precision": "day"}
    return {"event_type": "Protests", "country": ["IQ"], **town, **day, **values}


def table(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    """An incident table."""
    return schema.from_records(rows)


def test_incidents_at_one_place_are_one_mark() -> None:
    """One circle a place: three incidents in two towns make two marks that count them."""
    drawn = layers(table(row(), row(event_type="Riots"), row(geometry=Point(40, 35), place="Other")))
    assert drawn.marks["count"].tolist() == [2, 1]
    assert drawn.marks["name"].tolist() == ["Town", "Other"]
    assert drawn.incidents["mark"].tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("precision", "geometry", "draw"),
    [
        ("settlement", Point(1, 1), "dot"),
        ("site", Point(1, 1), "dot"),
        ("near", Point(1, 1), "ring"),
        ("near", box(0, 0, 1, 1), "ring"),
        ("near", LineString([(0, 0), (1, 1)]), "line"),
        ("admin1", box(0, 0, 1, 1), "area"),
        ("admin1", Point(1, 1), "ring"),
        ("region", LineString([(0, 0), (1, 1)]), "line"),
        ("border", LineString([(0, 0), (1, 1)]), "line"),
        ("border", Point(1, 1), "ring"),
        ("country", box(0, 0, 9, 9), "badge"),
        ("sea", box(0, 0, 9, 9), "area"),
    ],
)
def test_how_a_place_is_drawn_says_how_well_it_is_known(precision: str, geometry: Any, draw: str) -> None:
    """A country is never a dot, an area without a polygon is a circle, a border is a line where there is one."""
    drawn = layers(table(row(geometry=geometry, geo_precision=precision)))
    assert drawn.marks["draw"].tolist() == [draw]
    assert (drawn.marks["geometry"][0] is not None) == (draw in ("area", "line"))


def test_imported_point_of_unknown_precision_with_a_wide_radius_is_a_circle() -> None:
    """A point that is known to 30 km is no dot, whatever file it came from."""
    drawn = layers(table(row(geo_precision="", radius_m=30_000), row(geo_precision="", radius_m=None)))
    assert drawn.marks["draw"].tolist() == ["ring", "dot"]


def test_what_has_no_place_or_date_is_counted_and_drawn_nowhere() -> None:
    """The unlocated get no mark and no default point; the undated stand last."""
    drawn = layers(table(row(date_start=None, date_end=None), row(geometry=None, place="")))
    assert (drawn.undated, drawn.unlocated) == (1, 1)
    assert drawn.incidents["mark"].tolist() == [-1, 0]
    assert drawn.incidents["dated"].tolist() == [True, False]


def test_empty_table_draws_nothing() -> None:
    """No incidents: no marks, and no error."""
    drawn = layers(schema.empty())
    assert (len(drawn.marks), len(drawn.incidents), drawn.undated, drawn.unlocated) == (0, 0, 0, 0)


def test_table_with_fewer_columns_is_read() -> None:
    """A file made elsewhere with a point and a day is enough."""
    frame = pd.DataFrame({"lat": [33.3], "lon": [44.4], "date_start": ["2021-06-27"], "date_end": ["2021-06-27"]})
    assert layers(frame).marks["draw"].tolist() == ["dot"]


def test_places_mentioned_are_a_layer_of_their_own() -> None:
    """Places come most often named first; one without a point is left out."""
    places = pd.DataFrame({"name": ["A", "B", "C"], "kind": "settlement", "lat": [1, 2, None], "lon": [1, 2, None]})
    drawn = layers(schema.empty(), places.assign(count=[None, "4", 9]))
    assert drawn.mentions["name"].tolist() == ["B", "A"]
    assert drawn.mentions["count"].tolist() == [4, 1]


@settings(deadline=None)  # geopandas takes its time on a busy machine
@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.booleans(), st.booleans()), max_size=12))
def test_every_incident_is_drawn_once_or_counted(found: list[tuple[int, int, bool, bool]]) -> None:
    """Law: counts of all marks and the unlocated together are the incidents, whatever is missing."""
    rows = [
        row(geometry=Point(x, y) if located else None, date_start=day, date_end=day)
        for x, y, located, dated in found
        for day in ["2021-01-01" if dated else None]
    ]
    drawn = layers(table(*rows))
    assert drawn.marks["count"].sum() + drawn.unlocated == len(rows)
    assert drawn.undated == sum(not dated for *_, dated in found)


def test_columns_of_arrow_are_drawn_like_any() -> None:
    """Lists and objects that came through Arrow give the map and the choice that Python's own give."""
    told = [{"report": "a.txt", "publisher": "Wire", "evidence": "They marched."}]
    own = table(row(sources=told, actors=["Students"], reasons={"place.base": 0.7}, alternatives=[{"name": "Other"}]))
    arrow = own.copy()
    for name, kind in (
        ("sources", "records"),
        ("alternatives", "records"),
        ("reasons", "object"),
        ("country", "texts"),
    ):
        rows = pa.array(own[name].tolist())
        arrow[name] = schema.arrow.column(rows, kind)
    assert schema.is_json(arrow["sources"])
    assert payload(layers(arrow))["version"] == payload(layers(own))["version"]
    for facet, value in (("publisher", "Wire"), ("country", "IQ"), ("actors", "Students")):
        assert len(select(arrow, {"filters": {facet: [value]}, "text": "marched"})) == 1


VIEWS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["day", "month"]),
    ({"undated": True}, ["day", "month", "never"]),
    ({"start": "2021-06-20", "end": "2021-06-27"}, ["day", "month"]),
    ({"start": "2021-06-20", "end": "2021-06-27", "certain": True}, ["day"]),
    ({"start": "2021-06-28"}, ["month"]),
    ({"end": "2021-06-26"}, ["month"]),
    ({"filters": {"event_type": ["Riots"]}}, ["month"]),
    ({"filters": {"event_type": []}}, ["day", "month"]),
    ({"filters": {"country": ["SY"]}}, ["month"]),
    ({"filters": {"publisher": ["r1.txt"]}, "undated": True}, ["never"]),
    ({"filters": {"actors": ["(none)"]}}, ["day", "month"]),
    ({"fatalities": 2}, ["month"]),
    ({"confidence": 0.5}, ["day"]),
    ({"text": "BRIDGE the"}, ["day"]),
    ({"area": [44, 33, 45, 34]}, ["day", "month"]),
    ({"area": [0, 0, 1, 1]}, []),
]


@pytest.mark.parametrize(("view", "ids"), VIEWS)
def test_selection_is_what_the_view_shows(view: dict[str, Any], ids: list[str]) -> None:
    """A window shows what overlaps it, "certain" what lies within; every other filter narrows."""
    told = [{"report": "r1.txt", "evidence": "They marched."}]
    june = {"date_start": "2021-06-01", "date_end": "2021-06-30"}
    incidents = table(
        row(incident_id="day", confidence=0.9, sources=[{"report": "r0.txt", "evidence": "At the bridge."}]),
        row(incident_id="month", event_type="Riots", country=["SY", "IQ"], fatalities_min=3, **june),
        row(incident_id="never", date_start=None, date_end=None, sources=told),
    )
    assert select(incidents, view)["incident_id"].tolist() == ids
