"""Time expressions of news: what they are worth in days, and what is none."""

from __future__ import annotations

import datetime as dt
import time as clock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.times import Time, dateline, find
from geo.times.patterns import patterns
from geo.times.search import matches

TUESDAY = dt.date(2021, 6, 29)


def read(text: str, published: dt.date | None = TUESDAY) -> list[Time]:
    """What is found in a text published on a Tuesday."""
    return find(text, published=published)


def only(text: str, published: dt.date | None = TUESDAY) -> Time:
    """The single time of a text."""
    times = read(text, published)
    assert len(times) == 1, times
    return times[0]


@pytest.mark.parametrize(
    ("text", "words", "value", "first", "last"),
    [
        ("Gunmen stormed the post on Sunday.", "Sunday", "2021-06-27", "2021-06-27", "2021-06-27"),
        ("A bridge was blown up on Monday.", "Monday", "2021-06-28", "2021-06-28", "2021-06-28"),
        ("Shots were heard on Tuesday.", "Tuesday", "2021-06-29", "2021-06-29", "2021-06-29"),
        ("He had ordered raids back in February.", "February", "2021-02", "2021-02-01", "2021-02-28"),
        ("Since April, rebels have burned four bridges.", "April", "2021-04", "2021-04-01", "2021-06-29"),
        ("The mayor was arrested in May.", "May", "2021-05", "2021-05-01", "2021-05-31"),
        ("Clashes broke out last week.", "last week", "2021-W25", "2021-06-21", "2021-06-27"),
        ("The market burned three days ago.", "three days ago", "2021-06-26", "2021-06-26", "2021-06-26"),
        ("On June 27 a convoy was hit.", "June 27", "2021-06-27", "2021-06-27", "2021-06-27"),
        ("On 27 June 2021 a convoy was hit.", "27 June 2021", "2021-06-27", "2021-06-27", "2021-06-27"),
        ("They fled yesterday evening.", "yesterday evening", "2021-06-28", "2021-06-28", "2021-06-28"),
        ("In the early hours of Tuesday guns fired.", "Tuesday", "2021-06-29", "2021-06-29", "2021-06-29"),
        ("It fell in the weekend of 26 June.", "26 June", "2021-06-26", "2021-06-26", "2021-06-26"),
        ("Troops left earlier this month.", "earlier this month", "2021-06", "2021-06-01", "2021-06-29"),
        (
            "Between 3 and 7 March the road was shut.",
            "3 and 7 March",
            "2021-03-03/2021-03-07",
            "2021-03-03",
            "2021-03-07",
        ),
        (
            "Raids went on from 3 to 7 March 2020.",
            "3 to 7 March 2020",
            "2020-03-03/2020-03-07",
            "2020-03-03",
            "2020-03-07",
        ),
        ("The truce of 27/06/2020 failed.", "27/06/2020", "2020-06-27", "2020-06-27", "2020-06-27"),
        ("The truce of 06/27/2020 failed.", "06/27/2020", "2020-06-27", "2020-06-27", "2020-06-27"),
        ("The village was shelled late last month.", "late last month", "2021-05", "2021-05-21", "2021-05-31"),
        ("Shelling resumed on Saturday night.", "Saturday night", "2021-06-26", "2021-06-26", "2021-06-26"),
        ("Two bombs went off last Friday.", "last Friday", "2021-06-25", "2021-06-25", "2021-06-25"),
        ("The dam was seized in late May 2019.", "late May 2019", "2019-05", "2019-05-21", "2019-05-31"),
        ("It happened over the weekend.", "the weekend", "2021-W25-WE", "2021-06-26", "2021-06-27"),
        ("The governor was shot in 2017.", "2017", "2017", "2017-01-01", "2017-12-31"),
        ("The raid of 2021-06-20 was costly.", "2021-06-20", "2021-06-20", "2021-06-20", "2021-06-20"),
        ("Ten years ago, the port was bombed.", "Ten years ago", "2011", "2011-01-01", "2011-12-31"),
    ],
)
def test_names_days(text: str, words: str, value: str, first: str, last: str) -> None:
    """An expression has its TIMEX3 value and the inclusive days it names, the latest that are not after publication."""
    time = next(time for time in read(text) if time.text == words)
    assert (time.value, str(time.date_start), str(time.date_end)) == (value, first, last)
    assert text[time.start : time.end] == words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The siege lasted three weeks.", "P3W"),
        ("A 16-hour gun battle followed.", "PT16H"),
        ("Shells fall on the town every day.", "P1D"),
        ("Patrols are now armed.", "PRESENT_REF"),
        ("Prices rose recently.", "PAST_REF"),
    ],
)
def test_durations_sets_and_references_name_no_day(text: str, value: str) -> None:
    """Durations, sets and "now" are annotated with their value and null dates."""
    time = only(text)
    assert (time.value, time.date_start, time.date_end) == (value, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "It was the second time he gave such an order.",
        "The rebels may attack again.",
        "Thousands march on the capital.",
        "Flight 2020 landed on Runway 19.",
        "Route 1990 was closed.",
        "They killed 2000 soldiers.",
        "Resolution 2118 was adopted.",
        "A 12-year-old boy was hurt.",
        "He sat in the front row and won 3-1.",
        "The lamps went out at 1930 in the harbour.",
    ],
)
def test_is_no_time(text: str) -> None:
    """Counts, numbers of flights and roads, "may", "march" and ages are no dates."""
    assert read(text) == []


