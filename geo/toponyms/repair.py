"""Mend the edges of spans that a reader found: whole names, streets with their kind, no loose words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.toponyms.features import bare_runs
from geo.toponyms.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geo.toponyms.spans import Names
    from geo.toponyms.words import Word

    Span = tuple[int, int]

_LETTERS_OF_A_STATE = 2
_EDGES = frozenset("-–—'’\"“”().,;:/&*•") | {"'s", "’s"}


def repaired(text: str, window: Sequence[Word], spans: Sequence[Span], *, names: Names, how: str) -> list[Span]:
    """Spans of words (first, last + 1) with their edges mended, in order, none overlapping.

    A name of several words that the gazetteer knows is taken whole where the reader saw parts of it; a street takes
    its "Street"; lower-case words and a leading article fall off; a bare word of direction or kind is no name; the
    ends of a road are two names.
    """
    runs = [(first, last) for first, last, _ in bare_runs(text, window, names=names, anywhere=how == "lower")]
    whole = _whole_names(spans, [run for run in runs if run[1] - run[0] > 1])
    trimmed = (_with_particle(window, _trimmed(window, _with_road(window, span), how)) for span in whole)
    ends = (end for span in trimmed for end in _two_ends(text, window, span, names))
    kept = _apart(span for span in ends if span[0] < span[1] and not _loose(text, window, span, names))
    return _apart(sorted([*kept, *_codes_behind(text, window, kept, names)])) if how == "mixed" else kept


def is_code(text: str, window: Sequence[Word], index: int, names: Names) -> bool:
    """Whether a word behind a comma is a state's abbreviation: "Gary, Ind.", "Gary, IN"."""
    if not 0 < index < len(window) or window[index - 1].text != "," or not window[index].capital:
        return False
    word = window[index]
    stop = text[word.end : word.end + 1] == "."
    if not stop and not (word.text.isupper() and len(word.text) == _LETTERS_OF_A_STATE):
        return False
    return "abbreviation" in names.known(text[word.start : word.end + stop])


def _codes_behind(text: str, window: Sequence[Word], spans: Sequence[Span], names: Names) -> Iterable[Span]:
    """The states' abbreviations behind names that were found, where the reader saw none."""
    return [(last + 1, last + 2) for _, last in spans if is_code(text, window, last + 1, names)]


def _two_ends(text: str, window: Sequence[Word], span: Span, names: Names) -> list[Span]:
    """The two towns of "the Baghdad-Mosul highway", where the gazetteer knows both and not the whole."""
    first, last = span
    dashes = [k for k in range(first + 1, last - 1) if window[k].text in {"-", "–"}]
    if len(dashes) != 1 or last == len(window) or window[last].text.lower() not in vocabulary().roads_between:
        return [span]
    ends = [(first, dashes[0]), (dashes[0] + 1, last)]
    known = [bool(names.known(text[window[a].start : window[b - 1].end])) for a, b in (span, *ends)]
    return ends if known == [False, True, True] else [span]


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Spans that have grown into one another are one."""
    kept: list[Span] = []
    for first, last in spans:
        if kept and first < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(last, kept[-1][1]))
        else:
            kept.append((first, last))
    return kept


def _whole_names(spans: Sequence[Span], runs: Iterable[Span]) -> list[Span]:
    """Parts of a known name become the name; a span that reaches beyond it stays as it is."""
    kept = list(spans)
    for first, last in runs:
        touching = [span for span in kept if span[0] < last and span[1] > first]
        if touching and all(first <= span[0] and span[1] <= last for span in touching):
            kept = [span for span in kept if span not in touching]
            kept.append((first, last))
    return sorted(kept)


def _with_road(window: Sequence[Word], span: Span) -> Span:
    first, last = span
    if (
        last < len(window)
        and window[last].text in vocabulary().roads
        and window[last].start - window[last - 1].end == 1
    ):
        return first, last + 1
    return span


def _with_particle(window: Sequence[Word], span: Span) -> Span:
    """Take "Al-Karama" where the reader saw "Karama" alone."""
    first, last = span
    if first < 2 or first == last or window[first - 1].text not in {"-", "–"}:  # noqa: PLR2004  # a particle and its hyphen
        return span
    joined = window[first - 2].end == window[first - 1].start and window[first - 1].end == window[first].start
    return (first - 2, last) if joined and window[first - 2].text.lower() in vocabulary().particles else span


def _trimmed(window: Sequence[Word], span: Span, how: str) -> Span:
    """Without lower-case words and articles at the edges, where letter case tells anything."""
    first, last = span
    while first < last and (window[first].text in _EDGES or (how == "mixed" and _small(window[first], start=True))):
        if first + 1 < last and window[first + 1].text.lower() in vocabulary().with_article:
            break
        first += 1
    while first < last and (window[last - 1].text in _EDGES or (how == "mixed" and _small(window[last - 1]))):
        last -= 1
    return first, last


def _small(word: Word, *, start: bool = False) -> bool:
    """A lower-case word, or an article, that a name does not begin or end with."""
    if start and word.text == "The":
        return True
    return word.text.islower() and not (start and word.text in vocabulary().particles)


def _loose(text: str, window: Sequence[Word], span: Span, names: Names) -> bool:
    """One word that says a direction or a kind of place and names none."""
    if span[1] - span[0] > 1:
        return False
    word = window[span[0]]
    if not any(map(str.isalpha, word.text)):
        return True
    words, lower = vocabulary(), word.text.lower()
    known = names.known(text[word.start : word.end])
    common = lower in words.never or lower in words.kind_after or lower in words.kind_before
    return common and known.isdisjoint({"country", "continent", "region", "demonym"})
