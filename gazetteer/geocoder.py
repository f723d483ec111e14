"""The gazetteer behind geopy's interface: no network, no keys, no rate limits.

Three ways in: `OfflineGeocoder` is a plain class with geopy's `geocode` and `reverse`, for `RateLimiter` and
`geopandas.tools.geocode(provider=OfflineGeocoder)`; `AsyncOfflineGeocoder` is the same to be awaited; and
`offline_adapter` lets geopy's own `Nominatim` class run on the gazetteer:
`Nominatim(user_agent="x", adapter_factory=offline_adapter())`.

What is found looks like Nominatim's answers (`Location.raw`). Bad input raises `BadQueryError`, a plain `GeopyError`:
geopandas and `RateLimiter` swallow or retry every other kind.
"""

from __future__ import annotations

import copy
import json
import math
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urlsplit

from geopy.adapters import BaseAsyncAdapter, BaseSyncAdapter
from geopy.exc import GeopyError
from geopy.location import Location
from geopy.point import Point

from gazetteer.build import ensure_default
from gazetteer.sphere import METRES_A_DEGREE
from gazetteer.store import Gazetteer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gazetteer.place import Place
    from gazetteer.store import Candidate

LICENCE = "GeoNames, CC BY 4.0; Natural Earth, public domain; Unicode CLDR; own places: see NOTICE"
_FAR_M = 100_000.0
"""A point farther than this from any town is not said to be at one."""

_DEFAULT_LIMIT = 10
_CACHED_ANSWERS = 50_000
_COUNTRY_ZOOM, _STATE_ZOOM, _COUNTY_ZOOM = 4, 7, 9
"""Up to these of Nominatim's zooms, `reverse` tells country, state, county; beyond, the town."""

_COUNTRIES_TOLD = 3
"""A place in more countries than these is told without them."""

_STRUCTURE = ("amenity", "street", "city", "county", "state", "country")
"""Parts of a structured query, from small to large; a postal code says nothing to a gazetteer."""

_TYPES = {
    "country": ("boundary", "administrative", "country"),
    "admin1": ("boundary", "administrative", "state"),
    "admin2": ("boundary", "administrative", "county"),
    "settlement": ("place", "city", "city"),
    "airfield": ("aeroway", "aerodrome", "aeroway"),
    "border": ("boundary", "border", "boundary"),
    "continent": ("place", "continent", "continent"),
    "region": ("place", "region", "region"),
    "island": ("place", "island", "island"),
    "base": ("landuse", "military", "military"),
    "road": ("highway", "road", "road"),
    "river": ("waterway", "river", "river"),
}
"""Class, type and addresstype of Nominatim for our kinds; what is not here is a `natural` or `man_made` thing."""

_POINTS = {"settlement", "airfield"}
"""Kinds whose extent is a radius."""

_NATURAL = {"sea", "lake", "valley", "mountain", "desert", "forest"}
_FEATURES = {
    "country": frozenset({"country"}),
    "state": frozenset({"admin1"}),
    "county": frozenset({"admin2"}),
    "city": frozenset({"settlement"}),
    "settlement": frozenset({"country", "admin1", "admin2", "settlement"}),
}
"""Nominatim's feature types as our kinds."""

_SCRIPTS = {
    "ar": "ARABIC", "fa": "ARABIC", "ur": "ARABIC", "ps": "ARABIC", "ckb": "ARABIC", "he": "HEBREW", "ru": "CYRILLIC",
    "uk": "CYRILLIC", "bg": "CYRILLIC", "sr": "CYRILLIC", "be": "CYRILLIC", "mk": "CYRILLIC", "el": "GREEK",
    "zh": "CJK", "ja": "CJK", "ko": "HANGUL", "hy": "ARMENIAN", "ka": "GEORGIAN", "hi": "DEVANAGARI", "th": "THAI",
    "bn": "BENGALI", "ta": "TAMIL", "te": "TELUGU", "my": "MYANMAR", "km": "KHMER", "am": "ETHIOPIC",
}  # fmt: skip
"""Scripts by which a name in a language is told among the alternates, which carry no language."""


