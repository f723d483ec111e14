"""Spans that somebody else found → toponyms: what kind they are, and whether the place itself is meant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geo.toponyms.features import is_demonym
from geo.toponyms.reader import find
from geo.toponyms.rules import Run, is_literal, kind_hint
from geo.toponyms.spans import Toponym
from geo.toponyms.vocabulary import vocabulary
from geo.toponyms.words import register, windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geo.toponyms.reader import Recognizer
    from geo.toponyms.spans import Names
    from geo.toponyms.words import Word


def given(
    text: str, spans: Iterable[tuple[int, int]], *, names: Names, reader: Recognizer | None = None
) -> tuple[list[Toponym], list[Toponym]]:
    """A toponym for each span, and the other toponyms of the text, which tell where it speaks of.

    A span that the reader finds too, or meets with another, is as literal as the reader says; the rules say it of the
    rest.

    Args:
        text: any text.
        spans: start and end, code point offsets into it; those that lie outside the text or are empty are left out.
        names: the gazetteer, asked which names it knows.
        reader: what reads the rest of the text; the default reader where none is given.

    Returns:
        The toponyms of the spans, and those that the reader finds beside them; both in order of the text.
    """
    wanted = sorted({(start, end) for start, end in spans if 0 <= start < end <= len(text)})
    found = find(text, names=names, reader=reader)
    mine = {span: _toponym(text, *span, run, names) for span, run in _located(text, wanted)}
    met = {span: [t for t in found if t.start < span[1] and t.end > span[0]] for span in wanted}
    for span, there in met.items():
        if there:
            mine[span] = _as_read(mine[span], there)
    taken = {id(t) for there in met.values() for t in there}
    others = [t for t in found if id(t) not in taken]
    return [mine[span] for span in wanted], others


def _as_read(toponym: Toponym, there: Sequence[Toponym]) -> Toponym:
    """The toponym as the reader found it, or with what it says of the part that it found."""
    for t in there:
        if (t.start, t.end) == (toponym.start, toponym.end):
            return t
    widest = max(there, key=lambda t: min(t.end, toponym.end) - max(t.start, toponym.start))
    return toponym if toponym.kind == "demonym" else replace(toponym, literal=widest.literal)


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
