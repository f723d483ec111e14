"""The command line: commands, options and their help. What they do is in `geo.commands`, loaded when it is needed."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path  # typer reads the annotations at run time
from typing import Annotated, Any

import typer

from gazetteer.errors import GazetteerError
from geo.errors import IncidentMapperError

app = typer.Typer(
    name="incident-mapper",
    help="Read incidents out of dated news reports, place them and map them: offline, with time and evidence.",
    epilog="""\b
Each command tells more, with examples: incident-mapper extract --help
With --debug anywhere, an error shows its traceback; incident-mapper --version tells the version.""",
    rich_markup_mode=None,  # rich's own help costs a quarter of a second
    add_completion=False,
)
gazetteer_app = typer.Typer(help="The gazetteer: build it, look into it, ask it.", rich_markup_mode=None)
app.add_typer(gazetteer_app, name="gazetteer")
project_app = typer.Typer(
    help="A project: one GeoPackage with incidents, their sources and what people decided.", rich_markup_mode=None
)
app.add_typer(project_app, name="project")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write YYYY-MM-DD.") from None


def _point(text: str, option: str = "--near") -> tuple[float, float]:
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError:
        raise typer.BadParameter(f"{option}: {text!r} is no point; write LAT,LON in degrees, as 34.45,40.92.") from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # noqa: PLR2004  # degrees
        raise typer.BadParameter(f"{option}: {text!r} is not on the Earth; write LAT,LON in degrees, as 34.45,40.92.")
    return lat, lon


Output = Annotated[Path, typer.Option("--output", "-o", help="File to write; its suffix decides the format.")]
GazetteerFile = Annotated[
    Path | None, typer.Option("--gazetteer", metavar="FILE", help="A gazetteer file; else the default one, built once.")
]
Workers = Annotated[
    int, typer.Option("--workers", min=0, help="Processes that read; 0: one a core, 4 at most, for many reports.")
]
Published = Annotated[
    dt.date | None,
    typer.Option("--published", parser=_day, metavar="YYYY-MM-DD", help="Day of reports that tell none themselves."),
]
Incidents = Annotated[
    Path, typer.Argument(metavar="FILE", help="Incidents as extract writes them, or any table that geocode reads.")
]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", metavar="FILE.toml", help="What each column of a table is; see geocode.")
]
Places = Annotated[
    Path | None,
    typer.Option("--places", metavar="FILE", help="Places mentioned; else INCIDENTS.places.geojson if there."),
]

Tiles = Annotated[
    list[str] | None,
    typer.Option(
        "--tiles",
        metavar="NAME|URL",
        help="Online tiles below: a name of xyzservices, a {z}/{x}/{y} or .pmtiles address. Several: more than once.",
    ),
]
Attribution = Annotated[str, typer.Option("--attribution", help="Whose the tiles of an address are.")]
Overlays = Annotated[
    list[Path] | None, typer.Option("--overlay", metavar="FILE", help="GeoJSON to lay over the map. Several, too.")
]
Center = Annotated[
    str | None, typer.Option("--center", metavar="LAT,LON", help="Where one looks; else at all incidents.")
]
Zoom = Annotated[float | None, typer.Option("--zoom", min=1, max=17, help="How close, with --center.")]


def _backdrop(
    tiles: list[str] | None, attribution: str, overlays: list[Path] | None, center: str | None, zoom: float | None
) -> Any:  # noqa: ANN401  # geo.webmap's, which is slow to load
    from geo.webmap import Backdrop  # noqa: PLC0415  # late, so that --help is quick

    return Backdrop(
        tiles=tuple(tiles or ()),
        attribution=attribution,
        overlays=tuple(str(path.resolve()) for path in overlays or ()),
        center=None if center is None else _point(center, "--center"),
        zoom=zoom,
    )


@app.command(
    epilog="""\b
