"""The forms that correct an incident under review, and the map to pick its place on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import streamlit as st

from geo import schema, webmap
from geo.component import incident_map
from geo.dashboard.review_state import decide, told_apart
from geo.dashboard.taking import default_gazetteer
from geo.events import TYPE_OF
from geo.project.adding import nearby
from geo.project.picking import POINT_PRECISIONS, Choice, choices, of_point
from geo.project.rows import telling_key

if TYPE_CHECKING:
    from pathlib import Path

    from geo.project import Incident, Project
    from geo.project.rows import Record

MAP_HEIGHT = 600  # pixels
CLOSE, FAR = 9.0, 5.0  # zooms: a town, a country
_FIRST_DAY, _LAST_DAY = dt.date(1900, 1, 1), dt.date(2100, 12, 31)
_PRECISIONS = ((1, "day"), (6, "days"), (7, "week"), (31, "month"))
"""The precision of an interval of at most so many days; longer ones are a year's."""
_MOST_OTHERS = 30


def show_corrections(project: Project, incident: Incident) -> None:
    """The map, and a tab for each thing that can be corrected."""
    place, dates, kind, counts, same = st.tabs(["Place", "Days", "Type", "Counts", "Merge, split"])
    record, path = incident.record, project.path
    with place:
        correct_place(path, record)
    with dates:
        correct_dates(path, record)
    with kind:
        correct_type(path, record)
    with counts:
        correct_counts(path, record)
    with same:
        merge(project, record)
        split(path, record)


# --- place ------------------------------------------------------------------------------------------------------------


def correct_place(path: Path, record: Record) -> None:
    """Pick a candidate, another place by name, or a point on the map."""
    name = record["incident_id"]
    point = show_map(record)
    wanted = st.text_input("Another place", key=f"review_wanted_{name}", placeholder="its name, or latitude, longitude")
    typed = coordinates(wanted)
    found = choices(record, gazetteer=default_gazetteer(), wanted="" if typed else wanted)
    at = typed or point
    if at is not None:
        found = [pointed(at, record), *found]
    if not found:
        st.text("Click on the map, or type a name.")
        return
    titles = told_apart({str(index): choice.title for index, choice in enumerate(found)})
    index = int(st.selectbox("It happened at", list(titles), format_func=titles.__getitem__) or 0)
    again = st.checkbox(
        "Place later reports with the same words here, too", value=bool(record["place_text"]), key=f"review_keep_{name}"
    )
    value = {"place": found[index].place, "remember": again}
    st.button("Correct the place", type="primary", on_click=decide, args=(path, name, "correct", value))


def pointed(at: tuple[float, float], record: Record) -> Choice:
    """The point that was clicked or typed, as exact and called as the person says."""
    name = record["incident_id"]
    exact = st.segmented_control(
        "How exact is the point", list(POINT_PRECISIONS), default="settlement", key=f"review_exact_{name}"
    )
    called = st.text_input(
        "Its name", key=f"review_called_{name}", max_chars=200, placeholder="else the nearest town's"
    )
    return of_point(*at, gazetteer=default_gazetteer(), name=called, precision=exact or "settlement")


def show_map(record: Record) -> tuple[float, float] | None:
    """The incident on the map, and the point that was clicked."""
    name = record["incident_id"]
    payload, frame = drawn(record)
    at = record["lat"], record["lon"]
    close = CLOSE if record["geo_precision"] not in ("country", "region", "sea") else FAR
    look = {"undated": True, **({"center": list(at), "zoom": close} if record["lat"] is not None else {})}
    told = incident_map(payload, key=f"review_map_{name}", height=MAP_HEIGHT, frame=frame, view=look, pick=True)
    picked = told.get("picked")
    return (float(picked[0]), float(picked[1])) if isinstance(picked, list) and len(picked) == 2 else None  # noqa: PLR2004


def drawn(record: Record) -> tuple[Any, Any]:
    """The incident's map; the last one is kept, for the page runs again at every click."""
    kept = st.session_state.get("review_drawn")
    if kept is None or kept[0] != record:
        made = webmap.draw(schema.from_records([record]), title="")
        kept = (record, made.payload, webmap.frame(made))
        st.session_state["review_drawn"] = kept
    return kept[1], kept[2]


