"""Files → dated reports."""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import reports
from geo.errors import InputError
from geo.reports import Problem, Report, model

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = dt.date(2024, 5, 3)
STORY = "Two people were wounded when a grenade went off at the market of Goma on Thursday, the mayor said."


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def one(path: str | Path, *, published: dt.date | None = None) -> Report:
    """The only report there; a problem fails the test."""
    (report,) = reports.load([path], published=published)
    assert isinstance(report, Report), report
    return report


def problem(path: str | Path) -> str:
    """The only problem there, in words; a report fails the test."""
    (found,) = reports.load([path])
    assert isinstance(found, Problem)
    return str(found)


@pytest.mark.parametrize(
    "head", ["date 2024-05-03\n", " date 2024-05-03 ", "\ufeffdate 2024-05-03\r\n\r\n", "\nDate: 2024-05-03\n\n"]
)
def test_a_txt_may_begin_with_its_date(head: str) -> None:
    """The header is read, perhaps after a blank, and the text begins behind it, on the same line or the next."""
    Path("a.txt").write_text(head + STORY, encoding="utf-8", newline="")
    assert one("a.txt") == Report("a.txt", STORY, DAY)


def test_the_header_wins_over_the_given_day_and_the_given_day_over_none() -> None:
    """`published` is only for reports that do not tell their own day."""
    Path("a.txt").write_text("date 2024-05-03\n" + STORY, encoding="utf-8")
    Path("b.txt").write_text(STORY, encoding="utf-8")
    other = dt.date(2020, 1, 1)
    assert one("a.txt", published=other).published == DAY
    assert one("b.txt", published=other).published == other
    assert one("b.txt").published is None


def test_a_header_with_an_impossible_day_is_said_and_the_report_is_read() -> None:
    """The report comes without a date, and a problem names the file."""
    Path("a.txt").write_text("date 2024-02-31\n" + STORY, encoding="utf-8")
    told, report = reports.load(["a.txt"])
    assert str(told) == "a.txt: 2024-02-31 in its header is no day; read without a date"
    assert report == Report("a.txt", STORY, None)


def test_prose_that_begins_with_the_word_date_keeps_it() -> None:
    """Only a full day is a header."""
    Path("a.txt").write_text("Date palms burned near Basra.", encoding="utf-8")
    assert one("a.txt").text == "Date palms burned near Basra."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings_are_recognised(encoding: str) -> None:
    """Byte order marks, UTF-8 and a western code page all give the same text."""
    text = (
        "Des tirs ont été signalés à Ménaka, près de la frontière; six blessés étaient à l’hôpital où l'armée enquête."
    )
    Path("a.txt").write_text(text, encoding=encoding)
    assert one("a.txt").text == text


def test_html_gives_article_day_title_publisher_and_address() -> None:
    """The article without its menu, and what the page's metadata tells; paragraphs stay apart."""
    Path("a.html").write_text(
        "<html><head><title>Blast in Goma</title>"
        '<meta property="article:published_time" content="2024-05-03T10:00:00Z">'
        '<meta property="og:site_name" content="Lake Post"><link rel="canonical" href="https://example.org/a"></head>'
        f"<body><nav>Home Sports</nav><article><h1>Blast in Goma</h1><p>{STORY}</p><p>{STORY.replace('Two', 'Six')}</p>"
        "</article><script>alert(1)</script></body></html>",
        encoding="utf-8",
    )
    report = one("a.html")
    assert report.published == DAY
    assert report.title == "Blast in Goma"
    assert report.publisher == "Lake Post"
    assert report.url == "https://example.org/a"
    assert f"{STORY}\n\nSix people" in report.text
    assert "alert" not in report.text


def test_a_page_without_a_day_in_its_metadata_has_none() -> None:
    """A year in a footer is no day of publication."""
    Path("a.html").write_text(
        f"<html><body><p>{STORY}</p><footer>Copyright 2023</footer></body></html>", encoding="utf-8"
    )
    assert one("a.html").published is None


def test_a_page_that_is_no_article_still_gives_its_text() -> None:
    """Where no article is found, the text between the tags is taken."""
    Path("a.html").write_text("<div>Shots in Bria</div>", encoding="utf-8")
    assert "Shots in Bria" in one("a.html").text


def test_markdown_gives_front_matter_and_plain_text() -> None:
    """Links keep their words, headings become lines, the front matter tells day, title and publisher."""
    Path("a.md").write_text(
        "---\ntitle: Blast\ndate: 2024-05-03\nsource: Lake Post\n---\n# Blast in Goma\nA **grenade** hit [Goma](http://x/y).\n",
        encoding="utf-8",
    )
    report = one("a.md")
    assert report == Report("a.md", "Blast in Goma\n\nA grenade hit Goma.\n", DAY, "Lake Post", "", "Blast")


