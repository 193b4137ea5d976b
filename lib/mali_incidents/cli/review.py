"""The command that lists what a person should look at, and keeps what the person answers."""

import getpass
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from mali_incidents.cli.locate import Corrections, Frame, Places
from mali_incidents.cli.saying import make_console, printable

if TYPE_CHECKING:
    from mali_incidents.places.corrections import Correction
    from mali_incidents.places.frames import AdminFrame

_POINT = re.compile(r"(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)")
_HOW = "a point as latitude, longitude, a unit's id, s to skip it, q to stop"
_NO_WORDS = "(the record names no place)"


def review_command(
    records: Annotated[Path, typer.Argument(metavar="FILE", help="The file of records.")],
    corrections: Corrections = None,
    frame: Frame = None,
    places: Places = "all",
    only_list: Annotated[  # noqa: FBT002 -- a flag
        bool, typer.Option("--list", help="List the open rows and ask nothing.")
    ] = False,
    who: Annotated[str | None, typer.Option(help="Whose answers these are.")] = None,
    lang: Annotated[str, typer.Option(help="Language of the reasons: en or fr.")] = "en",
    dates: Annotated[str, typer.Option(help="How dates are written: iso or day-first.")] = "iso",
) -> None:
    """List the rows whose place is open, with candidates, and keep your answers as corrections."""
    from mali_incidents.locating import open_questions  # noqa: PLC0415
    from mali_incidents.places.corrections import (  # noqa: PLC0415
        add_correction,
        corrections_beside,
    )
    from mali_incidents.places.frames import read_frame  # noqa: PLC0415

    console = make_console()
    file = corrections or corrections_beside(records)
    questions = open_questions(
        records, corrections=file, frame=frame, places=places, lang=lang, dates=dates
    )
    units = read_frame(frame) if frame else read_frame()
    console.print(f"{len(questions)} places are open in {escape(records.name)}")
    kept = 0
    for question in questions:
        console.print()
        said = question.text.strip() or _NO_WORDS
        said = f"{said} ({question.rows} rows)" if question.rows > 1 else said
        console.print(f"[bold]{escape(printable(said))}[/bold]")
        console.print(f"  {escape(printable(question.why))}")
        for number, candidate in enumerate(question.candidates, start=1):
            line = f"{candidate.name} ({candidate.unit}), {candidate.score:.2f}"
            console.print(f"  {number}. {escape(printable(line))}")
        if only_list:
            continue
        answer = _asked(question.candidates, units, who or getpass.getuser())
        if answer is None:
            break
        if answer:
            add_correction(file, question.key, answer[0])
            kept += 1
    if not only_list:
        console.print(f"{kept} answers kept in {escape(str(file))}")


def _asked(candidates: tuple[Any, ...], units: "AdminFrame", who: str) -> "list[Correction] | None":
    """Ask until an answer can be read: a correction, nothing to skip, None to stop."""
    try:
        return _read_answer(candidates, units, who)
    except typer.Abort:
        # Nobody is there to ask, or whoever was has had enough: what was answered is kept.
        return None


def _read_answer(
    candidates: tuple[Any, ...], units: "AdminFrame", who: str
) -> "list[Correction] | None":
    """Read what a person types."""
    from mali_incidents.places.corrections import USUAL_KM, Correction, today  # noqa: PLC0415

    how = f"a number from 1 to {len(candidates)}, {_HOW}" if candidates else _HOW
    while True:
        said = typer.prompt(f"  {how}", default="s", show_default=False).strip()
        if said == "q":
            return None
        if said == "s":
            return []
        name, unit, point = "", "", None
        found = _POINT.fullmatch(said)
        if said.isdecimal() and 1 <= int(said) <= len(candidates):
            chosen = candidates[int(said) - 1]
            name, unit = chosen.name, chosen.unit_id or ""
            point = None if unit else (chosen.latitude, chosen.longitude)
        elif found and _lies_in(units, float(found[1]), float(found[2])):
            point = (float(found[1]), float(found[2]))
        elif said in units.units.index:
            unit = said
        else:
            typer.echo(f"  {said!r} is none of: {how}, in {units.name}")
            continue
        why = typer.prompt("  why", default="", show_default=False)
        latitude, longitude = point or (None, None)
        return [Correction(name, unit, latitude, longitude, USUAL_KM, who, today(), why)]


def _lies_in(units: "AdminFrame", latitude: float, longitude: float) -> bool:
    """Tell whether a point lies in the units."""
    import numpy as np  # noqa: PLC0415

    return units.units_at(np.array([longitude]), np.array([latitude]))[0] is not None
