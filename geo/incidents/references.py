"""Words that mean a place without naming it: "here", "the capital", "in the town", "that same village"."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from geo import sentences
from geo.incidents.phrases import either, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gazetteer.place import Place
    from geo.incidents.datelines import Head
    from geo.incidents.sites import Site

_HERE = re.compile(
    r"\bthis\s{1,4}(?:country's\s{1,4})?(?:capital|city|town|port)\b|"
    r"\bhere\b(?=\s{0,2}[,.;]|\s{1,4}(?:today|yesterday|on|this|last|early|late|at|as|when|while|after|before|during)\b)",
    re.IGNORECASE,
)
_ITS_CAPITAL = re.compile(r"\bthe\s{1,4}(?:[A-Z]\w{1,20}\s{1,4})?capital\b(?!\s{1,4}of\b|,?\s{1,4}[A-Z])")
"""The capital without its name; "the Iraqi capital Baghdad" names it."""
_REACH = 900
"""Characters that "the town" may stand behind the town's name."""
_TOWN_RANK, _PROVINCE_RANK = 1, 4


def with_references(text: str, sites: Sequence[Site], *, head: Head, home: Place | None) -> list[Site]:
    """The sites, and those that the text means without naming them: with the reference's offsets and no `spans`."""
    known = {site.start for site in sites}
    meant = [*_of_the_dateline(text, sites, head=head, home=home), *_of_places_before(text, sites)]
    meant = [site for site in meant if site.start not in known]  # a capital that was found already
    return sorted([*sites, *meant], key=lambda site: (site.start, site.end))


def _of_the_dateline(text: str, sites: Sequence[Site], *, head: Head, home: Place | None) -> Iterator[Site]:
    """For "this capital" and "here" the dateline's place; "the Somali capital" where that place is at home."""
    origin = next((site for site in sites if site.known and site.end <= head.dateline_end), None)
    if origin is None:
        return
    at_home = home is not None and set(origin.countries) == set(home.countries)
    for pattern in (_HERE, *([_ITS_CAPITAL] if at_home else [])):
        for match in pattern.finditer(text, head.dateline_end):
            yield _meant(origin, match)


def _of_places_before(text: str, sites: Sequence[Site]) -> Iterator[Site]:
    """For "in the town" the town named last, in a sentence before; a name in the same sentence needs no reference."""
    starts = [site.start for site in sites]
    for match in _definite().finditer(text):
        begin = sentences.at(text, match.start("what"))[0]
        before = sites[bisect_left(starts, begin - _REACH) : bisect_left(starts, begin)]
        here = sites[bisect_left(starts, begin) : bisect_left(starts, match.start("what"))]
        noun = match["noun"].lower()
        if not any(_may_be(site, noun) for site in here):
            named = next((site for site in reversed(before) if site.literal and _may_be(site, noun)), None)
            if named is not None:
                yield _meant(named, match, "what")


def _may_be(site: Site, noun: str) -> bool:
    """Whether a place may be called so: a name that the gazetteer does not know may be a village or a town."""
    if site.relation or site.inner:
        return False
    if noun in words("provinces_called"):
        return site.known and site.rank == _PROVINCE_RANK
    return site.rank == _TOWN_RANK and (site.known or noun not in words("cities_called"))


def _meant(site: Site, match: re.Match[str], group: int | str = 0) -> Site:
    return replace(site, start=match.start(group), end=match.end(group), text=match[group], spans=(), literal=True)


@lru_cache(maxsize=1)
def _definite() -> re.Pattern[str]:
    nouns = either([*words("towns_called"), *words("cities_called"), *words("provinces_called")])
    side = (
        r"(?:(?:north|south|east|west|central|north-?east|north-?west|south-?east|south-?west)(?:ern)?|coastal|border)"
    )
    return re.compile(
        rf"\b(?:in|at|near|outside|inside|around|across|into|through|within|of|entered|over)\s{{1,4}}"
        rf"(?P<what>(?:the|that)\s{{1,4}}(?:same\s{{1,4}})?(?:{side}\s{{1,4}})?(?P<noun>{nouns}))(?!\w|-)"
        rf"(?!\s{{1,4}}(?:of\b|(?-i:[A-Z])))",
        re.IGNORECASE,
    )
