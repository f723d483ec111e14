"""What the two trainings share: the network, its inputs as tensors, the loop, the export.

Not run by itself: `toponyms.py` and `eventplace.py` are the scripts.
"""

from __future__ import annotations

import hashlib
import json
import random
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from transformers import AutoModel, AutoTokenizer

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from geo.toponyms.words import Word

OUTSIDE, BEGIN, INSIDE = range(3)


class Tagger(torch.nn.Module):
    """MiniLM; the features join the word vectors below the first layer and the outcome above the last."""

    def __init__(self, weights: str, *, width: int, logits: int, spread: float, free_words: bool = False) -> None:
        """`width` features a word piece; `spread` of the first weights by which they join the word vectors."""
        super().__init__()
        self.width = width
        self.encoder = AutoModel.from_pretrained(weights)
        self.encoder.embeddings.requires_grad_(requires_grad=free_words)  # few words occur in the corpora
        size = self.encoder.config.hidden_size
        self.below = torch.nn.Linear(width, size, bias=False)
        torch.nn.init.normal_(self.below.weight, std=spread)
        self.head = torch.nn.Sequential(
            torch.nn.Linear(size + width, 192), torch.nn.GELU(), torch.nn.Dropout(0.1), torch.nn.Linear(192, logits)
        )

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        """(texts, pieces), (texts, pieces), (texts, pieces, width) → (texts, pieces, logits)."""
        vectors = self.encoder.embeddings.word_embeddings(ids) + self.below(rows)
        seen = self.encoder(inputs_embeds=vectors, attention_mask=mask).last_hidden_state
        return self.head(torch.cat([seen, rows], -1))


class Inputs(NamedTuple):
    """A batch as the network takes it, and which piece is the first of which word, a text each."""

    ids: torch.Tensor
    mask: torch.Tensor
    rows: torch.Tensor
    first: list[tuple[list[int], list[int]]]  # positions of pieces, the words they begin


class Pieces:
    """Words and their features → tensors of word pieces."""

    def __init__(self, weights: str, most: int = 180) -> None:
        """`most` word pieces of a text are seen."""
        self.most = most
        self.tokenizer = AutoTokenizer.from_pretrained(weights)
        self.cache: dict[tuple[str, ...], tuple[list[int], list[int | None]]] = {}

    def of(self, words: Sequence[str]) -> tuple[list[int], list[int | None]]:
        """Ids of the word pieces, and the word that each belongs to."""
        key = tuple(words)
        if key not in self.cache:
            made = self.tokenizer(list(key), is_split_into_words=True, truncation=True, max_length=self.most)
            self.cache[key] = (made["input_ids"], made.word_ids())
        return self.cache[key]

    def together(self, texts: Sequence[Sequence[str]], rows: Sequence[Any]) -> Inputs:
        """Texts of words with their features, (words, width) each, padded to the longest."""
        made = [self.of(words) for words in texts]
        tables = [torch.as_tensor(table, dtype=torch.float) for table in rows]
        shape = (len(made), max(len(ids) for ids, _ in made))
        ids, mask = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
        seen = torch.zeros(*shape, tables[0].shape[1])
        firsts = []
        for i, (these, owners) in enumerate(made):
            ids[i, : len(these)] = torch.tensor(these)
            mask[i, : len(these)] = 1
            inner = [k for k, owner in enumerate(owners) if owner is not None]
            seen[i, inner] = tables[i][[owners[k] for k in inner]]
            first = [k for k in inner if owners[k - 1] != owners[k]]
            firsts.append((first, [owners[k] for k in first]))
        return Inputs(ids, mask, seen, firsts)


def labelled(words: Sequence[Word], spans: Sequence[tuple[int, int]]) -> list[int]:
    """Outside, begin or inside for each word, by the sorted spans of characters that are marked."""
    tags = []
    for index, word in enumerate(words):
        hit = next((s for s in spans if s[0] < word.end and s[1] > word.start), None)
        inside = hit is not None and index > 0 and words[index - 1].end > hit[0]
        tags.append(OUTSIDE if hit is None else INSIDE if inside else BEGIN)
    return tags


def in_capitals(rows: Any, words: Sequence[Word]) -> None:
    """Change the features of letter case to those of a text in capitals."""
    for row, word in zip(rows, words, strict=True):
        letters, long = word.text[0].isalpha(), len(word.text) > 1
        row[:4] = [float(letters and not long), float(letters and long), 0.0, row[3]]
        row[6] = 1.0


def train(
    model: Tagger,
    lengths: Sequence[int],
    loss_of: Callable[[list[int], random.Random], torch.Tensor],
    args: argparse.Namespace,
    order: int,
) -> None:
    """AdamW with warm-up and linear decay, batches of like lengths; `loss_of` is given the numbers of their texts."""
    rng = random.Random(order)
    torch.manual_seed(order)
    groups = [
        {"params": model.encoder.encoder.parameters(), "lr": args.rate},
        {"params": [p for p in model.encoder.embeddings.parameters() if p.requires_grad], "lr": args.rate},
        {"params": [*model.head.parameters(), *model.below.parameters()], "lr": 10 * args.rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    steps = (len(lengths) // args.batch + 1) * args.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1, (s + 1) / (0.1 * steps)) * max(0.02, 1 - s / steps)
    )
    for epoch in range(args.epochs):
        model.train()
        started, total = time.perf_counter(), 0.0
        batches = shuffled(lengths, args.batch, rng)
        for number, batch in enumerate(batches, 1):
            loss = loss_of(batch, rng)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += loss.item()
            if number % 100 == 0 or number == len(batches):
                seconds = time.perf_counter() - started
                told = f"epoch {epoch + 1}/{args.epochs} batch {number}/{len(batches)}"
                print(f"{told} loss {total / number:.4f} {seconds:.0f} s", flush=True)
        if args.save:
            torch.save(model.state_dict(), args.save)


def shuffled(lengths: Sequence[int], size: int, rng: random.Random) -> list[list[int]]:
    """The numbers of all texts, those of about the same length together."""
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] + rng.random() * 12)
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    rng.shuffle(batches)
    return batches


def read(path: Path) -> list[dict[str, Any]]:
    """A JSONL file's rows."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def fold_of(text: str, folds: int) -> int:
    """The fold that the hash of a text, or of a name, falls into."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % folds


def export(model: Tagger, folder: Path, *, card: str, beside: dict[str, bytes] | None = None) -> None:
    """Write model.onnx with 8-bit weights, the files `beside` it, and model.json with the hash of each."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model.eval()
    folder.mkdir(parents=True, exist_ok=True)
    pieces = torch.ones(2, 9, dtype=torch.long)
    axes = {name: {0: "texts", 1: "pieces"} for name in ("ids", "mask", "rows", "says")}
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            model, (pieces, pieces, torch.zeros(2, 9, model.width)), whole, input_names=["ids", "mask", "rows"],
            output_names=["says"], dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(whole, folder / "model.onnx", weight_type=QuantType.QInt8, per_channel=True)
    for name, content in (beside or {}).items():
        (folder / name).write_bytes(content)
    names = ["model.onnx", *(beside or {})]
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    told = {"features": model.width, "sha256": hashes, "card": card}
    (folder / "model.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
