"""Times, linking, incidents and retellings on the bench's development half: our figures beside its scorer's.

    python benchmarks/incidents.py BENCH [--every N] [--task NAME ...]

BENCH is the folder that holds `score.py` and `dev/`. `--every 10` reads a tenth of the documents.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.util
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path[0] = str(Path(__file__).parents[1])  # beside this script stands a gazetteer.py that is not the package
from gazetteer.build import ensure_default  # noqa: E402  # after the path is set
from geo import schema, times  # noqa: E402
from geo.incidents import annotate, extract  # noqa: E402
from geo.reports import Report  # noqa: E402

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

Docs = list[dict[str, Any]]
TASKS = {"times": "times", "event_place": "eventplace", "muc4": "incidents", "gva": "incidents"}
"""File of the bench → task of its scorer."""


def main() -> None:
    """Print the figures of each task."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--task", action="append", choices=TASKS)
    args = parser.parse_args()
    score = load_scorer(args.bench / "score.py")
    gazetteer = ensure_default()
    for name in args.task or TASKS:
        docs = read(args.bench / "dev" / f"{name}.jsonl")[:: args.every]
        begun = time.perf_counter()
        predicted = predict(name, docs, gazetteer)
        seconds = time.perf_counter() - begun
        print(f"\n{name}: {len(docs)} documents, {len(docs) / seconds:.1f} a second")
        score.show(getattr(score, TASKS[name])(docs, predicted))
        if name == "gva":
            score.show(score.dedup(docs, predicted))


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


def predict(name: str, docs: Docs, gazetteer: Gazetteer) -> Docs:
    """What the product makes of the documents, given text and date alone, and the trigger where it is asked for."""
    if name == "times":
        return [{"doc_id": doc["doc_id"], "times": found_times(doc)} for doc in docs]
    if name == "event_place":
        keys = ("doc_id", "text", "trigger")
        return [annotate({key: doc[key] for key in keys}, gazetteer=gazetteer, given_spans=True) for doc in docs]
    reports = (Report(doc["doc_id"], doc["text"], published(doc)) for doc in docs)
    return [plain(row) for row in schema.records(extract(reports, gazetteer=gazetteer).incidents)]


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


if __name__ == "__main__":
    main()
