"""A real Chromium that sees nothing but this machine, and incidents to show it."""

from __future__ import annotations

import os
import re
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from shapely import LineString, Point, box

from geo import schema
from geo.webmap import draw, save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import geopandas as gpd
    from playwright.sync_api import Browser, BrowserContext, Page, Route

SCREENSHOTS = Path(__file__).with_name("screenshots")
NAMES = ("chromium", "chromium-browser", "google-chrome")
HERE = re.compile(r"(file|data|blob|about):|https?://(localhost|127\.0\.0\.1)[:/]|wss?://(localhost|127\.0\.0\.1)[:/]")
READY = '[data-ready="true"]'
AGAIN = """() => {
  const root = document.getElementById("incident-map");
  const { constructor, store } = root.incidentMap;
  root.incidentMap.destroy();
  history.replaceState(null, "", "#");
  new constructor(root, store.payload, { pick: false });
}"""
"""Draws the page's map as it is at first."""
HOSTILE = "{{ 7*7 }}<img src=x onerror=alert(1)> {% {# ${ </script>"
SCRIPT = "javascript:alert(1)"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium on the PATH; without one the tests are skipped, but on CI they fail."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        message = f"no Chromium on the PATH ({', '.join(NAMES)})"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # only these tests need it

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path)
        yield running
        running.close()


@pytest.fixture
def faults() -> list[str]:
    """What went wrong in the pages; a test that provokes a fault takes it off the list."""
    return []


