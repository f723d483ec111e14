"""geopy's interface: the plain class, geopandas, rate limiter, asynchronous use, and geopy's own Nominatim class."""

from __future__ import annotations

import asyncio
import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import geopandas
import pytest
from geopy.exc import GeocoderQueryError, GeocoderServiceError, GeopyError
from geopy.extra.rate_limiter import AsyncRateLimiter, RateLimiter
from geopy.geocoders import Nominatim
from geopy.location import Location
from geopy.point import Point

from gazetteer.errors import GazetteerMissingError
from gazetteer.geocoder import (
    AsyncOfflineGeocoder,
    BadQueryError,
    OfflineGeocoder,
    async_offline_adapter,
    offline_adapter,
)

if TYPE_CHECKING:
    from pathlib import Path

    from gazetteer.store import Gazetteer

MOSUL = (36.335, 43.11889)


@pytest.fixture(scope="module")
def geocoder(gazetteer: Gazetteer) -> OfflineGeocoder:
    """The plain class on the real gazetteer."""
    return OfflineGeocoder(gazetteer)


def one(found: Location | list[Location] | None) -> Location:
    """The single location of an answer."""
    assert isinstance(found, Location)
    return found


def test_geocode_gives_a_location(geocoder: OfflineGeocoder) -> None:
    """Address, point, and a raw shaped as Nominatim's: text for latitude and longitude, south-north-west-east box."""
    found = one(geocoder.geocode("Mosul", addressdetails=True, namedetails=True))
    assert found.address == "Mosul, Nineveh, Iraq"
    assert (found.latitude, found.longitude) == MOSUL
    raw = found.raw
    assert (raw["lat"], raw["class"], raw["type"]) == ("36.335", "place", "city")
    assert raw["address"] == {"city": "Mosul", "state": "Nineveh", "country": "Iraq", "country_code": "iq"}
    south, north, west, east = (float(side) for side in raw["boundingbox"])
    assert south < found.latitude < north
    assert west < found.longitude < east
    assert 0 < raw["importance"] <= 1
    assert "الموصل" in raw["namedetails"]["alt_name"]


@pytest.mark.parametrize("exactly_one", [True, False])
def test_nothing_found_is_none(geocoder: OfflineGeocoder, exactly_one: bool) -> None:  # noqa: FBT001  # a parameter
    """Geopy's rule: None, also where a list was asked for."""
    assert geocoder.geocode("Qwrtzpsd Xyzzqk", exactly_one=exactly_one) is None
    assert geocoder.reverse((0.0, -30.0), exactly_one=exactly_one) is None


def test_limit_and_list(geocoder: OfflineGeocoder) -> None:
    """A list of at most `limit`, best first."""
    found = geocoder.geocode("Springfield", exactly_one=False, limit=3)
    assert isinstance(found, list)
    assert len(found) == 3
    assert found[0].raw["importance"] >= found[2].raw["importance"]


def test_country_codes_filter(geocoder: OfflineGeocoder) -> None:
    """With country codes, in any letter case, nothing outside is given."""
    assert one(geocoder.geocode("Tripoli", country_codes="lb")).raw["place_id"] == "gn:266826"
    found = geocoder.geocode("Tripoli", country_codes=["LB", "ly"], exactly_one=False, limit=20)
    assert isinstance(found, list)
    assert {location.raw["display_name"].rsplit(", ")[-1] for location in found} == {"Lebanon", "Libya"}


def test_featuretype_filters(geocoder: OfflineGeocoder) -> None:
    """A feature type is a filter by kind."""
    assert one(geocoder.geocode("Georgia", featuretype="state")).raw["place_id"] == "admin1:US.GA"
    assert one(geocoder.geocode("Georgia", featuretype="country")).raw["place_id"] == "country:GE"


