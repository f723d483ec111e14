"""The tables of a project: one GeoPackage, which QGIS opens as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.export import styles
from geo.project import geopackage
from geo.project.rows import COLUMNS

if TYPE_CHECKING:
    import sqlite3

FORMAT = "1"
"""The version of these tables; a file of a later one is not opened."""

_INDEXES = (  # and an index of our own: the rare names in the evidence, by which retellings find each other
    "CREATE UNIQUE INDEX incidents_by_id ON incidents (incident_id)",
    "CREATE INDEX incidents_by_day ON incidents (date_start)",
    "CREATE INDEX incidents_by_doubt ON incidents (doubt) WHERE waits = 1",
    "CREATE INDEX incidents_by_status ON incidents (status)",
    "CREATE INDEX sources_by_incident ON sources (incident_id)",
    "CREATE INDEX decisions_by_incident ON decisions (incident_id)",
    "CREATE INDEX families ON machine (family)",
    "CREATE INDEX own_places_by_name ON own_places (key)",
    "CREATE TABLE names (name TEXT NOT NULL, incident_id TEXT NOT NULL, PRIMARY KEY (name, incident_id)) WITHOUT ROWID",
)
_ONLY_APPENDED = (
    "CREATE TRIGGER decisions_{what} BEFORE {what} ON decisions "
    "BEGIN SELECT RAISE(ABORT, 'decisions are only appended; undo one with another'); END"
)


def create(db: sqlite3.Connection) -> None:
    """Make the tables in an empty database."""
    geopackage.begin(db)
    geopackage.add_table(
        db,
        "incidents",
        {**COLUMNS, "incident_id": "TEXT NOT NULL", "doubt": "REAL", "waits": "BOOLEAN", "conflict": "TEXT"},
        about="Incidents as they are now: what the machine read, and what people decided since",
        layer=True,
    )
    geopackage.add_table(
        db,
        "own_places",
        {
            "key": "TEXT NOT NULL",
            "place_text": "TEXT",
            "context": "TEXT",
            **{
                name: COLUMNS[name]
                for name in ("place", "place_id", "kind", "country", "country_name", "admin1", "lat", "lon")
            },
            "geo_precision": "TEXT",
            "radius_m": "REAL",
            "incident_id": "TEXT",
            "decision": "INTEGER",
            "who": "TEXT",
            "at": "DATETIME",
        },
        about="Where the words of reports were corrected to; later reports follow",
        layer=True,
    )
    geopackage.add_table(
        db,
        "sources",
        {
            "incident_id": "TEXT",
            "report": "TEXT",
            "publisher": "TEXT",
            "url": "TEXT",
            "published": "DATE",
            "evidence": "TEXT",
            "content": "TEXT",
            "added": "DATETIME",
        },
        about="Every telling of an incident, as it was added; `content` names the report",
    )
    geopackage.add_table(
        db,
        "decisions",
        {
            "incident_id": "TEXT NOT NULL",
            "kind": "TEXT NOT NULL",
            "who": "TEXT NOT NULL",
            "at": "DATETIME NOT NULL",
            "value": "TEXT NOT NULL",
            "note": "TEXT NOT NULL",
            "seen": "INTEGER NOT NULL",
        },
        about="What people decided, only appended; `seen` is the newest decision that they had before their eyes",
    )
    geopackage.add_table(
        db,
        "reports",
        {
            "content": "TEXT NOT NULL UNIQUE",
            "name": "TEXT",
            "kind": "TEXT",
            "publisher": "TEXT",
            "url": "TEXT",
            "title": "TEXT",
            "published": "DATE",
            "added": "DATETIME",
            "incidents": "INTEGER",
        },
        about="The reports and tables that were read, by the hash of their content; their texts are not kept",
    )
    geopackage.add_table(
        db,
        "machine",
        {"incident_id": "TEXT NOT NULL UNIQUE", "family": "TEXT NOT NULL", "record": "TEXT"},
        about="What the machine read, of the incidents that people decided about; a family was merged or split",
    )
    geopackage.add_table(
        db, "project", {"name": "TEXT NOT NULL UNIQUE", "value": "TEXT"}, about="incident-mapper's own notes"
    )
    styles.insert(db, "incidents", geopackage.GEOMETRY)
    for statement in _INDEXES:
        db.execute(statement)
    for what in ("UPDATE", "DELETE"):
        db.execute(_ONLY_APPENDED.format(what=what))