def test_a_clock_has_no_day_of_its_own() -> None:
    """A clock time alone gives the clock and no day; beside a weekday it gives both."""
    time = only("Sirens sounded at 7.44 a.m. local time.")
    assert (time.clock, time.date_start) == ("07:44", None)
    time = only("Sirens sounded at 7:44 p.m. on Monday.")
    assert (time.clock, time.date_start) == ("19:44", dt.date(2021, 6, 28))


def test_since_with_a_time_ago() -> None:
    """A "since ... five months ago" runs from the first of that month to the publication."""
    time = only("It was his second raid since taking office five months ago.")
    assert (time.value, time.date_start, time.date_end) == ("2021-01", dt.date(2021, 1, 1), TUESDAY)


def test_a_day_earlier_beside_its_weekday() -> None:
    """An offset that its own weekday explains is that day."""
    times = read("A day earlier, on Sunday, planes had bombed the depot.")
    assert {time.date_start for time in times} == {dt.date(2021, 6, 27)}


def test_the_next_day_counts_from_the_day_named_last() -> None:
    """The text itself anchors "the next day" and "two days later"."""
    times = read("On 5 March 2020 the army attacked. The next day it withdrew. Two days later a truce held.")
    assert [time.value for time in times] == ["2020-03-05", "2020-03-06", "2020-03-08"]


def test_a_verb_that_looks_ahead_sends_a_weekday_forward() -> None:
    """That "will meet on Thursday" is after the publication; "said on Thursday" is before."""
    assert only("The ministers will meet on Thursday.").date_start == dt.date(2021, 7, 1)
    assert only("The minister said on Thursday it was over.").date_start == dt.date(2021, 6, 24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Crowds clashed with police in Dhaka on Sunday, three days ahead of a planned rally.", "2021-06-27"),
        ("They reject the vote that the president has called for 25 July.", "2021-07-25"),
        ("Schools may be closed on Monday.", "2021-07-05"),
        ("Crowds rallied ahead of elections on Sunday.", "2021-07-04"),
    ],
)
def test_which_way_the_words_beside_look(text: str, day: str) -> None:
    """A date before "ahead of" is past, one behind it is to come; so is what something is called for."""
    assert read(text)[0].value == day


@pytest.mark.parametrize("gap", [". ", ".\n\n"])
def test_a_sentence_that_ends_with_a_weekday_is_no_part_of_the_date_behind_it(gap: str) -> None:
    """Only an abbreviated weekday takes a full stop before its date: "Mon. June 2"."""
    assert [time.value for time in read(f"All was calm on Monday{gap}On June 2 a mill burned.")] == [
        "2021-06-28",
        "2021-06-02",
    ]
    assert only("A mill burned on Wed. June 2.").value == "2021-06-02"


def test_a_weekday_that_fits_no_near_year_is_a_slip() -> None:
    """4 August was a Wednesday in 2021 and a Tuesday in 2020: "Monday, 4 August" is still the last one."""
    assert only("They were seized on Monday, 4 August, at the mill.").value == "2020-08-04"
    assert only("They were seized on Tuesday, 4 August, at the mill.").value == "2020-08-04"


def test_four_digits_before_a_zone_are_a_clock() -> None:
    """A number such as 1515 GMT is a time of day and no year."""
    assert only("The mill burned at (1515 GMT) again.").clock == "15:15"
    assert only("The mill burned at 1930 local time.").clock == "19:30"


def test_what_another_clause_looks_ahead_to_sends_no_month_forward() -> None:
    """In "signed in October, and elections are due" October is past."""
    text = "Both sides signed a truce in Geneva in October, and the country is due to hold elections."
    assert only(text).date_start == dt.date(2020, 10, 1)


@pytest.mark.parametrize(
    ("words", "value", "first", "last"),
    [
        ("a week ago", "2021-W25", "2021-06-21", "2021-06-23"),
        ("three weeks ago", "2021-W23", "2021-06-05", "2021-06-11"),
    ],
)
def test_weeks_ago_lie_around_the_same_weekday(words: str, value: str, first: str, last: str) -> None:
    """The value is the week; the interval lies around the day so many weeks before."""
    time = only(f"The bridge was blown up {words}.")
    assert (time.value, str(time.date_start), str(time.date_end), time.precision) == (value, first, last, "days")


def test_ambiguous_slashes_follow_the_documents_other_dates() -> None:
    """03/04/2021 is read like the document's unambiguous dates."""
    assert read("Raids on 03/04/2021 and 25/04/2021.")[0].value == "2021-04-03"
    assert read("Raids on 03/04/2021 and 04/25/2021.")[0].value == "2021-03-04"


