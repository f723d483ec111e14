"""Distance on the sphere."""

from __future__ import annotations

import math

EARTH_RADIUS_KM = 6371.0088
"""Mean radius, IUGG."""


def km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle kilometres between two points in degrees."""
    one, two = math.radians(lat), math.radians(other_lat)
    half = math.sin((two - one) / 2) ** 2
    half += math.cos(one) * math.cos(two) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))
