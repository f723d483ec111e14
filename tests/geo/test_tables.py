"""An analyst's table of incidents → the incident table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import schema, tables
from geo.errors import InputError
from geo.tables import days
from geo.tables import names as names_of_columns

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def rows(table: pd.DataFrame, gazetteer: Gazetteer, **named: str) -> tuple[list[dict[str, Any]], list[tables.Problem]]:
    """The incidents of a table as plain rows, and its problems; the table is a valid one."""
    table.to_csv("t.csv", index=False)
    found = tables.Table("t.csv", gazetteer=lambda: gazetteer, named=named)
    incidents = found.read()
    schema.validate(incidents)
    return list(schema.records(incidents)), found.problems.kept


def test_places_dates_countries_and_counts_are_read(gazetteer: Gazetteer) -> None:
    """Town and country give the point and the codes; dates, types and counts their columns; the row is kept."""
    table = pd.DataFrame(
        {
            "Town": ["Goma", "Tripoli"],
            "Country": ["DR Congo", "LB"],
            "Event date": ["13/05/2024", "01/06/2024"],
            "Type": ["grenade", "unrest"],
            "Killed": ["2", ""],
            "Notes": ["A grenade went off.", ""],
        }
    )
    (goma, tripoli), problems = rows(table, gazetteer)
    assert problems == []
    assert goma["country"] == ["CD"]
    assert abs(goma["lat"] + 1.68) < 0.1
    assert goma["geo_precision"] == "settlement"
    assert goma["date_start"] == goma["date_end"] == "2024-05-13"
    assert goma["date_precision"] == "day"
    assert (goma["event_type"], goma["sub_event_type"]) == ("Explosions/Remote violence", "Grenade")
    assert goma["fatalities_min"] == goma["fatalities_max"] == 2
    assert goma["sources"][0] == {
        "report": "t.csv#1",
        "publisher": "",
        "url": "",
        "evidence": "A grenade went off.",
    }
    assert goma["original"]["Event date"] == "13/05/2024"
    assert tripoli["country"] == ["LB"]
    assert tripoli["date_start"] == "2024-06-01"
    assert tripoli["fatalities_min"] is None
    assert tripoli["event_type"] == "unrest"


def test_phrases_are_placed_by_their_meaning(gazetteer: Gazetteer) -> None:
    """A distance is a circle beside the town, a border a line, a part an area; none is the town or a capital."""
    table = pd.DataFrame({"place": ["30 km north of Mosul", "Syria-Iraq border", "eastern Syria"]})
    (north, border, east), problems = rows(table, gazetteer)
    assert problems == []
    assert north["lat"] > 36.5
    assert north["geo_precision"] == "near"
    assert border["geo_precision"] == "border"
    assert "Line" in border["geometry"].geom_type
    assert sorted(border["country"]) == ["IQ", "SY"]
    assert east["geo_precision"] == "region"
    assert east["lon"] > 38


def test_rows_that_cannot_be_placed_or_dated_are_kept_and_named(gazetteer: Gazetteer) -> None:
    """No default point, no default day: the row is there, and each fault has its row, column, cell and reason."""
    table = pd.DataFrame(
        {
            "place": ["Xqzvtwopolis", "", "Goma", "Goma"],
            "date": ["2024-05-03", "2024-02-31", "soon", "03/04/2024"],
            "country": ["", "", "Atlantis", "CD"],
        }
    )
    incidents, problems = rows(table, gazetteer)
    assert len(incidents) == 4
    assert incidents[0]["geometry"] is None
    assert incidents[0]["place_text"] == "Xqzvtwopolis"
    assert incidents[2]["date_start"] is None
    assert [(problem.row, problem.column, problem.value, problem.reason) for problem in problems] == [
        (1, "place", "Xqzvtwopolis", "is not in the gazetteer"),
        (2, "date", "2024-02-31", "is no day"),
        (2, "place", "", "is empty"),
        (3, "date", "soon", "is no day"),
        (3, "country", "Atlantis", "is no country"),
        (4, "date", "03/04/2024", "could be two days; write YYYY-MM-DD"),
    ]


def test_the_country_of_the_row_is_binding(gazetteer: Gazetteer) -> None:
    """A town that is not in the stated country is not put into another one."""
    (row,), problems = rows(pd.DataFrame({"place": ["Ouagadougou"], "country": ["Norway"]}), gazetteer)
    assert row["geometry"] is None
    assert row["country"] == ["NO"]
    assert problems[0].reason == "is not in the gazetteer"


@pytest.mark.parametrize(
    ("text", "code"), [("KE", "KE"), ("ke", "KE"), ("KEN", "KE"), ("Kenya", "KE"), ("DR Congo", "CD"), ("Narnia", "")]
)
def test_countries_are_known_by_code_and_name(gazetteer: Gazetteer, text: str, code: str) -> None:
    """Alpha-2, alpha-3 and names; what is none is empty."""
    assert tables.country_code(text, gazetteer=gazetteer) == code


def test_a_phrase_beside_a_border_stays_in_the_stated_country(gazetteer: Gazetteer) -> None:
    """The circle may lie across the line; the analyst's country is kept."""
    (row,), _ = rows(pd.DataFrame({"place": ["20 km south of Mandera"], "country": ["Kenya"]}), gazetteer)
    assert row["country"] == ["KE"]


