"""Tables made elsewhere → the incident table.

What a file is and what its columns are is told by what it holds: ACLED's, UCDP's, GDELT's and Atlos' files, map files
of points, and any other table by the names and the cells of its columns. A row that cannot be placed or dated is kept
and named.
"""

from __future__ import annotations

from geo.tables.countries import country_code
from geo.tables.files import SUFFIXES, File, checked, recognise
from geo.tables.finding import find_phrase, find_place
from geo.tables.guess import locates
from geo.tables.mapping import TableMapping, code_of, load, recognised
from geo.tables.model import CHUNK_ROWS, Problem
from geo.tables.reading import Table, joined, opened, read_chunks

__all__ = [
    "CHUNK_ROWS",
    "SUFFIXES",
    "File",
    "Problem",
    "Table",
    "TableMapping",
    "checked",
    "code_of",
    "country_code",
    "find_phrase",
    "find_place",
    "joined",
    "load",
    "locates",
    "opened",
    "read_chunks",
    "recognise",
    "recognised",
]
