"""The places that a text speaks of, as candidates for where something happened, and the part each plays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo import sentences
from geo.incidents.distance import km
from geo.incidents.phrases import anywhere, before, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gazetteer.place import Place
    from gazetteer.store import Candidate
    from geo.incidents.datelines import Head
    from geo.relations import Located
    from geo.resolve import Resolved
    from geo.toponyms import Relation, Toponym

_RANKS = {
    "site": 0,
    "airfield": 0,
    "base": 0,
    "camp": 0,
    "crossing": 0,
    "dam": 0,
    "refinery": 0,
    "settlement": 1,
    "mountain": 3,
    "lake": 3,
    "island": 3,
    "valley": 3,
    "forest": 3,
    "admin2": 3,
    "river": 4,
    "road": 4,
    "admin1": 4,
    "desert": 5,
    "border": 5,
    "region": 6,
    "sea": 6,
    "country": 7,
    "continent": 8,
}
"""How coarse a kind of place is: of two that hold each other the one with the lower rank tells more."""
PRECISION_RANKS = {
    "site": 0,
    "settlement": 1,
    "near": 2,
    "admin2": 3,
    "admin1": 4,
    "border": 5,
    "sea": 5,
    "region": 6,
    "country": 7,
}
"""How coarse a place is, by its `geo_precision`."""
_UNKNOWN_RANK = 2
_ARTICLE = re.compile(r"^the ")
_KIND_AFTER = re.compile(r"\s{1,3}(?:province|region|state|governorate|district|department|county)\b", re.IGNORECASE)
_ANOTHER = re.compile(r"\s{0,3},\s{0,3}\w")
"""Between a place and "said": somebody else says it, "near Kirkuk, the ministry said"."""
_HYPHEN = re.compile(r"-\w")
_NAME_GOES_ON = re.compile(r"\s[A-Z][a-z]")
_OF_THE_TOWN = re.compile(r"\b(?:the|this)\s{1,3}(?:city|town|village)(?:['’]s\b|\Z)", re.IGNORECASE)
_SMALLEST_AREA_M = 30_000.0
"""An area whose extent is not known reaches at least so far, in metres."""
_ABOUT_THERE_KM = 120.0
_LOOK_BACK = 60
_HOSPITAL_REACH = 140
_TO_TOWN = re.compile(
    r",?\s{1,3}(?:in|at|of|near)\s{1,3}(?:the\s{1,3})?(?:(?:city|town|nearby|neighbou?ring)\s{1,3}(?:of\s{1,3})?)?"
)
_OWNER = re.compile(
    r"(?:(?!(?i:in|at|near|around|across|inside|outside)\s)[A-ZÀ-Þ][\w.-]{1,24}\s{1,3}){0,2}"
    r"[A-ZÀ-Þ][\w.-]{1,24}(?:['’]s|s['’])\s{1,3}(?:[a-zß-ÿ-]{2,16}\s{1,3}){0,3}\Z"
)
"""A land and how its part is told, before the part: "in | Russia's western Bryansk"."""
_REPORTED_FROM = re.compile(
    r"\b(?:reported|heard|seen|felt)\s{1,3}(?:[\w’']{1,12}\s{1,3}){0,4}from\s{1,3}(?:the\s)?\Z", re.IGNORECASE
)
"""What is reported from a place happened there: "clashes were reported on Sunday from Melitopol"."""
_FORCE = re.compile(r"\s{1,3}\w")
_HOME_AFTER = re.compile(
    r"\s{1,3}(?:man|woman|boy|girl|teen|teenager|native|resident|couple|mother|father)\b", re.IGNORECASE
)
_LAUNCHED = re.compile(
    r"\b(?:fired|launched|lobbed|shelled)\s{1,3}(?:\w{1,14}\s{1,3}){0,2}from\s{1,3}(?:the\s)?\Z", re.IGNORECASE
)
_OPENING = 25
"""Characters before a place that opens its sentence: "In the northern city of"."""
_LOOK_AHEAD = 60


@dataclass(frozen=True, slots=True)
class Site:
    """One mention of a place, or of a phrase that places something ("the Syria-Iraq border").

    `start`, `end` are its code point offsets, `spans` those of the toponyms it stands on. `place` is None for a phrase
    and for a name the gazetteer cannot resolve; `located` is the geometry of a phrase. `rank` grows with coarseness.
    """

    start: int
    end: int
    text: str
    spans: tuple[tuple[int, int], ...]
    place: Place | None = None
    located: Located | None = None
    literal: bool = True
    score: float = 1.0
    relation: str = ""
    rank: int = _UNKNOWN_RANK
    alternatives: tuple[Candidate, ...] = ()
    told_countries: tuple[str, ...] = ()
    inner: bool = False
    """A street or quarter of a town that the text names elsewhere: `holder`, where the report is about one town."""
    holder: Site | None = None
    within: Place | None = None
    """The town that the resolver takes to hold a street or building of no known place."""

    @property
    def countries(self) -> tuple[str, ...]:
        """ISO 3166-1 alpha-2 codes, the text's where it tells them beside; empty where it is not resolved."""
        if self.told_countries:
            return self.told_countries
        if self.located is not None:
            return self.located.countries
        return self.place.countries if self.place else ()

    @property
    def known(self) -> bool:
        """Whether it can be put on a map."""
        return self.located is not None or self.place is not None


