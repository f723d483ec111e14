"""Any register: wire copy in capitals, no capitals, bullets, left-over HTML, other scripts, other languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geo.resolve import resolve
from geo.toponyms import find
from geo.toponyms.words import words

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

READ = {
    "capitals": (
        "THREE SOLDIERS WERE KILLED WHEN A BOMB HIT THEIR VEHICLE NEAR MAIDUGURI IN BORNO STATE, NIGERIA, ON TUESDAY.",
        {"MAIDUGURI": "NG", "BORNO STATE": "NG", "NIGERIA": "NG"},
    ),
    "no capitals": (
        "three soldiers were killed when a bomb hit their truck near maiduguri in borno state, nigeria, police said.",
        {"maiduguri": "NG", "borno state": "NG", "nigeria": "NG"},
    ),
    "bullets": (
        "- Shelling of Kherson: two dead\n- Drone attack, Odesa region\n• Kharkiv, Saltivka district: fire put out",
        {"Kherson": "UA", "Odesa": "UA", "Kharkiv": "UA"},
    ),
    "left-over HTML": (
        "<p>At least 12 people died in <b>Goma</b>&nbsp;(DR Congo)</p><br/>Fighting also reached <i>Bukavu</i>.",
        {"Goma": "CD", "DR Congo": "CD", "Bukavu": "CD"},
    ),
    "other scripts": (
        "Clashes were reported in الحسكة (Hasakah) and in Дебальцево near Donetsk.",
        {"الحسكة": "SY", "Hasakah": "SY", "Дебальцево": "UA", "Donetsk": "UA"},
    ),
    "states' abbreviations": (
        "Two people were shot dead in New Orleans, La., one in St. Louis, Mo., and three in Gary, Ind.",
        {"New Orleans": "US", "La.": "US", "St. Louis": "US", "Mo.": "US", "Gary": "US", "Ind.": "US"},
    ),
    "possessive": ("Protesters in Kenya's Rift Valley blocked a road.", {"Kenya": "KE", "Rift Valley": "KE"}),
    "list": ("Jets struck Baalbek and Tyre. The government in Beirut protested.", {"Baalbek": "LB", "Tyre": "LB"}),
    "clumsy translation": (
        "In city Raqqa was happened explosion of the car, killed 4 civil, source of the Syria told.",
        {"Raqqa": "SY", "Syria": "SY"},
    ),
    "Spanish": (
        "Al menos cinco personas murieron en un ataque armado en Culiacán, Sinaloa, informó la fiscalía.",
        {"Culiacán": "MX", "Sinaloa": "MX"},
    ),
    "French": (
        "Une attaque à Djibo, dans le nord du Burkina Faso, a fait dix morts, selon des sources à Ouagadougou.",
        {"Djibo": "BF", "Burkina Faso": "BF", "Ouagadougou": "BF"},
    ),
    "German": (
        "Bei einem Angriff in Charkiw und Cherson wurden drei Menschen getötet, teilte die Ukraine mit.",
        {"Charkiw": "UA", "Cherson": "UA", "Ukraine": "UA"},
    ),
    "Turkish": (
        "Diyarbakır'ın Lice ilçesinde çıkan çatışmada iki asker öldü. İstanbul'da protestolar düzenlendi.",
        {"Diyarbakır": "TR", "Lice": "TR", "İstanbul": "TR"},
    ),
}


@pytest.mark.parametrize("register", READ)
def test_names_are_found_and_placed_in_any_register(register: str, gazetteer: Gazetteer) -> None:
    """Every name of the text is found with its very span, and lies in its country."""
    text, wanted = READ[register]
    answers = resolve(text, find(text, names=gazetteer), find=gazetteer.find)
    told = {answer.toponym.text: answer.place.countries[0] for answer in answers if answer.place}
    assert {name: told.get(name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("İstanbul'da", ["İstanbul", "'da"]),
        ("Sana'a", ["Sana'a"]),
        ("Na'in", ["Na'in"]),
        ("l'Ukraine", ["l'", "Ukraine"]),
        ("L'Aquila", ["L'Aquila"]),
        ("o'clock", ["o'clock"]),
        ("<b class='x'>Goma</b>&nbsp;", ["Goma"]),
        ("a < b and c > d", ["a", "<", "b", "and", "c", ">", "d"]),
        ("AT&T", ["AT", "&", "T"]),
    ],
)
def test_what_is_one_word(text: str, wanted: list[str]) -> None:
    """Case endings and joined articles are words of their own; tags and entities are none."""
    assert [word.text for word in words(text, 0, len(text))] == wanted


def test_a_window_of_many_pieces_is_read_to_its_end(gazetteer: Gazetteer) -> None:
    """Words of other scripts take the model many pieces each; the names behind them are found all the same."""
    text = " ".join(["Միջազգային"] * 60) + " fighters entered the town of Qamishli in Syria"
    assert {"Qamishli", "Syria"} <= {toponym.text for toponym in find(text, names=gazetteer)}
