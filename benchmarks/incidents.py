"""Times, linking, incidents and retellings on the bench's development half, beside simple baselines.

    python benchmarks/incidents.py BENCH [--most N] [--task NAME ...] [--loads] [--write]

BENCH is the folder that holds `score.py` and `dev/`. Prints the figures of its scorer for us and for `naive.py`, what
went wrong by kind, and how far confidence tells right from wrong; with `--loads` also speed, memory and how both grow.
`--most 500` reads no more documents of a file, spread over it, reports of one incident together. `--write` puts it all
into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.util
import json
import subprocess
import sys
import time
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[1]
sys.path[:1] = [str(ROOT), str(ROOT / "benchmarks")]  # the package gazetteer before the script of that name

import naive  # noqa: E402  # after the path is set
import sections  # noqa: E402

from gazetteer.build import ensure_default  # noqa: E402
from geo import schema, times  # noqa: E402
from geo.incidents import annotate, extract  # noqa: E402
from geo.reports import Report  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gazetteer.store import Gazetteer

Docs = list[dict[str, Any]]
LEARNED = {
    "event_place": " No test: the shipped reader has learned from these rows. What it reaches on rows held out "
    "stands in training/MODEL_CARD_EVENTPLACE.md."
}
"""What must be said beside a task's figures."""
TASKS = {"times": "times", "event_place": "eventplace", "types": "types", "muc4": "incidents", "gva": "incidents"}
"""File of the bench → task of its scorer."""
SHOWN = {  # task → what is shown: path into the scorer's result, name, bar
    "times": (("relaxed.f1", "relaxed F1", 0.92), ("value.f1", "value F1", 0.78)),
    "event_place": (("sentence_right", "sentence right", 0.87), ("places.f1", "places F1", 0.80)),
    "types": (("weighted_f1", "weighted F1", 0.75),),
    "muc4": (
        ("what.r", "recall of what", 0.80),
        ("date_right", "date right", 0.65),
        ("place_right", "place right", 0.70),
        ("pred_per_gold", "predictions a gold incident (at most)", 3.0),
    ),
    "gva": (
        ("what.r", "recall", 0.85),
        ("date_right", "date right", 0.85),
        ("place_right", "place within 25 km", 0.85),
        ("fatalities_right", "killed", 0.85),
        ("injured_right", "injured", 0.75),
        ("pairs.f1", "pairs of retellings F1", 0.80),
    ),
}
BINS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.01)
LENGTHS = (125_000, 250_000, 500_000, 1_000_000)
MERGED = (25_000, 50_000, 100_000)
SPEED_REPORTS = 300
OUTSIDE_THE_KEYS = {"Battles", "Strategic developments", "Protests", "Riots"}
"""Types of incident that MUC-4's keys leave out."""


