"""Incidents grouped by the place and the way in which they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo import schema

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

DRAWN_AS = {
    "site": "dot",
    "settlement": "dot",
    "near": "ring",
    "admin2": "area",
    "admin1": "area",
    "region": "area",
    "border": "line",
    "country": "badge",
    "sea": "area",
    "": "dot",
}
"""How each `geo_precision` is drawn where the geometry allows; see `drawn_as` for where it does not."""

POINT_LIMIT_M = 5_000.0  # metres: a point known less exactly than this is no dot
SAME_PLACE = 5  # decimals of a degree, about a metre: points that agree so far are one place
SAME_WHATEVER_RADIUS = ("dot", "badge")
"""What is drawn alike however well it is known: one place then, with the widest radius that was told."""


@dataclass(frozen=True, slots=True)
class Layers:
    """What is drawn of an incident table.

    `incidents` is the table, sorted by `date_start`, the undated last, with two columns more: `dated`, and `mark`, the
    row of `marks` at which it is drawn (-1: not located). `marks` has a row a place drawn: `draw` (dot, ring,
    area, line or badge), `name`, `lat`, `lon` (degrees), `radius_m`, `geo_precision`, `country` (list), `geometry` (of
    areas and lines, else None) and `count`. `mentions` are the places mentioned: `name`, `kind`, `lat`, `lon`, `count`.
    """

    incidents: gpd.GeoDataFrame
    marks: pd.DataFrame
    mentions: pd.DataFrame
    undated: int
    unlocated: int


def layers(incidents: gpd.GeoDataFrame, places: pd.DataFrame | None = None) -> Layers:
    """What is drawn of these incidents, and of the `places` mentioned in their reports.

    Raises:
        SchemaError: a table that cannot be read as an incident table.
    """
    table = sorted_table(incidents)
    table["dated"] = table["date_start"].notna()
    table["mark"] = -1
    marks = marks_of(table)
    return Layers(
        incidents=table,
        marks=marks,
        mentions=mentions_of(places),
        undated=int((~table["dated"]).sum()),
        unlocated=int((table["mark"] < 0).sum()),
    )


def sorted_table(incidents: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The incident table in order of time; the order told is kept within a day."""
    complete = all(name in incidents for name in schema.COLUMNS)
    table = incidents if complete else schema.coerce(incidents)
    return table.sort_values("date_start", kind="stable", na_position="last").reset_index(drop=True)


def marks_of(table: gpd.GeoDataFrame) -> pd.DataFrame:
    """One row a place drawn; fills the table's column `mark`."""
    import pandas as pd  # noqa: PLC0415  # heavy

    shape = table.geometry
    located = (shape.notna() & ~shape.is_empty & table["lat"].notna() & table["lon"].notna()).to_numpy()
    found = table.loc[located]
    keys = pd.DataFrame(
        {
            "draw": drawn_as(found["geo_precision"], found.geometry, found["radius_m"]),
            "lat": found["lat"].round(SAME_PLACE),
            "lon": found["lon"].round(SAME_PLACE),
        }
    )
    radius = found["radius_m"].fillna(0).round()
    keys["radius_m"] = radius.where(~keys["draw"].isin(SAME_WHATEVER_RADIUS), 0.0)
    groups = keys.groupby(list(keys), sort=False)
    number = groups.ngroup()
    table.loc[located, "mark"] = number.to_numpy()
    first = ~number.duplicated()
    marks = keys[first].assign(
        name=found.loc[first, "place"].where(found.loc[first, "place"] != "", found.loc[first, "place_text"]),
        geo_precision=found.loc[first, "geo_precision"],
        country=found.loc[first, "country"],
        radius_m=radius.groupby(number, sort=False).max().to_numpy(),
        geometry=found.loc[first].geometry.where(keys.loc[first, "draw"].isin(["area", "line"]), None),
        count=number.value_counts(sort=False).sort_index().to_numpy(),
    )
    return marks.reset_index(drop=True)


def drawn_as(precision: pd.Series, shape: gpd.GeoSeries, radius_m: pd.Series) -> pd.Series:
    """How each incident is drawn, from its precision and from the geometry that there is.

    An area or border that is known only as a point with a radius is a ring; a point that is known less exactly than
    `POINT_LIMIT_M` is no dot, whatever its precision is called.
    """
    wanted = precision.map(DRAWN_AS).fillna("dot")
    kind = shape.geom_type
    polygon, line = kind.isin(["Polygon", "MultiPolygon"]), kind.isin(["LineString", "MultiLineString", "LinearRing"])
    spread = wanted.isin(["area", "line"])
    drawn = wanted.mask(spread & polygon, "area").mask(spread & ~polygon & ~line, "ring")
    drawn = drawn.mask(line & (wanted != "badge"), "line")  # along a road between two towns is near, and a line
    unsure = (precision == "") & (radius_m.fillna(0) > POINT_LIMIT_M)
    return drawn.mask((drawn == "dot") & unsure, "ring")


def mentions_of(places: pd.DataFrame | None) -> pd.DataFrame:
    """The places mentioned that have a point, with how often they are named; most often first."""
    import pandas as pd  # noqa: PLC0415  # heavy

    columns = ["name", "kind", "lat", "lon", "count"]
    if places is None or not len(places):
        return pd.DataFrame({name: pd.Series(dtype="object") for name in columns})
    table = pd.DataFrame({name: default_column(places, name) for name in columns})
    for name in ("lat", "lon", "count"):
        table[name] = pd.to_numeric(table[name], errors="coerce")
    table["count"] = table["count"].fillna(1)
    located = table["lat"].between(-90, 90) & table["lon"].between(-180, 180)
    return table[located].sort_values("count", ascending=False, kind="stable").reset_index(drop=True)


def default_column(places: pd.DataFrame, name: str) -> Any:  # noqa: ANN401  # a column or its one value
    """The column, or what stands for it in a table without it: a place in a list was named once."""
    return places[name] if name in places else {"count": 1, "lat": None, "lon": None}.get(name, "")
