"""What the learned reader of events adds to the lexicon's tables, and what it leaves out."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from geo import events
from geo.events import asking, judging, learned, reading
from geo.events.tokens import tokenize
from geo.network import ModelError

if TYPE_CHECKING:
    from pathlib import Path

RAID = (
    "Men on motorbikes descended on the hamlet of Tandi before sunrise on Tuesday and left seven people dead, the"
    " district chief said. The attack was the third in a month, he told the local radio, and he asked for more soldiers"
    " to be sent to the area. The road has been closed to lorries since, and the market of the district town was empty"
    " on Friday."
)


def test_windows_hold_whole_sentences_and_every_token_once() -> None:
    """Neighbouring sentences are shown together, a very long one is cut, and none is left out."""
    tokens = tokenize("A short one. " * 80 + "word " * 400 + "end.")
    spans = list(asking.windows(tokens))
    assert spans[0][0] == 0
    assert spans[-1][1] == len(tokens.words)
    assert all(last - first <= asking.MAX_TOKENS for first, last in spans)
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    assert list(asking.windows(tokenize(""))) == []


def test_only_sentences_near_a_mention_are_shown() -> None:
    """With chosen sentences the others are in no window."""
    tokens = tokenize("One is here. Two is here. Three is here. Four is here. Five is here.")
    spans = list(asking.windows(tokens, {0, 2, 3}))
    assert [" ".join(tokens.words[first:last:4]) for first, last in spans] == ["one", "three four"]


def test_the_features_tell_what_the_lexicon_says_of_a_token() -> None:
    """The trigger's token carries its type, one that is denied another mark, and capitals are told."""
    stage, mentions = reading.settled("Rebels shelled Homs. The ministry denied that its jets bombed Hama.")
    rows = asking.features(stage.tokens, mentions)
    shelled, bombed = stage.tokens.words.index("shelled"), stage.tokens.words.index("bombed")
    assert rows[shelled, asking.SUB_TYPES.index("Shelling/artillery/missile attack")] == 1.0
    assert rows[bombed, asking.NOT_REPORTED] == 1.0
    assert rows[stage.tokens.words.index("homs"), asking.CAPITAL] == 1.0


def test_probabilities_of_each_token_sum_to_one() -> None:
    """Every token has a probability for each class; where the tables find nothing, nothing is told."""
    stage, mentions = reading.settled(RAID)
    says = learned.load().read(stage.tokens, mentions)
    assert says.shape == (len(stage.tokens.words), len(learned.CLASSES))
    assert np.allclose(says.sum(1), 1.0, atol=1e-3)
    assert (learned.load().read(stage.tokens, [])[:, 0] == 1.0).all()


def test_an_event_that_no_row_knows_is_added() -> None:
    """The reader tells of a deed whose words the tables lack, and the tables count its victims."""
    (raid,) = [event for event in events.find(RAID) if event.reasons["resolved_by"] == "learned"]
    assert (raid.sub_event_type, raid.fatalities and raid.fatalities.minimum) == ("Attack", 7)
    assert all(event.reasons["resolved_by"] != "learned" for event in events.find(RAID, learned=False))


def test_seen_by_the_reader_alone_is_a_mention_of_its_own() -> None:
    """A token sure to tell an attack, without a row in its sentence, becomes a mention; a strategic turn does not."""
    stage, _ = reading.settled("Riders swept down on Tandi. Elders sat down in Kobo.")
    says = np.zeros((len(stage.tokens.words), len(learned.CLASSES)), np.float32)
    says[:, 0] = 1.0
    for word, kind in (("swept", "Attack"), ("sat", "Agreement")):
        at = stage.tokens.words.index(word)
        says[at, 0], says[at, learned.CLASSES.index(kind)] = 0.1, 0.9
    (found,) = judging.unseen(stage, [], says)
    assert (stage.tokens.words[found.first], found.sub_type, found.resolved_by) == ("swept", "Attack", "learned")


def test_what_is_told_again_is_noted() -> None:
    """A mere "the attack" after the raid reads like something told elsewhere, the raid itself does not."""
    raid, attack = events.find(RAID)
    assert float(raid.reasons["told"]) > float(raid.reasons["retold"])
    assert float(attack.reasons["retold"]) > float(attack.reasons["told"])


def test_a_figure_of_speech_is_left_out() -> None:
    """A mention in which the reader sees nothing told is none; the tables alone have it."""
    text = (
        "The opposition leader said that her party would fight for every vote in the north and that the finance"
        " minister's plan was an assault on pensioners. She spoke for an hour in the town hall of Leeds, to applause,"
        " and left by train for London in the evening."
    )
    kept = [event for event in events.find(text) if event.modality == "reported"]
    assert kept == []


def test_short_text_and_text_in_capitals_are_not_judged() -> None:
    """A line alone, and old wire copy in capitals, keep what the tables find."""
    line = "Two bombings shook the bazaar."
    wire = (
        "GUERRILLAS BLEW UP TWO PYLONS NEAR SAN MIGUEL LAST NIGHT. THE POWER COMPANY REPORTED THAT REPAIRS TAKE A WEEK"
        " AND THAT THE CITY HAS NO ELECTRICITY. NOBODY CLAIMED THE ATTACK, THE ARMY PRESS OFFICE STATED."
    )
    for text in (line, wire):
        found = {event.start for event in events.find(text)}
        assert found >= {event.start for event in events.find(text, learned=False)}


def test_a_damaged_file_is_an_error_in_one_line(tmp_path: Path) -> None:
    """Files that are not those that were shipped are refused."""
    (tmp_path / "model.json").write_text('{"features": 28, "sha256": {"model.onnx": "0"}}', encoding="utf-8")
    (tmp_path / "model.onnx").write_bytes(b"not a network")
    with pytest.raises(ModelError, match="not the file that was shipped"):
        learned.EventReader(tmp_path, tmp_path / "tokenizer.json")
