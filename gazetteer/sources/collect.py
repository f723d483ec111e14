"""All sources in their order: the default ones, and what a user adds to them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from gazetteer.borders import shared_border
from gazetteer.errors import GazetteerError
from gazetteer.sources import admin, airfields, boundaries, countries, files, geonames, overlay, tables, towns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from gazetteer.place import Entry

STEPS = ("borders", "towns", "countries", "areas", "airfields", "overlay", "own places")
_TOLD_EVERY = 100_000
_SETTLES = {"country", "admin1", "admin2", "continent", "region", "sea", "border"}
"""Kinds that lie in no one first-order area, or say themselves in which."""


@dataclass(frozen=True, slots=True)
class Extra:
    """A user's own files, by what they hold."""

    places: tuple[Path, ...] = ()
    alternates: tuple[Path, ...] = ()
    codes: tuple[Path, ...] = ()
    tables: tuple[Path, ...] = ()

    @classmethod
    def of(cls, paths: Iterable[Path]) -> Extra:
        """Sort files by their formats.

        Raises:
            GazetteerError: one is missing, or in no format that is known.
        """
        by_form: dict[str, list[Path]] = {}
        for path in paths:
            by_form.setdefault(files.form_of(path), []).append(path)
        return cls(*(tuple(by_form.get(form, ())) for form in _FORMS))


_FORMS = (files.GEONAMES, files.ALTERNATES, files.ADMIN_CODES, files.TABLE)


