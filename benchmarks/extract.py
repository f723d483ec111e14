"""How fast reports become incidents, and in how much memory.

    python benchmarks/extract.py DOCS.jsonl [--limit 500] [--workers 1]

DOCS.jsonl has one report a line ("doc_id", "text", "published"); other keys are not looked at. The default gazetteer is
built before the clock starts. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:1] = [str(ROOT), str(ROOT / "benchmarks")]  # the package gazetteer before the script of that name

import memory  # noqa: E402  # after the path is set

from gazetteer.build import ensure_default  # noqa: E402  # the same
from geo import batch, reports  # noqa: E402  # the same


def main() -> None:
    """Read the reports, extract, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("docs", type=Path)
    parser.add_argument("--limit", type=int, default=500)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    gazetteer = ensure_default()
    found = (item for item in reports.load([given.docs]) if isinstance(item, reports.Report))
    docs = list(itertools.islice(found, given.limit))
    began = time.perf_counter()
    done = batch.extract_many(docs, gazetteer=gazetteer, workers=given.workers)
    seconds = time.perf_counter() - began
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    figures = {
        "reports": len(docs),
        "characters": sum(len(doc.text) for doc in docs),
        "workers": given.workers,
        "seconds": round(seconds, 2),
        "reports_a_second": round(len(docs) / seconds, 1),
        "incidents": len(done.incidents),
        "peak_mib": memory.peak_mib(),
        "peak_mib_of_a_worker": round(children / 1024) if given.workers != 1 else 0,  # Linux tells KiB
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
