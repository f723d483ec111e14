"""What the columns of a table are, by their names and by what they hold; how days and coordinates are written."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from geo.errors import InputError
from geo.tables import cells, coordinates, days, names
from geo.tables.mapping import TableMapping
from geo.tables.model import Problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from geo.tables.where import Atlas

_SAMPLED = 1_000
"""Rows that are looked at to tell what a column holds."""
_MOST = 0.8
"""A column is what this share of its cells are."""
_UNIQUE = 0.5
"""A column of ids has at least so many different ones."""
_PLACES_ASKED, _PLACES_FOUND = 40, 0.6
_FEWEST_PLACES = 3
_POINTS_ASKED = 30
_FRACTION = re.compile(r"[-+−]?\d{1,3}[.,]\d{2,}\Z")
"""A coordinate has a fraction of some digits, mostly; a count has none."""
_WORDS = re.compile(r"[^\W\d_]{2,}")


@dataclass
class Sample:
    """The first rows of a table: the filled cells of each column, the same row by row, whether there are geometries."""

    filled: dict[str, list[str]]
    rows: list[dict[str, str | None]]
    shapes: bool


def settled(mapping: TableMapping, source: Any, atlas: Atlas) -> TableMapping:  # noqa: ANN401  # one of SOURCES
    """The mapping with what the cells tell: columns whose names say nothing, the order of days and of coordinates.

    Raises:
        InputError: no column holds places or coordinates, and the file has no geometries.
    """
    sample = _sample(source)
    if not mapping.format:
        mapping = _without_false(mapping, sample)
        mapping = _by_content(mapping, sample, atlas)
        mapping = _turned(mapping, sample)
    mapping = _coordinate_order(mapping, sample, atlas)
    _check(mapping, source, sample)
    return _date_order(mapping, source, sample)


def by_names(columns: Sequence[str]) -> TableMapping:
    """What the names of the columns say."""
    found = names.guess(columns)
    return TableMapping(
        columns={role: (column,) for role, column in found.items()}, how=dict.fromkeys(found, "by its name")
    )


def locates(columns: Sequence[str]) -> bool:
    """Whether the names of some columns say that they hold coordinates."""
    found = names.guess(columns)
    return "point" in found or {"lat", "lon"} <= set(found)


def _sample(source: Any) -> Sample:  # noqa: ANN401
    chunk = source.head()
    if chunk is None:
        return Sample({name: [] for name in source.columns}, [], shapes=False)
    head = chunk.cells.slice(0, _SAMPLED)
    columns = {name: head.column(name).to_pylist() for name in head.column_names}
    filled = {
        name: [cell for cell in found if cell and cell.strip() and not cells.is_missing(cell)]
        for name, found in columns.items()
    }
    return Sample(filled, head.to_pylist(), chunk.shapes is not None)


def _check(mapping: TableMapping, source: Any, sample: Sample) -> None:  # noqa: ANN401
    told = set(mapping.columns)
    if sample.shapes or told & {"place", "point", "country", "admin1"} or {"lat", "lon"} <= told:
        return
    columns = ", ".join(source.columns)[:500]
    raise InputError(
        f"{source.name}: no column looks like place names; name one with --place-column or write a --mapping."
        f" The columns are {columns}."
    )


# --- what a name says against what the cells do -----------------------------------------------------------------------


def _without_false(mapping: TableMapping, sample: Sample) -> TableMapping:
    """Without what a name says and the cells deny: ids that recur, days that are none, coordinates that are words."""
    tests: Mapping[str, Callable[[Sequence[str]], bool]] = {
        "incident_id": lambda found: len(set(found)) >= _UNIQUE * len(found),
        "date": lambda found: _share(found, _is_day) >= 1 - _MOST,
        "lat": lambda found: _share(found, _is_angle) >= 1 - _MOST,
        "lon": lambda found: _share(found, _is_angle) >= 1 - _MOST,
        "point": lambda found: _share(found, lambda cell: coordinates.pair(cell) is not None) >= 1 - _MOST,
        "place": lambda found: _share(found, lambda cell: bool(_WORDS.search(cell))) >= 1 - _MOST,
        "time": lambda found: _share(found, lambda cell: ":" in cell) >= 1 - _MOST,
    }
    columns = {
        role: told
        for role, told in mapping.columns.items()
        if role not in tests or mapping.how.get(role) != "by its name" or _holds(tests[role], told[0], sample)
    }
    return replace(mapping, columns=columns, how={role: how for role, how in mapping.how.items() if role in columns})


def _holds(test: Callable[[Sequence[str]], bool], column: str, sample: Sample) -> bool:
    found = sample.filled.get(column, [])
    return not found or test(found)


def _share(found: Sequence[str], test: Callable[[str], bool]) -> float:
    some = found[:200]
    return sum(map(test, some)) / len(some) if some else 0.0


def _is_day(cell: str) -> bool:
    return (
        not isinstance(days.read(cell, "dmy"), str)
        or not isinstance(days.read(cell, "mdy"), str)
        or _is_number_day(cell)
    )


def _is_number_day(cell: str) -> bool:
    return bool(re.fullmatch(r"\d{5}(?:\.\d+)?|\d{10}|\d{13}", cell.strip()))


def _is_angle(cell: str) -> bool:
    return coordinates.angle(cell) is not None


# --- what the cells say -----------------------------------------------------------------------------------------------


def _by_content(mapping: TableMapping, sample: Sample, atlas: Atlas) -> TableMapping:
    """Columns for days, coordinates and places whose names say nothing."""
    columns, how = dict(mapping.columns), dict(mapping.how)
    taken = mapping.used()
    free = [name for name in sample.filled if name not in taken and sample.filled[name]]
    located = sample.shapes or "point" in columns or {"lat", "lon"} <= set(columns)

    def settle(role: str, column: str | None, why: str) -> None:
        if column is not None:
            columns[role], how[role] = (column,), why
            free.remove(column)

    if "date" not in columns:
        settle("date", _best(free, sample, lambda cell: not cell.isdigit() and _is_day(cell)), "its cells are days")
    if not located:
        settle("point", _best(free, sample, _is_pair), "its cells are pairs of coordinates")
        located = "point" in columns
    if not located and (two := _two_angles(free, sample)):
        settle("lat", two[0], "its cells are degrees, never beyond 90")
        settle("lon", two[1], "its cells are degrees beyond 90")
        located = True
    if not located and "place" not in columns:
        settle("place", _places(free, sample, atlas), "the gazetteer knows its cells")
    return replace(mapping, columns=columns, how=how)


def _best(free: Sequence[str], sample: Sample, test: Callable[[str], bool]) -> str | None:
    shares = {name: _share(sample.filled[name], test) for name in free}
    best = max(shares, key=lambda name: shares[name], default=None)
    return best if best is not None and shares[best] >= _MOST else None


def _is_pair(cell: str) -> bool:
    """Two coordinates, with fractions or signs of degrees: 10, 20 could be anything."""
    found = coordinates.pair(cell)
    if found is None or max(abs(found[0]), abs(found[1])) > 180:  # noqa: PLR2004  # degrees
        return False
    return bool(found[2]) or len(re.findall(r"\d[.,]\d", cell)) > 1


def _two_angles(free: Sequence[str], sample: Sample) -> tuple[str, str] | None:
    """A column of latitudes and one of longitudes, where some longitude is beyond 90 degrees."""
    found = [name for name in free if _share(sample.filled[name], lambda cell: bool(_FRACTION.match(cell))) >= _MOST]
    wide = [name for name in found if _reach(sample.filled[name]) > 90]  # noqa: PLR2004  # degrees
    narrow = [name for name in found if name not in wide]
    return (narrow[0], wide[0]) if len(wide) == len(narrow) == 1 else None


def _reach(found: Iterable[str]) -> float:
    return max((abs(one[0]) for cell in found if (one := coordinates.angle(cell))), default=0.0)


def _places(free: Sequence[str], sample: Sample, atlas: Atlas) -> str | None:
    """The column most of whose cells are names that the gazetteer knows; the more different ones, the better."""
    best: tuple[float, str] | None = None
    for name in free:
        some = list(dict.fromkeys(cell.strip() for cell in sample.filled[name] if len(cell) < 80))[:_PLACES_ASKED]  # noqa: PLR2004  # a name
        wordy = [cell for cell in some if _WORDS.search(cell) and not cell[:1].islower()]
        if len(wordy) < max(_MOST * len(some), _FEWEST_PLACES):
            continue
        known = sum(bool(atlas.gazetteer.find(cell, limit=1, fuzzy=False)) for cell in wordy) / len(some)
        if known >= _PLACES_FOUND and (best is None or known * len(some) > best[0]):
            best = known * len(some), name
    return best[1] if best else None


# --- orders -----------------------------------------------------------------------------------------------------------


def _turned(mapping: TableMapping, sample: Sample) -> TableMapping:
    """Latitude and longitude the right way round, where the names are wrong."""
    lat, lon = mapping.first("lat"), mapping.first("lon")
    if not lat or not lon or not coordinates.swapped(sample.filled.get(lat, []), sample.filled.get(lon, [])):
        return mapping
    why = "called the wrong way round: latitudes are never beyond 90"
    return replace(
        mapping,
        columns={**mapping.columns, "lat": (lon,), "lon": (lat,)},
        how={**mapping.how, "lat": why, "lon": why},
    )


def _coordinate_order(mapping: TableMapping, sample: Sample, atlas: Atlas) -> TableMapping:
    """Which comes first where both stand in one cell: by the cells, by the column's name, by the rows' countries."""
    if "point" not in mapping.columns or mapping.read.get("coordinate_order"):
        return mapping
    column = mapping.first("point")
    order, why = coordinates.pair_order(sample.filled.get(column, []))
    if not order:
        order, why = _order_by_name(column)
    if not order and "country" in mapping.columns:
        order, why = _order_by_country(mapping, sample, atlas)
    order, why = (order, why) if order else ("lat lon", "as most people write it; nothing in the table tells")
    return replace(
        mapping, read={**mapping.read, "coordinate_order": order}, how={**mapping.how, "coordinate_order": why}
    )


def _order_by_name(column: str) -> tuple[str, str]:
    key = names.key(column).replace("_", "")
    if re.search(r"lat\w{0,6}(?:lon|lng)", key):
        return "lat lon", "by the column's name"
    return ("lon lat", "by the column's name") if re.search(r"(?:lon|lng)\w{0,6}lat", key) else ("", "")


def _order_by_country(mapping: TableMapping, sample: Sample, atlas: Atlas) -> tuple[str, str]:
    """The order in which more points lie in the country of their row."""
    column, country = mapping.first("point"), mapping.first("country")
    right = {"lat lon": 0, "lon lat": 0}
    told = ((row.get(column), row.get(country)) for row in sample.rows)
    for cell, name in itertools.islice(((cell, name) for cell, name in told if cell and name), _POINTS_ASKED):
        found, code = coordinates.pair(cell), atlas.code(name, mapping.read.get("country_codes", ""))
        for order in right if found and code else ():
            lat, lon = (found[0], found[1]) if order == "lat lon" else (found[1], found[0])  # type: ignore[index]
            inside = coordinates.on_earth(lat, lon) and code in atlas.gazetteer.countries_at(lat=lat, lon=lon)
            right[order] += inside
    best = max(right, key=lambda order: right[order])
    if right["lat lon"] == right["lon lat"]:
        return "", ""
    return best, f"{right[best]} points then lie in the country of their row"


def _date_order(mapping: TableMapping, source: Any, sample: Sample) -> TableMapping:  # noqa: ANN401
    """Which of day and month comes first, by every cell of the column where the first rows do not tell."""
    if "date" not in mapping.columns or mapping.read.get("date_order"):
        return mapping
    columns = [name for role in ("date", "date_end") for name in mapping.columns.get(role, ())]
    order = why = ""
    doubtful = False
    for values in itertools.chain([_first_cells(sample, columns)], _date_cells(source, columns)):
        order, why = days.order_of(values)
        doubtful = doubtful or days.is_ambiguous(values)
        if order or not doubtful:
            break
    if not order:
        return mapping
    return replace(mapping, read={**mapping.read, "date_order": order}, how={**mapping.how, "date_order": why})


def _first_cells(sample: Sample, columns: Sequence[str]) -> list[str]:
    return [cell for name in columns for cell in sample.filled.get(name, [])]


def _date_cells(source: Any, columns: Sequence[str]) -> Iterator[list[str]]:  # noqa: ANN401
    """The distinct cells of the columns, chunk by chunk."""
    for chunk in source.chunks(Problems(source.name), only=columns):
        found = [cells.distinct(cells.trimmed(chunk.cells.column(name)))[1] for name in columns]
        yield list(itertools.chain.from_iterable(found))
