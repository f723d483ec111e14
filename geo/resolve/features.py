"""What speaks for each candidate: named numbers, most of them 0 to 1. Weights are learned, see weights.toml."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.resolve.names import Group  # noqa: TC001  # read by the dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gazetteer.place import Place
    from gazetteer.store import Candidate
    from geo.resolve.names import Names

    Floats = NDArray[np.float64]

_WIDE = frozenset({"continent", "region"})
_NATURAL = frozenset({"sea", "lake", "river", "valley", "mountain", "desert", "forest", "island"})
_KINDS = ("country", "admin1", "admin2", "settlement", "wide", "natural", "other")
_ROADS = ("exact", "alternate", "foreign", "code", "demonym", "skeleton", "typo")

BASE = (
    "prominence",
    "population",
    "population share",
    "name count",
    "best fit",
    "name fit",
    *(f"found by {road}" for road in _ROADS),
    *(f"kind {kind}" for kind in _KINDS),
    "kind as hinted",
    "kind not as hinted",
    "demonym's country",
    "associative country",
    "associative settlement",
    "country of publication",
)
CONTEXT = (
    "inside the next name",
    "outside the next name",
    "holds the name before",
    "country in sentence",
    "area in sentence",
    "country in document",
    "area in document",
    "country named",
    "area named",
    "odds of country in document",
    "odds of area in document",
    "near others",
    "near the nearest",
    "beside others",
    "within reach of others",
    "coherent with others",
    "county named",
    "holds others",
    "near the first name",
    "same sentence near",
)
NONE = (
    "none",
    "none: no exact name",
    "none: few candidates",
    "none: obscure",
    "none: several words",
    "none: a road or site",
    "none: reader unsure",
)
FEATURES = BASE + CONTEXT + NONE
"""All features in the order of a row. The `NONE` ones speak for "the gazetteer does not have it"."""

NEAR_M = 150_000.0  # at this distance another place's nearness has fallen to 1/e
BESIDE_M, REACH_M = 40_000.0, 600_000.0  # the same for "beside" and "within reach"
CHUNK = 2000  # candidates whose distances are worked out at once
LEAST_SHARE = 0.02  # a country or area that no other name lies in still has this share
ANCHORS = 60  # names of the document that nearness is measured to
_EARTH_M = 6_371_008.8  # mean radius, IUGG
_PEOPLE_LOG = 9.0  # log10 of the largest population, about
_NAMES_LOG = 6.0  # log of the largest number of names, about


@dataclass(frozen=True, slots=True)
class Table:
    """All candidates of a document, one row each, and behind them one row a group for "none of these".

    `group` is each row's group; `places` has None in the rows for none.
    """

    group: NDArray[np.int64]
    places: list[Place | None]
    base: Floats
    countries: Floats
    """Row by country: how much of the candidate lies there."""
    areas: NDArray[np.int64]
    """Each row's first-order area, -1 for none."""
    lats: Floats
    lons: Floats


def tabulate(names: Names, *, countries: Mapping[str, float]) -> Table:
    """The rows of all groups, with what does not depend on the other names.

    `countries` are ISO 3166-1 alpha-2 codes where the text seems to be at home, with how much, 0 to 1.
    """
    rows: list[list[float]] = []
    places: list[Place | None] = []
    owner: list[int] = []
    for number, group in enumerate(names.groups):
        for rank, candidate in enumerate(group.candidates):
            rows.append(_base(group, candidate, rank, countries))
            places.append(candidate.place)
            owner.append(number)
        rows.append(_none(group))
        places.append(None)
        owner.append(number)
    base = np.asarray(rows, float).reshape(len(rows), len(FEATURES))
    lats = np.asarray([place.lat if place else 0.0 for place in places])
    lons = np.asarray([place.lon if place else 0.0 for place in places])
    return Table(np.asarray(owner, int), places, base, _membership(places), _area_numbers(places), lats, lons)


