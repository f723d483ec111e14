"""What a user adds to the folium map is drawn by the page, and in a notebook's frame."""

from __future__ import annotations

import http.server
import threading
from typing import TYPE_CHECKING

import folium
import pytest

from geo.webmap import draw, save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import geopandas as gpd
    from playwright.sync_api import Page

MAP = "document.getElementById('incident-map').incidentMap"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100"
    "c9fe92ef0000000049454e44ae426082"
)


@pytest.fixture
def tiles() -> Iterator[str]:
    """The address of tiles, one red dot each, served by this machine."""

    class Tiles(http.server.BaseHTTPRequestHandler):
        """Answers every path with a picture."""

        def do_GET(self) -> None:  # the base class's name
            """Send it."""
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(PNG)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tiles) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}.png"
        server.shutdown()


def test_users_tiles_overlays_and_view_are_drawn(
    open_page: Callable[..., Page], incidents: gpd.GeoDataFrame, tiles: str, tmp_path: Path
) -> None:
    """Tiles are loaded from the host that the user named, an overlay is drawn, the view is the user's."""
    drawn = draw(incidents)
    drawn.location, drawn.options["zoom"] = [33.0, 44.0], 7
    folium.TileLayer(tiles, attr="Mine <b>alone</b>", name="My tiles").add_to(drawn)
    square = {"type": "Polygon", "coordinates": [[[43, 32], [45, 32], [45, 34], [43, 34], [43, 32]]]}
    folium.GeoJson(square, name="My zone", style_function=lambda _: {"color": "#ff0000"}).add_to(drawn)
    save(drawn, tmp_path / "map.html")
    page = open_page((tmp_path / "map.html").as_uri())
    page.wait_for_selector("img.leaflet-tile-loaded")
    assert page.locator('path[stroke="#ff0000"]').count() == 1
    assert page.evaluate(f"() => {MAP}.map.getZoom()") == 7
    assert "Mine alone" in page.locator(".leaflet-control-attribution").inner_text()
    page.get_by_label("My zone").uncheck()
    assert page.locator('path[stroke="#ff0000"]').count() == 0


def test_notebook_shows_the_map(open_page: Callable[..., Page], incidents: gpd.GeoDataFrame, tmp_path: Path) -> None:
    """What a notebook shows of the map is the map, in a frame of its own."""
    page = tmp_path / "notebook.html"
    page.write_text(f"<!DOCTYPE html><meta charset=utf-8>{draw(incidents)._repr_html_()}", encoding="utf-8")
    opened = open_page(page.as_uri(), ready="iframe")
    assert opened.frame_locator("iframe").locator('[data-ready="true"]').get_attribute("data-shown") == "9"
