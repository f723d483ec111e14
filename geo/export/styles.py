"""Styles that QGIS finds in a GeoPackage: incidents in the colours of the map."""

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
    owner TEXT, ui TEXT, update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')))"""
_CONTENTS = """INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier)
    VALUES ('layer_styles', 'attributes', 'layer_styles')"""
_STYLE = """INSERT INTO layer_styles
    (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, useAsDefault,
     description, owner)
    VALUES ('', '', ?, ?, 'event types', ?, '', 1, 'event types in the colours of incident-mapper', '')"""


def add(file: Path, layer: str, geometry_column: str) -> None:
    """Write the style into a GeoPackage that is complete."""
    with closing(sqlite3.connect(file)) as base, base:
        insert(base, layer, geometry_column)


def insert(base: sqlite3.Connection, layer: str, geometry_column: str) -> None:
    """Write the style of a layer through an open connection, in the caller's transaction."""
    base.execute(_TABLE)
    base.execute(_CONTENTS)
    base.execute(_STYLE, (layer, geometry_column, qml()))


def qml() -> str:
    """QGIS's style of a layer: rules by kind of geometry and event type.

    QGIS keeps one default style a table and shows points, lines and areas as layers of their own; in each of them only
    the rules for its geometry draw.
    """
    types = [*COLOURS, ""]
    rules = "".join(
        f'<rule filter={quoteattr(_filter(kind, value))} symbol="{kind}{number}" '
        f"label={quoteattr(f'{value or _UNKNOWN} ({_SYMBOLS[kind][0]})')}/>"
        for kind in _SYMBOLS
        for number, value in enumerate(types)
    )
    symbols = "".join(
        _symbol(kind, number, COLOURS.get(value, OTHER_COLOUR))
        for kind in _SYMBOLS
        for number, value in enumerate(types)
    )
    return (
        '<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM"><qgis styleCategories="Symbology">'
        '<renderer-v2 type="RuleRenderer" enableorderby="0" forceraster="0" symbollevels="0">'
        f'<rules key="incidents">{rules}</rules><symbols>{symbols}</symbols></renderer-v2></qgis>'
    )


def _filter(kind: str, event_type: str) -> str:
    told = f"\"event_type\" = '{event_type}'" if event_type else "coalesce(\"event_type\", '') = ''"
    return f"geometry_type($geometry) = '{kind}' AND {told}"


def _symbol(kind: str, number: int, colour: str) -> str:
    _, symbol, layer, options = _SYMBOLS[kind]
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    told = "".join(
        f'<Option type="QString" name="{key}" value="{value.format(rgb=f"{red},{green},{blue}")}"/>'
        for key, value in options.items()
    )
    return (
        f'<symbol type="{symbol}" name="{kind}{number}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{layer}" enabled="1" locked="0" pass="0"><Option type="Map">{told}</Option></layer></symbol>'
    )


_UNKNOWN = "type not known"
_SYMBOLS: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "Point": (
        "point",
        "marker",
        "SimpleMarker",
        {"name": "circle", "color": "{rgb},255", "outline_color": "255,255,255,255", "size": "2.6", "size_unit": "MM"},
    ),
    "Line": ("line", "line", "SimpleLine", {"line_color": "{rgb},255", "line_width": "0.8", "line_width_unit": "MM"}),
    "Polygon": (
        "area",
        "fill",
        "SimpleFill",
        {"color": "{rgb},51", "style": "solid", "outline_color": "{rgb},255", "outline_width": "0.5"},
    ),
}
"""By QGIS's kind of geometry: our word, QGIS's symbol, its layer class and options."""
