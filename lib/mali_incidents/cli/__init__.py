"""The command: one thin function each, messages for people, never a traceback."""

import os
import sys
import traceback
from importlib import metadata
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from mali_incidents.cli.build import build_command
from mali_incidents.cli.editions import editions_app
from mali_incidents.cli.embed import embed_command
from mali_incidents.cli.figure import figure_command
from mali_incidents.cli.frames import frames_app
from mali_incidents.cli.locate import WhereCommand, locate_command, where_command
from mali_incidents.cli.places import places_app
from mali_incidents.cli.report import report_command
from mali_incidents.cli.review import review_command
from mali_incidents.cli.saying import printable
from mali_incidents.errors import MaliIncidentsError

# Set to anything, it shows where an error of the command's own arose.
_TRACEBACK: Final = "MALI_INCIDENTS_TRACEBACK"


class _Commands(TyperGroup):
    """The commands; stopping one is a message, before typer ends it without a word."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            _complain("stopped; what stood there before still stands")
            raise typer.Exit(130) from None


app = typer.Typer(
    cls=_Commands,
    help="Locate incident records in Mali's administrative units and draw them as one-file maps.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("build")(build_command)
app.command("figure")(figure_command)
app.command("report")(report_command)
app.command("locate")(locate_command)
app.command("where", cls=WhereCommand)(where_command)
app.command("review")(review_command)
app.command("embed")(embed_command)
app.add_typer(places_app, name="places")
app.add_typer(frames_app, name="frames")
app.add_typer(editions_app, name="editions")


def _version(wanted: bool) -> None:  # noqa: FBT001 -- typer calls it so
    """Print the version and stop."""
    if wanted:
        typer.echo(metadata.version("mali-incidents"))
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[  # noqa: FBT002 -- its callback does the work
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """Take the options before the command."""


def _complain(message: str) -> None:
    """Say on stderr what is wrong."""
    print(f"mali-incidents: {printable(message)}", file=sys.stderr)  # noqa: T201


def main() -> None:
    """Run the command; a refusal is a message on stderr and exit code 2."""
    try:
        app()
    except MaliIncidentsError as error:
        _complain(str(error))
        raise SystemExit(2) from None
    except MemoryError:
        _complain("there is not enough memory for this: give it fewer records at a time")
        raise SystemExit(1) from None
    except Exception as error:  # noqa: BLE001 -- the last resort: no traceback to a user
        if os.environ.get(_TRACEBACK):
            _complain(traceback.format_exc())
        _complain(
            f"an error of its own, not of yours: {type(error).__name__}: {error}. Please report "
            f"it to the maintainers, with what {_TRACEBACK}=1 before the command shows."
        )
        raise SystemExit(1) from None
