"""Which of the sites in an event's sentence is where it happened.

Every site is scored by named features (`weights.toml`). The best above the threshold wins; where it holds finer ones
that fit, the finest of them; with it go those on the same footing beside it ("in Taba and Ras Shitan").
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from geo.incidents.clauses import nearby
from geo.incidents.phrases import words
from geo.incidents.sites import is_within, roles
from geo.incidents.weights import total, weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.events import Event
    from geo.incidents.clauses import Clauses, Features
    from geo.incidents.datelines import Head
    from geo.incidents.learned import Answer
    from geo.incidents.sites import Site

    Answers = Mapping[tuple[int, int], Answer]

_TOGETHER = re.compile(
    r"\s*(?:,|,?\s(?:and|or|as well as)|/)\s*(?:(?:in|at|near|the|of|on|also)\s{1,3}){0,3}"
    r"(?:(?:city|town|village|province|district)\s(?:of\s)?)?\Z",
    re.IGNORECASE,
)
_TOGETHER_REACH = 40
_LIKE_RANKS = 3
"""Places named in one breath are of like coarseness: two towns, or a town and a district, not a town and a country."""
_CHAIN = re.compile(
    r"(?:['’]s)?,?\s{1,4}(?:(?:a|an|the|in|of|on|near|outside|inside|west|east|north|south|northern|southern|eastern|"
    r"western|central|north-?east|north-?west|south-?east|south-?west|northeastern|northwestern|southeastern|"
    r"southwestern|province|district|region|village|town|city|area|neighbou?rhood|suburb|quarter|sector|county|"
    r"department|municipality|state|governorate|countryside|rural|jurisdiction|canton|farm|located|key|strategic|small|"
    r"port)[\s,]{1,5}){0,7}|,\s{1,4}",
    re.IGNORECASE,
)
_CHAIN_REACH = 60
_COUNTRY_BESIDE = re.compile(r"\s{0,3},?\s{1,3}(?:in|inside)?\s{0,3}(?:the\s)?")
_OBJECT = re.compile(
    r"\s{1,4}(?:(?:the|a|an|its|their|rebel|key|strategic|northern|southern|eastern|western|central|nearby|city|town|village|"
    r"towns|villages|district|province|region|area|areas|streets|outskirts|capital|parts|suburb|port|state|of|and)\s{1,4}){0,6}",
    re.IGNORECASE,
)
_OBJECT_REACH = 60
_KINDS = {
    "country": "kind_country",
    "continent": "kind_country",
    "admin1": "kind_admin1",
    "phrase": "kind_phrase",
    "": "kind_unknown",
}
_PLACING = frozenset({"locative", "relation"})
_ASIDE = frozenset({"dateline", "speaker", "hospital", "hyphenated", "launched", "associative"})
_DESCRIBING = frozenset({"distance", "near", "part", "border"})
_DESCRIBED = re.compile(
    r",\s{1,3}(?:(?:a|an|the|in|on|at|just|about|some|which|lies|is)\s{1,3}(?:[^\W\d_]{1,14}\s{1,3}){0,4})?"
)
"""What stands between a town and a phrase that tells where it lies."""
_SITE_RANK = 1
_HOLDER_REACH = 120
_BETWEEN_HELD = re.compile(r"(?:['’]s)?[\w\s,()-]{1,70}")
_OF_A_LAND = re.compile(r"[A-ZÀ-Þ][^\W\d_]{2,20}(?:n|i|ese|ish|ch)")
"""An adjective of a land, "the Mozambican district"."""
_ENDS = re.compile(
    r"\s{0,2}(?:[.,;:)]|\Z)|\s{1,2}(?:province|state|region|district|department|governorate|county|oblast)\b",
    re.IGNORECASE,
)
_HELD_STEPS = 3
"""Names that the gazetteer does not know may stand between: "X village, Y township, Sagaing region"."""
_NEXT = 4
"""Characters between a land and what lies in it: "Brazil's Maranhão"."""
_LEAST_CHANCE = 0.02
"""The learned reader is believed no further than this, or as much short of certainty."""
_MEASURED = {"distance", "near", "road", "between"}


@dataclass(frozen=True, slots=True)
class Choice:
    """The sites chosen, the best first; the known place that holds the first where the gazetteer does not know it."""

    sites: tuple[Site, ...] = ()
    container: Site | None = None
    reasons: Mapping[str, float] = field(default_factory=dict)


class PlaceFinder:
    """Chooses among the sites of one text."""

    def __init__(self, clauses: Clauses, sites: Sequence[Site], *, head: Head, answers: Answers | None = None) -> None:
        self._clauses, self._sites, self._head = clauses, sites, head
        self._answers = answers or {}
        self._text = clauses.text
        self._starts = [site.start for site in sites]

    def choose(self, event: Event) -> Choice:
        """Where the sentence says that the event happened; an empty choice where it does not."""
        scored = []
        for index in nearby(self._starts, event):
            score, parts = total(self._features(event, self._sites[index]), "place")
            if score > weights("place")["threshold"]:
                scored.append((score, -index, self._sites[index], parts))
        if not scored:
            return Choice()
        scored.sort(key=lambda item: item[:2], reverse=True)
        score, _, best, parts = scored[0]
        fitting = [item[2] for item in scored]
        finest = self._finest(best, fitting)
        town = self._town_described(finest)
        finest = town if town in fitting else finest
        chosen = tuple(self._with_countries(site) for site in self._together(finest, fitting))
        container = None if finest.known else self._container(finest, [*fitting, *self._beside(event, finest)])
        return Choice(chosen, container, {**parts, "score": score})

    def _features(self, event: Event, site: Site) -> Features:
        played = roles(self._text, site, event.sentence, (event.start, event.end), head=self._head)
        features: Features = [("base", 1.0), *((name, 1.0) for name in played)]
        features += self._clauses.between(event, site.start, site.end)
        after = site.start >= event.end
        features.append(("after_trigger" if after else "before_trigger", 1.0))
        features.append((_KINDS.get(_kind(site), "kind_other"), 1.0))
        if after and site.start - event.end < _OBJECT_REACH and _OBJECT.fullmatch(self._text[event.end : site.start]):
            features.append(("object", 1.0))
        if after and self._starts[bisect_left(self._starts, event.end)] == site.start:
            features.append(("first_after", 1.0))
        return features + self._read(event, site)

    def _read(self, event: Event, site: Site) -> Features:
        """What the learned reader says of the site, as log-odds; of a phrase it says that of the names in it."""
        answer = self._answers.get((event.start, event.end))
        chances = [answer.chance(start, end) for start, end in site.spans] if answer else []
        told = [chance for chance in chances if chance is not None]
        if not told:
            return []
        chance = min(max(*told, _LEAST_CHANCE), 1 - _LEAST_CHANCE)
        return [("reader_phrase" if site.relation else "reader", math.log(chance / (1 - chance)))]

    def _finest(self, best: Site, fitting: Sequence[Site]) -> Site:
        """The most precise of the fitting sites that lie in the best one."""
        inside = [site for site in fitting if site is not best and self._is_finer(site, best)]
        return min(inside, key=lambda site: (site.rank, abs(site.start - best.start)), default=best)

    def _town_described(self, site: Site) -> Site:
        """The town that a phrase behind it describes: "Sweida, in the hills south of Damascus" is Sweida."""
        index = bisect_left(self._starts, site.start)
        before = self._sites[index - 1] if index else None
        if before is None or site.relation not in _DESCRIBING or before.relation or not (before.known and before.spans):
            return site
        beside = _DESCRIBED.fullmatch(self._text, before.end, site.start) is not None
        return before if beside and before.rank <= _SITE_RANK and set(before.countries) & set(site.countries) else site

    def _is_finer(self, site: Site, best: Site) -> bool:
        return site.rank < best.rank and is_within(site, best) if site.known else self._in_chain(site, best)

    def _in_chain(self, unknown: Site, best: Site) -> bool:
        """Whether a name unknown to the gazetteer stands beside the place that holds it: "Diraz, west of Manama"."""
        first, second = sorted((unknown, best), key=lambda site: site.start)
        gap = self._text[first.end : second.start]
        return best.rank >= unknown.rank - 1 and len(gap) <= _CHAIN_REACH and _CHAIN.fullmatch(gap) is not None

    def _container(self, unknown: Site, fitting: Sequence[Site]) -> Site | None:
        """The known place that the words behind a name say holds it, else the nearest one, after it by choice.

        Of "Brazil's Maranhão" it is Maranhão.
        """
        known = [site for site in fitting if site.known]
        nearest = min(
            known, key=lambda site: (site.start < unknown.start, abs(site.start - unknown.start)), default=None
        )
        holding = self._holding(unknown)
        if holding is not None and not (nearest and nearest.rank < holding.rank and is_within(nearest, holding)):
            nearest = holding
        if nearest is None:
            return None
        nearest = self._town_described(nearest)
        behind = self._sites[bisect_left(self._starts, nearest.end) :][:1]
        parts = (site for site in behind if site.start - nearest.end <= _NEXT and is_within(site, nearest))
        return next((site for site in parts if site.rank < nearest.rank), nearest)

    def _holding(self, unknown: Site) -> Site | None:
        """The first known place in a chain behind a name: Sagaing of "X village, Y township, Sagaing region"."""
        index, previous = bisect_left(self._starts, unknown.end), unknown
        for site in self._sites[index : index + _HELD_STEPS]:
            if not _is_held(self._text[previous.end : site.start], self._text[site.end : site.end + _CHAIN_REACH]):
                return None
            if site.known:
                return site
            previous = site
        return None

    def _beside(self, event: Event, unknown: Site) -> list[Site]:
        """The known places of the sentence that are said to be where something is, though far from the event's word."""
        around = (self._sites[index] for index in nearby(self._starts, event) if self._sites[index].known)
        played = [
            (site, roles(self._text, site, event.sentence, (event.start, event.end), head=self._head))
            for site in around
        ]
        return [
            site
            for site, parts in played
            if _places(parts) and (abs(site.start - unknown.start) <= _HOLDER_REACH or "opens_sentence" in parts)
        ]

    def _together(self, best: Site, fitting: Sequence[Site]) -> list[Site]:
        """The best site and those that stand on the same footing beside it: "in X and Y", "X, Y and Z"."""
        group = [best]
        ordered = sorted(fitting, key=lambda site: site.start)
        at = ordered.index(best)
        for beside in (ordered[at + 1 :], ordered[:at][::-1]):
            previous = best
            for site in beside:
                if not self._on_a_footing(best, previous, site, ordered):
                    break
                group.append(site)
                previous = site
        return group

    def _on_a_footing(self, best: Site, previous: Site, site: Site, ordered: Sequence[Site]) -> bool:
        first, second = sorted((previous, site), key=lambda one: one.start)
        gap = self._text[first.end : second.start]
        if abs(site.rank - best.rank) > _LIKE_RANKS or is_within(site, best) or is_within(best, site):
            return False
        if len(gap) >= _TOGETHER_REACH or _TOGETHER.match(gap) is None:
            return False
        return " " in gap.strip(", ") or "and" in gap or self._listed(site, ordered)

    def _listed(self, site: Site, ordered: Sequence[Site]) -> bool:
        """Whether a comma after or before the site belongs to a list that ends in "and"."""
        later = [other for other in ordered if other.start > site.start][:2]
        return any(re.search(r"\b(?:and|or)\b", self._text[site.end : other.start]) for other in later)

    def _with_countries(self, site: Site) -> Site:
        """Beside a frontier the text knows the country better than the ruler: "20 km south of Mandera, in Kenya"."""
        index = bisect_left(self._starts, site.end)
        if site.located is None or site.relation not in _MEASURED or index >= len(self._sites):
            return site
        following = self._sites[index]
        told = following.countries
        if _COUNTRY_BESIDE.fullmatch(self._text[site.end : following.start][:20]) is None:
            return site
        return replace(site, told_countries=told) if told and not set(told) & set(site.countries) else site


def _is_held(gap: str, after: str) -> bool:
    """Whether the words between two names say that the second holds the first: " village in the Sagaing region, ".

    After a bare comma it must end there: "near X, Israel said" tells who speaks.
    """
    if _BETWEEN_HELD.fullmatch(gap) is None:
        return False
    told = re.findall(r"[\w-]+", gap)
    ties = bool({"in", "of", "off"} & set(told)) or ("," in gap and _ENDS.match(after) is not None)
    known = words("holding") | words("local_kinds") | words("inner_kinds")
    return ties and all(word.lower() in known or _OF_A_LAND.fullmatch(word) for word in told)


def _places(played: Sequence[str]) -> bool:
    """Whether the words beside a place say that something is there, and nothing else."""
    return bool(_PLACING & set(played)) and not _ASIDE & set(played)


def _kind(site: Site) -> str:
    if site.located is not None:
        return "phrase"
    return site.place.kind if site.place else ""
