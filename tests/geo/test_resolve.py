"""The resolver: the whole document decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from gazetteer.place import Place
from gazetteer.store import Candidate
from geo.resolve import Resolved, resolve
from geo.resolve.decide import weights
from geo.resolve.features import FEATURES, lies_in
from geo.resolve.manner import manner
from geo.toponyms import Toponym
from geo.toponyms import find as find_toponyms

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer


def place(place_id: str, name: str, kind: str, at: tuple[float, float], **more: object) -> Place:
    """A place of a made-up gazetteer."""
    return Place(place_id, name, kind, *at, **more)  # type: ignore[arg-type]


OHIO = place("o", "Ohio", "admin1", (40.2, -82.7), countries=("US",), admin1_code="US.OH", population=11_000_000)
OREGON = place("r", "Oregon", "admin1", (44.0, -120.5), countries=("US",), admin1_code="US.OR", population=4_000_000)
IN_OHIO = place(
    "so", "Springfield", "settlement", (39.9, -83.8), countries=("US",), admin1_code="US.OH", population=59_000
)
IN_OREGON = place(
    "sr", "Springfield", "settlement", (44.0, -123.0), countries=("US",), admin1_code="US.OR", population=61_000
)
EUGENE = place(
    "e", "Eugene", "settlement", (44.05, -123.09), countries=("US",), admin1_code="US.OR", population=163_000
)
STORE = {"springfield": [IN_OREGON, IN_OHIO], "ohio": [OHIO], "oregon": [OREGON], "eugene": [EUGENE]}


def find(name: str, *, limit: int = 10, fuzzy: bool = True) -> list[Candidate]:
    """The made-up gazetteer's answers."""
    del fuzzy
    reasons = {"name": 1.0, "prominence": 0.5}
    return [Candidate(p, 0.7, reasons, p.name, "exact") for p in STORE.get(name.casefold(), [])][:limit]


def ask(text: str, *names: str) -> list[Resolved]:
    """Resolve these names at their first place in the text."""
    spans = [(text.index(name), text.index(name) + len(name)) for name in names]
    return resolve(text, [Toponym(start, end, text[start:end]) for start, end in spans], find=find)


@pytest.mark.parametrize(("state", "wanted"), [("Ohio", IN_OHIO), ("Oregon", IN_OREGON)])
def test_what_holds_a_name_decides_between_namesakes(state: str, wanted: Place) -> None:
    """In "X, Y" X lies in Y."""
    assert ask(f"The mayor of Springfield, {state}, spoke.", "Springfield", state)[0].place == wanted


def test_nearness_decides_between_namesakes() -> None:
    """A neighbouring town named in the document draws its neighbour."""
    first, _ = ask("Fire crews from Springfield drove over. They came through Eugene.", "Springfield", "Eugene")
    assert first.place == IN_OREGON
    assert first.alternatives[0].place == IN_OHIO


def test_one_name_means_one_place_in_a_document() -> None:
    """A later bare mention follows the one that says where it is."""
    text = "Springfield, Ohio, was calm. In Springfield shops opened."
    at = text.rindex("Springfield")
    spans = [Toponym(0, 11, "Springfield"), Toponym(13, 17, "Ohio"), Toponym(at, at + 11, "Springfield")]
    assert [r.place for r in resolve(text, spans, find=find)] == [IN_OHIO, OHIO, IN_OHIO]


def test_a_name_the_gazetteer_lacks_stays_unresolved() -> None:
    """No place, and the reason said."""
    (answer,) = ask("They met in Xyzzyville.", "Xyzzyville")
    assert (answer.place, answer.alternatives) == (None, ())
    assert answer.reasons


def test_every_choice_has_reasons_and_a_chance() -> None:
    """Reasons are names of features; the score is a probability."""
    for answer in ask("The mayor of Springfield, Ohio, spoke.", "Springfield", "Ohio"):
        assert 0 < answer.score <= 1
        assert set(answer.reasons) <= set(FEATURES)


def test_nothing_to_resolve_is_an_empty_answer() -> None:
    """No toponyms, no answers."""
    assert resolve("Nothing here.", [], find=find) == []


def test_weights_fit_the_features() -> None:
    """The learned file names every feature once."""
    assert len(weights()) == len(FEATURES)


def test_containment_reads_the_codes() -> None:
    """A town lies in its state, not in another, and a state not in itself."""
    assert lies_in(IN_OHIO, OHIO)
    assert not lies_in(IN_OHIO, OREGON)
    assert not lies_in(OHIO, OHIO)


@any_of(st.lists(st.sampled_from(["Springfield", "Ohio", "Oregon", "Eugene", "Nowhere"]), max_size=12))
def test_one_answer_a_toponym_in_order(names: list[str]) -> None:
    """However many names and repetitions, answers match toponyms one to one and are the same when asked again."""
    text, spans = "", []
    for name in names:
        spans.append(Toponym(len(text), len(text) + len(name), name))
        text += name + " and "
    answers = resolve(text, spans, find=find)
    assert [answer.toponym for answer in answers] == spans
    assert answers == resolve(text, spans, find=find)


