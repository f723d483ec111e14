"""What is only the background of the news makes no event; who has an army's name and is no state's."""

from __future__ import annotations

from functools import partial

import pytest

from geo import events

find = partial(events.find, learned=False)
"""The tables alone."""


def types(text: str) -> list[str]:
    """The sub-event types of the reported events, in order."""
    return [event.sub_event_type for event in find(text) if event.modality == "reported"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "A shell hit a market in the port, as fighting between the army and rebels entered its sixth month.",
            ["Shelling/artillery/missile attack"],
        ),
        ("The movement has been fighting the government for more than ten years.", []),
        ("The envoys met for the first time since fighting erupted in September.", []),
        ("Violence in the valley has killed thousands and displaced two million people.", []),
        ("The conflict over the enclave killed some 30,000 people.", []),
        ("The ministry published the names of 26 more soldiers killed.", []),
        (
            "Rockets hit a school in the occupied city of Melitopol on Tuesday.",
            ["Shelling/artillery/missile attack"],
        ),
        ("Two rebels surrendered to the army, bringing with them two homemade bombs.", ["Agreement"]),
        ("Rioting eased after the government deployed 45,000 police.", ["Violent demonstration"]),
        ("Gangs shot a guard, a day after the cabinet declared a state of emergency.", ["Attack"]),
        ("Police arrested nine people over a withdrawn bill.", ["Arrests"]),
        ("Debris sparked a fire at a warehouse.", []),
    ],
)
def test_background_is_no_event(text: str, wanted: list[str]) -> None:
    """A war's age and its dead, a clause with "since", an adjective, weapons handed over, police put on the streets."""
    assert types(text) == wanted


@pytest.mark.parametrize(
    ("text", "sub_type"),
    [
        ("Rebels occupied the town of Bria on Tuesday.", "Non-state actor overtakes territory"),
        ("The Shan State Army captured the town of Kunhing.", "Non-state actor overtakes territory"),
        ("The People's Liberation Front seized the port of Massawa.", "Non-state actor overtakes territory"),
        ("The Somali National Army captured the town of Adale.", "Government regains territory"),
        ("The army captured the town of Adale.", "Government regains territory"),
    ],
)
def test_a_name_tells_whose_army_it_is(text: str, sub_type: str) -> None:
    """A liberation front or an army of a people is no state's."""
    assert types(text) == [sub_type]


@pytest.mark.parametrize(
    ("text", "sub_type"),
    [
        ("The cathedral was struck twice on Thursday.", "Air/drone strike"),
        ("A church was hit on Sunday night by an unknown projectile.", "Shelling/artillery/missile attack"),
    ],
)
def test_a_landmark_that_was_hit_is_a_strike(text: str, sub_type: str) -> None:
    """The passive without an actor tells a strike where a building or a town is its subject."""
    assert types(text) == [sub_type]


@pytest.mark.parametrize(
    "text",
    ["The bus was hit by a truck.", "The town was hit by a storm.", "The village was hardest hit by the crisis."],
)
def test_other_blows_are_none(text: str) -> None:
    """Neither traffic nor weather strikes."""
    assert types(text) == []
