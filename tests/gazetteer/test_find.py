"""Finding: what a name may mean, by rules on a small gazetteer and by sense on the real one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.store.candidates import WEIGHTS
from gazetteer.store.queries import border_of, take_apart

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazetteer.store import Gazetteer


@pytest.fixture
def small(make: Callable[..., Gazetteer], entry: Callable[..., Any]) -> Gazetteer:
    """Two countries, two namesakes, an area, an abbreviation."""
    town = {"admin1": "North", "admin1_code": "XA.01"}
    return make(
        [
            entry("country:XA", "Xanadu", "country", 10, 10, country="XA", demonyms=("Xanadian",), prominence=0.95),
            entry("country:XB", "Borduria", "country", 40, 40, country="XB", foreign=("Bordu",), prominence=0.9),
            entry(
                "admin1:XA.01",
                "North",
                "admin1",
                11,
                10,
                country="XA",
                codes=("No.",),
                admin1_code="XA.01",
                prominence=0.5,
            ),
            entry("gn:1", "Meridia", "settlement", 11, 10, country="XA", population=5000, prominence=0.3, **town),
            entry("gn:2", "Meridia", "settlement", 40, 40, country="XB", population=900_000, prominence=0.7),
            entry(
                "gn:3",
                "Deir Zamil",
                "settlement",
                10.5,
                10,
                country="XA",
                names=("Dayr az Zamil",),
                prominence=0.4,
                **town,
            ),
            entry("gn:4", "Novgarodka", "settlement", 41, 41, country="XB", prominence=0.4),
        ]
    )


def ids(gazetteer: Gazetteer, name: str, **hints: Any) -> list[str]:
    """Ids of what is found, best first."""
    return [candidate.place.place_id for candidate in gazetteer.find(name, **hints)]


def test_without_a_hint_the_more_prominent_comes_first(small: Gazetteer) -> None:
    """Of two namesakes the greater town is first, the other one is there."""
    assert ids(small, "Meridia") == ["gn:2", "gn:1"]


@pytest.mark.parametrize(
    "name", ["San José", "Georgia", "Springfield", "Victoria", "Santa Cruz", "Toledo, Spain", "AL"]
)
def test_fewer_answers_are_the_first_of_more(gazetteer: Gazetteer, name: str) -> None:
    """However few are asked for, they are the best: what is left unread could not be among them."""
    every = ids(gazetteer, name, limit=600, fuzzy=False)
    for limit in (1, 2, 7):
        assert ids(gazetteer, name, limit=limit, fuzzy=False) == every[:limit]


def test_kinds_alone_steer_among_many_namesakes(gazetteer: Gazetteer) -> None:
    """A kind lifts a place that no other hint would have shown among the namesakes of a much-used name."""
    assert gazetteer.find("Santa Cruz", kind="admin1", limit=1)[0].place.kind == "admin1"


def test_a_misspelt_name_means_the_town_of_more_people(
    make: Callable[..., Gazetteer], entry: Callable[..., Any]
) -> None:
    """Of two namesakes the larger one is meant, be the smaller one known by more names in other languages."""
    found = make(
        [
            entry("gn:1", "Meridia", "settlement", 1, 1, population=60_000, names=tuple("абвгдежзик"), prominence=0.5),
            entry("gn:2", "Meridia", "settlement", 2, 2, population=600_000, prominence=0.45),
        ]
    )
    assert ids(found, "Meridai") == ["gn:2", "gn:1"]
    assert ids(found, "Meridia") == ["gn:1", "gn:2"]


@pytest.mark.parametrize("hints", [{"country": "XA"}, {"country": ["xa"]}, {"near": (11.1, 10.1)}])
def test_hints_steer(small: Gazetteer, hints: dict[str, Any]) -> None:
    """Country and nearness bring the smaller namesake first and keep the other."""
    assert ids(small, "Meridia", **hints) == ["gn:1", "gn:2"]


def test_kind_steers(small: Gazetteer) -> None:
    """A kind that is hinted at comes first."""
    assert ids(small, "North", kind="admin1")[0] == "admin1:XA.01"


def test_strict_hints_filter(small: Gazetteer) -> None:
    """With `strict`, what breaks a hint is left out."""
    assert ids(small, "Meridia", country="XA", strict=True) == ["gn:1"]
    assert ids(small, "Meridia", kind="country", strict=True) == []


@pytest.mark.parametrize(
    "name",
    ["Meridia, Xanadu", "Meridia, North, Xanadu", "Meridia (Xanadu)", "town of Meridia in North", "Meridia, No."],
)
def test_what_the_name_says_of_itself_decides(small: Gazetteer, name: str) -> None:
    """An area after a comma, in brackets or after "in" decides between namesakes."""
    found = small.find(name)[0]
    assert found.place.place_id == "gn:1"
    assert found.reasons["inside"] == 1.0


def test_a_romanisation_is_found_and_said(small: Gazetteer) -> None:
    """Another romanisation is found, says so, and tells the spelling that it matched."""
    found = small.find("Deir ez-Zamil", country="XA")[0]
    assert (found.place.place_id, found.how, found.matched) == ("gn:3", "skeleton", "Deir Zamil")


@pytest.mark.parametrize("slip", ["Novgarodk", "Novgarodkaa", "Novgarodxa", "Nogvarodka", "ovgarodka"])
def test_one_typing_error_is_forgiven(small: Gazetteer, slip: str) -> None:
    """One letter left out, added, wrong, or two swapped."""
    found = small.find(slip)[0]
    assert (found.place.place_id, found.how) == ("gn:4", "typo")


@pytest.mark.parametrize("name", ["", " ", "?!", "Qwrtzpsd", "Novgxxodka", "x" * 1000, "Meridia" * 100, "\ud800"])
def test_what_fits_nothing_gives_nothing(small: Gazetteer, name: str) -> None:
    """Two errors, gibberish, punctuation, half a surrogate: no candidate."""
    assert small.find(name) == []
    assert small.known(name) == frozenset()


def test_without_fuzzy_only_exact_names(small: Gazetteer) -> None:
    """`fuzzy=False` finds what is spelt exactly, and nothing else."""
    assert ids(small, "Novgarodka", fuzzy=False) == ["gn:4"]
    assert ids(small, "Novgarodk", fuzzy=False) == []


def test_known(small: Gazetteer) -> None:
    """`known` tells kinds by exact key, demonyms and abbreviations as such."""
    assert small.known("MERIDIA") == {"settlement"}
    assert small.known("Xanadian") == {"demonym"}
    assert small.known("No.") == {"abbreviation", "admin1"}
    assert small.known("no") == frozenset()


def test_demonym_means_the_country(small: Gazetteer) -> None:
    """A demonym is found as what it is."""
    found = small.find("Xanadian")[0]
    assert (found.place.place_id, found.how) == ("country:XA", "demonym")


def test_reasons_are_named_features(small: Gazetteer) -> None:
    """Every reason is a documented feature, each from 0 to 1, and the score is their weighted mean."""
    found = small.find("Meridia, Xanadu", country="XA", near=(11, 10), kind="settlement")[0]
    assert set(found.reasons) <= set(WEIGHTS)
    weights = {name: WEIGHTS[name] for name in found.reasons}
    mean = sum(weights[name] * float(value) for name, value in found.reasons.items()) / sum(weights.values())
    assert found.score == pytest.approx(mean, abs=2e-3)


@settings(max_examples=300)
@given(name=st.text(max_size=60))
def test_any_text_may_be_asked(gazetteer: Gazetteer, name: str) -> None:
    """No text makes `find` or `known` fail; scores fall from best to worst and lie in 0 to 1."""
    found = gazetteer.find(name)
    assert isinstance(gazetteer.known(name), frozenset)
    scores = [candidate.score for candidate in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


@pytest.mark.parametrize(
    ("name", "pair"),
    [
        ("Syria-Iraq border", ("Syria", "Iraq")),
        ("the border between Niger and Mali", ("Niger", "Mali")),
        ("Turkish border with Syria", ("Turkish", "Syria")),
        ("Afghan–Pakistani frontier", ("Afghan", "Pakistani")),
        ("Chad and Sudan border area", ("Chad", "Sudan")),
        ("border town", None),
        ("Turkish border", None),
    ],
)
def test_border_phrases(name: str, pair: tuple[str, str] | None) -> None:
    """Phrases for the border of two countries give both names; others give none."""
    assert border_of(name) == pair


@pytest.mark.parametrize("char", ["a", "a ", "-", "a,", " in ", "border ", "of ", "("])
def test_long_queries_are_no_names(char: str) -> None:
    """A megabyte of anything is passed over at once."""
    assert take_apart(char * 1_000_000) == []
    assert border_of(char * 1_000_000) is None


@pytest.mark.parametrize(
    ("name", "place_id"),
    [
        ("Syria", "country:SY"),
        ("Syrian", "country:SY"),
        ("the Emirates", "country:AE"),
        ("DRC", "country:CD"),
        ("Burma", "country:MM"),
        ("U.S.", "country:US"),
        ("UK", "country:GB"),
        ("Britain", "country:GB"),
        ("Ky.", "admin1:US.KY"),
        ("W.Va.", "admin1:US.WV"),
        ("PA", "admin1:US.PA"),
        ("Nineveh", "admin1:IQ.15"),
        ("Anbar", "admin1:IQ.01"),
        ("Anbar province", "admin1:IQ.01"),
        ("Baghdad", "gn:98182"),
        ("Taji", "own:taji"),
        ("Sinai", "own:sinai"),
        ("Golan", "own:golan-heights"),
        ("Toledo, Spain", "gn:2510409"),
        ("Bethlehem, PA", "gn:5180225"),
        ("Al Qaim, Anbar, Iraq", "gn:92138"),
        ("Laurel County", "admin2:US.KY.laurel-county"),
        ("Syria-Iraq border", "border:IQ-SY"),
        ("Iraqi-Syrian border", "border:IQ-SY"),
        ("European", "own:europe"),
        ("EU", "own:european-union"),
    ],
)
def test_the_real_gazetteer_knows(gazetteer: Gazetteer, name: str, place_id: str) -> None:
    """Names of the news without any context mean what a reader takes them for."""
    assert ids(gazetteer, name)[:1] == [place_id]


def test_the_border_is_the_shared_line(gazetteer: Gazetteer) -> None:
    """The border of two countries is a line that lies on both outlines; the point is on it."""
    found = gazetteer.find("Syria-Iraq border")[0].place
    line = gazetteer.geometry(found.place_id)
    assert line.geom_type in {"LineString", "MultiLineString"}
    assert line.equals(gazetteer.border("SY", "IQ"))
    for country in ("country:SY", "country:IQ"):
        assert gazetteer.geometry(country).boundary.distance(line) < 0.05
    assert set(gazetteer.neighbours("SY")) == {"IL", "IQ", "JO", "LB", "TR"}
    assert gazetteer.border("SY", "FR") is None


def test_points_lie_where_they_should(gazetteer: Gazetteer) -> None:
    """Countries and first-order areas are told by polygon, the coast by nearness, the high seas by nothing."""
    assert gazetteer.countries_at(lat=33.3, lon=44.4) == ("IQ",)
    assert gazetteer.countries_at(lat=0.0, lon=-30.0) == ()
    area = gazetteer.admin1_at(lat=36.3, lon=43.1)
    assert area is not None
    assert area.place_id == "admin1:IQ.15"


@pytest.mark.parametrize(
    ("lat", "lon", "claims"),
    [
        (44.95, 34.1, {"UA", "RU"}),
        (33.0, 35.75, {"IL", "SY"}),
        (24.5, -13.0, {"EH", "MA"}),
        (34.08, 74.8, {"IN", "PK"}),
    ],
)
def test_disputed_areas_carry_both_readings(gazetteer: Gazetteer, lat: float, lon: float, claims: set[str]) -> None:
    """A point in a disputed area belongs to all who claim it."""
    assert set(gazetteer.countries_at(lat=lat, lon=lon)) == claims
