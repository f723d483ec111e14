"""Measure the gazetteer: `python benchmarks/gazetteer.py build|speed|typos|towns|synthetic [FILE]`.

`build` builds the default gazetteer anew into a scratch file; `speed`, `typos` and `towns` measure one that is built
(the default one, or FILE); `synthetic ROWS` writes a dump of so many rows in GeoNames' format, builds it and asks it.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from gazetteer.build import build, default_path, ensure_default  # noqa: E402  # after the path is set
from gazetteer.names import fold  # noqa: E402  # the same
from gazetteer.sphere import distance_m  # noqa: E402  # the same
from gazetteer.store import Gazetteer  # noqa: E402  # the same

SEED = 20261120
OTHER_SEEDS = (6, 7, 8)
"""Never looked at while weights were chosen."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"
BIG = 50_000
NEAR_OWN_KM = 12
CLAIMED = [
    {"IL", "PS"},
    {"IL", "SY"},
    {"UA", "RU"},
    {"MA", "EH"},
    {"IN", "PK"},
    {"IN", "CN"},
    {"RS", "XK"},
    {"CY", "TR"},
]


def rate(label: str, ask: Callable[[Any], object], questions: Sequence[Any]) -> None:
    """Print how many questions are answered in a second of one core's time."""
    began = time.process_time()
    for question in questions:
        ask(question)
    took = time.process_time() - began
    print(f"{label:<44} {len(questions) / took:>12,.0f}/s {took / len(questions) * 1e6:>9.1f} us")


def towns(gazetteer: Gazetteer, least: int = 0) -> Iterator[tuple[str, str, float, float, str]]:
    """Id, name, latitude, longitude and country of GeoNames' towns of more people than `least`."""
    database = gazetteer._file.db  # noqa: SLF001  # no public way lists all
    rows = database.execute(
        "SELECT pid, name, lat / 1e6, lon / 1e6, countries FROM place WHERE typeof(pid) = 'integer'"
        " AND population >= ? AND kind = (SELECT kind FROM place WHERE pid = 98182) ORDER BY pid",
        (least,),
    )
    return ((f"gn:{row[0]}", *row[1:]) for row in rows)


