"""Words, names and ages that two tellings share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import sentences
from geo.incidents.wording import Rarity, Wording, passages, wording

TEXT = "A hard night. A bomb went off in Tarsin. Zubeyda Marukh, 34, was hurt. Later a ferry sank. Nobody saw it."
BOMB, FERRY = TEXT.index("bomb"), TEXT.index("sank")


def test_a_sentence_goes_on_about_what_was_told_last() -> None:
    """Sentences without a trigger belong to the incident before them, the head to the first."""
    bomb, ferry = ([TEXT[start:end] for start, end in spans] for spans in passages(TEXT, [[BOMB], [FERRY]]))
    assert bomb == ["A hard night.", "A bomb went off in Tarsin.", "Zubeyda Marukh, 34, was hurt."]
    assert ferry == ["Later a ferry sank.", "Nobody saw it."]


def test_no_incident_has_no_passage() -> None:
    """A report without incidents gives none, an empty one too."""
    assert passages(TEXT, []) == []
    assert passages("", []) == []


def test_names_and_ages_are_kept_and_common_words_are_not() -> None:
    """What stands with a capital within a sentence is a name; ages in digits and words are numbers."""
    told = wording(TEXT, passages(TEXT, [[BOMB], [FERRY]])[0])
    assert {"tarsin", "marukh"} <= told.names <= told.words
    assert "in" not in told.words
    assert told.ages == {34}


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("A 12-year-old girl and a two-year-old boy.", {12, 2}),
        ("Two men aged 30 and a woman, 41, were shot.", {30, 41}),
        ("She was 12 years old.", {12}),
        ("He paid 34 dollars for 5 apples.", set()),
    ],
)
def test_ages(text: str, ages: set[int]) -> None:
    """The ways in which news tells an age, and numbers that are none."""
    assert wording(text, sentences.split(text)).ages == ages


def test_a_rare_name_tells_more_than_a_common_one() -> None:
    """What all reports hold tells nothing, what two of many hold tells much."""
    crowd = [[Wording(frozenset({"chicago"}), frozenset({"chicago"}))] for _ in range(98)]
    two = [[Wording(frozenset({"chicago", "marukh"}), frozenset({"chicago", "marukh"}))] for _ in range(2)]
    rarity = Rarity(crowd + two)
    assert rarity.shared({"chicago"}) == 0
    assert rarity.shared({"marukh"}) > 1
    assert rarity.of("marukh") > rarity.of("chicago")


@given(st.text(max_size=300))
def test_any_text_has_a_wording(text: str) -> None:
    """No text breaks it; names are among the words, and the words are few."""
    told = wording(text, sentences.split(text))
    assert told.names <= told.words
    assert len(told.words) <= 76
