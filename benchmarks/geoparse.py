#!/usr/bin/env python3
"""Toponyms and their places on the development corpora: this project beside its peers, and where it goes wrong.

    python benchmarks/geoparse.py --write
    python benchmarks/geoparse.py --corpora lgl --every 5 --systems learned --examples 20     a quick look
    pip install --target /tmp/peers flashgeotext geotext; python benchmarks/geoparse.py --peers /tmp/peers --write
    python benchmarks/geoparse.py --held-out 0=FOLDER0 1=FOLDER1 2=FOLDER2      with readers made by
        training/toponyms.py --bench ../shared/bench --fold 0 --epochs 3 --rate 1.5e-4 --events 800 --export FOLDER0

Every system runs in a process of its own, so that its memory and loading time are its own. The peers are installed
nowhere near the product. What a figure has seen of the documents stands in its row or heading.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(ROOT / "training")]

import sections  # noqa: E402  # found beside this script

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from gazetteer.place import Place
    from gazetteer.store import Gazetteer
    from geo.toponyms import Recognizer, Toponym

    Doc = dict[str, Any]
    Span = dict[str, Any]
    System = Callable[[str], list[Span]]

CORPORA = ("lgl", "geovirus", "geowebnews", "tudloc2013", "wiktor")
LEARNED_FROM = ("lgl", "geovirus", "geowebnews")
SYSTEMS = {
    "learned": "this project",
    "rules": "this project, fast reader (rules)",
    "flashgeotext": "flashgeotext, most populous namesake",
    "geotext": "geotext, most populous namesake",
}
BY_POPULATION = "this project's spans, most populous namesake"
FOLDS = 3
NAMESAKES = 200
PUBLISHED = """
Published figures, as given in the bench's README: nine geoparsers' stored outputs and two peers, re-scored on the same
gold by the same script.

