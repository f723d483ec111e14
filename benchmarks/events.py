"""How well and how fast times and events are read, beside a keyword baseline; the mistakes by kind; growth with length.

    python benchmarks/events.py FOLDER [--limit N] [--errors N] [--write]

FOLDER holds times.jsonl (`text`, `published`, `times`), types.jsonl (`text`, `sub_event_type`), muc4.jsonl and
gva.jsonl (`text`, `incidents`). Prints

- times: relaxed F1, and value F1 where the TIMEX3 value is equal too; the fifteen hard dates of the field;
- types: weighted F1 of the first reported event of a snippet against its ACLED sub-event type, by the reader alone;
- muc4: the share of incidents for which a report has a reported event of a fitting type, and events an incident, those
  that lean on another left out (linking and merging come later: `benchmarks/incidents.py`);
- gva: the share of reports whose tally of killed and injured, over all events of the report, meets the truth;
- the speed of each, in texts a second, and both readers' seconds and memory on one article of up to a megabyte.

HeidelTime, the reader of times to beat, is Java: `heideltime.py` measures how many times its speed this is.

`--write` puts it all into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time
import tracemalloc
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path[0] = str(Path(__file__).parents[1])  # beside this script stand files named like packages
from benchmarks import sections  # noqa: E402  # after the path is set
from geo import events, times  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from geo.events import Count, Event
    from geo.times import Time

Rows = list[dict[str, Any]]
Lines = list[str]

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
TUESDAY = dt.date(2021, 6, 29)
HARD = (  # published on that Tuesday: expression → first and last day, None where it names no day
    ("Sunday", "2021-06-27", "2021-06-27"),
    ("on Monday", "2021-06-28", "2021-06-28"),
    ("a day earlier, on Sunday", "2021-06-27", "2021-06-27"),
    ("back in February", "2021-02-01", "2021-02-28"),
    ("since April", "2021-04-01", "2021-06-29"),
    ("at 7.44 a.m. local time", None, None),
    ("in May", "2021-05-01", "2021-05-31"),
    ("last week", "2021-06-21", "2021-06-27"),
    ("three days ago", "2021-06-26", "2021-06-26"),
    ("June 27", "2021-06-27", "2021-06-27"),
    ("27 June 2021", "2021-06-27", "2021-06-27"),
    ("yesterday evening", "2021-06-28", "2021-06-28"),
    ("for the second time", None, None),
    ("since taking office five months ago", "2021-01-01", "2021-06-29"),
    ("in the early hours of Tuesday", "2021-06-29", "2021-06-29"),
)
ARTICLE = (
    "Gunmen opened fire on a minibus near the mill on Monday, killing at least eight passengers and wounding a dozen, "
    "the governor said. The army said its helicopters had bombed two camps on 12 May. Hundreds of residents marched to "
    "the town hall; police fired tear gas. Talks are planned for next week.\n\n"
)
SIZES = (62_500, 125_000, 250_000, 500_000, 1_000_000)
MEGABYTE = 1e6


def main() -> int:
    """Measure every file that the folder holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=None, help="only the first rows of each file")
    parser.add_argument("--errors", type=int, default=8, help="the so many most frequent mistakes of each kind")
    parser.add_argument("--write", action="store_true", help="put what is printed into docs/benchmarks.md")
    options = parser.parse_args()
    lines: Lines = []
    for name, measure in MEASURES.items():
        path = options.folder / f"{name}.jsonl"
        if not path.exists():
            print(f"{path}: not found", file=sys.stderr)
            continue
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][: options.limit]
        lines += measure(rows, options.errors)
    lines += hard_dates() + growth()
    print("\n".join(lines))
    if options.write:
        command = "python benchmarks/events.py FOLDER --write"
        sections.write(
            "events", f"## Times and events, read alone\n\n`{command}`\n\n```\n" + "\n".join(lines) + "\n```"
        )
    return 0


def timed(rows: Rows, read: Callable[[dict[str, Any]], Any]) -> tuple[list[Any], str]:
    """What is read of each row, and how many texts and megabytes a second of processor time."""
    begun = time.process_time()
    found = [read(row) for row in rows]
    seconds = time.process_time() - begun
    size = sum(len(row["text"]) for row in rows) / MEGABYTE
    return found, f"{len(rows) / seconds:.0f} texts/s, {size / seconds:.2f} MB/s"