def main() -> None:
    """Print the figures of each task."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--most", type=int)
    parser.add_argument("--task", action="append", choices=TASKS)
    parser.add_argument("--loads", action="store_true")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    told = []
    for part in report(args):
        print(part, flush=True)
        told.append(part)
    if args.write:
        sections.write("incidents", "\n\n".join(told))


def report(args: argparse.Namespace) -> Iterator[str]:
    """The parts of the document, as they are ready."""
    score, gazetteer = load_scorer(args.bench / "score.py"), ensure_default()
    asked = (f" --most {args.most}" if args.most else "") + (" --loads" if args.loads else "")
    made = f"`python benchmarks/incidents.py BENCH{asked} --write`"
    yield f"## Incidents\n\n{made}, {dt.date.today()}. The baseline is `benchmarks/naive.py`."  # noqa: DTZ011  # a local day
    judged: list[tuple[float, bool]] = []
    for name in args.task or TASKS:
        docs = sampled(read(args.bench / "dev" / f"{name}.jsonl"), args.most)
        began = time.process_time()
        predicted = predict(name, docs, gazetteer)
        speed = len(docs) / (time.process_time() - began)
        yield figures(name, docs, predicted, baseline(name, docs, gazetteer), score)
        yield f"{len(docs)} documents, {speed:.1f} a second of processor time.{LEARNED.get(name, '')}"
        if TASKS[name] == "incidents":
            yield errors(docs, predicted, score)
            judged += judgements(name, docs, predicted, score)
        if name == "gva":
            yield dedup_errors(docs, predicted)
    if judged:
        yield reliability(judged)
    if args.loads:
        yield from loads(args.bench / "dev" / "gva.jsonl")


# --- predictions ------------------------------------------------------------------------------------------------------


def load_scorer(path: Path) -> Any:  # noqa: ANN401  # a module
    """The bench's scorer as a module."""
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path}: not found. Give the folder that holds score.py.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(path: Path) -> Docs:
    """The documents of a file."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def sampled(docs: Docs, most: int | None) -> Docs:
    """No more documents than asked for, spread over the file; those of one incident are in or out together."""
    step = -(-len(docs) // most) if most else 1
    groups: dict[str, Docs] = {}
    for doc in docs:
        groups.setdefault(doc.get("incident_id") or doc["doc_id"], []).append(doc)
    return [doc for group in list(groups.values())[::step] for doc in group]


def predict(name: str, docs: Docs, gazetteer: Gazetteer) -> Docs:
    """What the product makes of the documents, given text and date alone, and the trigger where it is asked for."""
    if name == "times":
        return [{"doc_id": doc["doc_id"], "times": found_times(doc)} for doc in docs]
    if name == "event_place":
        keys = ("doc_id", "text", "trigger")
        return [annotate({key: doc[key] for key in keys}, gazetteer=gazetteer, given_spans=True) for doc in docs]
    reports = (Report(doc["doc_id"], doc["text"], published(doc)) for doc in docs)
    return [plain(row) for row in schema.records(extract(reports, gazetteer=gazetteer).incidents)]


def baseline(name: str, docs: Docs, gazetteer: Gazetteer) -> Docs:
    """What simple rules make of them."""
    if name == "times":
        return [{"doc_id": doc["doc_id"], "times": list(naive.dates(doc["text"], published(doc)))} for doc in docs]
    if name == "event_place":
        return [naive.nearest_name(doc, gazetteer) for doc in docs]
    rows = [naive.incident(doc, gazetteer) for doc in docs]
    return naive.merged(rows) if name == "gva" else rows


def found_times(doc: dict[str, Any]) -> Docs:
    """Every time of a document as the scorer wants it."""
    found = times.find(doc["text"], published=published(doc))
    return [{"start": one.start, "end": one.end, "value": one.value} for one in found]


def published(doc: dict[str, Any]) -> dt.date | None:
    """The day of publication, where the document tells it."""
    return dt.date.fromisoformat(doc["published"][:10]) if doc.get("published") else None


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row without its geometry, days as text."""
    kept = {key: value for key, value in row.items() if key != "geometry"}
    return {**kept, **{key: str(row[key]) if row[key] else None for key in ("date_start", "date_end")}}


# --- figures ----------------------------------------------------------------------------------------------------------


def figures(name: str, docs: Docs, ours: Docs, simple: Docs, score: Any) -> str:  # noqa: ANN401  # a module
    """A table: ours, the baseline's, the bar."""
    results = []
    for predicted in (ours, simple):
        result = getattr(score, TASKS[name])(docs, predicted)
        results.append({**result, **score.dedup(docs, predicted)} if name == "gva" else result)
    rows = []
    for path, label, bar in SHOWN[name]:
        one, other = (dig(result, path) for result in results)
        rows.append((label, f"{one:.3f}", f"{other:.3f}", f"{bar:.2f}"))
    return f"### {name}\n\n" + table(("", "ours", "baseline", "bar"), rows)


