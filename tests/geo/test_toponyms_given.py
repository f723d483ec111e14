"""Spans that somebody else found: what they are, and what the rest of the text adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from geo.resolve import resolve
from geo.toponyms import Toponym, given
from geo.toponyms.rules import RuleReader

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer


class Names:
    """A gazetteer of three names."""

    def known(self, name: str) -> frozenset[str]:
        """The kinds of the name."""
        known = {"iraq": {"country"}, "iraqi": {"demonym"}, "mosul": {"settlement"}}
        return frozenset(known.get(name.casefold(), ()))


class Fixed:
    """A reader that finds what it was told to."""

    def __init__(self, *found: Toponym) -> None:
        self.found = list(found)

    def find(self, text: str, *, names: object) -> list[Toponym]:
        """What it was told to find."""
        del text, names
        return self.found


def span(text: str, name: str) -> tuple[int, int]:
    """Where the name first stands."""
    return text.index(name), text.index(name) + len(name)


def test_a_span_that_the_reader_finds_is_what_the_reader_says() -> None:
    """Use, kind and score are the reader's."""
    text = "Mosul condemned it"
    found = Toponym(0, 5, "Mosul", literal=False, score=0.7, kind="settlement")
    assert given(text, [(0, 5)], names=Names(), reader=Fixed(found)) == ([found], [])


def test_a_span_that_the_reader_cuts_otherwise_is_as_literal_as_its_part() -> None:
    """The span stays as given; the reader's "Mosul" tells the use of "the city of Mosul"."""
    text = "He praised the city of Mosul."
    found = Toponym(*span(text, "Mosul"), "Mosul", literal=False)
    (toponym,), others = given(text, [span(text, "the city of Mosul")], names=Names(), reader=Fixed(found))
    assert (toponym.text, toponym.literal, others) == ("the city of Mosul", False, [])


def test_a_span_that_the_reader_misses_is_read_by_rule() -> None:
    """A demonym is no place by itself; a name after "in" is one."""
    text = "An Iraqi was killed in Mosul."
    (demonym, town), _ = given(text, [span(text, "Iraqi"), span(text, "Mosul")], names=Names(), reader=Fixed())
    assert (demonym.kind, demonym.literal, town.literal) == ("demonym", False, True)


def test_what_the_reader_finds_beside_the_spans_is_context() -> None:
    """It is handed on apart from the answers."""
    text = "Mosul, Iraq"
    found = [Toponym(0, 5, "Mosul"), Toponym(7, 11, "Iraq")]
    answers, others = given(text, [(0, 5)], names=Names(), reader=Fixed(*found))
    assert ([t.text for t in answers], [t.text for t in others]) == (["Mosul"], ["Iraq"])


@any_of(st.text(max_size=40), st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), max_size=6))
def test_any_spans_of_any_text_are_answered_once_each_in_order(text: str, spans: list[tuple[int, int]]) -> None:
    """Those outside the text, the empty and the doubled ones fall away; nothing else does."""
    answers, _ = given(text, spans, names=Names(), reader=RuleReader())
    wanted = sorted({(start, end) for start, end in spans if 0 <= start < end <= len(text)})
    assert [(t.start, t.end) for t in answers] == wanted
    assert all(t.text == text[t.start : t.end] for t in answers)


@pytest.mark.parametrize(("country", "wanted"), [("Spain", "ES"), ("Ohio", "US")])
def test_names_beside_a_given_span_decide_between_its_namesakes(
    country: str, wanted: str, gazetteer: Gazetteer
) -> None:
    """Toledo alone is asked about; the land named beside it says which."""
    text = f"The fire began in an old warehouse in Toledo, {country}, the mayor said."
    answers, others = given(text, [span(text, "Toledo")], names=gazetteer, reader=RuleReader())
    (answer,) = resolve(text, answers, find=gazetteer.find, context=others)
    assert answer.place is not None
    assert answer.place.countries == (wanted,)
