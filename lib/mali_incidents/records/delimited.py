"""Delimited text: its encoding, its delimiter, its quotation marks."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from mali_incidents.errors import ReadError
from mali_incidents.records.findings import Findings, Found
from mali_incidents.records.rows import Rows, rows_of_lines

_DELIMITERS: Final = ",;\t"
_LARGEST_CELL: Final = 10_000_000
_MARK: Final = b"\xef\xbb\xbf"
# A byte that could not be decoded, as Python's "surrogateescape" keeps it.
_BYTE: Final = re.compile("[\udc80-\udcff]")
# Excel writes the delimiter on a line of its own.
_SEP: Final = re.compile(r'"?sep=(.)"?(?:\r\n?|\n)', flags=re.IGNORECASE)
_LINE_END: Final = re.compile(r"\r\n?|\n")


def read_delimited(content: bytes) -> Rows:
    """Read comma-, semicolon- or tab-separated text."""
    text, found = _decoded(content)
    sep = _SEP.match(text)
    start = sep.end() if sep else 0
    header = _LINE_END.split(text[start:].lstrip("\r\n"), maxsplit=1)[0]
    # A delimiter inside quotation marks parts nothing.
    guess = max(_DELIMITERS, key=re.sub(r'"[^"]*"', "", header).count)
    delimiter = sep[1] if sep else guess
    table = rows_of_lines(_lines(text[start:], delimiter, first_line=2 if sep else 1))
    table.found.extend(found)
    _find_swallowed(table, delimiter)
    return _mended(table) if _BYTE.search(text) else table


def _decoded(content: bytes) -> tuple[str, Findings]:
    """Decode UTF-8, UTF-16 where marked, or Windows-1252 as spreadsheets write it.

    What is mostly UTF-8 stays UTF-8: a byte that does not fit is kept for :func:`_mended`.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return content.decode("utf-16"), []
        except UnicodeDecodeError as error:
            raise ReadError(f"breaks off or is damaged: {error.reason} in UTF-16") from error
    text = content.removeprefix(_MARK).decode("utf-8", "surrogateescape")
    bad = len(_BYTE.findall(text))
    good = len(re.findall(r"[^\x00-\x7f]", text)) - bad
    if bad <= good or content.startswith(_MARK):
        return text, []
    said = (
        f"read as Windows-1252, though {good} characters look like UTF-8: look at the accents, "
        "and save the file as CSV in UTF-8"
    )
    note = [Found("", "", "warning", "encoding", said)] if good else []
    return content.decode("cp1252", "surrogateescape"), note


def _lines(text: str, delimiter: str, *, first_line: int) -> Iterator[list[str]]:
    """Part text into lines of cells, and refuse quotation marks that leave it in doubt."""
    usual = csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begun = first_line
    try:
        for line in reader:
            yield line
            begun = first_line + reader.line_num
    except csv.Error as error:
        where = f"in the row that begins on line {begun}"
        if "limit" in str(error):
            raise ReadError(
                f"has a cell of more than {_LARGEST_CELL} characters {where}: is a quotation mark "
                "not closed there?"
            ) from error
        raise ReadError(
            f"has a quotation mark that is not closed, or text behind a closing one, {where}: "
            "rows would be lost. Close it; inside a quoted text write it twice."
        ) from error
    finally:
        # It holds for the whole process.
        csv.field_size_limit(usual)


def _find_swallowed(table: Rows, delimiter: str) -> None:
    """Find cells that hold lines like rows: a quotation mark may have been left open."""
    least = len(table.header) - 1
    said = "holds lines that look like rows: is a quotation mark before them not closed?"
    table.found.extend(
        Found(name, cell, "warning", "rows-in-a-cell", said, position)
        for position, row in enumerate(table.rows)
        for name, cell in row.items()
        if ("\n" in cell or "\r" in cell)
        and any(line.count(delimiter) >= least > 0 for line in _LINE_END.split(cell)[1:])
    )


def _mended(table: Rows) -> Rows:
    """Read the bytes that could not be decoded as Windows-1252, each found."""
    mended = [
        {_as_windows(name): _as_windows(cell) for name, cell in row.items()} for row in table.rows
    ]
    said = (
        "holds bytes that are no text in the file's encoding, read as Windows-1252 (\ufffd where "
        "that has no character): look at it, and save the file as CSV in UTF-8"
    )
    found = [one._replace(value=_as_windows(one.value)) for one in table.found]
    found += [
        Found(_as_windows(name), _as_windows(cell), "warning", "bad-bytes", said, position)
        for position, row in enumerate(table.rows)
        for name, cell in row.items()
        if _BYTE.search(cell)
    ]
    return Rows([_as_windows(name) for name in table.header], table.numbers, mended, found)


def _as_windows(text: str) -> str:
    """Read kept bytes as Windows-1252."""
    return _BYTE.sub(lambda kept: bytes([ord(kept[0]) - 0xDC00]).decode("cp1252", "replace"), text)
