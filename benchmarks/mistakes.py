"""What kind of mistake a toponym's answer is, how far its confidence can be trusted, and where the ceiling is."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from geo.resolve.names import clean
from geo.toponyms.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gazetteer.place import Place
    from gazetteer.store import Gazetteer

    Doc = dict[str, Any]
    Span = dict[str, Any]
    Parts = dict[str, tuple[list[Doc], list[Doc], list[Doc]]]

NEAR_KM = 161.0  # 100 miles, as everybody measures
NAMESAKES = 200
BESIDE_KM = 5.0  # what lies so near a town is a part of it, as a rule
WIDE = {"country", "continent", "region", "admin1", "sea", "desert", "mountain", "river", "island", "forest"}
BANDS = (0.0, 0.3, 0.5, 0.7, 0.9, 1.01)
LONGEST_EXAMPLE = 40  # code points of a name told as an example


class Judge(NamedTuple):
    """The scorer's distances and the gazetteer."""

    score: Any
    gazetteer: Gazetteer

    def km(self, gold: Span, place: Place | Span) -> float:
        """Between a gold toponym and a place or an answer."""
        lat, lon = (place["lat"], place["lon"]) if isinstance(place, dict) else (place.lat, place.lon)
        return float(self.score.great_circle_km(gold["lat"], gold["lon"], lat, lon))

    def near(self, gold: Span, name: str) -> Place | None:
        """The nearest namesake within reach."""
        found = [c.place for c in self.gazetteer.find(clean(name), limit=NAMESAKES)]
        best = min(found, key=lambda place: self.km(gold, place), default=None)
        return best if best and self.km(gold, best) <= NEAR_KM else None

    def holds(self, place: Place | None, gold: Span) -> bool:
        """Whether a wide place holds the gold's point: then the two differ by convention."""
        if place is None or place.kind not in WIDE:
            return False
        if place.kind == "country":
            return bool(set(place.countries) & set(self.gazetteer.countries_at(lat=gold["lat"], lon=gold["lon"])))
        return self.km(gold, place) <= place.radius_m / 1000

    def why(self, gold: Span, answer: Span, name: str) -> str:
        """The kind of a mistake in placing, "" for none."""
        located = self.score.located(answer)
        if located and self.km(gold, answer) <= NEAR_KM:
            return ""
        chosen = self.gazetteer.get(answer["place_id"]) if answer.get("place_id") else None
        right = self.near(gold, name)
        if right is None:
            return "point by another convention" if self.holds(chosen, gold) else "not in the gazetteer"
        if chosen is None:
            return "held back"
        return "wrong namesake" if chosen.kind == right.kind else "wrong kind"


def without_conventions(score: Any, gazetteer: Gazetteer, docs: list[Doc], answers: list[Doc]) -> float:  # noqa: ANN401
    """Acc@161 on gold spans, those left out whose place is right but whose point follows another convention."""
    judge, kinds = Judge(score, gazetteer), Counter[str]()
    for gold, answer, name in on_gold(score, docs, answers):
        kinds[judge.why(gold, answer, name)] += 1
    return kinds[""] / max(1, kinds.total() - kinds["point by another convention"])


def on_gold(score: Any, docs: list[Doc], answers: list[Doc]) -> Iterator[tuple[Span, Span, str]]:  # noqa: ANN401
    """Each located gold toponym with the answer on its very span, empty for none, and its name."""
    mine = {a["doc_id"]: {(t["start"], t["end"]): t for t in a["toponyms"]} for a in answers}
    for doc in docs:
        for gold in filter(score.located, doc["toponyms"]):
            span = (gold["start"], gold["end"])
            yield gold, mine.get(doc["doc_id"], {}).get(span, {}), doc["text"][span[0] : span[1]]


