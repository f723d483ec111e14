"""The pattern language of the lexicon."""

from __future__ import annotations

import pytest

from geo.events.patterns import Patterns, nouns, verbs
from geo.events.tokens import tokenize


def spans(pattern: str, text: str) -> list[str]:
    """The triggers that one pattern finds in a text."""
    patterns = Patterns({"man": ["men"]}, {"shoot": ["shot"]})
    patterns.add(pattern, "row")
    tokens = tokenize(text)
    return [tokens.slice(match.trigger_first, match.trigger_last) for match in patterns.find(tokens)]


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("attack", {"attack", "attacks", "attacked", "attacking"}),
        ("storm", {"storm", "storms", "stormed", "storming"}),
        ("seize", {"seize", "seizes", "seized", "seizing"}),
        ("rally", {"rally", "rallies", "rallied", "rallying"}),
        ("free", {"free", "frees", "freed", "freeing"}),
        ("shoot", {"shoot", "shoots", "shot", "shooting"}),
    ],
)
def test_a_verb_has_its_forms(word: str, forms: set[str]) -> None:
    """Regular and irregular verbs are found in all their forms."""
    assert forms <= verbs(word, {"shoot": ["shot"]})


def test_a_noun_has_its_plural() -> None:
    """Plurals in -s, -es, -ies, -men and irregular ones."""
    assert nouns("clash", {}) == {"clash", "clashes"}
    assert nouns("city", {}) == {"city", "cities"}
    assert nouns("gunman", {}) == {"gunman", "gunmen"}
    assert nouns("knife", {"knife": ["knives"]}) == {"knife", "knives"}


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("car bomb/n", "Two car-bombs and a car bomb.", ["car-bombs", "car bomb"]),
        ("fire/v .. rocket/n", "They fired at dawn three rockets.", ["fired"]),
        ("[fire/v] .. at", "They fired again at us.", ["fired"]),
        ("seize ~ town", "They seize the old town.", ["seize"]),
        ("seize ~ town", "They seize arms in the town.", []),
        ("fire .. rocket", "They fire. A rocket came.", []),
        ("fire .. rocket", "They fire, say men; a rocket came.", []),
        ("u.s. raid", "The U.S. raid began.", ["U.S. raid"]),
    ],
)
def test_a_pattern_finds_its_trigger(pattern: str, text: str, found: list[str]) -> None:
    """Hyphens are blanks; gaps keep within a sentence and off commas; object gaps off prepositions."""
    assert spans(pattern, text) == found


@pytest.mark.parametrize("pattern", ["", ".. bomb", "bomb .."])
def test_a_pattern_without_edges_is_refused(pattern: str) -> None:
    """A pattern begins and ends with a word: the expert is told so."""
    with pytest.raises(ValueError, match="begins and ends"):
        spans(pattern, "x")
