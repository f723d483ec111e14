"""How fast and how small the map is: writing it, opening it, moving its window.

    python benchmarks/map.py [COUNT ...] [--write]

Draws COUNT incidents (default 5,000, 100,000 and 500,000) at 2,000 places, each told by one sentence of 22 words, and
opens the file in the Chromium on the PATH with the network off. For each count it prints: seconds to draw and write,
megabytes and bytes an incident beyond half a megabyte, seconds to open, then

- work: milliseconds of one window change, counting and painting, with the canvas read back, so that no work is left
  to the GPU's thread: median and 95th percentile of two hundred jumps of a handle;
- frame: milliseconds from frame to frame while a handle is dragged through all days in two hundred steps;
- rest: milliseconds until list and counts have followed when the hand rests.

`--write` puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import sections

sys.path[0] = str(Path(__file__).parents[1])  # the checkout, not this folder: it holds a gazetteer.py too

from geo import schema  # noqa: E402  # after the path is set
from geo.webmap import draw, save  # noqa: E402  # the same

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TYPES = [
    *("Battles", "Explosions/Remote violence", "Violence against civilians"),
    *("Protests", "Riots", "Strategic developments"),
]
COUNTS = (5_000, 100_000, 500_000)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WORDS, LETTERS, LENGTH = 4_000, "aeioulnrstdmkbp", 22  # words in use, what they are made of, words of a sentence
LONG = 0.1  # of the incidents have an interval of more than a day
COLUMNS = (
    "incidents",
    "write, s",
    "file, MB",
    "B an incident over 0.5 MB",
    "open, s",
    "work, ms",
    "frame, ms",
    "rest, ms",
)
BARS = """
Bars: 100,000 written in 2 s, opened in 1.5 s, a window change in 16 ms (p95 33 ms); 500,000 in 33 ms; at most 0.5 MB
and 120 B an incident; 5,000 below 1.2 MB.
"""
WORK = """() => {
  const map = document.getElementById("incident-map").incidentMap;
  const handle = document.querySelector('input[aria-label="Window start"]');
  const times = [];
  for (let k = 0; k < 200; k++) {
    const day = Number(handle.min) + Math.round(((handle.max - handle.min) * ((k * 37) % 200)) / 210);
    const from = performance.now();
    handle.value = day;
    handle.dispatchEvent(new Event("input", { bubbles: true }));
    map.marks.redraw();
    map.marks.context.getImageData(0, 0, 1, 1);
    times.push(performance.now() - from);
  }
  times.sort((a, b) => a - b);
  return [times[100], times[190]];
}"""
FRAME = """() => new Promise((done) => {
  const handle = document.querySelector('input[aria-label="Window start"]');
  const times = [];
  let last = null;
  const step = (now) => {
    if (last !== null) times.push(now - last);
    last = now;
    if (times.length >= 200) {
      times.sort((a, b) => a - b);
      return done([times[100], times[190]]);
    }
    handle.value = Number(handle.min) + Math.round(((handle.max - handle.min) * times.length) / 210);
    handle.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""
REST = """() => {
  const map = document.getElementById("incident-map").incidentMap;
  const from = performance.now();
  map.fill();
  return performance.now() - from;
}"""


def main() -> int:
    """Measure each count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", metavar="COUNT", type=int, nargs="*", default=COUNTS)
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    args = parser.parse_args()
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit(f"no Chromium on the PATH ({', '.join(BROWSERS)})")
    table = markdown(measure(path, args.counts))
    if args.write:
        sections.write("map", f"## The map\n\n`python benchmarks/map.py` (2 cores, no GPU)\n\n{table}\n{BARS}")
    return 0


def measure(chromium: str, counts: list[int]) -> list[list[str]]:
    """A row of figures for each count, printed when it is there."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # heavy

    rows = []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium)
        print(*COLUMNS, sep="  ")
        for count in counts:
            rows.append([f"{count:,}", *figures(browser, incidents(count), Path(folder) / "map.html")])
            print(*rows[-1], sep="  ", flush=True)
        browser.close()
    return rows


def markdown(rows: list[list[str]]) -> str:
    """The figures as a table."""
    lines = [COLUMNS, ["---:"] * len(COLUMNS), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def figures(browser: Browser, table: gpd.GeoDataFrame, target: Path) -> list[str]:
    """The figures of one table."""
    start = time.perf_counter()
    save(draw(table), target)
    written = time.perf_counter() - start
    size = target.stat().st_size
    page = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True).new_page()
    start = time.perf_counter()
    page.goto(target.as_uri())
    page.wait_for_selector('[data-ready="true"]', timeout=120_000)
    opened = time.perf_counter() - start
    page.wait_for_timeout(500)
    work, frame, rest = page.evaluate(WORK), page.evaluate(FRAME), page.evaluate(REST)
    page.close()
    return [
        *(f"{written:.2f}", f"{size / 1e6:.2f}", f"{max(0.0, size - 5e5) / len(table):.0f}", f"{opened:.2f}"),
        *(f"{median:.1f} (p95 {p95:.1f})" for median, p95 in (work, frame)),
        f"{rest:.0f}",
    ]


def sentences(random: np.random.Generator, count: int) -> list[str]:
    """Sentences of words that are as frequent as words are: the n-th 1/n as often as the first."""
    letters = np.array(list(LETTERS))
    words = np.array(["".join(letters[random.integers(0, len(letters), random.integers(2, 10))]) for _ in range(WORDS)])
    share = 1 / np.arange(1, WORDS + 1)
    chosen = random.choice(WORDS, (count, LENGTH), p=share / share.sum())
    return [f"{' '.join(words[row])}." for row in chosen]


def incidents(count: int) -> gpd.GeoDataFrame:
    """Incidents of six types over four years, each with a sentence of its own."""
    random = np.random.default_rng(1)
    share = random.pareto(1.1, 2000) + 0.05
    at = random.choice(2000, count, p=share / share.sum())
    lon, lat = random.uniform(-15, 60, 2000)[at].round(4), random.uniform(-30, 55, 2000)[at].round(4)
    day = np.timedelta64(86_400, "s")
    start = np.datetime64("2018-01-01", "s") + random.integers(0, 1461, count) * day
    columns: dict[str, Any] = {
        "incident_id": [f"{number:012x}" for number in random.integers(0, 2**47, count)],
        "event_type": np.array(TYPES)[random.integers(0, 6, count)],
        "date_start": start,
        "date_end": start + np.where(random.random(count) < LONG, random.integers(1, 30, count), 0) * day,
        "place": [f"Place {number}" for number in at],
        "country": [["IQ", "SY", "NG", "UA"][number % 4 : number % 4 + 1] for number in at],
        "lat": lat,
        "lon": lon,
        "geo_precision": "settlement",
        "radius_m": 5000.0,
        "fatalities_min": random.integers(0, 9, count),
        "fatalities_max": random.integers(9, 12, count),
        "sources": [
            [{"report": f"{n % 5000}.txt", "evidence": text}] for n, text in enumerate(sentences(random, count))
        ],
        "confidence": random.random(count).round(2),
        "status": "machine",
        "geometry": gpd.points_from_xy(lon, lat),
    }
    empty = schema.from_records([{}]).iloc[np.zeros(count, int)].reset_index(drop=True)
    return gpd.GeoDataFrame(empty.assign(**columns), crs=schema.CRS)


if __name__ == "__main__":
    sys.exit(main())
