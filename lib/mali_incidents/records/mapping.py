"""Whose columns a file has, and which of them fills which column of the incident table."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from mali_incidents.errors import ReadError
from mali_incidents.records.fields import fold_word, is_blank
from mali_incidents.records.rows import Row
from mali_incidents.records.sources import SOURCE_COLUMN
from mali_incidents.tables import INCIDENTS, REQUIRED_IN_FILES

# Of a header in a message: how many names, and how much of each.
_MOST, _LONGEST = 30, 40
_TARGETS: Final = tuple(name for name in INCIDENTS.columns if name != "dataset_row")


def _no_version(_: str) -> str | None:
    """Say that the name of a file tells no version."""
    return None


class Dataset(NamedTuple):
    """A dataset as its publisher exports it.

    Attributes
    ----------
    name : str
        What it is called in the incident table.
    marks : frozenset of str
        The columns it is known by.
    columns : dict of str to str
        For each column of the incident table that it fills, the column that is read for it.
    derive : callable
        Gives the cells of a row that are not copied as they are: codes, dates, lists. What it
        cannot read it leaves as it stands, so that it is found unreadable by its own text.
    version : callable
        Gives the version by the name of the file, None where that does not tell.
    """

    name: str
    marks: frozenset[str]
    columns: dict[str, str]
    derive: Callable[[Row], Row]
    version: Callable[[str], str | None] = _no_version


def column_name(column: str) -> str:
    """Fold a column's name as a file writes it to the way the tables write it."""
    return fold_word(column).replace(" ", "_").replace("-", "_")


def decode(cell: str | None, meanings: Mapping[str, str]) -> str | None:
    """Give what a code means; a code without a meaning stays as it is."""
    return None if cell is None else meanings.get(_bare(cell), cell)


def prefixed(prefix: str, cell: str | None) -> str | None:
    """Put the scheme before an id or code, so that those of two datasets never meet."""
    return None if cell is None or is_blank(cell) else f"{prefix}{_bare(cell)}"


def split_list(cell: str | None) -> list[str]:
    """Part a list that is written with semicolons; blank parts keep their place."""
    return [] if cell is None or is_blank(cell) else [part.strip() for part in cell.split(";")]


def _bare(cell: str) -> str:
    """Give a code without blanks, and without the decimal a table of numbers puts behind it."""
    return cell.strip().removesuffix(".0")


def match_columns(
    header: list[str],
    *,
    columns: Mapping[str, str | None],
    dataset: Dataset | None,
    file: str,
    empty: bool,
) -> dict[str, str]:
    """Match the incident table's columns to those of a file.

    Parameters
    ----------
    header : list of str
        The file's columns.
    columns : mapping of str to str or None
        What was asked: for a column of the table the file's column, or None to leave it out.
    dataset : Dataset or None
        The dataset the file is from; None for the table's own names, whatever their case, accents
        and blanks.
    file : str
        The file's name.
    empty : bool
        Whether there are no rows below the header.

    Returns
    -------
    dict of str to str
        For each column of the table that the file fills, the file's column.

    Raises
    ------
    ReadError
        When a required column is missing, two columns claim one name, a column asked for is not
        there, or there are no rows. The message lists all that is wrong.
    """
    spelled = {column_name(column): column for column in header}
    asked = {name: column for name, column in columns.items() if column is not None}
    # Whoever names a source means it instead of the dataset's list, not behind it.
    replaced = {*columns, *(["sources"] if any(map(SOURCE_COLUMN.fullmatch, columns)) else [])}
    pairs = [pair for pair in _by_name(header, dataset) if pair[0] not in replaced]
    pairs += [
        (name, spelled[column_name(column)])
        for name, column in asked.items()
        if column_name(column) in spelled
    ]
    claims = Counter(name for name, _ in pairs)
    written = Counter(filter(None, header))
    troubles = {
        "is without the required column(s)": [
            name for name in REQUIRED_IN_FILES if name not in claims and name not in asked
        ],
        "has more than one column called": dict.fromkeys(
            name for counted in (written, claims) for name, count in counted.items() if count > 1
        ),
        "does not have the column(s) asked for,": [
            column for column in asked.values() if column_name(column) not in spelled
        ],
        "cannot fill what is no column of the incident table,": [
            name for name in columns if not _is_target(name)
        ],
    }
    wrong = [f"{trouble} {_listed(names)}" for trouble, names in troubles.items() if names]
    if empty:
        wrong.append("has a header but no rows")
    if wrong:
        raise ReadError(
            f"{file} {' and '.join(wrong)}. It has: {_listed(header) or 'no columns'}. "
            "Mend the header, with at least one row below it, or say which of its columns to read "
            "(columns={'location_text': 'place'}, on the command line --column "
            "location_text=place); data/incidents/codebook.md describes the columns."
        )
    return dict(pairs)


def _listed(names: Iterable[str]) -> str:
    """List names, each cut and no more of them than a message can hold."""
    every = [name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…" for name in names]
    more = [f"and {len(every) - _MOST} more"] if len(every) > _MOST else []
    return ", ".join(every[:_MOST] + more)


def _by_name(header: list[str], dataset: Dataset | None) -> list[tuple[str, str]]:
    """Pair columns of the table with those of the file, by the dataset's names or the table's."""
    if dataset is not None:
        return [(name, column) for name, column in dataset.columns.items() if column in header]
    return [(name, column) for column in header if _is_target(name := column_name(column))]


def _is_target(name: str) -> bool:
    """Tell whether a name is a column that a file may fill."""
    return name in _TARGETS or SOURCE_COLUMN.fullmatch(name) is not None


def columns_from_words(words: Iterable[str]) -> dict[str, str | None]:
    """Read a mapping as it is written on the command line.

    Parameters
    ----------
    words : iterable of str
        Each ``"location_text=where_description"``; nothing after the sign leaves the column out.

    Returns
    -------
    dict of str to str or None
        What :func:`match_columns` takes.

    Raises
    ------
    ReadError
        When a word has no sign, or a column is mapped twice; all at once.
    """
    parted = {word: [part.strip() for part in word.partition("=")] for word in words}
    wrong = [
        f"{word!r} is no mapping" for word, (name, sign, _) in parted.items() if not (sign and name)
    ]
    times = Counter(name for name, _, _ in parted.values() if name)
    wrong += [f"{name!r} is mapped {count} times" for name, count in times.items() if count > 1]
    if wrong:
        raise ReadError(
            f"{'; '.join(wrong)}. Write our column, = and the file's column, e.g. "
            "--column location_text=where_description, or --column admin2= to leave it out."
        )
    return {name: column or None for name, _, column in parted.values()}
