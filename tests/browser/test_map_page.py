"""Journeys through the HTML file, with the network off."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from shapely import Point

from geo import schema
from geo.layers import select

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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


def test_map_opens_with_all_dated_incidents(page: Page) -> None:
    """Drawn, the map says so, counts what it shows and lists it; the undated and unlocated are counted boxes."""
    assert shown(page) == 9
    assert len(listed(page)) == 9
    assert page.locator("h1").inner_text() == "A map"
    assert page.locator(".im-missing").inner_text().split("\n")[1:] == ["1 without a place", "1 without a date"]


def test_window_handles_filter(page: Page) -> None:
    """Moving a handle changes the count at once and the list soon; an interval is shown where it overlaps."""
    assert page.evaluate(DRAG, ["Window start", 1]) == "2"
    assert {"Anbar", "دير الزور"} == {row.split("\t")[2].strip() for row in listed(page)}
    assert page.evaluate(DRAG, ["Window end", 0]) == "2"
    assert page.locator(".im-window").inner_text() == "5 April 2021"


def test_handles_answer_to_the_keyboard(page: Page) -> None:
    """A handle moves by days with the arrow keys, and says its day."""
    handle = page.get_by_label("Window start")
    handle.focus()
    page.keyboard.press("ArrowRight")
    assert shown(page) == 7
    assert handle.get_attribute("aria-valuetext") == "2021-04-06"


def test_dragging_over_the_histogram_draws_a_window(page: Page) -> None:
    """A drag across the first bars leaves what happened then."""
    box = page.locator(".im-chart").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 6, steps=5)
    page.mouse.up()
    assert 0 <= shown(page) < 9


@pytest.mark.parametrize(("name", "count"), [("24 h", 2), ("7 days", 7), ("30 days", 7), ("90 days", 9), ("All", 9)])
def test_presets_hang_on_the_newest_day(page: Page, name: str, count: int) -> None:
    """The last days of the data, not of the reader's calendar."""
    page.get_by_role("button", name=name, exact=True).click()
    assert shown(page) == count


def test_typed_dates_set_the_window(page: Page) -> None:
    """A day typed in either field is the bound."""
    page.get_by_label("First day").fill("2021-06-27")
    page.get_by_label("Last day").fill("2021-06-27")
    page.get_by_label("Last day").blur()
    assert shown(page) == 7


def test_certainly_inside_and_undated(page: Page) -> None:
    """The switch leaves what lies wholly within the window; the undated come on demand."""
    page.get_by_label("First day").fill("2021-06-20")
    page.get_by_label("First day").blur()
    possibly = shown(page)
    page.get_by_label("certainly inside").check()
    assert shown(page) == possibly - 2
    page.get_by_label("undated (1)").check()
    assert shown(page) == possibly - 1


def test_playback_moves_the_window_and_stops(page: Page) -> None:
    """Playing runs from the first day to the last and ends there."""
    page.get_by_label("Step of playing").select_option("month")
    page.get_by_label("Speed of playing").select_option("fast")
    page.get_by_role("button", name="Play").click()
    page.wait_for_selector('.im-play[aria-pressed="false"]')
    assert page.get_by_label("Window end").input_value() == page.get_by_label("Window end").get_attribute("max")


def test_click_on_a_country_shows_the_evidence(page: Page) -> None:
    """The badge opens a popup with the quoted sentence, and the panel with all that is known; its link is safe."""
    page.mouse.click(*page.evaluate(AT, "badge"))
    assert "Rockets fell in Syria." in page.locator(".leaflet-popup").inner_text()
    panel = page.get_by_role("region", name="Evidence")
    assert "Rockets fell in Syria." in panel.inner_text()
    link = panel.get_by_role("link")
    assert (link.get_attribute("href"), link.get_attribute("rel")) == ("https://example.org/x", "noopener noreferrer")


def test_table_selects_with_the_keyboard(page: Page) -> None:
    """A row opens with Enter; both tellings are quoted; the view stays where it is."""
    row = page.get_by_role("row").filter(has_text="Border")
    row.get_by_role("button").focus()
    page.keyboard.press("Enter")
    quotes = page.get_by_role("region", name="Evidence").locator("blockquote").all_inner_texts()
    assert quotes == ["Jets struck.", "A day earlier."]