class BadQueryError(GeopyError):  # type: ignore[misc]  # geopy publishes no types
    """What was asked cannot be understood: the message names the value and what would do."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of each answer besides the point."""

    language: str = ""
    addressdetails: bool = False
    namedetails: bool = False
    geometry: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A box of latitudes and longitudes; `west` is greater than `east` where it crosses the antimeridian."""

    south: float
    north: float
    west: float
    east: float

    def holds(self, place: Place) -> bool:
        """Whether a place's point lies within."""
        across = self.west > self.east
        inside = self.west <= place.lon <= self.east
        if across:
            inside = place.lon >= self.west or place.lon <= self.east
        return inside and self.south <= place.lat <= self.north

    def middle(self) -> tuple[float, float]:
        """Latitude and longitude of the middle."""
        width = (self.east - self.west) % 360
        return (self.south + self.north) / 2, (self.west + width / 2 + 180) % 360 - 180


@dataclass(frozen=True, slots=True)
class Search:
    """One question by name."""

    name: str
    limit: int = _DEFAULT_LIMIT
    countries: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    box: Box | None = None
    bounded: bool = False
    wish: Wish = Wish()


class Answers:
    """Questions to a gazetteer, answered in Nominatim's words."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.search = lru_cache(maxsize=_CACHED_ANSWERS)(self._search)
        self._raw = lru_cache(maxsize=_CACHED_ANSWERS)(self._make_raw)

    def _search(self, asked: Search) -> tuple[dict[str, Any], ...]:
        """Answer a question by name, best first."""
        found = self.gazetteer.find(
            asked.name,
            country=asked.countries or None,
            near=asked.box.middle() if asked.box and not asked.bounded else None,
            kind=asked.kinds or None,
            limit=asked.limit if not asked.bounded else 1000,
            strict=bool(asked.countries or asked.kinds),
        )
        if asked.box and asked.bounded:
            found = [candidate for candidate in found if asked.box.holds(candidate.place)]
        return tuple(self._answer(candidate, asked.wish) for candidate in found[: asked.limit])

    def _answer(self, candidate: Candidate, wish: Wish) -> dict[str, Any]:
        raw = {**self._raw(candidate.place, wish)}
        raw["importance"] = candidate.score
        raw["matched"] = candidate.matched
        raw["reasons"] = dict(candidate.reasons)
        return raw

    def reverse(self, lat: float, lon: float, *, zoom: int, limit: int, wish: Wish) -> tuple[dict[str, Any], ...]:
        """Answer what lies at a point, nearest first; nothing on the high seas."""
        if zoom <= _STATE_ZOOM:
            place = self._area(lat, lon, zoom)
            return (self._raw(place, wish),) if place else ()
        kinds = ("admin2",) if zoom <= _COUNTY_ZOOM else ("settlement",)
        near = self.gazetteer.nearest(lat=lat, lon=lon, limit=limit, kinds=kinds)
        found = [place for place, metres in near if metres <= _FAR_M]
        if not found:
            area = self._area(lat, lon, _STATE_ZOOM) or self._area(lat, lon, _COUNTRY_ZOOM)
            found = [area] if area else []
        return tuple(self._raw(place, wish) for place in found)

    def _area(self, lat: float, lon: float, zoom: int) -> Place | None:
        """The country, or the first-order area, that holds a point."""
        if zoom > _COUNTRY_ZOOM:
            return self.gazetteer.admin1_at(lat=lat, lon=lon)
        codes = self.gazetteer.countries_at(lat=lat, lon=lon)
        return self.gazetteer.country(codes[0]) if codes else None

    def _make_raw(self, place: Place, wish: Wish) -> dict[str, Any]:
        address = self._address(place, wish.language)
        class_, type_, level = _type_of(place)
        raw: dict[str, Any] = {
            "place_id": place.place_id,
            "licence": LICENCE,
            "lat": f"{place.lat:.7g}" if abs(place.lat) < 1 else str(round(place.lat, 6)),
            "lon": f"{place.lon:.7g}" if abs(place.lon) < 1 else str(round(place.lon, 6)),
            "class": class_,
            "type": type_,
            "addresstype": level,
            "name": self._name(place, wish.language),
            "display_name": _displayed(address, level),
            "boundingbox": self._bounds(place),
            "importance": 0.0,
        }
        if wish.addressdetails:
            codes = {"country_code": place.countries[0].lower()} if len(place.countries) == 1 else {}
            raw["address"] = {key: part for key, part in address.items() if part} | codes
        if wish.namedetails:
            raw["namedetails"] = {
                "name": place.name,
                "alt_name": ";".join(self.gazetteer.spellings(place.place_id)[1:]),
            }
        if wish.geometry:
            raw.update(self._drawn(place, wish.geometry))
        return raw

    def _address(self, place: Place, language: str) -> dict[str, str]:
        """The place's name and the areas that it lies in, from small to large."""
        level = _type_of(place)[2]
        address = {level: self._name(place, language)}
        if 0 < len(place.countries) <= _COUNTRIES_TOLD:
            countries = " / ".join(self._country(iso, language) for iso in place.countries)
            wider = {"county": place.admin2, "state": place.admin1, "country": countries}
            address = {**wider, **address} if level in wider else {**address, **wider}
        return address

    def _country(self, iso: str, language: str) -> str:
        return _cldr_name(iso, language) or self.gazetteer.country_name(iso)

    def _name(self, place: Place, language: str) -> str:
        """The place's name in a language, as far as that can be told."""
        if place.kind == "country":
            return self._country(place.countries[0], language)
        script = _SCRIPTS.get(language)
        if not script:
            return place.name
        spellings = self.gazetteer.spellings(place.place_id)
        return next((name for name in spellings if unicodedata.name(name[0], "").startswith(script)), place.name)

    def _bounds(self, place: Place) -> list[str]:
        """South, north, west, east: of the place's shape, or of its radius about its point."""
        shape = None if place.kind in _POINTS else self.gazetteer.geometry(place.place_id)
        if shape is not None:
            west, south, east, north = shape.bounds
        else:
            reach = max(place.radius_m, 500.0) / METRES_A_DEGREE
            wide = reach / max(0.01, math.cos(math.radians(place.lat)))
            south, north = max(-90.0, place.lat - reach), min(90.0, place.lat + reach)
            west, east = place.lon - wide, place.lon + wide
        return [str(round(float(side), 6)) for side in (south, north, west, east)]

    def _drawn(self, place: Place, form: str) -> dict[str, Any]:
        """The place's shape in the form that was asked for, under Nominatim's key for it."""
        import shapely  # noqa: PLC0415  # only where shapes are asked for

        shape = self.gazetteer.geometry(place.place_id)
        shape = shapely.Point(place.lon, place.lat) if shape is None else shape
        key, write = _GEOMETRIES[form]
        return {key: write(shape)}