@dataclass(slots=True)
class Sources:
    """All that goes into a gazetteer. `tell` hears the step; `scratch` is a folder for what memory cannot hold."""

    extra: Extra
    scratch: Path
    tell: Callable[[str, str], None]
    nations: dict[str, boundaries.Area] = field(default_factory=boundaries.countries)
    areas: dict[str, boundaries.Area] = field(default_factory=boundaries.admin1)
    finer: dict[str, boundaries.Area] = field(default_factory=boundaries.admin2)
    borders: dict[tuple[str, str], Any] = field(default_factory=dict)

    def entries(self) -> Iterator[Iterable[Entry]]:
        """Give the entries of each source, to be taken in turn."""
        words = overlay.load_words()
        for source in self._sources(words):
            yield words.add_to(source)

    def shared_borders(self) -> Iterator[tuple[str, str, bytes]]:
        """Give the lines that countries share: two codes in the order of the alphabet, WKB. Ask after `entries`."""
        return ((a, b, line.wkb) for (a, b), line in sorted(self.borders.items()))

    def disputed(self) -> Iterator[tuple[tuple[str, ...], bytes]]:
        """Give the areas that several countries claim: their codes, WKB. Ask after `entries`."""
        return overlay.read_disputed(self._shapes()) if self.nations else iter(())

    def _shapes(self) -> overlay.Shapes:
        return overlay.Shapes(self.nations, self.areas, self.finer, boundaries.disputed(), self._border)

    def _sources(self, words: overlay.Words) -> Iterator[Iterable[Entry]]:
        self.tell("borders", "")
        facts, points = countries.load_countries(), countries.load_points()
        self.borders = find_borders(self.nations, facts)
        self.tell("towns", "")
        census = admin.Census(self.areas, with_seconds=not self.extra.places)
        names = {code: area.name for code, area in self.areas.items()}
        capitals = frozenset(point.capital for point in points.values())
        yield self._counted(census.watch(words.add_to(self._towns(names, capitals))))
        self.tell("countries", "")
        yield countries.read_countries(self.nations, points)
        yield countries.read_borders(self.borders, facts)
        self.tell("areas", "")
        yield admin.read_admin1(self.areas, names, census)
        yield admin.read_admin2(self.finer, census, names)
        self.tell("airfields", "")
        locate = Locator(self.areas)
        yield locate.add_to(airfields.read_airfields())
        self.tell("overlay", "")
        shapes = self._shapes()
        for path in overlay.overlay_files():
            yield locate.add_to(overlay.read_overlay(path, shapes))
        self.tell("own places", "")
        for path in self.extra.tables:
            yield locate.add_to(tables.read_table(path))

    def _border(self, first: str, second: str) -> Any:  # noqa: ANN401  # shapely publishes no types
        return self.borders.get((min(first, second), max(first, second)))

    def _towns(self, names: dict[str, str], capitals: frozenset[str]) -> Iterator[Entry]:
        """Towns of the default source, or all places of GeoNames where a user gives them."""
        if not self.extra.places:
            divisions = towns.Divisions(names)
            yield from towns.read_towns(towns.load_towns(), divisions, capitals)
            return
        for path in self.extra.codes:
            codes = geonames.read_admin_codes(path)
            names.update({code: name for code, name in codes.items() if code not in names})
        with AlternateNames(self.scratch, self.extra.alternates) as alternates:
            told = geonames.Names(alternates.of, names)
            for path in self.extra.places:
                yield from geonames.read_places(path, told, frozenset(self.areas), capitals)

    def _counted(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for number, entry in enumerate(entries, start=1):
            if number % _TOLD_EVERY == 0:
                self.tell("towns", f"{number:,}")
            yield entry


class Locator:
    """Says in which first-order area points lie."""

    def __init__(self, areas: dict[str, boundaries.Area]) -> None:
        import shapely  # noqa: PLC0415  # only a build needs it

        self._areas = list(areas.values())
        self._tree = shapely.STRtree([area.shape for area in self._areas])

    def add_to(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Hand entries on, with the first-order area for those that lie in one country and do not tell it."""
        import shapely  # noqa: PLC0415  # only a build needs it

        given = list(entries)
        points = shapely.points([(entry.place.lon, entry.place.lat) for entry in given]) if given else []
        inside: dict[int, boundaries.Area] = {}
        if given:
            for position, area in self._tree.query(points, predicate="within").T.tolist():
                inside.setdefault(position, self._areas[area])
        for position, entry in enumerate(given):
            yield _placed(entry, inside.get(position))


def _placed(entry: Entry, area: boundaries.Area | None) -> Entry:
    """An entry with the area that it lies in, unless it tells one itself or lies in another country."""
    place = entry.place
    if area is None or place.admin1_code or place.kind in _SETTLES or place.countries not in {(), (area.country,)}:
        return entry
    return replace(
        entry,
        place=replace(place, countries=(area.country,), admin1=area.name, admin1_code=area.code),
    )


class AlternateNames:
    """Alternate names by id, kept on disk: the file has 16 million in no order."""

    def __init__(self, scratch: Path, paths: Iterable[Path]) -> None:
        self._paths = tuple(paths)
        self._file = scratch / "alternates.db"
        self._db: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        if self._paths:
            self._db = sqlite3.connect(self._file, isolation_level=None)
            self._db.executescript(
                "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;"
                "CREATE TABLE raw(id INTEGER, name TEXT);",
            )
            self._db.execute("BEGIN")
            for path in self._paths:
                self._db.executemany("INSERT INTO raw VALUES(?,?)", geonames.read_alternates(path))
            self._db.execute("CREATE INDEX raw_id ON raw(id, name)")
            self._db.execute("COMMIT")
        return self

    def __exit__(self, *error: object) -> None:
        if self._db is not None:
            self._db.close()
            self._file.unlink(missing_ok=True)

    def of(self, number: int) -> list[str]:
        """Alternate names of the place with an id."""
        if self._db is None:
            return []
        return [row[0] for row in self._db.execute("SELECT name FROM raw WHERE id = ?", (number,))]


def find_borders(nations: dict[str, boundaries.Area], facts: dict[str, dict[str, str]]) -> dict[tuple[str, str], Any]:
    """The lines that countries share, for all pairs whose polygons come near each other."""
    import shapely  # noqa: PLC0415  # only a build needs it

    codes = [code for code in nations if code in facts]
    shapes = [nations[code].shape for code in codes]
    found = {}
    for first, second in shapely.STRtree(shapes).query(shapes).T.tolist():
        if codes[first] < codes[second]:
            line = shared_border(shapes[first], shapes[second])
            if line is not None:
                found[codes[first], codes[second]] = line
    return found


def checked(path: Path, form: str) -> Path:
    """A file that was given as one of a format.

    Raises:
        GazetteerError: it holds something else.
    """
    found = files.form_of(path)
    if found != form:
        raise GazetteerError(f"{path}: holds {found}, not {form}")
    return path
