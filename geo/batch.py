"""The same pipeline over many reports, in chunks, with worker processes; the result is that of one process.

Reading a report is independent of all others and is what takes the time, so it is spread; merging the retellings of one
incident needs all reports and is done in this process.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain, islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from geo import incidents
from geo.incidents import extraction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from gazetteer.store import Gazetteer
    from geo.incidents import Extraction
    from geo.reports import Report

CHUNK = 16
"""Reports a worker takes at a time."""
FEW, MOST = 64, 4
"""Fewer reports are read before other processes have started; each process holds 0.7 GB."""
_WAITING = 2
"""Chunks that wait for each worker; no more are read ahead."""


def extract_many(
    reports: Iterable[Report],
    *,
    gazetteer: Gazetteer,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Extraction:
    """The incidents of many reports: `incidents.extract`, spread over `workers` processes, see `spread`.

    `progress` is called with the number of reports read so far.
    """
    findings = extraction.Findings([], {}, [])
    count = 0
    for size, found in spread(_found, enumerate(reports), gazetteer=gazetteer, workers=workers):
        findings.extend(found)
        count += size
        if progress:
            progress(count)
    return extraction.tabulate(findings, gazetteer=gazetteer)


def _found(reports: list[tuple[int, Report]], *, gazetteer: Gazetteer) -> tuple[int, extraction.Findings]:
    findings = extraction.Findings([], {}, [])
    for order, report in reports:
        findings.extend(extraction.find(report, order, gazetteer=gazetteer))
    return len(reports), findings


def annotate_many(
    docs: Iterable[Mapping[str, Any]], *, gazetteer: Gazetteer, given_spans: bool = False, workers: int = 1
) -> Iterator[dict[str, Any]]:
    """The annotations of many documents, in order, as they are ready; never more than a few chunks are held."""
    work = partial(_annotated, given_spans=given_spans)
    for chunk in spread(work, docs, gazetteer=gazetteer, workers=workers):
        yield from chunk


def _annotated(docs: list[Mapping[str, Any]], *, gazetteer: Gazetteer, given_spans: bool) -> list[dict[str, Any]]:
    return [incidents.annotate(doc, gazetteer=gazetteer, given_spans=given_spans) for doc in docs]


def spread(
    work: Callable[..., Any], items: Iterable[Any], *, gazetteer: Gazetteer, workers: int, chunk: int = CHUNK
) -> Iterator[Any]:
    """`work(chunk, gazetteer=...)` for each chunk of the items, results in the order of the chunks.

    `workers` processes are at it; with 0 one a core, MOST at most, and none beside this one for fewer items than FEW.
    """
    count = workers
    if not workers:
        first = list(islice(items := iter(items), FEW))
        items = chain(first, items)
        count = 1 if len(first) < FEW else min(os.cpu_count() or 1, MOST)
    if count == 1:
        yield from (work([one], gazetteer=gazetteer) for one in items)  # one by one, so that progress is seen
        return
    context = get_context("spawn")  # a fork would carry over the parent's threads and open database
    with ProcessPoolExecutor(count, mp_context=context) as pool:
        waiting = []
        for one in _chunks(items, chunk):
            waiting.append(pool.submit(work, one, gazetteer=gazetteer))
            if len(waiting) > _WAITING * count:
                yield waiting.pop(0).result()
        yield from (future.result() for future in waiting)


def _chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
