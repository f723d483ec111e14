"""Relation + places → where: one function a relation, found in a table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geo.relations.borders import triborder
from geo.relations.distances import between, boundary, distance, near, road
from geo.relations.parts import part
from geo.relations.waters import off, valley

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gazetteer.place import Place
    from geo.relations.located import Atlas, Located, Phrase


def locate(
    relation: Phrase, places: Sequence[Place], *, gazetteer: Atlas, countries: Sequence[str] = ()
) -> Located | None:
    """Where a relational phrase points; None where its places do not give it a meaning.

    Args:
        relation: the phrase as `geo.toponyms.relations` reads it.
        places: what its toponyms were resolved to, in order, those without an answer left out.
        gazetteer: gives outlines, borders and neighbours.
        countries: ISO 3166-1 alpha-2 codes that the text is about, the nearest mention first: the other side of "the
            border with Slovakia", the country of "the north of the country".
    """
    how = LOCATORS.get(relation.relation)
    if how is None:
        return None
    found = how(relation, tuple(places), gazetteer, tuple(dict.fromkeys(countries)))
    if found is None:
        return None
    return replace(found, name=found.name or relation.text, reasons={"relation": relation.relation, **found.reasons})


LOCATORS: Mapping[str, Callable[[Phrase, Sequence[Place], Atlas, tuple[str, ...]], Located | None]] = {
    "distance": distance,
    "near": near,
    "between": between,
    "road": road,
    "part": part,
    "border": boundary,
    "triborder": triborder,
    "off": off,
    "valley": valley,
}
"""Relation → how it is located: phrase, its places, gazetteer, countries of the context, the nearest first."""
