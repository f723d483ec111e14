"""The incident table → layers, one GeoJSON file each."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from geo import schema
from geo.errors import OutputError
from geo.export.files import staged
from geo.export.geojson import write_geojson, write_places

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    import geopandas as gpd
    import pandas as pd


def write_layers(
    incidents: gpd.GeoDataFrame,
    folder: str | Path,
    *,
    by: str,
    places: gpd.GeoDataFrame | None = None,
    without: Collection[str] = (),
) -> list[Path]:
    """One GeoJSON file for each value of `by` (LAYERS) in the folder, and places.geojson for the places mentioned.

    An incident in two countries, or perhaps in two months, is in both layers; one without is in `unknown.geojson`, so
    that none is lost. The columns in `without` are left out.

    Raises:
        OutputError: `by` is unknown, or the files cannot be written.
    """
    if by not in LAYERS:
        raise OutputError(f"--by {by}: unknown. Known are {' '.join(LAYERS)}.")
    schema.validate(incidents)
    target = Path(folder)
    rows: dict[str, list[int]] = {}
    for row, values in enumerate(LAYERS[by](incidents)):
        for value in values or [""]:
            rows.setdefault(value, []).append(row)
    names, incidents = file_names(sorted(rows)), incidents.drop(columns=list(without))
    try:
        target.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made: {error.strerror or error}.") from error
    with staged(target, target) as scratch:
        for value, name in names.items():
            write_geojson([incidents.iloc[rows[value]]], scratch / name, title=value or "unknown")
        if places is not None:
            write_places(places, scratch / "places.geojson")
        files = sorted(scratch.iterdir())
        return [file.replace(target / file.name) for file in files]


def file_names(values: Iterable[str]) -> dict[str, str]:
    """A GeoJSON file name for each value: lower-case letters and digits, none twice, none that a system reserves."""
    taken = {"places"}
    names = {}
    for value in values:
        stem = _safe(value)
        number = 1
        while (name := stem if number == 1 else f"{stem}-{number}") in taken:
            number += 1
        taken.add(name)
        names[value] = f"{name}.geojson"
    return names


def _safe(value: str) -> str:
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", value.casefold())
        if not unicodedata.combining(character)
    )
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    if stem in {"con", "prn", "aux", "nul"} or re.fullmatch(r"(com|lpt)\d", stem):  # Windows keeps these for devices
        return f"layer-{stem}"
    return stem or ("unknown" if not value else "layer")


def _months(incidents: pd.DataFrame) -> Iterator[list[str]]:
    for start, end in zip(incidents["date_start"], incidents["date_end"], strict=True):
        yield [] if start != start else _months_between(start.date(), end.date())  # noqa: PLR0124  # NaT


def _months_between(start: dt.date, end: dt.date) -> list[str]:
    """Every month that the interval touches; one longer than two years is in a layer of its own."""
    first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    if last - first > 24:  # noqa: PLR2004  # months
        return ["longer than two years"]
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1)]


LAYERS: dict[str, Callable[[pd.DataFrame], Iterable[Sequence[str]]]] = {
    "event_type": lambda incidents: ([value] if value else [] for value in incidents["event_type"]),
    "country": lambda incidents: iter(incidents["country"]),
    "month": _months,
    "geo_precision": lambda incidents: ([value] if value else [] for value in incidents["geo_precision"]),
}
"""What an incident table can be split by: each row's values, none where unknown."""
