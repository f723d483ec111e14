"""Tokens and the lexicon's mentions → what the learned reader is shown.

The reader is trained on exactly these windows and features, so a change here asks for a new training.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.events.mention import CONSEQUENCES
from geo.events.model import TYPE_OF

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from numpy.typing import NDArray

    from geo.events.mention import Mention
    from geo.events.tokens import Tokens

SUB_TYPES = tuple(TYPE_OF)
"""Of a token: the lexicon's type there, by its place in this tuple; then `NOT_REPORTED`, `HARM`, `CAPITAL`."""
NOT_REPORTED, HARM, CAPITAL = range(len(SUB_TYPES), len(SUB_TYPES) + 3)
WIDTH = len(SUB_TYPES) + 3
MAX_TOKENS = 100
"""In a window; the reader sees no further."""


def windows(tokens: Tokens, chosen: Container[int] | None = None) -> Iterator[tuple[int, int]]:
    """Neighbouring sentences together, as (first, last + 1) tokens; a sentence longer than `MAX_TOKENS` is cut.

    With `chosen`, only sentences of these numbers.
    """
    begin = end = 0
    for number, (first, last) in enumerate(tokens.bounds):
        left_out = chosen is not None and number not in chosen
        if end > begin and (left_out or last - begin > MAX_TOKENS):
            yield begin, end
            begin = end = first
        if left_out:
            begin = end = last
            continue
        while last - begin > MAX_TOKENS:
            yield begin, begin + MAX_TOKENS
            begin += MAX_TOKENS
        end = last
    if end > begin:
        yield begin, end


def near(mentions: Sequence[Mention]) -> set[int]:
    """The numbers of the sentences that hold a mention, and of two on either side."""
    return {number for one in mentions for number in range(one.sentence - 2, one.sentence + 3)}


def features(tokens: Tokens, mentions: Sequence[Mention]) -> NDArray[np.float32]:
    """What the lexicon says of each token, (tokens, `WIDTH`)."""
    rows = np.zeros((len(tokens.words), WIDTH), np.float32)
    for one in mentions:
        column = SUB_TYPES.index(one.sub_type) if one.modality == "reported" else NOT_REPORTED
        rows[one.first : one.last, column] = 1.0
        if one.meaning in CONSEQUENCES:
            rows[one.first : one.last, HARM] = 1.0
    if not tokens.shouted:
        rows[:, CAPITAL] = [tokens.capital(index) for index in range(len(tokens.words))]
    return rows
