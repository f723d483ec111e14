"""The names and phrases of a table's cells → places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geo import toponyms
from geo.relations import locate, place_located

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gazetteer.place import Place
    from gazetteer.store import Candidate, Gazetteer
    from geo.relations import Located

_COVERS = 0.7
"""A phrase must be this share of the cell's letters, or the rest would be lost."""
MIN_SCORE = 0.3
"""A candidate below it is no answer: the gazetteer's score is 0 to 1."""
PHRASE_SCORE = 0.8
"""Confidence in a phrase that names its places: its words are plain, its places may be namesakes."""
_LONGEST = 300
"""A longer cell is no name."""


@dataclass
class Answer:
    """Where a cell is, and how that was found."""

    located: Located
    place: Place | None
    score: float
    reasons: Mapping[str, Any]
    alternatives: list[dict[str, Any]] = field(default_factory=list)


def find_place(text: str, *, gazetteer: Gazetteer, country: str = "", admin1: str = "") -> Answer | None:
    """Where a name or a phrase is; None where the gazetteer has nothing that fits the country."""
    text = text[:_LONGEST]
    asked = f"{text}, {admin1}" if admin1 and admin1.casefold() not in text.casefold() else text
    for name in dict.fromkeys((asked, text)):
        found = gazetteer.find(name, country=country or None, strict=bool(country), limit=3)
        if found:
            break
    if not found or found[0].how != "exact":
        phrase = find_phrase(text, gazetteer=gazetteer, country=country)
        if phrase is not None:
            return Answer(phrase, None, PHRASE_SCORE, phrase.reasons)
    return _of_candidates(found, gazetteer) if found and found[0].score >= MIN_SCORE else None


def _of_candidates(found: Sequence[Candidate], gazetteer: Gazetteer) -> Answer:
    best, *others = found
    names = ("place_id", "name", "kind", "lat", "lon")
    alternatives = [{**{name: getattr(one.place, name) for name in names}, "score": one.score} for one in others]
    return Answer(place_located(best.place, gazetteer=gazetteer), best.place, best.score, best.reasons, alternatives)


def find_phrase(text: str, *, gazetteer: Gazetteer, country: str = "") -> Located | None:
    """Where a relational phrase is ("30 km north of Mosul"); None where the text is not one."""
    spans = toponyms.find(text, names=gazetteer)
    for relation in toponyms.relations(text, spans):
        if relation.end - relation.start < _COVERS * len(text.strip()) or not relation.toponyms:
            continue
        found = [gazetteer.find(text[start:end], country=country or None, limit=1) for start, end in relation.toponyms]
        if all(found):
            places = [candidates[0].place for candidates in found]
            codes = [country] if country else [code for place in places for code in place.countries]
            return locate(relation, places, gazetteer=gazetteer, countries=codes)
    return None


def find_area(precision: str, *, gazetteer: Gazetteer, country: str, admin1: str, admin2: str) -> Place | None:
    """The province or district that a row is no more exact than; None where the gazetteer does not have it."""
    name = {"admin1": admin1, "admin2": admin2}.get(precision, "")
    if not name or not country:
        return None
    asked = f"{name}, {admin1}" if precision == "admin2" and admin1 else name
    for text in dict.fromkeys((asked, name)):
        found = gazetteer.find(text[:_LONGEST], country=country, kind=precision, strict=True, limit=1, fuzzy=False)
        if found and found[0].place.kind == precision:
            return found[0].place
    return None
