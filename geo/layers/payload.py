"""What is sent to the map's JavaScript: columns, each text once, days and degrees as whole numbers."""

from __future__ import annotations

import base64
import gzip
import hashlib
import itertools
import json
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from geo import schema
from geo.layers.basemap import basemap
from geo.layers.selection import FACETS, NOTHING
from geo.layers.told import FULL_LIMIT, tellings
from geo.schema import SEPARATOR

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pandas as pd

    from geo.layers.marks import Layers

FORMAT = 1
"""Of the payload; the JavaScript refuses another."""

SQUEEZE = 4  # of 9: a tenth larger than the best, in a quarter of the time
SHAPE_STEPS = 700  # an area or line is drawn with about this many steps across
TEXTS = ("sub_event_type", "date_precision", "time", "place", "place_text", "admin1", "geo_precision", "status")
LISTS = ("country", "actors", "targets", "weapons")
COUNTS = ("fatalities_min", "fatalities_max", "injured_min", "injured_max")
CLAIMS = {"event_type": 0, "place": 1, "date": 2}
COUNTED = 3
"""What words of a sentence tell: the event, the place, the date, or how many."""
MERGED = "merge."
"""Reasons why tellings are one incident; beyond FULL_LIMIT they are left out."""

TELLING = re.compile(r"\.\d+\.")
"""The number of a telling within a reason's name."""


class Payload(dict[str, Any]):
    """What the map is given, ready for JSON; `version` tells it from any other, `json` is it without the version."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.json = to_json(data)
        self["version"] = hashlib.sha256(self.json.encode()).hexdigest()[:16]


class Texts:
    """A table of texts, each once; number 0 is the empty one."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {"": 0}

    def __call__(self, text: object) -> int:
        """The number of a text."""
        return self.numbers.setdefault(text if isinstance(text, str) else str(text or ""), len(self.numbers))

    def column(self, values: Iterable[object]) -> list[int]:
        """The numbers of a few texts."""
        return [self(value) for value in values]

    def long_column(self, values: pd.Series) -> list[int]:
        """The numbers of many texts, most of which come again and again."""
        import numpy as np  # noqa: PLC0415  # heavy
        import pandas as pd  # noqa: PLC0415  # heavy

        codes, told = pd.factorize(values)
        numbers: list[int] = np.array([*self.column(told.tolist()), 0], "i8")[codes].tolist()
        return numbers


def payload(
    layers: Layers,
    *,
    title: str = "",
    gazetteer: str = "",
    made: dt.date | None = None,
    bounds: tuple[float, float, float, float] | None = None,
) -> Payload:
    """All that the map is given, ready for JSON; equal layers give an equal `version`.

    `gazetteer` is its version and `made` the day, for the note on method. `bounds` (west, south, east, north) is where
    the base map is fine; the incidents' own extent where it is not given.
    """
    text = Texts()
    countries = sorted({code for codes in schema.plain(layers.incidents["country"], "texts") for code in codes})
    data: dict[str, Any] = {
        "format": FORMAT,
        "title": title,
        "gazetteer": gazetteer,
        "made": made.isoformat() if made else "",
        "facets": list(FACETS),
        "nothing": NOTHING,
        "marks": marks_columns(layers.marks, text),
        "incidents": incident_columns(layers.incidents, text),
        "mentions": mention_columns(layers.mentions, text),
        "base": basemap(countries=countries, bounds=bounds or extent(layers.marks)),
    }
    data["countries"] = country_names(layers.incidents)
    data["reasons"] = reason_meanings(layers.incidents["reasons"])
    data["texts"] = list(text.numbers)
    return Payload(data)


