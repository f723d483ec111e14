"""Toponyms + `find` → scored places with reasons: the whole document decides, not one name at a time."""

from __future__ import annotations

from geo.resolve.answers import Resolved
from geo.resolve.decide import resolve

__all__ = ["Resolved", "resolve"]
