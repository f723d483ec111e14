"""What the event reader makes of a text: types, fusion, leaning, actors, series, given spans, hostile input."""

from __future__ import annotations

import time
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import events
from geo.events import EVENT_TYPES, MODALITIES, TYPE_OF, Event

find = partial(events.find, learned=False)
"""The tables alone."""


def reported(text: str) -> list[Event]:
    """The events that the text tells as having happened."""
    return [event for event in find(text) if event.modality == "reported"]


def only(text: str) -> Event:
    """The single reported event of a text."""
    events = reported(text)
    assert len(events) == 1, [(event.text, event.sub_event_type) for event in events]
    return events[0]


@pytest.mark.parametrize(
    ("text", "sub_type"),
    [
        ("An air raid left nine dead in the old port.", "Air/drone strike"),
        ("Nine people were killed when a drone hit a bakery.", "Air/drone strike"),
        ("The rebels fired rockets at the airport.", "Shelling/artillery/missile attack"),
        ("The factions opened their cannon against the garrison.", "Shelling/artillery/missile attack"),
        ("A mortar shell landed on a clinic.", "Shelling/artillery/missile attack"),
        ("A suicide bomber detonated a car bomb at the gate.", "Suicide bomb"),
        ("A roadside bomb killed two farmers.", "Remote explosive/landmine/IED"),
        ("Six children were wounded when they stepped on a mine.", "Remote explosive/landmine/IED"),
        ("A hand grenade was thrown into the tea house.", "Grenade"),
        ("Shells filled with chlorine fell on the suburb.", "Chemical weapon"),
        ("Clashes erupted between the army and militants.", "Armed clash"),
        ("Police clashed with students in the old town.", "Violent demonstration"),
        ("Police clashed with armed villagers in the gorge.", "Armed clash"),
        ("The rebels captured Sake on Monday.", "Non-state actor overtakes territory"),
        ("The army said its air assets had neutralised thirty fighters near the lake.", "Air/drone strike"),
        ("Soldiers killed four militants in the gorge.", "Armed clash"),
        ("Gunmen opened fire on a wedding party.", "Attack"),
        ("A trader was gunned down outside his shop.", "Attack"),
        ("Bandits kidnapped eleven pupils.", "Abduction/forced disappearance"),
        ("Militiamen raped three women near the well.", "Sexual violence"),
        ("The army recaptured the town of salt.", "Government regains territory"),
        ("The rebels captured the town of salt.", "Non-state actor overtakes territory"),
        ("The town was seized by the insurgents after a siege.", "Non-state actor overtakes territory"),
        ("Government troops handed over the base to the rebels.", "Non-violent transfer of territory"),
        ("Thousands of teachers marched through the capital.", "Peaceful protest"),
        ("Police fired tear gas to disperse protesters.", "Protest with intervention"),
        ("Police fired water cannon at the demonstrators.", "Protest with intervention"),
        ("Soldiers shot dead three protesters.", "Excessive force against protesters"),
        ("Demonstrators threw petrol bombs at the parliament.", "Violent demonstration"),
        ("A mob lynched a man accused of theft.", "Mob violence"),
        ("Police arrested a militia commander.", "Arrests"),
        ("The two sides agreed on a ceasefire.", "Agreement"),
        ("Sappers defused a bomb under the bridge.", "Disrupted weapons use"),
        ("The navy seized 300 rifles on a dhow.", "Disrupted weapons use"),
        ("Troops set up a checkpoint on the pass.", "Headquarters or base established"),
        ("Men looted shops in the harbour.", "Looting/property destruction"),
        ("The shops were set ablaze overnight.", "Looting/property destruction"),
        ("The army deployed troops to the border.", "Change to group/activity"),
        ("Soldiers found a mass grave in the quarry.", "Other"),
        ("A POLICEMAN WAS KIDNAPPED BY GUERRILLAS.", "Abduction/forced disappearance"),
    ],
)
def test_one_happening_is_one_event_of_its_type(text: str, sub_type: str) -> None:
    """Nouns, verbs and passives of a sentence that tell one happening come as one event of the most specific type."""
    event = only(text)
    assert event.sub_event_type == sub_type
    assert event.event_type == TYPE_OF[sub_type]


@pytest.mark.parametrize(
    "text",
    [
        "He died of a heart attack.",
        "The firms struck a deal.",
        "The meeting on 12 March was cancelled.",
        "She lost her battle with cancer.",
        "The fire brigade came at once.",
        "The crash was captured on video.",
        "The team clashed with its sponsor over pay, and the cup clash ended in a draw.",
        "Firefighters put out a forest fire.",
        "Four tourists died in a bus crash.",
        "The president will meet with his guest on Monday.",
    ],
)
def test_false_friends_and_diplomacy_are_not_reported(text: str) -> None:
    """Words of violence in another sense, accidents and meetings are no reported events."""
    assert [event for event in reported(text) if event.event_type != "Battles" or "cup" not in text] == []


