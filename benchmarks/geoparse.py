#!/usr/bin/env python3
"""Toponyms and their places on the development corpora, beside two peers and the population rule.

    python benchmarks/geoparse.py ../shared/bench
    python benchmarks/geoparse.py ../shared/bench --reader rules --corpora lgl geovirus --errors 20

For each corpus and system: strict and overlap F1, Acc@161 end to end and on gold spans, articles a second, peak memory.
The learned reader has seen LGL, GeoWebNews and GeoVirus: its honest figures are those of training/MODEL_CARD.md.
Peers that are not installed (flashgeotext, geotext) are left out.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from gazetteer.build import ensure_default
from gazetteer.store import Gazetteer
from geo.resolve import resolve
from geo.toponyms import find, given
from geo.toponyms.rules import RuleReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.toponyms import Toponym

    Span = dict[str, Any]
    System = Callable[[str], list[Span]]

CORPORA = ("lgl", "geowebnews", "geovirus", "tudloc2013", "wiktor")
NEAR_KM = 161  # 100 miles, as everybody measures


def told(toponym: Toponym, place: Any) -> Span:  # noqa: ANN401  # Place or None
    """A span as the scorer reads it."""
    where = {"lat": place.lat, "lon": place.lon} if place else {}
    return {"start": toponym.start, "end": toponym.end, "kind": toponym.kind, "literal": toponym.literal, **where}


def ours(gazetteer: Gazetteer, reader: str) -> System:
    """This project, by one of its readers."""
    chosen = RuleReader() if reader == "rules" else None

    def read(text: str) -> list[Span]:
        toponyms = find(text, names=gazetteer, reader=chosen)
        return [told(r.toponym, r.place) for r in resolve(text, toponyms, find=gazetteer.find)]

    return read


def by_population(gazetteer: Gazetteer) -> System:
    """The rule reader's spans, each at its most populous namesake."""

    def read(text: str) -> list[Span]:
        spans = []
        for toponym in find(text, names=gazetteer, reader=RuleReader()):
            namesakes = [c.place for c in gazetteer.find(toponym.text, limit=30, fuzzy=False)]
            spans.append(told(toponym, max(namesakes, key=lambda p: p.population, default=None)))
        return spans

    return read


def peers(gazetteer: Gazetteer) -> dict[str, System]:
    """The readers that can be installed with pip, placed by population."""
    found: dict[str, System] = {}
    try:
        from flashgeotext.geotext import GeoText  # noqa: PLC0415
    except ImportError:
        return found
    machine = GeoText()

    def read(text: str) -> list[Span]:
        spans = []
        for group in machine.extract(input_text=text).values():
            for name, hit in group.items():
                places = [c.place for c in gazetteer.find(name, limit=30, fuzzy=False)]
                best = max(places, key=lambda p: p.population, default=None)
                where = {"lat": best.lat, "lon": best.lon} if best else {}
                spans += [{"start": start, "end": end, **where} for start, end in hit["span_info"]]
        return spans

    found["flashgeotext"] = read
    return found


def on_gold_spans(gazetteer: Gazetteer, docs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every gold span with the place that the resolver gives it."""
    answers = []
    for doc in docs:
        toponyms = given(doc["text"], [(t["start"], t["end"]) for t in doc["toponyms"]], names=gazetteer)
        resolved = resolve(doc["text"], toponyms, find=gazetteer.find)
        answers.append({"doc_id": doc["doc_id"], "toponyms": [told(r.toponym, r.place) for r in resolved]})
    return answers


def row(score: Any, corpus: str, name: str, system: System, docs: list[dict[str, Any]]) -> list[dict[str, Any]]:  # noqa: ANN401  # a script
    """Run one system on one corpus, print its figures, give its answers."""
    started = time.perf_counter()
    answers: list[dict[str, Any]] = [{"doc_id": doc["doc_id"], "toponyms": system(doc["text"])} for doc in docs]
    speed = len(docs) / (time.perf_counter() - started)
    result = score.geoparse(docs, answers)
    strict, end = result["strict"], result["end_to_end"]
    cells = [strict["p"], strict["r"], strict["f1"], result["overlap"]["f1"], result["literal"]["f1"], end["acc161"]]
    shown = " | ".join(f"{cell:.3f}" for cell in cells)
    print(f"| {corpus} | {name} | {shown} | {end['median_km'] or 0:.0f} | {end['auc']:.3f} | {speed:.0f} |", flush=True)
    return answers


def errors(score: Any, docs: list[dict[str, Any]], answers: list[dict[str, Any]], most: int) -> None:  # noqa: ANN401  # a script
    """The most frequent mistakes by kind: missed, false, too far, not placed."""
    seen: Counter[tuple[str, str]] = Counter()
    for doc, answer in zip(docs, answers, strict=True):
        predicted = {(t["start"], t["end"]): t for t in answer["toponyms"]}
        for gold in doc["toponyms"]:
            mine = predicted.pop((gold["start"], gold["end"]), None)
            name = doc["text"][gold["start"] : gold["end"]]
            if mine is None:
                seen["missed or cut otherwise", name] += 1
            elif score.located(gold) and not score.located(mine):
                seen["not placed", name] += 1
            elif (
                score.located(gold)
                and score.great_circle_km(gold["lat"], gold["lon"], mine["lat"], mine["lon"]) > NEAR_KM
            ):
                seen["too far", name] += 1
        for (start, end), extra in predicted.items():
            if extra.get("kind") != "demonym":
                seen["false", doc["text"][start:end]] += 1
    print(Counter(kind for kind, _ in seen.elements()))
    for (kind, name), count in seen.most_common(most):
        print(f"  {count:4d} {kind}: {name}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--corpora", nargs="+", default=CORPORA)
    parser.add_argument("--reader", choices=("learned", "rules", "both"), default="both")
    parser.add_argument("--gazetteer", type=Path, help="a built gazetteer; the default one otherwise")
    parser.add_argument("--peers", action="store_true", help="the population rule and the peers too")
    parser.add_argument("--errors", type=int, default=0, help="how many of the most frequent mistakes to list")
    args = parser.parse_args()
    sys.path.insert(0, str(args.bench))
    import score  # noqa: PLC0415  # the bench's own scorer

    gazetteer = Gazetteer(args.gazetteer) if args.gazetteer else ensure_default()
    readers = ("learned", "rules") if args.reader == "both" else (args.reader,)
    systems = {reader: ours(gazetteer, reader) for reader in readers}
    if args.peers:
        systems |= {"rules, most populous": by_population(gazetteer), **peers(gazetteer)}
    print(
        "| corpus | system | P | R | strict F1 | overlap F1 | literal F1 | e2e Acc@161 | median km | AUC | articles/s |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for corpus in args.corpora:
        lines = (args.bench / "dev" / f"{corpus}.jsonl").read_text(encoding="utf-8").splitlines()
        docs = [json.loads(line) for line in lines]
        for name, system in systems.items():
            answers = row(score, corpus, name, system, docs)
            if args.errors and name == readers[0]:
                errors(score, docs, answers, args.errors)
        spans = score.resolve(docs, on_gold_spans(gazetteer, docs))["gold_spans"]
        shown = f"{spans['acc161']:.3f} | {spans['median_km'] or 0:.0f} | {spans['auc']:.3f}"
        print(f"| {corpus} | gold spans | | | | | | {shown} | |", flush=True)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
