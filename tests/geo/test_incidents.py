"""From reports to the incident table: what is told, where, when, and that every claim can be traced."""

from __future__ import annotations

import datetime as dt
import time as clock
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import schema
from geo.errors import InputError
from geo.incidents import annotate, extract, read
from geo.reports import Report

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

TUESDAY = dt.date(2021, 6, 29)
TWO_EVENTS = (
    "A car bomb killed six people in Mosul on Sunday, police said.\n\n"
    "In Kirkuk, gunmen abducted two farmers on Monday. Officials in Baghdad condemned the attack."
)


def rows(gazetteer: Gazetteer, *texts: str, published: dt.date | None = TUESDAY) -> list[dict[str, Any]]:
    """The incidents of texts published on a Tuesday."""
    reports = [Report(f"{number}.txt", text, published) for number, text in enumerate(texts)]
    return list(schema.records(extract(reports, gazetteer=gazetteer).incidents))


def test_each_event_has_its_own_place_and_day(gazetteer: Gazetteer) -> None:
    """Two events of one report go to the place and the day of their own sentences; a spokesman's city has none."""
    found = {(row["place"], str(row["date_start"])) for row in rows(gazetteer, TWO_EVENTS)}
    assert found == {("Mosul", "2021-06-27"), ("Kirkuk", "2021-06-28")}


def test_the_table_is_valid_and_traceable(gazetteer: Gazetteer) -> None:
    """The table passes its own contract, and each source's spans slice back to the words they came from."""
    report = Report("one.txt", TWO_EVENTS, TUESDAY)
    incidents = extract([report], gazetteer=gazetteer).incidents
    schema.validate(incidents)
    for row in schema.records(incidents):
        for source in row["sources"]:
            assert TWO_EVENTS[slice(*source["span"])] == source["evidence"]
            assert TWO_EVENTS[slice(*source["fields"]["event_type"])] == source["trigger"]
            assert all(TWO_EVENTS[slice(*span)] for span in source["fields"].values())
        told = [
            TWO_EVENTS[slice(*source["fields"]["place"])] for source in row["sources"] if "place" in source["fields"]
        ]
        assert row["place_text"] in told


def test_no_place_and_no_day_stay_unknown(gazetteer: Gazetteer) -> None:
    """An undated, unplaced report gives a row with null geometry and null dates, and the notes say so."""
    extraction = extract([Report("bare.txt", "Gunmen shot dead two farmers.")], gazetteer=gazetteer)
    row = next(schema.records(extraction.incidents))
    assert (row["geometry"], row["lat"], row["date_start"], row["date_end"]) == (None, None, None, None)
    assert row["date_precision"] == "unknown"
    assert any("without a date of publication" in note for note in extraction.notes)


def test_a_dateline_dates_an_undated_report(gazetteer: Gazetteer) -> None:
    """Relative days count from the dateline where nothing else tells the publication."""
    text = "ERBIL, Iraq, June 29, 2021 (Agency) - A car bomb killed six people in Mosul on Sunday."
    assert [str(row["date_start"]) for row in rows(gazetteer, text, published=None)] == ["2021-06-27"]


def test_a_rerun_gives_the_same_ids(gazetteer: Gazetteer) -> None:
    """Ids come from the report and the trigger, so they neither change nor repeat."""
    first = [row["incident_id"] for row in rows(gazetteer, TWO_EVENTS)]
    assert first == [row["incident_id"] for row in rows(gazetteer, TWO_EVENTS)]
    assert len(set(first)) == len(first)


def test_places_mentioned_are_listed_once(gazetteer: Gazetteer) -> None:
    """Every resolved place is a row with its count, whether something happened there or not."""
    places = extract([Report("one.txt", TWO_EVENTS, TUESDAY)], gazetteer=gazetteer).places
    assert {"Mosul", "Kirkuk", "Baghdad"} <= set(places["name"])
    assert not places["place_id"].duplicated().any()


def test_history_is_no_news(gazetteer: Gazetteer) -> None:
    """What happened years before the report is not written as an incident."""
    text = "Soldiers killed ten villagers in Kirkuk on Monday. In 2003, a bomb killed forty people in Mosul."
    assert [row["place"] for row in rows(gazetteer, text)] == ["Kirkuk"]


