"""The two real reports that stand beside the checkout, where they do: what a careful analyst reads out of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from geo import schema
from geo.incidents import Extraction, extract
from geo.incidents.distance import km
from geo.reports import load

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

FOLDER = Path(__file__).parents[2] / "shared" / "reports"
pytestmark = pytest.mark.skipif(not (FOLDER / "expected.json").exists(), reason="the shared reports are not here")

Row = dict[str, Any]
MOST = 8
"""So many records may come out in all."""


def expected(key: str) -> Row:
    """The expected incident of that letter."""
    table = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
    return next(one for one in table["incidents"] if one["key"] == key)


@pytest.fixture(scope="module")
def extraction(gazetteer: Gazetteer) -> Extraction:
    """Both reports, read together."""
    return extract(load(sorted(FOLDER.glob("*.txt"))), gazetteer=gazetteer)


@pytest.fixture(scope="module")
def rows(extraction: Extraction) -> list[Row]:
    """The incidents as plain values."""
    return list(schema.records(extraction.incidents))


def fits(row: Row, wanted: Row) -> bool:
    """Whether type, interval, countries and reports are as expected."""
    return (
        row["sub_event_type"] == wanted["sub_event_type"]
        and row["event_type"] == wanted["event_type"]
        and str(row["date_start"]) == wanted["date_start"]
        and str(row["date_end"]) == wanted["date_end"]
        and (set(row["country"]) == set(wanted["countries"]) or (wanted["key"] == "F" and not row["country"]))
        and set(row["doc_ids"]) == set(wanted["reports"])
    )


def told(rows: list[Row]) -> str:
    """The rows in brief, for a message."""
    keys = ("sub_event_type", "date_start", "date_end", "place", "country", "doc_ids", "fatalities_min", "injured_min")
    return "\n".join(
        str({key: str(row[key]) for key in keys}) + str([s["trigger"] for s in row["sources"]]) for row in rows
    )


@pytest.mark.parametrize("key", list("ABCDEF"))
def test_each_incident_is_one_record(rows: list[Row], key: str) -> None:
    """Incidents A to F come out once each (B and C, alike in type, day and country, twice together)."""
    wanted = expected(key)
    count = sum(fits(row, wanted) for row in rows)
    assert count == (2 if key in "BC" else 1), told(rows)


def test_the_strikes_lie_on_the_border(rows: list[Row]) -> None:
    """A is placed on the border line of Syria and Iraq, both told as its countries, its dead at least unknown."""
    wanted = expected("A")
    row = next(row for row in rows if fits(row, wanted))
    near = wanted["near"]
    assert row["geo_precision"] == "border"
    assert km(row["lat"], row["lon"], near["lat"], near["lon"]) <= near["km"]
    assert row["geometry"].geom_type in ("LineString", "MultiLineString")
    assert [row["fatalities_min"], row["fatalities_max"]] in wanted["fatalities_any_of"]


def test_rockets_and_answer_are_told_apart(rows: list[Row]) -> None:
    """B, nobody hurt, has its clock; C, the answer, is another record."""
    both = [row for row in rows if fits(row, expected("B"))]
    assert [row["time"] for row in both].count("07:44") == 1, told(rows)
    rockets = next(row for row in both if row["time"] == "07:44")
    assert (rockets["injured_min"], rockets["injured_max"]) == (0, 0), told(rows)


def test_a_series_is_one_record_with_a_count(rows: list[Row]) -> None:
    """At least five drone attacks told as one are one row that counts five."""
    assert next(row for row in rows if fits(row, expected("E")))["event_count"] == 5


def test_nothing_more_than_was_told(rows: list[Row]) -> None:
    """At most eight records; none for meetings, talks or vows; none in Baghdad."""
    assert len(rows) <= MOST, told(rows)
    triggers = [source["trigger"] for row in rows for source in row["sources"]]
    assert not [trigger for trigger in triggers if "meet" in trigger or "deal" in trigger or "talks" in trigger]
    assert not [row for row in rows if "Baghdad" in row["place"]]
    vows = [s for row in rows for s in row["sources"] if "vowed to" in s["evidence"] and s["trigger"] == "strike back"]
    assert not vows


def test_baghdad_is_a_place_mentioned(extraction: Extraction) -> None:
    """The capital that is only named is geocoded all the same, in both reports."""
    places = extraction.places
    capital = places[(places["name"] == "Baghdad") & (places["kind"] == "settlement")]
    assert len(capital) == 1
    assert km(capital["lat"].iloc[0], capital["lon"].iloc[0], 33.34, 44.4) < 25
    assert len(capital["doc_ids"].iloc[0]) == 2
