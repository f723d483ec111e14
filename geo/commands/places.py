"""The gazetteer on the command line: open, build, tell of it, ask it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from geo.commands import console

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gazetteer.store import Candidate, Gazetteer


def opened(path: Path | None) -> Gazetteer:
    """The gazetteer that was named, or the default one, built first where it is missing, with a bar.

    Raises:
        GazetteerError: the named one is missing or stale, or the default one cannot be built.
    """
    from gazetteer.build import ensure_default  # noqa: PLC0415  # slow
    from gazetteer.store import Gazetteer  # noqa: PLC0415  # slow

    if path is not None:
        return Gazetteer.open(path)
    bar = _LateBar()
    try:
        return ensure_default(progress=bar)
    finally:
        bar.close()


class _LateBar:
    """A progress bar that appears with the first step: a gazetteer that is there needs none."""

    def __init__(self) -> None:
        self._opened: Any = None
        self._tell: Any = None

    def __call__(self, step: str, done: int, total: int) -> None:
        if self._tell is None:
            console.warn("Building the default gazetteer; this is done once.")
            self._opened = console.progress("gazetteer")
            self._tell = self._opened.__enter__()
        self._tell(description=f"gazetteer: {step}", completed=done, total=total)

    def close(self) -> None:
        if self._opened is not None:
            self._opened.__exit__(None, None, None)


def build(path: Path | None) -> None:
    """Build a gazetteer file and say what it holds."""
    from gazetteer.build import build as build_file  # noqa: PLC0415  # slow
    from gazetteer.build import default_path  # noqa: PLC0415  # slow
    from gazetteer.store import Gazetteer  # noqa: PLC0415  # slow

    bar = _LateBar()
    try:
        built = build_file(path or default_path(), progress=bar)
    finally:
        bar.close()
    with Gazetteer.open(built) as gazetteer:
        console.say(f"{built}: {sum(gazetteer.info()['counts'].values()):,} places")


def info(path: Path | None, *, as_json: bool) -> None:
    """Tell what a gazetteer holds."""
    told = opened(path).info()
    if as_json:
        console.say(json.dumps(told, ensure_ascii=False, default=str))
        return
    console.table(("kind", "places"), ((kind, f"{count:,}") for kind, count in told.pop("counts", {}).items()))
    sources = told.pop("sources", [])
    names = list(dict.fromkeys(name for source in sources for name in source))
    console.table(names, ([source.get(name, "") for name in names] for source in sources))
    for name, value in told.items():
        console.say(f"{name}: {value}")


def find(name: str, hints: Mapping[str, Any], *, as_json: bool, gazetteer: Path | None) -> None:
    """Print the candidates for a name, best first."""
    base = opened(gazetteer)
    found = base.find(name, **{key: value for key, value in hints.items() if value is not None})
    if as_json:
        console.say(json.dumps([described(candidate, base) for candidate in found], ensure_ascii=False))
        return
    if not found:
        console.say(f"no place called {name!r}")
        return
    header = ("name", "kind", "country", "admin1", "lat", "lon", "radius km", "score", "reasons")
    console.table(header, (_row(candidate) for candidate in found))


def described(candidate: Candidate, gazetteer: Gazetteer) -> dict[str, Any]:
    """A candidate as JSON; `country` is a list, `geometry` is there where it is not a point."""
    from geo.export import geojson_geometry  # noqa: PLC0415  # slow

    place = candidate.place
    shape = gazetteer.geometry(place.place_id)
    told = {
        "name": place.name,
        "kind": place.kind,
        "country": list(place.countries),
        "admin1": place.admin1,
        "lat": place.lat,
        "lon": place.lon,
        "radius_m": place.radius_m,
        "score": candidate.score,
        "reasons": dict(candidate.reasons),
        "place_id": place.place_id,
        "matched": candidate.matched,
        "how": candidate.how,
        "population": place.population,
    }
    return told if shape is None else {**told, "geometry": geojson_geometry(shape)}


def _row(candidate: Candidate) -> list[str]:
    place = candidate.place
    reasons = ", ".join(
        f"{name} {value:g}" if isinstance(value, (int, float)) else f"{name} {value}"
        for name, value in candidate.reasons.items()
    )
    return [
        place.name,
        place.kind,
        " ".join(place.countries),
        place.admin1,
        f"{place.lat:.4f}",
        f"{place.lon:.4f}",
        f"{place.radius_m / 1000:.1f}",
        f"{candidate.score:.2f}",
        reasons,
    ]
