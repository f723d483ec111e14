"""Journeys through the dashboard, served as users serve it. Each leaves a screenshot in tests/browser/screenshots."""

from __future__ import annotations

import http.client
import http.server
import json
import os
import re
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from geo import export, schema
from geo.dashboard import view as view_parts
from geo.layers import select
from geo.webmap import Backdrop, draw, frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import geopandas as gpd
    from playwright.sync_api import Page

pytestmark = pytest.mark.usefixtures("gazetteer")
ROOT = Path(__file__).parents[2]
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
READY = '[data-ready="true"]'
HOSTILE = "{{ 7*7 }}<img src=x onerror=alert(1)> {% {# ${ </script>"
HOSTILES: list[str] = json.loads(Path(__file__).with_name("hostile.json").read_text(encoding="utf-8"))
STORIES = {
    "first.txt": "date 2024-05-03\nA car bomb killed three people in Kaduna on Thursday, the mayor said.",
    "second.txt": "date 2024-05-06\nShells fell on Kharkiv on Sunday and wounded two people.",
}
FORMATS = {"GeoJSON": ".geojson", "CSV": ".csv", "GeoPackage": ".gpkg"}
VIEWS: list[dict[str, Any]] = [
    {"start": "2021-06-01", "end": "2021-06-27"},
    {"start": "2021-06-01", "end": "2021-06-28", "certain": True},
    {"undated": True},
    {"filters": {"event_type": ["Protests"]}},
    {"filters": {"sub_event_type": ["Armed clash", "Air/drone strike"]}},
    {"filters": {"country": ["SY"]}},
    {"filters": {"geo_precision": ["settlement"]}},
    {"filters": {"publisher": ["2021-06-28.txt"], "actors": [HOSTILE]}},
    {"filters": {"status": ["machine"]}},
    {"text": "hundreds"},
    {"confidence": 0.5},
    {"fatalities": 3},
    {"area": [40, 30, 50, 36]},
    {"area": [40, 30, 50, 30, 50, 36]},
    {"heat": True, "theme": "dark", "center": [30.5, 47.5], "zoom": 6.5, "selected": "i4"},
]
"""A view for each filter that a link can bear."""
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763a8a9a901000302018132c0a0a1"
    "0000000049454e44ae426082"
)


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
            asked(match.group(), "/", {})  # the first answer takes its time
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
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=120)
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse()
    finally:
        connection.close()


def shown(page: Page) -> int:
    """How many incidents the window holds."""
    return int(page.locator("[data-shown]").get_attribute("data-shown") or "-1")


def rested(page: Page) -> None:
    """Wait until the script has run, and what the map shows stands in the address."""
    page.wait_for_timeout(300)
    for _ in range(100):
        page.wait_for_selector(IDLE)
        if not page.locator(".im-host").count():
            return
        known = view_parts.address(map_of(page, "map.view()"))
        if address_view(page) == json.loads(known):
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"{page.url} does not tell {known}")


def address_view(page: Page) -> dict[str, Any]:
    """The view that the page's address bears."""
    found = parse_qs(urlsplit(page.url).query).get("view", ["{}"])
    view: dict[str, Any] = json.loads(found[0])
    return view


def map_of(page: Page, expression: str) -> Any:
    """What an expression over the `map` in the page gives."""
    return page.locator(".im-host").evaluate(f"(root) => {{ const map = root.incidentMap; return {expression}; }}")


def download(page: Page, label: str, folder: Path) -> Path:
    """Press a download button and keep what comes."""
    with page.expect_download(timeout=120_000) as waiting:
        page.get_by_role("button", name=label, exact=True).click()
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target


def choose(page: Page, name: str) -> None:
    """Go to the map, the table or the summary."""
    page.get_by_test_id("stSidebar").get_by_text(name, exact=True).click()
    rested(page)


def write_stories(folder: Path) -> list[Path]:
    """The two reports as files."""
    for name, text in STORIES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in STORIES]


# --- files in, files out ----------------------------------------------------------------------------------------------


def test_uploaded_reports_become_incidents(empty: str, open_page: Callable[..., Page], tmp_path: Path) -> None:
    """Two reports go in; their incidents are on the map; a third comes in and all of it is in view."""
    paths = write_stories(tmp_path)
    page = open_page(empty, ready=IDLE)
    page.set_input_files("input[type=file]", paths[:1])
    page.wait_for_selector(READY, timeout=60_000)
    assert shown(page) == 1
    page.get_by_role("button", name="24 h").click()
    page.set_input_files("input[type=file]", paths[1:])
    page.wait_for_selector('[data-shown="2"]', timeout=60_000)
    page.wait_for_selector("tbody tr:nth-child(2)")


