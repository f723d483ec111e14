"""Read the phrases that place something relative to toponyms.

The text is first masked: lower case, every toponym replaced by marks of the same length. Offsets stay those of the text,
and a phrase becomes a short pattern of words and marks. The words come from phrases.toml. All repetitions in the
patterns are bounded, so the time is linear in the text.
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

NAME, REST, DEMONYM, ORGANISATION = "\ue000", "\ue001", "\ue002", "\ue003"
"""Marks: first character of a literal toponym, its other characters, a demonym's and a non-literal toponym's first."""

_MARKS = str.maketrans(dict.fromkeys((NAME, REST, DEMONYM, ORGANISATION), " "))
_CENTRE = ("central", "centre", "center", "middle", "heart")


def relations(text: str, toponyms: Sequence[Toponym]) -> list[Relation]:
    """Every relational phrase of the text in order, none overlapping.

    Where phrases overlap, the kind that stands first in the table of patterns wins (a border over "near"), then the longer.
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
    for toponym in sorted(toponyms, key=lambda item: item.start):
        start, end = max(toponym.start, at), min(toponym.end, len(text))
        if start != toponym.start or end <= start:
            continue
        pieces += [lower[at:start], _first_mark(toponym), REST * (end - start - 1)]
        at = end
    return "".join([*pieces, lower[at:]])


def _first_mark(toponym: Toponym) -> str:
    if toponym.kind == "demonym":
        return DEMONYM
    return NAME if toponym.literal else ORGANISATION


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
def vocabulary() -> dict[str, dict[str, Any]]:
    """The tables of phrases.toml."""
    return tomllib.loads(files("geo.toponyms").joinpath("phrases.toml").read_text(encoding="utf-8"))


def _any(words: Sequence[str]) -> str:
    """Alternatives, the longest first; a blank in a word stands for any white space."""
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"[\s-]{1,3}") for word in ordered) + ")"


@lru_cache(maxsize=1)
def _pieces() -> dict[str, str]:
    """Named parts from which the patterns are put together."""
    tables = vocabulary()
    piece = {name: _any(words) for name, words in tables["words"].items()}
    piece["_"] = r"\s{1,3}"
    piece["dash"] = r"\s?[-‐-―/]\s?"
    piece["place"] = f"[{NAME}{ORGANISATION}]{REST}*"
    piece["literal"] = f"{NAME}{REST}*"
    piece["side"] = f"[{NAME}{ORGANISATION}{DEMONYM}]{REST}*"
    piece["demonym"] = f"{DEMONYM}{REST}*"
    piece["word"] = rf"(?!{piece['stop']}\b)[^\W\d_{NAME}-{ORGANISATION}][^\W\d_{NAME}-{ORGANISATION}'’.-]{{0,19}}"
    point = r"(?:north|south|east|west)"
    piece["point"] = rf"(?:{point}(?:[\s-]?{point}){{0,2}})"
    piece["short"] = r"(?:[ns]\.?[ns]?\.?[ew]?\.?|[ew]\.?[ns]\.?[ew]\.?|[ew]\.?)(?<=[nsew.])"
    piece["part_point"] = rf"(?:(?:{piece['point']}(?:[\s-]cent(?:ral|er|re))?)(?:ern(?:most)?)?|central|mid)"
    piece["of"] = _of(piece)
    piece["number"] = _number(tables)
    piece["distance"] = _distance(tables, piece)
    return piece


def _of(piece: Mapping[str, str]) -> str:
    """What may stand between "of" and the name: "the regional capital", "the centre of", "the Omani town of"."""
    lead, word, blank = piece["of_place"], piece["word"], piece["_"]
    of = rf"(?:of{blank}(?:the{blank})?)?"
    described = rf"the{blank}(?:{piece['demonym']}{blank})?(?:{word}{blank}){{0,4}}{of}"
    return rf"(?:{described}|(?:{lead}{blank}){{1,2}}{of})?"


def _number(tables: Mapping[str, Mapping[str, Any]]) -> str:
    digits = r"\d{1,3}(?:,\d{3}){1,2}|\d{1,6}(?:\.\d{1,3})?(?:\s?(?:-|–|to)\s?\d{1,4}(?:\.\d{1,2})?)?"
    tens = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[\s-](?:one|two|three|four|five|six|seven|eight|nine)"
    return rf"(?<![\w.,])(?:{digits}|{tens}|{_any(list(tables['numbers']))}(?![^\W\d]))"


