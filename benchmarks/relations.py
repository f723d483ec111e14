"""How near relational phrases come to where they point, on rows with known targets.

    python benchmarks/relations.py FOLDER [--limit N] [--worst N]

FOLDER holds relational.jsonl, between.jsonl, region.jsonl and border.jsonl: one phrase a row with `text`, `start`,
`end` and the target's `lat`, `lon`. Prints for each file the median error, the share within 10 and 161 km, how many
phrases were not found, how many targets lie within the stated radius, for borders the distance to the line, and the
time a row.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

sys.path[0] = str(Path(__file__).parents[1])  # the checkout, not this folder: it holds a gazetteer.py too

from gazetteer.build import ensure_default  # noqa: E402  # after the path is set
from geo.incidents import annotate  # noqa: E402  # the same
from geo.relations import Frame, bearing_and_distance  # noqa: E402  # the same

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

FILES = ("relational", "between", "region", "border")
NEAR_KM, WIDE_KM, LINE_KM = 10, 161, 15  # within which an answer is right
MISSED_KM = 20_039.0  # half the earth's circumference, what a phrase that was not found is charged


def main() -> int:
    """Measure every file of a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=None, help="only the first rows of each file")
    parser.add_argument("--worst", type=int, default=0, help="also print so many of the worst rows")
    parser.add_argument("--only", choices=FILES, action="append")
    args = parser.parse_args()
    gazetteer = ensure_default()
    for name in args.only or FILES:
        path = args.folder / f"{name}.jsonl"
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][: args.limit]
        report(name, rows, gazetteer, worst=args.worst)
    return 0


def report(name: str, rows: list[dict[str, Any]], gazetteer: Gazetteer, *, worst: int) -> None:
    """Measure one file and print its line."""
    begun = time.perf_counter()
    found = [answer(row, gazetteer) for row in rows]
    spent = time.perf_counter() - begun
    errors = np.array([error_km(row, best) for row, best in zip(rows, found, strict=True)])
    held = np.mean([best is not None and km <= best["radius_m"] / 1e3 for km, best in zip(errors, found, strict=True)])
    print(
        f"{name:12} n {len(rows):4}  median {np.median(errors):7.2f} km  <10 km {np.mean(errors < NEAR_KM):.3f}"
        f"  <161 km {np.mean(errors < WIDE_KM):.3f}  missed {sum(best is None for best in found):3}"
        f"  radius holds {held:.3f}  {1e3 * spent / len(rows):.0f} ms a row"
    )
    if name == "border":
        lines = np.array([line_km(row, best) for row, best in zip(rows, found, strict=True)])
        print(f"{'':12} to the line: median {np.median(lines):.2f} km, <15 km {np.mean(lines < LINE_KM):.3f}")
        errors = lines
    for index in np.argsort(-errors)[:worst]:
        print(f"  {errors[index]:9.1f} km  {rows[index]['phrase']!r}  {(found[index] or {}).get('text')!r}")


def answer(row: dict[str, Any], gazetteer: Gazetteer) -> dict[str, Any] | None:
    """The located phrase that overlaps the row's the most."""
    read = annotate({"doc_id": row["doc_id"], "text": row["text"]}, gazetteer=gazetteer)
    shared = [
        (min(found["end"], row["end"]) - max(found["start"], row["start"]), found)
        for found in read["relations"]
        if found["lat"] is not None
    ]
    best = max((pair for pair in shared if pair[0] > 0), key=lambda pair: pair[0], default=None)
    return best[1] if best else None


def error_km(row: dict[str, Any], found: dict[str, Any] | None) -> float:
    """From the target to the answer's point."""
    if found is None:
        return MISSED_KM
    target = {"to_lat": row["lat"], "to_lon": row["lon"]}
    return bearing_and_distance(lat=found["lat"], lon=found["lon"], **target)[1] / 1e3


def line_km(row: dict[str, Any], found: dict[str, Any] | None) -> float:
    """From the target to the answer's geometry."""
    if found is None:
        return MISSED_KM
    shape = shapely.geometry.shape(found["geometry"])
    return float(Frame(row["lat"], row["lon"]).flat(shape).distance(shapely.Point(0, 0))) / 1e3


if __name__ == "__main__":
    sys.exit(main())
