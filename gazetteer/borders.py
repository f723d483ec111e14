"""The line that two countries share, out of their polygons."""

from __future__ import annotations

from typing import Any

_CLOSE_DEGREES = 0.03
"""Outlines of neighbours that were simplified apart lie within this of each other (about 3 km)."""

_MIN_SHARE = 0.02
"""Lines shorter than this (degrees) are a meeting of corners, no border."""


def shared_border(first: Any, second: Any) -> Any:  # noqa: ANN401  # shapely publishes no types
    """Give the line along which two polygons meet, or None where they do not.

    Args:
        first: shapely polygon, longitude before latitude, degrees.
        second: the other one.
    """
    if not first.intersects(second) and first.distance(second) > _CLOSE_DEGREES:
        return None
    line = _lines(first.boundary.intersection(second.boundary))
    near = _lines(first.boundary.intersection(second.buffer(_CLOSE_DEGREES, quad_segs=2)))
    if line is None or (near is not None and line.length < near.length / 2):
        line = near
    return line if line is not None and line.length > _MIN_SHARE else None


def _lines(shape: Any) -> Any:  # noqa: ANN401  # shapely publishes no types
    """The lines of a collection, joined where they meet; None where there is none."""
    import shapely  # noqa: PLC0415  # finding by name needs no geometry

    parts = [part for part in shapely.get_parts(shape) if part.geom_type in {"LineString", "LinearRing"}]
    return shapely.line_merge(shapely.union_all(parts)) if parts else None