def test_table_sorts(page: Page) -> None:
    """A head sorts by its column and says how."""
    page.get_by_role("button", name="Killed").click()
    assert listed(page)[0].split("\t")[2] == "Border"
    assert page.locator('th[aria-sort="descending"]').inner_text().startswith("Killed")


def test_type_chips_and_filters_are_one(page: Page) -> None:
    """A type chosen in the legend is chosen in the filters, and counts stand beside the other choices."""
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


def test_list_is_what_the_map_shows(page: Page) -> None:
    """Zoomed to one town, the list holds its incidents and those without a place; the switch lists all."""
    page.evaluate(f"() => {MAP}.map.setView([30.5, 47.78], 9, {{animate: false}})")
    assert len(listed(page)) == 4
    page.get_by_label("only what lies within the map's view").uncheck()
    assert len(listed(page)) == 9


def test_boxes_list_what_is_not_on_the_map(page: Page) -> None:
    """The counted boxes list the unlocated and the undated."""
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
    page.wait_for_timeout(400)  # the page has its size now
    now = page.evaluate(f"() => {MAP}.view()")
    assert (now["center"], now["zoom"]) == ([30.5, 47.8], 8)


def test_every_part_of_a_view_comes_back_from_the_address(
    show: Callable[..., Page], incidents: gpd.GeoDataFrame
) -> None:
    """All filters, the window, switches and layers stand in the address, and another page makes them of it."""
    view = {
        "start": "2021-06-01",
        "end": "2021-06-27",
        "certain": True,
        "undated": True,
        "text": "hundreds",
        "filters": {"country": ["IQ/Basra"], "status": ["machine"], "publisher": ["2021-06-28.txt"]},
        "fatalities": 1,
        "confidence": 0.25,
        "area": [46.0, 29.0, 49.0, 29.0, 49.0, 31.0],
        "selected": "i5",
        "heat": True,
        "theme": "dark",
    }
    page = show(incidents)
    page.evaluate(f"(view) => {MAP}.setView(view)", view)
    page.wait_for_timeout(400)
    told = json.loads(unquote(page.evaluate("() => location.hash.slice(1)")))
    assert {name: told.get(name) for name in view} == view
    page.evaluate("(hash) => { location.hash = hash; }", quote(json.dumps({"text": "rockets"})))
    page.wait_for_selector('[data-shown="1"]')
    assert page.evaluate(f"() => {MAP}.state.filters") == {}, "a link to another view leaves nothing of the last"


BROKEN = [
    *("#%7B%22start%22%3A%2299%22%7D", "#<img src=x onerror=alert(1)>", "#[1]", "#%E0%A4", "#null", "#7"),
    "#" + quote('{"text": 5, "filters": {"country": "IQ"}, "area": [1], "center": ["x"], "zoom": "y", "theme": {}}'),
    "#" + quote('{"filters": [], "fatalities": "9", "certain": 1, "selected": ["i1"], "confidence": -1, "start": []}'),
]


@pytest.mark.parametrize("hash", BROKEN)
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


def test_everything_to_operate_has_a_name(page: Page) -> None:
    """Buttons, fields, links and summaries say what they are to those who do not see them."""
    page.get_by_role("row").nth(2).get_by_role("button").click()
    page.locator(".im-filters > summary").click()
    nameless = page.evaluate("""() => [...document.querySelectorAll("button, input, select, a[href], summary")]
      .filter((one) => ![one.getAttribute("aria-label"), one.textContent, one.closest("label")?.textContent]
        .some((name) => name?.trim()))
      .map((one) => one.outerHTML)""")
    assert nameless == []


def test_area_drawn_on_the_map_filters(page: Page) -> None:
    """A rectangle dragged over the map leaves what lies in it; taken back, all is there again."""
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


def test_heat_is_a_choice(page: Page) -> None:
    """Off at first; on, the heat's canvas is painted, and the marks stay."""
    painted = f"""() => {{
      const {{ context, _container: canvas }} = {MAP}.heat;
      return context.getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
    }}"""
    assert not page.evaluate(painted)
    page.get_by_label("Heat").check()
    assert page.evaluate(painted)
    assert shown(page) == 9


def test_provinces_stand_under_their_country(page: Page) -> None:
    """A country opens into its provinces, each with its count; choosing one leaves its incidents."""
    page.locator(".im-filters > summary").click()
    page.get_by_text("Country and province").click()
    page.get_by_label("Provinces of Iraq").click()
    row = page.locator(".im-choice.im-indented").filter(has_text="Basra")
    assert row.locator(".im-count").inner_text() == "3"
    row.get_by_role("checkbox").check()
    assert shown(page) == 3
    page.locator(".im-choice").filter(has_text="Iraq").get_by_role("checkbox").first.check()
    assert page.evaluate(f"() => {MAP}.state.filters.country") == ["IQ"], "the country holds its provinces"


