"""What is sent to the map's JavaScript."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from geo import schema
from geo.layers import layers, select
from geo.layers.payload import packed, payload, to_json
from geo.layers.told import FULL_LIMIT


def sent(*rows: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The payload of an incident table of these rows."""
    return payload(layers(schema.from_records(rows)), **options)


def test_days_count_from_1970_and_the_undated_stand_last() -> None:
    """An interval is its first day and how many more it has; an unknown day is null."""
    columns = sent(
        {"date_start": "1970-01-03", "date_end": "1970-01-05"},
        {},
        {"date_start": "1969-12-31", "date_end": "1969-12-31"},
    )["incidents"]
    assert columns["start"] == [-1, 2, None]
    assert columns["length"] == [0, 2, 0]


def test_each_text_is_sent_once() -> None:
    """A thousand incidents of one type name it once, and a column that says nothing is left out."""
    data = sent(*[{"event_type": "Riots", "sources": [{"report": "a.txt", "evidence": "Same."}]}] * 1000)
    assert data["texts"].count("Riots") == data["texts"].count("Same.") == 1
    assert len(data["incidents"]["tellers"]) == 1
    assert "weapons" not in data["incidents"]


def test_equal_incidents_have_an_equal_version() -> None:
    """The version is what the browser is asked for: it changes with the data and with nothing else."""
    one, again, other = ({"event_type": kind} for kind in ("Riots", "Riots", "Protests"))
    assert sent(one)["version"] == sent(again)["version"] != sent(other)["version"]


def test_unknown_numbers_are_not_zero() -> None:
    """Zero killed is told, unknown is left out; where most are unknown, only the rows that tell one are sent."""
    columns = sent({"fatalities_min": 0, "fatalities_max": 0}, {"fatalities_min": None})["incidents"]
    assert columns["fatalities_min"] == [0, None]
    assert sent({"fatalities_min": 0}, *[{}] * 9)["incidents"]["fatalities_min"] == {"0": 0}
    assert "injured_min" not in columns


def test_areas_are_sent_as_steps_and_points_as_none() -> None:
    """A square of one degree comes back from its steps; a town has no shape."""
    square = {"geometry": box(10, 20, 11, 21), "geo_precision": "admin1"}
    data = sent(square, {"geometry": Point(1, 2), "geo_precision": "settlement"})
    (shape,) = data["marks"]["shape"].values()
    moves = list(zip(shape["parts"][0][::2], shape["parts"][0][1::2], strict=True))
    corners = {
        (round(sum(lon for lon, _ in moves[: i + 1]) * shape["step"], 1), sum(lat for _, lat in moves[: i + 1]))
        for i in range(len(moves))
    }
    assert shape["area"]
    assert {lon for lon, _ in corners} == {10.0, 11.0}


def test_what_is_sent_unpacks_to_the_payload() -> None:
    """Data travel compressed, and under the version by which the browser asks for them."""
    data = sent({"event_type": "Riots"})
    squeezed = packed(data)
    unpacked = json.loads(gzip.decompress(base64.b64decode(squeezed["gzip"])))
    assert unpacked | {"version": squeezed["version"]} == data


def test_note_on_method_has_what_it_needs() -> None:
    """Title, gazetteer and day travel with the data."""
    data = sent(title="T", gazetteer="2026.1", made=dt.date(2021, 6, 29))
    assert (data["title"], data["gazetteer"], data["made"]) == ("T", "2026.1", "2021-06-29")


@given(st.text())
def test_json_is_inert_within_a_page(text: str) -> None:
    """No text can end a script or begin markup, and every text comes back as it was, but for lone surrogates."""
    out = to_json({"a": text})
    assert not set(out) & set("<>&\u2028\u2029")
    assert json.loads(out)["a"] == text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("text", ["</script>", "<!--", "]]>", "{{ 7*7 }}", "\u2028"])
def test_text_comes_back_from_json(text: str) -> None:
    """What ends a script, begins a comment or looks like a template comes back as the text that it was."""
    assert json.loads(to_json(text)) == text


def test_words_that_tell_are_marked_within_their_sentence() -> None:
    """Offsets into the report become offsets into the sentence; a word outside of it is not marked."""
    source = {"report": "a.txt", "evidence": "Jets struck Basra.", "span": [10, 28]}
    fields = {"event_type": [15, 21], "place": [22, 27], "date": [2, 8]}
    columns = sent({"sources": [{**source, "fields": fields}]}, {"sources": [source]})["incidents"]
    assert columns["marked"] == {"0": [[0, 5, 11, 1, 12, 17]]}


def test_text_around_and_counts_of_a_sentence_are_sent() -> None:
    """What stands before and after a sentence, and what it counts; where nothing does, nothing is sent."""
    around = {"report": "a.txt", "evidence": "Four died.", "before": "At noon.", "after": "", "fatalities": [4, None]}
    data = sent({"sources": [around]}, {"sources": [{"report": "b.txt", "evidence": "Calm."}]})
    columns = data["incidents"]
    assert [data["texts"][number] for number in columns["context"]["0"][0]] == ["At noon.", ""]
    assert columns["told"] == {"0": [[4, None, None, None]]}
    assert "1" not in columns["context"]


def test_many_incidents_come_with_one_sentence_a_report() -> None:
    """Beyond the limit a report's first sentence stands for it, without what surrounds it; a search agrees."""
    told = [{"report": "a.txt", "evidence": text, "before": "At noon."} for text in ("One.", "Two.")]
    rows = schema.from_records([{"sources": [*told, {"report": "b.txt", "evidence": "Three."}]}] * (FULL_LIMIT + 1))
    columns = payload(layers(rows))["incidents"]
    assert [len(row) for row in columns["sources"][:1]] == [4]
    assert "context" not in columns
    assert len(select(rows, {"text": "two", "undated": True})) == 0
    assert len(select(rows, {"text": "three", "undated": True})) == FULL_LIMIT + 1


@pytest.mark.parametrize(
    "odd",
    [
        *({"fields": ["place"]}, {"fields": {"place": "here"}}, {"fields": {"place": [1, "2"]}}, {"span": "0-4"}),
        *({"fatalities": "four"}, {"fatalities": [1]}, {"injured": ["x", {}]}, {"before": 7, "after": ["x"]}),
    ],
)
def test_odd_sources_of_a_file_are_no_error(odd: dict[str, Any]) -> None:
    """A file made elsewhere may hold anything there; what cannot be read is left out."""
    source = {"report": "a.txt", "evidence": "Calm", "span": [0, 4], "fields": {"place": [0, 4]}, **odd}
    assert sent({"sources": [source]})["incidents"]["count"] == 1


def test_runners_up_keep_their_place() -> None:
    """An alternative is a line to read and a point to draw; one without a point is a line."""
    rivals = [{"name": "Toledo", "country": ["US"], "score": 0.2, "lat": 41.66, "lon": -83.56}, {"name": "Toledo"}]
    data = sent({"alternatives": rivals})
    (first, second) = data["incidents"]["alternatives"]["0"]
    assert (data["texts"][first[0]], first[1:]) == ("Toledo, US", [4166000, -8356000, 200])
    assert second[1:] == [None, None, None]


def test_countries_of_a_border_are_named() -> None:
    """Two codes and two names belong together; names that do not fit the codes are left out."""
    border = {"country": ["NE", "ML"], "country_name": "Niger;Mali"}
    assert sent(border, {"country": ["SY"], "country_name": "Syria;Iraq"})["countries"] == {"NE": "Niger", "ML": "Mali"}
