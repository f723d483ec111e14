"""Styles that QGIS finds in a GeoPackage: incidents in the colours of the map, one for each kind of geometry."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from geo.export.geojson import COLOURS, OTHER_COLOUR

if TYPE_CHECKING:
    from pathlib import Path

_TABLE = """CREATE TABLE IF NOT EXISTS layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT, f_table_schema TEXT, f_table_name TEXT,
    f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
    owner TEXT, ui TEXT, update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), type TEXT)"""
_CONTENTS = """INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier)
    VALUES ('layer_styles', 'attributes', 'layer_styles')"""
_STYLE = """INSERT INTO layer_styles
    (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, useAsDefault,
     description, owner, type)
    VALUES ('', '', ?, ?, ?, ?, '', 1, 'event types in the colours of incident-mapper', '', ?)"""


def add(file: Path, layer: str, geometry_column: str) -> None:
    """Write the styles into a GeoPackage that is complete."""
    with closing(sqlite3.connect(file)) as base, base:
        insert(base, layer, geometry_column)


def insert(base: sqlite3.Connection, layer: str, geometry_column: str) -> None:
    """Write the styles of a layer through an open connection, in the caller's transaction."""
    base.execute(_TABLE)
    base.execute(_CONTENTS)
    for kind in _SYMBOLS:
        base.execute(_STYLE, (layer, geometry_column, f"event types ({kind.lower()})", qml(kind), kind))


def qml(kind: str) -> str:
    """QGIS's style for Point, Line or Polygon: a symbol for each event type, one for what has none."""
    values = [*COLOURS, ""]
    categories = "".join(
        f'<category value={quoteattr(value)} symbol="{index}" label={quoteattr(value or "not known")} render="true"/>'
        for index, value in enumerate(values)
    )
    symbols = "".join(_symbol(kind, index, COLOURS.get(value, OTHER_COLOUR)) for index, value in enumerate(values))
    return (
        '<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM"><qgis styleCategories="Symbology">'
        '<renderer-v2 type="categorizedSymbol" attr="event_type" enableorderby="0" forceraster="0" symbollevels="0">'
        f"<categories>{categories}</categories><symbols>{symbols}</symbols></renderer-v2></qgis>"
    )


def _symbol(kind: str, name: int, colour: str) -> str:
    kind_of, layer_class, options = _SYMBOLS[kind]
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    told = "".join(
        f'<Option type="QString" name="{key}" value="{value.format(rgb=f"{red},{green},{blue}")}"/>'
        for key, value in options.items()
    )
    return (
        f'<symbol type="{kind_of}" name="{name}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{layer_class}" enabled="1" locked="0" pass="0"><Option type="Map">{told}</Option></layer>'
        "</symbol>"
    )


_SYMBOLS: dict[str, tuple[str, str, dict[str, str]]] = {
    "Point": (
        "marker",
        "SimpleMarker",
        {"name": "circle", "color": "{rgb},255", "outline_color": "255,255,255,255", "size": "2.6", "size_unit": "MM"},
    ),
    "Line": ("line", "SimpleLine", {"line_color": "{rgb},255", "line_width": "0.8", "line_width_unit": "MM"}),
    "Polygon": (
        "fill",
        "SimpleFill",
        {"color": "{rgb},51", "style": "solid", "outline_color": "{rgb},255", "outline_width": "0.5"},
    ),
}
"""QGIS's symbol type, its layer class and options by the kind of geometry in `layer_styles`."""
