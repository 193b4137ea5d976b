"""What the commands print with, and what several of them say and read."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    import pandas as pd

    from mali_incidents.publish.editions import Edition, Since
    from mali_incidents.release.prepare import Release

# Not printable to Python; French parts its signs from words by one that does not break.
_BLANKS: Final = "\n\N{NO-BREAK SPACE}"


def make_console() -> Console:
    """Make what messages are printed with."""
    # A pipe or a log has no width: a path must not be broken over lines there.
    return Console(highlight=False, soft_wrap=True)


def say_counts(
    located: "pd.DataFrame", findings: "pd.DataFrame", console: Console, *, word: str = "read"
) -> None:
    """Say how many rows there are, what was found in them, and how finely they were located."""
    levels = located["level"].value_counts()
    by_level = ", ".join(f"{level} {count}" for level, count in levels.items()) or "none"
    severities = findings["severity"].value_counts()
    found = ", ".join(f"{severity} {count}" for severity, count in severities.items()) or "none"
    read_as = "".join(
        f" as {name}" for name in findings.loc[findings["code"] == "known-dataset", "value"]
    )
    rows = "row" if len(located) == 1 else "rows"
    console.print(f"[bold]{len(located)}[/bold] {rows} {word}{read_as}; findings: {found}")
    console.print(f"located: {by_level}")


def say_release(findings: "pd.DataFrame", release: "Release", console: Console) -> None:
    """Say how many rows an edition holds, what was found in those read, and what it is."""
    word = "read" if release.profile.keeps_all else "given"
    say_counts(release.located, findings, console, word=word)
    console.print(f"[bold]{escape(release.notice['en'])}[/bold]")


def say_file(file: Path, console: Console) -> None:
    """Say that a file was written, and its size."""
    size = f"{file.stat().st_size / 1000:,.0f} kB"
    console.print(f"  {size:>10}  {escape(str(file))}")


def say_edition(edition: "Edition | None", since: "Since | None", console: Console) -> None:
    """Say that an edition was kept, and what changed since the one before."""
    if edition is None:
        return
    folder = escape(str(edition.folder.parent))
    console.print(f"kept as the edition [bold]{escape(edition.name)}[/bold] in {folder}")
    if since is None:
        console.print(
            f"no edition of the profile {escape(printable(edition.profile))} and an earlier day to "
            "compare it with"
        )
    else:
        for sentence in since.sentences["en"]:
            console.print(escape(printable(sentence)))


def printable(text: str) -> str:
    """Replace what would act on a terminal instead of showing."""
    return "".join(
        one if one.isprintable() or one in _BLANKS else "\N{REPLACEMENT CHARACTER}" for one in text
    )


def typed_day(text: str) -> dt.date:
    """Read a day that a user typed."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"a day is YYYY-MM-DD, got {text!r}") from None
