"""The world that the map is drawn on."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from geo.layers.basemap import basemap, varints

COAST, BORDER, DISPUTED, ADMIN1, CUT = range(5)


def decoded(text: str) -> list[tuple[int, list[tuple[int, int]]]]:
    """Kind and vertices (in steps) of each arc: what the JavaScript reads."""
    numbers: list[int] = []
    value = shift = 0
    for byte in base64.b64decode(text):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(value)
            value = shift = 0
    arcs, at, lon, lat = [], 0, 0, 0
    while at < len(numbers):
        kind, count = numbers[at : at + 2]
        points = []
        for i in range(count):
            moves = [(n >> 1) ^ -(n & 1) for n in numbers[at + 2 + 2 * i : at + 4 + 2 * i]]
            lon, lat = lon + moves[0], lat + moves[1]
            points.append((lon, lat))
        arcs.append((kind, points))
        at += 2 + 2 * count
    return arcs


def test_varints_read_back() -> None:
    """Numbers of one to five bytes stand one behind the other."""
    numbers = np.array([0, 127, 128, 16_383, 16_384, 2**31], "u4")
    assert varints(numbers) == bytes([0, 127, 128, 1, 255, 127, 128, 128, 1, 128, 128, 128, 128, 8])


def test_coasts_close() -> None:
    """Every end of a coast is the end of another, or of itself: land can be filled."""
    ends: dict[tuple[int, int], int] = {}
    for kind, points in decoded(basemap()["arcs"]):
        if kind in (COAST, CUT):
            for end in (points[0], points[-1]):
                ends[end] = ends.get(end, 0) + 1
    assert ends
    assert all(count % 2 == 0 for count in ends.values())


def test_no_line_runs_across_the_map() -> None:
    """Nothing that is stroked is longer than Canada's border on the 49th parallel: the antimeridian is cut."""
    base = basemap()
    for kind, points in decoded(base["arcs"]):
        if kind != CUT:
            lons = np.array([lon for lon, _ in points]) * base["step"]
            assert np.abs(np.diff(lons)).max() < 30


def test_provinces_are_drawn_for_the_countries_asked_alone() -> None:
    """A world without countries has no provinces; Syria adds its own."""
    none = [kind for kind, _ in decoded(basemap()["arcs"]) if kind == ADMIN1]
    syria = [kind for kind, _ in decoded(basemap(countries=["SY"])["arcs"]) if kind == ADMIN1]
    assert not none
    assert syria


def test_coasts_are_finer_near_the_incidents() -> None:
    """Bounds add vertices within, and the world stays as it was."""
    count = [sum(len(p) for _, p in decoded(basemap(bounds=b)["arcs"])) for b in (None, (5.0, 58.0, 12.0, 63.0))]
    assert count[1] > count[0]


@pytest.mark.parametrize(
    "bounds", [None, (35.0, 29.0, 49.0, 38.0), (-180.0, -80.0, 180.0, 80.0), (44.0, 33.0, 44.0, 33.0)]
)
def test_base_map_is_small(bounds: tuple[float, float, float, float] | None) -> None:
    """At most 300 kB within a file, names of towns and countries included."""
    base = basemap(countries=["SY", "IQ"], bounds=bounds)
    assert len(json.dumps(base)) < 300_000
    assert {"country", "capital"} <= {label[0] for label in base["labels"]}