def _displayed(address: Mapping[str, str], level: str) -> str:
    """The address in one line: the place first, then what it lies in, nothing twice."""
    parts = [address[level], *(part for key, part in address.items() if key != level)]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _type_of(place: Place) -> tuple[str, str, str]:
    if place.kind in _TYPES:
        return _TYPES[place.kind]
    return ("natural" if place.kind in _NATURAL else "man_made"), place.kind, place.kind


@lru_cache(maxsize=4096)
def _cldr_name(iso: str, language: str) -> str:
    """A country's name in a language of CLDR, empty where unknown."""
    if not language or language == "en":
        return ""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415  # only where another language is asked for

    try:
        return str(Locale.parse(language, sep="-").territories.get(iso, ""))
    except (UnknownLocaleError, ValueError):
        return ""


def _geojson(shape: Any) -> dict[str, Any]:  # noqa: ANN401  # shapely publishes no types
    import shapely  # noqa: PLC0415  # only where shapes are asked for

    drawn: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return drawn


def _svg(shape: Any) -> str:  # noqa: ANN401  # shapely publishes no types
    return str(shape.svg())


def _wkt(shape: Any) -> str:  # noqa: ANN401  # shapely publishes no types
    return str(shape.wkt)


def _kml(shape: Any) -> str:  # noqa: ANN401  # shapely publishes no types
    """KML of a point, line or area; parts of a collection stand in a MultiGeometry."""
    if hasattr(shape, "geoms"):
        return f"<MultiGeometry>{''.join(_kml(part) for part in shape.geoms)}</MultiGeometry>"
    if shape.geom_type == "Polygon":
        rings = [("outerBoundaryIs", shape.exterior), *(("innerBoundaryIs", ring) for ring in shape.interiors)]
        inner = "".join(f"<{tag}><LinearRing>{_kml_coordinates(ring)}</LinearRing></{tag}>" for tag, ring in rings)
        return f"<Polygon>{inner}</Polygon>"
    tag = "Point" if shape.geom_type == "Point" else "LineString"
    return f"<{tag}>{_kml_coordinates(shape)}</{tag}>"