def test_coordinates_of_the_table_win(gazetteer: Gazetteer) -> None:
    """Latitude and longitude that the analyst gives are not looked up again."""
    (row,), problems = rows(pd.DataFrame({"place": ["Goma"], "lat": [1.5], "lon": ["2,5"]}), gazetteer)
    assert (row["lat"], row["lon"]) == (1.5, 2.5)
    assert problems == []


def test_named_columns_win_over_guessed_ones(gazetteer: Gazetteer) -> None:
    """A named column is used, whatever the others are called; one that is not there is an error."""
    table = pd.DataFrame({"place": ["Goma"], "spot": ["Bukavu"]})
    (row,), _ = rows(table, gazetteer, place="spot")
    assert row["place"] == "Bukavu"
    with pytest.raises(InputError, match="there is no column 'x'; the columns are place, spot"):
        rows(table, gazetteer, place="x")
    with pytest.raises(InputError, match="no column looks like place names"):
        rows(pd.DataFrame({"colour": ["red"]}), gazetteer)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Location", "Event Date", "Country"], {"place": "Location", "date": "Event Date", "country": "Country"}),
        (["latitude", "longitude", "notes"], {"lat": "latitude", "lon": "longitude", "text": "notes"}),
        (["event-date", "CITY"], {"place": "CITY", "date": "event-date"}),
        (["colour"], {}),
    ],
)
def test_columns_are_guessed_by_name(names: list[str], expected: dict[str, str]) -> None:
    """Case, blanks and hyphens do not matter; what no column is called is left out."""
    assert names_of_columns.guess(names) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024-05-03", ("2024-05-03", "2024-05-03")),
        ("2024-05-03T22:10:00Z", ("2024-05-03", "2024-05-03")),
        ("20240503", ("2024-05-03", "2024-05-03")),
        ("2024-05-03 09:00:00", ("2024-05-03", "2024-05-03")),
        ("3 mai 2024", ("2024-05-03", "2024-05-03")),
        ("3 de mayo de 2024", ("2024-05-03", "2024-05-03")),
        ("3 мая 2024", ("2024-05-03", "2024-05-03")),
        ("٣ مايو ٢٠٢٤", ("2024-05-03", "2024-05-03")),
        ("Fri, 3 May 2024 10:00", ("2024-05-03", "2024-05-03")),
        ("13/5/24", ("2024-05-13", "2024-05-13")),
        ("2024-05", ("2024-05-01", "2024-05-31")),
        ("3 May 2024 - 5 May 2024", ("2024-05-03", "2024-05-05")),
        ("20240503104500", ("2024-05-03", "2024-05-03")),
        ("3 May 2024", ("2024-05-03", "2024-05-03")),
        ("May 2024", ("2024-05-01", "2024-05-31")),
        ("2024", ("2024-01-01", "2024-12-31")),
        ("03.05.2024", ("2024-05-03", "2024-05-03")),
        ("13/05/2024", ("2024-05-13", "2024-05-13")),
        ("05/05/2024", ("2024-05-05", "2024-05-05")),
        ("03/05/2024", None),
        ("soon", None),
        ("31/31/2024", None),
    ],
)
def test_days_are_read_and_never_guessed(cell: str, expected: tuple[str, str] | None) -> None:
    """ISO, English, dotted and slashed dates, months and years; what could be two days is none."""
    found = days.read(cell, "")
    assert (None if isinstance(found, str) else (found[0].isoformat(), found[1].isoformat())) == expected


