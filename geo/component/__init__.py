"""The map's own JavaScript, the data it is given, and the Streamlit component that mounts it."""

from __future__ import annotations
