"""Malformed tables: no traceback, what is good is kept, what is bad is named."""

from __future__ import annotations

import csv
import io
import random
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from geo import schema, tables
from geo.errors import InputError

sys.path.insert(0, str(Path(__file__).parent))
from table_shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazetteer.store import Gazetteer

TEXTS = {
    "acled": (",", "utf-8"), "acled_old": (",", "utf-8"), "ucdp": (",", "utf-8"), "gdelt": ("\t", "utf-8"),
    "atlos": (",", "utf-8"), "towns": (",", "utf-8"), "french": (";", "cp1252"), "russian": ("\t", "cp1251"),
    "arabic": (",", "cp1256"), "utf16": ("|", "utf-16"), "one_cell": (",", "utf-8"),
}  # fmt: skip
"""Shapes of text: their separators and encodings."""
ROUNDS = 20
"""Each shape so often: 11 x 20 tables of text with a bad row, and as many damaged files of every kind."""

Rows = list[list[str]]


def _short(row: list[str], _: random.Random) -> list[str]:
    return row[: max(2, len(row) // 2)]


def _long(row: list[str], dice: random.Random) -> list[str]:
    return [*row, "one", "too many", str(dice.random())]


def _bad_day(row: list[str], dice: random.Random, at: int) -> list[str]:
    row = list(row)
    row[at] = dice.choice(
        ["2024-02-31", "soon", "99/99/2024", "0000-00-00", "2024-13-01", "next {{ 7*7 }}", "\u202e2024"]
    )
    return row


def _bad_point(row: list[str], dice: random.Random, at: int) -> list[str]:
    row = list(row)
    row[at] = dice.choice(["91.5", "-181", "north", "1.2.3", "34°99'N", "1e400", "--5", "0x1A", "inf"])
    return row


def _huge(row: list[str], dice: random.Random, at: int) -> list[str]:
    row = list(row)
    row[at] = "x" * dice.choice([1_000_001, 3_000_000])
    return row


def damaged(rows: Rows, dice: random.Random, mapping: tables.TableMapping, columns: list[str]) -> tuple[Rows, int, str]:
    """The rows with a bad one among them, its number (1 is the first below the header), and the kind of fault."""
    first = 0 if mapping.format == "gdelt" else 1
    bad = dice.randrange(first, len(rows))
    kinds: dict[str, Callable[[], list[str]]] = {
        "short": lambda: _short(rows[bad], dice),
        "long": lambda: _long(rows[bad], dice),
        "day": lambda: _bad_day(rows[bad], dice, columns.index(mapping.first("date"))),
        "huge": lambda: _huge(rows[bad], dice, len(columns) - 1),
    }
    located = mapping.first("lat") or mapping.first("point")
    if located:
        kinds["point"] = lambda: _bad_point(rows[bad], dice, columns.index(located))
    kind = dice.choice(list(kinds))
    return [*rows[:bad], kinds[kind](), *rows[bad + 1 :]], bad - first + 1, kind


def malformed(name: str, folder: Path, dice: random.Random, gazetteer: Gazetteer) -> tuple[Path, int, str]:
    """A table of text with one bad row."""
    path = SHAPES[name](folder)
    table = tables.Table(path, gazetteer=lambda: gazetteer)
    separator, encoding = TEXTS[name]
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=separator))
    rows, bad, kind = damaged(rows, dice, table.mapping, table.columns)
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows(rows)
    path.write_bytes(stream.getvalue().encode(encoding, "replace"))
    return path, bad, kind


def check_bad_row(name: str, folder: Path, seed: int, gazetteer: Gazetteer) -> None:
    """The four good rows are there, the bad one is named."""
    folder.mkdir(parents=True, exist_ok=True)
    path, bad, kind = malformed(name, folder, random.Random(seed), gazetteer)  # noqa: S311  # test data
    table = tables.Table(path, gazetteer=lambda: gazetteer)
    incidents = table.read()
    schema.validate(incidents)
    assert {problem.row for problem in table.problems.kept} == {bad}, (name, seed, kind, table.problems.kept)
    reports = {report for reports in schema.plain(incidents["doc_ids"], "texts") for report in reports}
    kept = {f"{path.name}#{number}" for number in range(1, 6) if number != bad or kind != "huge"}
    assert reports == kept, (name, seed, kind)


def damaged_bytes(data: bytes, dice: random.Random) -> bytes:
    """A file cut off, with bytes changed, a part twice, or a part of noise."""
    start, stop = sorted(dice.randrange(len(data) + 1) for _ in range(2))
    changed = bytearray(data)
    for _ in range(dice.randrange(1, 30)):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    noise = bytes(dice.randrange(256) for _ in range(200))
    quotes = data.replace(b'"', b"", 1).replace(b"\n", b'"\n', 1)
    return dice.choice([
        data[:stop], bytes(changed), data[:stop] + data[start:], data[:start] + noise + data[start:], quotes,
        b"\xef\xbb\xbf" + data, data.replace(b"\r\n", b"\r"), data.replace(b"\n", b"\n\n"), data.replace(b",", b"\t"),
    ])  # fmt: skip


def check_damaged(name: str, folder: Path, seed: int, gazetteer: Gazetteer) -> None:
    """A valid incident table, or one line that tells what is wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    path = SHAPES[name](folder)
    path.write_bytes(damaged_bytes(path.read_bytes(), random.Random(seed)))  # noqa: S311  # test data
    problems: list[Any] = []
    try:
        table = tables.Table(path, gazetteer=lambda: gazetteer, tell=problems.append)
        schema.validate(table.read())
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017  # either is right
    assert all("\n" not in str(problem) for problem in problems)


@pytest.mark.parametrize("name", TEXTS)
def test_good_rows_are_kept_and_the_bad_one_is_named(name: str, tmp_path: Path, gazetteer: Gazetteer) -> None:
    """Too few or too many cells, no day, no coordinate, a cell of megabytes: the other rows are there all the same."""
    for seed in range(3):
        check_bad_row(name, tmp_path / str(seed), seed, gazetteer)


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.filterwarnings("ignore")
def test_a_damaged_file_is_told_on_one_line(name: str, tmp_path: Path, gazetteer: Gazetteer) -> None:
    """Cut off, overwritten, doubled: a valid table or one line, never a traceback."""
    check_damaged(name, tmp_path, 1, gazetteer)


@pytest.mark.campaign
@pytest.mark.parametrize("name", TEXTS)
def test_two_hundred_tables_with_a_bad_row(name: str, tmp_path: Path, gazetteer: Gazetteer) -> None:
    """The same, twenty times for each of eleven shapes."""
    for seed in range(100, 100 + ROUNDS):
        check_bad_row(name, tmp_path / str(seed), seed, gazetteer)


@pytest.mark.campaign
@pytest.mark.parametrize("name", SHAPES)
def test_hundreds_of_damaged_files(name: str, tmp_path: Path, gazetteer: Gazetteer) -> None:
    """The same, twenty times for each of twenty-one shapes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what GDAL says of a broken file
        for seed in range(100, 100 + ROUNDS):
            check_damaged(name, tmp_path / str(seed), seed, gazetteer)
