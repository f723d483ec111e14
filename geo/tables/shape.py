"""The shape of a table of text: its separator, and which of its first rows is the header."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING

from geo.errors import InputError
from geo.tables import names
from geo.tables.model import MAX_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

SEPARATORS = ",;\t|"
_FIRST_ROWS = 20
"""Titles above a header are not more."""
_MOST_SAMPLED = 500
_DATA_CELL = re.compile(r"\s*(?:[-+]?\d[\d.,:/ Tt+-]*Z?|https?:\S+|POINT.*)\s*\Z")


def sample_rows(text: str, separator: str) -> list[list[str]]:
    """The rows of the beginning of a table, the last, which may be cut, left out."""
    whole = text.rsplit("\n", 1)[0] if text.count("\n") > 1 else text
    quoting = csv.QUOTE_NONE if whole.count('"') % 2 and whole.count("\n") <= 1 else csv.QUOTE_MINIMAL
    rows = csv.reader(io.StringIO(whole), delimiter=separator, quoting=quoting)  # type: ignore[arg-type]
    try:
        return list(itertools.islice(rows, _MOST_SAMPLED))
    except csv.Error:
        return [line.split(separator) for line in whole.splitlines()[:_MOST_SAMPLED]]


def separator_of(text: str) -> str:
    """The separator by which most rows have the same number of cells, the more cells the better."""
    return max(SEPARATORS, key=lambda separator: _fit(sample_rows(text, separator)))


def _fit(rows: Sequence[Sequence[str]]) -> tuple[float, int]:
    counts = Counter(len(row) for row in rows if row and any(cell.strip() for cell in row))
    if not counts:
        return 0.0, 0
    cells, often = max(counts.items(), key=lambda one: (one[1], one[0]))
    if cells < 2:  # noqa: PLR2004  # one cell is no separation
        return 0.0, 0
    return often / counts.total() + min(cells, 8) / 100, cells


def header_row(rows: Sequence[Sequence[object]]) -> int | None:
    """Which row is the header: the one with most names of columns that are known; None where it is all data."""
    first = rows[:_FIRST_ROWS]
    best = max(range(len(first)), key=lambda row: (names.known_count(first[row]), -row), default=0)
    if first and names.known_count(first[best]) >= min(2, len(first[best])):
        return best
    filled = next((row for row, cells in enumerate(first) if _filled(cells) >= max(map(_filled, first)) - 1), 0)
    cells = [str(cell) for cell in first[filled] if cell not in (None, "")] if first else []
    is_data = any(_DATA_CELL.match(cell) for cell in cells)
    return None if is_data else filled


def _filled(cells: Sequence[object]) -> int:
    return sum(cell not in (None, "") for cell in cells)


def check_width(name: str, count: int) -> None:
    """Refuse a table with too many columns.

    Raises:
        InputError: it has.
    """
    if count > MAX_COLUMNS:
        raise InputError(f"{name}: has {count:,} columns; the most is {MAX_COLUMNS:,}.")
