"""Flat tables: the columns as plain cells, CSV and workbooks in which nothing is a formula."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

from geo import schema
from geo.errors import OutputError
from geo.export.columns import arrow, chunks, pieces
from geo.export.geojson import dump
from geo.export.geometry import DECIMALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import geopandas as gpd
    import shapely

MAX_CELL_CHARACTERS = 32_767  # Excel's
MAX_SHEET_ROWS = 1_048_576  # Excel's


def flat(incidents: gpd.GeoDataFrame) -> Any:  # noqa: ANN401  # pyarrow publishes no types
    """The columns as an Arrow table of plain cells: lists joined with `;`, objects as JSON text, geometry as WKB."""
    import pyarrow as pa  # noqa: PLC0415  # heavy

    cells = {}
    for name in schema.COLUMNS:
        if name in incidents:
            kind = schema.COLUMNS[name].kind
            array = arrow(incidents[name], kind)
            cells[name] = joined(pa.concat_arrays(chunks(array))) if kind == "texts" else array
    return pa.table(cells)


def joined(lists: Any) -> Any:  # noqa: ANN401
    """Lists of texts joined with `;`; a list with a part that would not come back from that is written as JSON."""
    import numpy as np  # noqa: PLC0415  # heavy
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    parts = lists.flatten()
    awkward = pc.or_(pc.match_substring_regex(parts, r"^$|;|^[\x00-\x20\[]|[\x00-\x20]$"), _padded(parts))
    rows = np.unique(pc.list_parent_indices(lists).filter(awkward).to_numpy())
    simple = pc.binary_join(lists, schema.SEPARATOR)
    if not len(rows):
        return simple
    mask = np.zeros(len(lists), dtype=bool)
    mask[rows] = True
    told = [dump(value) for value in lists.take(pa.array(rows)).to_pylist()]
    return pc.replace_with_mask(simple, pa.array(mask), pa.array(told, pa.string()))


def _padded(parts: Any) -> Any:  # noqa: ANN401
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    return pc.not_equal(pc.utf8_trim_whitespace(parts), parts)


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
    """The columns of a flat table, None where unknown, geometry as WKT, days as ISO text; no text begins a formula."""
    import pyarrow as pa  # noqa: PLC0415  # heavy
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy

    for name, array in zip(incidents.columns, flat(incidents).itercolumns(), strict=True):
        if name == "geometry":
            yield [_wkt(shape) for shape in incidents.geometry]
        elif pa.types.is_string(array.type):
            formulas = pc.match_substring_regex(array, _FORMULA.pattern.replace("'*", "^'*", 1))
            yield pc.if_else(formulas, pc.binary_join_element_wise("'", array, ""), array).to_pylist()
        else:
            yield (array.cast(pa.string()) if pa.types.is_date(array.type) else array).to_pylist()


def _rows(frames: Iterable[gpd.GeoDataFrame]) -> Iterator[Sequence[Any]]:
    """The header and the rows of flat tables."""
    for index, frame in enumerate(frames):
        if not index:
            yield list(frame.columns)
        for part in pieces(frame):
            yield from zip(*_cells(part), strict=True)


def write_csv(frames: Iterable[gpd.GeoDataFrame], file: Path) -> None:
    """RFC 4180, with its line ends: Python then quotes cells that hold a carriage return, too."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\r\n").writerows(_rows(frames))


def write_xlsx(frames: Iterable[gpd.GeoDataFrame], file: Path) -> None:
    """A workbook of one sheet."""
    import openpyxl  # noqa: PLC0415  # heavy
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415  # heavy

    illegal = re.compile(f"{ILLEGAL_CHARACTERS_RE.pattern}|[\ufffe\uffff]")  # these two are no characters of XML either
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("incidents")
    sheet.freeze_panes = "B2"
    for number, row in enumerate(_rows(frames), 1):
        if number > MAX_SHEET_ROWS:
            raise OutputError(f"{file.name}: a sheet holds {MAX_SHEET_ROWS:,} rows; write .csv or .parquet instead.")
        sheet.append([_sheet_cell(illegal.sub("\ufffd", cell)) if isinstance(cell, str) else cell for cell in row])
    book.save(file)


def _sheet_cell(text: str) -> str:
    """What a cell can hold: a geometry that is too long is left to `lat` and `lon`, other text is cut."""
    if len(text) <= MAX_CELL_CHARACTERS:
        return text
    return text[: MAX_CELL_CHARACTERS - 1] + "…" if text[:1] not in "[{" and not re.match(r"[A-Z]+ \(", text) else ""