def _kml_coordinates(line: Any) -> str:  # noqa: ANN401  # shapely publishes no types
    return f"<coordinates>{' '.join(f'{x:g},{y:g}' for x, y in line.coords)}</coordinates>"


_GEOMETRIES: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "geojson": ("geojson", _geojson),
    "wkt": ("geotext", _wkt),
    "kml": ("geokml", _kml),
    "svg": ("svg", _svg),
}
"""Forms of geometry: Nominatim's key, and how it is written."""


class OfflineGeocoder:
    """geopy's `geocode` and `reverse` on a gazetteer: the default one, or a file that is named.

    Example::

        geocode = RateLimiter(OfflineGeocoder().geocode, min_delay_seconds=0)
        geopandas.tools.geocode(names, provider=OfflineGeocoder)
    """

    def __init__(self, gazetteer: Gazetteer | str | None = None, *, timeout: float | None = None) -> None:
        """Open a gazetteer.

        Args:
            gazetteer: one that is open, a file's path, or None for the default one, built where it is missing.
            timeout: accepted as geopy's classes do; nothing here waits.

        Raises:
            GazetteerMissingError: the file is missing; a `FileNotFoundError`, which nothing swallows.
            GazetteerStaleError: the file cannot be used.
        """
        del timeout
        if gazetteer is None:
            gazetteer = ensure_default()
        self.gazetteer = gazetteer if isinstance(gazetteer, Gazetteer) else Gazetteer.open(gazetteer)
        self._answers = Answers(self.gazetteer)

    def __reduce__(self) -> tuple[type[OfflineGeocoder], tuple[Gazetteer]]:
        return type(self), (self.gazetteer,)

    def geocode(  # noqa: PLR0913  # geopy's interface
        self,
        query: str | Mapping[str, str],
        *,
        exactly_one: bool = True,
        limit: int | None = None,
        country_codes: str | Sequence[str] | None = None,
        language: str | bool | None = None,
        viewbox: Sequence[Any] | None = None,
        bounded: bool = False,
        featuretype: str | None = None,
        addressdetails: bool = False,
        namedetails: bool = False,
        geometry: str | None = None,
        timeout: float | None = None,
    ) -> Location | list[Location] | None:
        """Find places by name.

        Args:
            query: a name, or a mapping of `city`, `county`, `state`, `country`.
            exactly_one: give the best one alone, not a list.
            limit: how many at most, in a list.
            country_codes: ISO 3166-1 alpha-2 codes; nothing outside these countries is given.
            language: code of the language of names, as far as they are known.
            viewbox: two opposite corners, each a point or (latitude, longitude), where the place is likely to lie.
            bounded: give nothing outside the viewbox.
            featuretype: `country`, `state`, `county`, `city` or `settlement` (any of them); nothing else is given.
            addressdetails: put the areas that a place lies in into `raw["address"]`.
            namedetails: put all names into `raw["namedetails"]`.
            geometry: `geojson`, `wkt`, `kml` or `svg`, put into `raw` under Nominatim's key.
            timeout: accepted for geopy's sake; nothing here waits.

        Returns:
            A location, or a list of them, best first; None where nothing is found.

        Raises:
            BadQueryError: something asked for makes no sense.
        """
        del timeout
        asked = Search(
            name=_query_text(query),
            limit=1 if exactly_one else _limit(limit),
            countries=_country_codes(country_codes),
            kinds=_kinds(featuretype),
            box=_box(viewbox) if viewbox is not None else None,
            bounded=bounded,
            wish=_wish(language, geometry, addressdetails=addressdetails, namedetails=namedetails),
        )
        return _locations(self._answers.search(asked), exactly_one=exactly_one)

    def reverse(  # noqa: PLR0913  # geopy's interface
        self,
        query: Any,  # noqa: ANN401  # geopy's interface: point, pair or text
        *,
        exactly_one: bool = True,
        limit: int | None = None,
        language: str | bool | None = None,
        addressdetails: bool = True,
        namedetails: bool = False,
        zoom: int | None = None,
        timeout: float | None = None,
    ) -> Location | list[Location] | None:
        """Tell what lies at a point: the nearest town, or with a low `zoom` the county, state or country.

        Args:
            query: a `Point`, (latitude, longitude), or text of both.
            exactly_one: give the nearest alone, not a list.
            limit: how many at most, in a list.
            language: as in `geocode`.
            addressdetails: as in `geocode`.
            namedetails: as in `geocode`.
            zoom: Nominatim's: up to 4 country, up to 7 state, up to 9 county, else town.
            timeout: accepted for geopy's sake.

        Returns:
            A location, or a list of them, nearest first; None far from any.

        Raises:
            BadQueryError: the point makes no sense.
        """
        del timeout
        point = _point(query)
        found = self._answers.reverse(
            point.latitude,
            point.longitude,
            zoom=_zoom(zoom),
            limit=1 if exactly_one else _limit(limit),
            wish=_wish(language, None, addressdetails=addressdetails, namedetails=namedetails),
        )
        return _locations(found, exactly_one=exactly_one)


