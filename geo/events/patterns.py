"""The pattern language of the lexicon, compiled into one trie.

A pattern is words separated by blanks. `attack/n` stands for a noun and its plural, `attack/v` for a verb's forms,
`attack/nv` for both; `@rocket` for any term of a word class of words.toml; `..` for up to four words and `...` for up
to eight, within a sentence and across no comma, semicolon or colon, `~` for up to five between a verb and its object,
across no preposition; `[ ]` brackets the words that are the trigger where that
is not the whole pattern up to its first gap. Hyphens count as blanks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geo.events.tokens import Tokens

Irregular = "Mapping[str, Sequence[str]]"
GAPS = {"..": 4, "...": 8, "~": 5}
_BARRIERS = frozenset(";:,")
_OBJECT_BARRIERS = _BARRIERS | frozenset(
    ["in", "at", "near", "from", "on", "by", "to", "with", "for", "after", "when", "as"]
)
_VOWELS = frozenset("aeiou")


@dataclass(slots=True)
class Node:
    """One state: the next by word, by class, by gap.

    `ends` is what ends here: payload, first and last element of the trigger.
    """

    words: dict[str, Node] = field(default_factory=dict)
    classes: dict[str, Node] = field(default_factory=dict)
    gaps: list[tuple[str, Node]] = field(default_factory=list)
    ends: list[tuple[Any, int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found: its tokens [first, last), those of its trigger, and what the pattern stands for."""

    first: int
    last: int
    trigger_first: int
    trigger_last: int
    payload: Any


Labels = list[dict[str, int]]
"""For each token, the classes that a term starting there belongs to, and the token after the longest such term."""


def nouns(word: str, irregular: Mapping[str, Sequence[str]]) -> set[str]:
    """A noun and its plural."""
    if word in irregular:
        return {word, *irregular[word]}
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return {word, word[:-1] + "ies"}
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return {word, word + "es"}
    if word.endswith("man"):
        return {word, word[:-3] + "men"}
    return {word, word + "s"}


def verbs(word: str, irregular: Mapping[str, Sequence[str]]) -> set[str]:
    """A verb's forms; a doubled and an undoubled consonant both where either is written."""
    third = nouns(word, {}) - {word}
    if word.endswith("e"):
        regular = {word + "d"}
    elif word.endswith("y") and word[-2:-1] not in _VOWELS:
        regular = {word[:-1] + "ied"}
    else:
        regular = {word + "ed", *_doubled(word, "ed")}
    stem = word[:-1] if word.endswith("e") and not word.endswith("ee") else word
    return {word, stem + "ing", *_doubled(word, "ing"), *third, *irregular.get(word, regular)}


def _doubled(word: str, suffix: str) -> set[str]:
    short = len(word) > 2 and word[-1] not in "aeiouwxy" and word[-2] in _VOWELS and word[-3] not in _VOWELS  # noqa: PLR2004  (letters)
    return {word + word[-1] + suffix} if short else set()


class Patterns:
    """Patterns → matches, in one walk over the tokens."""

    def __init__(
        self, irregular_nouns: Mapping[str, Sequence[str]], irregular_verbs: Mapping[str, Sequence[str]]
    ) -> None:
        self._nouns = irregular_nouns
        self._verbs = irregular_verbs
        self._root = Node()

    def add(self, pattern: str, payload: Any) -> None:  # noqa: ANN401  (whatever the caller wants back)
        """Adds one pattern; raises ValueError where it has no word."""
        elements, first, last = _parse(pattern)
        if not elements or elements[0] in GAPS or elements[-1] in GAPS:
            raise ValueError(f"{pattern!r}: a pattern begins and ends with a word or a class.")
        for node in self._extend([self._root], elements):
            node.ends.append((payload, first, last))

    def _extend(self, nodes: list[Node], elements: Sequence[str]) -> list[Node]:
        for element in elements:
            nodes = [following for node in nodes for following in self._next(node, element)]
        return nodes

    def _next(self, node: Node, element: str) -> list[Node]:
        if element in GAPS:
            node.gaps.append((element, Node()))
            return [node.gaps[-1][1]]
        if element.startswith("@"):
            return [node.classes.setdefault(element[1:], Node())]
        return [node.words.setdefault(form, Node()) for form in sorted(self.forms(element))]

    def forms(self, element: str) -> set[str]:
        """The surface forms of one element, "attack/nv"."""
        word, _, tags = element.partition("/")
        forms = {word} if not tags else set()
        if "n" in tags:
            forms |= nouns(word, self._nouns)
        if "v" in tags:
            forms |= verbs(word, self._verbs)
        return forms

    def find(self, tokens: Tokens, labels: Labels | None = None) -> Iterator[Match]:
        """Every match of every pattern, overlapping ones too, by first token."""
        for first, last in tokens.bounds:
            yield from self.find_in(tokens, first, last, labels)

    def find_in(self, tokens: Tokens, first: int, last: int, labels: Labels | None = None) -> Iterator[Match]:
        """The matches that lie between two tokens."""
        words = tokens.words
        root = self._root
        for i in range(first, last):
            if words[i] in root.words or (labels and labels[i] and not root.classes.keys().isdisjoint(labels[i])):
                yield from self._walk(words, labels, root, i, last, (i,))

    def _walk(
        self, words: list[str], labels: Labels | None, node: Node, i: int, stop: int, path: tuple[int, ...]
    ) -> Iterator[Match]:
        for payload, first, last in node.ends:
            yield Match(path[0], i, path[first], path[last], payload)
        for kind, following in node.gaps:
            yield from self._gap(words, labels, (kind, following), i, stop, path)
        if i >= stop:
            return
        after = node.words.get(words[i])
        if after is not None:
            yield from self._walk(words, labels, after, i + 1, stop, (*path, i + 1))
        if labels and node.classes:
            for name, end in labels[i].items():
                if name in node.classes:
                    yield from self._walk(words, labels, node.classes[name], end, stop, (*path, end))

    def _gap(
        self, words: list[str], labels: Labels | None, gap: tuple[str, Node], i: int, stop: int, path: tuple[int, ...]
    ) -> Iterator[Match]:
        kind, following = gap
        barriers = _OBJECT_BARRIERS if kind == "~" else _BARRIERS
        for j in range(i, min(i + GAPS[kind] + 1, stop)):
            yield from self._walk(words, labels, following, j, stop, (*path, j))
            if words[j] in barriers:
                return


def _parse(pattern: str) -> tuple[list[str], int, int]:
    """Elements, and the first and one past the last element of the trigger."""
    spaced = pattern.replace("-", " ").replace("[", " [ ").replace("]", " ] ")
    elements: list[str] = []
    first, last = 0, -1
    gap = 0  # the first gap ends a trigger that is not bracketed
    for part in spaced.split():
        if part == "[":
            first = len(elements)
        elif part == "]":
            last = len(elements)
        else:
            gap = gap or (len(elements) if part in GAPS else 0)
            elements.append(part if part in GAPS else part.replace(".", ""))
    return elements, first, last if last >= 0 else gap or len(elements)
