"""Which place and which time belong to an event."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from geo.incidents.datelines import dateline_end
from geo.incidents.moments import is_said_time
from geo.incidents.reading import read_text

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

TUESDAY = dt.date(2021, 6, 29)


def linked(gazetteer: Gazetteer, text: str, trigger: str) -> tuple[list[str], str]:
    """The places and the day linked to the trigger."""
    start = text.index(trigger)
    reading = read_text(text, published=TUESDAY, gazetteer=gazetteer, triggers=[(start, start + len(trigger))])
    link = reading.links[0]
    return [site.text for site in link.sites], str(link.time.date_start) if link.time else ""


@pytest.mark.parametrize(
    ("text", "trigger", "places"),
    [
        ("Gunmen killed two farmers in Kirkuk, police in Baghdad said.", "killed", ["Kirkuk"]),
        ("Officials in Baghdad said that gunmen killed two farmers in Kirkuk.", "killed", ["Kirkuk"]),
        ("Rockets fired from Lebanon hit a house in Haifa.", "hit", ["Haifa"]),
        ("Bombs exploded in Mosul and Kirkuk on Monday.", "exploded", ["Mosul", "Kirkuk"]),
        ("A bomb exploded in Mosul, in Nineveh province.", "exploded", ["Mosul"]),
        ("In Basra, demonstrators burned tyres.", "burned", ["Basra"]),
        ("MOGADISHU, June 10 (Wire) - A bomb exploded in the Somali capital.", "exploded", ["the Somali capital"]),
        ("A mortar shell fell outside the U.S. consulate in Erbil on Sunday.", "fell", ["Erbil"]),
        ("Rockets hit a base of French troops near Gao in Mali on Sunday.", "hit", ["near Gao"]),
        ("The wounded were flown to Amman after the blast in Mosul.", "blast", ["Mosul"]),
    ],
)
def test_the_place_where_it_happened(gazetteer: Gazetteer, text: str, trigger: str, places: list[str]) -> None:
    """Not the spokesman's city, nor where rockets came from, nor the hospital; the finest place of a chain."""
    assert sorted(linked(gazetteer, text, trigger)[0]) == sorted(places)


@pytest.mark.parametrize(
    ("text", "trigger", "day"),
    [
        ("Gunmen killed two farmers in Kirkuk on Sunday, police said on Monday.", "killed", "2021-06-27"),
        ("The army said on Monday that gunmen killed two farmers in Kirkuk.", "killed", "2021-06-28"),
        ("A bomb exploded in Mosul on Friday, a day after gunmen fled Kirkuk.", "exploded", "2021-06-25"),
    ],
)
def test_the_day_when_it_happened(gazetteer: Gazetteer, text: str, trigger: str, day: str) -> None:
    """The day of the deed before the day of the saying; the latter where nothing else is told."""
    assert linked(gazetteer, text, trigger)[1] == day


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("MOSUL, Iraq, June 28 (Agency) - Gunmen", "-"),
        ("NIAMEY, Niger - At least", "- "),
        ("LA PAZ, 12 JAN 90 (EFE) -- [TEXT] GUNMEN", "--"),
        ("Gunmen killed two - at least - in Kirkuk.", ""),
    ],
)
def test_dateline_ends(text: str, end: str) -> None:
    """A dateline is told from the first sentence, and a sentence with dashes is none."""
    assert text[: dateline_end(text)].endswith(end)
    assert bool(dateline_end(text)) == bool(end)


def test_the_time_of_saying() -> None:
    """That "said on Monday" and "on Wednesday said" tell when it was said."""
    assert is_said_time("The ministry said on ", "")
    assert is_said_time("On ", " said that")
    assert not is_said_time("killed two on ", ".")
