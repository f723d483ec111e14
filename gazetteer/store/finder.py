"""From a name to candidates: exact keys, what the name says of itself, romanisation, a typing error; then weighed."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from gazetteer.names import acronym, fold, skeleton
from gazetteer.sphere import distance_m
from gazetteer.store import layout, queries
from gazetteer.store.candidates import NAME_FIT, Candidate, How, nearness, weigh

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator

    from gazetteer.place import Place
    from gazetteer.store.file import File
    from gazetteer.store.shapes import Shapes

_HOW: dict[int, How] = {
    layout.PRIMARY: "exact",
    layout.ALTERNATE: "alternate",
    layout.DEMONYM: "demonym",
    layout.CODE: "code",
    layout.FOREIGN: "foreign",
}
_PLAIN_LIMIT = 40
"""Places weighed under one name where no hint could lift a lesser one."""

_UNSURE = 0.4
"""A name borne only by places less prominent than this may as well be a misspelling of a greater one."""

_ALIKE_ALONE, _ALIKE_IN_CONTEXT = 0.72, 0.6
"""How alike two spellings of one skeleton must be, without and with a hint where the place lies."""

_LIKELY_TYPO = 0.12
_MISSES: dict[str, tuple[float, float, float]] = {"typo": (0.35, 0.08, 0.12), "skeleton": (0.08, 0.06, 0.0)}
"""What a near miss counts less: of an alternate name, for each of the place's many names (logarithm), of an area."""

_LEAST_FIT, _MOST_FIT = 0.02, 0.85
"""A near miss fits no better than an alternate name."""

_AREAS = {"country", "admin1", "admin2"}

_SHORT = 5
"""Near misses of shorter alternates are chance."""

_BONES_IN_CONTEXT = 0.15
"""What a hint of the country or the surroundings adds to another romanisation."""

_BESIDE_EXACT = 0.6
"""What misspellings count beside places that bear the very name."""

_BY_PEOPLE, _BY_NAMES = 0.08, 0.07
"""How people (decimal logarithm) speak for a misspelt town, and its number of names (natural logarithm) against it.

Prominence counts both for it. But the more people, the more often the one name is written, and so misspelt; fame in
other languages adds little to that: measured on misspelt names that several towns bear.
"""

_OTHER_SCRIPT = 0.8
"""Likeness of a Latin name to one in another script with the same skeleton."""

_MAX_BONES = 300
_ELSEWHERE = {"country": 0.7, "continent": 0.7, "sea": 0.6, "region": 0.6}
"""`country` of places that are rightly named in a report from another country."""

_LOOSE_KINDS = frozenset(
    {"admin1", "admin2", "settlement", "airfield", "base", "camp", "crossing", "dam", "refinery", "site"}
)
"""`Mosul barracks` may stand for Mosul where no such place is known; `Mosul Sea` may not."""

_INSIDE_ENOUGH = 0.5
_LEADING_ARTICLE = re.compile(r"^(?:al|el|ar|as|ash|ad|az|at|an) ")


@dataclass(frozen=True, slots=True)
class Hints:
    """What steers a search: countries, a point (latitude, longitude), kinds; `strict` makes filters of them."""

    countries: frozenset[str] = frozenset()
    near: tuple[float, float] | None = None
    kinds: frozenset[str] = frozenset()
    strict: bool = False

    def __bool__(self) -> bool:
        return bool(self.countries or self.near)


class _Found(NamedTuple):
    """A place under a name: its row, how well the name fits, by which road and key, and hints out of the name."""

    number: int
    fit: float
    how: How
    key: str
    inside: float | None = None
    kinds: frozenset[str] = frozenset()


