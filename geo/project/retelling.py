"""Which incident of a project a new one tells again.

The project keeps no texts, so both are recalled from their rows of the incident table, and weighed by the same features
and weights that merge the retellings of one run.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from geo import sentences
from geo.events import Count, Event
from geo.incidents.incident import Incident
from geo.incidents.link import Link
from geo.incidents.mention import Mention, Spot, content_words
from geo.incidents.quote import Quote
from geo.incidents.retell import features
from geo.incidents.sites import PRECISION_RANKS
from geo.incidents.weights import total, weights
from geo.incidents.wording import tells as told_by
from geo.incidents.wording import wording
from geo.project.corrections import GROUPS, mark
from geo.project.overrides import REASON as OWN_PLACE
from geo.project.tellings import together
from geo.reports import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo.project.rows import Record

PRECISE_RANK = 3
"""Places up to this rank are compared by their distance, coarser ones by their country."""
LOOK_BACK_DAYS = 12
"""Incidents that began longer before the new one are not compared with it."""
REACH_DEGREES = 0.75
RARE = 10
"""A name that more incidents hold than this tells nothing."""
_UNKNOWN_RANK = 2
_NO_EVENT_SCORE = 0.5


def names(record: Record) -> frozenset[str]:
    """The words of its evidence that are written as names, in lower case."""
    return recalled(record).wording.names


def tells(name: str, count: int, reports: int) -> float:
    """How much a name tells that so many incidents out of so many reports hold: as in a run over them all."""
    return told_by(name, count, reports) if 1 < count <= RARE else 0.0


def first_telling(
    new: Record, known: Iterable[Record], rare: Mapping[str, float]
) -> tuple[Record, dict[str, float]] | None:
    """The one of the known incidents that the new one tells again, and what spoke for it; None where there is none.

    `rare` says how much each rare name tells.
    """
    told = recalled(new)
    reports = set(new["doc_ids"])
    best: tuple[float, Record, dict[str, float]] | None = None
    for record in known:
        if reports & set(record["doc_ids"]):  # a report tells an incident once; what it tells apart is apart
            continue
        one = recalled(record)
        shared = sum(rare.get(name, 0.0) for name in one.wording.names & told.wording.names)
        score, parts = total(features(one, told, names=shared), "retelling")
        if score >= weights("retelling")["threshold"] and (best is None or score > best[0]):
            best = (score, record, {**parts, "score": score})
    return (best[1], best[2]) if best else None


def joined(known: Record, new: Record, why: dict[str, float]) -> Record:
    """The known incident with the new one's telling: of type, day and place, the surer or the more precise stays."""
    one, other = recalled(known), recalled(new)
    (mention,) = other.mentions
    one.join(other, why)
    made = together(known, new)
    deciding = {"type": one.type_of, "dates": one.time_of, "place": one.place_of}
    for group, chosen in deciding.items():
        if chosen is mention and mark(group) not in known["reasons"]:
            made |= _group(new, group)
            prefix = {"type": "type.", "dates": "time.", "place": "place."}[group]
            reasons = {name: value for name, value in made["reasons"].items() if not name.startswith(prefix)}
            made["reasons"] = reasons | {name: v for name, v in new["reasons"].items() if name.startswith(prefix)}
    number = len(made["sources"])
    made["reasons"] = {**made["reasons"], **{f"merge.{number}.{name}": value for name, value in why.items()}}
    return made


def _group(record: Record, group: str) -> Record:
    more = {"place": ("place_text", "alternatives"), "dates": ("time",), "type": ()}[group]
    return {name: record[name] for name in (*GROUPS[group], *more)}


# --- from a row back to an incident -----------------------------------------------------------------------------------


def recalled(record: Record) -> Incident:
    """The incident of a row, as far as the features look at it."""
    evidence = _evidence(record)
    return Incident([_mention(record, evidence)], wording=wording(evidence, sentences.split(evidence)))


def _evidence(record: Record) -> str:
    return "\n".join(str(source.get("evidence") or "") for source in record["sources"])


def _mention(record: Record, evidence: str) -> Mention:
    event = _event(record, evidence)
    link = Link(event, place_how=_how(record, "place"), time_how=_how(record, "time"), reasons=record["reasons"])
    report = Report(next(iter(record["doc_ids"]), record["incident_id"]), "")
    towns = frozenset(f"{record['place']} {record['place_text']}".lower().split())
    return Mention(
        report,
        0,
        published=_published(record),
        quote=Quote((0, len(evidence)), evidence, "", ""),
        link=link,
        spot=_spot(record),
        first=_day(record["date_start"]),
        last=_day(record["date_end"]),
        doers=content_words(record["actors"]) - towns,
        struck=content_words(record["targets"]) - towns,
    )


def _published(record: Record) -> dt.date | None:
    """The day of the earliest report that tells its day."""
    days = [source["published"] for source in record["sources"] if source.get("published")]
    return _day(str(min(days))[:10]) if days else None


def _event(record: Record, evidence: str) -> Event:
    reasons = record["reasons"]
    return Event(
        start=0,
        end=0,
        text="",
        event_type=record["event_type"],
        sub_event_type=record["sub_event_type"],
        modality="reported",
        sentence=(0, len(evidence)),
        actors=tuple(record["actors"]),
        targets=tuple(record["targets"]),
        weapons=tuple(record["weapons"]),
        fatalities=_count(record, "fatalities"),
        injured=_count(record, "injured"),
        event_count=record["event_count"] or 1,
        score=_NO_EVENT_SCORE if record["confidence"] is None else record["confidence"],
        reasons={name.removeprefix("type."): value for name, value in reasons.items() if name.startswith("type.")},
    )


def _count(record: Record, name: str) -> Count | None:
    least, most = record[f"{name}_min"], record[f"{name}_max"]
    return None if least is None and most is None else Count(least or 0, most, 0, 0)


def _how(record: Record, what: str) -> str:
    """What told the place or the day; what a person or a table gives is as good as a sentence."""
    given = OWN_PLACE in record["reasons"] if what == "place" else False
    if given or mark({"place": "place", "time": "dates"}[what]) in record["reasons"]:
        return "sentence"
    return str(record["reasons"].get(f"{what}.how", "sentence"))


def _spot(record: Record) -> Spot | None:
    if record["lat"] is None or record["lon"] is None:
        return None
    area = record["place"] if record["geo_precision"] == "admin1" else record["admin1"]
    return Spot(
        sites=(),
        name=record["place"],
        key=record["place_id"] or f"{record['geo_precision']}:{record['lat']:.2f},{record['lon']:.2f}",
        lat=record["lat"],
        lon=record["lon"],
        radius_m=record["radius_m"] or 0.0,
        precision=record["geo_precision"],
        rank=rank(record),
        countries=tuple(record["country"]),
        admin1_code=f"{record['country'][0]}.{area}" if area and len(record["country"]) == 1 else "",
        kind=record["kind"],
    )


def rank(record: Record) -> int:
    """How coarse the record's place is (PRECISION_RANKS)."""
    return PRECISION_RANKS.get(record["geo_precision"], _UNKNOWN_RANK)


def _day(text: Any) -> dt.date | None:  # noqa: ANN401  # a cell
    return dt.date.fromisoformat(text) if text else None
