"""What of the tellings of incidents goes to the map: all of them, or of very many incidents one sentence a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

FULL_LIMIT = 2_000
"""Up to so many incidents come with every sentence and the text around it; beyond, with one sentence a report."""


def tellings(incidents: pd.DataFrame) -> list[list[Mapping[str, Any]]]:
    """For each incident the tellings that the map holds, and that a search on it looks at."""
    told = schema.plain(incidents["sources"], "records")
    return told if len(incidents) <= FULL_LIMIT else [one_a_report(one) for one in told]


def one_a_report(told: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The first sentence that each report tells."""
    told = list(told)
    if len(told) < 2:  # noqa: PLR2004  # nothing to leave out
        return told
    first: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for one in told:
        first.setdefault((one.get("report"), one.get("publisher"), one.get("url"), one.get("published")), one)
    return list(first.values())
