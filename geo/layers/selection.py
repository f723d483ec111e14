"""The incidents that a view of the map shows: the same choice in Python that the map's JavaScript makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

FACETS = ("event_type", "sub_event_type", "country", "geo_precision", "status", "publisher", "actors")
"""What one can choose by; the map's facets bear the same names."""

NOTHING = "(none)"
"""The choice that stands for an empty value."""


def select(incidents: gpd.GeoDataFrame, view: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """The incidents that the map shows in this view, in the order of the table.

    `view` is what the map reports: `start`, `end` (ISO days, inclusive; absent: open), `certain` (only what lies wholly
    within the window), `undated` (show what has no date), `filters` (facet → the values chosen), `text` (all its words
    occur), `confidence` (at least), `fatalities` (at least), `area` (west, south, east, north in degrees).
    """
    keep = in_window(incidents, view)
    for facet, chosen in (view.get("filters") or {}).items():
        if facet in FACETS and chosen:
            wanted = set(chosen)
            keep &= values(incidents, facet).map(lambda found, wanted=wanted: not wanted.isdisjoint(found))
    for name, column in (("confidence", "confidence"), ("fatalities", "fatalities_min")):
        if view.get(name):
            keep &= incidents[column].fillna(-1) >= view[name]
    if view.get("area"):
        west, south, east, north = view["area"]
        keep &= incidents["lon"].between(west, east) & incidents["lat"].between(south, north)
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


def values(incidents: gpd.GeoDataFrame, facet: str) -> pd.Series:
    """For each incident the list of its values of a facet; an empty value is `NOTHING`."""
    if facet == "publisher":
        found = incidents["sources"].map(
            lambda told: [str(one.get("publisher") or one.get("report") or "") for one in told]
        )
    elif facet in ("country", "actors"):
        found = incidents[facet]
    else:
        found = incidents[facet].map(lambda value: [value])
    return found.map(lambda some: [value or NOTHING for value in some] or [NOTHING])


def searchable(incidents: gpd.GeoDataFrame) -> pd.Series:
    """All words of each incident that a search looks at, in lower case."""
    quoted = incidents["sources"].map(lambda told: " ".join(str(one.get("evidence") or "") for one in told))
    parts = [incidents[name] for name in ("place", "place_text", "event_type", "sub_event_type", "country_name")]
    parts += [incidents[name].map(" ".join) for name in ("actors", "targets", "weapons")]
    text = quoted
    for part in parts:
        text = text + "\n" + part
    return text.str.lower()
