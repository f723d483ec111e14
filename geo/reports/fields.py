"""The fields of a report in a row or in front matter, and its day."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


FIELDS = {
    "report": ("doc_id", "report", "id", "name", "article_id", "file"),
    "text": (
        "text",
        "body",
        "content",
        "article",
        "full_text",
        "fulltext",
        "story",
        "report_text",
        "notes",
        "description",
    ),
    "published": (
        "published",
        "date",
        "published_at",
        "publication_date",
        "pubdate",
        "pub_date",
        "published_date",
        "datetime",
    ),
    "publisher": ("publisher", "source", "outlet", "sitename", "site", "newspaper", "hostname"),
    "url": ("url", "link", "href", "permalink"),
    "title": ("title", "headline"),
}
"""A report's fields, and the keys or columns that may hold them in a .jsonl, .csv, .xlsx or .parquet, best first."""


def fields_of(value: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """A report's fields out of a row, and what is wrong with its date."""
    told = {str(key).strip().lower().replace(" ", "_"): cell for key, cell in value.items() if key is not None}
    fields: dict[str, Any] = {}
    for field, names in FIELDS.items():
        cells = (told[name] for name in names if name in told)
        fields[field] = next(
            (cell for cell in cells if cell is not None and str(cell).strip() not in ("", "nan", "NaT")), None
        )
    fields["found"] = any(name in told for name in FIELDS["text"])
    published = fields["published"]
    fields["published"] = day_of(published)
    problem = (
        f"{str(published)[:40]!r} is no day of publication; read without a date"
        if published and not fields["published"]
        else ""
    )
    return {
        key: ("" if cell is None else str(cell)) if key not in ("published", "found") else cell
        for key, cell in fields.items()
    }, problem


_ISO = re.compile(r"\s{0,9}(\d{4})-?(\d{2})-?(\d{2})(?:[T ].{0,40})?\s{0,9}\Z", re.DOTALL)
_WRITTEN = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%A %d %B %Y", "%A %B %d %Y", "%Y/%m/%d")


def day_of(value: Any) -> dt.date | None:  # noqa: ANN401  # any cell of any file
    """A day out of a cell: ISO 8601, RFC 2822 or an English date; 03/04/2021 could be two days and is none."""
    if isinstance(value, dt.datetime):
        return value.date() if value == value else None  # noqa: PLR0124  # NaT
    if isinstance(value, dt.date):
        return value
    text = str(value or "")[:60]
    match = _ISO.match(text)
    try:
        return dt.date(*(int(part) for part in match.groups())) if match else _written_day(text)
    except ValueError:
        return None


def _written_day(text: str) -> dt.date | None:
    from email.utils import parsedate  # noqa: PLC0415  # seldom needed

    if re.search(r"\d{1,2}:\d{2}", text) and (parts := parsedate(text)):
        return dt.date(*parts[:3])
    plain = " ".join(text.replace(",", " ").replace(".", " ").split())
    for form in _WRITTEN:
        try:
            return dt.datetime.strptime(plain, form).date()  # noqa: DTZ007  # a local day has no zone
        except ValueError:
            continue
    return None
