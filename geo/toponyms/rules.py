"""The rule reader: names that the gazetteer knows, weighed by the words beside them. Fast, no model, any script."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.toponyms.features import bare_runs, is_demonym
from geo.toponyms.spans import Toponym
from geo.toponyms.vocabulary import vocabulary
from geo.toponyms.words import register, windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geo.toponyms.spans import Names
    from geo.toponyms.vocabulary import Vocabulary
    from geo.toponyms.words import Word

ACCEPTED = 0.5  # score from which a span is a toponym
LONGEST_PERSON = 4  # words of a person's name after the title
DATELINE_REACH = 45  # code points from the start of a line, and from the name to its dash
SURE = 0.75  # score from which a mention vouches for the others of its name

PRIOR = {
    "country": 0.9,
    "continent": 0.8,
    "region": 0.7,
    "admin1": 0.7,
    "admin2": 0.5,
    "settlement": 0.42,
    "demonym": 0.85,
    "site": 0.6,
}
"""How often a capitalised word of such a name is a place, before any context. Other kinds: `OTHER_PRIOR`."""
OTHER_PRIOR = 0.55

WEIGHTS = {
    "place before": 0.35,
    "weak before": 0.08,
    "kind beside": 0.35,
    "inside the next": 0.3,
    "inside the last": 0.3,
    "dateline": 0.4,
    "several words": 0.15,
    "said elsewhere": 0.25,
    "acts": 0.05,
    "organisation after": 0.1,
    "opens sentence": -0.1,
    "common word": -0.7,
    "lower case elsewhere": -0.5,
    "title before": -0.6,
    "person": -0.6,
    "part of a name": -0.35,
    "article before": -0.3,
    "no letter case": -0.25,
    "mere code": -0.6,
}
"""What each cue adds to the prior. The scale is a rough probability; the learned reader is the calibrated one."""

_STRONG = frozenset({"country", "continent", "region", "admin1", "demonym"})
_MODIFIABLE = frozenset({"country", "continent", "region", "admin1", "settlement"})


@dataclass(frozen=True, slots=True)
class Run:
    """Words `first` to `last` (exclusive) of a window, and the kinds of place that bear the name."""

    window: Sequence[Word]
    first: int
    last: int
    kinds: frozenset[str]
    how: str
    """The register of the window: capitals, lower or mixed."""

    @property
    def span(self) -> tuple[int, int]:
        """Its code point offsets."""
        return self.window[self.first].start, self.window[self.last - 1].end

    def word(self, offset: int) -> str:
        """Lower-case word `offset` places after the run (0 is the next), or before it (-1 is the last before)."""
        index = self.first + offset if offset < 0 else self.last + offset
        return self.window[index].text.lower() if 0 <= index < len(self.window) else ""

    def cased(self, offset: int) -> str:
        """The same as written."""
        index = self.first + offset if offset < 0 else self.last + offset
        return self.window[index].text if 0 <= index < len(self.window) else ""


class RuleReader:
    """Finds what the gazetteer knows, where the words beside it allow a place."""

    def find(self, text: str, *, names: Names) -> list[Toponym]:
        """Every toponym of the text in order, none overlapping."""
        document = _Document(text, names)
        return [document.toponym(run, score) for run, score in document.accepted()]


class _Document:
    """What the whole text tells: which words are persons, which are common words, which names are surely places."""

    def __init__(self, text: str, names: Names) -> None:
        self.text = text
        self.words = vocabulary()
        self.windows = list(windows(text))
        self.runs = [run for window in self.windows for run in self._runs(window, names)]
        self.lower = {w.text for window in self.windows for w in window if w.text[0].islower()}
        self.persons = {part for window in self.windows for part in _persons(window, self.words)}

    def _runs(self, window: Sequence[Word], names: Names) -> Iterable[Run]:
        how = register(window)
        for first, last, kinds in bare_runs(self.text, window, names=names, anywhere=how == "lower"):
            run = Run(window, first, last, kinds, how)
            yield _with_kind_word(run, self.words)

    def name(self, run: Run) -> str:
        start, end = run.span
        return self.text[start:end]

    def accepted(self) -> list[tuple[Run, float]]:
        """The runs that are places, with their scores."""
        scores = [self._score(run, before) for run, before in zip(self.runs, [None, *self.runs], strict=False)]
        sure = {self.name(run).casefold() for run, score in zip(self.runs, scores, strict=True) if score >= SURE}
        kept = []
        for run, score in zip(self.runs, scores, strict=True):
            vouched = self.name(run).casefold() in sure and score < SURE
            total = score + WEIGHTS["said elsewhere"] * vouched
            if total >= ACCEPTED:
                kept.append((run, min(total, 0.99)))
        return kept

    def _score(self, run: Run, before: Run | None) -> float:
        prior = max(PRIOR.get(kind, OTHER_PRIOR) for kind in run.kinds)
        return prior + sum(WEIGHTS[cue] for cue in self._cues(run, before))

    def _cues(self, run: Run, before: Run | None) -> Iterable[str]:
        yield from self._cues_beside(run)
        yield from self._cues_within(run)
        yield from self._cues_of_document(run, before)

    def _cues_beside(self, run: Run) -> Iterable[str]:
        last, words = run.word(-1), self.words
        if last in words.place_before:
            yield "place before"
        elif last in words.weak_before:
            yield "weak before"
        if kind_hint(run, words):
            yield "kind beside"
        if run.word(0) in words.acts:
            yield "acts"
        if last in words.titles or (last == "." and run.word(-2) in words.titles):
            yield "title before"
        if last == "the" and run.kinds <= {"settlement"}:
            yield "article before"

    def _cues_within(self, run: Run) -> Iterable[str]:
        if run.last - run.first > 1:
            yield "several words"
        elif run.kinds.isdisjoint(_STRONG):
            if self.name(run).lower() in self.words.never:
                yield "common word"
            elif run.how == "mixed" and self.name(run).lower() in self.lower:
                yield "lower case elsewhere"
            if run.window[run.first].opens:
                yield "opens sentence"
        if run.how != "mixed" and run.kinds.isdisjoint(_STRONG):
            yield "no letter case"
        if _mere_code(run):
            yield "mere code"

    def _cues_of_document(self, run: Run, before: Run | None) -> Iterable[str]:
        if _dateline(self.text, run):
            yield "dateline"
        if run.kinds.isdisjoint(_STRONG):
            if self._is_person(run):
                yield "person"
            elif run.how == "mixed" and run.word(0) in self.words.organisation_after:
                yield "organisation after"
            elif run.how == "mixed" and _in_longer_name(run):
                yield "part of a name"
        if _opens_comma_pair(self.text, run):
            yield "inside the next"
        if before is not None and before.kinds & _STRONG and run.first - before.last == 1 and run.word(-1) == ",":
            yield "inside the last"

    def _is_person(self, run: Run) -> bool:
        parts = [word.text.casefold() for word in run.window[run.first : run.last]]
        return all(part in self.persons or not part[0].isalnum() for part in parts)

    def toponym(self, run: Run, score: float) -> Toponym:
        start, end = run.span
        demonym = is_demonym(run.kinds)
        kind = "demonym" if demonym else kind_hint(run, self.words)
        literal = not demonym and is_literal(run, self.words)
        return Toponym(start, end, self.text[start:end], literal=literal, score=round(score, 3), kind=kind)


def _with_kind_word(run: Run, words: Vocabulary) -> Run:
    """The run with a capitalised word of kind that belongs to the name: "Laurel County", "Anbar Province"."""
    after = run.cased(0)
    joins = after[:1].isupper() and run.how == "mixed" and after.lower() in words.kind_after
    return replace(run, last=run.last + 1) if joins and not is_demonym(run.kinds) else run


def _mere_code(run: Run) -> bool:
    """Whether it is a state's code where none is due: "OR", "ME", "IN" are words unless a comma goes before."""
    if "abbreviation" not in run.kinds or run.kinds & {"country", "region"}:
        return False
    return run.word(-1) not in {",", "("} and "." not in run.window[run.first].text


