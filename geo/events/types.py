"""An open meaning and the words around it → ACLED's sub-event type.

Weapons decide before sides, sides before the default; the trigger's own clause part before its sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.events import lexicon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from geo.events.mention import Mention, Scene

WEAPONS = (
    ("chemical", "Chemical weapon"),
    ("suicide", "Suicide bomb"),
    ("air", "Air/drone strike"),
    ("grenade", "Grenade"),
    ("artillery", "Shelling/artillery/missile attack"),
    ("explosive", "Remote explosive/landmine/IED"),
)
"""Class of weapon, the type it makes; the more telling first."""
SEVERITY = (
    "Peaceful protest",
    "Protest with intervention",
    "Excessive force against protesters",
    "Violent demonstration",
    "Mob violence",
)
"""Protests from calm to violent: what a neighbour tells raises a mention, never lowers it."""

ATTACK, CLASH = "Attack", "Armed clash"
_SOURCE_REACH = 3
NEAR = 4
"""How far before its verb "tried to" stands, in tokens."""

Window = tuple[int, int]


def settle(stage: Scene, mention: Mention) -> None:
    """Sets `sub_type` and `resolved_by` of a mention whose row leaves them open."""
    if not mention.sub_type:
        mention.sub_type, mention.resolved_by = _RULES[mention.meaning](stage, mention)
    if mention.meaning in {"capture", "recapture"} and _attempted(stage, mention):
        mention.sub_type, mention.resolved_by = CLASH, "attempt"
    graver = _GRAVER.get(mention.sub_type, ())
    window = stage.part(mention.first)
    for name, sub_type in WEAPONS:
        if name in graver and stage.has(name, *window):
            mention.sub_type, mention.resolved_by = sub_type, name
            return


def _attempted(stage: Scene, mention: Mention) -> bool:
    """Whether it was only tried: "tried to take over the airport"."""
    first = stage.tokens.bounds[mention.sentence][0]
    hits = lexicon.cues("certain").find_in(stage.tokens, max(first, mention.first - NEAR), mention.first)
    return any(hit.payload == "attempt_to" for hit in hits)


_GRAVER = {
    "Remote explosive/landmine/IED": ("chemical", "suicide"),
    "Shelling/artillery/missile attack": ("chemical",),
    "Air/drone strike": ("chemical",),
}
"""A weapon beside another that names the event all the same: shells filled with chlorine."""


def _windows(stage: Scene, mention: Mention) -> Iterator[Window]:
    """The clause part, then the sentence as far as no response or contrast word cuts it off."""
    part, wide = stage.part(mention.first), stage.stretch(mention.first)
    yield part
    if wide != part:
        yield wide


def weapon(stage: Scene, window: Window, skip: tuple[str, ...] = ()) -> tuple[str, str] | None:
    """The type that a weapon named in the window makes, and that weapon's class."""
    for name, sub_type in WEAPONS:
        if name in skip or (name == "grenade" and stage.has("gun", *window)):
            continue
        if stage.has(name, *window):
            return sub_type, name
    return None


def present(stage: Scene, name: str, window: Window, skip: Window = (0, 0)) -> list[int]:
    """Where the window names an actor of the class, those as a mere source ("police said") and in `skip` left out."""
    terms = stage.where(name, *window)
    return [first for first, last in terms if not skip[0] <= first < skip[1] and not is_source(stage, first, last)]


def is_source(stage: Scene, first: int, last: int) -> bool:
    """Whether an actor is only quoted: "police said", "an army spokesman", "according to the military"."""
    words = stage.tokens.words
    talk = any("talk" in labels for labels in stage.labels[last : last + _SOURCE_REACH])
    if any(word in lexicon.grammar("spoken") for word in words[last : last + 2]) or words[max(first - 2, 0) : first][
        :1
    ] == ["according"]:
        return True
    before = words[max(first - _SOURCE_REACH, 0) : first]
    return talk or "according" in before or "told" in before[-2:]


def two_sides(stage: Scene, window: Window, skip: Window = (0, 0)) -> bool:
    """Whether two armed sides meet in the window: state and rebels, or rivals "between" whom it happens."""
    rebels, state = present(stage, "rebel", window, skip), present(stage, "state", window, skip)
    rivals = not {"between", "rival"}.isdisjoint(stage.tokens.words[window[0] : window[1]])
    return bool(rebels and state) or (rivals and len(rebels) > 1)