def _base(group: Group, candidate: Candidate, rank: int, countries: Mapping[str, float]) -> list[float]:
    place = candidate.place
    most = max(one.place.population for one in group.candidates)
    kind = _coarse(place.kind)
    hints = group.hints - {"demonym"} | ({"admin1"} if "region" in group.hints else set())
    associative = 1 - group.literal / max(1, len(group.mentions))
    features = {
        "prominence": _number(candidate.reasons.get("prominence")),
        "population": math.log10(1 + place.population) / _PEOPLE_LOG,
        "population share": (math.log10(1 + place.population) - math.log10(1 + most)) / _PEOPLE_LOG,
        "name count": math.log(1 + place.name_count) / _NAMES_LOG,
        "best fit": float(rank == 0),
        "name fit": _number(candidate.reasons.get("name")),
        f"found by {candidate.how}": 1.0,
        f"kind {kind}": 1.0,
        "kind as hinted": float(place.kind in hints),
        "kind not as hinted": float(bool(hints) and place.kind not in hints),
        "demonym's country": float("demonym" in group.hints and candidate.how == "demonym"),
        "associative country": associative * (kind == "country"),
        "associative settlement": associative * (kind == "settlement"),
        "country of publication": max((countries.get(code, 0.0) for code in place.countries), default=0.0),
    }
    return [features.get(name, 0.0) for name in FEATURES]


def _none(group: Group) -> list[float]:
    best = max((_number(one.reasons.get("prominence")) for one in group.candidates), default=0.0)
    features = {
        "none": 1.0,
        "none: no exact name": float(all(one.how in {"skeleton", "typo"} for one in group.candidates)),
        "none: few candidates": 1 / (1 + len(group.candidates)),
        "none: obscure": 1 - best,
        "none: several words": float(" " in group.name),
        "none: a road or site": float(bool(group.hints & {"road", "site", "camp", "dam", "airfield"})),
        "none: reader unsure": 1 - group.score,
    }
    return [features.get(name, 0.0) for name in FEATURES]


def _coarse(kind: str) -> str:
    if kind in _WIDE:
        return "wide"
    return "natural" if kind in _NATURAL else kind if kind in _KINDS else "other"


def _number(value: float | str | None) -> float:
    return float(value) if isinstance(value, float | int) else 0.0


def _membership(places: Sequence[Place | None]) -> Floats:
    codes = sorted({code for place in places if place for code in place.countries})
    column = {code: number for number, code in enumerate(codes)}
    table = np.zeros((len(places), max(1, len(codes))))
    for row, place in enumerate(places):
        for code in place.countries if place else ():
            table[row, column[code]] = 1 / len(place.countries) if place else 0.0
    return table


def _area_numbers(places: Sequence[Place | None]) -> NDArray[np.int64]:
    codes: dict[str, int] = {}
    return np.asarray([codes.setdefault(p.admin1_code, len(codes)) if p and p.admin1_code else -1 for p in places], int)


def with_context(table: Table, names: Names, chances: Floats) -> Floats:
    """The rows with the context's features, given how likely each candidate is for now."""
    rows = table.base.copy()
    column = {name: number for number, name in enumerate(FEATURES)}
    real = np.asarray([place is not None for place in table.places])
    for look in (_by_country, _by_nearness, _by_pairs, _by_coherence, _by_county):
        for name, values in look(table, names, chances).items():
            rows[:, column[name]] = values * real
    return rows


def _by_country(table: Table, names: Names, chances: Floats) -> dict[str, Floats]:
    """How much the names of the sentence and of the document lie in the same country and in the same area."""
    groups = len(names.groups)
    land = _sum_by_group(table, table.countries * chances[:, None], groups)
    areas = np.zeros((groups, table.areas.max(initial=-1) + 2))
    np.add.at(areas, (table.group, table.areas), chances * (table.areas >= 0))
    areas[:, -1] = 0.0
    weight = np.log1p([len(group.mentions) for group in names.groups])
    mine = table.countries > 0
    row_of = table.group
    sentence_land, sentence_areas = _mix(names, land), _mix(names, areas)
    document_land, document_areas = _others(land, weight), _others(areas, weight)
    named = {kind: _sure(table, names, chances, kind) for kind in ("country", "admin1")}
    return {
        "country in sentence": (sentence_land[row_of] * mine).max(axis=1),
        "country in document": (document_land[row_of] * mine).max(axis=1),
        "odds of country in document": np.log(LEAST_SHARE + (document_land[row_of] * mine).max(axis=1)),
        "odds of area in document": np.log(LEAST_SHARE + document_areas[row_of, table.areas]),
        "area in sentence": sentence_areas[row_of, table.areas],
        "area in document": document_areas[row_of, table.areas],
        "country named": (named["country"][0][row_of] * mine).max(axis=1),
        "area named": named["admin1"][1][row_of, table.areas],
    }


def _sum_by_group(table: Table, values: Floats, groups: int) -> Floats:
    total = np.zeros((groups, values.shape[1]))
    np.add.at(total, table.group, values)
    return total


