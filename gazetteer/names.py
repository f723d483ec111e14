"""When two spellings are the same name: one rule, used when the gazetteer is built and when it is asked.

`fold` gives the key of a name: letter case, accents, apostrophes, hyphens and Arabic vowel signs do not matter.
`skeleton` gives what is left of a name when romanisation is forgotten: consonants, alike ones merged. Skeletons
collide (`Hama` and `Himeh`), so whoever matches by them must compare the names or know the context.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FOLD_VERSION = 2
"""Raise it with any change of `fold` or `skeleton`: files built by another version are refused."""

_LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ə": "a",
    "ɓ": "b", "ɗ": "d", "ƙ": "k", "ŋ": "ng", "ɛ": "e", "ɔ": "o", "ƴ": "y", "ĸ": "k", "ŀ": "l",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ە": "ه", "ۀ": "ه",
    "ک": "ك", "ڪ": "ك", "گ": "ك", "ہ": "ه", "ھ": "ه", "ـ": "", "ء": "", "ё": "е", "ґ": "г", "ς": "σ",
}  # fmt: skip
_SILENT = "'’‘`´ʼʻʾʿʹʺˈˊˋ′″ʽ\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f·‧"
_HEBREW_TO_SYRIAC_MARKS = range(10, 37)
_MARKS_ABOVE_AND_BELOW = range(200, 241)
_PREFIXES = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}


def _is_mark(char: str) -> bool:
    """Whether a combining character is an accent or a vowel point; Indic vowels and kana voicing are letters."""
    rank = unicodedata.combining(char)
    return rank in _HEBREW_TO_SYRIAC_MARKS or rank in _MARKS_ABOVE_AND_BELOW


def _fold_char(char: str) -> str:
    """What one character contributes to a key: its base letter, a space for punctuation, nothing for an apostrophe."""
    if char in _SILENT:
        return ""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    kept = "".join(_LETTERS.get(part, part) for part in parts if not _is_mark(part) and part not in _SILENT)
    kept = "".join("and" if part == "&" else part if part.isalnum() or _joins(part) else " " for part in kept)
    return unicodedata.normalize("NFC", kept)


def _joins(char: str) -> bool:
    """Whether a character that is no letter belongs to a word all the same: vowel signs, viramas, tone marks."""
    return unicodedata.category(char) in {"Mn", "Mc"}


class _Table(dict[int, str]):
    """A translation table that works out each character once."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_char(chr(code))
        return folded


@lru_cache(maxsize=1)
def _table() -> _Table:
    return _Table()


def fold(name: str) -> str:
    """Give the key under which a name is stored and looked up.

    Args:
        name: a name in any script, of any length.

    Returns:
        Lower-case words parted by single spaces; empty where the name has no letter or digit. `fold` of a key is
        the key itself.
    """
    if name.isascii():
        words = name.translate(_table()).split()
    else:
        words = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).translate(_table())).split()
    while len(words) > 1 and words[0] == "the":
        del words[0]
    if len(words) > 1 and words[0] in _PREFIXES:
        words[0] = _PREFIXES[words[0]]
    return " ".join(words)


_ARABIC = str.maketrans({
    "ا": "", "و": "", "ي": "", "ه": "h", "ب": "b", "پ": "b", "ت": "t", "ث": "t", "ج": "j", "چ": "c", "ح": "h",
    "خ": "k", "د": "d", "ذ": "d", "ر": "r", "ز": "z", "ژ": "j", "س": "s", "ش": "s", "ص": "s", "ض": "d", "ط": "t",
    "ظ": "z", "ع": "", "غ": "k", "ف": "f", "ڤ": "f", "ق": "k", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ٹ": "t",
    "ڈ": "d", "ڑ": "r", "ں": "n", "ے": "", "ۆ": "", "ێ": "", "ڕ": "r", "ڵ": "l",
})  # fmt: skip
_CYRILLIC = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "є": "e", "ж": "zh", "з": "z", "и": "i", "і": "i",
    "ї": "i", "й": "i", "ј": "i", "к": "k", "л": "l", "љ": "l", "м": "m", "н": "n", "њ": "n", "о": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "ћ": "ch", "у": "u", "ў": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch",
    "џ": "dzh", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ђ": "d",
    "қ": "k", "ғ": "g", "ұ": "u", "ү": "u", "ө": "o", "ң": "n", "һ": "h", "ҷ": "j", "ҳ": "h", "ә": "a",
})  # fmt: skip


