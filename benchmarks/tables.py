"""Tables in and out: a million ACLED-shaped rows read and written, and a file of two gigabytes chunk by chunk.

The rows are made here, of our own words: no data of ACLED's is needed or shipped. Time and peak memory are those of a
process of its own, on this machine. `--write` puts the figures into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sections

if TYPE_CHECKING:
    from collections.abc import Mapping

ROWS = 1_000_000
BIG_BYTES = 2 * 10**9
BARS = {".parquet": "3 s", ".gpkg": "30 s"}
HEADER = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,"
    "actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,"
    "longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
)
PLACES = (
    ("Democratic Republic of Congo", 180, "Middle Africa", "Nord-Kivu", "Goma", -1.68, 29.22),
    ("Iraq", 368, "Middle East", "Ninewa", "Mosul", 36.34, 43.13),
    ("Syria", 760, "Middle East", "Aleppo", "Aleppo", 36.2, 37.16),
    ("Ukraine", 804, "Europe", "Donetsk", "Donetsk", 48.0, 37.8),
    ("Myanmar", 104, "Southeast Asia", "Sagaing", "Monywa", 22.1, 95.13),
    ("Nigeria", 566, "Western Africa", "Borno", "Maiduguri", 11.83, 13.15),
    ("Mexico", 484, "North America", "Michoacan de Ocampo", "Morelia", 19.7, -101.19),
    ("Sudan", 729, "Northern Africa", "North Darfur", "El Fasher", 13.63, 25.35),
)
TYPES = (
    ("Political violence", "Battles", "Armed clash", "State forces", "Rebel group"),
    (
        "Political violence",
        "Explosions/Remote violence",
        "Shelling/artillery/missile attack",
        "State forces",
        "Rebel group",
    ),
    ("Political violence", "Explosions/Remote violence", "Air/drone strike", "State forces", ""),
    ("Political violence", "Violence against civilians", "Attack", "Political militia", "Civilians"),
    ("Demonstrations", "Protests", "Peaceful protest", "Protesters", ""),
    ("Strategic developments", "Strategic developments", "Looting/property destruction", "Rebel group", "Civilians"),
)
WORDS = [
    "troops",
    "shelled",
    "the",
    "outskirts",
    "of",
    "the",
    "town",
    "in",
    "the",
    "evening;",
    "residents",
    "said",
    "that",
    "houses",
    "burned",
    "and",
    "that",
    "the",
    "road",
    "to",
    "the",
    "market",
    "was",
    "closed",
    "until",
    "the",
    "next",
    "morning",
    "while",
    "soldiers",
    "searched",
    "the",
    "quarter",
    "for",
    "weapons",
    "and",
    "asked",
    "for",
    "papers",
]


def make(path: Path, *, rows: int = 0, size: int = 0) -> int:
    """An ACLED-shaped CSV of so many rows, or of so many bytes; the same each time. Gives the number of rows."""
    dice = random.Random(7)  # noqa: S311  # test data
    number = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(HEADER + "\r\n")
        while number < rows or (size and stream.tell() < size):
            block = [row(number + offset + 1, dice) for offset in range(min(10_000, rows - number if rows else 10_000))]
            stream.write("".join(block))
            number += len(block)
    return number


def row(number: int, dice: random.Random) -> str:
    """One row, in the spelling of ACLED's own files."""
    country, iso, region, admin1, town, lat, lon = dice.choice(PLACES)
    disorder, event, sub, inter1, inter2 = dice.choice(TYPES)
    day = (
        f"{dice.randint(1, 28):02d} {dice.choice(('January', 'May', 'August', 'November'))} {dice.randint(2015, 2024)}"
    )
    village = f"{town} - Quarter {dice.randint(1, 4000)}"
    notes = f"On {day}, {' '.join(dice.choices(WORDS, k=dice.randint(20, 60)))}."
    exact = dice.choices((1, 2, 3), (80, 14, 6))[0]
    cells = (
        f"{country[:3].upper()}{number}", day, day[-4:], dice.choices((1, 2, 3), (90, 8, 2))[0], disorder, event, sub,
        f"Military Forces of {country} (2010-)", "", inter1, f"{inter2} ({country})" if inter2 else "", "", inter2,
        f"{inter1}-{inter2}", "Civilian targeting" if inter2 == "Civilians" else "", iso, region, country, admin1,
        f"District {dice.randint(1, 90)}", "", village, f"{lat + dice.uniform(-1, 1):.4f}",
        f"{lon + dice.uniform(-1, 1):.4f}", exact, "Radio One; The Daily Paper" if dice.random() < 0.3 else "Radio One",  # noqa: PLR2004  # a share
        "National", f'"{notes}"', dice.choices((0, 1, 2, 7, 40), (70, 15, 8, 5, 2))[0], "", 1_700_000_000 + number,
    )  # fmt: skip
    return ",".join(map(str, cells)) + "\r\n"


