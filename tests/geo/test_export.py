"""The incident table → files, and back."""

from __future__ import annotations

import csv
import datetime as dt
import html
import json
import math
import os
import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon

from geo import component, export, schema, tables
from geo.errors import InputError, OutputError, SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HOSTILE = "{{ 7*7 }}<img src=x onerror=alert(1)></script>${1}{% raw %}"
ROWS: list[dict[str, Any]] = [
    {
        "incident_id": "a1",
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "date_start": "2024-05-30",
        "date_end": "2024-06-02",
        "date_precision": "days",
        "time": "07:44",
        "place": HOSTILE,
        "country": ["TD", "SD"],
        "geometry": LineString([(22.0, 12.0), (22.5, 13.0)]),
        "geo_precision": "border",
        "actors": ["=cmd()", "a; b"],
        "fatalities_min": 3,
        "sources": [{"report": "one.txt", "evidence": HOSTILE, "span": [0, 11]}],
        "reasons": {"population": 0.5},
        "confidence": 0.7,
        "status": "machine",
    },
    {
        "incident_id": "a2",
        "event_type": "Riots",
        "date_start": "2024-06-09",
        "date_end": "2024-06-09",
        "country": ["TD"],
        "geometry": Point(-15.044, 12.1348),
        "geo_precision": "settlement",
    },
    {"incident_id": "a3", "event_type": "", "place_text": "-1+1"},
]


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def table() -> gpd.GeoDataFrame:
    """A border, a point and an unlocated, undated incident."""
    return schema.from_records(ROWS)


def places() -> gpd.GeoDataFrame:
    """Two places mentioned."""
    rows = {
        "place_id": ["gn:1", "country:TD"],
        "name": ["N'Djamena", HOSTILE],
        "kind": ["settlement", "country"],
        "country": [["TD"], ["TD"]],
        "lat": [12.1, 15.0],
        "lon": [15.0, 19.0],
        "radius_m": [5000.0, math.nan],
        "count": [3, 1],
        "doc_ids": [["one.txt"], ["one.txt", "two.txt"]],
    }
    return gpd.GeoDataFrame(rows, geometry=[Point(15.0, 12.1), Point(19.0, 15.0)], crs=schema.CRS)


