"""Reasons in words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from geo import incidents, layers, schema
from geo.incidents.weights import weights
from geo.layers import payload as sent
from geo.reports import Report

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer


def test_every_weight_has_words() -> None:
    """A feature that can decide something is explained, whichever table it stands in."""
    groups = {"place": "place", "time": "time", "confidence": "confidence"}
    groups |= dict.fromkeys(("merge", "part", "retelling"), "merge")
    limits = {"threshold", "sure", "doubtful"}
    for table, group in groups.items():
        assert [name for name in weights(table) if name not in limits and not schema.meaning(f"{group}.{name}")] == []


def test_what_is_extracted_is_explained(gazetteer: Gazetteer) -> None:
    """Of two tellings of one incident every reason is told in words, also on the map."""
    told = [
        Report(name, "A car bomb killed 12 people in Mosul on Sunday.", dt.date(2021, 6, 29)) for name in ("a", "b")
    ]
    found = incidents.extract(told, gazetteer=gazetteer).incidents
    (record,) = schema.records(found)
    lines = list(schema.explained(record["reasons"]))
    assert "place, “in”, “at” or “near” stands before it: 1.1" in lines
    assert "place, told by: its own sentence" in lines
    assert any(line.startswith("merge of telling 2, the same day: ") for line in lines)
    assert all(schema.meaning(name) for name in record["reasons"])
    meanings = sent.payload(layers.layers(found))["reasons"]
    assert meanings["merge.same_day"] == "the same day"
    assert meanings["how.sentence"] == "its own sentence"


def test_reasons_of_others_stay_as_they_are() -> None:
    """A table made elsewhere may hold any names and values."""
    assert list(schema.explained({"coder": "B", "place.coded": "2"})) == ["coder: B", "place.coded: 2"]
