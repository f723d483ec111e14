"""The learned reader: a small transformer that sees letter case and the gazetteer besides the words.

How it was trained, on what, and how well it reads: training/MODEL_CARD.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import numpy as np

from geo.network import Network, softmax
from geo.toponyms.features import WIDTH, bare_runs, features, is_demonym
from geo.toponyms.repair import is_code, repaired
from geo.toponyms.rules import Run, kind_hint
from geo.toponyms.spans import Toponym
from geo.toponyms.vocabulary import vocabulary
from geo.toponyms.words import register, windows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from geo.network import Asked, Floats, Said
    from geo.toponyms.spans import Names
    from geo.toponyms.words import Word

OUTSIDE, BEGIN, INSIDE = range(3)
ASSOCIATIVE, LITERAL = 3, 4
ABROAD = 0.03  # chance from which a known name is a place where words of another language place it
HEADED = 0.02  # the same where it heads a dateline: "SALEM, Ore. -"
INDENT = 40  # code points before it on its line that are looked at
LISTED = 0.1  # the same where it is joined to a place: "Baalbek and Tyre"
_BEHIND_DATELINE = re.compile(
    r"(?:,\s[A-Z][\w.]{1,14}(?:\s[A-Z][\w.]{1,14})?)?(?:,\s[A-Z][a-z]{2,8}\.?\s\d{1,2})?(?:\s\([^()\n]{2,30}\))?\s[–—-]{1,2}\s"
)
STAGE = "finding place names"
OUTPUTS = 5
"""What the model says of a word: three logits of being outside, beginning, going on; two of associative and literal."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A window, and the model's `OUTPUTS` probabilities for each of its words: both groups sum to 1."""

    window: Sequence[Word]
    says: Floats


class LearnedReader:
    """Finds toponyms with the model, also those that the gazetteer lacks."""

    def find(self, text: str, *, names: Names) -> list[Toponym]:
        """Every toponym of the text in order, none overlapping.

        Raises:
            ModelError: the model's files are damaged.
        """
        found: list[Toponym] = []
        for seen in self._read(text, names):
            found += decode(text, seen, names=names)
        return sorted(found, key=lambda toponym: toponym.start)

    def _read(self, text: str, names: Names) -> Iterator[Seen]:
        """Every window that is worth asking about; those that say the same are asked about once."""
        asked: list[Asked] = []
        number: dict[tuple[tuple[str, ...], bytes], int] = {}
        which = []
        for window in windows(text):
            rows = np.asarray(features(text, window, names=names), np.float32)
            if not worth_asking(window, rows):
                continue
            key = (tuple(word.text for word in window), rows.tobytes())
            if key not in number:
                number[key] = len(asked)
                asked.append((key[0], rows))
            which.append((window, number[key]))
        answers = load()(asked) if asked else []
        for window, index in which:
            yield Seen(window, answers[index])


def worth_asking(window: Sequence[Word], rows: Floats) -> bool:
    """Whether any word is capitalised or known to the gazetteer: without either, the model has never found a place."""
    return any(word.capital for word in window) or bool(rows[:, -2:].any())


def decode(text: str, seen: Seen, *, names: Names) -> list[Toponym]:
    """The toponyms of one window out of the model's probabilities, demonyms of the gazetteer added."""
    how = register(seen.window)
    runs = repaired(text, seen.window, list(_spans(seen.says)), names=names, how=how)
    found = [_toponym(text, seen, first, last, how, names) for first, last in runs]
    taken = {index for first, last in runs for index in range(first, last)}
    for first, last, kinds in bare_runs(text, seen.window, names=names, anywhere=how == "lower"):
        if taken.isdisjoint(range(first, last)):
            found += _known(text, seen, Run(seen.window, first, last, kinds, how), taken)
    return found


def _known(text: str, seen: Seen, run: Run, taken: Collection[int]) -> Iterator[Toponym]:
    """A name of the gazetteer that the model passes over: a demonym, or a place by the words beside it."""
    demonym = is_demonym(run.kinds)
    sure = float(1 - seen.says[run.first, OUTSIDE])
    listed = run.word(-1) in vocabulary().joining and run.first - 2 in taken and sure > LISTED
    placed = sure > ABROAD and (_placed_abroad(run) or run.word(0) in vocabulary().force_after)
    if demonym or (run.how == "mixed" and (listed or placed or (sure > HEADED and _heads_a_dateline(text, run)))):
        start, end = run.span
        kind = "demonym" if demonym else ""
        yield Toponym(start, end, text[start:end], literal=not demonym, score=round(max(sure, 0.5), 3), kind=kind)


