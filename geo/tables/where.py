"""Where the rows of a chunk are: by coordinates, by the area they are no more exact than, by their place names."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from geo import schema
from geo.relations import place_located
from geo.tables import cells, coordinates
from geo.tables.countries import country_code, fips_code
from geo.tables.finding import Answer, find_area, find_place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from gazetteer.store import Gazetteer
    from geo.relations import Located
    from geo.tables.rows import Rows

RADIUS_M = {
    "site": 500.0, "settlement": 3_000.0, "near": 25_000.0, "admin2": 25_000.0, "admin1": 60_000.0, "region": 100_000.0,
    "border": 50_000.0, "country": 250_000.0, "sea": 50_000.0,
}  # fmt: skip
"""How far off a point is that a table calls no more exact than that, metres; UCDP's "near" is within 25 km."""
_AREAS = ("admin1", "admin2")
_BETWEEN = "\x1f"
_NO_PLACE = (0.0, 0.0)


@dataclass
class Atlas:
    """The gazetteer, opened when it is first asked, and what it answered."""

    open: Callable[[], Gazetteer]
    progress: Callable[[int], None] | None = None
    _gazetteer: Gazetteer | None = None
    _codes: dict[tuple[str, str], str] = field(default_factory=dict)
    _areas: dict[str, Located | None] = field(default_factory=dict)
    _places: dict[str, Answer | None] = field(default_factory=dict)

    @property
    def gazetteer(self) -> Gazetteer:
        """The gazetteer."""
        if self._gazetteer is None:
            self._gazetteer = self.open()
        return self._gazetteer

    def code(self, text: str, kind: str) -> str:
        """The ISO code of a country, "" for none."""
        key = (text, kind)
        if key not in self._codes:
            found = fips_code(text) if kind == "fips" else country_code(text, gazetteer=self.gazetteer)
            self._codes[key] = found
        return self._codes[key]

    def area(self, key: str) -> Located | None:
        """The area of "precision, country, admin1, admin2"."""
        if key not in self._areas:
            precision, country, admin1, admin2 = key.split(_BETWEEN)
            if precision == "country":
                found = self.gazetteer.country(country) if country else None
            else:
                found = find_area(precision, gazetteer=self.gazetteer, country=country, admin1=admin1, admin2=admin2)
            self._areas[key] = None if found is None else place_located(found, gazetteer=self.gazetteer)
        return self._areas[key]

    def place(self, key: str) -> Answer | None:
        """The place of "name, country, admin1"."""
        if key not in self._places:
            text, country, admin1 = key.split(_BETWEEN)
            self._places[key] = find_place(text, gazetteer=self.gazetteer, country=country, admin1=admin1)
        return self._places[key]


@dataclass
class _Where:
    """What is known of the rows' places so far."""

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    precision: NDArray[Any]
    radius: NDArray[np.float64]
    shapes: NDArray[Any] | None


def columns(rows: Rows, atlas: Atlas) -> Mapping[str, Any]:
    """Every column that tells where; a cell that is no place is told."""
    codes = _countries(rows, atlas)
    where = _points(rows)
    place = rows.text("place")
    told = {"place": place, "place_text": place, "admin1": rows.text("admin1")}
    areas = _in_areas(rows, where, codes, atlas)
    found = _placed(rows, where, codes, atlas) if rows.has("place") else {}
    told = {**told, **areas, **found}
    if "country" not in told:
        told |= _country_columns(codes, atlas)
    return {**told, **_geometry(where)}


def _geometry(where: _Where) -> Mapping[str, Any]:
    import geopandas as gpd  # noqa: PLC0415  # heavy
    import pyarrow as pa  # noqa: PLC0415  # heavy

    told = {
        "lat": pa.array(where.lat, from_pandas=True),
        "lon": pa.array(where.lon, from_pandas=True),
        "geo_precision": pa.array(where.precision, pa.string()),
        "radius_m": pa.array(where.radius, from_pandas=True),
    }
    return told if where.shapes is None else {**told, "geometry": gpd.GeoSeries(where.shapes, crs=schema.CRS)}


# --- countries --------------------------------------------------------------------------------------------------------


def _countries(rows: Rows, atlas: Atlas) -> NDArray[Any]:
    """The code of each row's country; what is none is told."""
    column = rows.text("country")
    at, values = cells.distinct(column)
    kind = rows.mapping.read.get("country_codes", "iso")
    found = [atlas.code(value, kind) for value in values]
    for index, code in enumerate(found):
        if not code and kind != "fips" and not (cells.is_missing(values[index])):
            rows.tell(at == index, "country", values[index], "is no country")
    return cells.spread(found, at, "", object)  # type: ignore[no-any-return]