| corpus | strict F1, best | end to end, best | gold spans: population rule → best | flashgeotext: F1, end to end |
|---|---|---|---|---|
| LGL | .713 StanfordNER | .411 Yahoo | .571 → .827 Mordecai3 | .457, .330 |
| GeoVirus | .915 StanfordNER | .618 CamCoder | .691 → .841 Irchel | .663, .538 |
| GeoWebNews | .722 StanfordNER; .885 NCRF++ trained on it | .496 Edinburgh | .634 → .957 Mordecai3 | .516, .436 |
"""


def told(toponym: Toponym, place: Place | None, sure: float) -> Span:
    """A span as the scorer reads it, with what the analysis asks for."""
    where = {"lat": place.lat, "lon": place.lon, "place_id": place.place_id} if place else {}
    said = {"kind": toponym.kind, "literal": toponym.literal, "seen": toponym.score, "sure": sure}
    return {"start": toponym.start, "end": toponym.end, **said, **where}


def ours(gazetteer: Gazetteer, reader: Recognizer | None = None) -> System:
    """This project, by one of its readers."""
    from geo.resolve import resolve  # noqa: PLC0415  # loading is measured
    from geo.toponyms import find  # noqa: PLC0415

    def read(text: str) -> list[Span]:
        toponyms = find(text, names=gazetteer, reader=reader)
        return [told(r.toponym, r.place or r.within, r.score) for r in resolve(text, toponyms, find=gazetteer.find)]

    return read


def most_populous(gazetteer: Gazetteer, name: str) -> Place | None:
    """The rule that every ranking has to beat."""
    namesakes = (c.place for c in gazetteer.find(name, limit=NAMESAKES, fuzzy=False))
    return max(namesakes, key=lambda place: place.population, default=None)


def at_most_populous(gazetteer: Gazetteer, hits: Iterable[tuple[str, int, int]]) -> list[Span]:
    """A peer's names (it has no points of its own) at this gazetteer's most populous namesakes."""
    spans = []
    for name, start, end in hits:
        place = most_populous(gazetteer, name)
        spans.append({"start": start, "end": end, **({"lat": place.lat, "lon": place.lon} if place else {})})
    return spans


def flashgeotext(gazetteer: Gazetteer) -> System:
    """Its spans."""
    from flashgeotext.geotext import GeoText  # noqa: PLC0415  # a peer, often not installed

    machine = GeoText()

    def hits(text: str) -> Iterator[tuple[str, int, int]]:
        for group in machine.extract(input_text=text).values():
            for name, hit in group.items():
                yield from ((name, start, end) for start, end in hit["span_info"])

    return lambda text: at_most_populous(gazetteer, hits(text))


def geotext(gazetteer: Gazetteer) -> System:
    """Its names, found again in the text: it gives no offsets."""
    from geotext import GeoText  # noqa: PLC0415  # a peer, often not installed

    def hits(text: str) -> Iterator[tuple[str, int, int]]:
        said = GeoText(text)
        names = sorted({*said.cities, *said.countries}, key=len, reverse=True)
        if names:
            for match in re.finditer(rf"\b(?:{'|'.join(map(re.escape, names))})\b", text):
                yield match.group(), *match.span()

    return lambda text: at_most_populous(gazetteer, hits(text))


def made(system: str, gazetteer: Gazetteer) -> System:
    """A system by its name.

    Raises:
        ImportError: the peer is not installed.
    """
    from geo.toponyms.rules import RuleReader  # noqa: PLC0415

    makers: dict[str, Callable[[Gazetteer], System]] = {
        "learned": ours,
        "rules": partial(ours, reader=RuleReader()),
        "flashgeotext": flashgeotext,
        "geotext": geotext,
    }
    return makers[system](gazetteer)


def run_alone(args: argparse.Namespace) -> None:
    """In a process of its own: load a system, read the corpora, write answers and measures."""
    started = time.process_time()
    gazetteer = opened(args.gazetteer)
    try:
        system = made(args.alone, gazetteer)
    except ImportError as error:
        args.answers.write_text(json.dumps({"missing": str(error)}), encoding="utf-8")
        return
    system("Two people were killed in Mosul, Iraq, on Sunday.")
    loaded = time.process_time() - started
    told_of: dict[str, Any] = {}
    for corpus in args.corpora:
        docs = documents(args, corpus)
        begun = time.process_time()
        answers = [{"doc_id": doc["doc_id"], "toponyms": system(doc["text"])} for doc in docs]
        told_of[corpus] = {"answers": answers, "seconds": time.process_time() - begun}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    args.answers.write_text(json.dumps({"load_s": loaded, "peak_mb": peak, "corpora": told_of}), encoding="utf-8")


def opened(path: Path | None) -> Gazetteer:
    """The gazetteer: the default one unless another is named."""
    from gazetteer.build import ensure_default  # noqa: PLC0415  # loading is measured
    from gazetteer.store import Gazetteer  # noqa: PLC0415

    return Gazetteer(path) if path else ensure_default()


def documents(args: argparse.Namespace, corpus: str) -> list[Doc]:
    """A corpus, or every so many of its documents."""
    lines = (args.bench / "dev" / f"{corpus}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines][:: args.every]


def run(args: argparse.Namespace, system: str) -> dict[str, Any]:
    """Have a system read the corpora in a process of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        answers = Path(scratch) / "answers.json"
        command = [sys.executable, __file__, "--alone", system, "--answers", str(answers), "--bench", str(args.bench)]
        command += ["--every", str(args.every), "--corpora", *args.corpora]
        command += ["--gazetteer", str(args.gazetteer)] if args.gazetteer else []
        peer = system in {"flashgeotext", "geotext"} and args.peers
        path = {**os.environ, "PYTHONPATH": str(args.peers)} if peer else None
        subprocess.run(command, check=True, env=path)  # noqa: S603  # this very script
        told_of: dict[str, Any] = json.loads(answers.read_text(encoding="utf-8"))
    return told_of


def figures(score: Any, docs: list[Doc], answers: list[Doc]) -> str:  # noqa: ANN401  # the bench's module
    """The cells of a row."""
    result = score.geoparse(docs, answers)
    strict, end, literal = result["strict"], result["end_to_end"], result["literal"]["f1"]
    cells = [strict["p"], strict["r"], strict["f1"], result["overlap"]["f1"], literal or None, end["acc161"]]
    shown = " | ".join("" if cell is None else f"{cell:.3f}" for cell in cells)
    return f"{shown} | {end['median_km'] or 0:.0f} | {end['auc']:.3f}"


HEAD = (
    "| corpus | system | P | R | strict F1 | overlap F1 | literal F1 | Acc@161 end to end | median km | AUC |{}\n"
    "|---|---|---|---|---|---|---|---|---|---|{}"
)


def by_population(gazetteer: Gazetteer, docs: list[Doc], answers: list[Doc]) -> list[Doc]:
    """The same spans, each at its most populous namesake."""
    placed = []
    for doc, answer in zip(docs, answers, strict=True):
        spans = []
        for span in answer["toponyms"]:
            place = most_populous(gazetteer, doc["text"][span["start"] : span["end"]])
            spans.append({**span, "lat": place.lat if place else None, "lon": place.lon if place else None})
        placed.append({"doc_id": doc["doc_id"], "toponyms": spans})
    return placed