Examples:
  incident-mapper extract reports/ -o incidents.geojson
  incident-mapper extract 'news/*.html' wire.jsonl -o incidents.gpkg --workers 4
  cat report.txt | incident-mapper extract - -o incidents.jsonl --published 2024-05-03"""
)
def extract(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Reports: files, folders, globs, or - for standard input.")
    ],
    output: Output,
    *,
    published: Published = None,
    gazetteer: GazetteerFile = None,
    workers: Workers = 0,
) -> None:
    """Read incidents out of reports.

    Reports are .txt .md .html .jsonl .csv .xlsx .parquet; the incidents are written as .geojson .jsonl .gpkg
    .parquet .csv (or .xlsx .fgb .kml .geojsons). A .txt may begin with `date YYYY-MM-DD`. A report without a date
    is still read; its "on Sunday" stays unknown, and that is said.
    """
    from geo.commands import reading  # noqa: PLC0415  # late, so that --help is quick

    reading.extract(paths, output, published=published, gazetteer=gazetteer, workers=workers)


@app.command(
    epilog="""\b
Examples:
  incident-mapper annotate docs.jsonl -o spans.jsonl
  incident-mapper annotate gold.jsonl --given-spans -o resolved.jsonl"""
)
def annotate(
    docs: Annotated[Path, typer.Argument(metavar="DOCS.jsonl", help="One document a line: doc_id, text, published.")],
    output: Output,
    *,
    given_spans: Annotated[
        bool, typer.Option("--given-spans", help="Take the toponyms and event triggers that the input carries.")
    ] = False,
    gazetteer: GazetteerFile = None,
    workers: Workers = 0,
) -> None:
    """Find toponyms, relations, times and events in documents, with their offsets.

    One line a document, in order. Offsets are code points into the text as given.
    """
    from geo.commands import reading  # noqa: PLC0415  # late, so that --help is quick

    reading.annotate(docs, output, given_spans=given_spans, gazetteer=gazetteer, workers=workers)


@app.command(
    epilog="""\b
Examples:
  incident-mapper geocode table.csv -o placed.geojson
  incident-mapper geocode table.xlsx --place-column town --date-column day --country-column state -o placed.gpkg
  incident-mapper geocode strikes.csv -o strikes.gpkg --save-mapping strikes.toml
  incident-mapper geocode more.csv -o more.gpkg --mapping strikes.toml
  incident-mapper geocode GEDEvent_v24_1.csv -o ged.parquet
  incident-mapper geocode 20240503.export.CSV.zip -o gdelt.parquet"""
)
def geocode(  # noqa: PLR0913  # a command has as many options as it has
    table: Annotated[
        Path,
        typer.Argument(
            metavar="TABLE",
            help="A .csv .tsv .xlsx .parquet, a map file (.gpkg .shp .fgb .geojson .kml), or a .zip of one.",
        ),
    ],
    output: Output,
    *,
    place_column: Annotated[
        str | None, typer.Option("--place-column", metavar="NAME", help="Where it happened.")
    ] = None,
    date_column: Annotated[str | None, typer.Option("--date-column", metavar="NAME", help="When it happened.")] = None,
    country_column: Annotated[
        str | None, typer.Option("--country-column", metavar="NAME", help="The country, by name or code.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="FILE.toml", help="What each column is, in place of guessing.")
    ] = None,
    save_mapping: Annotated[
        Path | None, typer.Option("--save-mapping", metavar="FILE.toml", help="Write what each column was taken for.")
    ] = None,
    gazetteer: GazetteerFile = None,
) -> None:
    """Place a table of incidents that was made elsewhere.

    ACLED's, UCDP's, GDELT's and Atlos' files are known by their columns; of any other table each column is guessed by
    its name and its cells: days in one order or the other, coordinates as decimals or degrees and minutes, in two
    columns or one, place names and phrases ("30 km north of Mosul"). What was guessed is printed; correct it with
    --place-column and the like, or save it, edit it, and give it back with --mapping. Encoding and separator are found
    out. Rows that cannot be placed or dated are kept, counted and listed in a report beside the output:
    placed.geojson → placed.problems.csv. Codes and spellings of the table stay in the column `original`.
    """
    from geo.commands import reading  # noqa: PLC0415  # late, so that --help is quick

    columns = {"place": place_column, "date": date_column, "country": country_column}
    reading.geocode(table, output, columns=columns, mapping=mapping, save_mapping=save_mapping, gazetteer=gazetteer)


@app.command(
    name="map",
    epilog="""\b
