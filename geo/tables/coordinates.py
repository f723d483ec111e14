"""Coordinates as people write them: decimals with a dot or a comma, degrees and minutes, both in one cell."""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Point = tuple[float, float]
"""Latitude and longitude, or in the order of the cell."""

_DECIMAL = re.compile(r"[-+−]?\d{1,3}(?:[.,]\d+)?\Z")
_ANGLE = re.compile(
    r"(?P<before>[NSEWnsew])?\s{0,3}(?P<sign>[-+−])?(?P<degrees>\d{1,3}(?:[.,]\d+)?)\s{0,3}(?:[°ºd˚*]|deg)?\s{0,3}"
    r"(?:(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s{0,3}(?:['′’‘´m]|min)?\s{0,3})?"
    r"(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s{0,3}(?:[\"″”“]|''|′′|s)?\s{0,3})?(?P<after>[NSEWnsew])?\Z"
)
_WKT = re.compile(
    r"(?:SRID=4326;)?\s*POINT\s?Z?\s?\(\s*([-+.\deE]{1,30})\s+([-+.\deE]{1,30})[^)]{0,60}\)\Z", re.IGNORECASE
)
_SPLITS = (
    re.compile(r"\s{0,3}[;|/]\s{0,3}"),
    re.compile(r",\s{1,3}"),
    re.compile(r"(?<=[NSEWnsew])\s{0,3},?\s{0,3}(?=[-+\d])"),
    re.compile(r"\s{1,3}(?=[NSEW]\s?\d)"),
    re.compile(r","),
    re.compile(r"\s{1,3}"),
)
_SIXTY = 60
_FEWEST, _MANY = 2, 0.2
"""So many, and such a share, of a column's latitudes beyond 90 degrees are no slips."""
_HALF_TURN, _QUARTER_TURN = 180.0, 90.0


@lru_cache(maxsize=200_000)
def angle(cell: str) -> tuple[float, str] | None:
    """Degrees, and the axis ("lat", "lon" or "") that a letter tells; None where the cell is no angle."""
    text = cell.strip()[:60]
    if _DECIMAL.match(text):
        return float(text.replace(",", ".").replace("−", "-")), ""
    match = _ANGLE.match(text)
    if match is None:
        return _number(text)
    letter = (match["before"] or match["after"] or "").upper()
    parts = [float((match[name] or "0").replace(",", ".")) for name in ("degrees", "minutes", "seconds")]
    if parts[1] >= _SIXTY or parts[2] >= _SIXTY:
        return None
    if match["minutes"] and "." in match["degrees"].replace(",", "."):
        return None
    value = parts[0] + parts[1] / _SIXTY + parts[2] / _SIXTY**2
    negative = letter in ("S", "W") or match["sign"] in ("-", "−")
    axis = "lat" if letter in ("N", "S") and letter else "lon" if letter else ""
    return -value if negative else value, axis


def _number(text: str) -> tuple[float, str] | None:
    """1.5e1: a number as a program writes it."""
    try:
        value = float(text)
    except ValueError:
        return None
    return (value, "") if math.isfinite(value) and abs(value) <= 2 * _HALF_TURN else None


@lru_cache(maxsize=200_000)
def pair(cell: str) -> tuple[float, float, str] | None:
    """Two angles in the order of the cell, and that order where the cell tells it ("lat lon", "lon lat" or "")."""
    text = cell.strip()[:200]
    if match := _WKT.match(text):
        numbers = [_number(part) for part in match.groups()]
        return (numbers[0][0], numbers[1][0], "lon lat") if numbers[0] and numbers[1] else None
    if text.startswith("{"):
        return _geojson(text)
    text = re.sub(r"\A(?:geo:|[(\[])\s?|\s?[)\]]\Z", "", text)
    for split in _SPLITS:
        parts = split.split(text)
        if len(parts) == 2 and (found := _two(parts[0], parts[1])):  # noqa: PLR2004  # two coordinates
            return found
    return _comma_decimals(text)


def _two(first: str, second: str) -> tuple[float, float, str] | None:
    one, two = angle(first.strip(" ,;")), angle(second.strip(" ,;"))
    if one is None or two is None or (one[1] and one[1] == two[1]):
        return None
    if "lon" in (one[1], "") and "lat" in (two[1], "") and one[1] + two[1]:
        return one[0], two[0], "lon lat"
    return one[0], two[0], "lat lon" if one[1] + two[1] else ""


def _comma_decimals(text: str) -> tuple[float, float, str] | None:
    """34,45,40,92: four numbers that are two."""
    match = re.match(r"([-+]?\d{1,3},\d+)\s{0,3},\s{0,3}([-+]?\d{1,3},\d+)\Z", text)
    return _two(match[1], match[2]) if match else None


def _geojson(text: str) -> tuple[float, float, str] | None:
    try:
        lon, lat = json.loads(text)["coordinates"][:2]
        return float(lon), float(lat), "lon lat"
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def on_earth(lat: float, lon: float) -> bool:
    """Whether these are degrees of latitude and longitude."""
    return abs(lat) <= _QUARTER_TURN and abs(lon) <= _HALF_TURN


def pair_order(cells: Iterable[str]) -> tuple[str, str]:
    """The order of latitude and longitude in cells that hold both, and what tells it; "" where nothing does."""
    told = {"lat lon": 0, "lon lat": 0}
    for cell in cells:
        found = pair(cell)
        if found is None:
            continue
        if found[2]:
            told[found[2]] += 1
        elif abs(found[0]) > _QUARTER_TURN:
            told["lon lat"] += 1
        elif abs(found[1]) > _QUARTER_TURN:
            told["lat lon"] += 1
    if told["lat lon"] == told["lon lat"]:
        return "", ""
    best = max(told, key=lambda order: told[order])
    return best, f"{told[best]:,} cells can be read in no other order"


def swapped(lats: Iterable[str], lons: Iterable[str]) -> bool:
    """Whether two columns are called the wrong way round: many latitudes beyond 90 degrees, longitudes never."""
    first = [found[0] for cell in lats if (found := angle(cell))]
    second = [found[0] for cell in lons if (found := angle(cell))]
    beyond = sum(abs(value) > _QUARTER_TURN for value in first)
    return beyond >= max(_FEWEST, _MANY * len(first)) and all(abs(value) <= _QUARTER_TURN for value in second)