def _weapons_then(
    default: Callable[[Scene, Window, Window], tuple[str, str]], skip: tuple[str, ...] = ()
) -> Callable[[Scene, Mention], tuple[str, str]]:
    """A rule: unrest, then weapons, then the sides of the clause part."""

    def rule(stage: Scene, mention: Mention) -> tuple[str, str]:
        if _by_crowd(stage, mention):
            return "Mob violence", "crowd"
        for window in _windows(stage, mention):
            found = _unrest(stage, window) or weapon(stage, window, skip)
            if found:
                return found
        return default(stage, next(_windows(stage, mention)), (mention.first, mention.last))

    return rule


def _by_crowd(stage: Scene, mention: Mention) -> bool:
    """Whether a crowd does it: "a crowd stormed", "stormed by an angry crowd"; not "attacked a crowd"."""
    words = stage.tokens.words
    first, last = stage.part(mention.first)
    if stage.has("protest", first, last) or stage.has("gun", first, last):
        return False
    crowds = [i for i in range(first, last) if words[i] in {"crowd", "crowds"}]
    objects = lexicon.grammar("objects")
    before = any(i < mention.first and objects.isdisjoint(words[max(i - 3, first) : i]) for i in crowds)
    return before or any("by" in words[max(i - 4, mention.last) : i] for i in crowds)


def _unrest(stage: Scene, window: Window) -> tuple[str, str] | None:
    """Violence at a protest, or by a mob."""
    if stage.has("mob", *window):
        return ("Violent demonstration", "barricades") if _blocks_roads(stage, window) else ("Mob violence", "mob")
    if stage.has("demonstrator", *window):
        if present(stage, "police", window):
            return "Excessive force against protesters", "police, protesters"
        return "Violent demonstration", "protesters"
    return None


def _sides(stage: Scene, window: Window, skip: Window) -> tuple[str, str]:
    if two_sides(stage, window, skip):
        people = any("person" in stage.labels[first] for first, _ in stage.where("civilian", *window))
        civilian = people and not stage.has("military_target", *window)
        return (ATTACK, "civilian") if civilian else (CLASH, "two sides")
    if _criminals_act(stage, window, skip) or stage.has("gun", *window) or stage.has("blade", *window):
        return ATTACK, "gunmen"
    if stage.has("civilian", *window):
        return ATTACK, "civilian"
    if "ambush" in stage.tokens.words[skip[0] : skip[1]] and stage.has("military_target", *window):
        return CLASH, "military target"
    return ATTACK, "default"


def _criminals_act(stage: Scene, window: Window, trigger: Window) -> bool:
    """Whether criminals are named as more than victims: "killed 25 suspected gang members" tells not who killed."""
    words = stage.tokens.words
    return any(
        i < trigger[0] or words[i - 1] not in {"suspected", "alleged"} for i, _ in stage.where("criminal", *window)
    )


def _clash(stage: Scene, mention: Mention) -> tuple[str, str]:
    for window in _windows(stage, mention):
        if stage.has("mob", *window):
            return "Mob violence", "mob"
        if stage.has("protest", *window):
            return "Violent demonstration", "protesters"
        if _crowd_and_police(stage, mention, window):
            return "Violent demonstration", "police, crowd"
        if present(stage, "state", window) or present(stage, "rebel", window):
            return CLASH, "armed side"
        if stage.has("communal", *window):
            return (CLASH, "guns") if _armed(stage, mention, window) else ("Mob violence", "communal")
    return CLASH, "default"


def _crowd_and_police(stage: Scene, mention: Mention, window: Window) -> bool:
    """Whether people without arms clash with police or soldiers: "police clashed with students"."""
    townsfolk = not lexicon.grammar("townsfolk").isdisjoint(stage.tokens.words[slice(*window)])
    crowd = townsfolk or stage.has("protester", *window)
    fought = _armed(stage, mention, window) or stage.has("rebel", *window) or stage.has("explosive", *window)
    return crowd and bool(present(stage, "police", window)) and not fought


def _armed(stage: Scene, mention: Mention, window: Window) -> bool:
    """Whether villagers or clans fought with guns: a gunfight, "armed volunteers of two communities"."""
    fired = not lexicon.grammar("gunplay").isdisjoint(mention.pattern.replace("/", " ").split())
    return fired or stage.has("gun", *window) or "armed" in stage.tokens.words[window[0] : window[1]]


