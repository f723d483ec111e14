"""A small world of square countries, for tests of the relations."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import shapely

from gazetteer.borders import shared_border
from gazetteer.place import Place
from geo.relations import bearing_and_distance

if TYPE_CHECKING:
    from collections.abc import Collection

SQUARES = {
    "AA": shapely.box(0, 0, 4, 4),
    "BB": shapely.box(4, 0, 8, 4),
    "CC": shapely.box(0, 4, 8, 8),
    "DD": shapely.MultiPolygon([shapely.box(178, -2, 180, 2), shapely.box(-180, -2, -176, 2)]),
    "EE": shapely.box(-180, -90, 180, -70),
}
"""Three that meet at 4, 4; one across the antimeridian; one round the south pole."""


@dataclass(frozen=True)
class World:
    """A gazetteer of squares; `settlements` are all towns there are."""

    settlements: tuple[Place, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    def geometry(self, place_id: str) -> Any:
        """The square of a country, or what the test laid down."""
        return self.extra.get(place_id, SQUARES.get(place_id.removeprefix("country:")))

    def border(self, first: str, second: str) -> Any:
        """The line of two squares."""
        if first not in SQUARES or second not in SQUARES:
            return None
        return shared_border(SQUARES[first], SQUARES[second])

    def find(self, name: str, **_: Any) -> list[Any]:
        """The line of control, and nothing else."""
        line = Place("own:line", "Line of Control", "border", 1.5, 1.5, ("AA", "BB"))
        return [SimpleNamespace(place=line)] if name == "Line of Control" else []

    def country(self, iso2: str) -> Place | None:
        """A country by its code."""
        return country(iso2) if iso2 in SQUARES else None

    def neighbours(self, iso2: str) -> tuple[str, ...]:
        """The squares that touch."""
        return tuple(code for code in SQUARES if code != iso2 and self.border(iso2, code) is not None)

    def countries_at(self, *, lat: float, lon: float) -> tuple[str, ...]:
        """The squares that hold a point."""
        return tuple(code for code, square in SQUARES.items() if square.intersects(shapely.Point(lon, lat)))

    def towns(self, iso2: str) -> tuple[Place, ...]:
        """The towns of a country."""
        return tuple(town for town in self.settlements if iso2 in town.countries)

    def nearest(
        self, *, lat: float, lon: float, limit: int, kinds: Collection[str] | None
    ) -> list[tuple[Place, float]]:
        """The towns nearest to a point."""
        del kinds
        found = [(t, bearing_and_distance(lat=lat, lon=lon, to_lat=t.lat, to_lon=t.lon)[1]) for t in self.settlements]
        return sorted(found, key=lambda pair: pair[1])[:limit]


def country(code: str) -> Place:
    """A square country."""
    middle = SQUARES[code].representative_point()
    return Place(f"country:{code}", code, "country", middle.y, middle.x, (code,), radius_m=200_000.0)


def town(name: str, lat: float, lon: float, code: str = "AA", population: int = 10_000) -> Place:
    """A town."""
    return Place(f"gn:{name}", name, "settlement", lat, lon, (code,), population=population, radius_m=2_000.0)
