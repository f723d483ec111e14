"""Mentions → incidents: those that tell of one thing become one, within a report and across reports.

Type, time, place, counts and actors weigh in a named score (`weights.toml`). Within a report every mention is compared
with the incidents told before it; across reports only incidents that share a day and a place's cell or country are.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING

from geo.incidents.distance import km
from geo.incidents.phrases import anywhere
from geo.incidents.weights import total, weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from geo.events import Count
    from geo.incidents.mention import Mention, Spot

_VIOLENT = {"Battles", "Explosions/Remote violence", "Violence against civilians", "Riots"}
_OPEN_MEANINGS = {"attack", "harm"}
_PROVOKED = re.compile(
    r"\b(?:after|following|in response to|in retaliation for|in reaction to|to avenge)\s{1,4}"
    r"(?:the\s{1,4}|an?\s{1,4}|\w+\s{1,4}){0,3}\Z",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"\b(?:back|retaliat\w*|counter\w*|in response|response|revenge|self-defen[cs]e|returned fire)\b", re.IGNORECASE
)
_WOUNDED = re.compile(
    r"\b(?:wound|injur|hurt|hospital|critical|surviv|condition|treated|graze|recover|maim)", re.IGNORECASE
)
_RECENT = 40
"""How many earlier incidents of a report, or of a block, a mention is compared with."""
_LONG_DAYS = 7
_COUNTRY_RANK = 7
_PRECISE_RANK = 3
_BORDER_RANK = 5
_NEAR_KM = 20.0
_APART_KM = 60.0
_CELL_DEGREES = 0.5
_FAR_SENTENCES = 10
_FAR_RATIO = 3
_APART_REACH = 45
_MOST_DAYS = 10


@dataclass(slots=True)
class Incident:
    """The mentions of one incident, the earliest source first, and what each merging weighed."""

    mentions: list[Mention]
    merged: list[Mapping[str, float]] = field(default_factory=list)
    first: dt.date | None = None
    last: dt.date | None = None
    spot: Spot | None = None
    type_of: Mention | None = None
    time_of: Mention | None = None
    place_of: Mention | None = None
    words: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()
    fatalities: tuple[int, int | None] | None = None
    injured: tuple[int, int | None] | None = None

    def __post_init__(self) -> None:
        self._settle(self.mentions)

    def add(self, mention: Mention, why: Mapping[str, float]) -> None:
        """Another telling of it."""
        self.mentions.append(mention)
        self.merged.append(why)
        self._settle([mention])

    def join(self, other: Incident, why: Mapping[str, float]) -> None:
        """The same incident as another report told it."""
        self.mentions.extend(other.mentions)
        self.merged.extend([*other.merged, why])
        self._settle(other.mentions)

    def _settle(self, new: Sequence[Mention]) -> None:
        """What the mentions say together: the surest type, the most precise time and place, the range of counts."""
        for mention in new:
            self.type_of = min(self.type_of or mention, mention, key=_type_order)
            if mention.first:
                self.time_of = min(self.time_of or mention, mention, key=_time_order)
            if mention.spot:
                self.place_of = min(self.place_of or mention, mention, key=_place_order)
            self.words |= _actor_words(mention.event.actors)
            self.struck |= _actor_words(mention.event.targets)
        self.first, self.last = (self.time_of.first, self.time_of.last) if self.time_of else (None, None)
        self.spot = self.place_of.spot if self.place_of else None
        self.fatalities = pooled([(m.report.report, m.fatalities) for m in self.mentions])
        self.injured = pooled([(m.report.report, self._hurt(m)) for m in self.mentions])

    def _hurt(self, mention: Mention) -> Count | None:
        """The injured of a mention; of those only said to be "shot", who may have died, the dead are taken off."""
        count, dead = mention.injured, self.fatalities
        if count is None or dead is None or _WOUNDED.search(mention.evidence) or count.minimum == 0:
            return count
        left = count.minimum - dead[0]
        if left <= 0:
            return None
        return replace(
            count, minimum=left, maximum=None if count.maximum is None else max(left, count.maximum - dead[0])
        )

    @property
    def event_type(self) -> str:
        """ACLED's event type."""
        return self.type_of.event.event_type if self.type_of else ""

    @property
    def sub_event_type(self) -> str:
        """ACLED's sub-event type."""
        return self.type_of.event.sub_event_type if self.type_of else ""

    @property
    def incident_id(self) -> str:
        """A hash of the earliest source's report and trigger span: a re-run gives the same."""
        first = self.mentions[0]
        spot_name = first.spot.key if first.split and first.spot else ""
        text = f"{first.report.report}\0{first.event.start}-{first.event.end}\0{spot_name}"
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


