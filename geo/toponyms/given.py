"""Spans that somebody else found → toponyms: what kind they are, and whether the place itself is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.toponyms.features import is_demonym
from geo.toponyms.rules import Run, is_literal, kind_hint
from geo.toponyms.spans import Toponym
from geo.toponyms.vocabulary import vocabulary
from geo.toponyms.words import register, windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geo.toponyms.spans import Names
    from geo.toponyms.words import Word


def given(text: str, spans: Iterable[tuple[int, int]], *, names: Names) -> list[Toponym]:
    """A toponym for each span, in order of the text; those that lie outside the text or are empty are left out.

    Args:
        text: any text.
        spans: start and end, code point offsets into it.
        names: the gazetteer, asked which names it knows.
    """
    wanted = sorted({(start, end) for start, end in spans if 0 <= start < end <= len(text)})
    return [_toponym(text, start, end, run, names) for (start, end), run in _located(text, wanted)]


def _located(
    text: str, wanted: Sequence[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], tuple[Sequence[Word], int, int] | None]]:
    """Each span with its window and the words in it, None for a span without words."""
    pending = iter(windows(text))
    window = next(pending, None)
    for start, end in wanted:
        while window and window[-1].end <= start:
            window = next(pending, None)
        inner = [i for i, word in enumerate(window or ()) if word.start < end and word.end > start]
        yield (start, end), ((window, inner[0], inner[-1] + 1) if window and inner else None)


def _toponym(text: str, start: int, end: int, at: tuple[Sequence[Word], int, int] | None, names: Names) -> Toponym:
    name = text[start:end]
    if at is None:
        return Toponym(start, end, name)
    window, first, last = at
    kinds = names.known(name)
    if is_demonym(kinds):
        return Toponym(start, end, name, literal=False, kind="demonym")
    run = Run(window, first, last, kinds, register(window))
    words = vocabulary()
    return Toponym(start, end, name, literal=is_literal(run, words), kind=kind_hint(run, words))
