"""Incidents → what is drawn: tables in, tables out.

One mark is drawn for one place, however many incidents happened there. How a place is drawn says how well it is known:
a settlement is a dot, its surroundings a circle without a dot, a province a hatched area, a border a line, a country a
badge. What has no place or no date is counted, never put somewhere.
"""

from __future__ import annotations

from geo.layers.marks import DRAWN_AS, Layers, layers
from geo.layers.selection import select

__all__ = ["DRAWN_AS", "Layers", "layers", "select"]
