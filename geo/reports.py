"""Files → dated reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `report` is its name (file name, or the id that the file gives); all spans count from `text`.

    `published` is None where neither header, dateline, metadata nor `--published` tells it.
    """

    report: str
    text: str
    published: dt.date | None = None
    publisher: str = ""
    url: str = ""
    title: str = ""
