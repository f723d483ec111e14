#!/usr/bin/env python3
"""Learn the resolver's weights and measure them. See MODEL_CARD.md.

    python training/resolve.py --bench ../shared/bench               cross-validation over documents, and by corpus
    python training/resolve.py --bench ../shared/bench --write       learn from all and write geo/resolve/weights.toml

Conditional logit: of a name's candidates, and "none of these", one is chosen with the softmax of its weighted features.
Its likelihood is maximised with a ridge penalty; the features of context come from the last round's choices.
numpy alone; no drawing of lots but the folds, which are hashes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from gazetteer.build import ensure_default
from gazetteer.sphere import distances_m
from gazetteer.store import Gazetteer
from geo.resolve.decide import settle
from geo.resolve.features import FEATURES, tabulate
from geo.resolve.manner import manner
from geo.resolve.names import gather
from geo.toponyms.given import given
from geo.toponyms.rules import RuleReader

if TYPE_CHECKING:
    from geo.toponyms import Recognizer

CORPORA = ("lgl", "geowebnews", "geovirus")
RIGHT_M = 161_000.0
SAME_M = 25_000.0
WIDE = {"country", "continent", "region", "sea", "desert", "mountain", "river"}  # whose points are conventions
RIDGE = 1.0
LEAN = 1.0  # taken off the learned weight of "none": one point of right answers for two of wrong ones, on LGL
HAND = {"country of publication": 1.5}
"""Weights set by hand: one in six of these documents speaks in a country's manner, so they can hardly tell; of reports
of crimes it is one in two."""
START = {"prominence": 3.0, "inside the next name": 3.0, "country in document": 2.0, "area in document": 2.0,
         "near others": 2.0, "none: no exact name": 2.0, "none": -1.0}  # fmt: skip


class Case(NamedTuple):
    """A document: its names, its candidates, and which rows are right for which group."""

    corpus: str
    doc_id: str
    names: Any
    table: Any
    right: np.ndarray
    asked: np.ndarray
    gold: list[list[tuple[float, float] | None]]


def case(corpus: str, doc: dict[str, Any], gazetteer: Any, reader: Recognizer) -> Case:
    """Ask the gazetteer for a document's toponyms, those that the reader adds too, and mark the right candidates."""
    gold = {(t["start"], t["end"]): t for t in doc["toponyms"]}
    asked_for, others = given(doc["text"], gold, names=gazetteer, reader=reader)
    toponyms = sorted([*asked_for, *others], key=lambda toponym: toponym.start)
    names = gather(doc["text"], toponyms, find=gazetteer.find)
    table = tabulate(names, countries=manner(doc["text"]))
    right, asked = np.zeros(len(table.places), bool), np.zeros(len(names.groups), bool)
    points: list[list[tuple[float, float] | None]] = []
    for number, group in enumerate(names.groups):
        spans = [(toponyms[m].start, toponyms[m].end) for m in group.mentions]
        marked = [gold[span] for span in spans if span in gold]
        where = [(t["lat"], t["lon"]) if t.get("lat") is not None else None for t in marked]
        points.append(where)
        known = [point for point in where if point]
        first = int(np.searchsorted(table.group, number))
        rows = np.arange(first, first + len(group.candidates))
        asked[number] = bool(known) or (bool(marked) and all(t.get("type") is None for t in marked))
        right[_right_rows(table, rows, known)] = True
        if not right[rows].any():
            right[first + len(group.candidates)] = True
    return Case(corpus, doc["doc_id"], names, table, right, asked, points)


def _right_rows(table: Any, rows: np.ndarray, known: list[tuple[float, float]]) -> np.ndarray:
    if not known or not len(rows):
        return rows[:0]
    lat, lon = max(set(known), key=known.count)
    metres = distances_m(lat, lon, table.lats[rows], table.lons[rows])
    reach = np.asarray(
        [max(RIGHT_M, table.places[row].radius_m if table.places[row].kind in WIDE else 0) for row in rows]
    )
    best = metres.min()
    return rows[(metres <= reach) & (metres <= best + SAME_M)]


def fit(cases: list[Case], rounds: int = 4) -> np.ndarray:
    """Weights that make the right candidates likely, round by round."""
    weight = np.asarray([START.get(name, 0.0) for name in FEATURES])
    for _ in range(rounds):
        rows, right, group, offset = [], [], [], 0
        for one in cases:
            settled, _ = settle(one.table, one.names, weight)
            keep = one.asked[one.table.group]
            rows.append(settled[keep])
            right.append(one.right[keep])
            group.append(one.table.group[keep] + offset)
            offset += len(one.names.groups)
        weight = _maximise(np.concatenate(rows), np.concatenate(right), np.concatenate(group), weight)
    weight[FEATURES.index("none")] -= LEAN
    for name, value in HAND.items():
        weight[FEATURES.index(name)] = value
    return weight