def test_viewbox_steers_and_bounds(geocoder: OfflineGeocoder) -> None:
    """A viewbox prefers what lies within; bounded, it gives nothing else."""
    texas = [(26.0, -106.0), (36.0, -94.0)]
    assert one(geocoder.geocode("Paris", viewbox=texas, bounded=True)).raw["place_id"] == "gn:4717560"
    assert (
        one(geocoder.geocode("Paris", viewbox=[Point(33.5, -95.7), Point(33.8, -95.4)])).raw["place_id"] == "gn:4717560"
    )
    assert geocoder.geocode("Mosul", viewbox=texas, bounded=True) is None


def test_structured_query(geocoder: OfflineGeocoder) -> None:
    """A mapping of parts is read as containment."""
    assert one(geocoder.geocode({"city": "Toledo", "country": "Spain"})).raw["place_id"] == "gn:2510409"


def test_language(geocoder: OfflineGeocoder) -> None:
    """Countries are told in any language of CLDR, places in the script of the language as far as known."""
    assert one(geocoder.geocode("Iraq", language="ar")).address == "العراق"
    assert one(geocoder.geocode("Mosul", language="ar,en;q=0.5")).address.startswith("الموصل")
    assert one(geocoder.geocode("Germany", language="fr-FR")).address == "Allemagne"
    assert one(geocoder.geocode("Germany", language="xx-nonsense")).address == "Germany"


@pytest.mark.parametrize(
    ("form", "key", "begins"),
    [("geojson", "geojson", None), ("wkt", "geotext", "LINESTRING"), ("kml", "geokml", "<"), ("svg", "svg", "<")],
)
def test_geometry(geocoder: OfflineGeocoder, form: str, key: str, begins: str | None) -> None:
    """A border's line comes in each of Nominatim's forms, under its key."""
    drawn = one(geocoder.geocode("Syria-Iraq border", geometry=form)).raw[key]
    if begins is None:
        assert drawn["type"] in {"LineString", "MultiLineString"}
    else:
        assert drawn.startswith((begins, f"MULTI{begins}"))


@pytest.mark.parametrize(("zoom", "address"), [(3, "Iraq"), (5, "Nineveh, Iraq")])
def test_reverse_by_zoom(geocoder: OfflineGeocoder, zoom: int, address: str) -> None:
    """A low zoom tells country or state."""
    assert one(geocoder.reverse(MOSUL, zoom=zoom)).address == address


@pytest.mark.parametrize("query", [MOSUL, f"{MOSUL[0]}, {MOSUL[1]}", Point(*MOSUL), list(MOSUL)])
def test_reverse_takes_any_point(geocoder: OfflineGeocoder, query: Any) -> None:
    """A pair, a text and a Point mean the same."""
    assert one(geocoder.reverse(query)).raw["place_id"] == "gn:99072"


@pytest.mark.parametrize(
    ("method", "query", "wishes"),
    [
        ("geocode", None, {}),
        ("geocode", 5, {}),
        ("geocode", "Mosul", {"limit": 0, "exactly_one": False}),
        ("geocode", "Mosul", {"limit": "x", "exactly_one": False}),
        ("geocode", "Mosul", {"country_codes": "Iraq"}),
        ("geocode", "Mosul", {"featuretype": "castle"}),
        ("geocode", "Mosul", {"geometry": "dwg"}),
        ("geocode", "Mosul", {"viewbox": "everywhere"}),
        ("geocode", "Mosul", {"viewbox": [(1, 2)]}),
        ("reverse", "not a point", {}),
        ("reverse", (95.0, 500.0, 0, 0), {}),
        ("reverse", (float("nan"), 0.0), {}),
    ],
)
def test_bad_input_is_a_plain_error(geocoder: OfflineGeocoder, method: str, query: Any, wishes: dict[str, Any]) -> None:
    """Bad input raises what neither RateLimiter nor geopandas swallows, in one line."""
    with pytest.raises(BadQueryError) as caught:
        getattr(geocoder, method)(query, **wishes)
    assert isinstance(caught.value, GeopyError)
    assert not isinstance(caught.value, (GeocoderQueryError, GeocoderServiceError, ValueError))
    assert "\n" not in str(caught.value)


