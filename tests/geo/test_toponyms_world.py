"""Sentences from all regions of the world: the names are found, and land in their countries."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from geo.resolve import resolve
from geo.toponyms import find

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer
    from geo.resolve import Resolved

MARKED = re.compile(r"\[([^|\]]+)\|([A-Z]*)\]")
Span = tuple[int, int]


def unmarked(line: str) -> tuple[str, dict[Span, str]]:
    """The plain sentence, and each name's span with its country."""
    text, gold, done = "", {}, 0
    for match in MARKED.finditer(line):
        text += line[done : match.start()]
        gold[len(text), len(text) + len(match[1])] = match[2]
        text += match[1]
        done = match.end()
    return text + line[done:], gold


@pytest.fixture(scope="module")
def read(gazetteer: Gazetteer) -> list[tuple[dict[Span, str], dict[Span, Resolved]]]:
    """Each sentence's names and the answers for it, demonyms left out unless they are marked."""
    lines = (Path(__file__).parent / "toponyms_world.txt").read_text(encoding="utf-8").splitlines()
    told = []
    for text, gold in (unmarked(line) for line in lines if not line.startswith("#")):
        answers = resolve(text, find(text, names=gazetteer), find=gazetteer.find)
        spans = {(a.toponym.start, a.toponym.end): a for a in answers}
        told.append((gold, {span: a for span, a in spans.items() if span in gold or a.toponym.kind != "demonym"}))
    return told


def test_the_names_are_found(read: list[tuple[dict[Span, str], dict[Span, Resolved]]]) -> None:
    """Precision and recall with the very spans."""
    right = sum(len(gold.keys() & answers.keys()) for gold, answers in read)
    assert right >= 0.94 * sum(len(answers) for _, answers in read)
    assert right >= 0.94 * sum(len(gold) for gold, _ in read)


def test_the_names_land_in_their_countries(read: list[tuple[dict[Span, str], dict[Span, Resolved]]]) -> None:
    """Found and placed: a name that is not found counts as wrong."""
    asked = [(span, iso, answers) for gold, answers in read for span, iso in gold.items() if iso]
    placed = [(iso, answers[span].place) for span, iso, answers in asked if span in answers]
    right = sum(place is not None and iso in place.countries for iso, place in placed)
    assert right >= 0.88 * len(asked)


def test_hardly_a_name_lands_in_another_country(read: list[tuple[dict[Span, str], dict[Span, Resolved]]]) -> None:
    """What is not known stays without a place rather than landing on a namesake."""
    asked = [(iso, answers[span].place) for gold, answers in read for span, iso in gold.items() if span in answers]
    wrong = sum(place is not None and bool(iso) and iso not in place.countries for iso, place in asked)
    assert wrong <= 0.02 * len(asked)
