"""Mentions → the incidents of one report: those that tell of one thing become one.

Type, time, place, counts and actors weigh in a named score (`weights.toml`). Every mention is compared with the last
incidents told before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.incidents.alike import VIOLENT, compare, is_retold, type_feature
from geo.incidents.incident import Incident
from geo.incidents.parts import wholes
from geo.incidents.phrases import words
from geo.incidents.weights import total, weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geo.events import Event
    from geo.incidents.mention import Mention

_RECENT = 40
"""How many earlier incidents of a report a mention is compared with."""
_FAR_CHARACTERS = 1500
_NEXT_SENTENCE = 220
_CROWDS = ("Protests", "Riots")
_DAMAGE = "Looting/property destruction"


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
    return wholes(incidents)


def _best(
    incidents: Sequence[Incident], mention: Mention, by_trigger: Mapping[str, Incident]
) -> tuple[Incident, Mapping[str, float]] | None:
    leans, lends = (by_trigger.get(str(mention.event.reasons.get(name, ""))) for name in ("leans_on", "typed_by"))
    scored = []
    for rank, incident in enumerate(incidents):
        features = [*compare(incident, mention), *_report_features(incident, mention)]
        if incident is leans:
            features.append(("leans_on", 1.0))
        elif incident is lends and mention.told_place:
            features.append(("typed_by", 1.0))
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
    if "apart" in mention.cues:
        features.append("apart")
    if _is_answer(incident, mention):
        features.append("answer")
    if (event.event_count > 1) != any(m.event.event_count > 1 for m in incident.mentions):
        features.append("series")
    if is_retold(event):
        features.append("retold")
    features += _course(incident, mention)
    if event.sentence == last.sentence:
        features.append("harm_here" if "harm" in event.reasons else "same_sentence")
    return [(name, 1.0) for name in features]


def _course(incident: Incident, mention: Mention) -> list[str]:
    """Whether a sentence soon after, without place and day, tells how a protest went on, or what came of it."""
    event, after = mention.event, mention.event.start - incident.mentions[-1].event.end
    if mention.told_place or mention.told_time or after > _FAR_CHARACTERS:
        return []
    same = event.event_type == incident.event_type
    if event.event_type in _CROWDS and incident.event_type in _CROWDS:
        return ["course"]
    if event.sub_event_type in words("goes_on") and incident.event_type in VIOLENT and after < _NEXT_SENTENCE:
        return ["came_of_it" if type_feature(incident, mention) == "other_type" else "goes_on"]
    came_of_it = event.sub_event_type in words("came_of_it") and not same
    return ["came_of_it"] if came_of_it or _damage(incident, event) else []


def _damage(incident: Incident, event: Event) -> bool:
    """Whether it tells in passing, by nobody named, what burned where people were hurt: "houses were set on fire"."""
    soon = event.start - incident.mentions[-1].event.sentence[1] < _NEXT_SENTENCE
    hurt = any(count and count[0] for count in (incident.fatalities, incident.injured))
    passing = event.sub_event_type == _DAMAGE and not event.actors
    return passing and soon and (hurt or incident.event_type in _CROWDS)


def _is_answer(incident: Incident, mention: Mention) -> bool:
    """Whether one of the two is told as the answer to the other."""
    if "provoked" in mention.cues:
        return any("answers" in other.cues for other in incident.mentions[-3:])
    return "provoked" in incident.mentions[-1].cues and "answers" in mention.cues
