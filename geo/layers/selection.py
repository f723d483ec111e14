"""The incidents that a view of the map shows: the same choice in Python that the map's JavaScript makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo import schema
from geo.layers.told import tellings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

BOX = 4  # numbers

FACETS = ("event_type", "sub_event_type", "country", "geo_precision", "status", "publisher", "actors")
"""What one can choose by; the map's facets bear the same names."""

NOTHING = "(none)"
"""The choice that stands for an empty value."""

REJECTED = "rejected"
"""A status that is shown only where the status filter names it."""

PROVINCE = "/"
"""Stands between a country's code and its province in a choice of the country facet: "IQ/Anbar"."""


def select(incidents: gpd.GeoDataFrame, view: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """The incidents that the map shows in this view, in the order of the table.

    `view` is what the map reports: `start`, `end` (ISO days, inclusive; absent: open), `certain` (only what lies wholly
    within the window), `undated` (show what has no date), `filters` (facet → the values chosen), `text` (all its words
    occur), `confidence` (at least), `fatalities` (at least), `area` (west, south, east, north in degrees, or the
    corners of a shape: lon, lat, lon, lat ...). What was rejected is shown only where `filters` asks for that status.
    """
    keep = in_window(incidents, view)
    filters = view.get("filters") or {}
    if not filters.get("status"):
        keep &= incidents["status"] != REJECTED
    for facet, chosen in filters.items():
        if facet in FACETS and chosen:
            wanted = set(chosen)
            keep &= values(incidents, facet).map(lambda found, wanted=wanted: not wanted.isdisjoint(found))
    for name, column in (("confidence", "confidence"), ("fatalities", "fatalities_min")):
        if view.get(name):
            keep &= incidents[column].fillna(-1) >= view[name]
    if view.get("area"):
        keep &= within(incidents, view["area"])
    for word in str(view.get("text") or "").lower().split():
        keep &= searchable(incidents).str.contains(word, regex=False)
    return incidents[keep]


def in_window(incidents: gpd.GeoDataFrame, view: Mapping[str, Any]) -> pd.Series:
    """Whether each incident may have happened within the window, or, `certain`, must have."""
    import pandas as pd  # noqa: PLC0415  # heavy

    start, end = incidents["date_start"], incidents["date_end"].fillna(incidents["date_start"])
    low, high = (start, end) if view.get("certain") else (end, start)
    keep = start.notna()
    if view.get("start"):
        keep &= low >= pd.Timestamp(view["start"])
    if view.get("end"):
        keep &= high <= pd.Timestamp(view["end"])
    return keep | start.isna() if view.get("undated") else keep


def within(incidents: gpd.GeoDataFrame, area: Sequence[float]) -> pd.Series:
    """Whether each incident's point lies in a box (west, south, east, north) or in a shape (lon, lat, lon, lat ...)."""
    import pandas as pd  # noqa: PLC0415  # heavy
    import shapely  # noqa: PLC0415  # heavy

    lon, lat = incidents["lon"], incidents["lat"]
    if len(area) == BOX:
        west, south, east, north = area
        return lon.between(west, east) & lat.between(south, north)
    shape = shapely.make_valid(shapely.Polygon(list(zip(area[::2], area[1::2], strict=False))))
    return pd.Series(shapely.contains_xy(shape, lon, lat), index=incidents.index)


def values(incidents: gpd.GeoDataFrame, facet: str) -> pd.Series:
    """For each incident the list of its values of a facet; an empty value is `NOTHING`."""
    import pandas as pd  # noqa: PLC0415  # heavy

    if facet == "publisher":
        told = schema.plain(incidents["sources"], "records")
        found = [[str(one.get("publisher") or one.get("report") or "") for one in some] for some in told]
    elif facet == "actors":
        found = schema.plain(incidents[facet], "texts")
    elif facet == "country":
        rows = zip(schema.plain(incidents["country"], "texts"), incidents["admin1"], strict=True)
        found = [with_province(codes, province) for codes, province in rows]
    else:
        found = [[value] for value in incidents[facet]]
    named = [[value or NOTHING for value in some] or [NOTHING] for some in found]
    return pd.Series(named, index=incidents.index, dtype="object")


def with_province(codes: Iterable[str], province: str) -> list[str]:
    """The countries, and of each the province in it: ["IQ", "IQ/Anbar"]."""
    return [*codes, *(f"{code}{PROVINCE}{province}" for code in codes if province)]


def searchable(incidents: gpd.GeoDataFrame) -> pd.Series:
    """All words of each incident that a search on the map looks at, in lower case."""
    import pandas as pd  # noqa: PLC0415  # heavy

    said = [" ".join(str(one.get("evidence") or "") for one in told) for told in tellings(incidents)]
    quoted = pd.Series(said, index=incidents.index, dtype="object")
    parts = ("place", "place_text", "admin1", "event_type", "sub_event_type", "country_name")
    texts = [incidents[name].astype("object") for name in parts]
    for name in ("actors", "targets", "weapons"):
        joined = map(" ".join, schema.plain(incidents[name], "texts"))
        texts.append(pd.Series(joined, index=incidents.index, dtype="object"))
    text = quoted
    for part in texts:
        text = text + "\n" + part
    return text.str.lower()
