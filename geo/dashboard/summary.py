"""The summary's page: how many incidents there are over time, by type, country and precision, as the map shows them.

No value of the data is a key of a chart's scales: Vega stumbles over "constructor" and "__proto__".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from geo import export, schema
from geo.dashboard import view
from geo.layers.payload import country_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd
    import pandas as pd

    from geo.commands.intake import Taken

MOST_BARS = 12
BAR_HEIGHT, TIME_HEIGHT, LONGEST = 34, 220, 300  # pixels: of a row, of the chart over time, of a name
MOST_DAYS, MOST_MONTHS = 92, 240  # from here on months, from there on years
UNITS = {"D": "day", "M": "month", "Y": "year"}
PRECISIONS = {
    "site": "exact site",
    "settlement": "town or village",
    "near": "near a place",
    "admin2": "district",
    "admin1": "province",
    "region": "region",
    "border": "border",
    "country": "country only",
    "sea": "at sea",
    "": "no place",
}
UNKNOWN, OTHERS = "unknown", "all others"


def show_summary(taken: Taken) -> None:
    """Four charts of what the map shows; each says in words, too, what it shows."""
    incidents = view.shown(taken)
    st.text(f"{len(incidents):,} of {len(taken.incidents):,} incidents, as the map shows them")
    show_time(incidents)
    columns = st.columns(3)
    for column, (title, values) in zip(columns, facets(incidents).items(), strict=True):
        with column:
            st.text(title)
            show_counts(counted(values))


def said(count: int) -> str:
    """So many incidents."""
    return f"{count:,} {'incident' if count == 1 else 'incidents'}"


def facets(incidents: gpd.GeoDataFrame) -> dict[str, Iterable[str]]:
    """What is counted: title → a value or more of each incident."""
    names = country_names(incidents)
    codes = [code for found in schema.plain(incidents["country"], "texts") for code in (found or [""])]
    return {
        "By event type": incidents["event_type"],
        "By country": [names.get(code, code) for code in codes],
        "By precision of place": [PRECISIONS.get(value, value) for value in incidents["geo_precision"]],
    }


def counted(values: Iterable[str]) -> dict[str, int]:
    """How often each value occurs, most often first; the rarest together."""
    from collections import Counter  # noqa: PLC0415

    found = Counter(value or UNKNOWN for value in values).most_common()
    told = dict(found[:MOST_BARS])
    if rest := sum(count for _, count in found[MOST_BARS:]):
        told[OTHERS] = told.get(OTHERS, 0) + rest
    return told


def show_counts(counts: Mapping[str, int]) -> None:
    """A bar a value, its name above it and its count behind it."""
    import altair as alt  # noqa: PLC0415  # heavy
    import pandas as pd  # noqa: PLC0415  # heavy

    told = ", ".join(f"{value}: {count:,}" for value, count in counts.items()) or "nothing"
    rows = pd.DataFrame({"value": list(counts), "incidents": list(counts.values())})
    rows["colour"], rows["row"] = [colour(value) for value in counts], range(len(rows))
    ink = "#fafafa" if st.context.theme.type == "dark" else "#31333f"  # Streamlit's own
    base = alt.Chart(rows).encode(
        y=alt.Y("row:O", axis=None),
        x=alt.X("incidents:Q", axis=None, scale=alt.Scale(domain=[0, 1.15 * max(counts.values(), default=1)])),
        tooltip=["value:N", alt.Tooltip("incidents:Q", format=",")],
    )
    bars = base.mark_bar(size=9, yOffset=8, cornerRadius=2).encode(color=alt.Color("colour:N", scale=None))
    numbers = base.mark_text(align="left", dx=5, dy=8, color=ink).encode(text=alt.Text("incidents:Q", format=","))
    names = base.mark_text(align="left", dy=-5, color=ink, limit=LONGEST).encode(x=alt.value(0), text="value:N")
    draw(bars + numbers + names, BAR_HEIGHT * max(1, len(counts)), told)


def colour(value: str) -> str:
    """The map's colour of an event type, one calm colour for all else."""
    return export.COLOURS.get(value, "#7f8fa3")


def show_time(incidents: gpd.GeoDataFrame) -> None:
    """Incidents over time by type, each spread over the days in which it may have happened."""
    import altair as alt  # noqa: PLC0415  # heavy
    import pandas as pd  # noqa: PLC0415  # heavy

    rows, unit = over_time(incidents)
    rows["colour"], rows["row"] = rows["type"].map(colour), pd.factorize(rows["type"])[0]
    undated = int(incidents["date_start"].isna().sum())
    st.text(f"By {UNITS[unit]}" + (f"; {undated:,} without a date are not in it" if undated else ""))
    if rows.empty:
        return
    step = {"D": "yearmonthdate", "M": "yearmonth", "Y": "year"}[unit]
    chart = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=alt.X(f"{step}(time):T", title=None, axis=alt.Axis(grid=False)),
            y=alt.Y("incidents:Q", title=None, axis=alt.Axis(tickMinStep=1)),
            color=alt.Color("colour:N", scale=None),
            detail="row:O",
            tooltip=[
                alt.Tooltip(f"{step}(time):T", title=UNITS[unit]),
                "type:N",
                alt.Tooltip("incidents:Q", format=",.3~g"),
            ],
        )
    )
    first, last = rows["time"].min().date(), rows["time"].max().date()
    draw(chart, TIME_HEIGHT, f"{said(len(incidents) - undated)} by {UNITS[unit]} from {first} to {last}")


def over_time(incidents: gpd.GeoDataFrame) -> tuple[pd.DataFrame, str]:
    """Rows of time, type and incidents, and the unit: D, M or Y, so that there are not too many bars."""
    import pandas as pd  # noqa: PLC0415  # heavy

    dated = incidents[incidents["date_start"].notna()]
    start, end = dated["date_start"], dated["date_end"].fillna(dated["date_start"])
    days = (end.max() - start.min()).days if len(dated) else 0
    unit = "D" if days <= MOST_DAYS else "M" if days <= MOST_MONTHS * 30 else "Y"
    first, last = (day.dt.to_period(unit).astype("int64") for day in (start, end))
    length = last - first + 1
    again = dated.index.repeat(length)
    nth = pd.Series(1, index=again).groupby(level=0).cumsum().to_numpy() - 1
    spread = pd.DataFrame(
        {
            "time": pd.PeriodIndex.from_ordinals(first[again].to_numpy() + nth, freq=unit).to_timestamp(),
            "type": dated.loc[again, "event_type"].replace("", UNKNOWN).to_numpy(),
            "incidents": 1 / length[again].to_numpy(),
        }
    )
    return spread.groupby(["time", "type"], as_index=False)["incidents"].sum(), unit


def draw(chart: Any, height: int, told: str) -> None:  # noqa: ANN401  # one of altair's many charts
    """A chart that fills its column, with the words that stand for it; it has no menu that would lead elsewhere."""
    chart = chart.properties(height=height, usermeta={"embedOptions": {"actions": False}})
    st.altair_chart(chart.configure_view(strokeWidth=0), width="stretch", alt=told)
