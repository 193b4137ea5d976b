"""The command: one thin function each, messages for people, never a traceback."""

import sys
from importlib import metadata
from typing import Annotated

import typer

from mali_incidents.cli.build import build_command
from mali_incidents.cli.frames import frames_app
from mali_incidents.cli.locate import locate_command, where_command
from mali_incidents.cli.places import places_app
from mali_incidents.cli.review import review_command
from mali_incidents.cli.saying import printable
from mali_incidents.errors import MaliIncidentsError

app = typer.Typer(
    help="Locate incident records in Mali's administrative units and draw them as one-file maps.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("build")(build_command)
app.command("locate")(locate_command)
app.command("where")(where_command)
app.command("review")(review_command)
app.add_typer(places_app, name="places")
app.add_typer(frames_app, name="frames")


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


def main() -> None:
    """Run the command; a refusal is a message on stderr and exit code 2."""
    try:
        app()
    except MaliIncidentsError as error:
        print(f"mali-incidents: {printable(str(error))}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print("mali-incidents: stopped; files already written are whole", file=sys.stderr)  # noqa: T201
        raise SystemExit(130) from None
