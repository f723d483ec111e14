"""Where a report's dateline ends."""

from __future__ import annotations

import re

_HEAD = 400
_DATELINE = re.compile(
    r"^[ \t]{0,8}[A-ZÀ-Þ][^\n]{1,90}?"
    r"(?:\([^)\n]{2,40}\)\s{0,3}[-–—_]{0,2}|\s[-–—_]{1,2}\s|\[(?:TEXT|REPORT)[^\n]{0,40}\])",
    re.MULTILINE,
)
_FIRST_WORDS = 4


def dateline_end(text: str) -> int:
    """The offset behind the dateline, 0 where there is none: "MOSUL, Iraq, June 28 (Agency) -"."""
    match = _DATELINE.search(text, 0, _HEAD)
    if match is None:
        return 0
    head = match.group().strip().split(",")[0].split("(")[0].strip(" -–—_")
    words = re.findall(r"[^\W\d_]+", head)[:_FIRST_WORDS]
    opens = not text[: match.start()].strip() or text[match.start() - 1] == "\n"
    return match.end() if opens and words and all(word.isupper() for word in words) else 0
