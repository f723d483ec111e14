"""The command that draws: map, as a page and as a picture."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo import export
from geo.commands import console, writing
from geo.errors import InputError, OutputError

if TYPE_CHECKING:
    from pathlib import Path

    from gazetteer.store import Gazetteer
    from geo.webmap import Backdrop, IncidentMap

PAGE_SUFFIXES, PICTURE_SUFFIX = (".html", ".htm"), ".png"
THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Picture:
    """How a picture is taken: its size as WIDTHxHEIGHT, pixels of the picture for each of these, theme, view."""

    size: str = "1200x800"
    scale: float = 2
    theme: str = "light"
    view: str = ""

    def options(self) -> dict[str, Any]:
        """What `geo.webmap.to_png` takes.

        Raises:
            InputError: no size, no theme, or no view.
        """
        sides = re.fullmatch(r"(\d{2,5})x(\d{2,5})", self.size.lower())
        if sides is None:
            raise InputError(f"--size: {self.size!r} is no size; write WIDTHxHEIGHT in pixels, as 1200x800.")
        if self.theme not in THEMES:
            raise InputError(f"--theme: {self.theme!r} is none; write {' or '.join(THEMES)}.")
        size = (int(sides[1]), int(sides[2]))
        return {"size": size, "scale": self.scale, "view": {"theme": self.theme, **view_of(self.view)}}


def view_of(told: str) -> dict[str, Any]:
    """A view as the map's address bears it.

    Raises:
        InputError: it is none.
    """
    try:
        view = json.loads(told or "{}")
    except (ValueError, RecursionError):
        view = None
    if not isinstance(view, dict):
        raise InputError(f"--view: {told[:60]!r} is no view; copy it from the map's address, as '{{\"zoom\":6}}'.")
    return view


def draw(  # noqa: PLR0913  # what the command takes
    incidents: Path,
    outputs: tuple[Path | None, Path | None],
    *,
    title: str | None,
    places: Path | None,
    gazetteer: Path | None,
    mapping: Path | None = None,
    backdrop: Backdrop,
    picture: Picture,
) -> None:
    """A file of any kind → one HTML file, a picture, or both: `outputs` are what -o and --png name."""
    pages, pictures = targets(*outputs)
    options = picture.options()
    table, mentioned = writing.read_both(incidents, places, gazetteer=gazetteer, mapping=mapping)
    from geo import webmap  # noqa: PLC0415  # slow

    drawn = webmap.draw(table, places=mentioned, title=title or incidents.stem, gazetteer=named(gazetteer))
    backdrop.add_to(drawn)
    for target in pages:
        export.write_text(target, webmap.to_html(drawn))
    for target in pictures:
        write_picture(drawn, target, options)
    counts = f"{console.counted(len(table), 'incident')}; {int(table['date_start'].isna().sum())} without a date"
    console.say(f"{counts}, {int(table.geometry.isna().sum())} without a place.")
    for target in (*pages, *pictures):
        console.say(f"Wrote {target}")


def targets(output: Path | None, png: Path | None) -> tuple[list[Path], list[Path]]:
    """Which pages and which pictures to write.

    Raises:
        OutputError: none, or a file that cannot be written.
    """
    if output is None and png is None:
        raise OutputError("no file to write; name a page with -o map.html, or a picture with --png map.png.")
    given = [] if output is None else [export.check_target(output, (*PAGE_SUFFIXES, PICTURE_SUFFIX))]
    pictures = [path for path in given if path.suffix.lower() == PICTURE_SUFFIX]
    if png is not None:
        pictures.append(export.check_target(png, (PICTURE_SUFFIX,)))
    return [path for path in given if path not in pictures], pictures


def write_picture(drawn: IncidentMap, target: Path, options: dict[str, Any]) -> None:
    """Take the picture; it takes a few seconds, which is said."""
    from geo import webmap  # noqa: PLC0415  # slow

    with console.progress("Taking the picture"):
        taken = webmap.to_png(drawn, **options)
    export.write_bytes(target, taken)


def named(gazetteer: Path | None) -> Gazetteer | None:
    """The gazetteer that the note on method names: the one given, else the default one where it is built."""
    if gazetteer is None:
        from geo import webmap  # noqa: PLC0415  # slow

        return webmap.default_gazetteer()
    from gazetteer.store import Gazetteer  # noqa: PLC0415  # slow

    return Gazetteer.open(gazetteer)
