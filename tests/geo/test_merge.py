"""Retellings: what is one incident and what is two, within a report and across reports."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from geo import schema
from geo.incidents import extract
from geo.incidents.alike import time_feature, type_feature
from geo.incidents.incident import Incident
from geo.incidents.mention import mentions
from geo.incidents.reading import read
from geo.reports import Report

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

MONDAY = dt.date(2021, 6, 28)


def rows(gazetteer: Gazetteer, *reports: tuple[str, dt.date]) -> list[dict[str, Any]]:
    """The incidents of reports given as (text, published)."""
    told = [Report(f"{number}.txt", text, published) for number, (text, published) in enumerate(reports)]
    return list(schema.records(extract(told, gazetteer=gazetteer).incidents))


def test_a_retelling_becomes_a_second_source(gazetteer: Gazetteer) -> None:
    """Two reports of one bombing are one row with both as sources; counts that differ become a range."""
    first = ("A car bomb killed six people in Mosul on Sunday.", MONDAY)
    second = ("Sunday's car bombing in Mosul killed eight people, doctors said.", MONDAY + dt.timedelta(days=1))
    found = rows(gazetteer, first, second)
    assert len(found) == 1
    assert found[0]["doc_ids"] == ["0.txt", "1.txt"]
    assert (found[0]["fatalities_min"], found[0]["fatalities_max"]) == (6, 8)


def test_the_day_that_most_reports_suit_stands(gazetteer: Gazetteer) -> None:
    """Reports that tell only the month do not outvote the one that tells its day."""
    told = "Gunmen shot dead four teachers at the Hamdaniya school in Mosul {}. Two pupils were wounded."
    days = ("in June", "on June 27", "in June")
    (row,) = rows(gazetteer, *((told.format(day), MONDAY) for day in days))
    assert str(row["date_start"]) == str(row["date_end"]) == "2021-06-27"


def test_other_towns_and_other_days_stay_apart(gazetteer: Gazetteer) -> None:
    """The same kind of incident in another town, or a week later, is another incident."""
    texts = [
        ("A car bomb killed six people in Mosul on Sunday.", MONDAY),
        ("A car bomb killed six people in Kirkuk on Sunday.", MONDAY),
        ("A car bomb killed six people in Mosul on Sunday.", MONDAY + dt.timedelta(days=7)),
    ]
    assert len(rows(gazetteer, *texts)) == 3


def test_a_definite_mention_resumes(gazetteer: Gazetteer) -> None:
    """That "the attack" of the next sentence is the incident already told."""
    text = "Gunmen attacked a checkpoint in Kirkuk on Sunday. The attack left three soldiers dead."
    found = rows(gazetteer, (text, MONDAY))
    assert len(found) == 1
    assert found[0]["fatalities_min"] == 3


def test_a_borrowed_type_is_no_evidence(gazetteer: Gazetteer) -> None:
    """An attack that takes its type from the bomb beside it is not for that of the same kind."""
    report = Report("0.txt", "A bomb exploded at a market in Mosul on Sunday. Polling stations were attacked.", MONDAY)
    bomb, attack = mentions(report, 0, read(report, gazetteer=gazetteer))
    assert bomb.event.sub_event_type == attack.event.sub_event_type
    assert type_feature(Incident([bomb]), attack) == "generic_type"


@pytest.mark.parametrize(
    ("lead", "body", "day"),
    [
        (
            "Gunmen killed a dozen villagers in an attack in northern Iraq, officials said on Monday. {}",
            "They stormed a hamlet near Tal Afar on Saturday evening and opened fire on a mosque.",
            "2021-06-26",
        ),
        (
            "The number of people killed in a bombing in northern Iraq has risen to 31, officials said on Monday. {}",
            "The explosion ripped through a market in Tal Afar on Friday.",
            "2021-06-25",
        ),
    ],
)
def test_the_day_of_saying_does_not_tell_apart(gazetteer: Gazetteer, lead: str, body: str, day: str) -> None:
    """A lead that tells only when officials spoke is the incident whose day the body tells; that day stands."""
    (row,) = rows(gazetteer, (lead.format(body), MONDAY))
    assert str(row["date_start"]) == day


def test_the_day_of_saying_is_no_day_of_an_older_deed(gazetteer: Gazetteer) -> None:
    """What happened weeks before somebody spoke of another deed is not that deed."""
    text = (
        "Gunmen killed a dozen villagers in an attack in Mosul, officials said on Monday.\n\n"
        "It was the second this month: on June 2, gunmen killed nine villagers in Mosul."
    )
    assert len(rows(gazetteer, (text, MONDAY))) == 2


def test_a_raid_in_the_heading_is_that_of_the_body(gazetteer: Gazetteer) -> None:
    """An undated heading that calls it a raid in a region tells of the dated assault there, and keeps its type."""
    text = (
        "Death toll rises after weekend raid in northern Iraq\n\nFourteen soldiers died in Saturday's assault on an "
        "army post near Mosul, a security source said. Fighters on motorcycles stormed the post at dawn."
    )
    (row,) = rows(gazetteer, (text, MONDAY))
    assert (row["sub_event_type"], str(row["date_start"]), row["fatalities_min"]) == ("Armed clash", "2021-06-26", 14)


@pytest.mark.parametrize(
    ("heading", "lead", "kind"),
    [
        ("Mosque bombing kills 31", "A suicide bomber blew himself up in Mosul on Sunday, killing 31.", "Suicide bomb"),
        ("Clashes in Mosul", "Crowds of two clans fought with stones in Mosul on Sunday.", "Mob violence"),
    ],
)
def test_the_words_below_name_what_a_heading_tells(gazetteer: Gazetteer, heading: str, lead: str, kind: str) -> None:
    """A heading tells shortly what the lead tells exactly: one incident, with the lead's type."""
    (row,) = rows(gazetteer, (f"{heading}\n\n{lead}", MONDAY))
    assert row["sub_event_type"] == kind


