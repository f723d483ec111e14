"""Files that are one report each: .txt .md .html."""

from __future__ import annotations

import datetime as dt
import html
import logging
import re
from typing import TYPE_CHECKING, Any

from geo.reports.decode import bounded, decoded, unreadable
from geo.reports.fields import day_of, fields_of
from geo.reports.model import Problem, Report, well_formed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_HEADER = re.compile(r"\ufeff?\s{0,99}date[ \t]{0,9}:?[ \t]{1,9}(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)[ \t]*", re.IGNORECASE)


def from_txt(name: str, file: Path) -> Iterator[Report | Problem]:
    """A text, perhaps with a header."""
    yield from from_plain(name, bounded(file))


def from_plain(name: str, data: bytes | None) -> Iterator[Report | Problem]:
    """A text out of its bytes."""
    text = decoded(data)
    if text is None:
        yield unreadable(name, data)
        return
    text, published, problem = headed(text)
    if problem:
        yield Problem(name, None, problem)
    yield Report(name, text, published)


def headed(text: str) -> tuple[str, dt.date | None, str]:
    """The text without its `date YYYY-MM-DD` header, the day, and what is wrong with it."""
    match = _HEADER.match(text)
    if match is None:
        return text, None, ""
    rest = text[match.end() :].lstrip("\r\n")
    try:
        return rest, dt.date(*(int(part) for part in match.groups())), ""
    except ValueError:
        return rest, None, f"{'-'.join(match.groups())} in its header is no day; read without a date"


_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(.{0,9999}?)\n---[ \t]*\r?\n", re.DOTALL)
_MARKUP = (
    (re.compile(r"!\[[^\[\]\n]{0,500}\]\([^()\n]{0,2000}\)"), ""),
    (re.compile(r"\[([^\[\]\n]{0,500})\]\([^()\n]{0,2000}\)"), r"\1"),
    (re.compile(r"^ {0,3}#{1,6}[ \t]+(.*)$", re.MULTILINE), r"\1\n"),
    (re.compile(r"^ {0,3}>[ \t]?", re.MULTILINE), ""),
    (re.compile(r"\*\*|__|`"), ""),
)


def from_md(name: str, file: Path) -> Iterator[Report | Problem]:
    """A text in Markdown, perhaps with front matter; its marks are taken out."""
    data = bounded(file)
    text = decoded(data)
    if text is None:
        yield unreadable(name, data)
        return
    row: dict[str, Any] = {}
    front = _FRONT_MATTER.match(text)
    if front:
        text = text[front.end() :]
        row = {
            key.strip(): value.strip().strip("\"'")
            for key, _, value in (line.partition(":") for line in front.group(1).splitlines())
        }
    text, published, problem = headed(text)
    if problem:
        yield Problem(name, None, problem)
    for pattern, plain in _MARKUP:
        text = pattern.sub(plain, text)
    fields, problem = fields_of({**row, "text": text})
    if problem:
        yield Problem(name, None, problem)
    yield Report(name, text, published or fields["published"], fields["publisher"], fields["url"], fields["title"])


def from_html(name: str, file: Path) -> Iterator[Report | Problem]:
    """The article of a page."""
    data = bounded(file)
    text = decoded(data, declared=True)
    if text is None:
        yield unreadable(name, data)
        return
    yield article(name, text)


def article(name: str, page: str) -> Report:
    """The article in an HTML page, with what the page's metadata tells of it."""
    import trafilatura  # noqa: PLC0415  # heavy

    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # else its complaints reach standard error
    logging.getLogger("htmldate").addHandler(logging.NullHandler())
    try:
        found = trafilatura.bare_extraction(
            well_formed(page).replace("\x00", ""),
            with_metadata=True,
            include_comments=False,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception:  # noqa: BLE001  # a hostile page can break any parser; the plain text is still there
        found = None
    told = {} if found is None else found if isinstance(found, dict) else found.as_dict()
    text = str(told.get("text") or "").strip()
    return Report(
        name,
        re.sub(r"\n+", "\n\n", text) if text else _bare_text(page),  # one line is one paragraph there
        day_of(told.get("date")),
        str(told.get("sitename") or told.get("hostname") or ""),
        str(told.get("url") or ""),
        str(told.get("title") or ""),
    )


_HIDDEN = re.compile(r"<(script|style|head|noscript|template)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(r"<(?:p|div|br|h[1-6]|li|tr|article|section|blockquote)\b[^<>]{0,2000}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")


def _bare_text(page: str) -> str:
    text = _TAG.sub(" ", _BLOCK.sub("\n\n", _HIDDEN.sub(" ", page)))
    lines = (" ".join(line.split()) for line in html.unescape(text).split("\n"))
    return "\n\n".join(line for line in lines if line)
