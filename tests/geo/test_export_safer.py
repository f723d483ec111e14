"""Harm reduction and report packs."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import Point

from geo import export, schema
from geo.errors import InputError, OutputError

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from gazetteer.store import Gazetteer

TOWN = {
    "incident_id": "t",
    "event_type": "Battles",
    "place": "Zummar",
    "place_id": "gn:1",
    "place_text": "the village of Zummar",
    "kind": "settlement",
    "country": ["IQ"],
    "geometry": Point(42.613577, 36.654321),
    "geo_precision": "settlement",
    "radius_m": 2000.0,
    "sources": [
        {"report": "zummar.txt", "publisher": "Daily", "evidence": "Two died in Zummar.", "url": "http://a/zummar"}
    ],
    "doc_ids": ["zummar.txt"],
    "alternatives": [{"name": "Zummar", "lat": 36.65, "lon": 42.61}],
    "reasons": {"place.name": "Zummar"},
    "original": {"location": "Zummar"},
    "status": "verified",
}
COUNTRY = {
    "incident_id": "c",
    "place": "Iraq",
    "place_id": "country:IQ",
    "country": ["IQ"],
    "geometry": Point(44, 33),
    "geo_precision": "country",
    "status": "machine",
}
NOWHERE = {"incident_id": "n", "place": "Zummar", "place_text": "Zummar", "status": "rejected"}


def table() -> gpd.GeoDataFrame:
    """An incident in a village, one in a country, one without a point."""
    return schema.from_records([TOWN, COUNTRY, NOWHERE])


@pytest.mark.parametrize("to", ["admin1", "10km"])
def test_no_column_of_a_coarsened_incident_tells_the_village(to: str, gazetteer: Gazetteer) -> None:
    """Neither its name nor its point is anywhere in what is written; publisher and counts stay."""
    coarse = export.coarsen(table(), to, gazetteer=gazetteer)
    schema.validate(coarse)
    told = json.dumps([{**row, "geometry": str(row["geometry"])} for row in schema.records(coarse)]).lower()
    assert "zummar" not in told
    assert "36.654" not in told
    assert "42.6135" not in told
    assert "Daily" in json.dumps(coarse["sources"].iloc[0])
    assert coarse["incident_id"].tolist() == ["t", "c", "n"]


def test_admin1_gives_the_area_that_holds_the_point(gazetteer: Gazetteer) -> None:
    """The village becomes its province, drawn as an area; a country stays one; nowhere stays nowhere."""
    town, country, nowhere = schema.records(export.coarsen(table(), "admin1", gazetteer=gazetteer))
    assert (town["geo_precision"], town["kind"]) == ("admin1", "admin1")
    assert town["geometry"].contains(Point(42.613577, 36.654321))
    assert country["geometry"] == Point(44, 33)
    assert nowhere["geometry"] is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lat=st.floats(-89.9, 89.9), lon=st.floats(-180, 180), km=st.integers(1, 200))
def test_a_cell_holds_its_point(lat: float, lon: float, km: int, gazetteer: Gazetteer) -> None:
    """The exact point lies within the radius of the cell's middle, all over the world."""
    rows = schema.from_records([{**TOWN, "geometry": Point(lon, lat), "radius_m": None}])
    (coarse,) = schema.records(export.coarsen(rows, f"{km}km", gazetteer=gazetteer))
    metres = Geod(ellps="WGS84").inv(lon, lat, coarse["lon"], coarse["lat"])[2]
    assert metres <= coarse["radius_m"] * 1.02
    assert coarse["geo_precision"] == "near"


def test_points_of_a_cell_cannot_be_told_apart(gazetteer: Gazetteer) -> None:
    """Two villages of one cell come out at one point."""
    rows = schema.from_records(
        [{**TOWN, "incident_id": str(step), "geometry": Point(42.61 + step / 1e3, 36.65)} for step in (0, 1)]
    )
    first, second = schema.records(export.coarsen(rows, "10km", gazetteer=gazetteer))
    assert first["geometry"] == second["geometry"]


@pytest.mark.parametrize("to", ["town", "0km", "km", "-5km", "10 miles", ""])
def test_what_is_no_coarseness_is_told(to: str, gazetteer: Gazetteer) -> None:
    """Nothing passes as a grid that is none."""
    with pytest.raises(OutputError, match="neither admin1 nor a grid"):
        export.coarsen(table(), to, gazetteer=gazetteer)


def test_status_gates() -> None:
    """Rejected incidents do not leave unless they are asked for; an unknown status is told."""
    assert export.with_status(table(), None)["incident_id"].tolist() == ["t", "c"]
    assert export.with_status(table(), ["verified", "reviewed"])["incident_id"].tolist() == ["t"]
    assert export.with_status(table(), ["rejected"])["incident_id"].tolist() == ["n"]
    with pytest.raises(OutputError, match="'sure': unknown"):
        export.with_status(table(), ["sure"])


def test_columns_that_no_file_can_do_without_stay() -> None:
    """An id stays; an unknown column is told; the order is kept and nothing comes twice."""
    assert export.droppable(["targets", "actors", "targets"]) == ("targets", "actors")
    for name in ("incident_id", "geometry", "colour"):
        with pytest.raises(OutputError, match=name):
            export.droppable([name])


def test_a_pack_holds_all_that_a_reader_needs(tmp_path: Path, gazetteer: Gazetteer) -> None:
    """Map, two formats, sources, dictionary, note on method and checksums that are right; no cell is a formula."""
    hostile = {
        **TOWN,
        "sources": [{"report": "=cmd()", "evidence": "<script>alert(1)</script>", "publisher": "=x\nMade"}],
    }
    file = tmp_path / "a.zip"
    export.write_chunks(
        [schema.from_records([hostile, COUNTRY, NOWHERE])],
        file,
        gazetteer=gazetteer,
        notes=["1 incident was left out."],
    )
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert set(members) == {
        *("map.html", "incidents.geojson", "incidents.csv", "sources.csv", "data-dictionary.csv", "METHOD.txt"),
        "SHA256SUMS",
    }
    sums = dict(reversed(line.split("  ")) for line in members.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    note = members["METHOD.txt"].decode()
    assert re.search(r"^  settlement: 1$", note, re.MULTILINE)
    assert re.search(r"^  without a place: 1$", note, re.MULTILINE)
    assert re.search(r"^  =x Made: 1$", note, re.MULTILINE)
    assert "GeoNames" in note
    assert "1 incident was left out." in note
    for name in ("incidents.csv", "sources.csv", "data-dictionary.csv"):
        rows = list(csv.reader(io.StringIO(members[name].decode())))
        assert len(rows) > 1, name
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row), name
    assert b"<script>alert" not in members["map.html"]


@pytest.mark.parametrize(("data", "told"), [(b"PK\x05\x06" + b"\0" * 18, "no report pack"), (b"no zip", "is no zip")])
def test_a_zip_that_is_no_pack_is_told(data: bytes, told: str, tmp_path: Path) -> None:
    """One line names the file and what is wrong."""
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(InputError, match=told):
        export.read_incidents(tmp_path / "a.zip")