def test_a_response_is_another_event() -> None:
    """What a happening responds to is told as an event of its own, without the first one's victims."""
    events = reported("The army shelled the town in response to a car bomb that killed two guards.")
    assert [event.sub_event_type for event in events] == [
        "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED",
    ]
    assert events[0].fatalities is None
    assert events[1].fatalities
    assert events[1].fatalities.minimum == 2


def test_two_weapons_at_two_places_stay_two_events() -> None:
    """A strike told as the motive of another is not swallowed by it."""
    events = reported("The army fired missiles at the port in revenge for an air strike near the capital.")
    assert [event.sub_event_type for event in events] == ["Shelling/artillery/missile attack", "Air/drone strike"]


def test_a_definite_mention_leans_on_what_it_retells() -> None:
    """A definite mention ("the attack") takes its type from the mention before it, and names it for the merge."""
    text = "Fighters fired rockets at a camp on Monday. No one was injured in the attack."
    first, second = find(text)
    assert second.sub_event_type == "Shelling/artillery/missile attack"
    assert second.reasons["leans_on"] == f"{first.start}-{first.end}"


def test_a_mere_likeness_is_no_retelling() -> None:
    """An indefinite vague mention takes the neighbour's type but does not lean on it."""
    text = "Warplanes bombed the depot on Sunday. In February he had ordered limited attacks in the south."
    *_, last = find(text)
    assert last.sub_event_type == "Air/drone strike"
    assert "typed_by" in last.reasons
    assert "leans_on" not in last.reasons


@pytest.mark.parametrize(
    "days",
    [("on Monday", "on Friday"), ("on 26 April", "on 3 May"), ("on April 26", "on May 3")],
)
def test_a_deed_of_another_day_takes_no_type_from_its_neighbour(days: tuple[str, str]) -> None:
    """A mayor killed a week after a car bomb was not killed by it."""
    town = "The town is old. Its port is small. Its market is known for its spices."
    text = f"{town} A car bomb exploded there {days[0]}. A mayor was killed at her house {days[1]}."
    bomb, mayor = reported(text)
    assert (bomb.sub_event_type, mayor.sub_event_type) == ("Remote explosive/landmine/IED", "Attack")
    same = text.replace(days[1], days[0])
    assert reported(same)[1].sub_event_type == bomb.sub_event_type


def test_protests_take_the_gravest_turn_of_their_course() -> None:
    """A march that police broke up two sentences later was met by intervention from the start."""
    text = "Hundreds marched through the city. They sang. Police used tear gas against the protesters."
    assert {event.sub_event_type for event in reported(text)} == {"Protest with intervention"}


def test_the_arrest_of_a_suspect_is_an_aftermath() -> None:
    """An arrest told right after its crime or before it is folded into it; further off it leans on it."""
    (shooting,) = find("A gunman shot three people in a bar. A suspect was arrested an hour later.")
    assert shooting.reasons["fused"] == "51-59"
    (shooting,) = find("A suspect was arrested. He had shot a man.")
    assert shooting.sub_event_type == "Attack"
    far = "A gunman shot three people in a bar. The street is long. It was dark. It rained. A suspect was arrested."
    arrest = next(event for event in find(far) if event.sub_event_type == "Arrests")
    assert arrest.reasons["aftermath"] == 1.0
    assert arrest.reasons["leans_on"] == "9-13"


def test_an_arrest_without_a_crime_stands_alone() -> None:
    """Mass and notable arrests are incidents."""
    assert only("Police arrested 300 members of the movement overnight.").sub_event_type == "Arrests"


def test_a_death_without_a_cause_is_no_event() -> None:
    """Somebody who died or was hurt of nothing told here makes no event."""
    assert find("The old poet died on Friday.") == []


@pytest.mark.parametrize(
    ("text", "count", "series"),
    [
        ("At least five drone attacks have hit the base since April.", 5, True),
        ("Several rocket attacks hit the base.", 1, True),
        ("A string of bombings shook the city.", 1, True),
        ("Two bombings shook the bazaar.", 2, True),
        ("A car bomb exploded in the bazaar.", 1, False),
    ],
)
def test_a_series_told_as_one_carries_its_number(text: str, count: int, *, series: bool) -> None:
    """A number counts the events; a vague plural is one event marked as a series."""
    event = only(text)
    assert event.event_count == count
    assert ("series" in event.reasons) == series


def test_a_plural_that_is_only_spoken_of_is_generic() -> None:
    """The attacks "in response to rocket attacks" are no happening of their own; strikes "carried out" are."""
    events = {event.text: event for event in find("The army carried out air strikes in response to rocket attacks.")}
    assert "generic" in events["rocket attacks"].reasons
    assert "generic" not in events["air strikes"].reasons


