"""Capitals that a text means without naming them: "Chad's capital", "the Afghan capital"."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from geo.incidents.sites import Site

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gazetteer.place import Place
    from gazetteer.store import Gazetteer
    from geo.resolve import Resolved

_WORD = (
    r"(?:(?:coastal|seaside|besieged|bustling|crowded|embattled|war-torn|gang-ridden|sprawling)\s{1,3})?"
    r"capital(?:\s{1,3}city)?\b"
)
_NO_CITY = (
    r"(?!\s{1,3}(?:of\b|punishment|gains?|markets?|flight|controls?|investment|expenditure|crimes?|letters?)|"
    r"['’-]\w{2})"
)
_ITS = re.compile(rf"['’]s?\s{{1,3}}{_WORD}{_NO_CITY}", re.IGNORECASE)
_OF_A_PEOPLE = re.compile(rf"\s{{1,3}}{_WORD}{_NO_CITY}", re.IGNORECASE)
_NAMED_NEXT = re.compile(r"\s{0,3},?\s{0,3}(?:city\s{1,3}of\s{1,3})?")
_NAMED_REACH = 12
_OF_STATES = "US"
"""Where "the capital" is as often that of a state."""
_RANK = 1
_CITY_KINDS = frozenset({"settlement"})


def with_capitals(
    text: str, sites: Sequence[Site], resolved: Sequence[Resolved], *, gazetteer: Gazetteer
) -> list[Site]:
    """The sites, and the capitals meant, each in place of the country that its words name; in order.

    Args:
        text: the report.
        sites: its sites, in order.
        resolved: its toponyms and demonyms, in order.
        gazetteer: gives the capitals.
    """
    found = list(_of_countries(text, sites, resolved, gazetteer))
    starts = [site.start for site in found]
    return sorted(
        [*(one for one in sites if not _is_in(one, found, starts)), *found], key=lambda one: (one.start, one.end)
    )


def _is_in(site: Site, found: Sequence[Site], starts: Sequence[int]) -> bool:
    """Whether a site's words belong to a capital that was found."""
    index = bisect_right(starts, site.start) - 1
    return index >= 0 and site.end <= found[index].end


def _of_countries(
    text: str, sites: Sequence[Site], resolved: Sequence[Resolved], gazetteer: Gazetteer
) -> Iterator[Site]:
    """Of "Chad's capital" and of "the Chadian capital", unless the city is named next."""
    for item in resolved:
        if item.place is None or item.place.kind != "country":
            continue
        pattern = _OF_A_PEOPLE if item.toponym.kind == "demonym" else _ITS
        match = pattern.match(text, item.toponym.end)
        if match is not None and not _is_named(text, match.end(), sites):
            yield from _meant(text, item.toponym.start, match.end(), item.place.countries, gazetteer)


def _is_named(text: str, end: int, sites: Sequence[Site]) -> bool:
    """Whether a town's name follows: "the Iraqi capital Baghdad"."""
    index = bisect_left(sites, end, key=lambda site: site.start)
    following = sites[index] if index < len(sites) else None
    if following is None or following.start - end > _NAMED_REACH or following.rank > _RANK + 1:
        return False
    return _NAMED_NEXT.fullmatch(text, end, following.start) is not None


def _meant(text: str, start: int, end: int, countries: Sequence[str], gazetteer: Gazetteer) -> Iterator[Site]:
    if len(countries) != 1 or countries[0] == _OF_STATES:
        return
    capital = _capital(countries[0], gazetteer)
    if capital is not None:
        yield Site(start, end, text[start:end], (), capital, rank=_RANK)


def _capital(iso2: str, gazetteer: Gazetteer) -> Place | None:
    place_id = _ids().get(iso2)
    place = gazetteer.get(place_id) if place_id else None
    return place if place is not None and place.kind in _CITY_KINDS else None


@lru_cache(maxsize=1)
def _ids() -> dict[str, str]:
    """Ids of the capitals by country."""
    from gazetteer.sources.countries import load_points  # noqa: PLC0415  # only where a capital is asked for

    return {iso2: point.capital for iso2, point in load_points().items()}
