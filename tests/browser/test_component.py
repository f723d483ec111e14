"""The map within a Streamlit page: data sent once, the view told to the script and taken from it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

SCRIPT = """
import folium
import streamlit as st
from geo import schema, webmap
from geo.component import incident_map
from shapely import Point

rows = [
    {"incident_id": f"i{n}", "geometry": Point(44 + n % 3, 33), "geo_precision": "settlement", "place": f"Town {n % 3}",
     "date_start": f"2021-06-{1 + n % 28:02}", "date_end": f"2021-06-{1 + n % 28:02}", "event_type": "Protests",
     "sources": [{"report": "a.txt", "evidence": f"Sentence {n}."}]}
    for n in range(int(st.query_params.get("n", 28)))
]
start = st.radio("from", ["2021-06-01", "2021-06-15"])
if st.checkbox("map", value=True):
    drawn = webmap.draw(schema.from_records(rows), title="Dashboard")
    square = {"type": "Polygon", "coordinates": [[[43, 32], [45, 32], [45, 34], [43, 34], [43, 32]]]}
    folium.GeoJson(square, name="My zone", style_function=lambda _: {"color": "#ff0000"}).add_to(drawn)
    now = {"start": start, "end": "2021-06-28"}
    pick = "pick" in st.query_params
    view = incident_map(drawn.payload, key="map", height=700, frame=webmap.frame(drawn), view=now, pick=pick)
    st.text(f"shown {view.get('shown')} selected {view.get('selected')} picked {view.get('picked')}")
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Streamlit server on a free port of this machine."""
    script = tmp_path_factory.mktemp("app") / "app.py"
    script.write_text(SCRIPT, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.headless=true", "--browser.gatherUsageStats=false", "--server.address=127.0.0.1"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603
        try:
            await_health(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def await_health(url: str) -> None:
    """Wait until the server answers."""
    for _ in range(120):
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310  # our own server
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise AssertionError("Streamlit did not start")


def rested(page: Page) -> None:
    """Wait until no run of the script is under way."""
    page.wait_for_timeout(700)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


def shown(page: Page) -> str | None:
    """How many incidents the window holds."""
    return page.locator("[data-shown]").get_attribute("data-shown")


def test_view_of_the_script_is_shown_and_the_users_is_told(open_page: Callable[..., Page], address: str) -> None:
    """A widget of the script moves the window; a choice on the map reaches the script."""
    page = open_page(address, height=1100)
    assert shown(page) == "28"
    page.get_by_text("2021-06-15", exact=True).first.click()
    page.wait_for_selector('[data-shown="14"]')
    page.get_by_role("row").nth(1).get_by_role("button").click()
    page.get_by_text("shown 14 selected i27 picked None").wait_for()


def test_data_are_sent_once(open_page: Callable[..., Page], address: str) -> None:
    """The first run sends them; a change of a widget sends less than 5 kB."""
    page = open_page(f"{address}?n=2000")
    received: list[int] = []
    page.on("websocket", lambda ws: ws.on("framereceived", lambda frame: received.append(len(frame))))
    page.reload()
    page.wait_for_selector('[data-ready="true"]')
    rested(page)
    assert max(received) > 20_000
    received.clear()
    page.get_by_text("2021-06-15", exact=True).first.click()
    page.wait_for_selector('[data-shown]:not([data-shown="2000"])')
    rested(page)
    assert sum(received) < 5_000


def test_map_taken_away_comes_back(open_page: Callable[..., Page], address: str) -> None:
    """Hidden and shown again, the map asks for its data again."""
    page = open_page(address)
    page.get_by_text("map", exact=True).click()
    page.wait_for_selector("[data-shown]", state="detached")
    page.get_by_text("map", exact=True).click()
    page.wait_for_selector('[data-ready="true"][data-shown="28"]')


def test_overlay_of_the_folium_map_is_drawn(open_page: Callable[..., Page], address: str) -> None:
    """What a user adds to the folium map shows in the dashboard as in the file."""
    page = open_page(address)
    assert page.locator('path[stroke="#ff0000"]').count() == 1
    assert page.get_by_label("My zone").is_checked()


def test_theme_of_streamlit_is_taken(open_page: Callable[..., Page], address: str) -> None:
    """Where Streamlit is dark, so is the map."""
    page = open_page(address, color_scheme="dark")
    assert page.locator(".im").get_attribute("data-theme") == "dark"


CROSS = """(root) => {
  const { context, _container: canvas } = root.incidentMap.pointer.cross;
  return context.getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
}"""


def test_click_picks_a_place(open_page: Callable[..., Page], address: str) -> None:
    """Asked to pick, the map tells where a click was and draws a cross there; Enter picks the centre."""
    page = open_page(f"{address}?pick=1", height=1100)
    page.locator(".im-map").click(position={"x": 60, "y": 60})
    page.get_by_text("picked [").wait_for()
    first = page.get_by_text("picked [").inner_text()
    lat, lon = json.loads(first.partition("picked ")[2])
    assert -90 < lat < 90
    assert -180 <= lon < 180
    assert page.locator(".im-host").evaluate(CROSS)
    assert page.locator(".leaflet-popup").count() == 0
    page.locator(".im-map").focus()
    page.keyboard.press("Enter")
    page.get_by_text("picked [").filter(has_not_text=first).wait_for()
