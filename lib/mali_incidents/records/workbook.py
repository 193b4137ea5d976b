"""The first sheet of a workbook."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from itertools import repeat
from typing import Any, Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from mali_incidents.errors import ReadError
from mali_incidents.records.findings import Found
from mali_incidents.records.rows import Lost, Rows, cell_text, rows_of_lines

OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
"""How a file begins that is protected by a password, or of before 2007."""

# What openpyxl raises for what is no whole workbook.
_DAMAGED: Final = (
    zipfile.BadZipFile,
    InvalidFileException,
    AttributeError,
    IndexError,
    KeyError,
    SyntaxError,
    TypeError,
    ValueError,
)


def read_workbook(content: bytes) -> Rows:
    """Read the first sheet of a workbook, formulas as the values last calculated."""
    if content.startswith(OLE):
        raise ReadError(
            "is protected by a password or an old .xls: save it as .xlsx without a password"
        )
    try:
        sheets, lines = _first_sheet(content, data_only=True)
        if _has_formulas(content):
            _, formulas = _first_sheet(content, data_only=False)
        else:
            formulas = repeat(())
        table = rows_of_lines(
            [_cell(*pair) for pair in zip(cells, written or cells, strict=True)]
            for cells, written in zip(lines, formulas, strict=False)
        )
    except _DAMAGED as error:
        if isinstance(error, ReadError):
            raise
        raise ReadError("is not a workbook that can be opened: save it again as .xlsx") from error
    said = "not read: only the first sheet is"
    table.found.extend(Found("", name, "note", "not-read", said) for name in sheets[1:])
    return table


def _first_sheet(content: bytes, *, data_only: bool) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Open a workbook: the names of its sheets, and the lines of the first as they are read."""
    with warnings.catch_warnings():  # of styles and validations, which say nothing here
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only)
    sheet = book.worksheets[0]
    # Some programs write a size that is not the sheet's; rows beyond it would be lost.
    sheet.reset_dimensions()
    return [one.title for one in book.worksheets], sheet.iter_rows()


def _has_formulas(content: bytes) -> bool:
    """Tell whether a sheet of a workbook holds a formula."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(b"<f" in archive.read(name) for name in sheets)


def _cell(cell: Any, written: Any) -> str:
    """Write a cell's value as text; a formula without one is lost, but it may be an empty text."""
    if cell.value is None and written.value is not None and cell.data_type != "str":
        return Lost(getattr(written.value, "text", written.value))
    return cell_text(cell.value) or ""
