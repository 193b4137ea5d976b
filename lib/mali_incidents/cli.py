"""The command: one thin function each, messages for people, never a traceback."""

import sys
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from mali_incidents.errors import MaliIncidentsError

if TYPE_CHECKING:
    from mali_incidents.job import BuildReport
    from mali_incidents.places.added_frames import AddedFrame

app = typer.Typer(
    help="Locate incident records in Mali's administrative units and draw them as one-file maps.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

frames = typer.Typer(
    help="Administrative units: add, fetch and list the frames that records are located in.",
    no_args_is_help=True,
)
app.add_typer(frames, name="frames")

# More of what was found in a frame is read in its own file.
_CHECKS_SHOWN = 20
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

    console = _console()
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


class FrameSource(StrEnum):
    """Who publishes frames that can be fetched."""

    COD_AB = "cod-ab"
    GEOBOUNDARIES = "geoboundaries"


_FrameName = Annotated[str | None, typer.Option(help="What to call it: letters, digits, hyphens.")]
_Replace = Annotated[bool, typer.Option("--replace", help="Replace the frame of that name.")]


@frames.command("add")
def frames_add_command(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE-or-folder",
            help="A shapefile, GeoJSON or GeoPackage file, a zip of them, or a folder of these, "
            "with the fields of COD-AB or geoBoundaries; a layer a level.",
        ),
    ],
    name: _FrameName = None,
    source: Annotated[str | None, typer.Option(help="Who made it.")] = None,
    licence: Annotated[str | None, typer.Option(help="Its terms, e.g. CC BY-IGO.")] = None,
    vintage: Annotated[int | None, typer.Option(help="The year the units are of.")] = None,
    replace: _Replace = False,  # noqa: FBT002 -- typer calls it by name
) -> None:
    """Add a frame of units from files, and say what is wrong with it."""
    from mali_incidents.places.added_frames import add_frame  # noqa: PLC0415

    added = add_frame(
        path, name=name, source=source, licence=licence, vintage=vintage, replace=replace
    )
    _say_frame(added, _console())


@frames.command("fetch")
def frames_fetch_command(
    source: Annotated[
        FrameSource,
        typer.Argument(help="cod-ab: OCHA's current dataset, from HDX; geoboundaries: gbOpen."),
    ],
    name: _FrameName = None,
    replace: _Replace = False,  # noqa: FBT002 -- typer calls it by name
) -> None:
    """Fetch Mali's units from those who publish them, and add them as a frame."""
    from mali_incidents.places.added_frames import fetch_cod_ab, fetch_geoboundaries  # noqa: PLC0415
    from mali_incidents.remote import progress_bar  # noqa: PLC0415

    fetch = fetch_cod_ab if source is FrameSource.COD_AB else fetch_geoboundaries
    with progress_bar(source) as progress:
        added = fetch(name=name, replace=replace, progress=progress)
    _say_frame(added, _console())


@frames.command("list")
def frames_list_command() -> None:
    """List the frames that ship and those added."""
    from mali_incidents.places.frames import FRAME_LEVELS, list_frames  # noqa: PLC0415

    console = _console()
    for frame in list_frames().to_dict("records"):
        has = _counted({level: frame[level] for level in FRAME_LEVELS})
        console.print(f"[bold]{escape(frame['name'])}[/bold]: {has}")
        since = f"added {frame['added']}" if frame["added"] else "ships"
        console.print(f"  {escape(frame['credit'])}; {escape(since)}")


def _say_frame(added: "AddedFrame", console: Console) -> None:
    """Say what a frame that was added has, what was found in it, and how to use it."""
    frame, checks = added.frame, added.checks
    counts = frame.units["level"].value_counts()
    has = _counted({level: int(counts[level]) for level in frame.levels})
    severities = checks["severity"].value_counts()
    found = ", ".join(f"{severity} {count}" for severity, count in severities.items()) or "nothing"
    console.print(f"[bold]{escape(frame.name)}[/bold]: {has}; {escape(frame.credit)}")
    console.print(f"found when it was checked: {found}")
    for check in checks.head(_CHECKS_SHOWN).to_dict("records"):
        of = f"{check['level']} {check['unit']}".strip()
        text = f"{of}: {check['message']}" if of else check["message"]
        console.print(f"  {check['severity']:>7}  {escape(text)}")
    if len(checks) > _CHECKS_SHOWN:
        console.print(f"  and {len(checks) - _CHECKS_SHOWN} more: see frame.json there")
    for caveat in frame.caveats:
        console.print(f"     note  {escape(caveat)}")
    console.print(f"kept in {escape(str(added.folder))}")
    console.print(f"use it with --frame {escape(frame.name)}")


def _counted(counts: dict[str, int]) -> str:
    """Say how many units there are of each level that there are any of."""
    return ", ".join(
        f"{count} {level}{'s' if count > 1 else ''}" for level, count in counts.items() if count
    )


def _console() -> Console:
    """Make what messages are printed with."""
    # A pipe or a log has no width: a path must not be broken over lines there.
    return Console(highlight=False, soft_wrap=True)


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
