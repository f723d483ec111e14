"""Journeys through the review of a project, served as users serve it. Each leaves a screenshot."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from geo.project import Project, add_table
from geo.schema import from_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

pytestmark = pytest.mark.usefixtures("gazetteer")
ROOT = Path(__file__).parents[2]
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
LEFT = re.compile(r"([\d,]+) of ([\d,]+) left to review")
HOSTILE = "{{ 7*7 }}<img src=x onerror=alert(1)>![x](http://example.org/x.png) </script>"
COUNT = 12


def incident(number: int, **more: Any) -> dict[str, Any]:
    """An incident in Mosul, the more doubtful the smaller its number."""
    return {
        "incident_id": f"i{number:02}",
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "date_start": f"2024-05-{number + 1:02}",
        "date_end": f"2024-05-{number + 1:02}",
        "date_precision": "day",
        "place": f"Town {number}",
        "place_text": f"Town {number}",
        "lat": 36.3,
        "lon": 43.1,
        "country": ["IQ"],
        "geo_precision": "settlement",
        "sources": [{"report": f"{number}.txt", "evidence": f"Shots were fired in town {number}.", "span": [0, 9]}],
        "confidence": number / 100,
        "status": "machine",
        **more,
    }


@contextmanager
def served(path: Path) -> Iterator[str]:
    """The dashboard's address, while it runs with a project."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    line = [sys.executable, "-m", "geo", "app", str(path), "--port", port]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as process:  # noqa: S603  # our own program
        try:
            assert process.stdout is not None
            match = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert match
            yield match.group()
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of twelve incidents, the third hostile in all its words."""
    path = tmp_path_factory.mktemp("project") / "war.gpkg"
    words = dict.fromkeys(("place", "place_text", "country_name", "admin1"), HOSTILE)
    told = [{"report": HOSTILE, "evidence": HOSTILE, "publisher": HOSTILE, "url": "javascript:alert(1)"}]
    rows = [incident(number, **({**words, "sources": told} if number == 2 else {})) for number in range(COUNT)]
    with Project.create(path) as made:
        add_table(made, "table.csv", "one", [from_records(rows)])
    return path


@pytest.fixture(scope="module")
def address(project: Path) -> Iterator[str]:
    """The dashboard with the project."""
    with served(project) as url:
        yield url


@pytest.fixture
def review(open_page: Callable[..., Page], address: str) -> Callable[..., Page]:
    """Opens the review in a browser of its own."""

    def opened(**options: Any) -> Page:
        page = open_page(address, ready="text=left to review", **options)
        rested(page)
        return page

    return opened


def rested(page: Page) -> None:
    """Wait until the script has run."""
    page.wait_for_timeout(400)
    page.wait_for_selector(IDLE)


def left(page: Page) -> int:
    """How many incidents are left, as the page says."""
    match = LEFT.search(page.locator("[data-testid=stProgress]").inner_text())
    assert match
    return int(match.group(1))


def until(page: Page, count: int) -> None:
    """Wait until so many are left."""
    page.wait_for_selector(f"text={count} of {COUNT} left to review")
    rested(page)


def shown(page: Page) -> str:
    """The id of the incident on the page, by the number of its town."""
    match = re.search(r"Where: Town (\d+)", page.inner_text("[data-testid=stMain]"))
    return f"i{int(match.group(1)):02}" if match else "i02"


def waited_for(page: Page, is_it: Callable[[str], bool]) -> bool:
    """Whether such an incident comes onto the page: the count above it is drawn before it."""
    for _ in range(50):
        if is_it(shown(page)):
            rested(page)
            return True
        page.wait_for_timeout(200)
    return False


def decisions(path: Path, name: str) -> list[tuple[str, str]]:
    """Kind and person of each decision about an incident."""
    with Project.open(path) as opened:
        return [(one.kind, one.who) for one in opened.decisions(name)]


def say_who(page: Page, name: str) -> None:
    """Type a name into the field that asks who decides."""
    field = page.get_by_label("Who decides")
    field.fill(name)
    field.press("Enter")
    rested(page)
    field.blur()  # so that keys are shortcuts again


def test_a_queue_by_keyboard(review: Callable[..., Page], project: Path) -> None:
    """A key judges and shows the next incident; another takes it back; the file has both decisions."""
    page = review()
    say_who(page, "Ada")
    first, count = shown(page), left(page)
    page.keyboard.press("v")
    until(page, count - 1)
    assert waited_for(page, lambda name: name != first)
    page.keyboard.press("u")
    until(page, count)
    assert waited_for(page, lambda name: name == first)
    assert decisions(project, first) == [("verify", "Ada"), ("undo", "Ada")]
    page.keyboard.press("n")
    assert waited_for(page, lambda name: name != first)
    assert left(page) == count


def test_typing_is_no_shortcut(review: Callable[..., Page]) -> None:
    """Letters typed into the note are letters."""
    page = review()
    count = left(page)
    page.get_by_label("A note to go with the decision").press_sequentially("avx")
    rested(page)
    assert left(page) == count


def test_a_place_is_picked_on_the_map(review: Callable[..., Page], project: Path) -> None:
    """A click on the map is offered as the place; corrected, the incident lies there and its words are remembered."""
    page = review()
    say_who(page, "Ada")
    name, count = shown(page), left(page)
    surface = page.locator(".leaflet-container").first
    box = surface.bounding_box()
    assert box
    surface.click(position={"x": box["width"] / 2 + 60, "y": box["height"] * 0.6})
    page.get_by_text("How exact is the point").wait_for()
    rested(page)
    page.get_by_role("button", name="Correct the place").click()
    until(page, count - 1)
    with Project.open(project) as opened:
        found = opened.incident(name)
        assert found is not None
        assert found.record["lon"] != 43.1
        assert abs(found.record["lat"] - 36.3) < 2
        assert found.record["status"] == "reviewed"
        assert len(opened.own_places(f"Town {int(name[1:])}")) == 1


def test_two_browsers_at_once(review: Callable[..., Page], project: Path) -> None:
    """Both look at one incident: the second to decide is told who decided what, and nothing is lost."""
    ada, ben = review(), review()
    for page, name in ((ada, "Ada"), (ben, "Ben")):
        say_who(page, name)
    name, count = shown(ada), left(ada)
    assert shown(ben) == name
    ada.keyboard.press("a")
    until(ada, count - 1)
    ben.keyboard.press("x")
    ben.get_by_text("had changed since you opened it").wait_for()
    rested(ben)
    told = ben.inner_text("[data-testid=stMain]")
    assert "accept by Ada" in told
    assert "People decided differently" in told
    assert decisions(project, name)[-2:] == [("accept", "Ada"), ("reject", "Ben")]
    ben.keyboard.press("d")  # Ben has seen both now, and settles it
    until(ben, count - 1)
    with Project.open(project) as opened:
        found = opened.incident(name)
        assert found is not None
        assert (found.record["status"], found.conflict) == ("disputed", "")


def test_hostile_words_are_shown_as_words(review: Callable[..., Page], project: Path) -> None:
    """An incident full of markup can be reviewed; the browser asks nobody for anything (the page's own guard)."""
    page = review()
    say_who(page, HOSTILE[:60])
    for _ in range(COUNT):
        if f"“{HOSTILE}”" in page.inner_text("[data-testid=stMain]"):
            break
        page.keyboard.press("n")
        rested(page)
    else:
        pytest.fail("the hostile incident was not met")
    page.keyboard.press("d")
    page.wait_for_timeout(500)
    rested(page)
    assert decisions(project, "i02")[-1] == ("dispute", HOSTILE[:60])


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)])
def test_it_fits_and_can_be_read(review: Callable[..., Page], scheme: str, width: int) -> None:
    """Nothing is cut off at the side, and axe finds no serious fault, by day, by night and on a telephone."""
    page = review(width=width, height=844, color_scheme=scheme)
    page.wait_for_timeout(1500)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    found = Axe().run(page).response["violations"]
    serious = [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")]
    assert serious == []
