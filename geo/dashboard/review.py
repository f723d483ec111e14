"""The review's page: the incidents of a project, the most doubtful first, for a person to decide upon.

It asks the project for one incident at a time, so that it opens as quickly for a hundred thousand as for ten.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from geo import export
from geo.dashboard import review_correct, review_facts, view
from geo.dashboard.review_state import decide, default_name, first_of, go_on, go_to, state, told_apart, undo_last
from geo.errors import IncidentMapperError
from geo.project import Project

if TYPE_CHECKING:
    from geo.project import Incident

JUDGEMENTS = {
    "accept": ("Accept", "A", "Read rightly, as far as its evidence tells"),
    "verify": ("Verify", "V", "Found true by other means"),
    "dispute": ("Dispute", "D", "Told, but doubtful"),
    "reject": ("Reject", "X", "No incident"),
}
"""The buttons: kind of decision → label, key, help."""
AHEAD = 50
"""Incidents of the queue that the list shows."""
WATCH_SECONDS = 5
"""How often the page looks whether somebody else has decided."""


def file() -> Path | None:
    """The project that the dashboard was opened with; None where it was opened with none."""
    named = os.environ.get("INCIDENT_MAPPER_INCIDENTS", "")
    if named and (state().path == named or export.is_project(named)):
        state().path = named  # one that is gone or broken now is told to be so
        return Path(named)
    return None


def show_review(path: Path) -> None:
    """The queue, one incident with its evidence, and what can be decided about it."""
    try:
        with Project.open(path) as project:
            show_project(project)
    except IncidentMapperError as error:
        st.error("The project cannot be used:")
        st.text(str(error))


def show_project(project: Project) -> None:
    """The page of an open project."""
    left, total = project.waiting(), project.count()
    who, progress = st.columns([1, 2], vertical_alignment="bottom")
    who.text_input("Who decides", key="review_who", value=default_name(), max_chars=100)
    progress.progress(1 - left / total if total else 1.0, text=f"{left:,} of {total:,} left to review")
    tell_what_happened()
    incident = project.incident(chosen(project))
    if incident is None:
        st.text("Nothing is left to review." if total else "The project is empty: add reports to it.")
        st.button("Undo", shortcut="U", on_click=undo_last, args=(project.path,), disabled=not state().done)
        return
    name = incident.record["incident_id"]
    if state().opened[0] != name:
        state().opened = (name, incident.seen)
    state().seen = incident.seen
    watch(project.path, *state().opened)
    facts, side = st.columns([3, 2], gap="medium")
    with facts:
        show_buttons(project, incident)
        review_facts.show_facts(incident)
        review_facts.show_evidence(incident)
        review_facts.show_reasons(incident)
        review_facts.show_history(project, incident)
    with side:
        review_correct.show_corrections(project, incident)


@st.fragment(run_every=WATCH_SECONDS)
def watch(path: Path, name: str, opened: int) -> None:
    """What others decide about the incident while it is open."""
    try:
        with Project.open(path) as project:
            told = project.decisions(name)
    except IncidentMapperError:  # the page tells it when it runs next
        return
    me = " ".join(str(st.session_state.get("review_who", "")).split())
    new = [str(one) for one in told if one.number > opened and one.who != me]
    if new:
        st.warning("The incident has changed since you opened it:")
        st.text("\n".join(new))


def tell_what_happened() -> None:
    """What came of the last decision: a fault, or what others decided meanwhile."""
    told = state()
    if told.fault:
        st.error("This was not decided:")
        st.text(told.fault)
    if told.unseen:
        st.warning("The incident had changed since you opened it. Your decision counts, and both are kept:")
        st.text("\n".join(told.unseen))
    told.fault, told.unseen = "", []


def chosen(project: Project) -> str:
    """The incident to look at: the one that was asked for, else the first of the queue that was not passed over."""
    queue = project.queue(AHEAD + len(state().passed))
    current = state().current or first_of(queue)
    ahead = [name for name in dict.fromkeys([current, *queue]) if name and name not in state().passed - {current}]
    if not ahead:
        return ""
    titles = told_apart(project.titles(ahead[:AHEAD]))
    options = list(titles)
    if not options:
        return ""
    st.session_state["review_list"] = current if current in titles else options[0]
    st.selectbox(
        "Incident", options, format_func=titles.__getitem__, key="review_list", on_change=go_to, args=("review_list",)
    )
    wanted = str(view.current().get("selected") or "")
    if wanted and wanted != current:
        st.button("Go to the one chosen on the map", on_click=go_on, args=(wanted,))
    return str(st.session_state["review_list"])


def show_buttons(project: Project, incident: Incident) -> None:
    """What can be decided with one key."""
    name = incident.record["incident_id"]
    nobody = not st.session_state.get("review_who", "").strip()
    with st.container(horizontal=True):
        for kind, (label, key, told) in JUDGEMENTS.items():
            st.button(
                label,
                key=f"review_{kind}",
                shortcut=key,
                help=told,
                disabled=nobody,
                on_click=decide,
                args=(project.path, name, kind),
            )
        st.button("Next", shortcut="N", help="Look at it later", on_click=go_on, args=("", name))
        st.button("Undo", shortcut="U", on_click=undo_last, args=(project.path,), disabled=not state().done or nobody)
    note, alone = st.columns([4, 1], vertical_alignment="bottom")
    note.text_input(
        "A note to go with the decision", key="review_note", max_chars=2000, placeholder="why, by which source"
    )
    alone.button(
        "Only note",
        help="Keep the note, decide nothing",
        disabled=nobody,
        on_click=decide,
        args=(project.path, name, "note"),
        kwargs={"stay": True},
        width="stretch",
    )
