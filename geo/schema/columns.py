"""The columns of the incident table and what may stand in them."""

from __future__ import annotations

from dataclasses import dataclass

CRS = "EPSG:4326"
SEPARATOR = ";"
"""What joins the parts of a list of texts in a flat format."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, the kind of its values (a key of KINDS) and what they mean."""

    name: str
    kind: str
    meaning: str


KINDS = {
    "text": 'text, "" where unknown',
    "texts": "a list of texts, [] where unknown",
    "records": "a list of objects, [] where unknown",
    "object": "an object, {} where unknown",
    "date": "a day (datetime64[s] at midnight), null where unknown",
    "integer": "a whole number (Int64), null where unknown",
    "number": "a number (float64), null where unknown",
    "geometry": "a geometry in EPSG:4326, None where not located",
}

COLUMNS = {
    column.name: column
    for column in (
        Column("incident_id", "text", "unique; from the earliest source, so that a re-run gives the same"),
        Column("event_type", "text", "ACLED's event type"),
        Column("sub_event_type", "text", "ACLED's sub-event type"),
        Column("date_start", "date", "first local day of the interval in which it happened"),
        Column("date_end", "date", "last local day of that interval, inclusive"),
        Column("date_precision", "text", "day, days, week, month, year or unknown"),
        Column("time", "text", 'local clock where told, "07:44"'),
        Column("place", "text", "resolved name of the place"),
        Column("place_id", "text", "the place's id in the gazetteer"),
        Column("place_text", "text", "the words of the report that name the place"),
        Column("kind", "text", "kind of place"),
        Column("country", "texts", "ISO 3166-1 alpha-2 codes; a border has two"),
        Column("country_name", "text", "the countries' English names, joined with ';'"),
        Column("admin1", "text", "first-order administrative area"),
        Column("geometry", "geometry", "point, line (border) or area; two-dimensional"),
        Column("lat", "number", "latitude of the representative point, degrees"),
        Column("lon", "number", "longitude of the representative point, degrees"),
        Column("geo_precision", "text", "site, settlement, near, admin2, admin1, region, border, country or sea"),
        Column("radius_m", "number", "half-width of the uncertainty of the place, metres"),
        Column("actors", "texts", "who did it, as named in the report"),
        Column("targets", "texts", "to whom or to what, as named in the report"),
        Column("weapons", "texts", "with what, as named in the report"),
        Column("fatalities_min", "integer", "killed, at least; null where nothing was said"),
        Column("fatalities_max", "integer", "killed, at most; null where open or nothing was said"),
        Column("injured_min", "integer", "injured, at least; null where nothing was said"),
        Column("injured_max", "integer", "injured, at most; null where open or nothing was said"),
        Column("sources", "records", "one a telling: report, publisher, url, published, evidence, span"),
        Column("doc_ids", "texts", "the reports that tell of it, each once"),
        Column("confidence", "number", "0 to 1"),
        Column("reasons", "object", "the named features that decided"),
        Column("event_count", "integer", "1, or how many a series told as one holds"),
        Column("alternatives", "records", "runner-up places"),
        Column("original", "object", "the codes of an imported row"),
        Column("status", "text", "machine, reviewed, verified, disputed or rejected"),
    )
}
"""Every column of the incident table by name, in order."""

GEO_PRECISIONS = ("site", "settlement", "near", "admin2", "admin1", "region", "border", "country", "sea")
DATE_PRECISIONS = ("day", "days", "week", "month", "year", "unknown")
STATUSES = ("machine", "reviewed", "verified", "disputed", "rejected")
