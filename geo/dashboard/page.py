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

SIDEBAR = 300  # pixels
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
    opened = "taken" in st.session_state or taking.named_at_start()
    st.set_page_config(
        page_title="incident-mapper",
        page_icon="🗺️",
        layout="wide",
        initial_sidebar_state=SIDEBAR if opened else "expanded",  # to begin with, even on a narrow screen
    )
    st.html(STYLE)
    project = review.file()
    shown = "" if project is None else choose([REVIEW, *PAGES])
    if project is not None and shown == REVIEW:  # it needs no more than the incident at hand
        review.show_review(project)
        return
    with st.sidebar:
        taking.take_input()
    taken: Taken | None = st.session_state.get("taken")
    if "fault" in st.session_state:
        st.error("This could not be read:")
        st.text(st.session_state["fault"])
    if taken is None:
        welcome()
        return
    st.set_page_config(initial_sidebar_state=SIDEBAR)  # no longer over the map on a narrow screen
    show(shown or choose(list(PAGES)), taken, dress)


def choose(pages: list[str]) -> str:
    """The page that is to be shown."""
    with st.sidebar:
        return st.segmented_control("Show", pages, default=pages[0], width="stretch") or pages[0]


def show(shown: str, taken: Taken, dress: Dress) -> None:
    """A page of incidents, and the widgets beside it."""
    try:
        mapping.keep_frame(dress)
    except IncidentMapperError as error:
        st.error("The map cannot be drawn:")
        st.text(str(error))
        return
    with st.sidebar:
        taking.tell_notes(taken)
        giving.offer_downloads(taken, dress)
    PAGES[shown](taken)


def welcome() -> None:
    """What can be done here, where there is nothing to show yet."""
    st.title("incident-mapper")
    st.write("Drop files into the box at the side, or paste a report. Nothing leaves this machine.")
    st.write(
        "- **Reports** become incidents: what happened, when, where, to whom, each with the sentence that says so.\n"
        "- **A table** with place names is placed on the map.\n"
        "- **A file of incidents**, as `incident-mapper extract` writes it, is shown as it is."
    )
