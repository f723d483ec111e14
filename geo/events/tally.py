"""The events of one incident in one report → how many were killed and injured in all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geo.events.model import Count, Event


def tally(events: Iterable[Event]) -> tuple[Count | None, Count | None]:
    """Killed and injured, None where nothing is said.

    Numbers that are told count before those that only the grammar implies, then the largest: parts and first counts
    are smaller. Who was shot or carried to a hospital and is not counted as killed is injured; "a third victim" makes
    at least three of both. Where somebody was killed, an implied "he was shot", "she was wounded" is the same person;
    so is one injured where one died and no sentence tells of both.
    """
    told = list(events)
    killed = _with_another(told, _largest([event.fatalities for event in told if event.fatalities]))
    injured = [event.injured for event in told if event.injured and "shot" not in event.reasons]
    dead = extent(killed) if killed else 0
    if dead:
        injured = [event.injured for event in told if event.injured and _is_other(event)]
    hurt = _largest(injured)
    if hurt and dead == extent(hurt) == 1 and not _told_apart(told):
        hurt = None
    return killed, _with_hit(told, hurt, dead)


def _is_other(event: Event) -> bool:
    """Whether the injured of an event are others than the dead: a number tells them, or the dead beside them."""
    return (
        "shot" not in event.reasons and event.injured is not None and (event.injured.explicit or bool(event.fatalities))
    )


def _with_another(told: Sequence[Event], killed: Count | None) -> Count | None:
    """Adds who was "also killed" to the one killed whom the rest tells of; a larger number may hold both."""
    apart = [event.fatalities for event in told if event.fatalities and "another" in event.reasons]
    first = [event.fatalities for event in told if event.fatalities and "another" not in event.reasons]
    more = max((extent(count) for count in apart if count.explicit), default=0)
    if killed is None or not more or max(map(extent, first), default=0) != 1:
        return killed
    return replace(killed, minimum=more + 1, maximum=more + 1)


def _told_apart(told: Sequence[Event]) -> bool:
    """Whether the injured are anywhere told beside the dead, in one sentence or as others: else one may be both."""
    return any("besides" in event.reasons or (event.fatalities and event.injured) or _hit(event) > 1 for event in told)


def _with_hit(told: Sequence[Event], hurt: Count | None, dead: int) -> Count | None:
    """Raises the injured to the number hit less the dead; none of either where those hit all died."""
    hit = [event for event in told if _hit(event)]
    if not hit:
        return hurt
    most = max(hit, key=_hit)
    left = _hit(most) - dead
    if hurt is not None and extent(hurt) >= left:
        return hurt
    source = most.injured or hurt or most.fatalities
    if source is None or left < 0:
        return hurt
    return replace(source, minimum=left, maximum=left)


def _hit(event: Event) -> int:
    """How many an event tells were hit, dead or not."""
    return int(max(float(event.reasons.get("shot", 0)), float(event.reasons.get("rank", 0))))


def _largest(counts: Sequence[Count]) -> Count | None:
    explicit = [count for count in counts if count.explicit]
    return max(explicit or counts, key=extent, default=None)


def extent(count: Count) -> int:
    """How many at most, as far as it is told."""
    return count.minimum if count.maximum is None else count.maximum
