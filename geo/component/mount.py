"""The map as a Streamlit component."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.layers.payload import packed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DISTRIBUTION, COMPONENT = "incident-mapper", "incident_map"
NAME = f"{DISTRIBUTION}.{COMPONENT}"


def incident_map(
    payload: Mapping[str, Any],
    *,
    key: str,
    height: int = 780,
    frame: Mapping[str, Any] | None = None,
    view: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Show the map in a Streamlit script and return the view that the user has made of it.

    `payload` is what `geo.layers.payload.payload` makes. It is sent once: afterwards, while the browser holds its
    `version`, only `frame` (what `geo.webmap.frame` reads off a folium map; taken when the data is) and `view` go
    along, and a `view` that differs from the last one sent is shown. `height` is in pixels.

    The view returned has the keys that `geo.layers.select` takes, and `center`, `zoom`, `selected` (an incident's id),
    `mentions`, `theme`, `shown` (how many incidents the window holds); empty until the map is drawn.
    """
    import streamlit as st  # noqa: PLC0415  # heavy

    data = {"version": payload["version"], "frame": dict(frame or {}), "view": dict(view or {}), "height": height}
    if state_of(st.session_state.get(key)).get("have") != payload["version"]:
        data["payload"] = packed(payload)
    state = mounted()(key=key, data=data, height=height, on_have_change=ignore, on_view_change=ignore)
    return dict(state_of(state).get("view") or {})


def state_of(state: Any) -> Mapping[str, Any]:  # noqa: ANN401  # Streamlit's own mapping, or None before the first run
    """What the browser has told, or nothing."""
    return state if state is not None and hasattr(state, "get") else {}


def ignore() -> None:
    """The script reads the state itself; Streamlit asks for a listener to each of its names."""


def mounted() -> Callable[..., Any]:
    """The component, declared to the Streamlit that runs."""
    import streamlit as st  # noqa: PLC0415  # heavy

    declare_assets()
    component: Callable[..., Any] = st.components.v2.component(NAME, js="js/main.js")
    return component


def declare_assets() -> None:
    """Tell Streamlit where the component's files are, where it did not find out itself.

    Streamlit reads the `pyproject.toml` beside this module from the files of an installed wheel. A checkout installed
    with `pip install -e`, and a test that makes a new runtime, have none to read.
    """
    from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager  # noqa: PLC0415  # heavy
    from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest  # noqa: PLC0415

    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(NAME) is None:
        config = ComponentConfig(name=COMPONENT, asset_dir=".")
        manager.register_from_manifest(
            ComponentManifest(name=DISTRIBUTION, version="0", components=[config]), Path(__file__).parent
        )
