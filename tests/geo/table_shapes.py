"""Twenty tables as people have them, of invented rows: the columns of each are real, the rows are ours.

Each function writes a file of the same five incidents into a folder, and gives its path. Where a shape has ids, they
are A1 to A5; the first incident was in Goma on 13 May 2024.
"""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

Row = dict[str, Any]

PLACES = (
    ("Goma", "Nord-Kivu", "Democratic Republic of Congo", "CD", -1.6741, 29.2285),
    ("Mosul", "Nineveh", "Iraq", "IQ", 36.335, 43.1189),
    ("Aleppo", "Aleppo", "Syria", "SY", 36.2012, 37.1612),
    ("Morelia", "Michoacan", "Mexico", "MX", 19.7008, -101.1844),
    ("Maiduguri", "Borno", "Nigeria", "NG", 11.8464, 13.1603),
)
DAYS = ("2024-05-13", "2024-06-01", "2024-06-28", "2023-12-31", "2024-01-02")
NOTES = (
    "A grenade went off; two people were hurt.",
    'Gunmen fired at a checkpoint, "for an hour".',
    "Shells fell on a market,\nas a trader said.",
    "A march ended without trouble.",
    "=SUM(1) is how this note begins.",
)
SUB_TYPES = (
    ("Explosions/Remote violence", "Grenade"),
    ("Battles", "Armed clash"),
    ("Explosions/Remote violence", "Shelling/artillery/missile attack"),
    ("Protests", "Peaceful protest"),
    ("Violence against civilians", "Attack"),
)


def text(rows: Sequence[Row], separator: str = ",", *, header: bool = True) -> str:
    """Rows as a table of text."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=separator, lineterminator="\r\n")
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


# --- known formats ----------------------------------------------------------------------------------------------------


def acled_rows(*, old: bool = False) -> list[Row]:
    """ACLED's 31 columns; `old` has numbers for the kinds of actors."""
    rows = []
    for number, (place, day, note, (event, sub)) in enumerate(zip(PLACES, DAYS, NOTES, SUB_TYPES, strict=True)):
        town, admin1, country, _, lat, lon = place
        civilians = event == "Violence against civilians"
        kinds = ("3", "7", "2") if old else ("Political militia", "Civilians", "Rebel group")
        inter1, inter2 = kinds[0], kinds[1 if civilians else 2]
        rows.append(
            {
                "event_id_cnty": f"A{number + 1}",
                "event_date": day,
                "year": day[:4],
                "time_precision": (1, 1, 2, 3, 1)[number],
                "disorder_type": "Political violence",
                "event_type": event,
                "sub_event_type": sub,
                "actor1": "The Militia",
                "assoc_actor_1": "The League; The Youth" if number == 0 else "",
                "inter1": inter1,
                "actor2": "Civilians (Here)" if civilians else "The Rebels",
                "assoc_actor_2": "",
                "inter2": inter2,
                "interaction": "37" if old else f"{inter1}-{inter2}",
                "civilian_targeting": "",
                "iso": 0,
                "region": "Somewhere",
                "country": country,
                "admin1": admin1,
                "admin2": "",
                "admin3": "",
                "location": town,
                "latitude": lat,
                "longitude": lon,
                "geo_precision": (1, 2, 3, 1, 1)[number],
                "source": "Radio One; The Paper" if number == 1 else "Radio One",
                "source_scale": "National",
                "notes": note,
                "fatalities": (0, 3, 0, 1, 12)[number],
                "tags": "",
                "timestamp": 1700000000,
            }
        )
    return rows


def acled(folder: Path) -> Path:
    """ACLED's export of today."""
    return _text_file(folder / "acled.csv", text(acled_rows()))


def acled_old(folder: Path) -> Path:
    """ACLED's export of some years ago: capitals, and numbers for the kinds of actors."""
    return _text_file(
        folder / "acled_old.csv",
        text([{key.upper(): cell for key, cell in row.items()} for row in acled_rows(old=True)]),
    )


UCDP = [
    "id",
    "relid",
    "year",
    "active_year",
    "code_status",
    "type_of_violence",
    "conflict_dset_id",
    "conflict_new_id",
    "conflict_name",
    "dyad_dset_id",
    "dyad_new_id",
    "dyad_name",
    "side_a_dset_id",
    "side_a_new_id",
    "side_a",
    "side_b_dset_id",
    "side_b_new_id",
    "side_b",
    "number_of_sources",
    "source_article",
    "source_office",
    "source_date",
    "source_headline",
    "source_original",
    "where_prec",
    "where_coordinates",
    "where_description",
    "adm_1",
    "adm_2",
    "latitude",
    "longitude",
    "geom_wkt",
    "priogrid_gid",
    "country",
    "country_id",
    "region",
    "event_clarity",
    "date_prec",
    "date_start",
    "date_end",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "best",
    "low",
    "high",
    "gwnoa",
    "gwnob",
]  # as the codebook lists them


