"""An incident's `reasons` in words: what the names of its features mean."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAME = re.compile(r"(?P<group>\w+)\.(?:\d+\.)?(?P<name>.+)", re.DOTALL)
_TELLING = re.compile(r"\.(\d+)\.")


def explained(reasons: Mapping[str, Any]) -> Iterator[str]:
    """A line for each reason: "place, “in” stands before it: 1.1"; one that is not known stays as it is."""
    for name, value in reasons.items():
        words, telling = meaning(name), _TELLING.search(name)
        which = f" of telling {telling[1]}" if telling else ""
        told = meaning(f"how.{value}") or value
        yield f"{name.split('.')[0]}{which}, {words}: {told}" if words else f"{name}: {value}"


def meaning(name: str) -> str:
    """What a reason's name means ("merge.2.same_day": "the same day"), "" where that is not known."""
    parts = _NAME.fullmatch(name)
    return _table().get(parts["group"], {}).get(parts["name"], "") if parts else ""


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("geo.schema").joinpath("reasons.toml").read_text(encoding="utf-8"))
