"""How the columns of a table become incidents: the known shapes (formats/*.toml), and mappings that a person saved.

A mapping says what each column is (`[columns]`), how days, coordinates and country codes are written (`[read]`), which
side did it (`[[sides]]`), which values mean that nothing is known (`[unknown]`), what codes mean (`[codes.*]`), and
which columns only repeat what others say (`carried`): they are not kept in `original`.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import schema
from geo.errors import InputError
from geo.tables import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

ROLES = {
    "incident_id": "what the row is called; unique",
    "date": "the day, or the first of several",
    "date_end": "the last day",
    "date_precision": "how exact the day is",
    "time": "the local clock",
    "place": "the name of the place, or a phrase as '30 km north of Mosul'",
    "country": "the country by name or code",
    "admin1": "the province",
    "admin2": "the district",
    "lat": "latitude",
    "lon": "longitude",
    "point": "both coordinates in one cell",
    "geo_precision": "how exact the place is",
    "radius_m": "how far off the place may be, metres",
    "event_type": "what happened",
    "sub_event_type": "what happened, more exactly",
    "actors": "who did it",
    "targets": "to whom",
    "weapons": "with what",
    "fatalities": "killed",
    "fatalities_min": "killed, at least",
    "fatalities_max": "killed, at most",
    "injured": "injured",
    "injured_min": "injured, at least",
    "injured_max": "injured, at most",
    "text": "what was told",
    "publisher": "who told it",
    "url": "where it was told",
    "published": "the day it was told",
    "status": "how far it was checked",
}
"""What a column may be."""
READ = {
    "date_order": ("", "ymd", "dmy", "mdy", "serial", "unix"),
    "coordinate_order": ("", "lat lon", "lon lat"),
    "country_codes": ("", "iso", "fips"),
    "types": ("", "cameo"),
}
"""How values are written, and what may be said of that; "" is found out."""
CODES = ("geo_precision", "date_precision", "event_type", "sub_event_type", "radius_m", "status", "inter")
_ALLOWED = {
    "geo_precision": ("", *schema.GEO_PRECISIONS),
    "date_precision": ("", *schema.DATE_PRECISIONS),
    "status": ("", *schema.STATUSES),
}
FORMATS = ("acled", "ucdp", "gdelt", "atlos")
_TOP = ("format", "columns", "read", "sides", "unknown", "codes", "carried", "back", "recognise")
_LOOKED_AT = 20
"""Rows of a table without a header that are looked at: half of them tell."""
_CUT = 10
"""A shapefile's names have so many letters."""


@dataclass(frozen=True, slots=True)
class Side:
    """The columns of one side, and when it is the one to whom it was done: always, or by a code in another column."""

    columns: tuple[str, ...]
    code: str = ""
    targets: tuple[str, ...] = ()
    all_targets: bool = False


@dataclass(frozen=True, slots=True)
class TableMapping:
    """What each column is; `how` tells what that rests on, for people to read."""

    format: str = ""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    read: Mapping[str, str] = field(default_factory=dict)
    sides: tuple[Side, ...] = ()
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    carried: tuple[str, ...] = ()
    how: Mapping[str, str] = field(default_factory=dict)

    def first(self, role: str) -> str:
        """The (best) column of a role, "" where there is none."""
        return self.columns[role][0] if self.columns.get(role) else ""

    def used(self) -> set[str]:
        """Every column that is read."""
        of_sides = {name for side in self.sides for name in (*side.columns, side.code) if name}
        return of_sides | {name for told in self.columns.values() for name in told}

    def lines(self) -> Iterator[str]:
        """The mapping as a tidy table."""
        known = f"as {self.format.upper()} writes it" if self.format else ""
        rows = [
            (role, ", ".join(self.columns[role]), self.how.get(role, known)) for role in ROLES if role in self.columns
        ]
        rows += [("sides", ", ".join(side.columns), known) for side in self.sides]
        rows += [
            (name.replace("_", " "), value, self.how.get(name, known)) for name, value in self.read.items() if value
        ]
        widths = [max((len(row[at]) for row in rows), default=0) for at in (0, 1)]
        for role, column, how in rows:
            yield f"{role:<{widths[0]}}  {column:<{widths[1]}}  {how}".rstrip()

    def toml(self) -> str:
        """The mapping as a file that `load` reads."""
        parts = [
            "# How the columns of a table become incidents; give it back with --mapping.",
            f"format = {_quoted(self.format)}",
        ]
        parts += [f"carried = {_list(self.carried)}"] * bool(self.carried)
        parts += ["\n[columns]", *(f"{role} = {_list(told)}" for role, told in self.columns.items())]
        if any(self.read.values()):
            parts += ["\n[read]", *(f"{name} = {_quoted(value)}" for name, value in self.read.items() if value)]
        for side in self.sides:
            parts += ["\n[[sides]]", f"columns = {_list(side.columns)}"]
            parts += [f"code = {_quoted(side.code)}"] * bool(side.code)
            parts += [f"targets = {_list(side.targets)}"] * bool(side.targets)
            parts += ["all_targets = true"] * side.all_targets
        if self.unknown:
            parts += ["\n[unknown]", *(f"{role} = {_list(told)}" for role, told in self.unknown.items())]
        for role, table in self.codes.items():
            parts += [f"\n[codes.{role}]", *(f"{_quoted(code)} = {_quoted(ours)}" for code, ours in table.items())]
        return "\n".join(parts) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


