"""Incidents and projects that several tests of projects use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.project import Project, add_table
from geo.project.rows import clean_record
from geo.schema import from_records

if TYPE_CHECKING:
    from pathlib import Path


def telling(report: str, evidence: str = "", **more: Any) -> dict[str, Any]:
    """A telling out of a report."""
    return {"report": report, "evidence": evidence or f"Told by {report}.", "span": [0, 9], "trigger": "blast", **more}


def record(name: str, *reports: str, **more: Any) -> dict[str, Any]:
    """An incident in Mosul as the machine reads it, told by these reports."""
    names = list(reports or (f"{name}.txt",))
    told: dict[str, Any] = {
        "incident_id": name,
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "date_start": "2024-05-01",
        "date_end": "2024-05-01",
        "date_precision": "day",
        "place": "Mosul",
        "place_id": "gn:99072",
        "place_text": "Mosul",
        "kind": "settlement",
        "lat": 36.3,
        "lon": 43.1,
        "country": ["IQ"],
        "country_name": "Iraq",
        "geo_precision": "settlement",
        "radius_m": 5000.0,
        "sources": [telling(report) for report in names],
        "doc_ids": names,
        "confidence": 0.5,
        "status": "machine",
        "event_count": 1,
        **more,
    }
    return clean_record({"geometry": f"POINT ({told['lon']} {told['lat']})" if told["lat"] else None, **told})


def filled(path: Path, *records: dict[str, Any], name: str = "table.csv") -> Path:
    """A project that holds these incidents."""
    project = Project.open(path) if path.exists() else Project.create(path)
    with project:
        add_table(project, name, f"hash of {name}", [from_records(records)])
    return path