def compared(
    args: argparse.Namespace,
    score: Any,  # noqa: ANN401
    gazetteer: Gazetteer,
    runs: dict[str, dict[str, Any]],
) -> Iterator[str]:
    """All systems on all corpora."""
    yield HEAD.format(" processor ms an article |", "---|")
    for corpus in args.corpora:
        docs, seen = documents(args, corpus), "*" if corpus in LEARNED_FROM else ""
        for system, told_of in runs.items():
            if "missing" in told_of:
                continue
            mine = told_of["corpora"][corpus]
            speed = f"{1000 * mine['seconds'] / len(docs):.1f}"
            star = seen if system == "learned" else ""
            yield f"| {corpus} | {SYSTEMS[system]}{star} | {figures(score, docs, mine['answers'])} | {speed} |"
            if system == "learned":
                placed = figures(score, docs, by_population(gazetteer, docs, mine["answers"]))
                yield f"| {corpus} | {BY_POPULATION}{star} | {placed} | |"
    yield ""
    yield "\\* the shipped reader and the resolver's weights have learned from these documents: no test. See below."
    for system, told_of in runs.items():
        if "missing" in told_of:
            yield f"{SYSTEMS[system]}: could not be run here ({told_of['missing']})."


class Remembering:
    """The learned reader, perhaps with another model, that reads each text once; or what it has already found."""

    def __init__(self, folder: Path | None = None) -> None:
        from geo.toponyms.learned import Model, load  # noqa: PLC0415

        self.model = Model(folder) if folder else load()
        self.found: dict[str, list[Toponym]] = {}

    def find(self, text: str, *, names: Any) -> list[Toponym]:  # noqa: ANN401  # the gazetteer
        """Every toponym of the text."""
        from geo.toponyms.learned import LearnedReader  # noqa: PLC0415

        if text not in self.found:
            with patch("geo.toponyms.learned.load", return_value=self.model):
                self.found[text] = LearnedReader().find(text, names=names)
        return self.found[text]

    def learn(self, docs: list[Doc], answers: list[Doc]) -> None:
        """Take over what it found in another process."""
        from geo.toponyms import Toponym  # noqa: PLC0415

        for doc, answer in zip(docs, answers, strict=True):
            self.found[doc["text"]] = [
                Toponym(t["start"], t["end"], doc["text"][t["start"] : t["end"]], t["literal"], t["seen"], t["kind"])
                for t in answer["toponyms"]
            ]


def on_spans(gazetteer: Gazetteer, reader: Recognizer, docs: list[Doc]) -> list[Doc]:
    """Every gold span with the place that the resolver gives it."""
    from geo.resolve import resolve  # noqa: PLC0415
    from geo.toponyms import given  # noqa: PLC0415

    answers = []
    for doc in docs:
        spans = [(t["start"], t["end"]) for t in doc["toponyms"]]
        toponyms, others = given(doc["text"], spans, names=gazetteer, reader=reader)
        resolved = resolve(doc["text"], toponyms, find=gazetteer.find, context=others)
        answers.append(
            {"doc_id": doc["doc_id"], "toponyms": [told(r.toponym, r.place or r.within, r.score) for r in resolved]}
        )
    return answers


def spans_by_population(gazetteer: Gazetteer, docs: list[Doc]) -> list[Doc]:
    """Every gold span at its most populous namesake."""
    from geo.toponyms import Toponym  # noqa: PLC0415

    answers = []
    for doc in docs:
        spans = sorted({(t["start"], t["end"]) for t in doc["toponyms"]})
        toponyms = [Toponym(start, end, doc["text"][start:end]) for start, end in spans]
        placed = [told(t, most_populous(gazetteer, t.text), 0.5) for t in toponyms]
        answers.append({"doc_id": doc["doc_id"], "toponyms": placed})
    return answers


