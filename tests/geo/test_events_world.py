"""Snippets of our own from every region and every sub-event type, written before the rules were looked at."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from geo.events import MODALITIES, TYPE_OF, find, tally

with (Path(__file__).parent / "events_world.toml").open("rb") as file:
    SNIPPETS = tomllib.load(file)["snippet"]
TALKED_OF = [
    ("negated", "No attack took place in Jalalabad on Friday, the governor said."),
    ("negated", "NO BOMB EXPLODED IN THE CAPITAL LAST NIGHT, THE POLICE CHIEF SAID."),
    ("negated", "The ceremony in Lahore ended without any attack."),
    ("negated", "There was no shelling of Donetsk overnight."),
    ("denied", "The army denied that its aircraft had bombed the village of Kafr Nabl on Sunday."),
    ("denied", "THE DEFENSE MINISTER DENIED THAT TROOPS KILLED FOUR PEASANTS IN USULUTAN."),
    ("denied", "Moscow dismissed reports that its forces had shelled the hospital in Chernihiv."),
    ("denied", "The group rejected allegations that it had kidnapped the priest in Cotabato."),
    ("planned", "Police said the men were planning to attack a synagogue in Brussels."),
    ("planned", "THE GUERRILLAS ARE PREPARING AN OFFENSIVE AGAINST THE CITY OF SAN MIGUEL, THE ARMY SAID."),
    ("planned", "A protest is scheduled for Friday in Dhaka."),
    ("planned", "The suspects had plotted to bomb a mosque in Kano."),
    ("threatened", "Al-Shabab threatened to bomb hotels in Nairobi."),
    ("threatened", "The commander vowed to retake the town of Menaka."),
    ("threatened", "THE EXTRADITABLES THREATENED TO KILL JUDGES IN MEDELLIN."),
    ("hypothetical", "If rebels attack the port of Mocha, shipping could be disrupted for months."),
    ("hypothetical", "Residents of Goma fear that the rebels may shell the airport."),
    ("hypothetical", "Unless talks resume, the insurgents might bomb pipelines in the delta."),
    ("exercise", "Troops simulated an air strike on an airfield near Busan during a joint exercise on Monday."),
    ("exercise", "Jets bombed mock targets during military exercises near Rajasthan."),
    ("exercise", "A mock attack on the airport in Lima tested the response."),
    ("historical", "The city will mark the anniversary of the 1995 massacre, in which 8,000 men were killed."),
    ("historical", "Decades ago soldiers massacred villagers in El Mozote."),
    ("historical", "In the 1980s guerrillas attacked the bridge at Cuscatlan many times."),
    ("diplomatic", "The foreign minister condemned the attack on Israel in a speech in Ankara on Monday."),
    ("diplomatic", "The presidents held talks in Astana about the war."),
    ("diplomatic", "The ambassador sent condolences over the bombing in Quetta."),
]
REPORTED = [
    "THREE PEOPLE WERE KILLED BY UNKNOWN INDIVIDUALS IN SANTIAGO.",
    "By gunmen of the militia it was attacked the school in Baga.",
    "The bombing of a bridge near Kherson was carried out by a drone.",
    "Following a shootout, two policemen lay dead in Tegucigalpa.",
    "A blast was heard and four were left injured in Cox's Bazar.",
    "The minister denied any involvement in the attack that killed two judges in Cali on Sunday.",
    "The president condemned Friday's attack on a market in Bosaso, which killed nine people.",
]


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet["text"][:40])
def test_a_snippet_is_read_as_a_coder_would(snippet: dict[str, Any]) -> None:
    """The first reported event has one of the sub-event types, and the report's tally the counts; -1 is an open end."""
    told = [event for event in find(snippet["text"]) if event.modality == "reported"]
    assert told[0].sub_event_type in snippet["types"]
    for name, count in zip(("killed", "injured"), tally(told), strict=True):
        read = [] if count is None else [count.minimum, -1 if count.maximum is None else count.maximum]
        assert read == snippet.get(name, read)


def test_the_snippets_show_every_sub_event_type() -> None:
    """No type of ACLED's is left untried."""
    assert {snippet["types"][0] for snippet in SNIPPETS} == set(TYPE_OF)


@pytest.mark.parametrize(("modality", "text"), TALKED_OF)
def test_what_did_not_happen_now_is_kept_apart(modality: str, text: str) -> None:
    """No event of the sentence is reported, and one has the modality that its words give it."""
    told = {event.modality for event in find(text)}
    assert modality in told
    assert "reported" not in told


def test_every_modality_is_tried() -> None:
    """The sentences show each way of telling."""
    assert {modality for modality, _ in TALKED_OF} | {"reported"} == set(MODALITIES)


@pytest.mark.parametrize("text", REPORTED)
def test_nouns_passives_and_clumsy_english_are_reported(text: str) -> None:
    """Capitals, nouns, passives, translated word order and a denial of one's part leave what happened reported."""
    assert "reported" in {event.modality for event in find(text)}


@pytest.mark.parametrize(
    "text",
    [
        "The opposition leader launched a scathing attack on the budget in parliament in Canberra on Monday.",
        "Officials counted 61 homicides in Baltimore so far this year.",
    ],
)
def test_figures_of_speech_and_statistics_count_nobody(text: str) -> None:
    """No one is killed by a speech, and a year's total belongs to no incident."""
    assert tally(event for event in find(text) if event.modality == "reported") == (None, None)