def plain(incidents: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Rows to compare, geometries as text in one winding."""
    return [
        {**row, "geometry": row["geometry"] and shapely.normalize(row["geometry"]).wkt}
        for row in schema.records(incidents)
    ]


@pytest.mark.parametrize("suffix", sorted(export.WRITERS))
def test_every_format_reads_back_equal(suffix: str) -> None:
    """What is written and read again is the same table: lists, objects, days, nulls, hostile text, border and point."""
    export.write(table(), "a" + suffix)
    assert plain(export.read_incidents("a" + suffix)) == plain(table())
    assert [file.name for file in Path().iterdir()] == ["a" + suffix]


@pytest.mark.parametrize("suffix", sorted(export.WRITERS))
def test_no_rows_is_a_file_too(suffix: str) -> None:
    """A table without rows is written, and read back without rows."""
    export.write(schema.empty(), "a" + suffix)
    if suffix in (".jsonl", ".geojsons"):
        assert Path("a" + suffix).read_bytes() == b""
    else:
        assert len(export.read_incidents("a" + suffix)) == 0


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12)
TRIMMED = PLAIN.map(lambda text: " ".join(text.split()))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=4,
)
DAYS = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
LON, LAT = st.integers(-1800, 1800).map(lambda n: n / 10), st.integers(-900, 900).map(lambda n: n / 10)
SHAPES = st.one_of(
    st.none(),
    st.builds(Point, LON, LAT),
    st.lists(st.tuples(st.integers(-85, 85), st.integers(-85, 85)), min_size=2, max_size=4, unique=True).map(
        LineString
    ),
    st.builds(
        lambda x, y, size: Point(x, y).buffer(size, 2), st.integers(-80, 80), st.integers(-60, 60), st.integers(1, 9)
    ).map(lambda shape: shapely.set_precision(shape, 1e-7)),
)


@st.composite
def _row(draw: st.DrawFn, text: st.SearchStrategy[str]) -> dict[str, Any]:
    days = sorted([draw(DAYS), draw(DAYS)]) if draw(st.booleans()) else [None, None]
    counts = sorted([draw(st.integers(0, 2**40)), draw(st.integers(0, 2**40))])
    return {
        "event_type": draw(st.sampled_from(["", "Riots", "Battles"])),
        "date_start": days[0],
        "date_end": days[1],
        "place": draw(text),
        "place_text": draw(text),
        "country": draw(st.lists(st.sampled_from(["TD", "SD", "FJ"]), max_size=2)),
        "geometry": draw(SHAPES),
        "actors": draw(st.lists(text, max_size=3)),
        "fatalities_min": draw(st.none() | st.just(counts[0])),
        "fatalities_max": draw(st.none() | st.just(counts[1])),
        "sources": [
            {"report": draw(text), "evidence": draw(text), "span": [0, 1]} for _ in range(draw(st.integers(0, 2)))
        ],
        "reasons": draw(st.dictionaries(text, JSON, max_size=2)),
        "confidence": draw(st.none() | st.integers(0, 1000).map(lambda n: n / 1000)),
    }


@pytest.mark.parametrize("suffix", sorted(export.WRITERS))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_round_trip(suffix: str, data: st.DataObject) -> None:
    """Whatever the table holds comes back; a workbook drops control characters, KML outer blanks too."""
    text = {".xlsx": PLAIN, ".kml": TRIMMED}.get(suffix, TEXT)
    before = schema.from_records(data.draw(st.lists(_row(text), min_size=1, max_size=3)))
    export.write(before, "round" + suffix)
    after = export.read_incidents("round" + suffix)
    assert plain(after) == plain(before)


def test_geojson_keeps_to_rfc_7946() -> None:
    """Null geometry for the unlocated, bbox, no crs, right-hand winding, 7 decimals at most, ids, times and styles."""
    clockwise = Polygon([(0, 0), (0, 1.123456789012), (1, 1), (1, 0)])
    rows = [*ROWS, {"incident_id": "a4", "geometry": clockwise, "geo_precision": "admin1"}]
    export.write(schema.from_records(rows), "a.geojson")
    value = json.loads(Path("a.geojson").read_text(encoding="utf-8"))
    line, point, nowhere, area = value["features"]
    assert value["bbox"] == [-15.044, 0.0, 22.5, 13.0]
    assert "crs" not in value
    assert nowhere["geometry"] is None
    assert point["geometry"] == {"type": "Point", "coordinates": [-15.044, 12.1348]}
    assert shapely.LinearRing(area["geometry"]["coordinates"][0]).is_ccw
    assert [0.0, 1.1234568] in area["geometry"]["coordinates"][0]
    assert line["id"] == "a1"
    told = line["properties"]
    assert (told["time"], told["start"], told["end"], told["clock"]) == (
        "2024-05-30",
        "2024-05-30",
        "2024-06-02",
        "07:44",
    )
    assert told["title"] == f"Armed clash, {HOSTILE}, 2024-05-30 to 2024-06-02"
    assert told["description"] == HOSTILE
    assert told["stroke"] == export.COLOURS["Battles"]
    assert point["properties"]["marker-color"] == export.COLOURS["Riots"]


def test_the_colours_are_those_of_the_map() -> None:
    """A file in another viewer looks as the map does."""
    script = Path(component.__file__).with_name("js") / "data.js"
    told = dict(re.findall(r'\["([^"]+)", "(#[0-9a-f]{6})"', script.read_text(encoding="utf-8")))
    assert {name: told[name] for name in export.COLOURS} == export.COLOURS


def test_geojson_is_read_by_gdal_without_a_warning() -> None:
    """GDAL opens it as WGS 84 with all rows (a warning would fail the test)."""
    export.write(table(), "a.geojson")
    read = gpd.read_file("a.geojson")
    assert len(read) == 3
    assert read.crs.to_epsg() == 4326


@pytest.mark.parametrize(
    "shape",
    [
        Polygon([(178, -17), (182, -17), (182, -15), (178, -15)]),
        Polygon([(178, -17), (-178, -17), (-178, -15), (178, -15)]),
        LineString([(179, 0), (-179, 1)]),
        LineString([(-181, 0), (-179, 1)]),
        Point(181, 0),
        MultiPolygon([Polygon([(178, -17), (182, -17), (182, -15), (178, -15)]), Polygon([(0, 0), (1, 0), (1, 1)])]),
    ],
)
def test_what_crosses_the_antimeridian_is_cut_there(shape: shapely.Geometry) -> None:
    """Parts on both sides, all within ±180, none spanning the world."""
    cut = shapely.geometry.shape(export.geojson_geometry(shape))
    assert cut.bounds[0] >= -180
    assert cut.bounds[2] <= 180
    for part in shapely.get_parts(cut):
        assert part.bounds[2] - part.bounds[0] <= 3


def test_the_bbox_of_fiji_does_not_span_the_world() -> None:
    """West is greater than east where the box crosses the antimeridian."""
    fiji = Polygon([(177, -19), (182, -19), (182, -15), (177, -15)])
    export.write(schema.from_records([{"geometry": fiji}]), "a.geojson")
    assert json.loads(Path("a.geojson").read_text(encoding="utf-8"))["bbox"] == [177.0, -19.0, -178.0, -15.0]


@given(LON, LAT, st.integers(1, 40))
def test_cutting_keeps_the_area(lon: float, lat: float, size: int) -> None:
    """A box anywhere keeps its area over the cut, and the cut is valid."""
    box = shapely.box(lon, max(-90, lat - 1), lon + size, min(90, lat + 1))
    cut = export.cut_at_antimeridian(box)
    assert cut.is_valid
    assert cut.area == pytest.approx(box.area)


def test_jsonl_has_one_incident_a_line() -> None:
    """The columns, the geometry as GeoJSON, lists as lists, null for unknown."""
    export.write(table(), "a.jsonl")
    first, _, third = (json.loads(line) for line in Path("a.jsonl").read_text(encoding="utf-8").splitlines())
    assert list(first) == list(schema.COLUMNS)
    assert first["geometry"]["type"] == "LineString"
    assert first["country"] == ["TD", "SD"]
    assert first["doc_ids"] == ["one.txt"]
    assert first["sources"][0]["evidence"] == HOSTILE
    assert third["geometry"] is None
    assert third["fatalities_min"] is None


def test_csv_begins_no_formula() -> None:
    """No cell of text begins as a spreadsheet's formula; numbers stay numbers; lists are joined."""
    export.write(table(), "a.csv")
    with Path("a.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[2]["place_text"] == "'-1+1"
    assert rows[0]["country"] == "TD;SD"
    assert rows[1]["lon"] == "-15.044"
    for row in rows:
        for name, cell in row.items():
            assert schema.COLUMNS[name].kind in ("number", "integer") or not cell.startswith(("=", "+", "-", "@"))


def test_xlsx_holds_no_formula() -> None:
    """Every cell of text is text to Excel."""
    export.write(schema.from_records([{"place": "=1+1", "place_text": "\x01", "event_type": "x" * 40_000}]), "a.xlsx")
    sheet = openpyxl.load_workbook("a.xlsx").worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n"}
    assert sheet["A1"].value == "incident_id"


@given(st.text(max_size=6) | st.text("'=+-@\t a", max_size=6))
def test_neutralising_can_be_undone(cell: str) -> None:
    """Undoing gives the cell; a neutral cell begins no formula."""
    assert export.unneutral(export.neutral(cell)) == cell
    assert not export.neutral(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_geopackage_is_a_table_that_qgis_knows() -> None:
    """One layer `incidents` in EPSG:4326; a missing count is NULL, not zero."""
    export.write(table(), "a.gpkg")
    with sqlite3.connect("a.gpkg") as base:
        told = base.execute("select table_name, srs_id from gpkg_contents where data_type = 'features'").fetchall()
        assert told == [("incidents", 4326)]
        assert base.execute("select fatalities_min, fatalities_max from incidents").fetchall()[0] == (3, None)
    base.close()


def test_kml_has_times_and_no_markup_of_ours() -> None:
    """A TimeSpan for who plays it; the evidence is escaped, for a viewer takes the description for HTML."""
    export.write(table(), "a.kml")
    text = Path("a.kml").read_text(encoding="utf-8")
    assert "<begin>2024-05-30T00:00:00</begin>" in text
    (description,) = re.findall(r"<description>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</description>", text)
    assert html.unescape(html.unescape(description)) == HOSTILE
    assert "<img" not in html.unescape(description) or "&lt;img" in description


def test_geoparquet_is_version_1_1() -> None:
    """Days are dates and lists are lists for every reader of Arrow."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    export.write(table(), "a.parquet")
    read = pq.read_schema("a.parquet")
    assert json.loads(read.metadata[b"geo"])["version"] == "1.1.0"
    assert str(read.field("date_start").type) == "date32[day]"
    assert str(read.field("country").type).startswith("list")


def test_places_mentioned_lie_beside_the_incidents_and_go_with_them() -> None:
    """They are written to X.places.geojson, read back equal, and taken away by a run that has none."""
    export.write(table(), "a.jsonl", places=places())
    back = export.read_places("a.places.geojson")
    assert back["name"].tolist() == ["N'Djamena", HOSTILE]
    assert back["country"].tolist() == [["TD"], ["TD"]]
    assert back["count"].tolist() == [3, 1]
    assert back["doc_ids"].tolist()[1] == ["one.txt", "two.txt"]
    assert pd.isna(back["radius_m"].iloc[1])
    assert back.geometry.iloc[0] == Point(15.0, 12.1)
    export.write(table(), "a.jsonl")
    assert [file.name for file in Path().iterdir()] == ["a.jsonl"]


def _ids(file: Path) -> list[str]:
    return [feature["id"] for feature in json.loads(file.read_text(encoding="utf-8"))["features"]]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("event_type", {"battles": ["a1"], "riots": ["a2"], "unknown": ["a3"]}),
        ("country", {"td": ["a1", "a2"], "sd": ["a1"], "unknown": ["a3"]}),
        ("month", {"2024-05": ["a1"], "2024-06": ["a1", "a2"], "unknown": ["a3"]}),
        ("geo_precision", {"border": ["a1"], "settlement": ["a2"], "unknown": ["a3"]}),
    ],
)
def test_layers_hold_every_incident(by: str, expected: Mapping[str, list[str]]) -> None:
    """One file a value, an incident of two values in both, those without in `unknown`, and the places mentioned."""
    files = export.write_layers(table(), "layers", by=by, places=places())
    assert {file.stem: _ids(file) for file in files if file.stem != "places"} == expected
    assert Path("layers/places.geojson").is_file()
    assert sorted(Path("layers").iterdir()) == sorted(files)


def test_layer_files_have_safe_names() -> None:
    """Slashes, dots, case, reserved names, foreign scripts and repetitions give distinct plain file names."""
    values = ["../../etc/passwd", "A/B", "a-b", "CON", "places", "دير", "", "x" * 300, "..", "\x00"]
    names = export.file_names(values)
    assert list(names) == values
    assert len({name.lower() for name in names.values()}) == len(values)
    assert names["../../etc/passwd"] == "etc-passwd.geojson"
    assert names["CON"] == "layer-con.geojson"
    assert names["places"] == "places-2.geojson"
    assert all(len(name) < 80 and "/" not in name and not name.startswith(".") for name in names.values())


def test_an_interval_of_centuries_is_one_layer() -> None:
    """A table cannot make thousands of files with one row."""
    rows = [{"date_start": "0001-01-01", "date_end": "9999-12-31"}]
    files = export.write_layers(schema.from_records(rows), "layers", by="month")
    assert [file.name for file in files] == ["longer-than-two-years.geojson"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("a.docx", "unknown suffix '.docx'. Known are .geojson"),
        ("a", "unknown suffix ''"),
        ("gone/a.csv", "there is no folder gone"),
        ("folder.csv", "is a folder"),
        ("file/a.csv", "there is no folder file"),
    ],
)
def test_what_cannot_be_written_is_an_error_and_leaves_nothing(path: str, told: str) -> None:
    """One line, and no file or scratch folder stays behind."""
    Path("folder.csv").mkdir()
    Path("file").touch()
    with pytest.raises(OutputError, match=told):
        export.write(table(), path)
    assert sorted(file.name for file in Path().iterdir()) == ["file", "folder.csv"]


def test_a_failure_in_the_middle_keeps_the_old_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up while writing leaves the file of before, and nothing half-written."""
    Path("a.csv").write_text("before", encoding="utf-8")

    def full(_incidents: gpd.GeoDataFrame, file: Path) -> None:
        file.write_text("half", encoding="utf-8")
        raise OSError(28, os.strerror(28))

    monkeypatch.setitem(export.WRITERS, ".csv", full)
    with pytest.raises(OutputError, match="No space left"):
        export.write(table(), "a.csv")
    assert Path("a.csv").read_text(encoding="utf-8") == "before"
    assert [file.name for file in Path().iterdir()] == ["a.csv"]


def test_a_table_that_is_no_incident_table_is_not_written() -> None:
    """The faults are told and no file appears."""
    with pytest.raises(SchemaError, match="event_type is missing"):
        export.write(table().drop(columns="event_type"), "a.csv")
    assert not list(Path().iterdir())


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("gone.csv", None, "gone.csv: not found"),
        ("a.docx", b"x", "unknown suffix"),
        ("a.csv", b"", "is empty"),
        ("a.geojson", b"{", "is no JSON"),
        ("a.geojson", b"[1]", "is no GeoJSON FeatureCollection"),
        ("a.geojson", b'{"features": [1]}', "is no GeoJSON FeatureCollection"),
        ("a.geojson", b'{"features": [], "crs": {"name": "EPSG:3857"}}', "not in WGS 84"),
        ("a.jsonl", b'{"event_type": "x"}\n{', "row 2 is no JSON"),
        ("a.jsonl", b"[1]", "row 1 is no JSON object"),
        ("a.gpkg", b"SQLite format 3\x00", "cannot be read"),
        ("a.xlsx", b"PK", "is no workbook"),
        ("a.parquet", b"PAR1", "is no .parquet that can be read"),
        ("a.fgb", b"fgb", "cannot be read"),
        ("a.csv", b"town,people\nGoma,3\n", "is no incident table; its columns are town, people"),
        ("a.csv", b"date_start\nsoon\n", "date_start: 'soon' in row 1"),
        ("a.csv", b"lat,lon\n99,1\n", "is not between -90 and 90"),
    ],
)
def test_what_is_no_incident_file_is_told_on_one_line(name: str, data: bytes | None, told: str) -> None:
    """Missing, empty, damaged and foreign files."""
    if data is not None:
        Path(name).write_bytes(data)
    with pytest.raises(InputError, match=told) as caught:
        export.read_incidents(name)
    assert "\n" not in str(caught.value)


def test_a_table_with_fewer_columns_and_a_semicolon_is_read() -> None:
    """An analyst's own CSV of coordinates: the rest is unknown, the point is made."""
    Path("a.csv").write_text("event_type;lat;lon\nRiots;1.5;-2.5\n", encoding="utf-8-sig")
    row = next(schema.records(export.read_incidents("a.csv")))
    assert row["event_type"] == "Riots"
    assert row["geometry"] == Point(-2.5, 1.5)
    assert row["sources"] == []


def test_geopackage_carries_a_style_that_qgis_takes_by_itself() -> None:
    """One default style of the layer: a rule for each event type and kind of geometry, in the colours of the map."""
    import xml.etree.ElementTree as ET  # noqa: PLC0415

    export.write(table(), "a.gpkg")
    with sqlite3.connect("a.gpkg") as base:
        ((layer, column, default, text),) = base.execute(
            "select f_table_name, f_geometry_column, useAsDefault, styleQML from layer_styles"
        )
        assert base.execute("select column_name from gpkg_geometry_columns").fetchall() == [(column,)]
    base.close()
    assert (layer, default) == ("incidents", 1)
    style = ET.fromstring(text)  # noqa: S314  # ours
    rules = style.findall(".//rule")
    assert len(rules) == 3 * (len(export.COLOURS) + 1)
    assert {rule.get("symbol") for rule in rules} == {symbol.get("name") for symbol in style.findall(".//symbol")}


def test_tables_one_after_the_other_are_one_file() -> None:
    """Chunks give the file that the whole gives, in every format; columns that are left out come back unknown."""
    whole = table()
    for suffix in export.WRITERS:
        chunks = (whole.iloc[[row]].reset_index(drop=True) for row in range(len(whole)))
        export.write_chunks(chunks, f"a{suffix}", without=("actors", "sources", "doc_ids"))
        read = export.read_incidents(f"a{suffix}")
        assert [plain(read)[row]["place"] for row in range(3)] == whole["place"].tolist(), suffix
        assert [row["actors"] + row["sources"] for row in plain(read)] == [[], [], []], suffix
        assert b"one.txt" not in Path(f"a{suffix}").read_bytes(), suffix


def test_geopackage_validates(faults_of_geopackage: Callable[[Path], str]) -> None:
    """GDAL's own validator finds nothing to fault or to warn of, with rows and without."""
    export.write(table(), "a.gpkg")
    export.write(schema.empty(), "empty.gpkg")
    assert faults_of_geopackage(Path("a.gpkg")) == ""
    assert faults_of_geopackage(Path("empty.gpkg")) == ""


def test_a_table_put_together_from_others_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns in several pieces, and a table larger than what is written at once: every format, every row."""
    monkeypatch.setattr("geo.export.columns.ROWS_AT_ONCE", 2)
    told = {"country": [["TD"]], "doc_ids": [["r"]], "sources": [[{"report": "r", "evidence": "e"}]]}
    row = schema.from_columns({name: pa.array(cells) for name, cells in told.items()}, 1)
    whole = tables.joined([row.assign(incident_id=str(number)) for number in range(5)])
    for suffix in export.WRITERS:
        export.write(whole, f"a{suffix}")
        assert plain(export.read_incidents(f"a{suffix}")) == plain(whole), suffix