def test_counts_beside_choices_keep_all_other_filters(page: Page) -> None:
    """What stands beside a choice is what it would leave: its own facet left open, every other filter kept."""
    page.evaluate(f"() => {MAP}.setView({{filters: {{event_type: ['Protests']}}, confidence: 0.5}})")
    page.locator(".im-filters > summary").click()
    page.wait_for_selector(".im-step .im-count:not(:empty)")
    counts = {
        label: page.locator(".im-facet").first.locator(".im-choice").filter(has_text=label).locator(".im-count")
        for label in ("Protests", "Battles", "Explosions")
    }
    assert {label: count.inner_text() for label, count in counts.items()} == {
        "Protests": "2",
        "Battles": "0",
        "Explosions": "0",
    }
    steps = page.get_by_role("group", name="Confidence, at least").get_by_role("button")
    assert [step.inner_text().split() for step in steps.all()] == [["0.25+", "2"], ["0.5+", "2"], ["0.75+", "2"]]
    steps.nth(1).click()
    assert shown(page) == 3, "the step that is set is taken back"


def test_rejected_incidents_are_counted_and_shown_on_demand(
    show: Callable[..., Page], rejected: gpd.GeoDataFrame
) -> None:
    """What was rejected is no part of map and histogram; the box lists it, the status filter shows it."""
    page = show(rejected)
    assert shown(page) == 7
    page.get_by_role("button", name="2 rejected").click()
    assert len(listed(page)) == 2
    page.locator(".im-filters > summary").click()
    page.get_by_text("Status", exact=True).click()
    page.get_by_label("rejected").check()
    assert shown(page) == 2


