"""Files of tables: what they are, what is refused, mappings that are saved and given back, reading by chunks."""

from __future__ import annotations

import gzip
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import export, schema, tables
from geo.__main__ import run
from geo.commands import intake
from geo.errors import InputError
from geo.tables import coordinates, counts, days, delimited, files, shape

sys.path.insert(0, str(Path(__file__).parent))
from table_shapes import acled, acled_rows, gdelt_rows, text, towns, ucdp

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def refused(name: str) -> str:
    """The one line that says why a file is not read."""
    with pytest.raises(InputError) as caught:
        tables.Table(name, gazetteer=lambda: pytest.fail("nothing has to be placed"))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def zipped(name: str, members: dict[str, bytes]) -> str:
    """A zip of these members."""
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return name


# --- refused ----------------------------------------------------------------------------------------------------------


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    """A hundred megabytes of nothing in a file of a hundred kilobytes."""
    assert "unpacks to" in refused(zipped("b.zip", {"a.csv": b"0" * (100 << 20)}))


@pytest.mark.parametrize("name", ["../../etc/a.csv", "/a.csv", "..\\a.csv", "C:\\a.csv", "x/../../a.csv"])
def test_a_path_that_leads_out_of_a_zip_is_refused(name: str) -> None:
    """Nothing is ever unpacked to a path; such a zip is not read at all."""
    zipped("p.zip", {"a.csv": b"place\nGoma\n"})
    data = Path("p.zip").read_bytes().replace(b"a.csv", name.encode()) if len(name) == 5 else None
    if data is None:
        zipped("p.zip", {name: b"place\nGoma\n"})
    assert "path that leads out of it" in refused("p.zip")


def test_a_zip_must_hold_one_table() -> None:
    """Two are one too many, and the names are told."""
    assert "a.csv, b.csv" in refused(zipped("t.zip", {"a.csv": b"x", "b.csv": b"y"}))
    assert "one table" in refused(zipped("n.zip", {"readme.md": b"x"}))


