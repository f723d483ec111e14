"""Polygons of countries and their divisions, from the project's own Natural Earth files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Area:
    """One polygon with what its row says; `shape` is a shapely geometry, longitude before latitude."""

    code: str
    name: str
    country: str
    shape: Any
    alternates: tuple[str, ...] = ()
    parent: str = ""
    iso: str = ""


def _read(name: str) -> list[tuple[dict[str, Any], Any]]:
    """Rows and shapes of one file; an absent file has none."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # only a build needs it
    import shapely  # noqa: PLC0415  # the same

    path = FOLDER / name
    if not path.is_file():
        return []
    table = pq.read_table(path)
    shapes = shapely.from_wkb(table.column("geometry").to_numpy(zero_copy_only=False))
    rows = table.drop_columns(["geometry"]).to_pylist()
    return list(zip(rows, shapes, strict=True))


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(";") if part.strip())


def countries() -> dict[str, Area]:
    """Country polygons by ISO 3166-1 alpha-2."""
    rows = _read("boundaries_countries.parquet")
    return {row["iso_a2"]: Area(row["iso_a2"], row["name"], row["iso_a2"], shape) for row, shape in rows}


def admin1() -> dict[str, Area]:
    """Polygons of first-order areas by GeoNames' code, `SY.08`."""
    return _divisions("boundaries_admin1.parquet")


def admin2() -> dict[str, Area]:
    """Polygons of second-order areas by the project's own code, `FR.44.haute-marne`."""
    return _divisions("boundaries_admin2.parquet")


def _divisions(name: str) -> dict[str, Area]:
    return {
        row["code"]: Area(
            code=row["code"],
            name=row["name"],
            country=row["country"],
            shape=shape,
            alternates=_split(row["alternate_names"]),
            parent=row.get("parent") or "",
            iso=row["iso_3166_2"] or "",
        )
        for row, shape in _read(name)
    }


def disputed() -> dict[str, Area]:
    """Disputed and ceasefire lines by name: `country` holds the codes of all who claim, joined with `;`."""
    rows = _read("boundaries_disputed.parquet")
    return {row["name"]: Area(row["name"], row["name"], row["countries"], shape) for row, shape in rows}


def point_of(shape: Any) -> tuple[float, float]:  # noqa: ANN401  # shapely publishes no types
    """Latitude and longitude that stand for an area: its centroid, or the inner point nearest to that."""
    import shapely  # noqa: PLC0415  # only a build needs it
    from shapely.ops import nearest_points  # noqa: PLC0415  # the same

    inner = shape.centroid
    if shape.area > 0 and not shape.contains(inner):
        inner = shape.representative_point()
    elif shape.area == 0:
        inner = nearest_points(shape, inner)[0]
    point = shapely.get_coordinates(inner)[0]
    return round(float(point[1]), 5), round(float(point[0]), 5)


def radius_of(shape: Any, lat: float, lon: float) -> float:  # noqa: ANN401  # shapely publishes no types
    """Half-width of a shape in metres: the distance from its point that holds nine tenths of its outline."""
    import numpy as np  # noqa: PLC0415  # only a build needs it
    import shapely  # noqa: PLC0415  # the same

    from gazetteer.sphere import distances_m  # noqa: PLC0415  # the same

    coords = shapely.get_coordinates(shape)
    return float(np.quantile(distances_m(lat, lon, coords[:, 1], coords[:, 0]), 0.9))