# --- reading mappings -------------------------------------------------------------------------------------------------


def load(path: str | Path) -> TableMapping:
    """The mapping in a .toml that `TableMapping.toml` wrote, or a person.

    Raises:
        InputError: missing, no TOML, or something in it that is not known; one line tells which.
    """
    file = Path(path)
    try:
        told = tomllib.loads(file.read_bytes()[: 1 << 20].decode("utf-8-sig"))
    except FileNotFoundError as error:
        raise InputError(f"{path}: not found.") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is no TOML: {str(error)[:100]}.") from error
    try:
        return parsed(told)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def parsed(told: Mapping[str, Any]) -> TableMapping:
    """The mapping of a parsed file.

    Raises:
        InputError: something in it is not known.
    """
    _check_keys(told, _TOP, "")
    columns = {role: _texts(value, f"columns.{role}") for role, value in _table(told, "columns").items()}
    _check_keys(columns, ROLES, "columns.")
    read = {name: str(value) for name, value in _table(told, "read").items()}
    _check_keys(read, READ, "read.")
    for name, value in read.items():
        _check_value(value, READ[name], f"read.{name}")
    codes = {role: _codes(role, table) for role, table in _table(told, "codes").items()}
    unknown = {role: _texts(value, f"unknown.{role}") for role, value in _table(told, "unknown").items()}
    sides = tuple(_side(one) for one in _sides(told))
    if not columns:
        raise InputError("columns: says of no column what it is.")
    carried = _texts(told.get("carried", ()), "carried")
    return TableMapping(str(told.get("format", "")), columns, read, sides, unknown, codes, carried)