def test_a_missing_file_passes_through(tmp_path: Path) -> None:
    """A gazetteer that is not there is said at once, and geopandas does not swallow it."""
    with pytest.raises(GazetteerMissingError):
        OfflineGeocoder(str(tmp_path / "none.db"))
    with pytest.raises(FileNotFoundError):
        geopandas.tools.geocode(["Mosul"], provider=OfflineGeocoder, gazetteer=str(tmp_path / "none.db"))


def test_geopandas(gazetteer: Gazetteer) -> None:
    """Geopandas geocodes both ways with the class as its provider; what is not found has an empty point."""
    frame = geopandas.tools.geocode(["Mosul", "Qwrtzpsd Xyzzqk"], provider=OfflineGeocoder, gazetteer=gazetteer)
    assert (frame.geometry[0].y, frame.geometry[0].x) == MOSUL
    assert frame.geometry[1].is_empty
    back = geopandas.tools.reverse_geocode(frame.geometry[:1], provider=OfflineGeocoder, gazetteer=gazetteer)
    assert back.address[0].startswith("Mosul")


def test_rate_limiter(geocoder: OfflineGeocoder) -> None:
    """Geopy's RateLimiter wraps `geocode`, and lets a mistake through."""
    limited = RateLimiter(geocoder.geocode, min_delay_seconds=0)
    assert one(limited("Mosul")).raw["place_id"] == "gn:99072"
    with pytest.raises(BadQueryError):
        limited("Mosul", featuretype="castle")


def test_raw_belongs_to_the_caller(geocoder: OfflineGeocoder) -> None:
    """Changing one answer's raw does not change the next answer."""
    one(geocoder.geocode("Mosul")).raw["name"] = "changed"
    assert one(geocoder.geocode("Mosul")).raw["name"] == "Mosul"


def test_pickle(geocoder: OfflineGeocoder) -> None:
    """The geocoder travels to other processes."""
    copied = pickle.loads(pickle.dumps(geocoder))  # noqa: S301  # our own
    assert one(copied.geocode("Mosul")).raw["place_id"] == "gn:99072"


def test_asynchronous(gazetteer: Gazetteer) -> None:
    """The same to be awaited, alone, through AsyncRateLimiter, and as geopy's Nominatim in asynchronous mode."""

    async def ask() -> list[Any]:
        async with AsyncOfflineGeocoder(gazetteer) as geocoder:
            limited = AsyncRateLimiter(geocoder.geocode, min_delay_seconds=0)
            found = [await limited("Mosul"), await geocoder.reverse(MOSUL)]
        async with Nominatim(user_agent="tests", adapter_factory=async_offline_adapter(gazetteer)) as nominatim:
            return [*found, await nominatim.geocode("Mosul"), await nominatim.reverse(MOSUL)]

    # in a thread of its own: a browser test of the same process may have left its loop running in this one
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(lambda: asyncio.run(ask())).result()
    assert {location.raw["place_id"] for location in found} == {"gn:99072"}


def test_the_stock_nominatim_class(gazetteer: Gazetteer) -> None:
    """Geopy's own class runs on the gazetteer, with all of its wishes."""
    nominatim = Nominatim(user_agent="tests", adapter_factory=offline_adapter(gazetteer))
    assert nominatim.geocode("Toledo", country_codes=["es"]).raw["place_id"] == "gn:2510409"
    assert nominatim.geocode({"city": "Bethlehem", "state": "Pennsylvania"}).raw["place_id"] == "gn:5180225"
    found = nominatim.geocode(
        "Paris", viewbox=[Point(26, -106), Point(36, -94)], bounded=True, exactly_one=False, limit=2
    )
    assert found[0].raw["place_id"] == "gn:4717560"
    assert nominatim.geocode("Iraq", geometry="geojson", language="fr").raw["geojson"]["type"].endswith("Polygon")
    assert nominatim.geocode("Georgia", featuretype="state", addressdetails=True).raw["address"]["country_code"] == "us"
    assert nominatim.geocode("Qwrtzpsd Xyzzqk") is None
    assert nominatim.reverse(MOSUL, zoom=3).address == "Iraq"
    assert nominatim.reverse((0, -30)) is None