def test_movable_feasts_are_unknown() -> None:
    """The first day of Eid is recognised, its day is not invented."""
    time = only("A bomb hit worshippers on the first day of Eid.")
    assert time.date_start is None


def test_a_range_of_weekdays() -> None:
    """Both ends of "from Friday to Sunday" carry the whole interval; "between Monday and Wednesday" runs forward."""
    for time in read("Fighting lasted from Friday to Sunday."):
        assert (time.date_start, time.date_end) == (dt.date(2021, 6, 25), dt.date(2021, 6, 27))
    for time in read("Six people died between Monday and Wednesday."):
        assert (time.date_start, time.date_end) == (dt.date(2021, 6, 21), dt.date(2021, 6, 23))


def test_without_a_publication_relative_days_stay_unknown() -> None:
    """A weekday of an undated text keeps its value without a year, and no dates."""
    time = only("They signed on Saturday.", published=None)
    assert (time.value, time.date_start, time.precision) == ("XXXX-WXX-6", None, "unknown")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("LIMA, 12 JAN 90 (AGENCY) -- [TEXT] A bomb exploded.", dt.date(1990, 1, 12)),
        ("ERBIL, Iraq, June 28, 2021 (Agency) - A bomb exploded.", dt.date(2021, 6, 28)),
        ("SPRINGFIELD (Feb. 4, 2014) – A man was shot.", dt.date(2014, 2, 4)),
        ("ERBIL, Iraq, June 28 (Agency) - A bomb exploded.", None),
        ("A bomb exploded on June 28, 2021.", None),
    ],
)
def test_dateline(text: str, day: dt.date | None) -> None:
    """A dateline dates a report when it gives the year."""
    assert dateline(text) == day


def test_the_dateline_is_what_today_counts_from() -> None:
    """A report printed a day later still means the dateline's day by "today"."""
    times = read("ERBIL, Iraq, June 28 (Agency) - A bomb exploded today.")
    assert times[-1].date_start == dt.date(2021, 6, 28)


def test_capitals_of_wire_reports() -> None:
    """Reports in capitals are read alike, and their "MAY" needs a preposition or a number."""
    assert [time.value for time in read("IN MAY 1989 GUERRILLAS MAY HAVE ATTACKED.")] == ["1989-05"]
    assert only("IT WAS FOUND ON 30 DECEMBER.", dt.date(1990, 1, 3)).value == "1989-12-30"


@given(st.text(max_size=300), st.none() | st.dates())
def test_spans_slice_back_and_never_overlap(text: str, published: dt.date | None) -> None:
    """Whatever the text: spans are in order, apart, and slice to their own words; intervals begin before they end."""
    end = 0
    for time in find(text, published=published):
        assert time.start >= end
        assert text[time.start : time.end] == time.text
        assert (time.date_start is None) == (time.date_end is None)
        assert time.date_start is None or time.date_end is None or time.date_start <= time.date_end
        end = time.end


EXPRESSIONS = (
    "on Monday night", "2021-06-28", "27/06/2021", "12 JAN 90", "June 27", "between 3 and 7 March", "in May",
    "last summer", "the first day of Eid", "7.44 a.m. local time", "at 14:30 GMT", "at 0600 hours",
    "six o'clock", "shortly after midnight", "every Friday", "Saturday of last week", "the day before yesterday",
    "overnight", "mid-afternoon", "that same night", "more than three weeks ago", "two days later",
    "the past 10 years", "about half an hour", "each month", "twice a week", "the third quarter of 2019",
    "the late 1990s", "the eighties", "the 19th century", "in 2014", "nineteen eighty-nine", "now", "nowhere",
    "these days", "in the future", "daily", "year-end", "the 21st.", "27", "12.5", "at the moment",
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(EXPRESSIONS), st.integers(1, 260)), max_size=8))
def test_no_shape_is_missed_by_searching_around_its_words(told: list[tuple[str, int]]) -> None:
    """What is found around the words that a shape needs is what a search of the whole text finds."""
    text = "".join(f"{words} {'so it went on ' * 30}"[:length] + " " for words, length in told)
    whole = {(kind, match.span()) for kind, pattern in patterns() for match in pattern.finditer(text)}
    assert {(kind, match.span()) for _, kind, match in matches(text)} == whole


@given(st.dates(min_value=dt.date(1950, 1, 1), max_value=dt.date(2090, 12, 31)))
def test_full_dates_read_back(day: dt.date) -> None:
    """A date written out in any usual way is read as that day, whatever the publication."""
    written = [
        day.isoformat(),
        f"{day.day} {day:%B} {day.year}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day:%b}. {day.day}, {day.year}",
    ]
    for words in written:
        assert only(f"Shots were fired on {words} near the river.").date_start == day


@pytest.mark.parametrize("character", ["a", "1", " ", "-", ".", "the ", "1 ", "in May ", "two ", "\n", "May 1 to "])
def test_time_is_linear(character: str) -> None:
    """A fifth of a megabyte of one thing is read in seconds of processor time: no pattern runs away."""
    begun = clock.process_time()
    find(character * (200_000 // len(character)), published=TUESDAY)
    assert clock.process_time() - begun < 20
