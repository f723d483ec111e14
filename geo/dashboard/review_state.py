"""What the review remembers of a session, and what its buttons do."""

from __future__ import annotations

import getpass
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import streamlit as st

from geo.errors import IncidentMapperError
from geo.project import Project

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass
class State:
    """One session with the project at `path`.

    `current` is the incident looked at, "" for the next one; `seen` the newest decision about it that is on the page,
    `opened` its id and the newest decision when it was opened; `passed` are the incidents to be looked at later; `done`
    are the session's own decisions, to be undone with a key: incident and number. `fault` and `unseen` are shown once.
    """

    path: str = ""
    current: str = ""
    seen: int = 0
    opened: tuple[str, int] = ("", 0)
    passed: set[str] = field(default_factory=set)
    done: list[tuple[str, int]] = field(default_factory=list)
    fault: str = ""
    unseen: list[str] = field(default_factory=list)


def state() -> State:
    """The session's own."""
    if "review" not in st.session_state:
        st.session_state["review"] = State()
    told: State = st.session_state["review"]
    return told


def default_name() -> str:
    """Who decides where nobody says so: the user of this machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a machine that does not know its own user
        return ""


def first_of(queue: Sequence[str]) -> str:
    """The first incident of the queue that was not passed over; the first of all where each was."""
    passed = state().passed
    if queue and passed.issuperset(queue):
        passed.clear()
    return next((name for name in queue if name not in passed), "")


def told_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """The titles of a list's options, none twice: Streamlit knows an option by its words."""
    counts: dict[str, int] = {}
    found = {}
    for name, title in titles.items():
        counts[title] = counts.get(title, 0) + 1
        found[name] = title if counts[title] == 1 else f"{title} ({counts[title]})"
    return found


def go_on(name: str = "", passed: str = "") -> None:
    """Look at an incident, or at the next one; one that is passed over comes again at the end."""
    if passed:
        state().passed.add(passed)
    state().current = name


def go_to(key: str) -> None:
    """Look at the incident that a list shows."""
    state().current = str(st.session_state[key])


def decide(
    path: Path, incident_id: str, kind: str, value: Mapping[str, Any] | None = None, *, stay: bool = False
) -> None:
    """Write a decision of the person at the page, who has seen what the page shows; then look at the next incident."""
    told = state()
    who, note = str(st.session_state.get("review_who", "")), str(st.session_state.get("review_note", ""))
    try:
        with Project.open(path) as project:
            made = project.decide(incident_id, kind, who=who, value=value, note=note, seen=told.seen)
    except IncidentMapperError as error:
        told.fault, told.current = str(error), incident_id
        return
    st.session_state["review_note"] = ""
    told.opened = ("", 0)
    told.done.append((incident_id, made.decision.number))
    told.unseen = [str(one) for one in made.unseen]
    told.current = incident_id if stay or made.unseen else ""


def undo(path: Path, incident_id: str, number: int) -> None:
    """Take a decision back, and look at its incident again."""
    told = state()
    told.done = [one for one in told.done if one[1] != number]
    before = list(told.done)
    decide(path, incident_id, "undo", {"decision": number}, stay=True)
    told.done = before  # an undo is undone by its own row of the history, not by the key


def undo_last(path: Path) -> None:
    """Take back what this session decided last."""
    if state().done:
        undo(path, *state().done[-1])
