"""Many reports → the incident table, and the table of places mentioned."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from geo import schema
from geo.incidents.confidence import confidence
from geo.incidents.mention import mentions
from geo.incidents.merge import within_report
from geo.incidents.reading import read
from geo.incidents.retell import across_reports
from geo.incidents.wording import passages, wording

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import geopandas as gpd

    from gazetteer.place import Place
    from gazetteer.store import Gazetteer
    from geo.events import Count
    from geo.incidents.incident import Incident
    from geo.incidents.mention import Mention
    from geo.incidents.sites import Site
    from geo.reports import Report

HISTORY_DAYS = 366
"""What lies further back than this before the report is told as history, not as news."""
_MOST_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class Extraction:
    """What came out: the incident table, the places mentioned (one row each), and what the user should know."""

    incidents: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    notes: list[str]


@dataclass(slots=True)
class Findings:
    """What the reports hold before the tables are made: plain objects that pickle, and that add up."""

    incidents: list[Incident]
    places: dict[str, tuple[Place, int, dict[str, None]]]
    undated: list[str]

    def extend(self, other: Findings) -> None:
        """Add the findings of later reports."""
        self.incidents.extend(other.incidents)
        self.undated.extend(other.undated)
        for place_id, (place, count, docs) in other.places.items():
            _, before, known = self.places.get(place_id, (place, 0, {}))
            known.update(docs)
            self.places[place_id] = (place, before + count, known)


def extract(
    reports: Iterable[Report], *, gazetteer: Gazetteer, progress: Callable[[int], None] | None = None
) -> Extraction:
    """Every incident that the reports tell as having happened, one row each, with all its sources.

    Nothing is dropped for want of a place or a day: it has a null geometry or null dates. `progress` is called with
    the number of reports read so far.
    """
    findings = Findings([], {}, [])
    for order, report in enumerate(reports):
        findings.extend(find(report, order, gazetteer=gazetteer))
        if progress:
            progress(order + 1)
    return tabulate(findings, gazetteer=gazetteer)


def find(report: Report, order: int, *, gazetteer: Gazetteer) -> Findings:
    """What one report holds; `order` is its number among the reports."""
    reading = read(report, gazetteer=gazetteer)
    incidents = [one for one in within_report(mentions(report, order, reading)) if _is_news(one, reading.published)]
    told = passages(report.text, [[mention.event.start for mention in one.mentions] for one in incidents])
    for number, (one, spans) in enumerate(zip(incidents, told, strict=True)):
        one.wording, one.leading = wording(report.text, spans), number == 0
    places: dict[str, tuple[Place, int, dict[str, None]]] = {}
    for item in reading.resolved:
        if item.place is not None and item.toponym.kind != "demonym":
            _, count, docs = places.get(item.place.place_id, (item.place, 0, {report.report: None}))
            places[item.place.place_id] = (item.place, count + 1, docs)
    return Findings(incidents, places, [] if reading.published else [report.report])


def tabulate(findings: Findings, *, gazetteer: Gazetteer) -> Extraction:
    """Findings of all reports → the tables: retellings merged, in order of the earliest source."""
    ordered = sorted(findings.incidents, key=lambda one: _earliest(one.mentions[0]))
    merged = across_reports(ordered)
    merged.sort(key=lambda one: (one.mentions[0].order, one.mentions[0].event.start))
    rows = [row(incident, gazetteer=gazetteer) for incident in merged]
    return Extraction(schema.from_records(rows), _places_table(findings.places), _notes(findings, rows))


def _earliest(mention: Mention) -> tuple[str, int, int]:
    day = mention.published
    return (day.isoformat() if day else "9999", mention.order, mention.event.start)


def _is_news(incident: Incident, published: dt.date | None) -> bool:
    """Told as having happened lately, and more than a reference to something told nowhere."""
    if published and incident.last and (published - incident.last).days > HISTORY_DAYS:
        return False
    empty_reference = all("anaphoric" in m.event.reasons for m in incident.mentions)
    told = any(
        m.link.place_how == "sentence" or m.link.time_how == "sentence" or m.fatalities or m.injured
        for m in incident.mentions
    )
    return told or not empty_reference


def _notes(findings: Findings, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    notes = []
    if findings.undated:
        named = ", ".join(findings.undated[:3]) + (" and others" if len(findings.undated) > 3 else "")  # noqa: PLR2004  # three names fit a line
        notes.append(f"{len(findings.undated)} without a date of publication, relative dates stay unknown: {named}")
    for label, column in (("place", "geometry"), ("date", "date_start")):
        missing = sum(line[column] is None for line in rows)
        if missing:
            notes.append(f"{missing} of {len(rows)} incidents without a {label}")
    return notes


# --- one row ----------------------------------------------------------------------------------------------------------


def row(incident: Incident, *, gazetteer: Gazetteer) -> dict[str, Any]:
    """The incident as a row of the table."""
    surest, reasons = confidence(incident)
    return {
        "incident_id": incident.incident_id,
        "event_type": incident.event_type,
        "sub_event_type": incident.sub_event_type,
        **_when(incident),
        **_where(incident, gazetteer),
        "actors": _named(incident, "actors"),
        "targets": _named(incident, "targets"),
        "weapons": _named(incident, "weapons"),
        **_range("fatalities", incident.fatalities),
        **_range("injured", incident.injured),
        "sources": [_source(mention) for mention in incident.mentions],
        "doc_ids": list(dict.fromkeys(mention.report.report for mention in incident.mentions)),
        "confidence": surest,
        "reasons": {**reasons, **_why(incident)},
        "event_count": max(mention.event.event_count for mention in incident.mentions),
        "alternatives": _alternatives(incident),
        "original": {},
        "status": "machine",
    }


def _when(incident: Incident) -> dict[str, Any]:
    told = incident.time_of
    clocks = [m.link.clock for m in incident.mentions if m.link.clock]
    precision = told.link.time.precision if told and told.link.time else "unknown"
    return {
        "date_start": incident.first,
        "date_end": incident.last,
        "date_precision": precision,
        "time": clocks[0] if clocks and incident.first and incident.first == incident.last else "",
    }


def _where(incident: Incident, gazetteer: Gazetteer) -> dict[str, Any]:
    spot = incident.spot
    if spot is None:
        return {
            "place": "",
            "place_id": "",
            "place_text": "",
            "kind": "",
            "country": [],
            "country_name": "",
            "admin1": "",
            "geometry": None,
            "lat": None,
            "lon": None,
            "geo_precision": "",
            "radius_m": None,
        }
    place = spot.sites[0].place
    geometry = _geometry(spot.sites, gazetteer)
    return {
        "place": spot.name,
        "place_id": place.place_id if place and len(spot.sites) == 1 else "",
        "place_text": _place_text(incident),
        "kind": place.kind if place else spot.sites[0].relation,
        "country": list(spot.countries),
        "country_name": schema.SEPARATOR.join(gazetteer.country_name(code) for code in spot.countries),
        "admin1": place.admin1 if place else "",
        "geometry": geometry,
        "lat": spot.lat,
        "lon": spot.lon,
        "geo_precision": spot.precision,
        "radius_m": spot.radius_m,
    }


def _place_text(incident: Incident) -> str:
    """The words of the report; a name that the gazetteer does not know stands before the place that holds it."""
    told = incident.place_of
    if told is None or told.spot is None:
        return ""
    unknown = [site.text for site in told.link.sites if not site.known]
    return ", ".join([*(" ".join(text.split()) for text in unknown), told.spot.text])


def _geometry(sites: Sequence[Site], gazetteer: Gazetteer) -> Any:  # noqa: ANN401  # shapely has no types
    import shapely  # noqa: PLC0415  # heavy

    from geo import relations  # noqa: PLC0415  # heavy

    shapes = []
    for site in sites:
        located = site.located or (relations.place_located(site.place, gazetteer=gazetteer) if site.place else None)
        if located is not None and located.geometry is not None:
            shapes.append(located.geometry)
    if len(shapes) < 2:  # noqa: PLR2004  # nothing to unite
        return shapes[0] if shapes else None
    return shapely.union_all(shapes)


def _named(incident: Incident, field: str) -> list[str]:
    names: dict[str, str] = {}
    for mention in incident.mentions:
        for name in attrgetter(field)(mention.event):
            names.setdefault(name.lower(), name)
    return list(names.values())


def _range(name: str, count: tuple[int, int | None] | None) -> dict[str, int | None]:
    low, high = count or (None, None)
    return {f"{name}_min": low, f"{name}_max": high}


def _source(mention: Mention) -> dict[str, Any]:
    """One telling: where it stands, the sentence, and the span that each field came from."""
    report, event, said = mention.report, mention.event, mention.quote
    fields: dict[str, list[int]] = {"event_type": [event.start, event.end]}
    if mention.spot and mention.spot.sites[0].spans:
        fields["place"] = [mention.spot.sites[0].start, mention.spot.sites[0].end]
    if mention.link.time:
        fields["date"] = [mention.link.time.start, mention.link.time.end]
    for name, count in (("fatalities", mention.fatalities), ("injured", mention.injured)):
        if count:
            fields[name] = [count.start, count.end]
    return {
        "report": report.report,
        "publisher": report.publisher,
        "url": report.url,
        "published": report.published.isoformat() if report.published else None,
        "title": report.title,
        "evidence": said.evidence,
        "before": said.before,
        "after": said.after,
        "span": list(said.span),
        "trigger": event.text,
        "fields": fields,
        **{
            name: _told(count)
            for name, count in (("fatalities", mention.fatalities), ("injured", mention.injured))
            if count
        },
    }


def _told(count: Count) -> list[int | None]:
    return [count.minimum, count.maximum]


def _why(incident: Incident) -> dict[str, float | str]:
    """The features of the mentions that decided type, place and time, and of each merging."""
    reasons: dict[str, float | str] = {}
    if incident.type_of:
        reasons |= {f"type.{name}": value for name, value in incident.type_of.event.reasons.items()}
    if incident.place_of:
        reasons["place.how"] = incident.place_of.link.place_how
        reasons |= {name: value for name, value in incident.place_of.link.reasons.items() if name.startswith("place.")}
    if incident.time_of:
        reasons["time.how"] = incident.time_of.link.time_how
        reasons |= {name: value for name, value in incident.time_of.link.reasons.items() if name.startswith("time.")}
    for number, why in enumerate(incident.merged, 2):
        reasons |= {f"merge.{number}.{name}": value for name, value in why.items()}
    return reasons


def _alternatives(incident: Incident) -> list[dict[str, Any]]:
    if incident.spot is None:
        return []
    return [
        {
            "place_id": one.place.place_id,
            "name": one.place.name,
            "kind": one.place.kind,
            "country": list(one.place.countries),
            "lat": one.place.lat,
            "lon": one.place.lon,
            "score": one.score,
        }
        for one in incident.spot.sites[0].alternatives[:_MOST_ALTERNATIVES]
    ]


# --- places mentioned -------------------------------------------------------------------------------------------------


def _places_table(places: Mapping[str, tuple[Place, int, dict[str, None]]]) -> gpd.GeoDataFrame:
    """One row a resolved place, the most named first."""
    import geopandas as gpd  # noqa: PLC0415  # heavy

    rows = sorted(places.values(), key=lambda item: (-item[1], item[0].name))
    found = [place for place, _, _ in rows]
    return gpd.GeoDataFrame(
        {
            "place_id": [place.place_id for place in found],
            "name": [place.name for place in found],
            "kind": [place.kind for place in found],
            "country": [list(place.countries) for place in found],
            "lat": [place.lat for place in found],
            "lon": [place.lon for place in found],
            "radius_m": [place.radius_m for place in found],
            "count": [count for _, count, _ in rows],
            "doc_ids": [list(docs) for _, _, docs in rows],
        },
        geometry=gpd.points_from_xy([place.lon for place in found], [place.lat for place in found]),
        crs=schema.CRS,
    )
