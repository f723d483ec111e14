"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

ROOT = Path(__file__).parents[1]
os.environ["INCIDENT_MAPPER_CACHE"] = str(ROOT / ".cache")


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """The default gazetteer, built once into the checkout's own cache folder."""
    from gazetteer.build import ensure_default  # noqa: PLC0415  # only tests that need it pay for it

    return ensure_default()
