"""Text → time expressions → intervals, against the day of publication and the days that the text itself names.

Rules of our own: the vocabulary lies in `vocabulary.toml`, the shapes of expressions in `patterns`, their meaning in
`meaning`. News tells what has happened, so a bare weekday or month is the latest one not after the anchor, unless the
verb beside it looks ahead.
"""

from __future__ import annotations

from geo.times.datelines import dateline
from geo.times.model import Time
from geo.times.reader import find

__all__ = ["Time", "dateline", "find"]
