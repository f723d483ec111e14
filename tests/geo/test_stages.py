"""How far the reading of one long text is, told while it is read."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from geo import batch, incidents, stages
from geo.commands import console
from geo.reports import Report

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from gazetteer.store import Gazetteer

TOWNS = ("Kaduna", "Kharkiv", "Culiacan", "Mosul", "Herat", "Goma")
LONG = " ".join(f"Gunmen killed {n} farmers near {TOWNS[n % 6]} on Monday." for n in range(2, 400))


def test_every_stage_of_a_report_is_told(gazetteer: Gazetteer) -> None:
    """In order, and the longest one says how much of it is behind, which only grows."""
    told: list[tuple[str, float]] = []
    with stages.heard(lambda stage, share: told.append((stage, share))):
        incidents.read(Report("long", LONG, dt.date(2024, 5, 3)), gazetteer=gazetteer)
    order = list(dict.fromkeys(stage for stage, _ in told))
    assert order[:2] == ["finding place names", "placing them"]
    assert order[-1] == "linking and merging"
    shares = [share for stage, share in told if stage == "finding place names"]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert len(shares) > 3


def test_nobody_hears_outside_the_block() -> None:
    """What is told after the block reaches nobody."""
    told: list[str] = []
    with stages.heard(lambda stage, _: told.append(stage)):
        stages.tell("inside")
    stages.tell("outside")
    assert told == ["inside"]


def test_the_bar_tells_the_stage_of_a_text_that_takes_long(
    monkeypatch: pytest.MonkeyPatch, gazetteer: Gazetteer
) -> None:
    """Not before it takes long; and after it the bar has its title again."""
    shown: list[str] = []
    clock = [0.0]

    @contextmanager
    def bar(*_: Any) -> Iterator[Any]:
        yield lambda **change: shown.append(change["description"])

    monkeypatch.setattr(console, "progress", bar)
    monkeypatch.setattr(console, "monotonic", lambda: clock[0])
    reports = [Report("a", "Calm.", None), Report("b", LONG, dt.date(2024, 5, 3))]
    with console.reading("reading") as tell:
        for report in reports:
            batch.extract_many([report], gazetteer=gazetteer, progress=lambda _: tell())
            clock[0] += 9
    assert shown[0] == shown[-1] == "reading"
    assert "reading: finding place names 100%" in shown
