"""What a user adds to the folium map is drawn by the page, and in a notebook's frame."""

from __future__ import annotations

import http.server
import struct
import threading
from typing import TYPE_CHECKING

import folium
import pytest

from geo.webmap import draw, save, to_html

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


WORLD = b"\x01\x00\x01%c\x01"
"""A directory of one tile, the world's: how many, its number, how often, how long, where."""


def pmtiles(tile: bytes, kind: int) -> bytes:
    """A PMTiles file (version 3, nothing compressed) with one tile of a kind: 1 vector, 2 PNG."""
    directory = WORLD % len(tile)
    metadata = b"{}"
    start = 127
    places = [start, len(directory), start + len(directory), len(metadata), 0, 0]
    places += [start + len(directory) + len(metadata), len(tile), 1, 1, 1]
    box = [round(degrees * 1e7) for degrees in (-180, -85, 180, 85)]
    head = struct.pack("<7sB11QBBBBBB4iB2i", b"PMTiles", 3, *places, 1, 1, 1, kind, 0, 0, *box, 0, 0, 0)
    return head + directory + metadata + tile


def vector_tile() -> bytes:
    """A tile whose layer `earth` is one square, as Mapbox's vector tiles are written."""
    square = bytes([9, 0, 0, 26, 128, 32, 0, 0, 128, 32, 255, 31, 0, 15])
    feature = bytes([0x18, 3, 0x22, len(square)]) + square
    layer = b"\x0a\x05earth\x12" + bytes([len(feature)]) + feature + b"\x28\x80\x20\x78\x02"
    return b"\x1a" + bytes([len(layer)]) + layer


@pytest.fixture(params=["raster", "vector"])
def archive(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a PMTiles file that this machine serves piece by piece."""
    data = pmtiles(PNG, 2) if request.param == "raster" else pmtiles(vector_tile(), 1)

    class Pieces(http.server.BaseHTTPRequestHandler):
        """Answers with the bytes asked for."""

        def do_OPTIONS(self) -> None:  # the base class's name
            """Allow pages from elsewhere to ask for pieces."""
            self.answer(204, b"")

        def do_GET(self) -> None:  # the base class's name
            """Send a piece."""
            first, last = map(int, self.headers["Range"].removeprefix("bytes=").split("-"))
            self.answer(206, data[first : last + 1])

        def answer(self, status: int, piece: bytes) -> None:
            """Send bytes to any page."""
            self.send_response(status)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Access-Control-Allow-Headers", "Range")
            self.send_header("Content-Length", str(len(piece)))
            self.end_headers()
            self.wfile.write(piece)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pieces) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/world.pmtiles"
        server.shutdown()


PAINTED = """async () => {
  const tile = document.querySelector(".leaflet-tile-loaded");
  if (tile.naturalWidth) return true;
  await new Promise((done) => setTimeout(done, 300));
  return tile.getContext("2d").getImageData(0, 0, tile.width, tile.height).data.some(Boolean);
}"""


def test_pmtiles_file_is_the_base_map(
    open_page: Callable[..., Page], incidents: gpd.GeoDataFrame, archive: str, tmp_path: Path
) -> None:
    """Raster or vector, its tiles are drawn; the map's own names give way, and come back without it."""
    drawn = draw(incidents)
    folium.TileLayer(archive, attr="Mine", name="My world").add_to(drawn)
    save(drawn, tmp_path / "map.html")
    page = open_page((tmp_path / "map.html").as_uri())
    page.wait_for_selector(".leaflet-tile-loaded")
    assert page.evaluate(PAINTED)
    assert not page.evaluate(f"() => {MAP}.ownNames()")
    page.get_by_label("My world").uncheck()
    assert page.locator(".leaflet-tile-loaded").count() == 0
    assert page.evaluate(f"() => {MAP}.ownNames()")


def test_page_without_pmtiles_does_not_carry_their_scripts(incidents: gpd.GeoDataFrame) -> None:
    """Nobody pays for what only few maps need, and its policy opens no connection."""
    text = to_html(draw(incidents))
    assert "protomapsL" not in text.replace("globalThis.protomapsL", "")
    assert "connect-src" not in text


def test_tiles_that_cannot_be_loaded_are_told(
    open_page: Callable[..., Page], incidents: gpd.GeoDataFrame, tmp_path: Path, faults: list[str]
) -> None:
    """A base map that is not there is no error of the map: it says so, and shows its own."""
    drawn = draw(incidents)
    folium.TileLayer("http://127.0.0.1:9/x.pmtiles", attr="Mine", name="Lost").add_to(drawn)
    save(drawn, tmp_path / "map.html")
    page = open_page((tmp_path / "map.html").as_uri())
    page.locator(".im-fault:not([hidden])").wait_for()
    assert page.get_by_role("alert").inner_text().startswith("Lost: could not be loaded")
    faults[:] = [fault for fault in faults if "ERR_" not in fault]
