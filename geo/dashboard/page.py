"""The page from top to bottom; Streamlit calls it again for every change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo import webmap
from geo.dashboard import giving, mapping, review, summary, table, taking
from geo.errors import IncidentMapperError

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.commands.intake import Taken
    from geo.webmap import Dress

PAGES: dict[str, Callable[[Taken], None]] = {
    "Map": mapping.show_map,
    "Table": table.show_table,
    "Summary": summary.show_summary,
}
"""The pages by name; each draws itself."""
REVIEW = "Review"
"""The page that a dashboard opened with a project has besides, and shows first."""

STYLE = """<style>
[data-testid=stMainBlockContainer] {padding: 0.8rem 1rem 0.2rem 1rem; max-width: none}
body:has([data-testid=stExpandSidebarButton]) [data-testid=stMainBlockContainer] {padding-top: 2.4rem}
[data-testid=stHeader] {height: 2.4rem; min-height: 2.4rem; background: none; pointer-events: none}
[data-testid=stHeader] button {pointer-events: auto}
[data-testid=stToolbarActions], [data-testid=stAppDeployButton], [data-testid=stMainMenu] {display: none}
[data-testid=stSidebarHeader] {height: 2.5rem; min-height: 2.5rem; margin-bottom: 0}
</style>"""


def page(*, dress: Dress = webmap.undressed) -> None:
    """Draw the page. `dress` adds layers to the map, or sets its view, as on any `folium.Map`."""
    st.set_page_config(page_title="incident-mapper", page_icon="🗺️", layout="wide")
    st.html(STYLE)
    if (project := review.file()) is not None:
        with st.sidebar:
            shown = st.segmented_control("Show", [REVIEW, *PAGES], default=REVIEW, width="stretch")
        if (shown or REVIEW) == REVIEW:  # it needs no more than the incident at hand
            review.show_review(project)
            return
    with st.sidebar:
        taking.take_input()
    taken: Taken | None = st.session_state.get("taken")
    if "fault" in st.session_state:
        st.error("This could not be read:")
        st.text(st.session_state["fault"])
    if taken is None:
        st.title("incident-mapper")
        st.write("Drop reports, a table with place names or a file of incidents into the box on the left.")
        return
    try:
        mapping.keep_frame(dress)
    except IncidentMapperError as error:
        st.error("The map cannot be drawn:")
        st.text(str(error))
        return
    with st.sidebar:
        if project is None:
            shown = st.segmented_control("Show", list(PAGES), default="Map", width="stretch")
        mapping.offer_views()
        taking.tell_notes(taken)
        giving.offer_downloads(taken, dress)
    PAGES[shown or "Map"](taken)
