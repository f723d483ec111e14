"""Whether a mention is told as having happened, or is negated, denied, planned, threatened ...

The cue lists are in words.toml. A `near` cue stands before the trigger with at most NEAR plain words between, a `far`
cue anywhere before it in its clause within FAR words, an `after` cue right after it, a `sentence` cue anywhere in its
clause part, an `undated` cue likewise where the sentence names no day, an `object` cue before a noun that nothing
further is told of. Three are no words but grammar: "had the bomb gone off, many would ...", "kidnappings have driven up
prices", "attacks have killed hundreds since the coup".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.events import lexicon

if TYPE_CHECKING:
    from geo.events.mention import Mention, Scene
    from geo.events.patterns import Match

NEAR = 4
FAR = 14

OBJECT, OWN = 8, 4
"""How far after "condemned" its object stands, and how near a day is the deed's own, in words."""

ADJECTIVES = 2
"""How many words a bare plural may have before it in its clause."""

_ORDER = ("exercise", "denied", "threatened", "planned", "hypothetical", "negated", "historical")
"""Which cue counts where several do, the first."""


def mark(stage: Scene, mentions: list[Mention]) -> None:
    """Sets `modality` and `cue` of each mention that is told as other than happened."""
    cues = _by_sentence(stage)
    for mention in mentions:
        if mention.modality != "reported":
            continue
        found = cues.get(mention.sentence, ())
        hits = {name: match for match in reversed(found) if (name := _reach(stage, mention, match))}
        for name in _ORDER:
            if name in hits:
                mention.modality = name
                mention.cue = stage.tokens.slice(hits[name].first, hits[name].last)
                break
        else:
            _mark_by_grammar(stage, mention)


def _mark_by_grammar(stage: Scene, mention: Mention) -> None:
    """Sets apart what did not come about, and what sums up a long time."""
    first, last = stage.tokens.bounds[mention.sentence]
    if stage.tokens.words[first] == "had" and not lexicon.grammar("unreal").isdisjoint(stage.tokens.words[first:last]):
        mention.modality, mention.cue = "hypothetical", stage.tokens.slice(first, first + 1)
        return
    have = _habit(stage, mention) if not _dated(stage, mention.sentence) else -1
    if have >= 0:
        mention.modality, mention.cue = "historical", stage.tokens.slice(have, have + 1)


def _habit(stage: Scene, mention: Mention) -> int:
    """Where the "have" stands that makes a bare plural or an uncounted many a sum of long times; else -1."""
    words, (first, last) = stage.tokens.words, stage.part(mention.first)
    perfect = lexicon.grammar("perfect")
    if words[mention.last - 1] in lexicon.grammar("event_nouns") and _bare(words[first : mention.first]):
        ahead = words[mention.last : min(last, mention.last + OBJECT)]
        at = next((i for i, word in enumerate(ahead) if word in {*perfect, *lexicon.grammar("clause_open"), ","}), -1)
        follows = at >= 0 and ahead[at] in perfect and not lexicon.grammar("results").isdisjoint(ahead[at + 1 : at + 3])
        return mention.last + at if follows and not _counted(ahead[at:]) else -1
    before = range(max(first, mention.first - OWN), mention.first)
    at = next((i for i in before if words[i] in perfect), -1)
    after = words[mention.last : min(stage.tokens.bounds[mention.sentence][1], mention.last + FAR)]
    killed = mention.meaning == "harm" or words[mention.last - 1] == "killed"
    many = killed and not lexicon.grammar("uncounted").isdisjoint(after[:2])
    return (
        at
        if at >= 0 and (many or ("since" in after and words[mention.first] not in lexicon.grammar("arrests")))
        else -1
    )


def _counted(words: list[str]) -> bool:
    """Whether a number stands among the words."""
    return any(word[0].isdigit() or word in lexicon.words()["numbers"] for word in words)


def _bare(words: list[str]) -> bool:
    """Whether nothing before a plural makes it these or so many: no article, number or "several"."""
    return len(words) <= ADJECTIVES and not _counted(words) and lexicon.grammar("noun_before").isdisjoint(words)


def _by_sentence(stage: Scene) -> dict[int, list[Match]]:
    grouped: dict[int, list[Match]] = {}
    for match in lexicon.cues("modality").find(stage.tokens):
        here = grouped.setdefault(stage.tokens.sentence[match.first], [])
        if not any(_within(match, other) for other in here):
            here[:] = [other for other in here if not _within(other, match)]
            here.append(match)
    return grouped


def _within(one: Match, other: Match) -> bool:
    """Whether a cue is only a part of a longer one: the "any" of "without any"."""
    shorter = one.last - one.first < other.last - other.first
    return shorter and other.first <= one.first and one.last <= other.last


