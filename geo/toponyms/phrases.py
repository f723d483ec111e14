"""Read the phrases that place something relative to toponyms.

The text is first masked: lower case, every toponym replaced by marks of the same length. Offsets stay those of the
text, and a phrase becomes a short pattern of words and marks. Words and patterns come from phrases.toml. All
repetitions in the patterns are bounded, so the time is linear in the text.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from geo.toponyms.spans import Relation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geo.toponyms.spans import Toponym

COMPASS = ("n", "nne", "ne", "ene", "e", "ese", "se", "sse", "s", "ssw", "sw", "wsw", "w", "wnw", "nw", "nnw")
"""The sixteen points in order of bearing, 22.5 degrees apart, from north over east."""

NAME, REST, DEMONYM, NOT_LITERAL = "\ue000", "\ue001", "\ue002", "\ue003"
"""Marks: first character of a literal toponym, its other characters, a demonym's and a non-literal toponym's first."""

_MARKS = str.maketrans(dict.fromkeys((NAME, REST, DEMONYM, NOT_LITERAL), " "))
_ONLY_DIRECTION = re.compile(r"(?:(?:north|south|east|west)[\s-]?){1,2}(?:ern)?|central")
"""Provinces of some countries are called no more than that; in "Central China" it is a direction all the same."""

_CENTRE = ("central", "centre", "center", "middle", "heart")


def relations(text: str, toponyms: Sequence[Toponym]) -> list[Relation]:
    """Every relational phrase of the text in order, none overlapping.

    Where phrases overlap, the form that stands first in phrases.toml wins (a border over "near"), then the longer.
    """
    if not text:
        return []
    masked = mask(text, toponyms)
    spans = {toponym.start: (toponym.start, toponym.end) for toponym in toponyms}
    taken: list[Relation] = []
    for found in _candidates(text, masked, spans):
        if all(found.end <= other.start or found.start >= other.end for other in taken):
            taken.append(found)
    return sorted(taken, key=lambda relation: relation.start)


def mask(text: str, toponyms: Sequence[Toponym]) -> str:
    """The text in lower case with every toponym replaced by marks; same length, same offsets."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    pieces, at = [], 0
    lower = lower.translate(_MARKS)
    named = (toponym for toponym in toponyms if not _ONLY_DIRECTION.fullmatch(toponym.text.lower()))
    for toponym in sorted(named, key=lambda item: item.start):
        start, end = max(toponym.start, at), min(toponym.end, len(text))
        if start != toponym.start or end <= start:
            continue
        pieces += [lower[at:start], _first_mark(toponym), REST * (end - start - 1)]
        at = end
    return "".join([*pieces, lower[at:]])


def _first_mark(toponym: Toponym) -> str:
    if toponym.kind == "demonym":
        return DEMONYM
    return NAME if toponym.literal else NOT_LITERAL


def _candidates(text: str, masked: str, spans: Mapping[int, tuple[int, int]]) -> Iterator[Relation]:
    """Candidates, those to prefer first."""
    for pattern in _patterns():
        if not any(word in masked for word in pattern.needs):
            continue
        found = [_relation(text, match, pattern, spans) for match in pattern.regex.finditer(masked)]
        yield from sorted((relation for relation in found if relation), key=lambda item: item.start - item.end)


# --- patterns ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pattern:
    """One form of one relation: `needs` holds words of which the text must have one, a cheap first look."""

    relation: str
    regex: re.Pattern[str]
    needs: tuple[str, ...]


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """The tables of phrases.toml."""
    return tomllib.loads(files("geo.toponyms").joinpath("phrases.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _pieces() -> dict[str, str]:
    """Named parts from which the patterns are put together: the lists as alternatives, then the pieces in order."""
    tables = vocabulary()
    piece = {"NAME": NAME, "REST": REST, "DEMONYM": DEMONYM, "NOT_LITERAL": NOT_LITERAL}
    piece |= {name: _any(words) for name, words in tables["words"].items()}
    piece |= {name: _any(list(tables[name])) for name in ("units", "hours", "numbers")}
    for name, template in tables["pieces"].items():
        piece[name] = _joined(template).format(**piece)
    return piece


def _any(words: Sequence[str]) -> str:
    """Alternatives, the longest first; a blank in a word stands for any white space."""
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"[\s-]{1,3}") for word in ordered) + ")"


def _joined(template: str) -> str:
    """A template without its line breaks and the blanks after them."""
    return re.sub(r"\n\s*", "", template)


