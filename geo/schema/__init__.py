"""The incident table: its columns, an empty one, and how any table becomes one.

Everything that reads makes this table, everything that draws or writes starts from it. It is a GeoDataFrame in
EPSG:4326 (WGS 84, lon before lat in geometries), one row an incident. Unknown is never zero and never a default point:
text is "", a list is [], numbers and dates are null, the geometry is None.
"""

from __future__ import annotations

from geo.schema.arrow import is_json, is_nested
from geo.schema.cells import cells, clean, read_cells
from geo.schema.columns import (
    COLUMNS,
    CRS,
    DATE_PRECISIONS,
    GEO_PRECISIONS,
    KINDS,
    SEPARATOR,
    STATUSES,
    Column,
)
from geo.schema.reasons import explained, meaning
from geo.schema.table import coerce, dtype, empty, from_columns, from_records, plain, records
from geo.schema.validation import validate

__all__ = [
    "COLUMNS",
    "CRS",
    "DATE_PRECISIONS",
    "GEO_PRECISIONS",
    "KINDS",
    "SEPARATOR",
    "STATUSES",
    "Column",
    "cells",
    "clean",
    "coerce",
    "dtype",
    "empty",
    "explained",
    "from_columns",
    "from_records",
    "is_json",
    "is_nested",
    "meaning",
    "plain",
    "read_cells",
    "records",
    "validate",
]
