"""The next item is made while this one is used: Arrow and numpy work without Python's lock, so two cores are used."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_T = TypeVar("_T")
_WAITING = 1
"""Items that wait at most: memory is bounded by them."""
_PATIENCE_SECONDS = 0.2


def ahead(items: Iterator[_T]) -> Iterator[_T]:
    """The items, each made in a thread of its own before it is asked for; what is raised there is raised here."""
    waiting: queue.Queue[Callable[[], _T]] = queue.Queue(_WAITING)
    stop = threading.Event()
    worker = threading.Thread(target=_work, args=(items, waiting, stop), daemon=True)
    worker.start()
    try:
        while True:
            try:
                yield waiting.get()()
            except _EndError:
                return
    finally:
        stop.set()
        worker.join()


class _EndError(Exception):
    """There are no more items."""


def _work(items: Iterator[_T], waiting: queue.Queue[Callable[[], _T]], stop: threading.Event) -> None:
    def end(error: BaseException) -> Callable[[], _T]:
        def throw() -> _T:
            raise error

        return throw

    last: BaseException = _EndError()
    try:
        for item in items:
            if not _put(waiting, lambda item=item: item, stop):  # type: ignore[misc]
                return
    except BaseException as error:  # noqa: BLE001  # it is raised where the items are used
        last = error
    _put(waiting, end(last), stop)


def _put(waiting: queue.Queue[Callable[[], _T]], give: Callable[[], _T], stop: threading.Event) -> bool:
    """Wait until there is room; False where nobody asks any more."""
    while not stop.is_set():
        try:
            waiting.put(give, timeout=_PATIENCE_SECONDS)
        except queue.Full:
            continue
        return True
    return False
