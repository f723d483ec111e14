"""A project file: what was read, what people decided, and the incidents that follow from both.

Any number of programs may have the file open at once: every change is one short transaction, which waits its turn and
is on the disk when the call returns. A program that is killed leaves the file as its last finished transaction did.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from gazetteer.names import fold as folded
from geo.errors import IncidentMapperError, InputError, OutputError
from geo.export import title
from geo.project import geopackage
from geo.project.decisions import Decision, State, check, fold
from geo.project.doubt import doubt, waits
from geo.project.file import SUFFIX, as_errors, check_format, connect, create, now
from geo.project.overrides import kept_places
from geo.project.rows import COLUMNS, cells, dump, from_json, record_of, telling_key, to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from sqlite3 import Connection
    from types import TracebackType

    from geo.project.rows import Record

_COMMON = ""
"""Stands for the incidents of a name that too many hold."""


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as a person meets it: what it is now, and what was decided about it and its like, oldest first."""

    record: Record
    decisions: tuple[Decision, ...]
    conflict: str
    doubt: float

    @property
    def seen(self) -> int:
        """The number of the newest decision here, to be told with the next one."""
        return self.decisions[-1].number if self.decisions else 0


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that is on the disk, and those about the same incident that were made since what its maker saw."""

    decision: Decision
    unseen: tuple[Decision, ...]


class Project:
    """A project file that is open; for one thread, and a context manager that closes it."""

    def __init__(self, path: str | Path) -> None:
        """Open a file; see `open`."""
        self.path = Path(path)
        with as_errors(self.path):
            self._db = connect(self.path)
        try:
            with as_errors(self.path):
                check_format(self._db, self.path)
        except IncidentMapperError:
            self._db.close()
            raise

    @classmethod
    def open(cls, path: str | Path) -> Project:
        """Open a project.

        Raises:
            InputError: there is no such file, it is no project, or one of a later version.
        """
        return cls(path)

    @classmethod
    def create(cls, path: str | Path) -> Project:
        """Make a new, empty project and open it.

        Raises:
            OutputError: there is a file already, or it cannot be made.
        """
        target = Path(path)
        if target.suffix.lower() != SUFFIX:
            raise OutputError(f"{path}: a project is a GeoPackage; give it the suffix {SUFFIX}.")
        create(target)
        return cls(target)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is on the disk when the block ends, or nothing.

        Raises:
            OutputError: the disk refuses, or another program holds the file for too long.
        """
        with as_errors(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise

    def rows(self, query: str, given: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The rows of a question in SQL, each by the names of its columns."""
        with as_errors(self.path):
            return [dict(row) for row in self._db.execute(query, given)]

    def status(self) -> dict[str, Any]:
        """How the project stands: counts of incidents by status, of decisions by kind and person, of what waits."""
        (told,) = self.rows(
            "SELECT count(*) FILTER (WHERE lat IS NULL) AS placeless, count(*) FILTER (WHERE date_start IS NULL) "
            "AS dateless, count(*) FILTER (WHERE conflict <> '') AS conflicts, "
            "min(date_start) AS first, max(date_end) AS last FROM incidents"
        )
        first, last = told.pop("first"), told.pop("last")
        return {
            "incidents": self._counts("incidents", "status"),
            "decisions": self._counts("decisions", "kind"),
            "people": self._counts("decisions", "who"),
            "waiting": self.waiting(),
            **told,
            "days": [first or "", last or ""],
            "reports": self._counts("reports", "kind").get("report", 0),
            "tables": self._counts("reports", "kind").get("table", 0),
            "own_places": sum(self._counts("own_places", "key").values()),
        }

    def _counts(self, table: str, column: str) -> dict[str, int]:
        query = f"SELECT {column} AS name, count(*) AS count FROM {table} GROUP BY 1 ORDER BY 2 DESC"  # noqa: S608  # our own names
        return {row["name"] or "unknown": row["count"] for row in self.rows(query)}

    def waiting(self) -> int:
        """How many incidents a person should look at."""
        return int(self.rows("SELECT count(*) AS count FROM incidents WHERE waits = 1")[0]["count"])

    def count(self) -> int:
        """How many incidents there are."""
        return int(self.rows("SELECT count(*) AS count FROM incidents")[0]["count"])

    def titles(self, names: Sequence[str]) -> dict[str, str]:
        """One line on each of these incidents, in their order; those that are not there are left out."""
        marks = ", ".join("?" for _ in names)
        query = f"SELECT {', '.join(_TITLE)} FROM incidents WHERE incident_id IN ({marks})"  # noqa: S608  # our own names
        found = {row["incident_id"]: title(row) for row in self.rows(query, names)}
        return {name: found[name] for name in names if name in found}

    def queue(self, limit: int, *, after: int = 0) -> list[str]:
        """The ids of the incidents that a person should look at, the most doubtful first."""
        query = "SELECT incident_id FROM incidents WHERE waits = 1 ORDER BY doubt DESC, fid LIMIT ? OFFSET ?"
        return [row["incident_id"] for row in self.rows(query, (limit, after))]

    # --- incidents ----------------------------------------------------------------------------------------------------

    def incident(self, incident_id: str) -> Incident | None:
        """An incident as it is now; None where there is none of that id, or it was merged into another."""
        found = self.rows("SELECT * FROM incidents WHERE incident_id = ?", (incident_id,))
        if not found:
            return None
        told = tuple(self.decisions(incident_id))
        return Incident(record_of(found[0]), told, found[0]["conflict"] or "", found[0]["doubt"] or 0.0)

    def records(self, where: str = "1", given: Sequence[Any] = ()) -> Iterator[Record]:
        """The records of incidents that fulfil a condition in SQL."""
        yield from map(record_of, self.rows(f"SELECT * FROM incidents WHERE {where}", given))  # noqa: S608  # our own conditions

    def decisions(self, incident_id: str) -> list[Decision]:
        """Every decision about an incident and those that it was merged with or split from, oldest first."""
        family = self._family(incident_id)
        return [] if family is None else self._decisions(family)

    def put(self, record: Record, conflict: Sequence[Decision] = ()) -> None:
        """Write an incident as it is now; inside of `writing`."""
        clash = bool(conflict)
        row = {
            **cells(record),
            "doubt": doubt(record, conflict=clash),
            "waits": int(waits(record, conflict=clash)),
            "conflict": "; ".join(map(str, conflict)),
        }
        self._db.execute(_PUT, row)
        geopackage.touched(self._db, "incidents", [record["geometry"]])

    def take_in(self, record: Record, sources: Iterable[Mapping[str, Any]], content: str) -> None:
        """Take what the machine reads about an incident now, with the tellings that are new; inside of `writing`.

        What people decided about it holds as before.
        """
        name = record["incident_id"]
        family = self._family(name)
        if family is None:
            self.put(record)
        else:
            self._db.execute("UPDATE machine SET record = ? WHERE incident_id = ?", (to_json(record), name))
            self._refold(family, self._decisions(family))
        self._db.executemany(
            "INSERT INTO sources (incident_id, report, publisher, url, published, evidence, content, added) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ([name, *(source.get(key) for key in _SOURCE), content, now()] for source in sources),
        )

    def machine(self, incident_id: str) -> Record | None:
        """What the machine read of an incident, before people decided; None where it read nothing of that id."""
        found = self.rows("SELECT record FROM machine WHERE incident_id = ?", (incident_id,))
        if found:
            return from_json(found[0]["record"]) if found[0]["record"] else None
        return next(self.records("incident_id = ?", (incident_id,)), None)

    def note_report(self, content: str, name: str, kind: str, count: int, about: Mapping[str, str | None]) -> None:
        """Note that a report or table of this content was read, and how many incidents it held; inside of `writing`."""
        self._db.execute(
            "INSERT INTO reports (content, name, kind, publisher, url, title, published, added, incidents) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (content, name, kind, *(about.get(key) for key in _ABOUT), now(), count),
        )

    def own_places(self, text: str) -> list[dict[str, Any]]:
        """What these words for a place were corrected to."""
        return self.rows("SELECT * FROM own_places WHERE key = ?", (folded(text),))

    def note_names(self, incident_id: str, names: Iterable[str], most: int) -> None:
        """Note the names in an incident's evidence; a name that more than `most` hold is only known to be common."""
        for name in names:
            holders = self.holders(name)
            if holders is None or incident_id in holders:
                continue
            if len(holders) >= most:
                self._db.execute("DELETE FROM names WHERE name = ?", (name,))
            row = (name, incident_id if len(holders) < most else _COMMON)
            self._db.execute("INSERT INTO names (name, incident_id) VALUES (?, ?)", row)

    def holders(self, name: str) -> set[str] | None:
        """The incidents whose evidence holds a name; None for a common one."""
        found = {row[0] for row in self._db.execute("SELECT incident_id FROM names WHERE name = ?", (name,))}
        return None if _COMMON in found else found

    # --- decisions ----------------------------------------------------------------------------------------------------

    def decide(
        self,
        incident_id: str,
        kind: str,
        *,
        who: str,
        value: Mapping[str, Any] | None = None,
        note: str = "",
        seen: int | None = None,
    ) -> Decided:
        """Append a decision; it is on the disk when this returns.

        `kind` and `value` are those of `decisions.KINDS`; `seen` is what `Incident.seen` was before the person's eyes,
        None for one who needs no warning.

        Raises:
            InputError: no such incident, or the decision makes no sense.
            OutputError: the file cannot be written.
        """
        name, kept, remark = check(kind, who, value or {}, note)
        with self.writing() as db:
            family = self._adopt([incident_id, *kept.get("with", [])])
            past = self._decisions(family)
            self._check_sense(incident_id, kind, kept, past)
            newest = past[-1].number if past else 0
            at, before = now(), newest if seen is None else min(max(0, seen), newest)
            number = db.execute(
                "INSERT INTO decisions (incident_id, kind, who, at, value, note, seen) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (incident_id, kind, name, at, dump(kept), remark, before),
            ).lastrowid
            made = Decision(number or 0, incident_id, kind, name, at, kept, remark, before)
            self._refold(family, [*past, made])
            geopackage.touched(db, "decisions")
        return Decided(made, tuple(one for one in past if one.number > before and one.kind != "note"))

    def _check_sense(self, incident_id: str, kind: str, value: Mapping[str, Any], past: Sequence[Decision]) -> None:
        if kind == "merge" and incident_id in value["with"]:
            raise InputError(f"merge: {incident_id} cannot be merged with itself.")
        if kind == "undo" and not any(one.number == value["decision"] for one in past):
            raise InputError(f"undo: there is no decision {value['decision']} about {incident_id}.")
        if kind == "split":
            found = next(self.records("incident_id = ?", (incident_id,)), None)
            keys = {telling_key(source) for source in found["sources"]} if found else set()
            if not set(value["tellings"]) < keys:
                raise InputError(f"split: name some but not all of the {len(keys)} tellings of {incident_id}.")

    def _family(self, incident_id: str) -> str | None:
        found = self.rows("SELECT family FROM machine WHERE incident_id = ?", (incident_id,))
        return str(found[0]["family"]) if found else None

    def _decisions(self, family: str) -> list[Decision]:
        return [
            Decision(
                row["fid"],
                row["incident_id"],
                row["kind"],
                row["who"],
                row["at"],
                _object(row["value"]),
                row["note"],
                row["seen"],
            )
            for row in self.rows(
                "SELECT decisions.* FROM decisions JOIN machine USING (incident_id) WHERE family = ? "
                "ORDER BY decisions.fid",
                (family,),
            )
        ]

    def _adopt(self, names: Sequence[str]) -> str:
        """One family for these incidents and all that theirs hold; what the machine read of new ones is set aside."""
        families = []
        for name in names:
            family = self._family(name)
            if family is None:
                record = next(self.records("incident_id = ?", (name,)), None)
                if record is None:
                    raise InputError(f"{self.path}: there is no incident {name[:60]!r}.")
                self._db.execute(
                    "INSERT INTO machine (incident_id, family, record) VALUES (?, ?, ?)", (name, name, to_json(record))
                )
            families.append(family or name)
        for other in set(families[1:]) - {families[0]}:
            self._db.execute("UPDATE machine SET family = ? WHERE family = ?", (families[0], other))
        return families[0]

    def _refold(self, family: str, decisions: Sequence[Decision]) -> None:
        """Write the incidents of a family as they are after these decisions."""
        members = self.rows("SELECT incident_id, record FROM machine WHERE family = ?", (family,))
        read = {row["incident_id"]: from_json(row["record"]) for row in members if row["record"]}
        states: dict[str, State] = fold(read, decisions)
        known = {row["incident_id"] for row in members}
        for name in known - states.keys():
            self._db.execute("DELETE FROM incidents WHERE incident_id = ?", (name,))
        for name in states.keys() - known:  # split off; it has no reading of its own
            self._db.execute("INSERT INTO machine (incident_id, family) VALUES (?, ?)", (name, family))
        for state in states.values():
            self.put(state.record, state.conflict)
        self._keep_places(read, decisions)

    def _keep_places(self, read: Mapping[str, Record], decisions: Sequence[Decision]) -> None:
        """Remember the places that live corrections of these incidents ask to."""
        self._db.executemany("DELETE FROM own_places WHERE incident_id = ?", ((name,) for name in read))
        for row in kept_places(read, decisions):
            names = ", ".join(row)
            marks = ", ".join(f":{name}" for name in row)
            self._db.execute(f"INSERT INTO own_places ({names}) VALUES ({marks})", row)  # noqa: S608  # our own names


_TITLE = ("incident_id", "event_type", "sub_event_type", "place", "place_text", "date_start", "date_end")
_ABOUT = ("publisher", "url", "title", "published")
_SOURCE = ("report", "publisher", "url", "published", "evidence")
_WRITTEN = [geopackage.GEOMETRY, *COLUMNS, "doubt", "waits", "conflict"]
_PUT = (
    f"INSERT INTO incidents ({', '.join(_WRITTEN)}) VALUES ({', '.join(f':{name}' for name in _WRITTEN)}) "  # noqa: S608  # our own names
    f"ON CONFLICT (incident_id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _WRITTEN)}"
)


def _object(text: str) -> dict[str, Any]:
    """The object in a cell; an empty one where another program left something else."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
