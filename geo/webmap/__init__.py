"""Layers → a folium map, and the one HTML file that shows it with no network.

A `folium.Map` is the description of the frame: where one looks, which tiles and overlays lie below the incidents.
Neither folium nor any other template engine renders anything here: they evaluate what they are given (a title of
`{{ 7*7 }}` becomes 49), so the page is written from constants, with the data as inert JSON.
"""

from __future__ import annotations

from geo.webmap.backdrop import Backdrop, Dress, undressed
from geo.webmap.frame import Hosts, frame, hosts
from geo.webmap.map import IncidentMap, default_gazetteer, draw
from geo.webmap.page import save, to_html
from geo.webmap.picture import chromium, to_png

__all__ = [
    "Backdrop",
    "Dress",
    "Hosts",
    "IncidentMap",
    "chromium",
    "default_gazetteer",
    "draw",
    "frame",
    "hosts",
    "save",
    "to_html",
    "to_png",
    "undressed",
]
