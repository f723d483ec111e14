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

_ENDING = r"(?:[dt][ae]n?|n?[ıiuü]n|y[aeıiuü]|n[ae]|nd[ae]n?)"
WORD = re.compile(
    rf"(?:[^\W\d_][a-z]{{0,2}}\.){{2,}}"
    r"|(?:d|l|qu|dell|nell|dall|all|sull)['’](?=[^\W\d_])"
    rf"|[^\W_]+(?:['’ʼ`](?!s\b|(?<=[^\W_]{{4}}['’]){_ENDING}\b)[^\W_]+)*"
    rf"|['’](?:s|{_ENDING})\b|[^\w\s]|_"
)
"""Initials with their stops ("U.S.", "W.Va."), words with inner apostrophes ("Sana'a"), "'s", single signs.

An article or preposition that is joined to a name ("l'Ukraine") and a Turkish case ending ("İstanbul'da") are words of
their own, as "'s" is.
"""

_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,300}>|&(?:[a-z]{2,8}|#\d{1,7}|#x[0-9a-f]{1,6});")
"""What is left of HTML: no words of the text."""

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
    tag = None
    for match in WORD.finditer(text, start, end):
        if match.group() in "<&":
            tag = _TAG.match(text, match.start(), end) or tag
        if tag is None or match.start() >= tag.end():
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
