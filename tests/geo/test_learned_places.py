"""The learned reader of an event's places: what it is asked, what it answers, its files."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import sentences
from geo.incidents import annotate
from geo.incidents.asking import OF_TRIGGER, WIDTH, question
from geo.incidents.learned import Answer, PlaceReader
from geo.network import ModelError
from geo.toponyms import Toponym
from geo.toponyms.words import MAX_WORDS, words

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

MODEL = Path(str(files("geo.incidents"))) / "model"
TOKENIZER = Path(str(files("geo.toponyms"))) / "model" / "tokenizer.json"
TRIGGER, BEFORE, AFTER, FAR = range(WIDTH - len(OF_TRIGGER), WIDTH)


class Names:
    """A gazetteer that knows one town."""

    def known(self, name: str) -> frozenset[str]:
        """The kinds of the name."""
        return frozenset({"settlement"} if name == "Mosul" else ())


def told(text: str, *chances: float) -> Answer:
    """An answer that gives the words of a text these probabilities of beginning a place."""
    says = np.zeros((len(chances), 3), np.float32)
    says[:, 1] = chances
    says[:, 0] = 1 - says[:, 1]
    return Answer(words(text, 0, len(text)), says)


def test_a_question_marks_trigger_and_toponyms() -> None:
    """The trigger's words, which side of it the others stand on, and the toponyms with their kinds and use."""
    text = "Bombs killed two in Mosul"
    asked = question(text, (0, len(text)), (6, 12), [Toponym(20, 25, "Mosul")], names=Names())
    assert [word.text for word in asked.window] == text.split()
    assert asked.rows.shape == (5, WIDTH)
    assert asked.rows[:, TRIGGER].tolist() == [0, 1, 0, 0, 0]
    assert asked.rows[:, BEFORE].tolist() == [1, 0, 0, 0, 0]
    assert asked.rows[:, AFTER].tolist() == [0, 0, 1, 1, 1]
    assert asked.rows[4, FAR] > asked.rows[3, FAR] > asked.rows[2, FAR] == 0
    assert asked.rows[4].sum() > asked.rows[3].sum() + 1


def test_a_long_sentence_is_cut_around_the_trigger() -> None:
    """At most MAX_WORDS words, the trigger among them."""
    text = "word " * 400 + "killed" + " word" * 400
    asked = question(text, (0, len(text)), (2000, 2006), [], names=Names())
    assert len(asked.window) == MAX_WORDS
    (at,) = np.flatnonzero(asked.rows[:, TRIGGER])
    assert asked.window[int(at)].text == "killed"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120), st.integers(0, 119), st.integers(1, 30), st.integers(0, 100), st.integers(1, 40))
def test_any_text_can_be_asked_about(text: str, start: int, length: int, name: int, letters: int) -> None:
    """Whatever the text, the trigger and the toponym: a row of numbers from 0 to 1 for each word."""
    trigger = (min(start, len(text)), min(start + length, len(text)))
    toponym = Toponym(min(name, len(text)), min(name + letters, len(text)), text[name : name + letters])
    asked = question(text, sentences.at(text, trigger[0]), trigger, [toponym], names=Names())
    assert asked.rows.shape == (len(asked.window), WIDTH) or not asked.window
    assert not asked.window or 0 <= asked.rows.min() <= asked.rows.max() <= 1


def test_runs_of_likely_words_are_places() -> None:
    """A run counts by its mean; faint words part two runs; each beginning word begins one."""
    text = "a b c d e f"
    answer = told(text, 0.9, 0.1, 0.8, 0.4, 0.1, 0.3)
    assert [text[start:end] for start, end in answer.spans()] == ["a", "c"]
    assert answer.chance(4, 7) == pytest.approx(0.8)
    assert answer.chance(50, 60) is None


@given(st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), max_size=12))
def test_spans_lie_in_order_and_apart(rows: list[list[float]]) -> None:
    """Whatever is answered, spans are not empty, in order and do not overlap."""
    text = "w " * len(rows)
    says = np.asarray(rows, np.float32).reshape(len(rows), 3)
    spans = Answer(words(text, 0, len(text)), says).spans()
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    assert all(start < end for start, end in spans)


def test_the_model_fits_the_features() -> None:
    """The shipped model was made for as many features as the product asks with, and is small."""
    assert json.loads((MODEL / "model.json").read_text())["features"] == WIDTH
    assert (MODEL / "model.onnx").stat().st_size < 30_000_000


def test_damaged_and_missing_files_are_told(tmp_path: Path) -> None:
    """A file that is missing or not the one that was shipped is an error in one line that says what to do."""
    with pytest.raises(ModelError, match="missing"):
        PlaceReader(tmp_path, TOKENIZER)
    shutil.copy(MODEL / "model.json", tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"not a network")
    with pytest.raises(ModelError, match="Install incident-mapper again"):
        PlaceReader(tmp_path, TOKENIZER)


@pytest.mark.parametrize(
    ("text", "trigger", "wanted"),
    [
        ("A car bomb exploded in a market in Baghdad on Monday, killing nine people.", "exploded", ["Baghdad"]),
        ("Police in Nairobi said that gunmen attacked a bus near Garissa.", "attacked", ["Garissa"]),
        ("Thousands marched in Madrid and Barcelona on Sunday.", "marched", ["Madrid", "Barcelona"]),
        ("The president said that talks would go on.", "said", []),
    ],
)
def test_given_triggers_get_the_exact_words(gazetteer: Gazetteer, text: str, trigger: str, wanted: list[str]) -> None:
    """`annotate` with given triggers tells the places of each event by their exact spans."""
    start = text.index(trigger)
    doc = {"doc_id": "1", "text": text, "events": [{"start": start, "end": start + len(trigger)}]}
    (event,) = annotate(doc, gazetteer=gazetteer, given_spans=True)["events"]
    assert [text[place["start"] : place["end"]] for place in event["places"]] == wanted
