"""The commands for gazetteers: add, fetch, list."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from mali_incidents.cli.saying import make_console

if TYPE_CHECKING:
    from mali_incidents.places.added_places import AddedPlaces

places_app = typer.Typer(help="The gazetteers that names are looked up in.", no_args_is_help=True)
fetch_places_app = typer.Typer(help="Fetch a gazetteer and add it.", no_args_is_help=True)
places_app.add_typer(fetch_places_app, name="fetch")


@places_app.command("add")
def add_places_command(
    file: Annotated[
        Path,
        typer.Argument(
            help="A file of named places: CSV (also .gz), GeoPackage or GeoJSON, OCHA's "
            "settlements, GeoNames' ML.txt or ML.zip."
        ),
    ],
    name: Annotated[str | None, typer.Option(help="What to call the gazetteer.")] = None,
    columns: Annotated[
        str | None,
        typer.Option(help="Which column is which: name=…,latitude=…,longitude=…,admin1=…"),
    ] = None,
    source: Annotated[str | None, typer.Option(help="Whose the file is.")] = None,
    licence: Annotated[str | None, typer.Option(help="Its licence.")] = None,
    replace: Annotated[  # noqa: FBT002 -- a flag
        bool, typer.Option("--replace", help="Take the place of a gazetteer of that name.")
    ] = False,
) -> None:
    """Check a file of places and use it from now on."""
    from mali_incidents.places.added_places import add_places  # noqa: PLC0415

    added = add_places(
        file,
        name=name,
        columns=_columns(columns),
        source=source,
        licence=licence,
        replace=replace,
    )
    _say_added(added)


@fetch_places_app.command("geonames")
def fetch_geonames_command(
    url: Annotated[str | None, typer.Option(help="Where ML.zip is, if not at GeoNames.")] = None,
) -> None:
    """Fetch GeoNames' places of Mali (CC BY 4.0), check them and use them from now on."""
    from mali_incidents.places.added_places import GEONAMES_URL, fetch_geonames  # noqa: PLC0415
    from mali_incidents.remote import progress_bar  # noqa: PLC0415

    with progress_bar("GeoNames") as progress:
        added = fetch_geonames(url=url or GEONAMES_URL, progress=progress)
    _say_added(added)


@places_app.command("list")
def list_places_command() -> None:
    """List the gazetteers that are used."""
    from mali_incidents.places.gazetteer import list_gazetteers  # noqa: PLC0415

    console = make_console()
    for one in list_gazetteers():
        console.print(
            f"[bold]{one.name}[/bold]  {one.places:,} places of {one.rows:,} rows; "
            f"{one.mended} mended, {one.flagged} flagged"
        )
        console.print(f"  {escape(one.source)}; {escape(one.licence)}; {one.date}")


def _columns(text: str | None) -> dict[str, str] | None:
    """Read which column is which: field=column, parted by commas."""
    if text is None:
        return None
    # A column's own name may hold a comma; what follows a parting one is a field and "=".
    pairs = [part.partition("=") for part in re.split(r",(?=\s*\w+\s*=)", text)]
    return {field.strip(): column.strip() for field, _, column in pairs}


def _say_added(added: "AddedPlaces") -> None:
    """Say what was kept, what was found wrong, and where to read each row's finding."""
    from mali_incidents.publish.files import write_table  # noqa: PLC0415

    source = added.source
    findings = write_table(added.findings, added.folder / "findings.csv")
    console = make_console()
    console.print(
        f"[bold]{source.name}[/bold]: {source.places:,} places kept of {source.rows:,} rows; "
        f"{source.mended} mended, {source.flagged} flagged"
    )
    for code, count in source.found.items():
        console.print(f"  {code}: {count:,}")
    console.print(f"each row is listed in {escape(str(findings))}")
    console.print(f"source: {escape(source.source)}; licence: {escape(source.licence)}")
    console.print(f"used from now on; to leave it out, delete {escape(str(added.folder))}")
