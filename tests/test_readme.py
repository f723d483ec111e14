"""The README tells what is true: its commands exist, its suffixes are written, its five lines run."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from geo.__main__ import app
from geo.export import WRITERS

if TYPE_CHECKING:
    import pytest

    from gazetteer.store import Gazetteer

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_and_suffix_is_told() -> None:
    """A command or a format that is added without a word in the README fails here."""
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    told = set(re.findall(r"^incident-mapper (\w+)", README, re.MULTILINE))
    assert commands == told
    assert [suffix for suffix in WRITERS if f"`{suffix}`" not in README] == []


def test_the_five_lines_run(gazetteer: Gazetteer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library example reads a folder of reports and draws them."""
    assert gazetteer.path
    shutil.copytree(ROOT / "data" / "reports", tmp_path / "reports")
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102  # our own README
    assert len(names["found"].incidents) >= 15


def test_pictures_and_links_exist() -> None:
    """What the README shows or points to lies in the repository."""
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []
