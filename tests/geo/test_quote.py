"""The sentence that is quoted, and the text around it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from geo import events, schema
from geo.incidents import extract
from geo.incidents.quote import LONGEST_AROUND, LONGEST_EVIDENCE, quote, text_after, text_before
from geo.reports import Report

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

DAY = dt.date(2021, 6, 28)
LONG = "The road was quiet. " * 30


def test_a_source_has_the_text_around_its_sentence(gazetteer: Gazetteer) -> None:
    """Each source of an incident carries `before` and `after`, next to the sentence itself."""
    text = "The night was calm. A car bomb killed six people in Mosul on Sunday. Doctors came."
    (row,) = schema.records(extract([Report("a", text, DAY)], gazetteer=gazetteer).incidents)
    source = row["sources"][0]
    assert source["before"] == "The night was calm."
    assert source["evidence"] == "A car bomb killed six people in Mosul on Sunday."
    assert source["after"] == "Doctors came."


def test_whole_sentences_are_kept_where_they_fit() -> None:
    """The text around is cut where a sentence begins or ends."""
    text = LONG + "HERE" + " " + LONG
    start = text.index("HERE")
    before, after = text_before(text, start), text_after(text, start + 4)
    assert before.startswith("The road")
    assert before.endswith("quiet.")
    assert after.startswith("The road")
    assert after.endswith("quiet.")
    assert 100 < len(before) <= LONGEST_AROUND
    assert 100 < len(after) <= LONGEST_AROUND


def test_words_are_kept_whole_where_no_sentence_fits() -> None:
    """Without a stop in reach the text is cut at a blank; without a blank there is none."""
    words = "grain " * 100
    assert set(text_before(words, 402).split()) == {"grain"}
    assert set(text_after(words, 300).split()) == {"grain"}
    assert text_after("x" * 900, 10) == ""
    assert text_before("x" * 900, 890) == ""


def test_a_very_long_sentence_is_cut_around_the_trigger() -> None:
    """What is quoted is short and holds the trigger."""
    text = "and so " * 120 + "a bomb exploded in the market " + "and then " * 120
    (event,) = (one for one in events.find(text) if one.text == "exploded")
    told = quote(text, event)
    assert "exploded" in told.evidence
    assert len(told.evidence) <= LONGEST_EVIDENCE
    assert text[slice(*told.span)] == told.evidence


@given(st.text(alphabet=st.sampled_from('ab .!?\n"”…\u2028é'), max_size=700), st.integers(0, 700))
def test_the_text_around_is_of_the_text(text: str, offset: int) -> None:
    """It is short, has no blank at its ends, and stands right before or after the offset."""
    offset = min(offset, len(text))
    before, after = text_before(text, offset), text_after(text, offset)
    assert max(len(before), len(after)) <= LONGEST_AROUND
    assert text[:offset].rstrip().endswith(before)
    assert text[offset:].lstrip().startswith(after)
