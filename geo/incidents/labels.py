"""The names that head lines of a list and the lines they speak for: "Kabul province: ...", "- 3 June, Titao: ..."."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.incidents.sites import Site

_COUNTRY_RANK = 7
_LEAD = re.compile(
    r"[\s*•·–—>-]{0,8}(?:\(?\d{1,3}[.):]\s{0,3})?"
    r"(?:(?:\d{1,2}(?:\s{1,2}[A-Z][a-z]{2,8}\.?)?(?:\s{1,2}\d{4})?|[A-Z][a-z]{2,8}\.?\s{1,2}\d{1,2}(?:,\s\d{4})?)\s{0,2}[,:–—-]\s{0,3})?"
)
"""What may stand before the name: a bullet, a number, a day."""
_COLON = re.compile(
    r"(?:\s{1,2}(?i:province|city|town|region|district|state|county|department|governorate|area|oblast|township))?"
    r"(?:\s{0,2}[,/(]\s{0,2}[A-ZÀ-Þ][^\n:.,]{1,40}\)?)?\s{0,2}:(?=\s)"
)
_STOP = re.compile(r"(?:\s{1,2}(?i:province|city|region|district|state))?\.(?=\s{1,3}[A-ZÀ-Þ])")
_LONGEST_LEAD, _HEADLINE = 40, 400
_TOWN_RANK = 2


class Labels:
    """The labels of one text, in order, each with where its lines begin and end."""

    def __init__(self, text: str, sites: Sequence[Site]) -> None:
        found = list(_labels(text, sites))
        if len(found) == 1 and _is_dateline(text, *found[0]):
            found = []
        self._starts = [start for start, _ in found]
        self._sites = [site for _, site in found]
        self._ends = [_end(text, start, following) for start, following in pairwise([*self._starts, len(text)])]

    def at(self, offset: int) -> Site | None:
        """The place that the line of this offset is about, None where its line has no label."""
        index = bisect_right(self._starts, offset) - 1
        return self._sites[index] if index >= 0 and offset < self._ends[index] else None


def _labels(text: str, sites: Sequence[Site]) -> Iterator[tuple[int, Site]]:
    """Where the words behind a label begin, and its place; the headline's country is no label."""
    for site in sites:
        if not site.known or not site.spans or site.relation:
            continue
        line = text.rfind("\n", max(0, site.start - _LONGEST_LEAD - 1), site.start) + 1
        if site.start - line > _LONGEST_LEAD or _LEAD.fullmatch(text, line, site.start) is None:
            continue
        match = _COLON.match(text, site.end) or (_STOP.match(text, site.end) if site.start == line else None)
        if match is not None and (site.rank < _COUNTRY_RANK or text[max(0, line - _HEADLINE) : line].strip()):
            yield match.end(), site


def _is_dateline(text: str, end: int, site: Site) -> bool:
    """Whether a town heads the whole report and no list of it: "QUETTA: Four people were killed in ..."."""
    return site.rank <= _TOWN_RANK and end < _HEADLINE and "\n" not in text[:end].strip()


def _end(text: str, start: int, following: int) -> int:
    """Where a label's lines end: its own line, or, where that holds nothing else, the next label."""
    newline = text.find("\n", start)
    newline = len(text) if newline < 0 else newline
    return min(following, newline if text[start:newline].strip() else len(text))