def _country_columns(codes: NDArray[Any], atlas: Atlas) -> Mapping[str, Any]:
    import pyarrow as pa  # noqa: PLC0415  # heavy

    values, at = np.unique(codes.astype(str), return_inverse=True)
    lists = [[str(code)] if code else [] for code in values]
    names = [atlas.gazetteer.country_name(str(code)) if code else "" for code in values]
    return {
        "country": pa.array(lists, pa.list_(pa.string())).take(pa.array(at)),
        "country_name": pa.array(names, pa.string()).take(pa.array(at)),
    }


# --- points -----------------------------------------------------------------------------------------------------------


def _points(rows: Rows) -> _Where:
    """Coordinates of the columns, of one column, or of the file's geometries."""
    empty = np.full(len(rows), np.nan)
    precision, radius = _precision(rows)
    where = _Where(empty, empty.copy(), precision, radius, None)
    if rows.chunk.shapes is not None:
        _from_shapes(rows.chunk.shapes, where)
    elif rows.has("lat") and rows.has("lon"):
        where.lat, where.lon = _angles(rows, "lat"), _angles(rows, "lon")
    elif rows.has("point"):
        where.lat, where.lon = _pairs(rows)
    _check(rows, where)
    return where


def _from_shapes(shapes: NDArray[Any], where: _Where) -> None:
    import shapely  # noqa: PLC0415  # heavy

    points = np.where(shapely.get_type_id(shapes) == 0, shapes, shapely.point_on_surface(shapes))
    where.lat, where.lon, where.shapes = shapely.get_y(points), shapely.get_x(points), shapes.copy()


def _angles(rows: Rows, role: str) -> NDArray[np.float64]:
    """The angles of a column; what is none is told."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    column = rows.text(role)
    try:
        return column.cast(pa.float64()).to_numpy(zero_copy_only=False).copy()  # type: ignore[no-any-return]
    except pa.ArrowInvalid:
        pass
    at, values = cells.distinct(rows.known(role))
    found = [coordinates.angle(value) for value in values]
    good = [one is not None and one[1] in ("", role) for one in found]
    for index in range(len(values)):
        if not good[index]:
            rows.tell(at == index, role, values[index], "is no coordinate")
    degrees = [one[0] if one is not None and fine else np.nan for one, fine in zip(found, good, strict=True)]
    return cells.spread(degrees, at, np.nan, np.float64)  # type: ignore[no-any-return]


def _pairs(rows: Rows) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Latitude and longitude out of one column."""
    at, values = cells.distinct(rows.known("point"))
    order = rows.mapping.read.get("coordinate_order", "") or "lat lon"
    found = [coordinates.pair(value) for value in values]
    points = []
    for index, one in enumerate(found):
        if one is None:
            rows.tell(at == index, "point", values[index], "is no pair of coordinates")
            points.append((np.nan, np.nan))
        else:
            points.append((one[1], one[0]) if (one[2] or order) == "lon lat" else (one[0], one[1]))
    lats, lons = ([point[axis] for point in points] for axis in (0, 1))
    return cells.spread(lats, at, np.nan, np.float64), cells.spread(lons, at, np.nan, np.float64)


def _check(rows: Rows, where: _Where) -> None:
    """No point where one coordinate is missing, is off the Earth, or where both are 0, which is a default."""
    lat, lon = where.lat, where.lon
    role = "lat" if rows.has("lat") else "point"
    one = np.isnan(lat) != np.isnan(lon)
    with np.errstate(invalid="ignore"):
        off = ~np.isnan(lat) & ~np.isnan(lon) & ~((np.abs(lat) <= 90) & (np.abs(lon) <= 180))  # noqa: PLR2004  # degrees
    default = (lat == _NO_PLACE[0]) & (lon == _NO_PLACE[1])
    reasons = (
        (one, "has one coordinate but not the other"),
        (off, "is not on the Earth"),
        (default, "0, 0 is no place"),
    )
    for mask, reason in reasons:
        if mask.any():
            rows.tell_each(mask & ~_told_already(rows, mask is one), role, reason)
            lat[mask] = lon[mask] = np.nan
            if where.shapes is not None:
                where.shapes[mask] = None


def _told_already(rows: Rows, half: bool) -> NDArray[np.bool_]:  # noqa: FBT001  # half a point is missing
    """The rows whose other coordinate is there but is none: that was told."""
    if not half or not rows.has("lat"):
        return np.zeros(len(rows), bool)
    blank = [rows.known(role).is_null().to_numpy(zero_copy_only=False) for role in ("lat", "lon")]
    return ~(blank[0] | blank[1])  # type: ignore[no-any-return]


# --- precision --------------------------------------------------------------------------------------------------------


