"""The one HTML file, and the folium map that describes its frame."""

from __future__ import annotations

import base64
import gzip
import html
import json
import os
import re
from pathlib import Path
from typing import Any

import folium
import jinja2
import pandas as pd
import pytest
from shapely import Point

from geo import export, schema, webmap
from geo.errors import InputError, OutputError
from geo.webmap import Backdrop, draw, frame, save, to_html
from geo.webmap.page import digest, umask

HOSTILE: list[str] = json.loads((Path(__file__).parents[1] / "browser" / "hostile.json").read_text(encoding="utf-8"))
PROBE = "INCIDENT_MAPPER_PROBE"
RUNNING = [
    f"{{{{ cycler.__init__.__globals__.os.environ.__setitem__('{PROBE}', '1') }}}}",
    f"{{% set x = lipsum.__globals__.os.environ.__setitem__('{PROBE}', '1') %}}",
    f"{{{{ self.__init__.__globals__.__builtins__.__import__('os').environ.__setitem__('{PROBE}', '1') }}}}",
]
"""Templates that leave a mark in this process where an engine evaluates them."""


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What any template engine of this process is given to compile."""
    sources: list[str] = []
    compile_ = jinja2.Environment.compile

    def watched(self: Any, source: Any, *rest: Any, **more: Any) -> Any:
        sources.append(str(source))
        return compile_(self, source, *rest, **more)

    monkeypatch.setattr(jinja2.Environment, "compile", watched)
    monkeypatch.delenv(PROBE, raising=False)
    return sources


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


def test_probe_sees_a_template(compiled: list[str]) -> None:
    """The probe works: what folium renders is seen, and a template that is evaluated leaves its mark."""
    jinja2.Template(RUNNING[0]).render()
    assert (compiled, os.environ.pop(PROBE)) == ([RUNNING[0]], "1")


def test_no_template_engine_sees_data(compiled: list[str], tmp_path: Path) -> None:
    """Title, every column, overlay and every export, with the whole corpus: nothing of it is compiled or evaluated."""
    texts = [*HOSTILE, *RUNNING]
    table = schema.coerce(pd.concat([incidents(text) for text in texts], ignore_index=True))
    table["incident_id"] = [f"i{n}" for n in range(len(table))]
    drawn = draw(table, title="".join(RUNNING), places=pd.DataFrame({"name": texts, "kind": texts, "lat": 1, "lon": 2}))
    shape = {"type": "Point", "coordinates": [1, 2]}
    features = [{"type": "Feature", "geometry": shape, "properties": {"name": text, text: text}} for text in texts]
    (tmp_path / "zones.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    Backdrop(overlays=(str(tmp_path / "zones.geojson"),)).add_to(drawn)
    page = drawn._repr_html_() + to_html(drawn)
    for suffix in export.WRITERS:
        export.write(table, tmp_path / f"out{suffix}")
    export.write_layers(table, tmp_path / "layers", by="event_type")
    assert set(block(to_html(drawn), "incident-data")["texts"]) >= set(texts)
    assert not [source for source in compiled if any(text in source for text in texts)]
    assert PROBE not in os.environ
    assert "49" not in re.findall(r"<title>(.*?)</title>", page, re.DOTALL)[0]


@pytest.mark.parametrize("text", HOSTILE[::6])
def test_hostile_text_arrives_as_it_is(text: str) -> None:
    """Title and every column come back literally from the data block, and the page has no script but its own."""
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


POINTS = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}}


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        (folium.Html("<b>x</b>"), "Html: cannot be drawn"),
        (folium.Marker([1, 2], popup="x"), "Popup of a Marker"),
        (folium.Marker([1, 2], icon=folium.Icon(color="red")), "Icon of a Marker"),
        (folium.GeoJson(POINTS, popup=folium.GeoJsonPopup(fields=[])), "GeoJsonPopup of a GeoJson"),
        (folium.GeoJson(POINTS, highlight_function=lambda _: {}), "GeoJson with highlight"),
        (folium.GeoJson(POINTS, marker=folium.Circle()), "GeoJson with marker"),
        (folium.TileLayer("https://{x}.example/{z}/{x}/{y}.png", attr="x"), "has no host"),
    ],
)
def test_what_cannot_be_drawn_is_an_error(layer: Any, told: str) -> None:
    """A plugin, a popup's markup, an icon font: each is named, never dropped."""
    drawn = draw(incidents())
    layer.add_to(drawn)
    with pytest.raises(OutputError, match=told):
        to_html(drawn)


def test_settings_that_cannot_be_honoured_are_an_error() -> None:
    """An option of the map that neither host has, or markup of one's own, is named."""
    drawn = draw(incidents())
    drawn.options["max_bounds"] = True
    with pytest.raises(OutputError, match="maxBounds: no option"):
        frame(drawn)
    drawn = draw(incidents())
    drawn.get_root().html.add_child(folium.Element("<b>mine</b>"))
    with pytest.raises(OutputError, match="markup or script of one's own"):
        frame(drawn)