def _engaged(stage: Scene, window: Window, skip: Window) -> tuple[str, str]:
    return CLASH, "armed side" if two_sides(stage, window, skip) else "military target"


def _strike(stage: Scene, mention: Mention) -> tuple[str, str]:
    for window in _windows(stage, mention):
        found = weapon(stage, window, ("explosive",))
        if found:
            return found
    return "Air/drone strike", "default"


def _bombed(stage: Scene, mention: Mention) -> tuple[str, str]:
    """What "jets bombed" or "the army bombed" is: from the air unless a bomb is named."""
    window = next(_windows(stage, mention))
    found = weapon(stage, window, ("artillery",))
    if found:
        return found
    state = bool(present(stage, "state", window)) and not stage.has("rebel", *window)
    return ("Air/drone strike", "state") if state else ("Remote explosive/landmine/IED", "default")


def _blast(stage: Scene, mention: Mention) -> tuple[str, str]:
    if stage.tokens.words[mention.first] == "bombed":
        return _bombed(stage, mention)
    for window in _windows(stage, mention):
        if stage.has("firebomb", *window) and stage.has("protest", *window):
            return "Violent demonstration", "firebomb"
        found = weapon(stage, window)
        if found:
            return found
    return "Remote explosive/landmine/IED", "default"


def _capture(stage: Scene, mention: Mention) -> tuple[str, str]:
    side = _subject_side(stage, mention)
    if side == "state":
        return "Government regains territory", "state"
    return "Non-state actor overtakes territory", side or "default"


def _recapture(stage: Scene, mention: Mention) -> tuple[str, str]:
    side = _subject_side(stage, mention)
    if side == "rebel":
        return "Non-state actor overtakes territory", "rebel"
    return "Government regains territory", side or "default"


def _subject_side(stage: Scene, mention: Mention) -> str:
    """Whether a state or a non-state actor does it: the nearest before the verb, after "by" or "to" in a passive."""
    first, last = stage.tokens.bounds[mention.sentence]
    words = stage.tokens.words
    passive = {"was", "were", "been", "fell", "fall", "fallen", "being"}.intersection(
        words[max(mention.first - 3, first) : mention.last]
    )
    if passive:
        after = [i for i in range(mention.last, last) if words[i] in {"by", "to"}]
        begin = after[0] if after else last
        return _first_side(stage, begin, min(begin + 8, last))
    begin = stage.part(mention.first)[0]
    told = words[max(mention.first - 3, begin) : mention.first]
    claimed = "have" in told and words[max(mention.first - 4, begin) : mention.first].count("to") > 0
    begin = first if (pronoun := claimed or not {"it", "they"}.isdisjoint(words[begin : mention.first])) else begin
    spans = [(i, side) for i in range(begin, mention.first) if (side := _side(stage, i, quoted=pronoun))]
    return _nearest_subject(stage, spans)


def _nearest_subject(stage: Scene, spans: list[tuple[int, str]]) -> str:
    objects = {"from", "against", "with", "of", "by"}
    subjects = [side for i, side in spans if objects.isdisjoint(stage.tokens.words[max(i - 2, 0) : i])]
    return subjects[0] if subjects else ""


def _first_side(stage: Scene, first: int, last: int) -> str:
    return next((side for i in range(first, last) if (side := _side(stage, i))), "")


def _side(stage: Scene, index: int, *, quoted: bool = False) -> str:
    """Which side is named at a token; with `quoted`, though it only speaks: "the army said it"."""
    labels = stage.labels[index]
    for name in ("rebel", "state"):
        if name in labels and (quoted or not is_source(stage, index, labels[name])):
            return name
    return ""


def _withdraw(stage: Scene, mention: Mention) -> tuple[str, str]:
    first, last = stage.tokens.bounds[mention.sentence]
    words = set(stage.tokens.words[first:last])
    if (
        words & lexicon.grammar("handed_over")
        or "hand" in mention.pattern
        or "resistance" in mention.pattern
        or stage.has("territory", mention.last, mention.last + 5)
    ):
        return "Non-violent transfer of territory", "handover"
    return "Change to group/activity", "default"


def _protest(stage: Scene, mention: Mention) -> tuple[str, str]:
    window = stage.tokens.bounds[mention.sentence]
    police = present(stage, "police", window)
    if stage.has("firebomb", *window):
        return "Violent demonstration", "firebomb"
    if stage.has("crowd_control", *window) and police:
        return "Protest with intervention", "crowd control"
    return "Peaceful protest", "default"


