"""Geometries in a file's own coordinate system → EPSG:4326."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.tables.model import Problems

_WHOLE_EARTH = (-180.0, -90.0, 180.0, 90.0)


def read(column: Any, crs: Any, numbers: NDArray[np.int64], problems: Problems) -> NDArray[np.object_]:  # noqa: ANN401
    """The geometries of a column of WKB, two-dimensional; None, and told, for one that is broken or off the Earth."""
    import shapely  # noqa: PLC0415  # heavy

    cells = column.to_numpy()
    found = shapely.from_wkb(cells, on_invalid="ignore")
    broken = shapely.is_missing(found) & np.array([cell is not None for cell in cells], bool)
    found = _on_earth(shapely.force_2d(found), crs)
    found[shapely.is_empty(found)] = None
    bounds = shapely.bounds(found)
    low, high = np.array(_WHOLE_EARTH[:2]), np.array(_WHOLE_EARTH[2:])
    with np.errstate(invalid="ignore"):
        off = ~shapely.is_missing(found) & ~((bounds[:, :2] >= low) & (bounds[:, 2:] <= high)).all(axis=1)
    for mask, reason in ((broken, "is no geometry that can be read"), (off, "is not on the Earth")):
        for at in mask.nonzero()[0]:
            problems.add(int(numbers[at]), "geometry", found[at].wkt[:80] if found[at] is not None else "", reason)
    found[off] = None
    return found


def _on_earth(found: NDArray[np.object_], crs: Any) -> NDArray[np.object_]:  # noqa: ANN401
    """In longitude and latitude; a file that tells no system is taken to be so already."""
    import pyproj  # noqa: PLC0415  # heavy
    import shapely  # noqa: PLC0415  # heavy

    told = pyproj.CRS.from_user_input(crs) if crs else None
    if told is None or told.equals(pyproj.CRS("EPSG:4326"), ignore_axis_order=True) or told.equals("OGC:CRS84"):
        return found
    turn = pyproj.Transformer.from_crs(told, "EPSG:4326", always_xy=True)
    return cast(
        "NDArray[np.object_]",
        shapely.transform(found, lambda points: np.column_stack(turn.transform(points[:, 0], points[:, 1]))),
    )
