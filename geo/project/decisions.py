"""What people decide about incidents, and the incidents that follow from it.

A decision is a record that is appended and never changed; undoing one is a decision, too. What an incident is now is
the fold of what the machine read and the decisions, in the order in which they were made: a pure function.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geo.errors import InputError
from geo.project.corrections import GROUPS, check_correction, corrected
from geo.project.rows import clean_record, doc_ids, dump, telling_key
from geo.project.tellings import joined_by_hand, tallied
from geo.schema import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from geo.project.rows import Record

STATUS = {"accept": "reviewed", "verify": "verified", "dispute": "disputed", "reject": "rejected"}
"""The status that a judgement gives."""
KINDS = {
    "accept": "read rightly, as far as a look at its evidence tells",
    "verify": "found true by other means",
    "dispute": "told, but doubtful",
    "reject": "no incident",
    "correct": f"other values: any of {', '.join(GROUPS)}; `remember` keeps the place for later reports",
    "merge": "the incidents in `with` are this one",
    "split": "the tellings in `tellings` (keys) are another incident",
    "note": "a remark",
    "undo": "the decision with the number in `decision` no longer counts",
}
"""What can be decided, and what its value tells."""
MAX_WHO = 200
MAX_NOTE = 10_000
MAX_VALUE = 1_000_000
"""Characters of a value as JSON: the outline of a province fits."""
_SILENT = frozenset(["note", "undo"])
"""Kinds that contradict no other decision."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: who decided what about which incident, and when (UTC, ISO 8601).

    `number` grows with every decision of the project. `seen` is the number of the newest decision about the incident
    (or one that it is merged with) that the person had before their eyes; 0 for none.
    """

    number: int
    incident_id: str
    kind: str
    who: str
    at: str
    value: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    seen: int = 0

    def __str__(self) -> str:
        return f"{self.kind} by {self.who} at {self.at}"


@dataclass(frozen=True, slots=True)
class State:
    """An incident now: its record, and the decisions on it that contradict each other unseen."""

    record: Record
    conflict: tuple[Decision, ...] = ()


def check(kind: str, who: str, value: Mapping[str, Any], note: str) -> tuple[str, Mapping[str, Any], str]:
    """Who, value and note as they can be kept.

    Raises:
        InputError: an unknown kind, nobody, a value that the kind cannot have, or too long a text.
    """
    if kind not in KINDS:
        raise InputError(f"{kind!r} is no kind of decision; known are {', '.join(KINDS)}.")
    name, remark = " ".join(clean(who).split()), clean(note).strip()
    if not name or len(name) > MAX_WHO:
        raise InputError(f"a decision needs to say who decides, in at most {MAX_WHO} characters; got {len(name)}.")
    if len(remark) > MAX_NOTE:
        raise InputError(f"the note has {len(remark):,} characters; the most is {MAX_NOTE:,}.")
    if kind == "note" and not remark:
        raise InputError("the note is empty.")
    kept = _CHECKS[kind](value) if kind in _CHECKS else {}
    if len(dump(kept)) > MAX_VALUE:
        raise InputError(f"the value of a decision has more than {MAX_VALUE:,} characters.")
    return name, kept, remark


def _check_merge(value: Mapping[str, Any]) -> dict[str, Any]:
    others = _texts(value.get("with"))
    if not others:
        raise InputError("merge: name the other incidents, by their ids, in `with`.")
    return {"with": others}


def _check_split(value: Mapping[str, Any]) -> dict[str, Any]:
    keys = _texts(value.get("tellings"))
    if not keys:
        raise InputError("split: name the tellings that are another incident, by their keys, in `tellings`.")
    return {"tellings": sorted(keys)}


def _check_undo(value: Mapping[str, Any]) -> dict[str, Any]:
    number = value.get("decision")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise InputError(f"undo: {str(number)[:40]!r} is no number of a decision.")
    return {"decision": number}


def _texts(found: Any) -> list[str]:  # noqa: ANN401  # a value of JSON
    return list(dict.fromkeys(clean(str(one)) for one in found)) if isinstance(found, (list, tuple)) else []


_CHECKS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "correct": check_correction,
    "merge": _check_merge,
    "split": _check_split,
    "undo": _check_undo,
}


# --- the fold ---------------------------------------------------------------------------------------------------------


def fold(machine: Mapping[str, Mapping[str, Any]], decisions: Iterable[Decision]) -> dict[str, State]:
    """The incidents that follow from what the machine read and what people decided.

    `machine` are records by incident id: those that the decisions speak of, with all that they were merged with.
    The order in which the decisions are given does not matter, nor whether one is given twice; one that cannot be
    followed (any more) is passed over. An incident that was merged into another is not in the result.
    """
    records = {name: clean_record(record) for name, record in machine.items()}
    away: dict[str, str] = {}
    told = live(decisions)
    for one in told:
        record = records.get(one.incident_id)
        if record is not None:
            _STEPS[one.kind](records, away, one)
    gone = {name for name in away if name in records}
    clashes = _clashes(told, away)
    return {name: State(record, clashes.get(name, ())) for name, record in records.items() if name not in gone}


def live(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions that count, oldest first: without those that a later one undid, and without such as are unknown."""
    ordered = sorted({one.number: one for one in decisions}.values(), key=lambda one: one.number)
    undone: set[int] = set()
    for one in reversed(ordered):
        target = one.value.get("decision")
        if one.kind == "undo" and one.number not in undone and isinstance(target, int) and target < one.number:
            undone.add(target)
    return [one for one in ordered if one.number not in undone and one.kind in KINDS]


