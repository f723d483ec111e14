"""Which time of a sentence is when its event happened."""

from __future__ import annotations

import datetime as dt

import pytest

from geo import events, times
from geo.incidents.clauses import Clauses
from geo.incidents.moments import MomentFinder

PUBLISHED = dt.date(2023, 5, 16)


def days(text: str, trigger: str) -> str:
    """The first day linked to the event with the trigger, "" where its sentence tells none."""
    found = events.find(text)
    finder = MomentFinder(
        Clauses(text, found), times.find(text, published=PUBLISHED), published=PUBLISHED, dateline_end=0
    )
    event = next(event for event in found if event.text == trigger)
    moment = finder.choose(event)
    return str(moment.time.date_start) if moment.time else ""


@pytest.mark.parametrize(
    ("text", "trigger", "day"),
    [
        ("On Sunday police released the names of those killed in Friday's shooting.", "shooting", "2023-05-12"),
        ("Police said on Monday they had a suspect in the May 7 attack on a bus.", "attack", "2023-05-07"),
        ("A man was arrested on Monday after the bombing of a bar on Saturday.", "bombing", "2023-05-13"),
        (
            "He was charged Monday in a drive-by shooting that killed a nurse on 3 May.",
            "drive-by shooting",
            "2023-05-03",
        ),
        ("The funeral was held on Sunday for four monks killed in Thursday night's raid.", "raid", "2023-05-11"),
        ("Gunmen attacked a mosque on Friday, officials said on Sunday.", "attacked", "2023-05-12"),
    ],
)
def test_a_day_that_names_the_deed_beats_the_day_of_what_followed(text: str, trigger: str, day: str) -> None:
    """Days of arrests, charges, funerals and statements are not the day of the deed beside them."""
    assert days(text, trigger) == day


def test_the_day_of_an_arrest_is_that_of_the_arrest() -> None:
    """The verb of an event takes its own day, though the same verb tells what followed another deed."""
    assert days("Police arrested 300 members of the movement on Sunday.", "arrested") == "2023-05-14"


def test_since_tells_the_beginning_of_a_single_event() -> None:
    """A single event "since 2021" began in that year."""
    assert days("The town has been occupied by rebels since 2021.", "occupied") == "2021-01-01"