class Folds:
    """Weights of the resolver for each third of the documents, learned from the other two."""

    def __init__(self, args: argparse.Namespace, gazetteer: Gazetteer) -> None:
        import resolve as training  # noqa: PLC0415  # training/resolve.py

        from geo.toponyms.rules import RuleReader  # noqa: PLC0415

        self.fold_of = training.fold_of
        folders = dict(args.held_out)
        self.readers = [Remembering(folders[f]) if f in folders else RuleReader() for f in range(FOLDS)]
        cases = [training.case(c, doc, gazetteer, RuleReader()) for c in LEARNED_FROM for doc in documents(args, c)]
        self.weights = [
            training.fit([one for one in cases if self.fold_of(one.corpus, one.doc_id, FOLDS) != fold])
            for fold in range(FOLDS)
        ]

    def part(self, corpus: str, docs: list[Doc], fold: int) -> list[Doc]:
        """The documents of a fold, which its weights have not seen."""
        return [doc for doc in docs if self.fold_of(corpus, doc["doc_id"], FOLDS) == fold]

    def weighing(self, fold: int) -> Any:  # noqa: ANN401  # a context manager
        """The resolver with a fold's weights."""
        return patch("geo.resolve.decide.weights", return_value=self.weights[fold])

    def on_spans(self, gazetteer: Gazetteer, corpus: str, docs: list[Doc]) -> list[Doc]:
        """Gold spans, each document with the weights, and the reader where there is one, that have not seen it."""
        answers = []
        for fold in range(FOLDS):
            with self.weighing(fold):
                answers += on_spans(gazetteer, self.readers[fold], self.part(corpus, docs, fold))
        return answers


def gold_spans(
    args: argparse.Namespace,
    score: Any,  # noqa: ANN401
    gazetteer: Gazetteer,
    shipped: Recognizer,
    folds: Folds | None,
) -> Iterator[str]:
    """Resolution alone."""
    import mistakes  # noqa: PLC0415

    yield "| corpus | weights | Acc@161 | conventions set aside | median km | AUC |\n|---|---|---|---|---|---|"
    for corpus in args.corpora:
        docs = documents(args, corpus)
        seen = corpus in LEARNED_FROM
        ways = {
            "most populous namesake": lambda docs: spans_by_population(gazetteer, docs),
            f"shipped{' *' if seen else ', never saw it'}": partial(on_spans, gazetteer, shipped),
        }
        if seen and folds:
            ways[f"learned without the document ({FOLDS} folds)"] = partial(folds.on_spans, gazetteer, corpus)
        for name, way in ways.items():
            answers = way(docs)
            result = score.resolve(docs, answers)["gold_spans"]
            fair = mistakes.without_conventions(score, gazetteer, docs, answers)
            cells = f"{result['acc161']:.3f} | {fair:.3f} | {result['median_km'] or 0:.0f} | {result['auc']:.3f}"
            yield f"| {corpus} | {name} | {cells} |"
    yield ""
    yield (
        "Conventions: a country, state or sea that is named rightly but whose one point the gold puts more than 161 km "
        "from GeoNames' (China 35 N 103 E in GeoVirus). Setting them aside leaves those toponyms out of the count."
    )


def held_out(args: argparse.Namespace, score: Any, gazetteer: Gazetteer, folds: Folds) -> Iterator[str]:  # noqa: ANN401
    """Text to places where neither the reader nor the resolver has seen the document; the answers for the analysis."""
    yield HEAD.format("", "")
    for corpus in (c for c in args.corpora if c in LEARNED_FROM):
        docs, answers = read_held_out(args, gazetteer, folds, corpus)
        name = f"reader and resolver learned without the document ({len(docs)} documents)"
        yield f"| {corpus} | {name} | {figures(score, docs, answers)} |"


def read_held_out(
    args: argparse.Namespace, gazetteer: Gazetteer, folds: Folds, corpus: str
) -> tuple[list[Doc], list[Doc]]:
    """The documents of the folds that have a reader of their own, and its answers."""
    every, docs, answers = documents(args, corpus), [], []
    for fold, _ in args.held_out:
        part = folds.part(corpus, every, fold)
        with folds.weighing(fold):
            system = ours(gazetteer, folds.readers[fold])
            answers += [{"doc_id": doc["doc_id"], "toponyms": system(doc["text"])} for doc in part]
        docs += part
    return docs, answers


