"""The gazetteer on the command line: open, build, tell of it, ask it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from geo.commands import console

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from gazetteer.store import Candidate, Gazetteer
    from geo.relations import Located


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


def build(
    path: Path | None,
    *,
    geonames: Iterable[Path],
    alternate_names: Iterable[Path],
    admin_codes: Iterable[Path],
    csv: Iterable[Path],
) -> None:
    """Build a gazetteer file, the user's own sources in it, and say what it holds."""
    from gazetteer.build import build as build_file  # noqa: PLC0415  # slow
    from gazetteer.build import default_path  # noqa: PLC0415  # slow
    from gazetteer.store import Gazetteer  # noqa: PLC0415  # slow

    bar = _LateBar()
    try:
        built = build_file(
            path or default_path(),
            progress=bar,
            geonames=geonames,
            alternate_names=alternate_names,
            admin_codes=admin_codes,
            csv=csv,
        )
    finally:
        bar.close()
    with Gazetteer.open(built) as gazetteer:
        console.say(f"{built}: {sum(gazetteer.info()['counts'].values()):,} places")


def info(path: Path | None, *, as_json: bool) -> None:
    """Tell what a gazetteer holds."""
    told = opened(path).info()
    if as_json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False, default=str) + "\n")
        return
    console.table(("kind", "places"), ((kind, f"{count:,}") for kind, count in told.pop("counts", {}).items()))
    sources = told.pop("sources", [])
    names = list(dict.fromkeys(name for source in sources for name in source))
    console.table(names, ([source.get(name, "") for name in names] for source in sources))
    for name, value in told.items():
        console.say(f"{name}: {value}")


def find(name: str, hints: Mapping[str, Any], *, as_json: bool, gazetteer: Path | None) -> None:
    """Print the candidates for a name, best first; a phrase such as "30 km north of Mosul" is placed."""
    from geo.tables import find_phrase  # noqa: PLC0415  # slow

    base = opened(gazetteer)
    found = base.find(name, **{key: value for key, value in hints.items() if value is not None})
    told = [described(candidate, base) for candidate in found]
    if not found or found[0].how != "exact":
        phrase = find_phrase(name, gazetteer=base, country=hints.get("country") or "")
        told = [*([_phrase(phrase)] if phrase else []), *told]
    if as_json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    elif told:
        header = ("name", "kind", "country", "admin1", "lat", "lon", "radius km", "score", "reasons")
        console.table(header, (_row(one) for one in told))
    else:
        console.say(f"no place called {name!r}")


def _phrase(located: Located) -> dict[str, Any]:
    from geo.export import geojson_geometry  # noqa: PLC0415  # slow

    return {
        "name": located.name,
        "kind": located.geo_precision,
        "country": list(located.countries),
        "admin1": "",
        "lat": located.lat,
        "lon": located.lon,
        "radius_m": located.radius_m,
        "score": 1.0,
        "reasons": dict(located.reasons),
        "place_id": "",
        "how": "phrase",
        "geometry": geojson_geometry(located.geometry),
    }


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


def _row(told: Mapping[str, Any]) -> list[str]:
    reasons = (
        f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in told["reasons"].items()
    )
    return [
        told["name"],
        told["kind"],
        " ".join(told["country"]),
        told["admin1"],
        f"{told['lat']:.4f}",
        f"{told['lon']:.4f}",
        f"{told['radius_m'] / 1000:.1f}",
        f"{told['score']:.2f}",
        ", ".join(reasons),
    ]
