"""Who did it, to whom, with what: as named in the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.events import lexicon
from geo.events.types import WEAPONS, is_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geo.events.mention import Mention, Scene

ACTORS = ("rebel", "state", "criminal", "mob", "demonstrator")
TARGETS = ("civilian", "military_target", "state", "rebel", "demonstrator", "person", "territory")
REACH = 16
"""How far from its trigger an actor or a target may be named, in tokens."""
BY = 5
"""How soon after its trigger "by" names the actor."""
VERB = 5
"""How soon after somebody the verb tells that he came to harm, in tokens."""
NAME = 5
"""How many words of a name stand before its head."""


def name(stage: Scene, mention: Mention) -> None:
    """Sets actors, targets and weapons of a mention."""
    first, last = stage.part(mention.first)
    passive = _passive(stage, mention)
    before = (max(first, mention.first - REACH), mention.first)
    after = (mention.last, min(last, mention.last + REACH))
    agents = _after_word(stage, (mention.last, min(last, mention.last + BY)), frozenset(["by"]))
    aims = _after_word(stage, after, lexicon.grammar("target_words"))
    if _verbal(stage, mention) and passive:
        mention.actors = _names(stage, agents, ACTORS)[:1]
        mention.targets = _last(_names(stage, before, TARGETS))
    else:
        doers = _names(stage, before, ACTORS, unhurt=True)
        mention.actors = _names(stage, agents, ACTORS)[:1] or _last(doers)
        mention.actors = mention.actors or _subject_of_report(stage, mention)
        mention.targets = _names(stage, aims or (after if _verbal(stage, mention) else None), TARGETS)[:1]
    mention.weapons = tuple(dict.fromkeys(_weapons(stage, stage.tokens.bounds[mention.sentence])))


def _subject_of_report(stage: Scene, mention: Mention) -> tuple[str, ...]:
    """Whom "it" or "they" stands for: "The army announced that it launched strikes"."""
    first = stage.tokens.bounds[mention.sentence][0]
    before = stage.tokens.words[max(first, mention.first - REACH) : mention.first]
    if lexicon.grammar("pronouns").isdisjoint(before):
        return ()
    return _names(stage, (first, mention.first), ACTORS, sources=True)[:1]


def _verbal(stage: Scene, mention: Mention) -> bool:
    """Whether the trigger is used as a verb."""
    words = stage.tokens.words
    word = words[mention.first]
    before = words[mention.first - 1] if mention.first else ""
    if before in lexicon.grammar("verb_before") or _passive(stage, mention):
        return True
    if word.endswith(("ed", "ing")) or word in lexicon.grammar("irregular_past"):
        return before not in lexicon.grammar("noun_before")
    return False


def _passive(stage: Scene, mention: Mention) -> bool:
    words = stage.tokens.words
    return not lexicon.grammar("be").isdisjoint(words[max(mention.first - 3, 0) : mention.first])


def _after_word(stage: Scene, window: tuple[int, int], opening: frozenset[str]) -> tuple[int, int] | None:
    words = stage.tokens.words
    for i in range(*window):
        if words[i] in opening:
            return i + 1, min(i + 1 + REACH // 2, window[1])
    return None


def _last(names: tuple[str, ...]) -> tuple[str, ...]:
    return names[-1:]


def _names(
    stage: Scene,
    window: tuple[int, int] | None,
    classes: Iterable[str],
    *,
    sources: bool = False,
    unhurt: bool = False,
) -> tuple[str, ...]:
    """The actors named between two tokens, in order, as written.

    Who is only quoted too, with `sources`; with `unhurt`, without those who are told as killed or hurt.
    """
    if window is None:
        return ()
    heads = _heads(stage, window, tuple(classes), sources=sources)
    if unhurt:
        heads = (head for head in heads if not _is_victim(stage, head[1]))
    return tuple(dict.fromkeys(_spell(stage, first, last) for first, last in heads))


def _is_victim(stage: Scene, last: int) -> bool:
    """Whether what follows somebody tells that he came to harm: "Ten soldiers | died in", "| were wounded when"."""
    end = stage.tokens.bounds[stage.tokens.sentence[last - 1]][1]
    words = stage.tokens.words[last : min(end, last + VERB)]
    told = next((i for i, word in enumerate(words) if word not in lexicon.grammar("helpers")), len(words))
    if words[told : told + 1] and words[told] in lexicon.grammar("dies"):
        return True
    passive = not lexicon.grammar("be").isdisjoint(words[:told])
    return passive and words[told : told + 1] != [] and words[told] in lexicon.grammar("harmed")


def _heads(
    stage: Scene, window: tuple[int, int], classes: tuple[str, ...], *, sources: bool
) -> Iterator[tuple[int, int]]:
    i, end = window
    while i < end:
        last = _term(stage, i, classes) or _proper(stage, i, end)
        if last and last <= end:
            last = _whole(stage, last, end, classes)
            if sources or not is_source(stage, i, last):
                yield i, last
        i = max(i + 1, last)


def _term(stage: Scene, i: int, classes: tuple[str, ...]) -> int:
    return max((stage.labels[i][c] for c in classes if c in stage.labels[i]), default=0)


def _whole(stage: Scene, last: int, end: int, classes: tuple[str, ...]) -> int:
    """Goes on over what belongs to the name: "Iran | -backed militias", "army | patrol"."""
    while last < end and (_term(stage, last, classes) or stage.tokens.words[last] in lexicon.grammar("compounds")):
        last = min(max(last + 1, _term(stage, last, classes)), end)
    return last


def _proper(stage: Scene, i: int, end: int) -> int:
    """The token after a run of capitalised words; 0 where there is none or case tells nothing."""
    tokens = stage.tokens
    if (
        tokens.shouted
        or not tokens.capital(i)
        or tokens.words[i] in lexicon.grammar("name_stops")
        or tokens.words[i] in lexicon.grammar("no_name")
    ):
        return 0
    if i == tokens.bounds[tokens.sentence[i]][0] and len(tokens.words[i]) < 3:  # noqa: PLR2004  ("In", "At")
        return 0
    last = i + 1
    while last < end and tokens.capital(last) and tokens.words[last] not in lexicon.grammar("no_name"):
        last += 1
    return last


def _spell(stage: Scene, first: int, last: int) -> str:
    """The name with the capitalised or compound words before its head: "Iran-backed militias"."""
    tokens = stage.tokens
    begin, floor = first, tokens.bounds[tokens.sentence[first]][0]
    while begin > floor and first - begin < NAME and _belongs(stage, begin - 1):
        begin -= 1
    return tokens.slice(begin, last)


def _belongs(stage: Scene, i: int) -> bool:
    tokens = stage.tokens
    word = tokens.words[i]
    if word in lexicon.grammar("name_stops") or word in lexicon.grammar("no_name") or not word[0].isalpha():
        return False
    return (
        (tokens.capital(i) and not tokens.shouted)
        or word in lexicon.grammar("name_parts")
        or bool({"rebel", "state"} & stage.labels[i].keys())
    )


def _weapons(stage: Scene, window: tuple[int, int]) -> Iterator[str]:
    for kind in (*(name_ for name_, _ in WEAPONS), "gun", "blade"):
        for first, last in stage.where(kind, *window):
            yield stage.tokens.slice(first, last)