def dig(result: dict[str, Any], path: str) -> float:
    """A figure of the scorer's nested result."""
    value: Any = result
    for key in path.split("."):
        value = value[key]
    return float(value or 0)


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown."""
    lines = [list(header), ["---"] * len(list(header)), *([str(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def errors(docs: Docs, predicted: Docs, score: Any) -> str:  # noqa: ANN401  # a module
    """What is wrong with the incidents that were found, by kind, and which were not."""
    kinds: Counter[str] = Counter()
    for doc, gold, row in matched(docs, predicted, score):
        if row is None:
            kinds[f"not found: {', '.join(gold.get('type', [gold.get('sub_event_type', '')]))}"] += 1
            continue
        kinds["found"] += 1
        if score.date_fits(gold, row) is False:
            kinds[f"date: {wrong_date(gold, row, score)}"] += 1
        if score.place_fits(gold, row) is False:
            kinds[f"place: {wrong_place(gold, row, score)}"] += 1
        for count in ("fatalities", "injured"):
            if gold.get(f"{count}_min") is not None and not score.count_fits(gold, row, count):
                kinds[f"{count}: {wrong_count(gold, row, count)}"] += 1
        del doc
    return "What went wrong:\n\n" + table(("kind", "incidents"), sorted(kinds.items(), key=lambda item: -item[1]))


def matched(docs: Docs, predicted: Docs, score: Any) -> Iterator[tuple[Any, Any, Any]]:  # noqa: ANN401  # a module
    """Each gold incident that is asked for, with the prediction that fits it best in type, day and place."""
    by_doc = rows_of(predicted)
    for doc in docs:
        free = list(by_doc.get(doc["doc_id"], []))
        for gold in doc["incidents"]:
            if gold.get("optional") or gold.get("importance") == "background":
                continue
            fitting = [row for row in free if score.type_fits(gold, row)]
            best = max(fitting, key=lambda row: fits(gold, row, score), default=None)
            if best is not None:
                free = [row for row in free if row is not best]
            yield doc, gold, best


def fits(gold: dict[str, Any], row: dict[str, Any], score: Any) -> int:  # noqa: ANN401  # a module
    """How many of day and place are right or not asked for."""
    return (score.date_fits(gold, row) is not False) + (score.place_fits(gold, row) is not False)


def rows_of(predicted: Docs) -> dict[str, Docs]:
    """The predictions of each document."""
    by_doc: dict[str, Docs] = {}
    for row in predicted:
        for doc in row["doc_ids"]:
            by_doc.setdefault(doc, []).append(row)
    return by_doc


def wrong_date(gold: dict[str, Any], row: dict[str, Any], score: Any) -> str:  # noqa: ANN401  # a module
    """In which way a day is wrong."""
    if not row["date_start"]:
        return "unknown"
    low = score.day(gold["date_start"]) if "date_start" in gold else score.muc4_interval(gold)[0]
    first, last = score.day(row["date_start"]), score.day(row["date_end"] or row["date_start"])
    if low is None or (first <= low <= last):
        return "vaguer than allowed"
    away = min(abs((first - low).days), abs((last - low).days))
    return f"{'before' if last < low else 'after'}, " + ("within a week" if away <= 7 else "by more than a week")  # noqa: PLR2004


def wrong_place(gold: dict[str, Any], row: dict[str, Any], score: Any) -> str:  # noqa: ANN401  # a module
    """In which way a place is wrong."""
    if not score.located(row):
        return "unknown"
    if gold.get("lat") is None:
        return f"another name, {row['geo_precision']}"
    away = score.great_circle_km(gold["lat"], gold["lon"], row["lat"], row["lon"])
    far = "within 100 km" if away <= 100 else "within 1,000 km" if away <= 1000 else "farther"  # noqa: PLR2004
    return f"{row['geo_precision']}, {far}"


def wrong_count(gold: dict[str, Any], row: dict[str, Any], count: str) -> str:
    """In which way a count is wrong."""
    low, high = row[f"{count}_min"], row[f"{count}_max"]
    if low is None:
        return "unknown"
    if low > gold[f"{count}_min"]:
        return "too many"
    return "too wide" if high is None or high >= gold[f"{count}_min"] else "too few"


def dedup_errors(docs: Docs, predicted: Docs) -> str:
    """Pairs of reports that were not joined, or wrongly so, by what is known of their incidents."""
    incident = {doc["doc_id"]: doc["incident_id"] for doc in docs}
    joined = {pair for row in predicted for pair in combinations(sorted(set(row["doc_ids"])), 2)}
    told = rows_of(predicted)
    kinds: Counter[str] = Counter()
    for one, other in combinations(sorted(incident), 2):
        same = incident[one] == incident[other]
        if same != ((one, other) in joined):
            kinds[f"{'not joined' if same else 'wrongly joined'}: {apart(told.get(one, []), told.get(other, []))}"] += 1
    return "Pairs of reports:\n\n" + table(("kind", "pairs"), sorted(kinds.items(), key=lambda item: -item[1]))


def apart(rows: Docs, others: Docs) -> str:
    """What keeps the incidents of two reports apart: the pair that agrees in most."""
    if not rows or not others:
        return "one has no incident"
    day, place = max(
        (one["date_start"] == other["date_start"] is not None, one["place"] == other["place"] != "")
        for one in rows
        for other in others
    )
    return f"{'same day' if day else 'no common day'}, {'same place' if place else 'other places'}"


# --- confidence -------------------------------------------------------------------------------------------------------


def judgements(name: str, docs: Docs, predicted: Docs, score: Any) -> list[tuple[float, bool]]:  # noqa: ANN401
    """Confidence and whether type, day and place are right, of the predictions that the keys can judge.

    A prediction that answers a gold incident is right or wrong. Of the others MUC-4's keys tell that attacks,
    bombings and kidnappings are wrong, and GVA's that what lies on the gold's day and place is (a wrong type of it);
    the rest may be right, for the keys leave it out.
    """
    answered: dict[int, bool] = {}
    for _, gold, row in matched(docs, predicted, score):
        if row is not None:
            answered[id(row)] = answered.get(id(row), False) or fits(gold, row, score) == len(("day", "place"))
    by_id = {doc["doc_id"]: doc for doc in docs}
    found = []
    for row in predicted:
        gold = [one for doc in row["doc_ids"] for one in by_id[doc]["incidents"]]
        if id(row) in answered:
            found.append((row["confidence"], answered[id(row)]))
        elif any(score.type_fits(one, row) and fits(one, row, score) == len(("day", "place")) for one in gold):
            continue  # a second row of the same incident, or an optional one
        elif is_wrong(name, gold, row, score):
            found.append((row["confidence"], False))
    return found


def is_wrong(name: str, gold: Docs, row: dict[str, Any], score: Any) -> bool:  # noqa: ANN401  # a module
    """Whether the keys tell that a prediction which answers none of them is wrong."""
    if name == "muc4":
        return row["event_type"] not in OUTSIDE_THE_KEYS
    return any(score.date_fits(one, row) and score.place_fits(one, row) for one in gold)


def reliability(judged: list[tuple[float, bool]]) -> str:
    """Stated confidence against the share that is right, and the expected calibration error."""
    rows, error = [], 0.0
    for low, high in pairwise(BINS):
        inside = [(stated, right) for stated, right in judged if low <= stated < high]
        if inside:
            stated, right = (sum(values) / len(inside) for values in zip(*inside, strict=True))
            error += abs(stated - right) * len(inside) / len(judged)
            rows.append((f"{low:.1f}-{min(high, 1.0):.1f}", len(inside), f"{stated:.2f}", f"{right:.2f}"))
    head = (
        "### Confidence\n\nOf the predictions that the keys can judge (MUC-4 and GVA): type, day and place all right.\n"
    )
    shown = table(("confidence", "incidents", "stated", "right"), rows)
    return f"{head}\n{shown}\n\nExpected calibration error {error:.3f}."


# --- speed, memory, growth --------------------------------------------------------------------------------------------


def loads(docs: Path) -> Iterator[str]:
    """How fast, in how much memory, and how both grow; each run in a process of its own."""
    yield "### Speed and memory"
    header = ("reports", "workers", "reports a second", "peak MiB", "peak MiB of a worker")
    keys = ("reports", "workers", "reports_a_second", "peak_mib", "peak_mib_of_a_worker")
    runs = [run("extract.py", docs, "--limit", SPEED_REPORTS, "--workers", workers) for workers in (1, 2)]
    yield table(header, ([one[key] for key in keys] for one in runs))
    runs = [run("loads.py", "article", docs, length) for length in LENGTHS]
    header = ("characters in one report", "seconds", "processor seconds", "peak MiB", "incidents")
    yield table(
        header, ([one[key] for key in ("characters", "seconds", "cpu", "peak_mib", "incidents")] for one in runs)
    )
    runs = [run("loads.py", "merge", count) for count in MERGED]
    header = ("incidents to merge", "seconds", "processor seconds", "peak MiB", "left")
    yield table(header, ([one[key] for key in ("incidents", "seconds", "cpu", "peak_mib", "merged")] for one in runs))


def run(script: str, *args: object) -> dict[str, Any]:
    """What a script of this folder prints as its last line."""
    command = [sys.executable, str(ROOT / "benchmarks" / script), *map(str, args)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # our own scripts
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    main()