Examples:
  incident-mapper map incidents.geojson -o map.html
  incident-mapper map incidents.gpkg -o map.html --title 'Border incidents 2024'
  incident-mapper map acled.csv -o map.html
  incident-mapper map incidents.geojson --png map.png --size 1600x1000 --theme dark
  incident-mapper map incidents.geojson -o map.html --tiles OpenStreetMap.Mapnik --overlay zones.geojson""",
)
def map_(  # noqa: PLR0913  # typer reads each option off the signature
    incidents: Incidents,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Page to write, .html; a .png is a picture.")
    ] = None,
    *,
    png: Annotated[
        Path | None, typer.Option("--png", metavar="FILE", help="Picture to write; needs Chromium on the PATH.")
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="Heading of the page; else the file's name.")] = None,
    places: Places = None,
    tiles: Tiles = None,
    attribution: Attribution = "",
    overlay: Overlays = None,
    center: Center = None,
    zoom: Zoom = None,
    mapping: MappingFile = None,
    size: Annotated[str, typer.Option("--size", metavar="WxH", help="The picture's size.")] = "1200x800",
    scale: Annotated[float, typer.Option("--scale", min=0.5, max=4, help="Its pixels for each of these.")] = 2,
    theme: Annotated[str, typer.Option("--theme", help="The picture's theme: light or dark.")] = "light",
    view: Annotated[
        str, typer.Option("--view", metavar="JSON", help="The picture's window and filters, as an address has them.")
    ] = "",
    gazetteer: Annotated[
        Path | None,
        typer.Option("--gazetteer", metavar="FILE", help="Gazetteer that places a table, and that the note names."),
    ] = None,
) -> None:
    """Draw incidents on a map: one HTML file that opens without a network, or a picture for a document."""
    from geo.commands import drawing  # noqa: PLC0415  # late, so that --help is quick

    drawing.draw(
        incidents,
        (output, png),
        title=title,
        places=places,
        gazetteer=gazetteer,
        mapping=mapping,
        backdrop=_backdrop(tiles, attribution, overlay, center, zoom),
        picture=drawing.Picture(size, scale, theme, view),
    )


@app.command(
    epilog="""\b
Examples:
  incident-mapper export incidents.geojson -o incidents.gpkg
  incident-mapper export incidents.geojson -o report-pack.zip --status verified,reviewed
  incident-mapper export incidents.geojson -o public.csv --coarsen 10km --drop-columns actors,targets
  incident-mapper export incidents.geojson --layers layers/ --by month
  incident-mapper export acled.csv -o acled.parquet"""
)
def export(  # noqa: PLR0913  # a command has as many options as it has
    incidents: Incidents,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; its suffix decides the format.")
    ] = None,
    *,
    layers: Annotated[
        Path | None, typer.Option("--layers", metavar="FOLDER", help="Write one GeoJSON file a layer into this folder.")
    ] = None,
    by: Annotated[
        str, typer.Option("--by", help="What makes a layer: event_type, country, month or geo_precision.")
    ] = "event_type",
    places: Places = None,
    status: Annotated[
        str | None,
        typer.Option("--status", help="Only incidents of these, as in verified,reviewed; else all but the rejected."),
    ] = None,
    coarsen: Annotated[
        str | None,
        typer.Option("--coarsen", metavar="admin1|10km", help="No place finer than that, and no text that names one."),
    ] = None,
    drop_columns: Annotated[
        str | None, typer.Option("--drop-columns", metavar="A,B", help="Columns to leave out, as in actors,targets.")
    ] = None,
    mapping: MappingFile = None,
    gazetteer: GazetteerFile = None,
) -> None:
    """Write incidents in another format, as a report pack (.zip), or as layers.

    Tables that geocode reads are placed on the way, piece by piece, so that a file of gigabytes needs little memory.
    A report pack holds the map, GeoJSON, CSV, the sources, a data dictionary, a note on method and checksums.
    """
    from geo.commands import writing  # noqa: PLC0415  # late, so that --help is quick

    if output is None and layers is None:
        raise typer.BadParameter("name a file with -o, or a folder with --layers.")
    gate = writing.Gate(status, coarsen, drop_columns)
    writing.export(
        incidents, output, layers=layers, by=by, places=places, gate=gate, gazetteer=gazetteer, mapping=mapping
    )


@app.command(
    name="app",
    epilog="""\b
