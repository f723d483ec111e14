"""One document → everything found in it, as plain JSON types."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from geo.errors import InputError
from geo.incidents.reading import read_text
from geo.incidents.weights import weights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gazetteer.store import Gazetteer
    from geo.incidents.link import Link
    from geo.relations import Located
    from geo.resolve import Resolved
    from geo.times import Time
    from geo.toponyms import Relation


def annotate(doc: Mapping[str, Any], *, gazetteer: Gazetteer, given_spans: bool = False) -> dict[str, Any]:
    """`{"doc_id", "text", "published"?}` → `{"doc_id", "toponyms", "relations", "times", "events"}`.

    Offsets are code points into `text` as given, end exclusive. With `given_spans` the `toponyms` and `events` spans
    that the document carries (a `trigger` is an event too) are taken instead of finding others.

    Raises:
        InputError: the document has no text, or its date or spans cannot be read.
    """
    text = doc.get("text")
    if not isinstance(text, str):
        message = f"document {doc.get('doc_id', '?')!r}: no text"
        raise InputError(message)
    toponyms = _spans(doc, "toponyms") if given_spans else None
    triggers = _triggers(doc) if given_spans else None
    reading = read_text(text, published=_published(doc), gazetteer=gazetteer, toponyms=toponyms, triggers=triggers)
    return {
        "doc_id": doc.get("doc_id", ""),
        "toponyms": [_toponym(item) for item in reading.resolved],
        "relations": [_relation(item, where) for item, where in zip(reading.relations, reading.located, strict=True)],
        "times": [_time(time) for time in reading.times],
        "events": [_event(link, exact=triggers is not None) for link in reading.links],
    }


def _published(doc: Mapping[str, Any]) -> dt.date | None:
    told = doc.get("published")
    if not told:
        return None
    try:
        return dt.date.fromisoformat(str(told)[:10])
    except ValueError:
        message = f"document {doc.get('doc_id', '?')!r}: published {told!r} is no date like 2021-06-29"
        raise InputError(message) from None


def _triggers(doc: Mapping[str, Any]) -> list[tuple[int, int]] | None:
    if "events" in doc:
        return _spans(doc, "events")
    if isinstance(doc.get("trigger"), dict):
        return _spans({**doc, "trigger": [doc["trigger"]]}, "trigger")
    return None


def _spans(doc: Mapping[str, Any], key: str) -> list[tuple[int, int]] | None:
    if key not in doc:
        return None
    try:
        spans = [(int(span["start"]), int(span["end"])) for span in doc[key]]
    except (TypeError, KeyError, ValueError):
        message = f"document {doc.get('doc_id', '?')!r}: {key} is no list of objects with start and end"
        raise InputError(message) from None
    return [(start, end) for start, end in spans if 0 <= start < end <= len(doc["text"])]


def _toponym(item: Resolved) -> dict[str, Any]:
    top, place = item.toponym, item.place
    where = place or item.within  # a street or building has its town's point, and no place_id
    return {
        "start": top.start,
        "end": top.end,
        "text": top.text,
        "literal": top.literal,
        "kind": "demonym" if top.kind == "demonym" else place.kind if place else top.kind,
        "lat": where.lat if where else None,
        "lon": where.lon if where else None,
        "place_id": place.place_id if place else "",
        "name": place.name if place else "",
        "country": list(where.countries) if where else [],
        "radius_m": where.radius_m if where else None,
        "score": item.score,
        "reasons": dict(item.reasons) | ({"in the town named beside it": item.within.name} if item.within else {}),
    }


def _relation(item: Relation, where: Located | None) -> dict[str, Any]:
    from shapely.geometry import mapping  # noqa: PLC0415  # heavy

    return {
        "start": item.start,
        "end": item.end,
        "text": item.text,
        "relation": item.relation,
        "lat": where.lat if where else None,
        "lon": where.lon if where else None,
        "geometry": mapping(where.geometry) if where and where.geometry is not None else None,
        "radius_m": where.radius_m if where else None,
        "geo_precision": where.geo_precision if where else "",
        "country": list(where.countries) if where else [],
    }


def _time(time: Time) -> dict[str, Any]:
    return {
        "start": time.start,
        "end": time.end,
        "text": time.text,
        "type": time.type,
        "value": time.value,
        "date_start": time.date_start.isoformat() if time.date_start else None,
        "date_end": time.date_end.isoformat() if time.date_end else None,
        "precision": time.precision,
        "clock": time.clock,
    }


def _event(link: Link, *, exact: bool) -> dict[str, Any]:
    event = link.event
    spans = link.read if exact and link.read is not None and link.place_how != "context" else _sure_spans(link)
    return {
        "start": event.start,
        "end": event.end,
        "text": event.text,
        "event_type": event.event_type,
        "sub_event_type": event.sub_event_type,
        "modality": event.modality,
        "places": [{"start": start, "end": end} for start, end in spans],
        "times": [{"start": link.time.start, "end": link.time.end}]
        if link.time and link.time_how in ("sentence", "context")
        else [],
        "actors": list(event.actors),
        "targets": list(event.targets),
        "weapons": list(event.weapons),
        "fatalities_min": event.fatalities.minimum if event.fatalities else None,
        "fatalities_max": event.fatalities.maximum if event.fatalities else None,
        "injured_min": event.injured.minimum if event.injured else None,
        "injured_max": event.injured.maximum if event.injured else None,
        "event_count": event.event_count,
        "score": event.score,
    }


def _sure_spans(link: Link) -> list[tuple[int, int]]:
    """The names that the event's sites stand on, where the sentence or the event before makes them sure."""
    sure = float(link.reasons.get("place.score", 0.0)) > weights("place")["sure"] or link.place_how == "context"
    return sorted({span for site in link.sites for span in site.spans if site.relation != "distance"}) if sure else []
