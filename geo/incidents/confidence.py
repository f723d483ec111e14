"""How sure an incident is: named features through a logistic curve."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from geo.incidents.weights import total, weights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.incidents.incident import Incident

_COARSE_RANK = 4
"""A province or coarser."""
_VAGUE_DAYS = 3


def confidence(incident: Incident) -> tuple[float, dict[str, float | str]]:
    """Between 0 and 1, what each feature contributed to the log-odds, and a mark where it is doubtful."""
    score, parts = total(_features(incident), "confidence")
    stated = round(1 / (1 + math.exp(-score)), 3)
    reasons: dict[str, float | str] = {f"confidence.{name}": value for name, value in parts.items()}
    if stated < weights("confidence")["doubtful"]:
        reasons["confidence.mark"] = "doubtful"
    return stated, reasons


def _features(incident: Incident) -> Iterator[tuple[str, float]]:
    yield ("base", 1.0)
    yield (f"place_{incident.place_of.link.place_how or 'unknown'}" if incident.place_of else "place_unknown", 1.0)
    yield (f"time_{incident.time_of.link.time_how or 'unknown'}" if incident.time_of else "time_unknown", 1.0)
    if incident.fatalities or incident.injured:
        yield ("counts", 1.0)
    yield ("mentions", math.log2(len(incident.mentions)))
    yield ("reports", math.log2(len({mention.report.report for mention in incident.mentions})))
    if not incident.leading:
        yield ("aside", 1.0)
    if incident.first and incident.last and (incident.last - incident.first).days > _VAGUE_DAYS:
        yield ("vague", 1.0)
    if incident.spot:
        yield ("resolution", incident.spot.sure)
        if incident.spot.rank >= _COARSE_RANK:
            yield ("coarse", 1.0)
