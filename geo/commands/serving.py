"""The command that serves the dashboard, on this machine alone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from geo.commands import console, writing
from geo.errors import IncidentMapperError, InputError
from geo.export import is_project
from geo.project import Project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

    from geo.webmap import Backdrop

ADDRESS = "127.0.0.1"
FIRST_PORT = 8501
LAST_PORT = 8599
MAX_UPLOAD_MB = 200
_PATIENCE_SECONDS = 60
"""How long the server may take to answer first."""


def options(port: int) -> list[tuple[str, str]]:
    """What Streamlit leaves open and should not: a packaged config.toml is not read, so the launcher passes it."""
    return [
        ("server.address", ADDRESS),
        ("server.port", str(port)),
        ("server.headless", "true"),
        ("server.allowedHosts", ADDRESS),  # a list takes the option once for each of its values
        ("server.allowedHosts", "localhost"),
        ("server.maxUploadSize", str(MAX_UPLOAD_MB)),
        ("server.fileWatcherType", "none"),
        ("browser.gatherUsageStats", "false"),
        ("browser.serverAddress", ADDRESS),
        ("runner.postScriptGC", "false"),  # a whole collection after each run takes a second at 100,000 incidents
        ("client.toolbarMode", "minimal"),
        ("theme.light.primaryColor", "#0b5c8a"),  # the map's own accents, which can be read as text
        ("theme.dark.primaryColor", "#7cc0ea"),
        ("client.showErrorDetails", "none"),
        ("logger.level", "error"),
    ]


def script() -> Path:
    """The page: geo/app.py in an installed package, app.py beside the packages in a checkout.

    Raises:
        InputError: it is in neither place.
    """
    inside = Path(__file__).parents[1] / "app.py"
    found = next((path for path in (inside, inside.parents[1] / "app.py") if path.is_file()), None)
    if found is None:
        raise InputError(f"{inside}: not found; install incident-mapper again.")
    return found


def serve(incidents: Path | None, *, port: int, places: Path | None, backdrop: Backdrop) -> None:
    """Start the server, print its address when it answers, and wait until it ends.

    `backdrop` is what lies under and over the incidents; the server's policy allows the hosts of its tiles.

    Raises:
        IncidentMapperError: no port is free, or the server does not start.
    """
    if incidents is not None and is_project(incidents):
        Project.open(incidents).close()  # it is reviewed one incident at a time; nobody waits for all of it
    elif incidents is not None:
        writing.read_both(incidents, places)  # so that a file that cannot be read is told here, not in the browser
    check(backdrop)
    chosen = port or free_port()
    if port and not _is_free(port):
        raise IncidentMapperError(f"port {port} is taken; leave --port away to get a free one.")
    signal.signal(signal.SIGTERM, _interrupt)  # so that the server ends with us
    process = subprocess.Popen(  # noqa: S603  # our own arguments
        command(chosen), env=_environment(incidents, places, backdrop), stdout=subprocess.DEVNULL
    )
    try:
        _wait(process, chosen)
        console.say(f"Dashboard: http://{ADDRESS}:{chosen} (stop it with Ctrl-C)")
        sys.stdout.flush()
        process.wait()
    except KeyboardInterrupt:
        console.say("stopped")
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def command(port: int) -> list[str]:
    """The command line that starts Streamlit."""
    given = [f"--{name}={value}" for name, value in options(port)]
    return [sys.executable, "-m", "streamlit", "run", str(script()), *given]


def check(backdrop: Backdrop) -> None:
    """Draw a map with it, so that what cannot be drawn is told here, not in the browser.

    Raises:
        IncidentMapperError: it cannot be drawn.
    """
    from geo import schema, webmap  # noqa: PLC0415  # slow

    webmap.frame(backdrop.add_to(webmap.draw(schema.empty())))


def _environment(incidents: Path | None, places: Path | None, backdrop: Backdrop) -> Mapping[str, str]:
    told = {"INCIDENT_MAPPER_INCIDENTS": incidents, "INCIDENT_MAPPER_PLACES": places}
    named = {name: str(path.resolve()) for name, path in told.items() if path is not None}
    return {**os.environ, **named, "INCIDENT_MAPPER_BACKDROP": backdrop.to_json()}


def free_port() -> int:
    """The first free port from 8501 on.

    Raises:
        IncidentMapperError: none is.
    """
    found = next((port for port in range(FIRST_PORT, LAST_PORT + 1) if _is_free(port)), None)
    if found is None:
        raise IncidentMapperError(f"no port from {FIRST_PORT} to {LAST_PORT} is free; name another with --port.")
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Until the server answers."""
    last = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < last:
        if process.poll() is not None:
            raise IncidentMapperError(f"the dashboard ended with code {process.returncode} before it answered.")
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((ADDRESS, port)) == 0:
                return
        time.sleep(0.1)
    raise IncidentMapperError(f"the dashboard did not answer within {_PATIENCE_SECONDS} seconds.")
