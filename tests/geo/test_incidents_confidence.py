"""How sure an incident is, and why."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from geo import schema
from geo.incidents import extract
from geo.reports import Report

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

MONDAY = dt.date(2021, 6, 28)


def only(gazetteer: Gazetteer, *texts: str) -> dict[str, Any]:
    """The single incident of the texts."""
    reports = [Report(f"{number}", text, MONDAY) for number, text in enumerate(texts)]
    rows = list(schema.records(extract(reports, gazetteer=gazetteer).incidents))
    assert len(rows) == 1
    return rows[0]


def test_what_is_told_in_full_is_surer(gazetteer: Gazetteer) -> None:
    """A telling with place, day and count is surer than a bare one; both are between 0 and 1 and kept."""
    full = only(gazetteer, "A car bomb killed six people in Mosul on Sunday.")
    bare = only(gazetteer, "A car bomb exploded.")
    assert 0 < bare["confidence"] < full["confidence"] < 1


def test_a_second_report_makes_surer(gazetteer: Gazetteer) -> None:
    """A retelling by another report raises the confidence."""
    one = "A car bomb killed six people in Mosul on Sunday."
    assert only(gazetteer, one)["confidence"] < only(gazetteer, one, one)["confidence"]


def test_the_reasons_say_why(gazetteer: Gazetteer) -> None:
    """The named features of type, place, time and confidence stand in the row."""
    reasons = only(gazetteer, "A car bomb killed six people in Mosul on Sunday.")["reasons"]
    assert reasons["place.how"] == reasons["time.how"] == "sentence"
    assert {"place.locative", "time.same_clause", "type.pattern", "confidence.place_sentence"} <= set(reasons)


def test_what_is_doubtful_is_marked_and_kept(gazetteer: Gazetteer) -> None:
    """A bare telling without place and day stays in the table, with a mark; one told in full has none."""
    bare = only(gazetteer, "A car bomb exploded.")
    full = only(gazetteer, "A car bomb killed six people in Mosul on Sunday.")
    assert bare["reasons"]["confidence.mark"] == "doubtful"
    assert "confidence.mark" not in full["reasons"]