class AsyncOfflineGeocoder:
    """`OfflineGeocoder` to be awaited, for code written for geopy's asynchronous mode and `AsyncRateLimiter`."""

    def __init__(self, gazetteer: Gazetteer | str | None = None, *, timeout: float | None = None) -> None:
        """Open a gazetteer, as `OfflineGeocoder` does."""
        self._geocoder = OfflineGeocoder(gazetteer, timeout=timeout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        return None

    async def geocode(self, query: str | Mapping[str, str], **wishes: Any) -> Location | list[Location] | None:  # noqa: ANN401
        """Find places by name; the wishes are those of `OfflineGeocoder.geocode`."""
        return self._geocoder.geocode(query, **wishes)

    async def reverse(self, query: Any, **wishes: Any) -> Location | list[Location] | None:  # noqa: ANN401
        """Tell what lies at a point; the wishes are those of `OfflineGeocoder.reverse`."""
        return self._geocoder.reverse(query, **wishes)


def _locations(found: Sequence[dict[str, Any]], *, exactly_one: bool) -> Location | list[Location] | None:
    """Answers as geopy gives them; each `raw` is the caller's own."""
    if not found:
        return None
    made = [Location(raw["display_name"], (float(raw["lat"]), float(raw["lon"])), copy.copy(raw)) for raw in found]
    return made[0] if exactly_one else made


def _query_text(query: str | Mapping[str, str]) -> str:
    if isinstance(query, str):
        return query
    try:
        parts = [str(query[part]) for part in _STRUCTURE if query.get(part)]
    except (AttributeError, TypeError) as error:
        raise BadQueryError(f"query {query!r}: give a name, or a mapping of {', '.join(_STRUCTURE)}") from error
    return ", ".join(parts)


def _limit(limit: int | None) -> int:
    if limit is None:
        return _DEFAULT_LIMIT
    try:
        number = int(limit)
    except (TypeError, ValueError) as error:
        raise BadQueryError(f"limit {limit!r}: give a number from 1") from error
    if number < 1:
        raise BadQueryError(f"limit {limit!r}: give a number from 1")
    return number


def _country_codes(codes: str | Sequence[str] | None) -> frozenset[str]:
    given = codes.split(",") if isinstance(codes, str) else list(codes or ())
    wanted = frozenset(str(code).strip().upper() for code in given)
    for code in wanted:
        if not (len(code) == 2 and code.isascii() and code.isalpha()):  # noqa: PLR2004  # alpha-2
            raise BadQueryError(f"country_codes {code!r}: give two letters, such as 'iq'")
    return wanted


def _kinds(featuretype: str | None) -> frozenset[str]:
    if not featuretype:
        return frozenset()
    if featuretype not in _FEATURES:
        raise BadQueryError(f"featuretype {featuretype!r}: give one of {', '.join(_FEATURES)}")
    return _FEATURES[featuretype]


def _box(viewbox: Sequence[Any]) -> Box:
    """A box out of two opposite corners, the first the western one where they lie either side of the antimeridian."""
    try:
        first, second = (_point(corner) for corner in viewbox)
    except (TypeError, ValueError) as error:
        raise BadQueryError(f"viewbox {viewbox!r}: give two corners, each (latitude, longitude)") from error
    south, north = sorted((first.latitude, second.latitude))
    west, east = sorted((first.longitude, second.longitude))
    return Box(south, north, west, east)


def _point(query: Any) -> Point:  # noqa: ANN401  # geopy's interface: point, pair or text
    try:
        point = query if isinstance(query, Point) else Point(query)
    except (ValueError, TypeError) as error:
        raise BadQueryError(f"point {query!r}: give (latitude, longitude) in degrees") from error
    if not (math.isfinite(point.latitude) and math.isfinite(point.longitude)):
        raise BadQueryError(f"point {query!r}: give (latitude, longitude) in degrees")
    return point


def _zoom(zoom: int | None) -> int:
    return 18 if zoom is None else int(zoom)


def _wish(language: str | bool | None, geometry: str | None, *, addressdetails: bool, namedetails: bool) -> Wish:  # noqa: FBT001
    form = (geometry or "").lower()
    if form and form not in _GEOMETRIES:
        raise BadQueryError(f"geometry {geometry!r}: give one of {', '.join(_GEOMETRIES)}")
    return Wish(_language(language), bool(addressdetails), bool(namedetails), form)


def _language(language: str | bool | None) -> str:  # noqa: FBT001  # geopy's default is False
    """The first language of an accept-language text, its region left out: `de` of `de-AT,en;q=0.5`."""
    if not isinstance(language, str):
        return ""
    return language.split(",")[0].split(";")[0].split("-")[0].strip().lower()


def offline_adapter(gazetteer: Gazetteer | str | None = None) -> Callable[..., OfflineAdapter]:
    """Make an `adapter_factory` with which geopy's `Nominatim` asks the gazetteer instead of the network."""
    geocoder = OfflineGeocoder(gazetteer)

    def make(*, proxies: Any, ssl_context: Any) -> OfflineAdapter:  # noqa: ANN401  # geopy's interface
        return OfflineAdapter(geocoder, proxies=proxies, ssl_context=ssl_context)

    return make


def async_offline_adapter(gazetteer: Gazetteer | str | None = None) -> Callable[..., AsyncOfflineAdapter]:
    """Make an `adapter_factory` for geopy's `Nominatim` in asynchronous mode."""
    geocoder = OfflineGeocoder(gazetteer)

    def make(*, proxies: Any, ssl_context: Any) -> AsyncOfflineAdapter:  # noqa: ANN401  # geopy's interface
        return AsyncOfflineAdapter(geocoder, proxies=proxies, ssl_context=ssl_context)

    return make


class OfflineAdapter(BaseSyncAdapter):  # type: ignore[misc]  # geopy publishes no types
    """Answers Nominatim's URLs out of the gazetteer."""

    def __init__(self, geocoder: OfflineGeocoder, *, proxies: Any, ssl_context: Any) -> None:  # noqa: ANN401
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        self._geocoder = geocoder

    def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> Any:  # noqa: ANN401  # JSON
        """Answer a URL of Nominatim's search or reverse."""
        del timeout, headers
        return respond(self._geocoder, url)

    def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:
        """Answer a URL of Nominatim's search or reverse as text."""
        return json.dumps(self.get_json(url, timeout=timeout, headers=headers))


class AsyncOfflineAdapter(BaseAsyncAdapter):  # type: ignore[misc]  # geopy publishes no types
    """`OfflineAdapter` to be awaited."""

    def __init__(self, geocoder: OfflineGeocoder, *, proxies: Any, ssl_context: Any) -> None:  # noqa: ANN401
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        self._geocoder = geocoder

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        return None

    async def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> Any:  # noqa: ANN401, ASYNC109  # geopy's interface
        """Answer a URL of Nominatim's search or reverse."""
        del timeout, headers
        return respond(self._geocoder, url)

    async def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:  # noqa: ASYNC109  # geopy's interface
        """Answer a URL of Nominatim's search or reverse as text."""
        return json.dumps(await self.get_json(url, timeout=timeout, headers=headers))


def respond(geocoder: OfflineGeocoder, url: str) -> Any:  # noqa: ANN401  # JSON
    """Answer a URL of Nominatim's search or reverse with what its JSON would hold.

    Raises:
        BadQueryError: the URL is of neither, or a parameter makes no sense.
    """
    parts = urlsplit(url)
    given = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    forms = {"polygon_geojson": "geojson", "polygon_text": "wkt", "polygon_kml": "kml", "polygon_svg": "svg"}
    common: dict[str, Any] = {
        "language": given.get("accept-language"),
        "addressdetails": given.get("addressdetails") == "1",
        "namedetails": given.get("namedetails") == "1",
    }
    if parts.path.rstrip("/").endswith("/reverse"):
        found = geocoder.reverse(
            f"{given.get('lat')}, {given.get('lon')}",
            zoom=int(given["zoom"]) if "zoom" in given else None,
            **common,
        )
        return found.raw if isinstance(found, Location) else {"error": "Unable to geocode"}
    if not parts.path.rstrip("/").endswith("/search"):
        raise BadQueryError(f"{parts.path}: the gazetteer answers /search and /reverse")
    places = geocoder.geocode(
        given.get("q", given),
        exactly_one=False,
        limit=int(given.get("limit", _DEFAULT_LIMIT)),
        country_codes=given.get("countrycodes"),
        viewbox=_corners(given["viewbox"]) if "viewbox" in given else None,
        bounded=given.get("bounded") == "1",
        featuretype=given.get("featureType"),
        geometry=next((form for key, form in forms.items() if given.get(key) == "1"), None),
        **common,
    )
    return [place.raw for place in places] if isinstance(places, list) else []


def _corners(viewbox: str) -> list[tuple[float, float]]:
    """Two (latitude, longitude) out of Nominatim's `lon,lat,lon,lat`."""
    try:
        lon, lat, other_lon, other_lat = (float(number) for number in viewbox.split(","))
    except ValueError as error:
        raise BadQueryError(f"viewbox {viewbox!r}: give lon,lat,lon,lat") from error
    return [(lat, lon), (other_lat, other_lon)]
