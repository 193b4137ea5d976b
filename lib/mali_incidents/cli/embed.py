"""The command that writes what puts a map into a page of others."""

import os
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from mali_incidents.cli.saying import make_console, say_file


def embed_command(
    maps: Annotated[
        list[Path],
        typer.Argument(metavar="MAP...", help="Saved maps (HTML); several only as a fragment."),
    ],
    kind: Annotated[
        str,
        typer.Option(
            help="frame (a file beside the page), inline (the map inside the frame), markdown (for "
            "pandoc and Quarto: a picture on paper), or fragment (in the page itself)."
        ),
    ] = "frame",
    at: Annotated[
        str | None,
        typer.Option(
            help="The address of the map as the page finds it; by default its name, or its way "
            "from the file that is written."
        ),
    ] = None,
    picture: Annotated[
        str | None,
        typer.Option(
            help="The address of its still picture; pictures/NAME.png beside it by default."
        ),
    ] = None,
    height: Annotated[int, typer.Option(help="How tall it is at most, in CSS pixels.")] = 640,
    libraries: Annotated[  # noqa: FBT002 -- a flag
        bool,
        typer.Option(help="Whether a fragment brings the scripts that all maps of a page need."),
    ] = True,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The file to write; else it is printed.")
    ] = None,
) -> None:
    """Write what puts a map into a web page, a notebook, a blog, or a Quarto report."""
    # Heavy libraries only when there is work: `--help` answers at once.
    from mali_incidents.publish.embed import embed  # noqa: PLC0415
    from mali_incidents.storage import write_text  # noqa: PLC0415

    if out is not None and at is None and len(maps) == 1 and kind in {"frame", "markdown"}:
        at = quote(Path(os.path.relpath(maps[0], out.parent)).as_posix())
    text = embed(maps, kind=kind, at=at, picture=picture, height=height, libraries=libraries)
    if out is None:
        typer.echo(text, nl=False)
    else:
        say_file(write_text(out, text), make_console())
