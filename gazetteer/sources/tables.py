"""A user's own places: a CSV with a header that has at least name, lat and lon."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from gazetteer.errors import GazetteerError
from gazetteer.names import fold
from gazetteer.place import KINDS, Entry, Place
from gazetteer.sources.files import lines, opened
from gazetteer.sources.towns import settlement_radius

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LEAST_PROMINENCE = 0.45
"""Who adds a place means it when its name is told; only greater places come first."""


def read_table(path: Path) -> Iterator[Entry]:
    """Give the places of a table.

    Columns: `name`, `lat`, `lon`; and where wanted `id`, `alternate_names` (separated by `;`), `kind`, `countries` or
    `country` (ISO codes separated by `;`), `radius_km`, `population`, `admin1_code` (`SY.08`), `prominence` (0 to 1).

    Raises:
        GazetteerError: a row cannot be read; the message names file, row and value.
    """
    with opened(path) as stream:
        rows = csv.DictReader(line for line in lines(stream) if line.strip() and not line.startswith("#"))
        rows.fieldnames = [column.strip().lower() for column in rows.fieldnames or ()]
        for number, row in enumerate(rows, start=2):
            try:
                yield _entry(row, path.stem, number)
            except (ValueError, TypeError, AttributeError) as error:
                raise GazetteerError(f"{path.name}: row {number}: {error}") from error


def _entry(row: dict[str, str], table: str, number: int) -> Entry:
    given = {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
    kind = given.get("kind") or "settlement"
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; known: {', '.join(KINDS)}")
    if not fold(given["name"]):
        raise ValueError("needs a name")
    names = tuple(dict.fromkeys([given["name"], *_split(given.get("alternate_names", ""))]))
    population = int(float(given.get("population") or 0))
    place_id = given.get("id") or f"{fold(table).replace(' ', '-')}-{number}"
    place = Place(
        place_id=place_id if ":" in place_id else f"csv:{place_id}",
        name=names[0],
        kind=kind,
        lat=_degrees(given["lat"], 90),
        lon=_degrees(given["lon"], 180),
        countries=tuple(code.upper() for code in _split(given.get("countries") or given.get("country", ""))),
        admin1_code=given.get("admin1_code", ""),
        population=population,
        radius_m=float(given["radius_km"]) * 1000 if given.get("radius_km") else settlement_radius(population),
        name_count=len(names),
    )
    return Entry(place, names, prominence=float(given.get("prominence") or _LEAST_PROMINENCE))


def _degrees(text: str, most: int) -> float:
    degrees = float(text)
    if not abs(degrees) <= most:
        raise ValueError(f"{text} degrees is out of range")
    return degrees


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
