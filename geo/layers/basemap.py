"""The world that the map is drawn on: coasts, borders and names, as small as a map of these incidents needs.

`basemap.npz` beside this module is made by `make_basemap`. Its polygons are Natural Earth's (public domain), its towns
GeoNames' (CC BY 4.0).
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy as np
    from numpy.typing import NDArray

QUANTUM = 1e-4  # degrees, of the file
FINEST = 0.008  # degrees, level 0 of the file; one level more is 2 ** (1 / 40) coarser
NEAR, FAR = 0.009, 0.08  # degrees: the smallest triangle drawn where the incidents are, and elsewhere
MARGIN = 2.0  # degrees round the incidents that count as near
NEAR_LIMIT = 3_000.0  # square degrees: a map of the world needs no fine coast
STEP, WORLD_STEP = 20, 60  # quanta: 0.002 degrees, 220 m, is what the map keeps; thrice that on a map of the world
ADMIN1 = 3
CITIES = 260  # names of towns on a map of the world
LARGE = 4_000_000.0  # inhabitants: named on every map


def basemap(
    *, countries: Collection[str] = (), bounds: tuple[float, float, float, float] | None = None
) -> dict[str, Any]:
    """The base map of incidents in `countries` (ISO 3166-1 alpha-2) within `bounds` (west, south, east, north).

    Provinces are drawn for these countries alone, coasts and borders finely within the bounds and coarsely elsewhere.
    The result is ready for JSON: `step` in degrees; `arcs` a base64 string of variable-length integers (for each arc:
    kind, number of vertices, then lon and lat as zigzag deltas in steps); `labels` as lists of kind, name, lon, lat and
    size.
    """
    world = archive()
    step = WORLD_STEP if spans_world(bounds) else STEP
    return {
        "step": round(QUANTUM * step, 6),
        "arcs": base64.b64encode(encoded_arcs(world, countries, bounds, step=step)).decode(),
        "labels": chosen_labels(world, countries, bounds),
    }


@cache
def archive() -> Mapping[str, NDArray[Any]]:
    """The arrays of `basemap.npz`, read once."""
    import numpy as np  # noqa: PLC0415  # heavy

    with np.load(Path(__file__).with_name("basemap.npz")) as packed:
        arrays = {name: packed[name] for name in packed.files}
    arrays["vertices"] = arrays["vertices"].astype("i4").cumsum(axis=1, dtype="i4").T
    return arrays


def encoded_arcs(
    world: Mapping[str, NDArray[Any]],
    countries: Collection[str],
    bounds: tuple[float, float, float, float] | None,
    *,
    step: int,
) -> bytes:
    """The vertices that these incidents need, in steps of so many quanta, as variable-length integers."""
    import numpy as np  # noqa: PLC0415  # heavy

    length = world["length"]
    arc = np.repeat(np.arange(len(length)), length)
    ends = np.cumsum(length)
    fine = near_arcs(world["vertices"], ends - length, bounds)
    drawn = (world["kind"] != ADMIN1) | np.isin(world["country"], list(countries))
    threshold = np.where(fine, level_of(NEAR), level_of(FAR))
    keep = (world["level"] >= threshold[arc]) & drawn[arc]
    keep &= long_enough(arc, keep, world["vertices"], ends)[arc]
    points = np.rint(world["vertices"][keep] / step).astype("i4")
    arc = arc[keep]
    first = np.flatnonzero(np.diff(arc, prepend=-1))
    moves = np.diff(points, axis=0, prepend=0)
    numbers = ((moves << 1) ^ (moves >> 31)).reshape(-1)
    heads = np.stack([world["kind"][arc[first]], np.diff(first, append=len(arc))], axis=1).reshape(-1)
    return varints(np.insert(numbers, np.repeat(first * 2, 2), heads))


def spans_world(bounds: tuple[float, float, float, float] | None) -> bool:
    """Whether incidents lie so far apart that no part of the map is near."""
    return bounds is None or (bounds[2] - bounds[0]) * (bounds[3] - bounds[1]) > NEAR_LIMIT


def level_of(degrees: float) -> float:
    """The level of detail, as stored, of a triangle of that size."""
    import math  # noqa: PLC0415

    return 40 * math.log2(degrees / FINEST)


def near_arcs(
    vertices: NDArray[Any], starts: NDArray[Any], bounds: tuple[float, float, float, float] | None
) -> NDArray[np.bool_]:
    """Which arcs come near the incidents; none where the incidents span the world."""
    import numpy as np  # noqa: PLC0415  # heavy

    if bounds is None or spans_world(bounds):
        return np.zeros(len(starts), dtype=bool)
    low = np.minimum.reduceat(vertices, starts, axis=0) * QUANTUM - MARGIN
    high = np.maximum.reduceat(vertices, starts, axis=0) * QUANTUM + MARGIN
    west, south, east, north = bounds
    near: NDArray[np.bool_] = (low[:, 0] < east) & (high[:, 0] > west) & (low[:, 1] < north) & (high[:, 1] > south)
    return near


def long_enough(
    arc: NDArray[Any], keep: NDArray[np.bool_], vertices: NDArray[Any], ends: NDArray[Any]
) -> NDArray[np.bool_]:
    """Which arcs are still to be seen: an island that is left with two corners is not."""
    import numpy as np  # noqa: PLC0415  # heavy

    left = np.bincount(arc[keep], minlength=len(ends))
    starts = np.concatenate([[0], ends[:-1]])
    closed = (vertices[starts] == vertices[ends - 1]).all(axis=1)
    seen: NDArray[np.bool_] = np.where(closed, left > 3, left > 1)  # noqa: PLR2004  # a triangle and its closing vertex
    return seen


def varints(numbers: NDArray[Any]) -> bytes:
    """Little-endian base-128 numbers, as protobuf writes them."""
    import numpy as np  # noqa: PLC0415  # heavy

    number = numbers.astype("u4")
    width = 1 + np.searchsorted([1 << 7, 1 << 14, 1 << 21, 1 << 28], number, side="right")
    ends = np.cumsum(width)
    out = np.zeros(int(ends[-1]) if len(ends) else 0, "u1")
    for place in range(5):
        has = width > place
        more = (width[has] > place + 1).astype("u1") << 7
        out[(ends - width)[has] + place] = ((number[has] >> (7 * place)) & 0x7F).astype("u1") | more
    return out.tobytes()


def chosen_labels(
    world: Mapping[str, NDArray[Any]], countries: Collection[str], bounds: tuple[float, float, float, float] | None
) -> list[list[Any]]:
    """Names of all countries and seas, of the provinces of `countries`, and of the largest towns near the incidents."""
    import numpy as np  # noqa: PLC0415  # heavy

    kind, (lon, lat, size) = world["label_kind"], world["label_at"].T
    town = np.isin(kind, ["city", "capital"])
    west, south, east, north = bounds or (-180, -90, 180, 90)
    near = (lon > west - MARGIN) & (lon < east + MARGIN) & (lat > south - MARGIN) & (lat < north + MARGIN)
    rank = np.where(town & near, size, 0)
    largest = np.zeros(len(rank), dtype=bool)
    largest[np.argsort(-rank, kind="stable")[:CITIES]] = True
    home = np.isin(world["label_country"], list(countries)) & (kind == "admin1")
    chosen = np.isin(kind, ["country", "sea"]) | home | (town & ((largest & near) | (size > LARGE)))
    order = np.flatnonzero(chosen)[np.argsort(-size[chosen], kind="stable")]
    return [
        [
            str(kind[i]),
            str(world["label"][i]),
            round(float(lon[i]), 2),
            round(float(lat[i]), 2),
            rounded(float(size[i])),
        ]
        for i in order
    ]


def rounded(size: float) -> float:
    """Two figures are enough to rank a label."""
    return float(f"{size:.2g}")
