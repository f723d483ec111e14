"""The project's own places: `overlay*.csv`, whose extents are composed of areas and lines.

An extent is one of `admin1:UA.05+UA.14` (union of first-order areas), `admin2:...`, `country:FR+DE`,
`line:lon lat,...`, `polygon:lon lat,...`, `border:IN-PK` (the border that two countries share), `disputed:Line of
Control` (a line of `boundaries_disputed.parquet`), `buffer:20:line:...` (a line widened by 20 km to each side);
several joined with `|` are united. An empty extent is a point with a radius.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gazetteer.errors import GazetteerError
from gazetteer.names import acronym
from gazetteer.place import KINDS, Entry, Place
from gazetteer.sources import boundaries
from gazetteer.sphere import METRES_A_DEGREE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

_PROMINENCE = {
    "continent": 0.85, "region": 0.62, "sea": 0.6, "border": 0.5, "river": 0.5, "valley": 0.45, "mountain": 0.45,
    "desert": 0.5, "island": 0.5, "lake": 0.45, "forest": 0.4, "road": 0.4, "admin1": 0.55, "admin2": 0.45,
    "country": 0.7,
}  # fmt: skip
_SITE_PROMINENCE = 0.42
"""Bases, camps, crossings and the like: an overlay names only what news names."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """The areas that an extent may be composed of."""

    countries: dict[str, boundaries.Area]
    admin1: dict[str, boundaries.Area]
    admin2: dict[str, boundaries.Area]
    disputed: dict[str, boundaries.Area]
    border: Callable[[str, str], Any]


def overlay_files() -> list[Path]:
    """The overlay's tables, in the order of their names."""
    return sorted(boundaries.FOLDER.glob("overlay*.csv"))


def read_overlay(path: Path, shapes: Shapes) -> Iterator[Entry]:
    """Give the places of one table.

    Raises:
        GazetteerError: a row is at fault; the message names file, row and value.
    """
    for row in _rows(path.name):
        try:
            yield _entry(row, shapes)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise GazetteerError(f"{path.name}: place {row.get('id')!r}: {error}") from error


def read_disputed(shapes: Shapes) -> Iterator[tuple[tuple[str, ...], bytes]]:
    """Give the areas of `disputed.csv`: who claims each, and its shape as WKB.

    Raises:
        GazetteerError: a row is at fault.
    """
    import shapely  # noqa: PLC0415  # only a build needs it

    for row in _rows("disputed.csv"):
        try:
            yield _split(row["countries"]), shapely.to_wkb(compose(row["extent"], shapes))
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise GazetteerError(f"disputed.csv: area {row.get('name')!r}: {error}") from error


def _entry(row: dict[str, str], shapes: Shapes) -> Entry:
    import shapely  # noqa: PLC0415  # only a build needs it

    kind = row["kind"].strip()
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; known: {', '.join(KINDS)}")
    shape = compose(row["extent"].strip(), shapes)
    lat, lon = _point(row, shape)
    names = (row["name"].strip(), *_split(row["alternate_names"]))
    plain = tuple(dict.fromkeys(name for name in names if not _is_code(name)))
    place = Place(
        place_id=_own_id(row["id"].strip()),
        name=names[0],
        kind=kind,
        lat=lat,
        lon=lon,
        countries=_split(row["countries"]),
        radius_m=_radius(row, shape, lat, lon),
        name_count=len(names),
    )
    return Entry(
        place,
        plain or names[:1],
        codes=tuple(name for name in names if _is_code(name)),
        prominence=_PROMINENCE.get(kind, _SITE_PROMINENCE),
        geometry=None if shape is None else shapely.to_wkb(shape),
    )


def _own_id(place_id: str) -> str:
    """An id that tells its source: one of ours where the table names none."""
    if not place_id:
        raise ValueError("needs an id")
    return place_id if ":" in place_id else f"own:{place_id}"


