"""Layers → a folium map, and the one HTML file that shows it with no network.

A `folium.Map` is the description of the frame: where one looks, which tiles and overlays lie below the incidents.
Neither folium nor any other template engine renders anything here: they evaluate what they are given (a title of
`{{ 7*7 }}` becomes 49), so the page is written from constants, with the data as inert JSON.
"""

from __future__ import annotations

from geo.webmap.frame import frame
from geo.webmap.map import IncidentMap, draw
from geo.webmap.page import save, to_html

__all__ = ["IncidentMap", "draw", "frame", "save", "to_html"]
