"""How well and how fast events are read, beside a keyword baseline.

    python benchmarks/events.py FOLDER [--limit N] [--errors N]

FOLDER holds types.jsonl (`text`, `sub_event_type`), muc4.jsonl and gva.jsonl (`text`, `incidents`). Prints

- types: weighted F1 of the first reported event of a snippet against its ACLED sub-event type;
- muc4: the share of incidents for which a report has a reported event of a fitting type, and events an incident, those
  that lean on another left out (linking and merging come later);
- gva: the share of reports whose tally of killed and injured, over all events of the report, meets the truth;
- the speed of each, in texts a second.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from geo.events import Count, Event, find, tally

EXPLOSIONS, BATTLES, CIVILIANS = "Explosions/Remote violence", "Battles", "Violence against civilians"
FITS = {  # MUC-4's incident types → ACLED's event types and sub-event types that may answer
    "ATTACK": {BATTLES, CIVILIANS, EXPLOSIONS},
    "BOMBING": {EXPLOSIONS, "Disrupted weapons use"},
    "KIDNAPPING": {"Abduction/forced disappearance"},
    "ARSON": {"Looting/property destruction", "Mob violence", "Violent demonstration", "Attack"},
    "ROBBERY": {"Looting/property destruction", "Attack", "Armed clash"},
    "FORCED WORK STOPPAGE": {"Protests", "Strategic developments"},
}
KEYWORDS = (  # the baseline: the first keyword that occurs
    ("suicide", "Suicide bomb"),
    ("airstrike", "Air/drone strike"),
    ("air strike", "Air/drone strike"),
    ("grenade", "Grenade"),
    ("chemical", "Chemical weapon"),
    ("rocket", "Shelling/artillery/missile attack"),
    ("shell", "Shelling/artillery/missile attack"),
    ("bomb", "Remote explosive/landmine/IED"),
    ("rape", "Sexual violence"),
    ("kidnap", "Abduction/forced disappearance"),
    ("abduct", "Abduction/forced disappearance"),
    ("loot", "Looting/property destruction"),
    ("ceasefire", "Agreement"),
    ("arrest", "Arrests"),
    ("tear gas", "Protest with intervention"),
    ("riot", "Violent demonstration"),
    ("protest", "Peaceful protest"),
    ("clash", "Armed clash"),
)


def main() -> int:
    """Measure every file that the folder holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=None, help="only the first rows of each file")
    parser.add_argument(
        "--errors", type=int, default=0, help="also print the so many most frequent confusions of types"
    )
    options = parser.parse_args()
    measures = {"types": _types, "muc4": _muc4, "gva": _gva}
    for name, measure in measures.items():
        path = options.folder / f"{name}.jsonl"
        if not path.exists():
            print(f"{path}: not found", file=sys.stderr)
            continue
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][: options.limit]
        start = time.perf_counter()
        events = [find(row["text"]) for row in rows]
        print(f"{name:6} {len(rows) / (time.perf_counter() - start):8.0f} texts/s", end="  ")
        measure(rows, events, options.errors)
    return 0


def _types(rows: list[dict[str, Any]], events: list[list[Event]], errors: int) -> None:
    gold = [row["sub_event_type"] for row in rows]
    told = [next((event.sub_event_type for event in found if event.modality == "reported"), "none") for found in events]
    words = [next((name for key, name in KEYWORDS if key in row["text"].lower()), "none") for row in rows]
    print(f"weighted F1 {_weighted_f1(gold, told):.3f} (keywords {_weighted_f1(gold, words):.3f})")
    confusions = Counter((g, p) for g, p in zip(gold, told, strict=True) if g != p)
    for (wanted, got), count in confusions.most_common(errors):
        print(f"       {count:3} {wanted} read as {got}")


def _weighted_f1(gold: list[str], told: list[str]) -> float:
    total = 0.0
    for name, number in Counter(gold).items():
        right = sum(g == p == name for g, p in zip(gold, told, strict=True))
        total += number * 2 * right / (number + told.count(name))
    return total / len(gold)


def _muc4(rows: list[dict[str, Any]], events: list[list[Event]], _errors: int) -> None:
    wanted = found = given = 0
    for row, every in zip(rows, events, strict=True):
        told = [event for event in every if event.modality == "reported"]
        given += sum("leans_on" not in event.reasons and "generic" not in event.reasons for event in told)
        for incident in row["incidents"]:
            if not incident["optional"]:
                wanted += 1
                kinds = set().union(*(FITS[kind] for kind in incident["type"]))
                found += any({event.event_type, event.sub_event_type} & kinds for event in told)
    print(f"recall {found / wanted:.3f}, {given / wanted:.2f} events an incident before merging")


def _gva(rows: list[dict[str, Any]], events: list[list[Event]], _errors: int) -> None:
    right: Counter[str] = Counter()
    for row, every in zip(rows, events, strict=True):
        truth = row["incidents"][0]
        killed, injured = tally(event for event in every if event.modality in {"reported", "negated"})
        right["killed"] += _meets(killed, truth["fatalities_min"])
        right["injured"] += _meets(injured, truth["injured_min"])
    print(", ".join(f"{name} right {count / len(rows):.3f}" for name, count in right.items()))


def _meets(count: Count | None, truth: int) -> bool:
    """Whether the interval holds the truth and is not much wider; an unsaid zero may stay unknown."""
    if count is None:
        return truth == 0
    most = count.minimum if count.maximum is None else count.maximum
    return count.minimum <= truth <= most and most - count.minimum <= max(3, truth // 2)


if __name__ == "__main__":
    sys.exit(main())
