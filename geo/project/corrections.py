"""What a person can correct in an incident: groups of columns that change together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo import schema
from geo.errors import InputError, SchemaError
from geo.project.rows import clean_record, from_wkb, to_wkb

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.project.rows import Record

GROUPS: dict[str, tuple[str, ...]] = {
    "place": (
        "place",
        "place_id",
        "kind",
        "country",
        "country_name",
        "admin1",
        "geometry",
        "lat",
        "lon",
        "geo_precision",
        "radius_m",
    ),
    "dates": ("date_start", "date_end", "date_precision"),
    "type": ("event_type", "sub_event_type"),
    "killed": ("fatalities_min", "fatalities_max"),
    "injured": ("injured_min", "injured_max"),
}
"""The columns of each group; the value of a correction is {group: {column: value}}, a column left out is unknown."""

PLACE_COLUMNS = tuple(name for name in GROUPS["place"] if name != "geometry")
"""What is told of a place beside its geometry."""


def check_correction(value: Mapping[str, Any]) -> dict[str, Any]:
    """The value of a correction as it can be kept: plain JSON, the geometry as WKB in hexadecimal digits.

    Raises:
        InputError: no known group, or values that no incident can have.
    """
    kept: dict[str, Any] = {}
    for group in GROUPS:
        if isinstance(value.get(group), dict):
            told = _group(group, value[group])
            _validate(group, told)
            kept[group] = {**told, "geometry": to_wkb(told["geometry"])} if group == "place" else told
    if not kept:
        raise InputError(f"correct: tell new values for any of {', '.join(GROUPS)}.")
    if "place" in kept and value.get("remember"):
        kept["remember"] = True
    return kept


def _group(group: str, told: Mapping[str, Any]) -> Record:
    """The columns of a group as an incident has them, whatever was told for them."""
    if isinstance(told.get("geometry"), str):
        told = {**told, "geometry": from_wkb(told["geometry"])}
    full = clean_record({name: told.get(name) for name in GROUPS[group]})
    if group == "place":
        _fill_point(full)
    return {name: full[name] for name in GROUPS[group]}


def _fill_point(record: Record) -> None:
    """A point for coordinates alone, coordinates for a geometry alone."""
    from shapely import Point  # noqa: PLC0415  # heavy

    lat, lon, shape = record["lat"], record["lon"], record["geometry"]
    if shape is None and lat is not None and lon is not None:
        record["geometry"] = Point(lon, lat)
    elif shape is not None and (lat is None or lon is None):
        point = shape.representative_point()
        record |= {"lat": point.y, "lon": point.x}


def _validate(group: str, told: Record) -> None:
    try:
        schema.validate(schema.from_records([{"incident_id": "x", "event_count": 1, **told}]))
    except SchemaError as error:
        raise InputError(f"correct: {group}: {error}") from error


def corrected(record: Record, value: Mapping[str, Any], *, who: str, at: str) -> Record:
    """The record with the corrected columns, the reasons saying who gave them; it counts as reviewed from then on."""
    told = [group for group in GROUPS if isinstance(value.get(group), dict)]
    if not told:
        return record
    changed = dict(record)
    for group in told:
        changed |= _group(group, value[group])
    changed["reasons"] = record["reasons"] | {mark(group): f"{who}, {at}" for group in told}
    changed["status"] = "reviewed" if record["status"] in ("", "machine") else record["status"]
    return changed


def mark(group: str) -> str:
    """The reason that says that a person gave this group of columns."""
    return f"review.{group}"