def ucdp_rows() -> list[Row]:
    """UCDP GED's 49 columns."""
    rows = []
    for number, ((town, admin1, country, _, lat, lon), day, note) in enumerate(zip(PLACES, DAYS, NOTES, strict=True)):
        told = {
            "id": 501 + number,
            "relid": f"X-{number}",
            "year": int(day[:4]),
            "active_year": 1,
            "code_status": "Clear",
            "type_of_violence": (1, 2, 3, 1, 3)[number],
            "side_a": "Government of Here",
            "side_b": "Civilians" if number in (2, 4) else "Rebels",
            "number_of_sources": -1,
            "source_article": f'"Radio One,{day},{note[:20]}"',
            "source_office": "Radio One",
            "source_date": day,
            "source_headline": note,
            "where_prec": (1, 2, 4, 6, 7)[number],
            "where_coordinates": f"{town} town",
            "adm_1": f"{admin1} province",
            "adm_2": "",
            "latitude": lat,
            "longitude": lon,
            "geom_wkt": f"POINT ({lon} {lat})",
            "country": "DR Congo (Zaire)" if number == 0 else country,
            "region": "Here",
            "event_clarity": 1,
            "date_prec": (1, 2, 4, 1, 5)[number],
            "date_start": ("2024-05-13", "2024-06-01", "2024-06-01", "2023-12-31", "2024-01-01")[number],
            "date_end": ("2024-05-13", "2024-06-03", "2024-06-30", "2023-12-31", "2024-12-31")[number],
            "best": (2, 5, 0, 1, 12)[number],
            "low": (2, 3, 0, 1, 10)[number],
            "high": (2, 9, 4, 1, 20)[number],
        }
        rows.append({name: told.get(name, "") for name in UCDP})
    return rows


def ucdp(folder: Path) -> Path:
    """UCDP's GED as CSV."""
    return _text_file(folder / "GEDEvent.csv", text(ucdp_rows()))


def ucdp_gpkg(folder: Path) -> Path:
    """UCDP's GED as a GeoPackage."""
    return _map_file(folder / "ged.gpkg", ucdp_rows())


def ucdp_shapefile(folder: Path) -> Path:
    """UCDP's GED as a zipped shapefile, whose names are cut."""
    parts = folder / "parts"
    parts.mkdir(exist_ok=True)
    rows = [{name[:10]: cell for name, cell in row.items() if cell != ""} for row in ucdp_rows()]
    made = _map_file(parts / "ged.shp", rows)
    target = folder / "ged_shp.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(made.parent.glob("ged.*")):
            archive.write(part, f"GED/{part.name}")
    return target


def gdelt_rows() -> list[list[str]]:
    """GDELT 2.0's 61 cells."""
    fips = ("CG", "IZ", "SY", "MX", "NI")
    codes, kinds = ("183", "193", "194", "141", "1823"), (4, 1, 5, 4, 0)
    rows = []
    for number, ((town, admin1, country, _, lat, lon), day) in enumerate(zip(PLACES, DAYS, strict=True)):
        cells = [""] * 61
        plain = day.replace("-", "")
        cells[:5] = [f"98765432{number}", plain, plain[:6], plain[:4], f"{plain[:4]}.36"]
        cells[5:8], cells[15:18] = ["REB", "REBELS", ""], ["CVL", "VILLAGERS", ""]
        cells[25:35] = ["1", codes[number], codes[number][:3], codes[number][:2], "4", "-10.0", "6", "2", "6", "-4.5"]
        names = {4: f"{town}, {admin1}, {country}", 5: f"{admin1}, {country}", 1: country, 0: ""}
        cells[51:54] = [str(kinds[number]), names[kinds[number]], fips[number] if kinds[number] else ""]
        if kinds[number]:
            cells[56:58] = [str(lat), str(lon)]
        cells[58:61] = ["-123", f"{plain}104500", f"https://example.org/{number}"]
        rows.append(cells)
    return rows


def gdelt(folder: Path) -> Path:
    """A file of GDELT 2.0 events."""
    return _text_file(folder / "20240513.export.CSV", "".join("\t".join(row) + "\n" for row in gdelt_rows()))