def _table(told: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = told.get(key, {})
    if not isinstance(value, dict):
        raise InputError(f"{key}: is no table; write [{key}].")
    return value


def _sides(told: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    value = told.get("sides", [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise InputError("sides: is no list of tables; write [[sides]].")
    return value


def _side(told: Mapping[str, Any]) -> Side:
    _check_keys(told, ("columns", "code", "targets", "all_targets"), "sides.")
    columns = _texts(told.get("columns", ()), "sides.columns")
    targets = _texts(told.get("targets", ()), "sides.targets")
    return Side(columns, str(told.get("code", "")), targets, bool(told.get("all_targets", False)))


def _codes(role: str, table: Any) -> dict[str, str]:  # noqa: ANN401
    if role not in CODES:
        raise InputError(f"codes.{role}: is not known; known are {', '.join(CODES)}.")
    if not isinstance(table, dict):
        raise InputError(f"codes.{role}: is no table of codes.")
    for code, ours in table.items():
        _check_value(str(ours), _ALLOWED.get(role), f"codes.{role}.{code}")
    return {str(code): str(ours) for code, ours in table.items()}


def _texts(value: Any, where: str) -> tuple[str, ...]:  # noqa: ANN401
    told = [value] if isinstance(value, (str, int)) else value
    if not isinstance(told, (list, tuple)) or not all(isinstance(one, (str, int)) for one in told):
        raise InputError(f"{where}: {str(value)[:40]!r} is no text or list of texts.")
    return tuple(str(one) for one in told)


def _check_keys(told: Iterable[str], known: Iterable[str], where: str) -> None:
    for key in told:
        if key not in known:
            raise InputError(f"{where}{key}: is not known; known are {', '.join(known)}.")


def _check_value(value: str, known: Sequence[str] | None, where: str) -> None:
    if known is not None and value not in known:
        raise InputError(f"{where}: {value[:40]!r} is none of {', '.join(filter(None, known))}.")


# --- known shapes -----------------------------------------------------------------------------------------------------


@cache
def known(name: str) -> tuple[TableMapping, Mapping[str, Any]]:
    """The mapping of a known shape, and its whole file."""
    told = tomllib.loads(names.format_file(f"{name}.toml"))
    return parsed(told), told


def recognised(columns: Sequence[str]) -> TableMapping | None:
    """The known shape that a table's columns have, its columns as the table writes them; None for none."""
    for name in FORMATS:
        mapping, told = known(name)
        found = _spelled(told["recognise"]["columns"], columns)
        if all(wanted in found for wanted in told["recognise"]["columns"]):
            return fitted(mapping, columns)
    return None


def headerless(rows: Sequence[Sequence[str]]) -> Sequence[str] | None:
    """The names of the columns of a table without a header, by the shapes of its first rows; None for others."""
    for name in FORMATS:
        recognise = known(name)[1]["recognise"]
        header, cells = recognise.get("header", []), recognise.get("cells", {})
        some = rows[:_LOOKED_AT]
        if cells and some and sum(_fits(row, len(header), cells) for row in some) * 2 >= len(some):
            return list(header)
    return None


def _fits(row: Sequence[str], width: int, cells: Mapping[str, str]) -> bool:
    return len(row) == width and all(re.fullmatch(pattern, row[int(at)]) for at, pattern in cells.items())


def _spelled(wanted: Iterable[str], columns: Sequence[str]) -> dict[str, str]:
    """How the table writes the wanted columns: in other letters, or cut to ten."""
    told = {column.strip().lower(): column for column in reversed(columns)}
    found = {}
    for name in wanted:
        column = told.get(name.lower()) or told.get(name.lower()[:_CUT])
        if column is not None:
            found[name] = column
    return found


def fitted(mapping: TableMapping, columns: Sequence[str]) -> TableMapping:
    """The mapping with the columns that the table has, as it writes them; the others are left out."""
    mapping = _expanded(mapping, columns)
    spelled = _spelled((*mapping.used(), *mapping.carried), columns)
    here = {role: tuple(spelled[name] for name in told if name in spelled) for role, told in mapping.columns.items()}
    sides = tuple(
        replace(
            side,
            columns=tuple(spelled[name] for name in side.columns if name in spelled),
            code=spelled.get(side.code, ""),
        )
        for side in mapping.sides
    )
    return replace(
        mapping,
        columns={role: told for role, told in here.items() if told},
        sides=tuple(side for side in sides if side.columns),
        carried=tuple(spelled[name] for name in mapping.carried if name in spelled),
    )


def _expanded(mapping: TableMapping, columns: Sequence[str]) -> TableMapping:
    """With the columns that a name such as `source_*` means: those with a number in its place."""
    starred = {name: re.compile(re.escape(name).replace(r"\*", r"\d{1,4}")) for name in mapping.used() if "*" in name}
    if not starred:
        return mapping
    numbered = {
        name: tuple(column for column in columns if pattern.fullmatch(column)) for name, pattern in starred.items()
    }
    told = {
        role: tuple(column for name in names_ for column in numbered.get(name, (name,)))
        for role, names_ in mapping.columns.items()
    }
    return replace(mapping, columns=told)


def code_of(format_name: str, role: str, ours: str) -> str:
    """The code that a known shape has for one of our precisions, "" where it has none."""
    return str(known(format_name)[1].get("back", {}).get(role, {}).get(ours, ""))
