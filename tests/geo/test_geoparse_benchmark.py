"""The analysis behind the toponym benchmark: kinds of mistakes and reliability."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gazetteer.place import Place
from gazetteer.store import Candidate

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "mistakes.py"


@pytest.fixture(scope="module")
def mistakes() -> Any:  # a script
    """The script as a module."""
    spec = spec_from_file_location("mistakes", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["mistakes"] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HERE = Place("here", "Karsk", "settlement", 50.0, 36.0)
FAR = Place("far", "Karsk", "settlement", 10.0, 10.0)
STATE = Place("state", "Karsk", "admin1", 20.0, 20.0, radius_m=50_000)
LAND = Place("land", "Karland", "country", 50.0, 60.0, countries=("KA",))


@dataclass
class Gazetteer:
    """Three places called Karsk, and a country."""

    places: dict[str, Place] = field(default_factory=lambda: {p.place_id: p for p in (HERE, FAR, STATE, LAND)})

    def find(self, name: str, *, limit: int) -> list[Candidate]:
        """All that bear the name."""
        return [Candidate(place, 0.5) for place in self.places.values() if place.name == name][:limit]

    def get(self, place_id: str) -> Place | None:
        """By id."""
        return self.places.get(place_id)

    def countries_at(self, *, lat: float, lon: float) -> tuple[str, ...]:
        """Everything east of 30 is in Karland."""
        del lat
        return ("KA",) if lon > 30 else ()


def flat_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """As if the world were flat."""
    return 111 * ((lat - other_lat) ** 2 + (lon - other_lon) ** 2) ** 0.5


@pytest.mark.parametrize(
    ("name", "answer", "wanted"),
    [
        ("Karsk", HERE, ""),
        ("Karsk", FAR, "wrong namesake"),
        ("Karsk", STATE, "wrong kind"),
        ("Karsk", None, "held back"),
        ("Karland", LAND, "point by another convention"),
        ("Nowhere", None, "not in the gazetteer"),
    ],
)
def test_a_mistake_is_told_by_what_the_gazetteer_has(
    mistakes: Any,
    name: str,
    answer: Place | None,
    wanted: str,
) -> None:
    """Whether a right namesake was there, and what was chosen in its stead."""
    score = SimpleNamespace(great_circle_km=flat_km, located=lambda t: t.get("lat") is not None)
    told = {"place_id": answer.place_id, "lat": answer.lat, "lon": answer.lon} if answer else {}
    assert mistakes.Judge(score, Gazetteer()).why({"lat": 50.0, "lon": 36.1}, told, name) == wanted


def test_reliability_is_the_share_right_in_each_band(mistakes: Any) -> None:
    """The calibration error is the mean gap between what was said and what came true."""
    cells = mistakes.reliability([(0.8, True), (0.8, True), (0.8, False), (0.8, False), (0.95, True)])
    assert cells == "- | - | - | 0.50 (4) | 1.00 (1) | 0.250"


def test_names_in_tables_are_no_markup(mistakes: Any) -> None:
    """A name of a corpus can hold anything."""
    assert mistakes.plain("a|b`<i>") == "a b  i "
