"""Relational phrases are read from any register of text, with their words, toponyms, direction and distance."""

from __future__ import annotations

import re
import time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.toponyms import Toponym, relations
from geo.toponyms.phrases import COMPASS, compass

NAMES = [
    "Syria", "Iraq", "Niger", "Mali", "Burkina Faso", "Slovakia", "Erbil", "Kirkuk", "Tikrit", "Baghdad", "Mosul",
    "Hodeidah", "Yemen", "Mayadin", "Euphrates Valley", "Euphrates", "Gaza Strip", "Pakistan", "Afghanistan",
    "Red Sea", "Nigeria", "Germany", "Czech Republic", "Aleppo", "Homs", "Deir ez-Zor", "Upper Nile", "Israel",
    "San Salvador", "Idlib",
]  # fmt: skip
DEMONYMS = ["Syrian", "Iraqi", "Turkish", "Afghan", "Yemeni", "Omani", "Israeli"]


def spans(text: str) -> list[Toponym]:
    """The toponyms of a text, as a reader would give them."""
    found: list[Toponym] = []
    for name in sorted(NAMES + DEMONYMS, key=len, reverse=True):
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
            if all(match.end() <= other.start or match.start() >= other.end for other in found):
                kind = "demonym" if name in DEMONYMS else ""
                found.append(Toponym(*match.span(), match.group(), kind=kind))
    return sorted(found, key=lambda toponym: toponym.start)


def read(text: str) -> list[tuple[Any, ...]]:
    """(relation, names, direction) of each phrase."""
    return [
        (found.relation, [text[start:end] for start, end in found.toponyms], found.direction)
        for found in relations(text, spans(text))
    ]