def watched(context: BrowserContext, faults: list[str]) -> Page:
    """A page whose errors, dialogs and requests to elsewhere are written down."""

    def guard(route: Route) -> None:
        if HERE.match(route.request.url):
            route.continue_()
            return
        faults.append(f"request to {route.request.url}")
        route.abort()

    context.route("**/*", guard)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(f"page error: {error}"))
    page.on("console", lambda said: faults.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    return page


def kept_picture(page: Page, request: pytest.FixtureRequest, number: int = 0) -> None:
    """Keep a screenshot of how the test left the page."""
    SCREENSHOTS.mkdir(exist_ok=True)
    name = re.sub(r"\W+", "_", request.node.name)
    page.screenshot(path=SCREENSHOTS / f"{name}{number or ''}.png")


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest, faults: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens an address in a page of its own; fails the test on any error, dialog or request to elsewhere."""
    contexts = []

    def opened(url: str, *, width: int = 1280, height: int = 800, ready: str = READY, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = watched(context, faults)
        page.goto(url)
        page.wait_for_selector(ready, timeout=30_000)
        return page

    yield opened
    for number, context in enumerate(contexts):
        for page in context.pages:
            kept_picture(page, request, number)
        context.close()
    assert not faults


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Draws incidents into a file; the same table only once."""
    made: dict[tuple[int, str, int], tuple[Path, Any, Any]] = {}  # the tables are kept, so that an id stays theirs

    def file_of(incidents: gpd.GeoDataFrame, *, title: str = "", places: Any = None) -> Path:
        key = (id(incidents), title, id(places))
        if key not in made:
            target = tmp_path_factory.mktemp("map") / "map.html"
            save(draw(incidents, title=title, places=places), target)
            made[key] = (target, incidents, places)
        return made[key][0]

    return file_of


@pytest.fixture
def show(open_page: Callable[..., Page], drawn: Callable[..., Path]) -> Callable[..., Page]:
    """Opens the map of incidents, drawn into a file, with the network off."""

    def shown(incidents: gpd.GeoDataFrame, *, hash: str = "", title: str = "", places: Any = None, **page: Any) -> Page:  # noqa: A002
        return open_page(drawn(incidents, title=title, places=places).as_uri() + hash, offline=True, **page)

    return shown


@pytest.fixture(scope="session")
def opened_once(
    browser: Browser, drawn: Callable[..., Path], incidents: gpd.GeoDataFrame
) -> Iterator[tuple[Page, list[str]]]:
    """One page with the ten incidents, for all tests that need no other, and its faults."""
    faults: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    page = watched(context, faults)
    page.goto(drawn(incidents, title="A map").as_uri())
    yield page, faults
    context.close()


@pytest.fixture
def page(opened_once: tuple[Page, list[str]], request: pytest.FixtureRequest) -> Iterator[Page]:
    """The map of ten incidents as it opens: the page stays, the map is made anew."""
    shared, faults = opened_once
    shared.evaluate(AGAIN)
    shared.wait_for_selector(READY, timeout=30_000)
    shared.mouse.move(0, 0)
    yield shared
    kept_picture(shared, request)
    found, faults[:] = list(faults), []
    assert not found


def told(evidence: str, report: str = "2021-06-28.txt", **more: str) -> list[dict[str, Any]]:
    """One telling."""
    return [{"report": report, "evidence": evidence, **more}]


@pytest.fixture(scope="session")
def incidents() -> gpd.GeoDataFrame:
    """Ten incidents with every kind of place, some without a date or a place, one with hostile text."""
    line = LineString([(41, 33), (41.5, 34.5), (42, 37)])
    day = {"date_start": "2021-06-27", "date_end": "2021-06-27", "date_precision": "day"}
    june = {"date_start": "2021-06-01", "date_end": "2021-06-30", "date_precision": "month"}
    april = {"date_start": "2021-04-05", "date_end": "2021-04-05", "date_precision": "day"}
    strike = {"event_type": "Explosions/Remote violence", "sub_event_type": "Air/drone strike"}
    march = {"event_type": "Protests", "sub_event_type": "Peaceful protest"}
    clash = {"event_type": "Battles", "sub_event_type": "Armed clash"}
    town = {"geo_precision": "settlement", "country": ["IQ"], "country_name": "Iraq"}
    basra = {**town, "geometry": Point(47.78, 30.5), "place": "Basra", "admin1": "Basra"}
    syria = {"geometry": box(36, 33, 41, 37), "place": "Syria", "country": ["SY"], "geo_precision": "country"}
    border = {"geometry": line, "place": "Border", "country": ["SY", "IQ"], "geo_precision": "border"}
    province = {"geometry": box(40, 31, 43, 34), "place": "Anbar", "country": ["IQ"], "geo_precision": "admin1"}
    near = {"geometry": Point(44.4, 35.2), "place": "near Kirkuk", "country": ["IQ"], "geo_precision": "near"}
    rows = [
        {**strike, **day, **border, "fatalities_min": 4, "sources": [*told("Jets struck."), *told("A day earlier.")]},
        {**strike, **day, **syria, "sources": told("Rockets fell in Syria.", url="https://example.org/x")},
        {**clash, **june, **province, "sources": told("Fighting in Anbar in June.")},
        {**clash, **april, **near, "radius_m": 30000, "confidence": 0.4, "sources": told("South of Kirkuk.")},
        {**march, **april, **basra, "confidence": 0.9, "sources": told("Hundreds marched.")},
        {**march, **day, **basra, "confidence": 0.9, "sources": told("Again hundreds.")},
        {**march, **basra, "sources": told("One day they marched.")},
        {**clash, **day, "country": ["IQ"], "sources": told("A clash somewhere.")},
        {**strike, **day, **basra, **dict.fromkeys(("place", "actors"), HOSTILE), "sources": told(HOSTILE, url=SCRIPT)},
        {
            **march,
            **june,
            **basra,
            "geometry": Point(40.1, 35.3),
            "place": "دير الزور",
            "admin1": "",
            "sources": told("متظاهرون"),
        },
    ]
    return schema.from_records([{"incident_id": f"i{n}", "status": "machine", **row} for n, row in enumerate(rows)])


@pytest.fixture(scope="session")
def many() -> Callable[[int], gpd.GeoDataFrame]:
    """Makes any number of incidents over 2,000 places, four years and six types."""

    @cache
    def made(count: int) -> gpd.GeoDataFrame:
        import geopandas as gpd  # noqa: PLC0415  # heavy
        import numpy as np  # noqa: PLC0415  # heavy

        random = np.random.default_rng(1)
        types = np.array(["Battles", "Explosions/Remote violence", "Violence against civilians", "Protests", "Riots"])
        at = random.integers(0, 2000, count)
        lon, lat = random.uniform(-15, 60, 2000)[at].round(3), random.uniform(-30, 55, 2000)[at].round(3)
        start = np.datetime64("2018-01-01", "s") + random.integers(0, 1461, count) * np.timedelta64(86400, "s")
        base = schema.from_records([{}]).iloc[np.zeros(count, int)].reset_index(drop=True)
        return gpd.GeoDataFrame(
            base.assign(
                incident_id=[f"{n:08x}" for n in range(count)],
                event_type=types[random.integers(0, 5, count)],
                date_start=start,
                date_end=start + random.integers(0, 3, count) * np.timedelta64(86400, "s"),
                place=[f"Place {n}" for n in at],
                lat=lat,
                lon=lon,
                geo_precision="settlement",
                sources=[told(f"Report {n} says that something happened there that day.") for n in range(count)],
                geometry=gpd.points_from_xy(lon, lat),
            ),
            crs=schema.CRS,
        )

    return made
