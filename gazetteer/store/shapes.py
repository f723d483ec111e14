"""Polygons and lines: what lies in which country, and where two countries meet. Loaded when first needed."""

from __future__ import annotations

import threading
import zlib
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from gazetteer.place import KINDS
from gazetteer.sphere import METRES_A_DEGREE

if TYPE_CHECKING:
    from gazetteer.store.file import File

_KIND_IDS = {kind: number for number, kind in enumerate(KINDS)}
_COAST_M = 50_000.0
"""A point no polygon contains belongs to the nearest country within this."""


class _Areas:
    """Prepared polygons of one kind with a spatial index."""

    def __init__(self, numbers: list[int], shapes: Any) -> None:  # noqa: ANN401  # shapely publishes no types
        import shapely  # noqa: PLC0415  # finding by name needs no geometry

        self.numbers = numbers
        self.shapes = shapes
        shapely.prepare(shapes)
        self.tree = shapely.STRtree(shapes)

    def at(self, lat: float, lon: float) -> list[int]:
        """Rows of the areas that hold a point; the nearest one within reach where none does."""
        import shapely  # noqa: PLC0415  # finding by name needs no geometry

        point = shapely.Point(lon, lat)
        inside = self.tree.query(point, predicate="intersects")
        if len(inside):
            return [self.numbers[i] for i in sorted(inside.tolist())]
        near = self.tree.query_nearest(point, max_distance=_COAST_M / METRES_A_DEGREE * 3, all_matches=False)
        return [self.numbers[i] for i in near.tolist() if self._metres(i, point) <= _COAST_M]

    def _metres(self, index: int, point: Any) -> float:  # noqa: ANN401  # shapely publishes no types
        from shapely.ops import nearest_points  # noqa: PLC0415  # finding by name needs no geometry

        from gazetteer.sphere import distance_m  # noqa: PLC0415  # the same

        spot = nearest_points(self.shapes[index], point)[0]
        return distance_m(spot.y, spot.x, point.y, point.x)


class Shapes:
    """Answers by geometry."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._lock = threading.Lock()
        self.geometry = lru_cache(maxsize=2048)(self._geometry)
        self.border = lru_cache(maxsize=1024)(self._border)

    def _geometry(self, number: int) -> Any:  # noqa: ANN401  # shapely publishes no types
        row = self._file.db.execute("SELECT wkb FROM shape WHERE id = ?", (number,)).fetchone()
        return _from_wkb(zlib.decompress(row[0])) if row else None

    def _border(self, first: str, second: str) -> Any:  # noqa: ANN401  # shapely publishes no types
        row = self._file.db.execute(
            "SELECT wkb FROM neighbour WHERE first = ? AND second = ?",
            tuple(sorted((first, second))),
        ).fetchone()
        return _from_wkb(zlib.decompress(row[0])) if row else None

    @lru_cache(maxsize=512)  # noqa: B019  # few countries; lives as long as the file is used
    def neighbours(self, iso: str) -> tuple[str, ...]:
        """Codes of the countries that share a border with one."""
        rows = self._file.db.execute(
            "SELECT second FROM neighbour WHERE first = ? UNION SELECT first FROM neighbour WHERE second = ?"
            " ORDER BY 1",
            (iso, iso),
        )
        return tuple(row[0] for row in rows)

    @cached_property
    def countries(self) -> _Areas:
        """Countries by polygon."""
        return self._areas("country")

    @cached_property
    def admin1(self) -> _Areas:
        """First-order areas by polygon."""
        return self._areas("admin1")

    @cached_property
    def _disputed(self) -> tuple[list[tuple[str, ...]], Any]:
        """Who claims each disputed area, and an index of their polygons."""
        import shapely  # noqa: PLC0415  # finding by name needs no geometry

        with self._lock:
            rows = self._file.db.execute("SELECT countries, wkb FROM disputed ORDER BY id").fetchall()
        shapes = _from_wkb([zlib.decompress(row[1]) for row in rows])
        return [tuple(row[0].split(";")) for row in rows], shapely.STRtree(shapes)

    def countries_at(self, lat: float, lon: float) -> tuple[str, ...]:
        """Codes of the countries at a point: by polygon or nearness, then all others that claim the area."""
        import shapely  # noqa: PLC0415  # finding by name needs no geometry

        held = [self._file.place(number)[0].countries[0] for number in self.countries.at(lat, lon)]
        claims, index = self._disputed
        areas = index.query(shapely.Point(lon, lat), predicate="intersects").tolist()
        return tuple(dict.fromkeys([*held, *(iso for area in sorted(areas) for iso in claims[area])]))

    def _areas(self, kind: str) -> _Areas:
        with self._lock:
            rows = self._file.db.execute("SELECT id, wkb FROM shape WHERE kind = ?", (_KIND_IDS[kind],)).fetchall()
            return _Areas([row[0] for row in rows], _from_wkb([zlib.decompress(row[1]) for row in rows]))


def _from_wkb(wkb: Any) -> Any:  # noqa: ANN401  # shapely publishes no types
    import shapely  # noqa: PLC0415  # finding by name needs no geometry

    return shapely.from_wkb(wkb)
