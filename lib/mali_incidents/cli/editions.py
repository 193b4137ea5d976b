"""The commands for editions: keep one, list them, compare two."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from mali_incidents.cli.options import Corrections, Dates, Frame, Places
from mali_incidents.cli.saying import make_console, printable, say_counts, say_file, typed_day

editions_app = typer.Typer(
    help="What the records said on a day, kept for ever, and what changed since.",
    no_args_is_help=True,
)

_Folder = Annotated[Path, typer.Option("--editions", help="The folder of editions.")]
_EDITIONS = Path("editions")


@editions_app.command("keep")
def editions_keep_command(
    records: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A file of records; the shipped ones if none."),
    ] = None,
    editions: _Folder = _EDITIONS,
    as_of: Annotated[
        str | None,
        typer.Option(
            help="The day the records were closed, YYYY-MM-DD; as_of of coverage.toml by default."
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(help="What to call it; the day by default.")] = None,
    dates: Dates = "iso",
    frame: Frame = None,
    places: Places = "all",
    corrections: Corrections = None,
) -> None:
    """Locate the records of a file and keep them as an edition, which is never changed."""
    from mali_incidents.locating import locate_records  # noqa: PLC0415
    from mali_incidents.publish.editions import closing_day, keep_edition  # noqa: PLC0415

    given = None if as_of is None else typed_day(as_of)
    read = locate_records(records, dates=dates, frame=frame, places=places, corrections=corrections)
    day = closing_day(given, coverage=read.coverage)
    edition = keep_edition(read.located, editions, as_of=day, name=name, coverage=read.coverage)
    console = make_console()
    say_counts(read.located, read.findings, console)
    console.print(f"kept as the edition [bold]{escape(edition.name)}[/bold]")
    for file in sorted(edition.folder.iterdir()):
        say_file(file, console)


@editions_app.command("list")
def editions_list_command(editions: _Folder = _EDITIONS) -> None:
    """List the editions kept in a folder, the oldest first."""
    from mali_incidents.publish.editions import read_editions  # noqa: PLC0415

    console = make_console()
    kept = read_editions(editions)
    if not kept:
        console.print(f"no editions in {escape(str(editions))}")
    for edition in kept:
        console.print(
            f"[bold]{escape(edition.name)}[/bold]: {edition.rows} "
            f"incident{'' if edition.rows == 1 else 's'}, as of {edition.as_of}, "
            f"{escape(printable(edition.profile))}"
        )


@editions_app.command("compare")
def editions_compare_command(
    before: Annotated[str, typer.Argument(help="The older edition, by its name.")],
    after: Annotated[str, typer.Argument(help="The newer one.")],
    editions: _Folder = _EDITIONS,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write the table of changes as CSV here.")
    ] = None,
    map_file: Annotated[
        Path | None, typer.Option("--map", help="Draw the changes over an HTML map here.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Language: en or fr.")] = "en",
) -> None:
    """Say what was added, changed, withdrawn and moved between two editions."""
    from mali_incidents.locating import draw_changes  # noqa: PLC0415
    from mali_incidents.publish.editions import (  # noqa: PLC0415
        changes_table,
        compare_editions,
        comparison_sentences,
        find_editions,
    )
    from mali_incidents.publish.files import write_table  # noqa: PLC0415

    comparison = compare_editions(*find_editions(editions, [before, after]))
    said = comparison_sentences(comparison, lang=lang)
    console = make_console()
    for sentence in said:
        console.print(escape(printable(sentence)))
    if out is not None:
        say_file(write_table(changes_table(comparison), out), console)
    if map_file is not None:
        draw_changes(comparison, map_file, lang=lang)
        say_file(map_file, console)