def test_too_many_columns_are_refused() -> None:
    """A million columns are no table."""
    Path("w.csv").write_text(",".join(f"c{number}" for number in range(1_000_000)) + "\n1\n", encoding="utf-8")
    assert "columns; the most is 2,000" in refused("w.csv")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "Excel file of before 2007"),
        (b'{"a": 1}', "is no table"),
        (b"<?xml version='1.0'?><a/>", "is no table"),
        (b"\x7fELF" + b"\0" * 100, "binary"),
        (b"\x00\x00\x27\x0a" + b"\0" * 100, "without its .dbf"),
        (b"SQLite format 3\x00" + b"\0" * 100, "cannot be read"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_what_is_no_table_is_told_by_its_first_bytes(data: bytes, told: str) -> None:
    """Whatever it is called."""
    Path("t.csv").write_bytes(data)
    assert told in refused("t.csv")


# --- text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators_are_found_out(encoding: str, separator: str) -> None:
    """The same cells come out of each; a comma in a cell and a break of line in another do not confuse it."""
    rows = [{"место": "Донецк, центр", "дата": "2024-05-13", "описание": "Обстрел\nжилого дома"}] * 3
    Path("t.csv").write_bytes(text(rows, separator).encode(encoding))
    source = tables.opened(tables.recognise("t.csv"))
    assert source.columns == ["место", "дата", "описание"]
    assert source.head().cells.to_pylist() == rows


def test_a_packed_text_is_read() -> None:
    """A .gz, and a .csv in a zip, under any name."""
    Path("t.csv.gz").write_bytes(gzip.compress(b"place,date\nGoma,2024-05-13\n"))
    zipped("t.zip", {"folder/T.TXT": b"place,date\nGoma,2024-05-13\n", "__MACOSX/x.csv": b"-"})
    for name in ("t.csv.gz", "t.zip"):
        assert tables.opened(tables.recognise(name)).head().cells.to_pylist() == [
            {"place": "Goma", "date": "2024-05-13"}
        ]


def test_a_quote_that_is_never_closed_takes_one_row_with_it(gazetteer: Gazetteer) -> None:
    """The rows after it are read as what they are, with their own numbers."""
    lines = ["id,date,lat,lon,notes", *(f"A{n},2024-05-13,1.5,2.5,note {n}" for n in range(1, 30))]
    lines[5] = 'A5,2024-05-13,1.5,2.5,"never closed'
    Path("q.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = tables.Table("q.csv", gazetteer=lambda: gazetteer)
    found = table.read()
    assert found["incident_id"].tolist() == [f"A{n}" for n in range(1, 30)]
    assert [(one.row, one.reason) for one in table.problems.kept] == [(5, "has a quote that is never closed")]
    assert schema.plain(found["doc_ids"], "texts")[-1] == ["q.csv#29"]


def test_bytes_of_another_encoding_are_named_and_the_row_kept(gazetteer: Gazetteer) -> None:
    """One cell of Latin-1 in a file of UTF-8."""
    rows = "".join(f"A{n},2024-05-13,1.5,2.5,café {n}\n" for n in range(40)).encode()
    Path("m.csv").write_bytes(b"id,date,lat,lon,notes\n" + rows.replace("café 7\n".encode(), b"caf\xe9 7\n"))
    table = tables.Table("m.csv", gazetteer=lambda: gazetteer)
    assert len(table.read()) == 40
    assert [(one.row, one.column) for one in table.problems.kept] == [(8, "notes")]


def test_blank_lines_and_titles_are_no_rows() -> None:
    """A title above the header is skipped; a blank line counts as a line of the table but is no incident."""
    Path("b.csv").write_text("Our list\n\nplace,date\nGoma,2024-05-13\n\n,\nMosul,2024-05-14\n", encoding="utf-8")
    head = tables.opened(tables.recognise("b.csv")).head()
    assert head.cells.to_pylist() == [{"place": "Goma", "date": "2024-05-13"}, {"place": "Mosul", "date": "2024-05-14"}]


def test_a_table_without_a_header_is_read_by_what_it_holds(gazetteer: Gazetteer) -> None:
    """Days and a pair of coordinates are known by their cells."""
    Path("n.csv").write_text('2024-05-13,"36.335, 43.1189",12\n2024-05-14,"-1.6741, 129.2285",3\n', encoding="utf-8")
    table = tables.Table("n.csv", gazetteer=lambda: gazetteer)
    found = table.read()
    assert found["lat"].tolist() == [36.335, -1.6741]
    assert schema.plain(found["date_start"], "date") == ["2024-05-13", "2024-05-14"]


# --- orders told by evidence ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["36.3, 43.1", "36.2, 143.1"], (36.3, 43.1)),
        (["43.1, 36.3", "143.1, 36.3"], (36.3, 43.1)),
        (["POINT (43.1 36.3)"], (36.3, 43.1)),
        (["36,3; 43,1"], (36.3, 43.1)),
        (["36,3 43,1"], (36.3, 43.1)),
        (["36,30,43,10"], (36.3, 43.1)),
        (["N36.3 E43.1"], (36.3, 43.1)),
        (["E43.1, N36.3"], (36.3, 43.1)),
        (["36°18'N, 43°06'00\"E"], (36.3, 43.1)),
        (['{"type": "Point", "coordinates": [43.1, 36.3]}'], (36.3, 43.1)),
        (["geo:36.3,43.1"], (36.3, 43.1)),
        (["(36.3, 43.1)"], (36.3, 43.1)),
    ],
)
def test_both_coordinates_in_one_cell(cells: list[str], expected: tuple[float, float], gazetteer: Gazetteer) -> None:
    """Decimals with dots or commas, degrees, WKT, GeoJSON; the order is told by the other cells of the column."""
    pd.DataFrame({"coordinates": cells, "date": "2024-05-13"}).to_csv("c.csv", index=False)
    row = next(schema.records(tables.Table("c.csv", gazetteer=lambda: gazetteer).read()))
    assert (round(row["lat"], 6), round(row["lon"], 6)) == expected


def test_the_country_tells_the_order_where_the_cells_do_not(gazetteer: Gazetteer) -> None:
    """43.1, 36.3 lies in Iraq one way only."""
    pd.DataFrame({"gps": ["43.12, 36.33"], "country": ["Iraq"]}).to_csv("c.csv", index=False)
    row = next(schema.records(tables.Table("c.csv", gazetteer=lambda: gazetteer).read()))
    assert (row["lat"], row["lon"]) == (36.33, 43.12)


@pytest.mark.parametrize(
    ("lat", "lon", "reason"),
    [
        ("0", "0", "0, 0 is no place"),
        ("91", "10", "is not on the Earth"),
        ("12", "", "has one coordinate but not the other"),
        ("north", "10", "is no coordinate"),
    ],
)
def test_no_point_is_better_than_a_wrong_one(lat: str, lon: str, reason: str, gazetteer: Gazetteer) -> None:
    """A default, a point off the Earth and half a point are none, and are told."""
    rows = [{"id": "a", "lat": "1.5", "lon": "2.5"}, {"id": "b", "lat": lat, "lon": lon}]
    Path("c.csv").write_text(text(rows), encoding="utf-8")
    table = tables.Table("c.csv", gazetteer=lambda: gazetteer)
    assert table.read()["lat"].isna().tolist() == [False, True]
    assert reason in [one.reason for one in table.problems.kept]


