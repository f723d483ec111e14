"""The dashboard in parts: what it takes in, the map, the table, the summary, what it gives out, and its server.

A page of one's own, with a backdrop of one's own on the map, is a script that `streamlit run` is given:

    import folium
    import streamlit as st
    from geo import dashboard

    def dress(drawn: folium.Map) -> None:
        folium.TileLayer("https://tiles.example/{z}/{x}/{y}.png", attr="Example").add_to(drawn)

    if __name__ == "__main__":
        dashboard.page(dress=dress)
    else:
        app = st.App(__file__, middleware=dashboard.middleware(dress))

Text out of reports and tables is shown by `st.text` and `st.dataframe` alone: Streamlit's markdown would fetch images
for it.
"""

from __future__ import annotations

from geo.dashboard.page import page
from geo.dashboard.server import middleware

__all__ = ["middleware", "page"]