# --- times ------------------------------------------------------------------------------------------------------------


def _times(rows: Rows, errors: int) -> Lines:
    found, speed = timed(rows, lambda row: times.find(row["text"], published=_day(row)))
    told = wanted = relaxed = right = 0
    mistakes: Counter[str] = Counter()
    for row, read in zip(rows, found, strict=True):
        told, wanted = told + len(read), wanted + len(row["times"])
        pairs = list(_paired(row["times"], read))
        relaxed += sum(one is not None for _, one in pairs)
        right += sum(one is not None and one.value == gold["value"] for gold, one in pairs)
        mistakes.update(_time_mistakes(row["text"], pairs, read))
    shares = [2 * hits / max(1, told + wanted) for hits in (relaxed, right)]
    lines = [f"times   relaxed F1 {shares[0]:.3f}, value F1 {shares[1]:.3f} ({wanted} expressions; {speed})"]
    return lines + [f"        {count:3} {mistake}" for mistake, count in mistakes.most_common(errors)]


def _day(row: dict[str, Any]) -> dt.date | None:
    return dt.date.fromisoformat(row["published"][:10]) if row.get("published") else None


def _paired(gold: Rows, read: Sequence[Time]) -> Iterator[tuple[dict[str, Any], Time | None]]:
    """Each gold expression with the one read that overlaps it most, one to one from left to right."""
    free = list(read)
    for one in sorted(gold, key=lambda item: (item["start"], item["end"])):
        best = _nearest(one, free)
        if best is None or _overlap(one, best) <= 0:
            yield one, None
            continue
        free.remove(best)
        yield one, best


def _nearest(gold: dict[str, Any], read: Sequence[Time]) -> Time | None:
    return max(read, key=lambda other: _overlap(gold, other), default=None)


def _overlap(gold: dict[str, Any], read: Time) -> int:
    return min(int(gold["end"]), read.end) - max(int(gold["start"]), read.start)


def _time_mistakes(
    text: str, pairs: Sequence[tuple[dict[str, Any], Time | None]], read: Sequence[Time]
) -> Iterator[str]:
    """What is missed, what is read besides, and which values differ, by kind."""
    paired = {id(one) for _, one in pairs if one is not None}
    for gold, one in pairs:
        words = " ".join(text[gold["start"] : gold["end"]].lower().split())
        if one is None:
            yield f"missed: {words}"
        elif one.value != gold["value"]:
            yield f"value: {words!r} is {_shape(gold['value'])}, read as {_shape(one.value)}"
    yield from (f"besides: {one.text.lower()}" for one in read if id(one) not in paired)


def _shape(value: str | None) -> str:
    """A value with its digits hidden, so that like mistakes count together."""
    return "".join("9" if character.isdigit() else character for character in value or "nothing")


def hard_dates() -> Lines:
    """How many of the fifteen hard expressions are read as they are meant."""
    wrong = [words for words, first, last in HARD if _read_days(words) != (first, last)]
    return [
        f"hard    {len(HARD) - len(wrong)} of {len(HARD)} hard dates right",
        *(f"        wrong: {words}" for words in wrong),
    ]


def _read_days(words: str) -> tuple[str | None, str | None]:
    """The days that a sentence with the words names, the widest interval where it names several."""
    dated = [one for one in times.find(f"It happened {words}.", published=TUESDAY) if one.date_start and one.date_end]
    if not dated:
        return None, None
    last = dated[-1]
    return str(last.date_start), str(last.date_end)


# --- events -----------------------------------------------------------------------------------------------------------


def _types(rows: Rows, errors: int) -> Lines:
    found, speed = timed(rows, lambda row: events.find(row["text"]))
    gold = [row["sub_event_type"] for row in rows]
    told = [next((event.sub_event_type for event in read if event.modality == "reported"), "none") for read in found]
    words = [next((name for key, name in KEYWORDS if key in row["text"].lower()), "none") for row in rows]
    lines = [f"types   weighted F1 {_weighted_f1(gold, told):.3f}, keywords {_weighted_f1(gold, words):.3f} ({speed})"]
    confusions = Counter((g, p) for g, p in zip(gold, told, strict=True) if g != p)
    return lines + [f"        {count:3} {g} read as {p}" for (g, p), count in confusions.most_common(errors)]


