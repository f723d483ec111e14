"""Puts what a benchmark printed into `docs/benchmarks.md`, so that no figure there is typed by hand."""

from __future__ import annotations

import re
from pathlib import Path

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
HEAD = "# Benchmarks\n\nWritten by the scripts in `benchmarks/` with `--write`; each section names its command.\n"


def write(name: str, markdown: str) -> None:
    """Replace the section `name` of the document by this text, or append it."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    section = f"{begin}\n{markdown.strip()}\n{end}"
    text = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.is_file() else HEAD
    old = re.search(rf"{re.escape(begin)}.*?{re.escape(end)}", text, re.DOTALL)
    text = text[: old.start()] + section + text[old.end() :] if old else f"{text.rstrip()}\n\n{section}\n"
    DOCUMENT.write_text(text, encoding="utf-8")