def test_a_heading_of_another_deed_stays(gazetteer: Gazetteer) -> None:
    """A heading with other dead is not what the lead tells."""
    text = "Mosque bombing in Basra kills 31\n\nGunmen shot dead two traders in Mosul on Sunday."
    assert len(rows(gazetteer, (text, MONDAY))) == 2


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Gunmen killed two guards in Kirkuk on Sunday.\n\nFour people were arrested, the mayor said.", "Attack"),
        (
            "Hundreds of students marched in Tunis on Sunday. Police fired tear gas at the crowd, who hurled stones.",
            "Violent demonstration",
        ),
        ("Three men were shot dead outside a club in Macon on Sunday. A woman, 31, died at the hospital.", "Attack"),
        ("Gunmen killed eleven villagers near Kirkuk on Sunday. Houses and barns were set on fire.", "Attack"),
    ],
)
def test_what_came_of_it_is_part_of_it(gazetteer: Gazetteer, text: str, kind: str) -> None:
    """Arrests and the turns of a protest told without place and day belong to the incident before, and are kept."""
    (row,) = rows(gazetteer, (text, MONDAY))
    assert row["sub_event_type"] == kind
    assert len(row["sources"]) > 1


def test_arrests_elsewhere_are_their_own(gazetteer: Gazetteer) -> None:
    """Arrests with a place and a day of their own are an incident, and those of a report that tells nothing before."""
    text = "Gunmen killed two guards in Kirkuk on Sunday.\n\nFour people were arrested in Basra on Monday."
    assert [row["sub_event_type"] for row in rows(gazetteer, (text, MONDAY))] == ["Attack", "Arrests"]
    assert len(rows(gazetteer, ("Four people were arrested.", MONDAY))) == 1


def test_another_is_another(gazetteer: Gazetteer) -> None:
    """What the text sets apart stays apart, though type and day agree."""
    text = "A car bomb killed six people in Mosul on Sunday. In Kirkuk, another car bomb wounded four people on Sunday."
    assert {row["place"] for row in rows(gazetteer, (text, MONDAY))} == {"Mosul", "Kirkuk"}


def test_the_order_of_reports_does_not_matter(gazetteer: Gazetteer) -> None:
    """The earliest report is the source that gives the id, in whatever order they are read."""
    early = Report("early", "A car bomb killed six people in Mosul on Sunday.", MONDAY)
    late = Report("late", "A car bomb in Mosul killed six people on Sunday.", MONDAY + dt.timedelta(days=1))
    ids = [
        [row["incident_id"] for row in schema.records(extract(told, gazetteer=gazetteer).incidents)]
        for told in ([early, late], [late, early])
    ]
    assert ids[0] == ids[1]


@pytest.mark.parametrize(
    ("text", "towns"),
    [
        ("Missiles struck Mosul, Erbil and Kirkuk on Sunday.", 3),
        ("Explosions were heard in Mosul and Kirkuk on Sunday.", 2),
        ("A bomb exploded between Mosul and Kirkuk on Sunday.", 1),
    ],
)
def test_what_happened_in_a_list_of_towns_happened_in_each(gazetteer: Gazetteer, text: str, towns: int) -> None:
    """More than two towns, or two with a plural, are one incident each."""
    assert len(rows(gazetteer, (text, MONDAY))) == towns


def test_others_who_were_also_hit_belong_to_the_deed(gazetteer: Gazetteer) -> None:
    """The word "also" beside people tells of more people, not of another deed."""
    text = "Gunmen attacked a post in Mosul on Sunday, killing 12 soldiers. Several assailants were also killed."
    assert len(rows(gazetteer, (text, MONDAY))) == 1


def test_guns_and_bombs_are_two(gazetteer: Gazetteer) -> None:
    """A shooting and a bombing of one day and town are two incidents, though "attack" may be either."""
    text = "A car bomb exploded in Mosul on Sunday. Gunmen opened fire on a judge in Mosul on Sunday."
    assert len(rows(gazetteer, (text, MONDAY))) == 2