def _maximise(rows: np.ndarray, right: np.ndarray, group: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Adam on the penalised likelihood; the problem is convex where one row is right."""
    _, group = np.unique(group, return_inverse=True)
    groups = group.max() + 1
    first, second = np.zeros_like(weight), np.zeros_like(weight)
    for step in range(1, 601):
        odds = rows @ weight
        every = _softmax(odds, group, groups)
        good = _softmax(np.where(right, odds, -np.inf), group, groups)
        slope = rows.T @ (every - good) / groups + RIDGE * weight / groups
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        rate = 0.08 if step < 400 else 0.02
        weight = weight - rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return weight


def _softmax(odds: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    most = np.full(groups, -np.inf)
    np.maximum.at(most, group, odds)
    raised = np.exp(odds - most[group])
    total = np.zeros(groups)
    np.add.at(total, group, raised)
    return raised / total[group]


def measure(cases: list[Case], weight: np.ndarray) -> dict[str, list[tuple[bool, bool, float]]]:
    """By corpus, for each located mention: right, answered, confidence."""
    told: dict[str, list[tuple[bool, bool, float]]] = {}
    for one in cases:
        _, chances = settle(one.table, one.names, weight)
        for number, where in enumerate(one.gold):
            rows = np.flatnonzero(one.table.group == number)
            best = rows[np.argmax(chances[rows])]
            place = one.table.places[best]
            for point in where:
                if point is None:
                    continue
                far = (
                    float("inf")
                    if place is None
                    else float(distances_m(*point, np.asarray([place.lat]), np.asarray([place.lon]))[0])
                )
                told.setdefault(one.corpus, []).append((far <= RIGHT_M, place is not None, float(chances[best])))
    return told


def show(title: str, told: dict[str, list[tuple[bool, bool, float]]]) -> None:
    """Accuracy, share answered and calibration by corpus."""
    for corpus, rows in told.items():
        right, answered, sure = (np.asarray(column) for column in zip(*rows, strict=True))
        bands = [(sure >= low) & (sure < high) for low, high in pairwise((0.0, 0.3, 0.5, 0.7, 0.9, 1.01))]
        bins = [f"{right[band & answered].mean():.2f}" if (band & answered).any() else "-" for band in bands]
        print(
            f"{title} {corpus}: Acc@161 {right.mean():.3f}, answered {answered.mean():.3f}, by chance {' '.join(bins)}"
        )


def main() -> None:
    """Measure by folds and corpora, or learn and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--gazetteer", type=Path, help="a built gazetteer; the default one otherwise")
    parser.add_argument("--quick", action="store_true", help="no cross-validation")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    gazetteer = Gazetteer(args.gazetteer) if args.gazetteer else ensure_default()
    cases = []
    for corpus in CORPORA:
        lines = (args.bench / "dev" / f"{corpus}.jsonl").read_text(encoding="utf-8").splitlines()
        cases += [case(corpus, json.loads(line), gazetteer, RuleReader()) for line in lines if '"start"' in line]
    reach = {}
    for one in cases:
        for number, where in enumerate(one.gold):
            rows = np.flatnonzero(one.table.group == number)
            reach.setdefault(one.corpus, []).extend(bool(one.right[rows[:-1]].any()) for point in where if point)
    print("ceiling: a candidate within reach:", {c: round(float(np.mean(v)), 3) for c, v in reach.items()})
    told: dict[str, list[Any]] = {}
    for fold in range(0 if args.quick else args.folds):
        held = [c for c in cases if _fold(c, args.folds) == fold]
        for corpus, rows in measure(held, fit([c for c in cases if _fold(c, args.folds) != fold])).items():
            told.setdefault(corpus, []).extend(rows)
    show("documents held out,", told)
    for corpus in CORPORA:
        show(
            "corpus held out,",
            measure([c for c in cases if c.corpus == corpus], fit([c for c in cases if c.corpus != corpus])),
        )
    if args.write:
        weight = fit(cases)
        write(weight, gazetteer.info())
        show("learned from all,", measure(cases, weight))


def fold_of(corpus: str, doc_id: str, folds: int) -> int:
    """The fold of a document, by the hash of its name: the same as the toponym reader's."""
    return int(hashlib.sha256(f"{corpus}/{doc_id}".encode()).hexdigest(), 16) % folds


def _fold(one: Case, folds: int) -> int:
    return fold_of(one.corpus, one.doc_id, folds)


def write(weight: np.ndarray, info: dict[str, Any]) -> None:
    """weights.toml with where it came from."""
    path = Path(__file__).parents[1] / "geo/resolve/weights.toml"
    lines = [
        "# The resolver's weights: what one unit of a feature adds to the log odds of a candidate.",
        "# Learned by training/resolve.py from the development halves of LGL, GeoWebNews and GeoVirus; what, how well:",
        "# training/MODEL_CARD.md.",
        f'learned = "{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}"',
        f'gazetteer = "{info.get("made_of", "")}"',
        "",
        "[weights]",
        *(f'"{name}" = {value:.4f}' for name, value in zip(FEATURES, weight, strict=True)),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