def _distance(tables: Mapping[str, Mapping[str, Any]], piece: Mapping[str, str]) -> str:
    unit = _any(list(tables["units"]))
    other = rf"(?:\s{{0,2}}[(\[][^()\[\]]{{1,40}}[)\]]|\s?/\s?\d[\d.]{{0,5}}\s?{unit}\b)?"
    about = rf"(?:{piece['lead']}{piece['_']})?(?:{piece['about']}{piece['_']}|~\s?){{0,2}}"
    return rf"{about}(?P<number>{piece['number']})[\s-]{{0,2}}(?P<unit>{unit})\b\.?{other}"


_FORMS = (
    # (relation, a word it needs, pattern); {name} is a piece; groups a, b, c are the toponyms in order
    ("triborder", "tri|three", r"(?:{border_lead}{_})?(?:the{_})?{triborder}(?:{_}(?:{border_area}|point|junction))?"
     r"(?:{_}(?:of|between|with|where|shared by|linking|among)(?:{_}the)?{_}(?P<a>{side})"
     r"(?:,?{_}(?:and{_})?(?:the{_})?(?P<b>{side}))?(?:,?{_}(?:and{_})?(?:the{_})?(?P<c>{side}))?)?"),
    ("triborder", "meet|converge|join", r"where{_}(?:the{_})?(?:{borders}{_}of{_})?(?:the{_})?(?P<a>{side}),{_}(?P<b>{side}),?{_}and{_}"
     r"(?:the{_})?(?P<c>{side})(?:['’]s?)?(?:{_}{borders})?{_}(?:meet|converge|join)"),
    ("triborder", "border|frontier", r"(?:{border_lead}{_})?(?:the{_})?(?P<a>{side})(?:{dash}|,{_})(?P<b>{side})(?:{dash}|,?{_}and{_}(?:the{_})?)"
     r"(?P<c>{side}){_}(?:{border_word}{_}){{0,1}}{line}"),
    ("triborder", "border|frontier", r"{line_lead}{line}{_}(?:with|to){_}(?:the{_})?(?P<a>{side}){_}and{_}(?:the{_})?(?P<b>{side})"),
    ("triborder", "borders|frontiers", r"{line_lead}(?:borders|frontiers){_}of{_}(?:the{_})?(?P<a>{side}){_}and{_}(?:the{_})?(?P<b>{side})"),
    ("border", "border|frontier|boundary", r"{line_lead}(?P<a>{side})(?:{dash}|{_}and{_}(?:the{_})?)(?P<b>{side})(?:['’]s?)?{_}"
     r"(?:{border_word}{_}){{0,2}}{line}"),
    ("border", "border|frontier|boundary", r"{line_lead}(?P<a>{side})(?:['’]s?)?{_}(?:{border_word}{_}){{0,2}}{line}{_}(?:with|to){_}"
     r"(?:{demonym}{_})?(?:the{_})?(?P<b>{side})"),
    ("border", "border|frontier|boundary", r"{line_lead}{line}(?:,?{_}(?:that{_})?(?:shared{_}by|separating|dividing|separates|divides|between|of|shared))"
     r"(?:{_}by|{_}between)?{_}(?:the{_})?(?P<a>{side}),?{_}(?:and|with|from){_}(?:the{_})?(?P<b>{side})"),
    ("border", "border|frontier|boundary", r"{line_lead}{line}{_}(?:with|to|of|near){_}(?:neighbou?ring{_})?(?:the{_})?"
     r"(?:{word}{_}of{_})?(?P<a>{side})"),
    ("border", "border|frontier|boundary", r"{line_lead}(?P<a>{side})(?:['’]s?)?{_}(?:{border_word}{_}){{0,2}}{line}"),
    ("border", "line|zone|parallel", r"(?:{border_lead}{_})?(?:the{_})?(?:de{_}facto{_})?(?:{border_word}{_})?{named_lines}\b"),
    ("road", "{road}", r"(?:(?:on|along|off|near|at|from|across|via){_})?(?:the{_})?(?:main{_})?(?P<a>{place})(?:{dash}(?:to{dash})?|{_}to{_})(?P<b>{place}){_}"
     r"(?:{word}{_}){{0,2}}{road}\b"),
    ("road", "{road}", r"(?:(?:on|along|off|near|at){_})?(?:the{_}|a{_})?(?:{word}{_}){{0,2}}{road}{_}"
     r"(?:(?:that{_})?(?:linking|connecting|connects|links|joining|joins|between|from|running{_}from|leading{_}from)){_}{of}(?P<a>{place})"
     r"{_}(?:and|to|with){_}{of}(?P<b>{place})"),
    ("road", "road|highway", r"(?:on|along){_}(?:the{_})?(?:{word}{_}){{0,1}}(?:road|highway){_}(?:leading{_})?(?:to|towards?|into|out{_}of|from){_}"
     r"{of}(?P<a>{place})"),
    ("between", "between", r"(?<![\w-])(?:(?:half|mid)[\s-]?way{_}|roughly{_}|somewhere{_}|(?:in{_})?(?:the{_})?(?:area|region|stretch|countryside|desert){_})?"
     r"(?P<lead>between){_}(?:{towns}{_}of{_})?(?:the{_})?{of}(?P<a>{literal})(?:,{_}{literal})?,?{_}and{_}{of}(?P<b>{literal})"),
    ("off", "off", r"(?:in{_}(?:the{_})?(?:waters{_}of{_}(?:the{_})?)?(?P<a>{literal}){_},?)?(?:{distance}{_}(?:away{_})?)?"
     r"(?:just{_}|far{_})?(?<![\w-])off(?:shore)?(?:{_}of)?{_}(?:the{_})?(?:(?P<dir>{part_point}){_})?"
     r"(?:(?P<c>{side})(?:['’]s?)?{_}(?:(?P<dir2>{part_point}){_})?{coast}|{coast}{_}(?:of|from|near|at){_}{of}(?P<b>{place}))"),
    ("off", "off", r"(?:in{_}(?:the{_})?(?P<a>{literal}),?{_})?(?:{distance}{_}(?:away{_})?)?"
     r"(?P<lead>(?<![\w-])off(?:shore)?(?:{_}from)?){_}(?:(?P<dir>{part_point}){_})?{of}(?P<b>{literal})"),
    ("distance", "{units}", r"{distance}(?:,?{_}{after}){{0,2}},?{_}(?:(?:to|in|towards?){_}the{_}|due{_})?(?P<dir>{point}(?:wards?|erly|ern)?|{short})"
     r"(?:{_}direction)?(?:{_}side)?{_}(?:of|from){_}{of}(?P<a>{place})"),
    ("distance", "hour|minute", r"(?:{about}{_}){{0,2}}(?P<number>{number})[\s-]{{1,2}}(?P<time>{hours})(?:['’]s?)?{_}(?:{word}{_})?{travel}"
     r"(?:,?{_}(?:to{_}the{_}|due{_})?(?P<dir>{point}(?:wards?)?))?{_}(?:of|from|outside){_}{of}(?P<a>{place})"),
    ("near", "within", r"within{_}(?:a{_}|about{_})?{distance}(?:{_}radius|{_}range)?{_}(?:of|from|around){_}{of}(?P<a>{place})"),
    ("distance", "{units}", r"{distance}(?:{_}{after})?{_}(?:from|outside(?:{_}of)?|off){_}{of}(?P<a>{place})"),
    ("valley", "{valleys}", r"(?:(?:in|along|across|on){_})?(?:the{_})?(?P<a>{literal})(?:{_}(?:{valley}|river))?{_}(?:near|close{_}to|around|at|by|outside|in){_}"
     r"{of}(?P<b>{literal})"),
    ("valley", "{valleys}", r"(?:(?:in|along|across){_})?(?:the{_})?(?:valley|basin|delta){_}of{_}(?:the{_})?(?P<a>{literal})(?:{_}river)?"
     r"(?:{_}(?:near|close{_}to|around|at|by|outside){_}{of}(?P<b>{literal}))?"),
    ("valley", "{valleys}", r"(?:(?:in|along|across){_})?(?:the{_})?(?P<a>{literal}){_}{valley}\b"),
    ("part", "north|south|east|west|cent", r"(?<!to{_1})(?:(?:in|across|throughout|from){_})?(?:the{_})(?:{degree}{_})?(?P<dir>{part_point}|centre|center|heart)"
     r"(?:{_}{parts})?{_}of{_}(?:the{_})?(?:{word}{_}(?:of{_})?)?(?P<a>{literal})"),
    ("part", "north|south|east|west|cent", r"(?<![\w-])(?:(?:in|across|throughout|from){_})?(?:the{_})?(?:{degree}{_})?(?P<dir>{part_point})"
     r"(?:{_}{parts}{_}of(?:{_}the)?|{_}and{_}{part_point})?{_}(?P<a>{literal})(?!{_1}{line})"),
    ("part", "north|south|east|west|cent", r"(?:(?:in|across|throughout|from){_})?(?P<a>{place})['’]s?{_}(?:{degree}{_})?"
     r"(?P<dir>{part_point}(?:{_}{parts})?|centre|center)(?!{_1}[^\W\d])(?![\w-])"),
    ("part", "north|south|east|west|cent", r"(?:(?:in|across|throughout|from){_})?(?:the|this|its){_}(?:{degree}{_})?(?P<dir>{part_point}|centre|center)"
     r"(?:{_}{parts})?{_}of{_}(?:the|this){_}{whole}(?![\w-])(?!{_1}of\b)"),
    ("part", "north|south|east|west|cent", r"(?:(?:in|across|throughout|from){_})?(?:the|this){_}{whole}['’]s{_}(?:{degree}{_})?"
     r"(?P<dir>{part_point}(?:{_}{parts})?|centre|center)(?!{_1}[^\W\d])(?![\w-])"),
    ("near", "{edges}", r"(?:(?:on|in|at|near|from){_})?(?:the{_})?(?:(?P<dir>{part_point}){_})?{edge}{_}of{_}{of}(?P<a>{place})"),
    ("near", "{edges}", r"(?:(?:on|in|at|near|from){_})?(?P<a>{place})(?:['’]s?)?{_}(?:(?P<dir>{part_point}){_})?{edge}\b"),
    ("distance", "north|south|east|west", r"(?<![\w-])(?:(?:just|immediately|lies|located|situated|areas?|somewhere|further){_})?(?:(?:to{_}the|due){_})?"
     r"(?P<dir>{point}){_}of{_}{of}(?P<a>{place})"),
    ("near", "{near}", r"(?<![\w-])(?:(?:just|right|very|somewhere){_})?{near}{_}{of}(?P<a>{literal})"),
)  # fmt: skip


