"""The pipeline over many reports, with worker processes."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING

import pytest

from geo import batch, incidents, schema
from geo.reports import Report

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

DAY = dt.date(2024, 5, 3)


def reports(count: int) -> list[Report]:
    """Reports of which several retell one incident, some are undated and one is empty of incidents."""
    towns = ("Kaduna", "Kharkiv", "Culiacan")
    texts = [f"A car bomb killed {2 + n % 4} people in {towns[n % 3]} on Thursday." for n in range(count)]
    found = [Report(f"r{n}", text, DAY if n % 5 else None) for n, text in enumerate(texts)]
    return [*found, Report("calm", "The sun shone.", DAY)]


def test_the_result_of_workers_is_that_of_one_process(gazetteer: Gazetteer) -> None:
    """Incidents, places and notes are the same, in the same order, however the reports are spread."""
    told = reports(40)
    serial = incidents.extract(told, gazetteer=gazetteer)
    for workers in (1, 2):
        done = batch.extract_many(iter(told), gazetteer=gazetteer, workers=workers)
        assert list(schema.records(done.incidents)) == list(schema.records(serial.incidents))
        assert done.places.to_dict("records") == serial.places.to_dict("records")
        assert done.notes == serial.notes


def test_progress_counts_every_report(gazetteer: Gazetteer) -> None:
    """The number grows to the number of reports."""
    counts: list[int] = []
    batch.extract_many(reports(20), gazetteer=gazetteer, progress=counts.append)
    assert counts == sorted(counts)
    assert counts[-1] == 21


def test_no_report_is_an_empty_table(gazetteer: Gazetteer) -> None:
    """Nothing in, nothing out, and a valid table."""
    done = batch.extract_many([], gazetteer=gazetteer)
    schema.validate(done.incidents)
    assert len(done.incidents) == 0


def _sizes(chunk: list[int], *, gazetteer: Gazetteer) -> tuple[int, list[int]]:  # noqa: ARG001  # the shape of a job
    return os.getpid(), chunk


@pytest.mark.parametrize("workers", [1, 3])
def test_chunks_come_back_in_order(workers: int, gazetteer: Gazetteer) -> None:
    """Every item once, in order; with workers, in other processes."""
    found = list(batch.spread(_sizes, range(100), gazetteer=gazetteer, workers=workers, chunk=7))
    assert [item for _, chunk in found for item in chunk] == list(range(100))
    assert (os.getpid() in {pid for pid, _ in found}) == (workers == 1)


@pytest.mark.parametrize(("count", "alone"), [(batch.FEW - 1, True), (batch.FEW + 9, False)])
def test_many_items_are_spread_by_themselves(
    count: int,
    alone: bool,  # noqa: FBT001  # a parameter of the test
    gazetteer: Gazetteer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With 0 workers few items are worked off here and many by other processes; all of them, in order."""
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    found = list(batch.spread(_sizes, iter(range(count)), gazetteer=gazetteer, workers=0))
    assert [item for _, chunk in found for item in chunk] == list(range(count))
    assert ({pid for pid, _ in found} == {os.getpid()}) == alone


def test_reports_are_not_read_far_ahead(gazetteer: Gazetteer) -> None:
    """A stream is taken as it is worked off: memory is bounded by a few chunks."""
    taken = 0

    def stream() -> object:
        nonlocal taken
        for number in range(1000):
            taken = number
            yield number

    results = batch.spread(_sizes, stream(), gazetteer=gazetteer, workers=2, chunk=10)
    next(results)
    assert taken < 100
    results.close()
