"""How fast the map is: writing it, opening it, moving its window.

    python benchmarks/map.py [COUNT ...]

Draws COUNT incidents (default 5,000, 100,000 and 500,000) at 2,000 places, opens the file in the Chromium on the PATH
with the network off, moves a handle of the window two hundred times, and prints a line a count: seconds to draw and
write, bytes and bytes an incident, seconds to open, milliseconds of a window change (the work of one: counting and
painting, with the canvas read back, so that no work is left to the GPU's thread).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np

from geo import schema
from geo.webmap import draw, save

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TYPES = [
    *("Battles", "Explosions/Remote violence", "Violence against civilians"),
    *("Protests", "Riots", "Strategic developments"),
]
WORDS = [
    "army",
    "blast",
    "bridge",
    "clash",
    "convoy",
    "district",
    "fired",
    "gunmen",
    "killed",
    "market",
    "police",
    "town",
]
LONG = 0.1  # of the incidents have an interval of more than a day
MOVE = """() => {
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


def main(counts: list[int]) -> None:
    """Measure each count."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # heavy

    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=path)
        for count in counts:
            print(f"{count:>9,}", *measured(browser, incidents(count), Path(folder) / "map.html"), sep="  ", flush=True)
        browser.close()


def measured(browser: Browser, table: gpd.GeoDataFrame, target: Path) -> list[str]:
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
    median, p95 = page.evaluate(MOVE)
    page.close()
    return [
        f"write {written:.2f} s",
        f"{size / 1e6:.2f} MB ({(size - 5e5) / len(table):.0f} B an incident over 0.5 MB)",
        f"open {opened:.2f} s",
        f"window median {median:.1f} ms, p95 {p95:.1f} ms",
    ]


def incidents(count: int) -> gpd.GeoDataFrame:
    """Incidents of six types over four years, each with a sentence of its own."""
    random = np.random.default_rng(1)
    share = random.pareto(1.1, 2000) + 0.05
    at = random.choice(2000, count, p=share / share.sum())
    lon, lat = random.uniform(-15, 60, 2000)[at].round(4), random.uniform(-30, 55, 2000)[at].round(4)
    day = np.timedelta64(86_400, "s")
    start = np.datetime64("2018-01-01", "s") + random.integers(0, 1461, count) * day
    said = [" ".join(row) for row in np.array(WORDS)[random.integers(0, len(WORDS), (count, 13))]]
    columns: dict[str, Any] = {
        "incident_id": [f"{number:012x}" for number in random.integers(0, 2**47, count)],
        "event_type": np.array(TYPES)[random.integers(0, 6, count)],
        "date_start": start,
        "date_end": start + np.where(random.random(count) < LONG, random.integers(1, 30, count), 0) * day,
        "place": [f"Place {number}" for number in at],
        "lat": lat,
        "lon": lon,
        "geo_precision": "settlement",
        "radius_m": 5000.0,
        "sources": [[{"report": f"{n % 5000}.txt", "evidence": f"{text} {n}."}] for n, text in enumerate(said)],
        "confidence": 0.8,
        "status": "machine",
        "geometry": gpd.points_from_xy(lon, lat),
    }
    empty = schema.from_records([{}]).iloc[np.zeros(count, int)].reset_index(drop=True)
    return gpd.GeoDataFrame(empty.assign(**columns), crs=schema.CRS)


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [5_000, 100_000, 500_000])
