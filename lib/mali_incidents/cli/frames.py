"""The commands for frames of administrative units: add, fetch, list."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from mali_incidents.cli.saying import make_console

if TYPE_CHECKING:
    from mali_incidents.places.added_frames import AddedFrame

_CHECKS_SHOWN = 20

frames_app = typer.Typer(
    help="The administrative units that places are found in.", no_args_is_help=True
)


class FrameSource(StrEnum):
    """Who publishes frames that can be fetched."""

    COD_AB = "cod-ab"
    GEOBOUNDARIES = "geoboundaries"


_FrameName = Annotated[str | None, typer.Option(help="What to call it: letters, digits, hyphens.")]
_Replace = Annotated[bool, typer.Option("--replace", help="Replace the frame of that name.")]


@frames_app.command("add")
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
    _say_frame(added, make_console())


@frames_app.command("fetch")
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
    _say_frame(added, make_console())


@frames_app.command("list")
def frames_list_command() -> None:
    """List the frames that ship and those added."""
    from mali_incidents.places.frames import FRAME_LEVELS, list_frames  # noqa: PLC0415

    console = make_console()
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
