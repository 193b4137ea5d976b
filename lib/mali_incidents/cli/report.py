"""The command that writes a report pack."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from mali_incidents.cli.options import (
    AsOf,
    Corrections,
    Dates,
    Editions,
    Frame,
    Places,
    Profile,
    Records,
)
from mali_incidents.cli.saying import make_console, say_edition, say_file, say_release, typed_day

_STAGES = {
    "read": "reading the records",
    "locate": "locating them",
    "release": "making the edition",
    "map": "drawing the map",
    "figures": "drawing the figures",
    "data": "writing the data",
    "document": "writing the document",
    "archive": "writing manifest, checksums and zip",
    "leaks": "looking in every file for what is withheld",
}


def report_command(
    records: Records = None,
    out: Annotated[
        Path, typer.Option(help="The folder of the pack; one that stands there is replaced whole.")
    ] = Path("pack"),
    profile: Profile = "internal",
    lang: Annotated[str, typer.Option(help="Language of all of it: en or fr.")] = "en",
    title: Annotated[
        str | None, typer.Option(help="The title; that of coverage.toml by default.")
    ] = None,
    around: Annotated[
        str | None, typer.Option(help="A place for a second map, with distances from it.")
    ] = None,
    radius_km: Annotated[
        float, typer.Option(help="How far that map reaches, in kilometres.")
    ] = 150,
    as_of: AsOf = None,
    template: Annotated[
        Path | None,
        typer.Option(help="Your own DOCX, for its page, header, footer and styles."),
    ] = None,
    editions: Editions = None,
    dates: Dates = "iso",
    frame: Frame = None,
    places: Places = "all",
    corrections: Corrections = None,
) -> None:
    """Write a report pack: map, figures, Word document, data and checksums, as folder and zip."""
    # Heavy libraries only when there is work: `--help` answers at once.
    from mali_incidents.locating import report_records  # noqa: PLC0415

    console = make_console()
    done = report_records(
        records,
        out=out,
        profile=profile,
        lang=lang,
        title=title,
        around=around,
        radius_km=radius_km,
        as_of=None if as_of is None else typed_day(as_of),
        template=template,
        editions=editions,
        dates=dates,
        frame=frame,
        places=places,
        corrections=corrections,
        progress=lambda stage: console.print(f"{_STAGES[stage]} …"),
    )
    console.print()
    say_release(done.read.findings, done.release, console)
    say_edition(done.report.edition, done.report.since, console)
    for file in done.report.files:
        say_file(file, console)
    console.print(f"hand over {escape(str(done.report.archive))}")
