"""Journeys through the HTML file, with the network off."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pandas as pd
import pytest

from geo.layers import select

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    from playwright.sync_api import Page

HOSTILE = "{{ 7*7 }}<img src=x onerror=alert(1)> {% {# ${ </script>"
DRAG = """([label, share]) => {
  const handle = document.querySelector(`input[aria-label="${label}"]`);
  handle.value = Number(handle.min) + Math.round((handle.max - handle.min) * share);
  handle.dispatchEvent(new Event("input", { bubbles: true }));
  return document.querySelector("[data-shown]").dataset.shown;
}"""
MAP = "document.getElementById('incident-map').incidentMap"
AT = """(how) => {
  const map = document.getElementById("incident-map").incidentMap;
  const { x, y, box } = map.drawn.find((one) => one.slot.how === how && (one.box || one.r));
  const at = map.map.layerPointToContainerPoint(box ? [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] : [x, y]);
  const { left, top } = map.container.getBoundingClientRect();
  return [at.x + left, at.y + top];
}"""


def shown(page: Page) -> int:
    """How many incidents the window holds."""
    return int(page.locator("[data-shown]").get_attribute("data-shown") or "-1")


def listed(page: Page) -> list[str]:
    """The rows of the table, as text."""
    page.wait_for_timeout(150)
    return [row.inner_text() for row in page.locator("tbody tr").all()]


def test_map_opens_with_all_dated_incidents(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """Drawn, the map says so, counts what it shows and lists it; the undated and unlocated are counted boxes."""
    page = show(incidents, title="A map")
    assert shown(page) == 9
    assert len(listed(page)) == 9
    assert page.locator("h1").inner_text() == "A map"
    assert page.locator(".im-missing").inner_text().split("\n")[1:] == ["1 without a place", "1 without a date"]


def test_window_handles_filter(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """Moving a handle changes the count at once and the list soon; an interval is shown where it overlaps."""
    page = show(incidents)
    assert page.evaluate(DRAG, ["Window start", 1]) == "2"
    assert {"Anbar", "دير الزور"} == {row.split("\t")[2].strip() for row in listed(page)}
    assert page.evaluate(DRAG, ["Window end", 0]) == "2"
    assert page.locator(".im-window").inner_text() == "5 April 2021"


def test_handles_answer_to_the_keyboard(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """A handle moves by days with the arrow keys, and says its day."""
    page = show(incidents)
    handle = page.get_by_label("Window start")
    handle.focus()
    page.keyboard.press("ArrowRight")
    assert shown(page) == 7
    assert handle.get_attribute("aria-valuetext") == "2021-04-06"


def test_dragging_over_the_histogram_draws_a_window(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """A drag across the first bars leaves what happened then."""
    page = show(incidents)
    box = page.locator(".im-chart").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 6, steps=5)
    page.mouse.up()
    assert 0 <= shown(page) < 9


@pytest.mark.parametrize(("name", "count"), [("24 h", 2), ("7 days", 7), ("30 days", 7), ("90 days", 9), ("All", 9)])
def test_presets_hang_on_the_newest_day(
    show: Callable[..., Page], incidents: gpd.GeoDataFrame, name: str, count: int
) -> None:
    """The last days of the data, not of the reader's calendar."""
    page = show(incidents)
    page.get_by_role("button", name=name, exact=True).click()
    assert shown(page) == count


