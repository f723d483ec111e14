"""Texts that try to be more than text, in every sink of the map file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from shapely import Point

from geo import schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

HOSTILE: list[str] = json.loads(Path(__file__).with_name("hostile.json").read_text(encoding="utf-8"))
READ = """async () => {
  const map = document.getElementById("incident-map").incidentMap;
  const text = (node, selector) => node.querySelector(selector)?.textContent ?? null;
  map.inView = false;
  map.map.setZoom(9, { animate: false }); // each place by itself
  map.fill();
  const found = {};
  for (const row of document.querySelectorAll("tbody tr")) {
    row.querySelector("button").click();
    const panel = document.querySelector(".im-evidence-box");
    const cells = document.querySelectorAll("tbody tr.im-selected td");
    const hit = { slot: map.slots[map.of[map.selected()]], i: map.of[map.selected()] };
    map.map.closePopup();
    map.pointer.tell(hit, [0, 0]);
    const tip = [...document.querySelectorAll(".im-tip")].at(-1); // what the pointer is told
    const named = text(tip, "bdi");
    map.pointer.openPopup(hit, [map.selected()], [0, 0]);
    const popup = [...document.querySelectorAll(".leaflet-popup")].at(-1); // the one before still fades
    found[map.state.selected] = {
      links: panel.querySelectorAll("a[href]").length,
      texts: [
        cells[1].textContent, text(cells[2], "span"), text(panel, "blockquote"), text(panel, "figcaption"),
        text(panel, ".im-headline"), named,
        text(popup, "h2 span"), text(popup, ".im-brief-open"), text(popup, "blockquote"),
      ],
    };
  }
  const kinds = "script, style, img, iframe, form, link, base, object, embed";
  const strange = document.querySelectorAll(`#incident-map :is(${kinds})`);
  return { found, title: document.title, heading: text(document, "h1"), strange: strange.length };
}"""


def test_every_text_is_text_in_every_sink(show: Callable[..., Page]) -> None:
    """Table, evidence, source, popup, title: each text appears literally, none becomes an element or a link."""
    names = ("sub_event_type", "place", "place_text", "event_type")
    rows = [
        {
            "incident_id": f"i{n}",
            "geometry": Point(n, n / 2),
            "geo_precision": "settlement",
            **dict.fromkeys(names, text),
            "actors": [text],
            "date_start": "2021-01-01",
            "date_end": "2021-01-01",
            "sources": [{"report": text, "evidence": text, "url": text}],
        }
        for n, text in enumerate(HOSTILE)
    ]
    title = "".join(HOSTILE[:40])
    page = show(schema.from_records(rows), title=title)
    read = page.evaluate(READ)
    assert len(HOSTILE) >= 60
    assert (read["title"], read["heading"], read["strange"]) == (title, title, 0)
    for n, text in enumerate(HOSTILE):
        found = read["found"][f"i{n}"]
        assert set(found["texts"]) == {text}
        assert found["links"] == text.startswith("https:"), "only an address of the web is a link"
