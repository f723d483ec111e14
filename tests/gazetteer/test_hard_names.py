"""Names as news spells them are found: with the country known, and without."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from geopy.distance import great_circle

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

WITH_CONTEXT = 0.95
WITHOUT_CONTEXT = 0.85


@pytest.fixture(scope="module")
def names() -> list[dict[str, str]]:
    """The rows of hard_names.csv."""
    text = (Path(__file__).parent / "hard_names.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def wrong(gazetteer: Gazetteer, names: list[dict[str, str]], *, context: bool) -> list[str]:
    """The names whose first answer lies too far from the expected point, each with that answer."""
    faults = []
    for row in names:
        countries = row["country"].split(";") if context else None
        found = gazetteer.find(row["name"], country=countries, limit=1)
        expected = (float(row["lat"]), float(row["lon"]))
        if not found or great_circle(expected, (found[0].place.lat, found[0].place.lon)).km > float(row["radius_km"]):
            answer = (
                f"{found[0].place.name} ({found[0].place.kind}, {found[0].place.countries})" if found else "nothing"
            )
            faults.append(f"{row['name']} in {row['country']} -> {answer}")
    return faults


def test_the_list_is_broad(names: list[dict[str, str]]) -> None:
    """At least 400 different names from at least 40 countries."""
    assert len({(row["name"], row["country"]) for row in names}) == len(names) >= 400
    assert len({code for row in names for code in row["country"].split(";")}) >= 40


def test_with_the_country_known(gazetteer: Gazetteer, names: list[dict[str, str]]) -> None:
    """With the country of the report as context, at least 95 of 100 names come out at the right place."""
    faults = wrong(gazetteer, names, context=True)
    assert len(faults) <= (1 - WITH_CONTEXT) * len(names), "\n".join(faults)


def test_without_context(gazetteer: Gazetteer, names: list[dict[str, str]]) -> None:
    """Without any context, at least 85 of 100 names come out at the right place."""
    faults = wrong(gazetteer, names, context=False)
    assert len(faults) <= (1 - WITHOUT_CONTEXT) * len(names), "\n".join(faults)


@pytest.mark.parametrize(
    ("name", "country"),
    [("Taji", "IQ"), ("Nineveh", "IQ"), ("Anbar", "IQ"), ("Sinai", "EG"), ("Deir Ezzor", "SY"), ("Ain al-Arab", "SY"),
     ("Hodeidah", "YE"), ("البوكمال", "SY"), ("Golan", "SY")],
)  # fmt: skip
def test_names_that_a_bare_look_up_gets_wrong(gazetteer: Gazetteer, name: str, country: str) -> None:
    """Names that cities500 lacks, or gives to a namesake on another continent, are right without context."""
    assert country in gazetteer.find(name)[0].place.countries