@dataclass(frozen=True, slots=True)
class Words:
    """Words of our own for places of any source, by id.

    `shown` is the name that news uses where the source has a scholarly one; `spellings` are further names to find a
    place by; `demonyms` say who or what is from there.
    """

    shown: dict[str, str]
    spellings: dict[str, tuple[str, ...]]
    demonyms: dict[str, tuple[str, ...]]

    def add_to(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Hand entries on, with the words for those that have any."""
        worded = self.shown.keys() | self.spellings.keys() | self.demonyms.keys()
        for entry in entries:
            yield self._with_words(entry) if entry.place.place_id in worded else entry

    def _with_words(self, entry: Entry) -> Entry:
        place_id = entry.place.place_id
        shown = self.shown.get(place_id, entry.place.name)
        names = self.spellings.get(place_id, ())
        codes = [name for name in names if _is_code(name)]
        return replace(
            entry,
            place=replace(entry.place, name=shown),
            names=tuple(dict.fromkeys([shown, *entry.names, *(name for name in names if name not in codes)])),
            codes=tuple(dict.fromkeys([*entry.codes, *codes])),
            demonyms=tuple(dict.fromkeys([*entry.demonyms, *self.demonyms.get(place_id, ())])),
        )


def load_words() -> Words:
    """Read `spellings.csv` and `demonyms.csv`."""
    rows = _rows("spellings.csv")
    shown = {row["id"].strip(): row["name"].strip() for row in rows if (row.get("name") or "").strip()}
    spellings = {row["id"].strip(): _split(row["alternate_names"]) for row in rows}
    demonyms: dict[str, list[str]] = {}
    for row in _rows("demonyms.csv"):
        narrower = _split(row["ids"])
        told = {place_id.partition(":")[2].partition(".")[0] for place_id in narrower}
        wider = [f"country:{iso}" for iso in _split(row["countries"]) if iso not in told]
        for place_id in (*narrower, *wider):
            demonyms.setdefault(place_id, []).append(row["demonym"].strip())
    return Words(shown, spellings, {place_id: tuple(words) for place_id, words in demonyms.items()})


def _rows(name: str) -> list[dict[str, str]]:
    """Rows of one of our tables, comments left out; none where the table is absent."""
    path = boundaries.FOLDER / name
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


def _is_code(name: str) -> bool:
    return bool(acronym(name))


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(";") if part.strip())


def _point(row: dict[str, str], shape: Any) -> tuple[float, float]:  # noqa: ANN401  # shapely publishes no types
    if row["lat"].strip() and row["lon"].strip():
        lat, lon = float(row["lat"]), float(row["lon"])
        if not (abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004  # the poles and the antimeridian
            raise ValueError(f"point out of range: {lat}, {lon}")
        return lat, lon
    if shape is None:
        raise ValueError("needs lat and lon, or an extent")
    return boundaries.point_of(shape)


def _radius(row: dict[str, str], shape: Any, lat: float, lon: float) -> float:  # noqa: ANN401  # as above
    if row["radius_km"].strip():
        return float(row["radius_km"]) * 1000
    return 1000.0 if shape is None else round(boundaries.radius_of(shape, lat, lon), -2)


def compose(extent: str, shapes: Shapes) -> Any:  # noqa: ANN401  # shapely publishes no types
    """Make the geometry that an extent describes; None for an empty one.

    Raises:
        ValueError: the extent cannot be read.
        KeyError: it names an area that there is none of.
    """
    import shapely  # noqa: PLC0415  # only a build needs it

    parts = [_compose_one(part.strip(), shapes) for part in extent.split("|") if part.strip()]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _compose_one(extent: str, shapes: Shapes) -> Any:  # noqa: ANN401  # shapely publishes no types
    import shapely  # noqa: PLC0415  # only a build needs it

    form, _, rest = extent.partition(":")
    match form:
        case "admin1" | "admin2" | "country":
            table = {"admin1": shapes.admin1, "admin2": shapes.admin2, "country": shapes.countries}[form]
            return shapely.union_all([table[code.strip()].shape for code in rest.split("+")])
        case "line":
            return shapely.LineString(_coords(rest))
        case "polygon":
            return shapely.Polygon(_coords(rest))
        case "disputed":
            return shapely.union_all([shapes.disputed[name.strip()].shape for name in rest.split("+")])
        case "border":
            return _border(rest, shapes)
        case "buffer":
            km, _, inner = rest.partition(":")
            return _widen(_compose_one(inner, shapes), float(km))
    raise ValueError(f"extent {extent[:60]!r} has an unknown form")


def _border(pair: str, shapes: Shapes) -> Any:  # noqa: ANN401  # shapely publishes no types
    first, _, second = pair.partition("-")
    line = shapes.border(first.strip(), second.strip())
    if line is None:
        raise ValueError(f"{first} and {second} share no border")
    return line


def _coords(text: str) -> list[tuple[float, float]]:
    pairs = [pair.split() for pair in text.split(",")]
    return [(float(lon), float(lat)) for lon, lat in pairs]


def _widen(shape: Any, km: float) -> Any:  # noqa: ANN401  # shapely publishes no types
    """Widen a shape by kilometres: longitudes are squeezed by the cosine of the latitude while it is done."""
    from shapely import affinity  # noqa: PLC0415  # only a build needs it

    squeeze = max(math.cos(math.radians(shape.centroid.y)), 0.05)
    flat = affinity.scale(shape, xfact=squeeze, yfact=1, origin=(0, 0))
    wide = flat.buffer(km * 1000 / METRES_A_DEGREE, quad_segs=4)
    return affinity.scale(wide, xfact=1 / squeeze, yfact=1, origin=(0, 0))