def _weighted_f1(gold: list[str], told: list[str]) -> float:
    total = 0.0
    for name, number in Counter(gold).items():
        right = sum(g == p == name for g, p in zip(gold, told, strict=True))
        total += number * 2 * right / (number + told.count(name))
    return total / len(gold)


def _muc4(rows: Rows, errors: int) -> Lines:
    found, speed = timed(rows, lambda row: events.find(row["text"]))
    missed: Counter[str] = Counter()
    wanted = given = 0
    for row, every in zip(rows, found, strict=True):
        told = [event for event in every if event.modality == "reported"]
        given += sum("leans_on" not in event.reasons and "generic" not in event.reasons for event in told)
        for incident in row["incidents"]:
            if not incident["optional"]:
                wanted += 1
                missed.update([] if _fits(incident, told) else [" or ".join(incident["type"])])
    recall = 1 - missed.total() / max(1, wanted)
    lines = [f"muc4    recall {recall:.3f}, {given / max(1, wanted):.2f} events an incident before merging ({speed})"]
    return lines + [f"        {count:3} {kind} missed" for kind, count in missed.most_common(errors)]


def _fits(incident: dict[str, Any], told: Sequence[Event]) -> bool:
    kinds = set().union(*(FITS[kind] for kind in incident["type"]))
    return any({event.event_type, event.sub_event_type} & kinds for event in told)


def _gva(rows: Rows, errors: int) -> Lines:
    found, speed = timed(rows, lambda row: events.find(row["text"]))
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for row, every in zip(rows, found, strict=True):
        truth = row["incidents"][0]
        told = events.tally(event for event in every if event.modality in {"reported", "negated"})
        for name, key, count in zip(("killed", "injured"), ("fatalities_min", "injured_min"), told, strict=True):
            fits = _meets(count, truth[key])
            right[name] += fits
            wrong.update([] if fits else [f"{name}: {_against(count, truth[key])}"])
    shares = ", ".join(f"{name} right {count / len(rows):.3f}" for name, count in right.items())
    lines = [f"gva     {shares}, all events of a report taken as one incident ({speed})"]
    return lines + [f"        {count:3} {kind}" for kind, count in wrong.most_common(errors)]


def _meets(count: Count | None, truth: int) -> bool:
    """Whether the interval holds the truth and is not much wider; an unsaid zero may stay unknown."""
    if count is None:
        return truth == 0
    most = count.minimum if count.maximum is None else count.maximum
    return count.minimum <= truth <= most and most - count.minimum <= max(3, truth // 2)


def _against(count: Count | None, truth: int) -> str:
    if count is None:
        return "nothing read"
    if truth == 0:
        return "read where nobody was"
    return "too many" if count.minimum > truth else "too few"


MEASURES: dict[str, Callable[[Rows, int], Lines]] = {"times": _times, "types": _types, "muc4": _muc4, "gva": _gva}


# --- growth -----------------------------------------------------------------------------------------------------------


def growth() -> Lines:
    """Processor seconds and peak memory of both readers on one article of each size."""
    lines = ["growth  one article of N characters: processor seconds (peak MB) of times, of events"]
    for size in SIZES:
        text = (ARTICLE * (size // len(ARTICLE) + 1))[:size]
        cost = [_cost(lambda: times.find(text, published=TUESDAY)), _cost(lambda: events.find(text))]  # noqa: B023  # called at once
        lines.append(
            f"        {size:9,}  " + "   ".join(f"{seconds:6.2f} s ({peak:4.0f} MB)" for seconds, peak in cost)
        )
    return lines


def _cost(read: Callable[[], object]) -> tuple[float, float]:
    """Processor seconds, then peak megabytes in a second run, for watching memory slows the reading."""
    begun = time.process_time()
    read()
    seconds = time.process_time() - begun
    tracemalloc.start()
    read()
    peak = tracemalloc.get_traced_memory()[1] / MEGABYTE
    tracemalloc.stop()
    return seconds, peak


if __name__ == "__main__":
    sys.exit(main())
