"""The dashboard: one page of widgets around `geo`. Run it with `incident-mapper app` or `streamlit run app.py`.

Streamlit loads this file twice over: once as a server, with the headers below, and once a session as the page. Text out
of reports and tables is shown by `st.text` and `st.dataframe` alone: Streamlit's markdown would fetch images for it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from gazetteer.errors import GazetteerError
from geo import export, schema, webmap
from geo.commands import intake
from geo.component import incident_map
from geo.component import payload as payload_of
from geo.errors import IncidentMapperError
from geo.layers import layers, select

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    import geopandas as gpd
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from gazetteer.store import Gazetteer
    from geo.commands.intake import Taken

# No strings stand alone below: Streamlit would print them on the page.
MAP_HEIGHT = 770  # pixels
SAMPLES = Path(__file__).with_name("data") / "reports"  # in a checkout; an installed package has none
# What of a view is kept in the page's address.
KNOWN_VIEW = frozenset(
    [
        "start",
        "end",
        "certain",
        "undated",
        "filters",
        "text",
        "confidence",
        "fatalities",
        "center",
        "zoom",
        "selected",
        "theme",
    ]
)
MAX_ADDRESS_CHARACTERS = 4000
DOWNLOADS = {
    ".geojson": ("GeoJSON", "application/geo+json"),
    ".csv": ("CSV", "text/csv"),
    ".html": ("HTML map", "text/html"),
    ".gpkg": ("GeoPackage", "application/geopackage+sqlite3"),
}
TABLE = {
    "date_start": "from",
    "date_end": "to",
    "event_type": "event type",
    "sub_event_type": "what",
    "place": "where",
    "country_name": "country",
    "geo_precision": "precision",
    "fatalities_min": "killed, at least",
    "fatalities_max": "killed, at most",
    "injured_min": "injured, at least",
    "injured_max": "injured, at most",
    "actors": "by",
    "targets": "against",
    "confidence": "confidence",
    "status": "status",
}
STYLE = """<style>
[data-testid=stMainBlockContainer] {padding: 0.8rem 1rem 0.2rem 1rem; max-width: none}
body:has([data-testid=stExpandSidebarButton]) [data-testid=stMainBlockContainer] {padding-top: 2.4rem}
[data-testid=stHeader] {height: 2.4rem; min-height: 2.4rem; background: none; pointer-events: none}
[data-testid=stHeader] button {pointer-events: auto}
[data-testid=stToolbarActions], [data-testid=stAppDeployButton], [data-testid=stMainMenu] {display: none}
[data-testid=stSidebarHeader] {height: 2.5rem; min-height: 2.5rem; margin-bottom: 0}
</style>"""


def inline_scripts(page: str) -> list[str]:
    """The CSP hashes of the scripts that stand in Streamlit's own page."""
    found = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in found]


def headers() -> dict[str, str]:
    """What keeps the page from reaching anything but this server."""
    index = Path(st.__file__).parent / "static" / "index.html"
    hashes = inline_scripts(index.read_text(encoding="utf-8")) if index.is_file() else []
    policy = {
        "default-src": "'self'",
        "script-src": " ".join(["'self' 'unsafe-eval'", *hashes]),  # Streamlit builds components at run time
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "worker-src": "'self' blob:",
        "connect-src": "'self' ws://127.0.0.1:* ws://localhost:*",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }


class Headers:
    """Sends `headers` with every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.more = [(name.encode(), value.encode()) for name, value in headers().items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self.more]
            await send(message)

        await self.app(scope, receive, send_with_headers)


# --- the page ---------------------------------------------------------------------------------------------------------


def page() -> None:
    """Draw the page from top to bottom; Streamlit calls it again for every change."""
    st.set_page_config(page_title="incident-mapper", page_icon="🗺️", layout="wide")
    st.html(STYLE)
    with st.sidebar:
        take_input()
    taken: Taken | None = st.session_state.get("taken")
    if "fault" in st.session_state:
        st.error("This could not be read:")
        st.text(st.session_state["fault"])
    if taken is None:
        st.title("incident-mapper")
        st.write("Drop reports, a table with place names or a file of incidents into the box on the left.")
        return
    with st.sidebar:
        shown = st.segmented_control("Show", list(PAGES), default="Map", width="stretch")
        tell_notes(taken)
        offer_downloads(taken)
    PAGES[shown or "Map"](taken)


def take_input() -> None:
    """The box for files and texts; what is new in it is read at once."""
    files = st.file_uploader(
        "Reports, tables, incidents",
        type=[suffix.lstrip(".") for suffix in intake.SUFFIXES],
        accept_multiple_files=True,
        help="Reports (.txt .md .html .jsonl), tables with place names (.csv .xlsx .parquet), files of incidents.",
    )
    with st.expander("Or paste a report"):
        text = st.text_area("Text", key="pasted", height=160)
        st.button("Read it", disabled=not text.strip())
        published: dt.date | None = st.date_input("Its day, and that of all reports that tell none", value=None)
    given = {(file.file_id, file.name): file.getvalue for file in files or []}
    if text.strip():
        given[text, "pasted.txt"] = lambda: text.encode("utf-8", "replace")
    named = [Path(path) for name in ("INCIDENTS", "PLACES") if (path := os.environ.get(f"INCIDENT_MAPPER_{name}"))]
    if (
        not given
        and not named
        and SAMPLES.is_dir()
        and (st.button("Try the sample reports") or "samples" in st.session_state)
    ):
        st.session_state["samples"] = True
        named = sorted(SAMPLES.iterdir())
    read_what_is_new(given, with_places_beside(named), published)


def with_places_beside(paths: list[Path]) -> list[Path]:
    """The named files, and the places mentioned that lie beside a file of incidents."""
    beside = [export.places_path(path) for path in paths[:1]]
    return [*paths, *(path for path in beside if path.is_file() and path not in paths)]


def read_what_is_new(
    given: Mapping[tuple[str, str], Callable[[], bytes]], named: list[Path], published: dt.date | None
) -> None:
    """Read all that was given, when it is not what was read before."""
    key = (*given, *((str(path), path.stat().st_mtime_ns) for path in named), published)
    if st.session_state.get("key") == key:
        return
    st.session_state["key"] = key
    for name in ("taken", "fault"):
        st.session_state.pop(name, None)
    if not given and not named:
        return
    bar = st.progress(0.0, text="Reading")

    def tell(count: int) -> None:
        bar.progress(count / (count + 5), text=f"Reading: {count} reports")

    try:
        read(given, named, published, tell)
    except (IncidentMapperError, GazetteerError, OSError) as error:
        st.session_state["fault"] = str(error)
    bar.empty()


def read(
    given: Mapping[tuple[str, str], Callable[[], bytes]],
    named: list[Path],
    published: dt.date | None,
    tell: Callable[[int], None],
) -> None:
    """Read it all into the session, by way of a scratch folder."""
    with tempfile.TemporaryDirectory(prefix="incident-mapper-") as scratch:
        uploads = intake.uploaded(Path(scratch), [(name, data()) for (_, name), data in given.items()])
        taken = intake.take([*named, *uploads], gazetteer=default_gazetteer, published=published, progress=tell)
    st.session_state["payload"] = payload_of(layers(taken.incidents, taken.places), title="Incidents")
    st.session_state["taken"] = taken
    if "read_before" in st.session_state:  # a view of other data; the first is the one that the address asks for
        current_view().clear()
    st.session_state["read_before"] = True


@st.cache_resource(show_spinner="Opening the gazetteer; the first time it is built, which takes half a minute")
def default_gazetteer() -> Gazetteer:
    """The default gazetteer, one for all sessions."""
    from gazetteer.build import ensure_default  # noqa: PLC0415  # slow, and needed only to place something

    return ensure_default()


def tell_notes(taken: Taken) -> None:
    """What could not be read, placed or dated."""
    if taken.notes:
        with st.expander(f"Notes ({len(taken.notes)})"):
            for note in taken.notes:
                st.text(note)


def offer_downloads(taken: Taken) -> None:
    """What the map shows, as files; each is made when it is asked for."""
    st.caption("Download what the map's window and filters show")
    columns = st.columns(2)
    view = current_view()
    for index, (suffix, (label, mime)) in enumerate(DOWNLOADS.items()):
        columns[index % 2].download_button(
            label,
            data=partial(made, taken, view, suffix),
            file_name=f"incidents{suffix}",
            mime=mime,
            on_click="ignore",
            width="stretch",
        )


def made(taken: Taken, view: Mapping[str, Any], suffix: str) -> bytes:
    """The file of what the map shows; `view` is the session's own, so it tells what is shown at the click."""
    incidents = shown_of(taken, view)
    if suffix == ".html":
        return webmap.to_html(webmap.draw(incidents, places=taken.places, title="Incidents")).encode()
    with tempfile.TemporaryDirectory(prefix="incident-mapper-") as scratch:
        return export.write(incidents, Path(scratch) / f"incidents{suffix}").read_bytes()


