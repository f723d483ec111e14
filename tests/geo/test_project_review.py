"""The review's page, without a browser: what it shows of a project, and what its widgets decide."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geo.dashboard.review_correct import coordinates, dates
from geo.dashboard.review_facts import interval, quoted
from geo.project import Incident, Project
from geo.project.rows import telling_key

sys.path.insert(0, str(Path(__file__).parent))
from project_world import filled, record, telling  # tests are no package

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = [
    pytest.mark.usefixtures("gazetteer"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of Streamlit's own parts
]
APP = Path(__file__).parents[2] / "app.py"
HOSTILE = "{{ 7*7 }}<img src=x onerror=alert(1)>![x](http://example.org/x.png):red[x]"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of three incidents that the dashboard is opened with; "a" is the most doubtful."""
    told = [telling("one.txt", HOSTILE, fatalities=[1, 1]), telling("two.txt", fatalities=[9, 9])]
    first = record("a", confidence=0.1, place=HOSTILE, place_text="Mosul", sources=told, doc_ids=["one.txt", "two.txt"])
    made = filled(tmp_path / "war.gpkg", first, record("b", confidence=0.8), record("c", confidence=0.9))
    monkeypatch.setenv("INCIDENT_MAPPER_INCIDENTS", str(made))
    st.cache_resource.clear()
    return made


def page() -> AppTest:
    """A new session's page, and Ada before it."""
    test = AppTest.from_file(str(APP), default_timeout=120).run()
    assert not test.exception
    test.text_input(key="review_who").set_value("Ada").run()
    return test


def press(test: AppTest, label: str) -> AppTest:
    """Press the button of that label, and see that nothing broke."""
    next(button for button in test.button if button.label == label).click()
    test.run()
    assert not test.exception
    return test


def now(path: Path, name: str) -> Incident:
    """An incident as the file has it."""
    with Project.open(path) as project:
        found = project.incident(name)
        assert found is not None
        return found


def texts(test: AppTest) -> str:
    """All plain text of the page."""
    return "\n".join(element.value for element in test.text)


def left(test: AppTest) -> str:
    """What the progress bar says."""
    return str(test.get("progress")[0].proto.text)


def test_the_most_doubtful_comes_first_with_its_evidence(path: Path) -> None:
    """The page shows every telling and why to look; nothing of the data becomes markup."""
    assert path.is_file()
    test = page()
    assert f"“{HOSTILE}”" in texts(test)
    assert "two.txt" in texts(test)
    assert "its reports count differently" in texts(test)
    assert left(test) == "3 of 3 left to review"
    shown = [
        element.value for kind in ("markdown", "caption", "title", "header", "error") for element in test.get(kind)
    ]
    assert not [one for one in shown if "onerror" in str(one) or "example.org" in str(one)]


def test_a_key_decides_and_goes_on(path: Path) -> None:
    """Accept writes the decision with its note and the person's name, and shows the next incident; undo goes back."""
    test = page()
    test.text_input(key="review_note").set_value("seen on video").run()
    press(test, "Accept")
    (made,) = now(path, "a").decisions
    assert (made.kind, made.who, made.note) == ("accept", "Ada", "seen on video")
    assert test.selectbox(key="review_list").value == "b"
    assert left(test) == "2 of 3 left to review"
    press(test, "Undo")
    assert now(path, "a").record["status"] == "machine"
    assert test.selectbox(key="review_list").value == "a"


def test_nobody_decides_nothing(path: Path) -> None:
    """Without a name the judgements are disabled."""
    assert path.is_file()
    test = page()
    test.text_input(key="review_who").set_value(" ").run()
    assert next(button for button in test.button if button.label == "Accept").disabled


def test_next_passes_over_and_comes_back(path: Path) -> None:
    """What was passed over is shown again when nothing else is left."""
    assert path.is_file()
    test = page()
    seen = []
    for _ in range(4):
        seen.append(test.selectbox(key="review_list").value)
        press(test, "Next")
    assert seen == ["a", "b", "c", "a"]


def test_the_end_is_told(path: Path) -> None:
    """When all is decided the page says so, and the last decision can still be undone."""
    test = page()
    for label in ("Verify", "Dispute", "Reject"):
        press(test, label)
    assert "Nothing is left" in texts(test)
    press(test, "Undo")
    assert now(path, "c").record["status"] == "machine"


def test_a_place_by_coordinates_is_corrected_and_remembered(path: Path) -> None:
    """Latitude and longitude give a point, its country is found, and the words are remembered."""
    test = page()
    test.text_input(key="review_wanted_a").set_value("36.5, 43.5").run()
    test.text_input(key="review_called_a").set_value("The Dam").run()
    press(test, "Correct the place")
    found = now(path, "a").record
    assert (found["place"], found["lat"], found["lon"], found["country"]) == ("The Dam", 36.5, 43.5, ["IQ"])
    with Project.open(path) as project:
        assert [row["place"] for row in project.own_places("Mosul")] == ["The Dam"]


