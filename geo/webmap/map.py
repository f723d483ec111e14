"""`draw`: incidents → a `folium.Map`."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any, cast

import folium
from branca.element import Figure

from geo.layers import layers
from geo.layers.payload import payload
from geo.webmap.page import to_html

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from gazetteer.store import Gazetteer


class IncidentMap(folium.Map):
    """A folium map with incidents on it.

    Add tile layers, GeoJson overlays, shapes or bounds as to any folium map; save it, or show it in a notebook.
    `payload` holds what is drawn; folium never renders it.
    """

    def __init__(self, payload: Mapping[str, Any]) -> None:
        super().__init__(tiles=None, zoom_start=2)
        self.payload = payload
        self._name = "Map"
        SafeFigure().add_child(self)

    @property
    def fitted(self) -> bool:
        """Whether the view is still the one that holds all incidents."""
        return tuple(self.location) == (0.0, 0.0) and self.options.get("zoom") == 1


class SafeFigure(Figure):
    """A figure that is written by us: folium's own way renders text as a template, which runs what stands in it."""

    def render(self, **kwargs: Any) -> str:  # noqa: ANN401, ARG002  # branca's signature
        """The whole page."""
        (drawn,) = self._children.values()
        return to_html(cast("folium.Map", drawn))


def version_of(info: Mapping[str, Any]) -> str:
    """A gazetteer's version as the note on method gives it: layout, day built, a short hash of what it was made of."""
    made_of = str(info.get("made_of", ""))
    mark = f" ({hashlib.sha256(made_of.encode()).hexdigest()[:8]})" if made_of else ""
    return f"{info.get('schema_version', '')} of {str(info.get('built', ''))[:10]}{mark}"


def default_gazetteer() -> Gazetteer | None:
    """The default gazetteer, where it is built already: to name it in a note is no reason to build one."""
    from gazetteer.build import default_path  # noqa: PLC0415  # only where a note is asked for
    from gazetteer.errors import GazetteerError  # noqa: PLC0415
    from gazetteer.store import Gazetteer  # noqa: PLC0415

    try:
        return Gazetteer.open(default_path())
    except GazetteerError:
        return None


def draw(
    incidents: gpd.GeoDataFrame,
    *,
    places: pd.DataFrame | None = None,
    title: str = "",
    gazetteer: Gazetteer | None = None,
) -> IncidentMap:
    """A map of these incidents with time filter, evidence and list; `places` are a layer of places mentioned.

    `gazetteer` is named in the note on method. The result is a `folium.Map`: what is added to it is drawn, and what
    cannot be drawn is an error when it is shown.

    Raises:
        SchemaError: a table that cannot be read as an incident table.
    """
    version = version_of(gazetteer.info()) if gazetteer is not None else ""
    made = dt.datetime.now(tz=dt.UTC).date()
    return IncidentMap(payload(layers(incidents, places), title=title, gazetteer=version, made=made))
