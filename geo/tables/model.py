"""What is read of a table: chunks of cells with the numbers of their rows, and what could not be read."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

MAX_COLUMNS = 2_000
"""A table may not have more: UCDP has 49, GDELT 61."""
MAX_CELL_CHARACTERS = 1_000_000
"""A cell may not be longer: the longest newspaper article has 0.2 million."""
MAX_ROW_BYTES = 4 * 2**20
"""Nor may a row of a text file."""
CHUNK_ROWS = 50_000
"""Rows that are read together."""
MOST_KEPT = 100_000
"""Problems that are kept; more are counted."""
_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read: the file, its row (1 is the first below the header), column, cell and why."""

    row: int
    column: str
    value: str
    reason: str
    file: str = ""

    def __str__(self) -> str:
        shown = self.value if len(self.value) <= _LONGEST_SHOWN else self.value[: _LONGEST_SHOWN - 1] + "…"
        cell = f" {shown!r}" if self.column or self.value else ""
        where = f"{self.file}: row {self.row}" if self.file else f"row {self.row}"
        return f"{where}: {f'{self.column}{cell} '.lstrip()}{self.reason}"


@dataclass
class Problems:
    """Collects what could not be read, in order of the rows of each chunk, and hands each on to `tell`.

    `count` is how many there were, `kept` the first of them.
    """

    file: str
    tell: Callable[[Problem], None] | None = None
    count: int = 0
    kept: list[Problem] = field(default_factory=list)
    _waiting: list[tuple[int, int, Problem]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, row: int, column: str, value: object, reason: str) -> None:
        """One cell that could not be read."""
        text = "" if value is None else str(value)[: _LONGEST_SHOWN * 4]
        with self._lock:
            self._waiting.append((row, len(self._waiting), Problem(row, column, text, reason, self.file)))

    def flush(self, last: int | None = None) -> None:
        """Hand on what waits of the rows up to `last`, or of all, by row."""
        with self._lock:
            ready = sorted((one for one in self._waiting if last is None or one[0] <= last), key=lambda one: one[:2])
            self._waiting = [one for one in self._waiting if last is not None and one[0] > last]
        for _, _, problem in ready:
            self.count += 1
            if len(self.kept) < MOST_KEPT:
                self.kept.append(problem)
            if self.tell is not None:
                self.tell(problem)


@dataclass
class Chunk:
    """Some rows of a table: its cells as a pyarrow Table of strings, null where blank.

    `rows` are the rows' numbers. `shapes` are their geometries (EPSG:4326) where the file has some.
    """

    cells: Any
    rows: NDArray[np.int64]
    shapes: NDArray[np.object_] | None = None

    def __len__(self) -> int:
        return len(self.rows)


def distinct_names(header: Sequence[object]) -> list[str]:
    """The names of columns; one that is empty or comes twice gets a number."""
    seen: dict[str, int] = {}
    names = []
    for number, cell in enumerate(header, 1):
        name = " ".join(str("" if cell is None else cell).replace("\ufeff", "").split()) or f"column {number}"
        while name in seen:
            seen[name] += 1
            name = f"{name}.{seen[name]}"
        seen[name] = 1
        names.append(name)
    return names
