"""Flat tables: the columns as plain cells, CSV and workbooks in which nothing is a formula."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

from geo import schema
from geo.errors import OutputError
from geo.export.geojson import dump
from geo.export.geometry import DECIMALS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import geopandas as gpd
    import shapely

MAX_CELL_CHARACTERS = 32_767  # Excel's
MAX_SHEET_ROWS = 1_048_576  # Excel's


def flat(incidents: gpd.GeoDataFrame, *, wkt: bool) -> dict[str, list[Any]]:
    """Columns of plain cells: lists joined with `;`, objects as JSON text, days as ISO text.

    A list with a part that holds a `;` is written as JSON. The geometry is WKT, or shapely's own.
    """
    columns = {}
    for name, column in schema.COLUMNS.items():
        values = schema.plain(incidents[name], column.kind)
        if column.kind == "texts":
            values = [_joined(value) for value in values]
        elif column.kind in ("records", "object"):
            values = [dump(value) if value else "" for value in values]
        elif column.kind == "geometry" and wkt:
            values = [_wkt(value) for value in values]
        columns[name] = values
    return columns


def _joined(parts: Sequence[str]) -> str:
    simple = all(part and part == part.strip() and schema.SEPARATOR not in part for part in parts)
    return schema.SEPARATOR.join(parts) if simple and not (parts and parts[0].startswith("[")) else dump(list(parts))


def _wkt(shape: shapely.Geometry | None) -> str:
    import shapely  # noqa: PLC0415  # heavy

    return "" if shape is None else str(shapely.to_wkt(shape, rounding_precision=DECIMALS, trim=True))


_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def neutral(cell: str) -> str:
    """The cell as a spreadsheet takes it for text: an apostrophe before what would begin a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unneutral(cell: str) -> str:
    """The cell as it was before `neutral`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _cells(incidents: gpd.GeoDataFrame) -> Iterator[list[Any]]:
    """The header and the rows of a flat table, None where unknown; text cannot begin a formula."""
    columns = flat(incidents, wkt=True)
    yield list(columns)
    for row in zip(*columns.values(), strict=True):
        yield [neutral(cell) if isinstance(cell, str) else cell for cell in row]


def write_csv(incidents: gpd.GeoDataFrame, file: Path) -> None:
    """RFC 4180, with its line ends: Python then quotes cells that hold a carriage return, too."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\r\n").writerows(_cells(incidents))


def write_xlsx(incidents: gpd.GeoDataFrame, file: Path) -> None:
    """A workbook of one sheet."""
    import openpyxl  # noqa: PLC0415  # heavy
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415  # heavy

    if len(incidents) >= MAX_SHEET_ROWS:
        raise OutputError(f"{file.name}: a sheet holds {MAX_SHEET_ROWS:,} rows; write .csv or .parquet instead.")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("incidents")
    sheet.freeze_panes = "B2"
    for row in _cells(incidents):
        sheet.append(
            [_sheet_cell(ILLEGAL_CHARACTERS_RE.sub("\ufffd", cell)) if isinstance(cell, str) else cell for cell in row]
        )
    book.save(file)


def _sheet_cell(text: str) -> str:
    """What a cell can hold: a geometry that is too long is left to `lat` and `lon`, other text is cut."""
    if len(text) <= MAX_CELL_CHARACTERS:
        return text
    return text[: MAX_CELL_CHARACTERS - 1] + "…" if text[:1] not in "[{" and not re.match(r"[A-Z]+ \(", text) else ""
