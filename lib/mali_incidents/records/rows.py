"""Rows of text: what every format of a file of records becomes before its cells are read."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import pandas as pd

from mali_incidents.errors import ReadError
from mali_incidents.records.fields import fold_word
from mali_incidents.records.findings import Findings, Found
from mali_incidents.storage import undefused

Row = dict[str, Any]
_EXACT: Final = 1e15  # every whole number below it is exact as a float
# Columns that stand together only in what this suite wrote.
_OWN_MARKS: Final = {"located_latitude", "located_longitude"}
_OWN_RESULT: Final = {"level", "method", "uncertainty_m"}


class Rows(NamedTuple):
    """A file's rows that say anything.

    Attributes
    ----------
    header : list of str
        The columns as the file writes them.
    numbers : list of int
        Each row's number in the file, the first row 1.
    rows : list of dict
        Each row's cells: text; only ``sources`` may be a list.
    found : list of Found
        What the file holds that no cell does.
    """

    header: list[str]
    numbers: list[int]
    rows: list[Row]
    found: Findings


class Lost(str):
    """A cell whose value the file does not hold; the text is what stands there instead."""

    __slots__ = ()


def is_own(names: Iterable[str]) -> bool:
    """Tell by the names of its columns whether this suite wrote a row after locating it."""
    held = set(names)
    return bool(held & _OWN_MARKS) or held >= _OWN_RESULT


def rows_of_lines(lines: Iterable[list[str]]) -> Rows:
    """Take the first line that says anything as the header; leave out lines that say nothing.

    In a table that this suite wrote, the apostrophe before a text like a formula is taken off.
    """
    said = iter(lines)
    first = next((line for line in said if any(cell.strip() for cell in line)), None)
    if first is None:
        raise ReadError("is empty: it must have a header and at least one row")
    header = [name.strip() for name in first]
    while header and not header[-1]:
        header.pop()
    table = Rows(header, [], [], [])
    own = is_own(header)
    for number, line in enumerate(said, start=1):
        if not any(cell.strip() for cell in line):
            continue
        table.found.extend(_not_read(header, line, at=len(table.rows)))
        cells = {
            name: undefused(cell) if own else cell
            for name, cell in zip(header, line, strict=False)
            if cell and name and not isinstance(cell, Lost)
        }
        table.rows.append(cells)
        table.numbers.append(number)
    return table


def _not_read(header: list[str], line: list[str], *, at: int) -> Findings:
    """List the cells of a line that stand under no name, and those whose value is lost."""
    nameless = [
        cell
        for number, cell in enumerate(line)
        if cell.strip() and (number >= len(header) or not header[number])
    ]
    said = "not read: it stands under no name of a column"
    found = [Found("", " | ".join(nameless), "warning", "not-read", said, at)] if nameless else []
    said = (
        "left missing: a formula that was never calculated; open the workbook in a spreadsheet "
        "and save it again"
    )
    return found + [
        Found(name, str(cell), "error", "not-calculated", said, at)
        for name, cell in zip(header, line, strict=False)
        if name and isinstance(cell, Lost)
    ]


def rows_of_objects(given: list[Row], *, header: list[str] | None = None) -> Rows:
    """Turn objects into rows of text; ``sources`` may stay a list."""
    if not given:
        raise ReadError("has no rows: it must hold at least one record")
    names = dict.fromkeys(str(name) for row in given for name in row)
    rows = []
    for record in given:
        cells = {
            str(name): value if _is_source_list(name, value) else cell_text(value)
            for name, value in record.items()
        }
        rows.append({name: value for name, value in cells.items() if value is not None})
    written = header or []
    added = [name for name in names if name not in written]
    return Rows(written + added, list(range(1, len(rows) + 1)), rows, [])


def _is_source_list(name: Any, value: Any) -> bool:
    """Tell the one cell that stays a list."""
    return isinstance(value, list) and fold_word(str(name)) == "sources"


def cell_text(value: Any) -> str | None:
    """Write any value as the text a person would type for it; None for nothing."""
    match value:
        case None | "":
            return None
        case dt.datetime() | dt.date():
            text = None if value is pd.NaT else value.isoformat()[:10]
        case float() if value.is_integer() and abs(value) < _EXACT:
            text = str(int(value))
        case float():
            text = None if value != value else str(value)  # noqa: PLR0124 -- NaN is not itself
        case list() | dict():
            text = json.dumps(value, ensure_ascii=False, default=str)
        case _:
            text = str(value)
    return text
