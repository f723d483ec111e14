"""Distances on the sphere, for many points at once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius, IUGG."""

METRES_A_DEGREE = math.pi * EARTH_RADIUS_M / 180


def distance_m(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance of two points in metres (haversine, within 0.5 % of the ellipsoid)."""
    phi, psi = math.radians(lat), math.radians(other_lat)
    half = math.sin((psi - phi) / 2) ** 2
    half += math.cos(phi) * math.cos(psi) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def distances_m(lat: float, lon: float, lats: NDArray[Any], lons: NDArray[Any]) -> NDArray[np.float64]:
    """Great-circle distances in metres from one point to arrays of latitudes and longitudes."""
    import numpy as np  # noqa: PLC0415  # opening and finding by name need none

    phi, psis = math.radians(lat), np.radians(lats)
    half = np.sin((psis - phi) / 2) ** 2
    half += math.cos(phi) * np.cos(psis) * np.sin(np.radians(lons - lon) / 2) ** 2
    metres: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    return metres