@lru_cache(maxsize=1)
def _patterns() -> tuple[Pattern, ...]:
    piece = _pieces()
    return tuple(
        Pattern(
            relation=form["relation"],
            regex=re.compile(r"(?<!\w)" + _joined(form["pattern"]).format(**piece)),
            needs=tuple(word for need in form["needs"] for word in _needs(need)),
        )
        for form in vocabulary()["form"]
    )


def _needs(need: str) -> Sequence[str]:
    """The words that a need stands for: itself, or the list named in braces."""
    if not need.startswith("{"):
        return (need,)
    tables, name = vocabulary(), need.strip("{}")
    return (NAME,) if name == "NAME" else tuple(tables.get(name) or tables["words"][name])


# --- from a match to a relation --------------------------------------------------------------------------------------


def _relation(
    text: str, match: re.Match[str], pattern: Pattern, spans: Mapping[int, tuple[int, int]]
) -> Relation | None:
    groups = match.groupdict()
    if not _spatial(match, pattern.relation) or (pattern.relation == "valley" and not _names_water(text, match)):
        return None
    return Relation(
        start=match.start(),
        end=match.end(),
        text=text[match.start() : match.end()],
        relation=pattern.relation,
        toponyms=_toponyms(match, spans),
        direction=compass(groups.get("dir") or groups.get("dir2") or groups.get("line_dir") or ""),
        distance_m=_amount(groups, "unit", "units"),
        travel_minutes=_amount(groups, "time", "hours"),
    )


def _toponyms(match: re.Match[str], spans: Mapping[int, tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The toponyms of the groups a, b, c in order of the text; a name said twice ("the Iraq-Iraq line") once."""
    names = match.re.groupindex
    starts = sorted({match.start(name) for name in "abc" if name in names and match.start(name) >= 0})
    return tuple(spans[start] for start in starts if start in spans)


def _spatial(match: re.Match[str], relation: str) -> bool:
    """Whether the words before a bare "between" or "off" leave it a meaning in space."""
    if "lead" not in match.re.groupindex:
        return True
    if relation == "between" and NAME not in match.group() and "way" not in match.group():
        return False  # two governments
    before = re.findall(r"[^\W\d]+(?:-[^\W\d]+)?", match.string[max(0, match.start() - 60) : match.start("lead")])
    words = vocabulary()["words"]
    if relation == "off":
        return not set(before[-1:]) & set(words["off_verbs"])
    return not (set(before[-3:]) & set(words["between_not_space"]) or set(before[-1:]) & set(words["between_fights"]))


def _names_water(text: str, match: re.Match[str]) -> bool:
    """Whether the phrase itself speaks of a valley: "Wadi Hauran near Rutba", not "Homs near Hama"."""
    first = text[match.start() : match.end("a") + 20].lower()
    return re.search(r"\b(?:valley|river|basin|delta|wadi)\b", first[: match.end() - match.start()]) is not None


def _amount(groups: Mapping[str, str | None], unit: str, table: str) -> float | None:
    number, name = groups.get("number"), groups.get(unit)
    if not number or not name:
        return None
    factor = vocabulary()[table][re.sub(r"[\s-]+", " ", name)]
    value = _value(number)
    return None if value is None else value * float(factor)


def _value(number: str) -> float | None:
    """A number in digits or words; the middle of a range."""
    words = vocabulary()["numbers"]
    clean = re.sub(r"\s+", " ", number.strip())
    if clean in words:
        return float(words[clean])
    if clean[0].isdigit():
        parts = [float(part) for part in re.findall(r"\d+(?:\.\d+)?", clean.replace(",", ""))]
        return sum(parts) / len(parts) if parts else None
    return float(sum(words.get(part, 0) for part in re.split(r"[\s-]", clean)))


def compass(words: str) -> str:
    """The compass point of "north-west", "northwestern", "NNW", "north-central"; "centre" of "central"; else ""."""
    points = re.findall(r"north|south|east|west", words)
    if points:
        short = "".join(point[0] for point in points)
        return short if short in COMPASS else _mended(short)
    if any(word in words for word in _CENTRE) or words.startswith("mid"):
        return "centre"
    short = re.sub(r"[^nsew]", "", words)
    return short if short in COMPASS else ""


def _mended(short: str) -> str:
    """A point said in the wrong order ("west-north") or twice: its two letters in the compass's order."""
    vertical = next((char for char in short if char in "ns"), "")
    horizontal = next((char for char in short if char in "ew"), "")
    return vertical + horizontal