class Finder:
    """Looks names up in one file."""

    def __init__(self, file: File, shapes: Shapes) -> None:
        self._file = file
        self._shapes = shapes

    def known(self, name: str) -> frozenset[str]:
        """Kinds of the places that bear exactly this name; `demonym` and `abbreviation` where it is one."""
        if len(name) > queries.MAX_LENGTH:
            return frozenset()
        key, code = fold(name), acronym(name)
        hits = [*(self._file.hits(key) if key else ()), *(self._file.hits(code) if code else ())]
        forms = {hit & layout.HOW_MASK for hit in hits}
        said = {"demonym"} if layout.DEMONYM in forms else set()
        if layout.CODE in forms:
            said.add("abbreviation")
        bearers = (hit >> layout.HOW_BITS for hit in hits if hit & layout.HOW_MASK != layout.DEMONYM)
        return self._file.kinds(bearers) | said

    def find(self, name: str, hints: Hints, limit: int, *, fuzzy: bool) -> tuple[Candidate, ...]:
        """Give candidates, best first."""
        if len(name) > queries.MAX_LENGTH:
            return ()
        most = None if hints or hints.kinds else limit
        found = (not name.isalpha() and self._border(name)) or self._exact(name, most)
        composed = not name.isalpha() and queries.is_composed(name)
        readings = queries.take_apart(name) if composed or not found else []
        for reading in readings:
            if not found or reading.within:
                found += self._read(reading, hints, fuzzy=fuzzy and bool(reading.within))
        if fuzzy and self._wants_more(found, hints):
            share = _BESIDE_EXACT if found and not hints.countries else 1.0
            found += [one._replace(fit=one.fit * share) for one in self._fuzzy(name, hints)]
            for reading in [] if found else readings:
                found += self._read(reading, hints, fuzzy=True)
        return self._rank(found, hints, limit)

    def _exact(self, name: str, most: int | None = None) -> list[_Found]:
        """Places under the abbreviation, then under the very key, of a name: at least the `most` likeliest."""
        key, code = fold(name), acronym(name)
        coded = _likeliest(self._file.hits(code), most) if code else ()
        found = [_found(hit, code) for hit in coded]
        for hit in _likeliest(self._file.hits(key), most) if key else ():
            one = _found(hit, key)
            found.append(one._replace(fit=NAME_FIT["foreign"]) if coded and one.how == "alternate" else one)
        if len(found) > 1:
            self._file.fetch([one.number for one in found])
        return found

    def _border(self, name: str) -> list[_Found]:
        """The border of the two countries that a name gives."""
        pair = queries.border_of(name)
        if pair is None:
            return []
        first, second = (self._country_codes(part) for part in pair)
        ids = ("border:" + "-".join(sorted((iso, other))) for iso in first for other in second if iso != other)
        numbers = (self._file.number(place_id) for place_id in ids)
        return [_Found(number, 1.0, "exact", fold(name)) for number in numbers if number is not None][:1]

    def _country_codes(self, name: str) -> list[str]:
        """Codes of the countries that a name or demonym means, the likeliest first."""
        places = (self._file.place(found.number)[0] for found in self._exact(name))
        return list(dict.fromkeys(place.countries[0] for place in places if place.kind == "country"))

    def _read(self, reading: queries.Query, hints: Hints, *, fuzzy: bool) -> list[_Found]:
        """Places that fit one reading of a name."""
        areas = [self._areas(name) for name in reading.within]
        if reading.within and not any(areas):
            return []
        heads = self._exact(reading.head)
        judged = self._judge(heads, reading, areas)
        if fuzzy and not any((one.inside or 0) > _INSIDE_ENOUGH for one in judged):
            context = replace(
                hints, countries=hints.countries | {iso for area in areas for p in area for iso in p.countries}
            )
            judged += self._judge(self._fuzzy(reading.head, context), reading, areas)
        fitting = [one for one in judged if one.kinds and self._file.place(one.number)[0].kind in one.kinds]
        if reading.kinds and (fitting or not reading.kinds <= _LOOSE_KINDS):
            return fitting
        return judged

    def _judge(self, heads: list[_Found], reading: queries.Query, areas: list[list[Place]]) -> list[_Found]:
        """Say of each place how far it lies in the areas and which kinds the name asks for."""
        given = [area for area in areas if area]
        judged = []
        for one in heads:
            inside = None
            if given:
                place = self._file.place(one.number)[0]
                inside = sum(max(_inside(place, area) for area in areas_) for areas_ in given) / len(given)
            judged.append(one._replace(inside=inside, kinds=reading.kinds))
        return judged

    def _areas(self, name: str) -> list[Place]:
        """What a name after a comma may mean: countries, areas, towns."""
        found = self._exact(name, _PLAIN_LIMIT)
        if not found:
            bare, kinds = queries.strip_feature(name)
            if kinds:
                found = self._exact(bare, _PLAIN_LIMIT)
        return [self._file.place(one.number)[0] for one in found]

    def _wants_more(self, found: list[_Found], hints: Hints) -> bool:
        """Whether what was found leaves room for a misspelling of something else."""
        if not found:
            return True
        if any(one.inside is not None for one in found):
            return False
        places = [self._file.place(one.number) for one in found[:_PLAIN_LIMIT]]
        if hints.countries:
            return not any(hints.countries & set(place.countries) or place.kind in _ELSEWHERE for place, _ in places)
        return max(prominence for _, prominence in places) < _UNSURE

    def _fuzzy(self, name: str, hints: Hints) -> list[_Found]:
        """Places whose names are one typing error away, or romanised otherwise where those do not settle it."""
        key = fold(name)
        found = list(self._misspelt(key))
        if not found or (hints and self._wants_more(found, hints)):
            found += self._same_bones(key, name, hints)
        return found

    def _same_bones(self, key: str, name: str, hints: Hints) -> Iterator[_Found]:
        from rapidfuzz.fuzz import ratio  # noqa: PLC0415  # exact finding needs none

        bones = skeleton(name)
        least = _ALIKE_IN_CONTEXT if hints else _ALIKE_ALONE
        if len(bones) < (2 if hints else 3):
            return
        bare = _bare(key)
        for other, hits in self._file.named(self._file.same_bones(bones)[:_MAX_BONES]):
            alike = ratio(bare, _bare(other)) / 100 if key.isascii() else _OTHER_SCRIPT
            if alike >= least and other != key:
                fit = NAME_FIT["skeleton"] + 0.6 * (alike - least) + (_BONES_IN_CONTEXT if hints else 0.0)
                yield from self._near_misses(hits, fit, "skeleton", other)

    def _misspelt(self, key: str) -> Iterator[_Found]:
        if not (key.isascii() and layout.TYPO_MIN_LENGTH <= len(key) <= layout.TYPO_MAX_LENGTH):
            return
        from rapidfuzz.distance import OSA  # noqa: PLC0415  # exact finding needs none

        fitting = [
            (other, hits[:_PLAIN_LIMIT], _typo_fit(key, other))
            for other, hits in self._file.named(self._file.same_marks(layout.typo_marks(key)))
            if other != key and OSA.distance(key, other, score_cutoff=1) <= 1
        ]
        self._file.fetch([hit >> layout.HOW_BITS for _, hits, _ in fitting for hit in hits])
        for other, hits, fit in fitting:
            yield from self._near_misses(hits, fit, "typo", other)

    def _near_misses(self, hits: Iterable[int], fit: float, how: How, key: str) -> Iterator[_Found]:
        """Places under a key that was not quite asked for: areas, and names that are one of many, count less."""
        less, each, area = _MISSES[how]
        for hit in hits:
            form, number = hit & layout.HOW_MASK, hit >> layout.HOW_BITS
            if form == layout.PRIMARY or (form == layout.ALTERNATE and len(key) >= _SHORT):
                place = self._file.place(number)[0]
                counts = fit - (area if place.kind in _AREAS else 0.0)
                if how == "typo" and place.kind == "settlement":
                    counts += _BY_PEOPLE * math.log10(1 + place.population) - _BY_NAMES * math.log(1 + place.name_count)
                if form == layout.ALTERNATE:
                    counts -= less + each * math.log(place.name_count)
                yield _Found(number, min(max(counts, _LEAST_FIT), _MOST_FIT), how, key)

    def _rank(self, found: Iterable[_Found], hints: Hints, limit: int) -> tuple[Candidate, ...]:
        """Weigh what was found, keep each place once, best first."""
        best: dict[int, tuple[float, dict[str, float], _Found]] = {}
        for one in found:
            features = self._features(one, hints)
            if features is None:
                continue
            score, other = weigh(features), best.get(one.number)
            if other is None or other[0] < score:
                best[one.number] = (score, features, one)
        order = sorted(best.values(), key=itemgetter(0), reverse=True)[:limit]  # stable: prominence settles ties
        return tuple([self._candidate(*weighed) for weighed in order])

    def _features(self, one: _Found, hints: Hints) -> dict[str, float] | None:
        """What speaks for a place, by the names of `WEIGHTS`; None where it breaks a strict hint."""
        place, prominence = self._file.place(one.number)
        features = {"name": one.fit, "prominence": prominence}
        if hints.countries:
            features["country"] = 1.0 if hints.countries & set(place.countries) else _ELSEWHERE.get(place.kind, 0.0)
        if hints.near:
            metres = distance_m(*hints.near, place.lat, place.lon)
            features["near"] = nearness(max(0.0, metres - place.radius_m))
        kinds = hints.kinds or one.kinds
        if kinds:
            features["kind"] = float(place.kind in kinds)
        if one.inside is not None:
            features["inside"] = one.inside
        return None if hints.strict and _breaks(place, hints) else features

    def _candidate(self, score: float, features: dict[str, float], one: _Found) -> Candidate:
        place = self._file.place(one.number)[0]
        reasons = {feature: round(value, 3) for feature, value in features.items()}
        return Candidate(place, round(score, 4), reasons, self._matched(place, one), one.how)

    def _matched(self, place: Place, one: _Found) -> str:
        """The spelling, as the source has it, whose key was matched."""
        if one.how == "exact" or fold(place.name) == one.key:
            return place.name
        spellings = self._file.spellings(one.number)
        return next((name for name in spellings if one.key in {fold(name), acronym(name)}), one.key)


