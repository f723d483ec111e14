"""The map as a Streamlit component."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.layers.payload import packed, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DISTRIBUTION, COMPONENT = "incident-mapper", "incident_map"
NAME = f"{DISTRIBUTION}.{COMPONENT}"


def incident_map(  # keywords
    payload: Mapping[str, Any],
    *,
    key: str,
    height: int | None = None,
    frame: Mapping[str, Any] | None = None,
    view: Mapping[str, Any] | None = None,
    pick: bool = False,
    picked: tuple[float, float] | None = None,
) -> dict[str, Any]:
    """Show the map in a Streamlit script and return the view that the user has made of it.

    `payload` is what `geo.layers.payload.payload` makes, and `frame` what `geo.webmap.frame` reads off a folium map.
    Each is sent once: while the browser holds them only `view` goes along, and one that differs from the last one sent
    is shown. `height` is in pixels; without one the map fills the window. With `pick` a click on the map picks a point
    and draws a cross there; `picked` (lat, lon) is where the cross stands at first.

    The view returned has the keys that `geo.layers.select` takes, and `center`, `zoom`, `selected` (an incident's id),
    `mentions`, `theme`, `shown` (how many incidents the window holds), `picked` ([lat, lon], or None); empty until the
    map is drawn.
    """
    import streamlit as st  # noqa: PLC0415  # heavy

    frame = dict(frame or {})
    version, framed = str(payload["version"]), hashlib.sha256(to_json(frame).encode()).hexdigest()[:16]
    before = state_of(st.session_state.get(key))
    had = before.get("have")
    if had is None:  # it is new on the page: the browser may hold what it was sent when it stood there before
        had = st.session_state.get(f"{key} sent")
    held = held_of(had)
    data: dict[str, Any] = {"version": version, "framed": framed, "view": dict(view or {}), "height": height}
    data |= {"payload": packed(payload)} if held.get("version") != version else {}
    data |= {"frame": frame} if held.get("framed") != framed else {}
    data |= {"pick": True, "picked": list(picked) if picked else None} if pick else {}
    st.session_state[f"{key} sent"] = {"version": version, "framed": framed}
    state = mounted()(
        key=key,
        data=data,
        height=height or "content",
        on_have_change=ignore,
        on_view_change=ignore,
        on_picked_change=ignore,
    )
    return view_of(state)


def held_of(told: object) -> Mapping[str, Any]:
    """What the browser says it holds: the versions of payload and frame."""
    return told if isinstance(told, dict) else {}


def view_of(state: Any) -> dict[str, Any]:  # noqa: ANN401  # Streamlit's own mapping
    """The view that the browser told, and the point picked."""
    told = state_of(state)
    view = dict(told.get("view") or {})
    return {**view, "picked": told.get("picked")} if view else {}


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