def _mix(names: Names, values: Floats) -> Floats:
    """Each group's row becomes the mean of those that share its sentences."""
    mixed = np.zeros_like(values)
    for one, others in names.beside.items():
        numbers = list(others)
        mixed[one] = np.asarray([others[n] for n in numbers]) @ values[numbers]
    return mixed


def _others(values: Floats, weight: Floats) -> Floats:
    """Each group's row becomes the weighted mean of all other groups."""
    weighted = values * weight[:, None]
    rest = weight.sum() - weight
    return np.asarray((weighted.sum(axis=0) - weighted) / np.maximum(rest, 1e-9)[:, None])


def _sure(table: Table, names: Names, chances: Floats, kind: str) -> tuple[Floats, Floats]:
    """For each group: by country and by area, the chance that some other name is that country or area itself."""
    groups = len(names.groups)
    its = np.asarray([place is not None and place.kind == kind for place in table.places])
    land = _sum_by_group(table, table.countries * (chances * its)[:, None], groups)
    areas = np.zeros((groups, table.areas.max(initial=-1) + 2))
    np.add.at(areas, (table.group, table.areas), chances * its * (table.areas >= 0))
    areas[:, -1] = 0.0
    return _best_of_others(land), _best_of_others(areas)


def _best_of_others(values: Floats) -> Floats:
    """Each group's row becomes the greatest of all other groups' rows."""
    if len(values) < 2:  # noqa: PLR2004  # one name has no others
        return np.zeros_like(values)
    order = np.sort(values, axis=0)
    best, second = order[-1], order[-2]
    return np.asarray(np.where(values >= best, second, best))


def _by_nearness(table: Table, names: Names, chances: Floats) -> dict[str, Floats]:
    """How near the likeliest places of the other names lie."""
    anchors = _anchors(table, names, chances)
    zero = np.zeros(len(table.places))
    if not anchors:
        return dict.fromkeys(("near others", "near the nearest"), zero)
    rows = np.asarray([row for _, row in anchors])
    owners = np.asarray([group for group, _ in anchors])
    metres = _distances(table, rows)
    near = np.exp(-metres / NEAR_M)
    other = table.group[:, None] != owners[None, :]
    trust = chances[rows] * np.asarray([_point_like(table.places[row]) for row in rows])
    worth = other * trust[None, :]
    beside = np.asarray(
        [[names.beside.get(g, {}).get(h, 0.0) for h in owners.tolist()] for g in range(len(names.groups))]
    )
    return {
        "near others": (near * worth).sum(axis=1) / np.maximum(worth.sum(axis=1), 1.0),
        "near the nearest": (near * worth).max(axis=1),
        "beside others": np.log1p((np.exp(-metres / BESIDE_M) * worth).sum(axis=1)),
        "within reach of others": (np.exp(-metres / REACH_M) * worth).sum(axis=1) / np.maximum(worth.sum(axis=1), 1.0),
        "near the first name": near[:, 0] * other[:, 0] * trust[0],
        "same sentence near": (near * worth * beside[table.group]).sum(axis=1),
    }


def _point_like(place: Place | None) -> float:
    """Whether nearness to a place's point says something."""
    return float(place is not None and place.kind != "country" and place.kind not in _WIDE)


def _anchors(table: Table, names: Names, chances: Floats) -> list[tuple[int, int]]:
    """The likeliest row of each of the first names and of the most frequent ones, in order of the text."""
    best: dict[int, int] = {}
    for row, group in enumerate(table.group.tolist()):
        if table.places[row] is not None and (group not in best or chances[row] > chances[best[group]]):
            best[group] = row
    return [(group, best[group]) for group in sorted(_frequent(names)) if group in best]


def _frequent(names: Names) -> list[int]:
    """The names that nearness is measured to: the most frequent, the first of them before the later."""
    return sorted(range(len(names.groups)), key=lambda n: (-len(names.groups[n].mentions), n))[:ANCHORS]


def _distances(table: Table, rows: NDArray[np.int64], part: slice = slice(None)) -> Floats:
    """Metres from every candidate, or a part of them, to some of them."""
    phi, psi = np.radians(table.lats[part])[:, None], np.radians(table.lats[rows])[None, :]
    step = np.radians(table.lons[rows][None, :] - table.lons[part][:, None])
    half = np.sin((psi - phi) / 2) ** 2 + np.cos(phi) * np.cos(psi) * np.sin(step / 2) ** 2
    return np.asarray(2 * _EARTH_M * np.arcsin(np.sqrt(np.minimum(1.0, half))))


