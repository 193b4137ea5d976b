"""The command: one thin function each, messages for people, never a traceback."""

import re
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from mali_incidents.errors import MaliIncidentsError

if TYPE_CHECKING:
    import pandas as pd

    from mali_incidents.job import BuildReport
    from mali_incidents.places.added_places import AddedPlaces

app = typer.Typer(
    help="Locate incident records in Mali's administrative units and draw them as one-file maps.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
places_app = typer.Typer(help="The gazetteers that names are looked up in.", no_args_is_help=True)
app.add_typer(places_app, name="places")
fetch_places_app = typer.Typer(help="Fetch a gazetteer and add it.", no_args_is_help=True)
places_app.add_typer(fetch_places_app, name="fetch")

_STAGES = {
    "read": "reading the records",
    "locate": "locating them",
    "maps": "drawing the maps",
    "tables": "writing the tables",
    "notebooks": "executing the notebooks",
    "gallery": "writing the gallery",
}


def _version(wanted: bool) -> None:  # noqa: FBT001 -- typer calls it so
    """Print the version and stop."""
    if wanted:
        typer.echo(metadata.version("mali-incidents"))
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[  # noqa: FBT002 -- its callback does the work
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """Take the options before the command."""


@app.command("build")
def build_command(
    records: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="A file of records (CSV, XLSX, JSON, GeoJSON, Parquet); the shipped ones if none.",
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder to write into.")] = Path("out"),
    lang: Annotated[str, typer.Option(help="Language of maps and reasons: en or fr.")] = "en",
    dates: Annotated[str, typer.Option(help="How dates are written: iso or day-first.")] = "iso",
    notebooks: Annotated[
        Path | None, typer.Option(help="A folder of notebooks to execute as well.")
    ] = None,
) -> None:
    """Read records, locate them, and leave maps, tables and a gallery in a folder."""
    # Heavy libraries only when there is work: `--help` answers at once.
    from mali_incidents.job import build  # noqa: PLC0415

    # A pipe or a log has no width: a path must not be broken over lines there.
    console = Console(highlight=False, soft_wrap=True)
    report = build(
        records,
        out=out,
        lang=lang,
        dates=dates,
        notebooks=notebooks,
        progress=lambda stage: console.print(f"{_STAGES[stage]} …"),
    )
    _summarise(report, out, console)


def _summarise(report: "BuildReport", out: Path, console: Console) -> None:
    """Say what was read, where it was located, and what was written."""
    console.print()
    _say_counts(report.located, report.findings, console)
    console.print(f"for a person to look at: {len(report.review)} (review.csv says why)")
    for file in report.files:
        _say_file(file, console)
    console.print(f"open {escape(str(out / 'index.html'))}")


def _say_counts(located: "pd.DataFrame", findings: "pd.DataFrame", console: Console) -> None:
    """Say how many rows were read, what was found in them, and how finely they were located."""
    levels = located["level"].value_counts()
    by_level = ", ".join(f"{level} {count}" for level, count in levels.items())
    severities = findings["severity"].value_counts()
    found = ", ".join(f"{severity} {count}" for severity, count in severities.items()) or "none"
    read_as = "".join(
        f" as {name}" for name in findings.loc[findings["code"] == "known-dataset", "value"]
    )
    console.print(f"[bold]{len(located)}[/bold] rows read{read_as}; findings: {found}")
    console.print(f"located: {by_level}")


def _say_file(file: Path, console: Console) -> None:
    """Say that a file was written, and its size."""
    size = f"{file.stat().st_size / 1000:,.0f} kB"
    console.print(f"  {size:>10}  {escape(str(file))}")


@app.command("locate")
def locate_command(
    records: Annotated[
        Path,
        typer.Argument(
            metavar="IN",
            help="A file of records: our own columns, UCDP GED or ACLED as they export them.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", help="The file to write, by its ending: .csv, .geojson, .gpkg, .parquet."
        ),
    ],
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OURS=THEIRS",
            help="Read a column from another one of the file, e.g. "
            "location_text=where_description; admin2= leaves one out. Repeat as needed.",
        ),
    ] = None,
    names_only: Annotated[  # noqa: FBT002 -- a flag
        bool, typer.Option("--names-only", help="Locate by names, not by the file's coordinates.")
    ] = False,
    frame: Annotated[str | None, typer.Option(help="The units to locate in.")] = None,
    places: Annotated[str | None, typer.Option(help="The gazetteer to look names up in.")] = None,
    codes: Annotated[
        str | None, typer.Option(help="Add precision codes as ucdp or acled writes them.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of the reasons: en or fr.")] = "en",
    dates: Annotated[str, typer.Option(help="How dates are written: iso or day-first.")] = "iso",
) -> None:
    """Locate the records of a file and write them with where, how sure, and why."""
    from mali_incidents.job import locate_file  # noqa: PLC0415
    from mali_incidents.records.mapping import columns_from_words  # noqa: PLC0415

    report = locate_file(
        records,
        out=out,
        columns=columns_from_words(column or []),
        names_only=names_only,
        frame=frame,
        places=places,
        codes=codes,
        lang=lang,
        dates=dates,
    )
    console = Console(highlight=False, soft_wrap=True)
    _say_counts(report.located, report.findings, console)
    _say_wrong(report.findings, console)
    refused = int((report.located["level"] == "none").sum())
    console.print(f"refused, because the place is not known: {refused}")
    console.print(f"units: {escape(report.frame)}; places: {escape(report.gazetteer)}")
    _say_file(report.file, console)