def end_to_end(judge: Judge, docs: list[Doc], answers: list[Doc]) -> Iterator[tuple[str, str]]:
    """Every mistake from text to places: its kind and the name."""
    mine = {a["doc_id"]: a["toponyms"] for a in answers}
    for doc in docs:
        predicted = mine.get(doc["doc_id"], [])
        pairs = judge.score.pair_up(doc["toponyms"], predicted)
        paired = {id(gold): answer for gold, answer in pairs}
        used = {id(answer) for _, answer in pairs}
        for gold in doc["toponyms"]:
            name = doc["text"][gold["start"] : gold["end"]]
            answer = paired.get(id(gold))
            if answer is None:
                yield "missed", name
                continue
            if (answer["start"], answer["end"]) != (gold["start"], gold["end"]):
                yield "cut otherwise", name
            if judge.score.located(gold) and (why := judge.why(gold, answer, name)):
                yield why, name
        for answer in predicted:
            if id(answer) not in used and answer.get("kind") != "demonym":
                yield "false", doc["text"][answer["start"] : answer["end"]]


def table_of_mistakes(judge: Judge, parts: Parts, most: int) -> Iterator[str]:
    """Counts by kind and corpus, with the commonest names."""
    kinds: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for corpus, (docs, answers, _) in parts.items():
        for kind, name in end_to_end(judge, docs, answers):
            kinds[kind][corpus][" ".join(name.split())[:LONGEST_EXAMPLE]] += 1
    yield f"| kind | {' | '.join(parts)} | examples |\n|---|{'---|' * len(parts)}---|"
    for kind, by_corpus in sorted(kinds.items(), key=lambda item: -sum(c.total() for c in item[1].values())):
        names: Counter[str] = sum(by_corpus.values(), Counter())
        counts = " | ".join(str(by_corpus[corpus].total()) for corpus in parts)
        examples = ", ".join(f"{plain(name)} {count}" for name, count in names.most_common(most))
        yield f"| {kind} | {counts} | {examples} |"
    golds = " | ".join(str(sum(len(doc["toponyms"]) for doc in docs)) for docs, _, _ in parts.values())
    yield f"| *toponyms in the gold* | {golds} | |"


def plain(name: str) -> str:
    """A name that is no markup in a table."""
    return "".join(char if char.isalnum() or char in " .,'’-" else " " for char in name)


def calibration(judge: Judge, parts: Parts) -> Iterator[str]:
    """How often the resolver's answers on gold spans, and the reader's spans, are right at each confidence."""
    bands = [f"{low:.1f}-{min(high, 1):.1f}" for low, high in pairwise(BANDS)]
    yield f"| corpus | confidence of | {' | '.join(bands)} | calibration error |"
    yield f"|---|---|{'---|' * len(bands)}---|"
    for corpus, (docs, answers, spans) in parts.items():
        placed = [
            (answer["sure"], judge.km(gold, answer) <= NEAR_KM)
            for gold, answer, _ in on_gold(judge.score, docs, spans)
            if judge.score.located(answer)
        ]
        yield f"| {corpus} | a place, on gold spans | {reliability(placed)} |"
        yield f"| {corpus} | a span that the reader found | {reliability(list(found(judge, docs, answers)))} |"
    yield ""
    yield "In each band: share that is right (how many); expected calibration error over the bands. Placed ones only."


def found(judge: Judge, docs: list[Doc], answers: list[Doc]) -> Iterator[tuple[float, bool]]:
    """Each span found, demonyms left out: its score, and whether it meets a gold toponym."""
    mine = {a["doc_id"]: a["toponyms"] for a in answers}
    for doc in docs:
        for t in mine.get(doc["doc_id"], []):
            if t.get("kind") != "demonym":
                yield t.get("seen", 1.0), any(judge.score.overlap(t, gold) > 0 for gold in doc["toponyms"])


def reliability(pairs: list[tuple[float, bool]]) -> str:
    """Cells: the share right in each band, and the expected calibration error over the bands."""
    cells, error = [], 0.0
    for low, high in pairwise(BANDS):
        inside = [(sure, right) for sure, right in pairs if low <= sure < high]
        if not inside:
            cells.append("-")
            continue
        share = sum(right for _, right in inside) / len(inside)
        mean = sum(sure for sure, _ in inside) / len(inside)
        error += abs(share - mean) * len(inside) / len(pairs)
        cells.append(f"{share:.2f} ({len(inside)})")
    return f"{' | '.join(cells)} | {error:.3f}"