def coordinates(text: str) -> tuple[float, float] | None:
    """Latitude and longitude where the text is two numbers of degrees."""
    parts = text.replace(";", ",").split(",")
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError:
        return None
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None  # noqa: PLR2004  # degrees


# --- days, type, counts -----------------------------------------------------------------------------------------------


def correct_dates(path: Path, record: Record) -> None:
    """The first and the last day, or that none is known."""
    name = record["incident_id"]
    limits: dict[str, Any] = {"min_value": _FIRST_DAY, "max_value": _LAST_DAY, "format": "YYYY-MM-DD"}
    days = [dt.date.fromisoformat(day) if (day := record[key]) else None for key in ("date_start", "date_end")]
    kept = [day if day and _FIRST_DAY <= day <= _LAST_DAY else None for day in days]
    first = st.date_input("First day", kept[0], key=f"review_first_{name}", **limits)
    last = st.date_input("Last day", kept[1], key=f"review_last_{name}", **limits)
    st.button("Correct the days", on_click=decide, args=(path, name, "correct", {"dates": dates(first, last)}))


def dates(first: dt.date | None, last: dt.date | None) -> dict[str, Any]:
    """The columns of an interval of days; one day alone is both."""
    known = sorted(day for day in (first, last) if day is not None)
    if not known:
        return {"date_precision": "unknown"}
    length = (known[-1] - known[0]).days + 1
    precision = next((name for most, name in _PRECISIONS if length <= most), "year")
    return {"date_start": str(known[0]), "date_end": str(known[-1]), "date_precision": precision}


def correct_type(path: Path, record: Record) -> None:
    """The sub-event type; it brings its event type."""
    name, known = record["incident_id"], list(TYPE_OF)
    at = known.index(record["sub_event_type"]) if record["sub_event_type"] in known else None
    sub = st.selectbox("What happened", known, index=at, key=f"review_type_{name}")
    value = {"type": {"event_type": TYPE_OF.get(sub or "", ""), "sub_event_type": sub or ""}}
    st.button("Correct the type", disabled=sub is None, on_click=decide, args=(path, name, "correct", value))


def correct_counts(path: Path, record: Record) -> None:
    """Killed and injured, at least and at most; empty is not known."""
    name = record["incident_id"]
    value: dict[str, dict[str, int | None]] = {}
    for group, column, label in (("killed", "fatalities", "Killed"), ("injured", "injured", "Injured")):
        told: dict[str, int | None] = {}
        for side, (end, words) in zip(st.columns(2), (("min", "at least"), ("max", "at most")), strict=True):
            key = f"{column}_{end}"
            told[key] = side.number_input(
                f"{label}, {words}", 0, 10_000_000, record[key], step=1, key=f"review_{key}_{name}"
            )
        value[group] = told
    st.button("Correct the counts", on_click=decide, args=(path, name, "correct", value))


# --- one or several ---------------------------------------------------------------------------------------------------


def merge(project: Project, record: Record) -> None:
    """Incidents of the same days and places that may be this one."""
    name = record["incident_id"]
    found = [other["incident_id"] for other in nearby(project, record) if other["incident_id"] != name]
    titles = told_apart(project.titles(found[:_MOST_OTHERS]))
    if not titles:
        st.text("No other incident lies near it in place and time.")
        return
    same = st.multiselect("These are the same", list(titles), format_func=titles.__getitem__, key=f"review_same_{name}")
    value = {"with": same}
    st.button("Merge them into this one", disabled=not same, on_click=decide, args=(project.path, name, "merge", value))


def split(path: Path, record: Record) -> None:
    """Tellings that are of another incident."""
    name = record["incident_id"]
    told = told_apart({telling_key(one): f"{one.get('report')}: {one.get('evidence')}" for one in record["sources"]})
    if len(told) < 2:  # noqa: PLR2004  # nothing to take apart
        return
    out = st.multiselect(
        "These tell of another incident", list(told), format_func=told.__getitem__, key=f"review_out_{name}"
    )
    value = {"tellings": out}
    st.button(
        "Split them off", disabled=not 0 < len(out) < len(told), on_click=decide, args=(path, name, "split", value)
    )
