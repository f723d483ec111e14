"""What a relational phrase comes to: geometry, a point, how far off it may be, and how precise it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from gazetteer.place import Place
    from gazetteer.store import Candidate


@dataclass(frozen=True, slots=True)
class Located:
    """Where something is, and how sure.

    `geometry` is WGS 84 in order longitude, latitude: a point, a line (border, road) or an area, cut at the
    antimeridian. `lat`, `lon` is the representative point, chosen to lie near to where things are likely to have
    happened; it lies on the line and inside the area. `radius_m` is the half-width of the uncertainty round that point
    in metres: about four of five true places lie within it. `geo_precision` is one of site, settlement, near, admin2,
    admin1, region, border, country, sea. `countries` are ISO 3166-1 alpha-2 codes. `reasons` names what decided.
    """

    geometry: BaseGeometry
    lat: float
    lon: float
    radius_m: float
    geo_precision: str
    countries: tuple[str, ...] = ()
    name: str = ""
    reasons: Mapping[str, float | str] = field(default_factory=dict)


class Phrase(Protocol):
    """What is asked of a relation; `geo.toponyms.Relation` is one."""

    @property
    def text(self) -> str:
        """The words."""

    @property
    def relation(self) -> str:
        """One of border, triborder, distance, part, between, road, near, off, valley."""

    @property
    def direction(self) -> str:
        """A compass point "n".."nnw", "centre" or ""."""

    @property
    def distance_m(self) -> float | None:
        """The stated distance in metres."""

    @property
    def travel_minutes(self) -> float | None:
        """The stated time on the way in minutes."""


class Atlas(Protocol):
    """What is asked of a gazetteer; `gazetteer.store.Gazetteer` is one."""

    def find(  # as the gazetteer has it
        self,
        name: str,
        *,
        country: str | Collection[str] | None = None,
        near: tuple[float, float] | None = None,
        kind: str | Collection[str] | None = None,
        limit: int = 10,
        fuzzy: bool = True,
    ) -> Sequence[Candidate]:
        """The places of a name, best first."""

    def geometry(self, place_id: str) -> BaseGeometry | None:
        """The outline or line of a place (longitude, latitude), None where it has none."""

    def border(self, first: str, second: str) -> BaseGeometry | None:
        """The line two countries (ISO 3166-1 alpha-2) share, None where they share none."""

    def country(self, iso2: str) -> Place | None:
        """The country of a code."""

    def neighbours(self, iso2: str) -> Sequence[str]:
        """The countries that touch a country."""

    def countries_at(self, *, lat: float, lon: float) -> Sequence[str]:
        """The countries a point lies in."""

    def nearest(
        self, *, lat: float, lon: float, limit: int, kinds: Collection[str] | None
    ) -> Sequence[tuple[Place, float]]:
        """The places nearest to a point, with their distance in metres."""

    def towns(self, iso2: str) -> Sequence[Place]:
        """The most populous settlements of a country."""