def sites(
    text: str, resolved: Sequence[Resolved], relations: Sequence[Relation], located: Sequence[Located | None]
) -> list[Site]:
    """Every site in order: phrases that were located, and the toponyms that no such phrase stands on. No demonyms."""
    sure = {
        (item.toponym.start, item.toponym.end): nearby_score(item.place, item.score, item.alternatives)
        for item in resolved
        if item.place is not None
    }
    phrases = [
        _phrase(relation, place, sure) if place and not _is_of_the_town(relation) else _part_of_the_town(relation)
        for relation, place in zip(relations, located, strict=True)
        if _is_of_the_town(relation) or (place is not None and not _is_near_a_state(relation, place))
    ]
    taken = {span for phrase in phrases for span in phrase.spans}
    inside = [(phrase.start, phrase.end) for phrase in phrases]
    names = [
        _name(item)
        for item in resolved
        if item.toponym.kind != "demonym"
        and (item.toponym.start, item.toponym.end) not in taken
        and not _is_common(text, item.toponym)
    ]
    free = [
        name
        for name in names
        if not any(start <= name.start and name.end <= end for start, end in _near(inside, name.start))
    ]
    return sorted(phrases + free, key=lambda site: (site.start, site.end))


def nearby_score(place: Place, score: float, alternatives: Sequence[Candidate]) -> float:
    """The chance that a name lies about where `place` does: a town, its county and its province may share it."""
    return min(1.0, score + sum(one.score for one in alternatives if _is_about_there(one.place, place)))


def _is_about_there(one: Place, other: Place) -> bool:
    """Whether two places of one name lie about at one spot: near each other, or a town and its own province."""
    if "admin1" in (one.kind, other.kind) and one.admin1_code == other.admin1_code != "":
        return True
    return km(one.lat, one.lon, other.lat, other.lon) <= _ABOUT_THERE_KM


def _is_near_a_state(relation: Relation, place: Located) -> bool:
    """Whether it says "near" of a whole country: the words name its consulate or its troops, not where it lies."""
    return relation.relation == "near" and place.geo_precision == "country"


def _phrase(relation: Relation, place: Located, sure: Mapping[tuple[int, int], float]) -> Site:
    return Site(
        relation.start,
        relation.end,
        relation.text,
        relation.toponyms,
        located=place,
        relation=relation.relation,
        rank=PRECISION_RANKS.get(place.geo_precision, _UNKNOWN_RANK),
        score=min((sure[span] for span in relation.toponyms if span in sure), default=1.0),
    )


def _is_of_the_town(relation: Relation) -> bool:
    """Whether it is a part of a town that it does not name, "the city's west side": no part of the country."""
    return not relation.toponyms and _OF_THE_TOWN.search(relation.text) is not None


def _part_of_the_town(relation: Relation) -> Site:
    return Site(relation.start, relation.end, relation.text, (), rank=_RANKS["settlement"], score=0.0, inner=True)


def _is_common(text: str, toponym: Toponym) -> bool:
    """Whether the name is a common word here: "MAN" in a report in capitals, "West" of a street."""
    name = _ARTICLE.sub("", " ".join(toponym.text.lower().split()))
    return name in words("common") and _KIND_AFTER.match(text, toponym.end) is None


def _near(spans: Sequence[tuple[int, int]], offset: int) -> Iterator[tuple[int, int]]:
    """Of spans in order those that may hold the offset."""
    from bisect import bisect_right  # noqa: PLC0415  # one use

    index = bisect_right(spans, (offset, 10**12))
    yield from spans[max(0, index - 2) : index]


def _name(item: Resolved) -> Site:
    top, place = item.toponym, item.place
    rank = _RANKS.get(place.kind if place else top.kind, _UNKNOWN_RANK)
    return Site(
        top.start,
        top.end,
        top.text,
        ((top.start, top.end),),
        place,
        None,
        top.literal,
        item.score,
        "",
        rank,
        item.alternatives,
        inner=item.within is not None,
        within=item.within,
    )


