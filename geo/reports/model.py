"""A report, what could not be read, and how much is read at most."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

MAX_FILE_BYTES = 32 * 2**20
"""A file that is one report (.txt .md .html) may not be larger: the longest newspaper article has 0.2 MB."""
MAX_TEXT_CHARACTERS = 5_000_000
"""A report may not be longer: ten Bibles."""
MAX_UNPACKED_BYTES = 1 * 2**30
"""An .xlsx may not unpack to more, nor may one column of a row group of a .parquet."""


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


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read: the file, the row (1 is the first after a header; None is the whole file) and why."""

    file: str
    row: int | None
    reason: str

    def __str__(self) -> str:
        where = self.file if self.row is None else f"{self.file}: row {self.row}"
        return one_line(f"{where}: {self.reason}")


def well_formed(text: str) -> str:
    """Lone surrogates, which no file can hold, become U+FFFD one by one."""
    return text if text.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", text)


def one_line(text: str) -> str:
    """The text with each run of white space as one blank."""
    return " ".join(well_formed(text).split())
