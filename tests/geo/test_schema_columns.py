"""Whole columns of Arrow's as the incident table."""

from __future__ import annotations

import datetime as dt
import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from geo import schema
from geo.errors import SchemaError
from geo.schema import arrow

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
SOURCE = pa.list_(pa.struct({"report": pa.string(), "evidence": pa.string(), "span": pa.list_(pa.int64())}))


def columns() -> dict[str, object]:
    """Two rows as Arrow arrays: one full, one unknown."""
    return {
        "incident_id": pa.array(["a", "b"]),
        "event_type": pa.array(["Riots", None]).dictionary_encode(),
        "date_start": pa.array([dt.date(2024, 5, 3), None]),
        "date_end": pa.array([dt.date(2024, 5, 4), None]),
        "country": pa.array([["TD", None, "SD"], None]),
        "lat": pa.array([12.5, None]),
        "lon": pa.array([22, None]),
        "fatalities_min": pa.array([3, None]),
        "sources": pa.array([[{"report": "r", "evidence": 'They said "no"\n\\', "span": [0, 4]}], None], SOURCE),
        "original": pa.array([{"code": "A", "number": None}, None]),
    }


def test_arrow_columns_become_the_table_that_records_become() -> None:
    """Texts, days, lists, numbers, records and objects out of Arrow are those that plain Python gives."""
    table = schema.from_columns(columns(), 2)
    schema.validate(table)
    first, second = schema.records(table)
    assert first["event_type"] == "Riots"
    assert (first["date_start"], first["date_end"]) == ("2024-05-03", "2024-05-04")
    assert first["country"] == ["TD", "SD"]
    assert first["geometry"] == Point(22, 12.5)
    assert first["fatalities_min"] == 3
    assert first["sources"] == [{"report": "r", "evidence": 'They said "no"\n\\', "span": [0, 4]}]
    assert first["original"] == {"code": "A"}
    assert second == next(schema.records(schema.from_records([{"incident_id": "b"}])))


def test_lists_and_objects_stay_in_arrow() -> None:
    """No Python object a row: lists are Arrow's, records and objects JSON text, also after a second coerce."""
    table = schema.coerce(schema.from_columns(columns(), 2))
    assert schema.is_nested(table["country"], "texts")
    assert all(schema.is_json(table[name]) for name in ("sources", "original", "reasons", "alternatives"))


def test_chunks_slices_and_lengths() -> None:
    """A chunked array and a slice of one are read like a whole one; no row at all is a table, too."""
    lists = pa.chunked_array([[["x"], ["FR"]], [["DE", "PL"], []]]).slice(1)
    table = schema.from_columns({"country": lists, "place": pa.array(["a", "b", "c", "d"])[1:]}, 3)
    assert schema.plain(table["country"], "texts") == [["FR"], ["DE", "PL"], []]
    assert table["place"].tolist() == ["b", "c", "d"]
    assert len(schema.from_columns({}, 0)) == 0


def test_what_is_wrong_in_whole_columns_is_named() -> None:
    """The rules look at Arrow's columns as at any other."""
    table = schema.from_columns({**columns(), "country": pa.array([["Chad"], []]), "lat": pa.array([99.0, None])}, 2)
    with pytest.raises(SchemaError, match=r"country: .*'Chad'.* in row 1 is no list of ISO.*lat: '99.0' in row 1"):
        schema.validate(table)


def test_a_nul_in_a_text_is_replaced() -> None:
    """NUL, which no file format holds, becomes U+FFFD in texts, lists and objects."""
    read = {"place": pa.array(["a\x00b"]), "actors": pa.array([["\x00"]]), "original": pa.array([{"k": "\x00"}])}
    (record,) = schema.records(schema.from_columns(read, 1))
    assert (record["place"], record["actors"], record["original"]) == ("a\ufffdb", ["\ufffd"], {"k": "\ufffd"})


@given(st.lists(st.fixed_dictionaries({}, optional={"a": TEXT, "b": st.integers(0, 9), "c": st.lists(TEXT)})))
def test_json_text_is_the_json_of_the_structs(rows: list[dict[str, object]]) -> None:
    """Whatever the texts hold, parsing the JSON text gives the structs again; control characters are replaced."""
    kind = pa.struct({"a": pa.string(), "b": pa.int64(), "c": pa.list_(pa.string())})
    made = [json.loads(text) for text in arrow.json_text(pa.array(rows, kind)).to_pylist()]
    assert made == [{key: clean(row[key]) for key in "abc" if key in row} for row in rows]


def clean(value: object) -> object:
    """The value without the control characters that JSON text made by Arrow does not carry."""
    if isinstance(value, list):
        return [clean(part) for part in value]
    if not isinstance(value, str):
        return value
    return "".join("\ufffd" if character < " " and character not in "\n\r\t" else character for character in value)
