"""Files of records as rows of text, whatever their format."""

import csv
import datetime as dt
import io
import json
import warnings
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
from openpyxl.utils.exceptions import InvalidFileException

from mali_incidents.errors import ReadError
from mali_incidents.records.fields import fold_word
from mali_incidents.storage import decoded

Row = dict[str, Any]
_EXACT: Final = 1e15  # every whole number below it is exact as a float
_OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")


def read_rows(path: str | Path) -> tuple[list[str], list[tuple[int, Row]]]:
    """Read a file of records as rows of text.

    Parameters
    ----------
    path : str or pathlib.Path
        A CSV (also ``;`` or tabs, UTF-8, UTF-16 with its mark, or Windows-1252), XLSX (its first
        sheet), JSON, GeoJSON or Parquet file.

    Returns
    -------
    columns : list of str
        The header as the file writes it.
    rows : list of (int, dict)
        For every row that says anything its number, first row 1, and its cells: text; only
        ``sources`` may be a list. Cells beyond the header stand under
        ``"cell beyond the header"``.

    Raises
    ------
    ReadError
        When the file is not there, empty, of another format, or damaged.
    """
    file = Path(path)
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        known = ", ".join(_READERS)
        raise ReadError(
            f"{file.name} must be a file of records ({known}), got {file.suffix or 'no ending'!r}"
        )
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ReadError(f"cannot read {path}: {error.strerror or error}") from error
    if not content.strip():
        raise ReadError(f"{file.name} is empty: it must have a header and at least one row")
    try:
        return reader(content)
    except ReadError as error:
        raise ReadError(f"{file.name} {error}") from error


def _read_csv(content: bytes) -> tuple[list[str], list[tuple[int, Row]]]:
    """Read delimited text."""
    if content.startswith((b"PK\x03\x04", _OLE)):
        raise ReadError("is a workbook, not text: give it its own ending, .xlsx")
    text = decoded(content)
    header = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    csv.field_size_limit(10_000_000)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise ReadError(f"is not a table of text: {error}. Save it as CSV in UTF-8.") from error
    return _table(lines)


def _read_xlsx(content: bytes) -> tuple[list[str], list[tuple[int, Row]]]:
    """Read the first sheet of a workbook, formulas as the values last calculated."""
    if content.startswith(_OLE):
        raise ReadError(
            "is protected by a password or an old .xls: save it as .xlsx without a password"
        )
    try:
        with warnings.catch_warnings():  # of styles and validations, which say nothing here
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        lines = [
            [_cell(value) or "" for value in row]
            for row in book.worksheets[0].iter_rows(values_only=True)
        ]
        book.close()
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        IndexError,
        SyntaxError,
    ) as error:
        raise ReadError("is not a workbook that can be opened: save it again as .xlsx") from error
    return _table(lines)


def _table(lines: Iterable[list[str]]) -> tuple[list[str], list[tuple[int, Row]]]:
    """Take the first line that says anything as the header; leave out lines that say nothing."""
    said = iter(lines)
    header = next((line for line in said if any(cell.strip() for cell in line)), None)
    if header is None:
        raise ReadError("is empty: it must have a header and at least one row")
    columns = [name.strip() for name in header]
    while columns and not columns[-1]:
        columns.pop()
    rows = []
    for number, line in enumerate(said, start=1):
        if not any(cell.strip() for cell in line):
            continue
        row: Row = {name: cell for name, cell in zip(columns, line, strict=False) if cell != ""}
        beyond = [cell for cell in line[len(columns) :] if cell.strip()]
        if beyond:
            row["cell beyond the header"] = " | ".join(beyond)
        rows.append((number, row))
    return columns, rows


def _read_json(content: bytes) -> tuple[list[str], list[tuple[int, Row]]]:
    """Read a list of objects, one under "incidents", or a GeoJSON FeatureCollection."""
    try:
        given = json.loads(content.decode("utf-8-sig"))
        if rb"\ud" in content.lower():  # half an escaped pair is no character: "?" stands for it
            whole = json.dumps(given, ensure_ascii=False).encode("utf-8", "replace")
            given = json.loads(whole)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise ReadError(f"is not JSON in UTF-8: {error}") from error
    if isinstance(given, dict) and given.get("type") == "FeatureCollection":
        features = given.get("features")
        given = [_from_feature(each) for each in features] if isinstance(features, list) else None
    elif isinstance(given, dict):
        given = given.get("incidents")
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        raise ReadError(
            'must hold a list of objects, an object with a list under "incidents", or a '
            "GeoJSON FeatureCollection"
        )
    return _records(given)


def _from_feature(feature: Any) -> Row:
    """Take a GeoJSON feature's properties, and its point where it has one."""
    if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
        raise ReadError("has a feature that is no GeoJSON feature with properties")
    row: Row = dict(feature.get("properties") or {})
    shape = feature.get("geometry")
    if isinstance(shape, dict) and shape.get("type") == "Point":
        position = shape.get("coordinates")
        if isinstance(position, list) and len(position) >= 2:
            for name, degrees in zip(("longitude", "latitude"), position, strict=False):
                row[name] = degrees if row.get(name) in {None, ""} else row[name]
    elif isinstance(shape, dict):
        row["geometry that is no point"] = str(shape.get("type"))
    return row


def _read_parquet(content: bytes) -> tuple[list[str], list[tuple[int, Row]]]:
    """Read a Parquet table, flat or with a list of sources."""
    try:
        table = pa.parquet.read_table(io.BytesIO(content))
        # Text travels as it is; a geometry column of GeoParquet is bytes and says nothing here.
        plain = [field.name for field in table.schema if not pa.types.is_binary(field.type)]
        return _records(table.select(plain).to_pylist())
    except (pa.ArrowException, OSError) as error:
        raise ReadError(f"is not a Parquet table that can be opened: {error}") from error


def _records(given: list[Row]) -> tuple[list[str], list[tuple[int, Row]]]:
    """Turn objects into rows of text; ``sources`` may stay a list."""
    columns = list(dict.fromkeys(str(name) for row in given for name in row))
    if not given:
        raise ReadError("has no rows: it must hold at least one record")
    rows = []
    for number, record in enumerate(given, start=1):
        cells = {
            str(name): value if _is_source_list(name, value) else _cell(value)
            for name, value in record.items()
        }
        rows.append((number, {name: value for name, value in cells.items() if value is not None}))
    return columns, rows


def _is_source_list(name: Any, value: Any) -> bool:
    """Tell the one cell that stays a list."""
    return isinstance(value, list) and fold_word(str(name)) == "sources"


def _cell(value: Any) -> str | None:
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


_READERS: Final[dict[str, Callable[[bytes], tuple[list[str], list[tuple[int, Row]]]]]] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".txt": _read_csv,
    ".xlsx": _read_xlsx,
    ".json": _read_json,
    ".geojson": _read_json,
    ".parquet": _read_parquet,
}