@pytest.mark.parametrize(
    ("text", "actors", "targets", "weapon"),
    [
        ("Iran-backed militias fired rockets at US troops.", ("Iran-backed militias",), ("US troops",), "rockets"),
        ("The convoy was attacked by unidentified gunmen.", ("unidentified gunmen",), ("convoy",), ""),
        ("Turkey carried out air strikes against Kurdish rebels.", ("Turkey",), ("Kurdish rebels",), "air strikes"),
        ("The US announced that it launched airstrikes.", ("US",), (), "airstrikes"),
        ("Gunmen shot a judge with an AK-47.", ("Gunmen",), ("judge",), "AK-47"),
        ("Fourteen soldiers died in an assault on a market.", (), ("market",), ""),
    ],
)
def test_actors_targets_and_weapons_are_named_as_told(
    text: str, actors: tuple[str, ...], targets: tuple[str, ...], weapon: str
) -> None:
    """Active and passive, "against" and "by": who, whom and what with, in the words of the report."""
    event = only(text)
    assert event.actors == actors
    assert event.targets == targets
    assert not weapon or weapon in event.weapons


def test_given_spans_get_one_event_each_in_order() -> None:
    """Every given span has exactly one event with its own offsets, whatever the lexicon finds there."""
    text = "Troops shelled the hill and three men were killed near the mill."
    spans = [(text.index(word), text.index(word) + len(word)) for word in ("killed", "shelled", "hill")]
    events = find(text, given=spans)
    assert [(event.start, event.end) for event in events] == spans
    assert events[1].sub_event_type == "Shelling/artillery/missile attack"
    assert find(text, given=[]) == []


def test_given_spans_of_a_text_without_words() -> None:
    """A span in a text of no words still has its event."""
    assert [event.text for event in find("...", given=[(0, 3)])] == ["..."]
    assert len(find("", given=[(0, 0)])) == 1


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(text: str) -> None:
    """No text crashes the reader, and each event slices back to its trigger."""
    for event in find(text):
        assert text[event.start : event.end] == event.text
        assert event.modality in MODALITIES
        assert event.sub_event_type in EVENT_TYPES[event.event_type]


WORDS = st.sampled_from(
    [
        *[
            "the",
            "a",
            "gunmen",
            "killed",
            "attack",
            "on",
            "bomb",
            "five",
            "at least",
            "no one",
            "was",
            "were",
            "injured",
        ],
        *[
            "police",
            "protesters",
            "fired",
            "rockets",
            ",",
            ".",
            "12",
            "soldiers",
            "and",
            "including",
            "two",
            "children",
        ],
        *["in", "Mosul", "denied", "will", "if", "not", "captured", "town", "IED's", "suicide-bomber", "between"],
    ]
)


@given(st.lists(WORDS, max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_order_of_event_words_is_read(words: list[str]) -> None:
    """Triggers, numbers and cues in any order make sorted events with sound counts."""
    text = " ".join(words)
    events = find(text)
    assert [event.start for event in events] == sorted(event.start for event in events)
    for count in (c for event in events for c in (event.fatalities, event.injured) if c):
        assert count.minimum >= 0
        assert count.maximum is None or count.minimum <= count.maximum
        assert 0 <= count.start < count.end <= len(text)


@pytest.mark.parametrize(
    "unit",
    ["a", "A", "1", ",", "'", ".", " ", "\n", "-", "(", "é", "1,", "a.", "killed ", "no one ", "the attack. "],
)
def test_a_megabyte_of_one_thing_is_read_in_time(unit: str) -> None:
    """The reader is linear: a megabyte of one character, or 50 kB of one word, takes seconds at most."""
    size = 1_000_000 if len(unit) == 1 else 50_000
    start = time.perf_counter()
    find(unit * (size // len(unit)))
    assert time.perf_counter() - start < 30


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("Another attack hit the port.", True),
        ("Elsewhere, gunmen killed a priest.", True),
        ("In a separate incident rebels burned a bus.", True),
        ("Gunmen shot another man in the bar.", False),
        ("Three others were hurt when gunmen opened fire.", False),
        ("The attack killed a nurse.", False),
    ],
)
def test_another_happening_is_told_apart_from_another_person(text: str, apart: bool) -> None:  # noqa: FBT001
    """A note `apart` says that the words tell of a happening besides those before, not of another victim."""
    assert any("apart" in event.reasons for event in reported(text)) == apart


@pytest.mark.parametrize(
    "text",
    [
        "The shooting took place in the 1300 block of Mill Street.",
        "Police left a 10-year-old boy, a 37-year-old man and a 29-year-old woman at the shooting scene.",
    ],
)
def test_an_address_is_no_protest_and_an_age_no_aircraft(text: str) -> None:
    """That "1300 block of" names a street, "a 10-year-old" no A-10."""
    assert {event.sub_event_type for event in reported(text)} == {"Attack"}


def test_a_protest_that_is_only_the_setting_gives_no_type() -> None:
    """Who is shot dead during a rally was attacked; a rally that is shot at by police is another matter."""
    assert only("A gunman shot dead a candidate during a campaign rally.").sub_event_type == "Attack"
    shot = only("Police shot dead three protesters during a rally.")
    assert shot.sub_event_type == "Excessive force against protesters"
