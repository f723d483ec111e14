"""The killed and injured of several reports as one range of each."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.events import Count
from geo.incidents.tolls import Toll, pooled

Pair = tuple[int, int | None]
FIRST = dt.date(2021, 6, 28)


def count(pair: Pair | None) -> Count | None:
    """A count of these ends."""
    return Count(*pair, 0, 0) if pair else None


def tolls(*told: tuple[Pair | None, Pair | None]) -> list[Toll]:
    """Reports of successive days."""
    return [Toll(count(killed), count(hurt), FIRST + dt.timedelta(day)) for day, (killed, hurt) in enumerate(told)]


@pytest.mark.parametrize(
    ("told", "range_"),
    [
        ([], None),
        ([None], None),
        ([(12, None), (14, 14)], (12, 14)),
        ([(5, None)], (5, None)),
        ([(0, 0), None], (0, 0)),
        ([(6, 6), (8, 8)], (6, 8)),
        ([(1, 1), (1, 1), (20, 20), (1, 1)], (1, 1)),
        ([(1, 1), (1, 1), (1, 1), (20, 20)], (1, 20)),
        ([(9, 9), (9, 9), (9, 9), (12, 12), (9, 9)], (9, 12)),
    ],
)
def test_counts_of_reports_pool(told: list[Pair | None], range_: Pair | None) -> None:
    """They make a range, without a number far off that few tell unless it is the last; silence is unknown."""
    assert pooled(tolls(*((pair, None) for pair in told))) == (range_, None)


def test_who_died_later_is_no_longer_among_the_injured() -> None:
    """One report tells of five wounded, the next only that one has died: four or five were wounded."""
    assert pooled(tolls((None, (5, 5)), ((1, 1), None))) == ((1, 1), (4, 5))
    assert pooled(tolls((None, (1, 1)), ((1, 1), None))) == ((1, 1), (0, 1))


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8))
def test_a_pooled_range_holds_what_most_tell(numbers: list[int]) -> None:
    """The number that most reports tell, and the last one, lie within the range."""
    killed, _ = pooled(tolls(*(((number, number), None) for number in numbers)))
    assert killed is not None
    low, high = killed
    assert high is not None
    common = max(numbers, key=numbers.count)
    assert any(low <= number <= high for number in numbers if numbers.count(number) == numbers.count(common))
    assert low <= numbers[-1] <= high