def to_json(data: object) -> str:
    """Compact JSON that stays inert within a page: no character that could end a script or begin markup."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        text = text.encode("utf-8", "replace").decode()
    return text


def packed(data: Mapping[str, Any]) -> dict[str, Any]:
    """The payload compressed, as the JavaScript takes it."""
    text = data.json if isinstance(data, Payload) else to_json(data)
    squeezed = gzip.compress(text.encode(), compresslevel=SQUEEZE, mtime=0)
    return {"format": FORMAT, "version": data["version"], "gzip": base64.b64encode(squeezed).decode()}


def extent(marks: pd.DataFrame) -> tuple[float, float, float, float] | None:
    """West, south, east, north of all marks."""
    if not len(marks):
        return None
    return (marks["lon"].min(), marks["lat"].min(), marks["lon"].max(), marks["lat"].max())


def marks_columns(marks: pd.DataFrame, text: Texts) -> dict[str, Any]:
    """Places drawn: degrees as hundred-thousandths, shapes as steps on a grid of their own."""
    return {
        "draw": marks["draw"].tolist(),
        "name": text.column(marks["name"]),
        "lat": hundred_thousandths(marks["lat"]),
        "lon": hundred_thousandths(marks["lon"]),
        "radius": marks["radius_m"].astype("int64").tolist(),
        "precision": text.column(marks["geo_precision"]),
        "country": [text(";".join(codes)) for codes in schema.plain(marks["country"], "texts")],
        "shape": {str(i): shape_steps(shape) for i, shape in enumerate(marks["geometry"]) if shape is not None},
    }


def hundred_thousandths(degrees: pd.Series) -> list[int]:
    """Degrees as whole numbers of 1e-5, about a metre."""
    numbers: list[int] = (degrees.astype("float64") * 1e5).round().astype("int64").tolist()
    return numbers


def shape_steps(shape: Any) -> dict[str, Any]:  # noqa: ANN401  # any area or line of shapely's
    """An area or line simplified to what a map shows of it.

    `step` in degrees, whether it is an `area`, `parts` as steps from vertex to vertex (lon, lat, lon, lat ...), the
    first from 0, 0.
    """
    import shapely  # noqa: PLC0415  # heavy

    west, south, east, north = shape.bounds
    step = max(1e-5, max(east - west, north - south) / SHAPE_STEPS)
    simple = shapely.simplify(shape, step, preserve_topology=False)
    simple = simple if not simple.is_empty else shape
    area = "Polygon" in shape.geom_type
    rings = shapely.get_rings(shapely.get_parts(simple)) if area else shapely.get_parts(simple)
    parts = [steps(shapely.get_coordinates(ring).tolist(), step) for ring in rings]
    return {"step": float(f"{step:.6g}"), "area": area, "parts": [part for part in parts if len(part) > 2]}  # noqa: PLR2004


def steps(vertices: Sequence[Sequence[float]], step: float) -> list[int]:
    """Vertices as whole steps, each from the one before."""
    grid = [(round(lon / step), round(lat / step)) for lon, lat in vertices]
    moves = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise([(0, 0), *grid])]
    return [number for i, move in enumerate(moves) if i == 0 or any(move) for number in move]


def incident_columns(incidents: pd.DataFrame, text: Texts) -> dict[str, Any]:
    """Incidents: days since 1970, texts as numbers; a column that says nothing is left out."""
    start, length = days(incidents)
    tellers, told, full = Tellers(text), tellings(incidents), len(incidents) <= FULL_LIMIT
    columns: dict[str, Any] = {
        "count": len(incidents),
        "id": incidents["incident_id"].to_numpy(object).tolist(),
        "start": start,
        "length": length,
        "mark": incidents["mark"].tolist(),
        "type": text.long_column(incidents["event_type"]),
        "confidence": (incidents["confidence"] * 100).round().fillna(-1).astype("int64").tolist(),
        "sources": [tellers.rows(one) for one in told],
        "tellers": tellers.table,
        "marked": by_row(told, claims),
        "told": by_row(told, counts_told),
        "context": by_row(told, lambda one: around(one, text)) if full else {},
        "reasons": {
            key: text.column(reason_lines(value, full=full)) for key, value in filled(incidents["reasons"], "object")
        },
        "alternatives": {key: alternatives(value, text) for key, value in filled(incidents["alternatives"], "records")},
    }
    columns |= {name: text.long_column(incidents[name]) for name in TEXTS}
    columns |= {name: list_column(incidents[name], text) for name in LISTS}
    columns["event_count"] = sparse(incidents["event_count"][incidents["event_count"] != 1])
    counts = {name: counted(incidents[name]) for name in COUNTS if incidents[name].notna().any()}
    return {name: column for name, column in columns.items() if says_something(column)} | counts


def list_column(values: pd.Series, text: Texts) -> list[list[int]]:
    """The numbers of the texts of each list."""
    known: dict[tuple[str, ...], list[int]] = {(): []}
    rows = map(tuple, schema.plain(values, "texts"))
    return [known[row] if row in known else known.setdefault(row, text.column(row)) for row in rows]


class Tellers:
    """Who told it: report, publisher, link and day, each combination once."""

    def __init__(self, text: Texts) -> None:
        self.text = text
        self.numbers: dict[tuple[Any, ...], int] = {}
        self.table: list[list[int]] = []

    def rows(self, told: Iterable[Mapping[str, Any]]) -> list[int]:
        """For each telling of one incident the number of its teller and that of its sentence."""
        found: list[int] = []
        for one in told:
            found += (self.number(one), self.text(one.get("evidence")))
        return found

    def number(self, source: Mapping[str, Any]) -> int:
        """The number of a telling's teller."""
        get = source.get
        key = (get("report"), get("publisher"), get("url"), get("published"))
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.table)
            self.table.append(self.text.column(key))
        return number


