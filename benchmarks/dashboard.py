"""How quickly the dashboard answers: a widget changes, the map follows.

    python benchmarks/dashboard.py [COUNT] [--write]

Serves COUNT incidents (default 100,000) at 2,000 places as `incident-mapper app` does, opens the page in the Chromium
on the PATH, and sends the map to another place by the page's own widget ("Go to a place") forty times. A change takes
from the key in the browser until the map moves to the view that was asked for; the bytes are those of the websocket's
frames until all is at rest. Also: the bytes of coming back to the map from another page.
"""

from __future__ import annotations

import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import map as maps  # beside this script; puts the checkout first in the path, for here is a gazetteer.py too
import sections
from playwright.sync_api import sync_playwright

from geo import export, webmap

if TYPE_CHECKING:
    from playwright.sync_api import Page

PLACES = ("Mosul", "Goma", "Kharkiv", "Cali", "Manila")
TIMES = 40
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
MARK = """(root) => {
  const map = root.incidentMap.map;
  window.imChanged = null;
  map.once("move", () => (window.imChanged = performance.now()));
}"""
KEY = "() => addEventListener('keydown', () => (window.imAsked = performance.now()), { once: true, capture: true })"


def main(count: int, *, write: bool) -> None:
    """Serve, change, tell."""
    incidents = maps.incidents(count)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "incidents.parquet"
        export.write(incidents, path)
        with subprocess.Popen(command(path), stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  # our own
            try:
                assert server.stdout is not None  # noqa: S101
                url = re.search(r"http://\S+:\d+", server.stdout.readline())
                browser = playwright.chromium.launch(executable_path=webmap.chromium())
                found = measured(browser.new_page(viewport={"width": 1280, "height": 800}), url[0] if url else "")
                browser.close()
            finally:
                server.terminate()
    tell(count, found, write=write)


def command(path: Path) -> list[str]:
    """The command line that serves a file on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return [sys.executable, "-m", "geo", "app", str(path), "--port", str(port)]


def measured(page: Page, url: str) -> dict[str, Any]:
    """Milliseconds and bytes of each change."""
    bytes_, asked = list[int](), list[int]()
    page.on("websocket", lambda ws: ws.on("framereceived", lambda data: bytes_.append(len(data))))
    page.on("websocket", lambda ws: ws.on("framesent", lambda data: asked.append(len(data))))
    page.goto(url)
    page.wait_for_selector('[data-ready="true"]', timeout=300_000)
    rested(page)
    first, taken, sent, told = sum(bytes_), list[float](), list[int](), list[int]()
    for number in range(TIMES):
        bytes_.clear()
        asked.clear()
        taken.append(changed(page, PLACES[number % len(PLACES)]))
        rested(page)
        sent.append(sum(bytes_))
        told.append(sum(asked))
    for name in ("Summary", "Map"):
        bytes_.clear()
        page.get_by_test_id("stSidebar").get_by_text(name, exact=True).click()
        rested(page)
    page.wait_for_selector('[data-ready="true"]')
    return {"first": first, "taken": sorted(taken), "sent": sent, "told": told, "back": sum(bytes_)}


def changed(page: Page, place: str) -> float:
    """Milliseconds from the key to the map that has moved."""
    box = page.get_by_label("Go to a place")
    box.fill(place)
    host = page.locator(".im-host")
    host.evaluate(MARK)
    page.evaluate(KEY)
    box.press("Enter")
    page.wait_for_function("() => window.imChanged !== null", polling=5)
    taken: float = page.evaluate("() => window.imChanged - window.imAsked")
    return taken


def rested(page: Page) -> None:
    """Wait until the map has told its view and nothing runs."""
    page.wait_for_timeout(900)
    page.wait_for_selector(IDLE)


def tell(count: int, found: dict[str, Any], *, write: bool) -> None:
    """Print the figures, and write them into the document."""
    taken = found["taken"]
    rows = [
        ("widget changed → map moved, median", f"{statistics.median(taken):.0f} ms", "200 ms"),
        ("the same, 19 of 20", f"{taken[int(0.95 * len(taken))]:.0f} ms", ""),
        ("bytes sent to the browser a change, median", f"{statistics.median(found['sent']):,.0f}", "5,000"),
        ("bytes that it sends, widgets and view, median", f"{statistics.median(found['told']):,.0f}", ""),
        ("bytes of coming back to the map from another page", f"{found['back']:,}", ""),
        ("bytes of the first opening", f"{found['first']:,}", ""),
    ]
    told = "\n".join(f"| {name} | {value} | {bar} |" for name, value, bar in rows)
    table = f"| dashboard, {count:,} incidents | measured | bar |\n|---|---|---|\n{told}"
    print(table)
    if write:
        day = time.strftime("%Y-%m-%d", time.gmtime())
        sections.write("dashboard", f"## The dashboard\n\n`python benchmarks/dashboard.py --write`, {day}.\n\n{table}")


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    main(numbers[0] if numbers else 100_000, write="--write" in sys.argv)