def _say_wrong(findings: "pd.DataFrame", console: Console) -> None:
    """Say each kind of error and warning once, with the first row it was found in."""
    wrong = findings[findings["severity"] != "note"]
    kinds = ["severity", "column", "message"]
    for (severity, column, message), rows in wrong.groupby(kinds, sort=False):
        where = f"row {rows['dataset_row'].iloc[0]}" + (" and others" if len(rows) > 1 else "")
        said = f"  {severity} × {len(rows)}: {column} ({where}): {message}"
        console.print(escape(_printable(said)))


def _printable(text: str) -> str:
    """Replace what would act on a terminal instead of showing."""
    return "".join(
        one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}" for one in text
    )


@places_app.command("add")
def add_places_command(
    file: Annotated[
        Path,
        typer.Argument(
            help="A file of named places: CSV (also .gz), GeoPackage or GeoJSON, OCHA's "
            "settlements, GeoNames' ML.txt or ML.zip."
        ),
    ],
    name: Annotated[str | None, typer.Option(help="What to call the gazetteer.")] = None,
    columns: Annotated[
        str | None,
        typer.Option(help="Which column is which: name=…,latitude=…,longitude=…,admin1=…"),
    ] = None,
    source: Annotated[str | None, typer.Option(help="Whose the file is.")] = None,
    licence: Annotated[str | None, typer.Option(help="Its licence.")] = None,
    replace: Annotated[  # noqa: FBT002 -- a flag
        bool, typer.Option("--replace", help="Take the place of a gazetteer of that name.")
    ] = False,
) -> None:
    """Check a file of places and use it from now on."""
    from mali_incidents.places.added_places import add_places  # noqa: PLC0415

    added = add_places(
        file,
        name=name,
        columns=_columns(columns),
        source=source,
        licence=licence,
        replace=replace,
    )
    _say_added(added)


@fetch_places_app.command("geonames")
def fetch_geonames_command(
    url: Annotated[str | None, typer.Option(help="Where ML.zip is, if not at GeoNames.")] = None,
) -> None:
    """Fetch GeoNames' places of Mali (CC BY 4.0), check them and use them from now on."""
    from mali_incidents.places.added_places import GEONAMES_URL, fetch_geonames  # noqa: PLC0415
    from mali_incidents.remote import progress_bar  # noqa: PLC0415

    with progress_bar("GeoNames") as progress:
        added = fetch_geonames(url=url or GEONAMES_URL, progress=progress)
    _say_added(added)


@places_app.command("list")
def list_places_command() -> None:
    """List the gazetteers that are used."""
    from mali_incidents.places.gazetteer import list_gazetteers  # noqa: PLC0415

    console = Console(highlight=False, soft_wrap=True)
    for one in list_gazetteers():
        console.print(
            f"[bold]{one.name}[/bold]  {one.places:,} places of {one.rows:,} rows; "
            f"{one.mended} mended, {one.flagged} flagged"
        )
        console.print(f"  {escape(one.source)}; {escape(one.licence)}; {one.date}")


def _columns(text: str | None) -> dict[str, str] | None:
    """Read which column is which: field=column, parted by commas."""
    if text is None:
        return None
    # A column's own name may hold a comma; what follows a parting one is a field and "=".
    pairs = [part.partition("=") for part in re.split(r",(?=\s*\w+\s*=)", text)]
    return {field.strip(): column.strip() for field, _, column in pairs}


def _say_added(added: "AddedPlaces") -> None:
    """Say what was kept, what was found wrong, and where to read each row's finding."""
    from mali_incidents.publish.files import write_table  # noqa: PLC0415

    source = added.source
    findings = write_table(added.findings, added.folder / "findings.csv")
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f"[bold]{source.name}[/bold]: {source.places:,} places kept of {source.rows:,} rows; "
        f"{source.mended} mended, {source.flagged} flagged"
    )
    for code, count in source.found.items():
        console.print(f"  {code}: {count:,}")
    console.print(f"each row is listed in {escape(str(findings))}")
    console.print(f"source: {escape(source.source)}; licence: {escape(source.licence)}")
    console.print(f"used from now on; to leave it out, delete {escape(str(added.folder))}")


def main() -> None:
    """Run the command; a refusal is a message on stderr and exit code 2."""
    try:
        app()
    except MaliIncidentsError as error:
        print(f"mali-incidents: {_printable(str(error))}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print("mali-incidents: stopped; files already written are whole", file=sys.stderr)  # noqa: T201
        raise SystemExit(130) from None
