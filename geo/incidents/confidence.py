"""How sure an incident is: named features through a logistic curve."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from geo.incidents.weights import total

if TYPE_CHECKING:
    from geo.incidents.incident import Incident


def confidence(incident: Incident) -> tuple[float, dict[str, float]]:
    """Between 0 and 1, and what each feature contributed to the log-odds."""
    score, parts = total(_features(incident), "confidence")
    return round(1 / (1 + math.exp(-score)), 3), {f"confidence.{name}": value for name, value in parts.items()}


def _features(incident: Incident) -> list[tuple[str, float]]:
    features = [("base", 1.0)]
    if incident.type_of:
        features.append(("event_score", incident.type_of.event.score))
    features.append(
        (f"place_{incident.place_of.link.place_how or 'unknown'}" if incident.place_of else "place_unknown", 1.0)
    )
    features.append(
        (f"time_{incident.time_of.link.time_how or 'unknown'}" if incident.time_of else "time_unknown", 1.0)
    )
    if incident.fatalities or incident.injured:
        features.append(("counts", 1.0))
    features.append(("mentions", math.log2(len(incident.mentions))))
    features.append(("reports", math.log2(len({mention.report.report for mention in incident.mentions}))))
    if incident.spot:
        features.append(("resolution", incident.spot.sites[0].score))
    return features