def roles(text: str, site: Site, sentence: tuple[int, int], trigger: tuple[int, int], *, head: Head) -> list[str]:
    """The parts that the words beside the site say it plays: names of weights in `weights.toml`."""
    left = text[max(sentence[0], site.start - _LOOK_BACK) : site.start]
    right = text[site.end : min(sentence[1], site.end + _LOOK_AHEAD)]
    if trigger[0] < site.start < trigger[1] + _LOOK_BACK:  # the trigger's own words tell no other part
        left = left[max(0, trigger[0] - (site.start - len(left))) :].replace(text[trigger[0] : trigger[1]], "", 1)
    found = [_preposition(left, right, site) if site.spans else "locative"]  # "here", "this capital" have no spans
    if not found[0] and site.end <= trigger[0]:
        found.append("bare_subject")
    if _LAUNCHED.search(text[max(0, site.start - _LOOK_BACK) : site.start]):
        found.append("launched")
    if site.relation:
        found.append("relation")
    if not site.literal and _KIND_AFTER.match(right) is None:  # "Oaxaca state" is the place itself
        found.append("associative")
    aside = {
        "dateline": head.holds(site.start, site.end),
        "speaker": _is_speaker(left, right),
        "hospital": _of_a_hospital(text, site, sentence),
    }
    found += [name for name, holds in aside.items() if holds]
    if _HYPHEN.match(right) or left.endswith("-"):
        found.append("hyphenated")
    elif _NAME_GOES_ON.match(right) and not left.isupper():
        found.append("in_a_name")
    leads = site.start - sentence[0] < _OPENING and found[0] == "locative" and "," not in left
    if leads or not left.strip(" \n\t\"'“‘(-•*"):
        found.append("opens_sentence")
    return [name for name in found if name]


def bearing(text: str, site: Site, *, head: Head) -> str:
    """What a mention anywhere in the report says of where it plays: the name of a weight of `focus`.

    "Franklin police" work where it happened; somebody "from Franklin", or treated there, may have been anywhere.
    """
    left, right = text[max(0, site.start - _LOOK_BACK) : site.start], text[site.end : site.end + _LOOK_AHEAD]
    if site.end <= head.dateline_end:
        return "dateline"
    if _FORCE.match(right) is not None and anywhere("local_force").match(right.lstrip()):
        return "force"
    if before("home").search(left) or before("from").search(left) or _HOME_AFTER.match(right):
        return "home"
    if _of_a_hospital(text, site, sentences.at(text, site.start)):
        return "hospital"
    return "literal" if site.literal else "associative"


def _of_a_hospital(text: str, site: Site, sentence: tuple[int, int]) -> bool:
    """Whether it is the town of the hospital that somebody came to: "taken to a hospital in Amman"."""
    left = text[max(sentence[0], site.start - _HOSPITAL_REACH) : site.start]
    hospitals = list(anywhere("hospitals").finditer(left))
    if not hospitals or _TO_TOWN.fullmatch(left, hospitals[-1].end()) is None:
        return False
    return anywhere("to_hospital").search(left, 0, hospitals[-1].start()) is not None


def _owns(right: str) -> bool:
    """Whether a country is named for what it has abroad: "the US consulate", "French troops"."""
    following = re.match(r"\s{1,3}([a-z]+)", right)
    return following is not None and following.group(1) in words("of_a_state")


def _preposition(left: str, right: str, site: Site) -> str:
    if site.place is not None and site.place.kind == "country" and _owns(right):
        return "institution"
    left = _OWNER.sub("", left)
    for name in ("home", "institution"):
        if before(name).search(left):
            return name
    if before("locative").search(left) or _REPORTED_FROM.search(left):
        return "locative"
    for name in ("origin", "agent", "goal"):
        if before(name).search(left):
            return name
    if right.startswith(("'s", "’s", "s'")):
        return "possessive"
    return "locative" if site.relation in ("near", "distance", "border", "between", "off", "road") else ""


def _is_speaker(left: str, right: str) -> bool:
    """Whether "police in Abuja said", "Washington said": somebody there speaks; nothing happened there."""
    verb = anywhere("said").search(right[:40])
    if verb is None:
        return False
    gap = right[: verb.start()]
    if _ANOTHER.match(gap) or "," in gap.strip(" ,") or gap.count(" ") > 4:  # noqa: PLR2004  # words between the place and its verb
        return False
    if not left.strip():
        return True
    return anywhere("speakers").search(left[-45:]) is not None or before("locative").search(left) is None


def is_within(inner: Site, outer: Site) -> bool:
    """Whether the outer site, the coarser, holds the inner one."""
    if inner.rank > outer.rank or not (inner.known and outer.known) or not set(inner.countries) & set(outer.countries):
        return False
    place, inner_place = outer.place, inner.place
    if place is None:
        return inner.rank < outer.rank and _reaches(outer.located, inner)
    if place.kind == "country":
        return inner.rank < outer.rank
    if place.kind == "admin1" and inner_place is not None:
        codes = ("", place.admin1_code)
        return inner_place.admin1_code in codes or f"admin1:{inner_place.admin1_code}" == place.place_id
    return inner_place is not None and inner.rank < outer.rank and _is_near(inner_place, place)


def _reaches(area: Located | None, inner: Site) -> bool:
    """Whether a phrase's uncertainty, half as much again allowed, reaches the other site."""
    point = inner.located or inner.place
    if area is None or point is None:
        return False
    return km(point.lat, point.lon, area.lat, area.lon) * 1000 <= area.radius_m * 1.5


def _is_near(place: Place, area: Place) -> bool:
    """Whether a place lies within an area by its radius, a fifth more allowed."""
    return km(place.lat, place.lon, area.lat, area.lon) * 1000 <= max(area.radius_m, _SMALLEST_AREA_M) * 1.2