def costs(args: argparse.Namespace, runs: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Loading, memory, speed, and what a million articles take."""
    cores = os.cpu_count() or 1
    machine = f"{platform.machine()}, {cores} cores, Python {platform.python_version()}"
    yield f"{machine}; a core hour at ${args.price:.2f}.\n"
    yield "| system | ready after | peak memory | processor time an article | articles/s | hours a million | dollars |"
    yield "|---|---|---|---|---|---|---|"
    for system, told_of in runs.items():
        if "missing" in told_of:
            continue
        news = [c for c in args.corpora if c in LEARNED_FROM] or args.corpora
        count = sum(len(documents(args, corpus)) for corpus in news)
        each = sum(told_of["corpora"][corpus]["seconds"] for corpus in news) / count
        hours = 1e6 * each / cores / 3600
        cells = f"{told_of['load_s']:.2f} s | {told_of['peak_mb']:.0f} MB | {1000 * each:.1f} ms | {cores / each:.0f}"
        yield f"| {SYSTEMS[system]} | {cells} | {hours:.1f} | {hours * cores * args.price:.2f} |"
    yield ""
    yield (
        "Articles of the news corpora. Times are processor time, so that other work on the machine does not count; "
        f"articles a second and hours for a million are with all {cores} cores at it (`--workers {cores}`)."
    )


def report(args: argparse.Namespace) -> Iterator[str]:
    """Every section, as it is ready."""
    import mistakes  # noqa: PLC0415
    import score  # noqa: PLC0415  # the bench's own scorer

    gazetteer = opened(args.gazetteer)
    runs = {system: run(args, system) for system in args.systems}
    shipped = Remembering()
    for corpus, told_of in runs.get("learned", {"corpora": {}})["corpora"].items():
        shipped.learn(documents(args, corpus), told_of["answers"])
    yield "## Toponyms and their places\n"
    held = " --held-out 0=... 1=... 2=..." if args.held_out else ""
    yield f"`python benchmarks/geoparse.py{held} --write`; scores by the bench's `score.py`.\n"
    yield "### Beside the peers\n"
    yield from compared(args, score, gazetteer, runs)
    yield PUBLISHED
    folds = None if args.quick else Folds(args, gazetteer)
    if folds and args.held_out:
        yield "### Text to places, documents held out\n"
        yield from held_out(args, score, gazetteer, folds)
        yield ""
    yield "### Gold spans: the resolver alone\n"
    yield from gold_spans(args, score, gazetteer, shipped, folds)
    yield "\n### Speed and cost\n"
    yield from costs(args, runs)
    answered = dict(parts(args, gazetteer, shipped, folds, runs))
    yield from mistakes.report(score, gazetteer, answered, args.examples)


def parts(
    args: argparse.Namespace,
    gazetteer: Gazetteer,
    shipped: Recognizer,
    folds: Folds | None,
    runs: dict[str, dict[str, Any]],
) -> Iterator[tuple[str, tuple[list[Doc], list[Doc], list[Doc]]]]:
    """For the analysis: of each corpus documents, answers end to end and on gold spans; held out where it can be."""
    for corpus in args.corpora:
        if folds and corpus in LEARNED_FROM and args.held_out:
            docs, answers = read_held_out(args, gazetteer, folds, corpus)
        else:
            docs, answers = documents(args, corpus), runs["learned"]["corpora"][corpus]["answers"]
        blind = folds is not None and corpus in LEARNED_FROM
        spans = folds.on_spans(gazetteer, corpus, docs) if folds and blind else on_spans(gazetteer, shipped, docs)
        order = {doc["doc_id"]: doc for doc in spans}
        yield corpus, (docs, answers, [order[doc["doc_id"]] for doc in docs])


def fold_and_folder(text: str) -> tuple[int, Path]:
    """`0=FOLDER`."""
    fold, _, folder = text.partition("=")
    return int(fold), Path(folder)


def options(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--corpora", nargs="+", default=CORPORA, choices=CORPORA)
    parser.add_argument("--systems", nargs="+", default=tuple(SYSTEMS), choices=tuple(SYSTEMS))
    parser.add_argument("--every", type=int, default=1, help="read every so many documents only")
    parser.add_argument("--quick", action="store_true", help="learn no weights by folds")
    parser.add_argument("--held-out", nargs="+", default=[], type=fold_and_folder, help="FOLD=FOLDER of a reader")
    parser.add_argument("--peers", type=Path, help="where flashgeotext and geotext are installed")
    parser.add_argument("--gazetteer", type=Path, help="a built gazetteer; the default one otherwise")
    parser.add_argument("--examples", type=int, default=6, help="names told of each kind of mistake")
    parser.add_argument("--price", type=float, default=0.05, help="dollars a core hour")
    parser.add_argument("--write", action="store_true", help="put it into docs/benchmarks.md")
    parser.add_argument("--alone", choices=tuple(SYSTEMS), help=argparse.SUPPRESS)
    parser.add_argument("--answers", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def main() -> None:
    """Print the report, and put it into the document where asked."""
    args = options()
    sys.path.insert(0, str(args.bench))
    if args.alone:
        run_alone(args)
        return
    lines = []
    for line in report(args):
        print(line, flush=True)
        lines.append(line)
    if args.write:
        sections.write("geoparse", "\n".join(lines))


if __name__ == "__main__":
    main()