def test_a_place_by_name_is_corrected(path: Path) -> None:
    """A name gives the gazetteer's candidates; unticked, the words are not remembered."""
    test = page()
    test.text_input(key="review_wanted_a").set_value("Tal Afar").run()
    test.checkbox(key="review_keep_a").uncheck().run()
    press(test, "Correct the place")
    assert now(path, "a").record["place"] == "Tal Afar"
    with Project.open(path) as project:
        assert project.own_places("Mosul") == []


def test_days_type_and_counts_are_corrected(path: Path) -> None:
    """Each form writes its group of columns, empty fields as unknown."""
    test = page()
    test.date_input(key="review_first_a").set_value(dt.date(2024, 4, 29)).run()
    press(test, "Correct the days")
    found = now(path, "a").record
    assert (found["date_start"], found["date_end"], found["date_precision"]) == ("2024-04-29", "2024-05-01", "days")
    press(test, "Undo")
    test.number_input(key="review_fatalities_min_a").set_value(3).run()
    press(test, "Correct the counts")
    found = now(path, "a").record
    assert (found["fatalities_min"], found["fatalities_max"], found["injured_min"]) == (3, None, None)


def test_merge_and_split(path: Path) -> None:
    """Incidents near in place and time are offered to merge, tellings to split off."""
    test = page()
    test.multiselect(key="review_same_a").set_value(["b"]).run()
    press(test, "Merge them into this one")
    with Project.open(path) as project:
        assert project.incident("b") is None
    press(test, "Undo")
    key = telling_key(now(path, "a").record["sources"][1])
    test.multiselect(key="review_out_a").set_value([key]).run()
    press(test, "Split them off")
    with Project.open(path) as project:
        assert project.count() == 4


def test_two_sessions_are_told_of_each_other(path: Path) -> None:
    """Both have the incident open: the second decision counts, is marked, and its maker is told of the first."""
    ada, ben = page(), page()
    ben.text_input(key="review_who").set_value("Ben").run()
    with Project.open(path) as project:  # as another browser would
        project.decide("a", "accept", who="Ada", seen=0)
    press(ben, "Reject")
    assert any("had changed since you opened it" in one.value for one in ben.warning)
    assert "accept by Ada" in texts(ben)
    assert "reject by Ben" in now(path, "a").conflict
    assert not ada.exception


def test_what_others_decide_is_told_while_it_is_open(path: Path) -> None:
    """Somebody else judges the incident that is on the page: it says who and what, before anything is pressed."""
    test = page()
    with Project.open(path) as project:
        project.decide("a", "note", who="Ben", note="ask the mayor")
    test.run()
    assert any("has changed since you opened it" in one.value for one in test.warning)
    assert "note by Ben" in texts(test)


def test_other_pages_show_the_project_as_it_is(path: Path) -> None:
    """The map's page reads the project with what was decided."""
    assert path.is_file()
    test = page()
    press(test, "Verify")
    test.segmented_control[0].set_value("Table").run()
    assert not test.exception
    taken: Any = test.session_state["taken"]
    assert dict(zip(taken.incidents["incident_id"], taken.incidents["status"], strict=True))["a"] == "verified"


def test_a_project_that_is_gone_is_told(path: Path) -> None:
    """A file that breaks while the page is open is an error on the page, not a traceback."""
    test = page()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\x00" * (len(data) - 4096)
    path.write_bytes(bytes(data))
    press(test, "Accept")
    assert test.error


@pytest.mark.parametrize(
    ("text", "point"),
    [("36.5, 43.5", (36.5, 43.5)), ("36.5;43.5", (36.5, 43.5)), ("91, 0", None), ("nan, 1", None), ("Mosul", None)],
)
def test_coordinates(text: str, point: Sequence[float] | None) -> None:
    """Two numbers of degrees are a point; all else is a name."""
    assert coordinates(text) == point


def test_words_for_values() -> None:
    """Intervals of days and counts, and a sentence in its context."""
    one, other = dt.date(2024, 5, 1), dt.date(2024, 5, 31)
    assert dates(other, one) == {"date_start": "2024-05-01", "date_end": "2024-05-31", "date_precision": "month"}
    assert dates(one, None)["date_precision"] == "day"
    assert dates(None, None) == {"date_precision": "unknown"}
    assert [interval(*pair) for pair in ((None, None), (None, 4), (2, None), (2, 2), (2, 3))] == [
        "",
        "up to 4",
        "2 or more",
        "2",
        "2 to 3",
    ]
    assert quoted({"evidence": "It fell.", "before": "Rain", "after": ""}) == "… Rain “It fell.”"