def _without_h(found: re.Match[str]) -> str:
    """`d` of `dh`, `t` of `th`, `b` of `bh`, but `f` of `ph`."""
    return "f" if found[0] == "ph" else found[0][0]


_MERGED: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile("shch|tch|tsch"), "c"),
    (re.compile("kh|gh|ck|[qg]"), "k"),
    (re.compile("dzh|dj|zh"), "j"),
    (re.compile("ch"), "c"),
    (re.compile("sh|ts|tz"), "s"),
    (re.compile("dh|th|ph|bh"), _without_h),
    (re.compile("ou|w"), "u"),
    (re.compile("c(?=[aouklrt])"), "k"),
    (re.compile("v"), "f"),
    (re.compile("x"), "ks"),
    (re.compile("p"), "b"),
)
_ARTICLE = re.compile(r"\b(?:al|el|ul|il|ar|er|as|es|az|ez|ad|ed|at|et|an|en|ash|esh|adh|edh|ath|eth) +(?=\w)")
_GLUED_ARTICLE = re.compile(r"\b[ae]([rsztdn])\1")
_GLUED_AL = re.compile(r"\bal(?=[bdfghjkmnqrstwyz][aeiouy][a-z]{2})")
_ARABIC_ARTICLE = re.compile(r"\bال(?=\w{2})")
_DOUBLE = re.compile(r"(.)\1+")
_FIRST_VOWELS = re.compile(r"\b[aeiouy]+")
_VOWELS = re.compile("[eiouy ]|(?<=\\w)a")
_FINAL_H = re.compile(r"(?<=[aeiou])h\b")


def skeleton(name: str) -> str:
    """Give what romanisations of one name have in common: its consonants, alike ones merged, articles left out.

    `Deir Ezzor`, `Dayr az Zawr` and `Дейр-эз-Зор` share one skeleton. Names in scripts other than Latin, Arabic,
    and Cyrillic have none.

    Returns:
        Latin consonants without spaces, `a` standing for a vowel at the beginning of a word; may be empty.
    """
    return skeletons([fold(name)])[0]


def skeletons(keys: list[str]) -> list[str]:
    """Give the skeletons of many folded names at once, much faster than one by one."""
    text = _ARABIC_ARTICLE.sub("", "\n".join(keys)).translate(_ARABIC).translate(_CYRILLIC)
    text = _GLUED_AL.sub("", _GLUED_ARTICLE.sub(r"\1", _ARTICLE.sub("", text)))
    text = _FINAL_H.sub("", text)
    for pattern, merged in _MERGED:
        text = pattern.sub(merged, text)
    text = _VOWELS.sub("", _FIRST_VOWELS.sub("a", _DOUBLE.sub(r"\1", text)))
    return [bones if bones.isascii() else "" for bones in text.split("\n")]


_ACRONYM = re.compile(r"(?:[A-Z]\.?\s?){1,5}[A-Z]\.?|(?:[A-Z][a-z]{0,4}\.\s?){1,3}|[A-Z]{2,6}")


def acronym(name: str) -> str:
    """Give the case-sensitive key of an abbreviation (`U.S.`, `UK`, `Ky.`, `W.Va.`), or nothing for another name."""
    if len(name) > 12 or not _ACRONYM.fullmatch(name):  # noqa: PLR2004  # longer is no abbreviation
        return ""
    return "=" + name.replace(".", "").replace(" ", "")