@pytest.fixture(scope="module")
def rejected(incidents: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The ten incidents, two of them rejected."""
    return incidents.assign(status=["rejected"] * 2 + ["reviewed"] * 8)


def test_shape_drawn_on_the_map_filters(page: Page) -> None:
    """A shape drawn by hand leaves what lies in it, at its very edge nothing; Escape gives up."""
    x, y = page.evaluate(AT, "badge")
    page.locator(".im-filters > summary").click()
    page.get_by_role("button", name="Draw", exact=True).click()
    page.mouse.move(x - 40, y - 30)
    page.mouse.down()
    for dx, dy in [(40, -30), (40, 30), (-40, 30), (-40, -20)]:
        page.mouse.move(x + dx, y + dy, steps=6)
    page.mouse.up()
    assert shown(page) == 1
    assert len(page.evaluate(f"() => {MAP}.state.area")) > 6
    page.get_by_role("button", name="Draw", exact=True).click()
    page.keyboard.press("Escape")
    assert shown(page) == 1


def test_map_is_operated_with_the_keyboard(page: Page) -> None:
    """Enter opens what is nearest to the centre, Tab and Enter choose of its list, Escape goes back to the map."""
    page.evaluate(f"() => {MAP}.map.setView([30.5, 47.78], 7, {{animate: false}})")
    page.locator(".im-map").focus()
    page.keyboard.press("Enter")
    popup = page.get_by_role("dialog")
    assert popup.get_by_role("button").count() == 4, "three incidents and their way into the table"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.get_by_role("region", name="Evidence").locator("h2").is_visible()
    page.keyboard.press("Escape")
    popup.wait_for(state="detached")
    assert page.evaluate("() => document.activeElement.className").startswith("im-map")


def test_pointer_over_a_place_names_it(page: Page) -> None:
    """The name and the count, until the pointer is elsewhere; an open list has no need of it."""
    page.mouse.move(*page.evaluate(AT, "badge"))
    assert page.locator(".im-tip").inner_text() == "Syria · 1"
    page.mouse.move(*[one - 5 for one in page.evaluate(AT, "badge")])
    page.mouse.click(*page.evaluate(AT, "badge"))
    page.mouse.move(*page.evaluate(AT, "badge"))
    page.locator(".im-tip").wait_for(state="detached")


def test_evidence_is_walked_through(page: Page) -> None:
    """Next and previous go through the list in its order, and stop at its ends."""
    page.locator("tbody button").first.click()
    first = page.evaluate(f"() => {MAP}.state.selected")
    assert page.get_by_role("button", name="Previous incident").is_disabled()
    page.get_by_role("button", name="Next incident").click()
    assert "im-selected" in (page.locator("tbody tr").nth(1).get_attribute("class") or "")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(f"() => {MAP}.state.selected") == first


def test_arabic_runs_from_the_right(page: Page) -> None:
    """Names and quotes take the direction of their script."""
    row = page.get_by_role("row").filter(has_text="دير الزور")
    assert row.get_by_text("دير الزور").evaluate("(one) => getComputedStyle(one).direction") == "rtl"
    row.get_by_role("button").click()
    quote_ = page.get_by_role("region", name="Evidence").locator("blockquote")
    assert quote_.evaluate("(one) => getComputedStyle(one).direction") == "rtl"


def test_place_is_listed_beside_the_map(page: Page) -> None:
    """The list of one place is all that the table holds, until one lets it go."""
    page.evaluate(f"() => {MAP}.map.setView([30.5, 47.78], 7, {{animate: false}})")
    page.mouse.click(*page.evaluate(AT, "dot"))
    page.get_by_role("button", name="List them beside the map").click()
    assert len(listed(page)) == 3
    page.locator(".im-place").click()
    assert len(listed(page)) > 3


def test_circle_of_several_places_lists_them(
    show: Callable[..., Page], many: Callable[[int], gpd.GeoDataFrame]
) -> None:
    """A click on it names its places with their counts; one of them is gone to and opened."""
    page = show(many(5_000))
    page.mouse.click(*page.evaluate(AT, "dot"))
    row = page.get_by_role("dialog").locator(".im-row").first
    name, count = row.inner_text().split("\n")
    row.click()
    assert page.get_by_role("dialog").locator("h2").last.inner_text() == f"{name} {count} incidents"


def test_rows_of_the_table_are_walked_with_the_arrows(page: Page) -> None:
    """Down goes to the next row and Enter opens it."""
    page.locator("tbody button").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert "im-selected" in (page.locator("tbody tr").nth(1).get_attribute("class") or "")


@pytest.fixture(scope="module")
def quoted() -> gpd.GeoDataFrame:
    """One incident told by two reports, with the text around it, counts, reasons and a runner-up."""
    text = {"evidence": "Jets struck Basra, killing four.", "span": [20, 52], "fields": {"place": [32, 37]}}
    around = {"before": "It had been quiet.", "after": "No one claimed it. A bridge fell."}
    first = [
        {"report": "a.txt", "url": "https://example.org/a", "published": "2021-06-28", **text, **around}
        | {"fatalities": [4, 4]},
        {"report": "a.txt", "url": "https://example.org/a", "published": "2021-06-28", "evidence": "A bridge fell."},
    ]
    second = [{"report": "b.txt", "publisher": "Wire", "evidence": "At least nine died.", "fatalities": [9, None]}]
    row = {
        "incident_id": "q",
        "event_type": "Battles",
        "geometry": Point(47.78, 30.5),
        "geo_precision": "settlement",
        "place": "Basra",
        "date_start": "2021-06-27",
        "date_end": "2021-06-27",
        "sources": [*first, *second],
        "reasons": {"place.base": 0.7, "place.speaker": -3.0, "merge.2.score": 4.0},
        "country": ["IQ"],
        "alternatives": [{"name": "Basra", "country": ["US"], "lat": 41.0, "lon": -83.0, "score": 0.17}],
    }
    return schema.from_records([row])


def test_evidence_stands_in_its_context(show: Callable[..., Page], quoted: gpd.GeoDataFrame) -> None:
    """The sentence is lifted out of the text around it, which is not repeated; each report says what it counts."""
    page = show(quoted, hash="#" + quote('{"selected": "q"}'))
    panel = page.get_by_role("region", name="Evidence")
    assert panel.locator("blockquote").all_inner_texts() == [
        "It had been quiet. Jets struck Basra, killing four. No one claimed it.",
        *("A bridge fell.", "At least nine died."),
    ]
    assert panel.locator(".im-sentence").first.inner_text() == "Jets struck Basra, killing four."
    assert panel.locator("mark").all_inner_texts() == ["Basra"]
    assert [one.inner_text() for one in panel.locator(".im-counts").all()] == [
        *("This report says killed: 4", "This report says killed: at least 9"),
    ]


def test_runner_up_is_shown_on_the_map(show: Callable[..., Page], quoted: gpd.GeoDataFrame) -> None:
    """The other place is named with its share, and a click shows both on the map; reasons stand below."""
    page = show(quoted, hash="#" + quote('{"selected": "q"}'))
    panel = page.get_by_role("region", name="Evidence")
    assert "17 %" in panel.locator(".im-rivals").inner_text()
    panel.get_by_role("button", name="Show Basra, US on the map").click()
    assert page.evaluate(
        f"() => {MAP}.map.getBounds().contains([41, -83]) && {MAP}.map.getBounds().contains([30.5, 47.78])"
    )
    panel.get_by_text("Why here?").click()
    assert panel.get_by_role("row").filter(has_text="somebody there speaks").locator(".im-against").count() == 1


def test_growing_window_keeps_its_start(page: Page) -> None:
    """Played by months, the growing window ends with the month and begins where the data do."""
    page.get_by_label("Window while playing").select_option("growing")
    page.get_by_label("Step of playing").select_option("month")
    page.evaluate(f"() => {{ const {{time}} = {MAP}; time.toggle(); clearInterval(time.playing); }}")
    assert page.locator(".im-window").inner_text() == "5–30 April 2021"
    page.evaluate(f"() => {MAP}.time.tick()")
    assert page.locator(".im-window").inner_text() == "5 April – 31 May 2021"
    page.get_by_role("button", name="Pause").click()


def test_window_moves_by_a_step(page: Page) -> None:
    """The step buttons, and Shift with an arrow on a handle, move the window whole: a month becomes the next month."""
    page.evaluate(f"() => {MAP}.setView({{start: '2021-05-01', end: '2021-05-31'}})")
    page.get_by_label("Step of playing").select_option("month")
    page.get_by_role("button", name="Window on by a step").click()
    assert page.locator(".im-window").inner_text() == "June 2021"
    page.get_by_label("Window end").focus()
    page.keyboard.press("Shift+ArrowLeft")
    assert page.locator(".im-window").inner_text() == "May 2021"
    page.keyboard.press("Space")
    assert page.get_by_role("button", name="Pause").is_visible()
    page.keyboard.press("Space")


def test_histogram_follows_the_other_filters(page: Page) -> None:
    """A type chosen, the bars are its own: the picture changes, and comes back."""
    picture = f"() => {MAP}.time.canvas.toDataURL()"
    before = page.evaluate(picture)
    page.get_by_role("group", name="Event types").get_by_role("button", name="Protests").click()
    assert page.evaluate(picture) != before
    page.get_by_role("group", name="Event types").get_by_role("button", name="Protests").click()
    assert page.evaluate(picture) == before


def test_subtitle_sums_up(page: Page) -> None:
    """How many, how many killed, when, and how many only possibly then."""
    page.evaluate(f"() => {MAP}.setView({{start: '2021-06-20', end: '2021-06-30'}})")
    said = page.locator(".im-subtitle").inner_text()
    assert said == "7 of 10 incidents · at least 4 killed · 20–30 June 2021 · 2 only possibly in these days"


def test_paper_is_light_and_holds_the_note(show: Callable[..., Page], incidents: gpd.GeoDataFrame) -> None:
    """Printed, the page is light, unfolded and without tools; afterwards it is as it was."""
    page = show(incidents, title="A map", color_scheme="dark")
    page.emulate_media(media="print")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".im").get_attribute("data-theme") == "light"
    assert page.get_by_text("By precision of place").is_visible()
    assert not page.get_by_role("button", name="Play").is_visible()
    page.emulate_media(media="screen")
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert page.locator(".im").get_attribute("data-theme") == "dark"
    assert not page.get_by_text("By precision of place").is_visible()


LOOKS: list[dict[str, Any]] = [{}, {"color_scheme": "dark"}, {"width": 390, "height": 844}]


@pytest.mark.parametrize("look", LOOKS, ids=["light", "dark", "narrow"])
def test_axe_finds_nothing_serious(
    show: Callable[..., Page], incidents: gpd.GeoDataFrame, look: dict[str, Any]
) -> None:
    """No serious or critical fault of access: as it opens, and with evidence, filters, a popup and the note open."""
    page = show(incidents, title="A map", **look)
    assert serious(page) == []
    page.get_by_role("row").filter(has_text="Border").get_by_role("button").click()
    page.locator(".im-method > summary").click()
    page.locator(".im-filters > summary").click()
    page.evaluate("() => document.querySelectorAll('.im-facet').forEach((one) => { one.open = true; })")
    page.evaluate(f"() => {MAP}.pointer.open({MAP}.drawn.find((one) => one.r), {MAP}.map.getCenter())")
    assert page.get_by_role("dialog").is_visible()
    page.wait_for_timeout(400)  # until it has faded in
    assert serious(page) == []


def serious(page: Page) -> list[str]:
    """What axe-core holds to be a serious or critical fault."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")]


