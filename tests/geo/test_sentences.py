"""Where sentences end."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import sentences


def parts(text: str) -> list[str]:
    """The sentences of a text."""
    return [text[start:end] for start, end in sentences.split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One fell. Two rose.", ["One fell.", "Two rose."]),
        ("Gen. Smith came. He left.", ["Gen. Smith came.", "He left."]),
        ("J. Smith, of the U.S. Army, spoke.", ["J. Smith, of the U.S. Army, spoke."]),
        ("At 5 p.m. local time it began.", ["At 5 p.m. local time it began."]),
        ('"Stop!" he said. They did.', ['"Stop!" he said.', "They did."]),
        ("A headline\n\nThe text.", ["A headline", "The text."]),
        ("Points:\n- one\n- two", ["Points:", "- one", "- two"]),
        ("A LINE THAT IS\nWRAPPED GOES ON. THEN ANOTHER.", ["A LINE THAT IS\nWRAPPED GOES ON.", "THEN ANOTHER."]),
        (
            "Police searched the gate.Two men fled to St.Louis.",
            ["Police searched the gate.", "Two men fled to St.Louis."],
        ),
        ("停火。战斗。", ["停火。", "战斗。"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_a_text_is_split_where_a_reader_would(text: str, expected: list[str]) -> None:
    """Stops, quotes, abbreviations, headings, bullets and wrapped lines."""
    assert parts(text) == expected


def test_lines_end_sentences_where_lines_are_not_wrapped() -> None:
    """With a line longer than any wrapping, a single line break is a paragraph's end."""
    long = "word " * 40
    assert parts(f"A heading\n{long.strip()}\nAnother heading") == ["A heading", long.strip(), "Another heading"]


def test_no_sentence_is_longer_than_the_limit() -> None:
    """A text without stops is cut at blanks, losing no word."""
    text = "word " * 1000
    found = parts(text)
    assert max(map(len, found)) <= sentences.LONGEST
    assert " ".join(found).split() == text.split()


@given(st.text(max_size=400))
def test_sentences_are_ordered_and_hold_every_letter(text: str) -> None:
    """Sentences come in order, do not overlap, are not blank and leave out white space alone."""
    spans = sentences.split(text)
    rest = text
    for (start, end), following in zip(spans, [*spans[1:], (len(text), len(text))], strict=False):
        assert 0 <= start < end <= following[0]
        assert text[start:end].strip() == text[start:end] != ""
    for start, end in reversed(spans):
        rest = rest[:start] + rest[end:]
    assert rest.strip() == ""


@given(st.text(max_size=200), st.integers(0, 200))
def test_every_offset_has_a_sentence(text: str, offset: int) -> None:
    """`at` answers for any offset, with one of the sentences where there is one."""
    spans = sentences.split(text)
    assert sentences.at(text, offset) in (spans or [(0, len(text))])


@pytest.mark.parametrize("unit", ["a", ".", "!", '"', ")", " ", "\n", "A.", "\n-", "。"])
def test_a_megabyte_is_split_in_time(unit: str) -> None:
    """Splitting is linear in the text."""
    start = time.perf_counter()
    sentences.split(unit * (1_000_000 // len(unit)))
    assert time.perf_counter() - start < 20