def test_jsonl_keeps_the_text_as_given_and_names_bad_rows() -> None:
    """Good rows are reports with their ids; each bad line is a problem with its number."""
    lines = [
        json.dumps(
            {"doc_id": "x1", "text": " " + STORY, "published": "2024-05-03T01:02:03Z", "publisher": "Lake Post"}
        ),
        "{not json",
        "",
        json.dumps([1]),
        json.dumps({"doc_id": "x2", "text": ""}),
        json.dumps({"text": STORY, "published": "03/04/2024"}),
    ]
    Path("a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = list(reports.load(["a.jsonl"]))
    assert found[0] == Report("x1", " " + STORY, DAY, "Lake Post")
    assert found[-1] == Report("a.jsonl#6", STORY, None)
    told = [str(item) for item in found if isinstance(item, Problem)]
    assert [text.split(":")[1] for text in told] == [" row 2", " row 4", " row 5", " row 6"]
    assert "'03/04/2024' is no day of publication; read without a date" in told[-1]


def _table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Id": ["x1", "x2"],
            "Date": ["2024-05-03", "4 May 2024"],
            "Source": ["Lake Post", ""],
            "Body": [STORY, "Second."],
        }
    )


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx", ".parquet"])
def test_tables_hold_one_report_a_row(suffix: str) -> None:
    """Text, id, day and publisher are found by the names of their columns, in every kind of table."""
    path = Path("a" + suffix)
    write = {
        ".csv": lambda table: table.to_csv(path, index=False, sep=";"),
        ".tsv": lambda table: table.to_csv(path, index=False, sep="\t"),
        ".xlsx": lambda table: table.to_excel(path, index=False),
        ".parquet": lambda table: table.to_parquet(path),
    }[suffix]
    write(_table())
    assert list(reports.load([path])) == [
        Report("x1", STORY, DAY, "Lake Post"),
        Report("x2", "Second.", dt.date(2024, 5, 4)),
    ]


def test_a_table_without_a_text_column_says_which_columns_it_has() -> None:
    """One line: the names that would be known, and those that are there."""
    _table().drop(columns="Body").to_csv("a.csv", index=False)
    assert "has no column with the reports' text" in problem("a.csv")
    assert "Id, Date, Source" in problem("a.csv")


def test_very_long_cells_are_read_and_the_limit_of_csv_is_put_back() -> None:
    """An article of 200,000 characters is read; Python's own limit is as before."""
    import csv  # noqa: PLC0415

    before = csv.field_size_limit()
    Path("a.csv").write_text("text\n" + "word " * 40_000, encoding="utf-8")
    assert len(one("a.csv").text) > 190_000
    assert csv.field_size_limit() == before


