"""All that is wrong with a table, in one error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_FAULTS = 20


def throw(faults: Sequence[str]) -> None:
    """Raise one error that names the faults, where there are any.

    Raises:
        SchemaError: there are.
    """
    if faults:
        hidden = f"; and {len(faults) - _MOST_FAULTS} more faults" if len(faults) > _MOST_FAULTS else ""
        raise SchemaError("; ".join(faults[:_MOST_FAULTS]) + hidden)
