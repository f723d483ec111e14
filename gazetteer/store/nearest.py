"""Places near a point: bands of latitude, each sorted by longitude, loaded when they are first needed."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gazetteer.place import KINDS
from gazetteer.sphere import METRES_A_DEGREE, distances_m
from gazetteer.store.layout import BAND_DEGREES, DEGREE

if TYPE_CHECKING:
    from collections.abc import Collection

    from gazetteer.store.file import File

_KIND_IDS = {kind: number for number, kind in enumerate(KINDS)}
_AREAS = {"country", "continent", "region", "admin1", "admin2", "border"}
_POINTS = [number for kind, number in _KIND_IDS.items() if kind not in _AREAS]
"""What is meant where no kinds are asked for: places whose point says where they are."""

_FIRST_REACH = 0.1
"""Degrees of latitude searched first; doubled until enough is found."""

_CACHED_KINDS = 64
_BANDS = round(180 / BAND_DEGREES)


class Nearest:
    """Answers which places lie nearest to a point."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._band = lru_cache(maxsize=_BANDS + 1)(self._load)
        self._wanted = lru_cache(maxsize=_CACHED_KINDS)(_mask)

    def _load(self, band: int) -> tuple[Any, ...] | None:
        import numpy as np  # noqa: PLC0415  # finding by name needs none

        row = self._file.db.execute("SELECT places, lats, lons, kinds FROM band WHERE id = ?", (band,)).fetchone()
        if row is None:
            return None
        numbers, lats, lons, kinds = row
        degrees = (np.frombuffer(blob, "<i4") / DEGREE for blob in (lats, lons))
        return np.frombuffer(numbers, "<u4"), *degrees, np.frombuffer(kinds, "u1")

    def search(self, lat: float, lon: float, limit: int, kinds: Collection[str] | None) -> list[tuple[int, float]]:
        """Give rows of places and their distances in metres, nearest first."""
        wanted = self._wanted(None if kinds is None else tuple(kinds))
        reach = _FIRST_REACH
        while True:
            numbers, metres = self._within(lat, lon, reach, wanted)
            sure = reach * METRES_A_DEGREE
            if len(numbers) >= limit or reach > 180:  # noqa: PLR2004  # the whole sphere was searched
                best = _smallest(metres, limit)
                if reach > 180 or (len(best) >= limit and metres[best[-1]] <= sure):  # noqa: PLR2004  # the same
                    return [(int(numbers[i]), float(metres[i])) for i in best]
            reach *= 2

    def _within(self, lat: float, lon: float, reach: float, wanted: Any) -> tuple[Any, Any]:  # noqa: ANN401  # numpy
        """Rows and distances of all places in a box of at least `reach` degrees about a point."""
        import numpy as np  # noqa: PLC0415  # finding by name needs none

        first = max(0, math.floor((lat - reach + 90) / BAND_DEGREES))
        last = min(_BANDS, math.floor((lat + reach + 90) / BAND_DEGREES))
        span = _lon_reach(lat, reach)
        numbers, lats, lons = [], [], []
        for band in range(first, last + 1):
            loaded = self._band(band)
            if loaded is None:
                continue
            for low, high in _lon_windows(lon, span):
                start, end = loaded[2].searchsorted((low, high))
                if start == end:
                    continue
                keep = start + wanted[loaded[3][start:end]].nonzero()[0]
                numbers.append(loaded[0][keep])
                lats.append(loaded[1][keep])
                lons.append(loaded[2][keep])
        if not numbers:
            return np.empty(0, np.uint32), np.empty(0)
        if len(numbers) == 1:
            return numbers[0], distances_m(lat, lon, lats[0], lons[0])
        return np.concatenate(numbers), distances_m(lat, lon, np.concatenate(lats), np.concatenate(lons))


def _mask(kinds: tuple[str, ...] | None) -> Any:  # noqa: ANN401  # numpy
    """Which of all kinds, by number, are wanted."""
    import numpy as np  # noqa: PLC0415  # finding by name needs none

    mask = np.zeros(len(_KIND_IDS), bool)
    mask[_POINTS if kinds is None else [_KIND_IDS[kind] for kind in kinds if kind in _KIND_IDS]] = True
    return mask


def _lon_reach(lat: float, reach: float) -> float:
    """Degrees of longitude that a circle of `reach` degrees about a point spans; all of them about a pole."""
    farthest = abs(lat) + reach
    if farthest >= 89.9:  # noqa: PLR2004  # the circle holds the pole, or nearly
        return 181.0
    sine = math.sin(math.radians(min(reach, 90))) / math.cos(math.radians(lat))
    return 181.0 if sine >= 1 else math.degrees(math.asin(sine)) + 1e-4


def _lon_windows(lon: float, span: float) -> list[tuple[float, float]]:
    """Windows of longitude, two where they cross the antimeridian."""
    if span >= 180:  # noqa: PLR2004  # all the way round
        return [(-181.0, 181.0)]
    low, high = lon - span, lon + span
    if low < -180:  # noqa: PLR2004  # the antimeridian
        return [(-181.0, high), (low + 360, 181.0)]
    if high > 180:  # noqa: PLR2004  # the antimeridian
        return [(low, 181.0), (-181.0, high - 360)]
    return [(low, high)]


def _smallest(metres: Any, limit: int) -> list[int]:  # noqa: ANN401  # numpy
    """Positions of the smallest values, in order."""
    if limit == 1 and len(metres):
        return [int(metres.argmin())]
    order: list[int] = metres.argsort(kind="stable")[:limit].tolist()
    return order
