"""The dashboard's script, without a browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from gazetteer.errors import GazetteerError
from geo import export, schema
from geo.commands import intake
from geo.dashboard import view as view_parts
from geo.dashboard.server import headers, middleware
from geo.webmap import Backdrop

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

pytestmark = [
    pytest.mark.usefixtures("gazetteer"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of Streamlit's own parts
]
APP = Path(__file__).parents[1] / "app.py"
HOSTILE = "{{ 7*7 }}<img src=x onerror=alert(1)>![x](http://example.org/x.png)"
ROWS: list[dict[str, Any]] = [
    {
        "incident_id": "a1",
        "event_type": "Riots",
        "place": HOSTILE,
        "date_start": "2024-05-03",
        "date_end": "2024-05-03",
        "lat": 1.0,
        "lon": 2.0,
        "sources": [{"report": "one.txt", "evidence": HOSTILE}],
    },
    {"incident_id": "a2", "event_type": "Battles", "place": "nowhere"},
]
STORY = "A car bomb killed three people in Kaduna on Thursday, the mayor said."


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("INCIDENTS", "PLACES"):
        monkeypatch.delenv(f"INCIDENT_MAPPER_{name}", raising=False)


def page(**query: str) -> AppTest:
    """A new session's page."""
    test = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in query.items():
        test.query_params[name] = value
    return test.run()


@pytest.fixture
def incidents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of two incidents that the page begins with."""
    path = tmp_path / "a.geojson"
    export.write(schema.from_records(ROWS), path)
    monkeypatch.setenv("INCIDENT_MAPPER_INCIDENTS", str(path))
    return path


def test_an_empty_page_says_what_to_do() -> None:
    """Without files there is a hint, and no map."""
    test = page()
    assert not test.exception
    assert "Drop files" in test.main.markdown[0].value
    assert not test.get("bidi_component")


@pytest.mark.usefixtures("incidents")
def test_the_file_named_at_the_start_is_on_the_map() -> None:
    """`incident-mapper app FILE` opens with its incidents."""
    test = page()
    assert not test.exception
    assert len(test.session_state["taken"].incidents) == 2
    assert test.get("bidi_component")


def test_uploads_are_read() -> None:
    """A report and a broken file: the report's incident is there, the other is told in the notes."""
    test = page()
    test.file_uploader[0].set_value(
        [("story.txt", f"date 2024-05-03\n{STORY}".encode(), "text/plain"), ("b.geojson", b"{", "application/json")]
    ).run()
    assert not test.exception
    taken = test.session_state["taken"]
    assert taken.incidents["country"].tolist() == [["NG"]]
    assert "b.geojson: is no JSON." in taken.notes
    assert "b.geojson: is no JSON." in [text.value for text in test.sidebar.text]


def test_a_pasted_report_is_read() -> None:
    """Text in the box becomes an incident; its day comes from the field beside it."""
    test = page()
    test.text_area(key="pasted").set_value(STORY).run()
    assert not test.exception
    assert test.session_state["taken"].incidents["date_start"].isna().all()


def test_a_missing_gazetteer_is_told_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the gazetteer cannot be built the page says why, and still stands."""

    def broken() -> None:
        raise GazetteerError("places.db: cannot be written (No space left)")

    monkeypatch.setattr("gazetteer.build.ensure_default", broken)
    st.cache_resource.clear()
    test = page()
    test.text_area(key="pasted").set_value(STORY).run()
    assert not test.exception
    assert "places.db: cannot be written (No space left)" in [text.value for text in test.main.text]


@pytest.mark.usefixtures("incidents")
def test_the_table_tells_the_evidence_as_plain_text() -> None:
    """The table holds what the map shows; hostile text is in no markdown."""
    test = page()
    test.segmented_control[0].set_value("Table").run()
    assert not test.exception
    assert test.dataframe[0].value["where"].tolist() == [HOSTILE, "nowhere"]
    assert not any("7*7" in element.value for element in test.markdown)


@pytest.mark.usefixtures("incidents")
def test_the_summary_counts_every_incident() -> None:
    """Over time, by type, country and precision; the unknown are counted, and what is drawn is said in words."""
    test = page()
    test.segmented_control[0].set_value("Summary").run()
    assert not test.exception
    charts = test.get("vega_lite_chart")
    told = [chart.proto.alt for chart in charts]
    assert told == [
        "1 incident by day from 2024-05-03 to 2024-05-03",
        "Riots: 1, Battles: 1",
        "unknown: 2",
        "no place: 2",
    ]


BROKEN = {
    "start": "x",
    "end": 5,
    "certain": "yes",
    "filters": {"event_type": 5},
    "text": ["a"],
    "confidence": "1",
    "fatalities": True,
    "area": [1, 2, 0],
    "center": ["x", 1],
    "zoom": 1e300,
    "selected": None,
    "theme": "<b>",
    "evil": 1,
}


@pytest.mark.usefixtures("incidents")
@pytest.mark.parametrize("view", ["{", "[1]", "null", '"x"', "{}" * 9999, json.dumps(BROKEN)])
def test_any_address_opens_the_page(view: str) -> None:
    """A view in the address that is none is left aside, part by part, and the table stands."""
    test = page(view=view)
    test.segmented_control[0].set_value("Table").run()
    assert not test.exception
    assert test.session_state["view"] == {}
    assert len(test.dataframe[0].value) == 2


def test_an_address_bears_what_differs_from_the_whole() -> None:
    """What is so anyway is not told; a view that is too long for an address has none."""
    told = {**view_parts.EVERYTHING, "filters": {"country": []}, "theme": "auto", "shown": 3, "zoom": 4}
    assert view_parts.address(told) == '{"zoom":4}'
    assert view_parts.of_address(view_parts.address({**told, "text": "ح"})) == {"zoom": 4, "text": "ح"}
    assert view_parts.address({"text": "x" * 10_000}) == ""


OWN = """
import folium
from geo import dashboard