BY_HAND = """(views) => views.map((view) => {
  const map = document.getElementById("incident-map").incidentMap;
  map.setView({ undated: false, certain: false, start: "", end: "", ...view });
  const { store, mask, counts, totals, of } = map;
  const classes = store.types.length;
  const found = new Int32Array(counts.length);
  for (let i = 0; i < store.n; i++) {
    if (mask[i] && map.inWindow(i)) found[(of[i] < 0 ? totals.length - 1 : of[i]) * classes + store.type[i]]++;
  }
  return [Array.from(found).join(), Array.from(counts).join(), map.shown];
})"""


def test_sums_at_checkpoints_are_the_counts(show: Callable[..., Page], many: Callable[[int], gpd.GeoDataFrame]) -> None:
    """Whatever the window, each circle's counts by type are what counting every incident gives."""
    page = show(many(5_000))
    days = [str(day) for day in pd.date_range("2017-12-01", "2022-02-01", periods=9).date]
    spans = [{"start": start, "end": end} for start in days for end in days if start <= end]
    views = [
        {**span, **more} for span in spans for more in ({}, {"certain": True}, {"filters": {"event_type": ["Riots"]}})
    ]
    told = page.evaluate(BY_HAND, views)
    assert [counts for _, counts, _ in told] == [by_hand for by_hand, _, _ in told]
    assert len({shown for *_, shown in told}) > len(days)


