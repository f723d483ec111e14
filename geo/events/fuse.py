"""Several mentions of one happening → one: within a sentence by grammar, across sentences by leaning."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import groupby
from typing import TYPE_CHECKING

from geo.events import coordination, course, ground, lexicon, spoils
from geo.events.mention import CONSEQUENCES
from geo.events.model import TYPE_OF
from geo.events.types import SEVERITY, present

if TYPE_CHECKING:
    from geo.events.mention import Mention, Scene
    from geo.events.model import Count

VIOLENT = frozenset(["Battles", "Explosions/Remote violence", "Violence against civilians"])
DOMINANCE = (
    "Chemical weapon",
    "Suicide bomb",
    "Air/drone strike",
    "Grenade",
    "Shelling/artillery/missile attack",
    "Remote explosive/landmine/IED",
)
"""Weapons: of two in one clause the first names the event (a suicide bomber's car bomb is a suicide bombing)."""
TERRITORY = frozenset(
    ["Government regains territory", "Non-state actor overtakes territory", "Non-violent transfer of territory"]
)
OPEN_VIOLENCE = frozenset(["operation", "engage", "attack", "harm", "hurt", "strike", "blast", "fire", "clash", "raid"])
SIDES = frozenset(["two sides", "gunmen", "military target"])
"""What settles a type by who fought, not by the weapon: a neighbour that names the weapon knows better."""
OBJECT = 7
"""How far from "intercepted" or "defused" the weapon may be told in words of its own, in tokens."""
HEADINGS = 2
"""The first so many sentences may be headings."""
YEAR = 4
"""How many digits a year has."""
SETTING = 4
"""How far before a protest "during" and the like stand, in tokens."""
LEAN, DEFINITE_LEAN = 3, 8
"""How many sentences away the mention may be that one leans on; "the attack" reaches further."""
AFTERTHOUGHT = 1.5
"""How many sentences a mention told as a mere precedent counts as further away."""


def within(stage: Scene, mentions: list[Mention]) -> list[Mention]:
    """One mention a happening in each sentence: the most specific stays and carries the others, each the nearest."""
    kept: list[Mention] = []
    for _, group in groupby(mentions, key=lambda m: m.sentence):
        here = list(group)
        spoils.mark_stopped(stage, here)
        hosts: list[Mention] = []
        for mention in sorted(here, key=lambda m: (-_rank(stage, m), m.first)):
            same = [host for host in hosts if _same(stage, host, mention)]
            if same:
                _take(stage, min(same, key=lambda host: (abs(host.first - mention.first), host.first)), mention)
            else:
                hosts.append(mention)
        for host in hosts:
            _settle_force(stage, host)
        kept += sorted(hosts, key=lambda m: m.first)
    return kept


def _settle_force(stage: Scene, mention: Mention) -> None:
    """A protest at which people died under fire of police or soldiers was met with excessive force."""
    window = stage.tokens.bounds[mention.sentence]
    died = mention.meaning == "protest" and mention.sub_type == "Violent demonstration" and _deadly(mention)
    fired = not lexicon.grammar("gunplay").isdisjoint(stage.tokens.words[slice(*window)])
    if died and fired and present(stage, "police", window):
        mention.sub_type, mention.resolved_by = "Excessive force against protesters", "police, protesters"


def _rank(stage: Scene, mention: Mention) -> int:
    """How much a mention says about what happened; a consequence says least, what was foiled most."""
    if mention.meaning in CONSEQUENCES or "stops" in mention.notes:
        return 2 if mention.meaning == "harm" else 0
    if (mention.meaning == "protest" and _is_setting(stage, mention)) or _damage(mention):
        return 1
    if mention.open or mention.meaning == "operation":
        return 3
    if mention.meaning in OPEN_VIOLENCE:
        return 4
    if mention.meaning == "foil":
        return 6 + len(DOMINANCE)
    return 5 + (len(DOMINANCE) - DOMINANCE.index(mention.sub_type) if mention.sub_type in DOMINANCE else 0)


def _same(stage: Scene, host: Mention, other: Mention) -> bool:
    """Whether the grammar makes two mentions of a sentence one happening."""
    if "reported" != host.modality != other.modality and other.modality != "reported":
        return False
    left, right = sorted((host.first, other.first))
    joined = _harmless(other) or _mere_count(other) or "stops" in other.notes or _by_rioters(stage, host, other)
    if stage.cut_between(left, right, hard=True) and not joined:
        return False
    if "stops" in other.notes:
        return spoils.launch(stage, host)
    if other.meaning in CONSEQUENCES:
        return _violent(host) or (host.sub_type in SEVERITY and not _mourned(stage, host, other))
    if other.meaning == "protest" and _violent(host):
        return _is_setting(stage, other)
    loose = host.sub_type in TERRITORY or (_damage(other) and TYPE_OF[host.sub_type] == "Riots")
    return _compatible(host, other) and (loose or not stage.cut_between(left, right))


def _damage(mention: Mention) -> bool:
    """Whether it only tells of property burnt, looted or destroyed."""
    return mention.meaning == "burn" and mention.sub_type == "Looting/property destruction"


def _bloody(mention: Mention) -> bool:
    """Whether a weapon struck, or people are told to have been killed: the damage is then the least of it."""
    return mention.sub_type in DOMINANCE or (_violent(mention) and _deadly(mention))


def _by_rioters(stage: Scene, host: Mention, other: Mention) -> bool:
    """Whether damage told behind a semicolon is that of the riot before it: "turned violent; 30 shops were looted"."""
    riot = TYPE_OF[host.sub_type] == "Riots" and host.first < other.first
    return riot and _damage(other) and not ground.places(stage, other.first, stage.tokens.bounds[other.sentence][1])


def _take(stage: Scene, host: Mention, other: Mention) -> None:
    """Takes in another mention; of the dead whom people march for it takes neither type nor count."""
    if other.meaning in CONSEQUENCES and _grieved(stage, host, other):
        host.fused.append(other)
    else:
        absorb(host, other)


def _mourned(stage: Scene, protest: Mention, death: Mention) -> bool:
    """Whether the dead are those whom people march for: "marched for a judge who was murdered in May"."""
    words = stage.tokens.words[protest.last : death.first]
    return protest.meaning == "protest" and "who" in words[-3:] and words[-1] in lexicon.grammar("helpers")


def _grieved(stage: Scene, protest: Mention, death: Mention) -> bool:
    """Whether a death is only what people march over: "protesting the murder of a judge", "for the slain leader"."""
    if protest.meaning != "protest":
        return False
    words = stage.tokens.words[protest.last : death.first]
    return (death.nominal and not lexicon.grammar("mourned").isdisjoint(words[-2:])) or _adjective(stage, death)


def _adjective(stage: Scene, death: Mention) -> bool:
    """Whether it only tells which person is meant: "the slain leader", "a murdered judge"."""
    words = stage.tokens.words
    return (
        words[death.first] in lexicon.grammar("dead_adjectives")
        and words[death.first - 1] in lexicon.grammar("determiners")
        and stage.has("person", death.last, death.last + 3)
    )


def _mere_count(mention: Mention) -> bool:
    """Whether it only counts who came to harm, by nothing told: "; 17 were wounded", "while some 20 were injured"."""
    causeless_ = mention.meaning == "hurt" and mention.resolved_by in {"default", "civilian"}
    return causeless_ and mention.modality == "reported" and (mention.fatalities or mention.injured) is not None


def _harmless(mention: Mention) -> bool:
    """Whether it only says that nobody came to harm: "; no casualties", "but no one was hurt"."""
    counts = [count for count in (mention.fatalities, mention.injured) if count]
    return mention.meaning in CONSEQUENCES and bool(counts) and all(count.maximum == 0 for count in counts)


def _is_setting(stage: Scene, mention: Mention) -> bool:
    """Whether a protest is only where it happened: "shot during a rally"."""
    words = stage.tokens.words[max(mention.first - SETTING, 0) : mention.first]
    return not (lexicon.grammar("settings").isdisjoint(words) and lexicon.grammar("leaving").isdisjoint(words))


def _compatible(host: Mention, other: Mention) -> bool:
    """Whether two types go together in one happening."""
    if host.sub_type == other.sub_type or other.meaning == "operation":
        return True
    if TYPE_OF[host.sub_type] in {"Protests", "Riots"}:
        return TYPE_OF[other.sub_type] in {"Protests", "Riots"} or other.meaning in {"attack", "clash", "fire", "burn"}
    if _damage(other):
        return _bloody(host)
    if TYPE_OF[host.sub_type] == "Strategic developments" and host.sub_type not in TERRITORY:
        return _belongs(host, other)
    if host.sub_type in TERRITORY:
        gave_up = other.sub_type == "Agreement" and "surrender" in other.pattern
        return other.meaning in {*OPEN_VIOLENCE, "withdraw"} or other.sub_type in TERRITORY or gave_up
    return _one_attack(host, other)


def _belongs(host: Mention, other: Mention) -> bool:
    """What belongs to an event without violence: who surrenders is held, who is foiled is caught."""
    if host.sub_type == "Agreement":
        return "surrender" in other.pattern
    if host.sub_type != "Disrupted weapons use":
        return False
    if other.meaning == "arrest":
        return host.first < other.first
    near = abs(host.first - other.first) <= OBJECT
    return near and (other.meaning in {"blast", "attack"} or other.sub_type in DOMINANCE)


def _one_attack(host: Mention, other: Mention) -> bool:
    """Whether two violent mentions may be one: two weapons, fire among the damage, an assault by no named means."""
    if host.sub_type in DOMINANCE and (other.sub_type in DOMINANCE or other.meaning == "burn"):
        return True
    if host.sub_type in {"Abduction/forced disappearance", "Sexual violence"} and not other.nominal:
        return other.meaning in {"attack", "engage"} and other.first < host.first and not _deadly(other)
    vague = other.open or host.open or other.meaning != "clash"
    return _violent(host) and other.meaning in OPEN_VIOLENCE and vague


def _violent(mention: Mention) -> bool:
    return TYPE_OF[mention.sub_type] in VIOLENT


def absorb(host: Mention, other: Mention) -> None:
    """Takes over what another mention of the same happening tells beside."""
    host.fused.append(other)
    host.fused.extend(other.fused)
    if _violent(host) or other.fatalities is None or other.fatalities.explicit:
        host.fatalities = larger(host.fatalities, other.fatalities)
    host.injured = larger(host.injured, other.injured)
    host.shot = larger(host.shot, other.shot)
    host.rank = max(host.rank, other.rank)
    host.actors = host.actors or other.actors
    host.targets = host.targets or other.targets
    host.weapons = tuple(dict.fromkeys((*host.weapons, *other.weapons)))
    host.count = max(host.count, other.count)
    host.notes = {**other.notes, **host.notes}
    if other.modality == "exercise":
        host.modality, host.cue = other.modality, other.cue
    if host.modality != "reported" and other.modality == "reported" and other.meaning in CONSEQUENCES:
        host.modality, host.cue = other.modality, other.cue
    if host.sub_type == "Peaceful protest" and other.meaning in CONSEQUENCES and _deadly(other):
        host.sub_type, host.resolved_by = "Violent demonstration", "harm"
    if host.sub_type in SEVERITY and other.sub_type in SEVERITY:
        host.sub_type = max(host.sub_type, other.sub_type, key=SEVERITY.index)


def _deadly(mention: Mention) -> bool:
    return any(count and count.minimum for count in (mention.fatalities, mention.injured))


def larger(one: Count | None, other: Count | None) -> Count | None:
    """The count that says more: the larger of two."""
    if one is None or other is None:
        return one or other
    return one if one.minimum >= other.minimum else other


def causeless(mention: Mention) -> bool:
    """Whether somebody only died or was hurt, by nothing told here or nearby: no event of its own."""
    vague = mention.resolved_by in {"default", "civilian"}
    return mention.meaning == "hurt" and vague and mention.leans_on is None


def across(stage: Scene, mentions: list[Mention]) -> list[Mention]:
    """Lets unspecific mentions take a specific neighbour's type, and protests the course that their neighbours tell."""
    reported = [m for m in mentions if m.modality == "reported"]
    for mention in reported:
        host = _host(stage, _around(reported, mention), mention)
        if host is None:
            continue
        mention.typed_by = host
        if mention.meaning in CONSEQUENCES or anaphoric(stage, mention):
            mention.leans_on = host
        vague = mention.fatalities is None and mention.injured is None and mention.sub_type != host.sub_type
        if vague and host.first > mention.first and _heading(stage, mention):
            mention.notes["heading"] = 1.0
        if mention.sub_type != host.sub_type:
            mention.sub_type, mention.resolved_by = host.sub_type, "neighbour"
    course.escalate(stage, reported)
    _poison(reported)
    _aftermath(stage, reported)
    return [m for m in mentions if not _folded(m)]


def _folded(mention: Mention) -> bool:
    """Takes into the deed what is no incident of its own: an aftermath right after it, a vague heading before it."""
    if "heading" in mention.notes and mention.typed_by is not None:
        mention.typed_by.fused.append(mention)
        return True
    deed = mention.leans_on
    if "aftermath" not in mention.notes or deed is None or abs(mention.sentence - deed.sentence) > LEAN:
        return False
    deed.fused.append(mention)
    return True


def _around(mentions: list[Mention], mention: Mention) -> list[Mention]:
    """The mentions of the sentences near enough to lean on."""
    first = bisect_left(mentions, mention.sentence - DEFINITE_LEAN, key=lambda m: m.sentence)
    last = bisect_right(mentions, mention.sentence + DEFINITE_LEAN, key=lambda m: m.sentence)
    return mentions[first:last]


def _poison(mentions: list[Mention]) -> None:
    """A shell or a bomb that the sentence before or after says was filled with gas was a chemical weapon."""
    poisoned = {m.sentence + step for m in mentions if m.sub_type == "Chemical weapon" for step in (-1, 0, 1)}
    for mention in mentions:
        if mention.sub_type in DOMINANCE[2:] and mention.sentence in poisoned:
            mention.sub_type, mention.resolved_by = "Chemical weapon", "chemical nearby"


def _aftermath(stage: Scene, mentions: list[Mention]) -> None:
    """A suspect's arrest, a weapon found at the scene and missiles shot down lean on the deed that they follow."""
    for index, mention in enumerate(mentions):
        if mention.meaning not in {"arrest", "foil"} or mention.leans_on:
            continue
        if _follows_a_crime(stage, mention):
            near = [m for m in mentions if spoils.deed(m) and abs(m.sentence - mention.sentence) <= DEFINITE_LEAN]
            deeds = [] if any(_long_past(stage, mention, m) for m in near) else near
        else:
            deeds = [m for m in mentions[max(index - LEAN, 0) : index] if spoils.left_by(stage, m, mention)]
        if deeds:
            mention.leans_on = min(deeds, key=lambda m: (_steps(stage, mention, m), m.first))
            mention.notes["aftermath"] = 1.0


def _long_past(stage: Scene, arrest: Mention, deed: Mention) -> bool:
    """Whether somebody is held for a deed of another year: "arrested a man accused of beheading captives in 2007"."""
    if deed.sentence != arrest.sentence or not stage.cut_between(arrest.first, deed.first, hard=True):
        return False
    words = stage.tokens.words[slice(*stage.stretch(deed.first))]
    years = {word for word in words if len(word) == YEAR and word.isdigit() and word[:2] in {"19", "20"}}
    return bool(years) or ("ago" in words and "years" in words)


def _follows_a_crime(stage: Scene, mention: Mention) -> bool:
    words = stage.tokens.words[slice(*stage.tokens.bounds[mention.sentence])]
    return not lexicon.grammar("crime_words").isdisjoint(words)


def _host(stage: Scene, mentions: list[Mention], mention: Mention) -> Mention | None:
    """The nearest specific violent mention, before rather than after, that an open or definite mention retells."""
    definite = anaphoric(stage, mention)
    if (
        not _violent(mention)
        or mention.sub_type in TERRITORY
        or not (mention.open or mention.meaning in CONSEQUENCES or definite or _heading(stage, mention))
    ):
        return None
    reach = DEFINITE_LEAN if definite else LEAN
    ahead = not definite or mention.sentence <= HEADINGS
    near = [
        (steps, m.first, m)
        for m in mentions
        if m is not mention
        and not _another(stage, mention, m)
        and (ahead or m.first < mention.first)
        and (steps := _steps(stage, mention, m)) <= reach
        and (_specific(m) or (mention.meaning in CONSEQUENCES and m.sub_type in SEVERITY[1:]))
        and _tells(mention, m)
    ]
    return min(near, key=lambda found: found[:2])[2] if near else None


def _another(stage: Scene, mention: Mention, host: Mention) -> bool:
    """Whether the host must be another happening: in a clause of its own, on another day, or elsewhere."""
    if coordination.parted(stage, mention, host):
        return True
    toll = mention.meaning == "hurt" and "bod" not in mention.pattern  # a body found is a find of its own
    if toll or mention.sentence <= HEADINGS or anaphoric(stage, mention):
        return False
    if ground.other_day(stage, mention, host):
        return True
    if not ground.paragraphs_apart(stage, mention, host):
        return False
    here, there = (stage.tokens.bounds[m.sentence] for m in (mention, host))
    place, day = ground.places(stage, *here), ground.days(stage, *here)
    known = bool(place & ground.names(stage, *there)) or (not place and bool(day & ground.days(stage, *there)))
    return bool(place or day) and not known


def _steps(stage: Scene, mention: Mention, host: Mention) -> float:
    """Sentences between; more where the host only follows, or is told as what went before ("after the raid")."""
    apart = mention.sentence - host.sentence
    steps = float(apart if apart > 0 or (apart == 0 and host.first < mention.first) else 1 - apart)
    begin = stage.part(host.first)[0]
    return steps + AFTERTHOUGHT * (
        begin != stage.tokens.bounds[host.sentence][0] or stage.tokens.words[begin] in {"after", "following"}
    )


def _tells(mention: Mention, host: Mention) -> bool:
    """Whether the host may tell what happened in the mention."""
    if mention.sub_type == host.sub_type:
        return True
    if mention.meaning in CONSEQUENCES:
        return mention.resolved_by in {"default", "civilian"} and _can_be(mention, host)
    if host.meaning in {"attack", "engage", "operation"} and host.resolved_by in SIDES:
        return False  # it names no weapon either
    vague = mention.open or (mention.meaning == "attack" and mention.resolved_by in SIDES)
    return vague and _can_be(mention, host)


def _heading(stage: Scene, mention: Mention) -> bool:
    """Whether the mention stands in a heading: a first line without a full stop."""
    start, end = stage.tokens.sentences[mention.sentence]
    first = mention.sentence <= HEADINGS
    return first and mention.meaning == "attack" and stage.tokens.text[end - 1] not in '.!?"”' and start < end


def _can_be(mention: Mention, host: Mention) -> bool:
    """Whether an open mention may be the host: a strike or a blast only an explosion, nothing a kidnapping."""
    if mention.meaning in {"strike", "blast"}:
        return host.sub_type in DOMINANCE
    return host.sub_type not in {"Abduction/forced disappearance", "Sexual violence"}


def _specific(mention: Mention) -> bool:
    """Whether a mention says by itself what happened, as one happening; shots and strikes do."""
    if not _violent(mention) or mention.meaning in CONSEQUENCES or "generic" in mention.notes:
        return False
    return mention.resolved_by != "neighbour" and (mention.meaning in {"strike", "fire"} or not mention.open)


def anaphoric(stage: Scene, mention: Mention) -> bool:
    """Whether a mention is definite: "the attack", "Sunday's strikes"."""
    words = stage.tokens.words
    first = mention.first + (words[mention.first] in {"the", "'s"} and mention.last - mention.first > 1)
    before = words[max(first - 3, 0) : first]
    verb = mention.meaning in CONSEQUENCES or not mention.nominal
    if verb and "that" in before[-2:] and before[-1:] != ["the"]:  # an attack that hurt eight, said that gunmen shot
        return False
    if not mention.nominal and not {"rebel", "state"}.isdisjoint(stage.labels[first - 1]):  # the army shelled
        return False
    if before[-1:] == ["'s"]:
        return not lexicon.grammar("days").isdisjoint(before)
    return not lexicon.grammar("definite").isdisjoint(before[-2:]) and before[-1:] != ["of"]
