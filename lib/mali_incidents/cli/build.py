"""The command that does the main job."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from mali_incidents.cli.options import Corrections, Dates, Editions, Frame, Places, Profile, Records
from mali_incidents.cli.saying import make_console, say_counts, say_edition, say_file

if TYPE_CHECKING:
    from mali_incidents.job import BuildReport

_STAGES = {
    "read": "reading the records",
    "locate": "locating them",
    "release": "making the edition",
    "maps": "drawing the maps",
    "tables": "writing the tables",
    "notebooks": "executing the notebooks",
    "gallery": "writing the gallery",
    "leaks": "looking in every file for what is withheld",
}


def build_command(
    records: Records = None,
    out: Annotated[Path, typer.Option(help="The folder to write into.")] = Path("out"),
    lang: Annotated[str, typer.Option(help="Language of maps and reasons: en or fr.")] = "en",
    dates: Dates = "iso",
    frame: Frame = None,
    places: Places = "all",
    corrections: Corrections = None,
    notebooks: Annotated[
        Path | None, typer.Option(help="A folder of notebooks to execute as well.")
    ] = None,
    profile: Profile = "internal",
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="The day of the edition, for the embargo; by default the records' own.",
        ),
    ] = None,
    editions: Editions = None,
) -> None:
    """Read records, locate them, and leave maps, tables and a gallery in a folder."""
    # Heavy libraries only when there is work: `--help` answers at once.
    from mali_incidents.job import build  # noqa: PLC0415

    console = make_console()
    report = build(
        records,
        out=out,
        lang=lang,
        dates=dates,
        frame=frame,
        places=places,
        corrections=corrections,
        notebooks=notebooks,
        profile=profile,
        as_of=None if as_of is None else as_of.date(),
        editions=editions,
        progress=lambda stage: console.print(f"{_STAGES[stage]} …"),
    )
    _summarise(report, out, console)


def _summarise(report: "BuildReport", out: Path, console: Console) -> None:
    """Say what was read, where it was located, and what was written."""
    console.print()
    word = "given" if len(report.release.withheld) else "read"
    say_counts(report.located, report.findings, console, word=word)
    console.print(f"[bold]{escape(report.release.notice['en'])}[/bold]")
    why = " (review.csv says why)" if report.release.profile.working_files else ""
    console.print(f"for a person to look at: {len(report.review)}{why}")
    console.print(f"units: {escape(report.frame)}; places: {escape(report.gazetteer)}")
    say_edition(report.edition, report.since, console)
    for file in report.files:
        say_file(file, console)
    console.print(f"open {escape(str(out / 'index.html'))}")
