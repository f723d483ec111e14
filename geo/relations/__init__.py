"""Relational phrases → geometry: "the Syria-Iraq border", "30 km north-west of Erbil", "in eastern Syria"."""

from __future__ import annotations

from geo.relations.context import locate_all, nearest_countries
from geo.relations.frame import Frame, bearing_and_distance, destination
from geo.relations.locate import locate
from geo.relations.located import Atlas, Located, Phrase
from geo.relations.points import place_located

__all__ = [
    "Atlas",
    "Frame",
    "Located",
    "Phrase",
    "bearing_and_distance",
    "destination",
    "locate",
    "locate_all",
    "nearest_countries",
    "place_located",
]
