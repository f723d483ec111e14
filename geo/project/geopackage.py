"""GeoPackage 1.3 by sqlite3: its metadata tables, and geometries as its blobs.

GDAL writes whole layers; a project is written a row at a time, in transactions of its own, by several programs at once.
The standard is OGC 12-128r17; the two definitions of "no coordinate system" and that of WGS 84 are its own rows.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    import shapely

APPLICATION_ID = 0x47504B47  # "GPKG"
USER_VERSION = 10300  # 1.3.0
SRS_ID = 4326
GEOMETRY = "geom"
"""The column of a layer's geometries."""
_NO_ENVELOPE, _XY_ENVELOPE, _LITTLE_ENDIAN = 0, 1, 1
_HEADER_BYTES = 8
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}

_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,'
    'AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
_SYSTEMS = (
    ("Undefined cartesian SRS", -1, "NONE", -1, "undefined", "undefined cartesian coordinate reference system"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
    ("WGS 84 geodetic", SRS_ID, "EPSG", SRS_ID, _WGS84, "longitude/latitude coordinates on the WGS 84 spheroid"),
)
_METADATA = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT
);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);
"""


def begin(db: sqlite3.Connection) -> None:
    """Make an empty database a GeoPackage without layers."""
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {USER_VERSION}")
    for statement in _METADATA.split(";"):
        db.execute(statement)
    db.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", _SYSTEMS)


def add_table(
    db: sqlite3.Connection, name: str, columns: Mapping[str, str], *, about: str, layer: bool = False
) -> None:
    """Make a table and register it: `columns` are SQL types by name, `layer` gives it a geometry."""
    parts = ["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", *([f"{GEOMETRY} GEOMETRY"] if layer else [])]
    parts += [f'"{column}" {kind}' for column, kind in columns.items()]
    db.execute(f'CREATE TABLE "{name}" ({", ".join(parts)})')
    kind, system = ("features", SRS_ID) if layer else ("attributes", 0)
    db.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?, ?, ?, ?, ?)",
        (name, kind, name, about, system),
    )
    if layer:
        db.execute("INSERT INTO gpkg_geometry_columns VALUES (?, ?, 'GEOMETRY', ?, 0, 0)", (name, GEOMETRY, SRS_ID))


def touched(db: sqlite3.Connection, name: str, shapes: Iterable[shapely.Geometry | None] = ()) -> None:
    """Note that a table changed, and widen a layer's extent by what was written to it."""
    db.execute(
        "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE table_name = ?", (name,)
    )
    for shape in shapes:
        if shape is not None:
            west, south, east, north = shape.bounds
            db.execute(
                "UPDATE gpkg_contents SET min_x = min(ifnull(min_x, ?1), ?1), min_y = min(ifnull(min_y, ?2), ?2), "
                "max_x = max(ifnull(max_x, ?3), ?3), max_y = max(ifnull(max_y, ?4), ?4) WHERE table_name = ?5",
                (west, south, east, north, name),
            )


def blob(shape: shapely.Geometry | None) -> bytes | None:
    """A geometry (longitude, latitude) as a GeoPackage's: header, envelope where it is no point, WKB."""
    import shapely  # noqa: PLC0415  # heavy

    if shape is None:
        return None
    point = shape.geom_type == "Point"
    flags = (_NO_ENVELOPE if point else _XY_ENVELOPE) << 1 | _LITTLE_ENDIAN
    west, south, east, north = shape.bounds
    envelope = b"" if point else struct.pack("<4d", west, east, south, north)
    wkb: bytes = shapely.to_wkb(shape, byte_order=1, flavor="iso")
    return b"GP" + struct.pack("<BBi", 0, flags, SRS_ID) + envelope + wkb


def shape_of(data: Any) -> shapely.Geometry | None:  # noqa: ANN401  # a cell of a file
    """The geometry in a blob; None for none, and for what is no geometry."""
    import shapely  # noqa: PLC0415  # heavy

    if not isinstance(data, bytes) or len(data) <= _HEADER_BYTES or data[:2] != b"GP":
        return None
    start = _HEADER_BYTES + _ENVELOPE_BYTES.get(data[3] >> 1 & 7, 0)
    try:
        return shapely.from_wkb(data[start:])
    except shapely.errors.ShapelyError:
        return None
