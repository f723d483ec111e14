"""The learned reader: its decoder, its model's files, and what it reads."""

from __future__ import annotations

import json
import time
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.network import ModelError
from geo.toponyms import find
from geo.toponyms.features import WIDTH, features
from geo.toponyms.learned import (
    BEGIN,
    INSIDE,
    LITERAL,
    OUTPUTS,
    OUTSIDE,
    LearnedReader,
    Model,
    Seen,
    decode,
)
from geo.toponyms.reader import default
from geo.toponyms.rules import RuleReader
from geo.toponyms.words import windows

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

MODEL = Path(str(files("geo.toponyms"))) / "model"


class Names:
    """A gazetteer of a few names."""

    def known(self, name: str) -> frozenset[str]:
        """The kinds of the name."""
        known = {
            "iraq": {"country"},
            "new zealand": {"country"},
            "syrian": {"demonym"},
            "ky.": {"admin1", "abbreviation"},
            "mosul": {"settlement"},
        }
        return frozenset(known.get(name.casefold(), ()))


def seen(text: str, *labels: int) -> Seen:
    """The text's only window with the model saying these labels, literal."""
    (window,) = windows(text)
    says = np.zeros((len(window), OUTPUTS), np.float32)
    says[range(len(labels)), labels] = 1.0
    says[:, LITERAL] = 1.0
    return Seen(window, says)


def test_words_that_begin_and_go_on_make_spans() -> None:
    """A name of two words and one beside it are two spans."""
    text = "In New Mosul Iraq"
    found = decode(text, seen(text, OUTSIDE, BEGIN, INSIDE, BEGIN), names=Names())
    assert [t.text for t in found] == ["New Mosul", "Iraq"]
    assert all(t.literal and t.score == 1.0 for t in found)


def test_going_on_with_nothing_begins() -> None:
    """A stray inside label begins a span: the model saw a place there."""
    text = "In Mosul"
    assert [t.text for t in decode(text, seen(text, OUTSIDE, INSIDE), names=Names())] == ["Mosul"]


@pytest.mark.parametrize(
    ("text", "labels", "wanted"),
    [
        ("In New Zealand", (OUTSIDE, BEGIN, BEGIN), ["New Zealand"]),
        ("In New Zealand", (OUTSIDE, BEGIN, OUTSIDE), ["New Zealand"]),
        ("On Smith Street", (OUTSIDE, BEGIN), ["Smith Street"]),
        ("In north Mosul town", (OUTSIDE, BEGIN, INSIDE, INSIDE), ["Mosul"]),
        ("The Mosul road", (BEGIN, INSIDE, OUTSIDE), ["Mosul"]),
        ("The Hague court", (BEGIN, INSIDE, OUTSIDE), ["The Hague"]),
        ("In al-Mosul", (OUTSIDE, BEGIN, INSIDE, INSIDE), ["al-Mosul"]),
        ("In Al-Mosul", (OUTSIDE, OUTSIDE, OUTSIDE, BEGIN), ["Al-Mosul"]),
        ("In Al-Mosul", (OUTSIDE, BEGIN, OUTSIDE, BEGIN), ["Al-Mosul"]),
        ("Go North", (OUTSIDE, BEGIN), []),
        ("The Camp", (OUTSIDE, BEGIN), []),
        ("On 17", (OUTSIDE, BEGIN), []),
    ],
)
def test_edges_are_mended(text: str, labels: tuple[int, ...], wanted: list[str]) -> None:
    """Known names are taken whole, streets with their kind; loose words at the edges and alone fall off."""
    assert [t.text for t in decode(text, seen(text, *labels), names=Names())] == wanted


def test_demonyms_are_added_and_marked() -> None:
    """A demonym of the gazetteer is told even where the model passes over it; it is never literal."""
    text = "A Syrian town"
    (found,) = decode(text, seen(text, OUTSIDE, OUTSIDE, OUTSIDE), names=Names())
    assert (found.text, found.kind, found.literal) == ("Syrian", "demonym", False)