def test_the_rest_of_the_column_tells_the_order_of_day_and_month(gazetteer: Gazetteer) -> None:
    """One 05/13/2024 makes 03/04/2024 the fourth of March."""
    table = pd.DataFrame({"place": ["Goma", "Goma"], "date": ["05/13/2024", "03/04/2024"]})
    found, problems = rows(table, gazetteer)
    assert [row["date_start"] for row in found] == ["2024-05-13", "2024-03-04"]
    assert problems == []


def test_an_id_given_twice_is_made_unique(gazetteer: Gazetteer) -> None:
    """Ids of the table are kept; a repetition gets one of its own."""
    found, _ = rows(pd.DataFrame({"place": ["Goma", "Goma"], "id": ["7", "7"]}), gazetteer)
    assert found[0]["incident_id"] == "7"
    assert found[1]["incident_id"] not in ("", "7")


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx", ".parquet"])
def test_tables_of_every_kind_are_read(suffix: str) -> None:
    """The same cells come out of each format."""
    table = pd.DataFrame({"place": ["Goma", "Bukavu; east"], "n": ["1", "2"]})
    path = Path("t" + suffix)
    write = {
        ".csv": lambda: table.to_csv(path, index=False),
        ".tsv": lambda: table.to_csv(path, index=False, sep="\t"),
        ".xlsx": lambda: table.to_excel(path, index=False),
        ".parquet": lambda: table.to_parquet(path),
    }
    write[suffix]()
    source = tables.opened(tables.recognise(path))
    assert source.columns == ["place", "n"]
    assert source.head().cells.to_pylist() == [{"place": "Goma", "n": "1"}, {"place": "Bukavu; east", "n": "2"}]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("gone.csv", None, "gone.csv: not found"),
        ("t.csv", b"", "is empty"),
        ("t.csv", b"place\n", "holds no row"),
        ("t.csv", b"\x00\x01", "binary"),
        ("t.csv", b"%PDF-1.7", "binary"),
        ("t.xlsx", b"PK\x03\x04", "is no workbook"),
        ("t.parquet", b"PAR1", "is no .parquet"),
    ],
)
def test_what_is_no_table_is_told_on_one_line(name: str, data: bytes | None, told: str) -> None:
    """Missing, empty, binary and damaged files."""
    if data is not None:
        Path(name).write_bytes(data)
    with pytest.raises(InputError, match=told) as caught:
        tables.Table(name, gazetteer=_none)
    assert "\n" not in str(caught.value)


def _none() -> Gazetteer:
    pytest.fail("nothing has to be placed")


CELLS = (
    st.text(max_size=20)
    | st.integers().map(str)
    | st.floats().map(str)
    | st.dates().map(str)
    | st.sampled_from(["", "Goma", "2024-05-03", "CD", "12-15", "1,5", "'=1+1", "34°27'N", "NA"])
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.fixed_dictionaries(
            {"place": CELLS, "date": CELLS, "country": CELLS, "killed": CELLS, "lat": CELLS, "lon": CELLS}
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_cells_give_a_valid_table_of_as_many_rows(gazetteer: Gazetteer, cells: list[dict[str, Any]]) -> None:
    """Whatever the cells hold, each row that is not blank becomes an incident, and the table is valid."""
    frame = pd.DataFrame(cells, dtype=object).map(
        lambda cell: cell.replace("\x00", "").encode("utf-8", "ignore").decode()
    )
    frame.to_parquet("any.parquet")
    incidents = tables.Table("any.parquet", gazetteer=lambda: gazetteer).read()
    schema.validate(incidents)
    assert len(incidents) == int((frame != "").any(axis=1).sum())
