"""Incidents of many reports → one incident for all its tellings.

Pairs that score above the threshold are joined, the surest first, where the groups in which they stand agree on the
whole; so the order of the reports does not matter.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from geo.incidents.alike import (
    actor_features,
    count_features,
    is_series,
    place_feature,
    time_feature,
    type_feature,
)
from geo.incidents.blocks import candidates
from geo.incidents.incident import place_order, time_order, type_order
from geo.incidents.weights import total, weights
from geo.incidents.wording import Rarity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geo.incidents.incident import Incident
    from geo.incidents.mention import Mention
    from geo.incidents.wording import Wording

_MOST_COMPARED = 6
"""Members of a group that stand for all of it when two groups are compared."""
_MOST_SCORE = 6.0
"""No single pair of two groups speaks for or against them by more than this."""
_MOST_VOTERS = 40
"""Reports that decide on the type and the place of an incident together."""
_TOGETHER = frozenset(["same_place", "within", "near_place"])
_SOON_DAYS = 3
_COUNTRY_RANK = 7
_MOST_NAMES = 15.0

Features = list[tuple[str, float]]


def across_reports(incidents: Iterable[Incident]) -> list[Incident]:
    """One incident for all its tellings, the incidents given in order of their earliest source."""
    told = list(incidents)
    pairs = Pairs(told)
    groups: dict[int, list[int]] = {index: [index] for index in range(len(told))}
    for one, other in pairs.links():
        if groups[one] is not groups[other] and pairs.agree(groups[one], groups[other]):
            joined = sorted([*groups[one], *groups[other]])
            groups.update(dict.fromkeys(joined, joined))
    return [pairs.joined(group) for index, group in groups.items() if group[0] == index]


class Pairs:
    """Incidents of many reports, to be compared by their indices."""

    def __init__(self, told: Sequence[Incident]) -> None:
        """Count how rare the words of all reports are."""
        by_report: dict[int, list[Wording]] = {}
        for incident in told:
            by_report.setdefault(incident.mentions[0].order, []).append(incident.wording)
        self._told = told
        self.rarity = Rarity(by_report.values())
        self._scores: dict[tuple[int, int], float] = {}
        self._threshold = weights("retelling")["threshold"]

    def links(self) -> list[tuple[int, int]]:
        """The pairs that score above the threshold, the surest first."""
        for pair in candidates(self._told, self.rarity):
            score = self._score(pair)
            if score >= self._threshold:
                self._scores[pair] = score
        return sorted(self._scores, key=lambda pair: (-self._scores[pair], pair))

    def features(self, index: int, number: int) -> Features:
        """What speaks for and against two incidents being one."""
        one, other = self._told[index], self._told[number]
        names = self.rarity.shared(one.wording.names & other.wording.names)
        return features(one, other, names=names)

    def score(self, index: int, number: int) -> float:
        """The sum of the weights of the features of a pair."""
        pair = (min(index, number), max(index, number))
        found = self._scores.get(pair)
        return self._score(pair) if found is None else found

    def _score(self, pair: tuple[int, int]) -> float:
        table = weights("retelling")
        return sum(table[name] * amount for name, amount in self.features(*pair))

    def agree(self, group: Sequence[int], other: Sequence[int]) -> bool:
        """Whether two groups tell of one incident: their pairs do on the whole, and no report stands in both."""
        reports = ({self._told[index].mentions[0].order for index in members} for members in (group, other))
        if set.intersection(*reports):
            return False
        scores = [self.score(one, two) for one in group[:_MOST_COMPARED] for two in other[:_MOST_COMPARED]]
        bounded = [max(-_MOST_SCORE, min(_MOST_SCORE, score)) for score in scores]
        return sum(bounded) / len(bounded) >= self._threshold

    def joined(self, group: Sequence[int]) -> Incident:
        """The incidents of a group as one; each after the first says what ties it to one of those before it."""
        ties = [self._tie(group[:number], index) for number, index in enumerate(group) if number]
        whole, *rest = (self._told[index] for index in group)
        voters = [whole, *rest][:_MOST_VOTERS]
        type_of = _common_type([one.type_of for one in voters if one.type_of])
        place_of = _common_place([one.place_of for one in voters if one.place_of])
        time_of = _common_time([one.time_of for one in voters if one.time_of])
        for one, why in zip(rest, ties, strict=True):
            whole.join(one, why)
        if rest:
            whole.decide(type_of=type_of, place_of=place_of, time_of=time_of)
        return whole

    def _tie(self, before: Sequence[int], index: int) -> dict[str, float]:
        best = max(before[:_MOST_COMPARED], key=lambda other: (self.score(other, index), -other))
        score, parts = total(self.features(best, index), "retelling")
        return {**parts, "score": score}


def _common_type(told: Sequence[Mention]) -> Mention | None:
    """The mention whose type most reports tell, the surest of them."""
    counts = Counter(mention.event.sub_event_type for mention in told)
    return min(told, key=lambda mention: (-counts[mention.event.sub_event_type], type_order(mention)), default=None)


def _common_time(told: Sequence[Mention]) -> Mention | None:
    """The mention whose days suit most reports, give or take one, the surest and most precise of them."""

    def support(mention: Mention) -> int:
        return sum(_suits(mention, other) for other in told)

    return min(told, key=lambda mention: (-support(mention), time_order(mention)), default=None)


def _suits(one: Mention, other: Mention) -> bool:
    """Whether the days of one lie within those of the other, which may be vaguer."""
    if not (one.first and one.last and other.first and other.last):
        return False
    return (other.first - one.first).days <= 1 and (one.last - other.last).days <= 1


def _common_place(told: Sequence[Mention]) -> Mention | None:
    """The mention whose place most reports tell, or one within or near it, the most precise of them.

    A report votes with the chance that its place's name means that place.
    """

    def support(mention: Mention) -> float:
        votes = (other for other in told if place_feature(mention.spot, other.spot) in _TOGETHER)
        return round(sum(other.spot.sure for other in votes if other.spot), 3)

    return min(told, key=lambda mention: (-support(mention), place_order(mention)), default=None)


def features(one: Incident, other: Incident, *, names: float) -> Features:
    """What speaks for and against two incidents of different reports being one.

    `names` is how much the names tell that both hold (`wording.tells`).
    """
    found = [("base", 1.0), *((name, 1.0) for name in _structure(one, other))]
    found += [("names", min(_MOST_NAMES, names)), ("asides", float((not one.leading) + (not other.leading)))]
    return [*found, *_ages(one, other), *_lag(one, other)]


def _structure(one: Incident, other: Incident) -> Iterator[str]:
    """How type, time, place, counts and actors of two incidents lie to each other, as names of features."""
    if other.type_of is not None:
        yield type_feature(one, other.type_of)
    yield _time(one, other)
    yield _place(one, other)
    yield from count_features(one.fatalities, other.fatalities, "fatalities")
    yield from count_features(one.injured, other.injured, "injured")
    yield from actor_features(one, other)
    ranks = [incident.spot.rank for incident in (one, other) if incident.spot]
    if ranks and max(ranks) >= _COUNTRY_RANK:
        yield "both_coarse" if len(ranks) > 1 and min(ranks) >= _COUNTRY_RANK else "one_coarse"
    if is_series(one) != is_series(other):
        yield "series"


def _time(one: Incident, other: Incident) -> str:
    """How the days lie; days that the sentences themselves do not tell weigh less."""
    name = time_feature(one.first, one.last, other.first, other.last)
    if name == "disjoint_time" and one.first and one.last and other.first and other.last:
        gap = max((other.first - one.last).days, (one.first - other.last).days)
        name = "days_apart" if gap <= _SOON_DAYS else name
    told = all(incident.time_of and incident.time_of.told_time for incident in (one, other))
    return name if told or name == "unknown_time" else f"lent_{name}"


def _place(one: Incident, other: Incident) -> str:
    """How the places lie; those that the sentences themselves do not tell weigh less."""
    name = place_feature(one.spot, other.spot)
    told = all(incident.place_of and incident.place_of.told_place for incident in (one, other))
    return name if told or name == "unknown_place" else f"lent_{name}"


def _ages(one: Incident, other: Incident) -> Features:
    ages, others = one.wording.ages, other.wording.ages
    if not (ages and others):
        return []
    shared = len(ages & others)
    return [("ages", shared / min(len(ages), len(others)))] if shared else [("other_ages", 1.0)]


def _lag(one: Incident, other: Incident) -> Features:
    """How long after each other the reports were published, as the logarithm of days."""
    day, later = one.mentions[0].published, other.mentions[0].published
    return [("lag", math.log1p(abs((later - day).days)))] if day and later else [("unknown_lag", 1.0)]