def test_a_stop_belongs_to_an_abbreviation() -> None:
    """The stop of "Ky." is part of the name, that of a sentence is not."""
    text = "Fire in London, Ky."
    found = decode(text, seen(text, OUTSIDE, OUTSIDE, BEGIN, OUTSIDE, BEGIN, OUTSIDE), names=Names())
    assert [t.text for t in found] == ["London", "Ky."]


def test_features_are_as_wide_as_the_model() -> None:
    """A row for each word, each of the width that the model was made for."""
    text = "Fire in Mosul, Iraq."
    (window,) = windows(text)
    rows = features(text, window, names=Names())
    assert {len(row) for row in rows} == {WIDTH}
    assert json.loads((MODEL / "model.json").read_text())["features"] == WIDTH


def test_the_shipped_model_reads(gazetteer: Gazetteer) -> None:
    """The default reader is the learned one; it tells places from who acts in their name, known or not."""
    assert isinstance(default(), LearnedReader)
    text = "Gunmen killed three farmers in the village of Tell Qasra near Mosul on Friday, the Iraqi army said."
    told = {t.text: t for t in find(text, names=gazetteer)}
    assert {"Mosul", "Tell Qasra"} <= set(told)
    assert told["Mosul"].literal
    assert (told["Iraqi"].kind, told["Iraqi"].literal) == ("demonym", False)


def test_a_reader_of_ones_own_takes_part(gazetteer: Gazetteer) -> None:
    """Whatever has `find` may be the reader."""
    text = "Shells fell on Mosul."
    assert [t.text for t in find(text, names=gazetteer, reader=RuleReader())] == ["Mosul"]


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    """One wrong byte and the model is not run; the error says what to do."""
    for file in MODEL.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "tokenizer.json").write_bytes(b"{}")
    with pytest.raises(ModelError, match="Install incident-mapper again"):
        Model(tmp_path)
    with pytest.raises(ModelError, match="missing"):
        Model(tmp_path / "nowhere")


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_ordered_spans_that_slice_back(text: str) -> None:
    """No text crashes the reader; spans are in order, apart, and slice back to their text."""
    end = 0
    for toponym in LearnedReader().find(text, names=Names()):
        assert toponym.start >= end
        assert text[toponym.start : toponym.end] == toponym.text
        end = toponym.end


@pytest.mark.parametrize("unit", ["A", "A ", "(", "漢", "\u202e", "Mosul "])
def test_a_long_line_of_anything_takes_seconds(unit: str) -> None:
    """The reader's time grows with the text, and what repeats is read once."""
    text = unit * (200_000 // len(unit))
    started = time.process_time()
    LearnedReader().find(text, names=Names())
    assert time.process_time() - started < 30


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("A bomb went off on the Baghdad-Mosul highway.", ["Baghdad", "Mosul"]),
        ("Militants attacked a convoy on the Damascus–Homs road on Sunday.", ["Damascus", "Homs"]),
        ("The road to Alma-Ata was closed.", ["Alma-Ata"]),
    ],
)
def test_the_ends_of_a_road_are_two_names(text: str, spans: list[str], gazetteer: Gazetteer) -> None:
    """Two towns joined by a dash before "road" are two toponyms; a name with a hyphen of its own is one."""
    assert [toponym.text for toponym in find(text, names=gazetteer)] == spans


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("MOSUL – He was found.", ["MOSUL"]),
        ("MOSUL, Nineveh (Wire) — He was found.", ["MOSUL"]),
        ("One was hurt. Mosul police came.", ["Mosul"]),
        ("One was hurt. Mosul deals came.", []),
        ("He said MOSUL – in capitals.", []),
        ("UPDATE – He was found.", []),
    ],
)
def test_what_the_model_hardly_sees(text: str, wanted: list[str]) -> None:
    """A known name that the model thinks unlikely is one at the head of a dateline, and before the town's police."""
    (window,) = windows(text)
    says = np.full((len(window), OUTPUTS), 0.05, np.float32)
    says[:, OUTSIDE], says[:, LITERAL] = 0.95, 1.0
    assert [found.text for found in decode(text, Seen(window, says), names=Names())] == wanted
