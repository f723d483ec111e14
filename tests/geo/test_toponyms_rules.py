"""The rule reader: known names, weighed by the words beside them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.toponyms import find
from geo.toponyms.rules import RuleReader

KNOWN = {
    "baghdad": {"settlement"},
    "iraq": {"country"},
    "syria": {"country"},
    "iran": {"country"},
    "us": {"country"},
    "united states": {"country"},
    "syrian": {"demonym"},
    "mosul": {"settlement"},
    "kirby": {"settlement"},
    "march": {"settlement"},
    "manchester": {"settlement"},
    "laurel": {"settlement"},
    "laurel county": {"admin2"},
    "anbar": {"admin1"},
    "springfield": {"settlement"},
    "illinois": {"admin1"},
    "دمشق": {"settlement"},
    "syria-iraq": {"border"},
}


class Names:
    """A gazetteer of a few names."""

    def known(self, name: str) -> frozenset[str]:
        """The kinds of the name."""
        return frozenset(KNOWN.get(name.casefold(), ()))


def read(text: str) -> dict[str, bool]:
    """Each toponym's text and whether it is literal."""
    return {t.text: t.literal for t in find(text, names=Names(), reader=RuleReader())}


def test_places_after_prepositions_are_literal() -> None:
    """What follows "in" or "near" is a place, and the place itself."""
    assert read("A bomb went off in Baghdad and another near Mosul.") == {"Baghdad": True, "Mosul": True}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The US airstrikes went on.", "US"),
        ("Iran-backed groups moved.", "Iran"),
        ("Later Iran condemned the raid.", "Iran"),
        ("A student of Manchester University spoke in Iraq.", "Manchester"),
        ("They fought the Syrian army.", "Syrian"),
    ],
)
def test_governments_teams_and_demonyms_are_associative(text: str, name: str) -> None:
    """Who acts in a place's name is not the place."""
    assert read(text)[name] is False


def test_a_demonym_says_so() -> None:
    """A demonym carries its kind, so that nobody puts an incident there."""
    (toponym,) = find("The Syrian army left.", names=Names(), reader=RuleReader())
    assert (toponym.kind, toponym.literal) == ("demonym", False)


def test_persons_and_months_are_no_places() -> None:
    """A family name, and the month of March, are towns somewhere and no places here."""
    assert read("Spokesman John Kirby said so in March. Kirby left.") == {}


def test_a_border_names_two_places() -> None:
    """Both sides of a hyphen are read."""
    assert read("They met at the Syria-Iraq border.") == {"Syria": True, "Iraq": True}


def test_kind_words_join_the_name_where_capitalised() -> None:
    """The name "Laurel County" is one name; "Anbar province" is the name Anbar, known to be a province."""
    assert read("Deputies in Laurel County said so.") == {"Laurel County": True}
    (toponym,) = find("Fighters left Anbar province.", names=Names(), reader=RuleReader())
    assert (toponym.text, toponym.kind) == ("Anbar", "admin1")


def test_a_name_and_its_state_vouch_for_each_other() -> None:
    """In "X, Y" both are read."""
    assert read("Springfield, Illinois, has a mayor.") == {"Springfield": True, "Illinois": True}


def test_capitals_and_lower_case_are_read() -> None:
    """Text without letter case keeps its countries and what follows a preposition."""
    assert "SYRIA" in read("ROCKETS WERE FIRED IN SYRIA ON FRIDAY NIGHT")
    assert "baghdad" in read("two bombs went off in baghdad on friday")


def test_another_script_is_read() -> None:
    """A name in Arabic letters is found where the gazetteer has it."""
    assert "دمشق" in read("The governor of دمشق spoke.")


@given(st.text(max_size=300))
def test_any_text_gives_ordered_spans_that_slice_back(text: str) -> None:
    """No text crashes the reader; spans are in order, apart, and slice back to their text."""
    end = 0
    for toponym in find(text, names=Names(), reader=RuleReader()):
        assert toponym.start >= end
        assert text[toponym.start : toponym.end] == toponym.text
        end = toponym.end


@pytest.mark.parametrize("unit", ["a", "A", ".", "A ", "A.", "-", "A-", "\n", "\u202e", "漢", "é", "'", "Iraq "])
def test_a_long_line_of_anything_takes_seconds(unit: str) -> None:
    """The reader's time grows with the text, not with its square."""
    text = unit * (300_000 // len(unit))
    started = time.perf_counter()
    find(text, names=Names(), reader=RuleReader())
    assert time.perf_counter() - started < 15
