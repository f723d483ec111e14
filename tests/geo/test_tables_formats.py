"""The shapes of tables that people have: each is known by what it holds, and read by its own rules."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from geo import schema, tables

sys.path.insert(0, str(Path(__file__).parent))
from table_shapes import DAYS, PLACES, SHAPES, acled, acled_old, acled_rows, atlos, gdelt, kml, text, ucdp

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

FORMATS = {
    "acled": "acled", "acled_old": "acled", "ucdp": "ucdp", "ucdp_gpkg": "ucdp", "ucdp_shapefile": "ucdp",
    "gdelt": "gdelt", "gdelt_zip": "gdelt", "atlos": "atlos",
}  # fmt: skip


def read(path: Path, gazetteer: Gazetteer) -> tuple[list[dict[str, Any]], tables.Table]:
    """The incidents of a table as plain rows, and the table; the incident table is a valid one."""
    table = tables.Table(path, gazetteer=lambda: gazetteer)
    incidents = table.read()
    schema.validate(incidents)
    return list(schema.records(incidents)), table


@pytest.mark.filterwarnings("ignore:.*non conformant file extension:RuntimeWarning")
@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_is_read_whole(name: str, tmp_path: Path, gazetteer: Gazetteer) -> None:
    """Five incidents, on their days, near their places; nothing is a problem, whatever the file is called."""
    path = SHAPES[name](tmp_path)
    if path.suffix != ".shp":
        path = Path(shutil.move(path, tmp_path / "thing.dat"))
    found, table = read(path, gazetteer)
    assert table.problems.kept == []
    assert table.mapping.format == FORMATS.get(name, "")
    assert len(found) == 5
    first = min(found, key=lambda row: abs((row["lat"] or 90) + 1.67))
    assert first["date_start"] == "2024-05-13"
    assert abs(first["lat"] - PLACES[0][4]) < 0.1
    assert abs(first["lon"] - PLACES[0][5]) < 0.1


def test_acled_keeps_to_its_codebook(tmp_path: Path, gazetteer: Gazetteer) -> None:
    """0 deaths are unknown; codes become precisions; a province is its outline; both sides are actors but civilians."""
    found, table = read(acled(tmp_path), gazetteer)
    assert [row["fatalities_min"] for row in found] == [None, 3, None, 1, 12]
    assert [row["geo_precision"] for row in found] == ["settlement", "near", "admin1", "settlement", "settlement"]
    assert [row["radius_m"] for row in found[:2]] == [3000, 25000]
    assert found[2]["geometry"].geom_type in ("Polygon", "MultiPolygon")
    assert found[2]["place_id"].startswith("admin1:SY")
    assert (found[2]["date_start"], found[2]["date_end"], found[2]["date_precision"]) == (
        "2024-06-25",
        "2024-07-01",
        "week",
    )
    assert (found[3]["date_start"], found[3]["date_end"]) == ("2023-12-01", "2023-12-31")
    assert found[0]["actors"] == ["The Militia", "The League", "The Youth", "The Rebels"]
    assert (found[4]["actors"], found[4]["targets"]) == (["The Militia"], ["Civilians (Here)"])
    assert found[0]["country"] == ["CD"]
    assert [one["publisher"] for one in found[1]["sources"]] == ["Radio One", "The Paper"]
    assert found[4]["sources"][0]["evidence"] == "=SUM(1) is how this note begins."
    assert found[0]["original"]["fatalities"] == "0"
    assert found[1]["original"]["geo_precision"] == "2"
    assert "notes" not in found[0]["original"]
    assert table.problems.count == 0


def test_acled_of_some_years_ago_is_read_alike(tmp_path: Path, gazetteer: Gazetteer) -> None:
    """Names in capitals and actors' kinds as numbers give the same sides, counts and places."""
    new, _ = read(acled(tmp_path), gazetteer)
    old, _ = read(acled_old(tmp_path), gazetteer)
    for name in ("actors", "targets", "fatalities_min", "geo_precision", "event_type", "date_start"):
        assert [row[name] for row in new] == [row[name] for row in old]
    assert old[4]["original"]["INTER2"] == "7"


@pytest.mark.parametrize(
    ("event", "sub", "expected"),
    [
        ("Battle-No change of territory", "", ("Battles", "Armed clash")),
        ("Remote violence", "", ("Explosions/Remote violence", "")),
        ("Strategic development", "", ("Strategic developments", "")),
        ("Riots/Protests", "", ("Riots/Protests", "")),
        ("VIOLENCE AGAINST CIVILIANS", "attack", ("Violence against civilians", "Attack")),
    ],
)
def test_old_names_of_types_are_acleds_of_today(
    event: str, sub: str, expected: tuple[str, str], tmp_path: Path, gazetteer: Gazetteer
) -> None:
    """A name of before 2019 becomes today's; one that could be two stays."""
    path = tmp_path / "a.csv"
    path.write_text(text([{**acled_rows()[0], "event_type": event, "sub_event_type": sub}]), encoding="utf-8")
    (row,), _ = read(path, gazetteer)
    assert (row["event_type"], row["sub_event_type"]) == expected