_HOWS = {"sentence": 0, "detail": 1, "context": 2, "focus": 3, "associative": 4, "dateline": 5, "country": 6, "": 7}


def _type_order(mention: Mention) -> tuple[int, int, float, int]:
    return (int("harm" in mention.event.reasons), int(is_open(mention)), -mention.event.score, mention.order)


def _time_order(mention: Mention) -> tuple[int, int, int, int]:
    said = "time.speaker" in mention.link.reasons
    length = (mention.last - mention.first).days if mention.first and mention.last else 0
    return (_HOWS[mention.link.time_how], int(said), length, mention.order)


def _place_order(mention: Mention) -> tuple[int, int, int, int]:
    rank = mention.spot.rank if mention.spot else 0
    weak = "anaphoric" in mention.event.reasons or rank >= _COUNTRY_RANK
    return (_HOWS[mention.link.place_how], int(weak), rank, mention.order)


def is_open(mention: Mention) -> bool:
    """Whether the words leave the type open: "attack", "killed", "the incident"."""
    reasons = mention.event.reasons
    if "harm" in reasons or "leans_on" in reasons or reasons.get("resolved_by") == "leans on":
        return True
    return reasons.get("meaning") in _OPEN_MEANINGS


def pooled(told: Sequence[tuple[str, Count | None]]) -> tuple[int, int | None] | None:
    """One interval from all tellings.

    In a report the largest number stands, for parts and first counts are smaller; reports together make a range.
    """
    by_report: dict[str, Count] = {}
    for report, count in told:
        if count is not None:
            by_report[report] = max(by_report.get(report, count), count, key=_extent)
    if not by_report:
        return None
    lows = [count.minimum for count in by_report.values()]
    highs = [count.maximum for count in by_report.values() if count.maximum is not None]
    return min(lows), max([*highs, *lows]) if highs else None


def _extent(count: Count) -> tuple[bool, int, bool, int]:
    """What is counted in words stands before what only the grammar says."""
    high = count.maximum
    return (count.explicit, count.minimum if high is None else high, high is not None, count.minimum)


# --- features ---------------------------------------------------------------------------------------------------------


def compare(incident: Incident, mention: Mention) -> list[tuple[str, float]]:
    """What speaks for and against a mention being a telling of the incident."""
    features = [type_feature(incident, mention), _time_told(incident, mention), _place_told(incident, mention)]
    features += count_features(incident.fatalities, _pair(mention.fatalities), "fatalities")
    features += count_features(incident.injured, _pair(mention.injured), "injured")
    features += actor_features(incident, mention)
    return [(name, 1.0) for name in features if name]


def _time_told(incident: Incident, mention: Mention) -> str:
    """Only days that both sentences give speak for or against."""
    told = incident.time_of
    if told is None or not (told.told_time and mention.told_time):
        return "unknown_time"
    return time_feature(incident.first, incident.last, mention.first, mention.last)


def _place_told(incident: Incident, mention: Mention) -> str:
    told = incident.place_of
    if told is None or not (told.told_place and mention.told_place):
        return "unknown_place"
    return place_feature(incident.spot, mention.spot)


def _pair(count: Count | None) -> tuple[int, int | None] | None:
    return (count.minimum, count.maximum) if count else None


def type_feature(incident: Incident, mention: Mention) -> str:
    """How well the types go together; open words go with any violence."""
    event = mention.event
    if incident.sub_event_type == event.sub_event_type:
        return "same_sub_type"
    both_violent = incident.event_type in _VIOLENT and event.event_type in _VIOLENT
    opened = is_open(mention) or (incident.type_of is not None and is_open(incident.type_of))
    if "harm" in event.reasons:
        return "generic_type"
    if opened and (both_violent or incident.event_type == event.event_type):
        return "generic_type"
    return "same_type" if incident.event_type == event.event_type else "other_type"


def time_feature(
    first: dt.date | None, last: dt.date | None, other_first: dt.date | None, other_last: dt.date | None
) -> str:
    """How two intervals of days lie to each other."""
    if first is None or last is None or other_first is None or other_last is None:
        return "unknown_time"
    if first <= other_last and other_first <= last:
        return "same_day" if first == last == other_first == other_last else "overlap"
    gap = max((other_first - last).days, (first - other_last).days)
    return "adjacent_day" if gap <= 1 else "disjoint_time"


