"""The learned reader of events: a small transformer that sees the words and what the lexicon says of them.

How it was trained, on what, and how well it reads: training/MODEL_CARD_EVENTS.md.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import numpy as np

from geo.events.asking import SUB_TYPES, WIDTH, features, near, windows
from geo.network import Network, softmax

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geo.events.mention import Mention
    from geo.events.tokens import Tokens
    from geo.network import Floats

CLASSES = ("", *SUB_TYPES, "retold", "past")
"""What a word tells: nothing, an event of a sub-event type, one told elsewhere in the text or part of it, history."""
RETOLD, PAST = len(CLASSES) - 2, len(CLASSES) - 1
STAGE = "finding events"
MAX_PIECES = 256
"""Word pieces of a window that the network sees, as in training."""


class EventReader:
    """Asks the network about a text."""

    def __init__(self, folder: Path, tokenizer: Path) -> None:
        """Open the network's files.

        Raises:
            ModelError: a file is missing or differs from what was shipped.
        """
        self._network = Network(folder, width=WIDTH, tokenizer=tokenizer, made_by="training/events.py", most=MAX_PIECES)

    def read(self, tokens: Tokens, mentions: Sequence[Mention]) -> Floats:
        """The probabilities of `CLASSES` for each token, (tokens, classes).

        Asked about the sentences that hold a mention and two on either side: in most news a quarter of the text.
        """
        says = np.zeros((len(tokens.words), len(CLASSES)), np.float32)
        says[:, 0] = 1.0
        rows = features(tokens, mentions)
        spans = list(windows(tokens, near(mentions)))
        told = self._network([(tokens.words[first:last], rows[first:last]) for first, last in spans], stage=STAGE)
        for (first, _), said in zip(spans, told, strict=True):
            read, logits = said.of_words()
            says[[first + word for word in read]] = softmax(logits)
        return says


@lru_cache(maxsize=1)
def load() -> EventReader:
    """The network that is shipped, loaded when first asked for."""
    with as_file(files("geo.events") / "model") as folder, as_file(files("geo.toponyms") / "model") as beside:
        return EventReader(folder, beside / "tokenizer.json")