def measure_build(path: str | None) -> None:
    """Time, peak memory and size of a default build, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(path) if path else Path(folder) / "g.db"
        began = time.perf_counter()
        subprocess.run([sys.executable, __file__, "build-here", str(target)], check=True)  # noqa: S603  # ourselves
        print(f"build {time.perf_counter() - began:.1f} s, {target.stat().st_size / 1e6:.1f} MB on disk")


def build_here(path: str) -> None:
    """Build into a file, telling each step and the peak memory."""
    last = [time.perf_counter()]

    def tell(step: str, done: int, total: int) -> None:
        now = time.perf_counter()
        print(f"  {now - last[0]:6.1f} s  {step} ({done}/{total})")
        last[0] = now

    build(path, progress=tell)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def measure_speed(path: str | None) -> None:
    """Open and first answer, exact, misspelt, known, nearest, polygons, geopy."""
    from geopy.extra.rate_limiter import RateLimiter  # noqa: PLC0415  # only here

    from gazetteer.geocoder import OfflineGeocoder  # noqa: PLC0415  # only here

    code = (
        "import sys,time; t=time.perf_counter(); from gazetteer.store import Gazetteer; g=Gazetteer.open(sys.argv[1]);"
        "g.find('Mosul'); print(f'import, open and first answer {(time.perf_counter()-t)*1e3:.0f} ms');"
        "t=time.perf_counter(); g=Gazetteer.open(sys.argv[1]); g.find('Mosul');"
        "print(f'open and first answer {(time.perf_counter()-t)*1e3:.1f} ms')"
    )
    gazetteer = opened(path)
    subprocess.run([sys.executable, "-c", code, str(gazetteer.path)], check=True, cwd=ROOT)  # noqa: S603  # ourselves
    rng = random.Random(SEED)  # noqa: S311  # no secret
    names = [name for _, name, _, _, _ in towns(gazetteer, BIG)]
    rng.shuffle(names)
    asked = [rng.choice(names[:5000]) for _ in range(50_000)]
    rate("find, exact, each name for the first time", gazetteer.find, list(dict.fromkeys(asked)))
    best = lambda name: fresh.find(name, limit=1, fuzzy=False)  # noqa: E731  # a question
    fresh = Gazetteer.open(gazetteer.path)
    rate("find, exact, the best, for the first time", best, list(dict.fromkeys(asked)))
    rate("find, exact, names as they recur", gazetteer.find, asked)
    rate("known, names as they recur", gazetteer.known, asked)
    rate(
        "find, one typing error, each for the first time",
        gazetteer.find,
        [slip(rng, name) for name in names[5000:9000]],
    )
    spots = [(lat + rng.gauss(0, 0.1), lon) for _, _, lat, lon, _ in rng.sample(list(towns(gazetteer)), 5000)]
    nearest = lambda spot: gazetteer.nearest(lat=spot[0], lon=spot[1])  # noqa: E731  # a question
    rate("nearest, cold", nearest, spots)
    rate("nearest", nearest, spots)
    rate("countries_at", lambda spot: gazetteer.countries_at(lat=spot[0], lon=spot[1]), spots)
    geocoder = OfflineGeocoder(gazetteer)
    rate("geopy geocode through RateLimiter", RateLimiter(geocoder.geocode, min_delay_seconds=0), asked[:20_000])
    rate("geopy reverse, each point for the first time", geocoder.reverse, spots)
    rate("geopy reverse", geocoder.reverse, spots)


def slip(rng: random.Random, name: str) -> str:
    """One typing error: a letter left out, added, wrong, or two swapped."""
    while True:
        at, letter = rng.randrange(len(name)), rng.choice(LETTERS)
        made = {
            "left out": name[:at] + name[at + 1 :],
            "added": name[:at] + letter + name[at:],
            "wrong": name[:at] + letter + name[at + 1 :],
            "swapped": name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :],
        }[rng.choice(["left out", "added", "wrong", "swapped"])]
        if made.lower() != name.lower():
            return made


def measure_typos(path: str | None) -> None:
    """Hit@1 and hit@5 on 1,000 seeded slips in names of towns of over 50,000 people; then for other seeds."""
    gazetteer = opened(path)
    for seed in (SEED, *OTHER_SEEDS):
        print(f"seed {seed}")
        measure_slips(gazetteer, seed)


def measure_slips(gazetteer: Gazetteer, seed: int) -> None:
    """Hit@1 and hit@5 for one seed."""
    rng = random.Random(seed)  # noqa: S311  # no secret
    chosen = rng.sample(list(towns(gazetteer, BIG)), 1000)
    tally: Counter[str] = Counter()
    for place_id, name, lat, lon, _ in chosen:
        found = gazetteer.find(slip(rng, name), limit=5)
        ids = [candidate.place.place_id for candidate in found]
        there = [distance_m(lat, lon, one.place.lat, one.place.lon) < 25_000 for one in found]  # noqa: PLR2004  # km
        tally["hit@1 by id"] += ids[:1] == [place_id]
        tally["hit@5 by id"] += place_id in ids
        tally["hit@1 within 25 km"] += any(there[:1])
        tally["hit@5 within 25 km"] += any(there)
        tally["hit@1 by name"] += bool(found) and fold(found[0].place.name) == fold(name)
        tally["slips that spell another place"] += bool(found) and found[0].how in {"exact", "alternate"}
    for what, count in tally.items():
        print(f"{what:<34} {count / len(chosen):.3f}")


def measure_towns(path: str | None) -> None:
    """How many towns lie, by polygon or nearness, in the country that GeoNames says, and why the others do not."""
    gazetteer = opened(path)
    causes: Counter[str] = Counter()
    pairs: Counter[tuple[str, str, str]] = Counter()
    total = 0
    for _, _, lat, lon, country in towns(gazetteer):
        total += 1
        found = gazetteer.countries_at(lat=lat, lon=lon)
        if country not in found:
            cause = cause_of(gazetteer, lat, lon, country, found)
            causes[cause] += 1
            pairs[cause, country, "+".join(found) or "-"] += 1
    print(f"{total - causes.total():,} of {total:,} agree: {1 - causes.total() / total:.4%}")
    for cause, count in causes.most_common():
        print(f"{count:>6} {cause}")
        told = [(f"{a}/{b} {n}", n) for (why, a, b), n in pairs.most_common() if why == cause]
        print("       " + ", ".join(text for text, _ in told))


def cause_of(gazetteer: Gazetteer, lat: float, lon: float, country: str, found: Iterable[str]) -> str:
    """Why a town lies outside its country's polygon."""
    import shapely  # noqa: PLC0415  # only here

    told = set(found)
    if not told:
        return "island that the boundaries do not draw"
    if any({country} | told >= pair and country in pair for pair in CLAIMED):
        return "de facto line or disputed area"
    shape = gazetteer.geometry(f"country:{country}")
    if shape is None:
        return "country without a polygon"
    far = shape.distance(shapely.Point(lon, lat)) * 111
    return "outline of a border, simplified" if far < NEAR_OWN_KM else "overseas part or far from its own polygon"