def says_something(column: object) -> bool:
    """Whether a column holds anything but empty values."""
    return any(column) if isinstance(column, list) else bool(column) or column == 0


def days(incidents: pd.DataFrame) -> tuple[list[int | None], list[int]]:
    """First day of each incident, from 1970, null where unknown, and how many days more its interval has."""
    start = incidents["date_start"].astype("datetime64[s]")
    end = incidents["date_end"].astype("datetime64[s]").fillna(start)
    dated = start.notna()
    first = start[dated].astype("int64") // 86_400
    more = (end - start).dt.days.fillna(0).clip(lower=0).astype("int64")
    return [*first.tolist(), *[None] * int((~dated).sum())], more.tolist()  # the undated stand last


def counted(column: pd.Series) -> dict[str, int] | list[int | None]:
    """Numbers of the rows that have one: by row where they are few, else one a row."""
    if column.notna().sum() * 4 < len(column):
        return sparse(column)
    return [None if missing else int(value) for value, missing in zip(column, column.isna(), strict=True)]


def sparse(column: pd.Series) -> dict[str, int]:
    """Row → value, of the rows that have one."""
    told = column.dropna()
    return {str(row): int(value) for row, value in zip(told.index, told, strict=True)}


def filled(column: pd.Series, kind: str) -> Iterator[tuple[str, Any]]:
    """Row, as JSON wants its keys, and value, of the rows of a column of that kind that have one."""
    return ((str(row), value) for row, value in enumerate(schema.plain(column, kind)) if value)


def by_row(
    told: Iterable[Iterable[Mapping[str, Any]]], read: Callable[[Mapping[str, Any]], list[Any]]
) -> dict[str, Any]:
    """Row → for each of its tellings what `read` finds in it; rows whose tellings hold nothing are left out."""
    rows = ([read(one) for one in some] for some in told)
    return {str(row): found for row, found in enumerate(rows) if any(found)}


def around(source: Mapping[str, Any], text: Texts) -> list[int]:
    """The numbers of the texts before and after a sentence; [] where there are none."""
    before, after = source.get("before"), source.get("after")
    return text.column([before, after]) if before or after else []


