"""What the gazetteer and the letter cases say about each word of a window: the learned reader's second eye."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.toponyms.vocabulary import vocabulary
from geo.toponyms.words import register

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.toponyms.spans import Names
    from geo.toponyms.words import Word

CASING = ("title", "capitals", "inner capital", "digit", "sign", "opens", "in capitals", "in lower case")
KINDS = (
    "country",
    "admin1",
    "admin2",
    "settlement",
    "wide",
    "natural",
    "site",
    "demonym",
    "abbreviation",
    "begins",
    "goes on",
)
WIDTH = len(CASING) + len(KINDS)
"""Features of a word, in this order."""

LONGEST_NAME = 7  # words
_OF_KIND = {
    "country": "country",
    "admin1": "admin1",
    "admin2": "admin2",
    "settlement": "settlement",
    "continent": "wide",
    "region": "wide",
    "border": "wide",
    **dict.fromkeys(("sea", "lake", "river", "valley", "mountain", "desert", "forest", "island"), "natural"),
    "demonym": "demonym",
    "abbreviation": "abbreviation",
}
_JOINERS = frozenset("-'’ʼ.&/")


def features(text: str, window: Sequence[Word], *, names: Names | None) -> list[list[float]]:
    """A row of `WIDTH` numbers, 0 or 1, for each word; without `names` the gazetteer's part is 0."""
    how = register(window)
    rows = [[*casing(word, how), *(0.0,) * len(KINDS)] for word in window]
    if names is not None:
        for first, last, kinds in known_runs(text, window, names=names, anywhere=how == "lower"):
            mark(rows, first, last, kinds)
    return rows


def known_runs(
    text: str, window: Sequence[Word], *, names: Names, anywhere: bool = False
) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Runs of words that the gazetteer knows: (first, last + 1, kinds), longest first from the left, none overlapping.

    A run begins and ends with a capitalised word, unless `anywhere`.
    """
    index = 0
    while index < len(window):
        run = _longest(text, window, index, names, anywhere=anywhere)
        if run is None:
            index += 1
        else:
            yield index, *run
            index = run[0]


def bare_runs(
    text: str, window: Sequence[Word], *, names: Names, anywhere: bool = False
) -> Iterator[tuple[int, int, frozenset[str]]]:
    """The same without a leading "the", which the gazetteer's keys lack anyway; "The Hague" keeps it."""
    for first, last, kinds in known_runs(text, window, names=names, anywhere=anywhere):
        article = last - first > 1 and window[first].text.lower() == "the"
        kept = article and window[first + 1].text.lower() in vocabulary().with_article
        yield first + (article and not kept), last, kinds


def is_demonym(kinds: frozenset[str]) -> bool:
    """Whether a name of these kinds is a demonym: some are obscure towns as well ("Canadian", Texas)."""
    return "demonym" in kinds and kinds.isdisjoint({"country", "continent", "region", "admin1"})


def _longest(
    text: str, window: Sequence[Word], index: int, names: Names, *, anywhere: bool
) -> tuple[int, frozenset[str]] | None:
    if not _may_bound(window[index], anywhere=anywhere):
        return None
    for last in range(_reach(window, index) - 1, index - 1, -1):
        if _may_bound(window[last], anywhere=anywhere):
            kinds = names.known(text[window[index].start : window[last].end])
            if kinds and not _two_names(text, window[index : last + 1], kinds, names):
                return last + 1, kinds
    return None


def _two_names(text: str, run: Sequence[Word], kinds: frozenset[str], names: Names) -> bool:
    """Whether each part is a toponym: a border by its two countries, "Syria-Iraq"; "Kenya's Rift Valley"."""
    if kinds == {"border"} and any(word.text in {"-", "–"} for word in run):
        return True
    owner = next((k for k, word in enumerate(run) if word.text in {"'s", "’s"}), 0)
    if not 0 < owner < len(run) - 1:
        return False
    return "country" in names.known(text[run[0].start : run[owner - 1].end])


def _reach(window: Sequence[Word], index: int) -> int:
    """How far a name that begins here may go: no sign but a joiner, no gap wider than a space, no next sentence."""
    stop = index + 1
    while stop < min(index + LONGEST_NAME, len(window)):
        word = window[stop]
        sign = not word.text[0].isalnum() and word.text not in _JOINERS and not word.text.endswith("s")
        if sign or word.opens or word.start - window[stop - 1].end > 1:
            break
        stop += 1
    return stop


def _may_bound(word: Word, *, anywhere: bool) -> bool:
    return word.text[0].isalpha() and (anywhere or word.capital)


def casing(word: Word, how: str) -> tuple[float, ...]:
    """The `CASING` part of a word's row, in a window of that register."""
    text = word.text
    return (
        float(text[0].isupper() and not (len(text) > 1 and text.isupper())),
        float(len(text) > 1 and text.isupper()),
        float(not text.isupper() and any(map(str.isupper, text[1:]))),
        float(any(map(str.isdigit, text))),
        float(not text[0].isalnum()),
        float(word.opens),
        float(how == "capitals"),
        float(how == "lower"),
    )


def mark(rows: list[list[float]], first: int, last: int, kinds: frozenset[str]) -> None:
    """Set the `KINDS` part of the rows first to last - 1 for a name of these kinds."""
    columns = [len(CASING) + KINDS.index(_OF_KIND.get(kind, "site")) for kind in kinds]
    for index in range(first, last):
        for column in columns:
            rows[index][column] = 1.0
        rows[index][len(CASING) + KINDS.index("begins" if index == first else "goes on")] = 1.0