def test_columns_called_the_wrong_way_round_are_turned(gazetteer: Gazetteer) -> None:
    """A latitude beyond 90 is a longitude, where the other column never is."""
    Path("c.csv").write_text("lat,lon\n143.1,36.3\n43.1,36.2\n-101.5,20.1\n", encoding="utf-8")
    assert tables.Table("c.csv", gazetteer=lambda: gazetteer).read()["lat"].tolist() == [36.3, 36.2, 20.1]


def test_the_whole_column_tells_the_order_of_days(gazetteer: Gazetteer) -> None:
    """Evidence far down the file counts: the 60,000th row makes the first one the fourth of March."""
    rows = ["id,lat,lon,date", *(f"A{n},1.5,2.5,03/04/2024" for n in range(60_000)), "B,1.5,2.5,03/25/2024"]
    Path("d.csv").write_text("\n".join(rows), encoding="utf-8")
    table = tables.Table("d.csv", gazetteer=lambda: gazetteer)
    frame = next(table.chunks())
    assert schema.plain(frame["date_start"].head(1), "date") == ["2024-03-04"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("12", (12, 12)), ("12.0", (12, 12)), ("1,200", (1200, 1200)), ("10-15", (10, 15)), ("5+", (5, None)),
        ("at least 3", (3, None)), ("> 3", (4, None)), ("up to 20", (None, 20)), ("~10", (10, 10)), ("0", (0, 0)),
        ("dozens", None), ("-3", None), ("15-10", None), ("3.5", None), ("", None),
    ],
)  # fmt: skip
def test_counts_are_intervals(cell: str, expected: counts.Interval | None) -> None:
    """At least, at most; what is no number of people is none."""
    assert counts.interval(cell) == expected


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_cell_is_a_value_or_none(cell: str) -> None:
    """No text makes a reader of cells fail, and coordinates that are read are finite."""
    days.read(cell, "dmy")
    counts.interval(cell)
    coordinates.pair(cell)
    found = coordinates.angle(cell)
    assert found is None or abs(found[0]) < 1000


# --- mappings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [acled, ucdp, towns])
def test_a_saved_mapping_given_back_reads_the_same(make: object, tmp_path: Path, gazetteer: Gazetteer) -> None:
    """Whatever was guessed is in the file."""
    path = make(tmp_path)  # type: ignore[operator]
    first = tables.Table(path, gazetteer=lambda: gazetteer)
    Path("m.toml").write_text(first.mapping.toml(), encoding="utf-8")
    again = tables.Table(path, gazetteer=lambda: gazetteer, mapping=tables.load("m.toml"))
    assert list(schema.records(again.read())) == list(schema.records(first.read()))


def test_a_mapping_gives_columns_codes_and_unknowns(gazetteer: Gazetteer) -> None:
    """What no name could tell."""
    Path("m.toml").write_text(
        'columns = {place = "wo", date = "c2", fatalities = "n", geo_precision = "p", lat = "a", lon = "b"}\n'
        'read = {date_order = "mdy"}\nunknown = {fatalities = ["99"]}\ncodes.geo_precision = {x = "near"}\n',
        encoding="utf-8",
    )
    Path("t.csv").write_text("wo,c2,n,p,a,b\nHere,03/04/2024,99,x,1.5,2.5\n", encoding="utf-8")
    table = tables.Table("t.csv", gazetteer=lambda: gazetteer, mapping=tables.load("m.toml"))
    row = next(schema.records(table.read()))
    assert (row["place"], row["date_start"], row["fatalities_min"]) == ("Here", "2024-03-04", None)
    assert (row["geo_precision"], row["radius_m"]) == ("near", 25_000)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("columns = 3", "columns: is no table"),
        ("[columns]\nplase = 'x'", "columns.plase: is not known"),
        ("[columns]\nplace = {a = 1}", "is no text or list of texts"),
        ("[columns]\nplace = 'x'\n[read]\ndate_order = 'yes'", "read.date_order: 'yes' is none of ymd, dmy"),
        ("[columns]\nplace = 'x'\n[codes.geo_precision]\n1 = 'town'", "codes.geo_precision.1: 'town' is none of site"),
        ("[columns]\nplace = 'x'\n[codes.colour]\n1 = 'red'", "codes.colour: is not known"),
        ("[columns]\nplace = 'x'\n[[sides]]\ncolour = 'red'", "sides.colour: is not known"),
        ("format = 'x'", "says of no column"),
        ("x =", "is no TOML"),
        ("\x00", "is no TOML"),
    ],
)
def test_a_wrong_mapping_is_told_on_one_line(told: str, reason: str) -> None:
    """The file, what in it, and what is known instead."""
    Path("m.toml").write_text(told, encoding="utf-8")
    with pytest.raises(InputError, match=r"m\.toml: ") as caught:
        tables.load("m.toml")
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_mapping_of_columns_that_are_not_there_is_told(gazetteer: Gazetteer) -> None:
    """The role, the column, and the columns that are there."""
    Path("m.toml").write_text("columns = {place = 'wo'}", encoding="utf-8")
    Path("t.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"place = 'wo' is no column; the columns are a, b"):
        tables.Table("t.csv", gazetteer=lambda: gazetteer, mapping=tables.load("m.toml"))


# --- chunks -----------------------------------------------------------------------------------------------------------


def test_a_large_table_comes_in_chunks_that_are_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gazetteer: Gazetteer
) -> None:
    """Chunk by chunk gives what reading at once does; ids are told apart across chunks."""
    rows = [{**row, "event_id_cnty": f"X{n % 900}", "year": n} for n, row in enumerate(acled_rows() * 200)]
    path = tmp_path / "many.csv"
    path.write_text(text(rows), encoding="utf-8")
    whole = tables.Table(path, gazetteer=lambda: gazetteer)
    monkeypatch.setattr(delimited, "CHUNK_ROWS", 130)
    done: list[int] = []
    frames = list(tables.read_chunks(path, gazetteer=lambda: gazetteer, progress=done.append))
    assert len(frames) > 3
    assert done[-1] == 1000
    together = tables.joined(frames)
    schema.validate(together)
    assert together["incident_id"].is_unique
    assert list(schema.records(together)) == list(schema.records(whole.read()))
    assert sum(one.reason.startswith("was there before") for one in whole.problems.kept) == 100


