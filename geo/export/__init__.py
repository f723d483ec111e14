"""The incident table → files, by suffix, and back.

Every file is written beside its target and moved there when it is whole, so that no reader ever meets half a file.
"""

from __future__ import annotations

from geo.export.files import places_path, write_bytes, write_text, writing
from geo.export.flat import neutral, unneutral
from geo.export.geojson import COLOURS, PLACE_COLUMNS, evidence, features, title
from geo.export.geometry import cut_at_antimeridian, geojson_geometry
from geo.export.layers import LAYERS, file_names, write_layers
from geo.export.projects import is_project
from geo.export.reading import READERS, read_incidents, read_places
from geo.export.safer import coarsen, droppable, with_status
from geo.export.writers import WRITERS, check_target, write, write_chunks

__all__ = [
    "COLOURS",
    "LAYERS",
    "PLACE_COLUMNS",
    "READERS",
    "WRITERS",
    "check_target",
    "coarsen",
    "cut_at_antimeridian",
    "droppable",
    "evidence",
    "features",
    "file_names",
    "geojson_geometry",
    "is_project",
    "neutral",
    "places_path",
    "read_incidents",
    "read_places",
    "title",
    "unneutral",
    "with_status",
    "write",
    "write_bytes",
    "write_chunks",
    "write_layers",
    "write_text",
    "writing",
]