def _likeliest(hits: array[int], most: int | None) -> Iterable[int]:
    """Those of a name's places, the most prominent first, that can be among the `most` likeliest without any hint."""
    if most is None or len(hits) <= most:
        return hits
    room: dict[int, int] = {}
    kept = []
    for hit in hits:
        form = hit & layout.HOW_MASK
        room[form] = room.get(form, most) - 1
        if room[form] >= 0:
            kept.append(hit)
        if form == layout.PRIMARY and not room[form]:
            break  # a lesser place fits no better
    return kept


def _found(hit: int, key: str) -> _Found:
    """A hit under a key, as the index has it."""
    how = _HOW[hit & layout.HOW_MASK]
    return _Found(hit >> layout.HOW_BITS, NAME_FIT[how], how, key)


def _breaks(place: Place, hints: Hints) -> bool:
    """Whether a place breaks a hint that is meant as a filter; nearness is never one."""
    if hints.countries and not hints.countries & set(place.countries):
        return True
    return bool(hints.kinds) and place.kind not in hints.kinds


def _typo_fit(key: str, other: str) -> float:
    """How well a name fits a key that is one typing error away from it.

    A letter left out and two letters swapped are likelier than a wrong or an added letter, which could be any of 26;
    and the longer a name, the less it can be another one.
    """
    likely = len(other) > len(key) or (len(other) == len(key) and sorted(other) == sorted(key))
    fit = NAME_FIT["typo"] + (_LIKELY_TYPO if likely else -_LIKELY_TYPO)
    return fit + min(0.15, 0.02 * (len(key) - 8))


def _bare(key: str) -> str:
    """A key without its leading article and spaces."""
    return _LEADING_ARTICLE.sub("", key).replace(" ", "")


def _inside(place: Place, area: Place) -> float:
    """How far a place lies in an area: 1 within, towards 0 away from it."""
    if place.place_id == area.place_id:
        return 0.0
    if area.kind == "country":
        return float(bool(set(area.countries) & set(place.countries)) and place.kind != "country")
    if area.kind == "admin1" and place.admin1_code:
        return float(place.admin1_code == area.admin1_code and place.kind != "admin1")
    if area.kind == "admin2" and place.admin2 and place.kind != "admin2":
        return float(place.admin1_code == area.admin1_code and place.admin2 == area.name)
    if place.countries and area.countries and not set(place.countries) & set(area.countries):
        return 0.0
    return nearness(4 * max(0.0, distance_m(place.lat, place.lon, area.lat, area.lon) - 2 * area.radius_m))