def _precision(rows: Rows) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """How exact the rows are by their codes, and how far off that is; a code that is not known is told."""
    at, values = cells.distinct(rows.coded("geo_precision"))
    known = [value if value in schema.GEO_PRECISIONS else "" for value in values]
    for index, value in enumerate(values):
        if value and not known[index]:
            rows.tell(at == index, "geo_precision", value, "is no code that is known")
    precision = cells.spread(known, at, "", object)
    radius = cells.spread([RADIUS_M.get(one, np.nan) for one in known], at, np.nan, np.float64)
    return precision, np.where(np.isnan(own := _radius(rows)), radius, own)


def _radius(rows: Rows) -> NDArray[np.float64]:
    """What a column tells of it, or the code of the precision."""
    codes = rows.mapping.codes.get("radius_m")
    column = rows.known("geo_precision") if codes and not rows.has("radius_m") else rows.known("radius_m")
    at, values = cells.distinct(column)
    found = [_metres((codes or {}).get(value, value)) for value in values]
    return cells.spread(found, at, np.nan, np.float64)  # type: ignore[no-any-return]


def _metres(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return np.nan
    return value if 0 <= value < math.inf else np.nan


# --- areas ------------------------------------------------------------------------------------------------------------


def _in_areas(rows: Rows, where: _Where, codes: NDArray[Any], atlas: Atlas) -> Mapping[str, Any]:
    """The outline of the province or district for rows that are no more exact; its point where they have none.

    A country has no outline here: a hundred thousand rows would carry ten thousand corners each.
    """
    wanted = np.isin(where.precision, [*_AREAS, "country"])
    if not wanted.any():
        return {}
    at, values = cells.distinct(_keys([_from(where.precision), _from(codes), *_area_names(rows)], wanted))
    found = [atlas.area(value) for value in values]
    hit = cells.spread([one is not None for one in found], at, missing=False, dtype=bool)
    if not hit.any():
        return {}
    _draw(where, found, at, hit)
    import pyarrow as pa  # noqa: PLC0415  # heavy

    ids = [str(one.reasons["place"]) if one is not None else "" for one in found]
    kinds = [one.geo_precision if one is not None else "" for one in found]
    return {"place_id": cells.taken(ids, at, pa.string()), "kind": cells.taken(kinds, at, pa.string())}


def _area_names(rows: Rows) -> list[Any]:
    """Province and district; without a column for it, the place's name up to the comma is the province."""
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    names = [rows.text("admin1"), rows.text("admin2")]
    if not rows.has("admin1") and rows.has("place"):
        names[0] = pc.replace_substring_regex(rows.text("place"), r",.*$", "")
    return names


def _draw(where: _Where, found: Sequence[Located | None], at: NDArray[np.int64], hit: NDArray[np.bool_]) -> None:
    """Points and outlines of the areas, for the rows that are in one."""
    lats, lons, radii = (
        cells.spread([getattr(one, name) if one is not None else np.nan for one in found], at, np.nan, np.float64)
        for name in ("lat", "lon", "radius_m")
    )
    lacking = hit & np.isnan(where.lat)
    where.lat[lacking], where.lon[lacking] = lats[lacking], lons[lacking]
    where.radius = np.where(hit & ~np.isnan(radii), radii, where.radius)
    outlined = [
        one.geometry if one is not None and one.geo_precision in _AREAS and one.geometry.geom_type != "Point" else None
        for one in found
    ]
    _lay(where, outlined, at)


def _lay(where: _Where, shapes: Sequence[Any], at: NDArray[np.int64]) -> None:
    """Put shapes in the place of the points of their rows."""
    import shapely  # noqa: PLC0415  # heavy

    new = cells.spread(shapes, at, None, object)
    laid = ~shapely.is_missing(new)
    if not laid.any():
        return
    if where.shapes is None:
        where.shapes = np.full(len(new), None, dtype=object)
        located = ~np.isnan(where.lat)
        where.shapes[located] = shapely.points(where.lon[located], where.lat[located])
    where.shapes[laid] = new[laid]


# --- place names ------------------------------------------------------------------------------------------------------


def _placed(rows: Rows, where: _Where, codes: NDArray[Any], atlas: Atlas) -> Mapping[str, Any]:
    """What the gazetteer says of the rows that have no coordinates; a name that it does not know is told."""
    lacking = np.isnan(where.lat) & ~np.isin(where.precision, ["country", *_AREAS])
    names = rows.known("place")
    blank = lacking & names.is_null().to_numpy(zero_copy_only=False)
    if blank.any() and not (rows.has("lat") or rows.has("point") or rows.chunk.shapes is not None):
        rows.tell(blank, "place", "", "is empty")
    wanted = lacking & ~blank
    if not wanted.any():
        return {}
    at, values = cells.distinct(_keys([names, _from(codes), rows.text("admin1")], wanted))
    found = _asked(values, atlas)
    for index, one in enumerate(found):
        if one is None:
            rows.tell(at == index, "place", values[index].split(_BETWEEN)[0], "is not in the gazetteer")
    _set(where, found, at)
    return _place_columns(rows, codes, found, at, atlas)


def _asked(values: Sequence[str], atlas: Atlas) -> list[Answer | None]:
    found = []
    for number, value in enumerate(values, 1):
        found.append(atlas.place(value))
        if atlas.progress is not None:
            atlas.progress(number)
    return found


def _set(where: _Where, found: Sequence[Answer | None], at: NDArray[np.int64]) -> None:
    hit = cells.spread([one is not None for one in found], at, missing=False, dtype=bool)
    located = [one.located if one is not None else None for one in found]
    for name, target in (("lat", where.lat), ("lon", where.lon), ("radius_m", where.radius)):
        values = [getattr(one, name) if one is not None else np.nan for one in located]
        target[hit] = cells.spread(values, at, np.nan, np.float64)[hit]
    exact = cells.spread([one.geo_precision if one is not None else "" for one in located], at, "", object)
    where.precision[hit] = exact[hit]
    _lay(where, [one.geometry if one is not None else None for one in located], at)


def _place_columns(
    rows: Rows, codes: NDArray[Any], found: Sequence[Answer | None], at: NDArray[np.int64], atlas: Atlas
) -> Mapping[str, Any]:
    """The columns that tell of the places that were found; the others keep what the row says."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    def of(read: Callable[[Answer], Any], kind: Any) -> Any:  # noqa: ANN401
        return cells.taken([None if one is None else read(one) for one in found], at, kind)

    countries = _with_found(codes, found, at)
    text = pa.string()
    return {
        "place": pc.coalesce(of(lambda one: one.located.name, text), rows.text("place")),
        "place_id": of(lambda one: one.place.place_id if one.place else None, text),
        "kind": of(lambda one: one.place.kind if one.place else None, text),
        "admin1": pc.coalesce(of(lambda one: one.place.admin1 if one.place else None, text), rows.text("admin1")),
        **_many_countries(countries, atlas),
        "confidence": of(lambda one: min(1.0, max(0.0, one.score)), pa.float64()),
        "reasons": of(lambda one: dict(one.reasons), _struct([one.reasons for one in found if one])),
        "alternatives": of(lambda one: one.alternatives, _alternatives()),
    }


def _with_found(codes: NDArray[Any], found: Sequence[Answer | None], at: NDArray[np.int64]) -> list[tuple[str, ...]]:
    """The places' countries; where the row tells another ("20 km south of" a town on the border), the row's."""
    told: list[tuple[str, ...]] = []
    for code, index in zip(codes.tolist(), at.tolist(), strict=True):
        answer = found[index] if index >= 0 else None
        place = tuple(answer.located.countries) if answer is not None else ()
        told.append((code,) if code and code not in place else place)
    return told


def _many_countries(countries: Sequence[tuple[str, ...]], atlas: Atlas) -> Mapping[str, Any]:
    import pyarrow as pa  # noqa: PLC0415  # heavy

    names = {told: schema.SEPARATOR.join(map(atlas.gazetteer.country_name, told)) for told in set(countries)}
    return {
        "country": pa.array([list(told) for told in countries], pa.list_(pa.string())),
        "country_name": pa.array([names[told] for told in countries], pa.string()),
    }


def _alternatives() -> Any:  # noqa: ANN401  # Arrow's type, made late
    import pyarrow as pa  # noqa: PLC0415  # heavy

    texts = [(name, pa.string()) for name in ("place_id", "name", "kind")]
    return pa.list_(pa.struct([*texts, *((name, pa.float64()) for name in ("lat", "lon", "score"))]))


def _struct(reasons: Sequence[Mapping[str, Any]]) -> Any:  # noqa: ANN401
    """The type of objects with these keys."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    told: dict[str, Any] = {}
    for one in reasons:
        for name, value in one.items():
            told[name] = (
                pa.float64() if isinstance(value, (int, float)) and told.get(name) != pa.string() else pa.string()
            )
    return pa.struct(list(told.items()))


# --- keys -------------------------------------------------------------------------------------------------------------


def _from(values: NDArray[Any]) -> Any:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415  # heavy

    return pa.array(values, pa.string())


def _keys(parts: Sequence[Any], wanted: NDArray[np.bool_]) -> Any:  # noqa: ANN401
    """The parts of each wanted row as one text, null for the others."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    plain = [pc.replace_substring(pc.fill_null(part, ""), _BETWEEN, " ") for part in parts]
    return pc.if_else(pa.array(wanted), pc.binary_join_element_wise(*plain, _BETWEEN), pa.scalar(None, pa.string()))
