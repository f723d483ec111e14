"""Names of streets and quarters that the gazetteer took for a town elsewhere: they lie in the town of the report.

"the 16600 block of Edmore", "near Bullard and Cornelia avenues", "in Logan Heights" of a report on San Diego: the words
are kept as a place that is not on the map, and the town of the report holds it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from geo.incidents.distance import km
from geo.incidents.phrases import either, words
from geo.incidents.sites import nearby_score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.incidents.sites import Site

_TOWN_RANK = 2
_AREA_RANK = 4
_RANK = 1
_NAMED = frozenset({"exact", "alternate"})
_NEAR_KM = 120.0
"""Places that a local report names lie within about so far of each other."""
_SURE = 0.8
"""A name that is resolved so surely is taken at its word wherever it lies."""
_LOCAL_SHARE = 0.5
"""So large a share of a local report's firm names lies around one town."""
_POSSESSIVE = re.compile(r"['’]s\s{1,3}")
_BEFORE = 40
_AFTER = 40
_MOST_TELLINGS = 5
_MOST_NAMES = 60
"""Distinct names of a report that are compared with each other."""


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    kinds = either(words("street_kinds"))
    compass = r"(?:(?:[NSEW]|North|South|East|West)\b\.?\s{1,2})?"
    return (
        re.compile(rf"(?:\b(?:block|intersection|corner)\s{{1,2}}of|\b{kinds}\.?\s{{1,2}}(?:and|&))\s{{1,2}}{compass}\Z",
                   re.IGNORECASE),
        re.compile(rf"\s{{1,2}}(?:(?:and|&)\s{{1,2}}{compass}(?:\w{{1,20}}\s{{1,2}}){{1,2}})?{kinds}\b", re.IGNORECASE),
    )  # fmt: skip


@lru_cache(maxsize=1)
def _beside_a_street() -> re.Pattern[str]:
    """What stands between a street and the one it meets, or the town it lies near."""
    return re.compile(rf"\b{either(words('street_kinds'))}\.?\s{{1,2}}(?:at|near)\s{{1,2}}\Z", re.IGNORECASE)


@lru_cache(maxsize=1)
def _building() -> re.Pattern[str]:
    kinds = either(words("inner_kinds"))
    return re.compile(
        rf"\s{{1,3}}(?:\w{{2,15}}\s{{1,3}})?{kinds},?\s{{1,3}}(?:in|of|at|near|outside)\s{{1,3}}", re.IGNORECASE
    )


def with_quarters(text: str, sites: Sequence[Site]) -> list[Site]:
    """The sites, streets and quarters among them taken off the map."""
    town = report_town(sites)
    found = []
    for before, site, after in zip([None, *sites], sites, [*sites[1:], None], strict=False):
        owner = before if before is not None and _owns(text, before, site) else None
        if after is not None and _is_building_in(text, site, after):
            owner = after
        local = owner is not None or _is_local(text, site, town)
        found.append(_off_the_map(site, owner or town) if local else site)
    return found


def _is_building_in(text: str, site: Site, town: Site) -> bool:
    """Whether it names but a building of the place after it, far away: "the Litoral penitentiary in Guayaquil"."""
    if (
        not (site.known and town.known and site.spans and town.rank <= _TOWN_RANK)
        or site.relation
        or site.rank > _AREA_RANK
    ):
        return False
    return _building().fullmatch(text, site.end, town.start) is not None and _away(site, town) > _NEAR_KM


def _owns(text: str, town: Site, site: Site) -> bool:
    """Whether it is a part of the town right before it, "Miami's Liberty City", and no place of its own elsewhere."""
    owned = (
        town.known and site.known and max(town.rank, site.rank) <= _TOWN_RANK and bool(site.spans) and not site.relation
    )
    return owned and _POSSESSIVE.fullmatch(text, town.end, site.start) is not None and _away(town, site) > _NEAR_KM


def _is_local(text: str, site: Site, town: Site | None) -> bool:
    if not site.known or site.relation not in ("", "near") or not site.spans:
        return False
    start, end = site.spans[0]
    before, after = _patterns()
    if before.search(text[max(0, start - _BEFORE) : start]) or after.match(text, end, end + _AFTER):
        return True
    beside = _beside_a_street().search(text[max(0, start - _BEFORE) : start]) is not None
    if beside and (_sure(site) < _SURE or (town is not None and _away(site, town) > _NEAR_KM)):
        return site.rank <= _AREA_RANK
    if site.rank > _TOWN_RANK or town is None or _is_the_only_one(site, town) or _is_of_one_province(site, town):
        return False
    return _sure(site) < _SURE and _away(site, town) > _NEAR_KM


def _is_the_only_one(site: Site, town: Site) -> bool:
    """Whether a name is that of one place alone, in the country of the report's town: a town, not a quarter."""
    at_home = bool(site.countries) and site.countries == town.countries
    return at_home and not any(one.how in _NAMED and one.place.kind == "settlement" for one in site.alternatives)


def _is_of_one_province(site: Site, town: Site) -> bool:
    """Whether both lie in one province: a town there is likelier than a quarter that bears its name.

    Not where towns are told with their state, as in the United States: there a bare name is a quarter.
    """
    one, other = site.place, town.place
    if one is None or other is None or "US" in one.countries:
        return False
    return one.admin1_code == other.admin1_code != ""


def _off_the_map(site: Site, town: Site | None) -> Site:
    start, end = site.spans[0]
    bare = replace(site, start=start, end=end, place=None, located=None, relation="", rank=_RANK, score=0.0)
    return replace(bare, inner=True, holder=town)


def report_town(sites: Sequence[Site]) -> Site | None:
    """The town or county that most of the report's firm names gather round; None where it is no local report."""
    named: defaultdict[str, list[Site]] = defaultdict(list)
    for site in sites:
        if site.known and site.rank < _AREA_RANK and not site.relation:
            named[" ".join(site.text.lower().split())].append(site)
    groups = list(named.values())[:_MOST_NAMES]
    told = {id(group): min(len(group), _MOST_TELLINGS) * _sure(group[0]) for group in groups}
    firm = [group for group in groups if _sure(group[0]) >= _SURE]
    best, most = None, 0.0
    for group in firm:
        weight = sum(told[id(other)] for other in firm if _away(group[0], other[0]) <= _NEAR_KM)
        if weight > most:
            best, most = group[0], weight
    every = sum(told[id(group)] for group in firm)
    return best if most >= _LOCAL_SHARE * every else None


def _sure(site: Site) -> float:
    """How sure it is that the name lies about there: a town, its county and its province may share it."""
    place = site.place
    return site.score if place is None else nearby_score(place, site.score, site.alternatives)


def _away(one: Site, other: Site) -> float:
    first, second = one.located or one.place, other.located or other.place
    if first is None or second is None:
        return 0.0
    return km(first.lat, first.lon, second.lat, second.lon)