@lru_cache(maxsize=1)
def _patterns() -> tuple[Pattern, ...]:
    piece = dict(_pieces())
    tables = vocabulary()
    words = tables["words"]
    borders = r"(?:borders?|frontiers?|boundar(?:y|ies)|border-?lands?|borderline)"
    piece |= {
        "_1": r"\s",
        "borders": borders,
        "border_word": rf"(?:(?P<%s>{piece['part_point']})|closed|disputed|international|common|joint|shared|volatile|porous|restive|land|"
        r"maritime|sea|tense|remote|mountainous|desert|western|unmarked|de\sfacto|contested|fortified|rugged|own)",
        "line": rf"{borders}(?:{piece['_']}{piece['border_area']}\b)?(?!{piece['_']}{piece['border_not_line']}\b)(?![\w-])",
        "towns": r"(?:the\s)?(?:towns?|cities|city|villages?)\s?",
        "hours": _any(list(tables["hours"])),
    }
    piece["line_lead"] = (
        rf"(?:{piece['distance']}{piece['_']}(?:(?:away|{piece['point']}){piece['_']})?(?:from|of|off|inside|within){piece['_']}|"
        rf"{piece['border_lead']}{piece['_']})?(?:(?:the|its|their|a|our|this){piece['_']})?(?:{piece['border_word'] % 'line_dir'}{piece['_']}){{0,2}}"
    )
    needs = {
        "{units}": tuple(tables["units"]),
        "{road}": tuple(words["road"]),
        "{valleys}": ("valley", "river", "basin", "delta", "wadi", NAME),
        "{edges}": tuple(words["edge"]),
        "{near}": tuple(words["near"]),
    }
    return tuple(_compile(*form, piece=piece, needs=needs) for form in _FORMS)


def _compile(
    relation: str, need: str, template: str, *, piece: Mapping[str, str], needs: Mapping[str, tuple[str, ...]]
) -> Pattern:
    filled = template.format(**piece | {"border_word": piece["border_word"] % "dir"})
    return Pattern(relation, re.compile(filled), needs.get(need) or tuple(need.split("|")))


# --- from a match to a relation --------------------------------------------------------------------------------------


def _relation(
    text: str, match: re.Match[str], pattern: Pattern, spans: Mapping[int, tuple[int, int]]
) -> Relation | None:
    groups = match.groupdict()
    if not _spatial(match, pattern.relation):
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
    before = re.findall(r"[^\W\d]+(?:-[^\W\d]+)?", match.string[max(0, match.start() - 60) : match.start("lead")])
    words = vocabulary()["words"]
    blocked = words["between_not_space"] if relation == "between" else words["off_verbs"]
    reach = 3 if relation == "between" else 1
    return not set(before[-reach:]) & set(blocked)


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
