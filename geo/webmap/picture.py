"""The map as a picture, taken by a Chromium that is installed; no other part of the package needs one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from geo.errors import OutputError
from geo.webmap.frame import frame, hosts
from geo.webmap.page import to_html

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import folium

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
SIZE = (1200, 800)
LEAST, MOST = 200, 10_000  # pixels of a side
PATIENCE_SECONDS = 180
BUDGET_MS = 10_000  # of the page's own clock, which runs ahead wherever nothing is left to be done
READY = b'data-ready="true"'
SHOWN = (
    *("--headless", "--hide-scrollbars", "--disable-gpu", "--no-first-run", "--disable-extensions", "--mute-audio"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-breakpad"),
    *("--disable-domain-reliability", "--disable-client-side-phishing-detection", "--no-pings", "--dump-dom"),
    *("--run-all-compositor-stages-before-draw", f"--virtual-time-budget={BUDGET_MS}"),
)


def chromium() -> str | None:
    """The Chromium on the PATH, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def to_png(
    drawn: folium.Map, *, size: tuple[int, int] = SIZE, scale: float = 2, view: Mapping[str, Any] | None = None
) -> bytes:
    """The map without what would have to be clicked: title, types, map, histogram, whose data it is.

    `size` in the page's pixels, each of which becomes `scale` x `scale` of the picture's; `view` as the map reports it
    (`start`, `end`, `filters`, `theme` ...). The network is asked for nothing but the tiles that the map has.

    Raises:
        OutputError: there is no Chromium, it cannot draw the map, or the map holds something that cannot be drawn.
    """
    browser = chromium()
    if browser is None:
        raise OutputError(
            f"no Chromium on the PATH ({', '.join(NAMES)}): install one for pictures, or write the map as .html"
        )
    if not all(LEAST <= side * scale <= MOST for side in size):
        raise OutputError(f"{size[0]}x{size[1]} at {scale:g}: a picture's sides have {LEAST} to {MOST:,} pixels")
    asked = hosts(frame(drawn))
    with tempfile.TemporaryDirectory(prefix="incident-mapper-", ignore_cleanup_errors=True) as folder:
        page, picture = Path(folder) / "map.html", Path(folder) / "map.png"
        page.write_text(to_html(drawn, style="picture.css"), encoding="utf-8")
        address = f"{page.as_uri()}#{quote(json.dumps(dict(view or {})))}"
        options = [
            *(f"--user-data-dir={folder}/profile", f"--screenshot={picture}"),
            *(f"--window-size={size[0]},{size[1]}", f"--force-device-scale-factor={scale:g}"),
            f"--host-resolver-rules={reachable([*asked.images, *asked.data])}",
        ]
        run([browser, *SHOWN, *options, *unboxed(), address], environment(online=asked.images or asked.data))
        if not picture.is_file():
            raise OutputError(f"{browser}: made no picture; try it by hand, or write the map as .html")
        return picture.read_bytes()


def run(command: list[str], surroundings: Mapping[str, str]) -> None:
    """Run the browser until the map is drawn.

    Raises:
        OutputError: it takes too long, ends with an error, or does not draw the map.
    """
    browser = command[0]
    try:
        done = subprocess.run(  # noqa: S603  # the browser that the user has installed, our own arguments
            command, env=dict(surroundings), capture_output=True, timeout=PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise OutputError(f"{browser}: no picture within {PATIENCE_SECONDS} seconds; draw fewer incidents") from None
    except OSError as error:
        raise OutputError(f"{browser}: cannot be run ({error.strerror or error})") from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or [""]
        raise OutputError(f"{browser}: ended with code {done.returncode} ({lines[-1][:200]})")
    if READY not in done.stdout:
        raise OutputError(f"{browser}: could not draw the map; open it as .html to see why")


def unboxed() -> list[str]:
    """What Chromium wants of one who runs as root, as in a container: it has no sandbox for him."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def reachable(origins: Iterable[str]) -> str:
    """Chromium's rule that no name is found but those of these origins."""
    names = sorted({urlsplit(origin).hostname or "" for origin in origins})
    return ", ".join(["MAP * ~NOTFOUND", *(f"EXCLUDE {name}" for name in names)])


def environment(*, online: object) -> dict[str, str]:
    """The environment of the browser: without a network there is no way round by a proxy either."""
    return {name: value for name, value in os.environ.items() if online or not name.lower().endswith("_proxy")}
