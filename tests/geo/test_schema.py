"""The incident table."""

from __future__ import annotations

import datetime as dt
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon

from geo import schema
from geo.errors import SchemaError

ROW = {
    "incident_id": "a1",
    "event_type": "Battles",
    "date_start": "2024-05-03",
    "date_end": dt.date(2024, 5, 4),
    "country": ["TD", "SD"],
    "geometry": LineString([(22.0, 12.0), (22.5, 13.0)]),
    "fatalities_min": 3,
    "sources": [{"report": "one.txt", "evidence": "Three died.", "span": [0, 11]}],
    "status": "machine",
}


def test_an_empty_table_has_every_column_and_is_valid() -> None:
    """No rows is a table too: all columns, EPSG:4326, no fault."""
    table = schema.empty()
    schema.validate(table)
    assert list(table.columns) == list(schema.COLUMNS)
    assert len(table) == 0
    assert table.crs.to_epsg() == 4326


def test_fewer_columns_are_filled_as_unknown() -> None:
    """A table with one known column gets the rest as unknown, never as zero; foreign columns are left out."""
    table = schema.coerce(pd.DataFrame({"event_type": ["Riots"], "colour": ["red"]}))
    schema.validate(table)
    row = table.iloc[0]
    assert row["event_type"] == "Riots"
    assert pd.isna(row["fatalities_min"])
    assert pd.isna(row["date_start"])
    assert row["geometry"] is None
    assert row["country"] == []
    assert row["place"] == ""
    assert row["incident_id"]
    assert "colour" not in table


def test_rows_keep_their_values() -> None:
    """Days, lists, counts and the line come out as they went in; the point of a line lies on it."""
    table = schema.from_records([ROW])
    schema.validate(table)
    row = next(schema.records(table))
    assert row["date_start"] == "2024-05-03"
    assert row["date_end"] == "2024-05-04"
    assert row["country"] == ["TD", "SD"]
    assert row["fatalities_min"] == 3
    assert row["fatalities_max"] is None
    assert row["doc_ids"] == ["one.txt"]
    assert row["geometry"].distance(Point(row["lon"], row["lat"])) < 1e-9


def test_flat_text_comes_back_as_lists_objects_and_days() -> None:
    """What a CSV makes of the table is restored: `;` lists, JSON, floats for whole numbers, instants for days."""
    table = schema.coerce(
        pd.DataFrame(
            {
                "country": ["TD;SD", np.nan],
                "actors": ['["A; B", "C"]', ""],
                "sources": [json.dumps(ROW["sources"]), None],
                "reasons": ['{"population": 0.5}', np.nan],
                "fatalities_min": [3.0, np.nan],
                "date_start": ["2024-05-03T00:00:00Z", ""],
                "date_end": [pd.Timestamp("2024-05-03"), pd.NaT],
                "lat": ["12.5", ""],
                "lon": ["22.25", ""],
            }
        )
    )
    schema.validate(table)
    first, second = schema.records(table)
    assert first["country"] == ["TD", "SD"]
    assert first["actors"] == ["A; B", "C"]
    assert first["sources"] == ROW["sources"]
    assert first["reasons"] == {"population": 0.5}
    assert first["fatalities_min"] == 3
    assert first["date_start"] == first["date_end"] == "2024-05-03"
    assert first["geometry"] == Point(22.25, 12.5)
    assert second["geometry"] is None
    assert second["date_start"] is None
    assert second["sources"] == []


def test_coerce_is_idempotent() -> None:
    """Coercing a second time changes nothing."""
    once = schema.from_records([ROW, {"event_type": "Riots"}])
    assert list(schema.records(schema.coerce(once))) == list(schema.records(once))


def test_equal_rows_without_ids_get_different_stable_ids() -> None:
    """Two equal rows are two incidents; a second reading gives them the same ids again."""
    rows = [{"event_type": "Riots"}, {"event_type": "Riots"}]
    first, again = schema.from_records(rows), schema.from_records(rows)
    schema.validate(first)
    assert first["incident_id"].tolist() == again["incident_id"].tolist()


def test_values_that_cannot_be_read_are_named_together() -> None:
    """Coerce names each column, value and row that it cannot read, in one error."""
    frame = pd.DataFrame(
        {"date_start": ["2024-05-01", "soon"], "fatalities_min": ["2.5", "many"], "sources": ["[1]", "{"]}
    )
    with pytest.raises(SchemaError) as caught:
        schema.coerce(frame)
    message = str(caught.value)
    assert "date_start: 'soon' in row 2" in message
    assert "fatalities_min: '2.5' in row 1 (and 1 more)" in message
    assert "sources" in message
    assert "\n" not in message


def test_validate_lists_every_fault_at_once() -> None:
    """A table with many faults gives one error that names them all."""
    table = schema.from_records([ROW, ROW])
    table["status"] = "perhaps"
    table["confidence"] = 1.5
    table["date_end"] = table["date_end"] - pd.Timedelta(days=9)
    table["lat"] = 99.0
    with pytest.raises(SchemaError) as caught:
        schema.validate(table)
    for part in ("incident_id", "status", "confidence", "ends before it starts", "not between -90 and 90"):
        assert part in str(caught.value)


def test_validate_names_missing_columns_and_wrong_kinds() -> None:
    """A column that is absent or of another kind is told by name."""
    table = schema.from_records([ROW]).drop(columns="weapons")
    table["fatalities_min"] = "three"
    with pytest.raises(SchemaError, match=r"weapons is missing.*fatalities_min is not a whole number"):
        schema.validate(table)


def test_a_table_in_another_coordinate_system_is_refused() -> None:
    """Metres of Web Mercator are no degrees."""
    table = schema.from_records([ROW]).to_crs("EPSG:3857")
    with pytest.raises(SchemaError, match="3857"):
        schema.validate(table)


def test_plain_object_columns_of_older_pandas_are_accepted() -> None:
    """Text may be `str` or `object`, depending on the version of pandas."""
    table = schema.from_records([ROW])
    table["event_type"] = table["event_type"].astype(object)
    schema.validate(table)
    assert isinstance(table, gpd.GeoDataFrame)


def test_characters_that_no_format_holds_are_replaced_one_by_one() -> None:
    """NUL and lone surrogates become U+FFFD, so that offsets stay; the rest of Unicode stays as it is."""
    table = schema.from_records([{"place": "a\x00b\ud800c \U0001f525 دير", "reasons": {"\ud801": "\x00"}}])
    assert table["place"].iloc[0] == "a\ufffdb\ufffdc \U0001f525 دير"
    assert table["reasons"].iloc[0] == {"\ufffd": "\ufffd"}


def test_an_area_keeps_its_polygon() -> None:
    """A polygon stays, and its representative point lies in it."""
    area = Polygon([(0, 0), (4, 0), (4, 4), (0, 4)])
    row = next(schema.records(schema.from_records([{"geometry": area}])))
    assert row["geometry"] == area
    assert area.contains(Point(row["lon"], row["lat"]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.sampled_from(list(schema.COLUMNS)), JSON, max_size=6), max_size=4))
def test_any_json_becomes_a_table_or_a_schema_error(rows: list[dict[str, object]]) -> None:
    """Whatever JSON stands in the columns: a table that coerces to itself, or a SchemaError; nothing else."""
    try:
        table = schema.from_records(rows)
    except SchemaError:
        return
    assert len(table) == len(rows)
    assert list(schema.records(schema.coerce(table))) == list(schema.records(table))
