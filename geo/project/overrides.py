"""The project's own gazetteer: a place that a person corrected once, for the words that named it.

The words are looked up after a report is read, not before: then the correction stands for just what the person saw, an
incident whose place is called so, and says so; it cannot sway how other names of the report are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gazetteer.names import fold as folded
from geo.project.corrections import GROUPS, PLACE_COLUMNS
from geo.project.decisions import live
from geo.project.geopackage import GEOMETRY, blob, shape_of
from geo.project.rows import clean_record, from_wkb
from geo.schema import SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from geo.project.decisions import Decision
    from geo.project.rows import Record

REASON = "place.own"
"""The reason of an incident whose place follows an earlier correction."""


def kept_places(read: Mapping[str, Record], decisions: Iterable[Decision]) -> Iterator[dict[str, Any]]:
    """A row of `own_places` for each live correction that asks to be remembered.

    `read` are the records as the machine read them: their words, and the country it took them to be in, are what a
    later report is compared with.
    """
    for one in live(decisions):
        machine, place = read.get(one.incident_id), one.value.get("place")
        if one.kind != "correct" or not one.value.get("remember") or machine is None or not isinstance(place, dict):
            continue
        key = folded(machine["place_text"])
        if not key:
            continue
        told = clean_record({**place, "geometry": from_wkb(place.get("geometry"))})
        yield {
            GEOMETRY: blob(told["geometry"]),
            "key": key,
            "place_text": machine["place_text"],
            "context": SEPARATOR.join(dict.fromkeys([*machine["country"], *told["country"]])),
            **{name: told[name] for name in PLACE_COLUMNS if name != "country"},
            "country": SEPARATOR.join(told["country"]),
            "incident_id": one.incident_id,
            "decision": one.number,
            "who": one.who,
            "at": one.at,
        }


def placed(record: Record, own: Iterable[Mapping[str, Any]]) -> Record:
    """The record at the place that its words were corrected to before, where one of the rows of `own_places` fits.

    A row fits where the words are the same, spelling aside, and the countries that it was corrected from or to have one
    in common with the record's; a record without a country fits. The newest row counts.
    """
    key = folded(record["place_text"])
    countries = set(record["country"])
    for row in sorted(own, key=lambda row: -row["decision"]):
        context = set(str(row["context"] or "").split(SEPARATOR)) - {""}
        if key and row["key"] == key and (not countries or not context or countries & context):
            return _moved(record, row)
    return record


def _moved(record: Record, row: Mapping[str, Any]) -> Record:
    told = clean_record({**{name: row[name] for name in PLACE_COLUMNS}, "geometry": shape_of(row[GEOMETRY])})
    before = {
        "place_id": record["place_id"],
        "name": record["place"],
        "kind": record["kind"],
        "country": record["country"],
        "lat": record["lat"],
        "lon": record["lon"],
    }
    why = f"“{row['place_text']}” was placed here by {row['who']}, {row['at']}"
    return {
        **record,
        **{name: told[name] for name in GROUPS["place"]},
        "reasons": {**record["reasons"], REASON: why},
        "alternatives": [*([before] if record["geometry"] is not None else []), *record["alternatives"]],
    }
