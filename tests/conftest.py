"""Fixtures that every test may use."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazetteer.store import Gazetteer

ROOT = Path(__file__).parents[1]
os.environ["INCIDENT_MAPPER_CACHE"] = str(ROOT / ".cache")
settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """The default gazetteer, built once into the checkout's own cache folder."""
    from gazetteer.build import ensure_default  # noqa: PLC0415  # only tests that need it pay for it

    return ensure_default()


@pytest.fixture
def faults_of_geopackage() -> Callable[[Path], str]:
    """What GDAL's own validator (Debian's package python3-gdal) says of a GeoPackage: nothing, where all is well."""
    validator = Path("/usr/lib/python3/dist-packages/osgeo_utils/samples/validate_gpkg.py")
    if not validator.is_file():
        pytest.skip("Debian's python3-gdal is not installed")

    def faults(file: Path) -> str:
        command = ["/usr/bin/python3", validator, "--extra", "--warning-as-error", file]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own arguments
        return done.stdout + done.stderr + (f"exit {done.returncode}" if done.returncode else "")

    return faults