def test_typed_dates_set_the_window(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """A day typed in either field is the bound."""
    page = show(incidents)
    page.get_by_label("First day").fill("2021-06-27")
    page.get_by_label("Last day").fill("2021-06-27")
    page.get_by_label("Last day").blur()
    assert shown(page) == 7


def test_certainly_inside_and_undated(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """The switch leaves what lies wholly within the window; the undated come on demand."""
    page = show(incidents)
    page.get_by_label("First day").fill("2021-06-20")
    page.get_by_label("First day").blur()
    possibly = shown(page)
    page.get_by_label("certainly inside").check()
    assert shown(page) == possibly - 2
    page.get_by_label("undated (1)").check()
    assert shown(page) == possibly - 1


def test_playback_moves_the_window_and_stops(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """Playing runs from the first day to the last and ends there."""
    page = show(incidents)
    page.get_by_label("Step of playing").select_option("month")
    page.get_by_label("Speed of playing").select_option("fast")
    page.get_by_role("button", name="Play").click()
    page.wait_for_selector('.im-play[aria-pressed="false"]')
    assert page.get_by_label("Window end").input_value() == page.get_by_label("Window end").get_attribute("max")


def test_click_on_a_country_shows_the_evidence(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """The badge opens a popup with the quoted sentence, and the panel with all that is known; its link is safe."""
    page = show(incidents)
    page.mouse.click(*page.evaluate(AT, "badge"))
    assert "Rockets fell in Syria." in page.locator(".leaflet-popup").inner_text()
    panel = page.get_by_role("region", name="Evidence")
    assert "Rockets fell in Syria." in panel.inner_text()
    link = panel.get_by_role("link")
    assert (link.get_attribute("href"), link.get_attribute("rel")) == ("https://example.org/x", "noopener noreferrer")


def test_table_selects_with_the_keyboard(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """A row opens with Enter; both tellings are quoted; the view stays where it is."""
    page = show(incidents)
    row = page.get_by_role("row").filter(has_text="Border")
    row.get_by_role("button").focus()
    page.keyboard.press("Enter")
    quotes = page.get_by_role("region", name="Evidence").locator("blockquote").all_inner_texts()
    assert quotes == ["Jets struck.", "A day earlier."]


def test_table_sorts(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """A head sorts by its column and says how."""
    page = show(incidents)
    page.get_by_role("button", name="Killed").click()
    assert listed(page)[0].split("\t")[2] == "Border"
    assert page.locator('th[aria-sort="descending"]').inner_text().startswith("Killed")


def test_type_chips_and_filters_are_one(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """A type chosen in the legend is chosen in the filters, and counts stand beside the other choices."""
    page = show(incidents)
    view = page.evaluate(f"() => {MAP}.map.getBounds().toBBoxString()")
    page.get_by_role("group", name="Event types").get_by_role("button", name="Protests").click()
    assert shown(page) == 3
    page.locator(".im-filters > summary").click()
    assert page.locator(".im-facet").first.get_by_label("Protests").is_checked()
    page.get_by_label("Search").fill("again HUNDREDS")
    page.wait_for_timeout(300)
    assert shown(page) == 1
    page.get_by_role("button", name="Clear").click()
    assert shown(page) == 9
    after = page.evaluate(f"() => {MAP}.map.getBounds().toBBoxString()")
    assert after == view, "a filter never moves the view"


def test_list_is_what_the_map_shows(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """Zoomed to one town, the list holds its incidents and those without a place; the switch lists all."""
    page = show(incidents)
    page.evaluate(f"() => {MAP}.map.setView([30.5, 47.78], 9, {{animate: false}})")
    assert len(listed(page)) == 4
    page.get_by_label("only what lies within the map's view").uncheck()
    assert len(listed(page)) == 9


def test_boxes_list_what_is_not_on_the_map(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """The counted boxes list the unlocated and the undated."""
    page = show(incidents)
    page.get_by_role("button", name="1 without a place").click()
    assert "not on the map" in listed(page)[0]
    page.get_by_role("button", name="1 without a date").click()
    assert "no date" in listed(page)[0]


def test_places_mentioned_are_off_at_first(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """The layer is a choice."""
    places = pd.DataFrame({"name": ["Baghdad"], "kind": "settlement", "lat": 33.3, "lon": 44.4, "count": 3})
    page = show(incidents, places=places)
    choice = page.get_by_label("Places mentioned")
    assert not choice.is_checked()
    choice.check()
    assert page.evaluate(f"() => {MAP}.state.mentions")


def test_address_restores_the_view(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """A link with a view opens it: window, filter, selected incident, place on the map."""
    view = {"start": "2021-06-27", "end": "2021-06-27", "filters": {"event_type": ["Protests"]}, "selected": "i5"}
    page = show(incidents, hash="#" + quote(json.dumps({**view, "center": [30.5, 47.8], "zoom": 8})))
    assert shown(page) == 2
    assert "Again hundreds." in page.get_by_role("region", name="Evidence").inner_text()
    assert page.evaluate(f"() => {MAP}.map.getZoom()") == 8


@pytest.mark.parametrize("hash", ["#%7B%22start%22%3A%2299%22%7D", "#<img src=x onerror=alert(1)>", "#[1]", "#%E0%A4"])
def test_broken_address_is_no_error(show: Callable[..., Page], incidents: gpd.GeoDataFrame, hash: str) -> None:  # noqa: A002
    """Whatever stands behind the #, the map opens."""
    assert shown(show(incidents, hash=hash)) == 9


def test_hostile_text_is_text(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """Title, table, popup and panel say literally what stands in the data, and its script address is no link."""
    page = show(incidents, title=HOSTILE)
    assert page.title() == HOSTILE
    assert page.locator("h1").inner_text() == HOSTILE
    row = page.get_by_role("row").filter(has_text="onerror")
    assert row.locator("td").nth(2).inner_text() == HOSTILE
    row.get_by_role("button").click()
    panel = page.get_by_role("region", name="Evidence")
    assert panel.locator("blockquote").inner_text() == HOSTILE
    assert panel.get_by_role("link").count() == 0
    page.mouse.click(*page.evaluate(AT, "dot"))
    assert HOSTILE in page.locator(".leaflet-popup").inner_text()
    assert page.locator("#incident-map img").count() == 0


def test_policy_stops_a_script(show: Callable[..., Page], incidents: gpd.GeoDataFrame, faults: list[str]) -> None:
    """A script that got into the page all the same would not run."""
    page = show(incidents)
    page.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
    }""")
    assert not page.evaluate("() => Boolean(window.ran)")
    page.wait_for_timeout(100)
    assert "Content Security Policy" in faults.pop()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_theme_follows_the_system_and_the_switch(
    show: Callable[..., Page], incidents: gpd.GeoDataFrame, scheme: str
) -> None:
    """The page opens in the system's theme; the button turns it."""
    page = show(incidents, color_scheme=scheme)
    theme = page.locator(".im")
    assert theme.get_attribute("data-theme") == scheme
    page.locator(".im-theme").click()
    assert theme.get_attribute("data-theme") == {"light": "dark", "dark": "light"}[scheme]


def test_narrow_page_has_everything(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """On a telephone nothing is wider than the screen, and the table is there."""
    page = show(incidents, title="A rather long title for a narrow page", width=390, height=844)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert page.get_by_role("table").is_visible()


def test_everything_to_operate_has_a_name(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """Buttons, fields, links and summaries say what they are to those who do not see them."""
    page = show(incidents)
    page.get_by_role("row").nth(2).get_by_role("button").click()
    page.locator(".im-filters > summary").click()
    nameless = page.evaluate("""() => [...document.querySelectorAll("button, input, select, a[href], summary")]
      .filter((one) => ![one.getAttribute("aria-label"), one.textContent, one.closest("label")?.textContent]
        .some((name) => name?.trim()))
      .map((one) => one.outerHTML)""")
    assert nameless == []


def test_area_drawn_on_the_map_filters(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """A rectangle dragged over the map leaves what lies in it; taken back, all is there again."""
    page = show(incidents)
    x, y = page.evaluate(AT, "badge")
    page.locator(".im-filters > summary").click()
    page.get_by_role("button", name="Rectangle").click()
    page.mouse.move(x - 30, y - 30)
    page.mouse.down()
    page.mouse.move(x + 30, y + 30, steps=4)
    page.mouse.up()
    assert shown(page) == 1
    page.get_by_role("button", name="Clear").click()
    assert shown(page) == 9


def test_heat_is_a_choice(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """Off at first; on, the heat's canvas is painted, and the marks stay."""
    page = show(incidents)
    painted = f"""() => {{
      const {{ context, _container: canvas }} = {MAP}.heat;
      return context.getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
    }}"""
    assert not page.evaluate(painted)
    page.get_by_label("Heat").check()
    assert page.evaluate(painted)
    assert shown(page) == 9


@pytest.mark.parametrize("count", [0, 1])
def test_few_incidents(show: Callable[..., Page], incidents: gpd.GeoDataFrame, count: int) -> None:
    """None or one: the map opens and says so."""
    page = show(incidents.iloc[:count])
    assert shown(page) == count
    assert page.locator(".im-subtitle").inner_text().startswith(["No incidents", "1 incident "][count])


def test_a_hundred_thousand(show: Callable[..., Page], many: Callable[[int], gpd.GeoDataFrame]) -> None:
    """They open, and the window follows the handle."""
    incidents = many(100_000)
    page = show(incidents)
    assert shown(page) == 100_000
    half = int(page.evaluate(DRAG, ["Window start", 0.5]))
    assert 40_000 < half < 60_000
    assert page.locator("tbody tr").count() <= 200


VIEWS: list[dict[str, Any]] = [
    {"start": "2021-06-20", "end": "2021-06-27"},
    {"start": "2021-06-20", "certain": True},
    {"undated": True, "filters": {"event_type": ["Protests", "Battles"]}},
    {"filters": {"country": ["IQ"], "geo_precision": ["settlement"]}},
    {"confidence": 0.5},
    {"fatalities": 1},
    {"text": "marched"},
    {"area": [47, 30, 48, 31], "undated": True},
]


@pytest.mark.parametrize("view", VIEWS)
def test_python_and_the_page_select_alike(
    show: Callable[..., Page], incidents: gpd.GeoDataFrame, view: dict[str, Any]
) -> None:
    """What `geo.layers.select` picks for a download is what the map shows."""
    page = show(incidents, hash="#" + quote(json.dumps(view)))
    assert shown(page) == len(select(incidents, view))
