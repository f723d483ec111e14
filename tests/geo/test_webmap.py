"""The one HTML file, and the folium map that describes its frame."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
from typing import TYPE_CHECKING, Any

import folium
import jinja2
import pytest
from shapely import Point

from geo import schema
from geo.errors import OutputError
from geo.webmap import draw, frame, save, to_html
from geo.webmap.page import digest, umask

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = [
    "{{ 7*7 }}<img src=x onerror=alert(1)>",
    "{{ {% {# ${ </script>",
    "{% for x in y %}",
    "{{ cycler.__init__.__globals__.os.system('true') }}",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<!--<script>",
    "]]>",
    "${alert(1)}`${1}`",
    "javascript:alert(1)",
    "\u202eevil\u2066",
    "\u2028\u2029",
    "'\"><svg onload=alert(1)>",
]


def incidents(text: str = "Aircraft struck.") -> Any:
    """One incident at a point whose every text is the one given."""
    told = [{"report": text, "publisher": text, "url": text, "evidence": text}]
    names = dict.fromkeys(("event_type", "sub_event_type", "place", "place_text", "admin1", "country_name"), text)
    row = {"geometry": Point(44, 33), "date_start": "2021-06-27", "date_end": "2021-06-27", "country": ["IQ"]}
    return schema.from_records(
        [{**row, **names, "sources": told, "actors": [text], "reasons": {text: text}, "alternatives": [{"name": text}]}]
    )


def block(page: str, name: str) -> Any:
    """The data of an inert block of the page, unpacked as the page does it."""
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.DOTALL)
    assert found
    data = json.loads(found[1])
    return json.loads(gzip.decompress(base64.b64decode(data["gzip"]))) if "gzip" in data else data


def test_draw_gives_a_folium_map() -> None:
    """What a notebook user gets is a folium.Map that shows itself as our page."""
    drawn = draw(incidents())
    assert isinstance(drawn, folium.Map)
    assert drawn.get_root().render() == to_html(drawn)
    assert "incident-data" in html.unescape(drawn._repr_html_())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_arrives_as_it_is(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Title and every column come back literally from the data block; no template engine sees any of it."""

    def probe(*_: object, **__: object) -> str:
        raise AssertionError("a template was rendered")

    monkeypatch.setattr(jinja2.Template, "render", probe)
    page = to_html(draw(incidents(text), title=text))
    data = block(page, "incident-data")
    assert data["title"] == text
    assert text in data["texts"]
    assert f"<title>{html.escape(text)}</title>" in page
    assert page.count("<script") == page.count("</script>") == 4


def test_page_asks_the_network_for_nothing() -> None:
    """No attribute or style of the page names anything outside of it, and the policy forbids what scripts might ask."""
    page = to_html(draw(incidents()))
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r"\s(src|href)=|@import|url\((?!\s*['\"]?(data:|#))", markup)
    assert "default-src 'none'" in page
    assert "connect-src" not in page


def test_policy_allows_just_the_scripts_of_the_page() -> None:
    """The hashes in the policy are those of the two scripts that run, and of the style sheet."""
    page = to_html(draw(incidents()))
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert set(re.findall(r"'sha256-[^']+'", policy[1])) == {digest(text) for text in [*scripts, *styles]}


def test_page_of_few_incidents_is_small() -> None:
    """Half a megabyte holds Leaflet, the map and the world."""
    assert len(to_html(draw(incidents())).encode()) < 500_000


def test_save_writes_the_page(tmp_path: Path) -> None:
    """The file holds the page, is readable like any new file, and nothing is left beside it."""
    target = tmp_path / "map.html"
    save(draw(incidents()), target)
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert target.stat().st_mode & 0o777 == 0o666 & ~umask()
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]


def test_unwritable_output_is_one_line(tmp_path: Path) -> None:
    """A folder that is not there, or one in the file's place, is named, and nothing is left behind."""
    (tmp_path / "folder").mkdir()
    for target in (tmp_path / "missing" / "map.html", tmp_path / "folder"):
        with pytest.raises(OutputError, match="cannot be written") as caught:
            save(draw(incidents()), target)
        assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_map_without_incidents_of_ours_is_refused() -> None:
    """A plain folium map has nothing that we could draw."""
    with pytest.raises(OutputError, match=r"geo\.webmap\.draw"):
        to_html(folium.Map())


def test_view_is_that_of_the_incidents_until_it_is_set() -> None:
    """Without a word the map holds all incidents; with bounds or a centre it obeys."""
    drawn = draw(incidents())
    assert "center" not in frame(drawn)
    drawn.location, drawn.options["zoom"] = [33.0, 44.0], 7
    assert (frame(drawn)["center"], frame(drawn)["zoom"]) == ([33.0, 44.0], 7)
    drawn.fit_bounds([[30, 40], [35, 45]])
    assert frame(drawn)["fit"] == [[30, 40], [35, 45]]
    assert "center" not in frame(drawn)