def test_circle_is_metres_wide() -> None:
    """A folium circle of 100 km becomes a ring of points a degree or so round its centre."""
    drawn = draw(incidents())
    folium.Circle([10, 179.9], radius=100_000, tooltip="round").add_to(drawn)
    (overlay,) = frame(drawn)["overlays"]
    (ring,) = overlay["data"]["features"][0]["geometry"]["coordinates"]
    assert max(lat for _, lat in ring) == pytest.approx(10.904, abs=0.01)
    assert max(lon for lon, _ in ring) == pytest.approx(180.81, abs=0.02)
    assert "radius" not in overlay["styles"][0]
    assert overlay["tips"] == ["round"]


def test_hidden_group_is_one_hidden_overlay() -> None:
    """What a group holds is shown or hidden as one, under the group's name."""
    drawn = draw(incidents())
    group = folium.FeatureGroup("mine", show=False).add_to(drawn)
    folium.GeoJson(POINTS).add_to(group)
    folium.CircleMarker([3, 4]).add_to(group)
    (overlay,) = frame(drawn)["overlays"]
    assert (overlay["name"], overlay["show"], len(overlay["styles"])) == ("mine", False, 2)


# --- backdrops --------------------------------------------------------------------------------------------------------


def test_backdrop_by_name_and_address() -> None:
    """Names of xyzservices, addresses and PMTiles files become tile layers whose hosts alone the page may ask."""
    wanted = ("OpenStreetMap.Mapnik", "https://{s}.mine.example/{z}/{x}/{y}.png", "https://files.example/world.pmtiles")
    drawn = Backdrop(tiles=wanted, attribution="Mine").add_to(draw(incidents()))
    found = frame(drawn)["tiles"]
    assert [(tile["kind"], tile["attribution"]) for tile in found] == [
        ("xyz", "© OpenStreetMap contributors"),
        ("xyz", "Mine"),
        ("pmtiles", "Mine"),
    ]
    asked = webmap.hosts(frame(drawn))
    assert asked.data == ("https://files.example",)
    assert asked.images == (
        *(f"https://{letter}.mine.example" for letter in "abc"),
        "https://tile.openstreetmap.org",
    )
    page = to_html(drawn)
    assert "connect-src https://files.example;" in page
    assert page.count("<script>") == 4  # Leaflet, two for PMTiles, the map


def test_backdrop_travels_as_text() -> None:
    """To the dashboard's process and back; an empty one is none."""
    told = Backdrop(("OpenStreetMap.Mapnik",), "x", ("a.geojson",), (1.0, 2.0), 7.0)
    assert Backdrop.from_json(told.to_json()) == told
    assert Backdrop.from_json("{}") == Backdrop()
    drawn = Backdrop(center=(1.0, 2.0)).add_to(draw(incidents()))
    assert (frame(drawn)["center"], frame(drawn)["zoom"]) == ([1.0, 2.0], 6)


@pytest.mark.parametrize(
    ("tiles", "told"),
    [
        ("Nobody.Knows", "not known"),
        ("Jawg.Streets", "need a key"),
        ("https://x.example/tile.png", "no address of tiles"),
        ("javascript://x/{z}/{x}/{y}", "no address of tiles"),
        ("https://x.example/{z}/{x}/{y}.png; script-src *", "no address of tiles"),
    ],
)
def test_unknown_tiles_are_one_line(tiles: str, told: str) -> None:
    """What is no tile service is named with what to do; nothing can be slipped into the policy."""
    with pytest.raises(InputError, match=told) as caught:
        Backdrop(tiles=(tiles,)).add_to(draw(incidents()))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is no GeoJSON"),
        ("[" * 100_000, "is no GeoJSON"),
        ("[]", "feature 1 has no geometry"),
        ('{"type": "FeatureCollection", "features": 3}', "no list"),
        ('{"type": "Point", "coordinates": [500000, 4000000]}', "in degrees"),
        ('{"type": "Feature", "geometry": {"type": "Point"}}', "feature 1 has no geometry"),
    ],
)
def test_broken_overlay_is_one_line(text: str, told: str, tmp_path: Path) -> None:
    """A file that is no GeoJSON in degrees is named, with the feature."""
    path = tmp_path / "zone.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        Backdrop(overlays=(str(path),)).add_to(draw(incidents()))


def test_missing_overlay_is_one_line(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(InputError, match="cannot be read"):
        Backdrop(overlays=(str(tmp_path / "none.geojson"),)).add_to(draw(incidents()))


# --- pictures ---------------------------------------------------------------------------------------------------------


def test_picture_without_chromium_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none is on the PATH, the error says which names were looked for."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(OutputError, match="no Chromium on the PATH"):
        webmap.to_png(draw(incidents()))


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo it broke >&2; exit 7", "ended with code 7 .it broke."),
        ("echo '<main>'", "could not draw the map"),
        ("echo 'data-ready=\"true\"'", "made no picture"),
    ],
)
def test_chromium_that_fails_is_one_line(
    script: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes wrong in the browser is told with its own last word."""
    browser = tmp_path / "chromium"
    browser.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(OutputError, match=told):
        webmap.to_png(draw(incidents()))


def test_picture_of_no_size_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sides that no picture has are named."""
    monkeypatch.setattr("geo.webmap.picture.chromium", lambda: "/bin/true")
    with pytest.raises(OutputError, match="sides have"):
        webmap.to_png(draw(incidents()), size=(9000, 100), scale=2)


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