def mark_talked_of(stage: Scene, mention: Mention) -> None:
    """Sets a reported deed apart that is only the object of words: "condemned the attack".

    To be asked after counts are known: a count or a day beside it tells of the deed itself.
    """
    told = mention.fatalities or mention.injured or mention.shot or mention.fused or mention.meaning == "harm"
    noun = mention.nominal or "anaphoric" in mention.notes
    if mention.modality != "reported" or not noun or told:
        return
    first, last = stage.tokens.bounds[mention.sentence]
    beside = stage.tokens.words[max(first, mention.first - OWN) : min(last, mention.last + OWN)]
    if any(word in lexicon.grammar("days") or word.isdigit() for word in beside):
        return
    if _over(stage, mention):
        mention.modality, mention.cue = "diplomatic", "over"
        return
    for match in lexicon.cues("modality", "diplomatic").find_in(
        stage.tokens, max(first, mention.first - OBJECT), mention.first
    ):
        mention.modality, mention.cue = "diplomatic", stage.tokens.slice(match.first, match.last)


def _over(stage: Scene, mention: Mention) -> bool:
    """Whether it is only what others are angry about: "trouble over the arrest of a leader"."""
    before = stage.tokens.words[max(mention.first - OWN + 1, 0) : mention.first]
    return "over" in before and not lexicon.grammar("owned").isdisjoint(before)


def _reach(stage: Scene, mention: Mention, match: Match) -> str:
    """The modality that a cue gives a mention; "" where it does not reach it."""
    name, _, scope = match.payload.partition(".")
    if scope in {"sentence", "undated"}:
        first, last = stage.part(mention.first)
        undated = scope == "undated"  # its cue may open the next part itself: "killed | since the start of the year"
        return (
            name if first <= match.first < last + undated and not (undated and _dated(stage, mention.sentence)) else ""
        )
    if scope == "after":
        return name if match.first == mention.last and not _month(stage, match.first) else ""
    gap = mention.first - match.last
    if gap < 0:
        return ""
    if scope == "near":
        return name if _near(stage, mention, match, gap) and not _month(stage, match.first) else ""
    return (
        name
        if gap <= FAR and not stage.cut_between(match.last, mention.first) and not _excused(stage, name, match, mention)
        else ""
    )


def _dated(stage: Scene, sentence: int) -> bool:
    """Whether a sentence names a day: what is told of one day is no mere custom ("every Friday") or sum."""
    first, last = stage.tokens.bounds[sentence]
    words = ["", *stage.tokens.words[first:last], ""]
    for before, word, after in zip(words, words[1:], words[2:], strict=False):
        if word in lexicon.grammar("day_words") and before not in {"every", "each"}:
            return True
        if word in lexicon.grammar("months") and (before.isdigit() or after.isdigit()):
            return True
    return False


def _month(stage: Scene, index: int) -> bool:
    """Whether "May" is the month."""
    return stage.tokens.words[index] == "may" and stage.tokens.capital(index) and not stage.tokens.shouted


def _near(stage: Scene, mention: Mention, match: Match, gap: int) -> bool:
    words = stage.tokens.words
    between = words[match.last : mention.first]
    if gap > NEAR or not lexicon.grammar("between_stops").isdisjoint(between):
        return False
    cue = words[match.first : match.last]
    if cue[-1] == "to" and not lexicon.grammar("determiners").isdisjoint(words[match.last : match.last + 1]):
        return False
    if cue == ["to"]:
        return gap == 0 and _infinitive(stage, mention, match.first)
    if cue[0] in lexicon.grammar("modals"):
        return "have" not in between and not _noun_with_own_verb(between)
    return True


def _noun_with_own_verb(between: list[str]) -> bool:
    """Whether a definite noun only stands under the modal: "will investigate the attack"."""
    return bool(between) and not lexicon.grammar("definite").isdisjoint(between)


def _infinitive(stage: Scene, mention: Mention, to: int) -> bool:
    word = stage.tokens.words[mention.first]
    if word.endswith(("s", "ed", "ing")):
        return False
    before = {
        match.payload
        for match in lexicon.cues("certain").find_in(stage.tokens, max(to - 6, 0), to + 1)
        if match.last == to + 1
    }
    return not before & {"real_to", "attempt_to"}


def _excused(stage: Scene, name: str, match: Match, mention: Mention) -> bool:
    if name not in {"denied", "negated"}:
        return False
    return any(
        hit.payload == "but_not_denied"
        for hit in lexicon.cues("certain").find_in(stage.tokens, match.last, mention.first)
    )
