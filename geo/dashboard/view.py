"""What the map shows, as the page knows it: told by the map, kept in the address, asked by the page's widgets."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import TYPE_CHECKING, Any

import streamlit as st

from geo.layers import select

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd

    from geo.commands.intake import Taken

MAX_ADDRESS_CHARACTERS = 8000
MOST_CHOICES = 1000
BOX, TRIANGLE, MOST_CORNERS = 4, 6, 800  # numbers of an area: of a box, of the smallest shape, of the largest
LATITUDE, LONGITUDE, DEEPEST = 90, 100_000, 30  # the map may have been dragged round the world many times
UNTOLD: tuple[Any, ...] = (False, None, "", "auto", 0, {}, [])
"""What need not be told: it is so where nothing is said."""
EVERYTHING: dict[str, Any] = {
    "start": "",
    "end": "",
    "certain": False,
    "undated": False,
    "filters": {},
    "text": "",
    "confidence": 0,
    "fatalities": 0,
    "area": [],
    "selected": "",
}
"""The view that leaves no incident out."""


def is_day(value: Any) -> bool:  # noqa: ANN401  # whatever stands in an address
    """A day as the map writes it, or "" for an open end."""
    if value == "":
        return True
    try:
        return isinstance(value, str) and dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_switch(value: Any) -> bool:  # noqa: ANN401
    """Yes or no."""
    return isinstance(value, bool)


def is_text(value: Any) -> bool:  # noqa: ANN401
    """A text."""
    return isinstance(value, str)


def is_number(value: Any) -> bool:  # noqa: ANN401
    """A finite number from nought on."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < math.inf


def is_zoom(value: Any) -> bool:  # noqa: ANN401
    """A depth that a map may have."""
    return is_number(value) and value <= DEEPEST


def are_numbers(value: Any, count: int) -> bool:  # noqa: ANN401
    """A list of so many finite numbers."""
    return (
        isinstance(value, list)
        and len(value) == count
        and all(isinstance(one, (int, float)) and not isinstance(one, bool) and math.isfinite(one) for one in value)
    )


def is_center(value: Any) -> bool:  # noqa: ANN401
    """Latitude and longitude."""
    return are_numbers(value, 2) and abs(value[0]) <= LATITUDE and abs(value[1]) <= LONGITUDE


def is_area(value: Any) -> bool:  # noqa: ANN401
    """None; west, south, east, north; or lon, lat of each corner of a shape, one after the other."""
    if value is None:
        return True
    count = len(value) if isinstance(value, list) else 0
    if not are_numbers(value, count) or count % 2 or count > MOST_CORNERS:
        return False
    return count >= TRIANGLE or (count == BOX and value[0] <= value[2] and value[1] <= value[3])


def is_choice(value: Any) -> bool:  # noqa: ANN401
    """Facet → the values chosen."""
    return isinstance(value, dict) and all(
        isinstance(chosen, list) and len(chosen) <= MOST_CHOICES and all(isinstance(one, str) for one in chosen)
        for chosen in value.values()
    )


KNOWN: dict[str, Callable[[Any], bool]] = {
    "start": is_day,
    "end": is_day,
    "certain": is_switch,
    "undated": is_switch,
    "filters": is_choice,
    "text": is_text,
    "confidence": is_number,
    "fatalities": is_number,
    "area": is_area,
    "center": is_center,
    "zoom": is_zoom,
    "selected": is_text,
    "mentions": is_switch,
    "heat": is_switch,
    "theme": lambda value: value in ("auto", "light", "dark"),
}
"""What of a view is kept in the page's address, and what may stand there."""


def of_address(told: str) -> dict[str, Any]:
    """A view out of an address, which anybody can have written: what in it is no view is left aside."""
    try:
        view = json.loads(told[:MAX_ADDRESS_CHARACTERS])
    except (ValueError, RecursionError):
        return {}
    if not isinstance(view, dict):
        return {}
    return {name: value for name, value in view.items() if name in KNOWN and KNOWN[name](value)}


def address(view: Mapping[str, Any]) -> str:
    """A view as it stands in the address; "" where it is too long for one."""
    kept = {name: view[name] for name in KNOWN if name in view and worth_telling(view[name])}
    told = json.dumps(kept, separators=(",", ":"), ensure_ascii=False)
    return told if len(told) <= MAX_ADDRESS_CHARACTERS else ""


def worth_telling(value: Any) -> bool:  # noqa: ANN401
    """Whether a part of a view says anything: a filter of which nothing is chosen does not."""
    return any(value.values()) if isinstance(value, dict) else value not in UNTOLD


def current() -> dict[str, Any]:
    """What the map shows: what it told last, else what the address asks. One and the same mapping in a session."""
    if "view" not in st.session_state:
        st.session_state["view"] = of_address(st.query_params.get("view", "{}"))
    view: dict[str, Any] = st.session_state["view"]
    return view


def remember(told: Mapping[str, Any]) -> None:
    """Keep what the map told, in the session and in the address."""
    view = current()
    view.clear()
    view.update(told)
    if text := address(view):
        st.query_params["view"] = text
    else:
        st.query_params.pop("view", None)  # rather no link than one to another view


def ask(change: Mapping[str, Any]) -> None:
    """Have the map show something else: what is not named stays as it is."""
    current().update(change)
    asked = st.session_state.get("asked", {})
    st.session_state["asked"] = {**change, "number": asked.get("number", 0) + 1}  # the same wish may come twice


def asked(*, fresh: bool) -> dict[str, Any]:
    """What the map is told to show: where it is new on the page all of the view, then what was asked since."""
    if fresh or "asked" not in st.session_state:
        number = st.session_state.get("asked", {}).get("number", 0)
        st.session_state["asked"] = {**current(), "number": number}
    wish: dict[str, Any] = st.session_state["asked"]
    return wish


def shown(taken: Taken, view: Mapping[str, Any] | None = None) -> gpd.GeoDataFrame:
    """The incidents that the map shows; where it has no time window, those without a date are among them."""
    view = current() if view is None else view
    open_window = not view.get("start") and not view.get("end")
    return select(taken.incidents, {**view, "undated": view.get("undated") or open_window})
