"""The command that draws a file of records on paper."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from mali_incidents.cli.options import AsOf, Corrections, Dates, Frame, Places, Profile, Records
from mali_incidents.cli.saying import make_console, say_file, say_release, typed_day

_STAGES = {
    "read": "reading and locating the records",
    "release": "making the edition",
    "draw": "drawing",
    "leaks": "looking in every file for what is withheld",
}


def figure_command(
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The file to write: .pdf, .svg or .png.")
    ],
    records: Records = None,
    profile: Profile = "internal",
    by: Annotated[
        str | None,
        typer.Option(help="Small maps by month, year or event_type; an atlas (PDF) by cercle."),
    ] = None,
    between: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="FIRST LAST",
            help="First and last of the small maps: 2025-01 2025-06 by month, 2023 2025 by year.",
        ),
    ] = None,
    around: Annotated[
        str | None, typer.Option(help='A place, or "latitude, longitude" in degrees.')
    ] = None,
    radius_km: Annotated[
        float, typer.Option(help="How far round it the map reaches, in kilometres.")
    ] = 150,
    way_to: Annotated[
        str | None, typer.Option(help="A place to draw the way to from there, with how far it is.")
    ] = None,
    title: Annotated[
        str | None, typer.Option(help="The title; what the map shows by default.")
    ] = None,
    page: Annotated[
        str | None, typer.Option(help="The page: a4 (the default), a4-portrait or slide.")
    ] = None,
    dpi: Annotated[float, typer.Option(help="Dots per inch of a PNG.")] = 200,
    filters: Annotated[
        str | None, typer.Option(help="What was chosen of the records, in words, below the title.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of the figure: en or fr.")] = "en",
    as_of: AsOf = None,
    dates: Dates = "iso",
    frame: Frame = None,
    places: Places = "all",
    corrections: Corrections = None,
) -> None:
    """Draw the records of a file as a figure for print or a slide."""
    # Heavy libraries only when there is work: `--help` answers at once.
    from mali_incidents.drawing import draw_file  # noqa: PLC0415

    console = make_console()
    done = draw_file(
        records,
        out=out,
        profile=profile,
        by=by,
        between=between,
        around=around,
        radius_km=radius_km,
        way_to=way_to,
        title=title,
        page=page,
        dpi=dpi,
        filters=filters,
        lang=lang,
        as_of=None if as_of is None else typed_day(as_of),
        dates=dates,
        frame=frame,
        places=places,
        corrections=corrections,
        progress=lambda stage: console.print(f"{_STAGES[stage]} …"),
    )
    console.print()
    say_release(done.read.findings, done.release, console)
    console.print(
        f"units: {escape(done.read.frame.name)}; places: {escape(done.read.gazetteer.name)}"
    )
    for file in done.files:
        say_file(file, console)
