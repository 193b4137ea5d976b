"""What several commands take, written once."""

from pathlib import Path
from typing import Annotated

import typer

Records = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FILE]",
        help="A file of records (CSV, XLSX, JSON, GeoJSON, Parquet); the shipped ones if none.",
    ),
]
Profile = Annotated[
    str,
    typer.Option(help="What may leave: internal, partner, public, or a TOML file like theirs."),
]
AsOf = Annotated[
    str | None,
    typer.Option(help="The day of the edition, YYYY-MM-DD; as_of of coverage.toml by default."),
]
Dates = Annotated[str, typer.Option(help="How dates are written: iso or day-first.")]
Frame = Annotated[
    str | None, typer.Option(help="The units to locate in: `frames list` says which.")
]
Places = Annotated[
    str, typer.Option(help="The gazetteers to look names up in: all, or shipped for those alone.")
]
Editions = Annotated[
    Path | None,
    typer.Option(
        help="Keep what is given as an edition in this folder, and say what changed since the "
        "last one of its profile."
    ),
]
Corrections = Annotated[
    Path | None,
    typer.Option(help="A file of corrections; corrections.csv beside the records by default."),
]
