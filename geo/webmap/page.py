"""The one file: constants, then data as inert JSON, under a policy that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
import html
import os
import re
import tempfile
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import OutputError
from geo.layers.payload import packed, to_json
from geo.webmap.frame import Hosts, frame, hosts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import folium

MODULES = (
    *("data", "theme", "canvas", "base", "marks", "heat", "mentions", "tally", "sieve", "area", "tiles"),
    *("dom", "words", "legend", "time", "filters", "list", "evidence", "popup", "pointer", "note", "view"),
    *("map", "page"),
)
"""Our JavaScript in the order in which it runs; each imports only what stands before it."""

PMTILES = ("vendor/pmtiles.js", "vendor/protomaps-leaflet.js")
"""What draws tiles out of one file; in a page only where it was asked for."""

IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "\./(\w+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)
COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*.*?\*/)[ \t]*\n", re.MULTILINE | re.DOTALL)
BLANK = re.compile(r"^[ \t]+|^\n", re.MULTILINE)  # no text of ours spans lines
OUTSIDE = re.compile(
    r"@import|url\(\s*['\"]?(?!data:|#)|<(?:link|iframe|img|object|embed|base)\b|\ssrc=|\shref=", re.IGNORECASE
)


def save(drawn: folium.Map, path: str | os.PathLike[str]) -> None:
    """Write the map as one HTML file, wholly or not at all.

    Raises:
        OutputError: the file cannot be written, or the map holds something that cannot be drawn.
    """
    target = Path(path)
    text = to_html(drawn)
    scratch = None
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, suffix=".tmp", delete=False) as out:
            scratch = Path(out.name)
            out.write(text)
        scratch.chmod(0o666 & ~umask())  # the mode of any new file; a scratch file's is for its owner only
        scratch.replace(target)
    except OSError as error:
        if scratch is not None:
            scratch.unlink(missing_ok=True)
        raise OutputError(f"{target}: cannot be written ({error.strerror or error}); choose another place") from error


def umask() -> int:
    """The process's file mode mask, which can be read only by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def to_html(drawn: folium.Map, *, style: str = "") -> str:
    """The whole page. It asks the network for nothing but the tiles that the user has added.

    `style` names a style sheet of this room that comes last.

    Raises:
        OutputError: the map was not made by `draw`, or holds something that cannot be drawn.
    """
    data = getattr(drawn, "payload", None)
    if data is None:
        raise OutputError(f"{type(drawn).__name__}: holds no incidents; make it with geo.webmap.draw")
    found = frame(drawn)
    asked = hosts(found)
    title = html.escape(str(data["title"]) or "Map of incidents")
    scripts = [asset("vendor/leaflet.js"), *map(asset, PMTILES if asked.data else ()), bundle()]
    blocks = {"incident-frame": found, "incident-data": packed(data)}
    return "".join([*head(title, style_sheet(style), scripts, asked), body(blocks, scripts)])


def head(title: str, styles: str, scripts: Iterable[str], asked: Hosts) -> list[str]:
    """The head: policy first, so that it rules all that follows. The title is text, already escaped."""
    return [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
        f'<meta http-equiv="Content-Security-Policy" content="{policy(styles, scripts, asked)}">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        '<meta name="referrer" content="no-referrer">\n',
        f"<title>{title}</title>\n<style>{styles}</style>\n</head>\n",
    ]


def body(data: Mapping[str, Any], scripts: Iterable[str]) -> str:
    """Blocks of data, which nothing runs, and then the scripts."""
    blocks = "".join(
        f'<script type="application/json" id="{name}">{to_json(value)}</script>\n' for name, value in data.items()
    )
    runs = "".join(f"<script>{script}</script>\n" for script in scripts)
    return (
        '<body>\n<main id="incident-map"></main>\n<noscript>This map needs JavaScript; it asks no network.</noscript>\n'
        f"{blocks}{runs}</body>\n</html>\n"
    )


def policy(styles: str, scripts: Iterable[str], asked: Hosts) -> str:
    """A content security policy: these scripts and this style sheet, images from data and tile hosts, nothing else."""
    allowed = " ".join(digest(script) for script in scripts)
    images = " ".join(["data:", "blob:", *asked.images])
    data = f"connect-src {html.escape(' '.join(asked.data))}; " if asked.data else ""
    return (
        f"default-src 'none'; script-src {allowed}; style-src {digest(styles)}; img-src {html.escape(images)}; {data}"
        "base-uri 'none'; form-action 'none'"
    )


def digest(text: str) -> str:
    """A hash as the policy writes it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def asset(name: str, room: str = "component") -> str:
    """A file of a room as text, made fit to stand within a page.

    Raises:
        OutputError: it is missing, or it would ask the network or end its own element.
    """
    try:
        text = (resources.files("geo") / room / name).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise OutputError(
            f"{name}: missing from the installation; install the package again (pip install .)"
        ) from error
    if "</script" in text.lower() or "</style" in text.lower() or "<!--" in text:
        raise OutputError(f"{name}: cannot stand within a page: it would end its own element")
    return re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE)


@cache
def style_sheet(more: str = "") -> str:
    """Leaflet's style and ours, and one `more` of this room.

    Raises:
        OutputError: a style would ask the network.
    """
    styles = "\n".join(asset(name) for name in ("vendor/leaflet.css", "map.css", "page.css"))
    styles += asset(more, "webmap") if more else ""
    if outside := OUTSIDE.search(styles):
        raise OutputError(f"style sheet: would ask the network ({styles[outside.start() : outside.start() + 60]!r})")
    return styles


@cache
def bundle() -> str:
    """Our modules as one script: each a function that returns what it exports."""
    parts = []
    for name in MODULES:
        text = asset(f"js/{name}.js")
        exported = ", ".join(match[2] for match in EXPORT.finditer(text))
        text = IMPORT.sub(r"const { \1 } = im_\2;", text)
        text = EXPORT.sub(r"\1", text)
        if match := re.search(r"^(?:import|export)\b.*", text, re.MULTILINE):
            raise OutputError(f"js/{name}.js: cannot be put into a page: {match[0][:60]!r}")
        text = BLANK.sub("", COMMENT.sub("", text))
        parts.append(f"const im_{name} = (() => {{\n{text}\nreturn {{ {exported} }};\n}})();\n")
    return '"use strict";\n(() => {\n' + "".join(parts) + "})();\n"
