"""Whether the words beside a bare weekday or month look ahead or back."""

from __future__ import annotations

import re
from functools import lru_cache

from geo.times.vocabulary import either, key, vocabulary

_REACH = 110
"""How many characters before an expression its verb is looked for; a clause is hardly longer."""
_REACH_AFTER = 60
_STOP = re.compile(r"[.;!?](?=\s)|\n\s*\n")
_CLAUSE = re.compile(r"[.;!?](?=\s)|\n\s*\n|,\s{1,4}(?:and|but|while)\b")
"""Where what is said about an expression before its verb ends."""
_LED_BACK = re.compile(
    r"\b(?:said|told|announced|reported|says|added|confirmed|wrote|"
    r"(?<!\bbe )(?!scheduled|expected|planned|slated|needed|supposed|called\s{1,4}for)\w{2,12}ed)"
    r"\s{1,4}(?:\w{1,12}\s{1,4}){0,2}(?:on\s{1,4})?(?:late\s{1,4}|early\s{1,4})?\Z",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"['’]s\b")


@lru_cache(maxsize=1)
def _verbs() -> re.Pattern[str]:
    cues = vocabulary().cues
    return re.compile(
        rf"(?<![\w])(?:(?P<future>{either(cues['future'])})|(?P<past>{either(cues['past'])}))(?![\w])", re.IGNORECASE
    )


def direction(text: str, start: int, end: int) -> str:
    """Where the words beside `start`, `end` look: "future", "past" or "".

    The nearest verb before the expression decides, else the first after it.
    """
    before = _STOP.split(text[max(0, start - _REACH) : start])[-1]
    if _LED_BACK.search(before) or _POSSESSIVE.match(text, end):
        return "past"
    verbs = list(_verbs().finditer(before))
    if verbs:
        return verbs[-1].lastgroup or ""
    after = _CLAUSE.split(text[end : end + _REACH_AFTER], maxsplit=1)[0]
    aside = vocabulary().cues["only_before"]
    first = next((verb for verb in _verbs().finditer(after) if key(verb.group()) not in aside), None)
    return (first.lastgroup or "") if first else ""
