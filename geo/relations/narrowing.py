"""A part of a country, or a border, in a smaller area that is named with it: "Hesse, in western Germany"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.relations import shapes
from geo.relations.frame import Frame
from geo.relations.parts import people_and_ground
from geo.relations.points import radius_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from gazetteer.place import Place
    from geo.relations.located import Atlas, Located

MIN_SHARED = 0.1  # of the area: less of it in the part is a matter of how the part is cut, not of what was meant
REACH_M = 60_000.0  # a place this near to a border is near it; its point on the line is the nearest
WIDE = 0.9  # share of the area's people and ground within the radius: areas are resolved wrongly too
MIN_RADIUS_M = 5_000.0


def narrowed(located: Located, area: Place, *, gazetteer: Atlas) -> Located:
    """The same answer with its point and radius in the area; unchanged where the two have nothing in common.

    Args:
        located: a part of a country or a border; its geometry stays what it is.
        area: a smaller place that the text names with it.
        gazetteer: gives outlines and towns.
    """
    frame = Frame(area.lat, area.lon)
    flat = extent(area, frame, gazetteer)
    whole = frame.flat(located.geometry)
    moved = (_on_line if located.geo_precision == "border" else _in_area)(whole, flat, frame, area, gazetteer)
    if moved is None:
        return located
    x, y, radius = moved
    lats, lons = frame.to_degrees([x], [y])
    reasons = {**located.reasons, "with": area.name}
    return replace(located, lat=float(lats[0]), lon=float(lons[0]), radius_m=max(radius, MIN_RADIUS_M), reasons=reasons)


def extent(area: Place, frame: Frame, gazetteer: Atlas) -> BaseGeometry:
    """The outline of a place in a frame, a disc of its radius where the gazetteer has none."""
    outline = gazetteer.geometry(area.place_id)
    if outline is not None and shapes.has_area(outline):
        return frame.flat(outline)
    xs, ys = frame.to_metres([area.lat], [area.lon])
    return shapely.Point(xs[0], ys[0]).buffer(radius_of(area))


def _in_area(
    whole: BaseGeometry, flat: BaseGeometry, frame: Frame, area: Place, gazetteer: Atlas
) -> tuple[float, float, float] | None:
    shared = shapes.polygons(whole.intersection(flat))
    if shared.is_empty or shared.area < MIN_SHARED * flat.area or flat.area > whole.area:
        return None
    xs, ys, weights = people_and_ground(shared, frame, area, gazetteer)
    x, y = shapes.nearest_on(shared, *shapes.median_point(xs, ys, weights))
    return x, y, shapes.quantile(np.hypot(xs - x, ys - y), weights, WIDE)


def _on_line(
    whole: BaseGeometry, flat: BaseGeometry, frame: Frame, area: Place, gazetteer: Atlas
) -> tuple[float, float, float] | None:
    del frame, area, gazetteer
    gap = whole.distance(flat)
    if gap > REACH_M:
        return None
    stretch = shapes.lines([whole.intersection(flat.buffer(gap + MIN_RADIUS_M))])
    if stretch.is_empty:
        return None
    points = shapes.along(stretch)
    weights = np.ones(len(points))
    x, y = shapes.nearest_on(stretch, *shapes.median_point(points[:, 0], points[:, 1], weights))
    return x, y, gap + shapes.quantile(np.hypot(points[:, 0] - x, points[:, 1] - y), weights)
