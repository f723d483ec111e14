"""The lexicon file: every group's example sentences, and that what a domain expert writes is understood."""

from __future__ import annotations

import re
from functools import partial

import pytest

from geo import events
from geo.events import lexicon, types
from geo.events.model import TYPE_OF

find = partial(events.find, learned=False)
"""The tables alone."""

ROWS = lexicon.rows()


def _id(row: lexicon.Row) -> str:
    return f"{row.meaning}: {row.patterns[0]}"


@pytest.mark.parametrize("row", ROWS, ids=_id)
def test_an_example_is_read_as_its_group_says(row: lexicon.Row) -> None:
    """Each example yields a reported event that this group triggered, or nothing for a false friend."""
    for example in row.examples:
        events = [event for event in find(example) if event.modality in {"reported", "diplomatic"}]
        if row.meaning == "none":
            assert events == [], example
            continue
        meanings = {str(event.reasons["meaning"]) for event in events}
        assert row.meaning in meanings, (example, [(e.text, e.sub_event_type) for e in events])
        if row.meaning in TYPE_OF:
            assert row.meaning in {event.sub_event_type for event in events}, example


@pytest.mark.parametrize("row", ROWS, ids=_id)
def test_every_group_has_an_example(row: lexicon.Row) -> None:
    """A group without an example, or with one that is no sentence, cannot be checked."""
    assert row.examples
    assert all(re.fullmatch(r"[A-Z0-9].*[.]", example) for example in row.examples)


def test_every_open_meaning_has_a_rule() -> None:
    """What a group may mean beside a type is settled by a rule of geo.events.types."""
    assert types.known_meanings() == lexicon.OPEN_MEANINGS


def test_no_pattern_stands_in_two_groups() -> None:
    """Of two equal patterns only the first would ever count."""
    seen: dict[str, str] = {}
    twice = []
    for row in ROWS:
        for pattern in row.patterns:
            if pattern in seen:
                twice.append((pattern, seen[pattern], row.meaning))
            seen[pattern] = row.meaning
    assert twice == []


def test_every_class_a_pattern_names_exists() -> None:
    """A misspelt class would silently never match."""
    classes = set(lexicon.words()["classes"])
    named = {
        term.lstrip("<>@[").rstrip("]")
        for row in ROWS
        for text in (*row.patterns, *row.needs, *row.unless)
        for term in text.split()
        if "@" in term
    }
    assert named <= classes