def test_the_default_gazetteer_answers(gazetteer: Gazetteer) -> None:
    """Baghdad, Iraq and the town of one Arab country are found where they are."""
    text = "Rockets fell near Baghdad, Iraq, and in Deir ez-Zor in Syria."
    spans = [Toponym(text.index(n), text.index(n) + len(n), n) for n in ("Baghdad", "Iraq", "Deir ez-Zor", "Syria")]
    found = [answer.place for answer in resolve(text, spans, find=gazetteer.find)]
    assert [p.countries for p in found if p] == [("IQ",), ("IQ",), ("SY",), ("SY",)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A rocket hit Kharkiv overnight.", "settlement"),
        ("Shelling in the Kharkiv region killed two.", "admin1"),
        ("Fighting in Idlib province killed two.", "admin1"),
        ("A blast in Basra hurt three.", "settlement"),
    ],
)
def test_a_bare_name_is_the_town_unless_the_text_says_area(text: str, kind: str, gazetteer: Gazetteer) -> None:
    """A province and its town share a name: the town is meant, except where the words beside it name the area."""
    (answer,) = resolve(text, find_toponyms(text, names=gazetteer), find=gazetteer.find)
    assert answer.place is not None
    assert answer.place.kind == kind


def oblast(chance_of_town: int) -> tuple[Place, Place]:
    """An area and the town that it is called after, which has so many people."""
    area = place("a", "Karsk", "admin1", (50.0, 36.0), countries=("UA",), admin1_code="UA.1", radius_m=90_000)
    town = place(
        "t", "Karsk", "settlement", (50.1, 36.2), countries=("UA",), admin1_code="UA.1", population=chance_of_town
    )
    return area, town


def test_a_bare_name_is_the_town_that_the_area_is_called_after() -> None:
    """The map is right either way, so the two chances count together."""
    area, town = oblast(300_000)
    found = [Candidate(p, 0.7, {"name": 1.0, "prominence": 0.6}, p.name, "exact") for p in (area, town)]
    (answer,) = resolve("Shells hit Karsk.", [Toponym(11, 16, "Karsk")], find=lambda *_, **__: found)
    assert answer.place == town
    assert answer.score > answer.alternatives[0].score > 0.4


def test_a_name_with_its_kind_stays_the_area() -> None:
    """The reader says that "Karsk region" is an area."""
    area, town = oblast(300_000)
    found = [Candidate(p, 0.7, {"name": 1.0, "prominence": 0.6}, p.name, "exact") for p in (area, town)]
    toponym = Toponym(11, 16, "Karsk", kind="admin1")
    (answer,) = resolve("Shells hit Karsk region.", [toponym], find=lambda *_, **__: found)
    assert answer.place == area


def test_a_bare_name_is_the_country_not_the_town_that_shares_it() -> None:
    """A town is called otherwise at home: "Mexico" for Mexico City."""
    country = place("c", "Mexico", "country", (23.0, -102.0), countries=("MX",), population=1)
    town = place("t", "Mexico City", "settlement", (19.4, -99.1), countries=("MX",), population=9_000_000)
    found = [Candidate(p, 0.7, {"name": 1.0, "prominence": 0.9}, p.name, "alternate") for p in (town, country)]
    (answer,) = resolve("He left Mexico.", [Toponym(8, 14, "Mexico")], find=lambda *_, **__: found)
    assert answer.place == country


KARSK = oblast(300_000)[1]


def beside_karsk(text: str, *names: str) -> list[Resolved]:
    """Resolve names in a text where only Karsk is known."""
    found = [Candidate(KARSK, 0.7, {"name": 1.0, "prominence": 0.9}, "Karsk", "exact")]
    spans = [(text.index(name), text.index(name) + len(name)) for name in names]
    toponyms = [Toponym(start, end, text[start:end]) for start, end in spans]
    return resolve(text, toponyms, find=lambda name, **_: found if name == "Karsk" else [])


def test_a_street_that_the_gazetteer_lacks_lies_in_the_town_named_beside_it() -> None:
    """It stays without a place of its own; the town tells about where, and less surely."""
    town, street = beside_karsk("In Karsk a shell fell on Liberty Street.", "Karsk", "Liberty Street")
    assert (street.place, street.within) == (None, KARSK)
    assert street.score < town.score


def test_a_village_that_the_gazetteer_lacks_stays_unresolved() -> None:
    """Nothing says that it lies in the town."""
    _, village = beside_karsk("Troops left Karsk for Novaya Rudka.", "Karsk", "Novaya Rudka")
    assert (village.place, village.within) == (None, None)


