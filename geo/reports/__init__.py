"""Files → dated reports.

What is read is hostile until shown otherwise: every reader is bounded, and what cannot be read is a `Problem` that
names file, row and reason, while the good rows go on.
"""

from __future__ import annotations

from geo.reports.loading import READERS, documents, expand, load
from geo.reports.model import MAX_FILE_BYTES, MAX_TEXT_CHARACTERS, MAX_UNPACKED_BYTES, Problem, Report
from geo.reports.rows import csv_rows, unpacks_to_too_much, xlsx_rows

__all__ = [
    "MAX_FILE_BYTES",
    "MAX_TEXT_CHARACTERS",
    "MAX_UNPACKED_BYTES",
    "READERS",
    "Problem",
    "Report",
    "csv_rows",
    "documents",
    "expand",
    "load",
    "unpacks_to_too_much",
    "xlsx_rows",
]