def dress(drawn):
    folium.TileLayer("https://tiles.example/{z}/{x}/{y}.png", attr="Example").add_to(drawn)
    if FAULTY:
        folium.Marker([1, 2], popup="<b>x</b>").add_to(drawn)

dashboard.page(dress=dress)
"""


@pytest.mark.usefixtures("incidents")
def test_a_page_of_ones_own_has_its_own_backdrop() -> None:
    """What `dress` adds is in the frame; what no map can show is an error in its place, and the page stands."""
    test = AppTest.from_string(OWN.replace("FAULTY", "False"), default_timeout=60).run()
    assert not test.exception
    assert [tile["url"] for tile in test.session_state["frame"]["tiles"]] == ["https://tiles.example/{z}/{x}/{y}.png"]
    faulty = AppTest.from_string(OWN.replace("FAULTY", "True"), default_timeout=60).run()
    assert not faulty.exception
    assert any("Popup of a Marker: cannot be drawn" in text.value for text in faulty.main.text)


def test_the_policy_allows_the_hosts_of_the_tiles_alone() -> None:
    """A backdrop's pictures and PMTiles files may be fetched from just their hosts."""
    backdrop = Backdrop(tiles=("https://a.example/{z}/{x}/{y}.png", "https://b.example/w.pmtiles"))
    (made,) = middleware(backdrop.add_to)
    policy = made.kwargs["headers"]["content-security-policy"]
    assert "img-src 'self' data: blob: https://a.example;" in policy
    assert "connect-src 'self' ws://127.0.0.1:* ws://localhost:* https://b.example;" in policy
    assert "*.example" not in policy


@pytest.mark.usefixtures("incidents")
def test_a_view_in_the_address_filters_table_and_downloads() -> None:
    """A window that ends before the riot shows neither it nor, having no date, the battle."""
    test = page(view='{"start": "2020-01-01", "end": "2021-01-01"}')
    test.segmented_control[0].set_value("Table").run()
    assert test.dataframe[0].value.empty


def test_no_bare_string_would_be_printed() -> None:
    """Streamlit prints a string that stands alone in the script: there is none but docstrings."""
    import ast  # noqa: PLC0415

    body = ast.parse(APP.read_text(encoding="utf-8")).body[1:]
    assert not [node.lineno for node in body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]


def test_the_policy_allows_only_this_server() -> None:
    """No host but this machine stands in the headers, and no inline script but Streamlit's own."""
    told = headers()["content-security-policy"]
    policy = dict(part.strip().split(" ", 1) for part in told.split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["connect-src"] == "'self' ws://127.0.0.1:* ws://localhost:*"
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "http" not in told


# --- what the files are -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.txt", "x", "reports"),
        ("a.html", "x", "reports"),
        ("a.geojson", "{}", "incidents"),
        ("a.places.geojson", "{}", "places"),
        ("a.jsonl", '{"doc_id": "x", "text": "y"}', "reports"),
        ("a.jsonl", '{"incident_id": "x", "event_type": "y", "date_start": null}', "incidents"),
        ("a.csv", "incident_id,date_start\n", "incidents"),
        ("a.csv", "id,text,place\n", "reports"),
        ("a.csv", "town,date\n", "table"),
        ("a.jsonl", "{", "reports"),
    ],
)
def test_files_are_told_apart_by_what_they_hold(name: str, text: str, kind: str) -> None:
    """Reports, incidents, places mentioned and tables with place names."""
    Path(name).write_text(text, encoding="utf-8")
    assert intake.kind_of(Path(name)) == kind


def test_files_of_all_kinds_make_one_table(gazetteer: Gazetteer) -> None:
    """A report, a table, incidents and places together; an incident that comes twice is kept once, and that is said."""
    Path("r.txt").write_text(f"date 2024-05-03\n{STORY}", encoding="utf-8")
    Path("t.csv").write_text("town,date\nBukavu,2024-05-04\nXqzvtw,2024-05-04\n", encoding="utf-8")
    export.write(schema.from_records(ROWS), "i.geojson")
    export.write(schema.from_records(ROWS[:1]), "j.csv")
    taken = intake.take([Path(name) for name in ("r.txt", "t.csv", "i.geojson", "j.csv")], gazetteer=lambda: gazetteer)
    schema.validate(taken.incidents)
    assert len(taken.incidents) == 5
    assert taken.places is not None
    assert "place  town  by its name" in taken.notes
    assert any("row 2: town 'Xqzvtw' is not in the gazetteer" in note for note in taken.notes)
    assert any(note.startswith("1 incidents were there twice") for note in taken.notes)


def test_uploads_get_safe_and_distinct_names(tmp_path: Path) -> None:
    """No path out of the folder, no hidden file, equal names apart."""
    names = ["../../etc/passwd", "a.txt", "a.txt", ".bashrc", "x" * 300 + ".txt", "b\x00\n.csv", ""]
    paths = intake.uploaded(tmp_path, [(name, b"x") for name in names])
    assert len(set(paths)) == len(names)
    assert all(path.parent == tmp_path and path.is_file() and not path.name.startswith(".") for path in paths)