def test_a_pasted_report_becomes_an_incident(empty: str, open_page: Callable[..., Page]) -> None:
    """Text goes in by hand."""
    page = open_page(empty, ready=IDLE)
    page.get_by_test_id("stExpander").get_by_text("Or paste a report").click()
    page.get_by_label("Text").fill(STORIES["first.txt"])
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(READY, timeout=60_000)
    assert shown(page) == 1


def test_downloads_hold_what_the_map_shows(
    ten: str, open_page: Callable[..., Page], incidents: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    """Filtered to the protests, each format reads back equal to the rows of the table; page and picture open."""
    view = {"filters": {"event_type": ["Protests"]}}
    page = open_page(f"{ten}/?view={quote(json.dumps(view))}")
    rested(page)
    wanted = list(schema.records(select(incidents, {**view, "undated": True})))
    for label, suffix in FORMATS.items():
        path = download(page, label, tmp_path)
        assert path.suffix == suffix
        found = list(schema.records(export.read_incidents(path)))
        assert [one["sources"] for one in found] == [one["sources"] for one in wanted], label
        assert [plain(one) for one in found] == [plain(one) for one in wanted], label
    saved = open_page(download(page, "HTML map", tmp_path).as_uri(), offline=True)
    assert map_of_file(saved, "map.store.n") == len(wanted)
    with Image.open(download(page, "Picture", tmp_path)) as picture:
        assert (picture.format, picture.size) == ("PNG", (2400, 1600))


def plain(record: dict[str, Any]) -> dict[str, Any]:
    """What all formats keep to the letter."""
    kept = ("incident_id", "event_type", "date_start", "date_end", "place", "country", "geo_precision", "confidence")
    return {name: record[name] for name in kept}


def map_of_file(page: Page, expression: str) -> Any:
    """What an expression over the `map` of a saved page gives."""
    return page.locator("#incident-map").evaluate(f"(root) => {{ const map = root.incidentMap; return {expression}; }}")


def test_nothing_in_an_empty_file_is_said(empty: str, open_page: Callable[..., Page], tmp_path: Path) -> None:
    """A file of no incidents: map, table and summary stand and say so."""
    path = tmp_path / "none.geojson"
    export.write(schema.empty(), path)
    page = open_page(empty, ready=IDLE)
    page.set_input_files("input[type=file]", path)
    page.wait_for_selector(READY, timeout=60_000)
    assert shown(page) == 0
    choose(page, "Table")
    page.get_by_text("0 of 0 incidents").wait_for()
    choose(page, "Summary")
    page.get_by_text("0 of 0 incidents").wait_for()
    assert len(export.read_incidents(download(page, "GeoJSON", tmp_path))) == 0


# --- the map's own journeys, within the dashboard ---------------------------------------------------------------------


def test_the_window_is_brushed_preset_and_played(ten: str, open_page: Callable[..., Page]) -> None:
    """Handle, preset and playback move the window; the address follows each."""
    page = open_page(ten)
    assert shown(page) == 9
    page.get_by_role("button", name="7 days").click()
    page.wait_for_selector('[data-shown="7"]')
    page.get_by_role("button", name="All", exact=True).click()
    page.wait_for_selector('[data-shown="9"]')
    page.get_by_label("Window start").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector('[data-shown="7"]')
    rested(page)
    moved = address_view(page)
    assert moved["start"] == "2021-04-06"
    page.get_by_role("button", name="24 h").click()
    page.wait_for_selector('[data-shown]:not([data-shown="7"])')
    last = map_of(page, "map.view()")
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(900)
    page.locator(".im-play").click()
    rested(page)
    assert map_of(page, "map.view()")["start"] != last["start"]


def test_a_click_shows_the_evidence(ten: str, open_page: Callable[..., Page]) -> None:
    """A row of the list opens the incident with its sentence; its link opens it again, and the table marks it."""
    page = open_page(ten)
    page.get_by_role("row").filter(has_text="Anbar").get_by_role("button").click()
    evidence = page.get_by_label("Evidence", exact=True)
    evidence.get_by_text("Fighting in Anbar in June.").wait_for()
    rested(page)
    assert address_view(page)["selected"] == "i2"
    page.goto(page.url)
    page.wait_for_selector(READY)
    evidence.get_by_text("Fighting in Anbar in June.").wait_for()


def test_a_link_restores_every_filter(ten: str, open_page: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """For each filter: the map shows what Python selects, tells the same view back, and the address keeps it."""
    page = open_page(ten)
    for view in VIEWS:
        page.goto(f"{ten}/?view={quote(json.dumps(view))}")
        page.wait_for_selector(READY)
        assert shown(page) == len(select(incidents, view)), view
        told = map_of(page, "map.view()")
        assert {name: told[name] for name in view} == view
        rested(page)
        kept = address_view(page)
        assert {name: kept[name] for name in view} == view


def test_what_is_chosen_stands_in_the_address(ten: str, open_page: Callable[..., Page]) -> None:
    """Type, search, switches, layers and theme, chosen by hand: the address opened anew shows the same view."""
    page = open_page(ten)
    page.locator(".im-legend-type", has_text="Protests").click()
    page.locator(".im-filters > summary").click()
    page.get_by_label("Search", exact=True).fill("marched")
    page.wait_for_timeout(400)  # it is taken when the hand rests
    page.get_by_label(re.compile("undated")).check()
    page.get_by_label("certainly inside").check()
    page.get_by_label("Heat").check()
    page.get_by_role("button", name="Dark").click()
    page.wait_for_timeout(400)
    rested(page)
    before, count = address_view(page), shown(page)
    assert {"filters", "text", "undated", "certain", "heat", "theme", "center", "zoom"} <= before.keys()
    again = open_page(page.url)
    rested(again)
    assert (shown(again), address_view(again)) == (count, before)
    assert 0 < count < 9


def test_the_view_is_kept_while_another_page_is_looked_at(ten: str, open_page: Callable[..., Page]) -> None:
    """To the table and the summary and back: the window is the one that was set, and the data are not sent again."""
    received: list[int] = []
    page = open_page(ten)
    page.on("websocket", lambda ws: ws.on("framereceived", lambda frame: received.append(len(frame))))
    page.reload()
    page.wait_for_selector(READY)
    page.get_by_role("button", name="7 days").click()
    rested(page)
    choose(page, "Table")
    page.get_by_text("7 of 10 incidents").wait_for()
    choose(page, "Summary")
    page.get_by_test_id("stVegaLiteChart").nth(3).wait_for()
    received.clear()
    choose(page, "Map")
    page.wait_for_selector(READY)
    rested(page)
    assert shown(page) == 7
    assert max(received) < 20_000


def test_widgets_of_the_page_move_the_map(ten: str, open_page: Callable[..., Page]) -> None:
    """A place by its name, and back to all incidents; what is no place is said."""
    page = open_page(ten)
    page.get_by_label("Go to a place").fill("Mosul")
    page.keyboard.press("Enter")
    page.wait_for_function("() => /36\\.3/.test(decodeURIComponent(location.search))")
    page.get_by_role("button", name="24 h").click()
    rested(page)
    assert shown(page) < 9
    page.get_by_role("button", name="Show all incidents").click()
    page.wait_for_selector('[data-shown="9"]')
    page.get_by_label("Go to a place").fill("Xqzvtw <b>")
    page.keyboard.press("Enter")
    page.get_by_text("Xqzvtw <b>: no place of this name is known.").wait_for()


# --- how it looks -----------------------------------------------------------------------------------------------------


def test_a_narrow_screen_has_everything(empty: str, open_page: Callable[..., Page], tmp_path: Path) -> None:
    """At 390 pixels: the box for files first, then the map over the whole width; nothing scrolls sideways."""
    path = write_stories(tmp_path)[0]
    page = open_page(empty, ready=IDLE, width=390, height=844)
    page.get_by_test_id("stFileUploader").wait_for()
    page.set_input_files("input[type=file]", path)
    page.wait_for_selector(READY, timeout=60_000)
    rested(page)
    page.locator(".im-map").click(position={"x": 20, "y": 20})  # the sidebar no longer lies over it
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    host = page.locator(".im-host").bounding_box()
    assert host is not None
    assert host["width"] > 350


def test_the_dark_theme_is_dark_everywhere(ten: str, open_page: Callable[..., Page]) -> None:
    """Where the system is dark, Streamlit's page and the map are."""
    page = open_page(ten, color_scheme="dark")
    assert page.locator(".im").get_attribute("data-theme") == "dark"
    ground = page.get_by_test_id("stApp").evaluate("(app) => getComputedStyle(app).backgroundColor")
    assert max(int(part) for part in re.findall(r"\d+", ground)[:3]) < 60


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(ten: str, open_page: Callable[..., Page], scheme: str) -> None:
    """Map, table and summary have no serious or critical fault of access."""
    page = open_page(ten, color_scheme=scheme)
    for name in ("Map", "Table", "Summary"):
        choose(page, name)
        page.wait_for_timeout(700)
        assert serious(page) == [], name


def serious(page: Page) -> list[str]:
    """What axe-core holds to be a serious or critical fault."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")]


@pytest.fixture(scope="module")
def crowded(many: Callable[[int], gpd.GeoDataFrame], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard with a hundred thousand incidents."""
    path = tmp_path_factory.mktemp("many") / "many.parquet"
    export.write(many(100_000), path)
    with served(str(path)) as url:
        yield url


def test_a_hundred_thousand_incidents(crowded: str, open_page: Callable[..., Page]) -> None:
    """They are shown, and a preset filters them; the summary counts them."""
    page = open_page(crowded, ready="[data-testid=stApp]")
    page.wait_for_selector(READY, timeout=120_000)
    assert shown(page) == 100_000
    page.get_by_role("button", name="Year", exact=True).click()
    page.wait_for_selector('[data-shown]:not([data-shown="100000"])')
    count = shown(page)
    assert 20_000 < count < 30_000
    rested(page)
    choose(page, "Summary")
    page.get_by_text(f"{count:,} of 100,000 incidents").wait_for()


# --- a backdrop of one's own ------------------------------------------------------------------------------------------


class Tiles(http.server.BaseHTTPRequestHandler):
    """A tile server: one red dot for all."""

    asked: list[str]

    def do_GET(self) -> None:
        """Answer any request."""
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(DOT)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def tiles() -> Iterator[tuple[str, list[str]]]:
    """The address of a tile server of this machine, and what it was asked."""
    handler = type("Mine", (Tiles,), {"asked": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}.png", handler.asked  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def dressed(
    incidents: gpd.GeoDataFrame, tiles: tuple[str, list[str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """A dashboard and a file with the same backdrop, and the frame that both should have."""
    folder = tmp_path_factory.mktemp("dressed")
    shape = {"type": "Polygon", "coordinates": [[[43, 32], [45, 32], [45, 34], [43, 34], [43, 32]]]}
    zone = {"type": "Feature", "geometry": shape, "properties": {"title": HOSTILE, "stroke": "#ff0000"}}
    overlay, table, saved = folder / "zone.geojson", folder / "ten.geojson", folder / "map.html"
    overlay.write_text(json.dumps(zone), encoding="utf-8")
    export.write(incidents, table)
    told = ["--tiles", tiles[0], "--attribution", "Red dots", "--overlay", str(overlay)]
    told += ["--center", "33,44", "--zoom", "7"]
    backdrop = Backdrop((tiles[0],), "Red dots", (str(overlay),), (33.0, 44.0), 7.0)
    wanted = json.loads(json.dumps(frame(backdrop.add_to(draw(incidents)))))
    subprocess.run([sys.executable, "-m", "geo", "map", table, "-o", saved, *told], check=True, cwd=ROOT)  # noqa: S603
    with served(str(table), *told) as url:
        yield url, saved, wanted


def test_a_backdrop_shows_in_the_dashboard_as_in_the_file(
    open_page: Callable[..., Page], dressed: tuple[str, Path, dict[str, Any]], tiles: tuple[str, list[str]]
) -> None:
    """Tiles, an overlay and a view: both hosts are given the same frame and draw it; the policy allows these alone."""
    url, saved, wanted = dressed
    for host, seen in ((open_page(url), map_of), (open_page(saved.as_uri()), map_of_file)):
        assert seen(host, "map.frame") == wanted
        assert seen(host, "map.map.getZoom()") == 7
        assert seen(host, "[map.map.getCenter().lat, map.map.getCenter().lng]") == pytest.approx([33, 44], abs=0.01)
        assert host.locator('path[stroke="#ff0000"]').count() == 1
        host.get_by_text("Red dots").wait_for()
        host.wait_for_selector("img.leaflet-tile-loaded", state="attached")
    policy = asked(url, "/", {}).getheader("content-security-policy") or ""
    assert f"img-src 'self' data: blob: {tiles[0].split('/{z}')[0]};" in policy
    assert "connect-src 'self' ws://127.0.0.1:* ws://localhost:*;" in policy
    assert tiles[1]


# --- several people, hostile texts ------------------------------------------------------------------------------------


def test_sessions_stand_side_by_side(empty: str, open_page: Callable[..., Page], tmp_path: Path) -> None:
    """Two browsers with data and windows of their own; a third has none; each downloads what it alone shows."""
    paths = write_stories(tmp_path)
    one, other, third = (open_page(empty, ready=IDLE) for _ in range(3))
    one.set_input_files("input[type=file]", paths[:1])
    other.set_input_files("input[type=file]", paths)
    one.wait_for_selector(READY, timeout=60_000)
    other.wait_for_selector('[data-shown="2"]', timeout=60_000)
    other.get_by_role("button", name="24 h").click()
    other.wait_for_selector('[data-shown="1"]')
    rested(other)
    assert (shown(one), third.locator("[data-shown]").count()) == (1, 0)
    places = {
        name: export.read_incidents(download(page, "CSV", tmp_path))["place"].tolist()
        for name, page in (("one", one), ("other", other))
    }
    assert places == {"one": ["Kaduna"], "other": ["Kharkiv"]}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard whose incidents have a hostile text in every column, and whose overlay has them, too."""
    folder = tmp_path_factory.mktemp("hostile")
    export.write(schema.from_records(hostile_rows()), folder / "hostile.jsonl")
    with served(str(folder / "hostile.jsonl")) as url:
        yield url


def hostile_rows() -> list[dict[str, Any]]:
    """An incident a text."""
    names = ("event_type", "sub_event_type", "place", "place_text", "country_name", "admin1", "time")
    return [
        {
            "incident_id": f"i{n}",
            **dict.fromkeys(names, text),
            **{name: [text] for name in ("actors", "targets", "weapons")},
            "date_start": "2021-01-01",
            "date_end": "2021-01-01",
            "lat": n / 2,
            "lon": float(n),
            "sources": [{"report": text, "publisher": text, "evidence": text, "url": text}],
            "reasons": {text: text},
        }
        for n, text in enumerate(HOSTILES)
    ]


def test_hostile_text_is_literal_in_every_sink(hostile: str, open_page: Callable[..., Page], tmp_path: Path) -> None:
    """Each of the corpus: literal in the map's data, in every download and in the table's evidence; nothing runs."""
    page = open_page(hostile, ready=IDLE)
    page.wait_for_selector(READY, timeout=60_000)
    rested(page)
    assert map_of(page, "map.store.n") == len(HOSTILES) >= 60
    texts = set(map_of(page, "map.store.texts"))
    assert {text for text in HOSTILES if text not in texts} == set()
    kinds = ":is(script, img, iframe, form, base, object, embed)"
    assert page.locator(f".im-host {kinds}").count() == 0
    for label in FORMATS:
        found = list(schema.records(export.read_incidents(download(page, label, tmp_path))))
        assert [one["sources"][0]["evidence"] for one in found] == HOSTILES, label
    choose(page, "Summary")
    page.get_by_test_id("stVegaLiteChart").nth(3).wait_for()
    choose(page, "Table")
    page.get_by_test_id("stDataFrame").wait_for()
    box = page.get_by_test_id("stDataFrame").bounding_box()
    assert box is not None
    for row in range(3):
        page.mouse.click(box["x"] + 16, box["y"] + 52 + 35 * row)
        page.get_by_text(f"“{HOSTILES[row]}”").wait_for()
        page.mouse.click(box["x"] + 16, box["y"] + 52 + 35 * row)
        rested(page)


def test_hostile_names_of_files_are_text(empty: str, open_page: Callable[..., Page]) -> None:
    """A file that cannot be read is told by its name, as text, among the notes."""
    page = open_page(empty, ready=IDLE)
    broken = {"name": "{{ 7*7 }}![x](https://evil.example/x.png)<b>.geojson", "mimeType": "a/b", "buffer": b"{"}
    story = {"name": "<img src=x onerror=alert(1)>.txt", "mimeType": "a/b", "buffer": STORIES["first.txt"].encode()}
    page.set_input_files("input[type=file]", [broken, story])  # type: ignore[list-item]
    page.wait_for_selector(READY, timeout=60_000)
    page.get_by_text("Notes (1)").click()
    page.get_by_text("x.png__b_.geojson: is no JSON").wait_for()


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