def counts_told(source: Mapping[str, Any]) -> list[int | None]:
    """What one telling counts: killed at least, at most, injured at least, at most; [] where it counts nothing."""
    killed, injured = source.get("fatalities"), source.get("injured")
    if not killed and not injured:
        return []
    numbers = [number if isinstance(number, int) else None for pair in (killed, injured) for number in two(pair)]
    return numbers if any(number is not None for number in numbers) else []


def claims(source: Mapping[str, Any]) -> list[int]:
    """The claims of one telling whose words stand in its sentence; offsets are code points from its start."""
    fields = source.get("fields")
    if not fields or not isinstance(fields, Mapping):
        return []
    (first, last), length = two(source.get("span")), len(source.get("evidence") or "")
    if not isinstance(first, int) or last != first + length:
        return []
    moved = [(two(place), CLAIMS.get(name, COUNTED)) for name, place in fields.items()]
    inside = sorted(
        (start - first, end - first, kind)
        for (start, end), kind in moved
        if isinstance(start, int) and isinstance(end, int) and first <= start < end <= last
    )
    return [number for start, end, kind in inside for number in (kind, start, end)]


def two(pair: object) -> tuple[Any, Any]:
    """A pair as whatever file told it; two times None where it is none."""
    return (pair[0], pair[1]) if isinstance(pair, (list, tuple)) and len(pair) == 2 else (None, None)  # noqa: PLR2004


def reason_lines(reasons: Mapping[str, Any], *, full: bool) -> list[str]:
    """Why this place and this event: one line a reason."""
    return [f"{name}: {plain(value)}" for name, value in reasons.items() if full or not name.startswith(MERGED)]


def reason_meanings(reasons: pd.Series) -> dict[str, str]:
    """What the names of the reasons mean, without the number of a telling, and the values of "how": "how.focus"."""
    every = [value for _, value in filled(reasons, "object")]
    used = {name for value in every for name in value}
    used |= {f"how.{told}" for value in every for name, told in value.items() if name.endswith(".how")}
    told = {TELLING.sub(".", name): schema.meaning(name) for name in used}
    return {name: words for name, words in sorted(told.items()) if words}


def alternatives(rivals: Iterable[Mapping[str, Any]], text: Texts) -> list[list[int | None]]:
    """Runner-up places: what they are, where in hundred-thousandths of a degree, and their score in thousandths."""
    scales = {"lat": 1e5, "lon": 1e5, "score": 1e3}
    rows = []
    for one in rivals:
        line = ", ".join(plain(one[key]) for key in ("name", "kind", "admin1", "country") if one.get(key))
        numbers = [scaled(one.get(key), by) for key, by in scales.items()]
        rows.append([text(line), *numbers])
    return rows


def scaled(value: object, by: float) -> int | None:
    """A number as a whole number of its units; None where it is none."""
    return round(value * by) if isinstance(value, (int, float)) and math.isfinite(value) else None


def plain(value: object) -> str:
    """A value as a reader wants it: three figures of a number, a list with commas."""
    if isinstance(value, float):
        return f"{value:.3g}" if math.isfinite(value) else ""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(plain, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def mention_columns(mentions: pd.DataFrame, text: Texts) -> dict[str, Any]:
    """The places mentioned."""
    return {
        "name": text.column(mentions["name"]),
        "kind": text.column(mentions["kind"]),
        "lat": hundred_thousandths(mentions["lat"]),
        "lon": hundred_thousandths(mentions["lon"]),
        "n": mentions["count"].astype("int64").tolist(),
    }


def country_names(incidents: pd.DataFrame) -> dict[str, str]:
    """Code → English name, of every incident whose countries are all named."""
    codes = map(tuple, schema.plain(incidents["country"], "texts"))
    rows = dict(zip(codes, incidents["country_name"].to_numpy(object).tolist(), strict=True))
    named = ((known, told.split(SEPARATOR)) for known, told in rows.items() if told)
    return {
        code: name
        for known, names in named
        if len(known) == len(names)
        for code, name in zip(known, names, strict=True)
    }