TOLD = """
import json, resource, sys, time
from gazetteer.build import ensure_default
from geo import tables
start, cpu, rows, peaks, written = time.perf_counter(), time.process_time(), 0, [], []
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
"""
WHOLE = f"""{TOLD}
table = tables.Table(sys.argv[1], gazetteer=ensure_default)
rows = len(table.read())
assert table.problems.count == 0, table.problems.kept[:3]
"""
WRITTEN = f"""{TOLD}
from pathlib import Path
from geo import export
import pyogrio, pyproj  # what is loaded once is not a table's time
frame = tables.Table(sys.argv[1], gazetteer=ensure_default).read()
rows = len(frame)
for suffix in (".parquet", ".gpkg"):
    start, cpu = time.perf_counter(), time.process_time()
    path = export.write(frame, Path(sys.argv[1]).with_suffix(suffix))
    written.append([suffix, time.perf_counter() - start, time.process_time() - cpu, path.stat().st_size])
    path.unlink()
"""
CHUNKS = f"""{TOLD}
for frame in tables.read_chunks(sys.argv[1], gazetteer=ensure_default):
    rows += len(frame)
    peaks.append((rows, peak()))
"""
END = """
told = {"rows": rows, "seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu, "peak": peak()}
print(json.dumps({**told, "written": written, "peaks": peaks[:: max(1, len(peaks) // 4)]}))
"""


def measured(code: str, path: Path) -> dict[str, Any]:
    """What a process of its own tells of reading the file."""
    done = subprocess.run([sys.executable, "-c", code + END, str(path)], check=True, capture_output=True, text=True)  # noqa: S603  # ours
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def line(what: str, told: Mapping[str, Any], bar: str) -> str:
    """A row of the table of figures."""
    times = f"{told['seconds']:.1f} s | {told['cpu']:.1f} s"
    return f"| {what} | {told['rows']:,} | {times} | {told['peak'] / 1e9:.2f} GB | {bar} |"


def main() -> None:
    """Make the files, read and write them, print and perhaps keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--bytes", type=int, default=BIG_BYTES, help="size of the large file; 0: none")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    options = parser.parse_args()
    lines = ["| what | rows | time | processor time | peak memory | bar |", "|---|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        make(path, rows=options.rows)
        size = path.stat().st_size / 1e6
        lines.append(line(f"ACLED-shaped CSV of {size:.0f} MB to one table", measured(WHOLE, path), "20 s, 2 GB"))
        told = measured(WRITTEN, path)
        for suffix, seconds, cpu, size in told["written"]:
            figures = {**told, "seconds": seconds, "cpu": cpu}
            lines.append(line(f"that table to {suffix}, {size / 1e6:.0f} MB", figures, BARS[suffix]))
        path.unlink()
        if options.bytes:
            make(path, size=options.bytes)
            told = measured(CHUNKS, path)
            lines.append(line(f"the same of {options.bytes / 1e9:.1f} GB, chunk by chunk", told, "bounded memory"))
            flat = ", ".join(f"{peak / 1e9:.2f} GB after {rows:,}" for rows, peak in told["peaks"])
            lines.append(f"\nPeak memory by chunks: {flat} rows.")
    load = os.getloadavg()[0]
    lines.append(
        f"\n{os.cpu_count()} cores, load {load:.1f} at the end (more than {os.cpu_count()}: others were at work)."
    )
    print("\n".join(lines))
    if options.write:
        head = "## Tables in and out\n\n`python benchmarks/tables.py --write`\n\n"
        sections.write("tables-reading", head + "\n".join(lines))


if __name__ == "__main__":
    main()