def test_tile_layer_is_honoured_and_allowed() -> None:
    """A user's tiles are drawn, their host is the only one that the policy lets the page ask."""
    drawn = draw(incidents())
    tiles = "https://{s}.tiles.example/{z}/{x}/{y}.png"
    folium.TileLayer(tiles, attr='&copy; <a href="https://x.example">Tiles</a>', name="Mine", max_zoom=12).add_to(drawn)
    found = frame(drawn)["tiles"][0]
    assert (found["url"], found["name"], found["attribution"]) == (tiles, "Mine", "© Tiles")
    assert found["options"]["maxZoom"] == 12
    each = " ".join(f"https://{letter}.tiles.example" for letter in "abc")
    assert f"img-src data: blob: {each};" in to_html(drawn)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://tile.example/{z}/{x}/{y}.png", "https://tile.example"),
        (
            "https://t{s}.tile.example:8080/{z}/{x}/{y}{r}.png?k=1",
            "https://ta.tile.example:8080 https://tb.tile.example:8080 https://tc.tile.example:8080",
        ),
        ("http://localhost:9/{z}/{x}/{y}.png", "http://localhost:9"),
    ],
)
def test_tile_host_is_what_a_policy_can_name(url: str, origin: str) -> None:
    """A host with a variable part is each of its hosts: no wildcard."""
    drawn = draw(incidents())
    folium.TileLayer(url, attr="x").add_to(drawn)
    assert f"img-src data: blob: {origin};" in to_html(drawn)


def test_tiles_from_nowhere_are_an_error() -> None:
    """A file or script in the place of a tile address is refused."""
    drawn = draw(incidents())
    folium.TileLayer("javascript:alert(1)", attr="x").add_to(drawn)
    with pytest.raises(OutputError, match="not the address of map tiles"):
        to_html(drawn)


def test_geojson_overlay_is_honoured() -> None:
    """An overlay keeps its features, its style function's style and its tooltip, all as data."""
    drawn = draw(incidents())
    feature = {
        "type": "Feature",
        "properties": {"n": "{{ 7*7 }}"},
        "geometry": {"type": "Point", "coordinates": [1, 2]},
    }
    folium.GeoJson(
        {"type": "FeatureCollection", "features": [feature]},
        name="Zones",
        style_function=lambda _: {"color": "red", "onclick": "alert(1)"},
        tooltip=folium.GeoJsonTooltip(fields=["n"]),
    ).add_to(drawn)
    (found,) = block(to_html(drawn), "incident-frame")["overlays"]
    assert (found["name"], found["styles"], found["tips"]) == ("Zones", [{"color": "red"}], ["{{ 7*7 }}"])
    assert found["data"]["features"][0]["geometry"]["coordinates"] == [1, 2]


def test_shapes_are_honoured() -> None:
    """A marker, a line and a rectangle of folium's become overlays, lon before lat."""
    drawn = draw(incidents())
    group = folium.FeatureGroup("mine").add_to(drawn)
    folium.Marker([33, 44], tooltip="here").add_to(group)
    folium.PolyLine([[33, 44], [34, 45]], color="blue").add_to(group)
    folium.Rectangle([[33, 44], [34, 45]]).add_to(drawn)
    folium.LayerControl().add_to(drawn)
    mine, area = frame(drawn)["overlays"]
    marker, line = mine["data"]["features"]
    assert (mine["name"], mine["show"], area["name"]) == ("mine", True, "Rectangle")
    assert (marker["im"], marker["geometry"]) == (0, {"type": "Point", "coordinates": [44.0, 33.0]})
    assert (line["im"], mine["tips"]) == (1, ["here", ""])
    assert mine["styles"][1]["color"] == "blue"
    assert area["data"]["features"][0]["geometry"]["coordinates"][0][0] == [44.0, 33.0]


def test_what_cannot_be_drawn_is_an_error() -> None:
    """A plugin that would need the network is named, never dropped."""
    drawn = draw(incidents())
    folium.Html("<b>x</b>").add_to(drawn)
    with pytest.raises(OutputError, match="Html: cannot be drawn"):
        to_html(drawn)


def test_other_projections_are_an_error() -> None:
    """The base map is in Web Mercator."""
    drawn = draw(incidents())
    drawn.crs = "EPSG4326"
    with pytest.raises(OutputError, match="Web Mercator"):
        to_html(drawn)


def test_gazetteer_is_named_in_the_note() -> None:
    """Whatever gazetteer is given tells its version."""

    class Known:
        """A gazetteer with a version."""

        def info(self) -> dict[str, str]:
            """What the store tells of itself."""
            return {"schema_version": 3, "built": "2026-11-20T10:00:00Z", "made_of": "abc"}

    drawn = draw(incidents(), gazetteer=Known())  # type: ignore[arg-type]
    assert block(to_html(drawn), "incident-data")["gazetteer"] == "3 of 2026-11-20 (ba7816bf)"