def kind_hint(run: Run, words: Vocabulary) -> str:
    """The kind of place that the words beside the name tell, or ""."""
    inside = run.window[run.last - 1].text.lower() if run.last - run.first > 1 else ""
    before = run.word(-2) if run.word(-1) == "of" else ""
    return (
        words.kind_after.get(inside)
        or words.kind_after.get(run.word(0))
        or words.kind_before.get(before)
        or ("" if before else words.kind_before.get(run.word(-1), ""))
    )


def is_literal(run: Run, words: Vocabulary) -> bool:
    """The place itself is meant, not who acts in its name."""
    after, before = run.word(0), run.word(-1)
    if after in words.organisation_after and run.cased(0)[:1].isupper():
        return False
    modifies = bool(run.kinds & _MODIFIABLE)
    if after in {"-", "–", "'s", "’s"}:
        after = run.word(1)
        return not (modifies and after in words.actor_after)
    if before in words.place_before:
        return not (modifies and after in words.actor_after)
    if modifies and (after in words.actor_after or before in words.dealt_with):
        return False
    return not (modifies and after in words.acts and before not in words.weak_before)


def _persons(window: Sequence[Word], words: Vocabulary) -> Iterable[str]:
    """The parts of every name that a title or a given name opens."""
    for index, word in enumerate(window[:-1]):
        lower = word.text.lower()
        opens = lower in words.given_names and word.capital
        if not opens and not (lower in words.titles and not window[index + 1].text.islower()):
            continue
        if opens:
            yield lower
        rest = index + 1
        while (
            rest < len(window) and rest - index <= LONGEST_PERSON and (window[rest].capital or window[rest].text == ".")
        ):
            if window[rest].text.lower() not in words.titles:
                yield window[rest].text.casefold()
            rest += 1


def _in_longer_name(run: Run) -> bool:
    """A capitalised word, no sign between, stands directly beside it: "Kirby Smith", not "in Mosul, Iraq"."""
    before, after = run.cased(-1), run.cased(0)
    opens = run.window[run.first].opens or (run.first > 0 and run.window[run.first - 1].opens)
    return (before[:1].isupper() and not opens) or after[:1].isupper()


def _dateline(text: str, run: Run) -> bool:
    """The text or a paragraph begins with the name, in capitals or before a dash: "BAGHDAD (Reuters) -", "Mosul — "."""
    start, end = run.span
    line = text.rfind("\n", 0, start) + 1
    if start - line > DATELINE_REACH or not (text[line:start].isupper() or not text[line:start].strip()):
        return False
    rest = text[end : end + DATELINE_REACH].split("\n", 1)[0]
    dash = any(sign in rest for sign in (" - ", "—", "–", "--"))
    return dash and (text[start:end].isupper() or rest.lstrip()[:1] in "-–—(,")


def _opens_comma_pair(text: str, run: Run) -> bool:
    """Whether "X, Y" begins here with a capitalised Y closed by a sign: "Mosul, Iraq.", "Springfield, Ill., on"."""
    end = run.span[1]
    if text[end : end + 2] != ", " or not text[end + 2 : end + 3].isupper():
        return False
    rest = run.window[run.last + 1 : run.last + 4]
    closing = next((word for word in rest if not word.capital), None)
    return closing is not None and not closing.text[0].isalnum()