def test_ucdp_gives_intervals_and_says_no_more_than_it_knows(tmp_path: Path, gazetteer: Gazetteer) -> None:
    """Low and high are the interval, a real 0 stays; seven precisions; one-sided violence has a target."""
    found, _ = read(ucdp(tmp_path), gazetteer)
    assert [(row["fatalities_min"], row["fatalities_max"]) for row in found] == [
        (2, 2),
        (3, 9),
        (0, 4),
        (1, 1),
        (10, 20),
    ]
    assert [row["geo_precision"] for row in found] == ["settlement", "near", "admin1", "country", "sea"]
    assert found[3]["geometry"].geom_type == "Point"
    assert found[3]["radius_m"] > 300_000
    assert [row["date_precision"] for row in found] == ["day", "days", "month", "day", "year"]
    assert (found[4]["date_start"], found[4]["date_end"]) == ("2024-01-01", "2024-12-31")
    assert [row["event_type"] for row in found[:3]] == ["Battles", "Battles", "Violence against civilians"]
    assert {row["sub_event_type"] for row in found} == {""}
    assert (found[2]["actors"], found[2]["targets"]) == (["Government of Here"], ["Civilians"])
    assert found[1]["actors"] == ["Government of Here", "Rebels"]
    assert found[0]["country"] == ["CD"]
    assert found[0]["original"]["best"] == "2"
    assert found[0]["original"]["number_of_sources"] == "-1"
    assert found[0]["sources"][0]["published"] == "2024-05-13"


def test_gdelt_centroids_are_no_towns(tmp_path: Path, gazetteer: Gazetteer) -> None:
    """A country's centroid has a country's precision, a province's its outline; FIPS codes are countries."""
    found, _ = read(gdelt(tmp_path), gazetteer)
    assert [row["geo_precision"] for row in found] == ["settlement", "country", "admin1", "settlement", ""]
    assert found[1]["radius_m"] > 200_000
    assert "Polygon" in found[2]["geometry"].geom_type
    assert [row["country"] for row in found] == [["CD"], ["IQ"], ["SY"], ["MX"], []]
    assert found[4]["geometry"] is None
    assert [row["sub_event_type"] for row in found] == [
        "", "Armed clash", "Shelling/artillery/missile attack", "Peaceful protest", "Attack",
    ]  # fmt: skip
    assert found[0]["event_type"] == "Explosions/Remote violence"
    assert (found[0]["actors"], found[0]["targets"]) == (["REBELS"], ["VILLAGERS"])
    assert found[0]["sources"][0]["url"] == "https://example.org/0"
    assert found[0]["original"]["EventCode"] == "183"
    assert found[0]["fatalities_min"] is None


def test_atlos_statuses_radii_and_links(tmp_path: Path, gazetteer: Gazetteer) -> None:
    """What a moderator completed is verified; Exact is ten metres; each source a link; a quote before a minus none."""
    found, _ = read(atlos(tmp_path), gazetteer)
    assert [row["status"] for row in found] == ["verified", "rejected", "machine", "reviewed", "machine"]
    assert [row["radius_m"] for row in found] == [10, 100, 1000, None, 10]
    assert [one["url"] for one in found[0]["sources"]] == ["https://example.org/0", "https://example.org/x"]
    assert found[0]["lat"] == PLACES[0][4]
    assert found[4]["sources"][0]["evidence"] == "=SUM(1) is how this note begins."


@pytest.mark.parametrize(
    ("name", "role", "ours", "code"),
    [
        ("acled", "geo_precision", "settlement", "1"),
        ("acled", "geo_precision", "country", "3"),
        ("ucdp", "geo_precision", "admin2", "3"),
        ("ucdp", "date_precision", "days", "2"),
        ("gdelt", "geo_precision", "country", "1"),
        ("acled", "date_precision", "year", ""),
    ],
)
def test_precisions_go_back_into_the_codes_of_others(name: str, role: str, ours: str, code: str) -> None:
    """Ours in theirs, as the crosswalk states it; "" where they have none."""
    assert tables.code_of(name, role, ours) == code


def test_a_marked_place_has_its_day_and_its_name(tmp_path: Path, gazetteer: Gazetteer) -> None:
    """A KML placemark's time is its day; its name is kept."""
    found, _ = read(kml(tmp_path), gazetteer)
    assert [row["date_start"] for row in found] == list(DAYS)
    assert found[0]["original"]["Name"] == "Grenade"
