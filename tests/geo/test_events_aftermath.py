"""What stops a deed or is left of it is told with it; who does it, and with what, decides what it was."""

from __future__ import annotations

from functools import partial

import pytest

from geo import events

find = partial(events.find, learned=False)
"""The tables alone."""


ROCKETS, DISRUPTED = "Shelling/artillery/missile attack", "Disrupted weapons use"


def types(text: str) -> list[str]:
    """The sub-event types of the reported events, in order."""
    return [event.sub_event_type for event in find(text) if event.modality == "reported"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The militia fired two missiles toward the port, which air defences intercepted.", [ROCKETS]),
        ("The militia fired rockets at Haifa. Most were intercepted, and two fell in the sea.", [ROCKETS]),
        ("Air defences intercepted two missiles over the port.", [DISRUPTED]),
        ("Air defences shot down two rockets fired by the militia.", [DISRUPTED]),
        ("Soldiers killed two militants in the gorge. Two rifles were recovered.", ["Armed clash"]),
        ("Soldiers killed two militants in the gorge.\n\nPolice seized rifles in Karachi.", ["Armed clash", DISRUPTED]),
        ("The police foiled a plot to bomb a church, arresting four men.", [DISRUPTED]),
    ],
)
def test_what_stops_a_deed_or_is_left_of_it_is_no_event_of_its_own(text: str, wanted: list[str]) -> None:
    """Missiles that are fired and then stopped, arms taken after a fight, and the arrests of a foiled plot."""
    assert types(text) == wanted


@pytest.mark.parametrize(
    ("text", "sub_type"),
    [
        ("A crowd attacked two travellers at the inn.", "Mob violence"),
        ("The storming of the airport by an angry crowd left 20 people hurt.", "Mob violence"),
        ("A man drove at a crowd and stabbed two people.", "Attack"),
        ("Two people died in a gunfight between volunteers of two communities.", "Armed clash"),
        ("Villagers clashed over a well.", "Mob violence"),
        ("The country's army claimed on Friday to have taken the town of Hadrut.", "Government regains territory"),
        ("The rebels said they had captured the town of Bria.", "Non-state actor overtakes territory"),
    ],
)
def test_who_does_it_decides(text: str, sub_type: str) -> None:
    """A crowd is a mob, villagers with guns fight, and who claims to have taken a town took it."""
    assert types(text) == [sub_type]


def test_a_raid_leans_on_what_it_is_told_beside() -> None:
    """The army of another clause makes no police raid of it."""
    assert "Arrests" not in types("The raid came a day after an army convoy struck a roadside bomb near Dori.")


def test_those_who_are_mourned_died_elsewhere() -> None:
    """A march for one who was murdered is peaceful, and the murder an event of its own."""
    events = find("Hundreds marched on Thursday for a leader who was murdered on March 16.")
    assert [event.sub_event_type for event in events] == ["Peaceful protest", "Attack"]
    assert events[0].fatalities is None


@pytest.mark.parametrize(
    "text",
    [
        "Hundreds marched in the capital over the killing of a priest.",
        "Members of the party were protesting the murder of its candidate.",
        "A funeral procession for the slain leader stopped at the old town hall.",
    ],
)
def test_a_death_that_people_march_over_makes_no_riot(text: str) -> None:
    """The dead are the cause of the protest, not its toll."""
    protest = next(event for event in find(text) if event.event_type in {"Protests", "Riots"})
    assert (protest.sub_event_type, protest.fatalities) == ("Peaceful protest", None)


def test_an_army_is_definite_without_pointing_at_anything_before() -> None:
    """An army that shelled a hill resumes no deed told before; the attackers who shot do."""
    (shelled,) = find("The army shelled the hills.")
    assert "anaphoric" not in shelled.reasons
    burned = find("Troops were deployed in the valley. The rebels set fire to a school in Puno.")[-1]
    assert "anaphoric" not in burned.reasons
    assert "anaphoric" in find("A bus came under fire. The attackers shot two men.")[-1].reasons


def test_a_relative_pronoun_points_at_nothing_before() -> None:
    """The "that" of "an attack that hurt eight" makes no definite mention."""
    (attack,) = find("The museum was damaged in an attack that hurt eight people.")
    assert "anaphoric" not in attack.reasons
    (shot,) = find("Villagers said that gunmen shot a herder.")
    assert "anaphoric" not in shot.reasons


@pytest.mark.parametrize(
    ("text", "sub_type"),
    [
        ("A demonstration degenerated into rioting; 30 shops were ransacked.", "Violent demonstration"),
        ("Rioting broke out after the verdict, with cars burned.", "Violent demonstration"),
        ("Herdsmen attacked two hamlets before dawn, killing 14 people and burning houses.", "Attack"),
        ("Suspected militants killed a village chief and burned his house.", "Attack"),
        ("The candidate was shot as he left a rally and died in hospital.", "Attack"),
        ("Gunmen stormed a boarding school and took away 80 pupils.", "Abduction/forced disappearance"),
        ("Sixty fighters laid down their arms and surrendered to the authorities.", "Agreement"),
        ("Two police officers were killed in an ambush on a lonely road.", "Armed clash"),
        ("Police came under fire from cartel gunmen as they entered the village.", "Armed clash"),
        ("A raid on a flat in the port led to the arrest of five men.", "Arrests"),
    ],
)
def test_one_course_of_events_in_a_sentence_is_one_event(text: str, sub_type: str) -> None:
    """Damage done by rioters or killers, and what a raid, a storming or a surrender came to, is told with them."""
    assert types(text) == [sub_type]


def test_protesters_who_die_under_fire_were_met_with_excessive_force() -> None:
    """Police or soldiers who fire at a protest decide its type."""
    assert types("Two demonstrators died of their wounds after security forces fired shots.")[0] == (
        "Excessive force against protesters"
    )


def test_an_arrest_for_a_deed_of_years_ago_is_news() -> None:
    """Today's arrest is not swallowed by what the man is accused of having done in another year."""
    assert "Arrests" in types("Police arrested a commander accused of beheading ten marines in 2007.")
    assert "Arrests" not in types("Gunmen killed a judge in Cali. Police arrested a suspect accused of the killing.")
