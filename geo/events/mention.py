"""The lexicon's matches in a text, thinned to one mention a trigger, before a type is settled."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo.events import casualties, lexicon
from geo.events.model import TYPE_OF
from geo.events.patterns import GAPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geo.events.model import Count
    from geo.events.patterns import Labels, Match
    from geo.events.tokens import Tokens

VAGUE = frozenset(["attack", "harm", "hurt", "strike", "fire", "blast", "clash", "raid", "operation", "engage"])
"""The open meanings that tell violence without its means."""
CONSEQUENCES = frozenset(["harm", "hurt"])
"""The meanings that tell only who came to harm, not by what."""
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
NEAR = 6
"""How many words ">x" and "<x" of the lexicon look ahead and back."""


@dataclass(slots=True)
class Mention:
    """A trigger on its way to an Event: tokens [first, last), the range of its whole pattern, its meaning."""

    first: int
    last: int
    meaning: str
    pattern: str
    sentence: int
    whole: tuple[int, int]
    sub_type: str = ""
    resolved_by: str = "row"
    modality: str = "reported"
    cue: str = ""
    actors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    weapons: tuple[str, ...] = ()
    fatalities: Count | None = None
    injured: Count | None = None
    shot: Count | None = None
    rank: int = 0
    count: int = 1
    notes: dict[str, float | str] = field(default_factory=dict)
    fused: list[Mention] = field(default_factory=list)
    leans_on: Mention | None = None
    typed_by: Mention | None = None
    nominal: bool = False

    @property
    def open(self) -> bool:
        """Whether the row left the kind of violence to the words around it, and they said nothing."""
        return self.resolved_by in {"default", "civilian"} and self.meaning in VAGUE


@dataclass(frozen=True, slots=True)
class Scene:
    """A tokenised text with what every rule asks for: word classes (`index`: where each begins), clause parts."""

    tokens: Tokens
    labels: Labels
    index: Mapping[str, list[int]]
    cuts: list[int]
    hard: list[int]

    def part(self, index: int) -> tuple[int, int]:
        """The tokens [first, last) of the clause part that holds a token: its sentence, cut at response words."""
        first, last = self.tokens.bounds[self.tokens.sentence[index]]
        at = bisect_right(self.cuts, index)
        before = self.cuts[at - 1] if at else first
        after = self.cuts[at] if at < len(self.cuts) else last
        return max(first, before), min(last, after)

    def cut_between(self, first: int, last: int, *, hard: bool = False) -> bool:
        """Whether a clause opens at a token after `first` up to `last`; with `hard`, one of another happening."""
        cuts = self.hard if hard else self.cuts
        return bisect_right(cuts, first) < bisect_right(cuts, last)

    def stretch(self, index: int) -> tuple[int, int]:
        """The tokens [first, last) round a token up to the next hard cuts or the ends of its sentence."""
        first, last = self.tokens.bounds[self.tokens.sentence[index]]
        at = bisect_right(self.hard, index)
        before = self.hard[at - 1] if at else first
        after = self.hard[at] if at < len(self.hard) else last
        return max(first, before), min(last, after)

    def where(self, name: str, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The terms of a class between two tokens, as (first, last)."""
        starts = self.index.get(name, ())
        for at in range(bisect_left(starts, first), bisect_left(starts, last)):
            yield starts[at], self.labels[starts[at]][name]

    def has(self, name: str, first: int, last: int) -> bool:
        """Whether a term of the class begins between two tokens."""
        starts = self.index.get(name, ())
        at = bisect_left(starts, first)
        return at < len(starts) and starts[at] < last


def scene(tokens: Tokens) -> Scene:
    """Labels a text and cuts its sentences where another happening is told as a cause or a contrast."""
    hard = {i for i, word in enumerate(tokens.words) if word == ";"}
    soft: set[int] = set()
    for match in lexicon.cues("clauses").find(tokens):
        (soft if match.payload == "after" else hard).add(match.trigger_first)
    labels = lexicon.label(tokens)
    index: dict[str, list[int]] = {}
    for first, here in enumerate(labels):
        for name in here:
            index.setdefault(name, []).append(first)
    return Scene(tokens, labels, index, sorted(hard | soft), sorted(hard))