Examples:
  incident-mapper app
  incident-mapper app incidents.geojson --port 8600
  incident-mapper app incidents.geojson --tiles https://tiles.example.org/{z}/{x}/{y}.png --overlay zones.geojson""",
)
def app_(  # noqa: PLR0913  # the same
    incidents: Annotated[
        Path | None, typer.Argument(metavar="[INCIDENTS]", help="A file of incidents to begin with.")
    ] = None,
    *,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: the first that is free from 8501 on.")] = 0,
    places: Places = None,
    tiles: Tiles = None,
    attribution: Attribution = "",
    overlay: Overlays = None,
    center: Center = None,
    zoom: Zoom = None,
) -> None:
    """Serve the dashboard to this machine alone, and print its address."""
    from geo.commands import serving  # noqa: PLC0415  # late, so that --help is quick

    backdrop = _backdrop(tiles, attribution, overlay, center, zoom)
    serving.serve(incidents, port=port, places=places, backdrop=backdrop)


@gazetteer_app.command(
    epilog="""\b
Examples:
  incident-mapper gazetteer build
  incident-mapper gazetteer build -o places.db
  incident-mapper gazetteer build --csv my_places.csv -o places.db
  incident-mapper gazetteer build --geonames allCountries.zip --alternate-names alternateNamesV2.zip -o full.db"""
)
def build(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="File to write; else the default one.")
    ] = None,
    *,
    geonames: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="GeoNames' allCountries or a country's file, in place of the default towns."),
    ] = None,
    alternate_names: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="GeoNames' alternateNamesV2, for --geonames.")
    ] = None,
    admin_codes: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="GeoNames' admin1CodesASCII or admin2Codes.")
    ] = None,
    csv: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Own places: a table with at least name, lat, lon.")
    ] = None,
) -> None:
    """Build the gazetteer, half a minute; an old one stays whole until the new one is complete."""
    from geo.commands import places  # noqa: PLC0415  # late, so that --help is quick

    places.build(
        output,
        geonames=geonames or (),
        alternate_names=alternate_names or (),
        admin_codes=admin_codes or (),
        csv=csv or (),
    )


@gazetteer_app.command(
    epilog="""\b
Examples:
  incident-mapper gazetteer info
  incident-mapper gazetteer info places.db --json"""
)
def info(
    path: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A gazetteer file; else the default one.")
    ] = None,
    *,
    gazetteer: GazetteerFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Tell what a gazetteer holds: counts by kind, sources and their licences, version, size."""
    from geo.commands import places  # noqa: PLC0415  # late, so that --help is quick

    places.info(path or gazetteer, as_json=as_json)


@gazetteer_app.command(
    epilog="""\b
Examples:
  incident-mapper gazetteer find "Deir Ezzor"
  incident-mapper gazetteer find Tripoli --country LB --json
  incident-mapper gazetteer find Bethlehem --near 40.6,-75.4
  incident-mapper gazetteer find "30 km north of Mosul" """
)
def find(
    name: Annotated[list[str], typer.Argument(metavar="NAME", help="A name, or a phrase as '30 km north of Mosul'.")],
    *,
    country: Annotated[str | None, typer.Option("--country", metavar="XX", help="Likely country, ISO 3166-1.")] = None,
    near: Annotated[
        str | None, typer.Option("--near", metavar="LAT,LON", help="Point near which it is likely.")
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Likely kind: settlement, admin1, country ...")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many candidates at most.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON list of candidates, best first.")] = False,
    gazetteer: GazetteerFile = None,
) -> None:
    """Ask for a place by name: candidates with kind, country, point, score and reasons, best first."""
    from geo.commands import places  # noqa: PLC0415  # late, so that --help is quick

    hints = {"country": country, "near": None if near is None else _point(near), "kind": kind, "limit": limit}
    places.find(" ".join(name), hints, as_json=as_json, gazetteer=gazetteer)


ProjectFile = Annotated[Path, typer.Argument(metavar="FILE", help="The project, a .gpkg.")]


@project_app.command(
    name="init",
    epilog="""\b
Examples:
  incident-mapper project init border.gpkg""",
)
def init_project(path: ProjectFile) -> None:
    """Make a new project: one GeoPackage, which QGIS opens as it is."""
    from geo.commands import project  # noqa: PLC0415  # late, so that --help is quick

    project.init(path)


@project_app.command(
    name="add",
    epilog="""\b
