"""The named weights of linking and merging, read once from `weights.toml`."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, float | dict[str, float]]]:
    return tomllib.loads(files("geo.incidents").joinpath("weights.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def weights(section: str) -> Mapping[str, float]:
    """The weights of one section, its threshold among them."""
    plain = {name: value for name, value in _table()[section].items() if isinstance(value, (int, float))}
    features = _table()[section].get("features", {})
    return {**(features if isinstance(features, dict) else {}), **plain}


def total(features: Iterable[tuple[str, float]], section: str) -> tuple[float, dict[str, float]]:
    """The score of features given as (name, amount), and what each contributed."""
    table = weights(section)
    parts: dict[str, float] = {}
    for name, amount in features:
        parts[name] = round(parts.get(name, 0.0) + table[name] * amount, 3)
    return round(sum(parts.values()), 3), parts