def gdelt_zip(folder: Path) -> Path:
    """The same as it is downloaded."""
    target = folder / "20240513.export.CSV.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("20240513.export.CSV", "".join("\t".join(row) + "\n" for row in gdelt_rows()))
    return target


def atlos(folder: Path) -> Path:
    """Atlos' export, which puts a quote before what could be a formula."""
    rows = []
    for number, ((*_, lat, lon), day, note) in enumerate(zip(PLACES, DAYS, NOTES, strict=True)):
        told = {
            "slug": f"A{number + 1}",
            "project": "Us",
            "inserted_at": f"{day} 10:00:00",
            "updated_at": f"{day} 10:00:00",
            "latitude": lat,
            "longitude": lon,
            "sensitive": "Not Sensitive",
            "description": note,
            "type": "Armed clash",
            "geolocation_resolution": ("Exact", "Vicinity", "Locality", "", "Exact")[number],
            "more_info": "",
            "date": day,
            "status": ("Completed", "Cancelled", "To Do", "Ready for Review", "In Progress")[number],
            "tags": "",
            "source_1": f"https://example.org/{number}",
            "source_2": "https://example.org/x" if number == 0 else "",
            "Equipment Used": "Rifle, Mortar",
        }
        rows.append({name: f"'{cell}" if str(cell).startswith(tuple("-=+@")) else cell for name, cell in told.items()})
    return _text_file(folder / "atlos-export.csv", text(rows))


# --- map files --------------------------------------------------------------------------------------------------------


def _own_rows() -> list[Row]:
    return [
        {"id": f"A{number}", "when": day, "type": sub, "notes": note}
        for number, (day, (_, sub), note) in enumerate(zip(DAYS, SUB_TYPES, NOTES, strict=True), 1)
    ]


def geojson(folder: Path) -> Path:
    """Points that somebody drew."""
    return _map_file(folder / "points.geojson", _own_rows())


def geopackage(folder: Path) -> Path:
    """The same as a GeoPackage in metres."""
    return _map_file(folder / "points.gpkg", _own_rows(), crs="EPSG:3857")


def flatgeobuf(folder: Path) -> Path:
    """The same as FlatGeobuf."""
    return _map_file(folder / "points.fgb", _own_rows())


def geoparquet(folder: Path) -> Path:
    """The same as GeoParquet."""
    return _map_file(folder / "points.parquet", _own_rows())


