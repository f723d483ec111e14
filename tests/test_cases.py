"""Golden cases: sample reports of our own and what a careful analyst reads out of them (tests/cases/*.toml)."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from geo import schema
from geo.incidents import extract
from geo.incidents.distance import km
from geo.reports import Problem, load

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gazetteer.store import Gazetteer

ROOT = Path(__file__).parents[1]
CASES = sorted((ROOT / "tests" / "cases").glob("*.toml"))

Row = dict[str, Any]


def _equal(column: str) -> Callable[[Row, Any], bool]:
    return lambda row, wanted: bool(row[column] == wanted)


def _day(column: str) -> Callable[[Row, Any], bool]:
    return lambda row, wanted: str(row[column]) == str(wanted)


def _contains(row: Row, column: str, wanted: str) -> bool:
    value = row[column]
    return wanted.lower() in (" | ".join(value) if isinstance(value, list) else str(value)).lower()


def _range(name: str) -> Callable[[Row, Any], bool]:
    return lambda row, wanted: [row[f"{name}_min"], row[f"{name}_max"]] == list(wanted)


def _near(row: Row, wanted: Mapping[str, float]) -> bool:
    return row["lat"] is not None and km(row["lat"], row["lon"], wanted["lat"], wanted["lon"]) <= wanted["within_km"]


CHECKS: dict[str, Callable[[Row, Any], bool]] = {
    "event_type": _equal("event_type"),
    "sub_event_type": _equal("sub_event_type"),
    "date_start": _day("date_start"),
    "date_end": _day("date_end"),
    "time": _equal("time"),
    "place": lambda row, wanted: _contains(row, "place", wanted),
    "countries": lambda row, wanted: set(row["country"]) == set(wanted),
    "geo_precision": _equal("geo_precision"),
    "position": _near,
    "fatalities": _range("fatalities"),
    "injured": _range("injured"),
    "fatalities_min": _equal("fatalities_min"),
    "injured_min": _equal("injured_min"),
    "event_count": _equal("event_count"),
    "actors": lambda row, wanted: all(_contains(row, "actors", name) for name in wanted),
    "reports": lambda row, wanted: set(row["doc_ids"]) == set(wanted),
    "undated": lambda row, wanted: (row["date_start"] is None) == wanted,
    "unlocated": lambda row, wanted: (row["geometry"] is None) == wanted,
}


def faults(row: Row, wanted: Mapping[str, Any]) -> list[str]:
    """What of an expected incident the row does not meet."""
    asked = {name: value for name, value in wanted.items() if name not in ("lat", "lon", "within_km")}
    if "lat" in wanted:
        asked["position"] = {name: wanted[name] for name in ("lat", "lon", "within_km")}
    return [
        f"{name}: wanted {value!r}, got {_shown(row, name)}"
        for name, value in asked.items()
        if not CHECKS[name](row, value)
    ]


def _shown(row: Row, name: str) -> str:
    columns = {
        "countries": ("country",),
        "position": ("lat", "lon"),
        "fatalities": ("fatalities_min", "fatalities_max"),
        "injured": ("injured_min", "injured_max"),
        "reports": ("doc_ids",),
        "undated": ("date_start",),
        "unlocated": ("place",),
    }
    values = [row[column] for column in columns.get(name, (name,))]
    return ", ".join(str(value) for value in values)


def _told(row: Row) -> str:
    keys = ("sub_event_type", "date_start", "date_end", "place", "country", "fatalities_min", "injured_min", "doc_ids")
    return (
        str({key: str(row[key]) if isinstance(row[key], dt.date) else row[key] for key in keys})
        + " "
        + str([source["trigger"] for source in row["sources"]])
    )


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path, gazetteer: Gazetteer) -> None:
    """Every expected incident has a row of its own, nothing is found in what is none, nor too much in all."""
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    reports = list(load([ROOT / "data" / "reports" / name for name in case["reports"]]))
    assert not [report for report in reports if isinstance(report, Problem)]
    rows = list(schema.records(extract(reports, gazetteer=gazetteer).incidents))
    problems, free = [], list(rows)
    for wanted in case.get("incident", []):
        best = min(free, key=lambda row: len(faults(row, wanted)), default=None)
        if best is None:
            problems.append(f"no incident is left for {wanted}")
            continue
        free.remove(best)
        problems += [f"{wanted.get('sub_event_type', '')}: {fault}" for fault in faults(best, wanted)]
    if len(rows) > case.get("max_incidents", len(rows)):
        problems.append(f"{len(rows)} incidents, at most {case['max_incidents']} wanted")
    for none in case.get("not_incident", []):
        problems += [
            f"told as an incident: {none['text']!r} as {_told(row)}"
            for row in rows
            if _rests_on(row, none["text"], reports)
        ]
    assert not problems, "\n".join([*problems, "what was found:", *map(_told, rows)])


def _rests_on(row: Row, text: str, reports: list[Any]) -> bool:
    """Whether a telling of the incident has its trigger within the quoted words."""
    texts = {report.report: report.text for report in reports}
    for source in row["sources"]:
        start = texts[source["report"]].find(text)
        trigger = source["fields"]["event_type"][0]
        if 0 <= start <= trigger < start + len(text):
            return True
    return False
