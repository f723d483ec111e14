"""Which incidents of many reports are worth comparing: those that share a day and a place, or rare words.

Each incident is filed under keys and looks at the last ones filed under its own, so the number of pairs grows with the
number of incidents.
"""

from __future__ import annotations

from heapq import nlargest
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geo.incidents.incident import Incident
    from geo.incidents.mention import Spot
    from geo.incidents.wording import Rarity

_RECENT = 40
"""How many earlier incidents of a block an incident is compared with."""
_PRECISE_RANK = 3
_CELL_DEGREES = 0.5
_MOST_DAYS = 10
_MOST_COUNTRIES = 3
_MOST_REPORTS = 40
"""A word that more reports hold than this brings no two incidents together."""
_MOST_WORDS = 30
"""So many rare words of an incident bring it together with others, the rarest first."""
_ENOUGH = 8.0
"""The rarities of the words that two incidents share add up to this at least, where no day and place do."""

Key = tuple[object, ...]


def candidates(told: Sequence[Incident], rarity: Rarity) -> Iterator[tuple[int, int]]:
    """Pairs of indices, the smaller first, each once; incidents of one report are no pair."""
    blocks: dict[Key, list[int]] = {}
    by_word: dict[str, list[int]] = {}
    for index, incident in enumerate(told):
        near = {other for key in _looked_up(incident) for other in blocks.get(key, ())[-_RECENT:]}
        words = _rare_words(incident, rarity)
        near |= _sharing(words, by_word, rarity)
        report = incident.mentions[0].order
        yield from ((other, index) for other in sorted(near) if told[other].mentions[0].order != report)
        for key in _filed_under(incident):
            blocks.setdefault(key, []).append(index)
        for word in words:
            by_word.setdefault(word, []).append(index)


def _sharing(words: Sequence[str], by_word: Mapping[str, list[int]], rarity: Rarity) -> set[int]:
    """The incidents that share enough of the words, at least two, the likeliest of them."""
    shared: dict[int, float] = {}
    twice: set[int] = set()
    for word in words:
        for other in by_word.get(word, ())[-_RECENT:]:
            if other in shared:
                twice.add(other)
            shared[other] = shared.get(other, 0.0) + rarity.of(word)
    enough = [other for other in twice if shared[other] >= _ENOUGH]
    return set(nlargest(_RECENT, enough, key=lambda other: (shared[other], -other)))


def _rare_words(incident: Incident, rarity: Rarity) -> list[str]:
    """The rarest words of an incident that other reports hold, too."""
    shared = [word for word in incident.wording.words if 1 < rarity.counts[word] <= _MOST_REPORTS]
    return sorted(shared, key=lambda word: (-rarity.of(word), word))[:_MOST_WORDS]


def _filed_under(incident: Incident) -> Iterator[Key]:
    """The blocks an incident is filed in: its days with its cell, or with its countries where it is coarse."""
    spot = incident.spot
    for day in _days(incident, 0):
        if spot is not None and spot.rank <= _PRECISE_RANK:
            yield ("cell", day, *_cell(spot))
        for code in _codes(spot):
            yield ("any", day, code)
            if spot is not None and spot.rank > _PRECISE_RANK:
                yield ("coarse", day, code)


def _looked_up(incident: Incident) -> Iterator[Key]:
    """The blocks its retellings may be in, a day and a cell around: precise ones need not meet all of their country."""
    spot = incident.spot
    precise = spot is not None and spot.rank <= _PRECISE_RANK
    for day in _days(incident, 1):
        for code in _codes(spot):
            yield ("coarse" if precise else "any", day, code)
        if spot is not None and precise:
            row, column = _cell(spot)
            for dy, dx in product((-1, 0, 1), repeat=2):
                yield ("cell", day, row + dy, column + dx)


def _cell(spot: Spot) -> tuple[int, int]:
    return int(spot.lat // _CELL_DEGREES), int(spot.lon // _CELL_DEGREES)


def _codes(spot: Spot | None) -> tuple[str, ...]:
    return (spot.countries[:_MOST_COUNTRIES] or ("",)) if spot else ()


def _days(incident: Incident, slack: int) -> Sequence[int]:
    """The day numbers of the interval, the first ones of a long one, and `slack` days around."""
    first, last = incident.first, incident.last
    if first is None or last is None:
        return ()
    length = min((last - first).days, _MOST_DAYS)
    return range(first.toordinal() - slack, first.toordinal() + length + slack + 1)
