"""What the event reader hands out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Count:
    """How many, as an interval: `maximum` None is open ("at least five"). `start`, `end`: the words that say it.

    `explicit` is False where no number or article says it but the grammar does ("Smith was shot", "soldiers died").
    """

    minimum: int
    maximum: int | None
    start: int
    end: int
    explicit: bool = True


@dataclass(frozen=True, slots=True)
class Event:
    """One mention of an event by its trigger.

    `start`, `end` are the trigger's code point offsets into the text as given; `sentence` those of its sentence.
    `event_type`, `sub_event_type` are ACLED's. `modality` is one of MODALITIES. `fatalities`, `injured` are None
    where nothing is said: unknown is not zero. `event_count` is 1, or how many a series told as one holds. `reasons`
    names the lexicon row and the rules that decided:

    - `pattern`, `meaning`: the lexicon row; `resolved_by`: the evidence that turned an open meaning into a type,
      `default` where there was none, `learned` where only the learned reader tells of it;
    - `told`, `retold`: the reader's chances that the event is told here, or elsewhere in the text;
    - `cue`: the words that set a modality other than reported;
    - `series`: a plural told as one ("several rocket attacks"); `generic`: a plural that names no happening of its own
      ("attacks by militias"); `anaphoric`: a definite mention ("the attack", "Sunday's strikes");
    - `leans_on`: "start-end" of the mention in the same text that a definite mention or a consequence most likely
      retells; `typed_by`: of the one whose type an unspecific mention took over, which may be another happening;
    - `aftermath`: an arrest or a find that follows a deed told nearby, which `leans_on` names;
    - `apart`: told as another happening than those before ("another attack", "elsewhere");
    - `toll`: a later count ("the death toll rose to 21, officials said on Sunday"): its time is not the event's;
    - `shot`: how many were shot or carried to a hospital, killed or not; `rank`: 3.0 where a third victim is told of;
      `self`: the attacker killed himself; `another`: the killed are told as others than those before; `besides`: the
      injured as others than the dead;
    - `harm`: 1.0 where only a consequence ("killed") triggered it; `fused`: the other triggers of the same sentence
      that tell of the same happening, as "start-end" joined by spaces.
    """

    start: int
    end: int
    text: str
    event_type: str
    sub_event_type: str
    modality: str
    sentence: tuple[int, int]
    actors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    weapons: tuple[str, ...] = ()
    fatalities: Count | None = None
    injured: Count | None = None
    event_count: int = 1
    score: float = 1.0
    reasons: Mapping[str, float | str] = field(default_factory=dict)


MODALITIES = (
    "reported",
    "negated",
    "denied",
    "planned",
    "threatened",
    "hypothetical",
    "exercise",
    "historical",
    "diplomatic",
)

EVENT_TYPES = {
    "Battles": ("Armed clash", "Government regains territory", "Non-state actor overtakes territory"),
    "Explosions/Remote violence": (
        "Chemical weapon",
        "Air/drone strike",
        "Suicide bomb",
        "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED",
        "Grenade",
    ),
    "Violence against civilians": ("Sexual violence", "Attack", "Abduction/forced disappearance"),
    "Protests": ("Peaceful protest", "Protest with intervention", "Excessive force against protesters"),
    "Riots": ("Violent demonstration", "Mob violence"),
    "Strategic developments": (
        "Agreement",
        "Arrests",
        "Change to group/activity",
        "Disrupted weapons use",
        "Headquarters or base established",
        "Looting/property destruction",
        "Non-violent transfer of territory",
        "Other",
    ),
}
"""ACLED's event types and their sub-event types (codebook 2023-2024)."""

TYPE_OF = {sub: event for event, subs in EVENT_TYPES.items() for sub in subs}
"""Sub-event type → event type."""