# --- map, table, summary ----------------------------------------------------------------------------------------------


@st.fragment
def show_map(_: Taken) -> None:
    """The map with its time window, filters, list and evidence; the view goes into the page's address."""
    payload = st.session_state["payload"]
    key = f"map-{payload['version']}"  # other data is another map, which shows all of it
    if key not in st.session_state:  # it was not on the page a run ago
        st.session_state["mounted_with"] = dict(current_view())
    view = incident_map(payload, key=key, height=MAP_HEIGHT, view=st.session_state["mounted_with"])
    if view:
        current = current_view()
        current.clear()
        current.update(view)
        kept = {name: value for name, value in view.items() if name in KNOWN_VIEW and value not in UNTOLD}
        told = json.dumps(kept, separators=(",", ":"))
        if len(told) <= MAX_ADDRESS_CHARACTERS:
            st.query_params["view"] = told


def shown_of(taken: Taken, view: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """The incidents that the view shows; where it has no time window, those without a date are among them."""
    open_window = not view.get("start") and not view.get("end")
    return select(taken.incidents, {**view, "undated": view.get("undated") or open_window})


def current_view() -> dict[str, Any]:
    """What the map shows: what it told last, else what the address asks. One and the same mapping in a session."""
    if "view" not in st.session_state:
        st.session_state["view"] = view_of(st.query_params.get("view", "{}"))
    view: dict[str, Any] = st.session_state["view"]
    return view


def view_of(told: str) -> dict[str, Any]:
    """A view out of an address, which anybody can have written; nothing where it is none."""
    try:
        view = json.loads(told[:MAX_ADDRESS_CHARACTERS])
    except (ValueError, RecursionError):
        return {}
    return {name: value for name, value in view.items() if name in KNOWN_VIEW} if isinstance(view, dict) else {}


def show_table(taken: Taken) -> None:
    """The incidents that the map shows, and the evidence for the one that is chosen."""
    incidents = shown_of(taken, current_view())
    st.text(f"{len(incidents):,} of {len(taken.incidents):,} incidents; choose one for its evidence")
    table = incidents[list(TABLE)].rename(columns=TABLE)
    days = {TABLE[name]: st.column_config.DateColumn() for name in ("date_start", "date_end")}
    chosen = st.dataframe(
        table,
        key="table",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height=480,
        column_config=days,
    )
    rows = chosen["selection"]["rows"]
    if rows and rows[0] < len(incidents):
        show_evidence(incidents.iloc[[rows[0]]])


def show_evidence(incident: gpd.GeoDataFrame) -> None:
    """Every sentence that tells of an incident, and why it is where it is."""
    (record,) = schema.records(incident)
    st.text(export.title(record))
    for source in record["sources"]:
        told = [str(source.get(name) or "") for name in ("report", "publisher", "published", "url")]
        st.text(f"“{source.get('evidence') or ''}”\n" + ", ".join(part for part in told if part))
    with st.expander("Why here?"):
        st.text("\n".join(f"{name}: {value}" for name, value in record["reasons"].items()) or "no reasons told")


def show_summary(taken: Taken) -> None:
    """How many incidents there are by type, country, month and precision."""
    incidents = shown_of(taken, current_view())
    st.text(f"{len(incidents):,} of {len(taken.incidents):,} incidents, as the map shows them")
    columns = st.columns(2)
    for index, (by, counts) in enumerate(intake.summary(incidents).items()):
        bar = st.column_config.ProgressColumn(format="%d", max_value=max(counts.values(), default=1))
        rows = {by.replace("_", " "): list(counts), "incidents": list(counts.values())}
        columns[index % 2].dataframe(rows, hide_index=True, column_config={"incidents": bar}, height="content")


UNTOLD: tuple[Any, ...] = (False, None, "", "auto", {}, [])
PAGES: dict[str, Callable[[Taken], None]] = {"Map": show_map, "Table": show_table, "Summary": show_summary}


if __name__ == "__main__":
    page()
else:
    from starlette.middleware import Middleware

    app = st.App(__file__, middleware=[Middleware(Headers)])
