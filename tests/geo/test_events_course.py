"""The course of protests: what goes on with one, what is another, what turns violent, what stays calm."""

from __future__ import annotations

from functools import partial

import pytest

from geo import events

find = partial(events.find, learned=False)
"""The tables alone."""


TAX_MARCH = "Police fired tear gas at protesters in Sfax on Monday."


def types(text: str) -> list[str]:
    """The sub-event types of the reported events, in order."""
    return [event.sub_event_type for event in find(text) if event.modality == "reported"]


@pytest.mark.parametrize(
    "other",
    [
        "\n\nIn neighbouring Algeria, thousands marched through the centre of Oran on Tuesday.",
        "\n\nDozens of miners marched in Gafsa on Monday over unpaid wages.",
        " In Kairouan, hundreds marched on Tuesday to the court. No violence was reported.",
    ],
)
def test_a_protest_elsewhere_takes_no_turn_from_its_neighbour(other: str) -> None:
    """Another paragraph, place or day makes a gathering a protest of its own, whatever its neighbour came to."""
    assert types(TAX_MARCH + other)[-1] == "Peaceful protest"


@pytest.mark.parametrize(
    "text",
    [
        "Hundreds marched in Sfax on Monday. Police used tear gas to break up the march.",
        "Hundreds marched in Sfax on Monday.\n\nPolice used tear gas against the protesters.",
        "Hundreds marched in Sfax on Monday. Police fired water cannon to clear them.",
        "Hundreds marched through the city. Officers detained nine people near Victory Square.",
    ],
)
def test_what_is_done_to_the_same_crowd_goes_on_with_it(text: str) -> None:
    """What police do right after, or to "the march" and "them", is the course of the same protest."""
    assert set(types(text)) == {"Protest with intervention"}


@pytest.mark.parametrize(
    "text",
    [
        "Hundreds marched in Oran. No violence was reported.",
        "Hundreds rallied in Oran on Sunday. The sit-in ended without incident.",
    ],
)
def test_what_is_said_to_have_stayed_calm_is_peaceful(text: str) -> None:
    """The sentence after may say that a protest stayed calm."""
    assert set(types(text)) == {"Peaceful protest"}


@pytest.mark.parametrize(
    ("text", "sub_type"),
    [
        ("Students hurled petrol bombs at officers, and police answered with tear gas.", "Violent demonstration"),
        ("Youths pelted police with stones in the old town.", "Violent demonstration"),
        ("Residents set fire to tyres and blocked the road to the mine.", "Violent demonstration"),
        ("Angry youths set ablaze a bank and blocked the bridge with burning tyres.", "Violent demonstration"),
        ("Villagers threw stones at the house of a family accused of witchcraft.", "Mob violence"),
        ("Supporters of two parties threw stones at each other.", "Mob violence"),
        ("Men set fire to a school.", "Looting/property destruction"),
        ("Residents told of anger over a robbery at the inn.", "Looting/property destruction"),
    ],
)
def test_a_crowd_is_told_by_whom_it_turns_on(text: str, sub_type: str) -> None:
    """Against the police or the roads it is one violent demonstration, against other people mob violence."""
    assert types(text) == [sub_type]


def test_an_attack_told_elsewhere_takes_no_weapon_from_its_neighbour() -> None:
    """In another paragraph, with a place and a day of its own, an attack by no named means is no air strike."""
    text = "A police post at Umunze came under attack on Saturday.\n\nIn the north an air force jet bombed a camp."
    assert types(f"Officials spoke on Monday. They met the press. Nobody asked. {text}") == [
        "Attack",
        "Air/drone strike",
    ]


def test_an_attack_in_the_next_sentence_may_take_the_weapon() -> None:
    """Told right after and nowhere else, it is the same kind of attack."""
    assert types("Jets bombed a camp near Gao. An attack was heard at dawn.") == [
        "Air/drone strike",
        "Air/drone strike",
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Fighting broke out in Ariha on 3 March 2020.", "Armed clash"),
        ("On March 28, soldiers clashed with rebels near Envigado.", "Armed clash"),
        ("In March clashes killed 20 soldiers.", "Armed clash"),
        ("CLASHES BROKE OUT IN ENVIGADO ON 28 MARCH 1990.", "Armed clash"),
        ("Clashes broke out at the march in Envigado.", "Violent demonstration"),
        ("CLASHES BROKE OUT DURING A MARCH IN ENVIGADO.", "Violent demonstration"),
    ],
)
def test_the_month_is_no_protest(text: str, kind: str) -> None:
    """The "March" of a date makes no demonstration of a clash; a march does."""
    assert types(text) == [kind]