def ceiling(judge: Judge, parts: Parts, most: int) -> Iterator[str]:
    """What of the gold the gazetteer lacks, by kind, and how much of it full GeoNames holds."""
    yield "| corpus | gold with a point | namesake within 161 km | another convention | lacking | in full GeoNames |"
    yield "|---|---|---|---|---|---|"
    lacking: Counter[str] = Counter()
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for corpus, (docs, _, spans) in parts.items():
        counts: Counter[str] = Counter()
        for gold, answer, name in on_gold(judge.score, docs, spans):
            kind = lack(judge, gold, answer, name)
            counts[kind if kind in {"", "convention"} else "lacking"] += 1
            if kind not in {"", "convention"}:
                counts["in GeoNames"] += bool(gold.get("geonameid"))
                lacking[kind] += 1
                names[kind][" ".join(name.split())[:LONGEST_EXAMPLE]] += 1
        total = counts[""] + counts["convention"] + counts["lacking"]
        share = {key: f"{value / max(1, total):.3f}" for key, value in counts.items()}
        cells = [share.get(key, "0") for key in ("", "convention", "lacking")]
        told = share.get("in GeoNames", "0") if has_ids(docs) else "not told"
        yield f"| {corpus} | {total} | {' | '.join(cells)} | {told} |"
    yield "\n| what is lacking | toponyms | examples |\n|---|---|---|"
    for kind, count in lacking.most_common():
        yield f"| {kind} | {count} | {', '.join(plain(name) for name, _ in names[kind].most_common(most))} |"
    yield ""
    yield (
        "How estimated: a gold toponym with a GeoNames id is in full GeoNames for certain, though not always under the "
        "name that the text uses: the last column, a part of the one before it, is the most that full GeoNames could "
        "add. Kinds are told by the name's own words, else by whether a settlement of the gazetteer lies within "
        f"{BESIDE_KM:.0f} km of the gold's point."
    )


def has_ids(docs: Iterable[Doc]) -> bool:
    """Whether a corpus names GeoNames' ids."""
    return any(gold.get("geonameid") for doc in docs for gold in doc["toponyms"])


def lack(judge: Judge, gold: Span, answer: Span, name: str) -> str:
    """What kind of place the gazetteer lacks here; "" for none, "convention" for a wide one that has another point."""
    if judge.near(gold, name):
        return ""
    chosen = judge.gazetteer.get(answer["place_id"]) if answer.get("place_id") else None
    namesakes = [c.place for c in judge.gazetteer.find(clean(name), limit=NAMESAKES)]
    if any(judge.holds(place, gold) for place in [chosen, *namesakes]):
        return "convention"
    return by_words(name) or by_surroundings(judge, gold)


def by_words(name: str) -> str:
    """What the words of a name tell of its kind, or ""."""
    words, parts = vocabulary(), clean(name).split()
    if any(part.strip(".") in words.roads for part in parts) or any(map(str.isdigit, name)):
        return "a street, a road, an address"
    if words.kind_after.get(parts[-1].lower() if parts else "") in {"admin1", "admin2"}:
        return "a county, a district"
    return "an organisation or its building" if words.organisation_after & {p.lower() for p in parts[1:]} else ""


def by_surroundings(judge: Judge, gold: Span) -> str:
    """Whether the gold lies in a town that the gazetteer has."""
    beside = judge.gazetteer.nearest(lat=gold["lat"], lon=gold["lon"], kinds={"settlement"})
    if beside and beside[0][1] <= BESIDE_KM * 1000:
        return "a part of a town, a building, another name of the town"
    return "a village, a natural feature, a region away from any town"


def report(score: Any, gazetteer: Gazetteer, parts: Parts, most: int) -> Iterator[str]:  # noqa: ANN401
    """The sections of the analysis."""
    judge = Judge(score, gazetteer)
    yield "\n### Where it goes wrong, text to places\n"
    yield from table_of_mistakes(judge, parts, most)
    yield "\n### How far the confidence can be trusted\n"
    yield from calibration(judge, parts)
    yield "\n### The ceiling: what the gazetteer lacks\n"
    yield from ceiling(judge, parts, most)
