"""The table's page: what the map shows, row by row, and the evidence for the one that is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo import export, schema
from geo.dashboard import view

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.commands.intake import Taken

TABLE = {
    "date_start": "from",
    "date_end": "to",
    "event_type": "event type",
    "sub_event_type": "what",
    "place": "where",
    "country_name": "country",
    "geo_precision": "precision",
    "fatalities_min": "killed, at least",
    "fatalities_max": "killed, at most",
    "injured_min": "injured, at least",
    "injured_max": "injured, at most",
    "actors": "by",
    "targets": "against",
    "confidence": "confidence",
    "status": "status",
}
HEIGHT = 640  # pixels


def show_table(taken: Taken) -> None:
    """The incidents that the map shows, and the evidence for the one that is chosen; the map marks it, too."""
    incidents = view.shown(taken)
    st.text(f"{len(incidents):,} of {len(taken.incidents):,} incidents; choose one for its evidence")
    left, right = st.columns([2, 1])
    table = incidents[list(TABLE)].rename(columns=TABLE)
    days = {TABLE[name]: st.column_config.DateColumn() for name in ("date_start", "date_end")}
    chosen = left.dataframe(
        table,
        key="table",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height=HEIGHT,
        column_config=days,
    )
    rows = chosen["selection"]["rows"]
    if rows and rows[0] < len(incidents):
        row = incidents.iloc[[rows[0]]]
        view.current()["selected"] = str(row["incident_id"].iloc[0])
        with right:
            show_evidence(row)


def show_evidence(incident: gpd.GeoDataFrame) -> None:
    """Every sentence that tells of an incident, and why it is where it is."""
    (record,) = schema.records(incident)
    st.text(export.title(record))
    for source in record["sources"]:
        told = [str(source.get(name) or "") for name in ("report", "publisher", "published", "url")]
        st.text(f"“{source.get('evidence') or ''}”\n" + ", ".join(part for part in told if part))
    with st.expander("Why here?"):
        st.text("\n".join(schema.explained(record["reasons"])) or "no reasons told")
