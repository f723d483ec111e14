"""Names of local places that no gazetteer knows, told by the words beside them.

"the village of Hai Maarouf", "the Zaafaraniyah district", "near Tal Na'am": they cannot be put on a map, but they say
where something happened more finely than the known place beside them, which holds them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from geo.incidents.phrases import either, words
from geo.incidents.quarters import with_quarters
from geo.incidents.sites import Site

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LOCAL_RANK = 1
_NAME = r"[A-ZÀ-Þ][\w’'-]{1,24}(?:\s{1,2}(?:(?:de|la|las|los|el|al|bin|abu|del)\s{1,2}){0,2}[A-ZÀ-Þ][\w’'-]{1,24}){0,3}"
_SHOUTED = 0.7
"""A report is written in capitals when so large a share of its letters is."""


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    kind = f"(?P<kind>(?i:{either(words('local_kinds'))}))"
    return (
        re.compile(rf"\b{kind}\s{{1,4}}(?i:of|called|named)\s{{1,4}}(?P<name>{_NAME})"),
        re.compile(rf"(?<![\w’'-])(?P<name>{_NAME})\s{{1,4}}{kind}(?!\w)"),
        re.compile(rf"\b(?i:in|at|near|outside|around|inside)\s{{1,4}}(?P<name>{_NAME})(?P<kind>)(?![\w’'-])"),
    )


def local_sites(text: str, known: Sequence[Site], *, names: Sequence[tuple[int, int]] = ()) -> list[Site]:
    """The sites, streets and quarters among them taken off the map, and the local places between them, in order.

    None are added in capitals, where all words look alike, nor on `names`, the spans of what else is no local place:
    the "Mozambican" of a "Mozambican district".
    """
    known = with_quarters(text, known)
    letters = [character for character in text[:4000] if character.isalpha()]
    if sum(map(str.isupper, letters)) > _SHOUTED * len(letters):
        return known
    taken = sorted([*((site.start, site.end) for site in known), *names])
    found = _kinds_by_span(text)
    inner = {span for span, kinds in found.items() if kinds & words("inner_kinds")}
    free = (span for span in sorted(found) if not _overlaps(span, taken))
    local = []
    end = 0
    for span in free:
        if span[0] >= end:
            local.append(Site(*span, text[slice(*span)], (span,), rank=_LOCAL_RANK, score=0.0, inner=span in inner))
            end = span[1]
    told = [replace(one, inner=True) if not one.known and (one.start, one.end) in inner else one for one in known]
    return sorted([*told, *local], key=lambda site: (site.start, site.end))


def _kinds_by_span(text: str) -> dict[tuple[int, int], set[str]]:
    """Offsets of the local names → what kind of place the words beside each say it is."""
    found: dict[tuple[int, int], set[str]] = {}
    for start, end, kind in _spans(text):
        found.setdefault((start, end), set()).add(kind.lower())
    return found


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    for pattern in _patterns():
        for match in pattern.finditer(text):
            start, end = match.span("name")
            parts = match["name"].lower().split()
            if parts[0] == "the":
                start += len(match["name"]) - len(match["name"][3:].lstrip())
                parts = parts[1:]
            if parts and not words("no_local") & set(parts):
                yield start, end, match["kind"]


def _overlaps(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    from bisect import bisect_left  # noqa: PLC0415  # one use

    index = bisect_left(taken, (span[1], 0))
    return any(start < span[1] and span[0] < end for start, end in taken[max(0, index - 2) : index + 1])
