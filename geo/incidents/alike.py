"""How alike two tellings are: named features, weighed in `weights.toml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.incidents.distance import km
from geo.incidents.incident import is_open

if TYPE_CHECKING:
    import datetime as dt

    from geo.events import Count, Event
    from geo.incidents.incident import Incident
    from geo.incidents.mention import Mention, Spot

VIOLENT = {"Battles", "Explosions/Remote violence", "Violence against civilians", "Riots"}
_EXPLOSIONS = "Explosions/Remote violence"
_GUESSED = frozenset(["default", "civilian"])
"""What an event's reasons hold where no word around it told its kind."""
_SAME_TOLL = frozenset(["same_fatalities", "compatible_fatalities"])
_OTHERS = frozenset(["another", "besides"])
"""What an event's reasons hold that counts others than those counted before."""
_COUNTRY_RANK = 7
_PRECISE_RANK = 3
_BORDER_RANK = 5
_NEAR_KM = 20.0
_APART_KM = 60.0
_FAR_RATIO = 3
_SPOKEN_DAYS = 7
"""How long after a deed somebody speaks of it as news."""


def compare(incident: Incident, mention: Mention) -> list[tuple[str, float]]:
    """What speaks for and against a mention being a telling of the incident."""
    features = [_type_told(incident, mention), _time_told(incident, mention), _place_told(incident, mention)]
    features += actor_features(incident, mention)
    features += _people(incident, mention)
    if _other_means(incident, mention):
        features.append("other_means")
    return [(name, 1.0) for name in features if name]


def _type_told(incident: Incident, mention: Mention) -> str:
    """How the types go together; a heading's kind of violence is that of the words below which tell as many killed."""
    name = type_feature(incident, mention)
    both_violent = incident.event_type in VIOLENT and mention.event.event_type in VIOLENT
    if name == "same_sub_type" or not both_violent or not _retells_heading(incident, mention):
        return name
    killed = count_features(incident.fatalities, _pair(mention.fatalities), "fatalities")
    guessed = incident.type_of is not None and incident.type_of.event.reasons.get("resolved_by") in _GUESSED
    return "generic_type" if guessed or not _SAME_TOLL.isdisjoint(killed) else name


def _retells_heading(incident: Incident, mention: Mention) -> bool:
    """Whether only the heading tells the incident so far, shortly, and the mention stands below."""
    return "heading" not in mention.cues and all("heading" in other.cues for other in incident.mentions)


def _people(incident: Incident, mention: Mention) -> list[str]:
    """How those who came to harm agree; where they are told as others than those before, that they are told so."""
    features = []
    if not _OTHERS.isdisjoint(mention.event.reasons) and "apart" not in mention.cues:
        features.append("others")
    features += count_features(incident.fatalities, _pair(mention.fatalities), "fatalities")
    features += count_features(incident.injured, _pair(mention.injured), "injured")
    if incident.struck and mention.struck and not incident.struck & mention.struck:
        features.append("other_targets")
    return features


def _other_means(incident: Incident, mention: Mention) -> bool:
    """Whether one is told as shooting and the other as a bomb or a strike from afar."""
    means = _means(mention.event)
    return bool(means) and any(_means(other.event) not in {"", means} for other in incident.mentions)


def _means(event: Event) -> str:
    """What an event was done with, as far as its own words tell; "" where they do not."""
    if event.reasons.get("meaning") == "fire":
        return "guns"
    return "bombs" if event.event_type == _EXPLOSIONS and "harm" not in event.reasons else ""


def _time_told(incident: Incident, mention: Mention) -> str:
    """Only days that both sentences give speak for or against."""
    told = incident.time_of
    if told is None or not (told.told_time and mention.told_time):
        return "unknown_time"
    name = time_feature(incident.first, incident.last, mention.first, mention.last)
    return "said_later" if name in {"adjacent_day", "disjoint_time"} and _said_later(told, mention) else name


def _said_later(one: Mention, other: Mention) -> bool:
    """Whether the day of one is but that on which somebody spoke, within a week after the day of the other."""
    if one.said == other.said:
        return False
    spoken, deed = (one, other) if one.said else (other, one)
    if spoken.first is None or deed.last is None:
        return False
    return 0 < (spoken.first - deed.last).days <= _SPOKEN_DAYS


def _place_told(incident: Incident, mention: Mention) -> str:
    told = incident.place_of
    if told is None or not (told.told_place and mention.told_place):
        return "unknown_place"
    return place_feature(incident.spot, mention.spot)


def _pair(count: Count | None) -> tuple[int, int | None] | None:
    return (count.minimum, count.maximum) if count else None


def type_feature(incident: Incident, mention: Mention) -> str:
    """How well the types go together; open words go with any violence; a lent type tells little."""
    event = mention.event
    borrowed = event.reasons.get("resolved_by") == "neighbour" and "harm" not in event.reasons
    if incident.sub_event_type == event.sub_event_type and not borrowed:
        return "same_sub_type"
    both_violent = incident.event_type in VIOLENT and event.event_type in VIOLENT
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


def actor_features(one: Incident | Mention, other: Incident | Mention) -> list[str]:
    """Whether the same are said to have done it; whether those hit in one struck in the other."""
    if not (one.doers and other.doers):
        return []
    if one.doers & other.doers:
        return ["same_actors"]
    return ["reversed_roles" if one.doers & other.struck or one.struck & other.doers else "other_actors"]


def is_retold(event: Event) -> bool:
    """Whether the learned reader takes an event for one told elsewhere in the report rather than one of its own."""
    return float(event.reasons.get("retold", 0.0)) > float(event.reasons.get("told", 1.0))


def is_series(incident: Incident) -> bool:
    """Whether some mention tells several happenings as one."""
    return any(mention.event.event_count > 1 for mention in incident.mentions)