def find(stage: Scene) -> list[Mention]:
    """One mention a trigger, in order: of overlapping patterns the longest, then the one that stands first."""
    kept: list[Mention] = []
    taken = bytearray(len(stage.tokens.words))
    matches = [match for match in lexicon.triggers().find(stage.tokens, stage.labels) if _holds(stage, match)]
    matches = _outside_addresses(stage, matches)
    for match in sorted(matches, key=_rank):
        first, last = _blocks(match)
        if any(taken[match.trigger_first : match.trigger_last]):
            continue
        taken[first:last] = b"\1" * (last - first)
        if match.payload.row.meaning != "none":
            kept.append(_mention(stage, match))
    kept.sort(key=lambda mention: mention.first)
    return sorted([*kept, *_after_counts(stage, kept)], key=lambda mention: mention.first)


def _outside_addresses(stage: Scene, matches: list[Match]) -> list[Match]:
    """The matches that do not stand in a web address: "https://site/2015/03/boy-shot"."""
    spans = [found.span() for found in _ADDRESS.finditer(stage.tokens.text)]
    starts = [start for start, _ in spans]
    kept = []
    for match in matches:
        at = stage.tokens.starts[match.trigger_first]
        index = bisect_right(starts, at) - 1
        if index < 0 or at >= spans[index][1]:
            kept.append(match)
    return kept


def _after_counts(stage: Scene, kept: Sequence[Mention]) -> Iterator[Mention]:
    """Sentences without a trigger that count who came to harm in what the sentence before tells."""
    told = {mention.sentence for mention in kept}
    for sentence in sorted({one + 1 for one in told} - told):
        if sentence >= len(stage.tokens.bounds):
            continue
        harm = next((one for one in casualties.find(stage, sentence) if one.kind in {"killed", "injured"}), None)
        if harm is not None:
            span = (harm.first, harm.last)
            pattern = " ".join(stage.tokens.words[harm.first : harm.last])
            notes: dict[str, float | str] = {"toll": 1.0}
            yield Mention(*span, "hurt", pattern, sentence, span, "Attack", "default", notes=notes)


def _rank(match: Match) -> tuple[bool, int, int, int]:
    entry = match.payload
    length = sum(part.strip("[]") not in GAPS for part in entry.pattern.replace("-", " ").split())
    return (entry.row.meaning != "none", -length, entry.row.number, match.first)


def _blocks(match: Match) -> tuple[int, int]:
    if "[" in match.payload.pattern:
        return match.trigger_first, match.trigger_last
    return match.first, match.last


def _mention(stage: Scene, match: Match) -> Mention:
    row = match.payload.row
    mention = Mention(
        match.trigger_first,
        match.trigger_last,
        row.meaning,
        match.payload.pattern,
        stage.tokens.sentence[match.first],
        (match.first, match.last),
    )
    form = stage.tokens.words[match.trigger_first]
    mention.nominal = not (form.endswith(("ed", "ing")) or form in lexicon.grammar("irregular_past"))
    if row.meaning in TYPE_OF:
        mention.sub_type = row.meaning
    return mention


def _holds(stage: Scene, match: Match) -> bool:
    row = match.payload.row
    if (
        match.last - match.first > 1
        and row.meaning != "none"
        and stage.cut_between(match.first, match.last - 1, hard=True)
    ):
        return False
    if row.needs and not _any(stage, match, row.needs):
        return False
    return not (row.unless and _any(stage, match, row.unless))


def _any(stage: Scene, match: Match, conditions: Sequence[str]) -> bool:
    return any(_met(stage, match, condition) for condition in conditions)


def _met(stage: Scene, match: Match, condition: str) -> bool:
    """Whether a condition of `needs` or `unless` holds; the head of lexicon.toml tells what may be asked."""
    first, last = stage.tokens.bounds[stage.tokens.sentence[match.first]]
    if condition == "&capital":
        return match.first > first and not stage.tokens.shouted and stage.tokens.capital(match.first)
    if condition == ">>&capital":
        return match.last < last and not stage.tokens.shouted and stage.tokens.capital(match.last)
    term = condition.lstrip("<>")
    reach = 1 if condition[:2] in {"<<", ">>"} else NEAR
    if condition.startswith(">"):
        return _present(stage, term, match.last, min(last, match.last + reach))
    if condition.startswith("<"):
        return _present(stage, term, max(first, match.first - reach), match.first)
    return _present(stage, term, first, last)


def _present(stage: Scene, term: str, first: int, last: int) -> bool:
    if term.startswith("@"):
        return stage.has(term[1:], first, last)
    words = stage.tokens.words[first:last]
    if term == "#":
        return any(word[0].isdigit() for word in words)
    word, _, tags = term.partition("/")
    return not (lexicon.forms(word, tags) if tags else {word}).isdisjoint(words)