@pytest.mark.parametrize(
    ("text", "relation", "names", "direction"),
    [
        # borders
        ("killed on the Syria-Iraq border on Sunday", "border", ["Syria", "Iraq"], ""),
        ("along the Syria–Iraq frontier", "border", ["Syria", "Iraq"], ""),
        ("the Syria/Iraq border region", "border", ["Syria", "Iraq"], ""),
        ("the border between Niger and Mali", "border", ["Niger", "Mali"], ""),
        ("close to the border with Slovakia", "border", ["Slovakia"], ""),
        ("near the Turkish border", "border", ["Turkish"], ""),
        ("the Iraqi-Syrian border", "border", ["Iraqi", "Syrian"], ""),
        ("the Syrian-Turkish border area", "border", ["Syrian", "Turkish"], ""),
        ("Pakistan's border with Afghanistan", "border", ["Pakistan", "Afghanistan"], ""),
        ("the Afghan border with Pakistan", "border", ["Afghan", "Pakistan"], ""),
        ("10 km from the border with Syria", "border", ["Syria"], ""),
        ("across its eastern border with Iraq", "border", ["Iraq"], "e"),
        ("along the southern border of Syria", "border", ["Syria"], "s"),
        ("Syria's northern border", "border", ["Syria"], "n"),
        ("near the border with the Czech Republic", "border", ["Czech Republic"], ""),
        ("exchanged fire across the Line of Control", "border", [], ""),
        ("on the Iraqi side of the border", "border", ["Iraqi"], ""),
        ("along their shared border", "border", [], ""),
        ("near the border in the hills", "border", [], ""),
        ("the two countries' common border", "border", [], ""),
        ("in the tri-border area of Mali, Niger and Burkina Faso", "triborder", ["Mali", "Niger", "Burkina Faso"], ""),
        ("the Mali-Niger-Burkina Faso border", "triborder", ["Mali", "Niger", "Burkina Faso"], ""),
        ("where the borders of Mali, Niger and Burkina Faso meet", "triborder", ["Mali", "Niger", "Burkina Faso"], ""),
        ("close to the borders with Syria and Iraq", "triborder", ["Syria", "Iraq"], ""),
        ("in the tri-border region", "triborder", [], ""),
        # distance and direction
        ("30 km (19 miles) north-west of Erbil", "distance", ["Erbil"], "nw"),
        ("about 31 kilometres (19 mi) NW of Erbil", "distance", ["Erbil"], "nw"),
        ("31 km N.W. of Erbil", "distance", ["Erbil"], "nw"),
        ("some 25-30 km east of the town of Homs", "distance", ["Homs"], "e"),
        ("ten miles to the south of Mosul", "distance", ["Mosul"], "s"),
        ("60 km north-northeast of Baghdad", "distance", ["Baghdad"], "nne"),
        ("3 mi (5 km) southeast of the Omani capital Homs", "distance", ["Homs"], "se"),
        ("12 km south of the besieged hill town of Idlib", "distance", ["Idlib"], "s"),
        ("an hour's drive south of Baghdad", "distance", ["Baghdad"], "s"),
        ("a two-hour drive from Aleppo", "distance", ["Aleppo"], ""),
        ("just north of Baghdad", "distance", ["Baghdad"], "n"),
        ("to the east of Mosul", "distance", ["Mosul"], "e"),
        ("40 KM NORTHEAST OF SAN SALVADOR", "distance", ["SAN SALVADOR"], "ne"),
        # part
        ("in eastern Syria", "part", ["Syria"], "e"),
        ("north-eastern Nigeria", "part", ["Nigeria"], "ne"),
        ("in the far north of Mali", "part", ["Mali"], "n"),
        ("in the eastern part of Germany", "part", ["Germany"], "e"),
        ("the north of the country", "part", [], "n"),
        ("in the country's restive north-east", "part", [], "ne"),
        ("Syria's north-east", "part", ["Syria"], "ne"),
        ("southern Gaza Strip", "part", ["Gaza Strip"], "s"),
        ("central Mali", "part", ["Mali"], "centre"),
        ("in north-central Nigeria", "part", ["Nigeria"], "n"),
        ("IN EASTERN SYRIA", "part", ["SYRIA"], "e"),
        # between and roads
        ("between Kirkuk and Tikrit", "between", ["Kirkuk", "Tikrit"], ""),
        ("clashes broke out between Kirkuk and Tikrit", "between", ["Kirkuk", "Tikrit"], ""),
        ("halfway between the cities of Kirkuk and Tikrit", "between", ["Kirkuk", "Tikrit"], ""),
        ("on the Baghdad-Mosul highway", "road", ["Baghdad", "Mosul"], ""),
        ("on the road between Homs and Aleppo", "road", ["Homs", "Aleppo"], ""),
        ("on the road from Homs to Aleppo", "road", ["Homs", "Aleppo"], ""),
        ("on the main road to Aleppo", "road", ["Aleppo"], ""),
        # near, coasts, valleys
        ("near Mosul", "near", ["Mosul"], ""),
        ("just outside Aleppo", "near", ["Aleppo"], ""),
        ("on the outskirts of Homs", "near", ["Homs"], ""),
        ("in the southern suburbs of Homs", "near", ["Homs"], "s"),
        ("in the northern Homs countryside", "near", ["Homs"], "n"),
        ("around Idlib", "near", ["Idlib"], ""),
        ("within 10 km of Homs", "near", ["Homs"], ""),
        ("off the coast of Hodeidah", "off", ["Hodeidah"], ""),
        ("in the Red Sea off Yemen", "off", ["Red Sea", "Yemen"], ""),
        ("off the southern Yemeni coast", "off", ["Yemeni"], "s"),
        ("200 nautical miles off Yemen", "off", ["Yemen"], ""),
        ("Euphrates valley near Mayadin", "valley", ["Euphrates", "Mayadin"], ""),
        ("in the Euphrates River valley", "valley", ["Euphrates"], ""),
    ],
)
def test_a_phrase_is_read(text: str, relation: str, names: list[str], direction: str) -> None:
    """Each phrase gives its relation, the toponyms it stands on, and its direction."""
    found = [(r, [n.casefold() for n in ns], d) for r, ns, d in read(text)]
    expected = [name.casefold().removesuffix(" valley") for name in names]
    assert [(r, [n.removesuffix(" valley") for n in ns], d) for r, ns, d in found] == [(relation, expected, direction)]


@pytest.mark.parametrize("raised", [str.upper, str.title])
def test_case_does_not_matter(raised: Any) -> None:
    """A wire in capitals and a headline are read as running text is."""
    text = "30 km north-west of Erbil, near the Turkish border, in eastern Syria and between Kirkuk and Tikrit"
    assert [kind for kind, _, _ in read(raised(text))] == ["distance", "border", "part", "between"]


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("30 km north of Erbil", 30_000),
        ("1,478 kilometers southeast of Baghdad", 1_478_000),
        ("2.25 miles south of Erbil", 3_621),
        ("a mile south of Erbil", 1_609),
        ("half a mile south of Erbil", 805),
        ("TWENTY MILES NORTH OF BAGHDAD", 32_187),
        ("twenty-five miles north of Baghdad", 40_234),
        ("20 to 30 km north of Baghdad", 25_000),
        ("500m east of Mosul", 500),
        ("60 nautical miles west of Hodeidah", 111_120),
        ("dozens of kilometres from Baghdad", 36_000),
    ],
)
def test_a_distance_is_metres(text: str, metres: float) -> None:
    """Digits, words, ranges and vague numbers in every unit become metres."""
    found = relations(text, spans(text))
    assert found[0].distance_m == pytest.approx(metres, abs=1)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("an hour's drive south of Baghdad", 60),
        ("a two-hour drive from Aleppo", 120),
        ("half an hour's drive north of Homs", 30),
        ("a 45-minute walk from Homs", 45),
    ],
)
def test_time_on_the_way_is_minutes(text: str, minutes: float) -> None:
    """A drive or a walk keeps its time."""
    assert relations(text, spans(text))[0].travel_minutes == minutes


