"""The command: one thin function each, messages for people, never a traceback."""

import os
import sys
import traceback
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from mali_incidents.errors import MaliIncidentsError

if TYPE_CHECKING:
    import pandas as pd

    from mali_incidents.job import BuildReport

# Set to anything, it shows where an error of the command's own arose.
_TRACEBACK: Final = "MALI_INCIDENTS_TRACEBACK"


class _Commands(TyperGroup):
    """The commands; stopping one is a message, before typer ends it without a word."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            _complain("stopped; what stood there before still stands")
            raise typer.Exit(130) from None


app = typer.Typer(
    cls=_Commands,
    help="Locate incident records in Mali's administrative units and draw them as one-file maps.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

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


def _complain(message: str) -> None:
    """Say on stderr what is wrong."""
    print(f"mali-incidents: {_printable(message)}", file=sys.stderr)  # noqa: T201


def main() -> None:
    """Run the command; a refusal is a message on stderr and exit code 2."""
    try:
        app()
    except MaliIncidentsError as error:
        _complain(str(error))
        raise SystemExit(2) from None
    except MemoryError:
        _complain("there is not enough memory for this: give it fewer records at a time")
        raise SystemExit(1) from None
    except Exception as error:  # noqa: BLE001 -- the last resort: no traceback to a user
        if os.environ.get(_TRACEBACK):
            _complain(traceback.format_exc())
        _complain(
            f"an error of its own, not of yours: {type(error).__name__}: {error}. Please report "
            f"it to the maintainers, with what {_TRACEBACK}=1 before the command shows."
        )
        raise SystemExit(1) from None
