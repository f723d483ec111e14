"""The dashboard as `incident-mapper app` serves it, or `streamlit run app.py`. Its parts are in `geo.dashboard`.

Streamlit loads this file twice over: once as a server, with headers of its own, and once a session as the page.
"""

from __future__ import annotations

import os

import streamlit as st

from geo import dashboard
from geo.webmap import Backdrop

backdrop = Backdrop.from_json(os.environ.get("INCIDENT_MAPPER_BACKDROP", "{}"))

if __name__ == "__main__":
    dashboard.page(dress=backdrop.add_to)
else:
    app = st.App(__file__, middleware=dashboard.middleware(backdrop.add_to))  # Streamlit looks for these very words