def test_told_zero_is_zero_and_silence_unknown(gazetteer: Gazetteer) -> None:
    """A sentence of its own that tells nobody was hurt gives zeros; nothing told gives nulls."""
    told = rows(gazetteer, "A rocket hit a warehouse in Basra on Sunday. There were no casualties.")[0]
    assert (told["fatalities_min"], told["injured_max"]) == (0, 0)
    silent = rows(gazetteer, "A rocket hit a warehouse in Basra on Sunday. The fire was put out at dawn.")[0]
    assert (silent["fatalities_min"], silent["injured_max"]) == (None, None)


def test_annotate_gives_plain_types(gazetteer: Gazetteer) -> None:
    """The annotation of a document has the agreed keys, and spans that slice back."""
    found = annotate({"doc_id": "x", "text": TWO_EVENTS, "published": "2021-06-29"}, gazetteer=gazetteer)
    assert set(found) == {"doc_id", "toponyms", "relations", "times", "events"}
    for kind in ("toponyms", "times", "events"):
        assert found[kind]
        assert all(TWO_EVENTS[one["start"] : one["end"]] == one["text"] for one in found[kind])


def test_annotate_takes_given_spans(gazetteer: Gazetteer) -> None:
    """Given toponyms are resolved and no others; a given trigger is linked, whatever verb it is."""
    text = "Protesters marched through Basra while ministers met in Baghdad."
    start, trigger = text.index("Basra"), text.index("marched")
    doc = {
        "doc_id": "x",
        "text": text,
        "toponyms": [{"start": start, "end": start + 5}],
        "trigger": {"start": trigger, "end": trigger + 7},
    }
    found = annotate(doc, gazetteer=gazetteer, given_spans=True)
    assert [one["text"] for one in found["toponyms"]] == ["Basra"]
    assert [(one["text"], one["places"]) for one in found["events"]] == [
        ("marched", [{"start": start, "end": start + 5}])
    ]


@pytest.mark.parametrize(
    "doc",
    [
        {"doc_id": "x"},
        {"doc_id": "x", "text": 5},
        {"doc_id": "x", "text": "a", "published": "soon"},
        {"doc_id": "x", "text": "a", "toponyms": [3]},
    ],
)
def test_annotate_names_what_is_wrong(gazetteer: Gazetteer, doc: dict[str, Any]) -> None:
    """A document without text, or with a date or spans that cannot be read, is one clear error."""
    with pytest.raises(InputError, match="document 'x'"):
        annotate(doc, gazetteer=gazetteer, given_spans=True)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_text_is_read(gazetteer: Gazetteer, text: str) -> None:
    """Whatever the text, reading it does not fail and the table is valid."""
    schema.validate(extract([Report("x", text, TUESDAY)], gazetteer=gazetteer).incidents)


def test_time_grows_linearly(gazetteer: Gazetteer) -> None:
    """Eight times the length takes about eight times as long: nothing compares everything with everything."""
    report = (
        "Gunmen killed {n} people in Mosul on Sunday. Police in Baghdad said the attack near Kirkuk began at dawn.\n\n"
    )
    seconds = []
    for repeats in (60, 480):
        text = "".join(report.format(n=number + 2) for number in range(repeats))
        begun = clock.perf_counter()
        read(Report("long", text, TUESDAY), gazetteer=gazetteer)
        seconds.append(clock.perf_counter() - begun)
    assert seconds[1] < 8 * 2.5 * max(seconds[0], 0.05)


def test_the_surer_telling_places_a_retold_incident(gazetteer: Gazetteer) -> None:
    """Of two reports of one incident, the one that tells which of the namesakes is meant has the say."""
    vague = "Two brothers, 4 and 6, were shot dead at a house on Ustawar Drive in Madison on Monday."
    sure = "Two brothers, 4 and 6, were shot dead at a house on Ustawar Drive in Madison, Indiana, on Monday."
    found = rows(gazetteer, vague, sure)
    assert [(row["place"], row["admin1"]) for row in found] == [("Madison", "Indiana")]


def test_a_country_gives_way_to_a_town(gazetteer: Gazetteer) -> None:
    """A place that only a country holds, as no gazetteer knows it, leaves the incident to a town that is told too."""
    text = (
        "Gunmen killed three guards at Ustawar Depot on Sunday, police in Baghdad said. Iraq's army killed two of the "
        "gunmen.\n\nThe three guards were killed in Mosul on Sunday, a neighbour said. Iraqi soldiers came at noon."
    )
    assert "Iraq" not in {row["place"] for row in rows(gazetteer, text)}