def _heads_a_dateline(text: str, run: Run) -> bool:
    """Whether it stands in capitals at the head of a line, before a state, an agency and a dash or some of these."""
    start, end = run.span
    if not text[start:end].isupper() or text[max(0, start - INDENT) : start].rpartition("\n")[2].strip():
        return False
    return run.kinds != {"abbreviation"} and _BEHIND_DATELINE.match(text, end) is not None


def _placed_abroad(run: Run) -> bool:
    """Whether a preposition or an ending that is no English one places it: "à Djibo", "Lice'de"."""
    words = vocabulary()
    before, after = run.cased(-1), run.cased(0)
    return run.kinds != {"abbreviation"} and (before in words.before_abroad or after in words.after_abroad)


def _spans(says: Floats) -> Iterator[tuple[int, int]]:
    """Words that begin a span and those that go on with it."""
    labels = says[:, :3].argmax(axis=1).tolist()
    first: int | None = None
    for index, label in enumerate([*labels, OUTSIDE]):
        if label == INSIDE and first is not None:
            continue
        if first is not None:
            yield first, index
        first = None if label == OUTSIDE else index


def _toponym(text: str, seen: Seen, first: int, last: int, how: str, names: Names) -> Toponym:
    start, end = seen.window[first].start, seen.window[last - 1].end
    if text[end : end + 1] == "." and _takes_stop(text, seen.window, first, last, names):
        end += 1
    kinds = names.known(text[start:end])
    run = Run(seen.window, first, last, kinds, how)
    demonym = is_demonym(kinds)
    says = seen.says[first]
    return Toponym(
        start,
        end,
        text[start:end],
        literal=bool(says[LITERAL] > says[ASSOCIATIVE]) and not demonym,
        score=round(float(1 - says[OUTSIDE]), 3),
        kind="demonym" if demonym else kind_hint(run, vocabulary()),
    )


def _takes_stop(text: str, window: Sequence[Word], first: int, last: int, names: Names) -> bool:
    """Whether the full stop behind a word belongs to it: "Conn.", and "Mo." behind a comma, though there is a Mo."""
    name = text[window[first].start : window[last - 1].end]
    if last - first > 1 or "abbreviation" not in names.known(name + "."):
        return False
    return not names.known(name) or is_code(text, window, first, names)


class Model:
    """The toponym network, and what its numbers mean."""

    def __init__(self, folder: Path) -> None:
        """Open the files of a folder, once their hashes are seen to be right.

        Raises:
            ModelError: a file is missing or differs from what was shipped.
        """
        self._network = Network(folder, width=WIDTH, made_by="training/toponyms.py")

    def __call__(self, asked: Sequence[Asked]) -> list[Floats]:
        """A row of probabilities for each word of each window, in order."""
        told = self._network(asked, stage=STAGE)
        return [by_word(said, len(words)) for said, (words, _) in zip(told, asked, strict=True)]


def by_word(said: Said, words: int) -> Floats:
    """Probabilities of each word; words without a piece are outside."""
    says = np.zeros((words, OUTPUTS), np.float32)
    says[:, OUTSIDE] = says[:, LITERAL] = 1.0
    read, logits = said.of_words()
    says[read, :3] = softmax(logits[:, :3])
    says[read, 3:] = softmax(logits[:, 3:])
    return says


@lru_cache(maxsize=1)
def load() -> Model:
    """The model that is shipped, loaded when first asked for."""
    with as_file(files("geo.toponyms") / "model") as folder:
        return Model(folder)


def available() -> bool:
    """Whether the model and what runs it are installed."""
    from importlib.util import find_spec  # noqa: PLC0415

    installed = all(find_spec(name) is not None for name in ("onnxruntime", "tokenizers"))
    return installed and (files("geo.toponyms") / "model" / "model.json").is_file()
