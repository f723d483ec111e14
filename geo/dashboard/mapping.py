"""The map's page, and the widgets beside it that change what the map shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gazetteer.errors import GazetteerError
from geo import webmap
from geo.component import incident_map
from geo.dashboard import taking, view

if TYPE_CHECKING:
    from geo.commands.intake import Taken
    from geo.webmap import Dress

ZOOMS = {"country": 5.0, "admin1": 7.0, "sea": 5.0, "region": 6.0}
PLACE_WIDTH = 280  # pixels
CLOSE = 10.0  # zoom at which a town fills the map


@st.fragment
def show_map(_: Taken) -> None:
    """The map with its time window, filters, list and evidence; the view goes into the page's address."""
    offer_views()  # here, not at the side: then only this part of the page runs again
    payload = st.session_state["payload"]
    key = f"map-{payload['version']}"  # other data is another map, which shows all of it
    fresh = key not in st.session_state  # it was not on the page a run ago
    told = incident_map(payload, key=key, frame=st.session_state["frame"], view=view.asked(fresh=fresh))
    if told:
        view.remember(told)


def keep_frame(dress: Dress) -> None:
    """Let `dress` describe the map's frame anew: it may ask widgets of its own.

    Raises:
        OutputError: it adds something that cannot be drawn.
    """
    drawn = webmap.IncidentMap(st.session_state["payload"])
    dress(drawn)
    st.session_state["frame"] = webmap.frame(drawn)


def offer_views() -> None:
    """Widgets that send the map somewhere: to a place by name, or back to all incidents."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text_input(
            "Go to a place",
            key="place_wanted",
            on_change=go_to_place,
            placeholder="Go to a town, a province, a sea",
            label_visibility="collapsed",
            width=PLACE_WIDTH,
        )
        st.button("Show all incidents", on_click=view.ask, args=(view.EVERYTHING,))
        if fault := st.session_state.pop("place_fault", ""):
            st.text(fault)


def go_to_place() -> None:
    """Have the map show the place whose name was typed."""
    name = st.session_state["place_wanted"].strip()
    if not name:
        return
    try:
        found = taking.default_gazetteer().find(name, limit=1)
    except GazetteerError as error:
        st.session_state["place_fault"] = str(error)
        return
    if not found:
        st.session_state["place_fault"] = f"{name[:60]}: no place of this name is known."
        return
    place = found[0].place
    view.ask({"center": [place.lat, place.lon], "zoom": ZOOMS.get(place.kind, CLOSE)})
