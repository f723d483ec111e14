"""What simple rules reach: the baselines that stand beside our figures.

The first keyword is the type, the first date in the text is the day, the dateline's or the first known name is the
place, the number before "killed" is the count, and reports of one day and place tell of one incident.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gazetteer.store import Gazetteer

Row = dict[str, Any]

EXPLOSIONS, CIVILIANS, STRATEGIC = "Explosions/Remote violence", "Violence against civilians", "Strategic developments"
KEYWORDS = (  # the first keyword that the text holds: word, sub-event type, event type
    ("suicide bomb", "Suicide bomb", EXPLOSIONS),
    ("airstrike", "Air/drone strike", EXPLOSIONS),
    ("air strike", "Air/drone strike", EXPLOSIONS),
    ("drone", "Air/drone strike", EXPLOSIONS),
    ("grenade", "Grenade", EXPLOSIONS),
    ("chemical", "Chemical weapon", EXPLOSIONS),
    ("rocket", "Shelling/artillery/missile attack", EXPLOSIONS),
    ("missile", "Shelling/artillery/missile attack", EXPLOSIONS),
    ("shell", "Shelling/artillery/missile attack", EXPLOSIONS),
    ("bomb", "Remote explosive/landmine/IED", EXPLOSIONS),
    ("explo", "Remote explosive/landmine/IED", EXPLOSIONS),
    ("rape", "Sexual violence", CIVILIANS),
    ("kidnap", "Abduction/forced disappearance", CIVILIANS),
    ("abduct", "Abduction/forced disappearance", CIVILIANS),
    ("loot", "Looting/property destruction", STRATEGIC),
    ("ceasefire", "Agreement", STRATEGIC),
    ("agreement", "Agreement", STRATEGIC),
    ("arrest", "Arrests", STRATEGIC),
    ("tear gas", "Protest with intervention", "Protests"),
    ("riot", "Violent demonstration", "Riots"),
    ("protest", "Peaceful protest", "Protests"),
    ("clash", "Armed clash", "Battles"),
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTH = "(" + "|".join(MONTHS) + r")[a-z]{0,6}\.?"
DATE = re.compile(
    rf"\b(?:(\d{{4}})-(\d\d)-(\d\d)|{MONTH} (\d{{1,2}})\b(?:, (\d{{4}}))?|(\d{{1,2}}) {MONTH}(?: (\d{{4}}|\d\d)\b)?|"
    rf"(today|yesterday)|({'|'.join(DAYS)}))\b",
    re.IGNORECASE,
)
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
NUMBER = rf"\b(\d{{1,4}}|{'|'.join(NUMBERS)}) (?:[a-z-]+ ){{0,3}}?"
KILLED = re.compile(NUMBER + r"(?:killed|dead|died|fatally)\b", re.IGNORECASE)
INJURED = re.compile(NUMBER + r"(?:injured|wounded|hurt)\b", re.IGNORECASE)
NAME = re.compile(r"\b[A-Z][a-zA-Z'-]+(?: [A-Z][a-zA-Z'-]+){0,2}")
DATELINE = re.compile(r"\s*([A-Z][A-Z' .-]{2,40}?)(?: \(|,| --)")
HEAD = 3000
"""Characters in which a place is looked for."""


def dates(text: str, published: dt.date | None) -> Iterator[Row]:
    """Dates by pattern: offsets and value."""
    for match in DATE.finditer(text):
        day = _day(match, published)
        if day:
            yield {"start": match.start(), "end": match.end(), "value": day.isoformat()}


def _day(match: re.Match[str], published: dt.date | None) -> dt.date | None:
    year, month, day, name, date, of, date2, name2, of2, near, weekday = match.groups()
    try:
        if year:
            return dt.date(int(year), int(month), int(day))
        if name or name2:
            told = int(of or of2 or (published.year if published else 0))
            told += 1900 if told < 100 else 0  # noqa: PLR2004  # "12 JAN 90"
            return dt.date(told, MONTHS.index((name or name2).lower()) + 1, int(date or date2))
    except ValueError:
        return None
    if published is None:
        return None
    if near:
        return published - dt.timedelta(near.lower() == "yesterday")
    return published - dt.timedelta((published.weekday() - DAYS.index(weekday.lower())) % 7)


def incident(doc: Row, gazetteer: Gazetteer) -> Row:
    """One incident a report."""
    text = doc["text"]
    published = dt.date.fromisoformat(doc["published"][:10]) if doc.get("published") else None
    day = next((found["value"] for found in dates(text, published)), doc.get("published"))
    lowered = text.lower()
    sub, event = next(((sub, event) for word, sub, event in KEYWORDS if word in lowered), ("Attack", CIVILIANS))
    counts = {"fatalities": _count(KILLED, text), "injured": _count(INJURED, text)}
    limits = {f"{name}_{end}": number for name, number in counts.items() for end in ("min", "max")}
    row = {"doc_ids": [doc["doc_id"]], "event_type": event, "sub_event_type": sub, "date_start": day, "date_end": day}
    return {**row, **limits, **_place(text, gazetteer)}


def _count(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return None if match is None else NUMBERS.get(match.group(1).lower()) or int(match.group(1))


def _place(text: str, gazetteer: Gazetteer) -> Row:
    """The dateline's place, else the first name that the gazetteer knows, its most likely bearer."""
    line = DATELINE.match(text)
    names = [line.group(1)] if line else []
    for name in (*names, *(match.group() for match in NAME.finditer(text, 0, HEAD))):
        found = gazetteer.find(name, limit=1, fuzzy=False)
        if found:
            place = found[0].place
            country = "; ".join(gazetteer.country_name(code) for code in place.countries)
            return {"place": place.name, "country_name": country, "lat": place.lat, "lon": place.lon}
    return {"place": "", "lat": None, "lon": None}


def nearest_name(doc: Row, gazetteer: Gazetteer) -> Row:
    """The event of a sentence with the nearest name that the gazetteer knows."""
    trigger = doc["trigger"]
    known = [m.span() for m in NAME.finditer(doc["text"]) if gazetteer.find(m.group(), limit=1, fuzzy=False)]
    nearest = min(known, key=lambda span: max(span[0] - trigger["end"], trigger["start"] - span[1]), default=None)
    places = [{"start": nearest[0], "end": nearest[1]}] if nearest else []
    return {"doc_id": doc["doc_id"], "events": [{"start": trigger["start"], "end": trigger["end"], "places": places}]}


def merged(rows: list[Row]) -> list[Row]:
    """Incidents of one day and one place as one."""
    groups: dict[tuple[str, str], Row] = {}
    for row in rows:
        kept = groups.setdefault((str(row["date_start"]), row["place"]), {**row, "doc_ids": []})
        kept["doc_ids"] = [*kept["doc_ids"], *row["doc_ids"]]
    return list(groups.values())