def split_id(incident_id: str, keys: Iterable[str]) -> str:
    """The id of what is split off an incident: the same tellings give the same."""
    return hashlib.sha256("\0".join([incident_id, *sorted(keys)]).encode()).hexdigest()[:12]


Records = dict[str, "Record"]


def _judge(records: Records, _: dict[str, str], one: Decision) -> None:
    records[one.incident_id] |= {"status": STATUS[one.kind]}


def _correct(records: Records, _: dict[str, str], one: Decision) -> None:
    records[one.incident_id] = corrected(records[one.incident_id], one.value, who=one.who, at=one.at)


def _merge(records: Records, away: dict[str, str], one: Decision) -> None:
    """The others go into this one, wherever they and this one are by now; a circle is passed over."""
    home = _home(one.incident_id, away)
    for name in _texts(one.value.get("with")):
        other = _home(name, away)
        if other != home and other in records:
            records[home] = joined_by_hand(records[home], records[other])
            away[other] = home


def _split(records: Records, away: dict[str, str], one: Decision) -> None:
    home = _home(one.incident_id, away)
    keys = set(_texts(one.value.get("tellings")))
    sources = records[home]["sources"]
    out = [source for source in sources if telling_key(source) in keys]
    if not out or len(out) == len(sources):
        return
    rest = [source for source in sources if telling_key(source) not in keys]
    name = split_id(one.incident_id, keys)
    made = tallied({**records[home], "incident_id": name, "status": "machine", "sources": out, "doc_ids": doc_ids(out)})
    known = records.get(name)  # a later report told of it
    records[name] = made if known is None else joined_by_hand(made, known)
    records[home] = tallied({**records[home], "sources": rest, "doc_ids": doc_ids(rest)})


def _pass(_records: Records, _away: dict[str, str], _one: Decision) -> None:
    """A remark changes nothing, and what is undone has been left out before."""


_STEPS: dict[str, Callable[[Records, dict[str, str], Decision], None]] = {
    **dict.fromkeys(STATUS, _judge),
    "correct": _correct,
    "merge": _merge,
    "split": _split,
    "note": _pass,
    "undo": _pass,
}


def _home(name: str, away: Mapping[str, str]) -> str:
    """The incident that this one is part of by now."""
    while name in away:
        name = away[name]
    return name


def _clashes(told: Sequence[Decision], away: Mapping[str, str]) -> dict[str, tuple[Decision, ...]]:
    """By incident, the decisions that were made unseen of each other, say different things, and were not settled since.

    A later decision by somebody who had seen them settles them.
    """
    found: dict[str, tuple[Decision, ...]] = {}
    for name, mine in _by_home(told, away).items():
        open_: dict[int, Decision] = {}
        for place, one in enumerate(mine):
            open_ = {number: other for number, other in open_.items() if number > one.seen}
            unseen = [other for other in mine[:place] if other.number > one.seen and _differ(one, other)]
            open_ |= {other.number: other for other in [*unseen, one] if unseen}
        if len(open_) > 1:
            found[name] = tuple(open_[number] for number in sorted(open_))
    return found


def _by_home(told: Sequence[Decision], away: Mapping[str, str]) -> dict[str, list[Decision]]:
    by_home: dict[str, list[Decision]] = {}
    for one in told:
        if one.kind not in _SILENT:
            by_home.setdefault(_home(one.incident_id, away), []).append(one)
    return by_home


def _differ(one: Decision, other: Decision) -> bool:
    return (one.kind, one.value, one.incident_id) != (other.kind, other.value, other.incident_id)