def test_a_reader_that_stops_early_leaves_nothing_behind(tmp_path: Path, gazetteer: Gazetteer) -> None:
    """Taking one table and going away ends the threads that read ahead."""
    import threading  # noqa: PLC0415

    before = threading.active_count()
    chunks = tables.read_chunks(acled(tmp_path), gazetteer=lambda: gazetteer)
    next(chunks)
    chunks.close()
    assert threading.active_count() <= before


# --- kinds ------------------------------------------------------------------------------------------------------------


def test_the_way_in_knows_tables_of_every_kind(tmp_path: Path) -> None:
    """ACLED's own names of columns are not taken for ours; GDELT has no names at all."""
    assert intake.kind_of(acled(tmp_path)) == "table"
    Path("g.csv").write_text("".join("\t".join(row) + "\n" for row in gdelt_rows()), encoding="utf-8")
    assert intake.kind_of(Path("g.csv")) == "table"
    Path("p.csv").write_text("id,text,lat,lon\n1,x,1.5,2.5\n", encoding="utf-8")
    assert intake.kind_of(Path("p.csv")) == "table"


def test_export_takes_a_table_and_says_what_its_columns_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """ACLED's file goes out as another; the mapping is printed; a mapping that was saved is taken."""
    acled(tmp_path)
    assert run(["export", "acled.csv", "-o", "out.parquet"]) == 0
    told = capsys.readouterr()
    assert "acled.csv is ACLED's; its columns:\n" in told.err
    assert "geo_precision   geo_precision          as ACLED writes it\n" in told.err
    assert len(export.read_incidents("out.parquet")) == 5
    assert run(["geocode", "acled.csv", "-o", "a.geojson", "--save-mapping", "m.toml"]) == 0
    assert run(["export", "acled.csv", "-o", "out.csv", "--mapping", "m.toml"]) == 0
    assert len(export.read_incidents("out.csv")) == 5


def test_geocode_lists_every_cell_that_could_not_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Row, column, cell and reason, with formulas made harmless; the rows are all there."""
    rows = [{**row, "latitude": "=1+1" if n == 2 else row["latitude"]} for n, row in enumerate(acled_rows())]
    (tmp_path / "a.csv").write_text(text(rows), encoding="utf-8")
    assert run(["geocode", "a.csv", "-o", "a.jsonl"]) == 0
    assert "5 incidents; 0 without a date, 0 without a place." in capsys.readouterr().out
    listed = Path("a.problems.csv").read_text(encoding="utf-8").splitlines()
    assert listed[1:] == ["3,latitude,'=1+1,is no coordinate"]


def test_separators_are_told_by_most_rows() -> None:
    """A header with commas in a quoted cell is no reason for a comma."""
    assert shape.separator_of('"a, b";c\n1;2\n3;4\n') == ";"
    assert shape.separator_of("a\tb\n1,5\t2\n") == "\t"


def test_the_check_of_a_file_tells_what_is_wrong() -> None:
    """Missing, a folder, empty."""
    Path("folder").mkdir()
    Path("empty").touch()
    for name, told in (("gone", "not found"), ("folder", "is a folder"), ("empty", "is empty")):
        with pytest.raises(InputError, match=told):
            files.checked(name)
