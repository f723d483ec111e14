"""The killed and injured that several reports tell of one incident → one range of each.

Reports that differ give a range. A number that few tell against many is left out of it, unless the last report tells
it: tolls are put right, and they rise.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from geo.events import extent

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from geo.events import Count

_FEW = 2
"""A number is told by few where another is told by more than so many times as many reports."""

_NEAR = 2
"""Numbers that differ by no more, or by half, are near each other."""

Range = tuple[int, int | None]


class Toll(NamedTuple):
    """What one report tells in all; None where it tells nothing."""

    killed: Count | None
    injured: Count | None
    published: dt.date | None = None


def pooled(told: Sequence[Toll]) -> tuple[Range | None, Range | None]:
    """Killed and injured in all, None where no report tells."""
    last = max((toll.published for toll in told if toll.published), default=None)
    killed = [(toll.killed, toll.published == last) for toll in told if toll.killed]
    dead = _range(killed)
    injured = [(toll.injured, toll.published == last) for toll in told if toll.injured]
    hurt = _range(injured)
    if hurt and dead and any(toll.injured and not toll.killed for toll in told):
        hurt = _less_the_dead(told, hurt)
    return dead, hurt


def _less_the_dead(told: Sequence[Toll], hurt: Range) -> Range:
    """Who was hurt in one report and has died in another that tells of no injured is no longer among them."""
    died = [extent(toll.killed) for toll in told if toll.killed and toll.injured is None]
    return (max(0, hurt[0] - max(died)), hurt[1]) if died else hurt


def _range(counts: Sequence[tuple[Count, bool]]) -> Range | None:
    """One range of the counts, given with whether the last report tells each, but for those far off that few tell."""
    if not counts:
        return None
    support = Counter(extent(count) for count, _ in counts)
    common = max(support, key=lambda value: (support[value], value))
    kept = [
        count
        for count, last in counts
        if last or support[extent(count)] * _FEW >= support[common] or abs(extent(count) - common) <= _near(common)
    ]
    lows = [count.minimum for count in kept]
    highs = [count.maximum for count in kept if count.maximum is not None]
    return min(lows), max([*highs, *lows]) if highs else None


def _near(number: int) -> int:
    """How far from a number another may be that tells of nearly as many."""
    return max(_NEAR, number // 2)
