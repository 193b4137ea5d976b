"""The commands that locate: a file of records, and what a report says of one place."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from mali_incidents.cli.saying import make_console, printable, say_counts, say_file

if TYPE_CHECKING:
    import pandas as pd


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
    console = make_console()
    say_counts(report.located, report.findings, console)
    _say_wrong(report.findings, console)
    refused = int((report.located["level"] == "none").sum())
    console.print(f"refused, because the place is not known: {refused}")
    console.print(f"units: {escape(report.frame)}; places: {escape(report.gazetteer)}")
    say_file(report.file, console)


def _say_wrong(findings: "pd.DataFrame", console: Console) -> None:
    """Say each kind of error and warning once, with the first row it was found in."""
    wrong = findings[findings["severity"] != "note"]
    kinds = ["severity", "column", "message"]
    for (severity, column, message), rows in wrong.groupby(kinds, sort=False):
        where = f"row {rows['dataset_row'].iloc[0]}" + (" and others" if len(rows) > 1 else "")
        said = f"  {severity} × {len(rows)}: {column} ({where}): {message}"
        console.print(escape(printable(said)))