def test_in_one_report_the_larger_number_stands(gazetteer: Gazetteer) -> None:
    """Parts and first counts are not added to the whole."""
    text = (
        "A car bomb killed six people in Mosul on Sunday. One of the dead was a child. The bombing wounded nine people."
    )
    found = rows(gazetteer, (text, MONDAY))
    assert [(row["fatalities_min"], row["fatalities_max"], row["injured_min"]) for row in found] == [(6, 6, 9)]


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        ((1, 1), (1, 1), "same_day"),
        ((1, 5), (4, 9), "overlap"),
        ((1, 1), (2, 2), "adjacent_day"),
        ((1, 1), (4, 4), "disjoint_time"),
    ],
)
def test_intervals(one: tuple[int, int], other: tuple[int, int], name: str) -> None:
    """Two intervals are the same day, overlap, touch, or lie apart."""
    first, last = (dt.date(2021, 6, day) for day in one)
    other_first, other_last = (dt.date(2021, 6, day) for day in other)
    assert time_feature(first, last, other_first, other_last) == name
    assert time_feature(other_first, other_last, first, last) == name


def told_twice(first: str, second: str) -> list[tuple[str, dt.date]]:
    """Two reports of one day."""
    return [(first, MONDAY), (second, MONDAY)]


def test_names_tie_what_place_and_day_do_not(gazetteer: Gazetteer) -> None:
    """A later report that names the victim tells of the same shooting, though it tells no day; others stay apart."""
    first = "Zubeyda Marukh, 34, was shot dead outside Tarsin Hall in Mosul on Sunday. Witness Ferhad Dolan fled."
    second = "The court heard that Zubeyda Marukh, 34, was shot dead at Tarsin Hall. Ferhad Dolan told what he saw."
    crowd = [(f"A man was shot dead in Basra on {day}.", MONDAY) for day in ("Friday", "Saturday")]
    found = rows(gazetteer, (first, MONDAY), *crowd, (second, MONDAY + dt.timedelta(days=200)))
    assert [row["doc_ids"] for row in found] == [["0.txt", "3.txt"], ["1.txt"], ["2.txt"]]


def test_reports_without_days_stay_apart(gazetteer: Gazetteer) -> None:
    """Undated reports that agree in type and place alone are not made one."""
    texts = ["Gunmen killed two people in Mosul.", "Gunmen killed a man in Mosul.", "Gunmen killed three in Mosul."]
    reports = [Report(f"{number}.txt", text) for number, text in enumerate(texts)]
    assert len(extract(reports, gazetteer=gazetteer).incidents) == 3


def test_each_merging_says_why(gazetteer: Gazetteer) -> None:
    """The reasons name what spoke for a retelling, and their sum."""
    first, second = told_twice(
        "A car bomb killed six people in Mosul on Sunday.", "Sunday's car bombing in Mosul killed six people."
    )
    (row,) = rows(gazetteer, first, second)
    parts = {name.removeprefix("merge.2."): why for name, why in row["reasons"].items() if name.startswith("merge.2.")}
    assert {"same_day", "same_place", "same_fatalities"} <= set(parts)
    assert parts.pop("score") == pytest.approx(sum(parts.values()), abs=0.01)


def test_who_said_what_is_kept(gazetteer: Gazetteer) -> None:
    """Where counts conflict the row has the range, and each source its own count."""
    first, second = told_twice(
        "A car bomb killed six people in Mosul on Sunday.", "Sunday's car bombing in Mosul killed eight people."
    )
    (row,) = rows(gazetteer, first, second)
    assert (row["fatalities_min"], row["fatalities_max"]) == (6, 8)
    assert [source["fatalities"] for source in row["sources"]] == [[6, 6], [8, 8]]


def test_a_report_is_never_merged_with_itself(gazetteer: Gazetteer) -> None:
    """What one report tells as two stays two, though another report tells of both."""
    two = "A car bomb killed six people in Mosul on Sunday. In Kirkuk, another car bomb killed four people on Sunday."
    found = rows(gazetteer, *told_twice(two, two))
    assert [(row["place"], row["doc_ids"]) for row in found] == [
        ("Mosul", ["0.txt", "1.txt"]),
        ("Kirkuk", ["0.txt", "1.txt"]),
    ]


def test_the_place_that_most_reports_tell_stands(gazetteer: Gazetteer) -> None:
    """One report that puts a shooting elsewhere does not outweigh those that agree."""
    named = "Zubeyda Marukh, 34, Ferhad Dolan, 51, and Rojan Tarsin, 19, were shot dead in {} on Sunday."
    found = rows(gazetteer, *((named.format(place), MONDAY) for place in ("Basra", "Mosul", "Mosul")))
    assert [(row["place"], len(row["doc_ids"])) for row in found] == [("Mosul", 3)]
