"""Toponyms + `find` → scored places with reasons: the whole document decides, not one name at a time."""

from __future__ import annotations

from geo.resolve.decide import Resolved, resolve

__all__ = ["Resolved", "resolve"]