def place_feature(one: Spot | None, other: Spot | None) -> str:
    """How two places lie to each other: the same, one within the other, near, or apart."""
    if one is None or other is None:
        return "unknown_place"
    if one.key == other.key or (one.rank == other.rank == _BORDER_RANK and set(one.countries) == set(other.countries)):
        return "same_place"
    coarse, fine = (one, other) if one.rank >= other.rank else (other, one)
    distance = km(one.lat, one.lon, other.lat, other.lon)
    if _holds(coarse, fine, distance):
        return "within"
    if coarse.rank < _BORDER_RANK and distance <= max(_NEAR_KM, (one.radius_m + other.radius_m) / 1000):
        return "near_place"
    return "apart_place" if coarse.rank < _BORDER_RANK and distance <= _APART_KM else "disjoint_place"


def _holds(coarse: Spot, fine: Spot, distance: float) -> bool:
    """Whether the coarser place holds the finer one: by country, by province, by county, by extent."""
    shared = bool(set(coarse.countries) & set(fine.countries))
    if coarse.rank >= _COUNTRY_RANK:
        return shared
    if coarse.rank > _PRECISE_RANK and coarse.admin1_code and coarse.admin1_code == fine.admin1_code:
        return True
    if coarse.rank >= _BORDER_RANK:
        return shared and distance <= coarse.radius_m / 1000 + _NEAR_KM
    return shared and coarse.kind == "admin2" and fine.admin2 == coarse.name


def count_features(one: tuple[int, int | None] | None, other: tuple[int, int | None] | None, name: str) -> list[str]:
    """Whether two counts of the killed or injured agree."""
    if one is None or other is None:
        return []
    low, high = one[0], one[1] if one[1] is not None else 10**9
    other_low, other_high = other[0], other[1] if other[1] is not None else 10**9
    if low <= other_high and other_low <= high:
        agree = one == other and one[0] > 0
        return [f"same_{name}"] if agree else (["compatible_fatalities"] if name == "fatalities" else [])
    small, large = sorted((min(low, high), min(other_low, other_high)))
    far = name == "fatalities" and large > max(2, small) * _FAR_RATIO
    return ["far_fatalities"] if far else [f"other_{name}"]


_EMPTY_WORDS = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "and",
        "in",
        "on",
        "to",
        "by",
        "his",
        "her",
        "their",
        "its",
        "people",
        "men",
        "man",
        "unknown",
        "unidentified",
        "two",
        "three",
    ]
)


def _actor_words(names: Iterable[str]) -> set[str]:
    return {word for name in names for word in re.findall(r"[^\W\d_]+", name.lower())} - _EMPTY_WORDS


def actor_features(incident: Incident, mention: Mention) -> list[str]:
    """Whether the same are said to have done it; whether those hit in one struck in the other."""
    words, targets = _actor_words(mention.event.actors), _actor_words(mention.event.targets)
    if words and incident.words:
        if words & incident.words:
            return ["same_actors"]
        reversed_roles = (words & incident.struck) or (targets & incident.words)
        return ["reversed_roles"] if reversed_roles else ["other_actors"]
    return []


# --- within a report --------------------------------------------------------------------------------------------------


def within_report(told: Iterable[Mention]) -> list[Incident]:
    """The incidents of one report, in order of their first mention."""
    incidents: list[Incident] = []
    by_trigger: dict[str, Incident] = {}
    for mention in told:
        key = f"{mention.event.start}-{mention.event.end}"
        found = None if mention.split else _best(incidents[-_RECENT:], mention, by_trigger)
        if found:
            incident, why = found
            incident.add(mention, why)
        else:
            incident = Incident([mention])
            incidents.append(incident)
        by_trigger[key] = incident
    return incidents


def _best(
    incidents: Sequence[Incident], mention: Mention, by_trigger: Mapping[str, Incident]
) -> tuple[Incident, Mapping[str, float]] | None:
    leans = by_trigger.get(str(mention.event.reasons.get("leans_on", "")))
    scored = []
    for rank, incident in enumerate(incidents):
        features = [*compare(incident, mention), *_report_features(incident, mention)]
        if incident is leans:
            features.append(("leans_on", 1.0))
        score, parts = total(features, "merge")
        scored.append((score, rank, incident, parts))
    if not scored:
        return None
    score, _, incident, parts = max(scored, key=lambda item: item[:2])
    return (incident, {**parts, "score": score}) if score >= weights("merge")["threshold"] else None


