"""The second look at a report's incidents: what is but part of another, and what stands for itself."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from geo import schema
from geo.incidents import extract
from geo.reports import Report

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

MONDAY = dt.date(2021, 6, 28)
BOMB = "Remote explosive/landmine/IED"
OVERTAKEN = "Non-state actor overtakes territory"
SHELLING = "Shelling/artillery/missile attack"


def rows(gazetteer: Gazetteer, text: str) -> list[dict[str, Any]]:
    """The incidents of a report of Monday, 28 June 2021."""
    return list(schema.records(extract([Report("a.txt", text, MONDAY)], gazetteer=gazetteer).incidents))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Gunmen shot two traders in Kirkuk on Sunday. Another man was shot in the leg, doctors said.", "Attack"),
        ("Gunmen killed two guards in Kirkuk on Sunday. Police defused a bomb found under a van.", "Attack"),
        ("Hundreds of students marched in Tunis on Sunday. Clashes broke out on the avenue.", "Peaceful protest"),
        ("Youths burned tyres in Tunis on Sunday. A guard was attacked in Tunis.", "Violent demonstration"),
        ("Rebels killed four farmers in Mosul on Sunday. Families fled Mosul.", "Attack"),
        ("Gunmen killed two guards in Kirkuk on Sunday. In all, police made 12 arrests.", "Attack"),
        ("Bombing in Iraq kills 31\n\nA bomb hidden in a car killed 31 people in Mosul on Sunday.", BOMB),
        ("Shells killed nine traders in Basra on Sunday as fighting entered its sixth month.", SHELLING),
        ("Shells killed nine traders in Basra on Sunday, days after a truce was signed.", SHELLING),
        ("Rebels captured the town of Tal Afar on Sunday. Shots rang out all day.", OVERTAKEN),
        ("Rioters hurled stones in Basra on Sunday. Guards regained control of the court.", "Violent demonstration"),
        ("In Kirkuk, attackers set a barn alight on Sunday and shot dead two farmers in it.", "Attack"),
    ],
)
def test_what_is_told_without_place_and_day_is_part(gazetteer: Gazetteer, text: str, kind: str) -> None:
    """The same kind again, weapons found, a protest's turns and damage beside killings are part of what was told."""
    (row,) = rows(gazetteer, text)
    assert row["sub_event_type"] == kind


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen killed two guards in Kirkuk on Sunday. Officers seized rifles and a grenade in Mosul on Saturday.",
        "Gunmen shot two traders in Kirkuk on Sunday. Another man was shot in the leg in Mosul.",
        "A car bomb killed two guards in Kirkuk on Sunday. Police defused a second bomb.",
        "Hundreds of students marched in Tunis on Sunday. A bomb was defused in Sfax on Saturday.",
        "Gunmen killed two guards in Kirkuk on Sunday. Looters burned a barn in Mosul on Friday.",
        "Youths burned tyres in Tunis on Sunday. In Sfax, hundreds of people marched.",
        "Shells killed nine traders in Basra on Sunday as twenty soldiers died in fighting in Mosul.",
    ],
)
def test_a_place_or_a_day_of_its_own_makes_two(gazetteer: Gazetteer, text: str) -> None:
    """What has another place or another day stands for itself."""
    assert len(rows(gazetteer, text)) == 2


def test_a_part_says_why(gazetteer: Gazetteer) -> None:
    """The reasons name what made it a part, and their sum."""
    text = "Hundreds of students marched in Tunis on Sunday. Clashes broke out on the avenue."
    (row,) = rows(gazetteer, text)
    parts = {name.removeprefix("merge.2."): why for name, why in row["reasons"].items() if name.startswith("merge.2.")}
    assert {"bare", "course", "score"} <= set(parts)
    assert parts.pop("score") == pytest.approx(sum(parts.values()), abs=0.01)


def test_as_many_dead_elsewhere_are_the_same(gazetteer: Gazetteer) -> None:
    """A toll told again, of many, is that of the deed told before, also where the place seems another."""
    text = (
        "Gunmen killed 28 pilgrims on a bus in Mosul on Sunday.\n\nThe ministry in Baghdad said 28 were shot dead in "
        "Basra. Two guards were shot dead in Kirkuk."
    )
    assert [row["fatalities_min"] for row in rows(gazetteer, text)] == [28, 2]


def test_a_lead_that_sums_up_is_no_incident_of_its_own(gazetteer: Gazetteer) -> None:
    """What the lead counts together is told below one by one: its dead are not those of the first."""
    text = (
        "Eight people were killed in two attacks in Iraq on Sunday.\n\nIn Kirkuk, a roadside bomb killed three "
        "policemen. In Mosul, gunmen stormed a house and killed five members of a family."
    )
    found = [(row["place"], row["fatalities_min"]) for row in rows(gazetteer, text)]
    assert found == [("Kirkuk", 3), ("Mosul", 5)]


def test_a_plural_with_one_detail_stays(gazetteer: Gazetteer) -> None:
    """One detail does not make the plural a summary of it."""
    text = "Two bombings killed nine people in Baghdad on Sunday. In Mosul, gunmen killed five members of a family."
    assert len(rows(gazetteer, text)) == 2
