"""The map's own JavaScript, the data it is given, and the Streamlit component that mounts it."""

from __future__ import annotations

from geo.component.mount import incident_map
from geo.layers.payload import payload

__all__ = ["incident_map", "payload"]
