"""Sources of a record: one list in the table, numbered columns in a flat file."""

import re
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from mali_incidents.tables import Source

SOURCE_COLUMN: Final = re.compile(r"source_(\d+)_(name|url|published)")


def sources_to_columns(sources: pd.Series) -> pd.DataFrame:
    """Spread lists of sources over numbered columns.

    Parameters
    ----------
    sources : pandas.Series of list of Source
        One list a row.

    Returns
    -------
    pandas.DataFrame
        ``source_1_name``, ``source_1_url``, ``source_1_published``, ``source_2_name`` … with the
        index of ``sources``; missing where a row has fewer.
    """
    most = max((len(cell) for cell in sources), default=0)
    columns = {
        f"source_{number + 1}_{field}": [
            cell[number][place] if number < len(cell) else None for cell in sources
        ]
        for number in range(most)
        for place, field in enumerate(Source._fields)
    }
    return pd.DataFrame(columns, index=sources.index, dtype="str")


def sources_from_columns(rows: pd.DataFrame) -> pd.Series:
    """Gather numbered columns of sources into one list a row.

    Parameters
    ----------
    rows : pandas.DataFrame
        Text columns named as :func:`sources_to_columns` names them, any of them, in any order.

    Returns
    -------
    pandas.Series of list of Source
        A source without a name goes by its address; one with neither is left out.
    """
    found = (SOURCE_COLUMN.fullmatch(str(name)) for name in rows.columns)
    numbers = sorted({int(match[1]) for match in found if match})
    lists = []
    for row in rows.to_dict("records"):
        parts = (
            {field: row.get(f"source_{number}_{field}") for field in Source._fields}
            for number in numbers
        )
        lists.append([source for source in map(as_source, parts) if source])
    return pd.Series(lists, index=rows.index, dtype="object")


def as_source(given: Any) -> Source | None:
    """Make a source of what a file says of it, or None where that is nothing or no source.

    It is an object with name, url and published, or a list of these three, as other tools write
    the table's own.
    """
    if isinstance(given, list) and len(given) == len(Source._fields):
        given = dict(zip(Source._fields, given, strict=True))
    if not isinstance(given, Mapping):
        return None
    texts = {field: _text(given.get(field)) for field in Source._fields}
    name = texts["name"] or texts["url"]
    return Source(name, texts["url"], texts["published"]) if name else None


def _text(value: Any) -> str | None:
    """Give a text without outer blanks, None for nothing."""
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 -- NaN is not itself
        return None
    return str(value).strip() or None
