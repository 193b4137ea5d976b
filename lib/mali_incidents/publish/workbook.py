"""XLSX: the incidents as a sheet that a spreadsheet opens safely, and the codebook as another."""

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import openpyxl
import pandas as pd
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from mali_incidents.publish.archives import office_file
from mali_incidents.publish.codebook import codebook_rows
from mali_incidents.storage import defused

MOST_LETTERS: Final = 32767
"""How many characters a cell of a spreadsheet holds."""

_HEAD: Final = {
    "font": Font(bold=True, color="FFFFFF"),
    "fill": PatternFill("solid", fgColor="33475B"),
    "alignment": Alignment(vertical="center"),
}
# Widths in characters: of most columns, and of those that hold sentences.
_WIDTH: Final = 16
_WIDE: Final = 46
_SENTENCES: Final = ("summary", "location_text", "reason", "target", "actor", "incident_id")
_DAYS: Final = ("date_start", "date_end")


def write_workbook(flat: pd.DataFrame, draft: Path, *, lang: str = "en") -> None:
    """Write the sheets incidents and codebook.

    Parameters
    ----------
    flat : pandas.DataFrame
        What :func:`mali_incidents.publish.files.flat_table` gives.
    draft : pathlib.Path
        The file to write.
    lang : {"en", "fr"}
        The language of the codebook.

    Notes
    -----
    A text that would be a formula has an apostrophe before it, as in the CSV. A spreadsheet's cell
    holds 32,767 characters: a longer text is cut there and ends with "…"; it is whole in the CSV.
    """
    book = openpyxl.Workbook(write_only=True)
    plain = flat.astype("object").where(flat.notna(), None)
    for day in _DAYS:
        plain[day] = [None if cell is None else dt.date.fromisoformat(cell) for cell in plain[day]]
    widths = [_WIDE if name in _SENTENCES else _WIDTH for name in plain]
    rows = plain.itertuples(index=False, name=None)
    _write_sheet(book, "incidents", list(plain.columns), rows, widths=widths)
    head, *entries = codebook_rows(list(flat.columns), lang=lang)
    _write_sheet(book, "codebook", head, entries, widths=[24, 70, 34, 60])
    saved = io.BytesIO()
    book.save(saved)
    office_file(saved, draft)


def _write_sheet(
    book: openpyxl.Workbook,
    name: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    widths: Sequence[int],
) -> None:
    """Write a sheet whose first line stays in sight and can be filtered by."""
    sheet = book.create_sheet(name)
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "B2"
    cells = [WriteOnlyCell(sheet, _cell(title)) for title in head]
    for cell in cells:
        for part, look in _HEAD.items():
            setattr(cell, part, look)
    sheet.append(cells)
    lines = 1
    for row in rows:
        sheet.append([_cell(value) for value in row])
        lines += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{lines}"


def _cell(value: Any) -> Any:
    """Give a value as a cell can hold it."""
    if not isinstance(value, str):
        return value
    text = defused(ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value))
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"