def test_answers_come_in_the_order_of_the_toponyms() -> None:
    """Also where that is not the order of the text."""
    text = "In Karsk a shell fell on Liberty Street."
    street, town = beside_karsk(text, "Liberty Street", "Karsk")
    assert (street.toponym.text, town.toponym.text) == ("Liberty Street", "Karsk")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Guerrillas attacked a barracks in the Eastern Region of El Salvador, the army said in San Salvador.", None),
        ("A bus was robbed in the Eastern Region of Ghana, police in Koforidua said.", "GH"),
    ],
)
def test_a_mere_direction_lies_in_no_land_that_the_text_does_not_speak_of(
    text: str, wanted: str | None, gazetteer: Gazetteer
) -> None:
    """There is an Eastern Region in Ghana and one in Uganda; a report from El Salvador means neither."""
    answers = resolve(text, find_toponyms(text, names=gazetteer), find=gazetteer.find)
    (place,) = (answer.place for answer in answers if answer.toponym.text.startswith("Eastern"))
    assert (place and place.countries[0]) == wanted


def test_what_a_land_has_lies_in_it() -> None:
    """The owner before a name holds it: "Ohio's Springfield" is in Ohio."""
    assert ask("The mayor of Ohio's busy Springfield spoke.", "Ohio", "Springfield")[1].place == IN_OHIO


def test_half_of_a_buildings_name_is_no_place(gazetteer: Gazetteer) -> None:
    """What a hyphen joins to a hospital's or university's name says nothing of where the report plays."""
    text = "Two men of Hamden were treated at Yale-New Haven Hospital."
    spans = [Toponym(11, 17, "Hamden"), Toponym(34, 38, "Yale"), Toponym(39, 57, "New Haven Hospital")]
    yale = resolve(text, spans, find=gazetteer.find)[1]
    assert (yale.place, yale.alternatives) == (None, ())
    (alone,) = resolve("They met in Yale.", [Toponym(12, 16, "Yale")], find=gazetteer.find)
    assert alone.alternatives


def test_a_county_by_its_abbreviation(gazetteer: Gazetteer) -> None:
    """That "Aiken Co." is a county, though a firm's "Co." is none."""
    (answer,) = resolve("A fire in Aiken Co. is out.", [Toponym(10, 18, "Aiken Co")], find=gazetteer.find)
    assert answer.place
    assert (answer.place.kind, answer.place.name) == ("admin2", "Aiken County")


def test_what_holds_a_name_rules_out_namesakes_elsewhere() -> None:
    """Where "X, Y" is said and no X lies in Y, X is not the X of another state as surely as without the Y."""
    bare = ask("They met in Eugene.", "Eugene")[0]
    away = ask("They met in Eugene, Ohio.", "Eugene", "Ohio")[0]
    assert away.place is None or away.score < bare.score
    assert "outside the next name" in away.reasons


@pytest.mark.parametrize(
    ("words", "countries"),
    [
        ("A state trooper called 911 at 9 p.m. EDT.", {"US"}),
        ("Call 555-555-0100.", {"US"}),
        ("A crown court heard that the NHS had warned him.", {"GB"}),
        ("Gardaí want to hear from drivers.", {"IE"}),
        ("Rs 2 lakh were taken from a panchayat office.", {"IN", "PK", "BD"}),
        ("Residents of the barangay fled.", {"PH"}),
        ("A bomb went off in the market, police said. It was 9 p.m.", set()),
    ],
)
def test_the_manner_of_a_text(words: str, countries: set[str]) -> None:
    """Offices, clocks and telephone numbers of a country are told by its own news; plain words tell nothing."""
    assert set(manner(words)) == countries


def test_more_words_of_a_manner_tell_more() -> None:
    """One word is a half, and it never becomes certainty; a word said twice counts once."""
    once, twice, two = (manner(f"{words}.")["US"] for words in ("EDT", "EDT, EDT", "EDT, grand jury"))
    assert once == twice < two < 1


def test_the_manner_decides_between_countries(gazetteer: Gazetteer) -> None:
    """Of namesakes in two countries the one at home in the text's manner."""
    text = "Sheriff's deputies looked for a man in Durham on Friday; a state trooper called 911."
    at = text.index("Durham")
    (answer,) = resolve(text, [Toponym(at, at + 6, "Durham")], find=gazetteer.find)
    assert answer.place
    assert answer.place.countries == ("US",)


@pytest.mark.parametrize(("hint", "wanted"), [("region", "admin1"), ("settlement", "settlement"), ("admin1", "admin1")])
def test_the_word_of_kind_beside_each_mention_tells_town_from_area(
    gazetteer: Gazetteer, hint: str, wanted: str
) -> None:
    """One report may speak of the town and of the region called after it."""
    text = "A man from Bryansk. Shots in Bryansk."
    start = text.rindex("Bryansk")
    answers = resolve(
        text, [Toponym(11, 18, "Bryansk"), Toponym(start, start + 7, "Bryansk", kind=hint)], find=gazetteer.find
    )
    assert answers[1].place is not None
    assert answers[1].place.kind == wanted
