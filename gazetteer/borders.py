"""The line that two countries share, out of their polygons."""

from __future__ import annotations

from typing import Any

_CLOSE_DEGREES = 0.03
"""Outlines of neighbours that were simplified apart lie within this of each other (about 3 km)."""

_MIN_SHARE = 0.02
"""Lines shorter than this (degrees) are a meeting of corners, no border."""

_MIN_NEAR = 0.1
"""The same where outlines do not touch: a corner alone lies near for twice `_CLOSE_DEGREES`."""


def shared_border(first: Any, second: Any) -> Any:  # noqa: ANN401  # shapely publishes no types
    """Give the line along which two polygons meet, or None where they do not.

    Args:
        first: shapely polygon, longitude before latitude, degrees.
        second: the other one.
    """
    if not first.intersects(second) and first.distance(second) > _CLOSE_DEGREES:
        return None
    line = _lines(first.boundary.intersection(second.boundary), _MIN_SHARE)
    near = _lines(first.boundary.intersection(second.buffer(_CLOSE_DEGREES, quad_segs=2)), _MIN_NEAR)
    if line is None or (near is not None and line.length < near.length / 2):
        return near
    return line


def _lines(shape: Any, least: float) -> Any:  # noqa: ANN401  # shapely publishes no types
    """The lines of a collection, joined where they meet; None where they are shorter than the least length."""
    import shapely  # noqa: PLC0415  # finding by name needs no geometry

    parts = [part for part in shapely.get_parts(shape) if part.geom_type in {"LineString", "LinearRing"}]
    line = shapely.line_merge(shapely.union_all(parts)) if parts else None
    return line if line is not None and line.length > least else None