@pytest.mark.parametrize(
    "text",
    [
        "talks between Israel and Syria",
        "the war between Iraq and Syria",
        "clashes between Iraq and Syria",
        "a ceasefire deal between Israel and Syria",
        "troops cut off Mosul",
        "police sealed off Aleppo",
        "Turkish border guards opened fire",
        "in the Syrian border town of Idlib",
        "in the northern Syrian city of Idlib",
        "fighting in Upper Nile",
        "he went south before noon in Homs",
        "the North Atlantic Treaty",
    ],
)
def test_what_is_no_phrase_is_not_read(text: str) -> None:
    """Talks between governments, cut-off towns, guards, names and stray directions place nothing."""
    assert read(text) == []


def test_an_organisation_s_name_is_not_between() -> None:
    """A name that does not mean the place itself has nothing between it and another."""
    text = "somewhere between Kirkuk and Tikrit"
    names = [Toponym(t.start, t.end, t.text, literal=False) for t in spans(text)]
    assert relations(text, names) == []


def test_several_phrases_of_a_sentence_stand_apart() -> None:
    """Each phrase of a sentence is read, in order, none overlapping; a border wins over the nearness in it."""
    text = "It lies 14 km north-east of Homs and 80 km south of Aleppo, near the border with Iraq, in western Syria."
    found = relations(text, spans(text))
    assert [item.relation for item in found] == ["distance", "distance", "border", "part"]
    assert all(one.end <= two.start for one, two in pairwise(found))


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200), st.data())
def test_any_text_keeps_its_offsets(text: str, data: st.DataObject) -> None:
    """Whatever the text and the toponyms, nothing breaks and every phrase slices back to its own words."""
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=8).map(sorted))
    toponyms = [Toponym(a, b, text[a:b]) for a, b in zip(cuts[::2], cuts[1::2], strict=False) if a < b]
    for found in relations(text, toponyms):
        assert text[found.start : found.end] == found.text
        assert set(found.toponyms) <= {(toponym.start, toponym.end) for toponym in toponyms}


WORDS = [
    "north", "of", "the", "border", "between", "and", "30", "km", "near", "Syria", "Iraq", "off", "coast", "(", ")",
    ",", "east", "ern", "İ", "road", "'s", "-", "\n", "valley", "an hour's drive", "NW", "with", "\ue000", "\ue001",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_any_jumble_of_our_words_is_survived(words: list[str]) -> None:
    """Jumbled words of the trade, marks of the mask among them, give phrases in order that slice back to themselves."""
    text = " ".join(words)
    found = relations(text, spans(text))
    assert all(text[item.start : item.end] == item.text for item in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        " ",
        "1",
        "north ",
        "30 km ",
        "border ",
        "between ",
        "the ",
        "near the ",
        "-",
        "(",
        "north-",
        "1,",
        "\n",
        "in the ",
    ],
)
def test_long_repetitions_take_linear_time(unit: str) -> None:
    """Half a million letters of one thing are read in seconds: no pattern goes back over itself."""
    text = unit * (500_000 // len(unit)) + " Syria"
    begun = time.perf_counter()
    relations(text, [Toponym(len(text) - 5, len(text), "Syria")])
    assert time.perf_counter() - begun < 20


@pytest.mark.parametrize(
    ("words", "point"),
    [("north", "n"), ("north-western", "nw"), ("NNW".lower(), "nnw"), ("south east", "se"), ("west-north", "nw"),
     ("north-northwest", "nnw"), ("central", "centre"), ("", ""), ("n.w.", "nw"), ("northernmost", "n"), ("xyz", "")],
)  # fmt: skip
def test_words_become_compass_points(words: str, point: str) -> None:
    """Every way to write a direction is one of sixteen points, the centre, or none."""
    assert compass(words) == point
    assert point in {*COMPASS, "centre", ""}
