"""How time and memory grow: one long report, many reports, many incidents to merge. Each runs in a process of its own.

    python benchmarks/loads.py article DOCS.jsonl CHARACTERS
    python benchmarks/loads.py merge INCIDENTS

Prints one line of JSON. The first joins the texts of DOCS.jsonl to one report of so many characters; the second makes
up incidents, two in five of them retold by another report, and merges them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:1] = [str(ROOT), str(ROOT / "benchmarks")]  # the package gazetteer before the script of that name

import memory  # noqa: E402  # after the path is set

from gazetteer.build import ensure_default  # noqa: E402
from geo import incidents, sentences  # noqa: E402
from geo.events import Count, Event  # noqa: E402
from geo.incidents.incident import Incident  # noqa: E402
from geo.incidents.link import Link  # noqa: E402
from geo.incidents.mention import Mention, Spot  # noqa: E402
from geo.incidents.quote import quote  # noqa: E402
from geo.incidents.retell import across_reports  # noqa: E402
from geo.incidents.wording import wording  # noqa: E402
from geo.reports import Report  # noqa: E402

TYPES = (
    ("Violence against civilians", "Attack"),
    ("Battles", "Armed clash"),
    ("Explosions/Remote violence", "Air/drone strike"),
    ("Riots", "Violent demonstration"),
)
RETOLD = 0.4
DAYS = 730
TOWNS = 4000


def main() -> None:
    """Measure one thing and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("article", "merge"))
    parser.add_argument("rest", nargs="+")
    given = parser.parse_args()
    size = int(given.rest[-1])
    figures = merge(size) if given.what == "merge" else article(Path(given.rest[0]), size)
    figures["peak_mib"] = memory.peak_mib()
    print(json.dumps(figures))


def article(docs: Path, characters: int) -> dict[str, Any]:
    """One report of so many characters."""
    texts = [json.loads(line)["text"] for line in docs.read_text(encoding="utf-8").splitlines() if line.strip()]
    text = ("\n\n".join(texts) * (1 + characters // sum(map(len, texts))))[:characters]
    gazetteer = ensure_default()
    incidents.extract([Report("warm", texts[0], dt.date(2020, 1, 1))], gazetteer=gazetteer)
    began = time.perf_counter(), time.process_time()
    found = incidents.extract([Report("long", text, dt.date(2020, 1, 1))], gazetteer=gazetteer)
    seconds, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
    return {
        "characters": len(text),
        "incidents": len(found.incidents),
        "seconds": round(seconds, 1),
        "cpu": round(cpu, 1),
    }


def merge(count: int) -> dict[str, Any]:
    """Merge so many made-up incidents of as many reports."""
    told = sorted(_made_up(count), key=lambda one: (str(one.mentions[0].published), one.mentions[0].order))
    began = time.perf_counter(), time.process_time()
    merged = across_reports(told)
    seconds, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
    return {"incidents": count, "merged": len(merged), "seconds": round(seconds, 1), "cpu": round(cpu, 1)}


def _made_up(count: int) -> list[Incident]:
    chance = random.Random(5)  # noqa: S311  # no secret
    names = ["".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(4)) for _ in range(60_000)]
    found: list[Incident] = []
    while len(found) < count:
        fact = _Fact(chance, names)
        for _ in range(2 if chance.random() < RETOLD else 1):
            found.append(fact.told(len(found)))
    return found[:count]


class _Fact:
    """An incident to tell."""

    def __init__(self, chance: random.Random, names: list[str]) -> None:
        self._chance = chance
        self._type = chance.choice(TYPES)
        self._town = int(TOWNS * chance.random() ** 2)
        self._day = dt.date(2022, 1, 1) + dt.timedelta(chance.randrange(DAYS))
        self._names = [chance.choice(names).title() for _ in range(6)]
        self._killed = chance.randrange(12)

    def told(self, order: int) -> Incident:
        """As one report tells it."""
        chance = self._chance
        names = chance.sample(self._names, 4)
        text = (
            f"{self._killed} people died on {self._day} near the {names[0]} market of town{self._town}, "
            f"officials {chance.choice(('said', 'reported', 'announced'))} after {names[1]} {names[2]}, "
            f"{chance.randrange(15, 70)}, had met relatives of {names[3]} by the {chance.choice(('river', 'mosque'))}."
        )
        event = Event(
            0, 6, text[:6], *self._type, "reported", (0, len(text)), fatalities=Count(self._killed, self._killed, 0, 1)
        )
        lat, lon = (self._town * 7919 % 12000) / 100 - 60, (self._town * 104_729 % 34000) / 100 - 170
        code = f"C{self._town % 150}"
        spot = Spot((), f"town{self._town}", f"t{self._town}", lat, lon, 3000.0, "settlement", 1, (code,))
        link = Link(event, place_how="sentence", time_how="sentence")
        published = self._day + dt.timedelta(chance.randrange(3))
        told = Mention(Report(f"r{order}", ""), order, published, quote(text, event), link, spot, self._day, self._day)
        return Incident([told], wording=wording(text, sentences.split(text)))


if __name__ == "__main__":
    main()