def _report_features(incident: Incident, mention: Mention) -> list[tuple[str, float]]:
    event, last = mention.event, incident.mentions[-1].event
    features = []
    if "anaphoric" in event.reasons:
        features.append("resumed")
    before = mention.reading.text[max(event.sentence[0], event.start - _APART_REACH) : event.start]
    if anywhere("apart").search(before) and "anaphoric" not in event.reasons:
        features.append("apart")
    if _is_answer(incident, mention):
        features.append("answer")
    if (event.event_count > 1) != any(m.event.event_count > 1 for m in incident.mentions):
        features.append("series")
    if event.sentence == last.sentence:
        features.append("harm_here" if "harm" in event.reasons else "same_sentence")
    elif event.start - last.end > _FAR_SENTENCES * 150:
        features.append("far_text")
    return [(name, 1.0) for name in features]


def _is_answer(incident: Incident, mention: Mention) -> bool:
    """Whether one of the two is told as the answer to the other."""
    event, text = mention.event, mention.reading.text
    before = text[max(event.sentence[0], event.start - _APART_REACH) : event.start]
    if _PROVOKED.search(before):
        return any(_answers(other) for other in incident.mentions[-3:])
    last = incident.mentions[-1]
    told = last.reading.text[max(last.event.sentence[0], last.event.start - _APART_REACH) : last.event.start]
    return _PROVOKED.search(told) is not None and _answers(mention)


def _answers(mention: Mention) -> bool:
    start, end = mention.event.sentence
    return _ANSWERS.search(mention.reading.text, start, min(end, start + 1000)) is not None


# --- across reports ---------------------------------------------------------------------------------------------------


def across_reports(incidents: Iterable[Incident]) -> list[Incident]:
    """One incident for all its tellings: only those that share a day and a cell or a country are compared."""
    kept: list[Incident] = []
    blocks: dict[tuple[object, ...], list[Incident]] = {}
    for incident in incidents:
        found = _retold(incident, blocks)
        if found:
            found[0].join(incident, found[1])
        else:
            kept.append(incident)
        _file(found[0] if found else incident, blocks)
    return kept


def _file(incident: Incident, blocks: dict[tuple[object, ...], list[Incident]]) -> None:
    for key in _block_keys(incident, slack=0):
        block = blocks.setdefault(key, [])
        if not any(other is incident for other in block[-_RECENT:]):
            block.append(incident)


def _retold(
    incident: Incident, blocks: Mapping[tuple[object, ...], list[Incident]]
) -> tuple[Incident, Mapping[str, float]] | None:
    seen: set[int] = set()
    best: tuple[float, Incident, Mapping[str, float]] | None = None
    reports = {m.order for m in incident.mentions}
    for key in _block_keys(incident, slack=1):
        for other in reversed(blocks.get(key, [])[-_RECENT:]):
            if id(other) in seen or reports & {m.order for m in other.mentions}:
                continue
            seen.add(id(other))
            score, parts = total(retelling_features(other, incident), "retelling")
            if score >= weights("retelling")["threshold"] and (best is None or score > best[0]):
                best = (score, other, {**parts, "score": score})
    return (best[1], best[2]) if best else None


def retelling_features(one: Incident, other: Incident) -> list[tuple[str, float]]:
    """What speaks for and against two incidents of different reports being one."""
    if other.type_of is None:
        return []
    features = [
        type_feature(one, other.type_of),
        time_feature(one.first, one.last, other.first, other.last),
        place_feature(one.spot, other.spot),
    ]
    features += count_features(one.fatalities, other.fatalities, "fatalities")
    features += count_features(one.injured, other.injured, "injured")
    features += actor_features(one, other.type_of)
    if one.spot and other.spot and min(one.spot.rank, other.spot.rank) >= _COUNTRY_RANK:
        features.append("both_coarse")
    series = [any(m.event.event_count > 1 for m in incident.mentions) for incident in (one, other)]
    if series[0] != series[1]:
        features.append("series")
    return [(name, 1.0) for name in features if name]


def _block_keys(incident: Incident, *, slack: int) -> Iterator[tuple[object, ...]]:
    """(day, cell) for precise places, (day, country) for all; `slack` adds the days and cells around."""
    spot, first, last = incident.spot, incident.first, incident.last
    if spot is None or first is None or last is None:
        return
    days = min((last - first).days, _MOST_DAYS)
    for day, code in product(range(-slack, days + 1 + slack), spot.countries[:3] or ("",)):
        yield ((first + dt.timedelta(days=day)).toordinal(), code)
    if spot.rank <= _PRECISE_RANK:
        row, column = int(spot.lat // _CELL_DEGREES), int(spot.lon // _CELL_DEGREES)
        around = range(-slack, slack + 1)
        for day, dy, dx in product(range(-slack, days + 1 + slack), around, around):
            yield ((first + dt.timedelta(days=day)).toordinal(), row + dy, column + dx)
