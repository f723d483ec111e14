"""What the dashboard gives out: what the map shows, as files."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from geo import export, webmap
from geo.dashboard import taking, view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.commands.intake import Taken
    from geo.webmap import Dress

DOWNLOADS = {
    ".geojson": ("GeoJSON", "application/geo+json"),
    ".csv": ("CSV", "text/csv"),
    ".gpkg": ("GeoPackage", "application/geopackage+sqlite3"),
    ".html": ("HTML map", "text/html"),
    ".png": ("Picture", "image/png"),
}


def offer_downloads(taken: Taken, dress: Dress) -> None:
    """What the map shows, as files; each is made when it is asked for."""
    st.text("Download what the map's window and filters show")
    columns = st.columns(2)
    shown = view.current()
    offered = [suffix for suffix in DOWNLOADS if suffix != ".png" or webmap.chromium()]
    for index, suffix in enumerate(offered):
        label, mime = DOWNLOADS[suffix]
        columns[index % 2].download_button(
            label,
            data=partial(made, taken, shown, suffix, dress),
            file_name=f"incidents{suffix}",
            mime=mime,
            on_click="ignore",
            width="stretch",
        )


def made(taken: Taken, shown: Mapping[str, Any], suffix: str, dress: Dress) -> bytes:
    """The file of what the map shows; `shown` is the session's own view, so it tells what is shown at the click."""
    incidents = view.shown(taken, shown)
    if suffix in (".html", ".png"):
        gazetteer = webmap.default_gazetteer()
        drawn = webmap.draw(incidents, places=taken.places, title=taking.TITLE, gazetteer=gazetteer)
        dress(drawn)
        look = {name: shown[name] for name in ("center", "zoom", "theme", "heat", "mentions") if name in shown}
        return webmap.to_png(drawn, view=look) if suffix == ".png" else webmap.to_html(drawn).encode()
    with tempfile.TemporaryDirectory(prefix="incident-mapper-") as scratch:
        return export.write(incidents, Path(scratch) / f"incidents{suffix}").read_bytes()
