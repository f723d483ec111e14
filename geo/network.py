"""A shipped network that reads words: its files, its tokenizer, its batches. What it says, its reader knows."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import parent_process
from typing import TYPE_CHECKING, Any

import numpy as np

from geo import stages
from geo.errors import IncidentMapperError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Asked = tuple[Sequence[str], Floats]
    """The words of a window, and their features: (words, width)."""

MAX_PIECES = 180  # word pieces of a window that a network sees unless it says otherwise
BATCH_PIECES = 512  # pieces of a batch, padding counted: larger ones leave the processor's cache, measured
THREADS = 2  # of one process; a worker among workers takes one


class ModelError(IncidentMapperError):
    """A network's files are missing or are not the ones that were shipped."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a network says of a window: logits of each piece; `owners` tells the word of each, None for no word."""

    logits: Floats
    owners: Sequence[int | None]

    def of_words(self) -> tuple[list[int], Floats]:
        """The words that were seen, and the logits of the first piece of each, which answers for its word."""
        first: dict[int, int] = {}
        for piece, owner in enumerate(self.owners):
            if owner is not None:
                first.setdefault(owner, piece)
        return list(first), self.logits[list(first.values())]


class Network:
    """One network's session and tokenizer."""

    def __init__(
        self, folder: Path, *, width: int, tokenizer: Path | None = None, made_by: str, most: int = MAX_PIECES
    ) -> None:
        """Open the files of a folder, once their hashes are seen to be right.

        Args:
            folder: holds model.onnx, model.json and, unless given, tokenizer.json.
            width: features of a word.
            tokenizer: a file that is seen to be right elsewhere.
            made_by: the script that makes the folder.
            most: pieces of a window that it sees, as in training.

        Raises:
            ModelError: a file is missing or differs from what was shipped.
        """
        from tokenizers import Tokenizer  # noqa: PLC0415  # both are large, and for the learned readers alone

        onnxruntime: Any = import_module("onnxruntime")  # it publishes no types

        card = checked(folder)
        if card["features"] != width:
            raise ModelError(f"{folder}: made for {card['features']} features, not {width}; run {made_by}")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1 if parent_process() else min(THREADS, os.cpu_count() or 1)
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting threads let others work
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer or folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(most)
        self._width = width

    def __call__(self, asked: Sequence[Asked], *, stage: str = "") -> list[Said]:
        """What is said of each window, in order; one of more than `most` pieces is read in parts.

        With a `stage`, how far it is is told under that name.
        """
        whole = self._tokenizer.encode_batch([list(words) for words, _ in asked], is_pretokenized=True)
        made = [(i, part) for i, one in enumerate(whole) for part in (one, *one.overflowing)]
        order = sorted(range(len(made)), key=lambda k: len(made[k][1].ids))
        says: dict[int, Said] = {}
        for batch in _batches(order, [len(part.ids) for _, part in made]):
            out = self._run([made[k][1] for k in batch], [asked[made[k][0]][1] for k in batch])
            for row, k in enumerate(batch):
                says[k] = Said(out[row], made[k][1].word_ids)
            if stage:
                stages.tell(stage, len(says) / len(made))
        parts: list[list[Said]] = [[] for _ in asked]
        for k, (i, _) in enumerate(made):
            parts[i].append(says[k])
        return [_joined(one) for one in parts]

    def _run(self, made: Sequence[Any], rows: Sequence[Floats]) -> Floats:
        longest = max(len(one.ids) for one in made)
        ids = np.zeros((len(made), longest), np.int64)
        mask = np.zeros((len(made), longest), np.int64)
        seen = np.zeros((len(made), longest, self._width), np.float32)
        for i, one in enumerate(made):
            ids[i, : len(one.ids)] = one.ids
            mask[i, : len(one.ids)] = 1
            inner = [(k, owner) for k, owner in enumerate(one.word_ids) if owner is not None]
            if inner:
                seen[i, [k for k, _ in inner]] = rows[i][[owner for _, owner in inner]]
        (out,) = self._session.run(["says"], {"ids": ids, "mask": mask, "rows": seen})
        return np.asarray(out, np.float32)


def _joined(parts: Sequence[Said]) -> Said:
    """The parts of a window, one behind the other."""
    if len(parts) == 1:
        return parts[0]
    owners = [owner for part in parts for owner in part.owners]
    logits = [part.logits[: len(part.owners)] for part in parts]
    return Said(np.concatenate(logits), owners)


def softmax(logits: Floats) -> Floats:
    """Probabilities out of logits, along the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)


def checked(folder: Path) -> Mapping[str, Any]:
    """The card of a network, once every file has the hash that it names.

    Raises:
        ModelError: a file is missing or differs from what was shipped.
    """
    try:
        card: dict[str, Any] = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        for name, wanted in card["sha256"].items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != wanted:
                raise ModelError(f"{folder / name}: not the file that was shipped. Install incident-mapper again")
    except OSError as error:
        raise ModelError(f"{folder}: a model is missing ({error}). Install incident-mapper again") from error
    return card


def _batches(order: Sequence[int], lengths: Sequence[int]) -> Iterator[list[int]]:
    """Windows of like lengths, as many as `BATCH_PIECES` allows."""
    batch: list[int] = []
    for index in order:
        if batch and (len(batch) + 1) * lengths[index] > BATCH_PIECES:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