def measure_synthetic(rows: int) -> None:
    """Write a dump of so many rows, build it, and ask it."""
    with tempfile.TemporaryDirectory(dir=default_path().parent) as folder:
        dump, target = Path(folder) / "all.txt", Path(folder) / "g.db"
        began = time.perf_counter()
        write_dump(dump, rows)
        print(f"wrote {dump.stat().st_size / 1e9:.2f} GB in {time.perf_counter() - began:.0f} s")
        began = time.perf_counter()
        build(target, geonames=[dump], progress=lambda step, done, total: print(f"  {step} ({done}/{total})"))
        print(f"build {time.perf_counter() - began:.0f} s, {target.stat().st_size / 1e9:.2f} GB")
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
        gazetteer = Gazetteer.open(target)
        rng = random.Random(SEED)  # noqa: S311  # no secret
        names = [synthetic_name(rng.randrange(rows)) for _ in range(3000)]
        rate("find, exact", gazetteer.find, names)
        rate("find, one typing error", lambda name: gazetteer.find(slip(rng, name)), names)
        rate("nearest", lambda _: gazetteer.nearest(lat=rng.uniform(-60, 70), lon=rng.uniform(-180, 180)), names)


def synthetic_name(number: int) -> str:
    """A name of two to four syllables for a number, many numbers sharing one as places do."""
    rng = random.Random(number // 2)  # noqa: S311  # no secret
    syllable = lambda: rng.choice("bdfghjklmnprstvz") + rng.choice("aeiou") + rng.choice(["", "n", "r", "l", "s"])  # noqa: E731
    word = "".join(syllable() for _ in range(rng.randint(2, 4))).capitalize()
    return f"{rng.choice(['', '', 'San ', 'Al ', 'Novo '])}{word}"


def write_dump(path: Path, rows: int) -> None:
    """Rows in GeoNames' 19 columns: names, points and kinds as they are spread in the world, by chance."""
    rng = random.Random(SEED)  # noqa: S311  # no secret
    features = ["P\tPPL"] * 5 + ["H\tSTM", "T\tMT", "S\tSCH", "L\tLCTY", "A\tADM3"]
    with path.open("w", encoding="utf-8") as stream:
        for number in range(rows):
            name = synthetic_name(number)
            lat, lon = rng.uniform(-60, 70), rng.uniform(-180, 180)
            other = f"{name}a,{name} {rng.choice('ABCDEF')}" if number % 3 == 0 else ""
            stream.write(
                f"{number + 1}\t{name}\t{name}\t{other}\t{lat:.5f}\t{lon:.5f}\t{rng.choice(features)}\tUS\t\tTX\t\t\t\t"
                f"{rng.randrange(3000)}\t\t\t\t\n",
            )


def opened(path: str | None) -> Gazetteer:
    """The named gazetteer, or the default one."""
    return Gazetteer.open(path) if path else ensure_default()


MEASURES: dict[str, Callable[[str | None], None]] = {
    "build": measure_build,
    "speed": measure_speed,
    "typos": measure_typos,
    "towns": measure_towns,
}


def main() -> None:
    """Run the measure that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=[*MEASURES, "synthetic", "build-here"])
    parser.add_argument("argument", nargs="?", help="a gazetteer file; rows for synthetic")
    given = parser.parse_args()
    if given.what == "synthetic":
        measure_synthetic(int(given.argument or 13_000_000))
    elif given.what == "build-here":
        build_here(given.argument)
    else:
        MEASURES[given.what](given.argument)


if __name__ == "__main__":
    main()
