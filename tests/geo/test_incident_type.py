"""What an incident is called and when it was, whose tellings differ."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from geo.events import find
from geo.incidents.incident import time_order, type_order

if TYPE_CHECKING:
    from geo.incidents.mention import Mention


def told(text: str, order: int) -> Mention:
    """A mention of the first event of a text, as far as its type is asked for."""
    return cast("Mention", SimpleNamespace(event=find(text)[0], order=order, cues=frozenset()))


@pytest.mark.parametrize(
    "aside",
    ["Police arrested a commander.", "The two sides signed a truce.", "The army deployed troops to the border."],
)
def test_violence_names_the_incident_before_what_came_of_it(aside: str) -> None:
    """An arrest, a truce or a deployment told beside a killing does not name it, though its type is surer."""
    killing, other = told("Two judges were killed.", 1), told(aside, 0)
    assert min([other, killing], key=type_order) is killing


def test_wounds_name_the_incident_before_an_arrest_but_nobody_hurt_does_not() -> None:
    """Who was hurt by shells is the shelling, whatever burned; a sentence on nobody hurt leaves the arson an arson."""
    arson = told("Rebels burned four trucks.", 0)
    hurt, unhurt = told("Nine men were wounded by shells.", 1), told("No one was hurt by the shells.", 1)
    assert min([arson, hurt], key=type_order) is hurt
    assert min([arson, unhurt], key=type_order) is arson


def dated(text: str, first: int, last: int, *, how: str = "sentence", said: bool = False) -> Mention:
    """A mention of the first event of a text with days of May 2021, as far as its time is asked for."""
    days = {"first": dt.date(2021, 5, first), "last": dt.date(2021, 5, last)}
    link = SimpleNamespace(time_how=how)
    return cast("Mention", SimpleNamespace(event=find(text)[0], order=0, link=link, said=said, **days))


def test_the_day_of_an_arrest_is_not_that_of_the_deed() -> None:
    """A day that is told for an arrest gives way to one that is only lent to the deed."""
    arrest = dated("Police arrested a commander.", 20, 20)
    deed = dated("Two judges were killed.", 12, 12, how="context")
    assert min([arrest, deed], key=time_order) is deed


def test_a_day_of_saying_gives_way_to_a_day_but_not_to_a_month() -> None:
    """When somebody spoke is less than the day of the deed, and more than the month of it."""
    spoken = dated("Two judges were killed.", 20, 20, said=True)
    told_day, told_month = dated("Two judges were killed.", 18, 18), dated("Two judges were killed.", 1, 31)
    assert min([spoken, told_day], key=time_order) is told_day
    assert min([spoken, told_month], key=time_order) is spoken