Examples:
  incident-mapper project add border.gpkg reports/
  incident-mapper project add border.gpkg 'news/*.html' acled.csv incidents.geojson --workers 0""",
)
def add_to_project(
    path: ProjectFile,
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help="Reports (files, folders, globs, -), tables, files of incidents."),
    ],
    *,
    published: Published = None,
    gazetteer: GazetteerFile = None,
    workers: Workers = 0,
) -> None:
    """Put the incidents of reports and tables into a project.

    Each report is read once, whatever its name; a second run adds what is new, and goes on where a killed one ended.
    A report that tells of a known incident becomes one more source of it. What people decided stays.
    """
    from geo.commands import project  # noqa: PLC0415  # late, so that --help is quick

    project.add(path, paths, published=published, gazetteer=gazetteer, workers=workers)


@project_app.command(
    name="status",
    epilog="""\b
Examples:
  incident-mapper project status border.gpkg
  incident-mapper project status border.gpkg --json""",
)
def project_status(
    path: ProjectFile, *, as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False
) -> None:
    """Tell what a project holds, and how much is left to review."""
    from geo.commands import project  # noqa: PLC0415  # late, so that --help is quick

    project.status(path, as_json=as_json)


# --- running ----------------------------------------------------------------------------------------------------------


def main() -> None:
    """The command `incident-mapper`: exits with 0, with 2 for what the user can mend, with 1 for a fault of ours.

    `--debug` and `--version` are no options of typer's, for it loads pydantic to read any.
    """
    arguments = sys.argv[1:]
    before = arguments[: arguments.index("--")] if "--" in arguments else arguments
    debug = "--debug" in before
    if debug:
        arguments.remove("--debug")
    if before == ["--version"]:
        from importlib.metadata import version  # noqa: PLC0415  # seldom asked

        sys.stdout.write(version("incident-mapper") + "\n")
        sys.exit(0)
    sys.exit(run(arguments or ["--help"], debug=debug))


def run(arguments: list[str], *, debug: bool = False) -> int:
    """Run one command line and return its exit code; errors are told on one line of standard error."""
    import warnings  # noqa: PLC0415  # only to silence

    if not debug:
        warnings.simplefilter("ignore")  # what a library thinks of itself is no concern of the user
    command = typer.main.get_command(app)
    if "--help" in arguments and (text := _help(command, arguments)):
        sys.stdout.write(text + "\n")
        return 0
    try:
        code = command.main(arguments, prog_name="incident-mapper", standalone_mode=False)
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return _fail("interrupted", 130)
    except Exception as error:
        if debug:
            raise
        return _told(error)
    return code if isinstance(code, int) else 0


def _help(command: Any, arguments: list[str]) -> str:  # noqa: ANN401  # click's own command, wherever typer keeps it
    """The help of the command that is named before --help, "" for none; typer's own way there loads pydantic."""
    context = command.context_class(command, info_name="incident-mapper")
    for word in arguments[: arguments.index("--help")]:
        found = command.get_command(context, word) if hasattr(command, "get_command") else None
        if found is None:
            break
        command, context = found, found.context_class(found, info_name=word, parent=context)
    else:
        return str(command.get_help(context))
    return "" if hasattr(command, "get_command") else str(command.get_help(context))


def _told(error: Exception) -> int:
    """Say the error on one line; 2 for what the user can mend, 1 for a fault of ours."""
    if hasattr(error, "format_message"):  # click's: a wrong option or argument
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else "incident-mapper"
        return _fail(f"{error.format_message()} Try: {path} --help", 2)
    if isinstance(error, (IncidentMapperError, GazetteerError)):
        return _fail(str(error), 2)
    if isinstance(error, OSError):
        name = f"{error.filename}: " if error.filename else ""
        return _fail(f"{name}{error.strerror or error}", 2)
    if type(error).__name__ == "Abort":  # click's, for Ctrl-C
        return _fail("interrupted", 130)
    return _fail(
        f"a fault of incident-mapper: {type(error).__name__}: {error}. Run it again with --debug and report it", 1
    )


def _fail(message: str, code: int) -> int:
    printable = "".join(letter if letter.isprintable() else " " for letter in message)
    line = " ".join(printable.split())
    sys.stderr.write(f"error: {line.encode('utf-8', 'replace').decode()}\n")
    return code


if __name__ == "__main__":
    main()