def _by_coherence(table: Table, names: Names, chances: Floats) -> dict[str, Floats]:
    """How many of the other names have some namesake, likely or not, close by: chance rarely makes such clusters."""
    frequent = set(_frequent(names))
    columns = [
        row for row, group in enumerate(table.group.tolist()) if group in frequent and _point_like(table.places[row])
    ]
    mean = np.zeros(len(table.places))
    if not columns:
        return {"coherent with others": mean}
    rows = np.asarray(columns)
    owners = table.group[rows]
    starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
    worth = np.sqrt(chances[rows])
    for first in range(0, len(mean), CHUNK):
        part = slice(first, first + CHUNK)
        near = np.exp(-_distances(table, rows, part) / BESIDE_M) * worth * (table.group[part, None] != owners[None, :])
        mean[part] = np.maximum.reduceat(near, starts, axis=1).sum(axis=1)
    return {"coherent with others": np.log1p(mean)}


def _by_county(table: Table, names: Names, chances: Floats) -> dict[str, Floats]:
    """A town's own county is named too; a county or state holds towns that are named too."""
    del names
    counties: dict[tuple[str, str], set[int]] = {}
    held: dict[tuple[str, str], dict[int, float]] = {}
    for place, group, chance in zip(table.places, table.group.tolist(), chances.tolist(), strict=True):
        if place is None or not place.admin1_code:
            continue
        if place.kind == "admin2":
            counties.setdefault((place.admin1_code, place.name), set()).add(group)
        elif place.admin2:
            by_group = held.setdefault((place.admin1_code, place.admin2), {})
            by_group[group] = max(by_group.get(group, 0.0), chance)
    named, holds = np.zeros(len(table.places)), np.zeros(len(table.places))
    for row, (place, group) in enumerate(zip(table.places, table.group.tolist(), strict=True)):
        if place is None:
            continue
        if place.kind == "admin2":
            others = held.get((place.admin1_code, place.name), {})
            holds[row] = math.log1p(sum(math.sqrt(chance) for other, chance in others.items() if other != group))
        elif place.admin2:
            named[row] = float(bool(counties.get((place.admin1_code, place.admin2), set()) - {group}))
    return {"county named": named, "holds others": holds}


def _by_pairs(table: Table, names: Names, chances: Floats) -> dict[str, Floats]:
    """Say of "X, Y" how likely X lies in Y, for the candidates of both."""
    inside, outside, holds = (np.zeros(len(table.places)) for _ in range(3))
    rows_of: dict[int, list[int]] = {}
    for row, group in enumerate(table.group.tolist()):
        if table.places[row] is not None:
            rows_of.setdefault(group, []).append(row)
    for one, other in names.inside:
        for row in rows_of.get(one, ()):
            for above in rows_of.get(other, ()):
                if lies_in(table.places[row], table.places[above]):
                    inside[row] = min(1.0, inside[row] + chances[above])
                    holds[above] = min(1.0, holds[above] + chances[row])
                elif _is_elsewhere(table.places[row], table.places[above]):
                    outside[row] = min(1.0, outside[row] + chances[above])
    outside = np.maximum(0.0, outside - inside)
    return {"inside the next name": inside, "outside the next name": outside, "holds the name before": holds}


def _is_elsewhere(place: Place | None, area: Place | None) -> bool:
    """Whether the codes say that a town or county lies in another state or land than the one named behind it."""
    if place is None or area is None or place.kind not in {"settlement", "admin2"}:
        return False
    if area.kind == "country":
        return bool(area.countries) and not set(area.countries) & set(place.countries)
    return area.kind == "admin1" and bool(place.admin1_code) and place.admin1_code != area.admin1_code != ""


def lies_in(place: Place | None, area: Place | None) -> bool:
    """Whether the gazetteer's codes say that a place lies in an area."""
    if place is None or area is None or place.place_id == area.place_id:
        return False
    if area.kind == "country":
        return place.kind != "country" and bool(set(area.countries) & set(place.countries))
    if area.kind == "admin1":
        return bool(area.admin1_code) and place.admin1_code == area.admin1_code and place.kind != "admin1"
    if area.kind == "admin2":
        return place.admin1_code == area.admin1_code and place.admin2 == area.name and place.kind != "admin2"
    return False