def _dispersal(stage: Scene, mention: Mention) -> tuple[str, str]:
    window = stage.tokens.bounds[mention.sentence]
    words = set(stage.tokens.words[window[0] : window[1]])
    if stage.has("blunt", *window) and words & lexicon.grammar("thrown"):
        return "Violent demonstration", "missiles thrown"
    if words & lexicon.grammar("harmed") or (stage.has("gun", *window) and words & {"fired", "opened", "shot"}):
        return "Excessive force against protesters", "harm"
    return "Protest with intervention", "default"


def _violence(stage: Scene, mention: Mention) -> tuple[str, str]:
    window = stage.tokens.bounds[mention.sentence]
    if stage.has("mob", *window) and not _blocks_roads(stage, window):
        return "Mob violence", "mob"
    if _against_the_state(stage, (mention.first, window[1])):
        return "Violent demonstration", "police"
    if stage.has("communal", *window) and not stage.has("protest", *window):
        return "Mob violence", "communal"
    return "Violent demonstration", "default"


def _against_the_state(stage: Scene, window: Window) -> bool:
    """Whether a crowd turns on the police or the roads, not on other people: stones at officers, burning tyres."""
    return _blocks_roads(stage, window) or bool(present(stage, "police", window)) or stage.has("crowd_control", *window)


def _blocks_roads(stage: Scene, window: Window) -> bool:
    """Whether tyres burn or barricades stand: then it is a demonstration, whoever holds it."""
    return not lexicon.grammar("barricades").isdisjoint(stage.tokens.words[window[0] : window[1]])


def _burn(stage: Scene, mention: Mention) -> tuple[str, str]:
    window = stage.tokens.bounds[mention.sentence]
    if stage.has("mob", *window):
        return "Mob violence", "mob"
    words = stage.tokens.words[window[0] : window[1]]
    if not lexicon.grammar("crowds").isdisjoint(words) or stage.has("demonstrator", *window):
        return "Violent demonstration", "protesters"
    if not lexicon.grammar("theft").isdisjoint(mention.pattern.replace("/", " ").replace("[", " ").split()):
        return "Looting/property destruction", "default"
    angry = not lexicon.grammar("anger").isdisjoint(words) or _against_the_state(stage, window)
    if angry and (stage.has("protester", *window) or stage.has("communal", *window)):
        return "Violent demonstration", "crowd"
    return "Looting/property destruction", "default"


def _arrest(stage: Scene, mention: Mention) -> tuple[str, str]:
    window = next(_windows(stage, mention))
    if stage.has("protest", *window):
        return "Protest with intervention", "protest"
    return "Arrests", "default"


def _raid(stage: Scene, mention: Mention) -> tuple[str, str]:
    window = stage.stretch(mention.first)
    words = stage.tokens.words[window[0] : window[1]]
    harmless = lexicon.grammar("harmed").isdisjoint(words)
    if harmless and not lexicon.grammar("arrests").isdisjoint(words) and not stage.has("gun", *window):
        return "Arrests", "arrests"
    if harmless and present(stage, "police", window) and not stage.has("rebel", *window):
        return "Arrests", "police"
    return _weapons_then(_sides)(stage, mention)


def _foil(_stage: Scene, _mention: Mention) -> tuple[str, str]:
    return "Disrupted weapons use", "default"


def _talks(_stage: Scene, mention: Mention) -> tuple[str, str]:
    mention.modality = "diplomatic"
    return "Other", "default"


_RULES: dict[str, Callable[[Scene, Mention], tuple[str, str]]] = {
    "attack": _weapons_then(_sides),
    "harm": _weapons_then(_sides),
    "hurt": _weapons_then(_sides),
    "fire": _weapons_then(_sides, ("explosive", "suicide", "grenade")),
    "strike": _strike,
    "blast": _blast,
    "clash": _clash,
    "engage": _weapons_then(_engaged),
    "operation": _clash,
    "capture": _capture,
    "recapture": _recapture,
    "withdraw": _withdraw,
    "protest": _protest,
    "dispersal": _dispersal,
    "violence": _violence,
    "burn": _burn,
    "arrest": _arrest,
    "raid": _raid,
    "foil": _foil,
    "talks": _talks,
}


def known_meanings() -> frozenset[str]:
    """The open meanings that have a rule."""
    return frozenset(_RULES) | (lexicon.OPEN_MEANINGS & {"none"})
