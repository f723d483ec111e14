"""What is known of an incident under review: its evidence, its facts, its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from geo import schema
from geo.dashboard.review_state import undo
from geo.project.decisions import live
from geo.project.doubt import reasons_to_look
from geo.project.rows import dump

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geo.project import Incident, Project

LOOK = {
    "conflict": "people differ",
    "unsure": "the machine is not sure",
    "placeless": "no place",
    "coarse": "a wide area",
    "dateless": "no date",
    "long": "a long time",
    "counts": "its reports count differently",
    "typeless": "no type",
    "deadly": "people were killed",
}
"""The reasons to look at an incident, in words."""
_LEAST = 0.3
"""A doubt of the machine below it is not worth telling."""


def show_evidence(incident: Incident) -> None:
    """Every sentence that tells of it, in its context."""
    sources = incident.record["sources"]
    for source in sources:
        with st.container(border=True):
            st.text(quoted(source))
            told = [str(source.get(name) or "") for name in ("publisher", "published", "report", "url")]
            st.text(", ".join(part for part in told if part))
    if not sources:
        st.text("No report tells of it.")


def quoted(source: Mapping[str, Any]) -> str:
    """The sentence, with what stands around it where that is known."""
    before, after = str(source.get("before") or ""), str(source.get("after") or "")
    told = f"“{source.get('evidence') or ''}”"
    return " ".join(part for part in (f"… {before}" if before else "", told, f"{after} …" if after else "") if part)


def show_facts(incident: Incident) -> None:
    """What the incident is taken for now, and why."""
    if incident.conflict:
        st.warning("People decided differently without having seen each other's decision:")
        st.text(incident.conflict)
    st.text("\n".join(f"{name}: {value}" for name, value in facts(incident) if value))


def show_reasons(incident: Incident) -> None:
    """Why it is taken for that: the features that decided, and who corrected what."""
    with st.expander("Why?"):
        reasons = incident.record["reasons"]
        st.text("\n".join(schema.explained(reasons)) or "no reasons told")


def facts(incident: Incident) -> Iterator[tuple[str, str]]:
    """The incident in words."""
    record = incident.record
    days = dict.fromkeys(day for day in (record["date_start"], record["date_end"]) if day)
    yield "What", ", ".join(part for part in (record["sub_event_type"], record["event_type"]) if part) or "not known"
    yield "When", " ".join([" to ".join(days) or "not known", record["time"]]).strip()
    yield "Where", where(record)
    for name, label in (("fatalities", "Killed"), ("injured", "Injured")):
        yield label, interval(record[f"{name}_min"], record[f"{name}_max"])
    for name, label in (("actors", "By"), ("targets", "Against"), ("weapons", "With")):
        yield label, ", ".join(record[name])
    confidence = record["confidence"]
    yield "Status", record["status"] + ("" if confidence is None else f", confidence {confidence:.2f}")
    yield "Look because", ", ".join(doubts(incident))


def where(record: Mapping[str, Any]) -> str:
    """The place with what holds it, how exact it is, and the words that name it."""
    names = ", ".join(
        dict.fromkeys(part for part in (record["place"], record["admin1"], record["country_name"]) if part)
    )
    radius = f"within {record['radius_m'] / 1000:,.0f} km" if record["radius_m"] else ""
    exact = ", ".join(part for part in (record["geo_precision"], radius) if part)
    told = f"told as “{record['place_text']}”" if record["place_text"] else ""
    return "; ".join(part for part in (names or "not known", exact, told) if part)


def interval(low: int | None, high: int | None) -> str:
    """A range of counts in words; "" where nothing was said."""
    if low is None:
        return "" if high is None else f"up to {high:,}"
    return f"{low:,} or more" if high is None else f"{low:,}" if low == high else f"{low:,} to {high:,}"


def doubts(incident: Incident) -> list[str]:
    """The reasons to look at it, in words."""
    found = reasons_to_look(incident.record, conflict=bool(incident.conflict))
    return [LOOK[name] for name, amount in found.items() if amount >= _LEAST]


def show_history(project: Project, incident: Incident) -> None:
    """What was decided, by whom and when; each can be taken back, an undo too."""
    if not incident.decisions:
        return
    counting = {one.number for one in live(incident.decisions)}
    with st.expander(f"History ({len(incident.decisions)})", expanded=bool(incident.conflict)):
        rows = [
            {
                "no.": one.number,
                "what": one.kind,
                "who": one.who,
                "when (UTC)": one.at,
                "counts": one.number in counting,
                "note": one.note,
                "value": dump(one.value)[:500] if one.value else "",
            }
            for one in reversed(incident.decisions)
        ]
        st.dataframe(rows, hide_index=True)
        numbers = {one.number: one for one in reversed(incident.decisions) if one.number in counting}
        picked = st.selectbox("Take back", list(numbers), format_func=lambda number: f"{number}: {numbers[number]}")
        if picked is not None:
            one = numbers[picked]
            st.button("Take it back", on_click=undo, args=(project.path, one.incident_id, one.number))