def test_no_filter_moves_the_view(page: Page) -> None:
    """Window, filters, layers, evidence and lists come and go; the map stays where it is."""
    where = f"() => {MAP}.map.getBounds().toBBoxString()"
    before = page.evaluate(where)
    for view in [{"start": "2021-06-27"}, {"filters": {"country": ["SY"]}}, {"text": "nothing at all"}, {"heat": True}]:
        page.evaluate(f"(view) => {MAP}.setView(view)", {"filters": {}, "text": "", "start": "", **view})
        assert page.evaluate(where) == before, view
    page.evaluate(f"() => {MAP}.setView({{text: 'nothing at all', heat: false}})")
    assert "Nothing here" in page.locator("tbody").inner_text()
    page.locator(".im-clear").dispatch_event("click")
    page.get_by_role("row").nth(1).get_by_role("button").click()
    page.get_by_role("button", name="1 without a date").click()
    assert page.evaluate(where) == before


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


@pytest.mark.parametrize(("count", "most"), [(0, 500_000), (5_000, 1_100_000), (100_000, 12_500_000)])
def test_file_is_small(
    drawn: Callable[..., Path], many: Callable[[int], gpd.GeoDataFrame], count: int, most: int
) -> None:
    """Half a megabyte and 120 bytes an incident, each with its sentence."""
    assert drawn(many(count)).stat().st_size <= min(most, 500_000 + 120 * count)


VIEWS: list[dict[str, Any]] = [
    {"start": "2021-06-20", "end": "2021-06-27"},
    {"start": "2021-06-20", "certain": True},
    {"undated": True, "filters": {"event_type": ["Protests", "Battles"]}},
    {"filters": {"country": ["IQ"], "geo_precision": ["settlement"]}},
    {"filters": {"country": ["SY", "IQ/Basra"]}},
    {"filters": {"status": ["rejected"]}, "undated": True},
    {"confidence": 0.5},
    {"fatalities": 1},
    {"text": "marched"},
    {"area": [47, 30, 48, 31], "undated": True},
    {"area": [46, 29, 49, 29, 49, 31, 47.5, 32]},
]


@pytest.mark.parametrize("view", VIEWS)
def test_python_and_the_page_select_alike(page: Page, incidents: gpd.GeoDataFrame, view: dict[str, Any]) -> None:
    """What `geo.layers.select` picks for a download is what the map shows."""
    page.evaluate(f"(view) => {MAP}.setView(view)", view)
    assert shown(page) == len(select(incidents, view))
