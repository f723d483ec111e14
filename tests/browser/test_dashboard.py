"""Journeys through the dashboard, served as users serve it."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from geo import export

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import geopandas as gpd
    from playwright.sync_api import Page

pytestmark = pytest.mark.usefixtures("gazetteer")
ROOT = Path(__file__).parents[2]
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
HOSTILE = "{{ 7*7 }}<img src=x onerror=alert(1)> {% {# ${ </script>"
STORIES = {
    "first.txt": "date 2024-05-03\nA car bomb killed three people in Kaduna on Thursday, the mayor said.",
    "second.txt": "date 2024-05-06\nShells fell on Kharkiv on Sunday and wounded two people.",
}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(*arguments: str) -> Iterator[str]:
    """The dashboard's address, while it runs."""
    line = [sys.executable, "-m", "geo", "app", "--port", str(free_port()), *arguments]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as process:  # noqa: S603
        try:
            assert process.stdout is not None
            told = process.stdout.readline()
            match = re.search(r"http://127\.0\.0\.1:\d+", told)
            assert match, told
            yield match.group()
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module")
def empty() -> Iterator[str]:
    """A dashboard that was given no file."""
    with served() as url:
        yield url


@pytest.fixture(scope="module")
def ten(incidents: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard with ten incidents, one of them hostile."""
    path = tmp_path_factory.mktemp("ten") / "incidents.geojson"
    export.write(incidents, path)
    with served(str(path)) as url:
        yield url


def asked(url: str, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    """The head of the answer to a request."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse()
    finally:
        connection.close()


def shown(page: Page) -> int:
    """How many incidents the window holds."""
    return int(page.locator("[data-shown]").get_attribute("data-shown") or "-1")


def download(page: Page, label: str, folder: Path) -> Path:
    """Press a download button and keep what comes."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label).click()
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target


def choose(page: Page, name: str) -> None:
    """Go to the map, the table or the summary."""
    page.get_by_test_id("stSidebar").get_by_text(name, exact=True).click()
    page.wait_for_timeout(300)
    page.wait_for_selector(IDLE)


def test_uploaded_reports_become_incidents(empty: str, open_page: Callable[..., Page], tmp_path: Path) -> None:
    """Two reports go in; their incidents are on the map and in the downloads, which read back."""
    for name, text in STORIES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    page = open_page(empty, ready=IDLE)
    page.set_input_files("input[type=file]", [tmp_path / name for name in STORIES])
    page.wait_for_selector('[data-ready="true"]', timeout=60_000)
    assert shown(page) == 2
    page.wait_for_selector(IDLE)
    for label, name in (("GeoJSON", "incidents.geojson"), ("CSV", "incidents.csv"), ("GeoPackage", "incidents.gpkg")):
        table = export.read_incidents(download(page, label, tmp_path))
        assert sorted(code for codes in table["country"] for code in codes) == ["NG", "UA"], name
    assert b"<!DOCTYPE html>" in download(page, "HTML map", tmp_path).read_bytes()


def test_a_second_upload_is_shown_whole(empty: str, open_page: Callable[..., Page], tmp_path: Path) -> None:
    """New data is in view, wherever the map was and whatever its window."""
    for name, text in STORIES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    page = open_page(empty, ready=IDLE)
    page.set_input_files("input[type=file]", tmp_path / "first.txt")
    page.wait_for_selector('[data-ready="true"]', timeout=60_000)
    page.get_by_role("button", name="24 h").click()
    page.set_input_files("input[type=file]", tmp_path / "second.txt")
    page.wait_for_selector('[data-shown="2"]', timeout=60_000)
    page.wait_for_selector("tbody tr:nth-child(2)")


def test_a_pasted_report_becomes_an_incident(empty: str, open_page: Callable[..., Page]) -> None:
    """Text goes in by hand."""
    page = open_page(empty, ready=IDLE)
    page.get_by_text("Or paste a report").click()
    page.get_by_label("Text").fill(STORIES["first.txt"])
    page.keyboard.press("Control+Enter")
    page.wait_for_selector('[data-ready="true"]', timeout=60_000)
    assert shown(page) == 1


def test_the_file_named_at_the_start_is_shown(ten: str, open_page: Callable[..., Page]) -> None:
    """`incident-mapper app FILE`: nine of ten have a date and are in the window."""
    page = open_page(ten)
    assert shown(page) == 9


def test_hostile_text_is_literal_everywhere(ten: str, open_page: Callable[..., Page], tmp_path: Path) -> None:
    """Map, table and every download show it as it was written; nothing runs, nothing is fetched."""
    page = open_page(ten)
    assert page.locator("tbody tr", has_text=HOSTILE).count() == 1
    page.wait_for_selector(IDLE)
    for label in ("GeoJSON", "CSV"):
        assert HOSTILE in export.read_incidents(download(page, label, tmp_path))["place"].tolist()
    choose(page, "Table")
    page.get_by_test_id("stDataFrame").wait_for()
    choose(page, "Summary")
    page.get_by_test_id("stVegaLiteChart").nth(3).wait_for()
    choose(page, "Map")
    page.wait_for_selector('[data-ready="true"]')
    assert shown(page) == 9


def test_a_link_restores_the_view(ten: str, open_page: Callable[..., Page]) -> None:
    """The window that was set stands in the address; the address opened anew shows the same."""
    page = open_page(ten)
    page.get_by_role("button", name="24 h").click()
    page.wait_for_url(re.compile(r"view="))
    page.wait_for_timeout(500)
    before = shown(page)
    assert before < 9
    again = open_page(page.url)
    assert shown(again) == before


def test_the_view_is_kept_while_the_table_is_looked_at(ten: str, open_page: Callable[..., Page]) -> None:
    """To the table and back: the window is the one that was set."""
    page = open_page(ten)
    page.get_by_role("button", name="24 h").click()
    page.wait_for_url(re.compile(r"view="))
    page.wait_for_timeout(500)
    before = shown(page)
    choose(page, "Table")
    page.get_by_test_id("stDataFrame").wait_for()
    choose(page, "Map")
    page.wait_for_selector('[data-ready="true"]')
    assert shown(page) == before


def test_two_sessions_do_not_see_each_other(empty: str, open_page: Callable[..., Page], tmp_path: Path) -> None:
    """What one uploads, the other does not see."""
    path = tmp_path / "first.txt"
    path.write_text(STORIES["first.txt"], encoding="utf-8")
    one, other = open_page(empty, ready=IDLE), open_page(empty, ready=IDLE)
    one.set_input_files("input[type=file]", path)
    one.wait_for_selector('[data-ready="true"]', timeout=60_000)
    other.wait_for_selector(IDLE)
    assert other.locator("[data-shown]").count() == 0


def test_every_answer_carries_the_policy(ten: str) -> None:
    """The page's headers let it reach this server alone."""
    answer = asked(ten, "/", {})
    assert "default-src 'self'" in (answer.getheader("content-security-policy") or "")
    assert answer.getheader("referrer-policy") == "no-referrer"


@pytest.mark.parametrize(("host", "status"), [("evil.example", 403), ("127.0.0.1", 101)])
def test_a_page_of_another_name_cannot_talk_to_it(ten: str, host: str, status: int) -> None:
    """A rebound DNS name in the Host header gets no session; this machine's does."""
    upgrade = {
        "Host": host,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Protocol": "streamlit",
    }
    assert asked(ten, "/_stcore/stream", upgrade).status == status


def test_a_narrow_screen_shows_the_map(ten: str, open_page: Callable[..., Page]) -> None:
    """At 390 pixels the map is there and the page does not scroll sideways."""
    page = open_page(ten, width=390, height=800)
    assert shown(page) == 9
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
