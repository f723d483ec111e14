"""Words of many senses tell an event only in company: of arms, of those who bear them, of victims, of clearer words."""

from __future__ import annotations

from functools import partial

import pytest

from geo import events
from geo.events import lexicon

find = partial(events.find, learned=False)
"""The tables alone."""


def reported(text: str) -> list[str]:
    """The triggers of the reported events, in order."""
    return [event.text for event in find(text) if event.modality == "reported"]


@pytest.mark.parametrize(
    "text",
    [
        "The storm passed east of the lake.",
        "Her winning shot came in the last second.",
        "Hard work and a good cook: the kitchen fought for its star.",
        "The show slashed its prices while the shop lost its season.",
        "The firm deployed a new till. It relocated in May.",
        "The rally of the old cars begins at noon.",
        "Guests sit in the garden, where the heart starts beating faster.",
        "A tunnel leads through the granite to the lake.",
    ],
)
def test_a_loose_word_alone_is_no_event(text: str) -> None:
    """In a text that has nothing but loose words they have their harmless sense."""
    assert reported(text) == []


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("Gunmen stormed the hotel.", "stormed"),
        ("A cyclist was shot on the ring road.", "shot"),
        ("Soldiers fought the rebels at the ford.", "fought"),
        ("Hundreds of nurses rallied in the square.", "rallied"),
        ("Police raided the bar.", "raided"),
        ("Fighting broke out near the ford.", "Fighting"),
        ("Four people died in an attack at the ford.", "attack"),
    ],
)
def test_company_in_the_sentence_vouches(text: str, trigger: str) -> None:
    """Arms, armed people, crowds and victims in its own sentence make the word an event."""
    assert trigger in reported(text)


def test_a_clear_word_elsewhere_vouches_for_the_text() -> None:
    """What is told in words of one sense elsewhere says what the text is about."""
    assert reported("The shot came from a hill. It hit nobody.") == []
    assert "shot" in reported("The shot came from a hill. Bandits had kidnapped a driver there.")


def test_a_given_span_needs_no_company() -> None:
    """Who gives a span says that it is an event."""
    text = "The storm passed east of the lake."
    assert len(find(text, given=[(4, 9)])) == 1


def test_the_loose_words_are_words_of_the_lexicon() -> None:
    """A loose word that no trigger begins with or holds would never be asked for."""
    forms = {
        form
        for row in lexicon.rows()
        for pattern in row.patterns
        for form in pattern.replace("[", "").replace("]", "").split()
    }
    stems = {form.partition("/")[0] for form in forms}
    loose = [term.partition("/")[0] for term in lexicon.words()["company"]["loose"]]
    known = {
        word for word in loose if any(lexicon.forms(word, "nv") & {stem, *lexicon.forms(stem, "nv")} for stem in stems)
    }
    assert known == set(loose)


@pytest.mark.parametrize(
    "text",
    [
        "Five miners were killed when a tunnel collapsed.",
        "A gas cylinder exploded in an inn, killing four guests.",
        "A wildfire destroyed 300 homes and killed two people.",
        "An airliner crashed on landing and 68 people were killed.",
        "A flood killed nine people in the valley.",
    ],
)
def test_a_mishap_has_no_victims_of_violence(text: str) -> None:
    """Accidents, disasters and illness are no incidents."""
    assert reported(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "A car bomb collapsed a building and killed nine people.",
        "Rebels shot down a helicopter, which crashed; two people were killed.",
        "A man crashed his car into a crowd and killed two people in the attack.",
    ],
)
def test_violence_beside_a_mishap_stays(text: str) -> None:
    """A crash or a collapse that arms or attackers brought about is an incident."""
    assert reported(text)
