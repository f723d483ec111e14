"""A project: one GeoPackage with incidents, where they were told, and what people decided about them."""

from __future__ import annotations

from geo.project.adding import Added, add_reports, add_table, is_seen
from geo.project.decisions import KINDS, STATUS, Decision, State, fold
from geo.project.store import Decided, Incident, Project

__all__ = [
    "KINDS",
    "STATUS",
    "Added",
    "Decided",
    "Decision",
    "Incident",
    "Project",
    "State",
    "add_reports",
    "add_table",
    "fold",
    "is_seen",
]
