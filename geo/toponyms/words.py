"""Cut a text into words, and words into windows that a reader looks at together.

The learned reader is trained on exactly these words and features, so a change here asks for a new training.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.sentences import split

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WORD = re.compile(r"(?:[^\W\d_][a-z]{0,2}\.){2,}|[^\W_]+(?:['’ʼ`](?!s\b)[^\W_]+)*|['’]s\b|[^\w\s]|_")
"""Initials with their stops ("U.S.", "W.Va."), words with inner apostrophes ("Sana'a"), "'s", single signs."""

MAX_WORDS = 100  # words in a window; the learned reader sees no further
FEW = 3  # words in capitals below which a window has no register
LONGEST_WORD = 64  # code points of a word that are looked at


@dataclass(frozen=True, slots=True)
class Word:
    """One word: `start`, `end` are code point offsets into the text; `text` is cut at `LONGEST_WORD`."""

    start: int
    end: int
    text: str
    opens: bool
    """It is the first word of a sentence."""

    @property
    def capital(self) -> bool:
        """It begins with a capital letter, or with a letter of a script that has none."""
        return self.text[0].isalpha() and not self.text[0].islower()


def words(text: str, start: int, end: int) -> list[Word]:
    """The words of one sentence."""
    found: list[Word] = []
    for match in WORD.finditer(text, start, end):
        found.append(Word(match.start(), match.end(), match.group()[:LONGEST_WORD], not found))
    return found


def windows(text: str) -> Iterator[list[Word]]:
    """Neighbouring sentences together, up to `MAX_WORDS` words; a longer sentence is cut."""
    window: list[Word] = []
    for start, end in split(text):
        sentence = words(text, start, end)
        if window and len(window) + len(sentence) > MAX_WORDS:
            yield window
            window = []
        while len(sentence) > MAX_WORDS:
            yield sentence[:MAX_WORDS]
            sentence = sentence[MAX_WORDS:]
        window = window + sentence
    if window:
        yield window


def register(window: Sequence[Word]) -> str:
    """How the window is written: "capitals", "lower" or "mixed"."""
    letters = [word.text for word in window if word.text[0].isalpha()]
    if not letters:
        return "mixed"
    upper = sum(text.isupper() for text in letters if len(text) > 1)
    long = sum(len(text) > 1 for text in letters)
    if long >= FEW and upper > 0.7 * long:
        return "capitals"
    if not any(text[0].isupper() for text in letters):
        return "lower"
    return "mixed"
