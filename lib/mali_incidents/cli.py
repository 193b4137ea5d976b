"""The command: one thin function each, messages for people, never a traceback."""

import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from mali_incidents.errors import MaliIncidentsError

if TYPE_CHECKING:
    from mali_incidents.job import BuildReport

app = typer.Typer(
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
    levels = report.located["level"].value_counts()
    by_level = ", ".join(f"{level} {count}" for level, count in levels.items())
    severities = report.findings["severity"].value_counts()
    found = ", ".join(f"{severity} {count}" for severity, count in severities.items()) or "none"
    console.print()
    console.print(f"[bold]{len(report.located)}[/bold] rows read; findings: {found}")
    console.print(f"located: {by_level}")
    console.print(f"for a person to look at: {len(report.review)} (review.csv says why)")
    for file in report.files:
        size = f"{file.stat().st_size / 1000:,.0f} kB"
        console.print(f"  {size:>10}  {escape(str(file))}")
    console.print(f"open {escape(str(out / 'index.html'))}")


def main() -> None:
    """Run the command; a refusal is a message on stderr and exit code 2."""
    try:
        app()
    except MaliIncidentsError as error:
        printable = "".join(
            one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}"
            for one in str(error)
        )
        print(f"mali-incidents: {printable}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print("mali-incidents: stopped; files already written are whole", file=sys.stderr)  # noqa: T201
        raise SystemExit(130) from None
