"""An incident: what its tellings say together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo.events import tally
from geo.incidents.tolls import Toll, pooled
from geo.incidents.wording import NOTHING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from geo.incidents.mention import Mention, Spot
    from geo.incidents.wording import Wording

_COUNTRY_RANK = 7
_SURE_NAME = 0.5
"""A name that means its place with less of a chance gives way to one that another telling makes surer."""
_WEEK = 7
"""A time of more days says less than the day on which somebody spoke."""
_OPEN_MEANINGS = {"attack", "harm", "hurt", "fire", "raid"}


@dataclass(slots=True)
class Incident:
    """The mentions of one incident, the earliest source first, and what each merging weighed.

    `leading` tells that it is what some report tells first, not an aside.
    """

    mentions: list[Mention]
    merged: list[Mapping[str, float]] = field(default_factory=list)
    first: dt.date | None = None
    last: dt.date | None = None
    spot: Spot | None = None
    type_of: Mention | None = None
    time_of: Mention | None = None
    place_of: Mention | None = None
    doers: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()
    wording: Wording = NOTHING
    leading: bool = True
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
        self.leading |= other.leading
        self._settle(other.mentions)

    def decide(self, *, type_of: Mention | None, place_of: Mention | None, time_of: Mention | None) -> None:
        """Take type, place and days from these mentions, where they are given."""
        self.type_of = type_of or self.type_of
        self.place_of = place_of or self.place_of
        self.time_of = time_of or self.time_of
        self.spot = self.place_of.spot if self.place_of else None
        self.first, self.last = (self.time_of.first, self.time_of.last) if self.time_of else (None, None)

    def _settle(self, new: Sequence[Mention]) -> None:
        """What the mentions say together: the surest type, the most precise time and place, the range of counts."""
        for mention in new:
            self.type_of = min(self.type_of or mention, mention, key=type_order)
            if mention.first:
                self.time_of = min(self.time_of or mention, mention, key=time_order)
            if mention.spot:
                self.place_of = min(self.place_of or mention, mention, key=place_order)
            self.doers |= mention.doers
            self.struck |= mention.struck
        self.first, self.last = (self.time_of.first, self.time_of.last) if self.time_of else (None, None)
        self.spot = self.place_of.spot if self.place_of else None
        self._count()

    def _count(self) -> None:
        """Killed and injured: each report's tally of its mentions, together a range."""
        by_report: dict[str, list[Mention]] = {}
        for mention in self.mentions:
            if not mention.split:
                by_report.setdefault(mention.report.report, []).append(mention)
        told = [Toll(*tally([one.event for one in here]), here[0].published) for here in by_report.values()]
        self.fatalities, self.injured = pooled(told)

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


def type_order(mention: Mention) -> tuple[int, int, int, int, float, int]:
    """Of two types that an incident is told with, the surer sorts first; violence before what led to it, came of it.

    A heading tells the type shortly: the words below it come first.
    """
    hurt = mention.event.reasons.get("meaning") == "hurt"
    unhurt = hurt and any(count and count.maximum == 0 for count in (mention.event.fatalities, mention.event.injured))
    return (
        3 if unhurt else 2 if _is_aside(mention) else int(hurt),
        int("harm" in mention.event.reasons),
        int(is_open(mention)),
        int("heading" in mention.cues),
        -mention.event.score,
        mention.order,
    )


def time_order(mention: Mention) -> tuple[int, int, int, int, int, int]:
    """Of two times, the better told and the more precise sorts first; the day of an arrest is not that of a deed."""
    length = (mention.last - mention.first).days if mention.first and mention.last else 0
    how, vague = _HOWS[mention.link.time_how], int(length > _WEEK)
    return (int(_is_aside(mention)), how, vague, int(mention.said), length, mention.order)


def place_order(mention: Mention) -> tuple[int, int, int, int, int, int, int]:
    """Of two places, the better told, the surer and the more precise sorts first, likewise."""
    rank = mention.spot.rank if mention.spot else 0
    wide, weak = rank >= _COUNTRY_RANK, "anaphoric" in mention.event.reasons
    unsure = mention.spot is not None and mention.spot.sure < _SURE_NAME
    told = _HOWS[mention.link.place_how]
    return (int(_is_aside(mention)), int(wide), told, int(weak), int(unsure), rank, mention.order)


def _is_aside(mention: Mention) -> bool:
    """Whether it tells what led to violence or came of it, such as an arrest."""
    return mention.event.event_type == "Strategic developments"


def is_open(mention: Mention) -> bool:
    """Whether the words leave the type open: "attack", "killed", "the incident"."""
    reasons = mention.event.reasons
    if "harm" in reasons or "leans_on" in reasons or reasons.get("resolved_by") == "leans on":
        return True
    return reasons.get("meaning") in _OPEN_MEANINGS
