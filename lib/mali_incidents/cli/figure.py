"""The command that draws a file of records on paper."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from mali_incidents.cli.locate import Corrections, Frame, Places
from mali_incidents.cli.saying import make_console, say_counts, say_file


def figure_command(
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The file to write: .pdf, .svg or .png.")
    ],
    records: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A file of records; the shipped ones if none."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(help="Small maps by month, year or event_type; an atlas by cercle."),
    ] = None,
    between: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="FIRST LAST", help="First and last month (2025-01) or year (2025)."),
    ] = None,
    around: Annotated[
        str | None, typer.Option(help='A place, or "latitude, longitude" in degrees.')
    ] = None,
    radius: Annotated[float, typer.Option(help="How far round it, in kilometres.")] = 150,
    way_to: Annotated[str | None, typer.Option(help="A place to draw the way to.")] = None,
    title: Annotated[str | None, typer.Option(help="The title.")] = None,
    page: Annotated[
        str | None, typer.Option(help="The page: a4 (the default), a4-portrait or slide.")
    ] = None,
    dpi: Annotated[float, typer.Option(help="Dots per inch of a PNG.")] = 200,
    filters: Annotated[
        str | None, typer.Option(help="What was chosen of the records, in words, below the title.")
    ] = None,
    notice: Annotated[
        str | None, typer.Option(help='A line at the top, e.g. "Internal - not for publication".')
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of the figure: en or fr.")] = "en",
    dates: Annotated[str, typer.Option(help="How dates are written: iso or day-first.")] = "iso",
    frame: Frame = None,
    places: Places = "all",
    corrections: Corrections = None,
) -> None:
    """Draw the records of a file as a figure for print or a slide."""
    # Heavy libraries only when there is work: `--help` answers at once.
    from mali_incidents.drawing import draw_file  # noqa: PLC0415

    report = draw_file(
        records,
        out=out,
        by=by,
        between=between,
        around=around,
        radius_km=radius,
        way_to=way_to,
        title=title,
        page=page,
        dpi=dpi,
        filters=filters,
        notice=notice,
        lang=lang,
        dates=dates,
        frame=frame,
        places=places,
        corrections=corrections,
    )
    console = make_console()
    say_counts(report.located, report.findings, console)
    console.print(f"units: {escape(report.frame)}; places: {escape(report.gazetteer)}")
    for file in report.files:
        say_file(file, console)
