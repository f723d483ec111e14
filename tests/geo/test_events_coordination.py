"""Clauses joined by "and": two happenings where each has its subject, its deed and its place or day, else one."""

from __future__ import annotations

from functools import partial

import pytest

from geo import events

find = partial(events.find, learned=False)
"""The tables alone."""


ROCKET, BOMB = "Shelling/artillery/missile attack", "Remote explosive/landmine/IED"


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("A rocket hit a house in Erbil and a car bomb exploded in Damascus.", [ROCKET, BOMB]),
        (
            "In Jamundi a motorcycle bomb hurt six people, and a drone dropped a charge on a post at Suarez.",
            [BOMB, "Air/drone strike"],
        ),
        ("Shells fell on the village of Alibeyli, and a missile on the city of Ganja wounded five.", [ROCKET, ROCKET]),
        ("Clashes in Duhok and air strikes on Sinjar killed nine people.", ["Armed clash", "Air/drone strike"]),
        ("A bomb killed three people on Monday and gunmen shot dead a judge on Tuesday.", [BOMB, "Attack"]),
        ("Two men were killed by gunmen in Baquba and a grocer was shot dead in Samarra.", ["Attack", "Attack"]),
    ],
)
def test_two_clauses_with_places_of_their_own_are_two_events(text: str, types: list[str]) -> None:
    """Each clause keeps its own type, and neither leans on the other."""
    events = find(text)
    assert [event.sub_event_type for event in events] == types
    assert not any("leans_on" in event.reasons for event in events)


def test_each_clause_keeps_its_own_victims() -> None:
    """Counts do not cross from one happening to the other."""
    first, second = find("A rocket killed two people in Erbil and a car bomb wounded five in Damascus.")
    assert first.fatalities
    assert second.injured
    assert (first.fatalities.minimum, first.injured) == (2, None)
    assert (second.fatalities, second.injured.minimum) == (None, 5)


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen attacked a bus in Erbil and killed three people in Mosul.",
        "Gunmen attacked a bus in Erbil and three people died in Mosul.",
        "A car bomb killed six soldiers in Kirkuk and wounded nine in Tikrit.",
        "Air strikes hit targets in Homs and Hama.",
        "Air strikes hit depots in Homs and hangars of the army in Hama.",
        "A man was shot in Salem and a woman with him was shot too.",
        "Six people were killed on Sunday and nine wounded in grenade attacks in Gitega.",
    ],
)
def test_one_deed_told_on_with_and_is_one_event(text: str) -> None:
    """Another verb of the same subject, another object or the victims alone open no happening."""
    assert len(find(text)) == 1
