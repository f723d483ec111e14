"""Makes the screenshots of the README out of the sample reports.

    python docs/screenshots/make.py

Needs a Chromium on the PATH and Pillow, and takes half a minute. Every picture is at most 300 kB: 256 colours are
enough for a map.
"""

# ruff: noqa: INP001  # a script, no package

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
REPORTS = HERE.parents[1] / "data" / "reports"
LIMIT = 300_000  # bytes
READY = '[data-ready="true"]'


def main() -> None:
    """Extract, draw, serve, and take each picture."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        incidents, page = Path(folder) / "incidents.geojson", Path(folder) / "map.html"
        run("extract", REPORTS, "-o", incidents)
        run("map", incidents, "-o", page, "--title", "What the sample reports tell")
        browser = playwright.chromium.launch(executable_path=chromium())
        for dark in (False, True):
            name = "dark" if dark else "light"
            picture(browser, page.as_uri(), f"map-{name}", dark=dark, act=show_evidence)
            picture(browser, page.as_uri(), f"map-narrow-{name}", dark=dark, size=(390, 844))
        dashboards(browser, incidents)
        browser.close()


def dashboards(browser: Browser, incidents: Path) -> None:
    """The dashboard, light and dark."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "geo", "app", str(incidents), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603
        try:
            await_answer(port)
            for dark in (False, True):
                name = f"dashboard-{'dark' if dark else 'light'}"
                picture(browser, f"http://127.0.0.1:{port}", name, dark=dark, size=(1280, 960))
        finally:
            server.terminate()


def await_answer(port: int) -> None:
    """Wait until the server answers; it may have to build the gazetteer first."""
    for _ in range(300):
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    sys.exit("the dashboard did not start")


def picture(
    browser: Browser,
    url: str,
    name: str,
    *,
    dark: bool,
    size: tuple[int, int] = (1280, 800),
    act: Callable[[Page], Any] = lambda page: None,  # noqa: ARG005  # nothing to do
) -> None:
    """Open an address, do something there, and save what is seen."""
    viewport = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, color_scheme="dark" if dark else "light")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(READY, timeout=60_000)
    act(page)
    page.wait_for_timeout(1500)
    target = HERE / f"{name}.png"
    page.screenshot(path=target)
    context.close()
    Image.open(target).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)
    bytes_ = target.stat().st_size
    print(f"{target.name}: {bytes_:,} bytes{' (too large)' if bytes_ > LIMIT else ''}")  # noqa: T201  # a script


def show_evidence(page: Page) -> None:
    """Choose an incident whose sentences are quoted, and look at its part of the world."""
    page.get_by_role("row").filter(has_text="near the border").get_by_role("button").click()
    look = "() => document.getElementById('incident-map').incidentMap.map.setView([12.5, 6.5], 5.25, {animate: false})"
    page.evaluate(look)


def run(*arguments: object) -> None:
    """Run the command line."""
    subprocess.run([sys.executable, "-m", "geo", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def chromium() -> str | None:
    """The Chromium on the PATH."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


if __name__ == "__main__":
    main()
