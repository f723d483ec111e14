"""How far the reading of one text is: told by the rooms that do it, heard by whoever shows it to the user.

A report of a megabyte takes half a minute; without this nothing moves until it is done.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_listener: ContextVar[Callable[[str, float], None] | None] = ContextVar("listener", default=None)


@contextmanager
def heard(listener: Callable[[str, float], None]) -> Iterator[None]:
    """Inside the block, in this process, `listener(stage, share)` is called: what is done, and 0 to 1 of that stage."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell(stage: str, share: float = 0.0) -> None:
    """Say what is done now, and how much of it is behind: from 0 at its beginning to 1. Nobody needs to listen."""
    listener = _listener.get()
    if listener is not None:
        listener(stage, share)
