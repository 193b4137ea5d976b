"""The commands that locate: a file of records, and what a report says of one place."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperCommand

from mali_incidents.cli.options import Corrections, Dates, Frame, Places
from mali_incidents.cli.saying import make_console, printable, say_counts, say_file

if TYPE_CHECKING:
    import pandas as pd

_REFUSED = 3


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
            "--out",
            "-o",
            help="The file to write, by its ending: .csv, .xlsx, .geojson, .gpkg, .kml, .parquet.",
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
    frame: Frame = None,
    places: Places = "all",
    corrections: Corrections = None,
    codes: Annotated[
        str | None, typer.Option(help="Add precision codes as ucdp or acled writes them.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of the reasons: en or fr.")] = "en",
    dates: Dates = "iso",
) -> None:
    """Locate the records of a file and write them with where, how sure, and why."""
    from mali_incidents.locating import locate_file  # noqa: PLC0415
    from mali_incidents.records.mapping import columns_from_words  # noqa: PLC0415

    report = locate_file(
        records,
        out=out,
        columns=columns_from_words(column or []),
        names_only=names_only,
        frame=frame,
        places=places,
        corrections=corrections,
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


class WhereCommand(TyperCommand):
    """The command `where`: a text may begin with a dash, as "-5 km" does."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take what begins with one dash for the text; every option has two."""
        if "--" not in args:
            dashed = [word for word in args if word[:1] == "-" and word[1:2] not in {"", "-"}]
            if dashed:
                args = [word for word in args if word not in dashed] + ["--", *dashed]
        return super().parse_args(ctx, args)


def where_command(
    text: Annotated[str, typer.Argument(help="A place as a report writes it, English or French.")],
    admin1: Annotated[str | None, typer.Option(help="The region it is in.")] = None,
    admin2: Annotated[str | None, typer.Option(help="The cercle it is in.")] = None,
    admin3: Annotated[str | None, typer.Option(help="The commune it is in.")] = None,
    frame: Frame = None,
    places: Places = "all",
    map_file: Annotated[
        Path | None, typer.Option("--map", help="Draw the answer as an HTML map into this file.")
    ] = None,
    as_json: Annotated[  # noqa: FBT002 -- a flag
        bool, typer.Option("--json", help="Say the same as JSON.")
    ] = False,
    lang: Annotated[str, typer.Option(help="Language of the reason and the map: en or fr.")] = "en",
) -> None:
    """Say where a report's place is, how sure that is, and why; exit code 3 for a refusal."""
    from mali_incidents.locating import locate_words  # noqa: PLC0415
    from mali_incidents.publish.files import describe_answers  # noqa: PLC0415

    units = {"admin1": admin1, "admin2": admin2, "admin3": admin3}
    found = locate_words(
        text, units=units, frame=frame, places=places, lang=lang, map_file=map_file
    )
    said = describe_answers(found, lang=lang)
    if as_json:
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        console = make_console()
        for number, answer in enumerate(said):
            if number:
                console.print("[bold]also named[/bold]")
            _say_answer(answer, console)
        if map_file is not None:
            say_file(map_file, console)
    if found.iloc[0]["level"] == "none":
        raise typer.Exit(_REFUSED)


def _say_answer(answer: dict[str, Any], console: Console) -> None:
    """Print an answer, a line for each thing that is known."""
    for name, value in answer.items():
        if name == "candidates":
            for number, candidate in enumerate(value, start=1):
                km = candidate["distance_km"]
                away = f", {km:g} km from the first" if km is not None else ""
                line = f"{candidate['name']} ({candidate['unit']}), {candidate['score']:.2f}{away}"
                console.print(f"  candidate {number}: {escape(printable(line))}")
        elif value not in (None, ""):
            console.print(f"  {name}: {escape(printable(str(value)))}")


def _say_wrong(findings: "pd.DataFrame", console: Console) -> None:
    """Say each kind of error and warning once, with the first row it was found in."""
    wrong = findings[findings["severity"] != "note"]
    kinds = ["severity", "column", "message"]
    for (severity, column, message), rows in wrong.groupby(kinds, sort=False):
        where = f"row {rows['dataset_row'].iloc[0]}" + (" and others" if len(rows) > 1 else "")
        said = f"  {severity} × {len(rows)}: {column} ({where}): {message}"
        console.print(escape(printable(said)))
