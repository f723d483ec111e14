"""What the dashboard takes in: files, a pasted report, the files named at the start, the samples."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from gazetteer.errors import GazetteerError
from geo import export, webmap
from geo.commands import intake
from geo.dashboard import view
from geo.errors import IncidentMapperError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from gazetteer.store import Gazetteer
    from geo.commands.intake import Taken

    Given = Mapping[tuple[str, str], Callable[[], bytes]]
    """What was dropped or pasted: an identity and a name → its bytes."""

SAMPLES = Path(__file__).parents[2] / "data" / "reports"  # in a checkout; an installed package has none
TITLE = "Incidents"


def take_input() -> None:
    """The box for files and texts; what is new in it is read at once."""
    files = st.file_uploader(
        "Reports, tables, incidents",
        type=[suffix.lstrip(".") for suffix in intake.SUFFIXES],
        accept_multiple_files=True,
        key="files",
        help="Reports (.txt .md .html .jsonl), tables with place names (.csv .xlsx .parquet), files of incidents.",
    )
    text, published = pasted()
    given = {(file.file_id, file.name): file.getvalue for file in files or []}
    if text.strip():
        given[text, "pasted.txt"] = lambda: text.encode("utf-8", "replace")
    named = named_at_start()
    if not given and not named and SAMPLES.is_dir() and samples_wanted():
        named = sorted(SAMPLES.iterdir())
    read_what_is_new(given, with_places_beside(named), published)


def named_at_start() -> list[Path]:
    """The files that the dashboard was opened with."""
    return [Path(path) for name in ("INCIDENTS", "PLACES") if (path := os.environ.get(f"INCIDENT_MAPPER_{name}"))]


def pasted() -> tuple[str, dt.date | None]:
    """The text in the box, and the day that reports without one are given."""
    with st.expander("Or paste a report"):
        text = st.text_area("Text", key="pasted", height=160)
        st.button("Read it", disabled=not text.strip())
        published: dt.date | None = st.date_input(
            "Its day, and that of all reports that tell none", value=None, key="published"
        )
    return text, published


def samples_wanted() -> bool:
    """Whether the sample reports are asked for, now or before."""
    if st.button("Try the sample reports"):
        st.session_state["samples"] = True
    return "samples" in st.session_state


def with_places_beside(paths: list[Path]) -> list[Path]:
    """The named files, and the places mentioned that lie beside a file of incidents."""
    beside = [export.places_path(path) for path in paths[:1]]
    return [*paths, *(path for path in beside if path.is_file() and path not in paths)]


def read_what_is_new(given: Given, named: Sequence[Path], published: dt.date | None) -> None:
    """Read all that was given, when it is not what was read before."""
    key = (*given, *((str(path), path.stat().st_mtime_ns) for path in named), published)
    if st.session_state.get("key") == key:
        return
    st.session_state["key"] = key
    for name in ("taken", "fault"):
        st.session_state.pop(name, None)
    if not given and not named:
        return
    count = len(given) + len(named)
    place = st.empty()
    progress = place.status(f"Reading {count:,} {'file' if count == 1 else 'files'}")

    def tell(reports: int) -> None:
        progress.update(label=f"Reading: {reports:,} {'report' if reports == 1 else 'reports'}")

    try:
        keep(read(given, named, published, tell))
    except (IncidentMapperError, GazetteerError, OSError) as error:
        st.session_state["fault"] = str(error)
    finally:
        place.empty()


def read(given: Given, named: Sequence[Path], published: dt.date | None, tell: Callable[[int], None]) -> Taken:
    """What the files hold, by way of a scratch folder."""
    with tempfile.TemporaryDirectory(prefix="incident-mapper-") as scratch:
        uploads = intake.uploaded(Path(scratch), [(name, data()) for (_, name), data in given.items()])
        return intake.take([*named, *uploads], gazetteer=default_gazetteer, published=published, progress=tell)


def keep(taken: Taken) -> None:
    """Make this what the session shows."""
    drawn = webmap.draw(taken.incidents, places=taken.places, title=TITLE, gazetteer=webmap.default_gazetteer())
    st.session_state["payload"] = drawn.payload
    st.session_state["taken"] = taken
    if "read_before" in st.session_state:  # a view of other data; the first is the one that the address asks for
        view.current().clear()
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
