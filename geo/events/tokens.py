"""Text → folded word tokens with offsets, and the sentence of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from geo import sentences

# Every alternative starts with another kind of character or is bounded, so that matching is linear in the text.
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,6}"  # U.S., a.m.
    r"|\d{1,3}(?:,\d{3}){1,4}(?!\d)"  # 4,877
    r"|\d+"
    r"|[^\W\d_]+"
    r"|['’](?:s|S)\b"  # the genitive
    r"|[^\w\s]"
    r"|_"
)
_HYPHENS = frozenset("-‐‑")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Parallel lists, one entry a token; hyphens between words are left out, so that "car-bomb" is "car bomb".

    `words` are lower case without full stops; `starts`, `ends` are code points into `text`. `sentence` holds the index
    of each token's sentence in `sentences`; `bounds` the (first, last + 1) token of each sentence.
    """

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    sentence: list[int]
    sentences: tuple[tuple[int, int], ...]
    bounds: list[tuple[int, int]]
    shouted: bool

    def slice(self, first: int, last: int) -> str:
        """The text from token `first` up to, not including, token `last`."""
        return self.text[self.starts[first] : self.ends[last - 1]]

    def capital(self, index: int) -> bool:
        """Whether the token begins with a capital letter."""
        return self.text[self.starts[index]].isupper()


@lru_cache(maxsize=8)
def tokenize(text: str) -> Tokens:
    """The tokens of a text, sentence by sentence."""
    tokens = Tokens(text, [], [], [], [], sentences.split(text), [], _shouted(text))
    for number, (start, end) in enumerate(tokens.sentences):
        first = len(tokens.words)
        _add(tokens, number, start, end)
        tokens.bounds.append((first, len(tokens.words)))
    return tokens


def _add(tokens: Tokens, number: int, start: int, end: int) -> None:
    text = tokens.text
    for match in _TOKEN.finditer(text, start, end):
        word = match.group()
        first, last = match.span()
        if word in _HYPHENS and first > start and last < end and text[first - 1].isalnum() and text[last].isalnum():
            continue
        tokens.words.append(_fold(word))
        tokens.starts.append(first)
        tokens.ends.append(last)
        tokens.sentence.append(number)


def _fold(word: str) -> str:
    if word[0] in "'’" and len(word) > 1:
        return "'s"
    return word.lower().replace(".", "") or word


def _shouted(text: str) -> bool:
    """Whether the text is all capitals, as old wire reports are: case then tells nothing."""
    letters = [c for c in text[:2000] if c.isalpha()]
    return sum(c.isupper() for c in letters) > 0.7 * len(letters)
