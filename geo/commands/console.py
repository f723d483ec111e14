"""What the commands say: results on standard output; progress, problems and guesses on standard error."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

from geo import stages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.console import Console

_WIDE = 160
"""Columns of a table that goes into a file or a pipe."""
_PATIENCE_S = 1.5
"""Seconds that a text may take before the bar tells what is done with it."""
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of the text after them, and could make a line say something else."""


def printable(text: Any) -> str:  # noqa: ANN401  # any value of a table
    """The text on one line, without what a terminal would obey: control characters and marks of direction."""
    return "".join(letter if letter.isprintable() and letter not in _BIDI else " " for letter in str(text)).strip()


def counted(count: int, what: str) -> str:
    """The number with its noun: 1 report, 2 reports."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def say(text: str) -> None:
    """A line of the result."""
    sys.stdout.write(printable(text) + "\n")


def warn(text: Any) -> None:  # noqa: ANN401  # a text or what prints as one
    """A line about the result: a problem, a guess, a note."""
    sys.stderr.write(printable(text) + "\n")


def width() -> int:
    """Columns of standard output."""
    return _console(sys.stdout).width


def table(header: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "") -> None:
    """A table on standard output; nothing in it is taken for markup."""
    from rich.table import Table  # noqa: PLC0415  # slow
    from rich.text import Text  # noqa: PLC0415  # slow

    grid = Table(title=Text(printable(title)) if title else None, header_style="bold", title_justify="left")
    for name in header:
        grid.add_column(name, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(printable(cell)) for cell in row))
    _console(sys.stdout).print(grid)


def _console(stream: Any) -> Console:  # noqa: ANN401  # a text stream
    from rich.console import Console  # noqa: PLC0415  # slow

    return Console(file=stream, width=None if stream.isatty() else _WIDE, highlight=False, emoji=False)


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """A bar on standard error: call what it gives with `advance=1`, or with `completed`, `total`, `description`."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415  # slow

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    shown = sys.stderr.isatty()  # into a file it would leave blank lines
    with Progress(*columns, console=_console(sys.stderr), transient=True, disable=not shown) as bars:
        task = bars.add_task(printable(title), total=total)

        def tell(**change: Any) -> None:  # noqa: ANN401  # rich's own options
            bars.update(task, **change)

        yield tell


@contextmanager
def reading(title: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """A bar like `progress` for texts that are read in this process: one that takes long tells what is done with it."""
    begun = monotonic()
    with progress(title, total) as tell:

        def done(**change: Any) -> None:  # noqa: ANN401  # rich's own options
            nonlocal begun
            begun = monotonic()
            tell(description=title, **change)

        def stage(name: str, share: float) -> None:
            if monotonic() - begun > _PATIENCE_S:
                tell(description=f"{title}: {name}" + (f" {share:.0%}" if share else ""))

        with stages.heard(stage):
            yield done
