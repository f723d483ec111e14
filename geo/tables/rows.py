"""A chunk as its mapping sees it: cells by what they are, not by how their columns are called."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.tables import cells, names

if TYPE_CHECKING:
    from geo.tables.mapping import TableMapping
    from geo.tables.model import Chunk, Problems


@dataclass
class Rows:
    """The rows of a chunk; columns are Arrow arrays of strings, null where blank."""

    chunk: Chunk
    mapping: TableMapping
    problems: Problems
    _columns: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.chunk)

    def has(self, role: str) -> bool:
        """Whether some column is that."""
        return bool(self.mapping.columns.get(role))

    def column(self, name: str) -> Any:  # noqa: ANN401  # Arrow's
        """A column by its name, trimmed."""
        import pyarrow as pa  # noqa: PLC0415  # heavy

        if name not in self._columns:
            here = name in self.chunk.cells.column_names
            self._columns[name] = (
                cells.trimmed(self.chunk.cells.column(name)) if here else pa.nulls(len(self), pa.string())
            )
        return self._columns[name]

    def text(self, role: str) -> Any:  # noqa: ANN401
        """The cells of a role: those of its first column that is filled in the row."""
        found = [self.column(name) for name in self.mapping.columns.get(role, ())]
        return cells.first_filled(found, len(self))

    def known(self, role: str) -> Any:  # noqa: ANN401
        """The same, null too where the cell only says that nothing is known."""
        import pyarrow as pa  # noqa: PLC0415  # heavy
        import pyarrow.compute as pc  # noqa: PLC0415  # heavy

        column = self.text(role)
        if column.null_count == len(column):
            return column
        words = [*names.missing_words(), *self.mapping.unknown.get(role, ())]
        unknown = pc.is_in(pc.utf8_lower(column), pa.array(words, pa.string()))
        return pc.if_else(unknown, pa.scalar(None, pa.string()), column)

    def coded(self, role: str) -> Any:  # noqa: ANN401
        """The same, with codes as what they mean."""
        codes = self.mapping.codes.get(role, {})
        column = self.known(role)
        if not codes or column.null_count == len(column):
            return column
        folded = {code.casefold(): ours for code, ours in codes.items()}
        return cells.mapped(column, lambda value: folded.get(value.casefold(), value))

    def tell(self, mask: Any, role: str, value: object, reason: str) -> None:  # noqa: ANN401  # numpy's
        """The same is wrong with the same cell in each row of the mask."""
        column = self.mapping.first(role) or role
        for number in self.chunk.rows[mask]:
            self.problems.add(int(number), column, value, reason)

    def tell_each(self, mask: Any, role: str, reason: str, *, instead: str = "") -> None:  # noqa: ANN401
        """The same is wrong with each row of the mask, each with its own cell."""
        role = role if self.has(role) or not instead else instead
        column = self.text(role)
        for at in np.flatnonzero(mask):
            self.tell(np.array([at]), role, column[int(at)].as_py(), reason)