def kml(folder: Path) -> Path:
    """Places marked in a globe."""
    marks = "".join(
        f"<Placemark><name>{row['type'].replace('&', '')}</name><description>{row['when']}</description>"
        f"<TimeStamp><when>{row['when']}</when></TimeStamp><Point><coordinates>{lon},{lat},0</coordinates></Point></Placemark>"
        for row, (*_, lat, lon) in zip(_own_rows(), PLACES, strict=True)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    return _text_file(folder / "marks.kml", f"{head}{marks}</Document></kml>")


# --- tables of one's own ----------------------------------------------------------------------------------------------


def towns(folder: Path) -> Path:
    """Towns and countries; days in the order of the day, which one row gives away."""
    rows = [
        {
            "ID": f"A{number}",
            "Town": town,
            "Country": country,
            "Event date": f"{day[8:]}/{day[5:7]}/{day[:4]}",
            "Killed": killed,
            "Notes": note,
        }
        for number, ((town, _, country, *_), day, killed, note) in enumerate(
            zip(PLACES, DAYS, ("2", "10-15", "5+", "", "at least 3"), NOTES, strict=True), 1
        )
    ]
    return _text_file(folder / "towns.csv", text(rows))


def french(folder: Path) -> Path:
    """Semicolons, decimal commas, accents of cp1252."""
    rows = [
        {
            "Identifiant": f"A{number}",
            "Lieu": town,
            "Date de l'incident": f"{day[8:]}.{day[5:7]}.{day[:4]}",
            "Latitude": f"{lat}".replace(".", ","),
            "Longitude": f"{lon}".replace(".", ","),
            "Tués": number,
            "Résumé": "Une fusillade près du marché",
        }
        for number, ((town, *_, lat, lon), day) in enumerate(zip(PLACES, DAYS, strict=True), 1)
    ]
    return _text_file(folder / "incidents_fr.csv", text(rows, ";"), "cp1252")


def russian(folder: Path) -> Path:
    """Tabs, Cyrillic in cp1251."""
    names = ("Гома", "Мосул", "Алеппо", "Морелия", "Майдугури")
    rows = [
        {
            "место": name,
            "дата": f"{int(day[8:])} мая {day[:4]}",
            "широта": lat,
            "долгота": lon,
            "погибло": number,
            "описание": "Обстрел жилого дома",
        }
        for number, (name, (*_, lat, lon), day) in enumerate(zip(names, PLACES, DAYS, strict=True), 1)
    ]
    return _text_file(folder / "ru.txt.tsv", text(rows, "\t"), "cp1251")


def arabic(folder: Path) -> Path:
    """Arabic in cp1256."""
    names = ("غوما", "الموصل", "حلب", "موريليا", "مايدوغوري")
    rows = [
        {"المكان": name, "التاريخ": day, "خط العرض": lat, "خط الطول": lon, "القتلى": number, "الوصف": "قصف على حي سكني"}
        for number, (name, (*_, lat, lon), day) in enumerate(zip(names, PLACES, DAYS, strict=True), 1)
    ]
    return _text_file(folder / "ar.csv", text(rows), "cp1256")


def utf16(folder: Path) -> Path:
    """What Excel calls Unicode text, with bars."""
    rows = [
        {"case id": f"A{n}", "place": p[0], "country": p[3], "date": d}
        for n, (p, d) in enumerate(zip(PLACES, DAYS, strict=True), 1)
    ]
    return _text_file(folder / "unicode.csv", text(rows, "|"), "utf-16")


def workbook(folder: Path) -> Path:
    """A workbook with a title above its header, and real dates."""
    import datetime as dt  # noqa: PLC0415

    import openpyxl  # noqa: PLC0415

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Incidents of the year", None, None, None])
    sheet.append([])
    sheet.append(["Case ID", "Place name", "Date", "Wounded"])
    for number, ((town, _, country, *_), day) in enumerate(zip(PLACES, DAYS, strict=True), 1):
        sheet.append([f"A{number}", f"{town}, {country}", dt.datetime.fromisoformat(day), number])
    book.save(folder / "year.xlsx")
    return folder / "year.xlsx"


def one_cell(folder: Path) -> Path:
    """Degrees, minutes and seconds of both coordinates in one cell."""
    rows = [
        {
            "uuid": f"A{number}",
            "Coordinates": f"{_degrees(lat, 'NS')} {_degrees(lon, 'EW')}",
            "Date": day.replace("-", ""),
            "Type": sub,
        }
        for number, ((*_, lat, lon), day, (_, sub)) in enumerate(zip(PLACES, DAYS, SUB_TYPES, strict=True), 1)
    ]
    return _text_file(folder / "degrees.csv", text(rows))


def parquet(folder: Path) -> Path:
    """Typed columns."""
    import pandas as pd  # noqa: PLC0415

    table = pd.DataFrame(
        {
            "event_id": [f"A{number}" for number in range(1, 6)],
            "latitude": [place[4] for place in PLACES],
            "longitude": [place[5] for place in PLACES],
            "date": pd.to_datetime(list(DAYS)),
            "deaths": [0, 1, None, 3, 4],
        }
    )
    table.to_parquet(folder / "typed.parquet")
    return folder / "typed.parquet"


SHAPES: dict[str, Callable[[Path], Path]] = {
    shape.__name__: shape
    for shape in (
        acled,
        acled_old,
        ucdp,
        ucdp_gpkg,
        ucdp_shapefile,
        gdelt,
        gdelt_zip,
        atlos,
        geojson,
        geopackage,
        flatgeobuf,
        geoparquet,
        kml,
        towns,
        french,
        russian,
        arabic,
        utf16,
        workbook,
        one_cell,
        parquet,
    )
}
"""Every shape by its name."""


def _degrees(value: float, letters: str) -> str:
    seconds = round(abs(value) * 3600)
    return f"{seconds // 3600}°{seconds % 3600 // 60:02d}'{seconds % 60:02d}\"{letters[value < 0]}"


def _text_file(path: Path, told: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(told.encode(encoding))
    return path


def _map_file(path: Path, rows: Sequence[Row], crs: str = "EPSG:4326") -> Path:
    """Points at the places, with the rows as attributes."""
    import geopandas as gpd  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    points = gpd.points_from_xy([place[5] for place in PLACES], [place[4] for place in PLACES], crs="EPSG:4326")
    frame = gpd.GeoDataFrame(pd.DataFrame(rows), geometry=points).to_crs(crs)
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path)
    return path
