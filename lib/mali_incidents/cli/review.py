"""The command that lists what a person should look at, and keeps what the person answers."""

import getpass
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape

from mali_incidents.cli.options import Corrections, Dates, Frame, Places
from mali_incidents.cli.saying import make_console, printable
from mali_incidents.errors import LocateError

if TYPE_CHECKING:
    from mali_incidents.locating import OpenQuestion
    from mali_incidents.places.choices import Choice
    from mali_incidents.places.frames import AdminFrame
    from mali_incidents.tables import Candidate

_WORDS: Final = {
    "open": {"en": "open places in {file}: {n}", "fr": "lieux à trancher dans {file} : {n}"},
    "rows": {"en": "({n} rows)", "fr": "({n} lignes)"},
    "no-words": {"en": "(the record names no place)", "fr": "(le relevé ne nomme aucun lieu)"},
    "not-asked": {
        "en": "nothing to correct it by: give it words or a unit in the records",
        "fr": "rien à quoi rattacher une correction : donnez-lui un texte ou une unité dans les "
        "relevés",
    },
    "how": {
        "en": "Answer with a number of the list, a point (latitude, longitude), a unit's id or "
        "name, s to skip, q to stop, ? to read this again. A point is kept with a radius of "
        "{usual:g} km unless you add one: “12.2, -8.6, 5 km”, or “2, 5 km” for number 2.",
        "fr": "Répondez par un numéro de la liste, un point (latitude, longitude), l’identifiant "
        "ou le nom d’une unité, s pour passer, q pour arrêter, ? pour relire ceci. Un point est "
        "gardé avec un rayon de {usual:g} km, sauf si vous en ajoutez un : « 12.2, -8.6, 5 km », "
        "ou « 2, 5 km » pour le numéro 2.",
    },
    "where": {"en": "where [s]", "fr": "où [s]"},
    "why": {"en": "why (may be blank)", "fr": "pourquoi (peut rester vide)"},
    "unit-kept": {"en": "kept: {name} ({unit_id})", "fr": "gardé : {name} ({unit_id})"},
    "point-kept": {
        "en": "kept: latitude {latitude:g}, longitude {longitude:g}, within {radius_km:g} km",
        "fr": "gardé : latitude {latitude:g}, longitude {longitude:g}, à {radius_km:g} km près",
    },
    "kept": {"en": "answers kept in {file}: {n}", "fr": "réponses gardées dans {file} : {n}"},
}
_SKIP, _STOP, _HELP = "s", "q", "?"


def review_command(
    records: Annotated[Path, typer.Argument(metavar="FILE", help="The file of records.")],
    corrections: Corrections = None,
    frame: Frame = None,
    places: Places = "all",
    only_list: Annotated[  # noqa: FBT002 -- a flag
        bool, typer.Option("--list", help="List the open rows and ask nothing.")
    ] = False,
    who: Annotated[str | None, typer.Option(help="Whose answers these are.")] = None,
    lang: Annotated[
        str, typer.Option(help="Language of the questions and reasons: en or fr.")
    ] = "en",
    dates: Dates = "iso",
) -> None:
    """List the rows whose place is open, with candidates, and keep your answers as corrections."""
    from mali_incidents.locating import open_questions  # noqa: PLC0415
    from mali_incidents.places.corrections import (  # noqa: PLC0415
        USUAL_KM,
        Correction,
        add_correction,
        corrections_beside,
        today,
    )
    from mali_incidents.places.frames import read_frame  # noqa: PLC0415

    console = make_console()
    file = corrections or corrections_beside(records)
    questions = open_questions(
        records, corrections=file, frame=frame, places=places, lang=lang, dates=dates
    )
    units = read_frame(frame) if frame else read_frame()
    how = _say("how", lang, usual=USUAL_KM)
    console.print(escape(_say("open", lang, file=printable(records.name), n=len(questions))))
    if questions and not only_list:
        console.print(escape(how))
    kept = 0
    for question in questions:
        _show(question, lang, console)
        if only_list:
            continue
        if not question.can_be_kept:
            console.print(f"  {escape(_say('not-asked', lang))}")
            continue
        answer = _ask(question.candidates, units, how, lang)
        if answer is None:
            break
        if answer:
            choice, why = answer[0]
            correction = Correction(*choice, who=who or _user(), when=today(), why=why)
            # At once: whoever stops now has lost nothing.
            add_correction(file, question.key, correction)
            kept += 1
            code = "unit-kept" if choice.unit_id else "point-kept"
            console.print(f"  {escape(printable(_say(code, lang, **choice._asdict())))}")
    if not only_list:
        console.print(escape(_say("kept", lang, file=printable(str(file)), n=kept)))


def _show(question: "OpenQuestion", lang: str, console: Console) -> None:
    """Print what is open, and what it may mean."""
    said = question.text.strip() or _say("no-words", lang)
    if question.rows > 1:
        said = f"{said} {_say('rows', lang, n=question.rows)}"
    console.print()
    console.print(f"[bold]{escape(printable(said))}[/bold]")
    console.print(f"  {escape(printable(question.why))}")
    for number, one in enumerate(question.candidates, start=1):
        at = one.unit_id or f"{one.latitude:g}, {one.longitude:g}"
        line = f"{one.name} ({one.unit}), {one.score:.2f}, {at}"
        console.print(f"  {number}. {escape(printable(line))}")


def _ask(
    candidates: "tuple[Candidate, ...]", units: "AdminFrame", how: str, lang: str
) -> "list[tuple[Choice, str]] | None":
    """Ask until an answer can be read: a choice and why, nothing to skip, None to stop."""
    from mali_incidents.places.choices import read_choice  # noqa: PLC0415

    while True:
        try:
            said = typer.prompt(f"  {_say('where', lang)}", default=_SKIP, show_default=False)
        except typer.Abort:
            # Nobody is there to ask, or whoever was has had enough: what was answered is kept.
            typer.echo()
            return None
        said = said.strip()
        if said == _STOP:
            return None
        if said == _SKIP:
            return []
        if said == _HELP:
            typer.echo(how)
            continue
        try:
            choice = read_choice(said, candidates=candidates, frame=units, lang=lang)
        except LocateError as refused:
            typer.echo(printable(f"  {refused}"))
            continue
        try:
            why = typer.prompt(f"  {_say('why', lang)}", default="", show_default=False)
        except typer.Abort as stopped:
            typer.echo()
            if isinstance(stopped.__context__, KeyboardInterrupt):
                return None
            # The end of the input: the answer itself was given.
            why = ""
        return [(choice, why)]


def _user() -> str:
    """Name the user; a system may not know."""
    with suppress(KeyError, OSError):
        return getpass.getuser()
    return ""


def _say(code: str, lang: str, **values: object) -> str:
    """Say something of the dialogue in a language."""
    return _WORDS[code][lang].format(**values)