def test_an_excel_date_is_a_day() -> None:
    """A cell that Excel holds as a date."""
    book = openpyxl.Workbook()
    book.active.append(["text", "published"])
    book.active.append([STORY, dt.datetime(2024, 5, 3, 9)])  # noqa: DTZ001  # Excel knows no zones
    book.save("a.xlsx")
    assert one("a.xlsx").published == DAY


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.txt", b"", "a.txt: is empty"),
        ("a.txt", b" \n ", "a.txt: has no text"),
        ("a.txt", bytes(range(256)) * 40, "a.txt: is no text but binary data"),
        ("a.txt", b"%PDF-1.7 abc", "a.txt: is no text but binary data"),
        ("a.html", b"\x89PNG\r\n", "a.html: is no text but binary data"),
        ("a.jsonl", b"PK\x03\x04", "a.jsonl: is no text but binary data"),
        ("a.csv", b"\x00\x01\x02", "a.csv: is no text but binary data"),
        ("a.csv", b"text\n", "a.csv: holds no row below its header"),
        ("a.xlsx", b"PK\x03\x04", "a.xlsx: is no workbook"),
        ("a.parquet", b"PAR1", "a.parquet: is no .parquet that can be read (ArrowInvalid)"),
        ("a.pdf", b"%PDF", "a.pdf: .pdf is no kind of report; known are .txt"),
    ],
)
def test_what_is_no_report_is_a_problem_on_one_line(name: str, data: bytes, told: str) -> None:
    """Empty, binary, truncated and unknown files are each told by name and reason."""
    Path(name).write_bytes(data)
    assert problem(name).startswith(told)
    assert "\n" not in problem(name)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """An .xlsx whose directory promises too much is not opened."""
    monkeypatch.setattr(model, "MAX_UNPACKED_BYTES", 1000)
    with zipfile.ZipFile("a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 5000)
    assert problem("a.xlsx") == "a.xlsx: unpacks to 5,000 bytes; the most is 1,000"


def test_a_file_larger_than_one_report_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size is bounded before it is read."""
    monkeypatch.setattr(model, "MAX_FILE_BYTES", 2**20)
    Path("a.txt").write_bytes(b"a" * (2**20 + 1))
    assert problem("a.txt") == "a.txt: is larger than 1 MiB"


def test_folders_are_walked_in_order_and_hidden_or_foreign_files_left_out() -> None:
    """Files of known suffix, below the folder too, named by their path in it."""
    for name in ("b.txt", "a.txt", "sub/c.md", ".hidden.txt", ".git/d.txt", "expected.json"):
        file = Path("folder") / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(STORY, encoding="utf-8")
    found = list(reports.load(["folder"]))
    assert [item.report for item in found if isinstance(item, Report)] == ["a.txt", "b.txt", "sub/c.md"]
    assert len(found) == 3


def test_a_file_named_twice_is_read_once_and_equal_names_are_told_apart() -> None:
    """The same file through file and glob is one report; two files of one name keep their folders."""
    for folder in ("one", "two"):
        Path(folder).mkdir()
        Path(folder, "a.txt").write_text(STORY, encoding="utf-8")
    found = [item.report for item in reports.load(["one/a.txt", "*/a.txt"]) if isinstance(item, Report)]
    assert found == ["one/a.txt", "two/a.txt"]


@pytest.mark.parametrize("path", ["gone.txt", "*.txt", "bare"])
def test_a_path_with_nothing_there_is_an_error(path: str) -> None:
    """A file, a glob or a folder without any report is told before anything is read."""
    Path("bare").mkdir()
    with pytest.raises(InputError, match=r"not found|holds no report"):
        reports.load([path])


def test_a_file_whose_name_looks_like_a_glob_is_read() -> None:
    """What exists is a file, whatever its name."""
    Path("a[1].txt").write_text(STORY, encoding="utf-8")
    assert one("a[1].txt").report == "a[1].txt"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (("date 2024-05-03 " + STORY).encode(), Report("stdin", STORY, DAY)),
        (b'\n{"doc_id": "x1", "text": "Shots."}\n{"doc_id": "x2", "text": "More."}', Report("x1", "Shots.")),
        (b"<!DOCTYPE html><html><body><p>Shots in Bria</p></body></html>", Report("stdin", "Shots in Bria")),
    ],
)
def test_standard_input_is_recognised_by_its_beginning(
    data: bytes, expected: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """JSON lines, a page or plain text."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert next(iter(reports.load(["-"]))) == expected


def test_empty_standard_input_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing on standard input is said."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert problem("-") == "stdin: is empty"


def test_lone_surrogates_are_replaced_and_offsets_stay() -> None:
    """A text that no file can hold is mended one code point by one."""
    Path("a.jsonl").write_text('{"doc_id": "x", "text": "a\\ud800b"}', encoding="utf-8")
    assert one("a.jsonl").text == "a\ufffdb"


def test_documents_come_whole(tmp_path: Path) -> None:
    """The objects of a .jsonl with all their keys; a bad line is a problem; a missing file an error."""
    Path("d.jsonl").write_text(
        '{"doc_id": "x", "text": "a", "toponyms": [{"start": 0, "end": 1}]}\nnope\n', encoding="utf-8"
    )
    first, second = reports.documents("d.jsonl")
    assert isinstance(first, dict)
    assert first["toponyms"] == [{"start": 0, "end": 1}]
    assert str(second) == "d.jsonl: row 2: is no JSON in UTF-8"
    with pytest.raises(InputError, match="not found"):
        next(reports.documents(tmp_path / "gone.jsonl"))


@pytest.mark.parametrize("character", ["<", "a", " ", "[", "!", "*", "\n", "<div>", "<script>", "{", "d", "-", "&"])
@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".jsonl", ".csv"])
def test_a_megabyte_of_one_thing_is_read_in_seconds(character: str, suffix: str) -> None:
    """No reader runs away on repetition: a report or a problem comes, soon."""
    Path("a" + suffix).write_text(character * (1_000_000 // len(character)), encoding="utf-8")
    began = time.perf_counter()
    assert list(reports.load(["a" + suffix]))
    assert time.perf_counter() - began < 20


def _items(name: str, data: bytes) -> Iterator[Report | Problem]:
    Path(name).write_bytes(data)
    return reports.load([name])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400), suffix=st.sampled_from(sorted(reports.READERS)))
def test_any_bytes_give_reports_or_problems(data: bytes, suffix: str) -> None:
    """Whatever the bytes and the suffix: no exception, and at least one thing said."""
    found = list(_items("any" + suffix, data))
    assert found
    for item in found:
        assert isinstance(item, (Report, Problem))
        assert "\n" not in str(item) or isinstance(item, Report)
