"""A second look at the incidents of one report: what turns out to be but part of another becomes that.

A mention is compared when it is read; whether an incident is told with a place or a day of its own is known only when
all its mentions are. What is told with neither seldom stands for itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.incidents.alike import (
    VIOLENT,
    count_features,
    is_retold,
    is_series,
    place_feature,
    time_feature,
    type_feature,
)
from geo.incidents.phrases import words
from geo.incidents.weights import total, weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from geo.incidents.incident import Incident

_RECENT = 40
"""How many earlier incidents of a report an incident is compared with."""
_SOON = 400
"""Characters behind an incident in which what came of it is told."""
_TOLL = 5
_LEADS, _SEVERAL = 2, 2
"""So many incidents stand in heading and lead; so many told one by one make a summary of what stands there."""
_HELD = frozenset(["within", "same_place"])
_SAME_DAYS = frozenset(["same_day", "overlap", "unknown_time"])
_CROWDS = frozenset(["Protests", "Riots"])
_DAMAGE = "Looting/property destruction"
_ARRESTS, _DISRUPTED = "Arrests", "Disrupted weapons use"
_BACKDROPS = frozenset(["Armed clash", "Agreement"])
_TERRITORY = "territory"


def wholes(incidents: Iterable[Incident]) -> list[Incident]:
    """The incidents, in order, without those that are part of one told before, which holds their mentions then."""
    kept: list[Incident] = []
    for incident in incidents:
        found = None if _is_split(incident) else _whole(kept[-_RECENT:], incident)
        if found is None:
            kept.append(incident)
        else:
            found[0].join(incident, found[1])
    return _without_summaries(kept)


def _without_summaries(incidents: Sequence[Incident]) -> list[Incident]:
    """The incidents without a lead that only sums up several which are told one by one below: "two attacks in Iraq"."""
    kept = list(incidents)
    for summary in incidents[:_LEADS]:
        details = [one for one in kept if one is not summary and _is_detail(summary, one)]
        if len(details) < _SEVERAL:
            continue
        score, parts = total([("summary", 1.0)], "part")
        details[0].mentions.extend(summary.mentions)  # its count and place are those of all together: never settled
        details[0].merged.extend([*summary.merged, {**parts, "score": score}])
        kept = [one for one in kept if one is not summary]
    return kept


def _is_detail(summary: Incident, incident: Incident) -> bool:
    """Whether an incident with a place of its own is one of those that a plural before it sums up."""
    first = summary.mentions[0]
    if not (is_series(summary) or "series" in first.event.reasons) or _is_split(summary) or _is_split(incident):
        return False
    placed, dated = _told(incident)
    if not placed or first.event.start > incident.mentions[0].event.start or not _are_kin(summary, incident):
        return False
    held = not _told(summary)[0] or place_feature(summary.spot, incident.spot) in _HELD
    days = time_feature(summary.first, summary.last, incident.first, incident.last)
    return held and (not dated or days in _SAME_DAYS)


def _whole(incidents: Sequence[Incident], part: Incident) -> tuple[Incident, Mapping[str, float]] | None:
    """The incident, of equals the last, that another is most likely part of, and why; None where it is part of none."""
    scored = []
    for rank, incident in enumerate(incidents):
        if not _is_split(incident):
            score, parts = total(((name, 1.0) for name in _features(incident, part)), "part")
            scored.append((score, rank, incident, parts))
    if not scored:
        return None
    score, _, incident, parts = max(scored, key=lambda item: item[:2])
    return (incident, {**parts, "score": score}) if score >= weights("part")["threshold"] else None


def _features(whole: Incident, part: Incident) -> Iterator[str]:
    yield from _kinds(whole, part)
    yield from _where_and_when(whole, part)
    told = count_features(whole.fatalities, part.fatalities, "fatalities")
    if "far_fatalities" in told:
        yield "far_fatalities"
    if "same_fatalities" in told and _is_toll(part) and _are_kin(whole, part):
        yield "same_toll"
    if _are_kin(whole, part) and is_series(whole) != is_series(part):
        yield "series"
    if all(is_retold(mention.event) for mention in part.mentions):
        yield "retold"
    if _is_apart(part):
        yield "apart"


def _are_kin(one: Incident, other: Incident) -> bool:
    """Whether both are violence, or of one type."""
    return one.event_type == other.event_type or {one.event_type, other.event_type} <= VIOLENT


def _is_apart(incident: Incident) -> bool:
    """Whether some words tell it as another: "a second bomb", "elsewhere"."""
    return any("apart" in mention.cues or "apart" in mention.event.reasons for mention in incident.mentions)


def _is_toll(incident: Incident) -> bool:
    """Whether so many were killed that another incident of the report hardly killed as many."""
    return incident.fatalities is not None and incident.fatalities[0] >= _TOLL


def _kinds(whole: Incident, part: Incident) -> Iterator[str]:
    """How the kinds go together: the same, or the one is what comes of the other."""
    if whole.sub_event_type == part.sub_event_type:
        yield "same_sub_type"
    elif _is_damage_of(whole, part) or _is_damage_of(part, whole):
        yield "damage_here"
    elif _is_backdrop_of(whole, part):
        yield "backdrop"
    elif _soon(whole, part) and _is_course(whole, part):
        yield "course"
    elif _is_outcome(whole, part):
        yield "came_of_it"
    elif part.type_of and type_feature(whole, part.type_of) == "generic_type":
        yield "generic_type"


def _is_course(whole: Incident, part: Incident) -> bool:
    """Whether it may be how a crowd went on; a crowd that has a place or a day of its own is another."""
    if part.event_type in _CROWDS:
        return not any(_told(part)) and (whole.event_type in _CROWDS or whole.sub_event_type == _ARRESTS)
    return whole.event_type in _CROWDS and part.sub_event_type in words("comes_of_crowds")


def _is_outcome(whole: Incident, part: Incident) -> bool:
    """Whether it may have come of violence; arrests with a place or a day of their own stand for themselves."""
    if whole.event_type not in VIOLENT or whole.event_type in _CROWDS:
        return False
    if _TERRITORY in whole.sub_event_type and part.event_type in VIOLENT:
        return not (part.fatalities or part.injured or any(_told(part)))
    if part.sub_event_type == _DISRUPTED and _is_apart(part):
        return False
    return part.sub_event_type in words("comes_of_violence") or (
        part.sub_event_type == _ARRESTS and not any(_told(part))
    )


def _is_damage_of(deed: Incident, damage: Incident) -> bool:
    """Whether the sentence of some violence tells the damage, too: "set a barn alight and killed two"."""
    if damage.sub_event_type != _DAMAGE or deed.event_type not in VIOLENT or _TERRITORY in deed.sub_event_type:
        return False
    return _share_a_sentence(deed, damage)


def _is_backdrop_of(deed: Incident, fighting: Incident) -> bool:
    """Whether fighting without a count, or a truce, is told beside a deed: "as clashes entered their sixth month"."""
    if (
        fighting.sub_event_type not in _BACKDROPS
        or deed.event_type not in VIOLENT
        or fighting.fatalities
        or fighting.injured
    ):
        return False
    return _share_a_sentence(deed, fighting)


def _share_a_sentence(one: Incident, other: Incident) -> bool:
    told = {mention.event.sentence for mention in one.mentions}
    return any(mention.event.sentence in told for mention in other.mentions)


def _soon(whole: Incident, part: Incident) -> bool:
    start = part.mentions[0].event.start
    ends = [mention.event.end for mention in whole.mentions if mention.event.start < start]
    return start - max(ends, default=0) < _SOON


def _where_and_when(whole: Incident, part: Incident) -> Iterator[str]:
    """What the part's own sentences tell of place and day, beside the whole's."""
    placed, dated = _told(part)
    if not (placed or dated):
        yield "bare"
        return
    yield place_feature(whole.spot, part.spot) if placed else "unknown_place"
    if dated:
        yield time_feature(whole.first, whole.last, part.first, part.last)


def _told(incident: Incident) -> tuple[bool, bool]:
    """Whether sentences of its own tell its place and its day."""
    return any(m.told_place for m in incident.mentions), any(m.told_time for m in incident.mentions)


def _is_split(incident: Incident) -> bool:
    """Whether it is one of several that a sentence tells at once."""
    return incident.mentions[0].split
