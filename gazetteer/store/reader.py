"""The gazetteer as its users see it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from gazetteer.place import KINDS
from gazetteer.store.file import File
from gazetteer.store.finder import Finder, Hints
from gazetteer.store.nearest import Nearest
from gazetteer.store.shapes import Shapes

if TYPE_CHECKING:
    from collections.abc import Collection
    from types import TracebackType

    from gazetteer.place import Place
    from gazetteer.store.candidates import Candidate

_CACHED_ANSWERS = 100_000
_CACHED_COUNTRIES = 64
_NO_HINTS = Hints()
_SETTLEMENT = tuple(KINDS).index("settlement")


class Gazetteer:
    """Places by name, id, and nearness, out of one built file.

    May be used from several threads and processes at once; a pickle carries the path alone. Example::

        with Gazetteer.open("places.db") as gazetteer:
            gazetteer.find("Al Qaim", country="IQ")[0].place
    """

    def __init__(self, path: str | Path) -> None:
        """Open a file.

        Raises:
            GazetteerMissingError: there is no such file.
            GazetteerStaleError: it is no gazetteer, truncated, or of another version.
        """
        self.path = Path(path)
        self._file = File(self.path)
        self._shapes = Shapes(self._file)
        self._nearest = Nearest(self._file)
        self._finder = Finder(self._file, self._shapes)
        self._find = lru_cache(maxsize=_CACHED_ANSWERS)(self._find_uncached)
        self._towns = lru_cache(maxsize=_CACHED_COUNTRIES)(self._largest)
        self.known = lru_cache(maxsize=_CACHED_ANSWERS)(self._finder.known)

    @classmethod
    def open(cls, path: str | Path) -> Gazetteer:
        """Open a file; the errors are those of the class."""
        return cls(path)

    def __reduce__(self) -> tuple[type[Gazetteer], tuple[Path]]:
        return type(self), (self.path,)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close this thread's connection; the next question opens it again."""
        self._file.close()

    def info(self) -> dict[str, Any]:
        """Tell path, versions, counts by kind, sources with licence and date, time of building, size."""
        return self._file.info()

    def find(  # hints are keywords
        self,
        name: str,
        *,
        country: str | Collection[str] | None = None,
        near: tuple[float, float] | None = None,
        kind: str | Collection[str] | None = None,
        limit: int = 10,
        fuzzy: bool = True,
        strict: bool = False,
    ) -> list[Candidate]:
        """Give the places that a name may mean, best first; none where nothing fits.

        Args:
            name: as written, with what it says of itself: `Toledo, Spain`, `Anbar province`, `Syria-Iraq border`.
            country: ISO 3166-1 alpha-2 code or codes where the place is likely to lie.
            near: latitude and longitude near which it is likely to lie.
            kind: of `gazetteer.place.KINDS`, what it is likely to be.
            limit: how many candidates at most.
            fuzzy: also try other romanisations and one typing error.
            strict: take only what fits `country` and `kind`, rather than prefer it.
        """
        steered = country or near or kind or strict
        hints = Hints(_codes(country), near, _words(kind), strict) if steered else None
        return list(self._find(name, hints, limit, fuzzy))

    def _find_uncached(
        self,
        name: str,
        hints: Hints | None,
        limit: int,
        fuzzy: bool,  # noqa: FBT001
    ) -> tuple[Candidate, ...]:
        return self._finder.find(name, _NO_HINTS if hints is None else hints, limit, fuzzy=fuzzy)

    def get(self, place_id: str) -> Place | None:
        """Give the place with an id, such as `country:SY`, `admin1:SY.08`, `gn:98182`, `air:ORAA`, `own:al-tanf`."""
        number = self._file.number(place_id)
        return None if number is None else self._file.place(number)[0]

    def spellings(self, place_id: str) -> list[str]:
        """Give all names of a place, its own first; none where there is no such place."""
        number = self._file.number(place_id)
        return [] if number is None else self._file.spellings(number)

    def geometry(self, place_id: str) -> Any:  # noqa: ANN401  # shapely publishes no types
        """Give the polygon or line of a place as a shapely geometry (longitude, latitude), None for a mere point."""
        number = self._file.number(place_id)
        return None if number is None else self._shapes.geometry(number)

    def nearest(
        self,
        *,
        lat: float,
        lon: float,
        limit: int = 1,
        kinds: Collection[str] | None = None,
    ) -> list[tuple[Place, float]]:
        """Give the places whose points lie nearest to a point, with their distances in metres.

        Without `kinds`, areas whose point says little (countries, admin areas, regions, borders) are left out.
        """
        found = self._nearest.search(lat, lon, limit, kinds)
        return [(self._file.place(number)[0], metres) for number, metres in found]

    def towns(self, iso2: str, *, limit: int = 500) -> tuple[Place, ...]:
        """Give the most populous settlements of a country, the largest first: where its people live."""
        return self._towns(iso2.upper(), limit)

    def _largest(self, iso: str, limit: int) -> tuple[Place, ...]:
        numbers = self._file.largest(iso, _SETTLEMENT, limit)
        return tuple(self._file.place(number)[0] for number in numbers)

    def countries_at(self, *, lat: float, lon: float) -> tuple[str, ...]:
        """Give the countries whose polygon holds a point, or the nearest one within 50 km; none on the high seas.

        In a disputed area (`disputed.csv`) the others that claim it follow.
        """
        return self._shapes.countries_at(lat, lon)

    def admin1_at(self, *, lat: float, lon: float) -> Place | None:
        """Give the first-order area that holds a point, or the nearest one within 50 km."""
        numbers = self._shapes.admin1.at(lat, lon)
        return self._file.place(numbers[0])[0] if numbers else None

    def country(self, iso2: str) -> Place | None:
        """Give a country by its ISO 3166-1 alpha-2 code."""
        return self.get(f"country:{iso2.upper()}")

    def country_name(self, iso2: str) -> str:
        """Give a country's English name, or the code itself where there is no such country."""
        place = self.country(iso2)
        return place.name if place else iso2

    def neighbours(self, iso2: str) -> tuple[str, ...]:
        """Give the codes of the countries that share a border with one."""
        return self._shapes.neighbours(iso2.upper())

    def border(self, iso_a: str, iso_b: str) -> Any:  # noqa: ANN401  # shapely publishes no types
        """Give the line that two countries share, a shapely geometry (longitude, latitude), or None."""
        return self._shapes.border(iso_a.upper(), iso_b.upper())


def _codes(country: str | Collection[str] | None) -> frozenset[str]:
    return frozenset(code.upper() for code in _words(country))


def _words(given: str | Collection[str] | None) -> frozenset[str]:
    return frozenset([given] if isinstance(given, str) else given or ())
